//! One table over another: what a file, a policy, a change or a team says over what it starts from.
//!
//! Tables merge key by key; numbers, texts, lists, laws and shares are replaced whole. Where keys
//! exclude each other, the one that is written last drops the inherited others. A plain value that
//! stands for a table (`limit = 16`) is that table with the one key; where that key is a choice, a new
//! choice drops what was said of the old one.

use crate::scenario::catalogue::EVIDENCE;
use crate::scenario::key::{Kind, SOURCE_KEYS, Section, nearest};
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::problem::{Problem, error};

/// Puts what a table says over what it starts from.
pub fn merge(base: Table, over: Table, section: &'static Section) -> Table {
    let mut merged = base;
    for group in section.one_of {
        let stands = |member: &str| over.entries.iter().any(|e| is_of(member, &e.key, section));
        if group.keys.iter().any(|member| stands(member)) {
            for member in group.keys.iter().filter(|member| !stands(member)) {
                merged.entries.retain(|e| !is_of(member, &e.key, section));
            }
        }
    }
    for entry in over.entries {
        let says_source = SOURCE_KEYS.iter().any(|k| k.name == entry.key)
            && section.keys.iter().all(|k| k.name != entry.key);
        let at = merged.entries.iter().position(|e| e.key == entry.key);
        match at {
            Some(_) if std::ptr::eq(section, &EVIDENCE) => merged.entries.push(entry),
            // A source speaks for the numbers of its own file only, so that both are kept.
            Some(_) if says_source && section.sourced => merged.entries.insert(0, entry),
            Some(at) => {
                let old = merged.entries[at].node.clone();
                merged.entries[at] = Entry {
                    node: merge_node(old, entry.node, kind_of(section, &entry.key)),
                    ..entry
                };
            }
            None => merged.entries.push(entry),
        }
    }
    merged
}

fn is_of(member: &str, key: &str, section: &Section) -> bool {
    match member {
        "*" => section.key(key).is_none(),
        words => words.split(' ').any(|word| word == key),
    }
}

/// The kind of a key, fixed or named by the planner.
pub fn kind_of(section: &'static Section, key: &str) -> Option<&'static Kind> {
    let fixed = section.key(key).map(|k| &k.kind);
    fixed.or_else(|| section.rest.as_ref().map(|rest| &rest.kind))
}

/// The section of a kind, where a table of that kind has one.
pub fn section_of(kind: &'static Kind) -> Option<&'static Section> {
    match kind {
        Kind::Table(section) => Some(section),
        Kind::Either(one, other) => section_of(one).or_else(|| section_of(other)),
        _ => None,
    }
}

fn merge_node(old: Node, new: Node, kind: Option<&'static Kind>) -> Node {
    let Some(section) = kind.and_then(section_of) else {
        return new;
    };
    let span = new.span;
    let (old, new) = match (&old.value, &new.value) {
        (Value::Table(_), Value::Table(_)) => (old, new),
        (Value::Table(_), _) | (_, Value::Table(_)) => (whole(old, section), whole(new, section)),
        _ => return new,
    };
    let chooses = |table: &Table| {
        section.short.is_some_and(|key| {
            matches!(kind_of(section, key), Some(Kind::Choice(_))) && table.get(key).is_some()
        })
    };
    match (old.value, new.value) {
        (Value::Table(base), Value::Table(over)) if !chooses(&over) => Node {
            span,
            value: Value::Table(merge(base, over, section)),
        },
        (_, value) => Node { span, value },
    }
}

/// The table that a plain value stands for, where it stands for one.
fn whole(node: Node, section: &Section) -> Node {
    match (&node.value, section.short) {
        (Value::Table(_), _) | (_, None) => node,
        (_, Some(key)) => Node {
            span: node.span,
            value: Value::Table(Table {
                entries: vec![Entry {
                    key: key.to_owned(),
                    key_span: node.span,
                    node,
                }],
            }),
        },
    }
}

/// A table in which every plain value that stands for a table is that table.
pub fn spelled_out(mut table: Table, section: &'static Section) -> Table {
    for entry in &mut table.entries {
        let Some(inner) = kind_of(section, &entry.key).and_then(section_of) else {
            continue;
        };
        let node = whole(entry.node.clone(), inner);
        entry.node = match node.value {
            Value::Table(table) => Node {
                span: node.span,
                value: Value::Table(spelled_out(table, inner)),
            },
            _ => node,
        };
    }
    table
}

/// Takes a key out of a table.
pub fn take(table: &mut Table, key: &str) -> Option<Entry> {
    let at = table.entries.iter().position(|e| e.key == key)?;
    Some(table.entries.remove(at))
}

/// Drops the inherited keys that `without` names.
pub fn drop_inherited(
    base: &mut Table,
    without: Option<&Entry>,
    key: &str,
    has_base: bool,
    problems: &mut Vec<Problem>,
) {
    let Some(entry) = without else { return };
    let Some(list) = entry.node.as_list() else {
        problems.push(error(
            key,
            entry.node.span,
            format!(
                "`without` must be a list of keys, and is {}",
                entry.node.kind()
            ),
            "write without = [\"policies.no limit\"]".to_owned(),
        ));
        return;
    };
    if !has_base {
        problems.push(error(
            key,
            entry.key_span,
            "`without` drops inherited keys, and nothing is inherited here".to_owned(),
            "name what this starts from with `like`, or remove `without`".to_owned(),
        ));
        return;
    }
    for node in list {
        let Some(path) = node.as_text() else {
            problems.push(error(
                key,
                node.span,
                format!("a key to drop must be a text, and is {}", node.kind()),
                "write it in quotes".to_owned(),
            ));
            continue;
        };
        if !remove(base, path) {
            let names = paths(base, "");
            let remedy = match nearest(path, names.iter().map(String::as_str)) {
                Some(name) => format!("did you mean \"{name}\"?"),
                None => "give the whole path of the key, such as \"policies.no limit\"".to_owned(),
            };
            problems.push(error(
                key,
                node.span,
                format!("nothing inherited is called \"{path}\""),
                remedy,
            ));
        }
    }
}

/// Drops a key by its path.
///
/// * returns - whether there was one
pub fn remove(table: &mut Table, path: &str) -> bool {
    if let Some(at) = table.entries.iter().position(|e| e.key == path) {
        table.entries.remove(at);
        return true;
    }
    table.entries.iter_mut().any(|entry| {
        let rest = path
            .strip_prefix(entry.key.as_str())
            .and_then(|rest| rest.strip_prefix('.'));
        match (rest, &mut entry.node.value) {
            (Some(rest), Value::Table(inner)) => remove(inner, rest),
            _ => false,
        }
    })
}

fn paths(table: &Table, before: &str) -> Vec<String> {
    let mut list = Vec::new();
    for entry in &table.entries {
        let path = format!("{before}{}", entry.key);
        if let Value::Table(inner) = &entry.node.value {
            list.extend(paths(inner, &format!("{path}.")));
        }
        list.push(path);
    }
    list
}
