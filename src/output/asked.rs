//! The folder of a question that is answered at once: tables, page, the scenario as it was played, and the manifest last.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::output::folder::{add, hexadecimal};
use crate::output::manifest::{MANIFEST, Platform, Source, Written};
use crate::output::page::shell::is_ours;
use crate::random::stream::GENERATOR;
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

/// What a question was, and what it wrote.
#[derive(Serialize, Deserialize)]
struct Manifest {
    casecap: String,
    kind: String,
    scenario: String,
    title: String,
    /// Every file that it was read from, whole.
    scenario_files: Vec<Source>,
    command: String,
    /// What was asked, in the words of its kind.
    asked: serde_json::Value,
    seed: u64,
    generator: String,
    platform: Platform,
    wall_time_seconds: f64,
    files: Vec<Written>,
}

/// Why a folder may not be written to.
#[derive(Debug)]
pub enum Refused {
    /// It holds the answer to another question; `--force` would replace it. The words end in a colon, for the command to
    /// follow.
    Other(String),
    /// It holds something else.
    Foreign(String),
    /// The disk.
    Disk(io::Error),
}

/// Makes sure that a folder may be written to, and makes it. The same question as before replaces its own files.
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
) -> Result<(), Refused> {
    let shown = folder.display();
    let foreign = |what: &str| {
        Refused::Foreign(format!(
            "{shown} holds {what}\n  name another folder with --out"
        ))
    };
    if folder.exists() && !folder.is_dir() {
        return Err(Refused::Foreign(format!(
            "{shown} is no folder\n  name another with --out"
        )));
    }
    let page = folder.join(kind.page);
    if page.exists() && !is_ours(&page) {
        let what = format!("a {} that casecap did not write", kind.page);
        return Err(foreign(&what));
    }
    match fs::read(folder.join(MANIFEST)) {
        Ok(bytes) => {
            let Ok(there) = serde_json::from_slice::<Manifest>(&bytes) else {
                return Err(foreign("other results"));
            };
            if there.kind != kind.name {
                return Err(foreign("other results"));
            }
            let hashes = |files: &[Source]| -> Vec<String> {
                files.iter().map(|f| f.sha256.clone()).collect()
            };
            let is_same = there.command == command
                && there.casecap == env!("CARGO_PKG_VERSION")
                && hashes(&there.scenario_files) == hashes(&Source::all(document));
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
    fs::create_dir_all(folder).map_err(Refused::Disk)
}

/// What is written beside the files.
pub struct About<'a> {
    /// The scenario as it is.
    pub document: &'a Document,
    /// The command that repeats the question.
    pub command: &'a str,
    /// What was asked, in the words of its kind.
    pub asked: serde_json::Value,
    /// Seed of all chance.
    pub seed: u64,
    /// How long it took [s].
    pub wall_time_seconds: f64,
}

/// Writes everything; each file appears whole or not at all, the manifest last.
///
/// * `contents` - name and content of each file but the scenario and the manifest
/// * returns - names of the files
///
/// # Errors
/// Those of the disk.
pub fn write(
    folder: &Path,
    kind: &Kind,
    about: About<'_>,
    mut contents: Vec<(&str, Vec<u8>)>,
) -> io::Result<Vec<String>> {
    let own = about.document.sources().first();
    let text = own.map_or(Vec::new(), |s| s.text.clone().into_bytes());
    contents.push((SCENARIO, text));
    // Until the new manifest is there, no old one says that these files are whole; and what is not written now is not left
    // from before.
    let stale = kind
        .tables
        .iter()
        .filter(|name| contents.iter().all(|(own, _)| own != *name));
    for name in [&MANIFEST].into_iter().chain(stale) {
        match fs::remove_file(folder.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    let mut files = Vec::new();
    for (name, content) in &contents {
        add(folder, name, content)?;
        files.push(Written {
            name: (*name).to_owned(),
            sha256: hexadecimal(&Sha256::digest(content)),
            bytes: content.len() as u64,
        });
    }
    let scenario = about.document.scenario();
    let manifest = Manifest {
        casecap: env!("CARGO_PKG_VERSION").to_owned(),
        kind: kind.name.to_owned(),
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        scenario_files: Source::all(about.document),
        command: about.command.to_owned(),
        asked: about.asked,
        seed: about.seed,
        generator: GENERATOR.to_owned(),
        platform: Platform::here(),
        wall_time_seconds: about.wall_time_seconds,
        files,
    };
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    add(folder, MANIFEST, text.as_bytes())?;
    Ok(contents
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect())
}
