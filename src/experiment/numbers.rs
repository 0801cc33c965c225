//! What one policy comes to: each number of the record over replications, and how often targets were met.

use crate::statistics::cluster::Split;
use crate::statistics::interval::{Interval, LEVEL, student_quantile, wilson, wilson_of_means};

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
    /// The variance taken apart: between worlds what we do not know, within a world luck. Nothing where no
    /// worlds are shared, or of too few.
    pub split: Option<Split>,
}

impl Numbers {
    /// Student's 95 % interval of the mean; nothing of fewer than two draws.
    pub fn interval(&self) -> Option<Interval> {
        student(self.mean, self.se, self.draws)
    }

    /// The 5th, 25th, 50th, 75th and 95th percentile, in the unit of the number; NaN without a value.
    pub fn percentiles(&self) -> [f64; 5] {
        [self.p5, self.p25, self.p50, self.p75, self.p95]
    }
}

/// Student's 95 % interval; nothing of fewer than two draws.
pub(super) fn student(mean: f64, se: f64, draws: u64) -> Option<Interval> {
    let freedom = draws.checked_sub(1).filter(|f| *f > 0)?;
    let half = student_quantile(0.5 + LEVEL / 2.0, freedom) * se;
    (mean + half).is_finite().then_some(Interval {
        low: mean - half,
        high: mean + half,
    })
}

/// How often something came true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hits {
    /// Replications in which it did.
    pub hits: u64,
    /// Replications.
    pub n: u64,
    /// Replications in which a number that it needs is missing; they are no hits.
    pub undefined: u64,
    /// Independent draws behind the share: `n`, or with uncertain parameters the number of worlds.
    pub draws: u64,
    /// Standard error of the mean share of worlds; nothing where replications share no world, or
    /// where there is one world only.
    pub se_of_worlds: Option<f64>,
}

impl Hits {
    /// The share; NaN of no replications.
    pub fn probability(self) -> f64 {
        self.hits as f64 / self.n as f64
    }

    /// The 95 % interval of the probability; nothing of no replications, or where all of several
    /// share one world.
    ///
    /// Wilson's where each replication is a draw of its own. Where replications share worlds they are
    /// not, and what counts is how the share differs between worlds: see [`wilson_of_means`].
    pub fn interval(self) -> Option<Interval> {
        if self.draws == self.n {
            return wilson(self.hits, self.n, LEVEL);
        }
        wilson_of_means(self.hits, self.n, self.draws, self.se_of_worlds?, LEVEL)
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
