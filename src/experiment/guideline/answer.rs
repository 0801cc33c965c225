//! What comes of a question.

use crate::experiment::guideline::assumption::Assumption;
use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::price::Price;
use crate::experiment::guideline::search::Edge;
use crate::statistics::interval::{Interval, LEVEL, clopper_pearson};
use crate::statistics::rank;

/// The answer to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// (settings,) each setting of the grid; the last key changes fastest.
    pub grid: Vec<Setting>,
    /// (worlds x settings,) each setting of the grid in each world; empty where no worlds were asked for.
    pub worlds: Vec<Vec<Setting>>,
    /// What the numbers that are not known do, the one that moves the number most first; empty without worlds.
    pub assumptions: Vec<Assumption>,
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
    /// Between which places the median of [`Answer::numbers`] lies; nothing without worlds.
    pub fn median(&self) -> Option<[i64; 2]> {
        let numbers = self.numbers().into_iter();
        let numbers: Vec<[f64; 2]> = numbers.map(|n| n.map(|end| end as f64)).collect();
        rank::median(&numbers).map(|ends| ends.map(|end| end as i64))
    }

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

    /// True where requirements are met from some value on, so that the least is sought; false where they are met up to
    /// some value. What more of the pairs of decided values say, of the scenario as it is and of all worlds; where they
    /// say neither, the least.
    pub fn seeks_least(&self) -> bool {
        let (mut rises, mut falls) = (0_u64, 0_u64);
        for settings in self.worlds.iter().chain([&self.grid]) {
            let (mut meets, mut fails) = (0, 0);
            for setting in settings {
                match setting.standing() {
                    Standing::Meets => {
                        meets += 1;
                        rises += fails;
                    }
                    Standing::Fails => {
                        fails += 1;
                        falls += meets;
                    }
                    Standing::Open => {}
                }
            }
        }
        rises >= falls
    }

    /// The place that stands for no value at all: beyond the last where the least is sought, and before the first where
    /// the greatest is.
    pub fn none(&self) -> i64 {
        match self.seeks_least() {
            true => self.grid.len() as i64,
            false => -1,
        }
    }

    /// The number of each world: the least value that meets all requirements there, or the greatest, by its place. Two
    /// places where it is undecided between them, the lower first; [`Answer::none`] where no value meets them.
    ///
    /// * returns - (worlds,)
    pub fn numbers(&self) -> Vec<[i64; 2]> {
        let (seeks_least, none) = (self.seeks_least(), self.none());
        let number = |settings: &Vec<Setting>| {
            let known = |s: &Setting| s.standing() == Standing::Meets;
            let possible = |s: &Setting| s.standing() != Standing::Fails;
            let at = |place: Option<usize>| place.map_or(none, |at| at as i64);
            match seeks_least {
                true => [
                    at(settings.iter().position(possible)),
                    at(settings.iter().position(known)),
                ],
                false => [
                    at(settings.iter().rposition(known)),
                    at(settings.iter().rposition(possible)),
                ],
            }
        };
        self.worlds.iter().map(number).collect()
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

    fn answer(worlds: &[&[Option<bool>]]) -> Answer {
        let setting = |holds: &Option<bool>| Setting {
            tallies: vec![Tally {
                holds: *holds,
                ..Tally::default()
            }],
            played: 0,
        };
        let all: Vec<Vec<Setting>> = worlds
            .iter()
            .map(|world| world.iter().map(setting).collect())
            .collect();
        Answer {
            grid: all[0].clone(),
            worlds: all,
            assumptions: Vec::new(),
            rows: Vec::new(),
            spent: 0,
            equal: 0,
            played: 0,
            notes: Vec::new(),
            is_interrupted: false,
        }
    }

    #[test]
    fn the_number_of_a_world_is_told_from_the_side_on_which_requirements_are_met() {
        let (yes, no, open) = (Some(true), Some(false), None);
        let worlds: [&[Option<bool>]; 5] = [
            &[no, yes, yes],
            &[no, open, yes],
            &[no, no, open],
            &[no, no, no],
            &[yes, yes, yes],
        ];
        let least = answer(&worlds);
        assert!(least.seeks_least());
        assert_eq!(least.none(), 3);
        assert_eq!(least.numbers(), [[1, 1], [1, 2], [2, 3], [3, 3], [0, 0]]);
        let mirrored: Vec<Vec<Option<bool>>> = worlds
            .iter()
            .map(|world| world.iter().rev().copied().collect())
            .collect();
        let mirrored: Vec<&[Option<bool>]> = mirrored.iter().map(Vec::as_slice).collect();
        let greatest = answer(&mirrored);
        assert!(!greatest.seeks_least());
        assert_eq!(
            greatest.numbers(),
            [[1, 1], [0, 1], [-1, 0], [-1, -1], [2, 2]]
        );
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
