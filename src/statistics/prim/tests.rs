use super::*;
use crate::statistics::luck::luck;

/// Points of a scrambled Sobol sequence in 0 to 1.
fn points(n: u32, inputs: u32) -> Vec<Vec<f64>> {
    let place = |at, d| f64::from(sobol_burley::sample(at, d, 5));
    (0..n)
        .map(|at| (0..inputs).map(|d| place(at, d)).collect())
        .collect()
}

#[test]
fn a_planted_box_is_found_with_its_limits_and_no_others() {
    let points = points(2048, 5);
    let planted = |p: &Vec<f64>| p[1] > 0.7 && p[3] < 0.4;
    let is_hit: Vec<bool> = points.iter().map(planted).collect();
    let found = boxes(&points, &is_hit, 3);
    let first = &found[0];
    let inputs: Vec<usize> = first.limits.iter().map(|l| l.input).collect();
    assert_eq!(inputs, [1, 3], "{found:?}");
    assert!((first.limits[0].above.unwrap() - 0.7).abs() < 0.02);
    assert!((first.limits[1].below.unwrap() - 0.4).abs() < 0.02);
    assert_eq!((first.limits[0].below, first.limits[1].above), (None, None));
    assert!(first.coverage > 0.95 && first.density() > 0.95, "{first:?}");
    assert!(first.limits.iter().all(|l| l.quasi_p < 1e-6));
    let inside = points.iter().filter(|p| first.holds(p)).count();
    assert_eq!(inside, first.inside);
}

#[test]
fn a_planted_box_is_found_though_some_hits_are_elsewhere() {
    let points = points(1024, 4);
    let mut state = 9;
    // In the box nine of ten, outside one of twenty.
    let is_hit: Vec<bool> = points
        .iter()
        .map(|p| luck(&mut state) < if p[0] > 0.5 && p[2] > 0.6 { 0.9 } else { 0.05 })
        .collect();
    let first = boxes(&points, &is_hit, 1).remove(0);
    let of = |input| first.limits.iter().find(|l| l.input == input).unwrap();
    assert!((of(0).above.unwrap() - 0.5).abs() < 0.06, "{first:?}");
    assert!((of(2).above.unwrap() - 0.6).abs() < 0.06, "{first:?}");
    assert!(first.density() > 0.8 && first.coverage > 0.7, "{first:?}");
    let chance = by_chance(&points, &is_hit, 49, &mut |n| {
        (luck(&mut state) * n as f64) as usize
    });
    assert_eq!(chance, 0.02);
}

/// Of few points with many inputs, and hits more common than not.
#[test]
fn a_planted_box_is_found_where_most_points_are_hits() {
    let points = points(128, 14);
    let mut state = 11;
    let is_hit: Vec<bool> = points
        .iter()
        .map(|p| luck(&mut state) < if p[6] > 0.5 { 0.95 } else { 0.3 })
        .collect();
    let first = boxes(&points, &is_hit, 1).remove(0);
    let limit = first.limits.iter().find(|l| l.input == 6).unwrap();
    assert!((limit.above.unwrap() - 0.5).abs() < 0.15, "{first:?}");
    assert!(first.density() > 0.8 && first.coverage > 0.5, "{first:?}");
}

#[test]
fn two_planted_boxes_are_found_one_after_the_other() {
    let points = points(2048, 3);
    let is_hit: Vec<bool> = points
        .iter()
        .map(|p| (p[0] > 0.7 && p[1] > 0.4) || p[2] < 0.1)
        .collect();
    let found = boxes(&points, &is_hit, 2);
    assert_eq!(found.len(), 2, "{found:?}");
    let [one, other] = [&found[0], &found[1]];
    assert!(one.coverage + other.coverage > 0.9, "{found:?}");
    assert!(one.density() > 0.9 && other.density() > 0.9, "{found:?}");
    let inputs = |found: &Found| found.limits.iter().map(|l| l.input).collect::<Vec<_>>();
    assert_eq!(
        (inputs(one), inputs(other)),
        (vec![0, 1], vec![2]),
        "{found:?}"
    );
}

/// Null: hits have nothing to do with inputs. The share of 100 tables whose chance is at most 1 in 10 is binomial with
/// mean 10; more than 22 happens once in about 10,000 times.
#[test]
fn where_nothing_is_planted_chance_says_so_as_often_as_it_should() {
    let points = points(128, 3);
    let mut state = 17;
    let mut small = 0;
    for _ in 0..100 {
        let is_hit: Vec<bool> = points.iter().map(|_| luck(&mut state) < 0.2).collect();
        let chance = by_chance(&points, &is_hit, 19, &mut |n| {
            (luck(&mut state) * n as f64) as usize
        });
        small += u32::from(chance <= 0.1);
    }
    assert!(small <= 22, "{small}");
}

#[test]
fn without_hits_or_with_nothing_else_there_is_no_box() {
    let points = points(64, 2);
    assert!(boxes(&points, &[false; 64], 3).is_empty());
    assert!(boxes(&points, &[true; 64], 3).is_empty());
    assert!(boxes(&[], &[], 3).is_empty());
    assert_eq!(by_chance(&points, &[true; 64], 9, &mut |_| 0), 1.0);
    // Inputs that are the same everywhere cannot be cut.
    let same = vec![vec![1.0]; 64];
    let half: Vec<bool> = (0..64).map(|at| at % 2 == 0).collect();
    assert!(boxes(&same, &half, 3).is_empty());
}

/// 3 of 4 or more at one half: 5/16.
#[test]
fn a_quasi_p_value_is_the_tail_of_a_binomial() {
    assert!((at_least(3, 4, 0.5) - 5.0 / 16.0).abs() < 1e-12);
    assert_eq!(at_least(0, 4, 0.5), 1.0);
    assert_eq!(at_least(4, 4, 1.0), 1.0);
}
