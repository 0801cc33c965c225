//! A table as it is written, for who shows it.

use std::io;
use std::path::Path;

/// Heading, first rows, and how many rows there are in all.
pub type Shown = (Vec<String>, Vec<Vec<String>>, usize);

/// Reads a table for showing.
///
/// * `most` - rows at most
///
/// # Errors
/// Those of the file.
pub fn shown(path: &Path, most: usize) -> io::Result<Shown> {
    let mut reader = ::csv::Reader::from_path(path)?;
    let texts = |record: &::csv::StringRecord| record.iter().map(str::to_owned).collect();
    let heading = texts(reader.headers()?);
    let (mut rows, mut all) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record?;
        all += 1;
        if rows.len() < most {
            rows.push(texts(&record));
        }
    }
    Ok((heading, rows, all))
}
