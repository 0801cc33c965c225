//! The ratio of two variances, and how well it is known.

/// What pairing saves of one number.
pub struct Saving {
    /// Pairs in which both have a value.
    pub n: u64,
    /// Pairs in which both are the same.
    pub same: u64,
    /// Means of both sides.
    pub mean_a: f64,
    /// As above.
    pub mean_b: f64,
    /// Variance of the paired difference.
    pub paired: f64,
    /// Var A + Var B: variance of the difference of independent runs.
    pub independent: f64,
    /// `independent / paired`; nothing where the difference does not vary.
    pub ratio: Option<f64>,
    /// The most that any coupling could save of numbers that vary so: `(Var A + Var B) / (sd A - sd B)^2`. Where it is
    /// low the numbers differ in how much they vary, and no choice of keys helps. Infinite where they vary alike.
    pub most: f64,
    /// The 95 % interval of the ratio, NaN where there is none.
    pub low: f64,
    /// As above.
    pub high: f64,
}

/// What pairing saves, over replications.
///
/// The interval is that of the logarithm of the ratio, plus and minus 1.96 jackknife standard errors.
///
/// * `a`, `b` - (n,) by replication; NaN where missing
///
/// # Source
/// Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 11. `most` is the inequality of Cauchy and
/// Schwarz: the covariance is at most sd A x sd B.
pub fn saving(a: &[f64], b: &[f64]) -> Saving {
    let pairs: Vec<(f64, f64)> = a
        .iter()
        .zip(b)
        .map(|(a, b)| (*a, *b))
        .filter(|(a, b)| !a.is_nan() && !b.is_nan())
        .collect();
    let n = pairs.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| pairs.iter().map(of).sum::<f64>() / n;
    let (mean_a, mean_b) = (mean(&|p| p.0), mean(&|p| p.1));
    // Squares of the deviations of a, b and a - b.
    let squares: Vec<[f64; 3]> = pairs
        .iter()
        .map(|(a, b)| {
            let (a, b) = (a - mean_a, b - mean_b);
            [a * a, b * b, (a - b) * (a - b)]
        })
        .collect();
    let sum = |at: usize| squares.iter().map(|s| s[at]).sum::<f64>();
    let sums = [sum(0), sum(1), sum(2)];
    let paired = sums[2] / (n - 1.0);
    let independent = (sums[0] + sums[1]) / (n - 1.0);
    let ratio = (paired > 0.0).then(|| independent / paired);
    // Without one pair a sum of squares falls by its square times n / (n - 1).
    let without = n / (n - 1.0);
    let logs: Vec<f64> = squares
        .iter()
        .map(|s| {
            let above = sums[0] + sums[1] - without * (s[0] + s[1]);
            (above / (sums[2] - without * s[2])).ln()
        })
        .collect();
    let centre = logs.iter().sum::<f64>() / n;
    let spread = logs.iter().map(|l| (l - centre).powi(2)).sum::<f64>();
    let error = (spread * (n - 1.0) / n).sqrt();
    let end = |sign: f64| ratio.map_or(f64::NAN, |r| r * (sign * 1.96 * error).exp());
    Saving {
        n: pairs.len() as u64,
        same: pairs.iter().filter(|(a, b)| a == b).count() as u64,
        mean_a,
        mean_b,
        paired,
        independent,
        ratio,
        most: independent / (sums[0].sqrt() - sums[1].sqrt()).powi(2) * (n - 1.0),
        low: end(-1.0),
        high: end(1.0),
    }
}
