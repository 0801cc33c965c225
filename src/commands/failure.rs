//! Why a command was not done.

use std::fmt::Display;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use casecap::experiment::plan::PlanError;
use casecap::output::folder::FolderError;
use casecap::output::page::error::PageError;
use casecap::output::store::error::StoreError;
use casecap::output::workbook::WorkbookError;
use casecap::scenario::document::Document;
use casecap::scenario::file::{Access, LARGEST, text_of};
use casecap::scenario::problem::Problems;

/// Why a command was not done.
pub enum Failure {
    /// The scenario is wrong: every problem, with its place.
    Scenario(Problems),
    /// A flag or a path is wrong.
    Input(String),
    /// Something failed on the way.
    Running(String),
    /// What was to be printed could not be.
    Print(io::Error),
}

/// What a command comes to.
pub type Done = Result<ExitCode, Failure>;

/// A folder that cannot be written to.
pub fn unwritable(folder: &Path, error: &io::Error) -> Failure {
    Failure::Running(format!(
        "{} cannot be written to: {error}",
        folder.display()
    ))
}

/// An error of a flag: what is wrong, and what to do.
pub fn told(place: &str) -> impl Fn((String, String)) -> Failure + '_ {
    move |(what, remedy)| Failure::Input(format!("{place}: {what}\n  {remedy}"))
}

/// Reads a scenario; `-` is standard input.
///
/// * `data_dirs` - folders in which files may lie that it names
pub fn read(path: &Path, data_dirs: &[PathBuf]) -> Result<Document, Failure> {
    let access = Access::to(data_dirs);
    if path.as_os_str() != "-" {
        return Document::open_with(path, &access).map_err(Failure::Scenario);
    }
    let unreadable = |why: &str| {
        Failure::Input(format!(
            "the scenario cannot be read from standard input: {why}\n  \
             give it as: casecap check - < my-team.toml"
        ))
    };
    let mut bytes = Vec::new();
    let mut input = io::stdin().lock().take(LARGEST + 1);
    input
        .read_to_end(&mut bytes)
        .map_err(|e| unreadable(&e.to_string()))?;
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable("it is larger than 64 MiB"));
    }
    let text = text_of(bytes).map_err(|unread| unreadable(&unread.why))?;
    Document::parse_with("standard-input", text, &access).map_err(Failure::Scenario)
}

impl Failure {
    /// Another path or flag would do, or the work itself failed.
    fn of(error: &dyn Display, is_input: bool) -> Failure {
        match is_input {
            true => Failure::Input(error.to_string()),
            false => Failure::Running(error.to_string()),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Failure {
        Failure::of(&error, true)
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}

impl From<WorkbookError> for Failure {
    fn from(error: WorkbookError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}
