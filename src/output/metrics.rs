//! The catalogue of metrics for people and for programs.

use std::io;

use comfy_table::{ColumnConstraint, ContentArrangement};

use crate::metric::catalogue::{Better, CATALOGUE, Definition, Kind};
use crate::output::grid::{self, grid};

/// Prints the catalogue as an aligned table.
///
/// * `width` - of the paper or the terminal [characters]
///
/// # Errors
/// Those of `out`.
pub fn table(out: &mut dyn io::Write, width: u16) -> io::Result<()> {
    let mut table = grid();
    table
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .set_header([
            "metric",
            "unit",
            "better",
            "for whom",
            "taken",
            "also by",
            "what it is",
        ]);
    for definition in &CATALOGUE {
        table.add_row([
            definition.key.to_owned(),
            definition.unit.to_owned(),
            better(definition.better).to_owned(),
            definition.for_whom.words().to_owned(),
            kind(definition.kind).to_owned(),
            groups(definition).join(", "),
            format!("{} Of {}.", definition.definition, definition.population),
        ]);
    }
    // Names are for copying: only the definitions are broken over lines.
    for column in table.column_iter_mut().take(6) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    writeln!(out, "{}", grid::text(&table))
}

/// Writes the catalogue as a table of comma-separated values.
///
/// # Errors
/// Those of `out`.
pub fn csv(out: &mut dyn io::Write) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "metric",
        "unit",
        "better",
        "for_whom",
        "taken",
        "also_by",
        "decimals",
        "population",
        "definition",
    ])?;
    for definition in &CATALOGUE {
        table.write_record([
            definition.key,
            definition.unit,
            better(definition.better),
            definition.for_whom.words(),
            kind(definition.kind),
            &groups(definition).join(" "),
            &definition.decimals.to_string(),
            definition.population,
            definition.definition,
        ])?;
    }
    table.flush()
}

fn better(better: Better) -> &'static str {
    match better {
        Better::Higher => "higher",
        Better::Lower => "lower",
        Better::Neither => "neither",
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::MonthEnd => "month end",
        Kind::Average => "average",
        Kind::Total => "total",
        Kind::Ratio => "ratio",
    }
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
        table(&mut text, 130).unwrap();
        let text = String::from_utf8(text).unwrap();
        let mut values = Vec::new();
        csv(&mut values).unwrap();
        let rows = ::csv::Reader::from_reader(values.as_slice())
            .into_records()
            .map(|row| row.unwrap()[0].to_owned())
            .collect::<Vec<_>>();
        assert_eq!(rows.len(), CATALOGUE.len());
        for (definition, row) in CATALOGUE.iter().zip(rows) {
            assert_eq!(row, definition.key);
            assert!(text.contains(definition.key), "{}", definition.key);
        }
        let widest = text.lines().map(|l| l.chars().count()).max();
        assert!(widest <= Some(130), "{widest:?}");
    }
}
