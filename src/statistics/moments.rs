//! Count, mean, spread and range of values that stream past.

use std::fmt;

/// Running moments of a stream of values. NaN is a missing value: counted as missing, else skipped.
///
/// # Source
/// Welford (1962) for a push; Chan, Golub and LeVeque (1983), "Algorithms for computing the sample
/// variance", for a merge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    n: u64,
    missing: u64,
    mean: f64,
    /// Sum of squared deviations from the mean.
    m2: f64,
    min: f64,
    max: f64,
}

impl Default for Moments {
    fn default() -> Moments {
        Moments::new()
    }
}

impl Moments {
    /// No values yet.
    pub const fn new() -> Moments {
        Moments {
            n: 0,
            missing: 0,
            mean: 0.0,
            m2: 0.0,
            min: f64::INFINITY,
            max: f64::NEG_INFINITY,
        }
    }

    /// Takes in one value.
    #[inline]
    pub fn push(&mut self, value: f64) {
        if value.is_nan() {
            self.missing += 1;
            return;
        }
        self.n += 1;
        let delta = value - self.mean;
        self.mean += delta / self.n as f64;
        self.m2 += delta * (value - self.mean);
        if value < self.min {
            self.min = value;
        }
        if value > self.max {
            self.max = value;
        }
    }

    /// Takes in all values of another stream. Up to rounding the order does not matter; for equal bits
    /// see [`BlockedMoments`].
    pub fn merge(&mut self, other: &Moments) {
        let missing = self.missing + other.missing;
        if self.n == 0 {
            *self = *other;
        } else if other.n > 0 {
            let n = self.n + other.n;
            let share = other.n as f64 / n as f64;
            let delta = other.mean - self.mean;
            self.mean += delta * share;
            self.m2 += other.m2 + delta * delta * (self.n as f64 * share);
            self.n = n;
            self.min = self.min.min(other.min);
            self.max = self.max.max(other.max);
        }
        self.missing = missing;
    }

    /// Everything that is known of the values, to be written down.
    ///
    /// * returns - values and missing ones; mean, sum of squared deviations from it, least and greatest; the
    ///   least is infinite where there is no value
    pub fn parts(&self) -> ([u64; 2], [f64; 4]) {
        (
            [self.n, self.missing],
            [self.mean, self.m2, self.min, self.max],
        )
    }

    /// The moments of which [`Moments::parts`] were written down.
    pub fn from_parts([n, missing]: [u64; 2], [mean, m2, min, max]: [f64; 4]) -> Moments {
        Moments {
            n,
            missing,
            mean,
            m2,
            min,
            max,
        }
    }

    /// Values, missing ones not counted.
    pub fn n(&self) -> u64 {
        self.n
    }

    /// Missing values.
    pub fn missing(&self) -> u64 {
        self.missing
    }

    /// Mean; nothing of no values.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then_some(self.mean)
    }

    /// Sample standard deviation (divides by n - 1); nothing of fewer than 2 values.
    pub fn deviation(&self) -> Option<f64> {
        self.variance().map(libm::sqrt)
    }

    /// Sample variance (divides by n - 1); nothing of fewer than 2 values.
    pub fn variance(&self) -> Option<f64> {
        (self.n > 1).then(|| self.m2.max(0.0) / (self.n - 1) as f64)
    }

    /// Standard error of the mean; nothing of fewer than 2 values: one run says nothing about spread.
    pub fn standard_error(&self) -> Option<f64> {
        self.variance().map(|v| libm::sqrt(v / self.n as f64))
    }

    /// Least value; nothing of no values.
    pub fn min(&self) -> Option<f64> {
        (self.n > 0).then_some(self.min)
    }

    /// Greatest value; nothing of no values.
    pub fn max(&self) -> Option<f64> {
        (self.n > 0).then_some(self.max)
    }
}

/// Replications that are folded one after the other before blocks are merged.
pub const BLOCK: u64 = 64;

/// Moments over replications whose bits depend on the set of replications alone.
///
/// Values are folded in order inside aligned blocks (block k holds replications 64 k to 64 k + 63).
/// Finished blocks are joined in pairs along the binary tree of block numbers (blocks 0 and 1, then
/// those of 2 and 3, then both pairs ...), so that the result is the same whether one accumulator saw
/// all replications or several saw ranges that begin and end between blocks and were then merged.
/// The memory is one [`Moments`] for each level of the tree: 15 for a million replications.
#[derive(Clone, Debug, Default)]
pub struct BlockedMoments {
    /// Joined blocks, in order of their first block.
    nodes: Vec<Node>,
    /// The block that is still open.
    open: Option<Node>,
}

/// Blocks that were joined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// Number of the first.
    pub first_block: u64,
    /// It spans 2^level blocks.
    pub level: u32,
    /// Of the values in them.
    pub moments: Moments,
}

impl BlockedMoments {
    /// No values yet.
    pub const fn new() -> BlockedMoments {
        BlockedMoments {
            nodes: Vec::new(),
            open: None,
        }
    }

    /// Takes in the value of one replication.
    ///
    /// * `replication` - its number; inside a block numbers must rise, blocks may come in any order
    ///   (a block that is left and entered again is right up to rounding only)
    /// * `value` - NaN where it is missing
    #[inline]
    pub fn push(&mut self, replication: u64, value: f64) {
        let block = replication / BLOCK;
        match &mut self.open {
            Some(open) if open.first_block == block => open.moments.push(value),
            _ => {
                let mut moments = Moments::new();
                moments.push(value);
                self.finish();
                self.open = Some(Node {
                    first_block: block,
                    level: 0,
                    moments,
                });
            }
        }
    }

    /// Takes in all that another accumulator saw. Bits are kept if no block of 64 was split between
    /// the two.
    pub fn merge(&mut self, other: &BlockedMoments) {
        self.finish();
        for node in other.nodes.iter().chain(&other.open) {
            join(&mut self.nodes, *node);
        }
    }

    /// Everything that was seen, to be written down: joined blocks in order, the open one as if it were complete.
    pub fn nodes(&self) -> Vec<Node> {
        let mut nodes = self.nodes.clone();
        if let Some(open) = self.open {
            join(&mut nodes, open);
        }
        nodes
    }

    /// Takes in joined blocks that were written down. Bits are kept as by [`BlockedMoments::merge`].
    pub fn take(&mut self, node: Node) {
        self.finish();
        join(&mut self.nodes, node);
    }

    /// The moments of all values so far.
    pub fn moments(&self) -> Moments {
        // As in every short run: one block, which is all there is.
        if let (Some(open), []) = (self.open, self.nodes.as_slice()) {
            return open.moments;
        }
        let mut all = Moments::new();
        for node in &self.nodes() {
            all.merge(&node.moments);
        }
        all
    }

    fn finish(&mut self) {
        if let Some(open) = self.open.take() {
            join(&mut self.nodes, open);
        }
    }
}

/// Nodes that 4 million values make at most.
const USUAL: usize = 16;

/// Puts a node in its place and joins it with its sibling as often as there is one.
fn join(nodes: &mut Vec<Node>, mut node: Node) {
    loop {
        let at = nodes.partition_point(|n| n.first_block <= node.first_block);
        let span = 1_u64 << node.level;
        let is_left = node.first_block & span == 0;
        let sibling = if is_left {
            (at < nodes.len()).then_some(at)
        } else {
            at.checked_sub(1)
        };
        let wanted = node.first_block ^ span;
        match sibling {
            Some(index)
                if nodes[index].first_block == wanted && nodes[index].level == node.level =>
            {
                let other = nodes.remove(index);
                let (mut left, right) = if is_left {
                    (node, other)
                } else {
                    (other, node)
                };
                left.moments.merge(&right.moments);
                left.level += 1;
                node = left;
            }
            _ => {
                // All at once, so that a long run takes no more memory than a short one.
                nodes.reserve_exact(USUAL.saturating_sub(nodes.len()));
                nodes.insert(at, node);
                return;
            }
        }
    }
}

/// A mean and how far chance may have moved it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanAndError {
    /// Mean over replications [unit of the metric].
    pub mean: f64,
    /// Standard error of the mean [unit of the metric].
    pub standard_error: f64,
}

/// Why values have no mean and error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryError {
    /// Fewer than two values.
    TooFew {
        /// How many there were.
        n: usize,
    },
    /// A value is missing (NaN).
    Missing {
        /// Its place in the list, from 0.
        at: usize,
    },
}

impl fmt::Display for SummaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SummaryError::TooFew { n } => write!(
                f,
                "a mean with its error needs at least 2 replications, and there are {n}"
            ),
            SummaryError::Missing { at } => write!(f, "the value of replication {at} is missing"),
        }
    }
}

impl std::error::Error for SummaryError {}

/// Mean and standard error of one metric over replications.
///
/// * `values` - (n,) one value for each replication, by replication number [unit of the metric]
/// * returns - mean and standard error of the mean, same unit; the error divides by n - 1
///
/// # Errors
/// [`SummaryError::TooFew`] if n < 2: one run says nothing about spread. It is never written as 0.
/// [`SummaryError::Missing`] if a value is NaN.
///
/// # Source
/// Law, Simulation Modeling and Analysis, 5th ed., section 4.4, on means and variances.
///
/// # Example
/// ```
/// let caseload = casecap::statistics::mean_and_error(&[15.0, 17.0])?;
/// assert_eq!(caseload.mean, 16.0);
/// # Ok::<(), casecap::statistics::SummaryError>(())
/// ```
pub fn mean_and_error(values: &[f64]) -> Result<MeanAndError, SummaryError> {
    if let Some(at) = values.iter().position(|v| v.is_nan()) {
        return Err(SummaryError::Missing { at });
    }
    let mut moments = Moments::new();
    for value in values {
        moments.push(*value);
    }
    match (moments.mean(), moments.standard_error()) {
        (Some(mean), Some(standard_error)) => Ok(MeanAndError {
            mean,
            standard_error,
        }),
        _ => Err(SummaryError::TooFew { n: values.len() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[f64]) -> Moments {
        let mut moments = Moments::new();
        for v in values {
            moments.push(*v);
        }
        moments
    }

    #[test]
    fn moments_of_small_whole_numbers_are_exact() {
        let m = of(&[1.0, 3.0, f64::NAN, 5.0, 7.0]);
        assert_eq!(m.n(), 4);
        assert_eq!(m.missing(), 1);
        assert_eq!(m.mean(), Some(4.0));
        assert_eq!(m.variance(), Some(20.0 / 3.0));
        assert_eq!(m.standard_error(), Some(libm::sqrt(20.0 / 12.0)));
        assert_eq!((m.min(), m.max()), (Some(1.0), Some(7.0)));
    }

    #[test]
    fn too_few_values_answer_nothing_rather_than_zero() {
        let none = of(&[f64::NAN]);
        assert_eq!((none.mean(), none.min(), none.max()), (None, None, None));
        let one = of(&[2.0]);
        assert_eq!(one.mean(), Some(2.0));
        assert_eq!((one.standard_error(), one.deviation()), (None, None));
        assert_eq!(mean_and_error(&[2.0]), Err(SummaryError::TooFew { n: 1 }));
        assert_eq!(
            mean_and_error(&[2.0, f64::NAN, 1.0]),
            Err(SummaryError::Missing { at: 1 })
        );
    }

    #[test]
    fn the_error_of_two_values_is_half_their_distance() {
        let summary = mean_and_error(&[15.0, 17.0]).unwrap();
        assert_eq!(summary.mean, 16.0);
        assert_eq!(summary.standard_error, 1.0);
    }

    #[test]
    fn a_merge_of_exact_numbers_is_exact() {
        let mut left = of(&[1.0, 3.0]);
        left.merge(&of(&[5.0, 7.0, f64::NAN]));
        assert_eq!(left, of(&[1.0, 3.0, 5.0, 7.0, f64::NAN]));
        let mut empty = of(&[f64::NAN]);
        empty.merge(&of(&[4.0, f64::NAN]));
        assert_eq!(
            (empty.n(), empty.missing(), empty.mean()),
            (1, 2, Some(4.0))
        );
    }

    #[test]
    fn a_large_offset_does_not_drown_the_spread() {
        let values: Vec<f64> = (0..1000).map(|i| 1e9 + f64::from(i % 2)).collect();
        let variance = of(&values).variance().unwrap();
        assert!((variance - 250.0 / 999.0).abs() < 1e-9, "{variance}");
    }

    fn bits(m: &Moments) -> [u64; 6] {
        [
            m.n,
            m.missing,
            m.mean.to_bits(),
            m.m2.to_bits(),
            m.min.to_bits(),
            m.max.to_bits(),
        ]
    }

    proptest! {
        #[test]
        fn bits_do_not_depend_on_how_blocks_are_shared_out(
            values in prop::collection::vec(-1e6_f64..1e6, 1..1500),
            cuts in prop::collection::vec(0_usize..24, 0..5),
            backwards in any::<bool>(),
        ) {
            let mut whole = BlockedMoments::new();
            for (r, v) in values.iter().enumerate() {
                whole.push(r as u64, *v);
            }
            let mut bounds: Vec<usize> = cuts.iter().map(|c| c * BLOCK as usize).collect();
            bounds.extend([0, values.len()]);
            bounds.retain(|b| *b <= values.len());
            bounds.sort_unstable();
            let mut parts: Vec<BlockedMoments> = bounds
                .windows(2)
                .map(|w| {
                    let mut part = BlockedMoments::new();
                    for (r, v) in values.iter().enumerate().take(w[1]).skip(w[0]) {
                        part.push(r as u64, *v);
                    }
                    part
                })
                .collect();
            if backwards {
                parts.reverse();
            }
            let mut merged = BlockedMoments::new();
            for part in &parts {
                merged.merge(part);
            }
            prop_assert_eq!(bits(&whole.moments()), bits(&merged.moments()));
            let plain = of(&values);
            let blocked = whole.moments();
            prop_assert_eq!(blocked.n(), plain.n());
            prop_assert!((blocked.mean - plain.mean).abs() < 1e-6);
            prop_assert!((blocked.m2 - plain.m2).abs() <= 1e-9 * plain.m2.max(1.0));
        }
    }

    #[test]
    fn a_million_replications_keep_one_node_a_level() {
        let mut m = BlockedMoments::new();
        for r in 0..1_000_000 {
            m.push(r, 1.0);
        }
        assert!(m.nodes.len() <= 15, "{}", m.nodes.len());
        assert_eq!(m.moments().n(), 1_000_000);
        assert_eq!(m.moments().deviation(), Some(0.0));
    }
}
