//! What a census counts, and the small statistics of a list of workers.

use crate::metric::distribution::Distribution;

/// A missing number.
pub(super) const MISSING: f64 = f64::NAN;

pub(super) fn over(amount: f64, base: f64) -> f64 {
    if base > 0.0 { amount / base } else { MISSING }
}

/// What a census finds in the service, a team or a grade.
#[derive(Clone, Debug, Default)]
pub(super) struct Census {
    pub(super) heads: f64,
    pub(super) heads_with_case: f64,
    pub(super) fte_in_post: f64,
    pub(super) fte_with_case: f64,
    pub(super) cases: f64,
    pub(super) families: f64,
    pub(super) points: f64,
    pub(super) need: f64,
    pub(super) highest: f64,
    pub(super) above_limit: f64,
    pub(super) above_guideline: f64,
    pub(super) drift: f64,
    pub(super) strain: f64,
    pub(super) burnt_out: f64,
    pub(super) attributable: f64,
    pub(super) toil: f64,
    pub(super) supply: f64,
    pub(super) hours: f64,
    pub(super) direct_hours: f64,
    pub(super) waiting: f64,
    pub(super) waiting_days: f64,
    pub(super) longest_wait: f64,
}

impl Census {
    /// Adds what was counted of a worker.
    pub(super) fn add(&mut self, worker: &Census) {
        self.heads += worker.heads;
        self.heads_with_case += worker.heads_with_case;
        self.fte_in_post += worker.fte_in_post;
        self.fte_with_case += worker.fte_with_case;
        self.cases += worker.cases;
        self.families += worker.families;
        self.points += worker.points;
        self.need += worker.need;
        self.above_limit += worker.above_limit;
        self.above_guideline += worker.above_guideline;
        self.drift += worker.drift;
        self.strain += worker.strain;
        self.burnt_out += worker.burnt_out;
        self.attributable += worker.attributable;
        self.toil += worker.toil;
        self.supply += worker.supply;
        self.hours += worker.hours;
        self.direct_hours += worker.direct_hours;
        self.highest = self.highest.max(worker.highest);
    }

    /// Adds a case that has waited some time [days].
    pub(super) fn add_waiting(&mut self, days: f64) {
        self.waiting += 1.0;
        self.waiting_days += days;
        self.longest_wait = self.longest_wait.max(days);
    }
}

/// Writes the share of the values that each bin of a distribution holds; missing without values.
///
/// * `bins` - (what.bins(),)
pub(super) fn share_out(what: Distribution, values: &[f64], bins: &mut [f64]) {
    bins.fill(if values.is_empty() { MISSING } else { 0.0 });
    for value in values {
        bins[what.place(*value)] += 1.0;
    }
    for share in bins.iter_mut() {
        *share /= values.len().max(1) as f64;
    }
}

/// The value that a share of the sorted numbers does not exceed (nearest rank); missing without any.
pub(super) fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let rank = (share * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied().unwrap_or(MISSING)
}

pub(super) fn median(sorted: &[f64]) -> f64 {
    match sorted.len() {
        0 => MISSING,
        n if n % 2 == 1 => sorted[n / 2],
        n => 0.5 * (sorted[n / 2 - 1] + sorted[n / 2]),
    }
}

pub(super) fn deviation(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return MISSING;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    libm::sqrt(values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_a_distribution_are_of_the_values_and_sum_to_one() {
        let mut bins = vec![9.0; Distribution::Wait.bins()];
        share_out(Distribution::Wait, &[0.0, 0.0, 0.5, 400.0], &mut bins);
        assert_eq!((bins[0], bins[1], bins[9]), (0.5, 0.25, 0.25));
        assert_eq!(bins.iter().sum::<f64>(), 1.0);
        share_out(Distribution::Wait, &[], &mut bins);
        assert!(bins.iter().all(|share| share.is_nan()));
    }
}
