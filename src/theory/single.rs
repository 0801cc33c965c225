//! One worker: queues for a single place, and cases that share one worker.

use crate::model::law::Law;
use crate::theory::survival::second_moment;

/// Mean wait in M/G/1, first come first served [days]: `lambda E S^2 / (2 (1 - rho))`.
///
/// * `arrivals_per_day` - lambda
/// * `work` - law of the work [days]
/// * returns - nothing where rho = lambda E S >= 1
///
/// # Source
/// Pollaczek (1930), Khinchine (1932).
pub fn mean_wait(arrivals_per_day: f64, work: &Law) -> Option<f64> {
    let rho = arrivals_per_day * work.mean();
    (rho < 1.0).then(|| arrivals_per_day * second_moment(work) / (2.0 * (1.0 - rho)))
}

/// Mean number waiting in M/G/1, by Little's law; nothing where rho >= 1.
pub fn mean_queue(arrivals_per_day: f64, work: &Law) -> Option<f64> {
    mean_wait(arrivals_per_day, work).map(|wait| arrivals_per_day * wait)
}

/// Mean waits of the classes of an M/G/1 that serves the highest priority first and interrupts nobody
/// [days]: `W_k = W_0 / ((1 - sigma_(k-1)) (1 - sigma_k))`.
///
/// * `classes` - arrival rate and work of each, highest priority first
/// * returns - (classes,); nothing where all together load the worker to 1 or more
///
/// # Source
/// Cobham (1954), "Priority assignment in waiting line problems".
pub fn priority_waits(classes: &[(f64, &Law)]) -> Option<Vec<f64>> {
    let in_service: f64 = classes
        .iter()
        .map(|(rate, work)| rate * second_moment(work) / 2.0)
        .sum();
    let mut sigma = 0.0;
    let mut waits = Vec::with_capacity(classes.len());
    for (rate, work) in classes {
        let before = sigma;
        sigma += rate * work.mean();
        waits.push(in_service / ((1.0 - before) * (1.0 - sigma)));
    }
    (sigma < 1.0).then_some(waits)
}

/// A worker with time for m cases at full speed, whose n cases all run at speed min(1, m / n).
///
/// Poisson arrivals, any law of work: the number of cases depends on it through its mean only. With
/// m = 1 it is M/G/1 processor sharing; with large m, M/G/infinity.
///
/// # Source
/// Cohen (1979), "The multiple phase service network with generalized processor sharing";
/// p(n) proportional to a^n / product over k = 1..n of min(k, m), with a = lambda E S.
#[derive(Clone, Debug, PartialEq)]
pub struct SharedWorker {
    /// p(n), until what is left out is below 1e-14.
    pub probabilities: Vec<f64>,
    supply_cases: f64,
    arrivals_per_day: f64,
}

impl SharedWorker {
    /// * `arrivals_per_day` - lambda
    /// * `mean_work_days` - E S at full speed
    /// * `supply_cases` - m, the supply over the hours of one case; need not be whole
    /// * returns - nothing where a >= m, or a parameter is not positive and finite
    pub fn new(
        arrivals_per_day: f64,
        mean_work_days: f64,
        supply_cases: f64,
    ) -> Option<SharedWorker> {
        let a = arrivals_per_day * mean_work_days;
        let is_proper = a > 0.0 && supply_cases.is_finite() && a < supply_cases;
        if !is_proper {
            return None;
        }
        let mut weights = vec![1.0_f64];
        let (mut weight, mut highest, mut n) = (1.0_f64, 1.0_f64, 0.0_f64);
        loop {
            n += 1.0;
            let ratio = a / n.min(supply_cases);
            weight *= ratio;
            weights.push(weight);
            highest = highest.max(weight);
            // From m on weights are geometric; the tail is weight x ratio / (1 - ratio).
            let geometric = a / supply_cases;
            if n >= supply_cases && weight < 1e-15 * highest * (1.0 - geometric) {
                break;
            }
            // Before m they fall from the mode on and may vanish long before m.
            if ratio < 0.5 && weight < 1e-30 * highest {
                break;
            }
            if weight > 1e200 {
                weights.iter_mut().for_each(|w| *w *= 1e-200);
                weight *= 1e-200;
                highest *= 1e-200;
            }
        }
        let total: f64 = weights.iter().sum();
        Some(SharedWorker {
            probabilities: weights.iter().map(|w| w / total).collect(),
            supply_cases,
            arrivals_per_day,
        })
    }

    /// Mean number of cases.
    pub fn mean_cases(&self) -> f64 {
        self.mean_of(|n| n)
    }

    /// Mean time from arrival to closing [days], by Little's law.
    pub fn mean_time(&self) -> f64 {
        self.mean_cases() / self.arrivals_per_day
    }

    /// Share of time with more cases than supply.
    pub fn overloaded_share(&self) -> f64 {
        self.mean_of(|n| f64::from(n > self.supply_cases))
    }

    /// Share of the supply that is not used.
    pub fn slack(&self) -> f64 {
        self.mean_of(|n| 1.0 - n.min(self.supply_cases) / self.supply_cases)
    }

    /// Mean over time of a function of the number of cases.
    pub fn mean_of(&self, number: impl Fn(f64) -> f64) -> f64 {
        self.probabilities
            .iter()
            .enumerate()
            .map(|(n, p)| p * number(n as f64))
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::erlang::Mmc;
    use crate::theory::infinite::poisson;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn exponential_work_gives_the_single_exponential_queue() {
        let wait = mean_wait(0.9, &Law::Exponential { mean: 1.0 }).unwrap();
        near(wait, 9.0, 1e-12);
        near(wait, Mmc::new(1, 0.9, 1.0).unwrap().mean_wait(), 1e-9);
        near(
            mean_queue(0.9, &Law::Exponential { mean: 1.0 }).unwrap(),
            8.1,
            1e-12,
        );
    }

    #[test]
    fn fixed_work_waits_half_as_long() {
        near(
            mean_wait(0.8, &Law::Fixed { value: 1.0 }).unwrap(),
            2.0,
            1e-12,
        );
        assert_eq!(mean_wait(1.0, &Law::Fixed { value: 1.0 }), None);
    }

    #[test]
    fn priorities_share_the_wait_without_changing_the_total() {
        // Kleinrock's conservation law: the load-weighted mean of waits is that of M/G/1.
        let (urgent, other) = (Law::gamma(0.5, 0.7), Law::lognormal(2.0, 1.2));
        let waits = priority_waits(&[(0.4, &urgent), (0.3, &other)]).unwrap();
        let w0 = (0.4 * second_moment(&urgent) + 0.3 * second_moment(&other)) / 2.0;
        near(0.2 * waits[0] + 0.6 * waits[1], 0.8 * w0 / 0.2, 1e-10);
        assert!(waits[0] < waits[1]);
        // By hand: two exponential classes of mean 1 and rates 0.25: W0 = 0.5, 2/3 and 4/3.
        let one = Law::Exponential { mean: 1.0 };
        let by_hand = priority_waits(&[(0.25, &one), (0.25, &one)]).unwrap();
        near(by_hand[0], 0.5 / 0.75, 1e-12);
        near(by_hand[1], 0.5 / (0.75 * 0.5), 1e-12);
        assert_eq!(priority_waits(&[(0.5, &one), (0.5, &one)]), None);
    }

    #[test]
    fn time_for_one_case_is_processor_sharing() {
        let worker = SharedWorker::new(0.9, 1.0, 1.0).unwrap();
        near(worker.mean_cases(), 9.0, 1e-9);
        near(worker.probabilities[2], 0.1 * 0.81, 1e-12);
        near(worker.mean_time(), 10.0, 1e-9);
        near(worker.slack(), 0.1, 1e-12);
    }

    #[test]
    fn a_whole_supply_is_counted_like_many_places() {
        // min(n, m) served: the same numbers in the system as M/M/m.
        let worker = SharedWorker::new(0.15, 100.0, 16.0).unwrap();
        let places = Mmc::new(16, 0.15, 100.0).unwrap();
        near(worker.mean_cases(), places.mean_open(), 1e-8);
        near(worker.probabilities[10], places.open_probability(10), 1e-10);
        near(worker.slack(), 1.0 - 15.0 / 16.0, 1e-9);
    }

    #[test]
    fn a_supply_that_is_never_short_leaves_cases_poisson() {
        let worker = SharedWorker::new(0.1, 100.0, 500.5).unwrap();
        near(worker.mean_cases(), 10.0, 1e-9);
        near(worker.probabilities[7], poisson(10.0, 7), 1e-12);
        near(worker.overloaded_share(), 0.0, 1e-12);
        assert_eq!(SharedWorker::new(0.1, 100.0, 10.0), None);
    }
}
