//! Cost against waiting, and how often targets are met.

use crate::experiment::frontier::best;
use crate::experiment::numbers::Numbers;
use crate::metric::catalogue::Metric;
use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::chart::canvas::Drawn;
use crate::output::chart::rows::{self, Mark};
use crate::output::chart::scale;
use crate::output::chart::scatter::{self, Point};
use crate::output::contrast::listed;
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::answer::probability;
use crate::output::report::story::{Story, alt, interval, mean};

/// Names beside marks beyond which marks are numbered instead.
const NAMED: usize = 6;
/// Letters of a name beside a mark.
const LETTERS: usize = 18;

/// What it costs.
///
/// # Errors
/// Those of the charts.
pub fn cost(story: &Story<'_>) -> Drawn<Part> {
    let mut html = Html::new();
    match frontier(story)? {
        Some(figure) => figure.write(&mut html),
        None => html.words(
            "p",
            &[],
            "The scenario has no prices, so that cost is not told. With a [cost] section (casecap keys lists what stands in it) \
             this part shows cost against waiting.",
        ),
    }
    Ok(Part {
        id: "cost",
        heading: "Cost against waiting".to_owned(),
        body: html,
    })
}

fn frontier(story: &Story<'_>) -> Drawn<Option<Figure>> {
    let horizon = story.summary.layout.horizon_row();
    let metrics = [Metric::Unallocated, Metric::Cost];
    let both = |policy: usize| -> Option<[&Numbers; 2]> {
        let [waiting, cost] = metrics.map(|metric| story.numbers(policy, horizon, metric));
        Some([waiting?, cost?])
    };
    let known: Vec<(usize, [&Numbers; 2])> = story
        .policies
        .iter()
        .filter_map(|policy| Some((*policy, both(*policy)?)))
        .collect();
    if known.is_empty() {
        return Ok(None);
    }
    let means: Vec<[f64; 2]> = known.iter().map(|(_, n)| n.map(|n| n.mean)).collect();
    let is_best = best(&means);
    let ends = |numbers: &Numbers| {
        let interval = numbers.interval();
        let [low, high] = interval.map_or([f64::NAN; 2], |i| [i.low.max(0.0), i.high]);
        [numbers.mean, low, high]
    };
    let points: Vec<Point> = known
        .iter()
        .zip(&is_best)
        .enumerate()
        .map(|(at, ((policy, numbers), is_best))| Point {
            name: match known.len() {
                n if n > NAMED => format!("{}", at + 1),
                _ => short(&story.plain(*policy)),
            },
            x: ends(numbers[0]),
            y: ends(numbers[1]),
            is_best: *is_best,
        })
        .collect();
    let range = |of: &dyn Fn(&Point) -> [f64; 3]| {
        let [low, high] = scale::range(points.iter().flat_map(of)).unwrap_or([0.0, 1.0]);
        // Room for names and marks at the edges.
        let room = (high - low) * 0.08;
        [
            if low > 0.0 {
                low - room
            } else {
                low - room * 0.5
            },
            high + room,
        ]
    };
    let ranges = [range(&|p| p.x), range(&|p| p.y)];
    let names: Vec<String> = known
        .iter()
        .zip(&is_best)
        .filter(|(_, is_best)| **is_best)
        .map(|((policy, _), _)| story.name(*policy))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let finding = match names.as_slice() {
        [one] if known.len() > 1 => {
            format!("None costs less or leaves fewer cases waiting than {one}")
        }
        [_] => "Cost and waiting of the policy".to_owned(),
        several => format!(
            "Less waiting costs more: none of the others beats {} in both",
            listed(several)
        ),
    };
    let told = known
        .iter()
        .zip(&is_best)
        .map(|((policy, numbers), is_best)| {
            format!(
                "{}: cost {}, {} cases without a worker{}",
                story.plain(*policy),
                mean(metrics[1].definition(), numbers[1]),
                mean(metrics[0].definition(), numbers[0]),
                if *is_best { ", on the frontier" } else { "" }
            )
        });
    let alt = alt(
        "frontier-1".to_owned(),
        "Cost against cases without a worker, one mark for each policy".to_owned(),
        format!("{}.", told.collect::<Vec<_>>().join("; ")),
    );
    let axes = ["cases without a worker", "cost over the whole time"];
    let svg = scatter::draw(&points, ranges, axes, &alt)?;
    let is_numbered = known.len() > NAMED;
    let first = if is_numbered {
        "Mark and policy"
    } else {
        "Policy"
    };
    let columns = [
        (first, Set::Words),
        ("Cost", Set::Numbers),
        ("95 % interval", Set::Numbers),
        ("Cases without a worker", Set::Numbers),
        ("95 % interval of it", Set::Numbers),
        ("Beaten in both by another", Set::Words),
    ];
    let caption = "Cost and waiting over the whole time";
    let mut table = Table::new("frontier-table", caption, &columns);
    for ((policy, numbers), (point, is_best)) in known.iter().zip(points.iter().zip(&is_best)) {
        let of = |at: usize, metric: Metric| {
            let definition = metric.definition();
            [
                mean(definition, numbers[at]),
                interval(definition, numbers[at]),
            ]
        };
        let mut cells = vec![match is_numbered {
            true => format!("{}: {}", point.name, story.plain(*policy)),
            false => story.plain(*policy),
        }];
        cells.extend(of(1, Metric::Cost));
        cells.extend(of(0, Metric::Unallocated));
        cells.push(if *is_best { "no" } else { "yes" }.to_owned());
        table.row(cells);
    }
    Ok(Some(Figure {
        id: "frontier".to_owned(),
        finding,
        note: format!(
            "Means over the whole time, with their 95 % intervals. Round marks, joined by the broken line, are policies \
             that no other beats in both; square ones are beaten. {}",
            Metric::Cost.definition().definition
        ),
        panels: vec![Panel {
            heading: "All policies".to_owned(),
            svg,
        }],
        table,
    }))
}

fn short(name: &str) -> String {
    match name.chars().count() {
        n if n > LETTERS => {
            let begin: String = name.chars().take(LETTERS - 1).collect();
            format!("{}\u{2026}", begin.trim_end())
        }
        _ => name.to_owned(),
    }
}

/// How often each target is met; nothing without targets.
///
/// # Errors
/// Those of the charts.
pub fn targets(story: &Story<'_>) -> Drawn<Option<Part>> {
    /// Targets that are drawn at most.
    const DRAWN: usize = 12;
    let targets = &story.summary.targets;
    if targets.is_empty() {
        return Ok(None);
    }
    let mut names: Vec<String> = targets.clone();
    if targets.len() > 1 {
        names.push("all targets together".to_owned());
    }
    let mut panels = Vec::new();
    for (at, name) in names.iter().enumerate().take(DRAWN) {
        let marks: Vec<Mark> = story
            .drawn
            .iter()
            .filter_map(|policy| {
                let aim = story.kept.aims.get(*policy)?.get(at)?;
                let interval = aim.interval.map_or([f64::NAN; 2], |i| [i.low, i.high]);
                Some(Mark {
                    name: short(&story.plain(*policy)),
                    value: aim.probability * 100.0,
                    interval: interval.map(|end| end * 100.0),
                    label: probability(aim),
                })
            })
            .collect();
        let told: Vec<String> = marks
            .iter()
            .map(|mark| format!("{} {}", mark.name, mark.label))
            .collect();
        let alt = alt(
            format!("target-{at}"),
            format!("Chance of meeting: {name}"),
            format!("{}.", told.join("; ")),
        );
        panels.push(Panel {
            heading: name.clone(),
            svg: rows::intervals(&marks, [0.0, 100.0], false, &alt)?,
        });
    }
    let figure = Figure {
        id: "targets-figure".to_owned(),
        finding: targets_finding(story),
        note: "Share of the plays that meet the target, in percent, with its 95 % interval."
            .to_owned(),
        panels,
        table: targets_table(story, &names),
    };
    let mut html = Html::new();
    figure.write(&mut html);
    Ok(Some(Part {
        id: "targets",
        heading: "Targets".to_owned(),
        body: html,
    }))
}

fn targets_finding(story: &Story<'_>) -> String {
    let mut all: Vec<(usize, f64, String)> = story
        .policies
        .iter()
        .filter_map(|policy| {
            let aim = story.kept.aims.get(*policy)?.last()?;
            Some((*policy, aim.probability, probability(aim)))
        })
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let what = match story.summary.targets.len() {
        1 => "The target",
        2 => "Both targets together",
        _ => "All targets together",
    };
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if all.len() > 1 && first.2 != last.2 => format!(
            "{what}: met in {} of plays under {}, in {} under {}",
            last.2,
            story.name(last.0),
            first.2,
            story.name(first.0)
        ),
        (Some(first), _) => format!("{what}: met in {} of plays", first.2),
        _ => format!("{what}: no plays"),
    }
}

fn targets_table(story: &Story<'_>, names: &[String]) -> Table {
    let mut columns = vec![
        ("Target", Set::Words),
        ("Policy", Set::Words),
        ("Chance (95 %)", Set::Numbers),
        ("Plays that meet it", Set::Numbers),
        ("Plays", Set::Numbers),
        ("Of them without a value", Set::Numbers),
    ];
    let difference = story
        .baseline()
        .map(|at| format!("Points more than {}", story.name(at)));
    columns.extend(difference.iter().map(|name| (name.as_str(), Set::Numbers)));
    let mut table = Table::new("targets-table", "How often each target is met", &columns);
    for (at, name) in names.iter().enumerate() {
        for policy in &story.policies {
            let Some(aim) = story.kept.aims.get(*policy).and_then(|aims| aims.get(at)) else {
                continue;
            };
            let mut cells = vec![
                name.clone(),
                story.plain(*policy),
                probability(aim),
                number::count(aim.hits),
                number::count(aim.n),
                number::count(aim.undefined),
            ];
            if difference.is_some() {
                let versus = story.versus_of(*policy);
                let one = versus.and_then(|v| v.targets.get(at).copied().or(v.all_targets));
                cells.push(one.map_or_else(
                    || NOT_APPLICABLE.to_owned(),
                    |one| number::probability_difference(&one),
                ));
            }
            table.row(cells);
        }
    }
    table
}
