//! What `check` says: warnings, what the scenario implies, and where its inputs come from.

use std::io;

use comfy_table::{ColumnConstraint, ContentArrangement};

use crate::output::grid::{self, grid};
use crate::scenario::document::Document;
use crate::scenario::evidence::{Evidence, weakest_first};
use crate::scenario::implied::implied;

/// Prints the warnings of a scenario without errors, and what it implies.
///
/// * `color` - whether terminal colours may be used
///
/// # Errors
/// Those of `out`.
pub fn report(out: &mut dyn io::Write, document: &Document, color: bool) -> io::Result<()> {
    write!(out, "{}", document.warnings().render(color))?;
    let scenario = document.scenario();
    writeln!(out, "{}", scenario.title)?;
    if document.is_uncertain() {
        writeln!(
            out,
            "Some numbers are not known: what follows is for their means."
        )?;
    }
    match implied(scenario) {
        Ok(implied) => implied
            .in_words()
            .iter()
            .try_for_each(|line| writeln!(out, "{line}")),
        Err(error) => writeln!(out, "warning: {error}"),
    }
}

/// Prints the register of evidence, the weakest grade first.
///
/// * `width` - of the paper or the terminal [characters]
///
/// # Errors
/// Those of `out`.
pub fn evidence(out: &mut dyn io::Write, document: &Document, width: u16) -> io::Result<()> {
    let mut register: Vec<&Evidence> = document.evidence().iter().collect();
    register.sort_by_key(|entry| weakest_first(entry));
    let mut table = grid();
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header(["grade", "input", "value", "range", "where it comes from"]);
    for entry in register {
        table.add_row([
            entry.grade.clone().unwrap_or_default(),
            entry.key.clone(),
            entry.law.clone().unwrap_or_else(|| entry.value.clone()),
            entry.range.clone().unwrap_or_default(),
            origin(entry),
        ]);
    }
    for column in table.column_iter_mut().take(2) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    writeln!(out, "\n{}", grid::text(&table))
}

/// Where a number comes from, in words.
fn origin(entry: &Evidence) -> String {
    let own = entry.is_default.then(|| "casecap's own value".to_owned());
    let said = [own, entry.source.clone(), entry.note.clone()];
    let said: Vec<String> = said.into_iter().flatten().collect();
    if said.is_empty() {
        "nobody says".to_owned()
    } else {
        said.join("; ")
    }
}
