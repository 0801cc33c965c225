//! A failure at every operation of every kind of change.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::output::manifest::MANIFEST;
use crate::output::seal::sealed;
use crate::output::store::add::{Addition, add};
use crate::output::store::disk::Operation;
use crate::output::store::disk::faults::{Fault, with, without};
use crate::output::store::error::StoreError;
use crate::output::store::place::{INSIDE, Place, Published};
use crate::output::store::recovery::{Recovered, recover};

/// Every file below a folder, with its text.
type Files = BTreeMap<PathBuf, String>;

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return found;
    };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        if path.is_dir() {
            let below = files(&path);
            found.extend(below.into_iter().map(|(own, text)| (name.join(own), text)));
        } else {
            found.insert(name, fs::read_to_string(&path).unwrap());
        }
    }
    found
}

/// Every file of results, without what a command at work or one that was killed has there.
fn results(folder: &Path) -> Files {
    let mut found = files(folder);
    found.retain(|path, _| !path.starts_with(INSIDE));
    found
}

fn manifest(of: &str) -> Vec<u8> {
    sealed(&serde_json::json!({ "of": of, "files": [] })).unwrap()
}

/// Results of old, with files of somebody else beside them; nothing where there are no earlier results.
fn old(home: &Path, is_there: bool) -> PathBuf {
    let folder = home.join("above/results");
    if !is_there {
        return folder;
    }
    fs::create_dir_all(folder.join("mine/deep")).unwrap();
    fs::create_dir_all(folder.join("pack")).unwrap();
    for (name, text) in [
        ("a.csv", "old a"),
        ("stale.csv", "old stale"),
        ("pack/page", "old page"),
        ("pack/gone", "old gone"),
        ("notes.txt", "mine"),
        ("mine/deep/x", "mine too"),
    ] {
        fs::write(folder.join(name), text).unwrap();
    }
    fs::write(folder.join(MANIFEST), manifest("old")).unwrap();
    folder
}

/// Replaces the earlier results: `stale.csv` goes, and what is not ours stays.
fn replace(folder: &Path) -> Result<Published, StoreError> {
    let place = Place::open(folder)?;
    let failed = |e| StoreError::Write(folder.to_owned(), e);
    place.write("a.csv", b"new a").map_err(failed)?;
    place.write("b.csv", b"new b").map_err(failed)?;
    place.write("pack/page", b"new page").map_err(failed)?;
    place.write(MANIFEST, &manifest("new")).map_err(failed)?;
    place.publish(|name| ["a.csv", "stale.csv"].contains(&name))
}

/// Adds a page and a pack.
fn add_more(folder: &Path) -> Result<Published, StoreError> {
    let more = [
        Addition::listed("page.html", "new page"),
        Addition::listed("pack/page", "new pack"),
    ];
    add(folder, &manifest("old"), &more, |_| false)?;
    Ok(Published {
        folder: folder.to_owned(),
        is_beside: false,
    })
}

type Change = fn(&Path) -> Result<Published, StoreError>;

/// Lets every operation of a change fail; afterwards, and after the next command has cleared up, the folder is wholly the
/// old one or wholly the new one.
///
/// * `is_one_step` - true: that holds without the next command, too
fn survives(change: Change, is_there: bool, missing: Option<Operation>, is_one_step: bool) {
    let scene = || {
        let home = tempfile::tempdir().unwrap();
        let folder = old(home.path(), is_there);
        (home, folder)
    };
    let (home, folder) = scene();
    let before = results(&folder);
    without(missing, || change(&folder)).unwrap();
    let after = results(&folder);
    assert_ne!(before, after);
    only_results(&home);
    for fault in [Fault::Once, Fault::Kill, Fault::Renames] {
        let mut has_failed = false;
        for at in 1.. {
            let (home, folder) = scene();
            let what = format!("{fault:?} at {at} without {missing:?}");
            let (done, count) = without(missing, || with(fault, at, || change(&folder)));
            if count < at {
                break;
            }
            let now = results(&folder);
            let is_whole = now == before || now == after;
            if is_one_step {
                assert!(is_whole, "{what}: {now:?}");
            }
            match &done {
                Ok(_) => assert_eq!(now, after, "{what}"),
                Err(StoreError::Unfinished { .. }) => assert!(!is_one_step, "{what}"),
                Err(error) if fault != Fault::Kill => {
                    assert_eq!(now, before, "{what}: {error}");
                    assert!(error.to_string().contains("injected"), "{what}: {error}");
                }
                Err(_) => {}
            }
            has_failed |= done.is_err();
            let is_clear = leftovers(home.path()).is_empty();
            let recovered = without(missing, || recover(&folder));
            let then = results(&folder);
            assert!(then == before || then == after, "{what}: {then:?}");
            if is_whole && !matches!(done, Err(StoreError::Unfinished { .. })) {
                assert_eq!(then, now, "{what}");
            }
            if is_clear {
                assert_eq!(recovered, None, "{what}");
            }
            if recovered == Some(Recovered::Completed) {
                assert_eq!(then, after, "{what}");
            }
            if fault != Fault::Renames {
                only_results(&home);
            }
            // The next attempt succeeds.
            if then == before {
                without(missing, || change(&folder)).unwrap();
                assert_eq!(results(&folder), after, "{what}");
                only_results(&home);
            }
        }
        assert!(has_failed, "{fault:?}");
    }
}

/// What commands leave beside and in a folder of results, when they are killed.
fn leftovers(home: &Path) -> Vec<PathBuf> {
    let all = files(home).into_keys();
    all.filter(|path| path.to_string_lossy().contains("casecap"))
        .collect()
}

fn only_results(home: &TempDir) {
    assert_eq!(leftovers(home.path()), Vec::<PathBuf>::new());
}

#[test]
fn a_failure_at_any_operation_leaves_the_old_results_or_the_new_ones() {
    survives(replace, true, None, true);
}

#[test]
fn first_results_appear_whole_or_not_at_all() {
    survives(replace, false, None, true);
    survives(replace, false, Some(Operation::Exchange), true);
}

#[test]
fn what_is_added_appears_with_its_entry_in_the_manifest_or_not_at_all() {
    survives(add_more, true, None, true);
}

#[test]
fn without_an_exchange_the_next_command_completes_what_was_begun() {
    survives(replace, true, Some(Operation::Exchange), false);
    survives(add_more, true, Some(Operation::Exchange), false);
    survives(replace, true, Some(Operation::Link), false);
}

#[test]
fn two_commands_at_once_are_refused_and_a_lock_that_was_left_refuses_none() {
    let home = tempfile::tempdir().unwrap();
    let folder = old(home.path(), true);
    for missing in [None, Some(Operation::Exchange)] {
        let first = without(missing, || Place::open(&folder)).unwrap();
        let second = Place::open(&folder).unwrap_err();
        assert!(matches!(second, StoreError::Busy(_)), "{second}");
        assert!(second.is_input());
        assert_eq!(recover(&folder), None);
        assert!(first.is_whole());
        drop(first);
    }
    only_results(&home);
    // Killed: its lock goes with it, its files stay.
    let (place, _) = with(Fault::Kill, usize::MAX, || Place::open(&folder).unwrap());
    with(Fault::Kill, 1, || drop(place));
    assert!(!leftovers(home.path()).is_empty());
    let next = Place::open(&folder).unwrap();
    assert_eq!(next.recovered(), Some(Recovered::Removed));
    drop(next);
    only_results(&home);
}

#[test]
fn what_was_not_there_at_the_start_is_not_replaced() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("results");
    for number in [2, 3] {
        let _ = fs::remove_dir_all(&folder);
        let place = Place::open(&folder).unwrap();
        place.write("a.csv", b"new").unwrap();
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("a.csv"), "of another").unwrap();
        let published = place.publish(|_| true).unwrap();
        assert!(published.is_beside);
        let beside = home.path().join(format!("results-{number}"));
        assert_eq!(published.folder, beside);
        assert_eq!(fs::read_to_string(beside.join("a.csv")).unwrap(), "new");
        assert_eq!(
            fs::read_to_string(folder.join("a.csv")).unwrap(),
            "of another"
        );
    }
    only_results(&home);
}

#[test]
fn files_that_come_while_a_command_is_at_work_stay() {
    let home = tempfile::tempdir().unwrap();
    let folder = old(home.path(), true);
    let place = Place::open(&folder).unwrap();
    place.write("a.csv", b"new").unwrap();
    fs::write(folder.join("late.txt"), "mine").unwrap();
    place.publish(|_| false).unwrap();
    assert_eq!(fs::read_to_string(folder.join("late.txt")).unwrap(), "mine");
    assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "new");
}

#[test]
fn a_folder_that_is_moved_away_is_made_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = old(home.path(), true);
    let place = Place::open(&folder).unwrap();
    place.write("a.csv", b"new").unwrap();
    fs::rename(&folder, home.path().join("above/moved")).unwrap();
    assert!(place.is_whole());
    assert!(!place.publish(|_| false).unwrap().is_beside);
    assert_eq!(files(&folder).len(), 1);
    // With all that is around it.
    let mut place = Place::open(&folder).unwrap();
    let mut row = place.create("rows.csv").unwrap();
    row.write_all(b"1").unwrap();
    fs::rename(home.path().join("above"), home.path().join("below")).unwrap();
    assert!(!place.is_whole());
    assert!(place.write("a.csv", b"new").is_err());
    let again = place.reopen().unwrap();
    drop(place);
    again.write("a.csv", b"newer").unwrap();
    assert!(!again.publish(|_| false).unwrap().is_beside);
    assert_eq!(files(&folder).len(), 1);
}

#[test]
fn a_folder_of_somebody_else_in_the_way_of_the_workspace_is_left_alone() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("results");
    let theirs = home.path().join(".results.casecap");
    fs::create_dir_all(theirs.join("new")).unwrap();
    fs::write(theirs.join("new/x"), "mine").unwrap();
    let refused = Place::open(&folder).unwrap_err();
    assert!(refused.to_string().contains("is in the way"), "{refused}");
    assert_eq!(recover(&folder), None);
    assert_eq!(files(&theirs).len(), 1);
}

#[cfg(unix)]
#[test]
fn a_folder_behind_a_link_is_replaced_where_it_is_with_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let home = tempfile::tempdir().unwrap();
    let folder = old(home.path(), true);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o750)).unwrap();
    symlink("nowhere", folder.join("link")).unwrap();
    let linked = home.path().join("linked");
    symlink(&folder, &linked).unwrap();
    replace(&linked).unwrap();
    assert!(fs::symlink_metadata(&linked).unwrap().is_symlink());
    assert_eq!(fs::read_to_string(folder.join("a.csv")).unwrap(), "new a");
    assert!(
        fs::symlink_metadata(folder.join("link"))
            .unwrap()
            .is_symlink()
    );
    let mode = fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o750);
}
