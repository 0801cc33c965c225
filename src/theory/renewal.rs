//! Posts that empty and fill: alternating renewal.

use statrs::function::gamma::ln_gamma;

use crate::theory::quadrature::integrate;
use crate::theory::survival::gamma_lower;

/// Long-run probability that a post is vacant: mean time vacant over mean cycle, whatever the laws.
///
/// * `mean_tenure_days` - from starting to leaving, notice included
/// * `mean_vacancy_days` - from leaving to the newcomer's first day
/// * returns - 0 where nobody leaves (an infinite tenure), 1 where a vacancy never ends
///
/// # Source
/// Cox, Renewal Theory (1962), section 7.
pub fn vacancy_probability(mean_tenure_days: f64, mean_vacancy_days: f64) -> f64 {
    if mean_vacancy_days.is_infinite() {
        return f64::from(mean_tenure_days.is_finite());
    }
    if mean_vacancy_days <= 0.0 {
        return 0.0;
    }
    mean_vacancy_days / (mean_tenure_days + mean_vacancy_days)
}

/// Probability that k of n independent posts are vacant, each with probability p.
pub fn vacancies(n: u64, p: f64, k: u64) -> f64 {
    if k > n {
        return 0.0;
    }
    if p <= 0.0 || p >= 1.0 {
        return f64::from(k == if p <= 0.0 { 0 } else { n });
    }
    let (a, b) = (k as f64, (n - k) as f64);
    let ways = ln_gamma(n as f64 + 1.0) - ln_gamma(a + 1.0) - ln_gamma(b + 1.0);
    libm::exp(ways + a * libm::log(p) + b * libm::log1p(-p))
}

/// One post over a finite time: filled at 0, notice given at a constant hazard, then a fixed notice
/// and a fixed vacancy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Post {
    /// Hazard of giving notice [per day].
    pub hazard_per_day: f64,
    /// Fixed notice [days].
    pub notice_days: f64,
    /// Fixed vacancy [days].
    pub vacancy_days: f64,
}

impl Post {
    /// Expected notices given by `t`: the k-th is given after k exponential times and k - 1 times
    /// notice and vacancy, so that it is the sum over k of the probability that a gamma time of shape
    /// k is below hazard x (t - (k - 1) (notice + vacancy)).
    pub fn notices(&self, t: f64) -> f64 {
        let gap = self.notice_days + self.vacancy_days;
        let (mut total, mut k) = (0.0, 1.0);
        loop {
            let free = t - (k - 1.0) * gap;
            if free <= 0.0 || self.hazard_per_day <= 0.0 {
                return total;
            }
            let term = gamma_lower(k, self.hazard_per_day * free);
            total += term;
            if term < 1e-16 && k > self.hazard_per_day * free {
                return total;
            }
            k += 1.0;
        }
    }

    /// Expected leavers by `t`: notices given a notice earlier.
    pub fn leavers(&self, t: f64) -> f64 {
        self.notices(t - self.notice_days)
    }

    /// Expected starts of newcomers by `t`.
    pub fn starts(&self, t: f64) -> f64 {
        self.leavers(t - self.vacancy_days)
    }

    /// Probability that the post is filled at `t`: not more leavers than starts.
    pub fn filled(&self, t: f64) -> f64 {
        1.0 - self.leavers(t) + self.starts(t)
    }

    /// Expected share of the time from 0 to `t` > 0 for which the post is filled.
    pub fn filled_share(&self, t: f64) -> f64 {
        let begin = (t - self.vacancy_days).max(0.0);
        let vacant = if self.vacancy_days > 0.0 {
            // The vacant time is the integral of leavers less starts: leavers of the last vacancy.
            let kinks = 8;
            let width = (t - begin) / f64::from(kinks);
            (0..kinks)
                .map(|i| {
                    let from = begin + width * f64::from(i);
                    integrate(|u| self.leavers(u), from, from + width, 1e-9)
                })
                .sum()
        } else {
            0.0
        };
        1.0 - vacant / t
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    const R1: Post = Post {
        hazard_per_day: 0.15 / 365.0,
        notice_days: 0.0,
        vacancy_days: 90.0,
    };

    #[test]
    fn the_reference_model_has_its_leavers_and_filled_posts() {
        near(60.0 * R1.leavers(730.0), 17.3962, 5e-5);
        near(60.0 * R1.filled_share(730.0), 57.9872, 5e-5);
    }

    #[test]
    fn leavers_are_the_hazard_times_the_time_at_risk() {
        // Without notice everybody in post is at risk.
        near(
            R1.leavers(2000.0),
            R1.hazard_per_day * 2000.0 * R1.filled_share(2000.0),
            1e-10,
        );
    }

    #[test]
    fn posts_that_fill_at_once_lose_people_at_the_hazard() {
        let post = Post {
            hazard_per_day: 0.002,
            notice_days: 0.0,
            vacancy_days: 0.0,
        };
        near(post.leavers(1000.0), 2.0, 1e-12);
        assert_eq!(post.filled_share(1000.0), 1.0);
        let steady = Post {
            hazard_per_day: 0.0,
            ..post
        };
        assert_eq!(steady.leavers(1000.0), 0.0);
    }

    #[test]
    fn in_the_long_run_a_post_is_vacant_for_its_share_of_the_cycle() {
        let post = Post {
            hazard_per_day: 1.0 / 500.0,
            notice_days: 28.0,
            vacancy_days: 100.0,
        };
        let share = vacancy_probability(528.0, 100.0);
        near(share, 100.0 / 628.0, 1e-12);
        near(post.filled(20_000.0), 1.0 - share, 1e-6);
        assert_eq!(vacancy_probability(f64::INFINITY, 100.0), 0.0);
        assert_eq!(vacancy_probability(500.0, f64::INFINITY), 1.0);
        assert_eq!(vacancy_probability(f64::INFINITY, f64::INFINITY), 0.0);
    }

    #[test]
    fn vacancies_are_binomial() {
        near(vacancies(4, 0.25, 1), 4.0 * 0.25 * 0.421_875, 1e-12);
        near((0..=60).map(|k| vacancies(60, 0.142, k)).sum(), 1.0, 1e-11);
        assert_eq!(vacancies(4, 0.0, 0), 1.0);
        assert_eq!(vacancies(4, 1.0, 4), 1.0);
        assert_eq!(vacancies(4, 0.5, 5), 0.0);
    }
}
