//! The evidence pack: what a task force or an inspector asks for, made from a finished folder alone.
//!
//! The pack is a folder of its own, `evidence`, in the folder of the results: one page with every item, the tables of
//! the results with a dictionary of their columns, the scenario as it was played, the manifest, and the hash of each of these.
//! `run` fills the items from a run, `guideline` from a guideline, and `common` those that both answer alike.
//! What only a person can say stands in a file beside it, which is never overwritten.

mod answers;
mod common;
mod guideline;
mod items;
mod model;
mod run;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::output::chart::canvas::Drawn;
use crate::output::csv::dictionary::dictionary;
use crate::output::evidence::answers::{ANSWERS, Answers};
use crate::output::guideline::kept::Kept as KeptGuideline;
use crate::output::kept::Kept;
use crate::output::kept::problem::{GUIDELINE, KeptError};
use crate::output::manifest::{MANIFEST, Manifest, Source, Written as Produced};
use crate::output::page::error::PageError;
use crate::output::page::shell::{Part, Shell, is_ours, page};
use crate::output::report::story::Story;
use crate::output::seal::with_added;
use crate::output::store::add::{Addition, add};
use crate::output::store::hashed::hexadecimal;

/// The folder of the pack, in the folder of the run.
pub const PACK: &str = "evidence";
/// The page of the pack.
pub const PAGE: &str = "pack.html";
/// The hashes, as `sha256sum --check` reads them.
const SUMS: &str = "SHA256SUMS";

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The page.
    pub page: PathBuf,
    /// The file of answers.
    pub answers: PathBuf,
    /// Prompts that wait for a person.
    pub blanks: usize,
}

/// Writes the pack of a finished folder into it, and its hashes into the manifest, all at once: of a run, or of a
/// guideline.
///
/// # Errors
/// [`PageError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<Written, PageError> {
    match Kept::open(folder) {
        Ok(kept) => of_run(&kept),
        Err(KeptError::Other(folder, GUIDELINE)) => of_guideline(&folder),
        Err(error) => Err(PageError::Kept(error)),
    }
}

fn of_run(kept: &Kept) -> Result<Written, PageError> {
    let manifest = &kept.manifest;
    let subject = Subject {
        folder: &kept.folder,
        title: &manifest.scenario.title,
        casecap: &manifest.casecap,
        files: &manifest.files,
        sources: &manifest.scenario.files,
        manifest: &kept.manifest_text,
    };
    let draw = |answers: &Answers, earlier: Option<Vec<u8>>| {
        let earlier = earlier.and_then(|text| serde_json::from_slice::<Manifest>(&text).ok());
        run::parts(&Story::of(kept), answers, earlier.as_ref())
    };
    subject.write(&draw)
}

fn of_guideline(folder: &Path) -> Result<Written, PageError> {
    let kept = KeptGuideline::open(folder).map_err(PageError::Kept)?;
    let manifest = &kept.manifest;
    let subject = Subject {
        folder: &kept.folder,
        title: &manifest.title,
        casecap: &manifest.casecap,
        files: &manifest.files,
        sources: &manifest.scenario_files,
        manifest: &kept.manifest_text,
    };
    let draw = |answers: &Answers, earlier: Option<Vec<u8>>| {
        let earlier = earlier.and_then(|text| serde_json::from_slice(&text).ok());
        guideline::parts(&kept, answers, earlier.as_ref())
    };
    subject.write(&draw)
}

/// Draws the items.
///
/// * first argument - what a person answered
/// * second - the manifest of the pack that this one replaces, if there is one
type Draw<'a> = &'a dyn Fn(&Answers, Option<Vec<u8>>) -> Drawn<Vec<Part>>;

/// What a pack is made of.
struct Subject<'a> {
    folder: &'a Path,
    title: &'a str,
    /// Version that made the results.
    casecap: &'a str,
    files: &'a [Produced],
    sources: &'a [Source],
    manifest: &'a [u8],
}

impl Subject<'_> {
    /// Writes the pack.
    fn write(&self, draw: Draw<'_>) -> Result<Written, PageError> {
        let folder = self.folder;
        let answers = Answers::read(folder).map_err(PageError::Answers)?;
        let pack = folder.join(PACK);
        if pack.exists() {
            if !is_ours(&pack.join(PAGE)) {
                return Err(PageError::Foreign(pack));
            }
            // The folder is exchanged as a whole: what somebody has put into it would go with it.
            let failed = |error| PageError::Read(pack.clone(), error);
            if let Some(guest) = guest(&pack).map_err(failed)? {
                return Err(PageError::Foreign(guest));
            }
        }
        let earlier = fs::read(pack.join(MANIFEST)).ok();
        let parts = draw(&answers, earlier).map_err(PageError::Draw)?;
        let failed = |error| PageError::Read(pack.clone(), error);
        let mut all = self.files(&self.page(&parts)).map_err(failed)?;
        let file = folder.join(ANSWERS);
        if !file.exists() {
            all.push(Addition {
                is_listed: false,
                ..Addition::listed(ANSWERS, answers.file())
            });
        }
        let is_of_pack = |name: &str| {
            let below = name.strip_prefix(PACK);
            below.is_some_and(|below| below.starts_with('/'))
        };
        add(folder, self.manifest, &all, is_of_pack).map_err(PageError::Store)?;
        Ok(Written {
            page: pack.join(PAGE),
            answers: file,
            blanks: common::blanks(&answers),
        })
    }

    /// Makes the page.
    fn page(&self, parts: &[Part]) -> String {
        let footer = [
            format!(
                "Made by casecap {} from the results of casecap {}. All figures are simulated: none is counted, and none is a \
                 statistic about children.",
                env!("CARGO_PKG_VERSION"),
                self.casecap
            ),
            "Accessibility: made for WCAG 2.2 level AA, and checked by a program, with the keyboard and on a narrow screen. Known \
             gap: wide tables move sideways on narrow screens."
                .to_owned(),
        ];
        let shell = Shell {
            kind: "Evidence pack of a simulated answer about caseloads",
            title: self.title,
            subtitle: "What a person must still answer is marked as not answered.",
            footer: &footer,
        };
        page(shell, &[], parts)
    }

    /// Every file of the pack.
    ///
    /// # Errors
    /// Those of reading the files of the results.
    fn files(&self, page: &str) -> io::Result<Vec<Addition>> {
        let mut contents = BTreeMap::new();
        contents.insert(PAGE.to_owned(), page.as_bytes().to_vec());
        let columns = dictionary(self.folder, self.files)?;
        contents.insert("data/dictionary.csv".to_owned(), columns);
        // As it was before anything was added: a pack is the same whenever it is made.
        let plain = with_added(self.manifest, &[], |_| true)?;
        contents.insert(MANIFEST.to_owned(), plain);
        for file in self.files {
            let bytes = fs::read(self.folder.join(&file.name))?;
            contents.insert(format!("data/{}", file.name), bytes);
        }
        for (at, source) in self.sources.iter().enumerate() {
            // Of a list of people there is only what the manifest has.
            if let Some(text) = &source.text {
                let name = plain_name(at, &source.path);
                contents.insert(format!("scenario/{name}"), text.clone().into_bytes());
            }
        }
        let mut sums = String::new();
        for (name, bytes) in &contents {
            sums += &format!("{}  {name}\n", hexadecimal(&Sha256::digest(bytes)));
        }
        contents.insert(SUMS.to_owned(), sums.into_bytes());
        let all = contents.into_iter();
        Ok(all
            .map(|(name, bytes)| Addition::listed(&format!("{PACK}/{name}"), bytes))
            .collect())
    }
}

/// Files of a pack, in order, as paths below it with `/` between.
fn files(pack: &Path) -> io::Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for (folder, prefix) in [("", ""), ("data", "data/"), ("scenario", "scenario/")] {
        for entry in fs::read_dir(pack.join(folder))? {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if !matches!(name.as_str(), "data" | "scenario") {
                found.insert(name);
            }
        }
    }
    Ok(found)
}

/// Something in a pack that its own list of hashes does not name; nothing where all is the pack's.
fn guest(pack: &Path) -> io::Result<Option<PathBuf>> {
    let sums = fs::read_to_string(pack.join(SUMS))?;
    let known: BTreeSet<&str> = sums.lines().filter_map(|line| line.get(66..)).collect();
    let mut all = files(pack)?.into_iter();
    let guest = all.find(|name| name != SUMS && !known.contains(name.as_str()));
    Ok(guest.map(|name| pack.join(name)))
}

/// A name for a scenario's file that is safe everywhere: its number, and what is plain of its own name.
fn plain_name(at: usize, path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain = |c: char| match c {
        c if c.is_ascii_alphanumeric() || "-_.".contains(c) => c,
        _ => '_',
    };
    let name: String = name.chars().take(80).map(plain).collect();
    format!("{}-{}", at + 1, name)
}

#[cfg(test)]
mod tests;
