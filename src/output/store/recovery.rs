//! What a killed command left behind is completed or removed.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use crate::output::manifest::MANIFEST;
use crate::output::store::disk;
use crate::output::store::lock::{self, LOCK};
use crate::output::store::place::{INSIDE, NEW, PROBES, READY, RECORD, Record, beside, real};

/// What was done with the traces of a command that was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovered {
    /// Its unfinished or replaced files were removed; the folder of results was complete.
    Removed,
    /// Its new results were complete, and were moved to their place.
    Completed,
}

/// Completes or removes what a killed command left in or beside a folder of results. Where another command is at work
/// there, or nothing may be changed, all stays as it is.
///
/// * returns - what was done; nothing where there was nothing to do
pub fn recover(folder: &Path) -> Option<Recovered> {
    let target = real(folder).ok()?;
    let mut done = None;
    for workspace in beside(&target).into_iter().chain([target.join(INSIDE)]) {
        let is_folder = fs::symlink_metadata(&workspace).is_ok_and(|about| about.is_dir());
        if !is_folder {
            continue;
        }
        let Ok(Some(lock)) = lock::lock(&workspace) else {
            continue;
        };
        if let Ok(recovered) = clear(&target, &workspace) {
            lock.release();
            done = recovered.or(done);
        }
    }
    done
}

/// Completes or removes what a locked workspace holds.
pub(super) fn clear(target: &Path, workspace: &Path) -> io::Result<Option<Recovered>> {
    let mut done = None;
    if workspace.join(READY).is_dir() {
        if workspace == target.join(INSIDE) {
            finish_move(target, workspace)?;
            return Ok(Some(Recovered::Completed));
        }
        let record = read_record(workspace)?;
        carry(&workspace.join(READY), target, &record)?;
        disk::remove_tree(&workspace.join(READY))?;
        done = Some(Recovered::Removed);
    }
    for name in [NEW, RECORD].into_iter().chain(PROBES) {
        let path = workspace.join(name);
        if fs::symlink_metadata(&path).is_ok() {
            disk::remove_tree(&path)?;
            done = Some(Recovered::Removed);
        }
    }
    Ok(done)
}

/// Moves what came into a folder while it was being replaced, and is no part of the results, to the folder that took its
/// place.
pub(super) fn carry(from: &Path, target: &Path, record: &Record) -> io::Result<()> {
    if !target.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(from)? {
        let name = entry?.file_name();
        let is_known = name
            .to_str()
            .is_some_and(|name| record.names.contains(name) || record.dropped.contains(name));
        let to = target.join(&name);
        if !is_known && fs::symlink_metadata(&to).is_err() {
            disk::rename(&from.join(&name), &to)?;
        }
    }
    Ok(())
}

/// Moves complete files from the workspace inside a folder into the folder. It may be begun any number of times.
pub(super) fn finish_move(target: &Path, inside: &Path) -> io::Result<()> {
    let record = read_record(inside)?;
    let ready = inside.join(READY);
    // The manifest comes last: where the new one stands, everything stands.
    let is_manifest = |name: &&String| *name == MANIFEST;
    let (last, first): (BTreeSet<&String>, BTreeSet<&String>) =
        record.names.iter().partition(is_manifest);
    let enter = |name: &String| -> io::Result<()> {
        let (from, to) = (ready.join(name), target.join(name));
        let Ok(about) = fs::symlink_metadata(&from) else {
            return Ok(());
        };
        if about.is_dir() {
            disk::remove_tree(&to)?;
        }
        disk::rename(&from, &to)
    };
    first.into_iter().try_for_each(enter)?;
    for name in record.dropped.difference(&record.names) {
        disk::remove_tree(&target.join(name))?;
    }
    last.into_iter().try_for_each(enter)?;
    let _ = disk::sync_folder(target);
    for name in [READY, NEW, RECORD] {
        disk::remove_tree(&inside.join(name))?;
    }
    Ok(())
}

fn read_record(workspace: &Path) -> io::Result<Record> {
    debug_assert!(workspace.join(LOCK).exists());
    let text = fs::read(workspace.join(RECORD))?;
    Ok(serde_json::from_slice(&text)?)
}
