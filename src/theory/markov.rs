//! Finite Markov chains: stationary laws, absorption, and the law at a time. A matrix is a list of rows.

/// A square matrix by rows.
pub type Matrix = Vec<Vec<f64>>;

/// Solves A x = b by Gaussian elimination with partial pivoting.
///
/// * `a` - (n, n); `b` - (n,)
/// * returns - (n,); nothing where A is singular to working precision
pub fn solve(a: &Matrix, b: &[f64]) -> Option<Vec<f64>> {
    let columns = solve_many(a, &b.iter().map(|x| vec![*x]).collect())?;
    Some(columns.into_iter().map(|row| row[0]).collect())
}

/// Solves A X = B for several right-hand sides.
///
/// * `a` - (n, n); `b` - (n, m)
/// * returns - (n, m); nothing where A is singular to working precision
pub fn solve_many(a: &Matrix, b: &Matrix) -> Option<Matrix> {
    let n = a.len();
    let mut rows: Matrix = a
        .iter()
        .zip(b)
        .map(|(x, y)| [x.as_slice(), y].concat())
        .collect();
    let size = a.iter().flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    for k in 0..n {
        let pivot = (k..n).max_by(|i, j| rows[*i][k].abs().total_cmp(&rows[*j][k].abs()))?;
        rows.swap(k, pivot);
        if rows[k][k].abs() <= 1e-14 * size {
            return None;
        }
        let (above, below) = rows.split_at_mut(k + 1);
        let top = &above[k];
        for row in below {
            let factor = row[k] / top[k];
            if factor != 0.0 {
                for (x, t) in row[k..].iter_mut().zip(&top[k..]) {
                    *x -= factor * t;
                }
            }
        }
    }
    let m = b.first().map_or(0, Vec::len);
    let mut x = vec![vec![0.0; m]; n];
    for k in (0..n).rev() {
        for j in 0..m {
            let known: f64 = (k + 1..n).map(|i| rows[k][i] * x[i][j]).sum();
            x[k][j] = (rows[k][n + j] - known) / rows[k][k];
        }
    }
    Some(x)
}

/// The stationary law of an irreducible chain in continuous time.
///
/// * `rates` - (n, n) rate from row to column; the diagonal is not read
/// * returns - (n,) probabilities; nothing where the chain falls apart
///
/// # Source
/// Grassmann, Taksar and Heyman (1985): elimination without a subtraction, so that small
/// probabilities keep all their digits.
pub fn stationary(rates: &Matrix) -> Option<Vec<f64>> {
    let mut q = rates.clone();
    let n = q.len();
    let mut out = vec![0.0; n];
    for k in (1..n).rev() {
        let (upper, lower) = q.split_at_mut(k);
        let last = &lower[0];
        out[k] = last[..k].iter().sum();
        if out[k] <= 0.0 {
            return None;
        }
        for row in upper.iter_mut() {
            let into = row[k] / out[k];
            if into > 0.0 {
                for (x, rate) in row[..k].iter_mut().zip(last) {
                    *x += into * rate;
                }
            }
        }
    }
    let mut p = vec![0.0; n];
    *p.first_mut()? = 1.0;
    for k in 1..n {
        let inflow: f64 = (0..k).map(|i| p[i] * q[i][k]).sum();
        p[k] = inflow / out[k];
    }
    let total: f64 = p.iter().sum();
    total
        .is_finite()
        .then(|| p.iter().map(|x| x / total).collect())
}

/// Mean number of visits to each state of a chain that loses what does not go on.
///
/// * `start` - (n,) flow or probability that begins in each state
/// * `routing` - (n, n) probability to go from row to column next; what a row lacks to 1 leaves
/// * returns - (n,) `start (I - P)^-1`; nothing where some state can never be left for good
pub fn visits(start: &[f64], routing: &Matrix) -> Option<Vec<f64>> {
    let n = start.len();
    let transposed: Matrix = (0..n)
        .map(|i| (0..n).map(|j| f64::from(i == j) - routing[j][i]).collect())
        .collect();
    let v = solve(&transposed, start)?;
    // Closed loops are singular in exact arithmetic; rounding may hide it behind huge numbers.
    v.iter()
        .all(|x| x.is_finite() && *x > -1e-9 && *x < 1e12)
        .then_some(v)
}

/// A chain in continuous time with states that are left and states that absorb.
#[derive(Clone, Debug, PartialEq)]
pub struct Absorption {
    /// (n, m) probability to be absorbed in the column when starting in the row.
    pub probabilities: Matrix,
    /// (n,) mean time to absorption.
    pub mean_times: Vec<f64>,
    /// (n, n) mean time spent in the column before absorption when starting in the row.
    pub mean_stays: Matrix,
}

/// Absorption probabilities and mean times.
///
/// * `rates` - (n, n) rates among the states that are left; the diagonal is not read
/// * `absorbing` - (n, m) rates into the absorbing states
/// * returns - nothing where some state never leads to absorption
///
/// # Source
/// Kemeny and Snell, Finite Markov Chains, chapter 3: the fundamental matrix.
pub fn absorption(rates: &Matrix, absorbing: &Matrix) -> Option<Absorption> {
    let n = rates.len();
    let minus_generator: Matrix = (0..n)
        .map(|i| {
            let out: f64 = (0..n).filter(|j| *j != i).map(|j| rates[i][j]).sum::<f64>()
                + absorbing[i].iter().sum::<f64>();
            (0..n)
                .map(|j| if i == j { out } else { -rates[i][j] })
                .collect()
        })
        .collect();
    let unit: Matrix = (0..n)
        .map(|i| (0..n).map(|j| f64::from(i == j)).collect())
        .collect();
    let mean_stays = solve_many(&minus_generator, &unit)?;
    Some(Absorption {
        probabilities: solve_many(&minus_generator, absorbing)?,
        mean_times: mean_stays.iter().map(|row| row.iter().sum()).collect(),
        mean_stays,
    })
}

/// The law at a time, and the mean time spent in each state until then.
#[derive(Clone, Debug, PartialEq)]
pub struct Transient {
    /// (n,) probabilities, or expected numbers, at time t.
    pub at: Vec<f64>,
    /// (n,) integral of `at` from 0 to t.
    pub spent: Vec<f64>,
}

/// Follows a law in time. Rates out of the system, by which the sum falls, are allowed.
///
/// * `start` - (n,) law, or expected numbers, at 0
/// * `rates` - (n, n) rates from row to column; the diagonal is not read
/// * `leaving` - (n,) rates out of the system
/// * `t` - >= 0; the Poisson terms left out hold less than 1e-13
///
/// # Source
/// Jensen (1953): uniformisation, in steps short enough that no term underflows.
pub fn transient(start: &[f64], rates: &Matrix, leaving: &[f64], t: f64) -> Transient {
    let n = start.len();
    let out: Vec<f64> = (0..n)
        .map(|i| (0..n).filter(|j| *j != i).map(|j| rates[i][j]).sum::<f64>() + leaving[i])
        .collect();
    let fastest = out.iter().copied().fold(0.0, f64::max);
    let mut result = Transient {
        at: start.to_vec(),
        spent: vec![0.0; n],
    };
    if fastest <= 0.0 || t <= 0.0 {
        result.spent = start.iter().map(|x| x * t.max(0.0)).collect();
        return result;
    }
    let steps = libm::ceil(fastest * t / 50.0).max(1.0);
    let step = t / steps;
    let mean_jumps = fastest * step;
    for _ in 0..steps as u64 {
        let mut law = result.at.clone();
        let mut weight = libm::exp(-mean_jumps);
        let mut reached = weight;
        let mut at: Vec<f64> = law.iter().map(|x| x * weight).collect();
        let mut k = 0.0;
        loop {
            // After k jumps the state is held for a mean time of P(more than k jumps) / fastest.
            let still = (1.0 - reached).max(0.0);
            for (spent, x) in result.spent.iter_mut().zip(&law) {
                *spent += x * still / fastest;
            }
            if still < 1e-13 {
                break;
            }
            k += 1.0;
            weight *= mean_jumps / k;
            if k > mean_jumps && weight < 1e-18 {
                break;
            }
            reached += weight;
            law = (0..n)
                .map(|j| {
                    let moved: f64 = (0..n)
                        .filter(|i| *i != j)
                        .map(|i| law[i] * rates[i][j])
                        .sum();
                    law[j] * (1.0 - out[j] / fastest) + moved / fastest
                })
                .collect();
            for (a, x) in at.iter_mut().zip(&law) {
                *a += weight * x;
            }
        }
        result.at = at;
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() < tolerance, "{a} is not {b}");
    }

    #[test]
    fn a_small_system_is_solved_even_where_the_first_pivot_is_zero() {
        let a = vec![
            vec![0.0, 2.0, 1.0],
            vec![1.0, 1.0, 1.0],
            vec![3.0, 0.0, -1.0],
        ];
        let x = solve(&a, &[7.0, 6.0, 0.0]).unwrap();
        for (found, wanted) in x.iter().zip([1.0, 2.0, 3.0]) {
            near(*found, wanted, 1e-12);
        }
        assert_eq!(
            solve(&vec![vec![1.0, 2.0], vec![2.0, 4.0]], &[1.0, 2.0]),
            None
        );
    }

    #[test]
    fn the_stationary_law_of_a_birth_death_chain_is_its_product() {
        let (up, down) = (0.5, 2.0);
        let n = 12;
        let rates: Matrix = (0..n)
            .map(|i: usize| {
                (0..n)
                    .map(|j: usize| {
                        if j == i + 1 {
                            up
                        } else if j + 1 == i {
                            down
                        } else {
                            0.0
                        }
                    })
                    .collect()
            })
            .collect();
        let p = stationary(&rates).unwrap();
        for pair in p.windows(2) {
            near(pair[1] / pair[0], 0.25, 1e-14);
        }
        near(p.iter().sum(), 1.0, 1e-14);
        assert_eq!(stationary(&vec![vec![0.0, 1.0], vec![0.0, 0.0]]), None);
    }

    #[test]
    fn feedback_multiplies_visits_geometrically() {
        let v = visits(&[1.0], &vec![vec![0.75]]).unwrap();
        near(v[0], 4.0, 1e-12);
        assert_eq!(visits(&[1.0], &vec![vec![1.0]]), None);
    }

    #[test]
    fn three_levels_of_complexity_have_the_hand_computed_times() {
        // Closure 1/120, 1/180, 1/300; escalation 1/300, 1/400.
        let rates = vec![
            vec![0.0, 1.0 / 300.0, 0.0],
            vec![0.0, 0.0, 1.0 / 400.0],
            vec![0.0, 0.0, 0.0],
        ];
        let closing = vec![vec![1.0 / 120.0], vec![1.0 / 180.0], vec![1.0 / 300.0]];
        let a = absorption(&rates, &closing).unwrap();
        let t3 = 300.0;
        let stay2 = 1.0 / (1.0 / 180.0 + 1.0 / 400.0);
        let t2 = stay2 + stay2 / 400.0 * t3;
        let stay1 = 1.0 / (1.0 / 120.0 + 1.0 / 300.0);
        let t1 = stay1 + stay1 / 300.0 * t2;
        near(a.mean_times[0], t1, 1e-9);
        near(a.mean_times[1], t2, 1e-9);
        near(a.mean_times[2], t3, 1e-9);
        near(a.probabilities[0][0], 1.0, 1e-12);
        // Five referrals a day at 0.6, 0.3, 0.1: the 919.2 cases of the reference model R1.
        near(5.0 * (0.6 * t1 + 0.3 * t2 + 0.1 * t3), 919.2, 0.05);
    }

    #[test]
    fn two_states_relax_exponentially() {
        let rates = vec![vec![0.0, 0.3], vec![0.1, 0.0]];
        for t in [0.5, 5.0, 500.0] {
            let r = transient(&[1.0, 0.0], &rates, &[0.0, 0.0], t);
            let decay = libm::exp(-0.4 * t);
            near(r.at[0], 0.25 + 0.75 * decay, 1e-11);
            near(r.at[1], 0.75 - 0.75 * decay, 1e-11);
            near(r.spent[0], 0.25 * t + 0.75 * (1.0 - decay) / 0.4, 1e-9);
            near(r.spent.iter().sum(), t, 1e-9);
        }
    }

    #[test]
    fn what_leaves_is_lost_to_the_sum() {
        let r = transient(&[100.0], &vec![vec![0.0]], &[0.01], 100.0);
        near(r.at[0], 100.0 * (-1.0_f64).exp(), 1e-9);
        near(r.spent[0], 10_000.0 * (1.0 - (-1.0_f64).exp()), 1e-7);
        let idle = transient(&[2.0], &vec![vec![0.0]], &[0.0], 3.0);
        assert_eq!((idle.at[0], idle.spent[0]), (2.0, 6.0));
    }
}
