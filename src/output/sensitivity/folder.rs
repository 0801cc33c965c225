//! The files of a sensitivity analysis.

use std::io;
use std::path::Path;

use serde_json::json;

use crate::output::asked::{self, About, Kind};
use crate::output::csv::sensitivity as csv;
use crate::output::kept::problem::SENSITIVITY;
use crate::output::sensitivity::page::page;
use crate::output::sensitivity::told::Told;

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

/// Writes everything.
///
/// * `command` - that repeats it
/// * returns - names of the files
///
/// # Errors
/// Those of the disk, and of the charts.
pub fn write(
    folder: &Path,
    told: &Told<'_>,
    command: &str,
    wall_time_seconds: f64,
) -> io::Result<Vec<String>> {
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
        table(&mut content, told)?;
        contents.push((name, content));
    }
    let page = page(told, command).map_err(|e| io::Error::other(e.to_string()))?;
    contents.push((PAGE, page.into_bytes()));
    let question = told.question;
    let texts = |list: Vec<String>| list;
    let about = About {
        document: told.document,
        command,
        asked: json!({
            "policies": texts((0..question.policies.len()).map(|at| told.policy(at).to_owned()).collect()),
            "outcomes": texts(question.outcomes.iter().map(|o| o.text.clone()).collect()),
            "requirements": texts(question.requirements.iter().map(|r| r.text.clone()).collect()),
            "inputs": texts(told.inputs.list.iter().map(|i| i.key.clone()).collect()),
            "rows": question.rows,
            "replications": question.replications,
            "replications_of_a_world": question.in_world,
        }),
        seed: question.seed,
        wall_time_seconds,
    };
    asked::write(folder, &KIND, about, contents)
}
