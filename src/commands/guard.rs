//! What happens if the program itself fails: it says so, says what was kept, and ends with exit code 1.

use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use casecap::cli::args::Command;
use casecap::text::message;

use crate::commands::console::say;

/// Runs a command; a panic on any thread of it becomes a message and exit code 1.
pub fn caught(command: &Command, run: impl FnOnce() -> ExitCode) -> ExitCode {
    let first: Arc<Mutex<Option<String>>> = Arc::default();
    let seen = Arc::clone(&first);
    let usual = panic::take_hook();
    let is_traced = std::env::var_os("RUST_BACKTRACE").is_some_and(|v| v != "0");
    panic::set_hook(Box::new(move |info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied());
        let what = text.unwrap_or("no reason was given");
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let words = message(&format!("{what}, at {place}"));
        seen.lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert(words);
        if is_traced {
            usual(info);
        }
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    result.unwrap_or_else(|_| {
        let words = first.lock().unwrap_or_else(PoisonError::into_inner).take();
        let words = words.unwrap_or_else(|| "no reason was given".to_owned());
        say(|out| {
            writeln!(out, "error: casecap itself failed: {words}")?;
            writeln!(out, "  {}", kept(command))?;
            writeln!(
                out,
                "  this is a fault of the program, not of your input: please report it with this message, the command and \
                 the scenario; with RUST_BACKTRACE=1 before the command it says more"
            )
        });
        ExitCode::FAILURE
    })
}

/// What is kept of a command that failed half-way.
fn kept(command: &Command) -> &'static str {
    match command {
        Command::Sweep(_) | Command::Merge(_) => {
            "the blocks that were finished are kept: the same command with --resume goes on with them"
        }
        Command::Run(_)
        | Command::Compare(_)
        | Command::Explain(_)
        | Command::Guideline(_)
        | Command::Sensitivity(_)
        | Command::Report(_)
        | Command::Evidence(_)
        | Command::Workbook(_) => {
            "nothing that was unfinished was added to the results folder; `casecap verify` says whether what it holds is whole"
        }
        Command::Verify(_)
        | Command::Status(_)
        | Command::Check(_)
        | Command::Validate(_)
        | Command::Metrics(_)
        | Command::Keys
        | Command::Schema
        | Command::New { .. }
        | Command::Completions { .. } => "nothing was changed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_ends_with_exit_code_1() {
        let code = caught(&Command::Keys, || panic!("on purpose"));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
        let code = caught(&Command::Keys, || ExitCode::SUCCESS);
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::SUCCESS));
        let _ = panic::take_hook();
    }
}
