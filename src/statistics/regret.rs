//! What is lost by one choice in worlds where another would have been best.
//!
//! In each world each option has R values that differ by noise alone, draw by draw common to all options. The regret of an
//! option is how much worse its mean is than that of the best option of that world. The best of several noisy means looks
//! better than it is, so that regrets are a little too large; [`Regret::mean_at_least`] takes the best option by one half of
//! the values and the loss by the other, which errs the other way, because the option that is taken need not be the best.
//! Where both are near each other, noise does no harm.
//!
//! # Source
//! Savage (1951), Journal of the American Statistical Association 46, 55, on regret; the halves are ordinary cross-fitting.

/// What an option loses over worlds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Regret {
    /// Worlds in which every option has a mean.
    pub worlds: usize,
    /// Mean loss against the best option of each world, 0 or more [unit of the values].
    pub mean: f64,
    /// Mean loss with the best option chosen by other values than those that tell the loss; may be below 0 by noise [unit
    /// of the values]. NaN of single values.
    pub mean_at_least: f64,
    /// Loss that is not passed in 90 of 100 worlds: the nearest rank above [unit of the values].
    pub p90: f64,
    /// Worlds in which no option is better, of all [1].
    pub best_share: f64,
}

/// The regret of each option.
///
/// * `worlds` - (worlds, options, R) values; worlds in which a value is missing are left out
/// * `is_less_better` - true: the least mean is the best
/// * returns - (options,); nothing where no world is whole
///
/// # Example
/// ```
/// use casecap::statistics::regret::regret;
///
/// let worlds = [vec![vec![1.0], vec![3.0]], vec![vec![5.0], vec![4.0]]];
/// let found = regret(&worlds, true).unwrap_or_default();
/// assert_eq!((found[0].mean, found[1].mean), (0.5, 1.0));
/// assert_eq!((found[0].p90, found[1].p90), (1.0, 2.0));
/// ```
pub fn regret(worlds: &[Vec<Vec<f64>>], is_less_better: bool) -> Option<Vec<Regret>> {
    let sign = if is_less_better { 1.0 } else { -1.0 };
    let options = worlds.first()?.len();
    let mut losses = vec![Vec::with_capacity(worlds.len()); options];
    let mut crossed = vec![0.0; options];
    for world in worlds {
        // Greater is worse from here on.
        let cost = |part: Part| -> Vec<f64> {
            world
                .iter()
                .map(|values| sign * mean(values, part))
                .collect()
        };
        let whole = cost(Part::Whole);
        if whole.len() != options || whole.iter().any(|c| !c.is_finite()) {
            continue;
        }
        let best = whole.iter().copied().fold(f64::INFINITY, f64::min);
        for (own, cost) in losses.iter_mut().zip(&whole) {
            own.push(cost - best);
        }
        let halves = [cost(Part::Even), cost(Part::Odd)];
        for (chosen_by, told_by) in [(0, 1), (1, 0)] {
            let best = first_least(&halves[chosen_by]);
            let told = &halves[told_by];
            for (sum, own) in crossed.iter_mut().zip(told) {
                *sum += (own - told.get(best).copied().unwrap_or(f64::NAN)) / 2.0;
            }
        }
    }
    let count = losses.first()?.len();
    if count == 0 {
        return None;
    }
    let n = count as f64;
    let of = |(mut own, crossed): (Vec<f64>, f64)| {
        let sum: f64 = own.iter().sum();
        let best = own.iter().filter(|loss| **loss == 0.0).count();
        own.sort_by(f64::total_cmp);
        let rank = libm::ceil(0.9 * n - 1e-9) as usize;
        Regret {
            worlds: count,
            mean: sum / n,
            mean_at_least: crossed / n,
            p90: own[rank.clamp(1, count) - 1],
            best_share: best as f64 / n,
        }
    };
    Some(losses.into_iter().zip(crossed).map(of).collect())
}

/// Which values a mean is taken of, by their places.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Even,
    Odd,
}

fn mean(values: &[f64], part: Part) -> f64 {
    let chosen = values.iter().enumerate().filter(|(at, _)| match part {
        Part::Whole => true,
        Part::Even => at % 2 == 0,
        Part::Odd => at % 2 == 1,
    });
    let (sum, n) = chosen.fold((0.0, 0_u32), |(sum, n), (_, v)| (sum + v, n + 1));
    sum / f64::from(n)
}

/// Place of the least; the earlier where equal.
fn first_least(values: &[f64]) -> usize {
    let pairs = values.iter().enumerate();
    pairs
        .min_by(|a, b| a.1.total_cmp(b.1))
        .map_or(0, |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::luck::luck;

    #[test]
    fn regret_is_the_loss_against_the_best_of_each_world() {
        let world = |a: f64, b: f64| vec![vec![a; 2], vec![b; 2]];
        let worlds: Vec<_> = (0..10)
            .map(|at| {
                if at < 8 {
                    world(1.0, 2.0)
                } else {
                    world(7.0, 4.0)
                }
            })
            .collect();
        let less = regret(&worlds, true).unwrap();
        assert_eq!(
            (less[0].mean, less[0].p90, less[0].best_share),
            (0.6, 3.0, 0.8)
        );
        assert_eq!(
            (less[1].mean, less[1].p90, less[1].best_share),
            (0.8, 1.0, 0.2)
        );
        // Without noise the halves say the same.
        for one in &less {
            assert!((one.mean_at_least - one.mean).abs() < 1e-12);
        }
        let more = regret(&worlds, false).unwrap();
        assert_eq!((more[0].mean, more[1].mean), (0.8, 0.6));
    }

    /// Two options that are alike but for noise of variance 1/12 a value: the true regret is 0. The loss told by one half of
    /// four values has variance 1/24 a world, and its mean over two halves and 5000 worlds a standard error of 0.002; five of it
    /// are passed by one of two options about once in a million times.
    #[test]
    fn noise_makes_regret_too_large_and_the_crossed_one_not() {
        let mut state = 3;
        let mut draw = || (0..4).map(|_| luck(&mut state)).collect::<Vec<f64>>();
        let worlds: Vec<_> = (0..5000).map(|_| vec![draw(), draw()]).collect();
        for one in regret(&worlds, true).unwrap() {
            assert!(one.mean > 0.05, "{one:?}");
            assert!(one.mean_at_least.abs() < 0.0102, "{one:?}");
        }
    }

    #[test]
    fn a_world_with_a_missing_value_is_left_out() {
        let worlds = [vec![vec![1.0], vec![f64::NAN]], vec![vec![2.0], vec![2.5]]];
        let found = regret(&worlds, true).unwrap();
        assert_eq!((found[0].worlds, found[1].mean), (1, 0.5));
        assert!(found[0].mean_at_least.is_nan());
        assert_eq!(regret(&worlds[..1], true), None);
        assert_eq!(regret(&[], true), None);
    }
}
