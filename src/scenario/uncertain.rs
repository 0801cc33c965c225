//! Numbers that are not known: drawn once for each world, the same for every policy.

use std::cell::RefCell;

use sha2::{Digest, Sha256};
use statrs::distribution::{Beta, ContinuousCDF};

use crate::model::normal::normal_quantile;
use crate::random::draw;
use crate::random::stream::{Kind, Luck, Purpose};
use crate::scenario::key::Bounds;

/// The world whose numbers are wanted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct World<'a> {
    /// Seed of all chance.
    pub seed: u64,
    /// Number of the outer sample.
    pub world: u64,
    /// Key paths whose numbers are chosen and not drawn: how much of the law lies below, in 0 to 1 [1].
    pub places: &'a [(String, f64)],
}

/// A number that is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// Key path: its identity.
    pub path: String,
    /// Its law, in the unit of the number.
    pub law: Uncertain,
    /// The number in the world that is read: in the scenario itself its mean [unit of the number].
    pub value: f64,
}

/// Takes note of the numbers that turn out not to be known, each once, in the order in which they are read.
#[derive(Debug, Default)]
pub struct Unknowns(RefCell<Vec<Unknown>>);

impl Unknowns {
    /// Takes note of one.
    pub fn add(&self, path: &str, law: &Uncertain, value: f64) {
        let mut list = self.0.borrow_mut();
        if list.iter().all(|one| one.path != path) {
            list.push(Unknown {
                path: path.to_owned(),
                law: law.clone(),
                value,
            });
        }
    }

    /// All of them.
    pub fn into_list(self) -> Vec<Unknown> {
        self.0.into_inner()
    }
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

    /// From where to where it goes: all of it, or the middle 95 % of a law without ends, whatever its key allows.
    pub fn reach(&self) -> [f64; 2] {
        let everything = Bounds {
            low: f64::NEG_INFINITY,
            above: false,
            high: f64::INFINITY,
            unit: "",
        };
        match self {
            Uncertain::Uniform { low, high } | Uncertain::Triangular { low, high, .. } => {
                [*low, *high]
            }
            Uncertain::List { values } => [
                values.iter().copied().fold(f64::INFINITY, f64::min),
                values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            ],
            _ => [0.025, 0.975].map(|place| self.at(place, &everything)),
        }
    }

    /// The value below which a share of the law lies: its quantile.
    ///
    /// * `place` - the share, clamped to 0 to 1 (the ends themselves left out where the law has none)
    /// * `bounds` - what the key allows; a normal or lognormal law is cut to it
    pub fn at(&self, place: f64, bounds: &Bounds) -> f64 {
        /// As far from the ends as a law without ends is followed: the grain of a uniform number of 32 bits.
        const GRAIN: f64 = 1.0 / 8_589_934_592.0;
        let place = place.clamp(0.0, 1.0);
        let cut = |low: f64, high: f64| {
            let below = |z: f64| 0.5 * libm::erfc(-z * std::f64::consts::FRAC_1_SQRT_2);
            let (from, to) = (below(low), below(high));
            normal_quantile((from + place * (to - from)).clamp(GRAIN, 1.0 - GRAIN))
        };
        match self {
            Uncertain::Uniform { low, high } => low + (high - low) * place,
            Uncertain::Triangular { low, mode, high } => triangular([*low, *mode, *high], place),
            Uncertain::Normal { sd, mean } if *sd == 0.0 => *mean,
            Uncertain::Normal { mean, sd } => {
                let z = cut((bounds.low - mean) / sd, (bounds.high - mean) / sd);
                (mean + sd * z).clamp(bounds.low, bounds.high)
            }
            Uncertain::Lognormal { mean, cv } if *cv == 0.0 => *mean,
            Uncertain::Lognormal { mean, cv } => {
                let variance = libm::log1p(cv * cv);
                let (mu, sigma) = (libm::log(*mean) - variance / 2.0, libm::sqrt(variance));
                let score = |value: f64| match value > 0.0 {
                    true => (libm::log(value) - mu) / sigma,
                    false => f64::NEG_INFINITY,
                };
                let z = cut(score(bounds.low), score(bounds.high));
                libm::exp(mu + sigma * z).clamp(bounds.low, bounds.high)
            }
            Uncertain::Beta {
                alpha,
                beta,
                low,
                high,
            } => {
                let share = Beta::new(*alpha, *beta).map_or(0.5, |law| law.inverse_cdf(place));
                low + (high - low) * share
            }
            Uncertain::List { values } => {
                let at = (place * values.len() as f64) as usize;
                values[at.min(values.len() - 1)]
            }
        }
    }

    /// The value in one world.
    ///
    /// * `path` - key path: the identity of the number, so that others leave its luck alone
    /// * `bounds` - what the key allows; a normal or lognormal value outside is drawn again
    pub fn draw(&self, world: World<'_>, path: &str, bounds: &Bounds) -> f64 {
        if let Some((_, place)) = world.places.iter().find(|(own, _)| own == path) {
            return self.at(*place, bounds);
        }
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
                triangular([*low, *mode, *high], stream.uniform())
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

/// The value of a triangular law below which a share lies.
fn triangular([low, mode, high]: [f64; 3], u: f64) -> f64 {
    let width = high - low;
    if width == 0.0 {
        low
    } else if u * width < mode - low {
        low + libm::sqrt(u * width * (mode - low))
    } else {
        high - libm::sqrt((1.0 - u) * width * (high - mode))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean of a quantile over evenly spaced places is the mean of the law.
    #[test]
    fn quantiles_have_the_mean_of_the_law_and_rise() {
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
            Uncertain::Normal { mean: 3.0, sd: 0.5 },
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
        const N: usize = 20_000;
        for law in &laws {
            let values: Vec<f64> = (0..N)
                .map(|at| law.at((at as f64 + 0.5) / N as f64, &ANY))
                .collect();
            let mean = values.iter().sum::<f64>() / N as f64;
            assert!((mean - law.mean()).abs() < 2e-3, "{law:?}: {mean}");
            assert!(values.windows(2).all(|pair| pair[0] <= pair[1]), "{law:?}");
        }
    }

    #[test]
    fn a_quantile_stays_within_what_its_key_allows() {
        let bounds = Bounds {
            low: 0.0,
            above: false,
            high: 1.0,
            unit: "",
        };
        let law = Uncertain::Normal { mean: 0.1, sd: 1.0 };
        for place in [0.0, 0.3, 1.0] {
            assert!((0.0..=1.0).contains(&law.at(place, &bounds)));
        }
        assert!((law.at(0.5, &bounds) - 0.5).abs() < 0.1);
    }

    #[test]
    fn a_number_whose_place_is_chosen_is_not_drawn() {
        let law = Uncertain::Uniform {
            low: 0.0,
            high: 1.0,
        };
        let places = [("a".to_owned(), 0.25)];
        let world = World {
            seed: 1,
            world: 3,
            places: &places,
        };
        assert_eq!(law.draw(world, "a", &ANY), 0.25);
        let free = World {
            places: &[],
            ..world
        };
        assert_eq!(law.draw(world, "b", &ANY), law.draw(free, "b", &ANY));
    }

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
                .map(|world| {
                    law.draw(
                        World {
                            seed: 5,
                            world,
                            places: &[],
                        },
                        "strain.gain",
                        &ANY,
                    )
                })
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
        let at = |world, path| {
            law.draw(
                World {
                    seed: 1,
                    world,
                    places: &[],
                },
                path,
                &ANY,
            )
        };
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
            let value = law.draw(
                World {
                    seed: 1,
                    world,
                    places: &[],
                },
                "a",
                &bounds,
            );
            assert!((0.0..=1.0).contains(&value), "{value}");
        }
    }
}
