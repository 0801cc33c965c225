//! Strain under constant overload, and what it does to burnout and leaving.

use statrs::function::erf::erfc_inv;

use crate::theory::quadrature::integrate;
use crate::theory::survival::normal_above;

/// Strain that follows a constant target with memory: `dz/dt = (target - z) / tau`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    /// Strain at 0 [standard deviations].
    pub begin: f64,
    /// gain x (workload ratio above onset) [standard deviations].
    pub target: f64,
    /// Memory [days]; 0: strain is the target at once.
    pub tau_days: f64,
}

impl Path {
    /// Strain at `t` >= 0: `target + (begin - target) exp(-t / tau)`.
    pub fn at(&self, t: f64) -> f64 {
        if self.tau_days <= 0.0 {
            return self.target;
        }
        self.target + (self.begin - self.target) * libm::exp(-t / self.tau_days)
    }

    /// When strain first is `level` [days]; nothing where it never is.
    pub fn time_to(&self, level: f64) -> Option<f64> {
        if self.begin == level {
            return Some(0.0);
        }
        if self.tau_days <= 0.0 {
            return (self.target == level).then_some(0.0);
        }
        let part = (level - self.target) / (self.begin - self.target);
        (part > 0.0 && part < 1.0).then(|| -self.tau_days * libm::log(part))
    }

    /// Probability to be still there at `t` under the hazard `min(base x exp(b z), most)`.
    ///
    /// * `base_per_day`, `most_per_day` - [per day]
    /// * returns - exp(-integral of the hazard), by quadrature to a relative 1e-10
    pub fn survival(&self, base_per_day: f64, b: f64, most_per_day: f64, t: f64) -> f64 {
        let hazard = |u: f64| (base_per_day * libm::exp(b * self.at(u))).min(most_per_day);
        // The hazard has a kink where it meets its bound.
        let kink = (b != 0.0 && base_per_day > 0.0 && most_per_day.is_finite())
            .then(|| self.time_to(libm::log(most_per_day / base_per_day) / b))
            .flatten()
            .filter(|k| 0.0 < *k && *k < t)
            .unwrap_or(t);
        let sum = integrate(hazard, 0.0, kink, 1e-11) + integrate(hazard, kink, t, 1e-11);
        libm::exp(-sum)
    }
}

/// The level c above which disposition and strain together are burnout: a share `base` of a standard
/// normal disposition lies above it.
///
/// * `base` - strictly between 0 and 1
pub fn burnout_threshold(base: f64) -> f64 {
    std::f64::consts::SQRT_2 * erfc_inv(2.0 * base)
}

/// Share of workers who are burnt out at a common strain: P(a + z > c).
pub fn burnt_out_share(base: f64, strain: f64) -> f64 {
    normal_above(burnout_threshold(base) - strain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    const OVERLOADED: Path = Path {
        begin: 0.0,
        target: 1.4 * 0.5,
        tau_days: 91.0,
    };

    #[test]
    fn strain_rises_as_one_less_the_exponential() {
        near(OVERLOADED.at(91.0), 0.7 * (1.0 - (-1.0_f64).exp()), 1e-12);
        assert_eq!(OVERLOADED.at(0.0), 0.0);
        let at_once = Path {
            tau_days: 0.0,
            ..OVERLOADED
        };
        assert_eq!(at_once.at(0.0), 0.7);
    }

    #[test]
    fn the_time_to_a_level_is_when_strain_is_there() {
        let t = OVERLOADED.time_to(0.5).unwrap();
        near(OVERLOADED.at(t), 0.5, 1e-12);
        near(
            OVERLOADED.time_to(0.35).unwrap(),
            91.0 * 2.0_f64.ln(),
            1e-10,
        );
        assert_eq!(OVERLOADED.time_to(0.7), None);
        assert_eq!(OVERLOADED.time_to(-0.1), None);
    }

    #[test]
    fn survival_is_exponential_where_strain_stands_still() {
        let still = Path {
            begin: 0.7,
            ..OVERLOADED
        };
        let expected = (-0.001 * (0.3_f64 * 0.7).exp() * 365.0).exp();
        near(
            still.survival(0.001, 0.3, f64::INFINITY, 365.0),
            expected,
            1e-12,
        );
        near(
            OVERLOADED.survival(0.001, 0.0, 1.0, 365.0),
            (-0.365_f64).exp(),
            1e-12,
        );
    }

    #[test]
    fn survival_agrees_with_the_exponential_integral_series() {
        // With z = g (1 - e^(-t/tau)): integral of e^(b z) = e^(b g) x sum over k of
        // (-b g)^k / k! x tau (1 - e^(-k t / tau)) / k, the first term t.
        let (b, t) = (0.3, 400.0);
        let (g, tau) = (0.7, 91.0);
        let (mut sum, mut term) = (t, 1.0);
        for k in 1..40 {
            let k = f64::from(k);
            term *= -b * g / k;
            sum += term * tau * (1.0 - (-k * t / tau).exp()) / k;
        }
        let expected = (-0.001 * (b * g).exp() * sum).exp();
        near(
            OVERLOADED.survival(0.001, b, f64::INFINITY, t),
            expected,
            1e-11,
        );
    }

    #[test]
    fn a_bound_on_the_hazard_is_kept() {
        let bound = 0.001 * (0.3_f64 * 0.35).exp();
        let free = OVERLOADED.time_to(0.35).unwrap();
        let with = OVERLOADED.survival(0.001, 0.3, bound, 400.0);
        let until = OVERLOADED.survival(0.001, 0.3, f64::INFINITY, free);
        near(with, until * (-bound * (400.0 - free)).exp(), 1e-10);
    }

    #[test]
    fn burnout_without_strain_is_the_base() {
        near(burnt_out_share(0.2, 0.0), 0.2, 1e-10);
        near(burnout_threshold(0.2), 0.841_621_233_572_914, 1e-9);
        near(burnt_out_share(0.2, burnout_threshold(0.2)), 0.5, 1e-10);
    }
}
