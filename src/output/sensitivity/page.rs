//! The page of a sensitivity analysis: sentences, charts and tables, as one file.

use crate::experiment::sensitivity::answer::{Found, Study};
use crate::experiment::sensitivity::question::{Looked, Method};
use crate::output::chart::canvas::{Alt, DrawError};
use crate::output::chart::rows::{Mark, intervals};
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::{self, Part, Shell};
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::sensitivity::story;
use crate::output::sensitivity::told::{Told, amount, grade, origin, unit};
use crate::output::sensitivity::words::is_ranked;
use crate::output::sensitivity::worlds::worlds;
use crate::scenario::evidence::Evidence;

/// Assumptions of a chart at most.
const MOST: usize = 12;

/// Makes the page.
///
/// * `command` - that repeats it
///
/// # Errors
/// Those of the charts.
pub fn page(told: &Told<'_>, command: &str) -> Result<String, DrawError> {
    let mut said = Html::new();
    for words in story::headline(told).iter().chain(&story::robustness(told)) {
        said.words("p", &[], words);
    }
    whole(told, &mut said)?;
    let first = [Part {
        id: "answer",
        heading: "Which assumption matters most".to_owned(),
        body: said,
    }];
    let mut rest = vec![
        Part {
            id: "parts",
            heading: "Where the spread comes from".to_owned(),
            body: parts(told)?,
        },
        Part {
            id: "unknown",
            heading: "What is not known".to_owned(),
            body: unknown(told),
        },
    ];
    if let Some(robust) = told
        .robust
        .filter(|r| !r.standings.is_empty() || !r.losses.is_empty())
    {
        rest.push(Part {
            id: "worlds",
            heading: "Over plausible worlds".to_owned(),
            body: worlds(told, robust)?,
        });
    }
    rest.push(Part {
        id: "check",
        heading: "For who checks".to_owned(),
        body: check(told, command),
    });
    let scenario = told.document.scenario();
    let subtitle = format!(
        "{}, {}, {}",
        plural(told.count() as u64, "unknown number"),
        plural(told.points.len() as u64, "point"),
        plural(told.question.plays(told.count()), "replication")
    );
    let footer = [format!(
        "Made by casecap {}. All figures are simulated.",
        env!("CARGO_PKG_VERSION")
    )];
    let shell = Shell {
        kind: "A sensitivity analysis, simulated",
        title: &scenario.title,
        subtitle: &subtitle,
        footer: &footer,
    };
    Ok(shell::page(shell, &first, &rest))
}

/// How much each assumption matters on the whole.
fn whole(told: &Told<'_>, html: &mut Html) -> Result<(), DrawError> {
    let overall = told.overall();
    let seen = overall.iter().any(|(.., seen)| *seen > 0);
    let Some((first, most, _)) = overall.first().filter(|_| seen) else {
        return Ok(());
    };
    let marks: Vec<Mark> = overall
        .iter()
        .take(MOST)
        .map(|(input, share, _)| Mark {
            name: format!("{} ({})", told.input(*input).key, grade(told.input(*input))),
            value: share * 100.0,
            interval: [f64::NAN; 2],
            label: number::share(*share),
        })
        .collect();
    let mut table = Table::new(
        "whole",
        "How much each assumption matters on the whole",
        &[
            ("assumption", Set::Code),
            ("share of all, %", Set::Numbers),
            ("seen to matter in", Set::Numbers),
            ("grade", Set::Words),
        ],
    );
    for row in story::whole(told) {
        table.row(row);
    }
    let alt = Alt {
        id: "whole-chart".to_owned(),
        title: "How much each assumption matters on the whole".to_owned(),
        description: "The table has each number.".to_owned(),
    };
    Figure {
        id: "whole-figure".to_owned(),
        finding: format!("{} matters most on the whole", told.input(*first).key),
        note: "The share of each assumption in what all of them do, in per cent, on average over all outcomes and policies of \
               which something is known. The letter in brackets is the grade of its evidence: D is an assumption."
            .to_owned(),
        panels: vec![Panel {
            heading: "On the whole".to_owned(),
            svg: intervals(&marks, [0.0, (most * 100.0).max(1.0)], false, &alt)?,
        }],
        table,
    }
    .write(html);
    Ok(())
}

/// A figure for each outcome, with a chart for each policy.
fn parts(told: &Told<'_>) -> Result<Html, DrawError> {
    let mut html = Html::new();
    html.words("p", &[], &story::reading(told));
    for (at, looked) in told.question.looked().iter().enumerate() {
        let own: Vec<&Study> = told.studies.iter().filter(|s| s.looked == at).collect();
        let (ranked, hidden): (Vec<&Study>, Vec<&Study>) =
            own.into_iter().partition(|study| is_ranked(study));
        for study in hidden {
            html.words("p", &[], &story::about(told, study));
        }
        if ranked.is_empty() {
            continue;
        }
        let range = range(told, &ranked);
        let mut panels = Vec::new();
        for study in &ranked {
            let policy = told.policy(study.policy);
            let order = study.ranked(told.count());
            let rows: Vec<Mark> = order
                .iter()
                .take(MOST)
                .map(|i| mark(told, study, *i))
                .collect();
            let names: Vec<&str> = order.iter().map(|i| told.input(*i).key.as_str()).collect();
            let alt = Alt {
                id: format!("part-{at}-{}", study.policy),
                title: format!("What moves {}, policy {policy}", looked.text()),
                description: format!("From the most important: {}.", names.join(", ")),
            };
            panels.push(Panel {
                heading: format!("Policy {policy}"),
                svg: intervals(&rows, range, false, &alt)?,
            });
        }
        Figure {
            id: format!("moves-{at}"),
            finding: finding(told, &looked.text(), &ranked),
            note: match told.question.method {
                Method::Sobol => "The part of the spread that each assumption has a hand in, in per cent; the line is its \
                                  95 % interval. The letter in brackets is the grade of its evidence."
                    .to_owned(),
                Method::Morris => format!(
                    "By how much it moves over the whole range of each assumption, in {}; the line is the 95 % interval. \
                     The letter in brackets is the grade of its evidence.",
                    unit(looked)
                ),
            },
            panels,
            table: table(told, at, &ranked),
        }
        .write(&mut html);
    }
    Ok(html)
}

fn finding(told: &Told<'_>, looked: &str, studies: &[&Study]) -> String {
    let mut tops: Vec<&str> = studies
        .iter()
        .filter_map(|study| study.ranked(told.count()).first().copied())
        .map(|input| told.input(input).key.as_str())
        .collect();
    tops.sort_unstable();
    tops.dedup();
    format!("{looked}: most by {}", tops.join(", or "))
}

/// From 0 to the end of the longest interval.
fn range(told: &Told<'_>, studies: &[&Study]) -> [f64; 2] {
    let mut most: f64 = match told.question.method {
        Method::Sobol => 100.0,
        Method::Morris => 0.0,
    };
    for study in studies {
        for input in 0..told.count() {
            let mark = mark(told, study, input);
            for end in [mark.value, mark.interval[1]] {
                if end.is_finite() {
                    most = most.max(end);
                }
            }
        }
    }
    [0.0, if most > 0.0 { most } else { 1.0 }]
}

fn mark(told: &Told<'_>, study: &Study, input: usize) -> Mark {
    let own = told.input(input);
    let (value, interval, times) = match &study.found {
        Found::Indices(found) => (found.total[input].value, found.total[input].interval, 100.0),
        Found::Effects(found) => {
            let shown = match told.looked(study) {
                Looked::Outcome(outcome) => number::shown_times(outcome.metric.definition()),
                _ => 100.0,
            };
            (found[input].mu_star, found[input].interval, shown)
        }
        Found::Nothing => (f64::NAN, None, 1.0),
    };
    let ceiling = match told.question.method {
        Method::Sobol => 100.0,
        Method::Morris => f64::INFINITY,
    };
    let value = (value * times).clamp(0.0, ceiling);
    let label = match told.question.method {
        Method::Sobol => number::share(value / 100.0),
        // The first word of the cell: its interval is drawn.
        Method::Morris => {
            let row = story::row(told, study, input);
            let cell = row.get(1).map(String::as_str).unwrap_or_default();
            cell.split(' ').next().unwrap_or_default().to_owned()
        }
    };
    Mark {
        name: format!("{} ({})", own.key, grade(own)),
        value,
        interval: interval.map_or([f64::NAN; 2], |i| {
            [i.low, i.high].map(|end| (end * times).clamp(0.0, ceiling))
        }),
        label,
    }
}

fn table(told: &Told<'_>, at: usize, studies: &[&Study]) -> Table {
    let looked = told.question.looked();
    let caption = format!("What moves {}", looked[at].text());
    let mut table = Table::new(&format!("moves-{at}-table"), &caption, &[]);
    let headings = story::headings(told, studies[0]);
    let last = headings.len() - 1;
    let columns = headings
        .into_iter()
        .enumerate()
        .map(|(place, name)| match place {
            0 => (name, Set::Code),
            place if place == last => (name, Set::Words),
            _ => (name, Set::Numbers),
        });
    table.columns = columns.collect();
    table.columns.insert(1, ("policy".to_owned(), Set::Words));
    for study in studies {
        for input in study.ranked(told.count()) {
            let mut row = story::row(told, study, input);
            row.insert(1, told.policy(study.policy).to_owned());
            table.row(row);
        }
    }
    table
}

/// The register of what is not known.
fn unknown(told: &Told<'_>) -> Html {
    let mut html = Html::new();
    html.words(
        "p",
        &[],
        "Each is drawn by its law, and a range as if every part of it were as likely as the next: an assumption. Times are in \
         days; x is a factor of what the file says.",
    );
    let mut table = Table::new(
        "inputs",
        "Numbers that are not known, with their evidence",
        &[
            ("assumption", Set::Code),
            ("from", Set::Numbers),
            ("to", Set::Numbers),
            ("said by", Set::Words),
            ("grade", Set::Words),
            ("source", Set::Words),
        ],
    );
    for input in &told.inputs.list {
        let [low, high] = input.ends.map(|end| amount(input, end));
        let source = |e: &Evidence| e.source.clone();
        let source = input.evidence.as_ref().and_then(source);
        table.row([
            input.key.clone(),
            low,
            high,
            origin(input).to_owned(),
            grade(input).to_owned(),
            source.unwrap_or_else(|| "none given".to_owned()),
        ]);
    }
    table.write(&mut html);
    for left in &told.inputs.left {
        html.words(
            "p",
            &[],
            &format!("The range of {} is not taken: {}.", left.key, left.why),
        );
    }
    html
}

fn check(told: &Told<'_>, command: &str) -> Html {
    let mut html = Html::new();
    html.words("p", &[], "The command that repeats it:");
    html.words("pre", &[("tabindex", "0")], command);
    html.words(
        "p",
        &[],
        match told.question.method {
            Method::Sobol => {
                "Points: two independent samples from one scrambled Sobol sequence, and the first with each input of the \
                 second. First-order indices by Saltelli and others (2010), total indices by Jansen (1999), both of the \
                 expected outcome: what luck adds is measured by the replications at each point and taken off. A point and \
                 its changes play the same replications, its partner others. Intervals by 500 resamples of rows. Boxes by \
                 patient rule induction (Friedman and Fisher 1999), tested by dealing out failures anew."
            }
            Method::Morris => {
                "Trajectories on four levels, each input changed once by half of its range (Morris 1991; Campolongo and others \
                 2007). All points of a trajectory play the same replications, and what luck adds to an effect is measured. \
                 Intervals by 500 resamples of trajectories."
            }
        },
    );
    html.words(
        "p",
        &[],
        "sensitivity.csv has the ranking, points.csv and values.csv every point and what it came to, robustness.csv, regret.csv \
         and boxes.csv the worlds.",
    );
    html
}
