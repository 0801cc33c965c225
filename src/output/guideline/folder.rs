//! The folder of a guideline: tables, statement, page, the scenario as it was played, and the manifest last.

use std::io;

use serde::{Deserialize, Serialize};

use crate::output::asked::{self, Kind};
use crate::output::csv::guideline as csv;
use crate::output::guideline::page::page;
use crate::output::guideline::statement::statement;
use crate::output::guideline::told::Told;
use crate::output::kept::problem::GUIDELINE;
use crate::output::manifest::{Platform, Source, Written};
use crate::output::prose::wrapped;
use crate::output::store::error::StoreError;
use crate::output::store::place::{Place, Published};
use crate::random::stream::GENERATOR;

/// One row for each setting and requirement.
pub const SETTINGS: &str = "guideline.csv";
/// One row for each value that was looked at along an edge, and requirement.
pub const FRONTIER: &str = "frontier.csv";
/// One row for each setting, world and requirement.
pub const WORLDS: &str = "worlds.csv";
/// One row for each number that worlds draw.
pub const ASSUMPTIONS: &str = "assumptions.csv";
/// What may be quoted.
pub const STATEMENT: &str = "statement.txt";
/// The page.
pub const PAGE: &str = "guideline.html";

/// The kind of its folder.
pub const KIND: Kind = Kind {
    name: GUIDELINE,
    page: PAGE,
    tables: &[SETTINGS, FRONTIER, WORLDS, ASSUMPTIONS, STATEMENT],
};

/// What a guideline was, and what it wrote.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of casecap.
    pub casecap: String,
    /// Tells it from the manifest of a run.
    pub kind: String,
    /// Short name of the scenario.
    pub scenario: String,
    /// Its title.
    pub title: String,
    /// Every file that it was read from, whole.
    pub scenario_files: Vec<Source>,
    /// The command that repeats it.
    pub command: String,
    /// The policy in question.
    pub policy: String,
    /// Keys that were varied, as written; those of earlier versions have none.
    #[serde(default)]
    pub varied: Vec<String>,
    /// The key along which edges were looked for.
    #[serde(default)]
    pub against: Option<String>,
    /// What was required.
    pub requirements: Vec<String>,
    /// Plausible worlds.
    #[serde(default)]
    pub worlds: usize,
    /// Chance of error of all decisions together.
    pub error: f64,
    /// Replications at most.
    pub budget: u64,
    /// Replications played.
    pub replications: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Generator of chance.
    pub generator: String,
    /// True where it was stopped from outside.
    pub interrupted: bool,
    /// Machine on which it ran; another gives the same numbers.
    pub platform: Platform,
    /// From the first replication to the last [s].
    pub wall_time_seconds: f64,
    /// What it wrote.
    pub files: Vec<Written>,
}

/// Writes everything; each file appears whole or not at all, the manifest last.
///
/// * returns - where they are, and the names of the files
///
/// # Errors
/// [`StoreError`]; the earlier results are unchanged then, but for [`StoreError::Unfinished`].
pub fn write(
    place: Place,
    told: &Told<'_>,
    command: &str,
    wall_time_seconds: f64,
    with_cases: bool,
) -> Result<(Published, Vec<String>), StoreError> {
    let shown = place.folder().to_owned();
    let failed = |error| StoreError::Write(shown.clone(), error);
    let mut contents: Vec<(&str, Vec<u8>)> = Vec::new();
    let mut table = Vec::new();
    csv::settings(&mut table, told).map_err(failed)?;
    contents.push((SETTINGS, table));
    if told.question.against.is_some() {
        let mut table = Vec::new();
        csv::frontier(&mut table, told).map_err(failed)?;
        contents.push((FRONTIER, table));
    }
    if told.question.worlds > 0 {
        let mut table = Vec::new();
        csv::worlds(&mut table, told).map_err(failed)?;
        contents.push((WORLDS, table));
        let mut table = Vec::new();
        csv::assumptions(&mut table, told).map_err(failed)?;
        contents.push((ASSUMPTIONS, table));
    }
    let paragraphs = statement(told);
    let lines: Vec<String> = paragraphs.iter().map(|p| wrapped(p).join("\n")).collect();
    contents.push((STATEMENT, format!("{}\n", lines.join("\n\n")).into_bytes()));
    let page = page(told, command).map_err(|e| failed(io::Error::other(e.to_string())))?;
    contents.push((PAGE, page.into_bytes()));
    let scenario = told.document.scenario();
    let requirements = told.question.requirements.iter();
    let axes = told.question.axes.iter();
    let manifest = |files: Vec<Written>| Manifest {
        casecap: env!("CARGO_PKG_VERSION").to_owned(),
        kind: GUIDELINE.to_owned(),
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        scenario_files: Source::all(told.document, with_cases),
        command: command.to_owned(),
        policy: told.policy().to_owned(),
        varied: axes.map(|axis| axis.written.clone()).collect(),
        against: told.question.against.as_ref().map(|a| a.written.clone()),
        requirements: requirements.map(|r| r.text.clone()).collect(),
        worlds: told.question.worlds,
        error: told.question.error,
        budget: told.question.budget,
        replications: told.answer.spent,
        seed: told.question.seed,
        generator: GENERATOR.to_owned(),
        interrupted: told.answer.is_interrupted,
        platform: Platform::here(),
        wall_time_seconds,
        files,
    };
    asked::write(place, &KIND, told.document, contents, manifest)
}
