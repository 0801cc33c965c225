//! Where the spread of each outcome comes from.

use crate::experiment::sensitivity::design::{Point, Role, pick};
use crate::experiment::sensitivity::play::Played;
use crate::experiment::sensitivity::question::{Method, Question};
use crate::random::stream::{Kind, Luck, Purpose};
use crate::statistics::morris::{Effect, Trajectory, effects};
use crate::statistics::sobol::{Indices, Row, indices};

/// How often rows are drawn anew for an interval.
const RESAMPLES: usize = 500;

/// One outcome under one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// Place among the policies of the question.
    pub policy: usize,
    /// Place among what is looked at.
    pub looked: usize,
    /// What moves it.
    pub found: Found,
}

/// What moves an outcome.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// Indices of Sobol.
    Indices(Indices),
    /// (inputs,) elementary effects.
    Effects(Vec<Effect>),
    /// The outcome has too few values.
    Nothing,
}

impl Study {
    /// How much an input matters: its total index, or its mean size of effect without what luck alone would make of it, as
    /// squares are taken off; NaN where nothing is known.
    pub fn weight(&self, input: usize) -> f64 {
        match &self.found {
            Found::Indices(found) if !found.is_hidden => {
                found.total.get(input).map_or(f64::NAN, |t| t.value)
            }
            Found::Effects(found) => found.get(input).map_or(f64::NAN, |effect| {
                let luck = if effect.by_noise.is_nan() {
                    0.0
                } else {
                    effect.by_noise
                };
                libm::sqrt((effect.mu_star * effect.mu_star - luck * luck).max(0.0))
            }),
            _ => f64::NAN,
        }
    }

    /// Whether an input is seen to matter at all: its total index lies above 0 with its whole interval, or its effects
    /// are on the whole larger than noise alone would make them.
    pub fn matters(&self, input: usize) -> bool {
        match &self.found {
            Found::Indices(found) if !found.is_hidden => {
                let total = found.total.get(input).and_then(|t| t.interval);
                total.is_some_and(|interval| interval.low > 0.0)
            }
            Found::Effects(found) => found.get(input).is_some_and(|effect| {
                let low = effect.interval.map_or(f64::NAN, |interval| interval.low);
                low > if effect.by_noise.is_nan() {
                    0.0
                } else {
                    effect.by_noise
                }
            }),
            _ => false,
        }
    }

    /// The inputs, the one that matters most first; where alike, and where nothing is known, in their own order.
    pub fn ranked(&self, inputs: usize) -> Vec<usize> {
        ranked((0..inputs).map(|input| self.weight(input)).collect())
    }
}

/// What the points say.
///
/// * `inputs` - how many
/// * `trajectories` - of a screening
pub fn studies(
    question: &Question,
    inputs: usize,
    points: &[Point],
    trajectories: &[Trajectory],
    played: &Played,
) -> Vec<Study> {
    let looked = question.looked().len();
    let pairs = (0..question.policies.len()).flat_map(|p| (0..looked).map(move |l| (p, l)));
    pairs
        .map(|(policy, looked)| {
            let values = |point: usize| played.values(point, policy, looked);
            let identity = (policy * 1_000 + looked) as u64;
            let luck = Luck::new(question.seed, 0);
            let mut luck = luck.stream(Kind::Design, identity, 0, Purpose::Resampling);
            let mut pick = |n: usize| pick(&mut luck, n);
            let found = match question.method {
                Method::Sobol => {
                    let rows = rows(question, points, &values);
                    indices(&rows, RESAMPLES, &mut pick).map(Found::Indices)
                }
                Method::Morris => {
                    let values: Vec<Vec<Vec<f64>>> = (0..points.len())
                        .collect::<Vec<usize>>()
                        .chunks(inputs + 1)
                        .map(|own| own.iter().map(|at| values(*at).to_vec()).collect())
                        .collect();
                    effects(trajectories, &values, RESAMPLES, &mut pick).map(Found::Effects)
                }
            };
            Study {
                policy,
                looked,
                found: found.unwrap_or(Found::Nothing),
            }
        })
        .collect()
}

/// The rows of one outcome; of the points that stand for worlds as many values as of the others.
fn rows<'a>(
    question: &Question,
    points: &[Point],
    values: &dyn Fn(usize) -> &'a [f64],
) -> Vec<Row> {
    let many = question.replications as usize;
    let mut rows: Vec<Row> = vec![Row::default(); question.rows];
    for (at, point) in points.iter().enumerate() {
        let own = values(at);
        let own = own[..many.min(own.len())].to_vec();
        let Some(row) = rows.get_mut(point.row) else {
            continue;
        };
        match point.role {
            Role::A => row.a = own,
            Role::B => row.b = own,
            _ => row.changed.push(own),
        }
    }
    rows
}

/// How much each input matters on the whole: its mean share of the weight over all outcomes and policies of which something
/// is known, in the order of importance.
///
/// * returns - (inputs,) the input, its share [1], and in how many studies it is seen to matter at all; empty where
///   nothing is known
pub fn overall(studies: &[Study], inputs: usize) -> Vec<(usize, f64, usize)> {
    let mut shares = vec![0.0; inputs];
    let mut known = 0;
    for study in studies {
        let weights: Vec<f64> = (0..inputs)
            .map(|input| study.weight(input).max(0.0))
            .collect();
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            known += 1;
            for (share, weight) in shares.iter_mut().zip(&weights) {
                *share += weight / sum;
            }
        }
    }
    if known == 0 {
        return Vec::new();
    }
    let shares: Vec<f64> = shares.into_iter().map(|s| s / f64::from(known)).collect();
    let seen = |input: usize| studies.iter().filter(|s| s.matters(input)).count();
    let order = ranked(shares.clone());
    order
        .into_iter()
        .map(|input| (input, shares[input], seen(input)))
        .collect()
}

fn ranked(weights: Vec<f64>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..weights.len()).collect();
    let rank = |at: usize| {
        if weights[at].is_nan() {
            f64::NEG_INFINITY
        } else {
            weights[at]
        }
    };
    order.sort_by(|a, b| rank(*b).total_cmp(&rank(*a)));
    order
}
