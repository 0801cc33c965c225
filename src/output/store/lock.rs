//! One command at a time in a folder of results.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::output::store::disk;

/// The locked file in a workspace.
pub(super) const LOCK: &str = "lock";

/// A lock that its process holds; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    /// Nothing where the file system has no locks.
    _file: Option<File>,
    workspace: PathBuf,
}

/// Locks a workspace, which is made if it is missing.
///
/// * returns - nothing where another process holds it
///
/// # Errors
/// Those of the disk.
pub(super) fn lock(workspace: &Path) -> io::Result<Option<Lock>> {
    /// The holder may remove the workspace while it is being opened.
    const ATTEMPTS: usize = 50;
    for _ in 0..ATTEMPTS {
        match disk::make_folder(workspace) {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => is_ours(workspace)?,
            done => done?,
        }
        let path = workspace.join(LOCK);
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        let file = match options.open(&path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            file => file?,
        };
        let held = Lock {
            workspace: workspace.to_owned(),
            _file: None,
        };
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // Without locks, what stands in the folder is looked at again before it is replaced.
            Err(TryLockError::Error(_)) => return Ok(Some(held)),
            Ok(()) if is_same(&file, &path) => {
                return Ok(Some(Lock {
                    _file: Some(file),
                    ..held
                }));
            }
            // The holder has removed it and ended: the lock of a file without a name locks nothing.
            Ok(()) => {}
        }
    }
    Err(io::Error::other("the folder could not be locked"))
}

/// Refuses what has the name of a workspace and is something else.
fn is_ours(workspace: &Path) -> io::Result<()> {
    let about = match fs::symlink_metadata(workspace) {
        // Its holder has just removed it.
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        about => about?,
    };
    let is_locked = workspace.join(LOCK).is_file();
    let is_empty = || fs::read_dir(workspace).is_ok_and(|mut entries| entries.next().is_none());
    if about.is_dir() && (is_locked || is_empty()) {
        return Ok(());
    }
    let what = format!("{} is in the way", workspace.display());
    Err(io::Error::other(what))
}

/// Whether another process holds the lock of a workspace.
pub(super) fn is_held(workspace: &Path) -> bool {
    let file = File::open(workspace.join(LOCK));
    file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(own), Ok(there)) => (own.dev(), own.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_same(_: &File, path: &Path) -> bool {
    path.exists()
}

impl Lock {
    /// Removes the workspace, which must be empty but for the lock, and with it the lock.
    pub(super) fn release(self) {
        let _ = disk::remove_file(&self.workspace.join(LOCK));
        let _ = disk::remove_folder(&self.workspace);
    }
}
