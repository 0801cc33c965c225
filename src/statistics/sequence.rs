//! Intervals that may be looked at while they narrow: confidence sequences.

use crate::statistics::interval::Interval;

/// Draws before the first look. The boundary is asymptotic: its coverage is the stated one as the first
/// look moves out, because by then mean and variance behave like those of normal draws. The coverage
/// experiment (`casecap validate --coverage`) shows that this suffices for what is measured here.
pub const FIRST_LOOK: u64 = 100;
/// Draws that skewed values need before a look, in parts of their squared skewness: Cochran's rule.
const PER_SQUARED_SKEWNESS: f64 = 25.0;

/// Running mean of independent draws with an interval that holds at every look at once.
///
/// The probability that the interval misses the true mean at any look is about 1 - level, however often one
/// looks and whatever makes one stop. There is none before [`FIRST_LOOK`] draws, nor, of skewed values, before
/// [`Sequence::settled_after`]: of a rare event few draws say little, and their spread is too small as long
/// as it has hardly happened. After t draws it is
///
/// ```text
/// mean +- s sqrt((t r^2 + 1) / (t^2 r^2) log((t r^2 + 1) / a^2))      a = 1 - level,  r = rho(m log m)
/// rho(t)^2 = (-2 log a + log(-2 log a) + 1) / t                       m = FIRST_LOOK
/// ```
///
/// # Source
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and
/// asymptotic confidence sequences", Annals of Statistics 52: Robbins' normal mixture with a delayed
/// start. Cochran, Sampling Techniques (1977), section 2.15, on skewed values.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sequence {
    n: u64,
    mean: f64,
    /// Sums of squared and of cubed deviations from the mean.
    m2: f64,
    m3: f64,
}

impl Sequence {
    /// Takes in one draw; a missing one (NaN) is skipped.
    pub fn push(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        let before = self.n as f64;
        self.n += 1;
        let n = self.n as f64;
        let delta = value - self.mean;
        let step = delta / n;
        let term = delta * step * before;
        self.mean += step;
        self.m3 += term * step * (n - 2.0) - 3.0 * step * self.m2;
        self.m2 += term;
    }

    /// Draws, missing ones not counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Mean; nothing of no draws.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Sample standard deviation; nothing of fewer than 2 draws.
    pub fn deviation(&self) -> Option<f64> {
        (self.n > 1).then(|| libm::sqrt(self.m2.max(0.0) / (self.n - 1) as f64))
    }

    /// Half the width of the interval; nothing before the first look, and of skewed values before they are
    /// enough.
    ///
    /// * `level` - its coverage, strictly between 0 and 1
    pub fn half_width(&self, level: f64) -> Option<f64> {
        let n = self.n as f64;
        if n < self.settled_after() {
            return None;
        }
        Some(self.deviation()? * boundary(n, level))
    }

    /// The interval; nothing where it has no width yet.
    pub fn interval(&self, level: f64) -> Option<Interval> {
        let half = self.half_width(level)?;
        Some(Interval {
            low: self.mean - half,
            high: self.mean + half,
        })
    }

    /// Draws before the first look, by the skewness so far: 25 times its square, and at least [`FIRST_LOOK`].
    /// Draws that are all equal are taken at their word.
    pub fn settled_after(&self) -> f64 {
        let squared_skewness = if self.m2 > 0.0 {
            self.n as f64 * self.m3 * self.m3 / (self.m2 * self.m2 * self.m2)
        } else {
            0.0
        };
        (PER_SQUARED_SKEWNESS * squared_skewness).max(FIRST_LOOK as f64)
    }
}

/// Half the width of the interval after t draws with a standard deviation of 1.
fn boundary(t: f64, level: f64) -> f64 {
    let alpha = 1.0 - level;
    let first = FIRST_LOOK as f64;
    let twice = -2.0 * libm::log(alpha);
    let rho2 = (twice + libm::log(twice) + 1.0) / (first * libm::log(first));
    let grown = t * rho2 + 1.0;
    libm::sqrt(grown / (t * t * rho2) * libm::log(grown / (alpha * alpha)))
}

/// Draws after which the interval would be so narrow, whole; at least [`FIRST_LOOK`].
///
/// * `deviation` - standard deviation of the draws, >= 0
/// * `half_width` - half the width that is wanted, in the same unit
/// * returns - nothing where no number of draws would do: a width that is not above 0
pub fn draws_needed(deviation: f64, half_width: f64, level: f64) -> Option<f64> {
    /// Beyond every run.
    const FARTHEST: f64 = 1e18;
    let is_enough = |t: f64| deviation * boundary(t, level) <= half_width;
    let first = FIRST_LOOK as f64;
    if is_enough(first) {
        return Some(first);
    }
    if !is_enough(FARTHEST) {
        return None;
    }
    let (mut low, mut high) = (first, FARTHEST);
    // The boundary falls with every draw; each step halves the distance on the scale of logarithms.
    while high > low * (1.0 + 1e-9) && high - low > 0.5 {
        let middle = libm::sqrt(low * high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Some(libm::ceil(high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::interval::LEVEL;

    fn of(values: impl IntoIterator<Item = f64>) -> Sequence {
        let mut sequence = Sequence::default();
        values.into_iter().for_each(|v| sequence.push(v));
        sequence
    }

    #[test]
    fn the_boundary_is_that_of_the_paper() {
        // a = 0.05: -2 log a = 5.991465, rho2 = (5.991465 + 1.790336 + 1) / (100 x 4.605170) = 0.01906905;
        // t = 1000: 20.06905 / (10^6 x 0.01906905) x log(20.06905 x 400) = 0.001052441 x 8.990644.
        let half = boundary(1000.0, LEVEL);
        assert!((half - 0.097_273).abs() < 2e-6, "{half}");
    }

    #[test]
    fn before_the_first_look_there_is_nothing_to_see() {
        let early = of((0..99).map(f64::from));
        assert_eq!(early.interval(LEVEL), None);
        let first = of((0..100).map(f64::from));
        assert!(first.interval(LEVEL).unwrap().holds(49.5));
    }

    #[test]
    fn it_is_wider_than_an_interval_that_is_looked_at_once() {
        for n in [100, 1000, 100_000] {
            let once = 1.959_963_985 / f64::from(n).sqrt();
            let ratio = boundary(f64::from(n), LEVEL) / once;
            assert!((1.4..2.4).contains(&ratio), "{n}: {ratio}");
        }
    }

    #[test]
    fn moments_of_small_whole_numbers_are_exact() {
        // 0, 0, 3: mean 1, deviations -1, -1, 2, squares 6, cubes 6.
        let s = of([0.0, f64::NAN, 0.0, 3.0]);
        assert_eq!((s.n(), s.mean()), (3, Some(1.0)));
        assert!(
            (s.m2 - 6.0).abs() < 1e-12 && (s.m3 - 6.0).abs() < 1e-12,
            "{s:?}"
        );
        assert_eq!(Sequence::default().mean(), None);
    }

    #[test]
    fn a_rare_event_is_not_believed_until_it_has_happened_often() {
        // One in a hundred: skewness (1 - 2 p) / sqrt(p (1 - p)) = 9.849, so 25 x 97.0 = 2,425 draws.
        let rare = |n: u32| of((0..n).map(|i| f64::from(i % 100 == 0)));
        assert_eq!(rare(2400).interval(LEVEL), None);
        assert!(rare(2500).interval(LEVEL).is_some());
        assert_eq!(of((0..100).map(|_| 3.0)).half_width(LEVEL), Some(0.0));
    }

    #[test]
    fn so_many_draws_as_are_told_make_it_as_narrow_and_one_fewer_do_not() {
        let n = draws_needed(2.0, 0.05, LEVEL).unwrap();
        assert!(2.0 * boundary(n, LEVEL) <= 0.05);
        assert!(2.0 * boundary(n - 1.0, LEVEL) > 0.05);
        assert_eq!(draws_needed(0.0, 0.1, LEVEL), Some(100.0));
        assert_eq!(draws_needed(1.0, 0.0, LEVEL), None);
    }
}
