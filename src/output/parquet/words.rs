//! What a Parquet file says of itself, as key and value in its footer: the run, and each column in JSON.

use serde_json::{Value as Json, json};

use crate::metric::catalogue::Definition;
use crate::metric::layout::Layout;
use crate::output::manifest::Manifest;
use crate::output::parquet::{Whom, metrics};

/// What is known before the run: version, scenario, seed, and what every column is.
pub fn of_run(run: &Manifest, whom: Whom, layout: &Layout) -> Vec<(String, String)> {
    let row = match whom {
        Whom::Service => "one replication, policy and month, of the whole service",
        Whom::Groups => "one replication, policy and month, of one team, one stage or one grade",
    };
    let files = run.scenario.files.iter();
    let hashes = files.map(|file| json!({ "sha256": file.sha256 }));
    let said = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let json = |name: &str, value: Json| (name.to_owned(), value.to_string());
    vec![
        said("casecap", &run.casecap),
        said("row", row),
        said("missing", "null, never 0"),
        said("scenario", &run.scenario.name),
        said("title", &run.scenario.title),
        json("scenario_files", hashes.collect()),
        json("policies", json!(run.run.policies)),
        json("baseline", json!(run.run.baseline)),
        json("cut", json!(run.run.cut)),
        said("seed", &run.run.seed.to_string()),
        said("generator", &run.run.generator),
        said("first_replication", &run.run.first_replication.to_string()),
        json("columns", columns(whom, layout)),
    ]
}

/// What is known after it: how many replications are kept, and whether the run was interrupted.
pub fn at_end(replications: u64, is_interrupted: bool) -> Vec<(String, String)> {
    [
        ("replications", replications.to_string()),
        ("interrupted", is_interrupted.to_string()),
    ]
    .map(|(name, text)| (name.to_owned(), text))
    .into()
}

fn columns(whom: Whom, layout: &Layout) -> Json {
    let lead = [
        ("replication", "number of the replication, from 0"),
        (
            "world",
            "number of the draw of what is not known that it was played in; 0 where nothing is",
        ),
        ("policy", "name of the policy"),
        ("month_end", "last day of the month"),
    ];
    let groups = [
        ("team", "name of the team that the row speaks of; else null"),
        (
            "stage",
            "name of the stage that the row speaks of; else null",
        ),
        (
            "grade",
            "name of the grade that the row speaks of; else null",
        ),
    ];
    let groups = groups.into_iter().filter(|_| whom == Whom::Groups);
    let labels = lead
        .into_iter()
        .chain(groups)
        .map(|(name, definition)| json!({ "name": name, "definition": definition }));
    labels
        .chain(metrics(whom, layout).into_iter().map(metric))
        .collect()
}

/// What the catalogue says of a metric.
fn metric(d: &Definition) -> Json {
    json!({
        "name": d.key,
        "label": d.metric.label(),
        "unit": d.unit,
        "better": d.better.word(),
        "for_whom": d.for_whom.words(),
        "taken": d.kind.words(),
        "rounding": d.rounding().words(),
        "missing": d.missing(),
        "population": d.population,
        "definition": d.definition,
    })
}
