//! A folder of results that one command writes to.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::output::manifest::Written;
use crate::output::store::disk::{self, OutFile};
use crate::output::store::error::StoreError;
use crate::output::store::hashed::{Hashed, Syncing, hexadecimal};
use crate::output::store::lock::{self, Lock};
use crate::output::store::recovery::{Recovered, clear, finish_move};

/// The workspace inside a folder of results, where it cannot stand beside it.
pub(super) const INSIDE: &str = ".casecap";
/// In a workspace: new files on their way.
pub(super) const NEW: &str = "new";
/// In a workspace: new files that are complete; after an exchange the earlier ones.
pub(super) const READY: &str = "ready";
/// In a workspace: the [`Record`].
pub(super) const RECORD: &str = "record.json";
/// In a workspace: what is written to find out what the file system can do.
pub(super) const PROBES: [&str; 3] = ["probe", "probe-a", "probe-b"];
/// Bytes that are written and removed before a command begins its work, so that a full disk shows before it.
const PROBE_BYTES: usize = 1 << 16;
/// Files that are carried over by a second name at most; a folder that holds more is changed file by file.
const CARRIED_MAX: usize = 10_000;

/// What a replacement changes, written before it begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    /// Names that are new in the folder.
    pub names: BTreeSet<String>,
    /// Names that go.
    pub dropped: BTreeSet<String>,
}

/// Where a command's results went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The folder that holds them.
    pub folder: PathBuf,
    /// True where they are beside the folder that was asked for, because something changed in it meanwhile.
    pub is_beside: bool,
}

/// What tells one state of a file from another.
type Stamp = (bool, u64, Option<SystemTime>);

/// A folder of results, locked for one command, that new files are made for.
///
/// Dropped without [`Place::publish`], it leaves no trace.
#[derive(Debug)]
pub struct Place {
    /// As the caller names it.
    shown: PathBuf,
    /// The folder itself, without symbolic links.
    target: PathBuf,
    workspace: PathBuf,
    lock: Option<Lock>,
    /// Folders made above it, outermost first.
    made: Vec<PathBuf>,
    /// What it held when it was opened.
    before: BTreeMap<OsString, Stamp>,
    recovered: Option<Recovered>,
    syncing: Arc<Syncing>,
}

impl Place {
    /// Locks a folder, which need not exist yet, and makes sure that results can be written there.
    ///
    /// What a killed command left behind is completed or removed first; [`Place::recovered`] says which.
    ///
    /// # Errors
    /// [`StoreError`]: nothing was changed then.
    pub fn open(path: &Path) -> Result<Place, StoreError> {
        if path.exists() && !path.is_dir() {
            return Err(StoreError::NoFolder(path.to_owned()));
        }
        let unwritable = |error| StoreError::Unwritable(path.to_owned(), error);
        let made = missing_above(path)?;
        let mut place = Place {
            shown: path.to_owned(),
            target: PathBuf::new(),
            workspace: PathBuf::new(),
            lock: None,
            made,
            before: BTreeMap::new(),
            recovered: None,
            syncing: Arc::default(),
        };
        if let Some(above) = place.made.last() {
            disk::make_folders(above).map_err(unwritable)?;
        }
        place.target = real(path).map_err(unwritable)?;
        if fs::metadata(&place.target).is_ok_and(|about| about.permissions().readonly()) {
            return Err(unwritable(io::ErrorKind::PermissionDenied.into()));
        }
        place.settle()?;
        place.probe().map_err(unwritable)?;
        place.before = stamps(&place.target).map_err(unwritable)?;
        disk::make_folder(&place.workspace.join(NEW)).map_err(unwritable)?;
        Ok(place)
    }

    /// Chooses and locks the workspace: beside the folder, or inside it where folders cannot be exchanged.
    fn settle(&mut self) -> Result<(), StoreError> {
        let unwritable = |error| StoreError::Unwritable(self.shown.clone(), error);
        let busy = || StoreError::Busy(self.shown.clone());
        let inside = self.target.join(INSIDE);
        let is_there = self.target.is_dir();
        if let Some(beside) = beside(&self.target).filter(|_| !is_fixed(&self.target)) {
            match lock::lock(&beside) {
                Ok(None) => return Err(busy()),
                Ok(Some(lock)) => {
                    self.recovered = clear(&self.target, &beside).map_err(unwritable)?;
                    if is_there && !may_exchange(&beside) {
                        lock.release();
                    } else {
                        self.lock = Some(lock);
                        self.workspace = beside;
                    }
                }
                Err(error) if !is_there => return Err(unwritable(error)),
                Err(_) => {}
            }
        }
        if self.lock.is_some() && (!is_there || !inside.exists()) {
            return Ok(());
        }
        if self.lock.is_none()
            && let Some(beside) = beside(&self.target)
            && lock::is_held(&beside)
        {
            return Err(busy());
        }
        let Some(lock) = lock::lock(&inside).map_err(unwritable)? else {
            return Err(busy());
        };
        let recovered = clear(&self.target, &inside).map_err(unwritable)?;
        self.recovered = recovered.or(self.recovered);
        if self.lock.is_some() {
            lock.release();
        } else {
            self.lock = Some(lock);
            self.workspace = inside;
        }
        Ok(())
    }

    /// A file system without room says so as it is written to. To wait for the disk as well would cost a short run a
    /// tenth of its time; what only the disk knows shows at the end.
    fn probe(&self) -> io::Result<()> {
        let path = self.workspace.join(PROBES[0]);
        let mut file = OutFile::create(&path)?;
        file.write_all(&[0_u8; PROBE_BYTES])?;
        disk::remove_file(&path)
    }

    /// What opening it completed or removed of a command that was killed.
    pub fn recovered(&self) -> Option<Recovered> {
        self.recovered
    }

    /// The folder as the caller named it.
    pub fn folder(&self) -> &Path {
        &self.shown
    }

    /// False where somebody moved or removed the files that are being made, with the folder around them.
    pub fn is_whole(&self) -> bool {
        self.workspace.join(NEW).is_dir()
    }

    /// Begins anew at the same path, after the folder around it was moved away. What is there now is not replaced. This
    /// place is given up: its unfinished files are left where they were moved to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reopen(&mut self) -> Result<Place, StoreError> {
        // The same path is another folder's now: dropping this place must not clear it.
        self.lock = None;
        self.made.clear();
        let mut place = Place::open(&self.shown)?;
        place.before.clear();
        Ok(place)
    }

    /// A new file. It appears in the folder with [`Place::publish`] and not before.
    ///
    /// * `name` - below the folder, with `/` between parts
    ///
    /// # Errors
    /// Those of the disk.
    pub fn create(&self, name: &str) -> io::Result<Hashed> {
        let path = self.unpublished(name)?;
        Hashed::create(name, &path, &self.syncing)
    }

    /// A new file with all its bytes.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, name: &str, bytes: &[u8]) -> io::Result<Written> {
        let mut file = self.create(name)?;
        file.write_all(bytes)?;
        file.finish()
    }

    fn unpublished(&self, name: &str) -> io::Result<PathBuf> {
        let path = self.workspace.join(NEW).join(name);
        if let Some(above) = path.parent().filter(|_| name.contains('/')) {
            disk::make_folders(above)?;
        }
        Ok(path)
    }

    /// Brings the new files to their place, all at once. What else the folder holds stays in it.
    ///
    /// * `goes` - of a name in the folder that is not written anew: true where it belongs to the earlier results, and
    ///   goes with them
    /// * returns - the folder that holds the new files: the one opened or, where what would be replaced was not there
    ///   at the start, one beside it with a number
    ///
    /// # Errors
    /// [`StoreError`]: the folder holds what it held before, but for [`StoreError::Unfinished`].
    pub fn publish(mut self, goes: impl Fn(&str) -> bool) -> Result<Published, StoreError> {
        let shown = self.shown.clone();
        let failed = |error| StoreError::Write(shown.clone(), error);
        self.syncing.wait().map_err(failed)?;
        let new = self.workspace.join(NEW);
        let names = names_in(&new).map_err(failed)?;
        sync_tree(&new).map_err(failed)?;
        let now = stamps(&self.target).map_err(failed)?;
        let is_replaced = |name: &OsString| {
            name.to_str()
                .is_some_and(|name| names.contains(name) || goes(name))
        };
        let is_as_before = now
            .iter()
            .filter(|(name, _)| is_replaced(name))
            .all(|(name, stamp)| self.before.get(name) == Some(stamp));
        if !is_as_before {
            return self.publish_beside(&new).map_err(failed);
        }
        let dropped: BTreeSet<String> = now
            .keys()
            .filter_map(|name| name.to_str())
            .filter(|name| !names.contains(*name) && goes(name))
            .map(str::to_owned)
            .collect();
        let carried: Vec<&OsString> = now.keys().filter(|name| !is_replaced(name)).collect();
        let record = Record { names, dropped };
        self.replace(&record, &carried)?;
        self.made.clear();
        Ok(Published {
            folder: self.shown.clone(),
            is_beside: false,
        })
    }

    fn replace(&self, record: &Record, carried: &[&OsString]) -> Result<(), StoreError> {
        let failed = |error| StoreError::Write(self.shown.clone(), error);
        let new = self.workspace.join(NEW);
        let is_inside = self.workspace.parent() == Some(&self.target);
        if is_inside || !self.carry_by_name(&new, carried).map_err(failed)? {
            return self.replace_file_by_file(record, &new);
        }
        if let Ok(about) = fs::metadata(&self.target) {
            // The new folder takes the place of the earlier one, with its permissions.
            let _ = fs::set_permissions(&new, about.permissions());
        }
        disk::sync_folder(&new).map_err(failed)?;
        let ready = self.workspace.join(READY);
        write_record(&self.workspace, record).map_err(failed)?;
        disk::rename(&new, &ready).map_err(failed)?;
        if self.target.is_dir() {
            if disk::exchange(&ready, &self.target).is_err() {
                return self.replace_file_by_file(record, &ready);
            }
        } else {
            disk::rename(&ready, &self.target).map_err(failed)?;
        }
        // The new results are there. The earlier ones are removed when the place is dropped or, if that fails, by the
        // next command.
        let _ = self.target.parent().map(disk::sync_folder);
        Ok(())
    }

    /// Gives the files that stay a second name among the new ones.
    ///
    /// * returns - false where that cannot be
    fn carry_by_name(&self, new: &Path, carried: &[&OsString]) -> io::Result<bool> {
        let mut left = CARRIED_MAX;
        for name in carried {
            let (from, to) = (self.target.join(name), new.join(name));
            match link_tree(&from, &to, &mut left) {
                Ok(()) => {}
                Err(_) => {
                    for name in carried {
                        disk::remove_tree(&new.join(name))?;
                    }
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Moves the new files into the folder one by one, after a record that lets the next command complete that.
    fn replace_file_by_file(&self, record: &Record, complete: &Path) -> Result<(), StoreError> {
        let failed = |error| StoreError::Write(self.shown.clone(), error);
        let inside = self.target.join(INSIDE);
        let ready = inside.join(READY);
        let lock = match self.workspace == inside {
            true => None,
            false => lock::lock(&inside).map_err(failed)?,
        };
        let begun = write_record(&inside, record).and_then(|()| disk::rename(complete, &ready));
        if let Err(error) = begun {
            if let Some(lock) = lock {
                let _ = disk::remove_file(&inside.join(RECORD));
                lock.release();
            }
            return Err(failed(error));
        }
        let _ = disk::sync_folder(&inside);
        finish_move(&self.target, &inside).map_err(|error| StoreError::Unfinished {
            path: self.shown.clone(),
            ready,
            error,
        })?;
        if let Some(lock) = lock {
            lock.release();
        }
        Ok(())
    }

    /// Saves the new files beside the folder, under the first number that is free.
    fn publish_beside(&mut self, new: &Path) -> io::Result<Published> {
        let name = self.target.file_name().unwrap_or(OsStr::new("results"));
        for number in 2_u32..1_000 {
            let mut numbered = name.to_owned();
            numbered.push(format!("-{number}"));
            let folder = self.target.with_file_name(&numbered);
            if fs::symlink_metadata(&folder).is_ok() {
                continue;
            }
            let mut shown = self.shown.with_file_name(&numbered);
            if let Err(error) = disk::rename(new, &folder) {
                // Nothing may be written beside it, or another file system is there.
                let below = self.target.join(&numbered);
                if fs::symlink_metadata(&below).is_ok() || disk::rename(new, &below).is_err() {
                    return Err(error);
                }
                shown = self.shown.join(&numbered);
            }
            self.made.clear();
            return Ok(Published {
                folder: shown,
                is_beside: true,
            });
        }
        Err(io::Error::other(
            "what it holds has changed since the command began, and no name beside it is free",
        ))
    }

    /// Publishes in another folder beside this one, which is opened for that and locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn publish_to(
        mut self,
        folder: &Path,
        goes: impl Fn(&str) -> bool,
    ) -> Result<Published, StoreError> {
        let failed = |error| StoreError::Write(folder.to_owned(), error);
        self.syncing.wait().map_err(failed)?;
        let other = Place::open(folder)?;
        let theirs = other.workspace.join(NEW);
        disk::remove_folder(&theirs)
            .and_then(|()| disk::rename(&self.workspace.join(NEW), &theirs))
            .map_err(failed)?;
        let published = other.publish(goes)?;
        self.made.clear();
        Ok(published)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // If a file that cannot reach the disk mattered, publishing has said so.
        let _ = self.syncing.wait();
        if let Some(lock) = self.lock.take() {
            let left = [NEW, PROBES[0], PROBES[1], PROBES[2]].map(|name| self.workspace.join(name));
            let mut is_clear = left.iter().all(|path| disk::remove_tree(path).is_ok());
            // A folder that was exchanged or is being moved in has its record removed with it.
            if !self.workspace.join(READY).exists() {
                is_clear &= disk::remove_file(&self.workspace.join(RECORD)).is_ok();
            } else {
                // Inside the folder, files on the way to their place wait for the next command.
                is_clear &= self.workspace.parent() != Some(&self.target)
                    && clear(&self.target, &self.workspace).is_ok();
            }
            if is_clear {
                lock.release();
            }
        }
        for made in self.made.iter().rev() {
            let _ = disk::remove_folder(made);
        }
    }
}

/// The workspace beside a folder; nothing for the root of a file system.
pub(super) fn beside(target: &Path) -> Option<PathBuf> {
    /// Longest name that is still allowed with what is added to it [bytes].
    const LONGEST: usize = 200;
    let name = target.file_name()?;
    let mut own = OsString::from(".");
    if name.len() <= LONGEST {
        own.push(name);
    } else {
        let hash = Sha256::digest(name.as_encoded_bytes());
        own.push(hexadecimal(hash.get(..8).unwrap_or_default()));
    }
    own.push(".casecap");
    Some(target.with_file_name(own))
}

/// The folder without symbolic links; of one that is not there yet, its parent without them.
pub(super) fn real(path: &Path) -> io::Result<PathBuf> {
    if path.exists() {
        return path.canonicalize();
    }
    let no_name = || io::Error::new(io::ErrorKind::InvalidInput, "the path has no name");
    let name = path.file_name().ok_or_else(no_name)?;
    let above = path.parent().filter(|p| !p.as_os_str().is_empty());
    Ok(above.unwrap_or(Path::new(".")).canonicalize()?.join(name))
}

/// True where a folder may not change places: somebody works in it, or a file system begins there.
fn is_fixed(target: &Path) -> bool {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    here.is_ok_and(|here| here.starts_with(target)) || is_mounted(target)
}

#[cfg(unix)]
fn is_mounted(target: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| fs::metadata(path).map(|about| about.dev());
    match (device(target), target.parent().map(device)) {
        (Ok(own), Some(Ok(above))) => own != above,
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_mounted(_: &Path) -> bool {
    false
}

/// Whether two folders can be exchanged in a workspace.
fn may_exchange(workspace: &Path) -> bool {
    let [_, a, b] = PROBES.map(|name| workspace.join(name));
    let done = disk::make_folder(&a)
        .and_then(|()| disk::make_folder(&b))
        .and_then(|()| disk::exchange(&a, &b));
    let removed = [a, b].iter().all(|path| disk::remove_folder(path).is_ok());
    done.is_ok() && removed
}

/// Folders above a path that are still to be made, outermost first.
fn missing_above(path: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut missing: Vec<PathBuf> = Vec::new();
    for above in path.ancestors().skip(1) {
        if above.as_os_str().is_empty() || above.is_dir() {
            break;
        }
        if above.exists() {
            return Err(StoreError::NoFolder(above.to_owned()));
        }
        missing.push(above.to_owned());
    }
    missing.reverse();
    Ok(missing)
}

/// Every entry of a folder but the workspace; none where there is no folder.
fn stamps(folder: &Path) -> io::Result<BTreeMap<OsString, Stamp>> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        entries => entries?,
    };
    let mut found = BTreeMap::new();
    for entry in entries {
        let entry = entry?;
        let about = match entry.metadata() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => continue,
            about => about?,
        };
        let stamp = (about.is_dir(), about.len(), about.modified().ok());
        if entry.file_name() != INSIDE {
            found.insert(entry.file_name(), stamp);
        }
    }
    Ok(found)
}

/// Names of a folder that casecap made.
fn names_in(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        names.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    Ok(names)
}

fn write_record(workspace: &Path, record: &Record) -> io::Result<()> {
    let text = serde_json::to_vec(record)?;
    disk::write(&workspace.join(RECORD), &text)
}

/// Gives every file of a folder, or one file, a second name.
fn link_tree(from: &Path, to: &Path, left: &mut usize) -> io::Result<()> {
    *left = left
        .checked_sub(1)
        .ok_or_else(|| io::Error::other("too many files"))?;
    if !fs::symlink_metadata(from)?.is_dir() {
        return disk::link(from, to);
    }
    if is_mounted(from) {
        return Err(io::ErrorKind::CrossesDevices.into());
    }
    disk::make_folder(to)?;
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        link_tree(&from.join(&name), &to.join(&name), left)?;
    }
    let _ = fs::set_permissions(to, fs::metadata(from)?.permissions());
    Ok(())
}

/// Brings the names in a folder and the folders below it to the disk.
fn sync_tree(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if fs::symlink_metadata(&path)?.is_dir() {
            sync_tree(&path)?;
        }
    }
    disk::sync_folder(folder)
}
