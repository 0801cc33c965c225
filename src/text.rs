//! Text that others wrote: what a name may hold, and how it is shown where it could do harm.
//!
//! A name or a value of a scenario, a file name or an argument may hold characters that move the cursor, change colours,
//! begin a new line or turn the direction of what follows. Names with such characters are refused ([`unfit_name`]);
//! everything else is escaped before it reaches a terminal ([`printable`]) or is quoted in a message ([`message`]).

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// Most characters of a name.
pub const NAME_MAX: usize = 200;
/// Most characters of a longer text, such as a description or a source.
pub const TEXT_MAX: usize = 20_000;
/// Most characters of a value that a message quotes.
const QUOTED_MAX: usize = 120;
/// Most characters of a message.
const MESSAGE_MAX: usize = 1_000;
/// Most names that a message lists.
const LISTED_MAX: usize = 20;

/// What kind of unfit character this is; nothing for one that can be seen.
///
/// Unfit are control, format (zero-width and bidirectional marks among them), private-use and unassigned characters, and
/// the separators of lines and paragraphs.
pub fn unfit(c: char) -> Option<&'static str> {
    if matches!(c, ' '..='~') {
        return None;
    }
    match c.general_category() {
        GeneralCategory::Control => Some("a control character"),
        GeneralCategory::Format => Some("an invisible format character"),
        GeneralCategory::PrivateUse => Some("a private-use character"),
        GeneralCategory::Unassigned => Some("a character that Unicode does not define"),
        GeneralCategory::LineSeparator | GeneralCategory::ParagraphSeparator => {
            Some("a line separator")
        }
        _ => None,
    }
}

/// What is wrong with a name, and what to do; nothing for one that is fit.
pub fn unfit_name(name: &str) -> Option<(String, String)> {
    let shown = brief(name);
    if name.trim().is_empty() {
        let what = "a name must hold something that can be seen".to_owned();
        return Some((what, "write a name".to_owned()));
    }
    if let Some((c, kind)) = name.chars().find_map(|c| Some((c, unfit(c)?))) {
        let what = format!("the name \"{shown}\" holds {kind}, {}", c.escape_unicode());
        return Some((what, "type the name again, without it".to_owned()));
    }
    if name.trim() != name {
        let what = format!("the name \"{shown}\" begins or ends with a blank");
        return Some((what, format!("write \"{}\"", brief(name.trim()))));
    }
    let length = name.chars().count();
    if length > NAME_MAX {
        let what = format!("this name has {length} characters, and at most {NAME_MAX} are allowed");
        let remedy = "shorten it; `description` has room for more words";
        return Some((what, remedy.to_owned()));
    }
    None
}

/// What is wrong with a longer text, which may have several lines; nothing for one that is fit.
pub fn unfit_text(text: &str) -> Option<(String, String)> {
    let is_layout = |c: char| matches!(c, '\n' | '\t' | '\r');
    let found = text.chars().filter(|c| !is_layout(*c));
    if let Some((c, kind)) = found.clone().find_map(|c| Some((c, unfit(c)?))) {
        let what = format!("this text holds {kind}, {}", c.escape_unicode());
        return Some((what, "type it again, without it".to_owned()));
    }
    let length = text.chars().count();
    (length > TEXT_MAX).then(|| {
        let what = format!("this text has {length} characters, and at most {TEXT_MAX} are allowed");
        (what, "shorten it".to_owned())
    })
}

/// Whether a spreadsheet would take a name for a formula.
pub fn is_like_formula(name: &str) -> bool {
    name.starts_with(['=', '+', '-', '@'])
}

/// A name by which those are found that a reader takes for the same: without regard to capital letters, to the way in
/// which accents and wide letters are encoded, and to the width of blanks.
pub fn look(name: &str) -> String {
    let plain: String = name.nfkc().filter(|c| unfit(*c).is_none()).collect();
    let words: Vec<String> = plain.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ").nfkc().collect()
}

/// Whether two texts are the same letters in different encodings: `é` as one character, or as `e` and an accent.
pub fn same_letters(one: &str, other: &str) -> bool {
    one.nfc().eq(other.nfc())
}

/// A text on one line, with every unfit character escaped, as `\u{1b}`; nothing is cut.
pub fn one_line(text: &str) -> String {
    escaped(text, |_| false)
}

/// A text for a terminal: line breaks and tabs stay, every other unfit character is escaped.
///
/// * `has_styles` - true: the colours and weights of this program's own (`ESC [ numbers m`) stay too
pub fn printable(text: &str, has_styles: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        let (before, after) = rest.split_at(at);
        shown.push_str(&escaped(before, |c| matches!(c, '\n' | '\t')));
        let length = style_length(after).filter(|_| has_styles);
        match length {
            Some(length) => shown.push_str(&after[..length]),
            None => shown.push_str("\\u{1b}"),
        }
        rest = &after[length.unwrap_or(1)..];
    }
    shown.push_str(&escaped(rest, |c| matches!(c, '\n' | '\t')));
    shown
}

/// Length of a sequence that sets colour or weight [bytes]; nothing for any other.
fn style_length(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("\u{1b}[")?;
    let end = inner.find(|c: char| !(c.is_ascii_digit() || c == ';'))?;
    inner[end..].starts_with('m').then_some(2 + end + 1)
}

fn escaped(text: &str, stays: impl Fn(char) -> bool) -> String {
    // Nearly every text is plain.
    if text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return text.to_owned();
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if stays(c) => shown.push(c),
            '\n' => shown.push_str("\\n"),
            '\t' => shown.push_str("\\t"),
            '\r' => shown.push_str("\\r"),
            c if unfit(c).is_some() => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// A value as a message quotes it: on one line, escaped, and cut where it is long.
pub fn brief(text: &str) -> String {
    cut(&one_line(text), QUOTED_MAX)
}

/// A message with the values that it quotes: on one line, escaped, each long value cut, and the whole too.
pub fn message(text: &str) -> String {
    let text = one_line(text);
    if text.len() <= QUOTED_MAX {
        return text;
    }
    let mut shown = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['"', '`']) {
        let (before, quoted) = rest.split_at(at);
        let quote = &quoted[..1];
        let inner = &quoted[1..];
        let end = inner.find(quote).unwrap_or(inner.len());
        shown.push_str(before);
        shown.push_str(quote);
        shown.push_str(&cut(&inner[..end], QUOTED_MAX));
        rest = &inner[end..];
        if let Some(after) = rest.strip_prefix(quote) {
            shown.push_str(quote);
            rest = after;
        }
    }
    shown.push_str(rest);
    cut(&shown, MESSAGE_MAX)
}

/// A text of at most so many characters, with the number of those that were left out.
fn cut(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let begins: String = text.chars().take(most).collect();
    format!("{begins}... ({} more characters)", length - most)
}

/// Names in a row, the first of them where there are many.
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let first = names.iter().take(LISTED_MAX);
    let mut shown: Vec<String> = first.map(|name| brief(name.as_ref())).collect();
    let more = names.len().saturating_sub(LISTED_MAX);
    if more > 0 {
        shown.push(format!("and {more} more"));
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_name_holds_nothing_that_cannot_be_seen() {
        for name in ["hard 16", "Frühe Hilfe", "早期", "=SUM(A1)", "a'b\"c", "🙂"] {
            assert_eq!(unfit_name(name), None, "{name}");
        }
        for (name, part) in [
            ("a\u{1b}[31m", "control character, \\u{1b}"),
            ("a\nb", "control character, \\u{a}"),
            ("a\u{200b}b", "format character, \\u{200b}"),
            ("a\u{202e}b", "format character"),
            ("\u{feff}a", "format character"),
            ("a\u{e000}", "private-use"),
            ("a\u{378}", "does not define"),
            ("a\u{2028}b", "line separator"),
            (" a", "blank"),
            ("a\u{a0}", "blank"),
            ("", "seen"),
            ("  ", "seen"),
            ("h".repeat(201).as_str(), "201 characters"),
        ] {
            let (what, remedy) = unfit_name(name).unwrap();
            assert!(what.contains(part), "{name:?}: {what}");
            assert!(!remedy.is_empty() && what.chars().count() < 300);
        }
        assert_eq!(unfit_name(&"h".repeat(200)), None);
        assert_eq!(unfit_text("one\n\ttwo"), None);
        assert!(unfit_text("one\u{7}").is_some());
    }

    #[test]
    fn names_that_look_alike_have_one_look() {
        for other in [
            "CAFE\u{301}",
            "Café",
            "caf\u{e9}",
            "ca\u{200b}fé",
            "cafe\u{301} ",
        ] {
            assert_eq!(look(other), look("café"), "{other:?}");
        }
        assert_eq!(look("a  b"), look("A\u{a0}B"));
        assert_ne!(look("hard 16"), look("hard 18"));
        assert!(same_letters("caf\u{e9}", "cafe\u{301}"));
        assert!(!same_letters("cafe", "caf\u{e9}"));
    }

    #[test]
    fn long_values_are_cut_in_messages_and_short_ones_stay() {
        assert_eq!(message("\"a\nb\" is no date"), "\"a\\nb\" is no date");
        let long = format!("\"{}\" is no date", "x".repeat(70_000));
        let shown = message(&long);
        assert!(
            shown.ends_with("... (69880 more characters)\" is no date"),
            "{shown}"
        );
        assert!(message(&"x".repeat(70_000)).len() < 1100);
        let names: Vec<String> = (0..25).map(|n| n.to_string()).collect();
        assert!(listed(&names).ends_with("19, and 5 more"));
    }

    #[test]
    fn own_colours_stay_and_other_sequences_do_not() {
        let text = "\u{1b}[1;31merror\u{1b}[0m \u{1b}[2J \u{1b}]0;x\u{7} \u{9b}m\r\n\t.";
        assert_eq!(
            printable(text, true),
            "\u{1b}[1;31merror\u{1b}[0m \\u{1b}[2J \\u{1b}]0;x\\u{7} \\u{9b}m\\r\n\t."
        );
        assert!(!printable(text, false).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn nothing_unfit_is_printed(text in "\\PC*|.*|[\u{1b}\\[0-9;mJ\u{200b}\u{202e}\n]*") {
            let shown = printable(&text, false);
            prop_assert!(shown.chars().all(|c| matches!(c, '\n' | '\t') || unfit(c).is_none()));
            prop_assert!(one_line(&text).chars().all(|c| unfit(c).is_none()));
            prop_assert!(message(&text).chars().all(|c| unfit(c).is_none()));
        }
    }
}
