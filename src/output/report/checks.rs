//! For the reader who checks: definitions, inputs, what was assumed, how it was run, and how it is repeated.

use crate::metric::catalogue::CATALOGUE;
use crate::metric::distribution::Distribution;
use crate::metric::symbol::{NOT_APPLICABLE, SYMBOLS};
use crate::output::html::Html;
use crate::output::manifest::{Evidence, Source, Written};
use crate::output::number;
use crate::output::page::figure::folded;
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::reading::GRADE_WORDS;
use crate::output::report::story::Story;
use crate::scenario::implied::implied;

/// The theory suite as it was published with this version.
const VALIDATION: &str = include_str!("../../../results/published/validation.txt");
/// Grades, the weakest first; what is not graded stands before the better ones.
const GRADES: [&str; 7] = ["D", "M", "", "C", "B", "A*", "A"];

/// Everything that the reader who checks looks for.
pub fn checks(story: &Story<'_>) -> Part {
    let mut html = Html::new();
    run(&mut html, story);
    assumed(&mut html, &story.kept.manifest.scenario.evidence);
    implications(&mut html, story);
    definitions(&mut html);
    theory(&mut html);
    repeat_run(&mut html, story);
    Part {
        id: "checks",
        heading: "For the reader who checks".to_owned(),
        body: html,
    }
}

pub fn run(html: &mut Html, story: &Story<'_>) {
    let manifest = &story.kept.manifest;
    let run = &manifest.run;
    html.words("h3", &[], "How it was run");
    let columns = [("What", Set::Words), ("Value", Set::Words)];
    let mut table = Table::new("run", "The run", &columns);
    table.row(["Scenario", &manifest.scenario.name]);
    table.row(["Policies", &run.policies.len().to_string()]);
    let months = format!(
        "{} from {} to {}",
        plural(story.months.len() as u64, "month"),
        story.month(0),
        story.month(story.last())
    );
    table.row(["Time", &months]);
    let kept = match run.replications_kept == run.replications_asked {
        true => number::count(run.replications_kept),
        false => format!(
            "{} of {} asked for",
            number::count(run.replications_kept),
            number::count(run.replications_asked)
        ),
    };
    table.row(["Replications of each policy", &kept]);
    let stopped = match (run.interrupted, run.until.is_empty()) {
        (true, _) => "interrupted from outside".to_owned(),
        (false, true) => "after a number of replications fixed before".to_owned(),
        (false, false) => format!(
            "as soon as each of these was known so precisely, by intervals that hold at every look: {}",
            run.until.join("; ")
        ),
    };
    table.row(["Stopping", &stopped]);
    let worlds = match (story.summary.worlds, run.replications_per_world) {
        (Some(worlds), Some(each)) => format!(
            "{} draws of the numbers that are not known, {} each",
            number::count(worlds),
            plural(each, "replication")
        ),
        (None, Some(_)) => {
            "a fresh draw of the numbers that are not known in each replication".to_owned()
        }
        _ => "every input has one value".to_owned(),
    };
    table.row(["Inputs that are not known", &worlds]);
    table.row(["Seed", &run.seed.to_string()]);
    table.row(["Generator of chance", &run.generator]);
    table.row([
        "Luck",
        "the same families, workers and luck under every policy; every difference is taken replication by replication",
    ]);
    if !run.cut.is_empty() {
        table.row(["Feedbacks that were cut", &run.cut.join(", ")]);
    }
    table.row([
        "Intervals",
        "95 %: Student's for means and mean differences, Wilson's for chances",
    ]);
    let program = format!(
        "casecap {} on {} {}",
        manifest.casecap, manifest.platform.os, manifest.platform.arch
    );
    // Not the time that it took: the same run makes the same page.
    table.row(["Program and machine", &program]);
    table.write(html);
    if let Some((heading, rows)) = &story.kept.precisions {
        let columns: Vec<(String, Set)> = heading
            .iter()
            .enumerate()
            .map(|(at, name)| {
                (
                    name.replace('_', " "),
                    if at < 3 { Set::Words } else { Set::Numbers },
                )
            })
            .collect();
        let mut table = Table {
            id: "precision".to_owned(),
            caption: "Precisions that were asked for, and how they came out".to_owned(),
            columns,
            rows: Vec::new(),
        };
        for row in rows {
            table.row(row.iter().map(|cell| short(cell)));
        }
        table.write(html);
    }
}

/// A number of a file with as many digits as are read at a glance.
pub fn short(cell: &str) -> String {
    match (cell.contains('.'), cell.parse::<f64>()) {
        (true, Ok(value)) => format!("{value:.4}"),
        _ => cell.to_owned(),
    }
}

pub fn assumed(html: &mut Html, register: &[Evidence]) {
    let mut register: Vec<&Evidence> = register.iter().collect();
    html.words(
        "h3",
        &[],
        "Inputs: where each comes from, and what was assumed",
    );
    if register.is_empty() {
        html.words(
            "p",
            &[],
            "The manifest of this run names no source of any input.",
        );
        return;
    }
    register.sort_by_key(|entry| {
        let grade = entry.grade.as_deref().unwrap_or("");
        GRADES.iter().position(|known| *known == grade)
    });
    html.words(
        "p",
        &[],
        &format!(
            "Grades: {GRADE_WORDS}. The years of the sources stand in their names. Assumptions come first."
        ),
    );
    let is_assumed = |entry: &&&Evidence| entry.grade.as_deref() == Some("D");
    let (assumed, others): (Vec<&Evidence>, Vec<&Evidence>) = {
        let (a, b): (Vec<&&Evidence>, Vec<&&Evidence>) =
            register.iter().partition(|entry| is_assumed(entry));
        (
            a.into_iter().copied().collect(),
            b.into_iter().copied().collect(),
        )
    };
    for (id, what, entries) in [
        ("assumed", "assumed (grade D)", assumed),
        ("sourced", "with another grade or none", others),
    ] {
        if entries.is_empty() {
            continue;
        }
        let caption = format!("{} {what}", plural(entries.len() as u64, "input"));
        let columns = [
            ("Input", Set::Code),
            ("Value", Set::Words),
            ("Range", Set::Words),
            ("Grade", Set::Words),
            ("Source and its date", Set::Words),
        ];
        let mut table = Table::new(id, &caption, &columns);
        for entry in entries {
            let or_not =
                |text: &Option<String>| text.clone().unwrap_or_else(|| "not said".to_owned());
            let own = entry.is_default.then(|| "casecap's own value".to_owned());
            let said: Vec<String> = [own, entry.source.clone(), entry.note.clone()]
                .into_iter()
                .flatten()
                .collect();
            let origin = match said.is_empty() {
                true => "nobody says".to_owned(),
                false => said.join("; "),
            };
            table.row([
                entry.key.clone(),
                entry.law.clone().unwrap_or_else(|| entry.value.clone()),
                or_not(&entry.range),
                or_not(&entry.grade),
                origin,
            ]);
        }
        folded(html, &caption, |html| table.write(html));
    }
}

fn implications(html: &mut Html, story: &Story<'_>) {
    let Some(document) = &story.kept.document else {
        return;
    };
    html.words(
        "h3",
        &[],
        "What the scenario implies before anything is played",
    );
    match implied(document.scenario()) {
        Ok(implied) => html.element("pre", &[("tabindex", "0")], |html| {
            html.text(&implied.in_words().join("\n"));
        }),
        Err(error) => html.words("p", &[], &format!("Nothing in the long run: {error}.")),
    }
}

pub fn definitions(html: &mut Html) {
    html.words("h3", &[], "Definitions");
    html.words(
        "p",
        &[],
        "A play is one replication of the service under one policy. Month-end figures are taken at the end \
         of the last day of each month. Numbers are rounded to what their error supports, and never beyond the decimals in the table.",
    );
    let columns = [("Symbol", Set::Words), ("Meaning", Set::Words)];
    let mut symbols = Table::new("symbols", "Symbols in the tables of this page", &columns);
    for (symbol, meaning) in SYMBOLS {
        symbols.row([symbol, meaning]);
    }
    symbols.write(html);
    let columns = [
        ("Measure", Set::Words),
        ("Name in files", Set::Code),
        ("Unit", Set::Words),
        ("Better is", Set::Words),
        ("Taken", Set::Words),
        ("Decimals at most", Set::Numbers),
        ("Published to", Set::Words),
        ("Where there is none", Set::Words),
        ("What it is", Set::Words),
    ];
    let caption = "Every measure, as in casecap metrics";
    let mut table = Table::new("metrics", caption, &columns);
    for definition in &CATALOGUE {
        let decimals = match definition.unit.starts_with("share") {
            true => definition.decimals.saturating_sub(2),
            false => definition.decimals,
        };
        table.row([
            definition.metric.label().to_owned(),
            definition.key.to_owned(),
            number::unit(definition),
            definition.better.word().to_owned(),
            definition.kind.words().to_owned(),
            decimals.to_string(),
            definition.rounding().words(),
            definition.missing().to_owned(),
            format!("{} Of {}.", definition.definition, definition.population),
        ]);
    }
    for what in Distribution::ALL {
        table.row([
            format!("Spread of {}s", what.key()),
            format!("distribution.csv: {}", what.key()),
            format!("shares, by {}", what.unit()),
            "neither".to_owned(),
            "over all".to_owned(),
            "1".to_owned(),
            "0.1 %".to_owned(),
            NOT_APPLICABLE.to_owned(),
            what.definition().to_owned(),
        ]);
    }
    folded(html, caption, |html| table.write(html));
}

pub fn theory(html: &mut Html) {
    html.words("h3", &[], "Check against theory");
    html.words(
        "p",
        &[],
        "The general model contains systems whose answer is known exactly: queues, renewal processes, Markov chains. casecap \
         validate plays them and prints exact beside simulated. As published with this version:",
    );
    let mut last: Vec<&str> = VALIDATION.lines().rev().take(2).collect();
    last.reverse();
    html.element("pre", &[("tabindex", "0")], |html| {
        html.text(&last.join("\n"))
    });
    html.words(
        "p",
        &[],
        "That says that the program computes its model rightly. Whether the model is right for a service is another question, \
         which the inputs and their grades bear on.",
    );
}

/// How a run is repeated, and what it wrote.
pub fn repeat_run(html: &mut Html, story: &Story<'_>) {
    let manifest = &story.kept.manifest;
    let (casecap, command) = (&manifest.casecap, &manifest.command);
    repeat(
        html,
        [casecap, command],
        &manifest.files,
        &manifest.scenario.files,
    );
}

/// How results are repeated, and what was written.
///
/// * `casecap`, `command` - the version that made them, and how
/// * `files`, `sources` - what was written, and what it was made from
pub fn repeat(
    html: &mut Html,
    [casecap, command]: [&str; 2],
    files: &[Written],
    sources: &[Source],
) {
    html.words("h3", &[], "To repeat it");
    let words = format!(
        "With casecap {casecap} this command gives the same files, byte for byte, on any number of threads and any machine. \
         manifest.json holds the text of the scenario too."
    );
    html.words("p", &[], &words);
    html.element("pre", &[("tabindex", "0")], |html| html.text(command));
    let columns = [
        ("File", Set::Code),
        ("Bytes", Set::Numbers),
        ("SHA-256", Set::Code),
    ];
    let caption = "Files of these results, checked when this page was made";
    let mut table = Table::new("files", caption, &columns);
    for file in files {
        table.row([
            file.name.clone(),
            number::count(file.bytes),
            file.sha256.clone(),
        ]);
    }
    for source in sources {
        let bytes = number::count(source.bytes);
        table.row([source.path.clone(), bytes, source.sha256.clone()]);
    }
    folded(html, caption, |html| table.write(html));
}
