//! What a line that is not TOML most likely meant.

use crate::scenario::share::as_share;

/// The likely fault of a line, and what to write instead.
///
/// * `line` - the whole line in which the file stops being TOML
/// * returns - nothing where no common slip is seen
pub fn likely(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    if line.contains(['“', '”', '„', '‘', '’']) {
        let what = "these are curly quotes".to_owned();
        return Some((what, "use straight quotes: \"open\"".to_owned()));
    }
    if let Some(header) = line.strip_prefix('[') {
        return header_with_spaces(header);
    }
    let (key, value) = line.split_once('=')?;
    let (key, value) = (
        key.trim(),
        value.split('#').next().unwrap_or_default().trim(),
    );
    if key.contains(' ') && !key.contains(['"', '\'', '{']) {
        let what = format!("the name `{key}` has spaces in it");
        return Some((
            what,
            format!("quote names with spaces: \"{key}\" = {value}"),
        ));
    }
    if is_slashed_date(value) {
        let what = format!("{value} is not a date as it is written here");
        let remedy =
            format!("write {key} = 2026-04-01 without quotes: the year, the month, the day");
        return Some((what, remedy));
    }
    if let Some(percent) = value.strip_suffix('%') {
        let number: f64 = percent.trim().replace(',', ".").parse().ok()?;
        let what = format!("{value} is not a number as it is written here");
        return Some((what, format!("write {key} = {}", as_share(number))));
    }
    if let Some(number) = decimal_comma(value) {
        let point = number.replace(',', ".");
        let what = format!("{number} has a decimal comma");
        return Some((what, format!("use a point: {point}")));
    }
    let begins = value.chars().next()?;
    if begins.is_ascii_digit() && value.contains(' ') && !value.contains(['"', ',']) {
        let what = format!("`{value}` needs quotes");
        return Some((what, format!("write {key} = \"{value}\"")));
    }
    if begins.is_alphabetic() && !value.contains(['"', '\'']) {
        let what = format!("`{value}` needs quotes");
        return Some((what, format!("write {key} = \"{value}\"")));
    }
    None
}

/// `[policies.at most 12]`: the parts with spaces put in quotes.
fn header_with_spaces(header: &str) -> Option<(String, String)> {
    let inner = header.trim_start_matches('[');
    let (inner, _) = inner.split_once(']')?;
    if inner.contains(['"', '\'', '=', '{', ',']) || !inner.trim().contains(' ') {
        return None;
    }
    let parts: Vec<String> = inner
        .split('.')
        .map(str::trim)
        .map(|part| match part.contains(' ') {
            true => format!("\"{part}\""),
            false => part.to_owned(),
        })
        .collect();
    let what = format!("the name `{}` has spaces in it", inner.trim());
    Some((
        what,
        format!("quote names with spaces: [{}]", parts.join(".")),
    ))
}

/// `01/04/2026`, `1.4.2026`
fn is_slashed_date(value: &str) -> bool {
    ['/', '.'].into_iter().any(|mark| {
        let parts: Vec<&str> = value.split(mark).collect();
        let is_number = |p: &&str| !p.is_empty() && p.chars().all(|c| c.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    })
}

/// The first `0,12` of a value outside lists, where a comma stands between numbers anyway.
fn decimal_comma(value: &str) -> Option<&str> {
    if value.contains('[') {
        return None;
    }
    let is_part = |c: char| c.is_ascii_digit() || c == ',';
    let mut runs = value
        .split(|c: char| !is_part(c))
        .map(|run| run.trim_matches(','));
    runs.find(|number| {
        let (whole, decimals) = number.split_once(',').unwrap_or_default();
        !whole.is_empty() && !decimals.is_empty() && !decimals.contains(',')
    })
}

#[cfg(test)]
mod tests {
    use crate::scenario::node;

    #[test]
    fn common_slips_are_told_once_with_what_to_write() {
        for (text, remedy) in [
            ("a = 0,12\n", "use a point: 0.12"),
            ("a = { 1 = 0,6, 2 = 0,4 }\n", "use a point: 0.6"),
            ("a = “open”\n", "use straight quotes"),
            ("a = 12%\n", "write a = 0.12"),
            (
                "start = 01/04/2026\n",
                "write start = 2026-04-01 without quotes",
            ),
            (
                "start = 1.4.2026 # first\n",
                "write start = 2026-04-01 without quotes",
            ),
            (
                "[policies.at most 12]\nlimit = 12\n",
                "quote names with spaces: [policies.\"at most 12\"]",
            ),
            ("[opening]\nearly help = 12\n", "\"early help\" = 12"),
            ("handover = 8 days\n", "write handover = \"8 days\""),
            ("grade = worker\n", "write grade = \"worker\""),
        ] {
            let problems = node::parse(0, text).unwrap_err();
            assert_eq!(problems.len(), 1, "{text}: {problems:?}");
            assert!(problems[0].remedy.contains(remedy), "{text}: {problems:?}");
        }
    }

    #[test]
    fn a_line_without_a_common_slip_keeps_the_words_of_the_parser() {
        let problems = node::parse(0, "a = = 2\n").unwrap_err();
        assert!(problems[0].what.contains("not TOML"), "{problems:?}");
    }
}
