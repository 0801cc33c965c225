//! Lists in CSV files: arrivals and opening cases.

use jiff::civil::Date;

use crate::scenario::file::Library;
use crate::scenario::key::{Of, nearest};
use crate::scenario::names::Names;
use crate::scenario::problem::{Problem, Severity, Span};
use crate::scenario::sections::FAMILY_LIMIT;

/// A list whose columns are known.
pub struct Listing<'a> {
    names: &'a Names,
    path: &'a str,
    source: usize,
    columns: Vec<Option<usize>>,
    known: &'static [&'static str],
    rows: Vec<(csv::StringRecord, Span)>,
}

impl<'a> Listing<'a> {
    /// Reads a list that the library holds.
    ///
    /// * `path` - key path, for problems
    /// * `known` - its columns; the first `required` of them must be there
    /// * returns - nothing where there is a problem with the file as a whole
    pub fn read(
        library: &Library,
        source: usize,
        names: &'a Names,
        path: &'a str,
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
        let before = problems.len();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => {
                problems.push(problem(
                    path,
                    whole,
                    format!("this is not CSV: {error}"),
                    "",
                ));
                return None;
            }
        };
        for header in headers.iter().filter(|h| !known.contains(h)) {
            let remedy = match nearest(header, known.iter().copied()) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("the columns are {}", known.join(", ")),
            };
            let what = format!("there is no column `{header}` in such a list");
            problems.push(problem(path, whole, what, &remedy));
        }
        let columns: Vec<Option<usize>> = known
            .iter()
            .map(|name| headers.iter().position(|h| h == *name))
            .collect();
        for (name, _) in known[..required]
            .iter()
            .zip(&columns)
            .filter(|(_, c)| c.is_none())
        {
            let what = format!("this list needs a column `{name}`");
            let remedy = format!("the first line must name the columns: {}", known.join(","));
            problems.push(problem(path, whole, what, &remedy));
        }
        let mut rows = Vec::new();
        for record in reader.into_records() {
            match record {
                Ok(record) => {
                    let begin = record.position().map_or(0, |p| p.byte() as usize);
                    let span = Span {
                        source,
                        begin,
                        end: text[begin..].find('\n').map_or(text.len(), |at| begin + at),
                    };
                    rows.push((record, span));
                }
                Err(error) => {
                    let begin = error.position().map_or(0, |p| p.byte() as usize);
                    let span = Span {
                        source,
                        begin,
                        end: begin,
                    };
                    problems.push(problem(path, span, format!("this is not CSV: {error}"), ""));
                }
            }
        }
        (problems.len() == before).then_some(Listing {
            names,
            path,
            source,
            columns,
            known,
            rows,
        })
    }

    /// Reads each row; nothing for a row that has a problem.
    pub fn each<T>(
        &self,
        problems: &mut Vec<Problem>,
        mut read: impl FnMut(&Row<'_>, &mut Vec<Problem>) -> Option<T>,
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
        let mut items = Vec::with_capacity(self.rows.len());
        for (number, (record, span)) in self.rows.iter().enumerate() {
            let row = Row {
                listing: self,
                record,
                span: *span,
                number,
            };
            items.extend(read(&row, problems));
        }
        items
    }
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
    pub fn wrong(&self, what: String, remedy: &str, problems: &mut Vec<Problem>) {
        problems.push(problem(self.listing.path, self.span, what, remedy));
    }

    /// A cell as some type: `Ok(None)` where it is empty; `Err` where it is wrong, which is told.
    pub fn read<T>(
        &self,
        column: &str,
        remedy: &str,
        problems: &mut Vec<Problem>,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, ()> {
        let Some(cell) = self.cell(column) else {
            return Ok(None);
        };
        match parse(cell) {
            Some(value) => Ok(Some(value)),
            None => {
                self.wrong(format!("\"{cell}\" is no {column}"), remedy, problems);
                Err(())
            }
        }
    }

    /// Index of a named thing.
    pub fn name(
        &self,
        column: &str,
        of: Of,
        problems: &mut Vec<Problem>,
    ) -> Result<Option<usize>, ()> {
        let Some(cell) = self.cell(column) else {
            return Ok(None);
        };
        match self.listing.names.index(of, cell) {
            Some(index) => Ok(Some(index)),
            None => {
                let (what, remedy) = self.listing.names.unknown(of, cell);
                self.wrong(what, &remedy, problems);
                Err(())
            }
        }
    }

    /// A date.
    pub fn date(&self, column: &str, problems: &mut Vec<Problem>) -> Result<Option<Date>, ()> {
        self.read(column, "write 2025-10-01", problems, |cell| {
            cell.parse().ok()
        })
    }

    /// A number of children.
    pub fn children(&self, problems: &mut Vec<Problem>) -> Result<Option<usize>, ()> {
        let remedy = format!("a family has 1 to {FAMILY_LIMIT} children");
        self.read("children", &remedy, problems, |cell| {
            cell.parse().ok().filter(|n| (1..=FAMILY_LIMIT).contains(n))
        })
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
