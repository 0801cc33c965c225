//! A section of the tree as the catalogue sees it: values, or the presets that hold without them.

use std::borrow::Cow;

use crate::model::law::{Discrete, Law};
use crate::scenario::key::{Kind, Need, Of, Section};
use crate::scenario::names::Names;
use crate::scenario::names::join;
use crate::scenario::node::{self, Node, Table, Value};
use crate::scenario::problem::{Problem, Severity, Span};
use crate::scenario::quantity::{Reader, Unit, duration_bounds, parse_working_days};
use crate::scenario::season;
use crate::scenario::shape::accepts;

/// One section of a tree whose single values have been checked.
///
/// Every question answers nothing for a value that is absent without preset, or that the check of
/// single values has complained of: nothing is told twice.
#[derive(Clone)]
pub struct View<'a> {
    /// Reads numbers.
    pub reader: Reader<'a>,
    /// Names that can be mentioned.
    pub names: &'a Names,
    /// The keys that are written; none where the section is absent and assumed.
    pub table: Option<&'a Table>,
    /// What the catalogue says of it.
    pub section: &'static Section,
    /// Key path.
    pub path: String,
    /// Where it stands.
    pub span: Span,
}

/// The value of a preset.
pub fn preset(value: &str) -> Option<Node> {
    let table = node::parse(0, &format!("value = {value}")).ok()?;
    table.entries.into_iter().next().map(|e| e.node)
}

impl<'a> View<'a> {
    fn node(&self, key: &str) -> Option<Cow<'a, Node>> {
        if let Some(node) = self.table.and_then(|t| t.get(key)) {
            return Some(Cow::Borrowed(node));
        }
        match self.section.key(key)?.need {
            Need::Preset(held) | Need::PresetBeside(_, held) => preset(held.value).map(Cow::Owned),
            _ => None,
        }
    }

    fn kind(&self, key: &str) -> Option<&'static Kind> {
        crate::scenario::merge::kind_of(self.section, key)
    }

    /// Whether a key is written.
    pub fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|t| t.get(key).is_some())
    }

    /// Whether a number is a law of one that is not known.
    pub fn is_uncertain(&self, key: &str) -> bool {
        let table = self.table.and_then(|t| t.table(key));
        table.is_some_and(|t| t.get("law").is_some())
    }

    /// Key path of a key.
    pub fn path_of(&self, key: &str) -> String {
        join(&self.path, key)
    }

    /// Where the value of a key stands, that of the section where it is absent.
    pub fn span_of(&self, key: &str) -> Span {
        let entry = self.table.and_then(|t| t.entry(key));
        entry.map_or(self.span, |e| match e.node.value {
            Value::Table(_) => e.key_span,
            _ => e.node.span,
        })
    }

    /// A problem with a key of this section, at its value; at the section where it is absent.
    pub fn problem(&self, severity: Severity, key: &str, what: String, remedy: &str) -> Problem {
        Problem {
            severity,
            what,
            remedy: remedy.to_owned(),
            key: if key.is_empty() {
                self.path.clone()
            } else {
                self.path_of(key)
            },
            span: Some(self.span_of(key)),
        }
    }

    /// A number, whatever its kind: in days for a time.
    pub fn number(&self, key: &str) -> Option<f64> {
        let node = self.node(key)?;
        let path = self.path_of(key);
        let mut kind = self.kind(key)?;
        if let Kind::Either(one, other) = kind {
            if accepts(other, &node) {
                return None;
            }
            kind = one;
        }
        match kind {
            Kind::Number(bounds) => {
                self.reader
                    .number(&node, Unit::Pure, bounds, &path, &mut Vec::new())
            }
            Kind::Duration(high) => {
                let bounds = duration_bounds(*high);
                self.reader
                    .number(&node, Unit::Days, &bounds, &path, &mut Vec::new())
            }
            _ => None,
        }
    }

    /// A whole number within the bounds of its key.
    pub fn whole<T: TryFrom<i64>>(&self, key: &str) -> Option<T> {
        let node = self.node(key)?;
        let mut kind = self.kind(key)?;
        if let Kind::Either(one, _) = kind {
            kind = one;
        }
        let Kind::Whole(low, high) = kind else {
            return None;
        };
        let inner = node.as_table().and_then(|t| t.get("value"));
        match inner.unwrap_or(&node).value {
            Value::Whole(number) if (*low..=*high).contains(&number) => T::try_from(number).ok(),
            _ => None,
        }
    }

    /// True or false.
    pub fn flag(&self, key: &str) -> Option<bool> {
        match self.node(key)?.value {
            Value::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    /// A text or word; a word of the catalogue in the letters of the catalogue.
    pub fn text(&self, key: &str) -> Option<String> {
        let node = self.node(key)?;
        let text = node.as_text()?;
        let word = match self.kind(key) {
            Some(Kind::Choice(words)) => words.iter().find(|w| w.eq_ignore_ascii_case(text)),
            _ => None,
        };
        Some(word.map_or(text, |word| *word).to_owned())
    }

    /// Working days.
    pub fn working_days(&self, key: &str) -> Option<u32> {
        parse_working_days(self.node(key)?.as_text()?).ok()
    }

    /// A date.
    pub fn date(&self, key: &str) -> Option<jiff::civil::Date> {
        self.node(key)?.as_date()
    }

    /// The first day of a month.
    pub fn month(&self, key: &str) -> Option<jiff::civil::Date> {
        season::month(self.node(key)?.as_ref())
    }

    /// Multipliers of the year; all 1 where absent.
    pub fn season(&self, key: &str) -> Option<[f64; 12]> {
        match self.node(key) {
            None => Some([1.0; 12]),
            Some(node) => {
                season::multipliers(self.reader, &node, &self.path_of(key), &mut Vec::new())
            }
        }
    }

    /// A law of times.
    pub fn law(&self, key: &str) -> Option<Law> {
        let Kind::Law(measure) = self.kind(key)? else {
            return None;
        };
        let node = self.node(key)?;
        self.reader
            .law(&node, *measure, &self.path_of(key), &mut Vec::new())
    }

    /// A law of times whose parameters stand in this section itself.
    pub fn own_law(&self) -> Option<Law> {
        let node = Node {
            span: self.span,
            value: Value::Table(self.table?.clone()),
        };
        let days = crate::scenario::key::Measure::Days;
        self.reader.law(&node, days, &self.path, &mut Vec::new())
    }

    /// Index of a named thing.
    pub fn name(&self, key: &str) -> Option<usize> {
        let Kind::Name(of) = self.kind(key)? else {
            return None;
        };
        self.names.index(*of, self.node(key)?.as_text()?)
    }

    /// Indices of named things.
    pub fn names(&self, key: &str) -> Option<Vec<usize>> {
        let Kind::Names(of) = self.kind(key)? else {
            return None;
        };
        let node = self.node(key)?;
        let list = node.as_list()?;
        list.iter()
            .map(|n| self.names.index(*of, n.as_text()?))
            .collect()
    }

    /// Whether each named thing is among those of a key.
    ///
    /// * returns - (things,)
    pub fn flags(&self, key: &str) -> Option<Vec<bool>> {
        let Kind::Names(of) = self.kind(key)? else {
            return None;
        };
        let mut flags = vec![false; self.names.count(*of)];
        for index in self.names(key)? {
            *flags.get_mut(index)? = true;
        }
        Some(flags)
    }

    /// What a key says, where it is written.
    ///
    /// * returns - nothing where it is written and cannot be read
    pub fn where_written<T>(
        &self,
        key: &str,
        read: impl Fn(&Self, &str) -> Option<T>,
    ) -> Option<Option<T>> {
        match self.has(key) {
            true => read(self, key).map(Some),
            false => Some(None),
        }
    }

    /// Shares by index of the named things.
    pub fn shares(&self, key: &str) -> Option<Discrete<usize>> {
        let Kind::Shares(of) = self.kind(key)? else {
            return None;
        };
        let node = self.node(key)?;
        match &node.value {
            Value::Text(name) => Some(Discrete::certain(self.names.index(*of, name)?)),
            Value::Whole(number) if *of == Of::Size => Some(Discrete::certain(
                self.names.index(*of, &number.to_string())?,
            )),
            Value::Table(table) => {
                let path = self.path_of(key);
                let bounds = duration_bounds(1.0);
                let weighted: Option<Vec<(usize, f64)>> = table
                    .entries
                    .iter()
                    .map(|e| {
                        let index = self.names.index(*of, &e.key)?;
                        let inner = join(&path, &e.key);
                        let share = self.reader.number(
                            &e.node,
                            Unit::Pure,
                            &bounds,
                            &inner,
                            &mut Vec::new(),
                        );
                        Some((index, share?))
                    })
                    .collect();
                Discrete::new(weighted?)
            }
            _ => None,
        }
    }

    /// The section of a key, where it is written, or assumed though it is not.
    pub fn section(&self, key: &str) -> Option<View<'a>> {
        let found = self.section.key(key)?;
        let entry = self.table.and_then(|t| t.entry(key));
        let section = match (&found.kind, entry) {
            (Kind::Table(section), Some(_)) => section,
            (Kind::Table(section), None) if matches!(found.need, Need::Assumed) => section,
            (Kind::Either(_, Kind::Table(section)), Some(e)) if e.node.as_table().is_some() => {
                section
            }
            _ => return None,
        };
        Some(self.inner(
            entry.and_then(|e| e.node.as_table()),
            section,
            self.path_of(key),
            entry.map_or(self.span, |e| e.key_span),
        ))
    }

    /// Another table, read as this one.
    pub fn over<'b>(
        &self,
        table: &'b Table,
        section: &'static Section,
        path: &str,
        span: Span,
    ) -> View<'b>
    where
        'a: 'b,
    {
        View {
            reader: self.reader,
            names: self.names,
            table: Some(table),
            section,
            path: path.to_owned(),
            span,
        }
    }

    fn inner(
        &self,
        table: Option<&'a Table>,
        section: &'static Section,
        path: String,
        span: Span,
    ) -> View<'a> {
        View {
            reader: self.reader,
            names: self.names,
            table,
            section,
            path,
            span,
        }
    }

    /// The sections that the planner has named, with their names.
    pub fn named(&self) -> Vec<(&'a str, View<'a>)> {
        let entries = self.table.map(|t| t.entries.as_slice()).unwrap_or_default();
        let Some(Kind::Table(section)) = self.section.rest.as_ref().map(|r| &r.kind) else {
            return Vec::new();
        };
        entries
            .iter()
            .filter(|e| self.section.key(&e.key).is_none())
            .map(|e| {
                let view = self.inner(e.node.as_table(), section, self.path_of(&e.key), e.key_span);
                (e.key.as_str(), view)
            })
            .collect()
    }

    /// The keys that the planner has named, where their values are numbers.
    pub fn named_keys(&self) -> impl Iterator<Item = &'a str> {
        let entries = self.table.map(|t| t.entries.as_slice()).unwrap_or_default();
        let section = self.section;
        entries
            .iter()
            .map(|e| e.key.as_str())
            .filter(move |key| section.key(key).is_none())
    }

    /// The tables of a list.
    pub fn list(&self, key: &str) -> Vec<View<'a>> {
        let section = match self.kind(key) {
            Some(Kind::List(Kind::Table(section))) => section,
            Some(Kind::Either(_, Kind::List(Kind::Table(section)))) => section,
            _ => return Vec::new(),
        };
        let list = self.table.and_then(|t| t.get(key)).and_then(Node::as_list);
        list.unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(at, item)| {
                let path = format!("{}[{}]", self.path_of(key), at + 1);
                self.inner(item.as_table(), section, path, item.span)
            })
            .collect()
    }

    /// The values of a list, with where each stands.
    pub fn items(&self, key: &str) -> &'a [Node] {
        let list = self.table.and_then(|t| t.get(key)).and_then(Node::as_list);
        list.unwrap_or_default()
    }
}
