//! Sobol indices of a function whose values are noisy: which input its spread comes from.
//!
//! Rows of two independent samples A and B, and for each input A with that input from B. Of each point there are R values
//! that differ by noise alone. The indices are those of the expected value, without noise:
//!
//! * **variance**: of the means of all points, since each is spread as the inputs are, less what noise adds;
//! * **first-order** `S_i`: mean over rows of `b (ab_i - a)` over the variance (Saltelli et al. 2010, table 2, (b)). The noise of
//!   B is independent of that of the others, so that it adds nothing on average;
//! * **total** `T_i`: half the mean over rows of `(a - ab_i)^2` over the variance (Jansen 1999), less what noise adds. A and
//!   its changes share their noise draw by draw, so that only the noise of the difference is left, and that is measured.
//!
//! A noisy function would otherwise show totals above its first-order indices, as if its inputs interacted.
//!
//! # Source
//! Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), Computer Physics Communications 181, 259; Jansen (1999),
//! Computer Physics Communications 117, 35.

use crate::statistics::interval::{Interval, of_resamples};

/// The values of one row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// (R,) at the point of A.
    pub a: Vec<f64>,
    /// (R,) at the point of B.
    pub b: Vec<f64>,
    /// (inputs x R,) at A with one input from B.
    pub changed: Vec<Vec<f64>>,
}

/// A number and how far chance may have moved it; the interval is missing where there are too few rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Index {
    /// The estimate; noise may carry it a little below 0 or above 1.
    pub value: f64,
    /// Its 95 % interval, by resampling rows.
    pub interval: Option<Interval>,
}

/// What the rows come to.
#[derive(Clone, Debug, PartialEq)]
pub struct Indices {
    /// Mean over all points.
    pub mean: f64,
    /// Variance of the expected value over the inputs, without noise [unit squared].
    pub variance: f64,
    /// Variance of one value at a point: noise [unit squared]; NaN of single values.
    pub noise: f64,
    /// Whole rows.
    pub rows: usize,
    /// True where noise, or nothing at all, may be all that there is: the variance over the inputs comes out at 0 or less, or
    /// does so in more than one of forty resamples, or no total index lies above 0 with its whole interval. The indices say
    /// nothing then.
    pub is_hidden: bool,
    /// (inputs,) first-order indices [1].
    pub first: Vec<Index>,
    /// (inputs,) total indices [1].
    pub total: Vec<Index>,
}

impl Indices {
    /// Whether all values are one number, but for rounding.
    pub fn is_constant(&self) -> bool {
        /// Square of what rounding leaves, relative.
        const ROUNDING: f64 = 1e-24;
        let noise = if self.noise.is_nan() { 0.0 } else { self.noise };
        self.variance.abs() + noise <= ROUNDING * self.mean * self.mean
    }

    /// Part of the variance of one value that is noise [1].
    pub fn noise_share(&self) -> f64 {
        self.noise / (self.noise + self.variance.max(0.0))
    }
}

/// Rows that a resampled interval needs at least.
const FEWEST: usize = 8;

/// What one row adds to the sums.
struct Parts {
    /// (inputs + 2,) means at A, at B and at the changes.
    means: Vec<f64>,
    /// Variance of a mean by noise.
    noise: f64,
    /// (inputs,) `ab_i - a`, and half its square, less what noise adds.
    change: Vec<f64>,
    total: Vec<f64>,
}

/// The indices, with intervals by resampling rows.
///
/// * `rows` - all of as many inputs and values; rows with a missing value are left out
/// * `resamples` - how often rows are drawn anew
/// * `pick` - a number from 0 to its argument - 1, from the caller's luck
/// * returns - nothing of fewer than 2 whole rows
pub fn indices(
    rows: &[Row],
    resamples: usize,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Option<Indices> {
    let parts: Vec<Parts> = rows.iter().filter_map(parts).collect();
    let inputs = parts.first()?.change.len();
    let all: Vec<usize> = (0..parts.len()).collect();
    let whole = estimate(&parts, &all)?;
    let mut drawn: Vec<Estimate> = Vec::with_capacity(resamples);
    if parts.len() >= FEWEST {
        for _ in 0..resamples {
            let chosen: Vec<usize> = all.iter().map(|_| pick(parts.len())).collect();
            drawn.extend(estimate(&parts, &chosen));
        }
    }
    let index = |value: f64, of: &dyn Fn(&Estimate) -> f64| Index {
        value,
        interval: of_resamples(drawn.iter().map(of).filter(|v| v.is_finite()).collect()),
    };
    let noise: Vec<f64> = rows
        .iter()
        .flat_map(|row| [&row.a, &row.b].into_iter().chain(&row.changed))
        .filter_map(|point| scatter(point))
        .collect();
    let lost = drawn.iter().filter(|e| e.variance <= 0.0).count();
    let total: Vec<Index> = (0..inputs)
        .map(|i| index(whole.total[i], &|e| e.total[i]))
        .collect();
    let is_above = |index: &Index| index.interval.is_none_or(|interval| interval.low > 0.0);
    Some(Indices {
        rows: parts.len(),
        is_hidden: whole.variance <= 0.0 || lost * 40 > drawn.len() || !total.iter().any(is_above),
        mean: whole.mean,
        variance: whole.variance,
        noise: noise.iter().sum::<f64>() / noise.len() as f64,
        first: (0..inputs)
            .map(|i| index(whole.first[i], &|e| e.first[i]))
            .collect(),
        total,
    })
}

struct Estimate {
    mean: f64,
    variance: f64,
    first: Vec<f64>,
    total: Vec<f64>,
}

fn parts(row: &Row) -> Option<Parts> {
    let points = || [&row.a, &row.b].into_iter().chain(&row.changed);
    let means = points().map(|p| mean(p)).collect::<Option<Vec<f64>>>()?;
    let scatters: Vec<f64> = points().filter_map(|point| scatter(point)).collect();
    let noise = match scatters.is_empty() {
        true => 0.0,
        false => scatters.iter().sum::<f64>() / scatters.len() as f64 / row.a.len() as f64,
    };
    let mut change = Vec::with_capacity(row.changed.len());
    let mut total = Vec::with_capacity(row.changed.len());
    for changed in &row.changed {
        let differences: Vec<f64> = row.a.iter().zip(changed).map(|(a, c)| c - a).collect();
        let difference = mean(&differences)?;
        let of_noise = scatter(&differences).map_or(0.0, |v| v / differences.len() as f64);
        change.push(difference);
        total.push((difference * difference - of_noise) / 2.0);
    }
    Some(Parts {
        means,
        noise,
        change,
        total,
    })
}

fn estimate(parts: &[Parts], chosen: &[usize]) -> Option<Estimate> {
    let n = chosen.len() as f64;
    if chosen.len() < 2 {
        return None;
    }
    let of = |f: &dyn Fn(&Parts) -> f64| chosen.iter().map(|at| f(&parts[*at])).sum::<f64>() / n;
    let mean = of(&|p| p.means.iter().sum::<f64>() / p.means.len() as f64);
    let square = of(&|p| {
        let squares = p.means.iter().map(|m| (m - mean) * (m - mean));
        squares.sum::<f64>() / p.means.len() as f64
    });
    // The mean is that of about 2 n independent points.
    let variance = square * n / (n - 0.5) - of(&|p| p.noise);
    // Of no variance there are no parts.
    let over = if variance > 0.0 { variance } else { f64::NAN };
    let inputs = parts[chosen[0]].change.len();
    Some(Estimate {
        mean,
        variance,
        first: (0..inputs)
            // The mean is taken off b: what is added to a function moves no index.
            .map(|i| of(&|p| (p.means[1] - mean) * p.change[i]) / over)
            .collect(),
        total: (0..inputs).map(|i| of(&|p| p.total[i]) / over).collect(),
    })
}

fn mean(values: &[f64]) -> Option<f64> {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    mean.is_finite().then_some(mean)
}

/// Sample variance; nothing of fewer than two.
fn scatter(values: &[f64]) -> Option<f64> {
    let mean = mean(values)?;
    let sum: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    (values.len() > 1).then(|| sum / (values.len() - 1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::luck::luck;
    use std::f64::consts::PI;

    /// Rows of a function of points in 0 to 1, from a scrambled Sobol sequence of twice its inputs.
    ///
    /// * `noise` - standard deviation of what is added to each value; `values` - values of a point
    fn rows(
        f: &dyn Fn(&[f64]) -> f64,
        inputs: usize,
        n: u32,
        noise: f64,
        values: usize,
    ) -> Vec<Row> {
        let mut state = 7;
        (0..n)
            .map(|at| {
                let place = |d: usize| f64::from(sobol_burley::sample(at, d as u32, 5));
                let a: Vec<f64> = (0..inputs).map(place).collect();
                let b: Vec<f64> = (inputs..2 * inputs).map(place).collect();
                let mut drawn = || -> Vec<f64> {
                    // A sum of twelve uniform numbers is nearly normal.
                    let one = |state: &mut u64| (0..12).map(|_| luck(state)).sum::<f64>() - 6.0;
                    (0..values).map(|_| noise * one(&mut state)).collect()
                };
                let (of_a, of_b) = (drawn(), drawn());
                let with =
                    |x: &[f64], noise: &[f64]| noise.iter().map(|e| f(x) + e).collect::<Vec<f64>>();
                let changed = (0..inputs).map(|i| {
                    let mut x = a.clone();
                    x[i] = b[i];
                    // Half of the noise is common, half is the point's own.
                    let own = drawn();
                    let both: Vec<f64> = of_a
                        .iter()
                        .zip(&own)
                        .map(|(c, o)| (c + o) * 0.5_f64.sqrt())
                        .collect();
                    with(&x, &both)
                });
                let changed = changed.collect();
                Row {
                    a: with(&a, &of_a),
                    b: with(&b, &of_b),
                    changed,
                }
            })
            .collect()
    }

    fn of(rows: &[Row]) -> Indices {
        let mut state = 11;
        indices(rows, 200, &mut |n| (luck(&mut state) * n as f64) as usize).unwrap()
    }

    /// Every estimate near the truth, and inside a band twice as wide as its interval: the points are the same at every
    /// run, so that the test has no chance to fail by luck.
    fn near(found: &[Index], truth: &[f64], within: f64) {
        for (index, truth) in found.iter().zip(truth) {
            assert!(
                (index.value - truth).abs() < within,
                "{index:?} is not {truth}"
            );
            let interval = index.interval.unwrap();
            let half = interval.high - interval.low + 0.005;
            assert!(
                (interval.low - half..interval.high + half).contains(truth),
                "{interval:?} has not {truth}"
            );
        }
    }

    /// # Source
    /// Ishigami and Homma (1990), ISUMA, 398: a = 7, b = 0.1.
    #[test]
    fn the_function_of_ishigami_has_its_known_indices() {
        let (a, b) = (7.0, 0.1);
        let f = |x: &[f64]| {
            let x: Vec<f64> = x.iter().map(|u| PI * (2.0 * u - 1.0)).collect();
            x[0].sin() + a * x[1].sin().powi(2) + b * x[2].powi(4) * x[0].sin()
        };
        let v1 = 0.5 * (1.0 + b * PI.powi(4) / 5.0).powi(2);
        let v2 = a * a / 8.0;
        let v13 = b * b * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
        let v = v1 + v2 + v13;
        let found = of(&rows(&f, 3, 4096, 0.0, 1));
        assert!((found.variance / v - 1.0).abs() < 0.02, "{found:?}");
        assert!((found.mean - a / 2.0).abs() < 0.02);
        near(&found.first, &[v1 / v, v2 / v, 0.0], 0.02);
        near(&found.total, &[(v1 + v13) / v, v2 / v, v13 / v], 0.02);
        assert!(found.noise.is_nan());
    }

    /// # Source
    /// Sobol (1993): the product of (|4 x - 2| + a) / (1 + a).
    #[test]
    fn the_function_g_has_its_known_indices() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0];
        let f = |x: &[f64]| {
            let factors = x
                .iter()
                .zip(&a)
                .map(|(x, a)| ((4.0 * x - 2.0).abs() + a) / (1.0 + a));
            factors.product()
        };
        let own: Vec<f64> = a
            .iter()
            .map(|a: &f64| 1.0 / 3.0 / (1.0 + a).powi(2))
            .collect();
        let all: f64 = own.iter().map(|v| 1.0 + v).product();
        let v = all - 1.0;
        let first: Vec<f64> = own.iter().map(|o| o / v).collect();
        let total: Vec<f64> = own.iter().map(|o| o * (all / (1.0 + o)) / v).collect();
        let found = of(&rows(&f, 5, 4096, 0.0, 1));
        near(&found.first, &first, 0.02);
        near(&found.total, &total, 0.02);
    }

    /// Noise twice as large as all that the inputs do, four values a point: totals stay at the first-order indices.
    #[test]
    fn noise_does_not_look_like_interaction() {
        let f = |x: &[f64]| x[0] + 2.0 * x[1];
        let (sum, noise) = (5.0 / 12.0, 2.0 * 5.0 / 12.0);
        let found = of(&rows(&f, 2, 8192, f64::sqrt(noise), 4));
        near(&found.first, &[0.2, 0.8], 0.08);
        near(&found.total, &[0.2, 0.8], 0.08);
        assert!((found.variance / sum - 1.0).abs() < 0.1, "{found:?}");
        assert!((found.noise / noise - 1.0).abs() < 0.05, "{found:?}");
        assert!((found.noise_share() - 2.0 / 3.0).abs() < 0.03);
    }

    /// Where the inputs do nothing, and where the function is one number, nothing is said to matter.
    #[test]
    fn where_inputs_do_nothing_that_is_said() {
        let found = of(&rows(&|_| 1.0, 2, 256, 1.0, 4));
        assert!(found.is_hidden && !found.is_constant(), "{found:?}");
        let found = of(&rows(&|_| 0.1, 2, 64, 0.0, 2));
        assert!(found.is_hidden && found.is_constant());
        assert!(!of(&rows(&|x| x[0], 2, 256, 0.1, 4)).is_hidden);
    }

    #[test]
    fn too_few_rows_and_missing_values_say_nothing_or_are_left_out() {
        assert_eq!(indices(&[], 10, &mut |_| 0), None);
        let f = |x: &[f64]| x[0];
        let mut some = rows(&f, 1, 64, 0.0, 1);
        let whole = of(&some);
        some.push(Row {
            a: vec![f64::NAN],
            b: vec![1.0],
            changed: vec![vec![1.0]],
        });
        assert_eq!(
            (of(&some).first, of(&some).total),
            (whole.first, whole.total)
        );
    }
}
