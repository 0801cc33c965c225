//! A limit beside the demand.

use crate::policy::limit::Measure;

/// What a limit far above the demand does, in words.
pub(super) const IDLE: &str = "the limit does nothing";
/// The same where there are meetings.
pub(super) const IDLE_BUT_MEETINGS: &str = "the limit does nothing; cases wait for the meeting";

/// What a limit, or a mix within it, is asked to hold in one team or in the service.
#[derive(Clone, Debug, PartialEq)]
pub struct Beside {
    /// Index of the team; absent: the service, under a limit on its mean.
    pub team: Option<usize>,
    /// What is counted; under a mix its own unit.
    pub measure: Measure,
    /// Names of the stages of a mix; none for the limit as a whole.
    pub stages: Vec<String>,
    /// In the measure; of hours [hours a week].
    pub demand: f64,
    /// What fits, in the measure; of hours [hours a week]. Infinite where some worker has no limit.
    pub places: f64,
    /// Full-time-equivalent workers.
    pub workers: f64,
    /// Their nominal supply [hours a week].
    pub supply: f64,
    /// What one case adds at most, in the measure.
    pub(super) grain: f64,
}

/// What a limit does, judged from means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LimitEffect {
    /// There is no limit.
    NoLimit,
    /// Far above the demand in every team: it does nothing.
    Idle,
    /// It binds at times.
    Binding,
    /// In some team the demand is within 3 % of the places.
    Critical,
    /// In some team there are fewer places than cases.
    TooLow,
}

/// From this share of the places on, a demand stands on its stability limit.
const CRITICAL: f64 = 0.97;

impl Beside {
    /// What the limit does here.
    pub fn effect(&self) -> LimitEffect {
        // Chance moves open cases by about their root (Poisson); one more case a worker for vacancies.
        let chance = 3.0 * libm::sqrt(self.demand * self.grain) + self.workers * self.grain;
        if self.places.is_infinite() {
            // Some grade has no limit; what the others have still moves cases to it.
            LimitEffect::Binding
        } else if self.demand > self.places {
            LimitEffect::TooLow
        } else if self.demand > CRITICAL * self.places {
            LimitEffect::Critical
        } else if self.places - self.demand > chance {
            LimitEffect::Idle
        } else {
            LimitEffect::Binding
        }
    }
}
