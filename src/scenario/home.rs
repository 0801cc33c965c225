//! Where a value that several inherit is written.

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
    pub fn all(path: &str, tree: &Table) -> Vec<Home> {
        fn add(path: &str, node: &Node, homes: &mut Vec<Home>) {
            match &node.value {
                Value::Table(table) => {
                    if table.get("law").is_some() && homes.iter().all(|h| h.span != node.span) {
                        homes.push(Home {
                            span: node.span,
                            path: path.to_owned(),
                        });
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
        let mut homes = Vec::new();
        for entry in &tree.entries {
            add(&join(path, &entry.key), &entry.node, &mut homes);
        }
        homes
    }
}
