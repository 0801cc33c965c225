//! Policies against a baseline: every number of the record, replication by replication.

use rayon::prelude::*;

use crate::experiment::numbers::{Hits, PolicySummary, student};
use crate::experiment::target::Verdict;
use crate::experiment::target::together;
use crate::metric::catalogue::{Better, Metric};
use crate::metric::layout::{Group, Layout};
use crate::statistics::cluster::Clusters;
use crate::statistics::interval::{Interval, LEVEL, wilson};
use crate::statistics::paired::{Discordance, Paired, less};

/// Cells that one task folds: enough that a task is worth its start.
const CELLS_PER_TASK: usize = 256;

/// One number of the record: policy less baseline, on the same replication. NaN where there is nothing to
/// say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// Replications in which both have a value.
    pub n: u64,
    /// Independent draws behind the mean: `n`, or with uncertain parameters the number of worlds.
    pub draws: u64,
    /// Mean difference.
    pub mean: f64,
    /// Standard error of the mean difference. Where worlds are shared it is that of the means of worlds.
    pub se: f64,
    /// Replications in which the policy's number is lower than the baseline's.
    pub lower: u64,
    /// Replications in which both are the same.
    pub same: u64,
    /// (Var A + Var B) / Var(A - B): how many times as many independent runs would be as precise; NaN
    /// where the difference does not vary.
    pub variance_ratio: f64,
    /// Where worlds are shared: worlds with a mean difference below 0, of 0, and above.
    pub worlds: Option<[u64; 3]>,
}

/// What a difference comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Better in the metric's direction of good: the whole interval is on that side.
    Better,
    /// Worse: the whole interval is on the other side.
    Worse,
    /// Higher, of a metric that is neither good nor bad.
    Higher,
    /// Lower, of a metric that is neither good nor bad.
    Lower,
    /// The interval holds 0: more replications may tell, or the difference is small.
    Unclear,
    /// The same in every replication.
    Same,
    /// Too few values for an interval.
    Unknown,
}

impl Finding {
    /// In words, as files have them; nothing for [`Finding::Unknown`].
    pub fn words(self) -> &'static str {
        match self {
            Finding::Better => "better",
            Finding::Worse => "worse",
            Finding::Higher => "higher",
            Finding::Lower => "lower",
            Finding::Unclear => "no clear difference",
            Finding::Same => "no difference",
            Finding::Unknown => "",
        }
    }
}

impl Difference {
    /// Student's 95 % interval of the mean difference; nothing of fewer than two draws.
    pub fn interval(&self) -> Option<Interval> {
        student(self.mean, self.se, self.draws)
    }

    /// What it comes to, by the metric's direction of good.
    pub fn finding(&self, better: Better) -> Finding {
        if self.n == 0 {
            return Finding::Unknown;
        }
        if self.same == self.n {
            return Finding::Same;
        }
        let Some(interval) = self.interval() else {
            return Finding::Unknown;
        };
        if interval.holds(0.0) {
            return Finding::Unclear;
        }
        match (better, self.mean > 0.0) {
            (Better::Higher, true) | (Better::Lower, false) => Finding::Better,
            (Better::Higher, false) | (Better::Lower, true) => Finding::Worse,
            (Better::Neither, true) => Finding::Higher,
            (Better::Neither, false) => Finding::Lower,
        }
    }

    /// Share of the replications in which the policy is strictly better; nothing of no values, or of a metric
    /// that is neither good nor bad.
    pub fn p_better(&self, better: Better) -> Option<f64> {
        let better = match better {
            Better::Lower => self.lower,
            Better::Higher => self.n - self.lower - self.same,
            Better::Neither => return None,
        };
        (self.n > 0).then(|| better as f64 / self.n as f64)
    }

    /// Share of the replications in which both are the same; nothing of no values.
    pub fn p_tie(&self) -> Option<f64> {
        (self.n > 0).then(|| self.same as f64 / self.n as f64)
    }

    /// Worlds whose mean difference is better, of how many; nothing where no worlds are shared, or of a
    /// metric that is neither good nor bad.
    pub fn better_worlds(&self, better: Better) -> Option<Favour> {
        let [below, equal, above] = self.worlds?;
        let worlds = match better {
            Better::Lower => below,
            Better::Higher => above,
            Better::Neither => return None,
        };
        let n = below + equal + above;
        (n > 0).then_some(Favour { worlds, n })
    }

    /// By how much the policy is worse: the mean difference, turned so that more is worse.
    fn harm(&self, better: Better) -> Option<f64> {
        let sign = match better {
            Better::Lower => 1.0,
            Better::Higher => -1.0,
            Better::Neither => return None,
        };
        (!self.mean.is_nan()).then_some(sign * self.mean)
    }
}

/// Plausible worlds that favour a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Favour {
    /// Worlds that do.
    pub worlds: u64,
    /// Worlds.
    pub n: u64,
}

impl Favour {
    /// Share of the worlds.
    pub fn share(self) -> f64 {
        self.worlds as f64 / self.n as f64
    }

    /// Wilson's 95 % interval of the share: worlds are independent draws.
    pub fn interval(self) -> Option<Interval> {
        wilson(self.worlds, self.n, LEVEL)
    }
}

/// A target under a policy and under the baseline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TargetDifference {
    /// How both came out on the same replications: first the policy, second the baseline. Undefined is not
    /// met.
    pub counts: Discordance,
    /// The 95 % interval of the difference in probability; nothing where either probability has none.
    pub interval: Option<Interval>,
}

impl TargetDifference {
    /// Probability under the policy less probability under the baseline.
    pub fn difference(&self) -> f64 {
        self.counts.difference()
    }

    /// What it comes to.
    pub fn finding(&self) -> Finding {
        if self.counts.n() > 0 && self.counts.only_first + self.counts.only_second == 0 {
            return Finding::Same;
        }
        match self.interval {
            None => Finding::Unknown,
            Some(interval) if interval.holds(0.0) => Finding::Unclear,
            Some(interval) if interval.low > 0.0 => Finding::Better,
            Some(_) => Finding::Worse,
        }
    }
}

/// One policy against the baseline.
#[derive(Clone, Debug, PartialEq)]
pub struct Versus {
    /// Its place among the policies of the run.
    pub policy: usize,
    /// (layout.len(),) in the order of a record.
    pub differences: Vec<Difference>,
    /// For each target of the scenario.
    pub targets: Vec<TargetDifference>,
    /// All targets in the same replication; nothing without targets.
    pub all_targets: Option<TargetDifference>,
}

impl Versus {
    /// The difference in one number; nothing where the metric is not measured of that group.
    ///
    /// * `row` - month from 0, or the horizon row of the layout
    pub fn of(
        &self,
        layout: &Layout,
        row: usize,
        metric: Metric,
        group: Group,
    ) -> Option<&Difference> {
        self.differences.get(layout.index(row, metric, group)?)
    }

    /// The month in which the policy stands worst against the baseline, the first of several; it may still be
    /// better there. Nothing without values, or of a metric that is neither good nor bad.
    pub fn worst_month(&self, layout: &Layout, metric: Metric, group: Group) -> Option<usize> {
        let better = metric.definition().better;
        let harm = |row| self.of(layout, row, metric, group)?.harm(better);
        (0..layout.months())
            .filter_map(|row| Some((row, harm(row)?)))
            .fold(None, |worst: Option<(usize, f64)>, one| match worst {
                Some(worst) if worst.1 >= one.1 => Some(worst),
                _ => Some(one),
            })
            .map(|(row, _)| row)
    }

    /// The first month from which on to the end the policy is better; nothing where it is not in the last.
    pub fn better_from(&self, layout: &Layout, metric: Metric, group: Group) -> Option<usize> {
        let better = metric.definition().better;
        let is_better = |row: usize| {
            let difference = self.of(layout, row, metric, group);
            difference.is_some_and(|d| d.finding(better) == Finding::Better)
        };
        let lasting = (0..layout.months()).rev().take_while(|row| is_better(*row));
        lasting.last()
    }
}

/// All policies of a run against one of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Place of the baseline among the policies of the run.
    pub baseline: usize,
    /// The other policies, in the order of the run.
    pub versus: Vec<Versus>,
}

/// Takes in differences in the order of replication numbers.
pub(super) struct PairFold {
    baseline: usize,
    others: Vec<Other>,
}

struct Other {
    policy: usize,
    cells: Vec<Cell>,
    targets: Vec<Discordance>,
    together: Discordance,
}

/// One number of the record under two policies.
#[derive(Clone, Default)]
pub(super) struct Cell {
    paired: Paired,
    /// Where worlds are shared, and there has been a replication.
    worlds: Option<Box<Clusters>>,
}

impl PairFold {
    /// * `policies` - how many the run has
    /// * `length` - numbers of a record
    pub(super) fn new(baseline: usize, policies: usize, length: usize, targets: usize) -> PairFold {
        let others = (0..policies).filter(|at| *at != baseline);
        PairFold {
            baseline,
            others: others
                .map(|policy| Other {
                    policy,
                    cells: vec![Cell::default(); length],
                    targets: vec![Discordance::default(); targets],
                    together: Discordance::default(),
                })
                .collect(),
        }
    }

    /// Takes in the records of a row of replications.
    ///
    /// * `records` - (replications x policies x length,)
    /// * `width` - policies x length
    pub(super) fn take_records(
        &mut self,
        first: u64,
        records: &[f64],
        width: usize,
        per_world: Option<u64>,
    ) {
        let baseline = self.baseline;
        let tasks: Vec<(usize, usize, &mut [Cell])> = self
            .others
            .iter_mut()
            .flat_map(|other| {
                let (policy, length) = (other.policy, other.cells.len());
                let chunks = other.cells.chunks_mut(CELLS_PER_TASK).enumerate();
                chunks.map(move |(c, cells)| {
                    let offset = c * CELLS_PER_TASK;
                    let ours = policy * length + offset;
                    (ours, baseline * length + offset, cells)
                })
            })
            .collect();
        tasks.into_par_iter().for_each(|(ours, theirs, cells)| {
            for (replication, record) in (first..).zip(records.chunks_exact(width)) {
                let pairs = record[ours..].iter().zip(&record[theirs..]);
                for (cell, (a, b)) in cells.iter_mut().zip(pairs) {
                    cell.push(replication, *a, *b, per_world);
                }
            }
        });
    }

    /// Takes in how the targets came out in one replication.
    ///
    /// * `verdicts` - (policies x targets,)
    pub(super) fn take_verdicts(&mut self, verdicts: &[Verdict], targets: usize) {
        let of = |policy: usize| &verdicts[policy * targets..(policy + 1) * targets];
        let theirs = of(self.baseline);
        let is_met = |verdict: Verdict| verdict == Verdict::Met;
        for other in &mut self.others {
            let ours = of(other.policy);
            for (count, (a, b)) in other.targets.iter_mut().zip(ours.iter().zip(theirs)) {
                count.push(is_met(*a), is_met(*b));
            }
            let all = (is_met(together(ours)), is_met(together(theirs)));
            other.together.push(all.0, all.1);
        }
    }

    /// * `policies` - what each comes to by itself
    pub(super) fn finish(self, policies: &[PolicySummary]) -> Comparison {
        let baseline = &policies[self.baseline];
        let target = |counts: Discordance, ours: Hits, theirs: Hits| TargetDifference {
            counts,
            interval: ours
                .interval()
                .zip(theirs.interval())
                .and_then(|(ours, theirs)| counts.interval(ours, theirs)),
        };
        let versus = self
            .others
            .into_iter()
            .map(|other| {
                let own = &policies[other.policy];
                let hits = own.targets.iter().zip(&baseline.targets);
                let all = own.all_targets.zip(baseline.all_targets);
                let cells = other.cells.par_iter();
                Versus {
                    policy: other.policy,
                    differences: cells.map(Cell::difference).collect(),
                    targets: other
                        .targets
                        .iter()
                        .zip(hits)
                        .map(|(counts, (ours, theirs))| target(*counts, *ours, *theirs))
                        .collect(),
                    all_targets: all.map(|(ours, theirs)| target(other.together, ours, theirs)),
                }
            })
            .collect();
        Comparison {
            baseline: self.baseline,
            versus,
        }
    }
}

impl Cell {
    pub(super) fn push(&mut self, replication: u64, a: f64, b: f64, per_world: Option<u64>) {
        self.paired.push(a, b);
        if let Some(per_world) = per_world {
            let worlds = self.worlds.get_or_insert_default();
            worlds.push(replication / per_world, less(a, b));
        }
    }

    pub(super) fn difference(&self) -> Difference {
        let moments = self.paired.difference();
        let between = self.worlds.as_ref().map(|worlds| worlds.means());
        let draws = between.as_ref().unwrap_or(moments);
        Difference {
            n: moments.n(),
            draws: draws.n(),
            mean: moments.mean().unwrap_or(f64::NAN),
            se: draws.standard_error().unwrap_or(f64::NAN),
            lower: self.paired.below(),
            same: self.paired.equal(),
            variance_ratio: self.paired.variance_ratio().unwrap_or(f64::NAN),
            worlds: self.worlds.as_ref().map(|worlds| worlds.signs()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pairs: &[(f64, f64)], per_world: Option<u64>) -> Difference {
        let mut cell = Cell::default();
        for (replication, (a, b)) in (0..).zip(pairs) {
            cell.push(replication, *a, *b, per_world);
        }
        cell.difference()
    }

    #[test]
    fn a_difference_is_taken_on_the_same_replication() {
        // Differences -3, -5, and one that is missing: mean -4, error 1; variances 2 and 8 over 2.
        let d = of(&[(1.0, 4.0), (3.0, 8.0), (f64::NAN, 9.0)], None);
        assert_eq!((d.n, d.mean, d.se), (2, -4.0, 1.0));
        assert_eq!(d.variance_ratio, 5.0);
        assert_eq!((d.lower, d.same), (2, 0));
        assert_eq!(d.p_better(Better::Lower), Some(1.0));
        assert_eq!(d.p_better(Better::Higher), Some(0.0));
        assert_eq!(d.p_better(Better::Neither), None);
        // t of 1 = 12.7: two replications prove nothing.
        assert_eq!(d.finding(Better::Lower), Finding::Unclear);
    }

    #[test]
    fn a_finding_follows_the_direction_of_good() {
        let down: Vec<(f64, f64)> = (0..9).map(|i| (f64::from(i % 2), 9.0)).collect();
        let d = of(&down, None);
        assert_eq!(d.finding(Better::Lower), Finding::Better);
        assert_eq!(d.finding(Better::Higher), Finding::Worse);
        assert_eq!(d.finding(Better::Neither), Finding::Lower);
        let same = of(&[(2.0, 2.0), (3.0, 3.0)], None);
        assert_eq!(same.finding(Better::Lower), Finding::Same);
        assert_eq!(
            (same.p_tie(), same.p_better(Better::Lower)),
            (Some(1.0), Some(0.0))
        );
        assert!(same.variance_ratio.is_nan());
        assert_eq!(
            of(&[(f64::NAN, 1.0)], None).finding(Better::Lower),
            Finding::Unknown
        );
        assert_eq!(
            of(&[(2.0, 1.0)], None).finding(Better::Lower),
            Finding::Unknown
        );
        // Always one lower: no width, and better all the same.
        let by_one = of(&[(1.0, 2.0), (4.0, 5.0)], None);
        assert_eq!(by_one.finding(Better::Lower), Finding::Better);
    }

    #[test]
    fn shared_worlds_are_the_draws_of_a_difference() {
        // Worlds of two with mean differences -2 and 4: mean 1, error sqrt(18 / 2) = 3.
        let pairs = [(0.0, 1.0), (0.0, 3.0), (5.0, 1.0), (4.0, 0.0)];
        let d = of(&pairs, Some(2));
        assert_eq!((d.n, d.draws, d.mean, d.se), (4, 2, 1.0, 3.0));
        assert_eq!(d.worlds, Some([1, 0, 1]));
        let favour = d.better_worlds(Better::Lower).unwrap();
        assert_eq!((favour.worlds, favour.n, favour.share()), (1, 2, 0.5));
        assert_eq!(of(&pairs, None).better_worlds(Better::Lower), None);
    }

    /// Differences of a service metric in each month, with an error of 1 and many draws.
    fn months(means: &[f64]) -> (Layout, Versus) {
        let layout = Layout::new(means.len(), 1, 1, 1);
        let mut differences = vec![of(&[], None); layout.len()];
        for (row, mean) in means.iter().enumerate() {
            let at = layout
                .index(row, Metric::Unallocated, Group::Service)
                .unwrap();
            let d = &mut differences[at];
            (d.n, d.draws, d.mean, d.se) = (1000, 1000, *mean, 1.0);
        }
        let versus = Versus {
            policy: 1,
            differences,
            targets: Vec::new(),
            all_targets: None,
        };
        (layout, versus)
    }

    #[test]
    fn the_worst_month_and_the_month_from_which_the_benefit_lasts() {
        let of = |means: &[f64]| {
            let (layout, versus) = months(means);
            let (metric, group) = (Metric::Unallocated, Group::Service);
            (
                versus.worst_month(&layout, metric, group),
                versus.better_from(&layout, metric, group),
            )
        };
        assert_eq!(of(&[-5.0, 3.0, 1.0, -4.0, -9.0]), (Some(1), Some(3)));
        assert_eq!(of(&[-5.0, -4.0]), (Some(1), Some(0)));
        assert_eq!(of(&[-5.0, -1.0]), (Some(1), None));
        assert_eq!(of(&[2.0, f64::NAN, 2.0]), (Some(0), None));
        assert_eq!(of(&[f64::NAN]), (None, None));
    }
}
