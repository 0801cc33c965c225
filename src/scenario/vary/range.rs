//! Ranges beside numbers, taken as what is not known of them.

use crate::scenario::evidence::covers;
use crate::scenario::key::Kind;
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::problem::Span;
use crate::scenario::target::Wrong;
use crate::scenario::vary::amend::{node_at, replace};
use crate::scenario::vary::place::{ANY, Place, Step, lever};

/// A range that is not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Key path of the number.
    pub key: String,
    /// Why, in words.
    pub why: &'static str,
}

/// Puts a uniform law between its ends in the place of each number beside which a range is written; of a law of times its
/// mean or median is meant.
///
/// A range says no more than between what a number may lie, so that each part of it is as likely as the next: an
/// assumption (grade D). One that `[evidence]` gives for more than the number itself is not taken.
///
/// * `tree` - with every short form [spelled out](crate::scenario::vary::place::spelled)
/// * `keys` - key paths of the numbers that have a range
/// * returns - those that were not taken
pub fn loosen(tree: &mut Table, keys: &[&str]) -> Vec<Left> {
    let mut left = Vec::new();
    for key in keys {
        if let Err(why) = one(tree, key) {
            left.push(Left {
                key: (*key).to_owned(),
                why,
            });
        }
    }
    left
}

fn one(tree: &mut Table, key: &str) -> Result<(), &'static str> {
    let found = lever(tree, key).map_err(|_: Wrong| "it is no single number")?;
    let [place] = found.places.as_slice() else {
        return Err("it is no single number");
    };
    let mut place = place.clone();
    let node = node_at(tree, &place.steps).ok_or("it is not written")?;
    let range = written(tree, node, &place.path)
        .ok_or("its range is no pair of numbers, or that of several numbers")?;
    let mut node = node.clone();
    let is_law = |node: &Node| node.as_table().is_some_and(|t| t.get("law").is_some());
    if let Kind::Law(_) = place.kind {
        if !is_law(&node) {
            // One time is a fixed law of that time.
            let law = uniform(&node, range);
            let name = Node {
                span: node.span,
                value: Value::Text("fixed".to_owned()),
            };
            let entries = vec![entry("law", name), entry("value", law)];
            let value = Value::Table(Table { entries });
            let span = node.span;
            return replace(tree, &place, Node { span, value }, span).map_err(|_| BLOCKED);
        }
        let law = node.as_table();
        let middle = ["mean", "median", "value"].into_iter();
        let mut middle = middle.filter_map(|key| Some((key, law?.get(key)?.clone())));
        let (key, of_law) = middle
            .next()
            .ok_or("it is a law of times that has no mean")?;
        node = of_law;
        place.steps.push(Step::Key(key.to_owned()));
        place.path = format!("{}.{key}", place.path);
    } else if !may_be_law(&place) {
        return Err("a whole number, or a share of a whole, is not varied by a range");
    }
    match &node.value {
        Value::Table(table) if table.get("law").is_some() => return Err("it has a law"),
        Value::Table(table) if table.get("value").is_none() => {
            return Err("it is no single number");
        }
        Value::List(_) => return Err("it is no single number"),
        _ => {}
    }
    let span = node.span;
    replace(tree, &place, uniform(&node, range), span).map_err(|_| BLOCKED)
}

const BLOCKED: &str = "it cannot be set as the file is written";

/// A uniform law in the place of a number.
fn uniform(node: &Node, [low, high]: [Node; 2]) -> Node {
    let law = Node {
        span: node.span,
        value: Value::Text("uniform".to_owned()),
    };
    let mut entries = vec![entry("law", law), entry("low", low), entry("high", high)];
    // What is said of the number besides stays.
    let said = node.as_table().map(|table| table.entries.clone());
    entries.extend(
        said.into_iter()
            .flatten()
            .filter(|e| !matches!(e.key.as_str(), "value" | "range")),
    );
    Node {
        span: node.span,
        value: Value::Table(Table { entries }),
    }
}

fn entry(key: &str, node: Node) -> Entry {
    let key_span: Span = node.span;
    Entry {
        key: key.to_owned(),
        key_span,
        node,
    }
}

/// The range beside a number, or that `[evidence]` gives for it alone.
fn written(tree: &Table, node: &Node, path: &str) -> Option<[Node; 2]> {
    let own = node.as_table().and_then(|table| table.get("range"));
    let parts = path.split('.').count();
    let listed = tree.table("evidence").into_iter().flat_map(|table| {
        let entries = table.entries.iter();
        entries.filter_map(|e| {
            let alone = e.key.split('.').count() == parts;
            let range = e.node.as_table()?.get("range")?;
            alone.then_some((covers(&e.key, path)?, range))
        })
    });
    let range = own.or_else(|| listed.max_by_key(|(score, _)| *score).map(|(_, r)| r));
    match range?.as_list()? {
        [low, high] => Some([low.clone(), high.clone()]),
        _ => None,
    }
}

/// Whether a number may be a law: whole numbers and shares of a whole may not.
fn may_be_law(place: &Place) -> bool {
    fn may(kind: &Kind) -> bool {
        match kind {
            Kind::Number(_) | Kind::Duration(_) => true,
            Kind::Either(one, _) => may(one),
            _ => false,
        }
    }
    !std::ptr::eq(place.kind, &ANY) && may(place.kind)
}
