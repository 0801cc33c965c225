//! What a table lacks, and what in it excludes each other.

use crate::scenario::key::{Need, Section};
use crate::scenario::merge::{kind_of, section_of};
use crate::scenario::names::join;
use crate::scenario::node::{Table, Value};
use crate::scenario::problem::{Problem, Span, error};

/// Problems with which keys stand in one table, those within it left out.
///
/// * `span` - where the table stands
/// * returns - each problem, and whether it is one of something missing
pub fn gaps(
    path: &str,
    table: &Table,
    span: Span,
    section: &'static Section,
) -> Vec<(bool, Problem)> {
    let mut gaps = Vec::new();
    let place = if path.is_empty() {
        "the scenario".to_owned()
    } else {
        format!("`{path}`")
    };
    for key in section
        .keys
        .iter()
        .filter(|k| matches!(k.need, Need::Required))
    {
        if table.get(key.name).is_none() {
            let what = format!("{place} needs `{}`", key.name);
            let problem = error(&join(path, key.name), span, what, key.help.to_owned());
            gaps.push((true, problem));
        }
    }
    for group in section.one_of {
        let standing: Vec<&str> = table
            .entries
            .iter()
            .map(|e| e.key.as_str())
            .filter(|key| {
                group.keys.iter().any(|member| match *member {
                    "*" => section.key(key).is_none(),
                    words => words.split(' ').next() == Some(*key),
                })
            })
            .collect();
        let rest_counts_once = standing.iter().filter(|k| section.key(k).is_some()).count();
        let kinds = rest_counts_once + usize::from(standing.len() > rest_counts_once);
        let words: Vec<String> = group
            .keys
            .iter()
            .filter(|k| **k != "*")
            .map(|k| format!("`{}`", k.split(' ').next().unwrap_or(k)))
            .collect();
        if kinds > 1 {
            let what = format!("{} exclude each other here", standing.join(" and "));
            let problem = error(path, span, what, "keep one of them".to_owned());
            gaps.push((false, problem));
        } else if kinds == 0 && group.required {
            let what = format!("{place} needs one of {}", words.join(", "));
            let problem = error(path, span, what, format!("write {}", words.join(" or ")));
            gaps.push((true, problem));
        }
    }
    gaps
}

/// What is missing in a table or in one within it, lists left out.
pub fn missing(path: &str, table: &Table, span: Span, section: &'static Section) -> Vec<Problem> {
    let own = gaps(path, table, span, section);
    let mut list: Vec<Problem> = own
        .into_iter()
        .filter(|(m, _)| *m)
        .map(|(_, p)| p)
        .collect();
    for entry in &table.entries {
        let inner = kind_of(section, &entry.key).and_then(section_of);
        if let (Some(section), Value::Table(table)) = (inner, &entry.node.value) {
            list.extend(missing(
                &join(path, &entry.key),
                table,
                entry.key_span,
                section,
            ));
        }
    }
    list
}
