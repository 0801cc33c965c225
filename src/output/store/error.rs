//! Why results cannot be stored.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Why results cannot be stored. The earlier results are unchanged, but for [`StoreError::Unfinished`].
#[derive(Debug)]
pub enum StoreError {
    /// The path, or a part of it, is a file.
    NoFolder(PathBuf),
    /// The folder cannot be made or written to.
    Unwritable(PathBuf, io::Error),
    /// Another casecap is writing results to the folder.
    Busy(PathBuf),
    /// In the place of a new file stands one that casecap did not write.
    Foreign(PathBuf),
    /// The results could not be written.
    Write(PathBuf, io::Error),
    /// The new results are complete in a folder of their own, and not all of them could be moved to their place.
    Unfinished {
        /// The folder of results.
        path: PathBuf,
        /// Where the new results are.
        ready: PathBuf,
        /// What failed.
        error: io::Error,
    },
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::NoFolder(path) => write!(
                f,
                "{} is a file, and results need a folder\n  name another folder",
                path.display()
            ),
            StoreError::Unwritable(path, error) => write!(
                f,
                "results cannot be written to {}: {error}\n  name another folder",
                path.display()
            ),
            StoreError::Busy(path) => write!(
                f,
                "another casecap is writing results to {}\n  wait until it has ended, or name another folder",
                path.display()
            ),
            StoreError::Foreign(path) => write!(
                f,
                "{} is there already, and casecap did not write it\n  move it away, or give it another name",
                path.display()
            ),
            StoreError::Write(path, error) => write!(
                f,
                "the results could not be written to {}: {error}\n  the earlier results there are unchanged",
                path.display()
            ),
            StoreError::Unfinished { path, ready, error } => write!(
                f,
                "the results could not all be moved to {}: {error}\n  they are complete in {}, and the next casecap \
                 command that reads or writes {} moves the rest",
                path.display(),
                ready.display(),
                path.display()
            ),
        }
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// True where another path or a later attempt would do, false where the work itself failed.
    pub fn is_input(&self) -> bool {
        !matches!(self, StoreError::Write(..) | StoreError::Unfinished { .. })
    }
}
