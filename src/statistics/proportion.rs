//! Whether a probability is as great as it should be, decided while draws come in.

use crate::statistics::interval::Interval;

/// How often something happened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Draws in which it happened, at most `n`.
    pub successes: u64,
    /// Draws.
    pub n: u64,
}

impl Counts {
    /// Takes in one draw.
    pub fn push(&mut self, is_success: bool) {
        self.successes += u64::from(is_success);
        self.n += 1;
    }

    /// The share; nothing of no draws.
    pub fn share(self) -> Option<f64> {
        (self.n > 0).then(|| self.successes as f64 / self.n as f64)
    }
}

/// A confidence sequence of a probability p from independent draws: an interval after each, and the chance that
/// any of them ever misses p is at most `error`. It is exact, not asymptotic, and holds from the first draw on.
///
/// After n draws with S successes it holds every p with
///
/// ```text
/// M(p) = B(a + S, b + n - S) / (B(a, b) p^S (1 - p)^(n - S)) < 1 / error
/// ```
///
/// M(p) is what a bettor who spreads a unit over all other probabilities by a beta law has made against p. At the
/// true p it is a martingale of mean 1, so by Ville's inequality it ever reaches 1 / error with a chance of at most
/// `error`, whenever one looks or stops.
///
/// # Source
/// Robbins (1970), "Statistical methods related to the law of the iterated logarithm", Annals of Mathematical
/// Statistics 41: the mixture. Ville (1939): the inequality.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixture {
    a: f64,
    b: f64,
}

impl Mixture {
    /// The sequence that is quick where a probability is held against `bound`: its beta law has that mean and the
    /// weight of one draw, so that a clear success and a clear failure cost few draws. What it promises does not
    /// hang on that choice.
    ///
    /// * `bound` - strictly between 0 and 1
    pub fn around(bound: f64) -> Mixture {
        Mixture {
            a: bound,
            b: 1.0 - bound,
        }
    }

    /// log M(p): how much speaks against a probability, in natural logarithms; infinite where it is impossible.
    ///
    /// * `p` - in 0 to 1
    pub fn against(&self, p: f64, counts: Counts) -> f64 {
        let (s, f) = (
            counts.successes as f64,
            counts.n.saturating_sub(counts.successes) as f64,
        );
        // 0 log 0 is 0.
        let times_log = |times: f64, p: f64| {
            if times > 0.0 {
                times * libm::log(p)
            } else {
                0.0
            }
        };
        log_beta(self.a + s, self.b + f)
            - log_beta(self.a, self.b)
            - times_log(s, p)
            - times_log(f, 1.0 - p)
    }

    /// On which side of `bound` the probability lies, where that is decided.
    ///
    /// The chance that it is ever decided wrongly is at most `error`. A probability of exactly `bound` is as great
    /// as it should be.
    ///
    /// * returns - true: p >= bound; false: p < bound; nothing: undecided
    pub fn is_reached(&self, bound: f64, counts: Counts, error: f64) -> Option<bool> {
        let share = counts.share()?;
        (self.against(bound, counts) >= -libm::log(error)).then_some(share > bound)
    }

    /// The interval after these draws; 0 to 1 after none.
    pub fn interval(&self, counts: Counts, error: f64) -> Interval {
        let Some(share) = counts.share() else {
            return Interval {
                low: 0.0,
                high: 1.0,
            };
        };
        let most = -libm::log(error);
        // From the share outwards M grows; it ends where M reaches its most.
        let end = |outside: f64| {
            let (mut inside, mut outside) = (share, outside);
            if self.against(outside, counts) < most {
                return outside;
            }
            for _ in 0..60 {
                let middle = (inside + outside) / 2.0;
                match self.against(middle, counts) < most {
                    true => inside = middle,
                    false => outside = middle,
                }
            }
            outside
        };
        Interval {
            low: end(0.0),
            high: end(1.0),
        }
    }

    /// About how many draws more decide it, if they come as those before.
    ///
    /// * returns - at least 1; infinite where the share is as great as the bound, or there is none
    pub fn draws_left(&self, bound: f64, counts: Counts, error: f64) -> f64 {
        let Some(share) = counts.share() else {
            return f64::INFINITY;
        };
        let term = |p: f64, q: f64| if p > 0.0 { p * libm::log(p / q) } else { 0.0 };
        let each = term(share, bound) + term(1.0 - share, 1.0 - bound);
        let wanted = -libm::log(error) - self.against(bound, counts);
        match each > 0.0 {
            true => (wanted / each).max(1.0),
            false => f64::INFINITY,
        }
    }
}

fn log_beta(a: f64, b: f64) -> f64 {
    libm::lgamma(a) + libm::lgamma(b) - libm::lgamma(a + b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, DiscreteCDF};

    /// SplitMix64: uniform numbers that are the same at each test.
    fn uniform(state: &mut u64) -> f64 {
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = *state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    fn counts(successes: u64, n: u64) -> Counts {
        Counts { successes, n }
    }

    /// Most of `n` that a promise of `error` lets go wrong but once in a million tests.
    fn most_wrong(n: u64, error: f64) -> u64 {
        let law = Binomial::new(error, n).unwrap();
        (0..=n).find(|k| law.sf(*k) < 1e-6).unwrap()
    }

    #[test]
    fn the_interval_misses_the_truth_at_any_look_no_more_often_than_promised() {
        const STREAMS: u64 = 1000;
        const DRAWS: u64 = 1000;
        const ERROR: f64 = 0.1;
        // False alarms: at most one in a million for each of the five probabilities.
        for (bound, p) in [
            (0.9, 0.9),
            (0.9, 0.97),
            (0.5, 0.3),
            (0.1, 0.004),
            (0.8, 0.8),
        ] {
            let mixture = Mixture::around(bound);
            let mut state = (p * 1e6) as u64;
            let mut missed = 0;
            for _ in 0..STREAMS {
                let mut seen = Counts::default();
                let misses = (0..DRAWS).any(|_| {
                    seen.push(uniform(&mut state) < p);
                    // The interval holds p where M(p) is below 1 / error.
                    mixture.against(p, seen) >= -libm::log(ERROR)
                });
                missed += u64::from(misses);
            }
            assert!(missed <= most_wrong(STREAMS, ERROR), "{p}: {missed}");
        }
    }

    #[test]
    fn a_decision_is_wrong_no_more_often_than_promised_and_comes() {
        const STREAMS: u64 = 500;
        const ERROR: f64 = 0.05;
        // False alarms: at most one in a million for each line.
        for (bound, p) in [(0.9, 0.85), (0.9, 0.95), (0.5, 0.42), (0.2, 0.26)] {
            let mixture = Mixture::around(bound);
            let mut state = (p * 1e6) as u64;
            let (mut wrong, mut undecided) = (0, 0);
            for _ in 0..STREAMS {
                let mut seen = Counts::default();
                let decided = (0..3000).find_map(|_| {
                    seen.push(uniform(&mut state) < p);
                    mixture.is_reached(bound, seen, ERROR)
                });
                match decided {
                    Some(is_reached) => wrong += u64::from(is_reached != (p >= bound)),
                    None => undecided += 1,
                }
            }
            assert!(wrong <= most_wrong(STREAMS, ERROR), "{p}: {wrong}");
            assert_eq!(undecided, 0, "{p}");
        }
    }

    #[test]
    fn the_interval_ends_where_the_evidence_does() {
        let mixture = Mixture::around(0.9);
        let seen = counts(75, 100);
        let interval = mixture.interval(seen, 0.05);
        assert!(interval.low < 0.75 && 0.75 < interval.high);
        for end in [interval.low, interval.high] {
            assert!((mixture.against(end, seen) + libm::log(0.05)).abs() < 1e-6);
        }
        assert_eq!(mixture.is_reached(0.9, seen, 0.05), Some(false));
        assert_eq!(mixture.is_reached(0.75, seen, 0.05), None);
        assert!(interval.high < 0.9);
        let nothing = mixture.interval(Counts::default(), 0.05);
        assert_eq!((nothing.low, nothing.high), (0.0, 1.0));
        let all = mixture.interval(counts(50, 50), 0.05);
        assert_eq!(all.high, 1.0);
        assert_eq!(mixture.interval(counts(0, 50), 0.05).low, 0.0);
    }

    #[test]
    fn clear_cases_take_few_draws() {
        let mixture = Mixture::around(0.9);
        let all = (1..).find(|n| mixture.is_reached(0.9, counts(*n, *n), 0.002).is_some());
        let none = (1..).find(|n| mixture.is_reached(0.9, counts(0, *n), 0.002).is_some());
        // No valid test does it in fewer than log 500 / -log 0.9 = 59 and log 500 / log 10 = 2.7 draws.
        assert!((59..=70).contains(&all.unwrap()), "{all:?}");
        assert!((3..=6).contains(&none.unwrap()), "{none:?}");
    }

    #[test]
    fn the_draws_that_are_left_are_foretold() {
        let mixture = Mixture::around(0.9);
        let left = mixture.draws_left(0.9, counts(160, 200), 1e-6);
        assert!(left > 1.0 && left < 400.0, "{left}");
        assert_eq!(
            mixture.draws_left(0.9, counts(90, 100), 0.05),
            f64::INFINITY
        );
        assert_eq!(
            mixture.draws_left(0.9, Counts::default(), 0.05),
            f64::INFINITY
        );
    }
}
