//! Departures that return cases to the queue: posts that empty and fill under a limit.

use crate::theory::markov::{Matrix, solve_many, stationary};

/// c posts with a limit of m cases each; workers leave at a constant hazard and their cases become
/// unallocated; vacancies are exponential; referrals Poisson, work exponential.
///
/// With f posts filled and n cases open, min(n, f m) are allocated, because a case that someone may
/// take is never left waiting: so (f, n) is a Markov chain for every c and m.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Departures {
    /// c.
    pub posts: u32,
    /// m.
    pub limit_cases: u32,
    /// Referrals [a day].
    pub arrivals_per_day: f64,
    /// Mean work [days].
    pub mean_work_days: f64,
    /// Hazard of leaving [per day].
    pub leaving_per_day: f64,
    /// Mean vacancy [days].
    pub mean_vacancy_days: f64,
}

/// The equilibrium of [`Departures`].
#[derive(Clone, Debug, PartialEq)]
pub struct DeparturesAnswer {
    /// Mean unallocated cases.
    pub mean_queue: f64,
    /// Mean open cases.
    pub mean_open: f64,
    /// Mean vacant posts.
    pub mean_vacant: f64,
    /// Probability that nothing is unallocated.
    pub empty_queue: f64,
    /// Probability of the highest number of open cases that was kept. What lies above, and is left
    /// out of every mean, falls off geometrically from there.
    pub truncation: f64,
}

/// States at most: numbers of open cases x (posts + 1)^2, the memory of the solution.
const LARGEST: u64 = 40_000_000;

impl Departures {
    /// Solves the chain, cut where the probability of one more open case is below 1e-13.
    ///
    /// * returns - nothing where the mean places `m x mean filled posts` do not exceed the load, a
    ///   parameter is not positive, or the chain would need more memory than about 300 MB
    ///
    /// # Source
    /// Level reduction for a finite quasi-birth-death process: Latouche and Ramaswami (1999),
    /// section 10.1; the lowest level by the method of [`stationary`].
    pub fn solve(&self) -> Option<DeparturesAnswer> {
        let positive = [
            self.arrivals_per_day,
            self.mean_work_days,
            self.leaving_per_day,
            self.mean_vacancy_days,
        ];
        if positive.iter().any(|x| !x.is_finite() || *x <= 0.0) {
            return None;
        }
        let filled_share = 1.0 / (1.0 + self.leaving_per_day * self.mean_vacancy_days);
        let places = f64::from(self.posts) * f64::from(self.limit_cases) * filled_share;
        if self.arrivals_per_day * self.mean_work_days >= places {
            return None;
        }
        let phases = u64::from(self.posts) + 1;
        let mut levels = 4 * u64::from(self.posts) * u64::from(self.limit_cases) + 64;
        while levels * phases * phases <= LARGEST {
            let answer = self.cut_at(levels as usize)?;
            if answer.truncation < 1e-13 {
                return Some(answer);
            }
            levels *= 2;
        }
        None
    }

    fn worked(&self, level: usize, filled: usize) -> f64 {
        (level as f64).min(filled as f64 * f64::from(self.limit_cases))
    }

    /// Rates of the number of filled posts alone.
    fn staffing(&self) -> Matrix {
        let c = self.posts as usize;
        let mut rates = vec![vec![0.0; c + 1]; c + 1];
        for filled in 0..=c {
            if filled > 0 {
                rates[filled][filled - 1] = filled as f64 * self.leaving_per_day;
            }
            if filled < c {
                rates[filled][filled + 1] = (c - filled) as f64 / self.mean_vacancy_days;
            }
        }
        rates
    }

    /// The chain with at most `top` open cases; one more referral is then lost.
    fn cut_at(&self, top: usize) -> Option<DeparturesAnswer> {
        let staffing = self.staffing();
        let phases = staffing.len();
        let lambda = self.arrivals_per_day;
        let close = |level: usize, f: usize| self.worked(level, f) / self.mean_work_days;
        // ratio[n]: law at n + 1 = law at n x ratio[n].
        let mut ratio: Vec<Matrix> = vec![Vec::new(); top];
        for level in (1..=top).rev() {
            let arrivals = if level < top { lambda } else { 0.0 };
            let mut leave: Matrix = (0..phases)
                .map(|i| {
                    let out: f64 = staffing[i].iter().sum::<f64>() + arrivals + close(level, i);
                    (0..phases)
                        .map(|j| if i == j { out } else { -staffing[i][j] })
                        .collect()
                })
                .collect();
            if level < top {
                for (row, up) in leave.iter_mut().zip(&ratio[level]) {
                    for (j, x) in row.iter_mut().enumerate() {
                        *x -= up[j] * close(level + 1, j);
                    }
                }
            }
            let step: Matrix = (0..phases)
                .map(|i| (0..phases).map(|j| lambda * f64::from(i == j)).collect())
                .collect();
            ratio[level - 1] = solve_many(&leave, &step)?;
        }
        let mut lowest = staffing;
        for (row, up) in lowest.iter_mut().zip(&ratio[0]) {
            for (j, x) in row.iter_mut().enumerate() {
                *x += up[j] * close(1, j);
            }
        }
        let mut law = stationary(&lowest)?;
        let (mut total, mut open, mut queue, mut vacant, mut empty) = (0.0, 0.0, 0.0, 0.0, 0.0);
        let mut at_top = 0.0;
        for (level, up) in ratio.iter().map(Some).chain([None]).enumerate() {
            at_top = law.iter().sum::<f64>();
            total += at_top;
            open += at_top * level as f64;
            for (filled, p) in law.iter().enumerate() {
                let waiting = level as f64 - self.worked(level, filled);
                queue += p * waiting;
                vacant += p * (phases - 1 - filled) as f64;
                empty += p * f64::from(waiting <= 0.0);
            }
            if let Some(up) = up {
                law = (0..phases)
                    .map(|j| law.iter().zip(up).map(|(p, row)| p * row[j]).sum())
                    .collect();
            }
        }
        Some(DeparturesAnswer {
            mean_queue: queue / total,
            mean_open: open / total,
            mean_vacant: vacant / total,
            empty_queue: empty / total,
            truncation: at_top / total,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::erlang::Mmc;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    fn small() -> Departures {
        Departures {
            posts: 2,
            limit_cases: 3,
            arrivals_per_day: 0.03,
            mean_work_days: 120.0,
            leaving_per_day: 1.0 / 500.0,
            mean_vacancy_days: 90.0,
        }
    }

    #[test]
    fn vacancies_and_allocated_cases_are_known_without_the_queue() {
        let answer = small().solve().unwrap();
        near(answer.mean_vacant, 2.0 * 90.0 / 590.0, 1e-9);
        // Little's law: what is being worked is the load.
        near(answer.mean_open - answer.mean_queue, 3.6, 1e-9);
        assert!(answer.truncation < 1e-13);
    }

    #[test]
    fn when_nobody_leaves_it_is_erlang_c() {
        let calm = Departures {
            leaving_per_day: 1e-12,
            mean_vacancy_days: 1e-3,
            ..small()
        };
        let queue = Mmc::new(6, 0.03, 120.0).unwrap();
        near(calm.solve().unwrap().mean_queue, queue.mean_queue(), 1e-7);
    }

    #[test]
    fn one_post_with_breakdowns_has_the_textbook_queue() {
        // M/M/1 with exponential breakdowns (rate h, idle or not) and repairs (rate v), White and
        // Christie (1958): L = (rho + lambda h / (h + v)^2) / (v / (h + v) - rho).
        let (lambda, mu, h, v) = (0.3, 1.0, 0.2, 0.8);
        let one = Departures {
            posts: 1,
            limit_cases: 1,
            arrivals_per_day: lambda,
            mean_work_days: 1.0 / mu,
            leaving_per_day: h,
            mean_vacancy_days: 1.0 / v,
        };
        let up = v / (h + v);
        let open = (lambda / mu + lambda * h / ((h + v) * (h + v))) / (up - lambda / mu);
        near(one.solve().unwrap().mean_open, open, 1e-9);
    }

    #[test]
    fn a_dense_solution_of_the_same_chain_agrees() {
        let model = small();
        let (phases, top) = (3, 80);
        let at = |n: usize, f: usize| n * phases + f;
        let mut rates = vec![vec![0.0; phases * (top + 1)]; phases * (top + 1)];
        for n in 0..=top {
            for f in 0..phases {
                let here = at(n, f);
                if n < top {
                    rates[here][at(n + 1, f)] = 0.03;
                }
                if n > 0 {
                    rates[here][at(n - 1, f)] = model.worked(n, f) / 120.0;
                }
                for (g, rate) in model.staffing()[f].iter().enumerate() {
                    rates[here][at(n, g)] += rate;
                }
            }
        }
        let p = stationary(&rates).unwrap();
        let queue: f64 = (0..=top)
            .flat_map(|n| (0..phases).map(move |f| (n, f)))
            .map(|(n, f)| p[at(n, f)] * (n as f64 - model.worked(n, f)))
            .sum();
        near(queue, model.cut_at(top).unwrap().mean_queue, 1e-9);
    }

    #[test]
    fn without_enough_places_there_is_no_equilibrium() {
        let full = Departures {
            arrivals_per_day: 0.0425,
            ..small()
        };
        assert_eq!(full.solve(), None);
    }
}
