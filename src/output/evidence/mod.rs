//! The evidence pack: what a task force or an inspector asks for, made from a finished folder alone.
//!
//! The pack is a folder of its own, `evidence`, in the folder of the run: one page with every item, the tables of the
//! run with a dictionary of their columns, the scenario as it was played, the manifest, and the hash of each of these.
//! What only a person can say stands in a file beside it, which is never overwritten.

mod answers;
mod items;
mod model;
mod parts;
mod tables;

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::output::chart::canvas::DrawError;
use crate::output::csv::dictionary::dictionary;
use crate::output::evidence::answers::{ANSWERS, Answers};
use crate::output::evidence::parts::parts;
use crate::output::folder::add;
use crate::output::kept::{Kept, hash_of};
use crate::output::manifest::{MANIFEST, Manifest};
use crate::output::page::error::PageError;
use crate::output::page::shell::{Shell, is_ours, page};
use crate::output::report::story::Story;

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

/// Writes the pack of a finished folder into it, whole or not at all.
///
/// # Errors
/// [`PageError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<Written, PageError> {
    let kept = Kept::open(folder).map_err(PageError::Kept)?;
    let answers = Answers::read(folder).map_err(PageError::Answers)?;
    let pack = folder.join(PACK);
    if pack.exists() {
        if !is_ours(&pack.join(PAGE)) {
            return Err(PageError::Foreign(pack));
        }
        // The folder is exchanged as a whole: what somebody has put into it would go with it.
        let failed = |error| PageError::Write(pack.clone(), error);
        if let Some(guest) = guest(&pack).map_err(failed)? {
            return Err(PageError::Foreign(guest));
        }
    }
    let earlier = fs::read(pack.join(MANIFEST)).ok();
    let earlier: Option<Manifest> = earlier.and_then(|text| serde_json::from_slice(&text).ok());
    let text = build(&kept, &answers, earlier.as_ref()).map_err(PageError::Draw)?;
    let failed = |error| PageError::Write(pack.clone(), error);
    put(&kept, &pack, &text).map_err(failed)?;
    let file = folder.join(ANSWERS);
    if !file.exists() {
        let failed = |error| PageError::Write(file.clone(), error);
        add(folder, ANSWERS, answers.file().as_bytes()).map_err(failed)?;
    }
    Ok(Written {
        page: pack.join(PAGE),
        answers: file,
        blanks: parts::blanks(&answers),
    })
}

/// Makes the page.
///
/// * `earlier` - the run of the pack that this one replaces, if there is one
fn build(kept: &Kept, answers: &Answers, earlier: Option<&Manifest>) -> Result<String, DrawError> {
    let story = Story::of(kept);
    let parts = parts(&story, answers, earlier)?;
    let footer = [
        format!(
            "Made by casecap {} from the results of casecap {}. All figures are simulated: none is counted, and none is a \
             statistic about children.",
            env!("CARGO_PKG_VERSION"),
            kept.manifest.casecap
        ),
        "Accessibility: made for WCAG 2.2 level AA, and checked by a program, with the keyboard and on a narrow screen. Known \
         gap: wide tables move sideways on narrow screens."
            .to_owned(),
    ];
    let shell = Shell {
        kind: "Evidence pack of a simulated answer about caseloads",
        title: &kept.manifest.scenario.title,
        subtitle: "What a person must still answer is marked as not answered.",
        footer: &footer,
    };
    Ok(page(shell, &[], &parts))
}

/// Makes the folder beside its place, and then exchanges it for the one that is there.
fn put(kept: &Kept, pack: &Path, text: &str) -> io::Result<()> {
    let workshop = tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempdir_in(&kept.folder)?;
    let new = workshop.path().join(PACK);
    fs::create_dir_all(new.join("data"))?;
    fs::create_dir_all(new.join("scenario"))?;
    fs::write(new.join(PAGE), text)?;
    fs::write(new.join("data/dictionary.csv"), dictionary(kept)?)?;
    fs::copy(kept.folder.join(MANIFEST), new.join(MANIFEST))?;
    for file in &kept.manifest.files {
        fs::copy(
            kept.folder.join(&file.name),
            new.join("data").join(&file.name),
        )?;
    }
    for (at, source) in kept.manifest.scenario.files.iter().enumerate() {
        let name = plain_name(at, &source.path);
        fs::write(new.join("scenario").join(name), &source.text)?;
    }
    let mut sums = String::new();
    for name in files(&new)? {
        sums += &format!("{}  {name}\n", hash_of(&new.join(&name))?);
    }
    fs::write(new.join(SUMS), sums)?;
    for name in files(&new)? {
        fs::File::open(new.join(name))?.sync_all()?;
    }
    let aside = workshop.path().join("earlier");
    let is_there = pack.exists();
    if is_there {
        fs::rename(pack, &aside)?;
    }
    fs::rename(&new, pack).inspect_err(|_| {
        if is_there {
            let _ = fs::rename(&aside, pack);
        }
    })
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
