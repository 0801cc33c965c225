//! Intervals: how far chance may have moved a mean or a share.

use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::beta::inv_beta_reg;
use statrs::function::erf::{erfc, erfc_inv};

use crate::statistics::moments::Moments;

/// The level of every interval that is printed unless said otherwise.
pub const LEVEL: f64 = 0.95;

/// From here to there, both ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// True where a value lies in it.
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Quantile of the standard normal law.
///
/// * `p` - strictly between 0 and 1; else the answer is infinite or NaN
pub fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}

/// Quantile of Student's law.
///
/// * `p` - strictly between 0 and 1
/// * `freedom` - degrees of freedom, at least 1
///
/// # Source
/// statrs up to 200 degrees of freedom; above, where its inverse loses digits, the expansion in
/// 1 / freedom of Abramowitz and Stegun 26.7.5, with an error below 1e-9 at the levels in use.
pub fn student_quantile(p: f64, freedom: u64) -> f64 {
    if freedom <= 200
        && let Ok(law) = StudentsT::new(0.0, 1.0, freedom as f64)
    {
        return law.inverse_cdf(p);
    }
    let x = normal_quantile(p);
    let v = freedom as f64;
    let x2 = x * x;
    let g1 = x * (x2 + 1.0) / 4.0;
    let g2 = x * ((5.0 * x2 + 16.0) * x2 + 3.0) / 96.0;
    let g3 = x * (((3.0 * x2 + 19.0) * x2 + 17.0) * x2 - 15.0) / 384.0;
    x + (g1 + (g2 + g3 / v) / v) / v
}

/// Student's interval of a mean.
///
/// * `level` - its coverage, strictly between 0 and 1
/// * returns - nothing of fewer than 2 values
pub fn of_mean(moments: &Moments, level: f64) -> Option<Interval> {
    let (mean, error) = (moments.mean()?, moments.standard_error()?);
    let reach = student_quantile(0.5 + level / 2.0, moments.n() - 1) * error;
    Some(Interval {
        low: mean - reach,
        high: mean + reach,
    })
}

/// The middle 95 % of estimates from data drawn anew: the percentile interval of the bootstrap.
///
/// * `estimates` - finite, in any order
/// * returns - nothing of none
///
/// # Source
/// Efron and Tibshirani (1993), An Introduction to the Bootstrap, section 13.3.
pub fn of_resamples(mut estimates: Vec<f64>) -> Option<Interval> {
    estimates.sort_by(f64::total_cmp);
    let last = estimates.len().checked_sub(1)?;
    let at = |share: f64| estimates[libm::round(share * last as f64) as usize];
    let tail = (1.0 - LEVEL) / 2.0;
    Some(Interval {
        low: at(tail),
        high: at(1.0 - tail),
    })
}

/// Wilson's interval of a probability: short, never outside 0 to 1, and right on average.
///
/// * `successes`, `n` - how often it happened, of how many
/// * returns - nothing where n = 0 or `successes` > n
///
/// # Source
/// Wilson (1927); Brown, Cai and DasGupta (2001), "Interval estimation for a binomial proportion".
pub fn wilson(successes: u64, n: u64, level: f64) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let z = normal_quantile(0.5 + level / 2.0);
    Some(wilson_of_share(successes as f64 / n as f64, n as f64, z))
}

/// Wilson's interval of a probability whose trials come in clusters and are alike within each.
///
/// The share is taken to rest on n / d independent trials, and Student's quantile of the clusters
/// replaces the normal one. The design effect d is how much more the share scatters between clusters
/// than single trials would, `n se^2 / (p (1 - p))`, at least 1. A few events tell little of how they
/// come together, so d is averaged over them and one more that fills its cluster: where it happened
/// always or never each cluster counts as one trial. Like Wilson's the interval stays in 0 to 1 and has a
/// width there too, which Student's interval of the clusters' shares has not.
///
/// * `successes`, `n` - how often it happened, of how many trials
/// * `clusters` - independent clusters of trials, at most n
/// * `se` - standard error of the mean of the clusters' shares
/// * returns - nothing of fewer than 2 clusters, where n = 0 or `successes` > n, or where `se` is no
///   number
///
/// # Source
/// Korn and Graubard (1998), Survey Methodology 24, on the effective sample size; Dean and Pagano
/// (2015), Journal of Survey Statistics and Methodology 3, on Wilson's interval with it. The one more
/// event is ours.
pub fn wilson_of_means(
    successes: u64,
    n: u64,
    clusters: u64,
    se: f64,
    level: f64,
) -> Option<Interval> {
    if n == 0 || successes > n || clusters < 2 || se.is_nan() {
        return None;
    }
    let trials = n as f64;
    let p = successes as f64 / trials;
    let events = successes.min(n - successes) as f64;
    let seen = if events > 0.0 {
        (trials * se * se / (p * (1.0 - p))).max(1.0)
    } else {
        1.0
    };
    let fullest = (trials / clusters as f64).max(1.0);
    let design = (events * seen + fullest) / (events + 1.0);
    let quantile = student_quantile(0.5 + level / 2.0, clusters - 1);
    Some(wilson_of_share(p, trials / design, quantile))
}

/// * `count` - trials, > 0
/// * `z` - quantile of the level
fn wilson_of_share(p: f64, count: f64, z: f64) -> Interval {
    let z2 = z * z / count;
    let centre = (p + z2 / 2.0) / (1.0 + z2);
    let reach = z * libm::sqrt(p * (1.0 - p) / count + z2 / (4.0 * count)) / (1.0 + z2);
    Interval {
        low: if p == 0.0 {
            0.0
        } else {
            (centre - reach).max(0.0)
        },
        high: if p == 1.0 {
            1.0
        } else {
            (centre + reach).min(1.0)
        },
    }
}

/// Clopper and Pearson's interval of a probability: it covers at least as often as it says, always.
///
/// * `successes`, `n` - how often it happened, of how many
/// * returns - nothing where n = 0 or `successes` > n
///
/// # Source
/// Clopper and Pearson (1934), through quantiles of the beta law.
pub fn clopper_pearson(successes: u64, n: u64, level: f64) -> Option<Interval> {
    if n == 0 || successes > n {
        return None;
    }
    let tail = (1.0 - level) / 2.0;
    let (x, m) = (successes as f64, n as f64);
    let low = if successes == 0 {
        0.0
    } else {
        inv_beta_reg(x, m - x + 1.0, tail)
    };
    let high = if successes == n {
        1.0
    } else {
        inv_beta_reg(x + 1.0, m - x, 1.0 - tail)
    };
    Some(Interval { low, high })
}

/// How many standard errors a simulated mean lies from the exact value.
///
/// * returns - nothing where the error is not positive and the two differ (no test is possible); 0
///   where they are equal
pub fn z_score(simulated: f64, exact: f64, standard_error: f64) -> Option<f64> {
    let difference = simulated - exact;
    if difference == 0.0 {
        return Some(0.0);
    }
    (standard_error > 0.0 && difference.is_finite()).then(|| difference / standard_error)
}

/// Probability of a standard normal number at least as far from 0 as `z`, on either side.
pub fn two_sided_p(z: f64) -> f64 {
    erfc(z.abs() / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        near(normal_quantile(0.975), 1.959_963_984_540_054, 1e-9);
        near(normal_quantile(0.5), 0.0, 1e-12);
        near(normal_quantile(0.05), -1.644_853_626_951_473, 1e-9);
        // scipy.stats.t.ppf(0.975, df)
        for (freedom, t) in [
            (1, 12.706_204_736_432_1),
            (2, 4.302_652_729_911_27),
            (9, 2.262_157_162_740_99),
            (30, 2.042_272_456_301_24),
            (1000, 1.962_339_080_820_41),
        ] {
            near(student_quantile(0.975, freedom), t, 2e-8);
        }
        near(
            student_quantile(0.975, 1_000_000_000),
            1.959_963_984_5,
            1e-8,
        );
    }

    #[test]
    fn the_two_forms_of_students_quantile_meet() {
        let law = StudentsT::new(0.0, 1.0, 201.0).unwrap();
        near(student_quantile(0.975, 201), law.inverse_cdf(0.975), 1e-7);
    }

    #[test]
    fn the_interval_of_a_mean_is_students() {
        let mut m = Moments::new();
        [15.0, 17.0].iter().for_each(|v| m.push(*v));
        let i = of_mean(&m, LEVEL).unwrap();
        near(i.low, 16.0 - 12.706_204_736_4, 1e-6);
        near(i.high, 16.0 + 12.706_204_736_4, 1e-6);
        assert!(i.holds(16.0) && !i.holds(30.0));
        assert_eq!(of_mean(&Moments::new(), LEVEL), None);
    }

    #[test]
    fn wilson_agrees_with_the_worked_example_of_newcombe() {
        // Newcombe (1998), Statistics in Medicine 17: 81 of 263 gives 0.2553 to 0.3662; 0 of 20 gives
        // 0.0000 to 0.1611.
        let i = wilson(81, 263, LEVEL).unwrap();
        near(i.low, 0.2553, 5e-5);
        near(i.high, 0.3662, 5e-5);
        let none = wilson(0, 20, LEVEL).unwrap();
        assert_eq!(none.low, 0.0);
        near(none.high, 0.1611, 5e-5);
        assert_eq!(wilson(20, 20, LEVEL).unwrap().high, 1.0);
        assert_eq!(wilson(0, 0, LEVEL), None);
        assert_eq!(wilson(2, 1, LEVEL), None);
    }

    #[test]
    fn clusters_that_differ_widen_the_interval_and_those_that_do_not_leave_wilsons() {
        // Shares with the error of 263 single trials, in very many clusters: Wilson's own interval.
        let p = 81.0 / 263.0;
        let se = libm::sqrt(p * (1.0 - p) / 263.0);
        let single = wilson_of_means(81, 263, 1_000_000_000, se, LEVEL).unwrap();
        near(single.low, 0.2553, 5e-5);
        near(single.high, 0.3662, 5e-5);
        // No difference at all between clusters: never more trials than there were.
        let equal = wilson_of_means(81, 263, 1_000_000_000, 0.0, LEVEL).unwrap();
        near(equal.low, single.low, 1e-9);
        // Ten clusters, each all or nothing: 100 / 36 / 0.25 = 11.1111 seen, so (50 x 11.1111 + 10) / 51
        // = 11.0893 and m = 9.0177 trials; t of 9 = 2.262157, z2 = t^2 / m = 0.567479, reach =
        // t sqrt(0.25 / m + z2 / (4 m)) / (1 + z2) = 0.300845.
        let wide = wilson_of_means(50, 100, 10, 1.0 / 6.0, LEVEL).unwrap();
        near(wide.low, 0.5 - 0.300_845, 2e-5);
        near(wide.high, 0.5 + 0.300_845, 2e-5);
        // One event of 200 says little more of clusters than none.
        let once = wilson_of_means(1, 200, 20, 0.005, LEVEL).unwrap();
        assert!((0.1..0.18).contains(&once.high), "{once:?}");
        let never = wilson_of_means(0, 200, 20, 0.0, LEVEL).unwrap();
        assert_eq!(never.low, 0.0);
        // As 0 of 20 with t of 19 = 2.093024: t^2 / (20 + t^2).
        near(never.high, 0.179_681, 1e-5);
        assert_eq!(wilson_of_means(3, 8, 1, f64::NAN, LEVEL), None);
    }

    #[test]
    fn clopper_pearson_agrees_with_newcombe_and_closed_forms() {
        // Newcombe (1998): 81 of 263 gives 0.2527 to 0.3676.
        let i = clopper_pearson(81, 263, LEVEL).unwrap();
        near(i.low, 0.2527, 5e-5);
        near(i.high, 0.3676, 5e-5);
        // Never in n: the upper end solves (1 - p)^n = 0.025.
        let none = clopper_pearson(0, 10, LEVEL).unwrap();
        assert_eq!(none.low, 0.0);
        near(none.high, 1.0 - 0.025_f64.powf(0.1), 1e-9);
    }

    #[test]
    fn four_standard_errors_are_six_in_a_hundred_thousand() {
        near(two_sided_p(4.0), 6.334e-5, 1e-8);
        near(two_sided_p(-1.959_963_984_540_054), 0.05, 1e-9);
        assert_eq!(z_score(3.0, 1.0, 0.5), Some(4.0));
        assert_eq!(z_score(1.0, 1.0, 0.0), Some(0.0));
        assert_eq!(z_score(1.1, 1.0, 0.0), None);
    }
}
