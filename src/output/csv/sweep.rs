//! The tables of a sweep, written and read.

use std::io;
use std::path::Path;

use super::Digits;
use crate::experiment::sweep::design::Design;
use crate::experiment::sweep::fold::Estimate;
use crate::metric::catalogue::Metric;
use crate::model::calendar::Month;
use crate::scenario::file::{LARGEST, text_of};
use crate::scenario::vary::amount::Amount;
use crate::text::{brief, unfit};

/// Before the key of a column that holds factors of what the key is.
const TIMES: &str = "times ";

/// The name of a column of settings.
fn heading(design: &Design, key: usize) -> String {
    match design.is_factor(key) {
        true => format!("{TIMES}{}", design.keys[key]),
        false => design.keys[key].clone(),
    }
}

fn setting(amount: Option<&Amount>) -> String {
    match amount {
        None => String::new(),
        Some(Amount::To(value) | Amount::Times(value)) => value.to_string(),
        Some(Amount::Time(text)) => text.clone(),
    }
}

/// Writes the points: point (from 1), and a column for each key; empty where it is as the scenario has it.
///
/// # Errors
/// Those of `out`.
pub fn points(out: impl io::Write, design: &Design) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let keys = (0..design.keys.len()).map(|key| heading(design, key));
    table.write_record(std::iter::once("point".to_owned()).chain(keys))?;
    for (at, point) in (1..).zip(&design.points) {
        let cells = point.iter().map(|amount| setting(amount.as_ref()));
        table.write_record(std::iter::once(format!("{at}")).chain(cells))?;
    }
    table.flush()
}

/// Writes what the points come to, one row for each point, policy, month and metric.
pub struct Rows<'a, W: io::Write> {
    table: ::csv::Writer<W>,
    design: &'a Design,
    metrics: &'a [Metric],
    /// Month ends; one empty row where the whole horizon is told.
    rows: Vec<String>,
    is_horizon: bool,
}

impl<'a, W: io::Write> Rows<'a, W> {
    /// Writes the heading: point, the keys, policy, month_end, metric, unit, mean, se, min, max, n.
    ///
    /// * `months` - nothing: the whole horizon, without month_end
    ///
    /// # Errors
    /// Those of `out`.
    pub fn new(
        out: W,
        design: &'a Design,
        metrics: &'a [Metric],
        months: Option<&[Month]>,
    ) -> io::Result<Rows<'a, W>> {
        let mut table = ::csv::Writer::from_writer(out);
        let keys = (0..design.keys.len()).map(|key| heading(design, key));
        let mut names = vec!["point".to_owned()];
        names.extend(keys);
        names.push("policy".to_owned());
        names.extend(months.map(|_| "month_end".to_owned()));
        names.extend(["metric", "unit", "mean", "se", "min", "max", "n"].map(str::to_owned));
        table.write_record(names)?;
        Ok(Rows {
            table,
            design,
            metrics,
            rows: match months {
                Some(months) => months.iter().map(|m| m.last_day.to_string()).collect(),
                None => vec![String::new()],
            },
            is_horizon: months.is_none(),
        })
    }

    /// Writes one policy at one point.
    ///
    /// * `point` - from 0
    /// * `estimates` - (rows x metrics,)
    ///
    /// # Errors
    /// Those of the file.
    pub fn write(&mut self, point: usize, policy: &str, estimates: &[Estimate]) -> io::Result<()> {
        let mut digits = Digits::default();
        let amounts = self
            .design
            .points
            .get(point)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let number = (point + 1).to_string();
        let settings: Vec<String> = amounts.iter().map(|a| setting(a.as_ref())).collect();
        let width = self.metrics.len().max(1);
        for (row, estimates) in self.rows.iter().zip(estimates.chunks(width)) {
            for (metric, estimate) in self.metrics.iter().zip(estimates) {
                self.table.write_field(&number)?;
                for cell in &settings {
                    self.table.write_field(cell)?;
                }
                self.table.write_field(policy)?;
                if !self.is_horizon {
                    self.table.write_field(row)?;
                }
                let definition = metric.definition();
                self.table.write_field(definition.key)?;
                self.table.write_field(definition.unit)?;
                for value in [estimate.mean, estimate.se, estimate.min, estimate.max] {
                    self.table.write_field(digits.of(value))?;
                }
                self.table.write_field(estimate.n.to_string())?;
                self.table.write_record(None::<&[u8]>)?;
            }
        }
        Ok(())
    }

    /// Ends the table and gives back its file.
    ///
    /// # Errors
    /// Those of the file.
    pub fn finish(self) -> io::Result<W> {
        self.table
            .into_inner()
            .map_err(|error| io::Error::other(error.error().to_string()))
    }
}

/// Reads a table of settings: a column for each key, headed by it, or by `times KEY` where its numbers are factors;
/// a column `point` is passed over, and an empty cell leaves the key as the scenario has it.
///
/// # Errors
/// What is wrong, with file and line, and what to do.
pub fn design(path: &Path) -> Result<Design, String> {
    let shown = path.display();
    let about = std::fs::metadata(path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    if about.len() > LARGEST {
        return Err(format!(
            "{shown} is larger than {} MiB\n  take fewer points, or part them",
            LARGEST / 1024 / 1024
        ));
    }
    let bytes = std::fs::read(path).map_err(|e| format!("{shown} cannot be read: {e}"))?;
    let text =
        text_of(bytes).map_err(|u| format!("{shown} cannot be read: {}\n  {}", u.why, u.remedy))?;
    let text = text.trim_start_matches('\u{feff}');
    // As a spreadsheet writes it where the comma is in numbers: then it parts no columns.
    let first = text.lines().next().unwrap_or_default();
    let delimiter = match (
        first.contains(','),
        first.contains(';'),
        first.contains('\t'),
    ) {
        (false, true, _) => b';',
        (false, false, true) => b'\t',
        _ => b',',
    };
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let heading = reader
        .headers()
        .map_err(|_| {
            format!("{shown} is no table\n  save it as CSV UTF-8, with the keys in the first line")
        })?
        .clone();
    if let Some(unfit) = heading
        .iter()
        .find(|name| name.chars().any(|c| unfit(c).is_some()))
    {
        return Err(format!(
            "{shown} has a column \"{}\" with characters that cannot be seen\n  type its key again",
            brief(unfit)
        ));
    }
    let columns: Vec<(usize, bool, String)> = heading
        .iter()
        .enumerate()
        .filter(|(_, name)| *name != "point")
        .map(|(at, name)| match name.strip_prefix(TIMES) {
            Some(key) => (at, true, key.trim().to_owned()),
            None => (at, false, name.to_owned()),
        })
        .collect();
    if columns.is_empty() || columns.iter().any(|(.., key)| key.is_empty()) {
        return Err(format!(
            "{shown} has a column without a key\n  head each column with a key, such as limit.value"
        ));
    }
    for (at, (.., key)) in columns.iter().enumerate() {
        if columns[..at].iter().any(|(.., other)| other == key) {
            return Err(format!(
                "{shown} has two columns for {key}\n  give each key one column"
            ));
        }
    }
    let mut points = Vec::new();
    let mut problems: Vec<String> = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else {
            problems.push(format!("{shown} has a row that cannot be read"));
            continue;
        };
        let line = record.position().map_or(0, ::csv::Position::line);
        if record.len() != heading.len() {
            problems.push(format!(
                "{shown}, line {line}: {}, and the first line names {}{}",
                counted(record.len(), "cell"),
                counted(heading.len(), "column"),
                match record.len() > heading.len() && delimiter == b',' {
                    true => "; a number with a decimal comma needs semicolons between the columns, or a point",
                    false => "",
                }
            ));
            continue;
        }
        let mut point = Vec::new();
        for (at, is_factor, key) in &columns {
            let text = record.get(*at).unwrap_or_default();
            let pointed = text.replace(',', ".");
            let text = if delimiter == b',' {
                text
            } else {
                pointed.as_str()
            };
            let amount = match text {
                "" => None,
                text => match Amount::parse(text) {
                    Ok(amount) => Some(amount),
                    Err(why) => {
                        problems.push(format!("{shown}, line {line}, {key}: {why}"));
                        None
                    }
                },
            };
            point.push(match amount {
                Some(Amount::To(value)) if *is_factor => Some(Amount::Times(value)),
                other => other,
            });
        }
        points.push(point);
    }
    if !problems.is_empty() {
        /// Problems that are told one by one.
        const TOLD: usize = 20;
        let more = problems.len().saturating_sub(TOLD);
        problems.truncate(TOLD);
        if more > 0 {
            problems.push(format!("and {more} more"));
        }
        problems
            .push("  write 16, x0.8 or 8 days, and as many cells as there are columns".to_owned());
        return Err(problems.join("\n"));
    }
    if points.is_empty() {
        return Err(format!("{shown} has no settings below its heading"));
    }
    Ok(Design {
        keys: columns.into_iter().map(|(.., key)| key).collect(),
        points,
    })
}

fn counted(number: usize, word: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {word}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;

    #[test]
    fn a_design_that_was_written_is_read_back() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("points.csv");
        let design = Design {
            keys: vec![
                "limit.value".to_owned(),
                "referrals.families_per_month".to_owned(),
                "handover".to_owned(),
            ],
            points: vec![
                vec![Some(Amount::To(12.5)), Some(Amount::Times(0.8)), None],
                vec![None, None, Some(Amount::Time("8 days".to_owned()))],
            ],
        };
        points(File::create(&path).unwrap(), &design).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with(
                "point,limit.value,times referrals.families_per_month,handover\n1,12.5,0.8,\n"
            ),
            "{text}"
        );
        assert_eq!(super::design(&path), Ok(design));
    }

    #[test]
    fn a_design_that_a_european_spreadsheet_wrote_is_read_or_said_to_be_otherwise() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.csv");
        std::fs::write(
            &path,
            "\u{feff}limit.value;times handover\r\n12,5;0,8\r\n14;\r\n",
        )
        .unwrap();
        let design = super::design(&path).unwrap();
        assert_eq!(design.keys, ["limit.value", "handover"]);
        let first = vec![Some(Amount::To(12.5)), Some(Amount::Times(0.8))];
        assert_eq!(design.points, [first, vec![Some(Amount::To(14.0)), None]]);
        std::fs::write(&path, "limit.value,handover\n12,5,8\n").unwrap();
        let told = super::design(&path).unwrap_err();
        assert!(
            told.contains("line 2: 3 cells") && told.contains("decimal comma"),
            "{told}"
        );
        let wide: Vec<u8> = "\u{feff}limit.value\r\n12\r\n"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        std::fs::write(&path, wide).unwrap();
        let told = super::design(&path).unwrap_err();
        assert!(
            told.contains("UTF-16") && told.contains("CSV UTF-8"),
            "{told}"
        );
        std::fs::write(&path, "limit.value,\"a\u{1b}[2J\"\n1,2\n").unwrap();
        let told = super::design(&path).unwrap_err();
        assert!(
            told.contains("\\u{1b}") && !told.contains('\u{1b}'),
            "{told}"
        );
    }

    #[test]
    fn a_cell_that_is_no_number_is_told_with_its_line() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.csv");
        for (text, part) in [
            ("limit.value\n12\nmany\n", "line 3"),
            ("limit.value,\n12,3\n", "without a key"),
            ("limit.value\n", "no settings"),
            ("limit.value,times limit.value\n1,2\n", "two columns"),
            ("a,b\n1,x\n2\ny,1\n", "line 4, a"),
        ] {
            std::fs::write(&path, text).unwrap();
            let told = super::design(&path).unwrap_err();
            assert!(told.contains(part), "{told}");
        }
    }
}
