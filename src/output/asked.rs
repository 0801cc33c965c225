//! The folder of a question that is answered at once: tables, page, the scenario as it was played, and the manifest last.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::output::hashed::hexadecimal;
use crate::output::manifest::{MANIFEST, Source, Written};
use crate::output::page::shell::is_ours;
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
            let Ok(there) = serde_json::from_slice::<Head>(&bytes) else {
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

/// Writes the files and the manifest. All are written aside first, so that a full disk leaves an earlier answer as it was;
/// then each takes its place whole, the manifest last. What is not written now is not left from before.
///
/// * `contents` - name and content of each file but the scenario and the manifest
/// * `manifest` - makes it of what is written
/// * returns - names of the files
///
/// # Errors
/// Those of the disk.
pub fn write<M: Serialize>(
    folder: &Path,
    kind: &Kind,
    document: &Document,
    mut contents: Vec<(&str, Vec<u8>)>,
    manifest: impl FnOnce(Vec<Written>) -> M,
) -> io::Result<Vec<String>> {
    let own = document.sources().first();
    let text = own.map_or(Vec::new(), |s| s.text.clone().into_bytes());
    contents.push((SCENARIO, text));
    let written = contents.iter().map(|(name, content)| Written {
        name: (*name).to_owned(),
        sha256: hexadecimal(&Sha256::digest(content)),
        bytes: content.len() as u64,
    });
    let mut text = serde_json::to_string_pretty(&manifest(written.collect()))?;
    text.push('\n');
    let names = contents
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let is_stale = |name: &&&str| contents.iter().all(|(own, _)| *own != **name);
    let stale: Vec<&str> = kind.tables.iter().filter(is_stale).copied().collect();
    contents.push((MANIFEST, text.into_bytes()));
    let workshop = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempdir_in(folder)?;
    for (name, content) in &contents {
        let mut file = File::create(workshop.path().join(name))?;
        file.write_all(content)?;
        file.sync_all()?;
    }
    // Until the new manifest is there, no old one says that these files are whole.
    for name in [MANIFEST].into_iter().chain(stale) {
        match fs::remove_file(folder.join(name)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
    }
    for (name, _) in &contents {
        fs::rename(workshop.path().join(name), folder.join(name))?;
    }
    Ok(names)
}
