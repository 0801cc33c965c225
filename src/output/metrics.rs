//! The catalogue of metrics for people and for programs.

use std::io;

use comfy_table::ContentArrangement;

use crate::metric::catalogue::{CATALOGUE, Definition, Metric};
use crate::metric::symbol::SYMBOLS;
use crate::output::grid::{self, grid};
use crate::output::prose::wrapped_to;

/// Prints the catalogue as an aligned table, the definition of each metric below it.
///
/// # Errors
/// Those of `out`.
pub fn table(out: &mut dyn io::Write) -> io::Result<()> {
    /// Blanks before a definition, which stands below its metric.
    const INDENT: usize = 5;
    let mut table = grid();
    table
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header([
            "metric", "unit", "better", "for whom", "taken", "also by", "rounded", "none",
        ]);
    for definition in &CATALOGUE {
        table.add_row([
            definition.key.to_owned(),
            definition.unit.to_owned(),
            definition.better.word().to_owned(),
            definition.for_whom.words().to_owned(),
            definition.kind.words().to_owned(),
            groups(definition).join(", "),
            definition.rounding().words(),
            definition.missing().to_owned(),
        ]);
    }
    let mut definitions = CATALOGUE.iter();
    for line in grid::text(&table).lines() {
        writeln!(out, "{line}")?;
        // Lines that are no row begin with the frame, or name no metric.
        let key = line.split_whitespace().next();
        if key.and_then(Metric::by_key).is_none() {
            continue;
        }
        let Some(definition) = definitions.next() else {
            continue;
        };
        let words = format!("{} Of {}.", definition.definition, definition.population);
        for line in wrapped_to(&words, INDENT) {
            writeln!(out, "{:INDENT$}{line}", "")?;
        }
    }
    writeln!(
        out,
        "rounded: how published tables round it; none: what stands there for a missing number"
    )?;
    for (sign, words) in SYMBOLS {
        writeln!(out, "  {sign:<4}{words}")?;
    }
    Ok(())
}

/// Writes the catalogue as a table of comma-separated values.
///
/// # Errors
/// Those of `out`.
pub fn csv(out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "metric",
        "name",
        "unit",
        "better",
        "for_whom",
        "taken",
        "also_by",
        "decimals",
        "rounding",
        "missing",
        "population",
        "definition",
    ])?;
    for definition in &CATALOGUE {
        table.write_record([
            definition.key,
            definition.metric.label(),
            definition.unit,
            definition.better.word(),
            definition.for_whom.words(),
            definition.kind.words(),
            &groups(definition).join(" "),
            &definition.decimals.to_string(),
            &definition.rounding().words(),
            definition.missing(),
            definition.population,
            definition.definition,
        ])?;
    }
    table.flush()
}

fn groups(definition: &Definition) -> Vec<&'static str> {
    [
        (definition.by_team, "team"),
        (definition.by_stage, "stage"),
        (definition.by_grade, "grade"),
    ]
    .into_iter()
    .filter_map(|(has, name)| has.then_some(name))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_stands_in_both_forms() {
        let mut text = Vec::new();
        table(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut values = Vec::new();
        csv(&mut values).unwrap();
        let rows = ::csv::Reader::from_reader(values.as_slice())
            .into_records()
            .map(|row| row.unwrap()[0].to_owned())
            .collect::<Vec<_>>();
        assert_eq!(rows.len(), CATALOGUE.len());
        for (definition, row) in CATALOGUE.iter().zip(rows) {
            assert_eq!(row, definition.key);
            let lead = format!(" {} ", definition.key);
            let rows = text.lines().filter(|line| line.starts_with(&lead));
            assert_eq!(rows.count(), 1, "{}", definition.key);
            assert!(words.contains(definition.definition), "{}", definition.key);
        }
        let widest = text.lines().map(|l| l.chars().count()).max();
        assert!(widest <= Some(130), "{widest:?}");
    }
}
