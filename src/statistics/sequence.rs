//! Intervals that may be looked at while they narrow: confidence sequences.

use crate::statistics::interval::Interval;

/// Draws before the first look. The boundary is asymptotic: its coverage is the stated one as the first
/// look moves out, because by then mean and variance behave like those of normal draws. The coverage
/// experiment (`casecap validate --coverage`) shows that this suffices for what is measured here.
pub const FIRST_LOOK: u64 = 100;
/// Relative standard error of the variance, as one over its square, at which the moments count as settled: 25 is a
/// standard error of a fifth.
const PER_EXCESS: f64 = 25.0;
/// Part of the error of a sequence that pays for what has not been seen; the rest pays for the spread that has.
const UNSEEN_PART: f64 = 0.2;

/// What one wants to know of the mean of some draws, and what may be assumed of values not seen yet.
///
/// No sample bounds the mean of a law without bounds: a value that comes once in a thousand draws may be as large as one
/// likes (Bahadur and Savage 1956). So where the draws seen so far hardly differ, the interval rests on `far`, and says so.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Half the width that is wanted, >= 0: draws this near to the first count as alike [unit of the draws].
    pub near: f64,
    /// How far from the draws seen a value not seen may be, >= 0 [unit of the draws].
    pub far: f64,
}

/// Running mean of independent draws with an interval that holds at every look at once.
///
/// The probability that the interval misses the true mean at any look is about 1 - level, however often one
/// looks and whatever makes one stop. There is none before [`FIRST_LOOK`] draws, nor before the variance is known to
/// about a fifth ([`Sequence::settled_after`]): of a rare event few draws say little, and their spread is too small as
/// long as it has hardly happened. After t draws it is
///
/// ```text
/// mean +- s sqrt((t r^2 + 1) / (t^2 r^2) log((t r^2 + 1) / a^2))      a = 0.8 (1 - level),  r = rho(m log m)
/// rho(t)^2 = (-2 log a + log(-2 log a) + 1) / t                       m = FIRST_LOOK
/// ```
///
/// **Draws that are alike.** As long as every draw lies within `near` of the first, their spread says nothing of a value
/// that is rare, and the interval is wider by `far` times the largest probability q of a draw elsewhere that is still
/// plausible: `(1 - q)^(t - 1) = e` with `e = 0.2 (1 - level)`. That bound holds at every look at once: "no draw
/// elsewhere so far" only becomes rarer with t, so the bound is wrong at some look with probability e at most. Together
/// the two parts err with 1 - level.
///
/// # Source
/// Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas (2024), "Time-uniform central limit theory and
/// asymptotic confidence sequences", Annals of Statistics 52: Robbins' normal mixture with a delayed
/// start. Cochran, Sampling Techniques (1977), section 2.15, on skewed values, and Cramer, Mathematical Methods of
/// Statistics (1946), section 27.4, on the standard error of a variance. Hanley and Lippman-Hand (1983), JAMA 249, on
/// what has never been seen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sequence {
    n: u64,
    mean: f64,
    /// Sums of squared, of cubed and of fourth powers of deviations from the mean.
    m2: f64,
    m3: f64,
    m4: f64,
    first: f64,
    min: f64,
    max: f64,
}

impl Sequence {
    /// Takes in one draw; a missing one (NaN) is skipped.
    pub fn push(&mut self, value: f64) {
        if value.is_nan() {
            return;
        }
        if self.n == 0 {
            (self.first, self.min, self.max) = (value, value, value);
        }
        self.min = self.min.min(value);
        self.max = self.max.max(value);
        let before = self.n as f64;
        self.n += 1;
        let n = self.n as f64;
        let delta = value - self.mean;
        let step = delta / n;
        let term = delta * step * before;
        self.mean += step;
        self.m4 += term * step * step * (n * n - 3.0 * n + 3.0) + 6.0 * step * step * self.m2
            - 4.0 * step * self.m3;
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

    /// True where every draw so far lies within `near` of the first; of no draws too.
    pub fn is_alike(&self, near: f64) -> bool {
        self.max - self.first <= near && self.first - self.min <= near
    }

    /// Half the width of the interval; nothing before the first look, and of skewed or heavy-tailed values before they
    /// are enough.
    ///
    /// * `level` - its coverage, strictly between 0 and 1
    pub fn half_width(&self, level: f64, resolution: Resolution) -> Option<f64> {
        let n = self.n as f64;
        if n < self.settled_after() {
            return None;
        }
        Some(self.half_width_at(n, self.deviation()?, level, resolution))
    }

    /// Half the width after t draws like those seen.
    fn half_width_at(&self, t: f64, deviation: f64, level: f64, resolution: Resolution) -> f64 {
        let unseen = if self.is_alike(resolution.near) {
            resolution.far * unseen(t, level)
        } else {
            0.0
        };
        deviation * boundary(t, spread_level(level)) + unseen
    }

    /// The interval; nothing where it has no width yet.
    pub fn interval(&self, level: f64, resolution: Resolution) -> Option<Interval> {
        let half = self.half_width(level, resolution)?;
        Some(Interval {
            low: self.mean - half,
            high: self.mean + half,
        })
    }

    /// Draws before the first look: 25 (k - 1), where k is the kurtosis so far, and at least [`FIRST_LOOK`].
    ///
    /// The relative standard error of a sample variance is about sqrt((k - 1) / n). As k - 1 is never below the squared
    /// skewness, Cochran's rule for skewed values (25 times its square) is kept too. For an event of probability p it is
    /// about 25 / p: the event has happened 25 times. Draws that are all equal have no kurtosis:
    /// [`Sequence::half_width`] allows for what they do not show.
    pub fn settled_after(&self) -> f64 {
        let excess = if self.m2 > 0.0 {
            self.n as f64 * self.m4 / (self.m2 * self.m2) - 1.0
        } else {
            0.0
        };
        (PER_EXCESS * excess).max(FIRST_LOOK as f64)
    }

    /// Draws after which the interval would be no wider than `resolution.near` to either side, if they come as those so
    /// far; whole.
    ///
    /// * returns - nothing of fewer than 2 draws, or where no number of draws would do: a width that is not above 0
    pub fn draws_needed(&self, level: f64, resolution: Resolution) -> Option<f64> {
        let deviation = self.deviation()?;
        let width = |t: f64| self.half_width_at(t, deviation, level, resolution);
        let needed = first_within(width, resolution.near)?;
        Some(needed.max(self.settled_after()))
    }
}

/// Level that is left for the spread that has been seen.
fn spread_level(level: f64) -> f64 {
    1.0 - (1.0 - UNSEEN_PART) * (1.0 - level)
}

/// The largest plausible probability of a draw unlike the first, after t draws like it [1].
fn unseen(t: f64, level: f64) -> f64 {
    let error = UNSEEN_PART * (1.0 - level);
    -libm::expm1(libm::log(error) / (t - 1.0).max(1.0))
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

/// The first whole number of draws, from [`FIRST_LOOK`] on, after which a width that falls with every draw is no more than
/// is wanted; nothing where no number would do.
fn first_within(width: impl Fn(f64) -> f64, wanted: f64) -> Option<f64> {
    /// Beyond every run.
    const FARTHEST: f64 = 1e18;
    let is_enough = |t: f64| width(t) <= wanted;
    let first = FIRST_LOOK as f64;
    if is_enough(first) {
        return Some(first);
    }
    if !is_enough(FARTHEST) {
        return None;
    }
    let (mut low, mut high) = (first, FARTHEST);
    // Each step halves the distance on the scale of logarithms.
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

    /// Wanted to 1, and nothing can be farther off than 1.
    const UNIT: Resolution = Resolution {
        near: 0.0,
        far: 1.0,
    };

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
        assert_eq!(early.interval(LEVEL, UNIT), None);
        let first = of((0..100).map(f64::from));
        assert!(first.interval(LEVEL, UNIT).unwrap().holds(49.5));
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
        // 0, 0, 3: mean 1, deviations -1, -1, 2, squares 6, cubes 6, fourth powers 18.
        let s = of([0.0, f64::NAN, 0.0, 3.0]);
        assert_eq!((s.n(), s.mean()), (3, Some(1.0)));
        assert!(
            (s.m2 - 6.0).abs() < 1e-12 && (s.m3 - 6.0).abs() < 1e-12 && (s.m4 - 18.0).abs() < 1e-12,
            "{s:?}"
        );
        assert_eq!(Sequence::default().mean(), None);
    }

    #[test]
    fn a_rare_event_is_not_believed_until_it_has_happened_often() {
        // One in a hundred: kurtosis less 1 is (1 - 2 p)^2 / (p (1 - p)) = 97.0, so 25 x 97.0 = 2,425 draws.
        let rare = |n: u32| of((0..n).map(|i| f64::from(i % 100 == 0)));
        assert_eq!(rare(2400).interval(LEVEL, UNIT), None);
        assert!(rare(2500).interval(LEVEL, UNIT).is_some());
        // Of differences the rare ones may cancel out, so that there is no skewness: one in a hundred either way.
        let sign = |i: u32| if i.is_multiple_of(200) { 1.0 } else { -1.0 };
        let both = |n: u32| of((0..n).map(|i| f64::from(i % 100 == 0) * sign(i)));
        assert_eq!(both(2400).interval(LEVEL, UNIT), None);
        assert!(both(2600).interval(LEVEL, UNIT).is_some());
    }

    #[test]
    fn draws_that_are_all_equal_leave_room_for_what_was_not_seen() {
        // 1 - 0.01^(1 / 99) = 0.045452: what comes once in 22 draws may still not have come.
        let half = of([3.0; 100]).half_width(LEVEL, UNIT).unwrap();
        assert!((half - 0.045_452).abs() < 1e-6, "{half}");
        // Hardly different is as good as equal, as long as the difference is smaller than what is asked.
        let near = Resolution {
            near: 0.1,
            far: 1.0,
        };
        let hardly = of((0..100).map(|i| f64::from(i % 2) * 0.01));
        let half = hardly.half_width(LEVEL, near).unwrap();
        assert!((0.045_451..0.0475).contains(&half), "{half}");
        // Once the draws differ as much as is asked their own spread tells the width.
        let spread = of((0..100).map(|i| f64::from(i % 2)));
        let half = spread.half_width(LEVEL, near).unwrap();
        let own = spread.deviation().unwrap() * boundary(100.0, spread_level(LEVEL));
        assert_eq!(half, own);
    }

    #[test]
    fn what_was_never_seen_is_ruled_out_at_all_looks_no_more_often_than_promised() {
        // An event of probability p has not happened in the first n draws with probability (1 - p)^n: the first look at
        // which the bound is below p is the one at which it is most often wrong, and that is 1 in 100.
        for p in [0.3, 0.01, 0.0049, 1e-6_f64] {
            let first = first_within(|t| unseen(t, LEVEL), p).unwrap();
            let wrong = ((first - 1.0) * (-p).ln_1p()).exp();
            assert!(wrong <= 0.01 + 1e-9, "{p}: {wrong}");
        }
    }

    #[test]
    fn so_many_draws_as_are_told_make_it_as_narrow_and_one_fewer_do_not() {
        let waves = of((0..1000).map(|i| f64::from(i % 2) * 4.0));
        let narrow = |near: f64| Resolution { near, far: 1.0 };
        let n = waves.draws_needed(LEVEL, narrow(0.05)).unwrap();
        let half = |t: f64| waves.deviation().unwrap() * boundary(t, spread_level(LEVEL));
        assert!(half(n) <= 0.05 && half(n - 1.0) > 0.05);
        assert_eq!(waves.draws_needed(LEVEL, narrow(0.0)), None);
        // Of equal draws: log 0.01 / log(1 - 0.001) = 4,602.9 after the first.
        let equal = of([0.0; 100]);
        let needed = equal.draws_needed(LEVEL, narrow(0.001)).unwrap();
        assert!((needed - 4604.0).abs() <= 1.0, "{needed}");
        assert_eq!(of([0.0]).draws_needed(LEVEL, narrow(0.1)), None);
    }
}
