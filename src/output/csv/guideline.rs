//! The tables of a guideline.

use std::io;

use super::cell;
use crate::experiment::guideline::assumption::{Assumption, Third};
use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::question::Axis;
use crate::experiment::guideline::search::Edge;
use crate::output::guideline::told::Told;
use crate::scenario::vary::amount::Amount;

fn heading(axis: &Axis) -> String {
    let is_factor = axis.levels.iter().any(|a| matches!(a, Amount::Times(_)));
    match is_factor {
        true => format!("times {}", axis.written),
        false => axis.written.clone(),
    }
}

fn verdict(setting: &Setting) -> &'static str {
    match setting.standing() {
        Standing::Meets => "meets",
        Standing::Fails => "fails",
        Standing::Open => "undecided",
    }
}

/// The cells of a setting, one row for each requirement: requirement, probability_required, successes, n, undefined,
/// probability, low, high, verdict, setting_verdict, replications.
fn rows(told: &Told<'_>, setting: &Setting) -> Vec<Vec<String>> {
    let requirements = told.question.requirements.iter().enumerate();
    requirements
        .zip(&setting.tallies)
        .map(|((at, requirement), tally)| {
            let interval = told.interval(at, tally);
            let holds = match tally.holds {
                Some(true) => "meets",
                Some(false) => "fails",
                None => "undecided",
            };
            vec![
                requirement.target.text.clone(),
                cell(requirement.probability),
                tally.counts.successes.to_string(),
                tally.counts.n.to_string(),
                tally.undefined.to_string(),
                tally.counts.share().map_or(String::new(), cell),
                cell(interval.low),
                cell(interval.high),
                holds.to_owned(),
                verdict(setting).to_owned(),
                setting.played.to_string(),
            ]
        })
        .collect()
}

const COLUMNS: [&str; 11] = [
    "requirement",
    "probability_required",
    "successes",
    "n",
    "undefined",
    "probability",
    "low",
    "high",
    "verdict",
    "setting_verdict",
    "replications",
];

/// Writes the settings: a column for each key, and one row for each setting and requirement.
///
/// # Errors
/// Those of `out`.
pub fn settings(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let keys = told.question.axes.iter().map(heading);
    table.write_record(keys.chain(COLUMNS.map(str::to_owned)))?;
    for (place, setting) in told.answer.grid.iter().enumerate() {
        let levels = told.question.at(place);
        let pairs = told.question.axes.iter().zip(levels);
        let keys: Vec<String> = pairs.map(|(axis, at)| cell(axis.number(at))).collect();
        for row in rows(told, setting) {
            table.write_record(keys.iter().chain(&row))?;
        }
    }
    table.flush()
}

/// Writes each setting in each world: the key, world (from 0), and the columns of [`settings`].
///
/// # Errors
/// Those of `out`.
pub fn worlds(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let keys = [heading(told.axis()), "world".to_owned()];
    table.write_record(keys.into_iter().chain(COLUMNS.map(str::to_owned)))?;
    for (world, settings) in told.answer.worlds.iter().enumerate() {
        for (place, setting) in settings.iter().enumerate() {
            let keys = [cell(told.axis().number(place)), world.to_string()];
            for row in rows(told, setting) {
                table.write_record(keys.iter().chain(&row))?;
            }
        }
    }
    table.flush()
}

const OF_ASSUMPTIONS: [&str; 21] = [
    "rank",
    "key",
    "drawn_by",
    "grade",
    "source",
    "least",
    "greatest",
    "correlation",
    "p",
    "lowest_from",
    "lowest_to",
    "lowest_worlds",
    "lowest_median_from",
    "lowest_median_to",
    "lowest_holds",
    "lowest_undecided",
    "highest_from",
    "highest_to",
    "highest_worlds",
    "highest_median_from",
    "highest_median_to",
];
const OF_THE_LAST: [&str; 3] = ["highest_holds", "highest_undecided", "not_drawn_because"];

/// Writes the numbers that worlds draw, the one that moves the number of a guideline most first, and then the ranges that
/// are not taken. A median that is `none` is that of worlds in which no value holds.
///
/// # Errors
/// Those of `out`.
pub fn assumptions(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(OF_ASSUMPTIONS.iter().chain(&OF_THE_LAST))?;
    let third = |third: &Third| -> Vec<String> {
        let median = |end: usize| match third.median.map(|ends| ends[end]) {
            None => String::new(),
            Some(none) if none == told.answer.none() => "none".to_owned(),
            Some(at) => {
                usize::try_from(at).map_or(String::new(), |at| cell(told.axis().number(at)))
            }
        };
        let counts = [third.holds, third.open].map(|n| n.to_string());
        let mut row: Vec<String> = third.ends.map(cell).to_vec();
        row.extend([third.worlds.to_string(), median(0), median(1)]);
        row.extend(counts);
        row
    };
    let row = |rank: usize, one: &Assumption| -> Vec<String> {
        let source = one.number.evidence.as_ref().and_then(|e| e.source.clone());
        let found = one.association;
        let mut row = vec![
            rank.to_string(),
            one.number.key.clone(),
            if one.number.is_law { "law" } else { "range" }.to_owned(),
            one.grade().to_owned(),
            source.unwrap_or_default(),
            cell(one.lowest.ends[0]),
            cell(one.highest.ends[1]),
            found.map_or(String::new(), |a| cell(a.correlation)),
            found.map_or(String::new(), |a| cell(a.p)),
        ];
        row.extend(third(&one.lowest));
        row.extend(third(&one.highest));
        row.push(String::new());
        row
    };
    for (rank, one) in (1..).zip(&told.answer.assumptions) {
        table.write_record(row(rank, one))?;
    }
    for left in told.plausible.iter().flat_map(|plausible| &plausible.left) {
        let mut row = vec![String::new(); OF_ASSUMPTIONS.len() + OF_THE_LAST.len()];
        row[1].clone_from(&left.key);
        if let Some(last) = row.last_mut() {
            left.why.clone_into(last);
        }
        table.write_record(row)?;
    }
    table.flush()
}

/// Writes what was looked at along the edges: both keys, the columns of [`settings`], and what the value is: `holds` or
/// `fails` beside the edge, `contradicts`, or nothing.
///
/// # Errors
/// Those of `out`.
pub fn frontier(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let axes = told
        .question
        .axes
        .iter()
        .take(1)
        .chain(&told.question.against);
    let heading = axes.map(heading).chain(COLUMNS.map(str::to_owned));
    let ours = [
        "edge",
        "posts_more_than_today",
        "currency_a_year_more_than_today",
    ];
    table.write_record(heading.chain(ours.map(str::to_owned)))?;
    let against = told.question.against.iter();
    for (at, row) in told.answer.rows.iter().enumerate() {
        for (level, setting) in &row.probes {
            let is = match row.edge {
                _ if row.contradictions.contains(level) => "contradicts",
                Edge::Between { holds, .. } if holds == *level => "holds",
                Edge::Between { fails, .. } if fails == *level => "fails",
                _ => "",
            };
            let price = row.price.filter(|_| is == "holds");
            let ends = [
                is.to_owned(),
                price.map_or(String::new(), |p| p.posts.to_string()),
                price.and_then(|p| p.a_year).map_or(String::new(), cell),
            ];
            let own = against.clone().map(|axis| cell(axis.number(*level)));
            let keys: Vec<String> = std::iter::once(cell(told.axis().number(at)))
                .chain(own)
                .collect();
            for cells in rows(told, setting) {
                table.write_record(keys.iter().chain(&cells).chain(&ends))?;
            }
        }
    }
    table.flush()
}
