//! Laws of what is left: the equilibrium residual of one clock, and the first exit of several.

use crate::model::law::Law;
use crate::theory::quadrature::integrate;
use crate::theory::survival::{atoms, density, mean_until, second_moment, survival};

/// Probability that the rest of a duration found running in equilibrium is longer than `t`:
/// `S_e(t) = integral of S from t to infinity / mean`. The age has the same law.
///
/// # Source
/// Cox, Renewal Theory (1962), section 5.2.
pub fn residual_survival(law: &Law, t: f64) -> f64 {
    let mean = law.mean();
    if mean > 0.0 {
        (1.0 - mean_until(law, t) / mean).max(0.0)
    } else {
        0.0
    }
}

/// Mean rest (or age) of a duration found running in equilibrium: `E X^2 / (2 E X)` [unit of the law].
pub fn mean_residual(law: &Law) -> f64 {
    let mean = law.mean();
    if mean > 0.0 {
        second_moment(law) / (2.0 * mean)
    } else {
        0.0
    }
}

/// Several clocks started together, of which the first to ring ends the stage.
#[derive(Clone, Debug, PartialEq)]
pub struct FirstExit {
    /// The clocks, each with its law at the speed at which it runs.
    clocks: Vec<Law>,
    /// Mean time to the first ring [unit of the laws].
    pub mean: f64,
    /// For each clock, the probability that it is the first; they sum to 1.
    pub first: Vec<f64>,
}

/// Absolute tolerance of the probabilities, and relative one of times.
const TOLERANCE: f64 = 1e-11;

impl FirstExit {
    /// Independent clocks. At a tie, possible between fixed or listed durations, the earlier in the
    /// list rings first.
    ///
    /// * `clocks` - laws of their durations; none: the answer is nothing, since nothing ever rings
    ///
    /// # Source
    /// `E min = integral of the product of survivals`, `P(i first) = integral of f_i times the
    /// product of the other survivals`, on the logarithm of time, where every law here is smooth;
    /// adaptive quadrature to about 1e-10.
    pub fn new(clocks: &[Law]) -> Option<FirstExit> {
        if clocks.is_empty() {
            return None;
        }
        let mut exit = FirstExit {
            clocks: clocks.to_vec(),
            mean: 0.0,
            first: vec![0.0; clocks.len()],
        };
        if let Some(at) = clocks.iter().position(Law::is_zero) {
            exit.first[at] = 1.0;
            return Some(exit);
        }
        if let [only] = clocks {
            exit.mean = only.mean();
            exit.first[0] = 1.0;
            return Some(exit);
        }
        if let Some(rates) = exponential_rates(clocks) {
            let total: f64 = rates.iter().sum();
            exit.mean = 1.0 / total;
            exit.first = rates.iter().map(|r| r / total).collect();
            return Some(exit);
        }
        exit.mean = exit.mean_until(f64::INFINITY);
        for i in 0..clocks.len() {
            exit.first[i] = exit.probability_first(i);
        }
        let total: f64 = exit.first.iter().sum();
        if total > 0.0 {
            exit.first.iter_mut().for_each(|p| *p /= total);
        }
        Some(exit)
    }

    /// Probability that none has rung by `t`.
    pub fn survival(&self, t: f64) -> f64 {
        self.clocks.iter().map(|law| survival(law, t)).product()
    }

    /// Probability that the age of a stage found running in equilibrium is above `t` (and, by
    /// symmetry, that what is left to the first ring is).
    pub fn age_survival(&self, t: f64) -> f64 {
        if self.mean > 0.0 {
            (1.0 - self.mean_until(t) / self.mean).max(0.0)
        } else {
            0.0
        }
    }

    /// Mean of the smaller of `t` and the time of the first ring [unit of the laws].
    pub fn mean_until(&self, t: f64) -> f64 {
        let scale = self.scale();
        self.pieces(t)
            .iter()
            .map(|(from, to)| {
                let by_log = |x: f64| {
                    let u = libm::exp(x);
                    u * self.survival(u)
                };
                integrate(by_log, *from, *to, TOLERANCE * scale)
            })
            .sum::<f64>()
            // Before the first piece everything survives.
            + self.begin().min(t)
    }

    fn probability_first(&self, i: usize) -> f64 {
        let jumps: f64 = atoms(&self.clocks[i])
            .iter()
            .map(|(v, p)| p * self.others_survive(i, *v))
            .sum();
        let smooth: f64 = if atoms(&self.clocks[i]).is_empty() {
            self.pieces(f64::INFINITY)
                .iter()
                .map(|(from, to)| {
                    let by_log = |x: f64| {
                        let u = libm::exp(x);
                        u * density(&self.clocks[i], u) * self.others_survive(i, u)
                    };
                    integrate(by_log, *from, *to, TOLERANCE)
                })
                .sum()
        } else {
            0.0
        };
        jumps + smooth
    }

    /// Probability that no other clock rings before `t`, nor one earlier in the list at `t`.
    fn others_survive(&self, i: usize, t: f64) -> f64 {
        self.clocks
            .iter()
            .enumerate()
            .filter(|(j, _)| *j != i)
            .map(|(j, law)| {
                let at_t: f64 = if j > i {
                    atoms(law)
                        .iter()
                        .filter(|(v, _)| *v == t)
                        .map(|(_, p)| p)
                        .sum()
                } else {
                    0.0
                };
                survival(law, t) + at_t
            })
            .product()
    }

    /// The shortest mean, as a scale of time.
    fn scale(&self) -> f64 {
        self.clocks
            .iter()
            .map(Law::mean)
            .fold(f64::INFINITY, f64::min)
    }

    /// Where the quadrature begins: a ring before is rarer than 1e-13, unless the laws pile up at 0
    /// beyond reason.
    fn begin(&self) -> f64 {
        let mut t = self.scale();
        for _ in 0..300 {
            if 1.0 - self.survival(t) < 1e-13 {
                break;
            }
            t *= 0.5;
        }
        t
    }

    /// Where it ends: `t S(t)` is negligible beyond.
    fn end(&self) -> f64 {
        let scale = self.scale();
        let mut t = scale;
        while t * self.survival(t) > 1e-15 * scale && t < 1e12 * scale {
            t *= 1.5;
        }
        t
    }

    /// Intervals of the logarithm of time between jumps, up to `t`, each at most 2 long.
    fn pieces(&self, t: f64) -> Vec<(f64, f64)> {
        let (begin, end) = (self.begin(), self.end().min(t));
        if end <= begin {
            return Vec::new();
        }
        let mut bounds: Vec<f64> = self
            .clocks
            .iter()
            .flat_map(atoms)
            .map(|(v, _)| v)
            .filter(|v| begin < *v && *v < end)
            .chain([begin, end])
            .map(libm::log)
            .collect();
        bounds.sort_by(f64::total_cmp);
        let mut pieces = Vec::new();
        for pair in bounds.windows(2) {
            let parts = libm::ceil((pair[1] - pair[0]) / 2.0).max(1.0);
            let step = (pair[1] - pair[0]) / parts;
            for k in 0..parts as usize {
                let from = pair[0] + step * k as f64;
                pieces.push((from, from + step));
            }
        }
        pieces
    }
}

/// The rates of the clocks where all are exponential.
fn exponential_rates(clocks: &[Law]) -> Option<Vec<f64>> {
    clocks
        .iter()
        .map(|law| match law {
            Law::Exponential { mean } => Some(1.0 / mean),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::law::Discrete;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn the_residual_of_an_exponential_is_itself() {
        let law = Law::Exponential { mean: 100.0 };
        near(residual_survival(&law, 30.0), survival(&law, 30.0), 1e-12);
        near(mean_residual(&law), 100.0, 1e-9);
    }

    #[test]
    fn the_residual_of_a_fixed_duration_is_uniform() {
        let law = Law::Fixed { value: 80.0 };
        near(residual_survival(&law, 20.0), 0.75, 1e-12);
        near(mean_residual(&law), 40.0, 1e-12);
        assert_eq!(residual_survival(&law, 200.0), 0.0);
    }

    #[test]
    fn the_mean_residual_is_the_integral_of_its_survival() {
        let law = Law::lognormal(100.0, 0.8);
        let by_hand = integrate(|t| residual_survival(&law, t), 0.0, 2e4, 1e-6);
        near(by_hand, mean_residual(&law), 1e-3);
    }

    #[test]
    fn a_gamma_and_an_exponential_race_as_the_laplace_transform_says() {
        // P(exponential of rate r after gamma(k, s)) = (1 + r s)^-k, and r E min = P(it is first).
        for shape in [0.3, 4.0] {
            let clocks = [
                Law::Gamma { shape, scale: 25.0 },
                Law::Exponential { mean: 60.0 },
            ];
            let exit = FirstExit::new(&clocks).unwrap();
            let gamma_first = (1.0 + 25.0 / 60.0_f64).powf(-shape);
            near(exit.first[0], gamma_first, 1e-9);
            near(exit.first[1], 1.0 - gamma_first, 1e-9);
            near(exit.mean, 60.0 * (1.0 - gamma_first), 1e-7);
        }
    }

    #[test]
    fn exponentials_race_by_their_rates_in_closed_form_and_by_quadrature() {
        let clocks = [
            Law::Exponential { mean: 120.0 },
            Law::Exponential { mean: 300.0 },
        ];
        let exit = FirstExit::new(&clocks).unwrap();
        near(exit.mean, 1.0 / (1.0 / 120.0 + 1.0 / 300.0), 1e-12);
        near(exit.mean_until(f64::INFINITY), exit.mean, 1e-7);
        near(exit.probability_first(0), exit.first[0], 1e-9);
        near(exit.age_survival(50.0), exit.survival(50.0), 1e-9);
    }

    #[test]
    fn a_fixed_clock_cuts_the_others_off() {
        let clocks = [Law::Fixed { value: 50.0 }, Law::Exponential { mean: 100.0 }];
        let exit = FirstExit::new(&clocks).unwrap();
        near(exit.first[0], (-0.5_f64).exp(), 1e-9);
        near(exit.mean, 100.0 * (1.0 - (-0.5_f64).exp()), 1e-7);
        assert_eq!(exit.survival(50.0), 0.0);
    }

    #[test]
    fn at_a_tie_the_earlier_clock_is_first() {
        let list = Discrete::new(vec![(10.0, 0.5), (30.0, 0.5)]).unwrap();
        let clocks = [Law::Empirical { values: list }, Law::Fixed { value: 30.0 }];
        let exit = FirstExit::new(&clocks).unwrap();
        near(exit.first[0], 1.0, 1e-12);
        near(exit.mean, 20.0, 1e-8);
        let turned = FirstExit::new(&[clocks[1].clone(), clocks[0].clone()]).unwrap();
        near(turned.first[0], 0.5, 1e-12);
    }

    #[test]
    fn no_clock_never_rings_and_a_clock_at_zero_rings_at_once() {
        assert_eq!(FirstExit::new(&[]), None);
        let exit = FirstExit::new(&[Law::Exponential { mean: 5.0 }, Law::Fixed { value: 0.0 }]);
        let exit = exit.unwrap();
        assert_eq!((exit.mean, exit.first), (0.0, vec![0.0, 1.0]));
    }
}
