//! Lists in CSV files: arrivals and opening cases.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use crate::scenario::file::Library;
use crate::scenario::key::{Of, nearest};
use crate::scenario::names::Names;
use crate::scenario::problem::{Problem, Severity, Span};
use crate::scenario::sections::FAMILY_LIMIT;

/// Different names that are not there, of which each is told by itself.
const NAMES_TOLD: usize = 20;
/// The columns that are read of a list of open cases; the first two must be there.
pub const CASES: &[&str] = &["stage", "days_in_stage", "family", "area"];
/// The columns that are read of a list of arrivals; the first must be there.
pub const ARRIVALS: &[&str] = &["date", "children", "stage", "area"];

/// The part of a list that is read: the columns of [`CASES`] and [`ARRIVALS`], with families numbered from 1 in the order
/// in which they come. A scenario that reads this list has the same numbers as with the whole one.
///
/// * `text` - a list that was read without a problem
/// * returns - nothing where it is no list
pub fn reduced(text: &str) -> Option<String> {
    let delimiter = delimiter(text.lines().next()?);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let titles: Vec<String> = reader.headers().ok()?.iter().map(plain_name).collect();
    let mut columns: Vec<(usize, &str)> = Vec::new();
    for name in CASES.iter().chain(ARRIVALS) {
        if let Some(at) = titles.iter().position(|title| title == name)
            && !columns.contains(&(at, name))
        {
            columns.push((at, name));
        }
    }
    columns.sort_unstable();
    let mut writer = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .from_writer(Vec::new());
    writer
        .write_record(columns.iter().map(|(_, name)| name))
        .ok()?;
    let mut families: BTreeMap<String, usize> = BTreeMap::new();
    for record in reader.into_records() {
        let record = record.ok()?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cells = columns.iter().map(|(at, name)| {
            let cell = record.get(*at).unwrap_or_default();
            if *name != "family" || cell.is_empty() {
                return cell.to_owned();
            }
            let next = families.len() + 1;
            families.entry(cell.to_owned()).or_insert(next).to_string()
        });
        let cells: Vec<String> = cells.collect();
        writer.write_record(&cells).ok()?;
    }
    String::from_utf8(writer.into_inner().ok()?).ok()
}

/// A list whose columns are known.
pub struct Listing<'a> {
    names: &'a Names,
    path: &'a str,
    source: usize,
    columns: Vec<Option<usize>>,
    known: &'static [&'static str],
    rows: Vec<(csv::StringRecord, Span)>,
    /// True where cells are separated by semicolons: numbers then have decimal commas.
    has_commas_in_numbers: bool,
}

impl<'a> Listing<'a> {
    /// Reads a list that the library holds.
    ///
    /// Columns are separated by commas, by semicolons or by tabs, whichever the first line shows. Names
    /// of columns are compared without case, blanks and underscores alike; unknown ones are ignored
    /// with a warning, empty rows without.
    ///
    /// A file whose first line does not fit is described and never quoted: it may be another file than was meant.
    ///
    /// * `path` - key path, for problems; `named` - where the file is named
    /// * `known` - its columns; the first `required` of them must be there
    /// * returns - nothing where there is a problem with the file as a whole
    pub fn read(
        library: &Library,
        source: usize,
        names: &'a Names,
        (path, named): (&'a str, Span),
        known: &'static [&'static str],
        required: usize,
        problems: &mut Vec<Problem>,
    ) -> Option<Listing<'a>> {
        let text = &library.sources.get(source)?.text;
        let whole = Span {
            source,
            begin: 0,
            end: text.find('\n').unwrap_or(text.len()),
        };
        let delimiter = delimiter(text.get(..whole.end)?);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let unreadable = "this is not a list of rows and columns".to_owned();
        let Ok(headers) = reader.headers().cloned() else {
            let remedy = "save it as CSV in UTF-8";
            problems.push(problem(path, whole, unreadable, remedy));
            return None;
        };
        let titles: Vec<String> = headers.iter().map(plain_name).collect();
        let columns: Vec<Option<usize>> = known
            .iter()
            .map(|name| titles.iter().position(|title| title == name))
            .collect();
        let missing = known[..required].iter().zip(&columns);
        let missing: Vec<String> = missing
            .filter(|(_, column)| column.is_none())
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        if !missing.is_empty() {
            let file = library.sources.get(source).map_or("", |s| s.path.as_str());
            let columns = if missing.len() == 1 {
                "column"
            } else {
                "columns"
            };
            let what = format!(
                "the first line of {file} has no {columns} {}",
                missing.join(" and ")
            );
            let remedy = format!("the first line must name the columns: {}", known.join(","));
            problems.push(problem(path, named, what, &remedy));
            return None;
        }
        let mut is_whole = true;
        let mut seen = BTreeSet::new();
        for title in titles.iter().filter(|title| !title.is_empty()) {
            if !seen.insert(title) {
                let what = format!("the column `{title}` stands twice in the first line");
                let remedy = "remove one of the two columns, or name it otherwise";
                problems.push(problem(path, whole, what, remedy));
                is_whole = false;
            }
        }
        problems.extend(
            ignored(&headers, &titles, known).map(|(what, remedy)| Problem {
                severity: Severity::Warning,
                ..problem(path, whole, what, &remedy)
            }),
        );
        let mut told = Told::default();
        let mut rows = Vec::new();
        for record in reader.into_records() {
            let Ok(record) = record else {
                problems.push(problem(path, whole, unreadable, "save it as CSV in UTF-8"));
                return None;
            };
            if record.iter().all(str::is_empty) {
                continue;
            }
            let span = span_of(&record, source, text);
            let surplus = record.iter().skip(headers.len()).any(|c| !c.is_empty());
            if record.len() < headers.len() || surplus {
                let what = format!(
                    "this row has {}, and the first line names {}",
                    counted(record.len(), "cell"),
                    counted(headers.len(), "column")
                );
                let remedy = "give each row a cell for each column, empty ones too; a text with a comma in it stands in \"quotes\"";
                told.add("cells", problem(path, span, what, remedy));
            }
            rows.push((record, span));
        }
        is_whole &= told.is_empty();
        problems.extend(told.into_problems());
        is_whole.then_some(Listing {
            names,
            path,
            source,
            columns,
            known,
            rows,
            has_commas_in_numbers: delimiter == b';',
        })
    }

    /// Reads each row; nothing for a row that has a problem. A problem that many rows have is told
    /// once, with their number.
    pub fn each<T>(
        &self,
        problems: &mut Vec<Problem>,
        mut read: impl FnMut(&Row<'_>, &mut Told) -> Option<T>,
    ) -> Vec<T> {
        if self.rows.is_empty() {
            let span = Span {
                source: self.source,
                begin: 0,
                end: 0,
            };
            let remedy = "write one line for each, below the names of the columns";
            problems.push(problem(
                self.path,
                span,
                "this list is empty".to_owned(),
                remedy,
            ));
        }
        let mut told = Told::default();
        let mut items = Vec::with_capacity(self.rows.len());
        for (number, (record, span)) in self.rows.iter().enumerate() {
            let row = Row {
                listing: self,
                record,
                span: *span,
                number,
            };
            items.extend(read(&row, &mut told));
        }
        problems.extend(told.into_problems());
        items
    }
}

/// Problems of rows, each sort told once.
#[derive(Debug, Default)]
pub struct Told {
    /// First problem of each sort, and number of rows.
    list: Vec<(Problem, usize)>,
    /// Place of each sort in the list.
    places: BTreeMap<String, usize>,
    /// Names that are not there, of each column.
    names: BTreeMap<&'static str, usize>,
}

impl Told {
    fn add(&mut self, sort: &str, problem: Problem) {
        self.add_with(sort, || problem);
    }

    /// * `problem` - made only where it is the first of its sort
    fn add_with(&mut self, sort: &str, problem: impl FnOnce() -> Problem) {
        match self.places.get(sort) {
            Some(at) => self.list[*at].1 += 1,
            None => {
                self.places.insert(sort.to_owned(), self.list.len());
                self.list.push((problem(), 1));
            }
        }
    }

    fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn into_problems(self) -> impl Iterator<Item = Problem> {
        self.list.into_iter().map(|(problem, rows)| match rows {
            1 => problem,
            _ => Problem {
                what: format!(
                    "{}; {} the same fault",
                    problem.what,
                    match rows - 1 {
                        1 => "another row has".to_owned(),
                        others => format!("{others} more rows have"),
                    }
                ),
                ..problem
            },
        })
    }
}

/// What separates the columns of a list, judged by its first line.
fn delimiter(first_line: &str) -> u8 {
    match (first_line.contains(','), first_line.contains(';')) {
        (false, true) => b';',
        (false, false) if first_line.contains('\t') => b'\t',
        _ => b',',
    }
}

/// The name of a column as it is known: small letters and underscores.
fn plain_name(written: &str) -> String {
    let words: Vec<String> = written
        .split([' ', '_', '-'])
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    words.join("_")
}

/// What to say of columns that no one asks for, and what may have been meant.
fn ignored(
    headers: &csv::StringRecord,
    titles: &[String],
    known: &[&str],
) -> Option<(String, String)> {
    let surplus: Vec<&str> = headers
        .iter()
        .zip(titles)
        .filter(|(_, title)| !title.is_empty() && !known.contains(&title.as_str()))
        .map(|(header, _)| header)
        .collect();
    let what = match surplus.as_slice() {
        [] => return None,
        [one] => format!("the column `{one}` is ignored"),
        many => format!("the columns `{}` are ignored", many.join("`, `")),
    };
    let missing = || {
        known
            .iter()
            .copied()
            .filter(|k| !titles.iter().any(|t| t == k))
    };
    let meant = surplus
        .iter()
        .find_map(|header| nearest(&plain_name(header), missing()));
    let remedy = match meant {
        Some(right) => format!("did you mean `{right}`?"),
        None => format!("the columns that are read are {}", known.join(", ")),
    };
    Some((what, remedy))
}

/// The line that a row begins in.
fn span_of(record: &csv::StringRecord, source: usize, text: &str) -> Span {
    let at = record.position().map_or(0, |p| p.byte() as usize);
    // The position of a row is that of empty lines before it.
    let rest = text.get(at..).unwrap_or_default();
    let begin = at + (rest.len() - rest.trim_start_matches(['\n', '\r']).len());
    let line = text.get(begin..).unwrap_or_default();
    Span {
        source,
        begin,
        end: begin + line.find('\n').unwrap_or(line.len()),
    }
}

fn counted(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

/// One row of a list.
pub struct Row<'a> {
    listing: &'a Listing<'a>,
    record: &'a csv::StringRecord,
    span: Span,
    /// Its number, from 0.
    pub number: usize,
}

impl Row<'_> {
    fn cell(&self, column: &str) -> Option<&str> {
        let at = self.listing.known.iter().position(|k| *k == column)?;
        let cell = self.record.get(self.listing.columns[at]?)?;
        (!cell.is_empty()).then_some(cell)
    }

    /// Says that something is wrong with this row.
    pub fn wrong(&self, what: String, remedy: &str, told: &mut Told) {
        told.add(remedy, self.problem(what, remedy));
    }

    /// An error at this row.
    pub fn problem(&self, what: String, remedy: &str) -> Problem {
        problem(self.listing.path, self.span, what, remedy)
    }

    /// A cell as some type: `Ok(None)` where it is empty; `Err` where it is wrong, which is told.
    pub fn read<T>(
        &self,
        column: &str,
        remedy: &str,
        told: &mut Told,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ()> {
        let Some(cell) = self.cell(column) else {
            return Ok(None);
        };
        match parse(cell) {
            Some(value) => Ok(Some(value)),
            None => {
                let what = format!("\"{}\" is no {column}", shortened(cell));
                told.add(column, self.problem(what, remedy));
                Err(())
            }
        }
    }

    /// Index of a named thing.
    pub fn name(&self, column: &'static str, of: Of, told: &mut Told) -> Result<Option<usize>, ()> {
        let Some(cell) = self.cell(column) else {
            return Ok(None);
        };
        match self.listing.names.index(of, cell) {
            Some(index) => Ok(Some(index)),
            None => {
                // Each name is told once, and of very many the first.
                let name = format!("{column} {cell}");
                let known = told.names.get(column).copied().unwrap_or(0);
                let sort = match known < NAMES_TOLD || told.places.contains_key(&name) {
                    true => name,
                    false => format!("{column}s"),
                };
                if !told.places.contains_key(&sort) {
                    *told.names.entry(column).or_default() += 1;
                }
                told.add_with(&sort, || {
                    let (what, remedy) = self.listing.names.unknown(of, cell);
                    self.problem(what, &remedy)
                });
                Err(())
            }
        }
    }

    /// A date.
    pub fn date(&self, column: &str, told: &mut Told) -> Result<Option<Date>, ()> {
        let remedy = "write dates as year-month-day: 2026-04-01";
        self.read(column, remedy, told, |cell| cell.parse().ok())
    }

    /// A number; with a decimal comma where semicolons separate the columns.
    pub fn number(
        &self,
        column: &str,
        remedy: &str,
        within: std::ops::RangeInclusive<f64>,
        told: &mut Told,
    ) -> Result<Option<f64>, ()> {
        self.read(column, remedy, told, |cell| {
            let number: f64 = if self.listing.has_commas_in_numbers {
                cell.replace(',', ".").parse().ok()?
            } else {
                cell.parse().ok()?
            };
            within.contains(&number).then_some(number)
        })
    }

    /// A number of children.
    pub fn children(&self, told: &mut Told) -> Result<Option<usize>, ()> {
        let remedy = format!("a family has 1 to {FAMILY_LIMIT} children");
        self.read("children", &remedy, told, |cell| {
            cell.parse().ok().filter(|n| (1..=FAMILY_LIMIT).contains(n))
        })
    }
}

/// The beginning of a cell: a quote that is not closed swallows the rest of a file.
fn shortened(cell: &str) -> String {
    let short: String = cell.chars().take(30).take_while(|c| *c != '\n').collect();
    if short.len() < cell.len() {
        format!("{short}...")
    } else {
        short
    }
}

fn problem(path: &str, span: Span, what: String, remedy: &str) -> Problem {
    Problem {
        severity: Severity::Error,
        what,
        remedy: remedy.to_owned(),
        key: path.to_owned(),
        span: Some(span),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;
    use crate::scenario::problem::Problems;
    use crate::scenario::sections::{Arrivals, ListedCase, Opening, ReplayedFamily};
    use crate::scenario::starter::starter;

    fn open(text: &str, list: &str) -> Result<Document, Problems> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s.toml");
        std::fs::write(&path, text).unwrap();
        std::fs::write(folder.path().join("list.csv"), list).unwrap();
        Document::open(&path)
    }

    /// The starter plays April 2026 to March 2028.
    fn replayed(list: &str) -> Result<Document, Problems> {
        let rate = "families_per_month = 9 ";
        assert!(starter().contains(rate));
        open(&starter().replace(rate, "replay = \"list.csv\" "), list)
    }

    fn opening(list: &str) -> Result<Document, Problems> {
        assert!(starter().contains("open = 66"));
        let text = starter().replace("open = 66", "file = \"list.csv\"");
        open(&text, list)
    }

    fn families(document: &Document) -> &[ReplayedFamily] {
        match &document.scenario().referrals.arrivals {
            Arrivals::Replay { families } => families,
            Arrivals::Poisson { .. } => panic!("not a list"),
        }
    }

    fn cases(document: &Document) -> &[ListedCase] {
        match &document.scenario().opening {
            Opening::Listed(cases) => cases,
            _ => panic!("not a list"),
        }
    }

    fn only(problems: &Problems) -> Problem {
        assert_eq!(problems.len(), 1, "{problems}");
        problems.iter().next().unwrap().clone()
    }

    #[test]
    fn what_is_read_of_a_list_is_the_list_without_what_tells_who_it_is() {
        let list = "Name;Stage;Family;days in stage;Born\nJane;open;Doe;3,5;2015\n;;;;\nTom;open;Doe;4;2013\n\
                    Ann;open;;1;2011\nUma;open;Adams;2;2012\n";
        let part = reduced(list).unwrap();
        assert_eq!(
            part,
            "stage;family;days_in_stage\nopen;1;3,5\nopen;1;4\nopen;;1\nopen;2;2\n"
        );
        assert_eq!(reduced(&part).unwrap(), part);
        let (whole, read) = (opening(list).unwrap(), opening(&part).unwrap());
        assert_eq!(cases(&whole), cases(&read));
        let arrivals = "\u{feff}date,name,children\n2026-05-01,Jane,2\n";
        assert_eq!(
            reduced(arrivals).as_deref(),
            Some("date,children\n2026-05-01,2\n")
        );
    }

    #[test]
    fn a_list_that_ends_before_the_play_is_warned_of() {
        let document = replayed("date\n2026-04-01\n2026-06-10\n").unwrap();
        let problem = only(document.warnings());
        assert_eq!(problem.severity, Severity::Warning);
        let what = "the list ends on 2026-06-10, 21 months before the end of the play";
        assert_eq!(problem.what, what);
        let document = replayed("date\n2026-04-01\n2028-03-01\n").unwrap();
        assert!(document.warnings().is_empty(), "{}", document.warnings());
    }

    #[test]
    fn rows_outside_the_play_are_left_out_and_counted_once() {
        let list = "date\n2028-03-01\n2026-03-31\n2028-04-01\n2020-01-01\n";
        let document = replayed(list).unwrap();
        let problem = only(document.warnings());
        assert_eq!(problem.severity, Severity::Warning);
        assert!(
            problem.what.starts_with("3 rows lie outside"),
            "{}",
            problem.what
        );
        let shown = document.warnings().render(false);
        assert!(shown.contains("list.csv:3:"), "{shown}");
        let rows: Vec<u32> = families(&document).iter().map(|f| f.row).collect();
        assert_eq!(rows, [0]);
        let problem = only(&replayed("date\n2020-01-01\n2020-01-02\n").unwrap_err());
        assert!(problem.what.contains("no row"), "{}", problem.what);
    }

    #[test]
    fn a_list_from_a_spreadsheet_is_read_as_it_is() {
        let list = "\u{feff}Stage;Days in  stage;Family ;;\r\nopen;3,5;a;;\r\n\r\n;;;;\r\nopen;4;;;\r\n;;;;\r\n";
        let document = opening(list).unwrap_or_else(|p| panic!("{p}"));
        assert!(document.warnings().is_empty(), "{}", document.warnings());
        let ages: Vec<f64> = cases(&document).iter().map(|c| c.age_days).collect();
        assert_eq!(ages, [3.5, 4.0]);
        let document = opening("stage\tDAYS_IN_STAGE\nopen\t2.5\n").unwrap();
        assert_eq!(cases(&document)[0].age_days, 2.5);
    }

    #[test]
    fn a_decimal_comma_beside_commas_between_columns_is_refused() {
        let problem = only(&opening("stage,days_in_stage\nopen,3,5\n").unwrap_err());
        let what = "this row has 3 cells, and the first line names 2 columns";
        assert_eq!(problem.what, what);
        let problem = only(&opening("stage,days_in_stage\nopen,\"3,5\"\n").unwrap_err());
        assert!(problem.what.contains("\"3,5\" is no days_in_stage"));
    }

    #[test]
    fn further_columns_are_ignored_with_a_warning() {
        let document = opening("stage,age,days_in_stage,familly\nopen,9,3,a\n").unwrap();
        let problem = only(document.warnings());
        assert_eq!(problem.severity, Severity::Warning);
        assert_eq!(problem.what, "the columns `age`, `familly` are ignored");
        let problems = opening("stage,days\nopen,3\n").unwrap_err();
        assert!(
            problems
                .render(false)
                .contains("list.csv has no column `days_in_stage`"),
            "{problems}"
        );
    }

    #[test]
    fn a_file_that_is_no_list_is_described_and_not_quoted() {
        let problems = opening("root:x:0:0:secret\nabc,def\n").unwrap_err();
        let problem = only(&problems);
        assert_eq!(problem.key, "opening.file");
        assert!(
            problem
                .what
                .ends_with("list.csv has no columns `stage` and `days_in_stage`"),
            "{}",
            problem.what
        );
        assert!(!problems.render(false).contains("secret"), "{problems}");
    }

    #[test]
    fn a_column_that_stands_twice_is_refused() {
        let problem = only(&replayed("date,Date\n2026-04-01,2026-05-01\n").unwrap_err());
        assert_eq!(
            problem.what,
            "the column `date` stands twice in the first line"
        );
        let list = "stage,days_in_stage,note,note\nopen,3,,\n";
        let problems = opening(list).unwrap_err();
        assert!(
            problems
                .iter()
                .any(|p| p.what.contains("`note` stands twice")),
            "{problems}"
        );
    }

    #[test]
    fn of_very_many_names_that_are_not_there_the_first_are_told() {
        let rows: String = (0..5000).map(|n| format!("nosuch{n},-{n}\n")).collect();
        let problems = opening(&format!("stage,days_in_stage\n{rows}")).unwrap_err();
        assert_eq!(problems.len(), NAMES_TOLD + 2, "{problems}");
        let rest = "\"nosuch20\"; 4979 more rows have the same fault";
        assert!(problems.iter().any(|p| p.what.contains(rest)), "{problems}");
    }

    #[test]
    fn one_fault_of_many_rows_is_told_once_with_their_number() {
        let list = "date\n01/04/2026\n02/04/2026\n2026-04-03\n30/04/2026\n";
        let problem = only(&replayed(list).unwrap_err());
        assert_eq!(
            problem.what,
            "\"01/04/2026\" is no date; 2 more rows have the same fault"
        );
        assert!(problem.remedy.contains("2026-04-01"), "{}", problem.remedy);
        let problem = only(&replayed("date,stage\n2026-04-01\n2026-04-02,open,x,y\n").unwrap_err());
        assert_eq!(
            problem.what,
            "this row has 1 cell, and the first line names 2 columns; another row has the same fault"
        );
        let shown = opening("stage,days_in_stage\nopen,\"3\nopen,4\nopen,5\n").unwrap_err();
        assert!(!shown.render(false).contains("byte"), "{shown}");
    }
}
