//! Targets: what the planner wants to reach, as one line each.

use crate::metric::catalogue::Metric;

/// A statement about one metric that is true or false in each replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As written: `caseload_mean < 20 at 2019-03-31`.
    pub text: String,
    /// What is compared.
    pub metric: Metric,
    /// Index of the team; absent: the whole service.
    pub team: Option<usize>,
    /// How it is compared.
    pub comparison: Comparison,
    /// With which number, in the unit of the metric.
    pub bound: f64,
    /// When.
    pub when: When,
}

/// How a metric is compared with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// When a target must hold; months count from 0 among those reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In one month.
    At(usize),
    /// In every month from this one to the last; `in every month` is from 0.
    From(usize),
    /// Over the whole horizon.
    Horizon,
}

impl Comparison {
    /// True where `value` stands so to `bound`; a missing value (NaN) never does.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Comparison::Below => value < bound,
            Comparison::AtMost => value <= bound,
            Comparison::Above => value > bound,
            Comparison::AtLeast => value >= bound,
        }
    }
}
