//! Comparisons, spreads and precisions as tidy tables.

use std::io;

use crate::experiment::compare::{Comparison, Difference, TargetDifference};
use crate::experiment::numbers::{Hits, Numbers, PolicySummary};
use crate::experiment::summary::Summary;
use crate::metric::layout::Column;
use crate::output::csv::{Digits, Lead, Names, Rows, WHAT, cell, target_row, what, whats};
use crate::statistics::interval::Interval;

/// Stands for a month where a row speaks of the whole horizon.
const HORIZON: &str = "horizon";

/// Writes the differences: policy, baseline, month_end, metric, unit, team, stage, grade, better_is, mean, se,
/// low, high, p_better, p_tie, variance_ratio, verdict, n, worlds_better, worlds. The last rows of each policy have
/// `horizon` for month_end. `mean` is policy less baseline on the same replication; low and high are the ends
/// of its 95 % interval. The last two are empty where no worlds are shared.
///
/// # Errors
/// Those of `out`.
pub fn differences(
    out: impl io::Write,
    summary: &Summary,
    comparison: &Comparison,
    names: &Names,
) -> io::Result<()> {
    // Of many rows: a buffer so large that the file is seldom asked.
    let mut table = ::csv::WriterBuilder::new()
        .buffer_capacity(1 << 16)
        .from_writer(out);
    let mut digits = Digits::default();
    let lead = ["policy", "baseline", "month_end"];
    let rest = [
        "better_is",
        "mean",
        "se",
        "low",
        "high",
        "p_better",
        "p_tie",
        "variance_ratio",
        "verdict",
        "n",
        "worlds_better",
        "worlds",
    ];
    table.write_record(lead.iter().chain(&WHAT).chain(&rest))?;
    let baseline = &summary.policies[comparison.baseline].name;
    let columns = summary.layout.columns();
    for versus in &comparison.versus {
        let policy = &summary.policies[versus.policy].name;
        for (when, row) in periods(summary).zip(versus.differences.chunks(columns.len())) {
            for (column, difference) in columns.iter().zip(row) {
                for lead in [policy, baseline, &when] {
                    table.write_field(lead)?;
                }
                for word in what(column, names) {
                    table.write_field(word)?;
                }
                write_difference(&mut table, &mut digits, column, difference)?;
            }
        }
    }
    table.flush()
}

/// Ends of months, and the horizon.
fn periods(summary: &Summary) -> impl Iterator<Item = String> {
    let months = summary.months.iter().map(|m| m.last_day.to_string());
    months.chain([HORIZON.to_owned()])
}

fn write_difference<W: io::Write>(
    table: &mut ::csv::Writer<W>,
    digits: &mut Digits,
    column: &Column,
    difference: &Difference,
) -> io::Result<()> {
    let better = column.metric.definition().better;
    let [low, high] = ends(difference.interval());
    table.write_field(better.word())?;
    let values = [
        difference.mean,
        difference.se,
        low,
        high,
        or_nan(difference.p_better(better)),
        or_nan(difference.p_tie()),
        difference.variance_ratio,
    ];
    for value in values {
        table.write_field(digits.of(value))?;
    }
    table.write_field(difference.finding(better).words())?;
    table.write_field(difference.n.to_string())?;
    let favour = difference.better_worlds(better);
    table.write_field(favour.map_or_else(String::new, |f| f.worlds.to_string()))?;
    table.write_field(favour.map_or_else(String::new, |f| f.n.to_string()))?;
    Ok(table.write_record(None::<&[u8]>)?)
}

/// Writes the targets of a comparison: as [`super::targets`], and for every policy but the baseline: baseline,
/// only_policy, only_baseline (replications in which one alone meets it), difference in probability, its 95 %
/// interval difference_low and difference_high, verdict.
///
/// # Errors
/// Those of `out`.
pub fn targets(out: impl io::Write, summary: &Summary, comparison: &Comparison) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let rest = [
        "baseline",
        "only_policy",
        "only_baseline",
        "difference",
        "difference_low",
        "difference_high",
        "verdict",
    ];
    table.write_record(super::TARGETS.iter().chain(&rest))?;
    let baseline = &summary.policies[comparison.baseline].name;
    for (at, policy) in summary.policies.iter().enumerate() {
        let versus = comparison.versus.iter().find(|v| v.policy == at);
        for (number, (text, hits)) in all_hits(summary, policy).enumerate() {
            let compared = versus.and_then(|v| match v.targets.get(number) {
                Some(target) => Some(*target),
                None => v.all_targets,
            });
            let own = target_row(&policy.name, text, hits);
            table.write_record(own.iter().chain(&compared_row(baseline, compared)))?;
        }
    }
    table.flush()
}

/// Each target, and all together.
fn all_hits<'a>(
    summary: &'a Summary,
    policy: &'a PolicySummary,
) -> impl Iterator<Item = (&'a str, Hits)> {
    let each = summary.targets.iter().map(String::as_str);
    let together = policy.all_targets.map(|hits| ("all targets", hits));
    each.zip(policy.targets.iter().copied()).chain(together)
}

fn compared_row(baseline: &str, compared: Option<TargetDifference>) -> [String; 7] {
    let Some(target) = compared else {
        return Default::default();
    };
    let [low, high] = ends(target.interval);
    [
        baseline.to_owned(),
        target.counts.only_first.to_string(),
        target.counts.only_second.to_string(),
        cell(target.difference()),
        cell(low),
        cell(high),
        target.finding().words().to_owned(),
    ]
}

/// Writes the spreads: policy, month_end, metric, unit, team, stage, grade, variance_unknown (between worlds: of the
/// numbers that are not known), variance_luck (within a world), share_unknown, worlds, n.
///
/// # Errors
/// Those of `out`.
pub fn spreads(out: impl io::Write, summary: &Summary, names: &Names) -> io::Result<()> {
    let lead = ["policy", "month_end"];
    let rest = [
        "variance_unknown",
        "variance_luck",
        "share_unknown",
        "worlds",
        "n",
    ];
    let heading = lead.iter().chain(&WHAT).chain(&rest);
    let mut table = Rows::new(out, heading.copied())?;
    let whats = whats(&summary.layout, names)?;
    for (at, policy) in summary.policies.iter().enumerate() {
        for (row, when) in periods(summary).enumerate() {
            let lead = Lead::of([policy.name.as_str(), &when])?;
            for (what, (_, numbers)) in whats.iter().zip(summary.row(at, row)) {
                let wholes = [numbers.draws, numbers.n];
                table.write([&lead, what], parts(numbers), wholes)?;
            }
        }
    }
    table.finish().map(|_| ())
}

/// Variance between worlds and within them, and the share of the first.
fn parts(numbers: &Numbers) -> [f64; 3] {
    let split = numbers.split;
    [
        or_nan(split.map(|s| s.between)),
        or_nan(split.map(|s| s.within)),
        or_nan(split.and_then(|s| s.share_between())),
    ]
}

/// Writes how each precision came out: precision, policy, baseline, mean, sequence_low and sequence_high (the
/// 95 % interval that holds at every look), low and high (Student's, of all replications), asked (how far the
/// sequence may reach to either side), reached_after [replications], needed (about how many replications, where it
/// is not reached), draws.
///
/// # Errors
/// Those of `out`.
pub fn precisions(out: impl io::Write, summary: &Summary) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "precision",
        "policy",
        "baseline",
        "mean",
        "sequence_low",
        "sequence_high",
        "low",
        "high",
        "asked",
        "reached_after",
        "needed",
        "draws",
    ])?;
    for outcome in &summary.outcomes {
        let baseline = summary.comparison.as_ref().map(|c| c.baseline);
        let [sequence_low, sequence_high] = ends(outcome.interval);
        let [low, high] = ends(summary.ordinary(outcome));
        let needed = outcome.needed.filter(|_| outcome.reached.is_none());
        table.write_record([
            summary.until[outcome.precision].text.clone(),
            summary.policies[outcome.policy].name.clone(),
            baseline.map_or_else(String::new, |at| summary.policies[at].name.clone()),
            cell(outcome.mean),
            cell(sequence_low),
            cell(sequence_high),
            cell(low),
            cell(high),
            cell(outcome.asked),
            outcome.reached.map_or_else(String::new, |n| n.to_string()),
            needed.map_or_else(String::new, |n| format!("{n:.0}")),
            outcome.draws.to_string(),
        ])?;
    }
    table.flush()
}

fn ends(interval: Option<Interval>) -> [f64; 2] {
    interval.map_or([f64::NAN; 2], |i| [i.low, i.high])
}

fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    fn rows(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<Vec<String>> {
        let mut text = Vec::new();
        write(&mut text).unwrap();
        ::csv::Reader::from_reader(text.as_slice())
            .into_records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_difference_stands_in_its_row_and_reads_back() {
        let names = Names::of(&example::scenario());
        let summary = example::compared(20);
        let comparison = summary.comparison.as_ref().unwrap();
        let rows = rows(|out| differences(out, &summary, comparison, &names));
        let columns = summary.layout.columns();
        assert_eq!(rows.len(), 4 * columns.len());
        let told = comparison.versus[0].differences.iter();
        for (at, (row, difference)) in rows.iter().zip(told).enumerate() {
            assert_eq!(row[..2], ["hard 3", "no limit"]);
            assert_eq!(row[3], columns[at % columns.len()].metric.definition().key);
            match row[9].parse::<f64>() {
                Ok(mean) => assert_eq!(mean.to_bits(), difference.mean.to_bits()),
                Err(_) => assert!(row[9].is_empty() && difference.mean.is_nan()),
            }
            assert_eq!(row[17], difference.n.to_string());
            assert_eq!(row[18..], ["", ""]);
            // A metric that is neither good nor bad is neither better nor worse.
            assert!(row[8] != "neither" || row[13].is_empty());
        }
        assert_eq!(rows[0][2], "2025-10-31");
        assert!(rows[3 * columns.len()..].iter().all(|r| r[2] == "horizon"));
    }

    #[test]
    fn targets_of_a_comparison_have_the_difference_beside_every_policy_but_the_baseline() {
        let summary = example::compared(20);
        let comparison = summary.comparison.as_ref().unwrap();
        let rows = rows(|out| targets(out, &summary, comparison));
        assert_eq!(rows.len(), 4);
        assert!(rows[0][8..].iter().all(String::is_empty));
        assert_eq!(rows[2][8], "no limit");
        let hits = |row: &[String]| row[2].parse::<f64>().unwrap();
        let counts: Vec<f64> = rows[2][9..12].iter().map(|c| c.parse().unwrap()).collect();
        assert_eq!(hits(&rows[2]) - hits(&rows[0]), counts[0] - counts[1]);
        assert!((counts[2] - (counts[0] - counts[1]) / 20.0).abs() < 1e-12);
    }
}
