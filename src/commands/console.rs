//! The person at the terminal: what is said, printed and asked.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use casecap::output::asked::Refused;
use casecap::output::manifest::{scenario_word, shell_word};
use casecap::output::store::recovery::Recovered;
use casecap::scenario::file::OUTSIDE;
use casecap::text::printable;

use crate::commands::failure::{Done, Failure, unwritable};

/// Longest that a command begins unasked [s].
pub const DAY: f64 = 86_400.0;
/// Shortest time that is told before a run begins [s].
pub const TOLD: f64 = 10.0;
/// Time for the measurement by which a command says how long it will take [s].
pub const PILOT: f64 = 0.6;

/// The command that was typed, as a shell takes it.
pub fn as_typed() -> String {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| shell_word(&word.to_string_lossy()));
    let words: Vec<String> = std::iter::once("casecap".to_owned()).chain(words).collect();
    words.join(" ")
}

/// The flags that allow further folders, in a command that anybody may repeat: their names, without the folders that they
/// lie in at whoever typed it.
pub fn data_dirs(folders: &[PathBuf]) -> Vec<String> {
    let words = folders.iter().map(|folder| scenario_word(folder));
    words.map(|word| format!("--data-dir {word}")).collect()
}

/// Becomes true at Ctrl-C or when the system asks the program to end, which is said at once; the second time the program
/// ends there and then.
pub fn stopped_by_signals() -> Result<Arc<AtomicBool>, Failure> {
    /// By convention 128 and the number of the signal.
    const INTERRUPTED: i32 = 130;
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if told.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
        say(|out| {
            writeln!(
                out,
                "\nstopping: what is complete is kept; a second signal ends the program at once"
            )
        });
    })
    .map_err(|e| Failure::Running(format!("Ctrl-C cannot be listened for: {e}")))?;
    Ok(stop)
}

/// Problems of a kind that are printed; the rest are counted.
const PROBLEMS: usize = 20;

/// How many problems of a kind are printed.
///
/// * `is_all` - whether `--all` was typed
pub fn most(is_all: bool) -> usize {
    match is_all {
        true => usize::MAX,
        false => PROBLEMS,
    }
}

/// Words beside the results. Where nobody can hear them, the work goes on.
pub fn say(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let mut words = Vec::new();
    // Writing to memory does not fail.
    let _ = write(&mut words);
    let text = shown(&words, is_colored(&io::stderr()));
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Prints all at once, and notices what a full disk or a closed pipe swallowed.
pub fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Done {
    let mut words = Vec::new();
    write(&mut words).map_err(Failure::Print)?;
    let text = shown(&words, is_colored(&io::stdout()));
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Failure::Print)?;
    Ok(ExitCode::SUCCESS)
}

/// Everything that this program prints goes through here: what others wrote moves no cursor and changes no colour.
fn shown(words: &[u8], has_styles: bool) -> String {
    printable(&String::from_utf8_lossy(words), has_styles)
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
///
/// * `is_all` - whether every problem of a scenario is printed
pub fn told_of(failure: Failure, is_all: bool) -> ExitCode {
    let (words, code) = match failure {
        // Whoever read our output has had enough of it: that is no failure.
        Failure::Print(e) if e.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Failure::Print(e) => (format!("error: the output could not be printed: {e}\n"), 1),
        Failure::Scenario(problems) => {
            let most = most(is_all);
            let mut words = problems.render_first(is_colored(&io::stderr()), most);
            if let Some(left) = problems.left_out(most) {
                words.push_str(&format!("\nand {left}; --all prints all\n"));
            }
            if problems.iter().any(|problem| problem.remedy == OUTSIDE) {
                words.push_str("\n--data-dir DIR allows a folder and all below it\n");
            }
            (words, 2)
        }
        Failure::Input(words) => (format!("error: {words}\n"), 2),
        Failure::Running(words) => (format!("error: {words}\n"), 1),
    };
    say(|out| out.write_all(words.as_bytes()));
    ExitCode::from(code)
}
