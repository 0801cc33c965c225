//! Where a value that several inherit is written.

use std::collections::BTreeMap;

use crate::scenario::names::join;
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::problem::Span;

/// The first place of a value that several policies, or several phases of one, have in common.
///
/// What is not known is one thing however many inherit it, and is drawn once for all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Home {
    /// Where it stands.
    pub span: Span,
    /// Key path of the first place that it stands in.
    pub path: String,
}

impl Home {
    /// The homes of everything in a tree that may be a law of a number that is not known.
    ///
    /// * `path` - key path of the tree
    /// * returns - in the order of their places
    pub fn all(path: &str, tree: &Table) -> Vec<Home> {
        fn add(path: &str, node: &Node, homes: &mut BTreeMap<Span, String>) {
            match &node.value {
                Value::Table(table) => {
                    if table.get("law").is_some() {
                        homes.entry(node.span).or_insert_with(|| path.to_owned());
                    }
                    for entry in &table.entries {
                        add(&join(path, &entry.key), &entry.node, homes);
                    }
                }
                Value::List(list) => {
                    for (at, item) in list.iter().enumerate() {
                        add(&format!("{path}[{}]", at + 1), item, homes);
                    }
                }
                _ => {}
            }
        }
        let mut homes = BTreeMap::new();
        for entry in &tree.entries {
            add(&join(path, &entry.key), &entry.node, &mut homes);
        }
        let homes = homes.into_iter();
        homes.map(|(span, path)| Home { span, path }).collect()
    }

    /// The path under which a value is known that stands at a place, if it has a home.
    ///
    /// * `homes` - in the order of their places, as [`Home::all`] gives them
    pub fn of(homes: &[Home], span: Span) -> Option<&str> {
        let at = homes.binary_search_by_key(&span, |home| home.span).ok()?;
        Some(homes[at].path.as_str())
    }
}
