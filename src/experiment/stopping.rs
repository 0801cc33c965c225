//! When a run has been precise enough: the looks on the way, in the order of replication numbers.

use crate::experiment::plan::Plan;
use crate::metric::catalogue::Definition;
use crate::metric::layout::Layout;
use crate::scenario::precision::Within;
use crate::scenario::target::When;
use crate::statistics::interval::{Interval, LEVEL};
use crate::statistics::paired::less;
use crate::statistics::sequence::{Resolution, Sequence};

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
    /// About how many replications it takes, by the spread so far; nothing where no number would do.
    pub needed: Option<f64>,
    /// Where all draws are as good as equal: how far from them a value not seen yet is taken to be at most
    /// [unit of the metric]. The interval rests on it. Nothing where the draws differ.
    pub assumed_far: Option<f64>,
}

/// A value not seen yet is taken to be at most so many times as far off as the precision asked for, or as far as the
/// largest value seen under any policy is from 0, whichever is farther. With 100 a run whose draws are all equal ends
/// after 460 at the earliest.
const FAR_BY_ASKED: f64 = 100.0;

/// Looks at the named numbers after each independent draw.
///
/// The decision depends on the replications in the order of their numbers alone: not on threads or batches.
pub struct Stopping {
    watched: Vec<Watched>,
    /// Largest size of a value so far under any policy, by precision.
    largest: Vec<f64>,
    policies: usize,
    /// Numbers of a record of one policy.
    width: usize,
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
    definition: &'static Definition,
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
                definition: precision.metric.definition(),
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
            largest: vec![0.0; plan.until.len()],
            policies: plan.policies.len(),
            width: layout.len(),
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
            let largest = &mut self.largest[watched.precision];
            // A difference cannot be farther from 0 than the greater of its sides, nor one policy's value than it may
            // become under another.
            for policy in 0..self.policies {
                *largest = largest.max(records[policy * self.width + watched.at].abs());
            }
            if is_end_of_world {
                watched.look(is_whole, self.taken, *largest);
            }
        }
        if is_end_of_world {
            self.of_world = 0;
        }
        is_end_of_world && self.watched.iter().all(|w| w.reached.is_some())
    }

    /// The interval of each precision under each policy, in the order of [`Stopping::outcomes`]; nothing before its first
    /// look.
    pub fn intervals(&self) -> impl Iterator<Item = Option<Interval>> + '_ {
        let interval = |w: &Watched| w.interval(w.resolution(self.largest[w.precision]));
        self.watched.iter().map(interval)
    }

    /// How each precision came out under each policy.
    pub fn outcomes(&self) -> Vec<Outcome> {
        let each = self.per_world.unwrap_or(1) as f64;
        let outcome = |w: &Watched| w.outcome(each, self.largest[w.precision]);
        self.watched.iter().map(outcome).collect()
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

    /// * `largest` - size of the largest value so far under any policy
    fn look(&mut self, is_whole: bool, taken: u64, largest: f64) {
        let (value, measure, n) = std::mem::take(&mut self.world);
        if is_whole && n > 0 {
            self.draws.push(value / n as f64);
            self.measure.push(measure / n as f64);
        }
        let half = self.draws.half_width(LEVEL, self.resolution(largest));
        let is_narrow = half.is_some_and(|half| half <= self.asked());
        self.reached = is_narrow.then(|| self.reached.unwrap_or(taken));
    }

    fn asked(&self) -> f64 {
        self.within.of(self.measure.mean().unwrap_or(0.0))
    }

    /// What is wanted of the mean, and how far off a value may be that was not seen yet.
    fn resolution(&self, largest: f64) -> Resolution {
        let near = self.asked();
        let far = match self.definition.most() {
            // Two values between 0 and the most differ by that much, two differences by twice that.
            Some(most) if self.theirs.is_none() => most,
            Some(most) => 2.0 * most,
            // One case, person or day at the least.
            None => largest.max(1.0).max(FAR_BY_ASKED * near),
        };
        Resolution { near, far }
    }

    /// The interval, without what the metric cannot be; nothing before the first look.
    fn interval(&self, resolution: Resolution) -> Option<Interval> {
        let interval = self.draws.interval(LEVEL, resolution)?;
        if self.theirs.is_some() {
            return Some(interval);
        }
        let (least, most) = (self.definition.least(), self.definition.most());
        Some(Interval {
            low: least.map_or(interval.low, |least| interval.low.max(least)),
            high: most.map_or(interval.high, |most| interval.high.min(most)),
        })
    }

    /// * `each` - replications of a draw
    /// * `largest` - size of the largest value so far under any policy
    fn outcome(&self, each: f64, largest: f64) -> Outcome {
        let resolution = self.resolution(largest);
        let needed = self.draws.draws_needed(LEVEL, resolution);
        let is_alike = self.draws.n() > 0 && self.draws.is_alike(resolution.near);
        Outcome {
            precision: self.precision,
            policy: self.policy,
            at: self.at,
            draws: self.draws.n(),
            mean: self.draws.mean().unwrap_or(f64::NAN),
            interval: self.interval(resolution),
            asked: resolution.near,
            reached: self.reached,
            needed: needed.map(|draws| draws * each),
            assumed_far: is_alike.then_some(resolution.far),
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

    /// Draws that a mean of values 1 above and below it takes.
    fn needed_of_waves(near: f64) -> f64 {
        let mut waves = Sequence::default();
        (0..5000).for_each(|replication| waves.push(wave(replication, 2)));
        let resolution = Resolution { near, far: 0.0 };
        waves.draws_needed(LEVEL, resolution).unwrap()
    }

    #[test]
    fn a_run_ends_when_the_last_of_all_intervals_is_narrow() {
        let plan = plan(Within::Absolute(0.1), None);
        let (one, outcomes) = played(&plan, None, |r| (10.0 + wave(r, 2), 20.0));
        // Standard deviation 1: so many draws as the boundary needs. The constant one allows for a value not seen that
        // is as far from 20 as 0 is: 0.01^(1 / 918) = 1 - 0.1 / 20.
        let needed = needed_of_waves(0.1);
        assert!(
            (one.unwrap() as f64 / needed - 1.0).abs() < 0.01,
            "{one:?} {needed}"
        );
        assert_eq!(outcomes[0].reached, one);
        assert_eq!(outcomes[0].assumed_far, None);
        assert_eq!(outcomes[1].reached, Some(920));
        assert_eq!(outcomes[1].assumed_far, Some(20.0));
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
            (needed / needed_of_waves(0.01) - 1.0).abs() < 0.01,
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

    #[test]
    fn values_that_are_all_equal_so_far_are_not_taken_as_known() {
        let plan = plan(Within::Absolute(0.001), None);
        let (enough, outcomes) = played(&plan, None, |_| (0.0, 0.0));
        // log 0.01 / log(1 - 0.001) = 4,603 draws after the first.
        assert_eq!(enough, Some(4604));
        let interval = outcomes[0].interval.unwrap();
        assert!(
            interval.low == 0.0 && interval.high > 0.00099,
            "{interval:?}"
        );
        assert_eq!(outcomes[0].assumed_far, Some(1.0));
        // What comes once in two hundred draws is met on the way, and then its spread counts.
        let rare = |r: u64| (f64::from(u8::from(r % 200 == 150)), 0.0);
        assert_eq!(played(&plan, None, rare).0, None);
    }

    #[test]
    fn a_share_is_known_to_be_no_more_than_one() {
        let mut plan = plan(Within::Absolute(0.05), None);
        plan.until[0].metric = Metric::BurntOutShare;
        let layout = Layout::new(1, 1, 1, 1);
        let at = layout.index_of(0, Metric::BurntOutShare, None).unwrap();
        let mut records = vec![f64::NAN; 2 * layout.len()];
        let mut stopping = Stopping::new(&plan, &layout, None);
        (records[at], records[layout.len() + at]) = (1.0, 0.5);
        let enough = (0..5000).find(|r| stopping.take(*r, &records));
        // 0.01^(1 / 99) is above 0.95: known at the first look.
        assert_eq!(enough, Some(99));
        let outcomes = stopping.outcomes();
        assert_eq!(outcomes[0].assumed_far, Some(1.0));
        assert_eq!(outcomes[0].interval.unwrap().high, 1.0);
    }
}
