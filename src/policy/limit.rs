//! May this worker take one more?

use crate::model::law::Law;

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Open cases, one for each child.
    Cases,
}

/// The number in a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// For a full-time worker; times fte and the limit share of the ramp, not rounded.
    Each(f64),
    /// For a full-time worker of each grade, by index of the grade; times fte only (a lower limit for a
    /// grade is its protection). Nothing: that grade has no limit.
    ByGrade(Vec<Option<f64>>),
}

/// A caseload limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What it counts.
    pub measure: Measure,
    /// The number.
    pub value: Value,
    /// Days for which a unit that nobody may take waits before it is given to the least loaded
    /// regardless [days]; one draw a unit. Absent: for ever (a hard cap). Always 0: advisory.
    pub patience: Option<Law>,
}

/// Relative slack in every comparison with a limit, so that 0.65 x 20 cases are 13 and not a hair less.
pub const ROUNDING: f64 = 1e-9;

/// True where a load is within a limit.
///
/// * `load`, `limit` - both in the measure of the limit; a limit of infinity holds everything
pub fn is_within(load: f64, limit: f64) -> bool {
    load <= limit * (1.0 + ROUNDING) + ROUNDING
}

impl Limit {
    /// The limit of one worker, in the measure of the limit; infinity where the grade has none.
    ///
    /// * `grade` - index of the worker's grade
    /// * `fte` - contracted hours over full-time hours [1]
    /// * `ramp_limit` - share of the full limit that months in post give [1]
    pub fn of_worker(&self, grade: usize, fte: f64, ramp_limit: f64) -> f64 {
        match &self.value {
            Value::Each(value) => value * fte * ramp_limit,
            Value::ByGrade(values) => match values.get(grade) {
                Some(Some(value)) => value * fte,
                _ => f64::INFINITY,
            },
        }
    }

    /// True where the limit only advises: it is never waited for.
    pub fn is_advisory(&self) -> bool {
        self.patience.as_ref().is_some_and(Law::is_zero)
    }
}
