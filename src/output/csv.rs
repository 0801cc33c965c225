//! Results as tidy tables: one observation a row, a missing number an empty cell.
//!
//! Numbers are written with as few digits as read back to the same bits.

pub mod dictionary;
pub mod difference;
pub mod distribution;
pub mod explanation;
pub mod guideline;
mod row;
pub mod sensitivity;
pub mod sheet;
pub mod shown;
pub mod sweep;

use std::io;

use crate::experiment::numbers::{Hits, Numbers};
use crate::experiment::run::Played;
use crate::experiment::summary::Summary;
use crate::metric::catalogue::CATALOGUE;
use crate::metric::layout::{Column, Group, Layout};
use crate::model::calendar::Month;
use crate::output::csv::row::{Digits, Lead, Rows, cell};
use crate::scenario::sections::Scenario;

/// Names that a column's group has in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    teams: Vec<String>,
    stages: Vec<String>,
    grades: Vec<String>,
}

impl Names {
    /// The names of a scenario.
    pub fn of(scenario: &Scenario) -> Names {
        Names {
            teams: scenario.teams.iter().map(|t| t.name.clone()).collect(),
            stages: scenario.stages.iter().map(|s| s.name.clone()).collect(),
            grades: scenario.grades.iter().map(|g| g.name.clone()).collect(),
        }
    }

    /// Team, stage and grade of a group; those that it does not speak of are empty.
    pub(super) fn cells(&self, group: Group) -> [&str; 3] {
        fn name(names: &[String], at: usize) -> &str {
            names.get(at).map_or("", String::as_str)
        }
        match group {
            Group::Service => ["", "", ""],
            Group::Team(at) => [name(&self.teams, at), "", ""],
            Group::Stage(at) => ["", name(&self.stages, at), ""],
            Group::Grade(at) => ["", "", name(&self.grades, at)],
        }
    }
}

const WHAT: [&str; 5] = ["metric", "unit", "team", "stage", "grade"];
const NUMBERS: [&str; 10] = [
    "mean", "se", "p5", "p25", "p50", "p75", "p95", "min", "max", "n",
];

const TARGETS: [&str; 8] = [
    "policy",
    "target",
    "hits",
    "n",
    "undefined",
    "probability",
    "low",
    "high",
];

/// Writes the months: policy, month_end, metric, unit, team, stage, grade, mean, se, p5, p25, p50,
/// p75, p95, min, max, n.
///
/// # Errors
/// Those of `out`.
pub fn monthly(out: impl io::Write, summary: &Summary, names: &Names) -> io::Result<()> {
    let heading = ["policy", "month_end"].iter().chain(&WHAT).chain(&NUMBERS);
    let mut table = Rows::new(out, heading.copied())?;
    let whats = whats(&summary.layout, names)?;
    for (at, policy) in summary.policies.iter().enumerate() {
        for (row, month) in summary.months.iter().enumerate() {
            let lead = Lead::of([policy.name.as_str(), &month.last_day.to_string()])?;
            for (what, (_, numbers)) in whats.iter().zip(summary.row(at, row)) {
                table.write([&lead, what], values(numbers), [numbers.n])?;
            }
        }
    }
    table.finish().map(|_| ())
}

/// Writes the whole horizon: as [`monthly`], without month_end.
///
/// # Errors
/// Those of `out`.
pub fn horizon(out: impl io::Write, summary: &Summary, names: &Names) -> io::Result<()> {
    let heading = ["policy"].iter().chain(&WHAT).chain(&NUMBERS);
    let mut table = Rows::new(out, heading.copied())?;
    let whats = whats(&summary.layout, names)?;
    let row = summary.layout.horizon_row();
    for (at, policy) in summary.policies.iter().enumerate() {
        let lead = Lead::of([policy.name.as_str()])?;
        for (what, (_, numbers)) in whats.iter().zip(summary.row(at, row)) {
            table.write([&lead, what], values(numbers), [numbers.n])?;
        }
    }
    table.finish().map(|_| ())
}

/// Metric, unit, team, stage and grade of each column.
fn whats(layout: &Layout, names: &Names) -> io::Result<Vec<Lead>> {
    let columns = layout.columns().iter();
    columns
        .map(|column| Lead::of(what(column, names)))
        .collect()
}

/// Metric, unit, team, stage and grade.
fn what<'a>(column: &Column, names: &'a Names) -> [&'a str; 5] {
    let definition = column.metric.definition();
    let [team, stage, grade] = names.cells(column.group);
    [definition.key, definition.unit, team, stage, grade]
}

/// The numbers of a row, in the order of its heading, without `n`.
fn values(numbers: &Numbers) -> [f64; 9] {
    [
        numbers.mean,
        numbers.se,
        numbers.p5,
        numbers.p25,
        numbers.p50,
        numbers.p75,
        numbers.p95,
        numbers.min,
        numbers.max,
    ]
}

/// Writes the targets: policy, target, hits, n, undefined, probability, low, high; the last row of each
/// policy is all targets together. `undefined` counts the replications in which a number that the target
/// needs is missing: they are in n and no hits. The interval is [`Hits::interval`], at 95 %.
///
/// # Errors
/// Those of `out`.
pub fn targets(out: impl io::Write, summary: &Summary) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(TARGETS)?;
    for policy in &summary.policies {
        let each = summary.targets.iter().map(String::as_str);
        let together = policy.all_targets.map(|hits| ("all targets", hits));
        for (text, hits) in each.zip(policy.targets.iter().copied()).chain(together) {
            table.write_record(target_row(&policy.name, text, hits))?;
        }
    }
    table.flush()
}

fn target_row(policy: &str, target: &str, hits: Hits) -> [String; 8] {
    let interval = hits.interval();
    let bound = |value: Option<f64>| cell(value.unwrap_or(f64::NAN));
    [
        policy.to_owned(),
        target.to_owned(),
        hits.hits.to_string(),
        hits.n.to_string(),
        hits.undefined.to_string(),
        cell(hits.probability()),
        bound(interval.map(|i| i.low)),
        bound(interval.map(|i| i.high)),
    ]
}

/// Writes each replication as it comes: replication, world, policy, month_end, and one column for each metric
/// of the service. Holds nothing back but a piece of text.
pub struct Replications<W: io::Write> {
    table: Rows<W>,
    policies: Vec<Lead>,
    month_ends: Vec<Lead>,
    columns: usize,
    /// Column of each metric of the service.
    service: Vec<usize>,
}

impl<W: io::Write> Replications<W> {
    /// Writes the heading.
    ///
    /// * `policies` - names, in the order of the plan
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(
        out: W,
        policies: Vec<String>,
        layout: &Layout,
        months: &[Month],
    ) -> io::Result<Replications<W>> {
        let lead = ["replication", "world", "policy", "month_end"].into_iter();
        let heading = lead.chain(CATALOGUE.iter().map(|d| d.key));
        let policies = policies.iter().map(|name| Lead::of([name.as_str()]));
        let days = months.iter().map(|m| m.last_day.to_string());
        Ok(Replications {
            table: Rows::new(out, heading)?,
            policies: policies.collect::<io::Result<_>>()?,
            month_ends: days
                .map(|day| Lead::of([day.as_str()]))
                .collect::<io::Result<_>>()?,
            columns: layout.columns().len(),
            service: CATALOGUE
                .iter()
                .filter_map(|d| layout.index(0, d.metric, Group::Service))
                .collect(),
        })
    }

    /// Writes one replication under each policy.
    ///
    /// # Errors
    /// Those of the file.
    pub fn write(&mut self, played: Played<'_>) -> io::Result<()> {
        let length = played.records.len() / self.policies.len().max(1);
        let who = [played.replication, played.world].map(|n| n.to_string());
        let who = Lead::of(who.iter().map(String::as_str))?;
        let records = played.records.chunks(length.max(1));
        for (policy, record) in self.policies.iter().zip(records) {
            for (row, month_end) in self.month_ends.iter().enumerate() {
                let at = |column: &usize| record[row * self.columns + column];
                let values = self.service.iter().map(at);
                self.table.write([&who, policy, month_end], values, [])?;
            }
        }
        Ok(())
    }

    /// Ends the table and gives back its file.
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(self) -> io::Result<W> {
        self.table.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    /// Rows of a written table, as text.
    fn rows(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> Vec<Vec<String>> {
        let mut text = Vec::new();
        write(&mut text).unwrap();
        ::csv::Reader::from_reader(text.as_slice())
            .into_records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn every_number_of_the_summary_stands_in_its_row_and_reads_back() {
        let names = Names::of(&example::scenario());
        let mut summary = example::summary(20);
        summary.policies[0].numbers[0].se = f64::NAN;
        let columns = summary.layout.columns().len();
        let monthly = rows(|out| super::monthly(out, &summary, &names));
        assert_eq!(monthly.len(), 2 * 3 * columns);
        let horizon = rows(|out| super::horizon(out, &summary, &names));
        assert_eq!(horizon.len(), 2 * columns);
        let agrees = |cell: &str, value: f64| match cell.parse::<f64>() {
            Ok(read) => read.to_bits() == value.to_bits(),
            Err(_) => cell.is_empty() && value.is_nan(),
        };
        for policy in 0..2 {
            for row in 0..3 {
                let begin = (policy * 3 + row) * columns;
                for (at, (column, numbers)) in summary.row(policy, row).enumerate() {
                    let cells = &monthly[begin + at];
                    assert_eq!(cells[0], summary.policies[policy].name);
                    assert_eq!(cells[1], summary.months[row].last_day.to_string());
                    assert_eq!(cells[2], column.metric.definition().key);
                    assert!(agrees(&cells[7], numbers.mean), "{cells:?}");
                    assert!(agrees(&cells[8], numbers.se), "{cells:?}");
                    assert!(agrees(&cells[15], numbers.max), "{cells:?}");
                    assert_eq!(cells[16], numbers.n.to_string());
                }
            }
        }
        assert_eq!(monthly[0][8], "");
        let row = summary.layout.horizon_row();
        for (cells, (_, numbers)) in horizon.iter().zip(summary.row(0, row)) {
            assert!(agrees(&cells[6], numbers.mean), "{cells:?}");
        }
    }

    #[test]
    fn targets_end_with_all_of_them_together() {
        let summary = example::summary(20);
        let rows = rows(|out| super::targets(out, &summary));
        let texts: Vec<&str> = rows.iter().map(|r| r[1].as_str()).collect();
        let target = "unallocated <= 5 at 2025-12-31";
        assert_eq!(texts, [target, "all targets", target, "all targets"]);
        assert!(rows.iter().all(|r| r[3] == "20"));
    }

    #[test]
    fn a_target_in_one_world_has_empty_ends_and_tells_what_is_undefined() {
        let mut summary = example::summary(20);
        let hits = &mut summary.policies[0].targets[0];
        (hits.draws, hits.se_of_worlds, hits.undefined) = (1, None, 4);
        let rows = rows(|out| super::targets(out, &summary));
        assert_eq!(rows[0][4], "4");
        assert_eq!(&rows[0][6..], ["", ""]);
        assert_eq!(rows[2][4], "0");
        assert!(rows[2][6..].iter().all(|end| !end.is_empty()));
    }

    #[test]
    fn each_replication_names_its_world() {
        let layout = crate::experiment::plan::layout(&example::scenario());
        let months = example::scenario().calendar.reported().to_vec();
        let record = vec![0.0; layout.len()];
        let rows = rows(|out| {
            let policies = vec!["no limit".to_owned()];
            let mut table = Replications::new(out, policies, &layout, &months)?;
            table.write(Played {
                replication: 17,
                world: 4,
                records: &record,
            })?;
            table.finish().map(|_| ())
        });
        assert_eq!(rows.len(), 3);
        assert!(rows.iter().all(|r| r[..3] == ["17", "4", "no limit"]));
    }

    #[test]
    fn a_column_of_a_stage_or_grade_names_it_and_nothing_else() {
        let names = Names::of(&example::scenario());
        assert_eq!(names.cells(Group::Stage(0)), ["", "open", ""]);
        assert_eq!(names.cells(Group::Grade(0)), ["", "", "worker"]);
        assert_eq!(names.cells(Group::Service), ["", "", ""]);
    }
}
