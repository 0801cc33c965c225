//! Holds every value of a tree against the catalogue: keys, kinds, units, bounds, names and sums.

use std::collections::BTreeSet;

use crate::scenario::catalogue::{EVIDENCE, MONTHS, UNCERTAIN_NAMES};
use crate::scenario::gaps::gaps;
use crate::scenario::key::{Kind, Of, Section, nearest};
use crate::scenario::names::Names;
use crate::scenario::names::join;
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::problem::{Problem, Severity, Span};
use crate::scenario::quantity::{
    Complaint, Reader, Unit, duration_bounds, is_percent, parse_working_days,
};
use crate::scenario::season;
use crate::scenario::share::as_share;
use crate::text::{unfit_name, unfit_text};

/// How far a sum of shares may be from 1.
pub const SUM_TOLERANCE: f64 = 1e-6;

/// Everything that is wrong with single values of a tree.
///
/// * `whole` - the span that stands for the file as a whole
pub fn check(
    tree: &Table,
    section: &'static Section,
    reader: Reader<'_>,
    whole: Span,
) -> Vec<Problem> {
    let names = Names::of(tree);
    let mut checker = Checker {
        reader,
        names: &names,
        is_overlay: false,
        problems: Vec::new(),
    };
    checker.section("", tree, whole, section);
    checker.problems
}

struct Checker<'a> {
    reader: Reader<'a>,
    names: &'a Names,
    /// Within tables that say only what differs: what they leave out may have been said before.
    is_overlay: bool,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn complain(&mut self, path: &str, span: Span, what: String, remedy: String) {
        self.problems.push(Problem {
            severity: Severity::Error,
            what,
            remedy,
            key: path.to_owned(),
            span: Some(span),
        });
    }

    fn take(&mut self, path: &str, complaints: Vec<Complaint>) {
        for Complaint { span, what, remedy } in complaints {
            self.complain(path, span, what, remedy);
        }
    }

    fn section(&mut self, path: &str, table: &Table, span: Span, section: &'static Section) {
        let was_overlay = self.is_overlay;
        self.is_overlay |= section.is_overlay;
        self.entries(path, table, section);
        self.is_overlay = was_overlay;
        let gaps = gaps(path, table, span, section);
        let told = gaps
            .into_iter()
            .filter(|(is_missing, _)| !(*is_missing && self.is_overlay));
        self.problems.extend(told.map(|(_, problem)| problem));
    }

    fn entries(&mut self, path: &str, table: &Table, section: &'static Section) {
        for entry in &table.entries {
            let inner = join(path, &entry.key);
            if let Some(key) = section.key(&entry.key) {
                self.node(&inner, &entry.node, entry.key_span, &key.kind);
                continue;
            }
            match &section.rest {
                Some(rest) => {
                    if let Some(of) = rest
                        .of
                        .filter(|of| self.names.index(*of, &entry.key).is_none())
                    {
                        let fixed = section.all_keys().map(|k| k.name);
                        let (what, remedy) = match nearest(&entry.key, fixed) {
                            Some(right) => (
                                format!(
                                    "`{}` is neither a key here nor a {}",
                                    entry.key,
                                    of.word()
                                ),
                                format!("did you mean `{right}`?"),
                            ),
                            None => self.names.unknown(of, &entry.key),
                        };
                        self.complain(&inner, entry.key_span, what, remedy);
                    } else if rest.of.is_none() && !std::ptr::eq(section, &EVIDENCE) {
                        self.defined(&inner, &entry.key, entry.key_span);
                    }
                    self.node(&inner, &entry.node, entry.key_span, &rest.kind);
                }
                None => self.unknown_key(&inner, &entry.key, entry.key_span, section),
            }
        }
    }

    /// A name that is given here.
    fn defined(&mut self, path: &str, name: &str, span: Span) {
        if let Some((what, remedy)) = unfit_name(name) {
            self.complain(path, span, what, remedy);
        }
    }

    fn unknown_key(&mut self, path: &str, key: &str, span: Span, section: &Section) {
        let known: Vec<&str> = section.all_keys().map(|k| k.name).collect();
        let remedy = match nearest(key, known.iter().copied()) {
            Some(right) => format!("did you mean `{right}`?"),
            None => format!("known here are {}", known.join(", ")),
        };
        self.complain(path, span, format!("`{key}` is not a key here"), remedy);
    }

    fn wrong_kind(&mut self, path: &str, node: &Node, place: Span, wanted: &str, example: &str) {
        let span = if node.as_table().is_some() {
            place
        } else {
            node.span
        };
        self.complain(
            path,
            span,
            format!("this must be {wanted}, and is {}", node.kind()),
            format!("write {example}"),
        );
    }

    /// * `place` - the key, for complaints about whole tables
    fn node(&mut self, path: &str, node: &Node, place: Span, kind: &'static Kind) {
        let mut complaints = Vec::new();
        match kind {
            Kind::Text | Kind::Target => match node.as_text() {
                None => self.wrong_kind(path, node, place, "a text", "it in \"quotes\""),
                Some(text) => {
                    let wrong = match path {
                        "title" => unfit_name(text),
                        _ => unfit_text(text),
                    };
                    if let Some((what, remedy)) = wrong {
                        self.complain(path, node.span, what, remedy);
                    }
                }
            },
            Kind::Flag => {
                if !matches!(node.value, Value::Flag(_)) {
                    self.wrong_kind(
                        path,
                        node,
                        place,
                        "true or false",
                        "true or false, without quotes",
                    );
                }
            }
            Kind::Date => {
                if node.as_date().is_none() {
                    self.date(path, node, place);
                }
            }
            Kind::Month => {
                if season::month(node).is_none() {
                    self.wrong_kind(path, node, place, "a month", "2018-11-01, or \"2018-11\"");
                }
            }
            Kind::Choice(words) => self.choice(path, node, place, words),
            Kind::Whole(low, high) => self.whole(path, node, place, *low, *high),
            Kind::Number(bounds) => {
                self.reader
                    .number(node, Unit::Pure, bounds, path, &mut complaints);
            }
            Kind::Duration(high) => {
                let bounds = duration_bounds(*high);
                self.reader
                    .number(node, Unit::Days, &bounds, path, &mut complaints);
            }
            Kind::WorkingDays => {
                let wrong = match node.as_text() {
                    Some(text) => parse_working_days(text).err(),
                    None => Some(format!(
                        "this must be a number of working days, and is {}",
                        node.kind()
                    )),
                };
                if let Some(what) = wrong {
                    let remedy = "write \"45 working days\"".to_owned();
                    self.complain(path, node.span, what, remedy);
                }
            }
            Kind::Law(measure) => {
                let is_law = node.as_table().filter(|t| t.get("law").is_some());
                if let Some(table) = is_law {
                    let known = crate::scenario::catalogue::LAW.all_keys();
                    let known: Vec<&str> = known.map(|k| k.name).collect();
                    for entry in &table.entries {
                        if !known.contains(&entry.key.as_str()) {
                            let inner = join(path, &entry.key);
                            let law = &crate::scenario::catalogue::LAW;
                            self.unknown_key(&inner, &entry.key, entry.key_span, law);
                        }
                    }
                    self.uncertain_instead(path, node, table);
                }
                let misplaced = is_law
                    .and_then(|t| t.text("law"))
                    .is_some_and(is_uncertain_only);
                if !misplaced {
                    self.reader.law(node, *measure, path, &mut complaints);
                }
            }
            Kind::Shares(of) => self.shares(path, node, place, *of),
            Kind::Name(of) => self.name(path, node, place, *of),
            Kind::Names(of) => match node.as_list() {
                Some(list) => {
                    let mut seen = BTreeSet::new();
                    for item in list {
                        self.name(path, item, place, *of);
                        if item.as_text().is_some_and(|name| !seen.insert(name)) {
                            let what = format!("this {} stands here twice", of.word());
                            self.complain(path, item.span, what, "remove one of them".to_owned());
                        }
                    }
                }
                None => {
                    self.wrong_kind(path, node, place, "a list of names", "[\"one\", \"other\"]")
                }
            },
            Kind::Season => {
                season::multipliers(self.reader, node, path, &mut complaints);
            }
            Kind::Range => {
                let list = node.as_list().unwrap_or_default();
                let numbers: Vec<f64> = list
                    .iter()
                    .filter_map(|n| match n.as_text() {
                        Some(text) => crate::scenario::quantity::parse_days(text).ok(),
                        None => n.as_number(),
                    })
                    .collect();
                if !matches!(numbers.as_slice(), [low, high] if low <= high) {
                    let what = "a range must be a pair, the lower first".to_owned();
                    let remedy = "write range = [0.05, 0.35]".to_owned();
                    self.complain(path, node.span, what, remedy);
                }
            }
            Kind::Table(section) => match node.as_table() {
                Some(table) => {
                    self.section(path, table, place, section);
                    // A risk is a table with a law in it.
                    if section.key("law").is_some() && table.get("law").is_some() {
                        let law = crate::scenario::key::Measure::Days;
                        self.reader.law(node, law, path, &mut complaints);
                    } else if section.key("rate_per_month").is_some() {
                        for key in crate::scenario::catalogue::LAW.keys {
                            if let Some(entry) = table.entry(key.name) {
                                let what = format!("`{}` without `law` does nothing", key.name);
                                let remedy = "name the law: law = \"exponential\"".to_owned();
                                self.complain(path, entry.key_span, what, remedy);
                            }
                        }
                    }
                }
                None => self.wrong_kind(
                    path,
                    node,
                    place,
                    "a section",
                    "[section], or { key = value }",
                ),
            },
            Kind::List(inner) => match node.as_list() {
                Some(list) => {
                    // A list is replaced whole.
                    let was_overlay = std::mem::replace(&mut self.is_overlay, false);
                    for (at, item) in list.iter().enumerate() {
                        let path = format!("{path}[{}]", at + 1);
                        self.node(&path, item, item.span, inner);
                    }
                    self.is_overlay = was_overlay;
                }
                None => self.wrong_kind(path, node, place, "a list", "[ ... ]"),
            },
            Kind::Either(one, other) => {
                let chosen = if accepts(other, node) { other } else { one };
                self.node(path, node, place, chosen);
            }
        }
        self.take(path, complaints);
    }

    /// A law of an uncertain number where a law of a time is wanted is told apart.
    fn uncertain_instead(&mut self, path: &str, node: &Node, table: &Table) {
        if table.text("law").is_some_and(is_uncertain_only) {
            self.complain(
                path,
                node.span,
                "this law is for numbers that are not known, and here stands a law of times".to_owned(),
                "keep a law of times, and let one of its numbers be uncertain: mean = { law = \"uniform\", low = \"30 days\", high = \"60 days\" }".to_owned(),
            );
        }
    }

    fn date(&mut self, path: &str, node: &Node, place: Span) {
        let name = path.rsplit('.').next().unwrap_or_default();
        let example = match name {
            "start" => "start = 2026-04-01, without quotes",
            _ => "2026-04-01, without quotes",
        };
        match node.as_text() {
            Some(text) => {
                let what = format!("\"{text}\" is not a date");
                let remedy = format!("write {example}: the year, the month, the day");
                self.complain(path, node.span, what, remedy);
            }
            None => self.wrong_kind(path, node, place, "a date", example),
        }
    }

    fn choice(&mut self, path: &str, node: &Node, place: Span, words: &[&str]) {
        let Some(text) = node.as_text() else {
            self.wrong_kind(
                path,
                node,
                place,
                "a word",
                &format!("\"{}\"", words.join("\" or \"")),
            );
            return;
        };
        if !words.iter().any(|word| word.eq_ignore_ascii_case(text)) {
            let remedy = match nearest(text, words.iter().copied()) {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => format!("write one of: {}", words.join(", ")),
            };
            self.complain(
                path,
                node.span,
                format!("\"{text}\" is not known here"),
                remedy,
            );
        }
    }

    fn whole(&mut self, path: &str, node: &Node, place: Span, low: i64, high: i64) {
        let inner = node.as_table().and_then(|t| t.get("value")).unwrap_or(node);
        let what = match inner.value {
            Value::Whole(number) if number < 0 && low >= 0 => {
                format!("this must not be negative, and is {number}")
            }
            Value::Whole(number) if number < low || number > high => {
                format!("this must be from {low} to {high}, and is {number}")
            }
            Value::Whole(_) => return,
            Value::Number(number) => format!("this must be a whole number, and is {number}"),
            _ => {
                let example = format!("a whole number from {low} to {high}");
                self.wrong_kind(path, inner, place, "a whole number", &example);
                return;
            }
        };
        let remedy = format!("write a whole number from {low} to {high}");
        self.complain(path, inner.span, what, remedy);
    }

    fn name(&mut self, path: &str, node: &Node, place: Span, of: Of) {
        match node.as_text() {
            Some(text) if self.names.index(of, text).is_some() => {}
            Some(text) => {
                let (what, remedy) = self.names.unknown(of, text);
                self.complain(path, node.span, what, remedy);
            }
            None => {
                let wanted = format!("the name of a {}", of.word());
                self.wrong_kind(path, node, place, &wanted, "it in \"quotes\"");
            }
        }
    }

    fn shares(&mut self, path: &str, node: &Node, place: Span, of: Of) {
        let table = match &node.value {
            Value::Text(_) => return self.name(path, node, place, of),
            Value::Whole(number) if of == Of::Size => {
                if self.names.index(of, &number.to_string()).is_none() {
                    let (what, remedy) = self.names.unknown(of, &number.to_string());
                    self.complain(path, node.span, what, remedy);
                }
                return;
            }
            Value::Table(table) => table,
            _ => {
                let wanted = format!("shares by {}", of.word());
                self.wrong_kind(path, node, place, &wanted, "{ one = 0.4, other = 0.6 }");
                return;
            }
        };
        let bounds = crate::scenario::key::Bounds {
            low: 0.0,
            above: false,
            high: 1.0,
            unit: "",
        };
        let mut complaints = Vec::new();
        let mut sum = Some(0.0);
        for entry in &table.entries {
            if of == Of::NewArea {
                self.defined(path, &entry.key, entry.key_span);
            } else if self.names.index(of, &entry.key).is_none() {
                let (what, remedy) = self.names.unknown(of, &entry.key);
                self.complain(path, entry.key_span, what, remedy);
            }
            let inner = join(path, &entry.key);
            let share =
                self.reader
                    .number(&entry.node, Unit::Pure, &bounds, &inner, &mut complaints);
            sum = sum.zip(share).map(|(sum, share)| sum + share);
        }
        let percent = table.entries.iter().find_map(|entry| {
            let number = entry.node.as_number();
            number.filter(|number| is_percent(&bounds, *number))
        });
        if let Some(percent) = percent {
            // Told once for the whole table: the others are most likely meant so too.
            let is_said = |c: &Complaint| {
                let entries = table.entries.iter().filter(|e| e.node.span == c.span);
                entries
                    .filter_map(|e| e.node.as_number())
                    .any(|number| is_percent(&bounds, number))
            };
            complaints.retain(|c| !is_said(c));
            let what = format!("these must be shares from 0 to 1, and one is {percent}");
            let remedy = format!("shares, not per cent: write {}", as_share(percent));
            self.complain(path, place, what, remedy);
        }
        self.take(path, complaints);
        if let Some(sum) = sum.filter(|sum| (sum - 1.0).abs() > SUM_TOLERANCE) {
            self.complain(
                path,
                place,
                format!(
                    "these shares must sum to 1, and sum to {}",
                    (sum * 1e9).round() / 1e9
                ),
                "change them so that nothing is left over".to_owned(),
            );
        }
    }
}

fn is_uncertain_only(name: &str) -> bool {
    UNCERTAIN_NAMES.contains(&name) && !crate::scenario::catalogue::LAW_NAMES.contains(&name)
}

/// Whether a value looks like the second of two kinds.
pub fn accepts(kind: &Kind, node: &Node) -> bool {
    match kind {
        Kind::Choice(words) => node
            .as_text()
            .is_some_and(|text| words.iter().any(|word| word.eq_ignore_ascii_case(text))),
        Kind::List(_) => node.as_list().is_some(),
        Kind::Table(_) => node.as_table().is_some(),
        // "10 working days", beside "10 days".
        Kind::WorkingDays => node.as_text().is_some_and(|text| text.contains("working")),
        _ => false,
    }
}

/// Number of a month from its name, 1 is January.
pub fn month_of_year(name: &str) -> Option<u8> {
    let at = MONTHS.iter().position(|m| *m == name)?;
    u8::try_from(at + 1).ok()
}
