//! Rows of numbers after a few words.
//!
//! Most of a table of results is numbers, which never need quotes, and the words before them come again and again:
//! they are quoted once, by the library, and the rows put together from pieces.

use std::io::{self, Write};

/// Text that is gathered before the file is asked to take it.
const PIECE: usize = 1 << 16;
/// Bytes that most beginnings of a row fit into; there are many, and each would have 8 KB of its own.
const LEAD: usize = 256;

/// Some fields at the beginning of a row, as they stand in the file: quoted where they must be, a comma after each.
#[derive(Clone, Debug)]
pub(super) struct Lead(Vec<u8>);

impl Lead {
    /// # Errors
    /// None that this could meet.
    pub(super) fn of<'a>(fields: impl IntoIterator<Item = &'a str>) -> io::Result<Lead> {
        let mut table = ::csv::WriterBuilder::new()
            .buffer_capacity(LEAD)
            .from_writer(Vec::new());
        // With an empty field more, for the comma, and without the end of the line.
        table.write_record(fields.into_iter().chain([""]))?;
        let mut text = table.into_inner().map_err(|e| e.into_error())?;
        text.pop();
        Ok(Lead(text))
    }
}

/// A table of which every row is some words and then numbers.
pub(super) struct Rows<W: Write> {
    out: W,
    text: Vec<u8>,
    digits: Digits,
    /// The last whole number and its digits: most of a column are the same.
    whole: (u64, String),
}

impl<W: Write> Rows<W> {
    /// Writes the heading.
    ///
    /// # Errors
    /// Those of `out`.
    pub(super) fn new<'a>(
        out: W,
        heading: impl IntoIterator<Item = &'a str>,
    ) -> io::Result<Rows<W>> {
        let mut rows = Rows {
            out,
            text: Lead::of(heading)?.0,
            digits: Digits::default(),
            whole: (0, "0".to_owned()),
        };
        rows.end()?;
        Ok(rows)
    }

    /// Writes a row: words, numbers, whole numbers.
    ///
    /// * `leads` - one after the other, at least one
    ///
    /// # Errors
    /// Those of the file.
    pub(super) fn write<'a>(
        &mut self,
        leads: impl IntoIterator<Item = &'a Lead>,
        values: impl IntoIterator<Item = f64>,
        wholes: impl IntoIterator<Item = u64>,
    ) -> io::Result<()> {
        for lead in leads {
            self.text.extend_from_slice(&lead.0);
        }
        for value in values {
            self.text
                .extend_from_slice(self.digits.of(value).as_bytes());
            self.text.push(b',');
        }
        for whole in wholes {
            if whole != self.whole.0 {
                self.whole = (whole, whole.to_string());
            }
            self.text.extend_from_slice(self.whole.1.as_bytes());
            self.text.push(b',');
        }
        self.end()
    }

    /// Ends a row: in place of the last comma.
    fn end(&mut self) -> io::Result<()> {
        if let Some(end) = self.text.last_mut() {
            *end = b'\n';
        }
        if self.text.len() >= PIECE {
            self.out.write_all(&self.text)?;
            self.text.clear();
        }
        Ok(())
    }

    /// Ends the table and gives back its file.
    ///
    /// # Errors
    /// Those of the file.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.out.write_all(&self.text)?;
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Numbers as cells, one after the other in the same memory: a third of the work of writing a table was theirs.
pub(super) struct Digits {
    buffer: zmij::Buffer,
    text: String,
    /// Whose digits stand there.
    bits: u64,
}

impl Default for Digits {
    fn default() -> Digits {
        Digits {
            buffer: zmij::Buffer::new(),
            text: String::new(),
            bits: f64::NAN.to_bits(),
        }
    }
}

impl Digits {
    /// The shortest text that reads back to the same number; nothing where it is missing.
    pub(super) fn of(&mut self, value: f64) -> &str {
        let bits = value.to_bits();
        // Many numbers of a run are the same in every replication, and so are their quantiles.
        if bits != self.bits {
            self.bits = bits;
            self.text.clear();
            if is_plain(value.abs()) {
                self.text.push_str(self.buffer.format_finite(value));
            } else if value.is_finite() {
                self.text = format!("{value:?}");
            }
        }
        &self.text
    }
}

/// True where every way of writing the shortest text comes to the same.
///
/// The standard library writes very small and very large numbers as a power of ten. And a number may lie half-way between
/// two texts that are equally short: then its own digits are one more than those, 18 at most. They are fewer where
/// it is a small multiple of 2^-10 or whole, and more where it is no multiple of 2^-24, as most are.
fn is_plain(size: f64) -> bool {
    let is_whole = |x: f64| x as i64 as f64 == x;
    let has_usual_size = (1e-4..1e11).contains(&size);
    let has_few = is_whole(size) || (size < 1e6 && is_whole(size * 1024.0));
    size == 0.0 || (has_usual_size && (has_few || !is_whole(size * 16_777_216.0)))
}

/// One number as a cell of its own; see [`Digits::of`].
pub(super) fn cell(value: f64) -> String {
    Digits::default().of(value).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_number_reads_back_to_the_same_bits_and_a_missing_one_is_empty() {
        for value in [0.1, 1.0 / 3.0, 1e-300, 1e-4, 1e16, -0.0, 12_345_678.9] {
            assert_eq!(
                cell(value).parse::<f64>().unwrap().to_bits(),
                value.to_bits()
            );
        }
        assert_eq!(cell(f64::NAN), "");
        assert_eq!(cell(f64::INFINITY), "");
    }

    proptest! {
        /// Numbers are as the standard library writes them, wherever they lie and whatever came before.
        #[test]
        fn digits_are_those_of_the_standard_library(
            mantissa in -1.0_f64..1.0,
            tens in -20_i32..20,
            whole in any::<i64>(),
            bits in 0_i32..64,
            halvings in 0_i32..64,
        ) {
            let mut digits = Digits::default();
            let any = mantissa * 10_f64.powi(tens);
            // Half-way between two texts now and then.
            let short = (whole >> bits) as f64 / 2_f64.powi(halvings);
            for value in [any, any, short, f64::NAN, (whole >> bits) as f64] {
                let wanted = if value.is_nan() { String::new() } else { format!("{value:?}") };
                prop_assert_eq!(digits.of(value), wanted);
            }
        }

        /// Rows are as the library writes them, whatever the words.
        #[test]
        fn rows_are_those_of_the_library(
            words in prop::collection::vec(any::<String>(), 2..4),
            values in prop::collection::vec(any::<f64>(), 0..4),
            wholes in prop::collection::vec(any::<u64>(), 0..3),
        ) {
            let mut plain = ::csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            let mut rows = Rows::new(Vec::new(), words.iter().map(String::as_str)).unwrap();
            plain.write_record(&words).unwrap();
            let [first, rest] = [&words[..1], &words[1..]].map(|w| Lead::of(w.iter().map(String::as_str)).unwrap());
            rows.write([&first, &rest], values.iter().copied(), wholes.iter().copied()).unwrap();
            let cells = values.iter().map(|v| cell(*v)).chain(wholes.iter().map(u64::to_string));
            plain.write_record(words.iter().cloned().chain(cells).collect::<Vec<_>>()).unwrap();
            let [plain, rows] = [plain.into_inner().unwrap(), rows.finish().unwrap()];
            prop_assert_eq!(String::from_utf8(plain), String::from_utf8(rows));
        }
    }
}
