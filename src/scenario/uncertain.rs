//! Numbers that are not known: drawn once for each world, the same for every policy.

use sha2::{Digest, Sha256};

use crate::random::draw;
use crate::random::stream::{Kind, Luck, Purpose};
use crate::scenario::key::Bounds;

/// The world whose numbers are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct World {
    /// Seed of all chance.
    pub seed: u64,
    /// Number of the outer sample.
    pub world: u64,
}

/// The law of a number that is not known, in the unit of the number.
#[derive(Clone, Debug, PartialEq)]
pub enum Uncertain {
    /// Anything between two ends alike.
    Uniform {
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// Between two ends, likeliest at the mode.
    Triangular {
        /// Low end.
        low: f64,
        /// Likeliest value.
        mode: f64,
        /// High end.
        high: f64,
    },
    /// Normal, cut to what the key allows.
    Normal {
        /// Mean before the cut.
        mean: f64,
        /// Standard deviation before the cut.
        sd: f64,
    },
    /// Lognormal, cut to what the key allows.
    Lognormal {
        /// Mean before the cut.
        mean: f64,
        /// Coefficient of variation before the cut.
        cv: f64,
    },
    /// Beta, stretched between two ends.
    Beta {
        /// First shape.
        alpha: f64,
        /// Second shape.
        beta: f64,
        /// Low end.
        low: f64,
        /// High end.
        high: f64,
    },
    /// One of a list, all alike.
    List {
        /// The list, not empty.
        values: Vec<f64>,
    },
}

/// Draws that may fall outside what a key allows before the nearest allowed value is taken.
const ATTEMPTS: u32 = 10_000;

impl Uncertain {
    /// The mean: the central value.
    pub fn mean(&self) -> f64 {
        match self {
            Uncertain::Uniform { low, high } => (low + high) / 2.0,
            Uncertain::Triangular { low, mode, high } => (low + mode + high) / 3.0,
            Uncertain::Normal { mean, .. } | Uncertain::Lognormal { mean, .. } => *mean,
            Uncertain::Beta {
                alpha,
                beta,
                low,
                high,
            } => low + (high - low) * alpha / (alpha + beta),
            Uncertain::List { values } => values.iter().sum::<f64>() / values.len() as f64,
        }
    }

    /// The value in one world.
    ///
    /// * `path` - key path: the identity of the number, so that others leave its luck alone
    /// * `bounds` - what the key allows; a normal or lognormal value outside is drawn again
    pub fn draw(&self, world: World, path: &str, bounds: &Bounds) -> f64 {
        let digest = Sha256::digest(path.as_bytes());
        let identity = digest
            .iter()
            .take(8)
            .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte));
        let mut stream =
            Luck::new(world.seed, world.world).stream(Kind::Parameter, identity, 0, Purpose::Value);
        let allowed =
            |v: &f64| *v <= bounds.high && (*v > bounds.low || (!bounds.above && *v == bounds.low));
        let mut within = |one: &mut dyn FnMut(f64) -> f64| {
            (0..ATTEMPTS)
                .map(|_| one(draw::normal(&mut stream)))
                .find(allowed)
        };
        match self {
            Uncertain::Normal { mean, sd } => {
                within(&mut |normal| mean + sd * normal).unwrap_or(*mean)
            }
            Uncertain::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                let (mu, sigma) = (libm::log(*mean) - variance / 2.0, libm::sqrt(variance));
                within(&mut |normal| libm::exp(mu + sigma * normal)).unwrap_or(*mean)
            }
            Uncertain::Uniform { low, high } => low + (high - low) * stream.uniform(),
            Uncertain::Triangular { low, mode, high } => {
                let (u, width) = (stream.uniform(), high - low);
                if width == 0.0 {
                    *low
                } else if u * width < mode - low {
                    low + libm::sqrt(u * width * (mode - low))
                } else {
                    high - libm::sqrt((1.0 - u) * width * (high - mode))
                }
            }
            Uncertain::Beta {
                alpha,
                beta,
                low,
                high,
            } => {
                let one = draw::gamma(*alpha, &mut stream);
                let other = draw::gamma(*beta, &mut stream);
                let share = if one + other > 0.0 {
                    one / (one + other)
                } else {
                    alpha / (alpha + beta)
                };
                low + (high - low) * share
            }
            Uncertain::List { values } => {
                let at = (stream.uniform() * values.len() as f64) as usize;
                values[at.min(values.len() - 1)]
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Bounds = Bounds {
        low: f64::NEG_INFINITY,
        above: false,
        high: f64::INFINITY,
        unit: "",
    };

    /// Null: each law has its stated mean. n = 20,000 worlds at seed 5; the standard error is that of
    /// the sample, and |z| < 4.5 fails for one of six laws about once in 25,000 times.
    #[test]
    fn the_mean_over_worlds_is_the_central_value() {
        let laws = [
            Uncertain::Uniform {
                low: 1.0,
                high: 4.0,
            },
            Uncertain::Triangular {
                low: 1.0,
                mode: 2.0,
                high: 7.0,
            },
            Uncertain::Normal { mean: 3.0, sd: 2.0 },
            Uncertain::Lognormal { mean: 3.0, cv: 0.5 },
            Uncertain::Beta {
                alpha: 2.0,
                beta: 5.0,
                low: 1.0,
                high: 3.0,
            },
            Uncertain::List {
                values: vec![1.0, 2.0, 6.0],
            },
        ];
        for law in laws {
            let n = 20_000;
            let values: Vec<f64> = (0..n)
                .map(|world| law.draw(World { seed: 5, world }, "strain.gain", &ANY))
                .collect();
            let mean = values.iter().sum::<f64>() / n as f64;
            let variance =
                values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1) as f64;
            let z = (mean - law.mean()) / (variance / n as f64).sqrt();
            assert!(z.abs() < 4.5, "{law:?}: mean {mean}, z {z}");
        }
    }

    #[test]
    fn a_value_belongs_to_its_key_and_world_only() {
        let law = Uncertain::Uniform {
            low: 0.0,
            high: 1.0,
        };
        let at = |world, path| law.draw(World { seed: 1, world }, path, &ANY);
        assert_eq!(at(3, "a"), at(3, "a"));
        assert_ne!(at(3, "a"), at(3, "b"));
        assert_ne!(at(3, "a"), at(4, "a"));
    }

    #[test]
    fn a_normal_number_is_cut_to_what_its_key_allows() {
        let law = Uncertain::Normal { mean: 0.1, sd: 1.0 };
        let bounds = Bounds {
            low: 0.0,
            above: false,
            high: 1.0,
            unit: "",
        };
        for world in 0..2000 {
            let value = law.draw(World { seed: 1, world }, "a", &bounds);
            assert!((0.0..=1.0).contains(&value), "{value}");
        }
    }
}
