//! How many things of a kind one scenario may hold: far more than any service, and so few that every check ends soon.

use crate::scenario::names::join;
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::problem::{Problem, Span, error};

/// Stages, grades, areas or teams at most.
pub const NAMES_MAX: usize = 1_000;
/// Policies at most.
pub const POLICIES_MAX: usize = 50_000;
/// Items of any list, and keys of any other table, at most.
pub const ITEMS_MAX: usize = 10_000;

/// Where a tree holds more things than are allowed.
pub fn too_many(tree: &Table) -> Vec<Problem> {
    let mut problems = Vec::new();
    for entry in &tree.entries {
        let (most, what) = match entry.key.as_str() {
            "stages" | "grades" | "areas" | "teams" => (NAMES_MAX, entry.key.as_str()),
            "policies" => (POLICIES_MAX, "policies"),
            _ => (ITEMS_MAX, "things"),
        };
        count(
            &entry.key,
            &entry.node,
            entry.key_span,
            (most, what),
            &mut problems,
        );
    }
    problems
}

fn count(path: &str, node: &Node, place: Span, most: (usize, &str), problems: &mut Vec<Problem>) {
    let (limit, what) = most;
    let held = match &node.value {
        Value::Table(table) => table.entries.len(),
        Value::List(list) => list.len(),
        _ => return,
    };
    if held > limit {
        let words = format!("there are {held} {what} here, and at most {limit} are allowed");
        let remedy = "leave some out, or join those that are alike";
        problems.push(error(path, place, words, remedy.to_owned()));
        return;
    }
    let inner = (ITEMS_MAX, "things");
    match &node.value {
        Value::Table(table) => {
            for entry in &table.entries {
                let path = join(path, &entry.key);
                count(&path, &entry.node, entry.key_span, inner, problems);
            }
        }
        Value::List(list) => {
            for item in list {
                count(path, item, item.span, inner, problems);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::node::parse;

    #[test]
    fn more_things_than_any_service_has_are_refused_where_they_stand() {
        let stages = |n: usize| -> String { (0..n).map(|i| format!("[stages.s{i}]\n")).collect() };
        assert_eq!(too_many(&parse(0, &stages(NAMES_MAX)).unwrap()), []);
        let problems = too_many(&parse(0, &stages(NAMES_MAX + 1)).unwrap());
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].key, "stages");
        assert!(problems[0].what.contains("1001 stages"), "{problems:?}");
        let long = format!("[policies.p]\nx = [{}]\n", "1,".repeat(ITEMS_MAX + 1));
        let problems = too_many(&parse(0, &long).unwrap());
        assert_eq!(problems[0].key, "policies.p.x");
    }
}
