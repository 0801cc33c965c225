//! The person at the terminal: what is said, printed and asked.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casecap::output::asked::Refused;
use casecap::output::manifest::shell_word;
use casecap::output::store::recovery::Recovered;

use crate::commands::failure::{Done, Failure, unwritable};

/// Longest that a command begins unasked [s].
pub const DAY: f64 = 86_400.0;
/// Time for the measurement by which a command says how long it will take [s].
pub const PILOT: f64 = 0.6;

/// The command that was typed, as a shell takes it.
pub fn as_typed() -> String {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| shell_word(&word.to_string_lossy()));
    let words: Vec<String> = std::iter::once("casecap".to_owned()).chain(words).collect();
    words.join(" ")
}

/// Becomes true at Ctrl-C or when the system asks the program to end; the second time it ends at once.
pub fn stopped_by_signals() -> Result<Arc<AtomicBool>, Failure> {
    /// By convention 128 and the number of the signal.
    const INTERRUPTED: i32 = 130;
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if told.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    })
    .map_err(|e| Failure::Running(format!("Ctrl-C cannot be listened for: {e}")))?;
    Ok(stop)
}

/// Words beside the results. Where nobody can hear them, the work goes on.
pub fn say(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let _ = write(&mut io::stderr());
}

/// Prints through one buffer, and notices what a full disk or a closed pipe swallowed.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Done {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Print)?;
    Ok(ExitCode::SUCCESS)
}

/// Width of the terminal, never narrower than a definition can be read in [characters].
pub fn width() -> u16 {
    const NARROWEST: u16 = 100;
    /// In a pipe.
    const PAPER: u16 = 130;
    terminal_size::terminal_size().map_or(PAPER, |(width, _)| width.0.max(NARROWEST))
}

/// Colours are for people at a terminal who have not asked for none (no-color.org).
pub fn is_colored(stream: &impl IsTerminal) -> bool {
    let asked_for_none = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    stream.is_terminal() && !asked_for_none && !is_dumb
}

/// Says what was done with the traces of a command that was killed.
pub fn say_recovered(folder: &Path, recovered: Option<Recovered>) {
    let shown = folder.display();
    match recovered {
        None => {}
        Some(Recovered::Removed) => say(|out| {
            writeln!(
                out,
                "note: removed what a command that was killed had left of {shown}; its results are complete"
            )
        }),
        Some(Recovered::Completed) => say(|out| {
            writeln!(
                out,
                "note: completed the results in {shown}, which a command that was killed had begun to move there"
            )
        }),
    }
}

/// Says where results are that were to go to a folder which somebody changed meanwhile.
///
/// * returns - how the command ends
pub fn ended(folder: &Path, published: &Path, is_beside: bool) -> ExitCode {
    if !is_beside {
        return ExitCode::SUCCESS;
    }
    say(|out| {
        writeln!(
            out,
            "error: {} was changed while this command was at work, and is left as it is\n  the new results are in {}",
            folder.display(),
            published.display()
        )
    });
    ExitCode::FAILURE
}

/// Why the answer to a question may not be written to a folder.
pub fn refused(folder: &Path, error: Refused) -> Failure {
    match error {
        Refused::Other(words) => Failure::Input(format!("{words}\n    {} --force", as_typed())),
        Refused::Foreign(words) => Failure::Input(words),
        Refused::Disk(error) => unwritable(folder, &error),
        Refused::Store(error) => error.into(),
    }
}

/// Says what went wrong, and ends the program accordingly.
pub fn told_of(failure: Failure) -> ExitCode {
    let (words, code) = match failure {
        // Whoever read our output has had enough of it: that is no failure.
        Failure::Print(e) if e.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Failure::Print(e) => (format!("error: the output could not be printed: {e}\n"), 1),
        Failure::Scenario(problems) => (problems.render(is_colored(&io::stderr())), 2),
        Failure::Input(words) => (format!("error: {words}\n"), 2),
        Failure::Running(words) => (format!("error: {words}\n"), 1),
    };
    say(|out| out.write_all(words.as_bytes()));
    ExitCode::from(code)
}
