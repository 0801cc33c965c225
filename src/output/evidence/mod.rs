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

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::output::chart::canvas::DrawError;
use crate::output::csv::dictionary::dictionary;
use crate::output::evidence::answers::{ANSWERS, Answers};
use crate::output::evidence::parts::parts;
use crate::output::kept::Kept;
use crate::output::kept::problem::KeptError;
use crate::output::manifest::{MANIFEST, Manifest};
use crate::output::page::shell::{Shell, is_ours, page};
use crate::output::report::story::Story;

/// The folder of the pack, in the folder of the run.
pub const PACK: &str = "evidence";
/// The page of the pack.
pub const PAGE: &str = "pack.html";
/// The hashes, as `sha256sum --check` reads them.
const SUMS: &str = "SHA256SUMS";

/// Why there is no pack.
#[derive(Debug)]
pub enum EvidenceError {
    /// The folder is no whole results.
    Kept(KeptError),
    /// The file of answers is wrong, in words.
    Answers(String),
    /// There is a folder that this program did not write.
    Foreign(PathBuf),
    /// A chart could not be drawn.
    Draw(DrawError),
    /// The pack could not be written; what was there before is there still.
    Write(PathBuf, io::Error),
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EvidenceError::Kept(error) => write!(f, "{error}"),
            EvidenceError::Answers(error) => write!(f, "{error}"),
            EvidenceError::Foreign(path) => write!(
                f,
                "{} is there already, and casecap did not write it\n  move it away, or give it another name",
                path.display()
            ),
            EvidenceError::Draw(error) => write!(f, "{error}"),
            EvidenceError::Write(path, error) => write!(
                f,
                "{} could not be written: {error}\n  what was there before is there still",
                path.display()
            ),
        }
    }
}

impl std::error::Error for EvidenceError {}

impl EvidenceError {
    /// True where another folder or file would do, false where the work itself failed.
    pub fn is_input(&self) -> bool {
        matches!(
            self,
            EvidenceError::Kept(_) | EvidenceError::Answers(_) | EvidenceError::Foreign(_)
        )
    }
}

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
/// [`EvidenceError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<Written, EvidenceError> {
    let kept = Kept::open(folder).map_err(EvidenceError::Kept)?;
    let answers = Answers::read(folder).map_err(EvidenceError::Answers)?;
    let pack = folder.join(PACK);
    if pack.exists() && !is_ours(&pack.join(PAGE)) {
        return Err(EvidenceError::Foreign(pack));
    }
    let earlier = fs::read(pack.join(MANIFEST)).ok();
    let earlier: Option<Manifest> = earlier.and_then(|text| serde_json::from_slice(&text).ok());
    let text = build(&kept, &answers, earlier.as_ref()).map_err(EvidenceError::Draw)?;
    let failed = |error| EvidenceError::Write(pack.clone(), error);
    put(&kept, &pack, &text).map_err(failed)?;
    let file = folder.join(ANSWERS);
    if !file.exists() {
        let failed = |error| EvidenceError::Write(file.clone(), error);
        put_file(folder, ANSWERS, answers.file().as_bytes()).map_err(failed)?;
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
    let mut sums = Vec::new();
    let mut add = |name: String, bytes: &[u8]| -> io::Result<()> {
        let mut file = File::create(new.join(&name))?;
        file.write_all(bytes)?;
        file.sync_all()?;
        sums.push((hash(bytes), name));
        Ok(())
    };
    add(PAGE.to_owned(), text.as_bytes())?;
    add(MANIFEST.to_owned(), &fs::read(kept.folder.join(MANIFEST))?)?;
    add("data/dictionary.csv".to_owned(), &dictionary(kept)?)?;
    for file in &kept.manifest.files {
        let bytes = fs::read(kept.folder.join(&file.name))?;
        add(format!("data/{}", file.name), &bytes)?;
    }
    for (at, source) in kept.manifest.scenario.files.iter().enumerate() {
        add(
            format!("scenario/{}", plain_name(at, &source.path)),
            source.text.as_bytes(),
        )?;
    }
    sums.sort_by(|a, b| a.1.cmp(&b.1));
    let lines: Vec<String> = sums
        .iter()
        .map(|(hash, name)| format!("{hash}  {name}\n"))
        .collect();
    fs::write(new.join(SUMS), lines.concat())?;
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

fn put_file(folder: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))?;
    Ok(())
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

/// SHA-256 in hexadecimal.
pub(super) fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
