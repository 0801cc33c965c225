//! What `check` says: warnings, what the scenario implies, and where its inputs come from.

use std::io;

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets};

use crate::output::manifest::Evidence;
use crate::scenario::document::Document;

/// Prints the warnings of a scenario without errors, and what it implies.
///
/// * `color` - whether terminal colours may be used
///
/// # Errors
/// Those of `out`.
pub fn report(out: &mut dyn io::Write, document: &Document, color: bool) -> io::Result<()> {
    let warnings = document.warnings();
    write!(out, "{}", warnings.render(color))?;
    let scenario = document.scenario();
    writeln!(out, "{}", scenario.title)
}

/// Prints the register of evidence, the weakest grade first.
///
/// * `width` - of the paper or the terminal [characters]
///
/// # Errors
/// Those of `out`.
pub fn evidence(out: &mut dyn io::Write, document: &Document, width: u16) -> io::Result<()> {
    let mut register: Vec<Evidence> = document.evidence().iter().map(Evidence::of).collect();
    if register.is_empty() {
        return writeln!(out, "\nNo input names a source or a grade.");
    }
    register.sort_by(|a, b| (rank(b), &a.key).cmp(&(rank(a), &b.key)));
    let mut table = Table::new();
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(["grade", "input", "value", "source"]);
    for entry in register {
        table.add_row([
            entry.grade.unwrap_or_default(),
            entry.key,
            entry.value,
            entry.source.unwrap_or_default(),
        ]);
    }
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    writeln!(out, "\n{table}")
}

/// Weakness of a grade: unverified and none are the weakest, then D to A.
fn rank(entry: &Evidence) -> usize {
    const BEST_FIRST: [&str; 5] = ["A", "A*", "B", "C", "D"];
    let grade = entry.grade.as_deref().unwrap_or("");
    BEST_FIRST
        .iter()
        .position(|g| *g == grade)
        .unwrap_or(BEST_FIRST.len())
}
