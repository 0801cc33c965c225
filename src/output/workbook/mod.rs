//! The workbook: the tables of a finished folder for a spreadsheet, made from the folder alone.
//!
//! Every sheet that holds a table begins in A1 with one row of names, has no merged cells, and means nothing by colour.
//! What a scenario says is written as text, whatever it looks like: nothing in the workbook is a formula.

mod chart;
mod cover;
pub(super) mod ours;
mod style;
mod table;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::output::csv::dictionary::dictionary;
use crate::output::csv::sheet::{Malformed, Sheet};
use crate::output::folder::{
    DIFFERENCES, DISTRIBUTION, EXPLANATION, MONTHLY, PRECISION, SPREAD, SUMMARY, TARGETS, WORKBOOK,
};
use crate::output::kept::problem::KeptError;
use crate::output::kept::{Kept, read_manifest};
use crate::output::metrics;
use crate::output::store::add::add_one;
use crate::output::store::error::StoreError;
use crate::output::workbook::ours::{AUTHOR, is_ours};
use crate::output::workbook::style::Styles;

/// Characters of the title in the properties of the file at most.
const LONGEST_TITLE: usize = 120;

/// The tables of a folder that have a sheet, in this order: file, name of the sheet, and what it holds.
const TABLES: [(&str, &str, &str); 8] = [
    (
        MONTHLY,
        "Monthly",
        "Every metric in every month, by policy, team, stage and grade",
    ),
    (
        SUMMARY,
        "Summary",
        "The same over the whole time that was played",
    ),
    (
        TARGETS,
        "Targets",
        "How often each target was met, with a 95 % interval",
    ),
    (
        DIFFERENCES,
        "Differences",
        "Every policy less the one that it is held against, on the same luck",
    ),
    (
        DISTRIBUTION,
        "Distribution",
        "Shares of workers by caseload at the last census, and of allocations by days without a worker",
    ),
    (
        EXPLANATION,
        "Explanation",
        "What each feedback carries of a difference",
    ),
    (
        SPREAD,
        "Spread",
        "How much of each spread is what we do not know, and how much is luck",
    ),
    (
        PRECISION,
        "Precision",
        "The precisions that were asked for, and how they came out",
    ),
];

/// Why there is no workbook.
#[derive(Debug)]
pub enum WorkbookError {
    /// The folder is no whole results.
    Kept(KeptError),
    /// There is a workbook that this program did not write, or that was changed since.
    Foreign(PathBuf),
    /// A table of the folder is not what it should be.
    Malformed(Malformed),
    /// A table has more rows than a sheet holds.
    Long {
        /// The file.
        file: String,
        /// Its rows.
        rows: usize,
    },
    /// The workbook could not be made.
    Make(XlsxError),
    /// A table of it could not be put together.
    Write(PathBuf, io::Error),
    /// It could not be stored.
    Store(StoreError),
}

impl fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WorkbookError::Kept(error) => write!(f, "{error}"),
            WorkbookError::Foreign(path) => write!(
                f,
                "{} is there already, and casecap did not write it or it was changed since\n  \
                 move it away, or give it another name",
                path.display()
            ),
            WorkbookError::Malformed(error) => write!(f, "{error}"),
            WorkbookError::Long { file, rows } => write!(
                f,
                "{file} has {rows} rows, and a sheet of a workbook holds {}\n  \
                 open the file itself, or write Parquet with --format parquet",
                table::MOST_ROWS
            ),
            WorkbookError::Make(error) => write!(f, "the workbook could not be made: {error}"),
            WorkbookError::Write(path, error) => write!(
                f,
                "the workbook of {} could not be made: {error}",
                path.display()
            ),
            WorkbookError::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for WorkbookError {}

impl From<XlsxError> for WorkbookError {
    fn from(error: XlsxError) -> WorkbookError {
        WorkbookError::Make(error)
    }
}

impl From<Malformed> for WorkbookError {
    fn from(error: Malformed) -> WorkbookError {
        WorkbookError::Malformed(error)
    }
}

impl WorkbookError {
    /// True where another folder would do, false where the work itself failed.
    pub fn is_input(&self) -> bool {
        match self {
            WorkbookError::Make(_) | WorkbookError::Write(..) => false,
            WorkbookError::Store(error) => error.is_input(),
            _ => true,
        }
    }
}

/// Writes the workbook of a finished folder into it, and its hash into the manifest, all at once.
///
/// * returns - where it stands
///
/// # Errors
/// [`WorkbookError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<PathBuf, WorkbookError> {
    read_manifest(folder).map_err(WorkbookError::Kept)?;
    let path = folder.join(WORKBOOK);
    if path.exists() && !is_ours(&path) {
        return Err(WorkbookError::Foreign(path));
    }
    let kept = Kept::open(folder).map_err(WorkbookError::Kept)?;
    let bytes = build(&kept)?;
    add_one(folder, &kept.manifest_text, WORKBOOK, bytes).map_err(WorkbookError::Store)
}

/// Makes the workbook: the same bytes for the same folder, whenever it is made.
///
/// # Errors
/// [`WorkbookError`], where a table is malformed or too long.
pub fn build(kept: &Kept) -> Result<Vec<u8>, WorkbookError> {
    let mut workbook = Workbook::new();
    let properties = DocProperties::new()
        .set_title(
            kept.manifest
                .scenario
                .title
                .chars()
                .take(LONGEST_TITLE)
                .collect::<String>(),
        )
        .set_subject("Simulated caseloads")
        .set_author(AUTHOR)
        .set_creation_datetime(&day(kept.manifest.date.as_deref())?);
    workbook.set_properties(&properties);
    let styles = Styles::new();
    let mut sheets = Vec::new();
    let mut contents: Vec<(&str, String)> = Vec::new();
    let (notes, words) = cover::notes(&styles)?;
    sheets.push(notes);
    contents.push((cover::NOTES, words));
    for trend in &chart::TRENDS {
        sheets.push(chart::sheet(kept, trend, &styles)?);
        contents.push((trend.sheet, trend.words()));
    }
    for (file, name, words) in TABLES {
        if kept.has(file) {
            let table = Sheet::read(&kept.folder, file)?;
            sheets.push(table::sheet(name, &table, &styles)?);
            contents.push((name, format!("{words} ({file})")));
        }
    }
    let text = dictionary(&kept.folder, &kept.manifest.files)
        .map_err(|e| WorkbookError::Write(kept.folder.clone(), e))?;
    let mut columns = Sheet::of("dictionary.csv", text.as_slice())?;
    // The metrics have a sheet of their own.
    columns
        .rows
        .retain(|row| row.get(0).is_some_and(|file| kept.has(file)));
    sheets.push(table::sheet("Columns", &columns, &styles)?);
    contents.push(("Columns", "What each column of each file holds".to_owned()));
    let mut text = Vec::new();
    metrics::csv(&mut text).map_err(|e| WorkbookError::Write(kept.folder.clone(), e))?;
    let dictionary = Sheet::of("metrics.csv", text.as_slice())?;
    sheets.push(table::sheet("Metrics", &dictionary, &styles)?);
    contents.push((
        "Metrics",
        "Every metric: its name, unit, which way is better, and what it is".to_owned(),
    ));
    sheets.push(cover::inputs(kept, &styles)?);
    contents.push((
        "Inputs",
        "Every input with its source, grade of evidence and range".to_owned(),
    ));
    workbook.push_worksheet(cover::cover(kept, &contents, &styles)?);
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    Ok(workbook.save_to_buffer()?)
}

/// The day of a manifest; the first of this century where it tells none, so that no clock comes in.
fn day(text: Option<&str>) -> Result<ExcelDateTime, XlsxError> {
    let day = text.and_then(|text| text.parse::<Date>().ok());
    match day.and_then(excel_day) {
        Some(day) => Ok(day),
        None => ExcelDateTime::from_ymd(2000, 1, 1),
    }
}

/// A day as a spreadsheet counts it; nothing before 1900, where it cannot.
fn excel_day(day: Date) -> Option<ExcelDateTime> {
    let year = u16::try_from(day.year()).ok()?;
    ExcelDateTime::from_ymd(year, day.month().unsigned_abs(), day.day().unsigned_abs()).ok()
}

#[cfg(test)]
mod tests;
