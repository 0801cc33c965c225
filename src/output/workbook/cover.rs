//! The words of the workbook: its cover, its notes, and where each input comes from.

use std::iter::{once, repeat};

use rust_xlsxwriter::{Url, Worksheet};

use crate::metric::symbol::SYMBOLS;
use crate::output::kept::Kept;
use crate::output::number;
use crate::output::prose::plural;
use crate::output::reading::{GRADE_WORDS, not_for};
use crate::output::workbook::WorkbookError;
use crate::output::workbook::style::{Styles, fit_row, write_text};
use crate::output::workbook::table::{finish, mark, names};

/// Name of the sheet of notes.
pub const NOTES: &str = "Notes";
/// Name of the first sheet.
const COVER: &str = "Cover";
/// Widths of a column of labels and one of words [characters].
const WIDTHS: [usize; 2] = [26, 100];
/// Of the row of the title [points].
const TITLE_HEIGHT: f64 = 24.0;

/// The cover: the question, what this is and is not for, and what each sheet holds.
///
/// * `contents` - name of each other sheet, and what it holds
///
/// # Errors
/// Those of the workbook.
pub fn cover(
    kept: &Kept,
    contents: &[(&str, String)],
    styles: &Styles,
) -> Result<Worksheet, WorkbookError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(COVER)?;
    for (column, width) in (0_u16..).zip(WIDTHS) {
        // Far below 2^53.
        sheet.set_column_width(column, width as f64)?;
    }
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    let title = "How many cases may one worker hold, and what happens then? Simulated figures";
    write_text(&mut sheet, (0, 0), title, &styles.title)?;
    sheet.set_row_height(0, TITLE_HEIGHT)?;
    let mut row = 1;
    for (label, words) in told(kept) {
        write_text(&mut sheet, (row, 0), &label, &styles.label)?;
        write_text(&mut sheet, (row, 1), &words, &styles.wrapped)?;
        fit_row(&mut sheet, row, [(words.as_str(), WIDTHS[1])])?;
        row += 1;
    }
    for words in not_for(&month(kept, true), &month(kept, false)) {
        write_text(&mut sheet, (row, 0), "Must not be used", &styles.label)?;
        write_text(&mut sheet, (row, 1), &words, &styles.wrapped)?;
        fit_row(&mut sheet, row, [(words.as_str(), WIDTHS[1])])?;
        row += 1;
    }
    for (name, words) in contents {
        // Names of sheets are ours: none holds a quote.
        let link = Url::new(format!("internal:'{name}'!A1")).set_text(format!("Sheet: {name}"));
        sheet.write_url(row, 0, link)?;
        write_text(&mut sheet, (row, 1), words, &styles.wrapped)?;
        row += 1;
    }
    Ok(sheet)
}

/// What was run, in a label and words.
fn told(kept: &Kept) -> Vec<(String, String)> {
    let manifest = &kept.manifest;
    let run = &manifest.run;
    let summary = &kept.summary;
    let policies: Vec<String> = kept
        .policies()
        .into_iter()
        .map(|at| format!("\u{201c}{}\u{201d}", summary.policies[at].name))
        .collect();
    let mut lines = vec![
        ("Question", manifest.scenario.title.clone()),
        (
            "What this is",
            format!(
                "Results of a simulation: the service \u{201c}{}\u{201d} played forward month by month, {} of each of {} on the \
                 same luck. No figure is counted or measured.",
                manifest.scenario.name,
                plural(summary.replications, "play"),
                plural(policies.len() as u64, "policy")
            ),
        ),
        (
            "Months",
            format!("{} to {}", month(kept, true), month(kept, false)),
        ),
        ("Policies", policies.join(", ")),
    ];
    if let Some(baseline) = &run.baseline {
        lines.push(("Held against", format!("\u{201c}{baseline}\u{201d}")));
    }
    if !run.cut.is_empty() {
        lines.push(("Feedbacks that were cut", run.cut.join(", ")));
    }
    if run.interrupted {
        let words = format!(
            "The run was interrupted: {} of {} plays are in it.",
            number::count(run.replications_kept),
            number::count(run.replications_asked)
        );
        lines.push(("Not complete", words));
    }
    let date = manifest.date.clone();
    let rest = [
        (
            "Date of the run",
            date.unwrap_or_else(|| "not told by the version that wrote it".to_owned()),
        ),
        ("Program", format!("casecap {}", manifest.casecap)),
        ("Seed of all chance", run.seed.to_string()),
        ("To repeat it", manifest.command.clone()),
    ];
    let lines = lines.into_iter().chain(rest);
    lines
        .map(|(label, words)| (label.to_owned(), words))
        .collect()
}

/// The first or the last month, as `April 2026`.
fn month(kept: &Kept, is_first: bool) -> String {
    let months = &kept.summary.months;
    let month = if is_first {
        months.first()
    } else {
        months.last()
    };
    month.map_or_else(String::new, |m| m.last_day.strftime("%B %Y").to_string())
}

/// The notes: how the tables are read.
///
/// * returns - the sheet, and what it holds
///
/// # Errors
/// Those of the workbook.
pub fn notes(styles: &Styles) -> Result<(Worksheet, String), WorkbookError> {
    let lines = [
        (
            "Missing numbers",
            "An empty cell: there is no such number. It is never 0.".to_owned(),
        ),
        (
            "Digits",
            "A cell holds every digit of the run and shows as many as are worth printing. The sheets with a chart show means as \
             published tables round them; the sheet Metrics tells how each is rounded (rounding) and what stands there for a \
             missing number (missing)."
                .to_owned(),
        ),
        (
            "Shares",
            "Metrics with the unit share are shown in percent; the cell holds a number from 0 to 1."
                .to_owned(),
        ),
        (
            "Spread over the plays",
            "p5 to p95, min and max: nineteen plays in twenty lie above p5. The sheet Columns tells what every column holds."
                .to_owned(),
        ),
        (
            "Intervals",
            "95 %: Student's for means and differences, Wilson's for chances.".to_owned(),
        ),
        ("Grades of evidence", format!("{GRADE_WORDS}.")),
    ];
    let symbols = SYMBOLS
        .iter()
        .map(|(symbol, words)| (format!("Symbol {symbol}"), (*words).to_owned()));
    let lines: Vec<(String, String)> = lines
        .into_iter()
        .map(|(label, words)| (label.to_owned(), words))
        .chain(symbols)
        .chain(once((
            "Files".to_owned(),
            "The sheets hold what the CSV files of the run hold, number by number. manifest.json has the hash of each, the \
             scenario itself and all that repeats the run."
                .to_owned(),
        )))
        .collect();
    let mut sheet = Worksheet::new();
    sheet.set_name(NOTES)?;
    for (row, (label, words)) in (1..).zip(&lines) {
        write_text(&mut sheet, (row, 0), label, &styles.label)?;
        write_text(&mut sheet, (row, 1), words, &styles.wrapped)?;
        fit_row(&mut sheet, row, [(words.as_str(), WIDTHS[1])])?;
    }
    let heading = names(&["about", "note"], repeat(&styles.heading));
    finish(&mut sheet, &heading, &WIDTHS)?;
    mark(&mut sheet, NOTES, &heading, lines.len())?;
    Ok((sheet, "How the tables are read".to_owned()))
}

/// Where each input comes from, in the order of the register.
///
/// # Errors
/// Those of the workbook.
pub fn inputs(kept: &Kept, styles: &Styles) -> Result<Worksheet, WorkbookError> {
    let heading = [
        "key", "value", "source", "grade", "range", "law", "note", "default",
    ];
    let widths = [36, 24, 50, 9, 20, 20, 50, 10];
    let register = &kept.manifest.scenario.evidence;
    let mut sheet = Worksheet::new();
    sheet.set_name("Inputs")?;
    for (row, entry) in (1..).zip(register) {
        let or_nothing = |text: &'_ Option<String>| text.clone().unwrap_or_default();
        let cells = [
            entry.key.clone(),
            entry.value.clone(),
            or_nothing(&entry.source),
            or_nothing(&entry.grade),
            or_nothing(&entry.range),
            or_nothing(&entry.law),
            or_nothing(&entry.note),
            if entry.is_default { "yes" } else { "no" }.to_owned(),
        ];
        for (column, cell) in (0_u16..).zip(&cells) {
            if !cell.is_empty() {
                write_text(&mut sheet, (row, column), cell, &styles.wrapped)?;
            }
        }
        let texts = cells.iter().map(String::as_str);
        fit_row(&mut sheet, row, texts.zip(widths))?;
    }
    let heading = names(&heading, repeat(&styles.heading));
    finish(&mut sheet, &heading, &widths)?;
    mark(&mut sheet, "Inputs", &heading, register.len())?;
    Ok(sheet)
}
