//! How cells look: number formats by what a number is, and nothing that colour alone would say.

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Worksheet, XlsxError};

use crate::metric::catalogue::Definition;
use crate::metric::rounding::Rounding;
use crate::metric::symbol::LOW;

/// Characters that a cell holds at most.
const LONGEST: usize = 32_767;
/// Stands at the end of a text that was cut.
const CUT: &str = " ... (cut; manifest.json has all)";

/// The formats of a workbook, each made once.
pub struct Styles {
    /// Names of columns of words.
    pub heading: Format,
    /// Names of columns of numbers, above the numbers.
    pub heading_of_numbers: Format,
    /// Text.
    pub text: Format,
    /// Long text, over several lines.
    pub wrapped: Format,
    /// Title of the cover.
    pub title: Format,
    /// What a line of the cover speaks of.
    pub label: Format,
    /// The last day of a month.
    pub day: Format,
    /// Counts.
    pub whole: Format,
    numbers: Vec<(String, Format)>,
}

impl Styles {
    /// All of them.
    pub fn new() -> Styles {
        let top = Format::new().set_align(FormatAlign::Top);
        let bold = top.clone().set_bold();
        let heading = bold
            .clone()
            .set_text_wrap()
            .set_border_bottom(FormatBorder::Thin);
        Styles {
            heading_of_numbers: heading.clone().set_align(FormatAlign::Right),
            heading,
            text: top.clone(),
            wrapped: top.clone().set_text_wrap(),
            title: bold.clone().set_font_size(16.0),
            label: bold,
            day: top
                .clone()
                .set_align(FormatAlign::Left)
                .set_num_format("yyyy-mm-dd"),
            whole: top.clone().set_num_format("#,##0"),
            numbers: every_code()
                .into_iter()
                .map(|code| (code.clone(), top.clone().set_num_format(code)))
                .collect(),
        }
    }

    /// The format of a code of [`code`].
    pub fn number(&self, code: &str) -> &Format {
        let known = self.numbers.iter().find(|(known, _)| known == code);
        known.map_or(&self.text, |(_, format)| format)
    }
}

/// Every code that [`code`] makes of at most so many decimals.
fn every_code() -> Vec<String> {
    const DECIMALS: u8 = 6;
    let all = (0..=DECIMALS).flat_map(|d| [code(d, false), code(d, true)]);
    all.collect()
}

/// The code of a number.
///
/// * `decimals` - that are shown, of percent where it is a share
pub fn code(decimals: u8, is_percent: bool) -> String {
    let point = if decimals > 0 { "." } else { "" };
    let zeros = "0".repeat(usize::from(decimals));
    let percent = if is_percent { "%" } else { "" };
    format!("#,##0{point}{zeros}{percent}")
}

/// The code of a metric's number: so many decimals as are worth printing at most, shares in percent.
///
/// * `more` - decimals beyond those, for standard errors
pub fn code_of(definition: &Definition, more: u8) -> String {
    let is_percent = definition.rounding().is_percent;
    let in_percent = if is_percent { 2 } else { 0 };
    code(
        definition.decimals.saturating_sub(in_percent) + more,
        is_percent,
    )
}

/// The code of a number that cannot be negative, as published tables round it: `low` where it rounds to 0 and is not 0.
pub fn published(rounding: Rounding) -> String {
    let code = code(rounding.decimals, rounding.is_percent);
    let half = rounding.step() / 2.0;
    format!("[=0]{code};[<{half}]\"{LOW}\";{code}")
}

/// Writes a text that stays one, also where it looks like a formula and is edited, and is cut where it is too long.
///
/// # Errors
/// Those of the sheet.
pub fn write_text(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    text: &str,
    format: &Format,
) -> Result<(), XlsxError> {
    let is_odd = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']);
    let text = fitted(text);
    if is_odd {
        let quoted = format.clone().set_quote_prefix();
        sheet.write_string_with_format(row, column, text, &quoted)?;
    } else {
        sheet.write_string_with_format(row, column, text, format)?;
    }
    Ok(())
}

/// Makes a row as high as its longest text needs: not every spreadsheet does that by itself.
///
/// * `cells` - texts that are wrapped, with the width of their columns [characters]
///
/// # Errors
/// Those of the sheet.
pub fn fit_row<'a>(
    sheet: &mut Worksheet,
    row: u32,
    cells: impl IntoIterator<Item = (&'a str, usize)>,
) -> Result<(), XlsxError> {
    /// Of one line, and the most that a row may have [points].
    const LINE: f64 = 15.0;
    const HIGHEST: f64 = 400.0;
    // Where the spreadsheet has not the font of the file, another takes up to a quarter more room.
    let lines = cells
        .into_iter()
        .map(|(text, width)| lines(text, width * 3 / 4));
    let lines = lines.max().unwrap_or(1);
    if lines > 1 {
        // Far below 2^53.
        sheet.set_row_height(row, (lines as f64 * LINE).min(HIGHEST))?;
    }
    Ok(())
}

/// Lines that a text takes, broken at words.
fn lines(text: &str, width: usize) -> usize {
    let of = |paragraph: &str| {
        let (mut lines, mut taken) = (1, 0);
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            if taken > 0 && taken + 1 + length > width {
                lines += 1;
                taken = 0;
            }
            lines += length.saturating_sub(1) / width.max(1);
            taken += length.min(width) + usize::from(taken > 0);
        }
        lines
    };
    text.split('\n').map(of).sum()
}

fn fitted(text: &str) -> String {
    // A spreadsheet counts in UTF-16: half as many characters surely fit.
    if text.encode_utf16().count() <= LONGEST {
        return text.to_owned();
    }
    let kept = text.chars().take(LONGEST / 2 - CUT.len());
    kept.chain(CUT.chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::{CATALOGUE, Metric};

    #[test]
    fn every_metric_has_a_format_for_its_numbers_and_their_errors() {
        let styles = Styles::new();
        for definition in &CATALOGUE {
            for more in [0, 1] {
                let code = code_of(definition, more);
                assert!(
                    styles.numbers.iter().any(|(known, _)| *known == code),
                    "{code}"
                );
                assert_eq!(
                    code.ends_with('%'),
                    definition.unit.starts_with("share"),
                    "{code}"
                );
            }
        }
        assert_eq!(code_of(Metric::NeedMet.definition(), 0), "#,##0.0%");
        assert_eq!(code_of(Metric::CaseloadMean.definition(), 1), "#,##0.00");
    }

    #[test]
    fn what_rounds_to_nothing_and_is_something_shows_as_low() {
        let code = |metric: Metric| published(metric.definition().rounding());
        assert_eq!(code(Metric::Unallocated), "[=0]#,##0;[<0.5]\"low\";#,##0");
        assert_eq!(
            code(Metric::BurntOutShare),
            "[=0]#,##0.0%;[<0.0005]\"low\";#,##0.0%"
        );
    }

    #[test]
    fn a_row_is_as_high_as_its_words_need() {
        assert_eq!(lines("", 10), 1);
        assert_eq!(lines("one two", 10), 1);
        assert_eq!(lines("one two three", 8), 2);
        assert_eq!(lines("one\ntwo", 10), 2);
        assert_eq!(lines(&"a".repeat(25), 10), 3);
        assert_eq!(lines(&["two"; 10].join(" "), 7), 5);
    }

    #[test]
    fn a_text_that_is_too_long_for_a_cell_is_cut_and_says_so() {
        let short = "a".repeat(LONGEST);
        assert_eq!(fitted(&short), short);
        // Each takes two units of UTF-16.
        let cut = fitted(&"\u{1f600}".repeat(LONGEST));
        assert!(cut.encode_utf16().count() <= LONGEST);
        assert!(cut.ends_with(CUT));
    }
}
