//! Many places and one line: Erlang's formulas.

/// Probability that an arrival finds all places taken where nobody waits (M/G/c/c); it depends on the
/// law of the work through its mean only.
///
/// * `places` - c; 0 places: 1
/// * `load` - a = arrival rate x mean work [1], >= 0
///
/// # Source
/// Erlang (1917); the stable recursion B(k) = a B(k-1) / (k + a B(k-1)).
pub fn erlang_b(places: u32, load: f64) -> f64 {
    (1..=places).fold(1.0, |b, k| load * b / (f64::from(k) + load * b))
}

/// Probability that an arrival must wait in M/M/c.
///
/// * `places`, `load` - c and a = arrival rate x mean work; 1 where a >= c
///
/// # Source
/// Erlang (1917): C = B / (1 - (a / c) (1 - B)).
pub fn erlang_c(places: u32, load: f64) -> f64 {
    let c = f64::from(places);
    if load >= c {
        return 1.0;
    }
    let b = erlang_b(places, load);
    b / (1.0 - load / c * (1.0 - b))
}

/// M/M/c in equilibrium: c places (c posts with a limit of 1, or c / m posts with a limit of m),
/// Poisson referrals, exponential work, first come first served.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mmc {
    places: u32,
    arrivals_per_day: f64,
    mean_work_days: f64,
}

impl Mmc {
    /// * returns - nothing where the load reaches the places, so that there is no equilibrium, or a
    ///   parameter is negative
    pub fn new(places: u32, arrivals_per_day: f64, mean_work_days: f64) -> Option<Mmc> {
        let queue = Mmc {
            places,
            arrivals_per_day,
            mean_work_days,
        };
        let is_proper = arrivals_per_day >= 0.0 && mean_work_days >= 0.0;
        (is_proper && queue.load() < f64::from(places)).then_some(queue)
    }

    /// Offered load a = mean places taken [1].
    pub fn load(&self) -> f64 {
        self.arrivals_per_day * self.mean_work_days
    }

    /// Probability that an arrival waits.
    pub fn wait_probability(&self) -> f64 {
        erlang_c(self.places, self.load())
    }

    /// Mean number waiting: C a / (c - a).
    pub fn mean_queue(&self) -> f64 {
        let a = self.load();
        self.wait_probability() * a / (f64::from(self.places) - a)
    }

    /// Mean number in the system, waiting or being worked.
    pub fn mean_open(&self) -> f64 {
        self.mean_queue() + self.load()
    }

    /// Mean wait of all arrivals [days].
    pub fn mean_wait(&self) -> f64 {
        let spare = f64::from(self.places) - self.load();
        self.wait_probability() * self.mean_work_days / spare
    }

    /// Probability that an arrival waits longer than `t`: C exp(-(c - a) t / mean work).
    ///
    /// * `t` - >= 0 [days]
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        let spare = f64::from(self.places) - self.load();
        self.wait_probability() * libm::exp(-spare * t / self.mean_work_days)
    }

    /// Probability that n are in the system.
    pub fn open_probability(&self, n: u32) -> f64 {
        let (a, c) = (self.load(), self.places);
        // P(n = c) from C = P(c) / (1 - a / c), and from there up or down.
        let full = self.wait_probability() * (1.0 - a / f64::from(c));
        if n >= c {
            full * libm::pow(a / f64::from(c), f64::from(n - c))
        } else if a > 0.0 {
            (n + 1..=c).fold(full, |p, k| p * f64::from(k) / a)
        } else {
            f64::from(n == 0)
        }
    }
}

/// M/M/c+M in equilibrium (Erlang A): those who wait leave unserved at an exponential time.
#[derive(Clone, Debug, PartialEq)]
pub struct ErlangA {
    /// Mean number waiting.
    pub mean_queue: f64,
    /// Mean number being worked.
    pub mean_worked: f64,
    /// Probability that an arrival finds all places taken.
    pub wait_probability: f64,
    /// Probability that an arrival leaves unserved.
    pub abandon_probability: f64,
    /// Mean wait of all arrivals, served or not [days].
    pub mean_wait: f64,
}

impl ErlangA {
    /// Solved as a birth-death chain; the states left out hold less than 1e-14.
    ///
    /// * `places` - c
    /// * `arrivals_per_day`, `mean_work_days`, `mean_patience_days` - all > 0
    /// * returns - nothing where one is not positive and finite
    ///
    /// # Source
    /// Palm (1957); Garnett, Mandelbaum and Reiman (2002): abandonment = theta x mean queue / lambda.
    pub fn new(
        places: u32,
        arrivals_per_day: f64,
        mean_work_days: f64,
        mean_patience_days: f64,
    ) -> Option<ErlangA> {
        let all = [arrivals_per_day, mean_work_days, mean_patience_days];
        if all.iter().any(|x| !x.is_finite() || *x <= 0.0) {
            return None;
        }
        let leave = |n: u32| {
            f64::from(n.min(places)) / mean_work_days
                + f64::from(n.saturating_sub(places)) / mean_patience_days
        };
        let mut weights: Vec<f64> = vec![1.0];
        let (mut weight, mut highest, mut n) = (1.0_f64, 1.0_f64, 0_u32);
        loop {
            n += 1;
            let ratio = arrivals_per_day / leave(n);
            weight *= ratio;
            weights.push(weight);
            highest = highest.max(weight);
            // Beyond the mode weights fall at least as fast as a geometric series of this ratio.
            if ratio < 1.0 && weight < 1e-15 * highest * (1.0 - ratio) {
                break;
            }
            if weight > 1e200 {
                weights.iter_mut().for_each(|w| *w *= 1e-200);
                weight *= 1e-200;
                highest *= 1e-200;
            }
        }
        let total: f64 = weights.iter().sum();
        let mean = |number: &dyn Fn(u32) -> f64| {
            let sum: f64 = (0_u32..).zip(&weights).map(|(n, w)| number(n) * w).sum();
            sum / total
        };
        let mean_queue = mean(&|n| f64::from(n.saturating_sub(places)));
        Some(ErlangA {
            mean_queue,
            mean_worked: mean(&|n| f64::from(n.min(places))),
            wait_probability: mean(&|n| f64::from(n >= places)),
            abandon_probability: mean_queue / mean_patience_days / arrivals_per_day,
            mean_wait: mean_queue / arrivals_per_day,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn erlang_b_is_the_formula_in_factorials() {
        // a = 2, c = 3: (8/6) / (1 + 2 + 2 + 8/6) = 4/19.
        near(erlang_b(3, 2.0), 4.0 / 19.0, 1e-15);
        assert_eq!(erlang_b(0, 2.0), 1.0);
        assert_eq!(erlang_b(3, 0.0), 0.0);
    }

    #[test]
    fn one_place_is_the_textbook_single_queue() {
        // M/M/1 with load 0.9: queue 0.81 / 0.1, open 9, wait 9 works.
        let q = Mmc::new(1, 0.9, 1.0).unwrap();
        near(q.wait_probability(), 0.9, 1e-12);
        near(q.mean_queue(), 8.1, 1e-10);
        near(q.mean_open(), 9.0, 1e-10);
        near(q.mean_wait(), 9.0, 1e-10);
        near(q.open_probability(0), 0.1, 1e-12);
        near(q.open_probability(3), 0.1 * 0.729, 1e-12);
    }

    #[test]
    fn two_places_have_the_closed_form() {
        // c = 2, a = 1.5: C = a^2 / (2 + a) = 9/14, queue = C a / (c - a) = 27/14.
        let q = Mmc::new(2, 1.5, 1.0).unwrap();
        near(q.wait_probability(), 9.0 / 14.0, 1e-12);
        near(q.mean_queue(), 27.0 / 14.0, 1e-12);
        near(q.open_probability(0), 1.0 / 7.0, 1e-12);
    }

    #[test]
    fn littles_law_and_the_law_of_the_wait_agree() {
        let q = Mmc::new(20, 0.15, 120.0).unwrap();
        near(q.mean_queue(), 0.15 * q.mean_wait(), 1e-9);
        near(q.wait_exceeds(0.0), q.wait_probability(), 1e-12);
        // The integral of the exceedance is the mean.
        let spare = (20.0 - q.load()) / 120.0;
        near(q.wait_exceeds(0.0) / spare, q.mean_wait(), 1e-9);
        let total: f64 = (0..2000).map(|n| q.open_probability(n)).sum();
        near(total, 1.0, 1e-9);
        let mean: f64 = (0..2000)
            .map(|n| f64::from(n) * q.open_probability(n))
            .sum();
        near(mean, q.mean_open(), 1e-6);
    }

    #[test]
    fn without_equilibrium_there_is_no_answer() {
        assert_eq!(Mmc::new(2, 2.0, 1.0), None);
        assert_eq!(Mmc::new(0, 0.0, 1.0), None);
        assert_eq!(erlang_c(2, 3.0), 1.0);
        assert_eq!(ErlangA::new(2, 2.0, 1.0, 0.0), None);
    }

    #[test]
    fn patience_as_long_as_the_work_makes_open_cases_poisson() {
        // With theta = mu everyone in the system leaves at rate mu: M/M/infinity.
        let a = ErlangA::new(3, 4.0, 1.0, 1.0).unwrap();
        near(a.mean_queue + a.mean_worked, 4.0, 1e-12);
        let below: f64 = (0..3)
            .map(|n| crate::theory::infinite::poisson(4.0, n))
            .sum();
        near(a.wait_probability, 1.0 - below, 1e-12);
    }

    #[test]
    fn endless_patience_is_erlang_c_and_what_comes_in_goes_out() {
        let c = Mmc::new(5, 4.0, 1.0).unwrap();
        let a = ErlangA::new(5, 4.0, 1.0, 1e9).unwrap();
        near(a.mean_queue, c.mean_queue(), 1e-5);
        near(a.wait_probability, c.wait_probability(), 1e-6);
        let over = ErlangA::new(5, 9.0, 1.0, 2.0).unwrap();
        near(over.mean_worked + over.mean_queue / 2.0, 9.0, 1e-9);
        near(over.abandon_probability, over.mean_queue / 18.0, 1e-12);
        assert!(ErlangA::new(900, 1000.0, 1.0, 5.0).unwrap().mean_queue > 400.0);
    }
}
