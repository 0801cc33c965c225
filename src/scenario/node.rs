//! The file as a tree in which every value knows where it was written.

use std::collections::BTreeSet;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::scenario::hint;
use crate::scenario::problem::{Problem, Severity, Span};

/// A value as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub value: Value,
}

/// What a value is, before anything is known of its key.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A string.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// Another number; may be infinite or not a number.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A date without time.
    Date(Date),
    /// A date with time, or a time: nothing here is told by the hour.
    Time,
    /// A list.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// Keys and values, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The entries; no key twice.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub node: Node,
}

impl Table {
    /// The entry of a key.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.node)
    }

    /// The text of a key, where it is a text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Node::as_text)
    }

    /// The table of a key, where it is a table.
    pub fn table(&self, key: &str) -> Option<&Table> {
        self.get(key).and_then(Node::as_table)
    }
}

impl Node {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, where it is one.
    pub fn as_table(&self) -> Option<&Table> {
        match &self.value {
            Value::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The list, where it is one.
    pub fn as_list(&self) -> Option<&[Node]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    /// The number, whole or not, where it is one.
    pub fn as_number(&self) -> Option<f64> {
        match self.value {
            Value::Whole(whole) => Some(whole as f64),
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The date, where it is one, in quotes or without.
    pub fn as_date(&self) -> Option<Date> {
        match &self.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) => Date::strptime("%Y-%m-%d", text.trim()).ok(),
            _ => None,
        }
    }

    /// What the value is, in a reader's words.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Text(_) => "a text",
            Value::Whole(_) | Value::Number(_) => "a number",
            Value::Flag(_) => "true or false",
            Value::Date(_) => "a date",
            Value::Time => "a time of day",
            Value::List(_) => "a list",
            Value::Table(_) => "a table",
        }
    }
}

/// Parses one file into a tree.
///
/// * `source` - index of the file among those read
///
/// # Errors
/// One problem for each line that is not TOML, and for each key that stands twice.
pub fn parse(source: usize, text: &str) -> Result<Table, Vec<Problem>> {
    let (parsed, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(table(source, parsed.get_ref()));
    }
    let mut lines = BTreeSet::new();
    let mut problems = Vec::new();
    for error in &errors {
        let range = error.span().unwrap_or(0..0);
        let begins = text
            .get(..range.start)
            .and_then(|t| t.rfind('\n'))
            .map_or(0, |at| at + 1);
        // What follows in a line that is not TOML only repeats that.
        if !lines.insert(begins) {
            continue;
        }
        let line = text
            .get(begins..)
            .and_then(|t| t.lines().next())
            .unwrap_or_default();
        let written = text.get(range.clone()).unwrap_or_default();
        let (what, remedy) = if error.message().contains("duplicate key") {
            (
                format!("two things are called `{written}` here"),
                "rename one of them, or remove it".to_owned(),
            )
        } else {
            hint::likely(line).unwrap_or_else(|| {
                (
                    format!("this is not TOML: {}", error.message()),
                    "a line is `key = value` or `[section]`; texts stand in \"quotes\"".to_owned(),
                )
            })
        };
        problems.push(Problem {
            severity: Severity::Error,
            what,
            remedy,
            key: String::new(),
            span: Some(Span {
                source,
                begin: range.start,
                end: range.end,
            }),
        });
    }
    Err(problems)
}

fn table(source: usize, parsed: &DeTable<'_>) -> Table {
    let entries = parsed
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            key_span: span(source, key.span()),
            node: node(source, value),
        })
        .collect();
    Table { entries }
}

fn node(source: usize, parsed: &Spanned<DeValue<'_>>) -> Node {
    let value = match parsed.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(whole) => match i64::from_str_radix(whole.as_str(), whole.radix()) {
            Ok(number) => Value::Whole(number),
            // Past 64 bits; too large for every key, and told so by its bounds.
            Err(_) => Value::Number(whole.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(flag) => Value::Flag(*flag),
        DeValue::Datetime(when) => {
            let date = when.date.filter(|_| when.time.is_none()).and_then(|d| {
                Date::new(
                    i16::try_from(d.year).ok()?,
                    i8::try_from(d.month).ok()?,
                    i8::try_from(d.day).ok()?,
                )
                .ok()
            });
            date.map_or(Value::Time, Value::Date)
        }
        DeValue::Array(list) => Value::List(list.iter().map(|item| node(source, item)).collect()),
        DeValue::Table(inner) => Value::Table(table(source, inner)),
    };
    Node {
        span: span(source, parsed.span()),
        value,
    }
}

fn span(source: usize, range: std::ops::Range<usize>) -> Span {
    Span {
        source,
        begin: range.start,
        end: range.end,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_knows_where_it_stands() {
        let text = "a = 1\n[b.\"c d\"]\ne = [2.5, \"x\", 2025-10-01, { f = true }]\n";
        let tree = parse(0, text).unwrap();
        let list = tree
            .table("b")
            .and_then(|b| b.table("c d"))
            .and_then(|c| c.get("e"))
            .and_then(Node::as_list)
            .unwrap();
        let written: Vec<&str> = list
            .iter()
            .map(|n| &text[n.span.begin..n.span.end])
            .collect();
        assert_eq!(written, ["2.5", "\"x\"", "2025-10-01", "{ f = true }"]);
    }

    #[test]
    fn a_key_that_stands_twice_is_named() {
        let problems = parse(0, "a = 1\na = 2\n").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert!(problems[0].what.contains("`a`"), "{}", problems[0].what);
    }

    #[test]
    fn every_place_that_is_not_toml_is_told() {
        assert!(parse(0, "a = \nb = 1\nc = = 2\n").unwrap_err().len() >= 2);
    }
}
