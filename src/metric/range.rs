//! Between which bounds every value of a metric lies.

use crate::metric::catalogue::{Definition, Metric};

impl Definition {
    /// The least value that it can have, in one replication and on average [unit of the metric]; nothing where it has no
    /// lower bound.
    pub fn least(&self) -> Option<f64> {
        // The gap is negative where there is more supply than demand; scores of strain are kept free of a bound.
        let is_bounded = self.metric != Metric::CapacityGap && self.unit != "SD";
        is_bounded.then_some(0.0)
    }

    /// The greatest value that it can have; nothing where it has no upper bound.
    ///
    /// A share of time, people or cases is at most 1. A share *a year* (turnover) may exceed it, and so may the share of
    /// need met where workers with time to spare go faster than is needed (`speed_max` above 1).
    pub fn most(&self) -> Option<f64> {
        (self.unit == "share" && self.metric != Metric::NeedMet).then_some(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_lie_between_none_and_all_and_rates_have_no_upper_bound() {
        let range = |metric: Metric| (metric.definition().least(), metric.definition().most());
        assert_eq!(range(Metric::BurntOutShare), (Some(0.0), Some(1.0)));
        assert_eq!(range(Metric::Turnover), (Some(0.0), None));
        assert_eq!(range(Metric::NeedMet), (Some(0.0), None));
        assert_eq!(range(Metric::Unallocated), (Some(0.0), None));
        assert_eq!(range(Metric::CapacityGap), (None, None));
    }
}
