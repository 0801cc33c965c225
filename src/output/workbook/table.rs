//! A table of a folder as a sheet: the same names and numbers, each number shown as its metric is.

use jiff::civil::Date;
use rust_xlsxwriter::{Format, Table, TableColumn, TableStyle, Worksheet};

use crate::metric::catalogue::Metric;
use crate::output::csv::sheet::Sheet;
use crate::output::workbook::style::{Styles, code, code_of, fit_row, write_text};
use crate::output::workbook::{WorkbookError, excel_day};

/// Rows of a table that a sheet holds at most, beside the one of names.
pub const MOST_ROWS: usize = 1_048_575;
/// Columns are at least and at most so wide [characters]; longer text runs over several lines.
const WIDTHS: [usize; 2] = [9, 60];

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// Text, also where it looks like a number.
    Text,
    /// The last day of a month, or text.
    Day,
    /// Counts.
    Count,
    /// Shares that are no metric.
    Share,
    /// Numbers in the unit of the row's metric, with so many decimals more than it.
    Metric(u8),
    /// Other numbers.
    Number,
}

/// What a column of a folder's tables holds, by its name; new columns are numbers where they look like it.
fn holds(name: &str) -> Holds {
    match name {
        "policy" | "baseline" | "against" | "metric" | "name" | "unit" | "team" | "stage"
        | "grade" | "better_is" | "verdict" | "what" | "target" | "precision" | "cut"
        | "weakest_key" | "weakest_grade" | "better" | "for_whom" | "taken" | "also_by"
        | "rounding" | "missing" | "population" | "definition" | "file" | "column" | "meaning" => {
            Holds::Text
        }
        "month_end" => Holds::Day,
        "n" | "hits" | "undefined" | "only_policy" | "only_baseline" | "worlds"
        | "worlds_better" | "from" | "to" | "decimals" => Holds::Count,
        "probability" | "p_better" | "p_tie" | "share_unknown" | "difference"
        | "difference_low" | "difference_high" => Holds::Share,
        "se" => Holds::Metric(1),
        "mean" | "p5" | "p25" | "p50" | "p75" | "p95" | "min" | "max" | "low" | "high"
        | "whole" | "whole_low" | "whole_high" | "carried" | "carried_low" | "carried_high"
        | "left" | "left_low" | "left_high" => Holds::Metric(0),
        _ => Holds::Number,
    }
}

/// A sheet with one table from A1, its names fixed above it.
///
/// # Errors
/// [`WorkbookError::Long`] where it has too many rows.
pub fn sheet(name: &str, table: &Sheet, styles: &Styles) -> Result<Worksheet, WorkbookError> {
    if table.rows.len() > MOST_ROWS {
        return Err(WorkbookError::Long {
            file: table.name.to_owned(),
            rows: table.rows.len(),
        });
    }
    let columns: Vec<Holds> = table.heading.iter().map(|name| holds(name)).collect();
    let metric = table.heading.iter().position(|name| name == "metric");
    // Of targets and distributions every number is a share; of precisions each its own metric, in words.
    let otherwise = match table.heading.iter().any(|n| n == "target" || n == "what") {
        true => code(1, true),
        false => String::new(),
    };
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    let mut widths: Vec<usize> = table.heading.iter().map(|n| n.len() + 3).collect();
    for (row, cells) in (1..).zip(&table.rows) {
        let known = metric.and_then(|at| Metric::by_key(cells.get(at)?));
        for (column, (cell, holds)) in (0_u16..).zip(cells.iter().zip(&columns)) {
            let shown = match (holds, known) {
                (Holds::Metric(more), Some(metric)) => {
                    styles.number(&code_of(metric.definition(), *more))
                }
                (Holds::Metric(_), None) => styles.number(&otherwise),
                (Holds::Share, _) => styles.number(&code(1, true)),
                (Holds::Count, _) => &styles.whole,
                (Holds::Day, _) => &styles.day,
                (Holds::Text | Holds::Number, _) => &styles.text,
            };
            write_cell(&mut sheet, (row, column), cell, *holds, (shown, styles))?;
            if *holds == Holds::Text {
                let width = &mut widths[usize::from(column)];
                *width = (*width).max(cell.chars().count() + 1);
            }
        }
        let long = cells.iter().filter(|cell| is_long(cell));
        fit_row(&mut sheet, row, long.map(|cell| (cell, WIDTHS[1])))?;
    }
    let formats: Vec<&Format> = columns
        .iter()
        .map(|holds| match holds {
            Holds::Text | Holds::Day => &styles.heading,
            _ => &styles.heading_of_numbers,
        })
        .collect();
    let heading: Vec<(&str, &Format)> = names(&table.heading, formats);
    finish(&mut sheet, &heading, &widths)?;
    mark(&mut sheet, name, &heading, table.rows.len())?;
    Ok(sheet)
}

fn write_cell(
    sheet: &mut Worksheet,
    place: (u32, u16),
    cell: &str,
    holds: Holds,
    (shown, styles): (&Format, &Styles),
) -> Result<(), WorkbookError> {
    let (row, column) = place;
    if cell.is_empty() {
        return Ok(());
    }
    if holds == Holds::Day
        && let Some(day) = cell.parse::<Date>().ok().and_then(excel_day)
    {
        sheet.write_datetime_with_format(row, column, &day, shown)?;
    } else if !matches!(holds, Holds::Text | Holds::Day)
        && let Some(number) = cell.parse::<f64>().ok().filter(|n| n.is_finite())
    {
        sheet.write_number_with_format(row, column, number, shown)?;
    } else {
        let format = match is_long(cell) {
            true => &styles.wrapped,
            false => &styles.text,
        };
        write_text(sheet, place, cell, format)?;
    }
    Ok(())
}

/// True where a text takes more than one line.
fn is_long(cell: &str) -> bool {
    cell.chars().count() >= WIDTHS[1]
}

/// Names of columns, each with how it looks.
pub fn names<'a, 'b>(
    heading: &'a [impl AsRef<str>],
    formats: impl IntoIterator<Item = &'b Format>,
) -> Vec<(&'a str, &'b Format)> {
    let heading = heading.iter().map(AsRef::as_ref);
    heading.zip(formats).collect()
}

/// The row of names, which stays in sight and is printed on every page, and the widths.
///
/// * `widths` - of the columns, as they would be at best [characters]
///
/// # Errors
/// Those of the sheet.
pub fn finish(
    sheet: &mut Worksheet,
    heading: &[(&str, &Format)],
    widths: &[usize],
) -> Result<(), WorkbookError> {
    for (column, ((name, format), width)) in (0_u16..).zip(heading.iter().zip(widths)) {
        write_text(sheet, (0, column), name, format)?;
        let width = (*width).clamp(WIDTHS[0], WIDTHS[1]);
        // Far below 2^53.
        sheet.set_column_width(column, width as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Tells programs and screen readers that the cells are one table, with a filter on each name. The names are ours: no two
/// are alike.
///
/// # Errors
/// Those of the sheet.
pub fn mark(
    sheet: &mut Worksheet,
    name: &str,
    heading: &[(&str, &Format)],
    rows: usize,
) -> Result<(), WorkbookError> {
    // A table of names alone is none to a spreadsheet.
    let (Ok(last_row), Ok(last_column)) = (
        u32::try_from(rows),
        u16::try_from(heading.len().saturating_sub(1)),
    ) else {
        return Ok(());
    };
    if rows == 0 || heading.is_empty() {
        return Ok(());
    }
    let columns: Vec<TableColumn> = heading
        .iter()
        .map(|(name, format)| {
            TableColumn::new()
                .set_header(*name)
                .set_header_format(*format)
        })
        .collect();
    let table = Table::new()
        .set_name(format!("{}_table", name.to_lowercase()))
        .set_columns(&columns)
        .set_style(TableStyle::None)
        .set_banded_rows(false);
    sheet.add_table(0, 0, last_row, last_column, &table)?;
    Ok(())
}
