//! What helps to write a scenario and a command: `check`, `new`, `keys`, `schema`, `metrics`, `completions`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;

use casecap::cli::args::{Args, Check, Format, Metrics};
use casecap::output::manifest::shell_word;
use casecap::output::{check as checked, metrics as catalogue};
use casecap::scenario::reference::reference;
use casecap::scenario::schema::json_schema;
use casecap::scenario::starter::starter;

use crate::commands::console::{is_colored, most, print, width};
use crate::commands::failure::{Done, Failure, read};

/// Says what a scenario is, and what is odd about it.
///
/// * `is_all` - whether every warning is printed
pub fn check(args: &Check, is_all: bool) -> Done {
    let document = read(&args.scenario, &args.data_dir)?;
    let color = is_colored(&io::stdout());
    print(|out| {
        checked::report(out, &document, color, most(is_all), "--all prints all")?;
        if args.evidence {
            checked::evidence(out, &document, width())?;
        }
        Ok(())
    })
}

/// Lists what can be measured.
pub fn metrics(args: &Metrics) -> Done {
    print(|out| match args.format {
        Format::Table => catalogue::table(out),
        Format::Csv => catalogue::csv(out),
    })
}

/// Lists the keys of a scenario file.
pub fn keys() -> Done {
    print(|out| out.write_all(reference().as_bytes()))
}

/// Prints the schema by which editors check a scenario file.
pub fn schema() -> Done {
    let text = serde_json::to_string_pretty(&json_schema())
        .map_err(|e| Failure::Running(e.to_string()))?;
    print(|out| writeln!(out, "{text}"))
}

/// Writes a scenario to begin with.
pub fn begin(file: &Path) -> Done {
    let shown = file.display();
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::Input(format!("{shown} is there already, and is left alone"))
            }
            io::ErrorKind::NotFound => {
                let folder = file.parent().unwrap_or(file).display();
                Failure::Input(format!(
                    "there is no folder {folder}\n  make it first, or name a file in another folder"
                ))
            }
            _ => Failure::Input(format!("{shown} cannot be written: {e}")),
        })?;
    new.write_all(starter().as_bytes())
        .map_err(|e| Failure::Running(format!("{shown} could not be written: {e}")))?;
    let path = shell_word(&file.to_string_lossy());
    print(|out| writeln!(out, "Written. Now: casecap check {path}"))
}

/// Prints what a shell completes by.
pub fn complete(shell: clap_complete::Shell) -> Done {
    // Into memory first: the generator does not report a closed pipe, it panics.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "casecap", &mut text);
    print(|out| out.write_all(&text))
}
