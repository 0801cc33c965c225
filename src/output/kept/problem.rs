//! What may be wrong with a results folder, and what to do about it.

use std::fmt;
use std::path::PathBuf;

use crate::output::csv::sheet::Malformed;
use crate::output::manifest::{MANIFEST, shell_word};
use crate::output::seal::Seal;

/// What a folder of `casecap sweep` holds.
pub const SWEEP: &str = "sweep";
/// What a folder of `casecap guideline` holds.
pub const GUIDELINE: &str = "guideline";
/// What a folder of `casecap sensitivity` holds.
pub const SENSITIVITY: &str = "sensitivity";

/// What is wrong with one file of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The manifest names it and it is not there.
    Missing(String),
    /// It cannot be read.
    Unreadable(String, String),
    /// It is not the file that the run wrote.
    Changed(String),
    /// The manifest's name of it is no name of a file in the folder.
    Name(String),
    /// The manifest does not hold its own hash: it was changed, or an earlier version wrote it without one.
    Seal(Seal),
    /// It does not say what it should.
    Malformed(Malformed),
    /// It says nothing of a policy that the manifest names.
    NoPolicy(String, String),
}

impl Trouble {
    /// The file that it is about.
    pub fn file(&self) -> &str {
        match self {
            Trouble::Missing(file)
            | Trouble::Unreadable(file, _)
            | Trouble::Changed(file)
            | Trouble::Name(file)
            | Trouble::NoPolicy(file, _) => file,
            Trouble::Malformed(malformed) => &malformed.file,
            Trouble::Seal(_) => MANIFEST,
        }
    }
}

impl From<Malformed> for Trouble {
    fn from(malformed: Malformed) -> Trouble {
        Trouble::Malformed(malformed)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Missing(file) => write!(f, "{file} is not there"),
            Trouble::Unreadable(file, why) => write!(f, "{file} cannot be read: {why}"),
            Trouble::Changed(file) => write!(
                f,
                "{file} is not as the run wrote it: its hash differs from the one in {MANIFEST}"
            ),
            Trouble::Name(file) => {
                write!(
                    f,
                    "{MANIFEST} names {file:?}, which is no file of this folder"
                )
            }
            Trouble::Seal(Seal::Absent) => write!(
                f,
                "{MANIFEST} has no hash of itself: it was changed, or an earlier version of casecap wrote it"
            ),
            Trouble::Seal(_) => write!(
                f,
                "{MANIFEST} is not as casecap wrote it: its hash differs from the one at its end"
            ),
            Trouble::Malformed(malformed) => write!(f, "{malformed}"),
            Trouble::NoPolicy(file, policy) => {
                write!(f, "{file} says nothing of policy {policy:?}")
            }
        }
    }
}

/// Why a folder cannot be read as results.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeptError {
    /// There is no such folder.
    NoFolder(PathBuf),
    /// It holds no manifest.
    NoManifest(PathBuf),
    /// The manifest cannot be read.
    Manifest(PathBuf, String),
    /// It holds what another command made: a sweep or a guideline.
    Other(PathBuf, &'static str),
    /// A newer version wrote it.
    Newer(PathBuf, String),
    /// Files are missing, changed or wrong.
    Files {
        /// The folder.
        folder: PathBuf,
        /// The command that makes them anew.
        command: String,
        /// Each of them.
        troubles: Vec<Trouble>,
    },
}

impl fmt::Display for KeptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeptError::NoFolder(path) => write!(
                f,
                "{} is no folder\n  name the folder that a run, compare or explain has written to",
                path.display()
            ),
            KeptError::NoManifest(path) => write!(
                f,
                "{} holds no results: there is no {MANIFEST} in it\n  \
                 name the folder that a run, compare or explain has written to",
                path.display()
            ),
            KeptError::Manifest(path, why) => write!(
                f,
                "{} cannot be read: {why}\n  run the scenario again into another folder",
                path.display()
            ),
            KeptError::Other(path, what) => write!(
                f,
                "{} holds a {what}{}, and this is for the results of run, compare and explain\n  {}",
                path.display(),
                if *what == SENSITIVITY {
                    " analysis"
                } else {
                    ""
                },
                match *what {
                    SENSITIVITY =>
                        "its page is sensitivity.html, and sensitivity.csv has its numbers",
                    SWEEP => "casecap report makes the page of a sweep; sweep.csv has its numbers",
                    _ =>
                        "its page is guideline.html, its statement statement.txt; casecap evidence makes its pack",
                }
            ),
            KeptError::Newer(path, version) => write!(
                f,
                "{} was written by casecap {version}, and this is {}\n  use that version, or a newer one",
                path.display(),
                env!("CARGO_PKG_VERSION")
            ),
            KeptError::Files {
                folder,
                command,
                troubles,
            } => {
                write!(
                    f,
                    "{} does not hold all results as they were written:",
                    folder.display()
                )?;
                for trouble in troubles {
                    write!(f, "\n  {trouble}")?;
                }
                write!(
                    f,
                    "\n  put back the files as casecap wrote them (a report, workbook or evidence pack may be moved away \
                     instead), or make them anew:\n    {command} --out {} --force",
                    shell_word(&folder.to_string_lossy())
                )
            }
        }
    }
}

impl std::error::Error for KeptError {}
