//! The catalogue of keys as a page to read.

use std::fmt::Write as _;

use crate::scenario::catalogue::{FILE, LAW};
use crate::scenario::key::{Bounds, Kind, Measure, Need, Preset, Section};

/// Longest line of the page [characters].
const WIDTH: usize = 96;

/// The columns of each list that a scenario can name.
const LISTS: &[(&str, &[(&str, &str)])] = &[
    (
        "referrals.replay: one family a row",
        &[
            ("date", "required; year-month-day, 2026-04-01"),
            (
                "children",
                "whole number from 1 to 32; empty: drawn from family_size",
            ),
            (
                "stage",
                "name of the first stage; empty: drawn from first_stage",
            ),
            ("area", "name of the area; empty: drawn from areas"),
        ],
    ),
    (
        "opening.file: one case a row",
        &[
            ("stage", "required; name of its stage"),
            ("days_in_stage", "required; days since it came to the stage"),
            (
                "family",
                "any name; cases with the same one are siblings; empty: an only child",
            ),
            ("area", "name of the area; empty: drawn from areas"),
        ],
    ),
    (
        "file of an empirical law: one column",
        &[("(any title, or none)", "a time in days in each row")],
    ),
];

/// The keys of a scenario file by section, as plain text: kind, unit, whether it must stand or what
/// holds without it, and what it is; then the columns of the lists.
///
/// * returns - lines of fewer than 100 characters, ending with a line break
pub fn reference() -> String {
    let mut page = String::new();
    let mut seen = Vec::new();
    section(&mut page, &mut seen, "", &FILE);
    section(&mut page, &mut seen, "a law of a time", &LAW);
    for (title, columns) in LISTS {
        heading(&mut page, &format!("CSV {title}"));
        for (name, help) in *columns {
            wrapped(&mut page, 2, name);
            wrapped(&mut page, 6, help);
        }
    }
    page
}

fn heading(page: &mut String, title: &str) {
    if !page.is_empty() {
        page.push('\n');
    }
    wrapped(page, 0, title);
}

/// Sections already on the page, and where: what a team or a change says anew is not printed anew.
type Seen = Vec<(&'static Section, String)>;

fn section(page: &mut String, seen: &mut Seen, path: &str, section: &'static Section) {
    seen.push((section, path.to_owned()));
    let title = match path {
        "" => "the scenario file".to_owned(),
        named => named.to_owned(),
    };
    heading(page, &title);
    for key in section.keys {
        let need = match &key.need {
            Need::Required => "required".to_owned(),
            Need::Optional => "optional".to_owned(),
            Need::Assumed => "holds with its defaults where absent".to_owned(),
            Need::Preset(preset) => default(preset),
            Need::PresetBeside(key, preset) => format!("{} with {key}", default(preset)),
        };
        wrapped(page, 2, key.name);
        wrapped(page, 6, &format!("{}; {need}", words(&key.kind)));
        let known = tables(&key.kind).into_iter().find_map(|(inner, _)| {
            let at = seen.iter().find(|(known, _)| std::ptr::eq(*known, inner));
            at.map(|(_, path)| format!("{}; as {path}", key.help))
        });
        wrapped(page, 6, known.as_deref().unwrap_or(key.help));
    }
    if let Some(rest) = &section.rest {
        wrapped(page, 2, &format!("(any name of a {})", rest.what));
        wrapped(page, 6, &words(&rest.kind));
    }
    for group in section.one_of {
        let keys: Vec<&str> = group
            .keys
            .iter()
            .map(|key| if *key == "*" { "named ones" } else { key })
            .collect();
        let amount = if group.required { "exactly" } else { "at most" };
        wrapped(page, 2, &format!("{amount} one of: {}", keys.join(", ")));
    }
    let own = section
        .keys
        .iter()
        .map(|key| (key.name.to_owned(), &key.kind));
    let rest = section.rest.as_ref();
    let named = rest.map(|rest| (format!("<{}>", rest.what), &rest.kind));
    for (name, kind) in own.chain(named) {
        for (inner, mark) in tables(kind) {
            if !seen.iter().any(|(known, _)| std::ptr::eq(*known, inner)) {
                self::section(page, seen, &join(path, &format!("{name}{mark}")), inner);
            }
        }
    }
}

fn default(preset: &Preset) -> String {
    match preset.grade {
        "" => format!("default {}", preset.value),
        grade => format!("default {}, grade {grade}", preset.value),
    }
}

fn join(path: &str, key: &str) -> String {
    crate::scenario::names::join(path, key)
}

/// The sections within a kind, with a mark for those that stand in a list.
fn tables(kind: &'static Kind) -> Vec<(&'static Section, &'static str)> {
    match kind {
        Kind::Table(section) if !section.keys.is_empty() || section.rest.is_some() => {
            vec![(section, "")]
        }
        Kind::List(inner) => tables(inner).into_iter().map(|(s, _)| (s, "[]")).collect(),
        Kind::Either(one, other) => [tables(one), tables(other)].concat(),
        _ => Vec::new(),
    }
}

fn words(kind: &Kind) -> String {
    match kind {
        Kind::Text => "text".to_owned(),
        Kind::Target => "text that begins with a metric".to_owned(),
        Kind::Flag => "true or false".to_owned(),
        Kind::Date => "date, 2026-04-01".to_owned(),
        Kind::Month => "month, \"2026-04\"".to_owned(),
        Kind::Choice(words) => format!("one of \"{}\"", words.join("\", \"")),
        Kind::Whole(low, high) => format!("whole number, {low} to {high}"),
        Kind::Number(bounds) => number(bounds),
        Kind::Duration(_) => "time with its unit, \"8 days\"".to_owned(),
        Kind::WorkingDays => "\"10 working days\"".to_owned(),
        Kind::Law(Measure::Days) => "law of a time, or one time, \"8 days\"".to_owned(),
        Kind::Law(Measure::Months) => "law of a time, or one number of months".to_owned(),
        Kind::Shares(of) => format!("shares by {} that sum to 1, or one {0}", of.word()),
        Kind::Name(of) => format!("name of a {}", of.word()),
        Kind::Names(of) => format!("list of names of a {}", of.word()),
        Kind::Season => "multipliers of the months".to_owned(),
        Kind::Range => "pair, the lower first".to_owned(),
        Kind::Table(_) => "section".to_owned(),
        Kind::List(inner) => format!("list; each: {}", words(inner)),
        Kind::Either(one, other) => format!("{}; or {}", words(one), words(other)),
    }
}

fn number(bounds: &Bounds) -> String {
    let from = if bounds.above { "above " } else { "" };
    let unit = match bounds.unit {
        "" => String::new(),
        unit => format!(" {unit}"),
    };
    format!("number, {from}{} to {}{unit}", bounds.low, bounds.high)
}

/// Adds a text, broken at blanks into lines that are not too long.
fn wrapped(page: &mut String, indent: usize, text: &str) {
    let mut length = 0;
    for word in text.split(' ') {
        let size = word.chars().count();
        if length > 0 && length + 1 + size > WIDTH {
            page.push('\n');
            length = 0;
        }
        if length == 0 {
            // A text that goes on stands as far in as it began.
            let _ = write!(page, "{:indent$}{word}", "");
            length = indent + size;
        } else {
            let _ = write!(page, " {word}");
            length += 1 + size;
        }
    }
    page.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(section: &'static Section, list: &mut Vec<&'static str>) {
        list.extend(section.keys.iter().map(|k| k.name));
        let kinds = section.keys.iter().map(|k| &k.kind);
        for kind in kinds.chain(section.rest.iter().map(|r| &r.kind)) {
            for (inner, _) in tables(kind) {
                names(inner, list);
            }
        }
    }

    #[test]
    fn the_page_has_every_key_on_a_line_of_its_own() {
        let page = reference();
        let mut known = Vec::new();
        names(&FILE, &mut known);
        names(&LAW, &mut known);
        assert!(known.len() > 100, "{}", known.len());
        let lines: Vec<&str> = page.lines().map(str::trim).collect();
        for name in known {
            assert!(lines.contains(&name), "{name}");
        }
        for column in ["days_in_stage", "date", "children"] {
            assert!(lines.contains(&column), "{column}");
        }
    }

    #[test]
    fn lines_are_short_and_say_default_and_grade() {
        let page = reference();
        for line in page.lines() {
            assert!(line.chars().count() < 100, "{line}");
        }
        for part in [
            "grades.<grade>.ramp[]",
            "number, 0 to 1; default 0.6, grade D",
            "policies.<policy>.limit",
            "exactly one of: families_per_month, children_per_month, replay",
        ] {
            assert!(page.contains(part), "{part} is not in\n{page}");
        }
    }
}
