//! A law and a stream give a number.
//!
//! All functions go through `libm`, whose pure Rust gives the same bits on every machine; the
//! platform's mathematics library, which `rand_distr` may end up with through the features of other
//! packages, does not promise that. `rand_distr` serves as the independent witness in the tests.

use std::sync::LazyLock;

use crate::model::law::{Discrete, Law};
use crate::model::normal::normal_quantile;
use crate::random::stream::Stream;

/// An exponential number of mean 1, by the ziggurat: 99 of 100 draws cost one product and one comparison.
///
/// # Source
/// Marsaglia and Tsang 2000, The ziggurat method for generating random variables, J. Stat. Software 5(8); layer and
/// place in it come from different bits of one word, as Doornik 2005 advises.
#[inline]
pub fn exponential(stream: &mut Stream) -> f64 {
    let table = &*ZIGGURAT;
    loop {
        let bits = stream.bits();
        let layer = (bits & 0xFF) as usize;
        let x = ((bits >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64) * table[layer].0;
        if x < table[layer + 1].0 {
            return x;
        }
        // By value, so that the state of the stream may stay in a register where the rare case does not arise.
        let (found, after) = beside_the_layers(table, layer, x, stream.clone());
        *stream = after;
        if let Some(x) = found {
            return x;
        }
    }
}

/// Where the layers of the ziggurat of the exponential law end, and the density there; the first is the tail's.
type Ziggurat = [(f64, f64); LAYERS + 1];

const LAYERS: usize = 256;
/// Where the tail begins, so that all layers have the same area.
const TAIL: f64 = 7.697_117_470_131_05;

static ZIGGURAT: LazyLock<Ziggurat> = LazyLock::new(|| {
    let area = (TAIL + 1.0) * libm::exp(-TAIL);
    let mut table = [(0.0, 1.0); LAYERS + 1];
    table[0] = (area * libm::exp(TAIL), libm::exp(-TAIL));
    let mut ends = TAIL;
    for layer in table.iter_mut().take(LAYERS).skip(1) {
        *layer = (ends, libm::exp(-ends));
        ends = -libm::log(area / ends + libm::exp(-ends));
    }
    table
});

/// A draw that fell outside what the next layer covers: in the tail, or under the density or not.
#[cold]
#[inline(never)]
fn beside_the_layers(
    table: &Ziggurat,
    layer: usize,
    x: f64,
    mut stream: Stream,
) -> (Option<f64>, Stream) {
    if layer == 0 {
        return (Some(TAIL - libm::log(stream.uniform_open())), stream);
    }
    let (low, high) = (table[layer].1, table[layer + 1].1);
    let is_under = low + (high - low) * stream.uniform() < libm::exp(-x);
    (is_under.then_some(x), stream)
}

/// A standard normal number, by inversion.
pub fn normal(stream: &mut Stream) -> f64 {
    normal_quantile(stream.uniform_open())
}

/// A gamma number of scale 1.
///
/// * `shape` - > 0
///
/// # Source
/// Marsaglia and Tsang 2000, A simple method for generating gamma variables, ACM TOMS 26.
pub fn gamma(shape: f64, stream: &mut Stream) -> f64 {
    if shape < 1.0 {
        let boost = libm::pow(stream.uniform_open(), 1.0 / shape);
        return boost * gamma(shape + 1.0, stream);
    }
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / libm::sqrt(9.0 * d);
    loop {
        let x = normal(stream);
        let root = 1.0 + c * x;
        if root <= 0.0 {
            continue;
        }
        let v = root * root * root;
        let u = stream.uniform_open();
        if libm::log(u) < 0.5 * x * x + d - d * v + d * libm::log(v) {
            return d * v;
        }
    }
}

/// A Poisson number, by counting exponential gaps: exact at a cost in proportion to the mean.
pub fn poisson(mean: f64, stream: &mut Stream) -> u32 {
    let mut count = 0;
    let mut time = exponential(stream);
    while time <= mean {
        count += 1;
        time += exponential(stream);
    }
    count
}

/// One of the things of a discrete law.
///
/// A law with one outcome takes no number from the stream.
#[inline]
pub fn choose<'a, T>(law: &'a Discrete<T>, stream: &mut Stream) -> &'a T {
    match law.only() {
        Some(item) => item,
        None => law.pick(stream.uniform()),
    }
}

/// A number from a law, in the unit of the law.
#[inline]
pub fn draw(law: &Law, stream: &mut Stream) -> f64 {
    match law {
        Law::Exponential { mean } => mean * exponential(stream),
        other => draw_other(other, stream),
    }
}

#[inline(never)]
fn draw_other(law: &Law, stream: &mut Stream) -> f64 {
    match law {
        Law::Fixed { value } => *value,
        Law::Exponential { mean } => mean * exponential(stream),
        Law::Gamma { shape, scale } => scale * gamma(*shape, stream),
        Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * normal(stream)),
        Law::Weibull { shape, scale } => scale * libm::pow(exponential(stream), 1.0 / shape),
        Law::Empirical { values } => *choose(values, stream),
    }
}

/// A number from the law weighted by its size: the length of the spell that a random instant falls in.
fn length_biased(law: &Law, stream: &mut Stream) -> f64 {
    match law {
        Law::Fixed { value } => *value,
        Law::Exponential { mean } => mean * (exponential(stream) + exponential(stream)),
        Law::Gamma { shape, scale } => scale * gamma(shape + 1.0, stream),
        Law::Lognormal { mu, sigma } => libm::exp(mu + sigma * sigma + sigma * normal(stream)),
        Law::Weibull { shape, scale } => {
            scale * libm::pow(gamma(1.0 + 1.0 / shape, stream), 1.0 / shape)
        }
        Law::Empirical { values } => {
            let longest = values.iter().map(|(v, _)| *v).fold(0.0, f64::max);
            loop {
                let value = *choose(values, stream);
                if stream.uniform() * longest <= value {
                    return value;
                }
            }
        }
    }
}

/// Age and rest of a renewal spell at a random instant: the equilibrium law.
pub fn equilibrium(law: &Law, stream: &mut Stream) -> (f64, f64) {
    let whole = length_biased(law, stream);
    let age = whole * stream.uniform();
    (age, whole - age)
}

/// Joint clocks of a stage at a random instant of a stay in it.
///
/// The age follows the equilibrium law of the first exit and the clocks are conditional on it: the
/// durations are drawn with a density in proportion to their minimum, by rejection from the law whose
/// own clock is length-biased, and the instant is uniform before the first of them.
///
/// * `laws` - one for each clock; * `durations` - filled with whole durations, same order
/// * returns - age in the stage, at most the least duration; 0 where there is no clock
pub fn joint_equilibrium(laws: &[Law], durations: &mut [f64], stream: &mut Stream) -> f64 {
    let shortest = (0..laws.len()).min_by(|a, b| laws[*a].mean().total_cmp(&laws[*b].mean()));
    let Some(shortest) = shortest else { return 0.0 };
    if laws[shortest].mean() == 0.0 {
        for (law, duration) in laws.iter().zip(durations.iter_mut()) {
            *duration = draw(law, stream);
        }
        return 0.0;
    }
    loop {
        for (clock, (law, duration)) in laws.iter().zip(durations.iter_mut()).enumerate() {
            *duration = if clock == shortest {
                length_biased(law, stream)
            } else {
                draw(law, stream)
            };
        }
        let first = durations.iter().copied().fold(f64::INFINITY, f64::min);
        if stream.uniform() * durations[shortest] <= first {
            return first * stream.uniform();
        }
    }
}

/// What is left of a duration that has already lasted some time.
///
/// * `age` - >= 0, in the unit of the law
/// * returns - 0 where no duration of the law is longer
///
/// # Source
/// Tails by rejection from an exponential: Robert 1995 (normal), Dagpunar 1978 (gamma).
pub fn rest_beyond(law: &Law, age: f64, stream: &mut Stream) -> f64 {
    if age <= 0.0 {
        return draw(law, stream);
    }
    match law {
        Law::Fixed { value } => (value - age).max(0.0),
        Law::Exponential { mean } => mean * exponential(stream),
        Law::Gamma { shape, scale } => scale * gamma_beyond(*shape, age / scale, stream),
        Law::Lognormal { mu, sigma } => {
            if *sigma == 0.0 {
                return (libm::exp(*mu) - age).max(0.0);
            }
            let bound = (libm::log(age) - mu) / sigma;
            (libm::exp(mu + sigma * normal_beyond(bound, stream)) - age).max(0.0)
        }
        Law::Weibull { shape, scale } => {
            let hazard = libm::pow(age / scale, *shape) + exponential(stream);
            (scale * libm::pow(hazard, 1.0 / shape) - age).max(0.0)
        }
        Law::Empirical { values } => {
            let longer: f64 = values
                .iter()
                .filter(|(v, _)| **v > age)
                .map(|(_, p)| p)
                .sum();
            let mut left = stream.uniform() * longer;
            for (value, p) in values.iter().filter(|(v, _)| **v > age) {
                left -= p;
                if left < 0.0 {
                    return value - age;
                }
            }
            0.0
        }
    }
}

/// A standard normal number above a bound.
fn normal_beyond(bound: f64, stream: &mut Stream) -> f64 {
    if bound < 0.5 {
        loop {
            let x = normal(stream);
            if x >= bound {
                return x;
            }
        }
    }
    let rate = 0.5 * (bound + libm::sqrt(bound * bound + 4.0));
    loop {
        let x = bound + exponential(stream) / rate;
        let gap = x - rate;
        if stream.uniform() <= libm::exp(-0.5 * gap * gap) {
            return x;
        }
    }
}

/// What is left of a gamma number of scale 1 that exceeds a bound > 0.
fn gamma_beyond(shape: f64, bound: f64, stream: &mut Stream) -> f64 {
    if shape > 1.0 && bound < shape + libm::sqrt(shape) {
        loop {
            let x = gamma(shape, stream);
            if x > bound {
                return x - bound;
            }
        }
    }
    // Above the mode the density falls at least as fast as an exponential of this rate.
    let rate = if shape > 1.0 {
        1.0 - (shape - 1.0) / bound
    } else {
        1.0
    };
    loop {
        let x = exponential(stream) / rate;
        let log_ratio = (shape - 1.0) * libm::log1p(x / bound) - x + rate * x;
        if libm::log(stream.uniform_open()) <= log_ratio {
            return x;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::stream::{Kind, Luck, Purpose};
    use rand::SeedableRng;
    use rand_distr::Distribution;

    fn stream(occasion: u64) -> Stream {
        Luck::new(1, 0).stream(Kind::Service, 0, occasion, Purpose::Value)
    }

    fn laws() -> Vec<Law> {
        vec![
            Law::Exponential { mean: 30.0 },
            Law::Gamma {
                shape: 0.6,
                scale: 40.0,
            },
            Law::Gamma {
                shape: 3.0,
                scale: 10.0,
            },
            Law::lognormal(50.0, 0.65),
            Law::Weibull {
                shape: 1.7,
                scale: 20.0,
            },
            Law::Weibull {
                shape: 0.7,
                scale: 20.0,
            },
        ]
    }

    /// Largest gap between two empirical distribution functions, in units of its limit law.
    fn two_sample(mut a: Vec<f64>, mut b: Vec<f64>) -> f64 {
        a.sort_by(f64::total_cmp);
        b.sort_by(f64::total_cmp);
        let (n, m) = (a.len() as f64, b.len() as f64);
        let (mut i, mut j, mut gap) = (0, 0, 0.0_f64);
        while i < a.len() && j < b.len() {
            if a[i] <= b[j] {
                i += 1
            } else {
                j += 1
            }
            gap = gap.max((i as f64 / n - j as f64 / m).abs());
        }
        gap * (n * m / (n + m)).sqrt()
    }

    /// Kolmogorov's law exceeds 2.5 with probability 2 exp(-2 x 2.5^2) = 7.5e-6.
    const KOLMOGOROV: f64 = 2.5;
    const N: usize = 40_000;

    #[test]
    fn draws_follow_the_laws_of_an_independent_library() {
        let mut rng = rand::rngs::StdRng::seed_from_u64(5);
        for (at, law) in laws().iter().enumerate() {
            let mut stream = stream(at as u64);
            let ours = (0..N).map(|_| draw(law, &mut stream)).collect();
            let theirs: Vec<f64> = (0..N)
                .map(|_| match law {
                    Law::Exponential { mean } => {
                        rand_distr::Exp::new(1.0 / mean).unwrap().sample(&mut rng)
                    }
                    Law::Gamma { shape, scale } => rand_distr::Gamma::new(*shape, *scale)
                        .unwrap()
                        .sample(&mut rng),
                    Law::Lognormal { mu, sigma } => rand_distr::LogNormal::new(*mu, *sigma)
                        .unwrap()
                        .sample(&mut rng),
                    Law::Weibull { shape, scale } => rand_distr::Weibull::new(*scale, *shape)
                        .unwrap()
                        .sample(&mut rng),
                    _ => unreachable!(),
                })
                .collect();
            assert!(two_sample(ours, theirs) < KOLMOGOROV, "{law:?}");
        }
    }

    #[test]
    fn the_rest_beyond_an_age_is_the_law_cut_at_that_age() {
        for (at, law) in laws().iter().enumerate() {
            for share in [0.2, 1.0, 1.8] {
                let age = share * law.mean();
                let mut stream = stream(100 + at as u64);
                let ours = (0..N / 4)
                    .map(|_| rest_beyond(law, age, &mut stream))
                    .collect();
                let cut = std::iter::repeat_with(|| draw(law, &mut stream)).filter(|d| *d > age);
                let theirs = cut.map(|d| d - age).take(N / 4).collect();
                assert!(
                    two_sample(ours, theirs) < KOLMOGOROV,
                    "{law:?} beyond {age}"
                );
            }
        }
    }

    /// A renewal process watched at a late instant shows the equilibrium law.
    #[test]
    fn joint_clocks_are_what_an_inspector_finds() {
        let (work, risk) = (
            Law::lognormal(50.0, 1.0),
            Law::Weibull {
                shape: 2.0,
                scale: 60.0,
            },
        );
        let mut stream = stream(200);
        let mut found = vec![];
        let mut drawn = vec![];
        for _ in 0..N / 4 {
            let instant = 3000.0 + 500.0 * stream.uniform();
            let mut time = 0.0;
            loop {
                let durations = [draw(&work, &mut stream), draw(&risk, &mut stream)];
                let first = durations[0].min(durations[1]);
                if time + first > instant {
                    found.push((instant - time, durations[0] - (instant - time)));
                    break;
                }
                time += first;
            }
            let mut durations = [0.0; 2];
            let age = joint_equilibrium(&[work.clone(), risk.clone()], &mut durations, &mut stream);
            drawn.push((age, durations[0] - age));
        }
        let of = |pairs: &[(f64, f64)], pick: fn(&(f64, f64)) -> f64| {
            pairs.iter().map(pick).collect::<Vec<_>>()
        };
        assert!(two_sample(of(&found, |p| p.0), of(&drawn, |p| p.0)) < KOLMOGOROV);
        assert!(two_sample(of(&found, |p| p.1), of(&drawn, |p| p.1)) < KOLMOGOROV);
        assert!(two_sample(of(&found, |p| p.0 * p.1), of(&drawn, |p| p.0 * p.1)) < KOLMOGOROV);
    }

    #[test]
    fn edges_are_kept() {
        let mut stream = stream(300);
        assert_eq!(
            rest_beyond(&Law::Fixed { value: 5.0 }, 7.0, &mut stream),
            0.0
        );
        let list = Law::Empirical {
            values: Discrete::new(vec![(1.0, 0.5), (4.0, 0.5)]).unwrap(),
        };
        assert_eq!(rest_beyond(&list, 2.0, &mut stream), 2.0);
        assert_eq!(rest_beyond(&list, 9.0, &mut stream), 0.0);
        assert_eq!(poisson(0.0, &mut stream), 0);
        let mut none = [];
        assert_eq!(joint_equilibrium(&[], &mut none, &mut stream), 0.0);
    }
}
