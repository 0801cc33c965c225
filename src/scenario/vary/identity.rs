//! What the numbers of a policy depend on, as one hash.

use sha2::{Digest, Sha256};

use crate::scenario::file::Library;
use crate::scenario::node::{Node, Table, Value};

/// Parts of a scenario that no number of a record depends on.
const WORDS: [&str; 5] = ["title", "description", "evidence", "targets", "run"];

/// The hash of all that the records of a policy depend on, but for seed and replication: the service, the first
/// policy (which holds in the warm-up) and the policy itself. Other policies, and the words of a scenario, have no
/// part in it; where policies hold numbers that are not known, all have, because such a number is drawn by the
/// place in which it is written first.
///
/// * `policy` - place among the policies
pub fn identity(tree: &Table, library: &Library, policy: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    let hash_of = |text: String, hash: &mut Sha256| hash.update(text.as_bytes());
    for entry in &tree.entries {
        if entry.key != "policies" && !WORDS.contains(&entry.key.as_str()) {
            let mut text = format!("{:?}=", entry.key);
            plain(&entry.node, &entry.key, library, &mut text);
            hash_of(text, &mut hash);
        }
    }
    let policies = tree
        .table("policies")
        .map(|t| t.entries.as_slice())
        .unwrap_or_default();
    let is_uncertain = policies.iter().any(|e| has_law(&e.node));
    let chosen = match is_uncertain {
        true => policies.iter().collect(),
        false => Vec::from_iter(policies.first().into_iter().chain(policies.get(policy))),
    };
    for entry in chosen {
        let mut text = match is_uncertain {
            true => format!("policy {:?}=", entry.key),
            false => "policy=".to_owned(),
        };
        policy_text(&entry.node, library, &mut text);
        hash_of(text, &mut hash);
    }
    if is_uncertain {
        hash_of(format!("of {policy}"), &mut hash);
    }
    hash.finalize().into()
}

fn policy_text(node: &Node, library: &Library, text: &mut String) {
    let Some(table) = node.as_table() else {
        return plain(node, "", library, text);
    };
    for entry in table.entries.iter().filter(|e| e.key != "description") {
        text.push_str(&format!("{:?}=", entry.key));
        plain(&entry.node, &entry.key, library, text);
    }
}

fn has_law(node: &Node) -> bool {
    match &node.value {
        Value::Table(table) => {
            table.get("law").is_some() || table.entries.iter().any(|e| has_law(&e.node))
        }
        Value::List(items) => items.iter().any(has_law),
        _ => false,
    }
}

/// A value as text that is the same for the same value, however it is written.
fn plain(node: &Node, key: &str, library: &Library, text: &mut String) {
    match &node.value {
        Value::Text(word) => {
            text.push_str(&format!("{word:?}"));
            // A list that is named is what stands in it.
            if matches!(key, "file" | "replay") {
                let path = library.beside(node.span.source, word);
                let file = library.find(&path).and_then(|at| library.sources.get(at));
                text.push_str(file.map_or("", |f| f.sha256.as_str()));
            }
        }
        Value::Whole(number) => text.push_str(&format!("{:?}", *number as f64)),
        Value::Number(number) => text.push_str(&format!("{number:?}")),
        Value::Flag(flag) => text.push_str(&format!("{flag}")),
        Value::Date(date) => text.push_str(&format!("{date}")),
        Value::Time => text.push_str("time"),
        Value::List(items) => {
            text.push('[');
            for item in items {
                plain(item, "", library, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Table(table) => {
            text.push('{');
            for entry in &table.entries {
                text.push_str(&format!("{:?}=", entry.key));
                plain(&entry.node, &entry.key, library, text);
                text.push(',');
            }
            text.push('}');
        }
    }
}
