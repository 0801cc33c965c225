//! When a run has been precise enough: the looks on the way, in the order of replication numbers.

use crate::experiment::plan::Plan;
use crate::metric::layout::Layout;
use crate::scenario::precision::Within;
use crate::scenario::target::When;
use crate::statistics::interval::{Interval, LEVEL};
use crate::statistics::paired::less;
use crate::statistics::sequence::{Sequence, draws_needed};

/// How one precision came out under one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Place of the precision among those of the plan.
    pub precision: usize,
    /// Place of the policy among those of the run.
    pub policy: usize,
    /// Place in a record.
    pub at: usize,
    /// Independent draws looked at: replications, or complete worlds where they are shared.
    pub draws: u64,
    /// Their mean: of the policy, or of its difference to the baseline; NaN of none.
    pub mean: f64,
    /// The interval that holds at every look at once, at 95 %; nothing before the first look.
    pub interval: Option<Interval>,
    /// How far it may reach to either side.
    pub asked: f64,
    /// Replications after which it was so narrow, and stayed so; nothing where it is not.
    pub reached: Option<u64>,
    /// About how many replications it takes, by the spread so far; nothing where no number would do or
    /// there is no spread to tell it by.
    pub needed: Option<f64>,
}

/// Looks at the named numbers after each independent draw.
///
/// The decision depends on the replications in the order of their numbers alone: not on threads or batches.
pub struct Stopping {
    watched: Vec<Watched>,
    /// Replications of a world, where several share one.
    per_world: Option<u64>,
    /// Replications taken in.
    taken: u64,
    /// Replications of the world that is under way.
    of_world: u64,
}

struct Watched {
    precision: usize,
    policy: usize,
    /// Place in a record.
    at: usize,
    /// Places of both numbers among the records of a replication; the second for a difference.
    ours: usize,
    theirs: Option<usize>,
    within: Within,
    draws: Sequence,
    /// Of the number to whose mean a relative width belongs.
    measure: Sequence,
    /// Sums over the world that is under way, and how many values they have.
    world: (f64, f64, u64),
    reached: Option<u64>,
}

impl Stopping {
    /// Watches the precisions of a plan: of each policy, or of each difference to the baseline.
    ///
    /// * `per_world` - replications that share a world, where several do
    pub fn new(plan: &Plan, layout: &Layout, per_world: Option<u64>) -> Stopping {
        let mut watched = Vec::new();
        for (number, precision) in plan.until.iter().enumerate() {
            let row = match precision.when {
                When::At(month) | When::From(month) => month,
                When::Horizon => layout.horizon_row(),
            };
            let Some(at) = layout.index_of(row, precision.metric, precision.team) else {
                continue;
            };
            let policies = (0..plan.policies.len()).filter(|p| plan.baseline != Some(*p));
            watched.extend(policies.map(|policy| Watched {
                precision: number,
                policy,
                at,
                ours: policy * layout.len() + at,
                theirs: plan.baseline.map(|b| b * layout.len() + at),
                within: precision.within,
                draws: Sequence::default(),
                measure: Sequence::default(),
                world: (0.0, 0.0, 0),
                reached: None,
            }));
        }
        Stopping {
            watched,
            per_world: per_world.filter(|n| *n > 1),
            taken: 0,
            of_world: 0,
        }
    }

    /// Takes in the next replication; true where the run may end with it.
    ///
    /// * `records` - (policies x layout.len(),)
    pub fn take(&mut self, replication: u64, records: &[f64]) -> bool {
        if self.watched.is_empty() {
            return false;
        }
        self.taken += 1;
        self.of_world += 1;
        let is_end_of_world = match self.per_world {
            None => true,
            Some(each) => (replication + 1).is_multiple_of(each),
        };
        // A world that began before the first replication is no whole draw.
        let is_whole = self.of_world == self.per_world.unwrap_or(1);
        for watched in &mut self.watched {
            watched.add(records);
            if is_end_of_world {
                watched.look(is_whole, self.taken);
            }
        }
        if is_end_of_world {
            self.of_world = 0;
        }
        is_end_of_world && self.watched.iter().all(|w| w.reached.is_some())
    }

    /// How each precision came out under each policy.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let each = self.per_world.unwrap_or(1) as f64;
        self.watched.iter().map(|w| w.outcome(each)).collect()
    }
}

impl Watched {
    fn add(&mut self, records: &[f64]) {
        let ours = records[self.ours];
        let theirs = self.theirs.map(|at| records[at]);
        let value = theirs.map_or(ours, |theirs| less(ours, theirs));
        if value.is_nan() {
            return;
        }
        self.world.0 += value;
        self.world.1 += theirs.unwrap_or(ours);
        self.world.2 += 1;
    }

    fn look(&mut self, is_whole: bool, taken: u64) {
        let (value, measure, n) = std::mem::take(&mut self.world);
        if is_whole && n > 0 {
            self.draws.push(value / n as f64);
            self.measure.push(measure / n as f64);
        }
        let half = self.draws.half_width(LEVEL);
        let is_narrow = half.is_some_and(|half| half <= self.asked());
        self.reached = is_narrow.then(|| self.reached.unwrap_or(taken));
    }

    fn asked(&self) -> f64 {
        self.within.of(self.measure.mean().unwrap_or(0.0))
    }

    /// * `each` - replications of a draw
    fn outcome(&self, each: f64) -> Outcome {
        let asked = self.asked();
        let needed = self.draws.deviation().and_then(|deviation| {
            let draws = draws_needed(deviation, asked, LEVEL)?;
            Some(draws.max(self.draws.settled_after()) * each)
        });
        Outcome {
            precision: self.precision,
            policy: self.policy,
            at: self.at,
            draws: self.draws.n(),
            mean: self.draws.mean().unwrap_or(f64::NAN),
            interval: self.draws.interval(LEVEL),
            asked,
            reached: self.reached,
            needed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::Metric;
    use crate::scenario::precision::Precision;

    fn plan(within: Within, baseline: Option<usize>) -> Plan {
        Plan {
            policies: vec![0, 1],
            baseline,
            first: 0,
            replications: 100_000,
            until: vec![Precision {
                text: "unallocated".to_owned(),
                metric: Metric::Unallocated,
                team: None,
                within,
                when: When::At(0),
            }],
            seed: 1,
            replications_per_world: 1,
            threads: 1,
        }
    }

    /// Plays two policies with values of their own until it is enough; gives how many it took.
    fn played(
        plan: &Plan,
        per_world: Option<u64>,
        value: impl Fn(u64) -> (f64, f64),
    ) -> (Option<u64>, Vec<Outcome>) {
        let layout = Layout::new(1, 1, 1, 1);
        let mut stopping = Stopping::new(plan, &layout, per_world);
        let at = layout.index_of(0, Metric::Unallocated, None).unwrap();
        let mut records = vec![f64::NAN; 2 * layout.len()];
        let enough = (0..5000).find(|replication| {
            (records[at], records[layout.len() + at]) = value(*replication);
            stopping.take(*replication, &records)
        });
        (enough.map(|last| last + 1), stopping.outcomes())
    }

    fn wave(replication: u64, period: u64) -> f64 {
        f64::from(u8::from(replication % period < period / 2)) * 2.0 - 1.0
    }

    #[test]
    fn a_run_ends_when_the_last_of_all_intervals_is_narrow() {
        let plan = plan(Within::Absolute(0.1), None);
        let (one, outcomes) = played(&plan, None, |r| (10.0 + wave(r, 2), 20.0));
        // Standard deviation 1: so many draws as the boundary needs, and the constant one was ready at 100.
        let needed = draws_needed(1.0, 0.1, LEVEL).unwrap();
        assert!(
            (one.unwrap() as f64 / needed - 1.0).abs() < 0.01,
            "{one:?} {needed}"
        );
        assert_eq!(outcomes[0].reached, one);
        assert_eq!(outcomes[1].reached, Some(100));
        assert!(outcomes[0].interval.unwrap().holds(10.0));
    }

    #[test]
    fn a_difference_that_hardly_varies_is_known_sooner_than_its_sides() {
        let value = |r| {
            (
                10.0 + 3.0 * wave(r, 2),
                12.0 + 3.0 * wave(r, 2) + 0.1 * wave(r, 4),
            )
        };
        let both = played(&plan(Within::Absolute(0.1), None), None, value).0;
        let difference = played(&plan(Within::Absolute(0.1), Some(0)), None, value);
        assert_eq!(difference.0, Some(100));
        assert_eq!(difference.1.len(), 1);
        assert!((difference.1[0].mean - 2.0).abs() < 1e-9);
        assert_eq!(both, None);
    }

    #[test]
    fn a_relative_width_of_a_difference_is_a_part_of_the_baseline() {
        let value = |r| (10.0, 10.0 + wave(r, 2));
        let outcomes = played(&plan(Within::Relative(0.02), Some(0)), None, value).1;
        assert!((outcomes[0].asked - 0.2).abs() < 1e-9, "{outcomes:?}");
    }

    #[test]
    fn where_worlds_are_shared_whole_worlds_are_the_draws() {
        let plan = plan(Within::Absolute(0.5), None);
        let value = |r: u64| (wave(r / 10, 2), 1.0);
        let (enough, outcomes) = played(&plan, Some(10), value);
        assert!(
            enough.unwrap().is_multiple_of(10) && enough.unwrap() >= 1000,
            "{enough:?}"
        );
        assert_eq!(outcomes[0].draws * 10, enough.unwrap());
    }

    #[test]
    fn what_cannot_be_resolved_is_told_how_long_it_takes() {
        let (enough, outcomes) = played(&plan(Within::Absolute(0.01), None), None, |r| {
            (wave(r, 2), 1.0)
        });
        assert_eq!((enough, outcomes[0].reached), (None, None));
        let needed = outcomes[0].needed.unwrap();
        assert!(
            (needed / draws_needed(1.0, 0.01, LEVEL).unwrap() - 1.0).abs() < 0.01,
            "{needed}"
        );
        // A part of nothing is reached by nothing.
        let none = played(&plan(Within::Relative(0.05), None), None, |r| {
            (wave(r, 2), 1.0)
        });
        assert_eq!((none.0, none.1[0].needed), (None, None));
    }

    #[test]
    fn a_number_that_is_always_missing_is_never_precise() {
        let (enough, outcomes) = played(&plan(Within::Absolute(1.0), None), None, |_| {
            (f64::NAN, 1.0)
        });
        assert_eq!((enough, outcomes[0].draws), (None, 0));
        assert!(outcomes[0].mean.is_nan() && outcomes[0].interval.is_none());
    }
}
