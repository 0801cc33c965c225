//! What `check` says: warnings, what the scenario implies, and where its inputs come from.

use std::io;

use comfy_table::{ColumnConstraint, ContentArrangement};

use crate::output::grid::{self, grid};
use crate::scenario::document::Document;
use crate::scenario::evidence::{Evidence, weakest_first};
use crate::scenario::implied::implied;

/// Implied warnings before a run at most: they are not what was asked for.
const WARNINGS: usize = 5;
/// Warnings of the file itself before a run at most.
const FIRST: usize = 20;

/// Prints the warnings of a scenario without errors, and what it implies.
///
/// * `color` - whether terminal colours may be used
/// * `most` - warnings that are printed at most
/// * `how` - what is said of how to see the others
///
/// # Errors
/// Those of `out`.
pub fn report(
    out: &mut dyn io::Write,
    document: &Document,
    color: bool,
    most: usize,
    how: &str,
) -> io::Result<()> {
    write!(out, "{}", document.warnings().render_first(color, most))?;
    if let Some(left) = document.warnings().left_out(most) {
        writeln!(out, "\nand {left}; {how}")?;
    }
    let scenario = document.scenario();
    writeln!(out, "{}", scenario.title)?;
    if document.is_uncertain() {
        writeln!(
            out,
            "Some numbers are not known: what follows is for their means."
        )?;
    }
    match implied(scenario) {
        Ok(implied) => {
            let lines = implied.in_words();
            let is_warning = |line: &&String| line.starts_with("warning: ");
            let warnings = lines.iter().filter(is_warning).count();
            let shown = lines.len() - warnings.saturating_sub(most);
            for line in &lines[..shown] {
                writeln!(out, "{line}")?;
            }
            match lines.len() - shown {
                0 => Ok(()),
                more => writeln!(out, "and {more} more of what it implies; {how}"),
            }
        }
        Err(error) => writeln!(out, "warning: {error}"),
    }
}

/// Prints what `report` would warn of, before a run: at most `WARNINGS` of what is implied, and then
/// how many more there are and how to see them.
///
/// * `path` - of the scenario, as typed in a shell
///
/// # Errors
/// Those of `out`.
pub fn warnings(
    out: &mut dyn io::Write,
    document: &Document,
    path: &str,
    color: bool,
) -> io::Result<()> {
    let written = document.warnings();
    write!(out, "{}", written.render_first(color, FIRST))?;
    if let Some(left) = written.left_out(FIRST) {
        writeln!(out, "\nand {left}: casecap check {path} --all")?;
    }
    let warnings = match implied(document.scenario()) {
        Ok(implied) => implied.warnings,
        Err(error) => vec![error.to_string()],
    };
    for warning in warnings.iter().take(WARNINGS) {
        writeln!(out, "warning: {warning}")?;
    }
    match warnings.len().saturating_sub(WARNINGS) {
        0 => Ok(()),
        more => writeln!(out, "and {more} more: casecap check {path}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"
title = "Too many cases"
start = 2025-10-01
months = 3

[referrals]
families_per_month = 50
first_stage = "open"

[stages.open]
hours_per_week = 6
work = { law = "exponential", mean = "90 days" }
then = "closed"

[grades.worker]
leave_per_year = 0

[[posts]]
grade = "worker"
count = 4
"#;

    fn told(policies: usize) -> String {
        let mut text = TEXT.to_owned();
        for limit in 1..=policies {
            text.push_str(&format!("[policies.\"hard {limit}\"]\nlimit = {limit}\n"));
        }
        let document = Document::parse("many", &text).unwrap();
        let mut out = Vec::new();
        warnings(&mut out, &document, "many.toml", false).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn few_warnings_are_printed_whole_and_of_many_the_first() {
        let few = told(1);
        assert!(few.contains("warning: under policy \"hard 1\""), "{few}");
        assert!(!few.contains("more: casecap check"), "{few}");
        let many = told(20);
        assert_eq!(many.matches("warning: ").count(), WARNINGS, "{many}");
        // One of the workload, and one of each limit.
        assert!(
            many.ends_with("and 16 more: casecap check many.toml\n"),
            "{many}"
        );
    }
}
