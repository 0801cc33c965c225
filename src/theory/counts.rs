//! Monthly counts of referrals whose rate has a gamma factor: negative binomial.

use statrs::function::gamma::ln_gamma;

use crate::theory::infinite::poisson;

/// Variance of a month's count: `mu + v mu^2`.
///
/// * `mean` - mu
/// * `noise_variance` - v, of the mean-one gamma factor; 0: Poisson
pub fn count_variance(mean: f64, noise_variance: f64) -> f64 {
    mean + noise_variance * mean * mean
}

/// Probability of n referrals in a month: negative binomial with size 1 / v and mean mu.
///
/// # Source
/// Greenwood and Yule (1920): a Poisson number whose mean is gamma.
pub fn count_probability(mean: f64, noise_variance: f64, n: u64) -> f64 {
    if noise_variance <= 0.0 || mean <= 0.0 {
        return poisson(mean, n);
    }
    let size = 1.0 / noise_variance;
    let k = n as f64;
    let ways = ln_gamma(k + size) - ln_gamma(size) - ln_gamma(k + 1.0);
    let odds = mean * noise_variance;
    libm::exp(ways - size * libm::log1p(odds) + k * (libm::log(odds) - libm::log1p(odds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn the_probabilities_have_the_stated_mean_and_variance() {
        let (mean, v) = (40.0, 0.05);
        let moment = |power: i32| -> f64 {
            (0..600)
                .map(|n| (n as f64).powi(power) * count_probability(mean, v, n))
                .sum()
        };
        near(moment(0), 1.0, 1e-9);
        near(moment(1), mean, 1e-7);
        near(moment(2) - mean * mean, count_variance(mean, v), 1e-5);
    }

    #[test]
    fn unit_variance_is_geometric_and_none_is_poisson() {
        near(count_probability(3.0, 1.0, 2), 0.25 * 0.75 * 0.75, 1e-12);
        near(
            count_probability(3.0, 0.0, 2),
            4.5 * (-3.0_f64).exp(),
            1e-12,
        );
        near(
            count_probability(3.0, 1e-7, 2),
            4.5 * (-3.0_f64).exp(),
            1e-6,
        );
        assert_eq!(count_probability(0.0, 0.3, 0), 1.0);
    }
}
