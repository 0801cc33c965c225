//! What comes of a question.

use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::price::Price;
use crate::experiment::guideline::search::Edge;

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// (settings,) each setting of the grid; the last key changes fastest.
    pub grid: Vec<Setting>,
    /// (rows,) the edge at each value of the first key; empty without a frontier.
    pub rows: Vec<Row>,
    /// Replications played, of all settings together.
    pub spent: u64,
    /// Replications that it had taken to give every setting as many as any of them got.
    pub equal: u64,
    /// Settings and values of edges that were played.
    pub played: usize,
    /// What the first round showed of a requirement everywhere.
    pub notes: Vec<Note>,
    /// True where it was stopped before its end; what was decided then holds all the same.
    pub is_interrupted: bool,
}

/// The edge at one value of the first key.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Values of the key of the frontier that were looked at, from the least, and how they stand.
    pub probes: Vec<(usize, Setting)>,
    /// Where the requirements begin or cease to hold.
    pub edge: Edge,
    /// Values looked at that contradict it.
    pub contradictions: Vec<usize>,
    /// Posts and money of the edge against the scenario as it is; nothing where there is no edge.
    pub price: Option<Price>,
}

/// A requirement that no setting decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Note {
    /// Its place among the requirements.
    pub requirement: usize,
    /// True: every replication of the first round met it at every setting; false: none at any.
    pub always: bool,
    /// Replications of a setting that were looked at, at most: up to its decision.
    pub replications: u64,
}

/// A stretch of values with one standing, from the first to the last.
pub type Stretch = (Standing, usize, usize);

/// Values in their order as stretches of one standing.
pub fn stretches(settings: &[Setting]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (at, setting) in settings.iter().enumerate() {
        let standing = setting.standing();
        match stretches.last_mut() {
            Some((last, _, to)) if *last == standing => *to = at,
            _ => stretches.push((standing, at, at)),
        }
    }
    stretches
}

/// Holes: stretches of values that fail, between values that meet all requirements.
pub fn holes(settings: &[Setting]) -> Vec<(usize, usize)> {
    let meets = |s: &Setting| s.standing() == Standing::Meets;
    let (Some(first), Some(last)) = (
        settings.iter().position(meets),
        settings.iter().rposition(meets),
    ) else {
        return Vec::new();
    };
    let inside = stretches(settings).into_iter();
    inside
        .filter(|(standing, from, to)| *standing == Standing::Fails && first < *from && *to < last)
        .map(|(_, from, to)| (from, to))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::guideline::pool::Tally;

    #[test]
    fn holes_are_failures_between_successes() {
        let setting = |holds| Setting {
            tallies: vec![Tally {
                holds,
                ..Tally::default()
            }],
            played: 0,
        };
        let (yes, no, open) = (Some(true), Some(false), None);
        let settings: Vec<Setting> = [no, yes, no, no, yes, open, no].map(setting).to_vec();
        assert_eq!(holes(&settings), [(2, 3)]);
        assert_eq!(stretches(&settings).len(), 6);
        assert!(holes(&settings[..2]).is_empty());
        assert!(holes(&settings[..1]).is_empty());
    }
}
