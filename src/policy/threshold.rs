//! When is a referral turned away?

use crate::model::law::Law;
use crate::policy::trigger::Trigger;

/// While many wait, a share of new families is screened out.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// On the number of cases without a worker [cases].
    pub waiting: Trigger,
    /// Share of families screened out while it holds [1].
    pub screened_out: f64,
    /// True: returns are screened too.
    pub screens_returns: bool,
    /// Those who come again.
    pub comes_back: Option<ComesBack>,
}

/// Families that come again after they were screened out.
#[derive(Clone, Debug, PartialEq)]
pub struct ComesBack {
    /// Share of those screened out [1].
    pub share: f64,
    /// From being screened out to coming again [days].
    pub delay: Law,
    /// Stage at which all the family's children come.
    pub stage: usize,
}
