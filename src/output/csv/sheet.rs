//! A table that was written earlier, read back cell by cell.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use crate::experiment::numbers::Numbers;
use crate::statistics::interval::Interval;

/// A place in a table that does not say what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Name of the file.
    pub file: String,
    /// Line, from 1; 0 where none is meant.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.what),
            line => write!(f, "{}, line {line}: {}", self.file, self.what),
        }
    }
}

/// A table of a folder, whole in memory.
pub struct Sheet {
    /// Name of its file.
    pub name: &'static str,
    /// Names of its columns.
    pub heading: Vec<String>,
    /// All others.
    pub rows: Vec<::csv::StringRecord>,
}

/// One row, whose cells are found by the name of their column.
pub struct Row<'a> {
    sheet: &'a Sheet,
    cells: &'a ::csv::StringRecord,
}

impl Sheet {
    /// Reads a table of a folder.
    ///
    /// # Errors
    /// Where it is no table of comma-separated values.
    pub fn read(folder: &Path, name: &'static str) -> Result<Sheet, Malformed> {
        let file = File::open(folder.join(name)).map_err(|error| Malformed {
            file: name.to_owned(),
            line: 0,
            what: format!("it cannot be read: {error}"),
        })?;
        Sheet::of(name, io::BufReader::new(file))
    }

    /// Reads a table.
    ///
    /// # Errors
    /// Where it is no table of comma-separated values.
    pub fn of(name: &'static str, text: impl io::Read) -> Result<Sheet, Malformed> {
        let malformed = |error: ::csv::Error| Malformed {
            file: name.to_owned(),
            line: error.position().map_or(0, ::csv::Position::line),
            what: "it is no table of comma-separated values".to_owned(),
        };
        let mut reader = ::csv::Reader::from_reader(text);
        let heading = reader.headers().map_err(malformed)?;
        let heading = heading.iter().map(str::to_owned).collect();
        let rows = reader
            .records()
            .collect::<Result<_, _>>()
            .map_err(malformed)?;
        Ok(Sheet {
            name,
            heading,
            rows,
        })
    }

    /// Its rows, without the heading.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|cells| Row { sheet: self, cells })
    }
}

impl<'a> Row<'a> {
    /// An error in this row.
    pub fn wrong(&self, what: String) -> Malformed {
        Malformed {
            file: self.sheet.name.to_owned(),
            line: self.cells.position().map_or(0, ::csv::Position::line),
            what,
        }
    }

    /// A cell, by the name of its column.
    ///
    /// # Errors
    /// Where there is no such column.
    pub fn text(&self, column: &str) -> Result<&'a str, Malformed> {
        let at = self.sheet.heading.iter().position(|name| name == column);
        at.and_then(|at| self.cells.get(at))
            .ok_or_else(|| self.wrong(format!("there is no column {column}")))
    }

    /// A number; NaN where the cell is empty.
    ///
    /// # Errors
    /// Where the cell is no number, or there is no such column.
    pub fn number(&self, column: &str) -> Result<f64, Malformed> {
        match self.text(column)? {
            "" => Ok(f64::NAN),
            text => text
                .parse()
                .map_err(|_| self.wrong(format!("{column} is no number: {text:?}"))),
        }
    }

    /// A count; 0 where the cell is empty.
    ///
    /// # Errors
    /// Where the cell is no count, or there is no such column.
    pub fn count(&self, column: &str) -> Result<u64, Malformed> {
        match self.text(column)? {
            "" => Ok(0),
            text => text
                .parse()
                .map_err(|_| self.wrong(format!("{column} is no count: {text:?}"))),
        }
    }

    /// Mean, error, percentiles, ends and number of values; each value is taken for a draw of its own.
    ///
    /// # Errors
    /// As [`Row::number`].
    pub fn numbers(&self) -> Result<Numbers, Malformed> {
        let n = self.count("n")?;
        Ok(Numbers {
            n,
            draws: n,
            mean: self.number("mean")?,
            se: self.number("se")?,
            p5: self.number("p5")?,
            p25: self.number("p25")?,
            p50: self.number("p50")?,
            p75: self.number("p75")?,
            p95: self.number("p95")?,
            min: self.number("min")?,
            max: self.number("max")?,
            split: None,
        })
    }

    /// An interval, by the columns of its ends; nothing where one is empty.
    ///
    /// # Errors
    /// As [`Row::number`].
    pub fn interval(&self, low: &str, high: &str) -> Result<Option<Interval>, Malformed> {
        let (low, high) = (self.number(low)?, self.number(high)?);
        Ok((!low.is_nan() && !high.is_nan()).then_some(Interval { low, high }))
    }
}
