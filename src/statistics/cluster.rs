//! Values that come in clusters: alike within one, different between them.

use crate::statistics::moments::Moments;

/// Running moments of values that come cluster by cluster, one cluster after the other.
///
/// Missing values (NaN) are skipped; a cluster without values does not count.
///
/// # Source
/// Law, Simulation Modeling and Analysis, 5th ed., chapter 9, on batch means; Searle, Casella and
/// McCulloch, Variance Components (1992), section 3.6, on unbalanced one-way random effects.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clusters {
    closed: Closed,
    number: u64,
    /// Sum and moments of the cluster that is still open.
    sum: f64,
    open: Moments,
}

/// Clusters that are complete.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Closed {
    /// Means of clusters, each counted once.
    means: Moments,
    /// Clusters with a mean below 0, and with a mean of 0.
    below: u64,
    equal: u64,
    /// Values, and the sum of the squares of how many each cluster has.
    n: f64,
    squares: f64,
    /// Mean of all values.
    mean: f64,
    /// Sums of squares between clusters and within them.
    between: f64,
    within: f64,
}

/// A spread taken apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Variance between clusters: of their true means.
    pub between: f64,
    /// Variance within a cluster.
    pub within: f64,
}

impl Split {
    /// Share of the whole variance that lies between clusters; nothing where there is none at all.
    pub fn share_between(&self) -> Option<f64> {
        let all = self.between + self.within;
        (all > 0.0).then(|| self.between / all)
    }
}

impl Clusters {
    /// Takes in one value.
    ///
    /// * `cluster` - number of its cluster; a number that is left does not come again
    #[inline]
    pub fn push(&mut self, cluster: u64, value: f64) {
        if cluster != self.number {
            self.closed = self.all();
            (self.number, self.sum, self.open) = (cluster, 0.0, Moments::new());
        }
        if !value.is_nan() {
            self.sum += value;
            self.open.push(value);
        }
    }

    /// Means of clusters, each counted once; the last cluster too.
    pub fn means(&self) -> Moments {
        self.all().means
    }

    /// Clusters whose mean is below 0, equal to it, and above.
    pub fn signs(&self) -> [u64; 3] {
        let all = self.all();
        let above = all.means.n() - all.below - all.equal;
        [all.below, all.equal, above]
    }

    /// The spread of the values, taken apart by analysis of variance.
    ///
    /// `between = (MSB - MSW) / n0` and `within = MSW`, with mean squares of k clusters and N values and
    /// `n0 = (N - sum n_i^2 / N) / (k - 1)`. Both are unbiased but for the floor of `between` at 0.
    ///
    /// * returns - nothing of fewer than 2 clusters, or where no cluster has 2 values
    pub fn split(&self) -> Option<Split> {
        let all = self.all();
        let k = all.means.n() as f64;
        if k < 2.0 || all.n <= k {
            return None;
        }
        let within = all.within / (all.n - k);
        let size = (all.n - all.squares / all.n) / (k - 1.0);
        let between = (all.between / (k - 1.0) - within) / size;
        Some(Split {
            between: between.max(0.0),
            within,
        })
    }

    /// All clusters, with the open one as if it were complete.
    fn all(&self) -> Closed {
        let mut all = self.closed;
        let n = self.open.n() as f64;
        if n == 0.0 {
            return all;
        }
        let mean = self.sum / n;
        all.means.push(mean);
        all.below += u64::from(mean < 0.0);
        all.equal += u64::from(mean == 0.0);
        all.within += self.open.variance().map_or(0.0, |v| v * (n - 1.0));
        let (delta, before) = (mean - all.mean, all.n);
        all.n += n;
        all.squares += n * n;
        all.mean += delta * n / all.n;
        all.between += delta * delta * before * n / all.n;
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(clusters: &[&[f64]]) -> Clusters {
        let mut all = Clusters::default();
        for (number, values) in (0..).zip(clusters) {
            values.iter().for_each(|v| all.push(number, *v));
        }
        all
    }

    #[test]
    fn a_spread_is_taken_apart_by_analysis_of_variance() {
        // Means 2 and 6: SSB = 2 x (4 + 4) = 16 on 1, SSW = 2 + 2 = 4 on 2; MSB = 16, MSW = 2, n0 = 2.
        let split = of(&[&[1.0, 3.0], &[5.0, f64::NAN, 7.0]]).split().unwrap();
        assert_eq!((split.between, split.within), (7.0, 2.0));
        assert_eq!(split.share_between(), Some(7.0 / 9.0));
    }

    #[test]
    fn clusters_of_different_size_are_weighed() {
        // 0, 2 | 4, 4, 4, 4: means 1 and 4, of all 3; SSB = 2 x 4 + 4 x 1 = 12, SSW = 2 on 4, MSW = 0.5,
        // n0 = 6 - 20 / 6 = 8 / 3, so (12 - 0.5) / (8 / 3) = 4.3125.
        let all = of(&[&[0.0, 2.0], &[4.0, 4.0, 4.0, 4.0]]);
        let split = all.split().unwrap();
        assert!((split.between - 4.3125).abs() < 1e-12, "{split:?}");
        assert!((split.within - 0.5).abs() < 1e-12);
        assert_eq!(all.means().mean(), Some(2.5));
    }

    #[test]
    fn clusters_that_differ_less_than_their_values_do_have_nothing_between_them() {
        let split = of(&[&[1.0, 5.0], &[5.0, 1.0]]).split().unwrap();
        assert_eq!((split.between, split.within), (0.0, 8.0));
        let same = of(&[&[1.0, 1.0], &[1.0, 1.0]]).split().unwrap();
        assert_eq!(same.share_between(), None);
    }

    #[test]
    fn too_few_clusters_or_values_say_nothing() {
        assert_eq!(of(&[&[1.0, 2.0]]).split(), None);
        assert_eq!(of(&[&[1.0], &[2.0]]).split(), None);
        assert_eq!(Clusters::default().split(), None);
        assert_eq!(Clusters::default().signs(), [0, 0, 0]);
    }

    #[test]
    fn clusters_are_counted_by_the_sign_of_their_mean() {
        let all = of(&[&[-1.0, -2.0], &[1.0, -1.0], &[f64::NAN], &[3.0], &[0.5]]);
        assert_eq!(all.signs(), [1, 1, 2]);
        assert_eq!(all.means().n(), 4);
    }

    /// Null: the parts are unbiased. Means uniform on 0 to 1 (variance 1/12) and values uniform within 0.5
    /// of them (1/12), by SplitMix64; 500 clusters of 20. The relative error of the
    /// variance of 500 uniform means is about 4 %, of 10,000 values 1 %; four of either fails once in 16,000.
    #[test]
    fn known_parts_are_found_again() {
        let mut stream = SplitMix(0x9E37_79B9_7F4A_7C15);
        let mut all = Clusters::default();
        for cluster in 0..500 {
            let centre = stream.uniform();
            for _ in 0..20 {
                all.push(cluster, centre + stream.uniform() - 0.5);
            }
        }
        let split = all.split().unwrap();
        assert!((split.between * 12.0 - 1.0).abs() < 0.16, "{split:?}");
        assert!((split.within * 12.0 - 1.0).abs() < 0.04, "{split:?}");
    }

    /// SplitMix64: this room may not import chance.
    struct SplitMix(u64);

    impl SplitMix {
        fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (z ^ (z >> 31)) as f64 / u64::MAX as f64
        }
    }
}
