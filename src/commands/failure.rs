//! Why a command was not done.

use std::fmt::Display;
use std::io;
use std::path::Path;
use std::process::ExitCode;

use casecap::experiment::plan::PlanError;
use casecap::output::folder::FolderError;
use casecap::output::page::error::PageError;
use casecap::output::store::error::StoreError;
use casecap::output::workbook::WorkbookError;
use casecap::scenario::document::Document;
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

/// Reads a scenario.
pub fn read(path: &Path) -> Result<Document, Failure> {
    Document::open(path).map_err(Failure::Scenario)
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
