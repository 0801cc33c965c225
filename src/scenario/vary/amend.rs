//! Puts a number in its places.

use crate::scenario::key::{Kind, Measure};
use crate::scenario::node::{Entry, Node, Table, Value};
use crate::scenario::problem::Span;
use crate::scenario::quantity::{parse_days, parse_working_days};
use crate::scenario::target::Wrong;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::place::{Lever, Place, Step};
use crate::scenario::view::preset;

/// Parts of a law, or of a step by years in post, that are as large as what it says.
const STRETCHED: [&str; 10] = [
    "value", "mean", "median", "scale", "values", "low", "high", "mode", "sd", "per_year",
];

/// Sets a number wherever it stands.
///
/// * `span` - where the amount is written
///
/// # Errors
/// What cannot be done, and what can.
pub fn put(tree: &mut Table, lever: &Lever, amount: &Amount, span: Span) -> Result<(), Wrong> {
    let totals: Vec<&Place> = lever.places.iter().filter(|p| p.total.is_some()).collect();
    if totals.len() > 1
        && let Some(wanted) = total(tree, &totals, amount)
    {
        return share_out(tree, &totals, wanted, span);
    }
    for place in &lever.places {
        let old = node_at(tree, &place.steps).cloned();
        let new = amended(old.as_ref(), place, amount, span)?;
        replace(tree, place, new, span)?;
    }
    Ok(())
}

/// The total that several groups are to have.
fn total(tree: &Table, places: &[&Place], amount: &Amount) -> Option<f64> {
    match amount {
        Amount::To(total) => Some(*total),
        Amount::Times(factor) => Some(libm::round(
            counts(tree, places).iter().sum::<f64>() * factor,
        )),
        Amount::Time(_) => None,
    }
}

fn counts(tree: &Table, places: &[&Place]) -> Vec<f64> {
    let count = |place: &&Place| {
        let node = node_at(tree, &place.steps)?;
        let inner = node.as_table().and_then(|t| t.get("value"));
        inner.unwrap_or(node).as_number()
    };
    places.iter().map(|p| count(p).unwrap_or(0.0)).collect()
}

/// Shares a total out over groups as they were, by largest remainders.
fn share_out(tree: &mut Table, places: &[&Place], wanted: f64, span: Span) -> Result<(), Wrong> {
    if wanted != libm::trunc(wanted) || !(0.0..=1e9).contains(&wanted) {
        let what = format!("the total of these groups must be a whole number, and is {wanted}");
        return Err((what, "write a whole number, 0 or more".to_owned()));
    }
    let before = counts(tree, places);
    let all: f64 = before.iter().sum();
    let exact: Vec<f64> = match all > 0.0 {
        true => before.iter().map(|n| n * wanted / all).collect(),
        false => vec![wanted / places.len() as f64; places.len()],
    };
    let mut shares: Vec<f64> = exact.iter().map(|n| libm::floor(*n)).collect();
    let left = wanted - shares.iter().sum::<f64>();
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| {
        let remainder = |at: &usize| exact[*at] - shares[*at];
        remainder(b).total_cmp(&remainder(a)).then(a.cmp(b))
    });
    for at in order.into_iter().take(left as usize) {
        shares[at] += 1.0;
    }
    for (place, share) in places.iter().zip(shares) {
        let old = node_at(tree, &place.steps).cloned();
        let new = amended(old.as_ref(), place, &Amount::To(share), span)?;
        replace(tree, place, new, span)?;
    }
    Ok(())
}

/// A number as it is after.
fn amended(old: Option<&Node>, place: &Place, amount: &Amount, span: Span) -> Result<Node, Wrong> {
    let literal = match amount {
        Amount::Times(factor) => {
            let held = match old {
                Some(node) => node.clone(),
                None => place.preset.and_then(preset).ok_or_else(|| {
                    let what = format!(
                        "`{}` is not written, so that nothing can be a multiple of it",
                        place.path
                    );
                    (what, "set it to a number of its own".to_owned())
                })?,
            };
            return scaled(&held, place.kind, *factor, span, &place.path);
        }
        Amount::Time(text) => Value::Text(text.clone()),
        Amount::To(number) => literal(*number, place.kind),
    };
    let new = Node {
        span,
        value: literal,
    };
    match old.map(|node| &node.value) {
        Some(Value::Table(table)) if table.get("law").is_some() => match place.kind {
            Kind::Law(_) => Err((
                format!("`{}` is a law of times, and no single number", place.path),
                format!(
                    "set a part of it, such as {0}.mean, or stretch it whole: {0}=x0.8,x1.2",
                    place.path
                ),
            )),
            _ => Ok(new),
        },
        // What is said of the number besides stays.
        Some(Value::Table(table)) => {
            let mut table = table.clone();
            match table.entries.iter_mut().find(|e| e.key == "value") {
                Some(entry) => entry.node = new,
                None => return Ok(new),
            }
            Ok(Node {
                span,
                value: Value::Table(table),
            })
        }
        _ => Ok(new),
    }
}

/// A number as it would be written under a key of this kind.
fn literal(number: f64, kind: &Kind) -> Value {
    let is_whole = number == libm::trunc(number) && libm::fabs(number) < 1e15;
    match kind {
        Kind::Duration(_) | Kind::Law(Measure::Days) => Value::Text(format!("{number} days")),
        Kind::WorkingDays => Value::Text(format!("{number} working days")),
        Kind::Either(one, _) => literal(number, one),
        _ if is_whole => Value::Whole(number as i64),
        _ => Value::Number(number),
    }
}

/// A number times a factor; a law is stretched, a whole number rounded, half up.
fn scaled(node: &Node, kind: &Kind, factor: f64, span: Span, path: &str) -> Result<Node, Wrong> {
    let again = |node: &Node| scaled(node, kind, factor, span, path);
    let value = match &node.value {
        Value::Whole(number) => {
            let number = *number as f64 * factor;
            match kind {
                Kind::Whole(..) => Value::Whole(libm::floor(number + 0.5) as i64),
                _ => Value::Number(number),
            }
        }
        Value::Number(number) => Value::Number(number * factor),
        Value::Text(text) => match (parse_days(text), parse_working_days(text)) {
            (Ok(days), _) => Value::Text(format!("{} days", days * factor)),
            (_, Ok(days)) => {
                let days = libm::floor(f64::from(days) * factor + 0.5);
                Value::Text(format!("{days} working days"))
            }
            _ => return Err(unscalable(path)),
        },
        Value::List(items) => Value::List(items.iter().map(again).collect::<Result<_, _>>()?),
        Value::Table(table) => {
            let mut table = table.clone();
            let is_beta = table.text("law") == Some("beta");
            for (end, bound) in [("low", 0.0), ("high", 1.0)] {
                if is_beta && table.get(end).is_none() {
                    table.entries.push(Entry {
                        key: end.to_owned(),
                        key_span: span,
                        node: Node {
                            span,
                            value: Value::Number(bound),
                        },
                    });
                }
            }
            let mut is_stretched = false;
            for entry in &mut table.entries {
                if entry.key == "mu" {
                    is_stretched = true;
                    let moved = entry.node.as_number().map(|mu| mu + libm::log(factor));
                    entry.node.value = Value::Number(moved.ok_or_else(|| unscalable(path))?);
                } else if STRETCHED.contains(&entry.key.as_str()) {
                    is_stretched = true;
                    entry.node = again(&entry.node)?;
                }
            }
            if !is_stretched {
                return Err(unscalable(path));
            }
            // The law keeps its place: by it policies know that a number is one and the same.
            return Ok(Node {
                span: node.span,
                value: Value::Table(table),
            });
        }
        _ => return Err(unscalable(path)),
    };
    Ok(Node { span, value })
}

fn unscalable(path: &str) -> Wrong {
    (
        format!("`{path}` cannot be multiplied as it is written"),
        "set it to a number of its own".to_owned(),
    )
}

/// The value at the end of some steps.
pub(super) fn node_at<'a>(tree: &'a Table, steps: &[Step]) -> Option<&'a Node> {
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    rest.iter()
        .try_fold(tree.get(key)?, |node, step| match step {
            Step::Key(key) => node.as_table()?.get(key),
            Step::Item(at) => node.as_list()?.get(*at),
        })
}

/// Puts a value in its place.
///
/// # Errors
/// Where the file has no room for it.
pub(super) fn replace(tree: &mut Table, place: &Place, new: Node, span: Span) -> Result<(), Wrong> {
    let blocked = || {
        let what = format!("`{}` cannot be set as the file is written", place.path);
        (what, "write what it belongs to as a table".to_owned())
    };
    let Some((last, before)) = place.steps.split_last() else {
        return Err(blocked());
    };
    if place.counts_posts() {
        fill(tree, before, &new, span);
    }
    let table = table_at(tree, before, span).ok_or_else(blocked)?;
    let Step::Key(key) = last else {
        return Err(blocked());
    };
    put_entry(table, key, new, span);
    Ok(())
}

fn put_entry(table: &mut Table, key: &str, node: Node, span: Span) {
    match table.entries.iter_mut().find(|e| e.key == key) {
        Some(entry) => entry.node = node,
        None => table.entries.push(Entry {
            key: key.to_owned(),
            key_span: span,
            node,
        }),
    }
}

/// How many posts are filled follows how many there are.
fn fill(tree: &mut Table, group: &[Step], count: &Node, span: Span) {
    let plain = |node: &Node| {
        let inner = node.as_table().and_then(|t| t.get("value"));
        inner.unwrap_or(node).as_number()
    };
    let Some(posts) = node_at(tree, group).and_then(Node::as_table) else {
        return;
    };
    let of = |key: &str| posts.get(key).and_then(plain);
    let (Some(before), Some(filled), Some(now)) = (of("count"), of("filled"), plain(count)) else {
        return;
    };
    if before > 0.0 && now >= 0.0 {
        let filled = libm::floor(filled * now / before + 0.5).min(libm::floor(now));
        let node = Node {
            span,
            value: literal(filled, &Kind::Whole(0, i64::MAX)),
        };
        if let Some(table) = table_at(tree, group, span) {
            put_entry(table, "filled", node, span);
        }
    }
}

/// The table at the end of some steps; tables that are not there are made.
fn table_at<'a>(tree: &'a mut Table, steps: &[Step], span: Span) -> Option<&'a mut Table> {
    let mut table = tree;
    let mut steps = steps.iter().peekable();
    while let Some(step) = steps.next() {
        let Step::Key(key) = step else { return None };
        if table.get(key).is_none() {
            let node = Node {
                span,
                value: Value::Table(Table::default()),
            };
            put_entry(table, key, node, span);
        }
        let entry = table.entries.iter_mut().find(|e| e.key == *key)?;
        let mut node = &mut entry.node;
        while let Some(Step::Item(at)) = steps.peek() {
            steps.next();
            let Value::List(items) = &mut node.value else {
                return None;
            };
            node = items.get_mut(*at)?;
        }
        table = match &mut node.value {
            Value::Table(inner) => inner,
            _ => return None,
        };
    }
    Some(table)
}
