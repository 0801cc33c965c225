//! What a sweep is, as it stands in its folder: enough to go on with it, to join it, or to play it again.

use std::fs;
use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::experiment::plan::{PlanError, index_of};
use crate::experiment::sweep::design::Design;
use crate::experiment::sweep::plan::Sweep;
use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::output::manifest::{MANIFEST, Source};
use crate::output::store::disk::replace_file;
use crate::random::stream::GENERATOR;
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::scenario::vary::amount::Amount;

/// The file in the folder of a sweep.
pub const SPEC: &str = "sweep.json";
/// What a whole sweep becomes where it is being added to: it takes the place of [`SPEC`] with the new results.
pub const NEXT: &str = "sweep-next.json";

/// A sweep as written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Spec {
    /// Version of casecap.
    pub casecap: String,
    /// Generator of chance.
    pub generator: String,
    /// Short name of the scenario.
    pub scenario: String,
    /// Every file that it was read from, whole.
    pub files: Vec<Source>,
    /// The keys that are varied.
    pub keys: Vec<String>,
    /// (points x keys,) what each is set to; empty: as the scenario has it.
    pub points: Vec<Vec<String>>,
    /// Names of the policies.
    pub policies: Vec<String>,
    /// Replications of each policy at each point.
    pub replications: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications that share one draw of the uncertain numbers.
    pub replications_per_world: u64,
    /// Metrics that are kept.
    pub metrics: Vec<String>,
    /// Which share of the blocks this folder is for, and of how many; absent: all.
    pub shard: Option<(u64, u64)>,
    /// The command that makes it: what it is, without where it was typed, how many threads it had, and how often it was
    /// stopped.
    pub command: String,
}

impl Spec {
    /// A sweep as it is to be written down.
    ///
    /// * `with_cases` - true: the rows of a list of open cases are kept
    pub fn of(
        document: &Document,
        sweep: &Sweep,
        shard: Option<(u64, u64)>,
        command: &str,
        with_cases: bool,
    ) -> Spec {
        let policies = &document.scenario().policies;
        let text = |a: &Option<Amount>| a.as_ref().map_or(String::new(), Amount::to_string);
        let points = sweep.design.points.iter();
        Spec {
            casecap: env!("CARGO_PKG_VERSION").to_owned(),
            generator: GENERATOR.to_owned(),
            scenario: document.scenario().name.clone(),
            files: Source::all(document, with_cases),
            keys: sweep.design.keys.clone(),
            points: points.map(|p| p.iter().map(text).collect()).collect(),
            policies: sweep
                .policies
                .iter()
                .map(|at| policies[*at].name.clone())
                .collect(),
            replications: sweep.replications,
            seed: sweep.seed,
            replications_per_world: sweep.per_world,
            metrics: sweep
                .metrics
                .iter()
                .map(|m| m.definition().key.to_owned())
                .collect(),
            shard,
            command: command.to_owned(),
        }
    }

    /// Reads what a folder is for: the sweep under way, or the one that is whole.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read(folder: &Path) -> Result<Spec, String> {
        match folder.join(NEXT).exists() {
            true => Spec::read_file(folder, NEXT),
            false => Spec::read_whole(folder),
        }
    }

    /// Reads the sweep whose results a folder holds.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn read_whole(folder: &Path) -> Result<Spec, String> {
        Spec::read_file(folder, SPEC)
    }

    fn read_file(folder: &Path, name: &str) -> Result<Spec, String> {
        let path = folder.join(name);
        let shown = path.display();
        let text = fs::read(&path).map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => format!(
                "{} is no folder of a sweep: it has no {SPEC}\n  name one that `casecap sweep` has written",
                folder.display()
            ),
            _ => format!("{shown} cannot be read: {e}"),
        })?;
        serde_json::from_slice(&text).map_err(|e| {
            format!("{shown} is not whole: {e}\n  bring it back from a copy, or play the sweep anew with --force")
        })
    }

    /// Writes it into a folder, whole or not at all. Where the folder holds the results of another sweep, those stay
    /// complete: it waits in [`NEXT`] until the new results are.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        let text = self.text()?;
        let is_same = fs::read(folder.join(SPEC)).is_ok_and(|there| there == text);
        if folder.join(MANIFEST).exists() && !is_same {
            return replace_file(&folder.join(NEXT), &text);
        }
        if !is_same {
            replace_file(&folder.join(SPEC), &text)?;
        }
        match fs::remove_file(folder.join(NEXT)) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(e),
            _ => Ok(()),
        }
    }

    /// Its text.
    ///
    /// # Errors
    /// Where it cannot be written as JSON.
    pub fn text(&self) -> io::Result<Vec<u8>> {
        let mut text = serde_json::to_vec(self)?;
        text.push(b'\n');
        Ok(text)
    }

    /// The scenario, from the files that were kept.
    ///
    /// # Errors
    /// All problems at once.
    pub fn document(&self) -> Result<Document, Problems> {
        Source::document(&self.scenario, &self.files)
    }

    /// The sweep.
    ///
    /// # Errors
    /// What does not fit the scenario, in words.
    pub fn sweep(&self, document: &Document) -> Result<Sweep, String> {
        let policies = &document.scenario().policies;
        let policies: Result<Vec<usize>, PlanError> = self
            .policies
            .iter()
            .map(|name| index_of(policies, name))
            .collect();
        let points: Result<Vec<Vec<Option<Amount>>>, String> = self
            .points
            .iter()
            .map(|point| point.iter().map(|text| read_amount(text)).collect())
            .collect();
        Ok(Sweep {
            design: Design {
                keys: self.keys.clone(),
                points: points?,
            },
            policies: policies.map_err(|e| e.to_string())?,
            replications: self.replications,
            seed: self.seed,
            per_world: self.replications_per_world,
            metrics: metrics(&self.metrics)?,
        })
    }

    /// What differs between two shares of what should be one sweep, in words.
    pub fn differences(&self, other: &Spec) -> Vec<String> {
        let mut told = Vec::new();
        let mut tell = |what: &str, here: String, there: String| {
            if here != there {
                told.push(format!("{what}: {here} and {there}"));
            }
        };
        tell(
            "casecap version",
            self.casecap.clone(),
            other.casecap.clone(),
        );
        tell("generator", self.generator.clone(), other.generator.clone());
        tell("scenario", self.scenario.clone(), other.scenario.clone());
        tell("seed", self.seed.to_string(), other.seed.to_string());
        tell(
            "replications",
            self.replications.to_string(),
            other.replications.to_string(),
        );
        tell(
            "replications in a world",
            self.replications_per_world.to_string(),
            other.replications_per_world.to_string(),
        );
        tell(
            "policies",
            self.policies.join(", "),
            other.policies.join(", "),
        );
        tell("keys", self.keys.join(", "), other.keys.join(", "));
        tell(
            "metrics",
            self.metrics.len().to_string(),
            other.metrics.len().to_string(),
        );
        let hashes =
            |spec: &Spec| -> Vec<String> { spec.files.iter().map(|f| f.sha256.clone()).collect() };
        if hashes(self) != hashes(other) {
            told.push("the text of the scenario".to_owned());
        }
        if self.points != other.points {
            told.push("the points of the design".to_owned());
        }
        told
    }
}

fn read_amount(text: &str) -> Result<Option<Amount>, String> {
    match text.trim() {
        "" => Ok(None),
        text => Amount::parse(text).map(Some),
    }
}

/// Metrics by name; none named: all.
///
/// # Errors
/// A name that no metric has.
pub fn metrics(keys: &[String]) -> Result<Vec<Metric>, String> {
    if keys.is_empty() {
        return Ok(CATALOGUE.iter().map(|d| d.metric).collect());
    }
    let by_name = |key: &String| {
        let found = CATALOGUE.iter().find(|d| d.key == key);
        found.map(|d| d.metric).ok_or_else(|| {
            let names = CATALOGUE.iter().map(|d| d.key);
            match crate::scenario::key::nearest(key, names) {
                Some(right) => format!("there is no metric {key:?}\n  did you mean {right}?"),
                None => format!("there is no metric {key:?}\n  `casecap metrics` lists them"),
            }
        })
    };
    let mut metrics = keys
        .iter()
        .map(by_name)
        .collect::<Result<Vec<Metric>, String>>()?;
    metrics.sort_by_key(|metric| *metric as usize);
    metrics.dedup();
    Ok(metrics)
}
