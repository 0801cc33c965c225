//! The edge along a key, by bisection on sequential decisions.
//!
//! The values are in order, and the requirements are thought to hold from some value on, or up to some value. Both ends
//! are looked at first; then the middle of what is left. A value that is too close to be decided is left for later, and
//! the search closes in on it from both sides. At the end one value on each side, far from the edge, is looked at to see
//! whether the order is what it was thought to be.

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Not looked at.
    New,
    /// Being played.
    Open,
    /// Too close to be decided so far.
    Close,
    /// The requirements hold.
    Holds,
    /// They do not.
    Fails,
}

/// Where the requirements begin or cease to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edge {
    /// An end of the range is undecided.
    Unknown,
    /// They hold at both ends.
    All,
    /// They hold at neither end.
    Nowhere,
    /// They hold at one value and not at another, with only undecided values between.
    Between {
        /// The value nearest to the edge at which they hold.
        holds: usize,
        /// The value nearest to the edge at which they do not.
        fails: usize,
    },
}

impl Seen {
    fn verdict(self) -> Option<bool> {
        match self {
            Seen::Holds => Some(true),
            Seen::Fails => Some(false),
            _ => None,
        }
    }
}

/// Values of one search that are looked at most.
///
/// * `levels` - how many there are
pub fn most(levels: usize) -> usize {
    let halvings = levels.max(2).next_power_of_two().trailing_zeros() as usize;
    levels.min(2 * halvings + 4)
}

/// The values to be played now.
///
/// * `levels` - how many there are, at least 1
pub fn wanted(levels: usize, seen: &dyn Fn(usize) -> Seen) -> Vec<usize> {
    let (last, looked) = (
        levels.saturating_sub(1),
        (0..levels).filter(|at| seen(*at) != Seen::New).count(),
    );
    let mut asked: Vec<usize> = match narrowed(levels, seen) {
        None => vec![0, last],
        Some((_, _, asked)) if !asked.is_empty() => asked,
        Some((low, high, _)) => {
            let middle = |a: usize, b: usize| (b - a > 1).then_some((a + b) / 2);
            match seen(0) == seen(last) {
                true => middle(0, last).into_iter().collect(),
                false => middle(0, low)
                    .into_iter()
                    .chain(middle(high, last))
                    .collect(),
            }
        }
    };
    asked.sort_unstable();
    asked.dedup();
    let mut room = most(levels).saturating_sub(looked);
    asked.retain(|at| match seen(*at) {
        Seen::New if room > 0 => {
            room -= 1;
            true
        }
        Seen::Open => true,
        _ => false,
    });
    asked
}

/// The edge as far as it is known.
pub fn edge(levels: usize, seen: &dyn Fn(usize) -> Seen) -> Edge {
    let last = levels.saturating_sub(1);
    match (seen(0).verdict(), seen(last).verdict()) {
        (Some(true), Some(true)) => Edge::All,
        (Some(false), Some(false)) => Edge::Nowhere,
        (Some(first), Some(_)) => match narrowed(levels, seen) {
            Some((low, high, _)) if first => Edge::Between {
                holds: low,
                fails: high,
            },
            Some((low, high, _)) => Edge::Between {
                holds: high,
                fails: low,
            },
            None => Edge::Unknown,
        },
        _ => Edge::Unknown,
    }
}

/// Decided values that contradict the order: what is said at one end holds up to the edge, and nowhere else.
pub fn contradictions(levels: usize, seen: &dyn Fn(usize) -> Seen) -> Vec<usize> {
    let expected = |at: usize| match edge(levels, seen) {
        Edge::Unknown => None,
        Edge::All => Some(true),
        Edge::Nowhere => Some(false),
        Edge::Between { holds, fails } if at <= holds.min(fails) => Some(holds < fails),
        Edge::Between { holds, fails } if at >= holds.max(fails) => Some(holds > fails),
        Edge::Between { .. } => None,
    };
    (0..levels)
        .filter(|at| match (expected(*at), seen(*at).verdict()) {
            (Some(expected), Some(is)) => expected != is,
            _ => false,
        })
        .collect()
}

/// The gap in which the edge lies, and what is to be looked at within it; nothing where an end is undecided.
///
/// Where values contradict the order the gap is the cautious one: from its good side on everything that was looked at
/// holds.
fn narrowed(levels: usize, seen: &dyn Fn(usize) -> Seen) -> Option<(usize, usize, Vec<usize>)> {
    let last = levels.saturating_sub(1);
    let (first, other) = (seen(0).verdict()?, seen(last).verdict()?);
    if first == other {
        return Some((0, last, Vec::new()));
    }
    let is = |at: &usize, verdict: bool| seen(*at).verdict() == Some(verdict);
    let (low, high) = if first {
        let high = (0..levels).find(|at| is(at, false))?;
        ((0..high).rev().find(|at| is(at, true))?, high)
    } else {
        let low = (0..levels).rev().find(|at| is(at, false))?;
        (low, (low..levels).find(|at| is(at, true))?)
    };
    let mut close = (low + 1..high).filter(|at| seen(*at) == Seen::Close);
    let parts = match (close.next(), close.next_back()) {
        (Some(from), to) => vec![(low, from), (to.unwrap_or(from), high)],
        _ => vec![(low, high)],
    };
    let wide = parts.into_iter().filter(|(from, to)| to - from > 1);
    let asked = wide.map(|(from, to)| (from + to) / 2);
    Some((low, high, asked.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Searches where the truth is known; values in `close` are never decided.
    fn searched(levels: usize, truth: &dyn Fn(usize) -> bool, close: &[usize]) -> (Edge, usize) {
        let mut known: BTreeMap<usize, Seen> = BTreeMap::new();
        loop {
            let seen = |at: usize| known.get(&at).copied().unwrap_or(Seen::New);
            let next = wanted(levels, &seen);
            if next.is_empty() {
                return (edge(levels, &seen), known.len());
            }
            for at in next {
                let is = match (close.contains(&at), truth(at)) {
                    (true, _) => Seen::Close,
                    (_, true) => Seen::Holds,
                    _ => Seen::Fails,
                };
                known.insert(at, is);
            }
        }
    }

    #[test]
    fn every_edge_is_found_with_both_neighbours_and_few_looks() {
        for levels in [2, 3, 7, 51, 1000] {
            for at in 1..levels {
                let (edge, looks) = searched(levels, &|k| k >= at, &[]);
                let (holds, fails) = (at, at - 1);
                assert_eq!(edge, Edge::Between { holds, fails });
                assert!(looks <= most(levels), "{levels}: {looks}");
                let (edge, _) = searched(levels, &|k| k < at, &[]);
                let (holds, fails) = (at - 1, at);
                assert_eq!(edge, Edge::Between { holds, fails });
            }
        }
        assert_eq!(searched(9, &|_| true, &[]).0, Edge::All);
        assert_eq!(searched(9, &|_| false, &[]).0, Edge::Nowhere);
        assert_eq!(searched(1, &|_| true, &[]).0, Edge::All);
    }

    #[test]
    fn what_is_too_close_is_closed_in_on_from_both_sides() {
        for close in [vec![25], vec![24, 25, 26], vec![23, 24]] {
            let (edge, looks) = searched(51, &|k| k >= 25, &close);
            let Edge::Between { holds, fails } = edge else {
                panic!("{edge:?}");
            };
            assert!(fails < holds && looks <= most(51), "{edge:?} {looks}");
            // Nothing between them is decidable but what lies among the close ones.
            let near = holds - fails;
            assert!(near <= close.len() + 2, "{close:?}: {edge:?}");
        }
        assert_eq!(searched(9, &|k| k > 3, &[0]).0, Edge::Unknown);
    }

    #[test]
    fn a_value_out_of_order_is_told() {
        let odd = |k: usize| k >= 25 && k != 37;
        let mut known: BTreeMap<usize, Seen> = BTreeMap::new();
        loop {
            let seen = |at: usize| known.get(&at).copied().unwrap_or(Seen::New);
            let next = wanted(51, &seen);
            if next.is_empty() {
                let (holds, fails) = (38, 37);
                assert_eq!(edge(51, &seen), Edge::Between { holds, fails });
                assert!(contradictions(51, &seen).contains(&25));
                break;
            }
            known.extend(
                next.into_iter()
                    .map(|at| (at, if odd(at) { Seen::Holds } else { Seen::Fails })),
            );
        }
    }
}
