//! Differences between two streams that meet the same chance, value by value.

use crate::statistics::interval::Interval;
use crate::statistics::moments::Moments;

/// Below this share of the greater of two numbers their difference is that of rounding: an integral over time is a sum of
/// up to some ten thousand pieces, each rounded by 1e-16, and two histories cut the same time into other pieces.
const ROUNDING: f64 = 1e-12;

/// The first less the second; exactly 0 where rounding alone tells them apart. NaN where one is missing.
pub fn less(a: f64, b: f64) -> f64 {
    let difference = a - b;
    if difference.is_finite() && difference.abs() <= ROUNDING * a.abs().max(b.abs()) {
        return 0.0;
    }
    difference
}

/// Running moments of pairs: of each side, of both together, and of their difference.
///
/// A pair of which one side is missing (NaN) is counted as missing, and else skipped. There is no merge:
/// pairs are taken in one after the other, so that bits depend on their order alone.
///
/// # Source
/// Welford (1962) for the moments; Law, Simulation Modeling and Analysis, 5th ed., section 10.2, on paired
/// differences, and section 11.2 on common random numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Paired {
    /// Of the first side.
    a: Moments,
    /// Of the second side.
    b: Moments,
    /// Of the first [`less`] the second, pair by pair: exact zeros stay exact.
    difference: Moments,
    missing: u64,
    below: u64,
    equal: u64,
}

impl Paired {
    /// Takes in one pair.
    #[inline]
    pub fn push(&mut self, a: f64, b: f64) {
        if a.is_nan() || b.is_nan() {
            self.missing += 1;
            return;
        }
        self.a.push(a);
        self.b.push(b);
        let difference = less(a, b);
        self.difference.push(difference);
        self.below += u64::from(difference < 0.0);
        self.equal += u64::from(difference == 0.0);
    }

    /// Pairs, those with a missing side not counted.
    pub fn n(&self) -> u64 {
        self.difference.n()
    }

    /// Pairs with a missing side.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Moments of a - b.
    pub fn difference(&self) -> &Moments {
        &self.difference
    }

    /// Pairs with a < b.
    pub fn below(&self) -> u64 {
        self.below
    }

    /// Pairs with a = b.
    pub fn equal(&self) -> u64 {
        self.equal
    }

    /// Pairs with a > b.
    pub fn above(&self) -> u64 {
        self.n() - self.below - self.equal
    }

    /// Sample variances of both sides; nothing of fewer than 2 pairs.
    pub fn variances(&self) -> Option<(f64, f64)> {
        Some((self.a.variance()?, self.b.variance()?))
    }

    /// Sample covariance, by `Var(A - B) = Var A + Var B - 2 Cov(A, B)`; nothing of fewer than 2 pairs.
    pub fn covariance(&self) -> Option<f64> {
        let (a, b) = self.variances()?;
        Some((a + b - self.difference.variance()?) / 2.0)
    }

    /// `(Var A + Var B) / Var(A - B)`: how many times as many pairs of independent runs would be needed for
    /// a difference that is as well known. Nothing of fewer than 2 pairs, or where the difference never
    /// varies.
    pub fn variance_ratio(&self) -> Option<f64> {
        let (a, b) = self.variances()?;
        let difference = self.difference.variance()?;
        (difference > 0.0).then(|| (a + b) / difference)
    }
}

/// How two events came out on the same trials.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Discordance {
    /// Both came true.
    pub both: u64,
    /// The first alone did.
    pub only_first: u64,
    /// The second alone did.
    pub only_second: u64,
    /// Neither did.
    pub neither: u64,
}

impl Discordance {
    /// Counts one trial.
    pub fn push(&mut self, first: bool, second: bool) {
        match (first, second) {
            (true, true) => self.both += 1,
            (true, false) => self.only_first += 1,
            (false, true) => self.only_second += 1,
            (false, false) => self.neither += 1,
        }
    }

    /// Trials.
    pub fn n(&self) -> u64 {
        self.both + self.only_first + self.only_second + self.neither
    }

    /// Share of the first less share of the second; NaN of no trials. McNemar's counts alone make it.
    pub fn difference(&self) -> f64 {
        (self.only_first as f64 - self.only_second as f64) / self.n() as f64
    }

    /// Interval of the difference of the two probabilities, from an interval of each.
    ///
    /// The distances of each share from the ends of its own interval are added as squares, less twice their
    /// product times the correlation of the two events, which is taken half a trial in each cell towards none. Unlike
    /// Student's it has a width where no trial is discordant.
    ///
    /// * `first`, `second` - intervals of the two probabilities, of the level that is wanted
    /// * returns - nothing of no trials
    ///
    /// # Source
    /// Newcombe (1998), Statistics in Medicine 17, 2635-2650, method 10, with Wilson's intervals.
    pub fn interval(&self, first: Interval, second: Interval) -> Option<Interval> {
        let n = self.n() as f64;
        if n == 0.0 {
            return None;
        }
        let (e, f) = (self.both as f64, self.only_first as f64);
        let (g, h) = (self.only_second as f64, self.neither as f64);
        let product = (e + f) * (g + h) * (e + g) * (f + h);
        let crossed = e * h - f * g;
        let towards_none = if crossed > 0.0 {
            (crossed - n / 2.0).max(0.0)
        } else {
            crossed
        };
        let phi = if product > 0.0 {
            towards_none / libm::sqrt(product)
        } else {
            0.0
        };
        let (p, q) = ((e + f) / n, (e + g) / n);
        let reach = |a: f64, b: f64| libm::sqrt((a * a - 2.0 * phi * a * b + b * b).max(0.0));
        let difference = self.difference();
        Some(Interval {
            low: (difference - reach(p - first.low, second.high - q)).max(-1.0),
            high: (difference + reach(first.high - p, q - second.low)).min(1.0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::interval::{LEVEL, wilson};
    use proptest::prelude::*;

    fn of(pairs: &[(f64, f64)]) -> Paired {
        let mut paired = Paired::default();
        pairs.iter().for_each(|(a, b)| paired.push(*a, *b));
        paired
    }

    #[test]
    fn pairs_of_small_whole_numbers_are_exact() {
        // A = 1, 4, 7 has variance 9, B = 2, 4, 3 has 1; A - B = -1, 0, 4 has mean 1 and variance 7.
        let p = of(&[(1.0, 2.0), (4.0, 4.0), (f64::NAN, 1.0), (7.0, 3.0)]);
        assert_eq!((p.n(), p.missing()), (3, 1));
        assert_eq!((p.below(), p.equal(), p.above()), (1, 1, 1));
        assert_eq!(p.difference().mean(), Some(1.0));
        assert_eq!(p.difference().variance(), Some(7.0));
        assert_eq!(p.variances(), Some((9.0, 1.0)));
        assert_eq!(p.covariance(), Some(1.5));
        assert_eq!(p.variance_ratio(), Some(10.0 / 7.0));
    }

    #[test]
    fn what_rounding_alone_tells_apart_is_equal_and_what_is_small_is_not() {
        let cost = 1_416_679.421_178_194_2;
        assert_eq!(less(cost, cost * (1.0 + 4.0 * f64::EPSILON)), 0.0);
        assert_eq!(less(0.1 + 0.2, 0.3), 0.0);
        assert_eq!(less(1.0 + 1e-9, 1.0), 1.0 + 1e-9 - 1.0);
        assert_eq!(less(1e-30, 0.0), 1e-30);
        assert!(less(f64::NAN, 1.0).is_nan());
        assert_eq!(less(f64::INFINITY, 1.0), f64::INFINITY);
        let mut paired = Paired::default();
        paired.push(0.1 + 0.2, 0.3);
        assert_eq!((paired.equal(), paired.below(), paired.above()), (1, 0, 0));
        assert_eq!(paired.difference().mean(), Some(0.0));
    }

    #[test]
    fn identical_sides_have_a_difference_of_exactly_zero_and_no_ratio() {
        let p = of(&[(0.1, 0.1), (0.3, 0.3), (1e9, 1e9)]);
        assert_eq!(p.difference().mean(), Some(0.0));
        assert_eq!(p.difference().standard_error(), Some(0.0));
        assert_eq!((p.equal(), p.variance_ratio()), (3, None));
        assert_eq!(of(&[(1.0, 2.0)]).variance_ratio(), None);
    }

    proptest! {
        #[test]
        fn the_variance_of_the_difference_is_that_of_the_sides_less_twice_their_covariance(
            pairs in prop::collection::vec((-100.0_f64..100.0, -100.0_f64..100.0), 2..200),
        ) {
            let p = of(&pairs);
            let n = pairs.len() as f64;
            let mean = |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / n;
            let (a, b) = (mean(|p| p.0), mean(|p| p.1));
            let covariance =
                pairs.iter().map(|(x, y)| (x - a) * (y - b)).sum::<f64>() / (n - 1.0);
            let told = p.covariance().unwrap();
            prop_assert!((told - covariance).abs() < 1e-8, "{told} {covariance}");
            let difference = p.difference().mean().unwrap();
            prop_assert!((difference - (a - b)).abs() < 1e-9);
        }

        #[test]
        fn swapped_sides_have_the_opposite_difference(
            pairs in prop::collection::vec((-9_i32..9, -9_i32..9), 2..60),
        ) {
            let forth: Vec<(f64, f64)> =
                pairs.iter().map(|(a, b)| (f64::from(*a), f64::from(*b))).collect();
            let back: Vec<(f64, f64)> = forth.iter().map(|(a, b)| (*b, *a)).collect();
            let (forth, back) = (of(&forth), of(&back));
            let (there, again) = (forth.difference(), back.difference());
            prop_assert_eq!(there.mean().unwrap(), -again.mean().unwrap());
            prop_assert_eq!(there.variance(), again.variance());
            prop_assert_eq!(forth.variance_ratio(), back.variance_ratio());
            prop_assert_eq!((forth.below(), forth.equal()), (back.above(), back.equal()));
        }
    }

    fn table(both: u64, only_first: u64, only_second: u64, neither: u64) -> Discordance {
        Discordance {
            both,
            only_first,
            only_second,
            neither,
        }
    }

    fn newcombe(d: Discordance) -> Interval {
        let first = wilson(d.both + d.only_first, d.n(), LEVEL).unwrap();
        let second = wilson(d.both + d.only_second, d.n(), LEVEL).unwrap();
        d.interval(first, second).unwrap()
    }

    #[test]
    fn the_interval_of_a_paired_difference_adds_squares() {
        // e, f, g, h = 20, 12, 2, 16: p = 0.64, q = 0.44, difference 0.20. Wilson: 0.50142 to 0.75859 and
        // 0.31163 to 0.57685. phi = (320 - 24 - 25) / sqrt(32 x 18 x 22 x 28) = 0.454960.
        // Down: a = 0.13858, b = 0.13685: a^2 - 2 phi a b + b^2 = 0.020676, root 0.143792.
        // Up: a = 0.11859, b = 0.12837: 0.016690, root 0.129190.
        let i = newcombe(table(20, 12, 2, 16));
        assert!((i.low - 0.0562).abs() < 2e-4, "{i:?}");
        assert!((i.high - 0.3292).abs() < 2e-4, "{i:?}");
    }

    #[test]
    fn without_a_discordant_trial_the_interval_still_has_a_width() {
        let i = newcombe(table(30, 0, 0, 20));
        assert!(i.low < 0.0 && i.high > 0.0 && i.high < 0.1, "{i:?}");
        let never = newcombe(table(0, 0, 0, 20));
        assert!(never.low < 0.0 && never.high > 0.0, "{never:?}");
        let none = Interval {
            low: 0.0,
            high: 1.0,
        };
        assert_eq!(table(0, 0, 0, 0).interval(none, none), None);
    }

    #[test]
    fn the_interval_turns_round_with_its_sides() {
        let (there, back) = (newcombe(table(7, 9, 3, 11)), newcombe(table(7, 3, 9, 11)));
        assert!((there.low + back.high).abs() < 1e-12, "{there:?} {back:?}");
        assert!((there.high + back.low).abs() < 1e-12);
    }
}
