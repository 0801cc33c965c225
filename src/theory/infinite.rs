//! Nobody waits and nobody is slowed down: open cases of M/G/infinity.

use statrs::function::gamma::ln_gamma;

use crate::model::law::Law;
use crate::theory::residual::residual_survival;
use crate::theory::survival::mean_until;

/// Mean number of open cases at `t`, of those that came since 0: lambda x integral of S from 0 to t.
/// The number is Poisson.
///
/// * `arrivals_per_day` - lambda, constant
/// * `stay` - law of the time a case stays open [days]
/// * `t` - >= 0 [days]; infinity: the equilibrium mean lambda E S
///
/// # Source
/// Eick, Massey and Whitt (1993), "The physics of the Mt/G/infinity queue".
pub fn open_since(arrivals_per_day: f64, stay: &Law, t: f64) -> f64 {
    arrivals_per_day * mean_until(stay, t)
}

/// Mean number of open cases at `t` with an opening caseload whose rests have the equilibrium law.
///
/// * `opening` - cases open at 0; each is still open at `t` with probability S_e(t), independently
pub fn open_with_stock(opening: f64, arrivals_per_day: f64, stay: &Law, t: f64) -> f64 {
    opening * residual_survival(stay, t) + open_since(arrivals_per_day, stay, t)
}

/// Probability that a Poisson number with mean `mean` is n.
pub fn poisson(mean: f64, n: u64) -> f64 {
    if mean <= 0.0 {
        return f64::from(n == 0);
    }
    let k = n as f64;
    libm::exp(k * libm::log(mean) - mean - ln_gamma(k + 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::survival::tests::all_kinds;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn from_an_empty_start_exponential_stays_fill_up_exponentially() {
        let stay = Law::Exponential { mean: 100.0 };
        near(
            open_since(0.5, &stay, 100.0),
            50.0 * (1.0 - (-1.0_f64).exp()),
            1e-10,
        );
        near(open_since(0.5, &stay, f64::INFINITY), 50.0, 1e-12);
    }

    #[test]
    fn fixed_stays_fill_up_in_a_straight_line() {
        let stay = Law::Fixed { value: 100.0 };
        near(open_since(0.5, &stay, 40.0), 20.0, 1e-12);
        near(open_since(0.5, &stay, 400.0), 50.0, 1e-12);
    }

    #[test]
    fn a_stock_in_equilibrium_stays_there_under_every_law() {
        for stay in all_kinds() {
            let level = 0.3 * stay.mean();
            for t in [1.0, 50.0, 500.0] {
                near(open_with_stock(level, 0.3, &stay, t), level, 1e-9 * level);
            }
        }
    }

    #[test]
    fn poisson_probabilities_are_the_formula() {
        near(poisson(2.0, 3), 8.0 / 6.0 * (-2.0_f64).exp(), 1e-12);
        assert_eq!(poisson(0.0, 0), 1.0);
        assert_eq!(poisson(0.0, 2), 0.0);
        near((0..200).map(|n| poisson(60.0, n)).sum(), 1.0, 1e-10);
    }
}
