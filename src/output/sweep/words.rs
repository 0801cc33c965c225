//! What a sweep says on the terminal.

use std::io;

use comfy_table::{Cell, CellAlignment};

use crate::experiment::sweep::design::Design;
use crate::experiment::sweep::plan::{Block, Sweep, short};
use crate::metric::catalogue::Metric;
use crate::output::grid::{self, grid};
use crate::output::number;
use crate::output::prose::plural;
use crate::output::sweep::spec::Spec;
use crate::output::sweep::tables::Shown;
use crate::scenario::vary::amount::Amount;

/// Rows of a table at most.
pub const ROWS: usize = 60;
/// The metrics of table and page, where they are kept.
pub const MAIN: [Metric; 5] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
    Metric::NeedMet,
    Metric::VacancyRate,
];

/// How large a sweep is, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// Blocks in all.
    pub blocks: usize,
    /// Blocks that are there already.
    pub done: usize,
    /// Replications x policies that are still to be played.
    pub left: u64,
    /// Time for them [s]; nothing where it was not measured.
    pub seconds: Option<f64>,
    /// Length of all files that are still to be written, blocks and tables [bytes].
    pub bytes: f64,
}

/// The size of a sweep, in a line.
pub fn size(spec: &Spec, size: &Size) -> String {
    let mut text = format!(
        "{} x {} x {}: {}",
        plural(spec.points.len() as u64, "point"),
        plural(spec.policies.len() as u64, "policy"),
        plural(spec.replications, "replication"),
        plural(size.blocks as u64, "block"),
    );
    if size.done > 0 {
        text.push_str(&format!(
            ", {} of them there already",
            number::count(size.done as u64)
        ));
    }
    if size.left > 0 {
        if let Some(seconds) = size.seconds {
            text.push_str(&format!("; about {}", number::seconds(seconds)));
        }
        text.push_str(&format!(" and {:.1} MB to come", size.bytes / 1e6));
    }
    text
}

/// What a key means, where it is not one place alone.
pub fn meaning(key: &str, policies: &[&str], places: usize) -> Option<String> {
    match (policies, places) {
        ([], 0 | 1) => None,
        ([], many) => Some(format!("{key}: {many} places")),
        (names, _) => {
            let names: Vec<String> = names.iter().map(|n| format!("{n:?}")).collect();
            Some(format!("{key}: of {}", names.join(", ")))
        }
    }
}

/// What is set, in words.
pub fn setting(amount: Option<&Amount>) -> String {
    amount.map_or("as it is".to_owned(), Amount::to_string)
}

/// The points of a design, as a table.
///
/// # Errors
/// Those of `out`.
pub fn design(out: &mut dyn io::Write, design: &Design) -> io::Result<()> {
    let mut table = grid();
    let heading = std::iter::once("point").chain(design.keys.iter().map(String::as_str));
    table.set_header(heading.collect::<Vec<_>>());
    for (at, point) in (1..).zip(design.points.iter().take(ROWS)) {
        let mut row = vec![right(format!("{at}"))];
        row.extend(point.iter().map(|amount| right(setting(amount.as_ref()))));
        table.add_row(row);
    }
    writeln!(out, "{}", grid::text(&table))?;
    if design.points.len() > ROWS {
        let left = design.points.len() - ROWS;
        writeln!(out, "and {} more", number::count(left as u64))?;
    }
    Ok(())
}

/// The main metrics in the last month, one row for each point and policy.
///
/// # Errors
/// Those of `out`.
pub fn answer(
    out: &mut dyn io::Write,
    sweep: &Sweep,
    policies: &[String],
    shown: &[Shown],
) -> io::Result<()> {
    let mut columns: Vec<(usize, Metric)> = MAIN
        .iter()
        .filter_map(|m| Some((sweep.metrics.iter().position(|own| own == m)?, *m)))
        .collect();
    if columns.is_empty() {
        columns = sweep
            .metrics
            .iter()
            .copied()
            .enumerate()
            .take(MAIN.len())
            .collect();
    }
    let mut table = grid();
    let mut heading: Vec<Cell> = sweep.design.keys.iter().map(Cell::new).collect();
    heading.push(Cell::new("policy"));
    heading.extend(columns.iter().map(|(_, metric)| {
        let definition = metric.definition();
        let name = definition.key.replace('_', " ");
        right(format!("{name}\n{}", number::unit(definition)))
    }));
    table.set_header(heading);
    for one in shown.iter().take(ROWS) {
        let amounts = sweep
            .design
            .points
            .get(one.point)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut row: Vec<Cell> = amounts.iter().map(|a| right(setting(a.as_ref()))).collect();
        row.push(Cell::new(
            policies.get(one.policy).map_or("", String::as_str),
        ));
        row.extend(columns.iter().map(|(at, metric)| {
            let mean = one.last_month.get(*at).map_or(f64::NAN, |e| e.mean);
            right(number::value(metric.definition(), mean))
        }));
        table.add_row(row);
    }
    writeln!(out, "{}", grid::text(&table))?;
    writeln!(
        out,
        "Means over replications in the last month; sweep.csv has every month, error and metric."
    )?;
    if shown.len() > ROWS || sweep.design.points.len() * policies.len() > shown.len() {
        writeln!(
            out,
            "The first {ROWS} rows of the table; the files have all points."
        )?;
    }
    Ok(())
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// A block in words.
pub fn block(block: &Block, spec: &Spec) -> String {
    let policy = spec.policies.get(block.policy).map_or("", String::as_str);
    format!(
        "block {}: point {}, policy {policy:?}, replications {} to {}",
        short(&block.hash),
        block.point + 1,
        block.first,
        block.first + block.count - 1,
    )
}
