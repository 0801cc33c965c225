//! The arguments as typed, before anything else looks at them.

use std::ffi::OsStr;
use std::io;
use std::process::ExitCode;

use clap::Parser;

use casecap::cli::args::Args;
use casecap::text::{brief, unfit};

use crate::commands::console::{is_colored, print, say};

/// Reads the arguments.
///
/// # Errors
/// The exit code, where they cannot be read, or ask for help or the version: all that is to be said has been said.
pub fn arguments() -> Result<Args, ExitCode> {
    if let Some(words) = std::env::args_os()
        .skip(1)
        .find_map(|word| unfit_argument(&word))
    {
        say(|out| writeln!(out, "error: {words}"));
        return Err(ExitCode::from(2));
    }
    Args::try_parse().map_err(|error| {
        let rendered = error.render();
        let code = u8::try_from(error.exit_code()).unwrap_or(2);
        if error.use_stderr() {
            let text = match is_colored(&io::stderr()) {
                true => rendered.ansi().to_string(),
                false => rendered.to_string(),
            };
            say(|out| write!(out, "{text}"));
            return ExitCode::from(code);
        }
        let text = match is_colored(&io::stdout()) {
            true => rendered.ansi().to_string(),
            false => rendered.to_string(),
        };
        match print(|out| write!(out, "{text}")) {
            Ok(_) => ExitCode::from(code),
            Err(failure) => crate::commands::console::told_of(failure, false),
        }
    })
}

/// What is wrong with an argument that holds a line break or another control character: it could pass for a message of
/// this program wherever it is repeated.
fn unfit_argument(word: &OsStr) -> Option<String> {
    let word = word.to_string_lossy();
    let (c, kind) = word
        .chars()
        .filter(|c| c.is_control())
        .find_map(|c| Some((c, unfit(c)?)))?;
    Some(format!(
        "the argument \"{}\" holds {kind}, {}\n  type it again without it; a file of such a name must be renamed first",
        brief(&word),
        c.escape_unicode()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_argument_with_a_control_character_is_refused_and_shown_escaped() {
        for word in ["x\u{1b}[31m", "a\nerror: forged", "a\u{9b}m", "\t"] {
            let words = unfit_argument(OsStr::new(word)).unwrap();
            assert!(words.contains("control character"), "{words}");
            assert_eq!(words.lines().count(), 2, "{words}");
            assert!(!words.contains('\u{1b}'));
        }
        for word in ["limit.value=10:24", "früh.toml", ""] {
            assert_eq!(unfit_argument(OsStr::new(word)), None, "{word}");
        }
    }
}
