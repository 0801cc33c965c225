//! What a census counts, and the small statistics of a list of workers.

use crate::engine::sums::RECORDS;
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
    pub(super) drift_cases: f64,
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
        self.drift_cases += worker.drift_cases;
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
/// * `zeros` - values more that are 0; * `bins` - (what.bins(),)
pub(super) fn share_out(what: Distribution, zeros: usize, values: &[f64], bins: &mut [f64]) {
    let count = zeros + values.len();
    bins.fill(if count == 0 { MISSING } else { 0.0 });
    if zeros > 0 {
        bins[what.place(0.0)] = zeros as f64;
    }
    for value in values {
        bins[what.place(*value)] += 1.0;
    }
    for share in bins.iter_mut() {
        *share /= count.max(1) as f64;
    }
}

/// Waits of allocations [days]. Most are 0 where most cases find a worker at once: those are counted, not listed.
#[derive(Clone, Debug, Default)]
pub(super) struct Waits {
    zeros: usize,
    others: Vec<f64>,
}

impl Waits {
    pub(super) fn clear(&mut self) {
        self.zeros = 0;
        self.others.clear();
    }

    pub(super) fn push_zero(&mut self) {
        self.zeros += usize::from(RECORDS);
    }

    /// * `days` - >= 0
    pub(super) fn push(&mut self, days: f64) {
        if days == 0.0 {
            self.push_zero();
        } else if RECORDS {
            self.others.push(days);
        }
    }

    pub(super) fn extend(&mut self, more: &Waits) {
        self.zeros += more.zeros;
        self.others.extend_from_slice(&more.others);
    }

    /// The wait that a share of all does not exceed (nearest rank); missing without any. Found without putting all in
    /// order; they stand in another order afterwards.
    pub(super) fn nearest_rank(&mut self, share: f64) -> f64 {
        let place = rank(share, self.zeros + self.others.len()) - 1;
        match place.checked_sub(self.zeros) {
            None => 0.0,
            Some(place) if place < self.others.len() => {
                let found = self.others.select_nth_unstable_by(place, f64::total_cmp);
                *found.1
            }
            Some(_) => MISSING,
        }
    }

    /// The share that each bin of the distribution of waits holds.
    pub(super) fn share_out(&self, bins: &mut [f64]) {
        share_out(Distribution::Wait, self.zeros, &self.others, bins);
    }
}

/// Puts whole numbers in order, by counting how often each occurs.
///
/// * `values` - whole, >= 0; * `counts` - scratch
pub(super) fn sort_counts(values: &mut [f64], counts: &mut Vec<u32>) {
    const MOST: f64 = 4096.0;
    let highest = values.iter().copied().fold(0.0, f64::max);
    if highest > MOST {
        values.sort_unstable_by(f64::total_cmp);
        return;
    }
    counts.clear();
    counts.resize(highest as usize + 1, 0);
    for value in values.iter() {
        counts[*value as usize] += 1;
    }
    let mut at = 0;
    for (value, count) in counts.iter().enumerate() {
        let next = at + *count as usize;
        values[at..next].fill(value as f64);
        at = next;
    }
}

/// The least rank, from 1, up to which a share of some numbers lies.
fn rank(share: f64, count: usize) -> usize {
    (share * count as f64 - 1e-9).ceil().max(1.0) as usize
}

/// The value that a share of the sorted numbers does not exceed (nearest rank); missing without any.
pub(super) fn nearest_rank(sorted: &[f64], share: f64) -> f64 {
    let place = rank(share, sorted.len()) - 1;
    sorted.get(place).copied().unwrap_or(MISSING)
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
        share_out(Distribution::Wait, 1, &[0.0, 0.5, 400.0], &mut bins);
        assert_eq!((bins[0], bins[1], bins[9]), (0.5, 0.25, 0.25));
        assert_eq!(bins.iter().sum::<f64>(), 1.0);
        share_out(Distribution::Wait, 0, &[], &mut bins);
        assert!(bins.iter().all(|share| share.is_nan()));
    }

    #[test]
    fn whole_numbers_are_put_in_order_by_counting_and_by_comparing() {
        let mut counts = vec![];
        for far in [9.0, 5000.0] {
            let mut values = vec![3.0, far, 0.0, 3.0, 1.0];
            sort_counts(&mut values, &mut counts);
            assert_eq!(values, [0.0, 1.0, 3.0, 3.0, far]);
        }
        sort_counts(&mut [], &mut counts);
    }

    #[test]
    fn waits_of_nothing_count_as_if_they_were_listed() {
        let mut waits = Waits::default();
        assert!(waits.nearest_rank(0.9).is_nan());
        let listed = [0.0, 0.0, 0.0, 0.0, 0.5, 2.0, 3.0];
        for days in [3.0, 0.0, 0.5, 0.0, 0.0, 2.0] {
            waits.push(days);
        }
        waits.push_zero();
        for share in [0.0, 0.3, 0.57, 0.58, 0.9, 1.0] {
            assert_eq!(
                waits.nearest_rank(share),
                nearest_rank(&listed, share),
                "{share}"
            );
        }
        let (mut bins, mut of_listed) = (vec![9.0; 10], vec![9.0; 10]);
        waits.share_out(&mut bins);
        share_out(Distribution::Wait, 0, &listed, &mut of_listed);
        assert_eq!(bins, of_listed);
    }
}
