//! Whether something moves with a number, by ranks, where the something may be known only between two ends.
//!
//! The score of a value is how many of the others it surely lies above, less those that it surely lies below. Of values
//! that are known exactly, scores are ranks about their mean, and the correlation of two rows of scores is Spearman's; of
//! values between two ends, pairs whose order is open count for nothing.
//!
//! Whether chance explains a correlation is asked by shuffling: if the values have nothing to do with any input, every
//! order of them is alike likely. The greatest correlation with any input is looked at in each shuffle, so that the
//! chance that any input at all is called related without being so is as stated, however many there are.
//!
//! # Source
//! Gehan (1965), Biometrika 52, 203: scores of values that are known between ends. Westfall and Young (1993),
//! Resampling-Based Multiple Testing: the greatest over all. Phipson and Smyth (2010), Statistical Applications in Genetics
//! and Molecular Biology 9, 39: the order as it is counts among the shuffles.

/// How something moves with an input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Correlation of scores, -1 to 1 [1].
    pub correlation: f64,
    /// Chance that any of all inputs has a correlation as great if none is related [1].
    pub p: f64,
}

/// The score of each value: how many others it surely lies above, less those that it surely lies below.
///
/// * `values` - (n,) least and greatest that each may be; both the same where it is known
pub fn scores(values: &[[f64; 2]]) -> Vec<i64> {
    let score = |own: &[f64; 2]| {
        let above = values.iter().filter(|other| other[1] < own[0]).count();
        let below = values.iter().filter(|other| other[0] > own[1]).count();
        above as i64 - below as i64
    };
    values.iter().map(score).collect()
}

/// How values move with each input. Only a movement in one direction is seen: what rises and falls again may go unnoticed.
///
/// * `inputs` - (inputs, n) numbers
/// * `values` - (n,) least and greatest that each may be
/// * `shuffles` - how often the values are shuffled, all inputs at once
/// * `pick` - a number from 0 to its argument - 1, from the caller's luck
/// * returns - (inputs,); nothing where the input or the values are all alike, or no order of values is known
pub fn associations(
    inputs: &[Vec<f64>],
    values: &[[f64; 2]],
    shuffles: usize,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Vec<Option<Association>> {
    let mut own = scores(values);
    let rows: Vec<Vec<i64>> = inputs
        .iter()
        .map(|input| scores(&input.iter().map(|x| [*x, *x]).collect::<Vec<_>>()))
        .collect();
    let of_values = squares(&own);
    let norms: Vec<f64> = rows
        .iter()
        .map(|row| libm::sqrt(squares(row) * of_values))
        .collect();
    // Sums of whole numbers: two orders with the same sum have the same correlation to the last bit.
    let correlation = |own: &[i64], at: usize| {
        let sum: i64 = rows[at].iter().zip(own).map(|(a, b)| a * b).sum();
        match norms[at] > 0.0 {
            true => sum as f64 / norms[at],
            false => 0.0,
        }
    };
    let found: Vec<f64> = (0..rows.len()).map(|at| correlation(&own, at)).collect();
    let mut reached = vec![0_usize; rows.len()];
    for _ in 0..shuffles {
        for last in (1..own.len()).rev() {
            own.swap(last, pick(last + 1));
        }
        let all = (0..rows.len()).map(|at| correlation(&own, at).abs());
        let greatest = all.fold(0.0, f64::max);
        for (reached, found) in reached.iter_mut().zip(&found) {
            *reached += usize::from(greatest >= found.abs());
        }
    }
    let each = found.into_iter().zip(reached).zip(&norms);
    each.map(|((correlation, reached), norm)| {
        (*norm > 0.0).then_some(Association {
            correlation,
            p: (reached + 1) as f64 / (shuffles + 1) as f64,
        })
    })
    .collect()
}

fn squares(scores: &[i64]) -> f64 {
    scores.iter().map(|s| s * s).sum::<i64>() as f64
}

/// Places of the lowest and of the highest third of numbers, each from the lowest; of equal numbers the earlier is lower.
///
/// * `numbers` - (n,)
/// * returns - n / 3 places each, rounded down, and at least one where there are two numbers
pub fn thirds(numbers: &[f64]) -> [Vec<usize>; 2] {
    let mut order: Vec<usize> = (0..numbers.len()).collect();
    order.sort_by(|a, b| numbers[*a].total_cmp(&numbers[*b]).then(a.cmp(b)));
    let many = (numbers.len() / 3).max(usize::from(numbers.len() > 1));
    let highest = order[order.len() - many..].to_vec();
    order.truncate(many);
    [order, highest]
}

/// Between which two numbers the median of values lies that are known between ends; of an even number of values it is the
/// upper of the middle two. Nothing of no values.
pub fn median(values: &[[f64; 2]]) -> Option<[f64; 2]> {
    let middle = |end: usize| {
        let mut all: Vec<f64> = values.iter().map(|value| value[end]).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    Some([middle(0)?, middle(1)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hashed luck, as good as any for a test.
    fn luck(seed: u64) -> impl FnMut() -> f64 {
        let mut state = seed;
        move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }
    }

    fn exact(values: &[f64]) -> Vec<[f64; 2]> {
        values.iter().map(|v| [*v, *v]).collect()
    }

    fn related(
        inputs: &[Vec<f64>],
        values: &[[f64; 2]],
        shuffles: usize,
        seed: u64,
    ) -> Vec<Option<Association>> {
        let mut luck = luck(seed);
        associations(inputs, values, shuffles, &mut |n| {
            ((luck() * n as f64) as usize).min(n - 1)
        })
    }

    #[test]
    fn of_known_values_it_is_spearmans_correlation() {
        // Ranks 1, 3, 2, 5, 4 beside 1 to 5: 1 - 6 sum d^2 / (n (n^2 - 1)) with d = 0, 1, -1, 1, -1.
        let inputs = [vec![1.0, 2.0, 3.0, 4.0, 5.0]];
        let values = exact(&[10.0, 30.0, 20.0, 60.0, 30.5]);
        assert_eq!(scores(&exact(&inputs[0])), [-4, -2, 0, 2, 4]);
        let found = related(&inputs, &values, 10, 1)[0].unwrap();
        let spearman = 1.0 - 6.0 * 4.0 / 120.0;
        assert!((found.correlation - spearman).abs() < 1e-12, "{found:?}");
    }

    #[test]
    fn pairs_whose_order_is_open_count_for_nothing() {
        let values = [[1.0, 1.0], [2.0, 5.0], [4.0, 6.0], [9.0, f64::INFINITY]];
        assert_eq!(scores(&values), [-3, 0, 0, 3]);
        assert_eq!(median(&values), Some([4.0, 6.0]));
        assert_eq!(median(&[]), None);
        // Nothing is known of any order, or an input never differs.
        let open = [[0.0, 9.0]; 4];
        assert_eq!(related(&[vec![1.0, 2.0, 3.0, 4.0]], &open, 9, 1), [None]);
        assert_eq!(related(&[vec![1.0; 4]], &values, 9, 1), [None]);
        assert!(related(&[vec![]], &[], 9, 1)[0].is_none());
    }

    /// Of four values all 24 orders are alike likely: a rising one and its mirror have the greatest correlation.
    #[test]
    fn the_chance_of_an_order_is_the_one_that_is_known() {
        let inputs = [vec![1.0, 2.0, 3.0, 4.0]];
        let found = related(&inputs, &exact(&[1.0, 2.0, 3.0, 4.0]), 24_000, 5)[0].unwrap();
        assert_eq!(found.correlation, 1.0);
        // Standard error of 2 in 24: 0.0018; |z| < 4.5 fails once in 150,000 times.
        assert!((found.p - 2.0 / 24.0).abs() < 4.5 * 0.0018, "{found:?}");
    }

    /// Null: ten inputs have nothing to do with the values, of which some are open. Any of them is called related at
    /// 5 % in at most 5 % of 400 trials: false alarm about one in a million.
    #[test]
    fn chance_is_called_a_relation_as_rarely_as_promised() {
        use statrs::distribution::{Binomial, DiscreteCDF};
        const TRIALS: u64 = 400;
        let mut called = 0;
        for trial in 0..TRIALS {
            let mut own = luck(1_000_000 + trial);
            let inputs: Vec<Vec<f64>> = (0..10).map(|_| (0..20).map(|_| own()).collect()).collect();
            let values: Vec<[f64; 2]> = (0..20)
                .map(|_| {
                    let value = libm::floor(own() * 6.0);
                    [value, value + if own() < 0.3 { 2.0 } else { 0.0 }]
                })
                .collect();
            let all = related(&inputs, &values, 199, trial);
            called += u64::from(all.iter().flatten().any(|a| a.p <= 0.05));
        }
        let law = Binomial::new(0.05, TRIALS).unwrap();
        assert!(called == 0 || law.sf(called - 1) > 1e-6, "{called}");
        // And it is no test that never finds anything.
        assert!(law.cdf(called) > 1e-6, "{called}");
    }

    /// The one input among ten that the values follow is found, and has the greatest correlation.
    #[test]
    fn what_moves_a_value_is_found_among_much_that_does_not() {
        let mut own = luck(7);
        let inputs: Vec<Vec<f64>> = (0..10).map(|_| (0..50).map(|_| own()).collect()).collect();
        let values: Vec<[f64; 2]> = inputs[3]
            .iter()
            .map(|x| {
                let value = libm::floor(-8.0 * x + 2.0 * own());
                [value, value + 1.0]
            })
            .collect();
        let all = related(&inputs, &values, 999, 3);
        let found = all[3].unwrap();
        assert!(found.correlation < -0.7 && found.p <= 0.002, "{found:?}");
        assert!(
            all.iter()
                .flatten()
                .all(|a| a.correlation.abs() <= found.correlation.abs())
        );
    }

    #[test]
    fn thirds_are_the_ends_of_the_order() {
        let numbers = [5.0, 1.0, 4.0, 1.0, 9.0, 7.0, 2.0];
        assert_eq!(thirds(&numbers), [vec![1, 3], vec![5, 4]]);
        assert_eq!(thirds(&[2.0, 1.0]), [vec![1], vec![0]]);
        assert_eq!(thirds(&[2.0]), [Vec::<usize>::new(), Vec::new()]);
    }
}
