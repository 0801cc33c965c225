//! Why a page that is made of a finished folder is not there.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::output::chart::canvas::DrawError;
use crate::output::kept::problem::KeptError;
use crate::output::store::error::StoreError;

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// The folder is no whole results.
    Kept(KeptError),
    /// The folder is no whole sweep, in words.
    Sweep(String),
    /// What a person wrote beside it is wrong, in words.
    Answers(String),
    /// In its place stands something that this program did not write.
    Foreign(PathBuf),
    /// A chart could not be drawn.
    Draw(DrawError),
    /// Something that it is made of could not be read.
    Read(PathBuf, io::Error),
    /// It could not be stored.
    Store(StoreError),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PageError::Kept(error) => write!(f, "{error}"),
            PageError::Sweep(error) | PageError::Answers(error) => write!(f, "{error}"),
            PageError::Foreign(path) => write!(
                f,
                "{} is there already, and casecap did not write it\n  move it away, or give it another name",
                path.display()
            ),
            PageError::Draw(error) => write!(f, "{error}"),
            PageError::Read(path, error) => {
                write!(f, "{} could not be read: {error}", path.display())
            }
            PageError::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for PageError {}

impl PageError {
    /// True where another folder or file would do, false where the work itself failed.
    pub fn is_input(&self) -> bool {
        match self {
            PageError::Kept(_)
            | PageError::Sweep(_)
            | PageError::Answers(_)
            | PageError::Foreign(_) => true,
            PageError::Draw(_) | PageError::Read(..) => false,
            PageError::Store(error) => error.is_input(),
        }
    }
}
