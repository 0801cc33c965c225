//! Files that are added to finished results.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::output::manifest::MANIFEST;
use crate::output::seal::with_added;
use crate::output::store::error::StoreError;
use crate::output::store::place::Place;

/// A file to be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addition {
    /// Its name below the folder, with `/` between parts.
    pub name: String,
    /// All of it.
    pub bytes: Vec<u8>,
    /// False for a file that a person goes on writing: it has no hash in the manifest.
    pub is_listed: bool,
}

impl Addition {
    /// A file with a hash in the manifest.
    pub fn listed(name: &str, bytes: impl Into<Vec<u8>>) -> Addition {
        Addition {
            name: name.to_owned(),
            bytes: bytes.into(),
            is_listed: true,
        }
    }
}

/// Adds one file to finished results and to their manifest, in place of one of that name.
///
/// # Errors
/// As [`add`].
pub fn add_one(
    folder: &Path,
    manifest: &[u8],
    name: &str,
    bytes: impl Into<Vec<u8>>,
) -> Result<PathBuf, StoreError> {
    let file = Addition::listed(name, bytes);
    add(folder, manifest, &[file], |earlier| earlier == name)?;
    Ok(folder.join(name))
}

/// Adds files to finished results and to their manifest, all at once. A file, or a folder, of the same name at the top
/// is replaced.
///
/// * `manifest` - the manifest from which the files were made
/// * `is_replaced` - of a name in the manifest's list of added files: true where these take its place
///
/// # Errors
/// [`StoreError`]: nothing was changed then. The results are no longer those of the manifest.
pub fn add(
    folder: &Path,
    manifest: &[u8],
    files: &[Addition],
    is_replaced: impl Fn(&str) -> bool,
) -> Result<(), StoreError> {
    let failed = |error| StoreError::Write(folder.to_owned(), error);
    let place = Place::open(folder)?;
    if fs::read(folder.join(MANIFEST)).map_err(failed)? != manifest {
        let what = "another command has replaced the results meanwhile";
        return Err(failed(io::Error::other(what)));
    }
    let mut written = Vec::new();
    for file in files {
        let one = place.write(&file.name, &file.bytes).map_err(failed)?;
        written.extend(file.is_listed.then_some(one));
    }
    let text = with_added(manifest, &written, is_replaced).map_err(failed)?;
    place.write(MANIFEST, &text).map_err(failed)?;
    let published = place.publish(|_| false)?;
    match published.is_beside {
        false => Ok(()),
        true => Err(failed(io::Error::other(format!(
            "somebody changed them meanwhile; what was made is in {}",
            published.folder.display()
        )))),
    }
}
