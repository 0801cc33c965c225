//! Behind the averages: how long cases waited, and how caseloads are spread over workers.

use crate::experiment::numbers::Numbers;
use crate::experiment::spread::Grouping;
use crate::metric::catalogue::Metric;
use crate::metric::distribution::{Bin, Distribution};
use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::chart::canvas::Drawn;
use crate::output::chart::columns::{self, Columns};
use crate::output::chart::rows::{self, Bar};
use crate::output::folder::DISTRIBUTION;
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::story::{Story, alt, mean};

/// Waits and caseloads.
///
/// # Errors
/// Those of the charts.
pub fn behind(story: &Story<'_>) -> Drawn<Part> {
    let mut html = Html::new();
    if story.kept.has_distributions() {
        waits(story)?.write(&mut html);
        if let Some(figure) = caseloads(story)? {
            figure.write(&mut html);
        }
    } else {
        let words = format!(
            "These results were written without {DISTRIBUTION}, by an earlier version, so that how waits and caseloads \
             are spread is not known. To have it, run again: {} --force",
            story.kept.manifest.command
        );
        html.words("p", &[("class", "warn")], &words);
    }
    Ok(Part {
        id: "behind",
        heading: "Behind the averages".to_owned(),
        body: html,
    })
}

/// A share in percent as a table has it.
fn percent(share: f64) -> String {
    match share {
        share if !share.is_finite() => NOT_APPLICABLE.to_owned(),
        share if share > 0.0 && share < 0.0005 => "< 0.1".to_owned(),
        share => format!("{:.1}", share * 100.0),
    }
}

/// A bin of waits in words.
fn wait(bin: Bin) -> String {
    let weeks = |days: f64| days / 7.0;
    match (bin.from, bin.to) {
        (_, 0.0) => "at once".to_owned(),
        (from, to) if to.is_infinite() => match from {
            365.0 => "over a year".to_owned(),
            from => format!("over {from:.0} days"),
        },
        (0.0, to) => format!("up to {to:.0} day"),
        (from, to) if to <= 7.0 => format!("{from:.0} to {to:.0} days"),
        (from, 365.0) => format!("{:.0} to 52 weeks", weeks(from)),
        (from, to) => format!("{:.0} to {:.0} weeks", weeks(from), weeks(to)),
    }
}

fn waits(story: &Story<'_>) -> Drawn<Figure> {
    let what = Distribution::Wait;
    let of = |policy: usize| story.summary.distribution(policy, what);
    let last = (0..what.bins()).rev().find(|at| {
        let mut all = story.policies.iter();
        all.any(|policy| of(*policy).get(*at).is_some_and(|n| n.mean > 0.0))
    });
    let bins: Vec<usize> = (0..=last.unwrap_or(0).max(3)).collect();
    let all = story.drawn.iter().flat_map(|policy| of(*policy));
    let most = all
        .map(|n| n.mean)
        .filter(|m| m.is_finite())
        .fold(0.0, f64::max);
    let mut panels = Vec::new();
    for policy in &story.drawn {
        let shares = of(*policy);
        let bars: Vec<Bar> = bins
            .iter()
            .map(|at| {
                let share = shares.get(*at).map_or(f64::NAN, |n| n.mean);
                Bar {
                    name: wait(what.bin(*at)),
                    value: share,
                    label: match share.is_finite() {
                        true => number::share(share),
                        false => NOT_APPLICABLE.to_owned(),
                    },
                }
            })
            .collect();
        let told: Vec<String> = bars
            .iter()
            .filter(|bar| bar.value > 0.0)
            .map(|bar| format!("{} {}", bar.name, bar.label))
            .collect();
        let alt = alt(
            format!("wait-{policy}"),
            format!("How long cases waited under {}", story.name(*policy)),
            match told.is_empty() {
                true => "No case was allocated.".to_owned(),
                false => format!("Of the cases given to a worker: {}.", told.join("; ")),
            },
        );
        panels.push(Panel {
            heading: story.plain(*policy),
            svg: rows::bars(&bars, most.max(1e-9), &alt)?,
        });
    }
    let queue = story.policies.iter().filter_map(|policy| {
        let metric = Metric::QueueAgeMean;
        let numbers = story.numbers(*policy, story.last(), metric)?;
        let days = mean(metric.definition(), numbers);
        Some(format!("{days} days under {}", story.name(*policy)))
    });
    let queue: Vec<String> = queue.take(4).collect();
    let beside = match queue.is_empty() {
        true => String::new(),
        false => format!(
            " Those still waiting at the end are not in it; they had waited on average {}, in the plays that had any.",
            queue.join(", ")
        ),
    };
    Ok(Figure {
        id: "waits".to_owned(),
        finding: waits_finding(story),
        note: format!(
            "Share of all cases given to a worker, by the time that they had been without one.{beside}"
        ),
        panels,
        table: waits_table(story, &bins),
    })
}

fn waits_finding(story: &Story<'_>) -> String {
    let at_once = |policy: usize| -> Option<f64> {
        let shares = story.summary.distribution(policy, Distribution::Wait);
        let share = shares.first()?.mean;
        share.is_finite().then_some(share)
    };
    let mut all: Vec<(usize, f64)> = story
        .policies
        .iter()
        .filter_map(|policy| Some((*policy, at_once(*policy)?)))
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if number::share(first.1) != number::share(last.1) => format!(
            "Given to a worker at once: {} of cases under {}, {} under {}",
            number::share(first.1),
            story.name(first.0),
            number::share(last.1),
            story.name(last.0)
        ),
        (Some(first), _) => format!(
            "Given to a worker at once: {} of cases",
            number::share(first.1)
        ),
        _ => "No case was given to a worker".to_owned(),
    }
}

fn waits_table(story: &Story<'_>, bins: &[usize]) -> Table {
    let columns = [
        ("Policy", Set::Words),
        ("Days without a worker", Set::Words),
        ("Share of cases [%]", Set::Numbers),
        ("5th percentile", Set::Numbers),
        ("95th", Set::Numbers),
    ];
    let caption = "Time without a worker of the cases given to one; mean share over the plays";
    let mut table = Table::new("waits-table", caption, &columns);
    for policy in &story.policies {
        for at in bins {
            let bin = Distribution::Wait.bin(*at);
            let days = match (bin.from, bin.to) {
                (_, 0.0) => "0".to_owned(),
                (from, to) if to.is_infinite() => format!("more than {from:.0}"),
                (from, to) => format!("more than {from:.0}, up to {to:.0}"),
            };
            let shares = story.summary.distribution(*policy, Distribution::Wait);
            table.row(share_row(story.plain(*policy), days, shares.get(*at)));
        }
    }
    table
}

fn share_row(policy: String, bin: String, numbers: Option<&Numbers>) -> Vec<String> {
    let values = numbers.map_or([f64::NAN; 3], |n| [n.mean, n.p5, n.p95]);
    let mut cells = vec![policy, bin];
    cells.extend(values.map(percent));
    cells
}

fn caseloads(story: &Story<'_>) -> Drawn<Option<Figure>> {
    let of = |policy: &usize| story.summary.distribution(*policy, Distribution::Caseload);
    let all: Vec<&[Numbers]> = story.policies.iter().map(of).collect();
    let Some(grouping) = Grouping::of(&all) else {
        return Ok(None);
    };
    let grouped = |policy: &usize| grouping.shares(of(policy));
    let tallest = story.drawn.iter().flat_map(grouped);
    let most = tallest.filter(|s| s.is_finite()).fold(0.0, f64::max) * 100.0;
    let mut panels = Vec::new();
    for policy in &story.drawn {
        let shares = grouped(policy);
        let at = |metric: Metric| story.numbers(*policy, story.last(), metric);
        let middle = at(Metric::CaseloadMedian).map(|n| n.p50);
        let highest = at(Metric::CaseloadHighest);
        let top = shares
            .iter()
            .enumerate()
            .filter(|(_, share)| share.is_finite())
            .max_by(|a, b| a.1.total_cmp(b.1));
        let told = top.map_or_else(String::new, |(bin, share)| {
            format!(
                "Most workers hold {}: {} % of them. ",
                grouping.name(bin),
                percent(*share)
            )
        });
        let highest = highest.map_or_else(String::new, |n| {
            let definition = Metric::CaseloadHighest.definition();
            format!(
                "The highest caseload of a play is {} on average.",
                mean(definition, n)
            )
        });
        let alt = alt(
            format!("caseload-{policy}"),
            format!(
                "Workers by caseload at the end under {}",
                story.name(*policy)
            ),
            format!("{told}{highest}"),
        );
        // With wide bins a worker's number is no place on the axis.
        let pointer = middle.filter(|m| m.is_finite()).map(|m| {
            let place = if grouping.width == 1 {
                m + 0.5
            } else {
                m - 0.5
            };
            (place, format!("middle {m:.0}"))
        });
        let columns = Columns {
            begins: 0.0,
            width: grouping.width as f64,
            heights: shares.iter().map(|s| s * 100.0).collect(),
            most: most.max(1e-9) * 1.05,
            pointer,
            unit: "cases of a worker".to_owned(),
        };
        panels.push(Panel {
            heading: story.plain(*policy),
            svg: columns::draw(&columns, &alt)?,
        });
    }
    Ok(Some(Figure {
        id: "caseloads".to_owned(),
        finding: caseloads_finding(story),
        note: format!(
            "Workers in post, by head, in percent, by how many cases each holds at the end of {}; mean over the simulations. The broken line marks the worker in the middle. Differences between workers are smaller here \
             than in reality wherever teams are alike.",
            story.month(story.last())
        ),
        panels,
        table: caseloads_table(story, grouping),
    }))
}

fn caseloads_finding(story: &Story<'_>) -> String {
    let metric = Metric::CaseloadHighest;
    let mut all: Vec<(usize, f64, String)> = story
        .policies
        .iter()
        .filter_map(|policy| {
            let numbers = story.numbers(*policy, story.last(), metric)?;
            Some((*policy, numbers.mean, mean(metric.definition(), numbers)))
        })
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if first.2 != last.2 => format!(
            "The worker with the most cases holds {} under {} and {} under {}, on average over the plays",
            first.2,
            story.name(first.0),
            last.2,
            story.name(last.0)
        ),
        (Some(first), _) => format!(
            "The worker with the most cases holds {}, on average over the plays",
            first.2
        ),
        _ => "Caseloads of workers at the end".to_owned(),
    }
}

fn caseloads_table(story: &Story<'_>, grouping: Grouping) -> Table {
    let columns = [
        ("Policy", Set::Words),
        ("Cases of a worker", Set::Words),
        ("Share of workers [%]", Set::Numbers),
    ];
    let caption = "Workers with a case by caseload at the end; mean share over the plays";
    let mut table = Table::new("caseloads-table", caption, &columns);
    for policy in &story.policies {
        let shares = story.summary.distribution(*policy, Distribution::Caseload);
        let shares = grouping.shares(shares);
        // From the first to the last that anybody holds.
        let is_held = |share: &f64| *share > 0.0;
        let first = shares.iter().position(is_held).unwrap_or(0);
        let last = shares.iter().rposition(is_held).unwrap_or(0);
        for (at, share) in shares.iter().enumerate().take(last + 1).skip(first) {
            table.row([story.plain(*policy), grouping.name(at), percent(*share)]);
        }
    }
    table
}
