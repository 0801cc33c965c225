//! Which of several policies none of the others beats in both of two numbers.

/// For each point, true where no other is as good in both numbers and better in one; less is better. A point with a
/// missing number is no part of it.
///
/// # Source
/// Pareto dominance, as in Keeney and Raiffa, Decisions with Multiple Objectives (1976), section 3.2.
pub fn best(points: &[[f64; 2]]) -> Vec<bool> {
    let beats =
        |a: &[f64; 2], b: &[f64; 2]| a[0] <= b[0] && a[1] <= b[1] && (a[0] < b[0] || a[1] < b[1]);
    let is_known = |point: &[f64; 2]| point.iter().all(|value| value.is_finite());
    points
        .iter()
        .map(|point| is_known(point) && !points.iter().any(|other| beats(other, point)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_another_beats_in_one_number_and_not_in_the_other_is_not_the_best() {
        let points = [
            [1.0, 5.0],
            [2.0, 3.0],
            [2.0, 4.0],
            [3.0, 1.0],
            [3.0, f64::NAN],
        ];
        assert_eq!(best(&points), [true, true, false, true, false]);
        // Two that are alike are both the best, or neither.
        assert_eq!(best(&[[1.0, 1.0], [1.0, 1.0]]), [true, true]);
    }
}
