//! What the replications of a run come to: each number of the record over replications, and targets.

use rayon::prelude::*;

use crate::engine::world::World;
use crate::experiment::compare::{Comparison, PairFold};
use crate::experiment::numbers::{Hits, Numbers, PolicySummary};
use crate::experiment::plan::Plan;
use crate::experiment::stopping::Outcome;
use crate::experiment::target::{Verdict, together};
use crate::metric::catalogue::Metric;
use crate::metric::distribution::Distribution;
use crate::metric::layout::{Column, Group, Layout};
use crate::model::calendar::Month;
use crate::scenario::precision::Precision;
use crate::scenario::size::FEW;
use crate::statistics::cluster::Clusters;
use crate::statistics::interval::Interval;
use crate::statistics::moments::BlockedMoments;
use crate::statistics::quantile::QuantileSketch;

/// Cells that one task folds: enough that a task is worth its start.
const CELLS_PER_TASK: usize = 128;

/// Shares in a distribution are told to a tenth of a percent.
const SHARE_UNIT: f64 = 0.001;

/// What a run comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Where each number stands.
    pub layout: Layout,
    /// The reported months.
    pub months: Vec<Month>,
    /// Replications kept, the same of every policy.
    pub replications: u64,
    /// Worlds that they were played in, where several share one; else nothing.
    pub worlds: Option<u64>,
    /// Targets, as written.
    pub targets: Vec<String>,
    /// In the order of the plan.
    pub policies: Vec<PolicySummary>,
    /// All against one of them, where that was asked for.
    pub comparison: Option<Comparison>,
    /// The precisions at which the run was to end.
    pub until: Vec<Precision>,
    /// How each of them came out, under each policy or in each difference.
    pub outcomes: Vec<Outcome>,
    /// True where the run was stopped from outside before its end.
    pub is_interrupted: bool,
}

impl Summary {
    /// The numbers of a service metric under one policy.
    ///
    /// * `policy` - place among [`Summary::policies`]
    /// * `row` - month from 0, or the horizon row of the layout
    pub fn service(&self, policy: usize, row: usize, metric: Metric) -> Option<&Numbers> {
        let at = self.layout.index(row, metric, Group::Service)?;
        self.policies.get(policy)?.numbers.get(at)
    }

    /// Student's 95 % interval of a number that a precision speaks of, over all replications: beside the
    /// interval that holds at every look.
    pub fn ordinary(&self, outcome: &Outcome) -> Option<Interval> {
        let Some(comparison) = &self.comparison else {
            let numbers = &self.policies.get(outcome.policy)?.numbers;
            return numbers.get(outcome.at)?.interval();
        };
        let mut versus = comparison.versus.iter();
        let versus = versus.find(|v| v.policy == outcome.policy)?;
        versus.differences.get(outcome.at)?.interval()
    }

    /// The shares in the bins of a distribution under one policy.
    ///
    /// * `policy` - place among [`Summary::policies`]
    pub fn distribution(&self, policy: usize, what: Distribution) -> &[Numbers] {
        let numbers = &self.policies[policy].numbers;
        numbers.get(self.layout.bins(what)).unwrap_or_default()
    }

    /// Column and number of one row of one policy, in the order of the record.
    pub fn row(&self, policy: usize, row: usize) -> impl Iterator<Item = (&Column, &Numbers)> {
        let columns = self.layout.columns();
        let begin = row * columns.len();
        columns
            .iter()
            .zip(&self.policies[policy].numbers[begin..begin + columns.len()])
    }
}

/// Takes in replications in the order of their numbers.
pub(super) struct Fold {
    layout: Layout,
    months: Vec<Month>,
    targets: Vec<String>,
    /// Replications that share a world, where parameters are uncertain.
    per_world: Option<u64>,
    /// (replications x policies x layout.len(),) records taken in while there are few.
    early: Vec<f64>,
    policies: Vec<PolicyFold>,
    pairs: Option<PairFold>,
}

struct PolicyFold {
    name: String,
    /// (layout.len(),) or empty, while there are few replications.
    cells: Vec<Cell>,
    targets: Vec<Tally>,
    /// All targets in the same replication.
    together: Tally,
}

/// How often a target came true, and how that differs between worlds.
#[derive(Default)]
struct Tally {
    hits: u64,
    undefined: u64,
    worlds: Clusters,
}

impl Tally {
    fn push(&mut self, replication: u64, verdict: Verdict, per_world: Option<u64>) {
        let is_met = verdict == Verdict::Met;
        self.hits += u64::from(is_met);
        self.undefined += u64::from(verdict == Verdict::Undefined);
        if let Some(per_world) = per_world {
            let share = if is_met { 1.0 } else { 0.0 };
            self.worlds.push(replication / per_world, share);
        }
    }

    fn hits(&self, n: u64, per_world: Option<u64>) -> Hits {
        let between = per_world.map(|_| self.worlds.means());
        Hits {
            hits: self.hits,
            n,
            undefined: self.undefined,
            draws: between.map_or(n, |worlds| worlds.n()),
            se_of_worlds: between.and_then(|worlds| worlds.standard_error()),
        }
    }
}

struct Cell {
    moments: BlockedMoments,
    quantiles: QuantileSketch,
    /// Where worlds are shared, and there has been a value: nearly as large as all the rest.
    worlds: Option<Box<Clusters>>,
}

impl Fold {
    pub(super) fn new(world: &World, plan: &Plan, per_world: Option<u64>) -> Fold {
        let scenario = &world.scenario;
        let layout = &world.layout;
        let policies = plan
            .policies
            .iter()
            .map(|policy| PolicyFold {
                name: scenario.policies[*policy].name.clone(),
                cells: Vec::new(),
                targets: scenario.targets.iter().map(|_| Tally::default()).collect(),
                together: Tally::default(),
            })
            .collect();
        Fold {
            layout: layout.clone(),
            months: scenario.calendar.reported().to_vec(),
            targets: scenario.targets.iter().map(|t| t.text.clone()).collect(),
            // A world of one replication is as good as a fresh draw each time.
            per_world: per_world.filter(|n| *n > 1),
            pairs: plan.baseline.map(|baseline| {
                let targets = scenario.targets.len();
                PairFold::new(baseline, plan.policies.len(), layout.len(), targets)
            }),
            early: Vec::new(),
            policies,
        }
    }

    /// Takes in a row of replications without a gap.
    ///
    /// * `first` - number of the first
    /// * `records` - (replications x policies x layout.len(),)
    /// * `verdicts` - (replications x policies x targets,), at least one place for each replication
    pub(super) fn take(&mut self, first: u64, records: &[f64], verdicts: &[Verdict]) {
        let width = self.policies.len() * self.layout.len();
        let per_world = self.per_world;
        let has_cells = self.policies.iter().any(|fold| !fold.cells.is_empty());
        if !has_cells && self.early.len() + records.len() <= FEW * width {
            self.early.extend_from_slice(records);
        } else {
            if !has_cells {
                self.make_cells(first);
            }
            self.take_records(first, records);
        }
        if let Some(pairs) = &mut self.pairs {
            pairs.take_records(first, records, width, per_world);
        }
        let targets = self.targets.len();
        if targets > 0 {
            let width = self.policies.len() * targets;
            for (replication, verdicts) in (first..).zip(verdicts.chunks_exact(width)) {
                if let Some(pairs) = &mut self.pairs {
                    pairs.take_verdicts(verdicts, targets);
                }
                let each = verdicts.chunks_exact(targets);
                for (fold, verdicts) in self.policies.iter_mut().zip(each) {
                    for (tally, verdict) in fold.targets.iter_mut().zip(verdicts) {
                        tally.push(replication, *verdict, per_world);
                    }
                    let all = together(verdicts);
                    fold.together.push(replication, all, per_world);
                }
            }
        }
    }

    /// Makes a cell for each number, and takes in what was kept until now.
    ///
    /// * `next` - number of the replication after those
    fn make_cells(&mut self, next: u64) {
        let layout = &self.layout;
        self.policies.par_iter_mut().for_each(|fold| {
            fold.cells = (0..layout.len()).map(|at| Cell::at(layout, at)).collect();
        });
        let early = std::mem::take(&mut self.early);
        let width = self.policies.len() * self.layout.len();
        self.take_records(next - (early.len() / width.max(1)) as u64, &early);
    }

    fn take_records(&mut self, first: u64, records: &[f64]) {
        let length = self.layout.len();
        let width = self.policies.len() * length;
        let per_world = self.per_world;
        let tasks: Vec<(usize, &mut [Cell])> = self
            .policies
            .iter_mut()
            .enumerate()
            .flat_map(|(policy, fold)| {
                let chunks = fold.cells.chunks_mut(CELLS_PER_TASK).enumerate();
                chunks.map(move |(c, cells)| (policy * length + c * CELLS_PER_TASK, cells))
            })
            .collect();
        tasks.into_par_iter().for_each(|(begin, cells)| {
            let mut values = Vec::with_capacity(records.len() / width.max(1));
            for (at, cell) in (begin..).zip(cells) {
                values.clear();
                values.extend(records.chunks_exact(width).map(|record| record[at]));
                cell.push_all(first, &values, per_world);
            }
        });
    }

    /// Each number of a policy over the replications.
    ///
    /// * `policy` - place in the plan; * `first` - number of the first replication
    fn numbers(&self, policy: usize, first: u64) -> Vec<Numbers> {
        let cells = &self.policies[policy].cells;
        if !cells.is_empty() {
            return cells.par_iter().map(Cell::numbers).collect();
        }
        // One cell after the other: none of them takes memory of its own.
        let length = self.layout.len();
        let width = self.policies.len() * length;
        let numbers = (0..length).into_par_iter().with_min_len(CELLS_PER_TASK);
        numbers
            .map_init(Vec::new, |values, at| {
                let mut cell = Cell::at(&self.layout, at);
                let records = self.early.chunks_exact(width);
                values.clear();
                values.extend(records.map(|record| record[policy * length + at]));
                cell.push_all(first, values, self.per_world);
                cell.numbers()
            })
            .collect()
    }

    /// * `first`, `replications` - number of the first one taken in, and how many were
    pub(super) fn finish(self, first: u64, replications: u64) -> Summary {
        let per_world = self.per_world;
        let n = replications;
        let folds = self.policies.iter().enumerate();
        let policies: Vec<PolicySummary> = folds
            .map(|(policy, fold)| PolicySummary {
                name: fold.name.clone(),
                numbers: self.numbers(policy, first),
                all_targets: (!fold.targets.is_empty()).then(|| fold.together.hits(n, per_world)),
                targets: fold.targets.iter().map(|t| t.hits(n, per_world)).collect(),
            })
            .collect();
        Summary {
            layout: self.layout,
            months: self.months,
            replications,
            worlds: per_world.map(|each| (first + replications).div_ceil(each) - first / each),
            targets: self.targets,
            comparison: self.pairs.map(|pairs| pairs.finish(&policies)),
            policies,
            until: Vec::new(),
            outcomes: Vec::new(),
            is_interrupted: false,
        }
    }
}

impl Cell {
    /// For a number of the record, by its place there.
    fn at(layout: &Layout, at: usize) -> Cell {
        match layout.column(at) {
            Some(column) => Cell::new(column.metric),
            None => Cell::share(),
        }
    }

    fn new(metric: Metric) -> Cell {
        let definition = metric.definition();
        Cell {
            moments: BlockedMoments::new(),
            quantiles: QuantileSketch::new(resolution(definition.decimals)),
            worlds: None,
        }
    }

    /// A share in a bin of a distribution.
    fn share() -> Cell {
        Cell {
            moments: BlockedMoments::new(),
            quantiles: QuantileSketch::new(SHARE_UNIT),
            worlds: None,
        }
    }

    /// Takes in the values of replications without a gap.
    ///
    /// * `first` - number of the first
    fn push_all(&mut self, first: u64, values: &[f64], per_world: Option<u64>) {
        for (replication, value) in (first..).zip(values) {
            self.moments.push(replication, *value);
        }
        self.quantiles.push_all(values);
        if let Some(per_world) = per_world {
            let worlds = self.worlds.get_or_insert_default();
            for (replication, value) in (first..).zip(values) {
                worlds.push(replication / per_world, *value);
            }
        }
    }

    fn numbers(&self) -> Numbers {
        let moments = self.moments.moments();
        let between = self.worlds.as_ref().map(|worlds| worlds.means());
        let draws = between.as_ref().unwrap_or(&moments);
        let or_missing = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let quantiles = self.quantiles.quantiles([0.05, 0.25, 0.5, 0.75, 0.95]);
        let [p5, p25, p50, p75, p95] = quantiles.unwrap_or([f64::NAN; 5]);
        Numbers {
            n: moments.n(),
            draws: draws.n(),
            mean: or_missing(moments.mean()),
            se: or_missing(draws.standard_error()),
            p5,
            p25,
            p50,
            p75,
            p95,
            min: or_missing(moments.min()),
            max: or_missing(moments.max()),
            split: self.worlds.as_ref().and_then(|worlds| worlds.split()),
        }
    }
}

/// A tenth for each decimal that is shown.
fn resolution(decimals: u8) -> f64 {
    match decimals {
        0 => 1.0,
        1 => 0.1,
        2 => 0.01,
        3 => 0.001,
        more => libm::pow(10.0, -f64::from(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example::Example;
    use crate::experiment::run::Worlds;

    #[test]
    fn the_numbers_of_a_cell_leave_missing_values_out() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        cell.push_all(0, &[2.0, f64::NAN, 4.0], None);
        let numbers = cell.numbers();
        assert_eq!((numbers.n, numbers.mean, numbers.se), (2, 3.0, 1.0));
        assert_eq!((numbers.min, numbers.p50, numbers.max), (2.0, 3.0, 4.0));
    }

    #[test]
    fn a_single_value_has_a_mean_and_no_error() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        cell.push_all(0, &[2.0], None);
        let numbers = cell.numbers();
        assert_eq!(numbers.mean, 2.0);
        assert!(numbers.se.is_nan());
        assert_eq!(numbers.interval(), None);
    }

    #[test]
    fn percentiles_of_whole_numbers_lie_between_whole_numbers() {
        let mut census = Cell::new(Metric::UnallocatedCensus);
        let mut mean = Cell::new(Metric::Unallocated);
        let values = [0.0, 0.0, 0.0, 1.0, 7.0, 120.0];
        census.push_all(0, &values, None);
        mean.push_all(0, &values, None);
        let numbers = census.numbers();
        // Type 7: h = 1.25, 2.5 and 4.75, so 0, between 0 and 1, and between 7 and 120; never rounded to a whole number.
        assert_eq!((numbers.p25, numbers.p50, numbers.p95), (0.0, 0.5, 91.75));
        assert_eq!(mean.numbers().p95, 91.75);
        census.push_all(6, &[0.5], None);
        let p95 = census.numbers().p95;
        assert!((p95 - 86.1).abs() < 0.1, "{p95}");
    }

    #[test]
    fn targets_in_shared_worlds_have_the_interval_of_worlds() {
        // Ten worlds of ten replications; in half of them every replication hits.
        let mut tally = Tally::default();
        for replication in 0..100 {
            let verdict = if replication / 10 % 2 == 0 {
                Verdict::Met
            } else {
                Verdict::Missed
            };
            tally.push(replication, verdict, Some(10));
        }
        let shared = tally.hits(100, Some(10));
        assert_eq!((shared.hits, shared.n, shared.draws), (50, 100, 10));
        // Shares 0 and 1: their variance is 10 / 36, the error of the mean 1 / 6.
        assert!((shared.se_of_worlds.unwrap() - 1.0 / 6.0).abs() < 1e-12);
        let alone = tally.hits(100, None).interval().unwrap();
        let interval = shared.interval().unwrap();
        assert!(interval.low < 0.25 && interval.high > 0.75, "{interval:?}");
        assert!(alone.low > 0.40 && alone.high < 0.60, "{alone:?}");
    }

    #[test]
    fn one_world_has_no_interval_of_its_targets() {
        let mut tally = Tally::default();
        for replication in 0..8 {
            tally.push(replication, Verdict::Met, Some(10));
        }
        let hits = tally.hits(8, Some(10));
        assert_eq!((hits.draws, hits.interval()), (1, None));
    }

    #[test]
    fn undefined_is_counted_and_is_no_hit() {
        let mut tally = Tally::default();
        for (replication, verdict) in (0..).zip([Verdict::Met, Verdict::Undefined]) {
            tally.push(replication, verdict, None);
        }
        let hits = tally.hits(2, None);
        assert_eq!((hits.hits, hits.undefined, hits.n), (1, 1, 2));
        let all = [Verdict::Met, Verdict::Undefined, Verdict::Missed];
        assert_eq!(together(&all), Verdict::Undefined);
        assert_eq!(together(&all[..1]), Verdict::Met);
        assert_eq!(together(&[Verdict::Met, Verdict::Missed]), Verdict::Missed);
    }

    #[test]
    fn few_replications_come_to_the_same_however_they_are_taken_in() {
        let plan = Plan {
            policies: vec![0, 1],
            baseline: None,
            first: 4,
            replications: 12,
            until: Vec::new(),
            seed: 1,
            replications_per_world: 2,
            threads: 1,
        };
        let worlds = Example {
            is_uncertain: false,
            broken: None,
        };
        let world = worlds.world(1, 0).unwrap();
        let width = 2 * world.layout.len();
        // Any numbers do, some of them missing.
        let records: Vec<f64> = (0..12 * width)
            .map(|at| {
                if at % 7 == 3 {
                    f64::NAN
                } else {
                    (at * 37 % 101) as f64 / 8.0
                }
            })
            .collect();
        let bits = |summary: &Summary| -> Vec<u64> {
            let numbers = summary.policies.iter().flat_map(|policy| &policy.numbers);
            let all = numbers
                .flat_map(|n| [n.n as f64, n.draws as f64, n.mean, n.se, n.p5, n.p50, n.max]);
            all.map(f64::to_bits).collect()
        };
        for (kept, cuts) in [
            (5, vec![5]),
            (5, vec![2, 3]),
            (12, vec![12]),
            (12, vec![8, 4]),
            (12, vec![1, 6, 5]),
        ] {
            let mut at_once = Fold::new(&world, &plan, Some(2));
            at_once.make_cells(4);
            at_once.take(4, &records[..kept * width], &[]);
            let mut in_parts = Fold::new(&world, &plan, Some(2));
            let mut begin = 0;
            for count in &cuts {
                in_parts.take(
                    4 + begin as u64,
                    &records[begin * width..][..count * width],
                    &[],
                );
                begin += count;
            }
            assert_eq!(in_parts.early.is_empty(), kept > FEW, "{cuts:?}");
            let (at_once, in_parts) = (
                at_once.finish(4, kept as u64),
                in_parts.finish(4, kept as u64),
            );
            assert!(bits(&at_once) == bits(&in_parts), "{cuts:?}");
        }
    }

    #[test]
    fn replications_of_one_world_count_as_one_draw() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        cell.push_all(0, &[1.0, 3.0, 5.0, 7.0], Some(2));
        let numbers = cell.numbers();
        // World means 2 and 6: standard deviation sqrt(8), error sqrt(8 / 2) = 2.
        assert_eq!((numbers.n, numbers.draws), (4, 2));
        assert_eq!((numbers.mean, numbers.se), (4.0, 2.0));
    }
}
