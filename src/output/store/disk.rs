//! Every operation by which results change the disk.
//!
//! Tests can let the n-th operation of their thread fail, alone or with all later ones, as a kill would
//! ([`faults`](self) in test builds).

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

/// In tests of failures thousands of files are written, and a disk takes its time.
const IS_TEST: bool = cfg!(test);

/// What an operation does; a test may select which operations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operation {
    /// A folder or a file is created.
    Create,
    /// Bytes are written.
    Write,
    /// A file or a folder is brought to the disk.
    Sync,
    /// A name changes.
    Rename,
    /// Two folders change places.
    Exchange,
    /// A file gets a second name.
    Link,
    /// A file or an empty folder is removed.
    Remove,
}

/// A file of results that is being written.
#[derive(Debug)]
pub struct OutFile(File);

impl OutFile {
    /// Creates a file, or empties the one that is there.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn create(path: &Path) -> io::Result<OutFile> {
        before(Operation::Create)?;
        File::create(path).map(OutFile)
    }

    /// Brings the file to the disk itself.
    ///
    /// # Errors
    /// Those of the disk, some of which only show here.
    pub fn sync(&self) -> io::Result<()> {
        before(Operation::Sync)?;
        match IS_TEST {
            true => Ok(()),
            false => self.0.sync_all(),
        }
    }

    /// The file, for another thread to bring to the disk; counts as the operation of doing so.
    pub(in crate::output) fn into_syncing(self) -> io::Result<File> {
        before(Operation::Sync)?;
        Ok(self.0)
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Err(error) = before(Operation::Write) {
            // A write that fails may have taken a part.
            let part = bytes.get(..bytes.len() / 2).unwrap_or_default();
            let _ = self.0.write(part);
            return Err(error);
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Makes one folder.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    before(Operation::Create)?;
    fs::create_dir(path)
}

/// Makes a folder and those above it that are missing; one that is there is no error.
pub(super) fn make_folders(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(above) = path.parent().filter(|p| !p.as_os_str().is_empty()) {
        make_folders(above)?;
    }
    match make_folder(path) {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        done => done,
    }
}

/// Writes a file and brings it to the disk.
pub(super) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OutFile::create(path)?;
    file.write_all(bytes)?;
    file.sync()
}

/// Brings the names in a folder to the disk; does nothing on systems that do not open folders.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    before(Operation::Sync)?;
    if cfg!(unix) && !IS_TEST {
        return File::open(path)?.sync_all();
    }
    Ok(())
}

/// Renames a file or a folder; a file, or an empty folder, of that name is replaced.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    before(Operation::Rename)?;
    fs::rename(from, to)
}

/// Exchanges two folders of one file system in one step.
///
/// # Errors
/// [`io::ErrorKind::Unsupported`] on systems without such a step; those of the disk.
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    before(Operation::Exchange)?;
    exchange_now(one, other)
}

#[cfg(target_os = "linux")]
fn exchange_now(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange_now(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Gives a file a second name.
pub(super) fn link(from: &Path, to: &Path) -> io::Result<()> {
    before(Operation::Link)?;
    fs::hard_link(from, to)
}

/// Removes a file; one that is not there is no error.
pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    before(Operation::Remove)?;
    absent_is_fine(fs::remove_file(path))
}

/// Removes an empty folder; one that is not there is no error.
pub(super) fn remove_folder(path: &Path) -> io::Result<()> {
    before(Operation::Remove)?;
    absent_is_fine(fs::remove_dir(path))
}

/// Removes a file, or a folder with all that it holds; symbolic links are removed and not followed.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(e),
        Ok(about) if !about.is_dir() => return remove_file(path),
        Ok(_) => {}
    }
    for entry in fs::read_dir(path)? {
        remove_tree(&entry?.path())?;
    }
    remove_folder(path)
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Writes one file of a folder, complete or not at all; one of that name is replaced.
///
/// # Errors
/// Those of the disk; the earlier file is unchanged then.
pub fn replace_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let unfinished = path.with_file_name(format!(".{name}.unfinished"));
    let done = write(&unfinished, bytes).and_then(|()| rename(&unfinished, path));
    if done.is_err() {
        let _ = remove_file(&unfinished);
    }
    done
}

#[cfg(not(test))]
fn before(_: Operation) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
use faults::before;

/// Failures for tests: the n-th operation of this thread fails.
#[cfg(test)]
pub(in crate::output) mod faults {
    use std::cell::Cell;
    use std::io;

    use super::Operation;

    /// Which operations fail.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Fault {
        /// One operation.
        Once,
        /// It and every later one, as after a kill.
        Kill,
        /// It and every later rename and exchange; other operations succeed.
        Renames,
    }

    thread_local! {
        static PLAN: Cell<Option<(Fault, usize)>> = const { Cell::new(None) };
        static COUNT: Cell<usize> = const { Cell::new(0) };
        static MISSING: Cell<Option<Operation>> = const { Cell::new(None) };
    }

    /// Runs something on a file system that lacks an operation.
    pub(in crate::output::store) fn without<T>(
        operation: Option<Operation>,
        run: impl FnOnce() -> T,
    ) -> T {
        MISSING.set(operation);
        let done = run();
        MISSING.set(None);
        done
    }

    /// Runs something, with the n-th operation failing.
    ///
    /// * `at` - number of the operation, from 1
    /// * returns - what it returns, and how many operations were begun
    pub fn with<T>(fault: Fault, at: usize, run: impl FnOnce() -> T) -> (T, usize) {
        PLAN.set(Some((fault, at)));
        COUNT.set(0);
        let done = run();
        PLAN.set(None);
        (done, COUNT.get())
    }

    pub(in crate::output::store) fn before(operation: Operation) -> io::Result<()> {
        if MISSING.get() == Some(operation) {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let Some((fault, at)) = PLAN.get() else {
            return Ok(());
        };
        let is_rename = matches!(operation, Operation::Rename | Operation::Exchange);
        if fault == Fault::Renames && !is_rename {
            return Ok(());
        }
        let now = COUNT.get() + 1;
        COUNT.set(now);
        let fails = match fault {
            Fault::Once => now == at,
            Fault::Kill | Fault::Renames => now >= at,
        };
        match fails {
            true => Err(io::Error::other(format!("injected at {operation:?} {now}"))),
            false => Ok(()),
        }
    }
}
