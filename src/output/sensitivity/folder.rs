//! The files of a sensitivity analysis.

use std::io;

use serde::Serialize;

use crate::output::asked::{self, Kind};
use crate::output::csv::sensitivity as csv;
use crate::output::kept::problem::SENSITIVITY;
use crate::output::manifest::{Platform, Source, Written};
use crate::output::sensitivity::page::page;
use crate::output::sensitivity::told::Told;
use crate::output::store::error::StoreError;
use crate::output::store::place::{Place, Published};
use crate::random::stream::GENERATOR;

/// How much each input matters.
const RANKING: &str = "sensitivity.csv";
/// The points.
const POINTS: &str = "points.csv";
/// What each point came to.
const VALUES: &str = "values.csv";
/// How each policy does over plausible worlds.
const ROBUSTNESS: &str = "robustness.csv";
/// What each policy loses.
const REGRET: &str = "regret.csv";
/// Where the best policy fails.
const BOXES: &str = "boxes.csv";
/// The page.
const PAGE: &str = "sensitivity.html";

/// The kind of its folder.
pub const KIND: Kind = Kind {
    name: SENSITIVITY,
    page: PAGE,
    tables: &[RANKING, POINTS, VALUES, ROBUSTNESS, REGRET, BOXES],
};

/// What was asked, and what was written.
#[derive(Serialize)]
struct Manifest {
    casecap: String,
    kind: String,
    scenario: String,
    title: String,
    /// Every file that it was read from, whole.
    scenario_files: Vec<Source>,
    command: String,
    policies: Vec<String>,
    outcomes: Vec<String>,
    requirements: Vec<String>,
    inputs: Vec<String>,
    rows: usize,
    replications: u64,
    replications_of_a_world: u64,
    seed: u64,
    generator: String,
    platform: Platform,
    wall_time_seconds: f64,
    files: Vec<Written>,
}

/// Writes everything.
///
/// * `command` - that repeats it
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
    type Table = fn(&mut Vec<u8>, &Told<'_>) -> io::Result<()>;
    let mut tables: Vec<(&str, Table)> = vec![
        (RANKING, |out, told| csv::sensitivity(out, told)),
        (POINTS, |out, told| csv::points(out, told)),
        (VALUES, |out, told| csv::values(out, told)),
    ];
    if told
        .robust
        .is_some_and(|robust| !robust.standings.is_empty())
    {
        tables.push((ROBUSTNESS, |out, told| csv::robustness(out, told)));
        tables.push((BOXES, |out, told| csv::boxes(out, told)));
    }
    if told.robust.is_some_and(|robust| !robust.losses.is_empty()) {
        tables.push((REGRET, |out, told| csv::regret(out, told)));
    }
    let mut contents: Vec<(&str, Vec<u8>)> = Vec::new();
    for (name, table) in tables {
        let mut content = Vec::new();
        table(&mut content, told).map_err(failed)?;
        contents.push((name, content));
    }
    let page = page(told, command).map_err(|e| failed(io::Error::other(e.to_string())))?;
    contents.push((PAGE, page.into_bytes()));
    let question = told.question;
    let scenario = told.document.scenario();
    let manifest = |files: Vec<Written>| Manifest {
        casecap: env!("CARGO_PKG_VERSION").to_owned(),
        kind: KIND.name.to_owned(),
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        scenario_files: Source::all(told.document, with_cases),
        command: command.to_owned(),
        policies: (0..question.policies.len())
            .map(|at| told.policy(at).to_owned())
            .collect(),
        outcomes: question.outcomes.iter().map(|o| o.text.clone()).collect(),
        requirements: question
            .requirements
            .iter()
            .map(|r| r.text.clone())
            .collect(),
        inputs: told.inputs.list.iter().map(|i| i.key.clone()).collect(),
        rows: question.rows,
        replications: question.replications,
        replications_of_a_world: question.in_world,
        seed: question.seed,
        generator: GENERATOR.to_owned(),
        platform: Platform::here(),
        wall_time_seconds,
        files,
    };
    asked::write(place, &KIND, told.document, contents, manifest)
}
