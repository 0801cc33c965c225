//! What a law says of a duration: survival, density, second moment, expected part lived by a time.

use statrs::function::erf::erfc;
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur, ln_gamma};

use crate::model::law::{Discrete, Law};

/// From this shape on (a coefficient of variation of a thousandth) a gamma law is computed by its expansion for large
/// shapes: series and continued fractions take more and more steps, about `sqrt(a)`.
const LARGE_SHAPE: f64 = 1e6;

/// `lambda - 1 - log(lambda)` at `lambda = 1 + d`, without cancellation near 0.
fn excess(d: f64) -> f64 {
    if libm::fabs(d) < 0.01 {
        let terms = (2..=9)
            .rev()
            .map(|n| (n, if n % 2 == 0 { 1.0 } else { -1.0 } / f64::from(n)));
        d * d * terms.fold(0.0, |sum, (_, term)| sum * d + term)
    } else {
        d - libm::log1p(d)
    }
}

/// Upper regularised incomplete gamma function for `a` of at least [`LARGE_SHAPE`]; its error is below 1e-11.
///
/// # Source
/// Temme (1979), as DLMF 8.12.3 and 8.12.7: `Q(a, x) = erfc(eta sqrt(a / 2)) / 2 + exp(-a eta^2 / 2) c_0(eta) / sqrt(2 pi a)`
/// with `eta^2 / 2 = lambda - 1 - log(lambda)`, `lambda = x / a` and `c_0 = 1 / (lambda - 1) - 1 / eta`.
fn gamma_upper_large(a: f64, x: f64) -> f64 {
    let d = (x - a) / a;
    let half_square = excess(d);
    let eta = libm::copysign(libm::sqrt(2.0 * half_square), d);
    let c0 = if libm::fabs(eta) < 0.01 {
        -1.0 / 3.0 + eta * (1.0 / 12.0 + eta * (-2.0 / 135.0 + eta / 864.0))
    } else {
        1.0 / d - 1.0 / eta
    };
    let correction = libm::exp(-a * half_square) * c0 / libm::sqrt(std::f64::consts::TAU * a);
    (0.5 * erfc(eta * libm::sqrt(a / 2.0)) + correction).clamp(0.0, 1.0)
}

/// Median of a gamma law of a large shape and scale 1.
///
/// # Source
/// Choi (1994): `a - 1/3 + 8 / (405 a)`, with an error of order `a^-2`.
///
/// * returns - nothing below [`LARGE_SHAPE`]
pub(crate) fn gamma_median_large(a: f64) -> Option<f64> {
    (a >= LARGE_SHAPE).then(|| a - 1.0 / 3.0 + 8.0 / (405.0 * a))
}

/// Upper regularised incomplete gamma function, whole range.
fn gamma_upper(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        1.0
    } else if a >= LARGE_SHAPE {
        gamma_upper_large(a, x)
    } else {
        checked_gamma_ur(a, x).unwrap_or(0.0).clamp(0.0, 1.0)
    }
}

/// Lower regularised incomplete gamma function, whole range.
pub(crate) fn gamma_lower(a: f64, x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if a >= LARGE_SHAPE {
        1.0 - gamma_upper_large(a, x)
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
            if *shape >= LARGE_SHAPE {
                // Stirling's formula for the gamma function; the powers of the shape cancel.
                let lambda = x / shape;
                let width =
                    libm::sqrt(std::f64::consts::TAU * shape) * (1.0 + 1.0 / (12.0 * shape));
                return libm::exp(-shape * excess((x - shape) / shape)) / (lambda * width * scale);
            }
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
    fn the_expansion_for_large_shapes_joins_the_series() {
        let a = LARGE_SHAPE;
        for sds in [-6.0, -3.0, -1.0, -0.1, 0.0, 0.1, 1.0, 3.0, 6.0] {
            let x = a + sds * a.sqrt();
            let series = checked_gamma_ur(a, x).unwrap();
            let large = gamma_upper_large(a, x);
            assert!((series - large).abs() < 1e-9, "{sds}: {series} {large}");
            let law = |shape| Law::Gamma {
                shape,
                scale: 50.0 / a,
            };
            let (below, above) = (
                density(&law(a * (1.0 - 1e-13)), 50.0 * x / a),
                density(&law(a), 50.0 * x / a),
            );
            assert!((below / above - 1.0).abs() < 1e-6, "{sds}: {below} {above}");
        }
        let median = gamma_median_large(a).unwrap();
        assert!((gamma_upper_large(a, median) - 0.5).abs() < 1e-9);
        for shape in [1e9, 1e12, 1e18, 1e300] {
            let law = Law::Gamma {
                shape,
                scale: 50.0 / shape,
            };
            assert_eq!(survival(&law, 49.0), 1.0);
            assert_eq!(survival(&law, 51.0), 0.0);
            assert!((mean_until(&law, 40.0) - 40.0).abs() < 1e-9);
            assert!((mean_until(&law, 60.0) - 50.0).abs() < 1e-9);
        }
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
