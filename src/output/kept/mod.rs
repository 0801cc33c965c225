//! A finished results folder, read back: the run as its files tell it, and nothing else.
//!
//! What stands there is checked first: that the folder is whole, of a version that this program knows, and that no file
//! has changed since the run wrote it.

mod frame;
pub mod problem;
mod table;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::experiment::summary::Summary;
use crate::output::folder::DISTRIBUTION;
use crate::output::kept::problem::{GUIDELINE, KeptError, SENSITIVITY, SWEEP, Trouble};
use crate::output::manifest::{BLOCKS, MANIFEST, Manifest, Written};
use crate::output::seal::{Seal, seal};
use crate::output::store::hashed::hexadecimal;
use crate::scenario::document::Document;
use crate::statistics::interval::Interval;

/// Manifests are far smaller, though scenarios with long lists stand in them [bytes].
const LARGEST_MANIFEST: u64 = 512 * 1024 * 1024;
/// Bytes read at a time while a file's hash is taken.
const CHUNK: usize = 1 << 16;

/// How often a target was met under a policy, as the file has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Aim {
    /// Replications that met it.
    pub hits: u64,
    /// Replications.
    pub n: u64,
    /// Replications in which a number that it needs is missing.
    pub undefined: u64,
    /// Share of the replications that met it.
    pub probability: f64,
    /// Its 95 % interval; nothing where there is none.
    pub interval: Option<Interval>,
}

/// What one feedback carries of the difference in one metric, as the file has it.
#[derive(Clone, Debug, PartialEq)]
pub struct CarriedRow {
    /// Key of the metric.
    pub metric: String,
    /// True: over the whole horizon; false: in the last month.
    pub is_horizon: bool,
    /// What was cut.
    pub cut: String,
    /// The whole difference: mean, and ends of its 95 % interval.
    pub whole: [f64; 3],
    /// What the difference loses by the cut, alike.
    pub carried: [f64; 3],
    /// What is left of it, alike.
    pub left: [f64; 3],
    /// Key of the weakest evidence of the feedback; empty where there is no such feedback.
    pub weakest_key: String,
    /// Its grade; empty where nobody says.
    pub weakest_grade: String,
}

/// What each feedback carries of the difference between two policies.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptExplanation {
    /// Name of the policy.
    pub policy: String,
    /// Name of the one that it is held against.
    pub against: String,
    /// In the order of the file.
    pub rows: Vec<CarriedRow>,
}

/// A finished run, read back from its folder.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The folder.
    pub folder: PathBuf,
    /// What was run.
    pub manifest: Manifest,
    /// What it came to. Its targets are in [`Kept::aims`], because a file has their intervals and not what those
    /// were made of; `until` and `outcomes` are in [`Kept::precisions`].
    pub summary: Summary,
    /// (policies x targets,) and behind the targets of each policy all of them together.
    pub aims: Vec<Vec<Aim>>,
    /// Names of the stages, teams and grades, as the files order them.
    pub names: [Vec<String>; 3],
    /// Heading and rows of precision.csv; nothing where no precision was asked for.
    pub precisions: Option<(Vec<String>, Vec<Vec<String>>)>,
    /// Where the run explained a difference.
    pub explanation: Option<KeptExplanation>,
    /// The scenario, checked again; nothing where this version no longer takes it.
    pub document: Option<Document>,
    /// The bytes of the manifest.
    pub manifest_text: Vec<u8>,
}

/// What a manifest of any kind says of the files of its folder.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The bytes of the manifest.
    pub text: Vec<u8>,
    /// The files of the results.
    pub files: Vec<Written>,
    /// Files that were made of them later.
    pub added: Vec<Written>,
    /// The command that makes the results anew.
    pub command: String,
    /// What the manifest's hash says of itself.
    pub seal: Seal,
}

/// The part that the manifests of all kinds share.
#[derive(Deserialize)]
struct Shared {
    command: String,
    files: Vec<Written>,
    #[serde(default)]
    added: Vec<Written>,
}

impl Listed {
    /// Reads the manifest of a folder of any kind.
    ///
    /// # Errors
    /// [`KeptError`]: there is none, it cannot be read, or it is of a newer version.
    pub fn open(folder: &Path) -> Result<Listed, KeptError> {
        let (text, value) = manifest_value(folder)?;
        let shared: Shared = serde_json::from_value(value)
            .map_err(|e| KeptError::Manifest(folder.join(MANIFEST), e.to_string()))?;
        Ok(Listed {
            seal: seal(&text),
            text,
            files: shared.files,
            added: shared.added,
            command: shared.command,
        })
    }

    /// Everything that is not as casecap wrote it: the manifest itself, a file of the results, and a file that was added.
    pub fn troubles(&self, folder: &Path) -> Vec<Trouble> {
        let own = (self.seal != Seal::Whole).then_some(Trouble::Seal(self.seal));
        let files = self.files.iter().chain(&self.added);
        own.into_iter()
            .chain(files.filter_map(|file| trouble(folder, file)))
            .collect()
    }

    /// Makes sure that results may be read: all is as casecap wrote it, but that an added file may have been removed.
    ///
    /// # Errors
    /// [`KeptError::Files`], with everything that is not.
    pub fn check(&self, folder: &Path) -> Result<(), KeptError> {
        let mut troubles = self.troubles(folder);
        let is_added = |name: &String| self.added.iter().any(|file| file.name == *name);
        troubles.retain(|t| !matches!(t, Trouble::Missing(name) if is_added(name)));
        match troubles.is_empty() {
            true => Ok(()),
            false => Err(KeptError::Files {
                folder: folder.to_owned(),
                command: self.command.clone(),
                troubles,
            }),
        }
    }
}

impl Kept {
    /// Reads a results folder.
    ///
    /// # Errors
    /// [`KeptError`]: what is wrong with the folder or its files, all at once.
    pub fn open(folder: &Path) -> Result<Kept, KeptError> {
        let manifest = read_manifest(folder)?;
        let listed = Listed::open(folder)?;
        listed.check(folder)?;
        let mut kept = table::read(folder, manifest)?;
        kept.manifest_text = listed.text;
        Ok(kept)
    }

    /// True where the run wrote a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.manifest.files.iter().any(|file| file.name == name)
    }

    /// True where the run wrote distributions: earlier versions did not.
    pub fn has_distributions(&self) -> bool {
        self.has(DISTRIBUTION)
    }

    /// Places of the policies that the reader asked for: without those that a study adds for itself.
    pub fn policies(&self) -> Vec<usize> {
        let all = 0..self.summary.policies.len();
        match &self.explanation {
            Some(explanation) => {
                let is_meant = |at: &usize| {
                    let name = &self.summary.policies[*at].name;
                    *name == explanation.policy || *name == explanation.against
                };
                all.filter(is_meant).collect()
            }
            None => all.collect(),
        }
    }
}

/// The manifest of a results folder, whatever has become of its files.
///
/// # Errors
/// [`KeptError`]: there is none, it cannot be read, or it is of a newer version.
pub fn read_manifest(folder: &Path) -> Result<Manifest, KeptError> {
    let (_, value) = manifest_value(folder)?;
    if value.get("run").is_none() {
        let is = |kind: &str| value.get("kind").is_some_and(|own| own == kind);
        let other = [
            (value.get("sweep").is_some(), SWEEP),
            (is(GUIDELINE), GUIDELINE),
            (is(SENSITIVITY), SENSITIVITY),
        ];
        if let Some((_, what)) = other.into_iter().find(|(is_so, _)| *is_so) {
            return Err(KeptError::Other(folder.to_owned(), what));
        }
    }
    serde_json::from_value(value)
        .map_err(|e| KeptError::Manifest(folder.join(MANIFEST), e.to_string()))
}

/// The manifest of any folder that this version knows, whichever command wrote it: its bytes, and what they say.
pub(super) fn manifest_value(folder: &Path) -> Result<(Vec<u8>, serde_json::Value), KeptError> {
    if !folder.is_dir() {
        return Err(KeptError::NoFolder(folder.to_owned()));
    }
    let path = folder.join(MANIFEST);
    let unreadable = |why: String| KeptError::Manifest(path.clone(), why);
    let about = match fs::metadata(&path) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(KeptError::NoManifest(folder.to_owned()));
        }
        about => about.map_err(|e| unreadable(e.to_string()))?,
    };
    if !about.is_file() || about.len() > LARGEST_MANIFEST {
        return Err(unreadable("it is no manifest of casecap".to_owned()));
    }
    let text = fs::read(&path).map_err(|e| unreadable(e.to_string()))?;
    let value: serde_json::Value =
        serde_json::from_slice(&text).map_err(|e| unreadable(e.to_string()))?;
    // The version first: what a newer one writes may not read at all.
    if let Some(version) = value.get("casecap").and_then(|v| v.as_str())
        && version_of(version) > version_of(env!("CARGO_PKG_VERSION"))
    {
        return Err(KeptError::Newer(folder.to_owned(), version.to_owned()));
    }
    Ok((text, value))
}

/// Numbers of a version, for comparing.
fn version_of(text: &str) -> [u64; 3] {
    let plain = text.split(['-', '+']).next().unwrap_or_default();
    let mut numbers = plain.split('.').map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| numbers.next().unwrap_or(0))
}

/// What is wrong with a file that the manifest names; nothing where it is as the run left it.
fn trouble(folder: &Path, file: &Written) -> Option<Trouble> {
    // A manifest may come from anywhere: a name is one below this folder, or none.
    let mut parts = Path::new(&file.name).components();
    let is_plain = parts.all(|part| matches!(part, Component::Normal(_)));
    if !is_plain || file.name.is_empty() || file.name.contains('\\') {
        return Some(Trouble::Name(file.name.clone()));
    }
    let path = folder.join(&file.name);
    let hash = match file.name.as_str() {
        // A sweep that is being added to only appends blocks.
        BLOCKS => hash_of_first(&path, file.bytes),
        _ => hash_of(&path),
    };
    let hash = match hash {
        Ok(hash) => hash,
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Some(Trouble::Missing(file.name.clone()));
        }
        Err(e) => return Some(Trouble::Unreadable(file.name.clone(), e.to_string())),
    };
    (hash != file.sha256).then(|| Trouble::Changed(file.name.clone()))
}

/// SHA-256 of a file, in hexadecimal.
pub(super) fn hash_of(path: &Path) -> io::Result<String> {
    hash_of_first(path, u64::MAX)
}

/// SHA-256 of the first bytes of a file, in hexadecimal.
fn hash_of_first(path: &Path, bytes: u64) -> io::Result<String> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut file = File::open(path)?.take(bytes);
    let mut hash = Sha256::new();
    let mut chunk = vec![0_u8; CHUNK];
    loop {
        let read = file.read(&mut chunk)?;
        if read == 0 {
            break;
        }
        hash.update(&chunk[..read]);
    }
    Ok(hexadecimal(&hash.finalize()))
}

#[cfg(test)]
pub(super) mod tests;
