//! Elementary effects: which of many inputs move a noisy function at all, from few values.
//!
//! A trajectory begins somewhere and changes one input after the other, each once, by half of its range. What a change does
//! to the value, divided by the change, is an elementary effect. Over trajectories, the mean of its size (`mu*`) says how much
//! an input matters, its mean (`mu`) which way it moves the value, and its spread (`sigma`) whether that depends on where the
//! others stand.
//!
//! Of each point there are R values that differ by noise alone, and the points of a trajectory share their noise draw by draw,
//! so that the noise of a change is measured: it is taken off `sigma`, and [`Effect::by_noise`] says how large `mu*` would
//! be on average of an input that does nothing.
//!
//! # Source
//! Morris (1991), Technometrics 33, 161, with p = 4 levels; Campolongo, Cariboni and Saltelli (2007), Environmental Modelling and
//! Software 22, 1509, for `mu*`. Noise is no part of either: its share is that of a mean of differences.

use crate::statistics::interval::{Interval, of_resamples};

/// Levels of each input: the middles of four equal parts of 0 to 1, since the ends of a law may be infinite.
pub const LEVELS: [f64; 4] = [0.125, 0.375, 0.625, 0.875];
/// How far one step changes its input: two levels.
pub const STEP: f64 = 0.5;
/// Trajectories that a resampled interval needs at least.
const FEWEST: usize = 4;

/// Points of which each differs from the one before in one input.
#[derive(Clone, Debug, PartialEq)]
pub struct Trajectory {
    /// (inputs + 1, inputs) places in 0 to 1, each one of [`LEVELS`].
    pub points: Vec<Vec<f64>>,
    /// (inputs,) the input that each step changes: every input once.
    pub order: Vec<usize>,
}

/// What one input does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    /// Mean effect of the whole range [unit of the value].
    pub mu: f64,
    /// Mean size of the effect [unit of the value].
    pub mu_star: f64,
    /// 95 % interval of `mu_star`, by resampling trajectories; missing where there are too few.
    pub interval: Option<Interval>,
    /// Standard deviation of the effect over trajectories, without noise [unit of the value]; NaN of one trajectory.
    pub sigma: f64,
    /// `mu_star` that noise alone would give on average, if noise is normal [unit of the value]; NaN of single values.
    pub by_noise: f64,
}

/// A trajectory.
///
/// * `pick` - a number from 0 to its argument - 1, from the caller's luck
pub fn trajectory(inputs: usize, pick: &mut dyn FnMut(usize) -> usize) -> Trajectory {
    let mut order: Vec<usize> = (0..inputs).collect();
    for last in (1..inputs).rev() {
        order.swap(last, pick(last + 1));
    }
    let mut point: Vec<f64> = (0..inputs).map(|_| LEVELS[pick(LEVELS.len())]).collect();
    let mut points = vec![point.clone()];
    for input in &order {
        // From each level two steps lead somewhere, and one of the two directions.
        point[*input] += if point[*input] < 0.5 { STEP } else { -STEP };
        points.push(point.clone());
    }
    Trajectory { points, order }
}

/// What each input does.
///
/// * `trajectories` - all of the same inputs
/// * `values` - (trajectories, inputs + 1, R) values at their points; trajectories with a missing value are left out
/// * `resamples` - how often trajectories are drawn anew
/// * `pick` - a number from 0 to its argument - 1, from the caller's luck
/// * returns - (inputs,); nothing where no trajectory is whole
pub fn effects(
    trajectories: &[Trajectory],
    values: &[Vec<Vec<f64>>],
    resamples: usize,
    pick: &mut dyn FnMut(usize) -> usize,
) -> Option<Vec<Effect>> {
    let pairs = trajectories.iter().zip(values);
    let whole: Vec<Vec<Change>> = pairs.filter_map(|(t, v)| changes(t, v)).collect();
    let inputs = whole.first()?.len();
    let all: Vec<usize> = (0..whole.len()).collect();
    let mean_size = |chosen: &[usize], input: usize| {
        let sizes = chosen.iter().map(|at| libm::fabs(whole[*at][input].effect));
        sizes.sum::<f64>() / chosen.len() as f64
    };
    let mut drawn = vec![Vec::with_capacity(resamples); inputs];
    if whole.len() >= FEWEST {
        for _ in 0..resamples {
            let chosen: Vec<usize> = all.iter().map(|_| pick(whole.len())).collect();
            for (input, drawn) in drawn.iter_mut().enumerate() {
                drawn.push(mean_size(&chosen, input));
            }
        }
    }
    let n = whole.len() as f64;
    let effect = |(input, drawn): (usize, Vec<f64>)| {
        let of = |f: &dyn Fn(&Change) -> f64| whole.iter().map(|t| f(&t[input])).sum::<f64>() / n;
        let mu = of(&|c| c.effect);
        let noise = of(&|c| c.noise);
        let spread = of(&|c| (c.effect - mu) * (c.effect - mu)) * n / (n - 1.0);
        // Of single values nothing is known of their noise, and nothing is taken off.
        let known = if noise.is_nan() { 0.0 } else { noise };
        Effect {
            mu,
            mu_star: mean_size(&all, input),
            interval: of_resamples(drawn),
            sigma: libm::sqrt(if spread.is_nan() {
                spread
            } else {
                (spread - known).max(0.0)
            }),
            by_noise: libm::sqrt(noise * std::f64::consts::FRAC_2_PI),
        }
    };
    Some(drawn.into_iter().enumerate().map(effect).collect())
}

/// One elementary effect, and the variance that noise gives it.
struct Change {
    effect: f64,
    noise: f64,
}

/// (inputs,) the elementary effects of a trajectory; nothing where a value is missing.
fn changes(trajectory: &Trajectory, values: &[Vec<f64>]) -> Option<Vec<Change>> {
    let mut found: Vec<(usize, Change)> = Vec::with_capacity(trajectory.order.len());
    for (at, input) in trajectory.order.iter().enumerate() {
        let (before, after) = (trajectory.points.get(at)?, trajectory.points.get(at + 1)?);
        let step = after.get(*input)? - before.get(*input)?;
        let pairs = values.get(at)?.iter().zip(values.get(at + 1)?);
        let slopes: Vec<f64> = pairs.map(|(old, new)| (new - old) / step).collect();
        let n = slopes.len() as f64;
        let effect = slopes.iter().sum::<f64>() / n;
        let square: f64 = slopes.iter().map(|s| (s - effect) * (s - effect)).sum();
        if !effect.is_finite() {
            return None;
        }
        found.push((
            *input,
            Change {
                effect,
                noise: square / (n - 1.0) / n,
            },
        ));
    }
    found.sort_by_key(|(input, _)| *input);
    Some(found.into_iter().map(|(_, change)| change).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statistics::luck::luck;

    fn picker(mut state: u64) -> impl FnMut(usize) -> usize {
        move |n| (luck(&mut state) * n as f64) as usize
    }

    /// Effects of a function with noise of its own at each value.
    fn of(
        f: &dyn Fn(&[f64]) -> f64,
        inputs: usize,
        count: usize,
        noise: f64,
        repeats: usize,
    ) -> Vec<Effect> {
        let mut pick = picker(3);
        let mut state = 5;
        let trajectories: Vec<Trajectory> =
            (0..count).map(|_| trajectory(inputs, &mut pick)).collect();
        let mut value = |point: &Vec<f64>| -> Vec<f64> {
            // A sum of twelve uniform numbers is nearly normal.
            let mut normal = || (0..12).map(|_| luck(&mut state)).sum::<f64>() - 6.0;
            (0..repeats).map(|_| f(point) + noise * normal()).collect()
        };
        let values: Vec<Vec<Vec<f64>>> = trajectories
            .iter()
            .map(|t| t.points.iter().map(&mut value).collect())
            .collect();
        effects(&trajectories, &values, 200, &mut pick).unwrap()
    }

    #[test]
    fn a_trajectory_changes_each_input_once_by_two_levels() {
        let mut pick = picker(1);
        for _ in 0..50 {
            let found = trajectory(5, &mut pick);
            let mut order = found.order.clone();
            order.sort_unstable();
            assert_eq!(order, [0, 1, 2, 3, 4]);
            assert!(found.points.iter().flatten().all(|p| LEVELS.contains(p)));
            for (pair, input) in found.points.windows(2).zip(&found.order) {
                for (at, (a, b)) in pair[0].iter().zip(&pair[1]).enumerate() {
                    assert_eq!((a - b).abs(), if at == *input { STEP } else { 0.0 });
                }
            }
        }
    }

    #[test]
    fn a_straight_line_has_its_slopes_and_no_spread() {
        let found = of(&|x| 3.0 * x[0] - 2.0 * x[1] + 7.0, 3, 8, 0.0, 1);
        for (effect, slope) in found.iter().zip([3.0, -2.0, 0.0]) {
            assert!((effect.mu - slope).abs() < 1e-12, "{effect:?}");
            assert!((effect.mu_star - f64::abs(slope)).abs() < 1e-12);
            assert!(effect.sigma < 1e-6 && effect.by_noise.is_nan());
        }
    }

    /// x y: the effect of x is y, one of four levels alike, so that its mean is 1/2 and its variance 5/64.
    #[test]
    fn interaction_is_seen_as_spread() {
        let found = of(&|x| x[0] * x[1], 2, 4000, 0.0, 1);
        for effect in found {
            // Standard errors: 0.0045 of the mean, about 0.002 of the spread; five of each.
            assert!((effect.mu - 0.5).abs() < 0.022, "{effect:?}");
            assert!((effect.sigma - f64::sqrt(5.0 / 64.0)).abs() < 0.011);
        }
    }

    /// An effect of noise has variance 2 s^2 / R / STEP^2, here 4: it is told as noise, and not as spread.
    #[test]
    fn noise_is_told_apart_from_an_effect() {
        let found = of(&|x| 20.0 * x[0], 2, 4000, f64::sqrt(2.0), 4);
        let by_noise = 2.0 * f64::sqrt(std::f64::consts::FRAC_2_PI);
        for effect in &found {
            assert!(
                (effect.by_noise / by_noise - 1.0).abs() < 0.03,
                "{effect:?}"
            );
            // The variance 4 has standard error 0.09 over 4000 effects, and that is what may be left.
            assert!(effect.sigma < f64::sqrt(5.0 * 0.09 * 1.3), "{effect:?}");
        }
        assert!((found[0].mu_star - 20.0).abs() < 0.2);
        assert!((found[1].mu_star / by_noise - 1.0).abs() < 0.1);
    }

    #[test]
    fn a_trajectory_with_a_missing_value_is_left_out() {
        let mut pick = picker(2);
        let two = [trajectory(1, &mut pick), trajectory(1, &mut pick)];
        let line = |t: &Trajectory| -> Vec<Vec<f64>> {
            t.points.iter().map(|p| vec![4.0 * p[0]]).collect()
        };
        let values = [vec![vec![f64::NAN], vec![1.0]], line(&two[1])];
        let found = effects(&two, &values, 10, &mut pick).unwrap();
        assert_eq!((found[0].mu, found[0].interval), (4.0, None));
        assert!(found[0].sigma.is_nan());
        assert_eq!(effects(&two[..1], &values[..1], 10, &mut pick), None);
    }
}
