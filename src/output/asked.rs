//! The folder of a question that is answered at once: tables, page, the scenario as it was played, and the manifest last.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::output::manifest::{MANIFEST, Source, Written};
use crate::output::page::shell::is_ours;
use crate::output::seal::sealed;
use crate::output::store::error::StoreError;
use crate::output::store::place::{Place, Published};
use crate::scenario::document::Document;

/// The scenario's own file, as it was read.
pub const SCENARIO: &str = "scenario.toml";

/// A kind of question.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name in the manifest, which tells it from a run: `guideline`.
    pub name: &'static str,
    /// Its page.
    pub page: &'static str,
    /// Everything else that it may write but the scenario.
    pub tables: &'static [&'static str],
}

/// What the manifest of every kind begins with.
#[derive(Deserialize)]
struct Head {
    casecap: String,
    kind: String,
    scenario_files: Vec<Source>,
    command: String,
}

/// Why a folder may not be written to.
#[derive(Debug)]
pub enum Refused {
    /// It holds the answer to another question; `--force` would replace it. The words end in a colon, for the command to
    /// follow.
    Other(String),
    /// It holds something else.
    Foreign(String),
    /// It cannot be read.
    Disk(io::Error),
    /// It cannot be locked or written to.
    Store(StoreError),
}

/// Locks a folder and makes sure that it may be written to. The same question as before replaces its own files.
///
/// * `command` - the command that repeats the question
///
/// # Errors
/// [`Refused`]: nothing was changed then.
pub fn prepare(
    folder: &Path,
    kind: &Kind,
    document: &Document,
    command: &str,
    force: bool,
) -> Result<Place, Refused> {
    let place = Place::open(folder).map_err(Refused::Store)?;
    let shown = folder.display();
    let foreign = |what: &str| {
        Refused::Foreign(format!(
            "{shown} holds {what}\n  name another folder with --out"
        ))
    };
    let page = folder.join(kind.page);
    if page.exists() && !is_ours(&page) {
        let what = format!("a {} that casecap did not write", kind.page);
        return Err(foreign(&what));
    }
    match fs::read(folder.join(MANIFEST)) {
        Ok(bytes) => {
            let Ok(there) = serde_json::from_slice::<Head>(&bytes) else {
                return Err(foreign("other results"));
            };
            if there.kind != kind.name {
                return Err(foreign("other results"));
            }
            let then = there.scenario_files.iter().map(|file| &file.sha256);
            let now = document.sources().iter().map(|file| &file.sha256);
            let is_same = there.command == command
                && there.casecap == env!("CARGO_PKG_VERSION")
                && then.eq(now);
            if !is_same && !force {
                return Err(Refused::Other(format!(
                    "{shown} holds the {} of another question\n  name another folder with --out, or replace it with \
                     --force:",
                    kind.name
                )));
            }
        }
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            let mut names = kind.tables.iter().chain([&SCENARIO, &kind.page]);
            let there = names.find(|name| folder.join(name).exists());
            if let (Some(name), false) = (there, force) {
                return Err(Refused::Other(format!(
                    "{shown} holds a {name} and no whole {}\n  name another folder with --out, or replace it with \
                     --force:",
                    kind.name
                )));
            }
        }
        Err(e) => return Err(Refused::Disk(e)),
    }
    Ok(place)
}

/// Writes the files and the manifest, which take the place of an earlier answer all at once. What is not written now is
/// not left from before.
///
/// * `contents` - name and content of each file but the scenario and the manifest
/// * `manifest` - makes it of what is written
/// * returns - where they are, and the names of the files
///
/// # Errors
/// [`StoreError`]: the folder holds what it held before, but for [`StoreError::Unfinished`].
pub fn write<M: Serialize>(
    mut place: Place,
    kind: &Kind,
    document: &Document,
    mut contents: Vec<(&str, Vec<u8>)>,
    manifest: impl FnOnce(Vec<Written>) -> M,
) -> Result<(Published, Vec<String>), StoreError> {
    if !place.is_whole() {
        place = place.reopen()?;
    }
    let own = document.sources().first();
    let text = own.map_or(Vec::new(), |s| s.text.clone().into_bytes());
    contents.push((SCENARIO, text));
    let each = contents.iter();
    let written: io::Result<Vec<Written>> = each.map(|(name, c)| place.write(name, c)).collect();
    written
        .and_then(|written| sealed(&manifest(written)))
        .and_then(|text| place.write(MANIFEST, &text))
        .map_err(|error| StoreError::Write(place.folder().to_owned(), error))?;
    let names = contents.iter().map(|(name, _)| (*name).to_owned());
    let names: Vec<String> = names.collect();
    let published = place.publish(|name| kind.tables.contains(&name))?;
    Ok((published, names))
}
