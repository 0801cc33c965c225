//! What a law says of a duration: survival, density, second moment, expected part lived by a time.

use statrs::function::erf::erfc;
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};

use crate::model::law::{Discrete, Law};

/// Upper regularised incomplete gamma function, whole range.
fn gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else {
        checked_gamma_ur(a, x).unwrap_or(0.0).clamp(0.0, 1.0)
    }
}

/// Lower regularised incomplete gamma function, whole range.
pub(crate) fn gamma_lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else {
        checked_gamma_lr(a, x).unwrap_or(1.0).clamp(0.0, 1.0)
    }
}

/// Probability that a standard normal number is above `x`.
pub fn normal_above(x: f64) -> f64 {
    0.5 * erfc(x * std::f64::consts::FRAC_1_SQRT_2)
}

/// Probability that a duration is longer than `t`.
///
/// * `t` - in the unit of the law; below 0 the answer is 1
pub fn survival(law: &Law, t: f64) -> f64 {
    if t < 0.0 {
        return 1.0;
    }
    match law {
        Law::Fixed { value } => f64::from(*value > t),
        Law::Exponential { mean } => libm::exp(-t / mean),
        Law::Gamma { shape, scale } => gamma_upper(*shape, t / scale),
        Law::Lognormal { mu, sigma } => {
            if *sigma > 0.0 {
                normal_above((libm::log(t) - mu) / sigma)
            } else {
                f64::from(libm::exp(*mu) > t)
            }
        }
        Law::Weibull { shape, scale } => libm::exp(-libm::pow(t / scale, *shape)),
        Law::Empirical { values } => values.iter().filter(|(v, _)| **v > t).map(|(_, p)| p).sum(),
    }
}

/// Density of a duration at `t` > 0 [per unit of the law]; 0 where the law has jumps only.
pub fn density(law: &Law, t: f64) -> f64 {
    match law {
        Law::Exponential { mean } => libm::exp(-t / mean) / mean,
        Law::Gamma { shape, scale } => {
            let x = t / scale;
            libm::exp((shape - 1.0) * libm::log(x) - x - ln_gamma(*shape)) / scale
        }
        Law::Lognormal { mu, sigma } if *sigma > 0.0 => {
            let z = (libm::log(t) - mu) / sigma;
            libm::exp(-0.5 * z * z) / (t * sigma * libm::sqrt(std::f64::consts::TAU))
        }
        Law::Weibull { shape, scale } => {
            let x = t / scale;
            shape / scale * libm::pow(x, shape - 1.0) * libm::exp(-libm::pow(x, *shape))
        }
        Law::Fixed { .. } | Law::Lognormal { .. } | Law::Empirical { .. } => 0.0,
    }
}

/// The values that a law takes with a probability of their own, with that probability.
pub fn atoms(law: &Law) -> Vec<(f64, f64)> {
    match law {
        Law::Fixed { value } => vec![(*value, 1.0)],
        Law::Lognormal { mu, sigma } if *sigma <= 0.0 => vec![(libm::exp(*mu), 1.0)],
        Law::Empirical { values } => values.iter().map(|(v, p)| (*v, p)).collect(),
        _ => Vec::new(),
    }
}

/// Mean of the square of a duration [unit of the law, squared].
///
/// # Source
/// The raw moments in Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions, vol. 1.
pub fn second_moment(law: &Law) -> f64 {
    match law {
        Law::Fixed { value } => value * value,
        Law::Exponential { mean } => 2.0 * mean * mean,
        Law::Gamma { shape, scale } => shape * (shape + 1.0) * scale * scale,
        Law::Lognormal { mu, sigma } => libm::exp(2.0 * mu + 2.0 * sigma * sigma),
        Law::Weibull { shape, scale } => scale * scale * libm::tgamma(1.0 + 2.0 / shape),
        Law::Empirical { values } => values.mean_by(|v| v * v),
    }
}

/// Expected part of a duration that lies before `t`: the mean of min(X, t), which is the integral of
/// the survival function from 0 to t.
///
/// * `t` - >= 0, may be infinite: then the mean
pub fn mean_until(law: &Law, t: f64) -> f64 {
    if t <= 0.0 {
        return 0.0;
    }
    if t.is_infinite() {
        return law.mean();
    }
    match law {
        Law::Fixed { value } => value.min(t),
        Law::Exponential { mean } => -mean * libm::expm1(-t / mean),
        Law::Gamma { shape, scale } => {
            let x = t / scale;
            shape * scale * gamma_lower(shape + 1.0, x) + t * gamma_upper(*shape, x)
        }
        Law::Lognormal { mu, sigma } => {
            if *sigma > 0.0 {
                let z = (libm::log(t) - mu) / sigma;
                law.mean() * normal_above(sigma - z) + t * normal_above(z)
            } else {
                libm::exp(*mu).min(t)
            }
        }
        Law::Weibull { shape, scale } => {
            let x = libm::pow(t / scale, *shape);
            law.mean() * gamma_lower(1.0 + 1.0 / shape, x) + t * libm::exp(-x)
        }
        Law::Empirical { values } => values.mean_by(|v| v.min(t)),
    }
}

/// The law of `factor` times a duration: a clock that runs at speed v has the law scaled by 1 / v.
///
/// * `factor` - > 0
pub fn scaled(law: &Law, factor: f64) -> Law {
    match law {
        Law::Fixed { value } => Law::Fixed {
            value: value * factor,
        },
        Law::Exponential { mean } => Law::Exponential {
            mean: mean * factor,
        },
        Law::Gamma { shape, scale } => Law::Gamma {
            shape: *shape,
            scale: scale * factor,
        },
        Law::Lognormal { mu, sigma } => Law::Lognormal {
            mu: mu + libm::log(factor),
            sigma: *sigma,
        },
        Law::Weibull { shape, scale } => Law::Weibull {
            shape: *shape,
            scale: scale * factor,
        },
        Law::Empirical { values } => {
            let scaled = values.iter().map(|(v, p)| (v * factor, p)).collect();
            Law::Empirical {
                values: Discrete::new(scaled).unwrap_or_else(|| values.clone()),
            }
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::theory::quadrature::integrate;

    /// One law of each kind, with means of about 100.
    pub(crate) fn all_kinds() -> Vec<Law> {
        vec![
            Law::Fixed { value: 90.0 },
            Law::Exponential { mean: 120.0 },
            Law::gamma(100.0, 0.5),
            Law::gamma(100.0, 1.5),
            Law::lognormal(110.0, 0.8),
            Law::Weibull {
                shape: 1.7,
                scale: 100.0,
            },
            Law::Weibull {
                shape: 0.8,
                scale: 80.0,
            },
            Law::Empirical {
                values: Discrete::new(vec![(10.0, 1.0), (50.0, 2.0), (200.0, 1.0)]).unwrap(),
            },
        ]
    }

    #[test]
    fn the_part_lived_is_the_integral_of_survival() {
        for law in all_kinds() {
            for t in [3.0, 60.0, 400.0] {
                let mut bounds = vec![0.0, t];
                bounds.extend(atoms(&law).iter().map(|(v, _)| *v).filter(|v| *v < t));
                bounds.sort_by(f64::total_cmp);
                let by_hand: f64 = bounds
                    .windows(2)
                    .map(|w| integrate(|u| survival(&law, u), w[0], w[1], 1e-9))
                    .sum();
                let closed = mean_until(&law, t);
                assert!(
                    (closed - by_hand).abs() < 1e-7,
                    "{law:?} {t}: {closed} {by_hand}"
                );
            }
            assert!(
                (mean_until(&law, 1e7) / law.mean() - 1.0).abs() < 1e-6,
                "{law:?}"
            );
        }
    }

    #[test]
    fn the_density_is_the_slope_of_survival() {
        for law in all_kinds().into_iter().filter(|l| atoms(l).is_empty()) {
            for t in [20.0, 150.0] {
                let slope = (survival(&law, t - 1e-3) - survival(&law, t + 1e-3)) / 2e-3;
                assert!((slope / density(&law, t) - 1.0).abs() < 1e-5, "{law:?} {t}");
            }
        }
    }

    #[test]
    fn second_moments_agree_with_the_coefficient_of_variation() {
        let by_cv = |mean: f64, cv: f64| mean * mean * (1.0 + cv * cv);
        assert!((second_moment(&Law::gamma(100.0, 0.5)) - by_cv(100.0, 0.5)).abs() < 1e-8);
        assert!((second_moment(&Law::lognormal(100.0, 0.8)) - by_cv(100.0, 0.8)).abs() < 1e-8);
        let weibull = Law::Weibull {
            shape: 1.0,
            scale: 7.0,
        };
        assert!((second_moment(&weibull) - 98.0).abs() < 1e-10);
        assert_eq!(second_moment(&all_kinds()[7]), 25.0 + 1250.0 + 10_000.0);
    }

    #[test]
    fn a_faster_clock_shortens_every_law_alike() {
        for law in all_kinds() {
            let half = scaled(&law, 0.5);
            assert!((half.mean() - law.mean() / 2.0).abs() < 1e-9, "{law:?}");
            assert!((survival(&half, 30.0) - survival(&law, 60.0)).abs() < 1e-12);
        }
    }
}
