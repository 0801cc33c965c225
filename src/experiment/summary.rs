//! What the replications of a run come to: each number of the record over replications, and targets.

use rayon::prelude::*;

use crate::engine::world::World;
use crate::experiment::plan::Plan;
use crate::metric::catalogue::Metric;
use crate::metric::layout::{Column, Group, Layout};
use crate::model::calendar::Month;
use crate::statistics::interval::{Interval, LEVEL, student_quantile, wilson};
use crate::statistics::moments::{BlockedMoments, Moments};
use crate::statistics::quantile::QuantileSketch;

/// Cells that one task folds: enough that a task is worth its start.
const CELLS_PER_TASK: usize = 128;

/// One number of the record over replications. NaN where there is nothing to say: no value, or for
/// `se` fewer than two.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Numbers {
    /// Replications that have a value.
    pub n: u64,
    /// Independent draws behind the mean: `n`, or with uncertain parameters the number of worlds.
    pub draws: u64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean. Where worlds are shared it is that of the means of worlds.
    pub se: f64,
    /// 5th percentile.
    pub p5: f64,
    /// 25th percentile.
    pub p25: f64,
    /// Median.
    pub p50: f64,
    /// 75th percentile.
    pub p75: f64,
    /// 95th percentile.
    pub p95: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}

impl Numbers {
    /// Student's 95 % interval of the mean; nothing of fewer than two draws.
    pub fn interval(&self) -> Option<Interval> {
        let freedom = self.draws.checked_sub(1).filter(|f| *f > 0)?;
        let half = student_quantile(0.5 + LEVEL / 2.0, freedom) * self.se;
        half.is_finite().then_some(Interval {
            low: self.mean - half,
            high: self.mean + half,
        })
    }
}

/// How often something came true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hits {
    /// Replications in which it did.
    pub hits: u64,
    /// Replications.
    pub n: u64,
}

impl Hits {
    /// The share; NaN of no replications.
    pub fn probability(self) -> f64 {
        self.hits as f64 / self.n as f64
    }

    /// Wilson's 95 % interval; nothing of no replications.
    pub fn interval(self) -> Option<Interval> {
        wilson(self.hits, self.n, LEVEL)
    }
}

/// What one policy comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicySummary {
    /// Its name.
    pub name: String,
    /// (layout.len(),) in the order of a record.
    pub numbers: Vec<Numbers>,
    /// For each target of the scenario.
    pub targets: Vec<Hits>,
    /// All targets in the same replication; nothing without targets.
    pub all_targets: Option<Hits>,
}

/// What a run comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Where each number stands.
    pub layout: Layout,
    /// The reported months.
    pub months: Vec<Month>,
    /// Replications kept, the same of every policy.
    pub replications: u64,
    /// Targets, as written.
    pub targets: Vec<String>,
    /// In the order of the plan.
    pub policies: Vec<PolicySummary>,
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
    policies: Vec<PolicyFold>,
}

struct PolicyFold {
    name: String,
    cells: Vec<Cell>,
    hits: Vec<u64>,
    all_hits: u64,
}

struct Cell {
    moments: BlockedMoments,
    quantiles: QuantileSketch,
    worlds: WorldMeans,
}

impl Fold {
    pub(super) fn new(world: &World, plan: &Plan, per_world: Option<u64>) -> Fold {
        let scenario = &world.scenario;
        let columns = world.layout.columns();
        let policies = plan
            .policies
            .iter()
            .map(|policy| PolicyFold {
                name: scenario.policies[*policy].name.clone(),
                cells: (0..world.layout.len())
                    .map(|at| Cell::new(columns[at % columns.len()].metric))
                    .collect(),
                hits: vec![0; scenario.targets.len()],
                all_hits: 0,
            })
            .collect();
        Fold {
            layout: world.layout.clone(),
            months: scenario.calendar.reported().to_vec(),
            targets: scenario.targets.iter().map(|t| t.text.clone()).collect(),
            // A world of one replication is as good as a fresh draw each time.
            per_world: per_world.filter(|n| *n > 1),
            policies,
        }
    }

    /// Takes in a row of replications without a gap.
    ///
    /// * `first` - number of the first
    /// * `records` - (replications x policies x layout.len(),)
    /// * `met` - (replications x policies x targets,), at least one place for each replication
    pub(super) fn take(&mut self, first: u64, records: &[f64], met: &[bool]) {
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
            for (replication, record) in (first..).zip(records.chunks_exact(width)) {
                for (cell, value) in cells.iter_mut().zip(&record[begin..]) {
                    cell.push(replication, *value, per_world);
                }
            }
        });
        let targets = self.targets.len();
        if targets > 0 {
            for met in met.chunks_exact(self.policies.len() * targets) {
                for (fold, met) in self.policies.iter_mut().zip(met.chunks_exact(targets)) {
                    for (hits, met) in fold.hits.iter_mut().zip(met) {
                        *hits += u64::from(*met);
                    }
                    fold.all_hits += u64::from(met.iter().all(|m| *m));
                }
            }
        }
    }

    pub(super) fn finish(self, replications: u64) -> Summary {
        let per_world = self.per_world;
        let n = replications;
        let policies = self
            .policies
            .into_iter()
            .map(|fold| PolicySummary {
                name: fold.name,
                numbers: fold
                    .cells
                    .par_iter()
                    .map(|c| c.numbers(per_world))
                    .collect(),
                all_targets: (!fold.hits.is_empty()).then_some(Hits {
                    hits: fold.all_hits,
                    n,
                }),
                targets: fold.hits.iter().map(|h| Hits { hits: *h, n }).collect(),
            })
            .collect();
        Summary {
            layout: self.layout,
            months: self.months,
            replications,
            targets: self.targets,
            policies,
        }
    }
}

impl Cell {
    fn new(metric: Metric) -> Cell {
        let decimals = i32::from(metric.definition().decimals);
        Cell {
            moments: BlockedMoments::new(),
            quantiles: QuantileSketch::new(libm::pow(10.0, -f64::from(decimals))),
            worlds: WorldMeans::default(),
        }
    }

    fn push(&mut self, replication: u64, value: f64, per_world: Option<u64>) {
        self.moments.push(replication, value);
        self.quantiles.push(value);
        if let Some(per_world) = per_world {
            self.worlds.push(replication / per_world, value);
        }
    }

    fn numbers(&self, per_world: Option<u64>) -> Numbers {
        let moments = self.moments.moments();
        let between = per_world.map(|_| self.worlds.moments());
        let draws = between.as_ref().unwrap_or(&moments);
        let or_missing = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let quantile = |p: f64| or_missing(self.quantiles.quantile(p));
        Numbers {
            n: moments.n(),
            draws: draws.n(),
            mean: or_missing(moments.mean()),
            se: or_missing(draws.standard_error()),
            p5: quantile(0.05),
            p25: quantile(0.25),
            p50: quantile(0.5),
            p75: quantile(0.75),
            p95: quantile(0.95),
            min: or_missing(moments.min()),
            max: or_missing(moments.max()),
        }
    }
}

/// Means of worlds: replications of one world share its parameters and are no independent draws, so
/// that the error of the overall mean is that of the means of worlds.
///
/// # Source
/// Law, Simulation Modeling and Analysis, 5th ed., chapter 9, on batch means.
#[derive(Default)]
struct WorldMeans {
    finished: Moments,
    world: u64,
    sum: f64,
    n: u64,
}

impl WorldMeans {
    fn push(&mut self, world: u64, value: f64) {
        if world != self.world {
            self.finished = self.moments();
            (self.world, self.sum, self.n) = (world, 0.0, 0);
        }
        if !value.is_nan() {
            self.sum += value;
            self.n += 1;
        }
    }

    fn moments(&self) -> Moments {
        let mut moments = self.finished;
        if self.n > 0 {
            moments.push(self.sum / self.n as f64);
        }
        moments
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_cell_leave_missing_values_out() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        for (replication, value) in [2.0, f64::NAN, 4.0].into_iter().enumerate() {
            cell.push(replication as u64, value, None);
        }
        let numbers = cell.numbers(None);
        assert_eq!((numbers.n, numbers.mean, numbers.se), (2, 3.0, 1.0));
        assert_eq!((numbers.min, numbers.p50, numbers.max), (2.0, 3.0, 4.0));
    }

    #[test]
    fn a_single_value_has_a_mean_and_no_error() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        cell.push(0, 2.0, None);
        let numbers = cell.numbers(None);
        assert_eq!(numbers.mean, 2.0);
        assert!(numbers.se.is_nan());
        assert_eq!(numbers.interval(), None);
    }

    #[test]
    fn replications_of_one_world_count_as_one_draw() {
        let mut cell = Cell::new(Metric::CaseloadMean);
        for (replication, value) in [1.0, 3.0, 5.0, 7.0].into_iter().enumerate() {
            cell.push(replication as u64, value, Some(2));
        }
        let numbers = cell.numbers(Some(2));
        // World means 2 and 6: standard deviation sqrt(8), error sqrt(8 / 2) = 2.
        assert_eq!((numbers.n, numbers.draws), (4, 2));
        assert_eq!((numbers.mean, numbers.se), (4.0, 2.0));
    }
}
