//! What comes of a question.

use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::price::Price;
use crate::experiment::guideline::search::Edge;
use crate::statistics::interval::{Interval, LEVEL, clopper_pearson};

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// (settings,) each setting of the grid; the last key changes fastest.
    pub grid: Vec<Setting>,
    /// (worlds x settings,) each setting of the grid in each world; empty where no worlds were asked for.
    pub worlds: Vec<Vec<Setting>>,
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

/// How a setting of the grid stands over worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worlds {
    /// Worlds in which it meets all requirements.
    pub meets: u64,
    /// Worlds in which that is undecided.
    pub open: u64,
    /// Worlds in all.
    pub all: u64,
}

impl Worlds {
    /// Whether it meets them in so large a share of these worlds; nothing where that hangs on undecided ones.
    pub fn reaches(self, share: f64) -> Option<bool> {
        let part = |worlds: u64| worlds as f64 / self.all as f64;
        if part(self.meets) >= share {
            Some(true)
        } else if part(self.meets + self.open) < share {
            Some(false)
        } else {
            None
        }
    }

    /// Between what the share of all plausible worlds lies, with 95 % certainty: Clopper and Pearson's interval with
    /// undecided worlds counted as failing at its lower end and as meeting at its upper. Nothing of no worlds.
    pub fn interval(self) -> Option<Interval> {
        let of = |worlds| clopper_pearson(worlds, self.all, LEVEL);
        Some(Interval {
            low: of(self.meets)?.low,
            high: of(self.meets + self.open)?.high,
        })
    }
}

impl Answer {
    /// How a setting of the grid stands over worlds.
    pub fn over_worlds(&self, place: usize) -> Worlds {
        let own = self.worlds.iter().filter_map(|world| world.get(place));
        let count = |is| own.clone().filter(|s| s.standing() == is).count() as u64;
        Worlds {
            meets: count(Standing::Meets),
            open: count(Standing::Open),
            all: own.clone().count() as u64,
        }
    }

    /// The least value that meets all requirements in each world, by its place; nothing where none is known to.
    pub fn least_by_world(&self) -> Vec<Option<usize>> {
        let meets = |s: &Setting| s.standing() == Standing::Meets;
        let worlds = self.worlds.iter();
        worlds.map(|world| world.iter().position(meets)).collect()
    }
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
    fn undecided_worlds_count_both_ways() {
        let worlds = Worlds {
            meets: 7,
            open: 2,
            all: 10,
        };
        assert_eq!(worlds.reaches(0.7), Some(true));
        assert_eq!(worlds.reaches(0.8), None);
        assert_eq!(worlds.reaches(0.95), Some(false));
        let interval = worlds.interval().unwrap();
        assert_eq!(interval.low, clopper_pearson(7, 10, LEVEL).unwrap().low);
        assert_eq!(interval.high, clopper_pearson(9, 10, LEVEL).unwrap().high);
    }

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
