//! How the number of a guideline moves with what is not known.

use crate::experiment::guideline::plausible::{Number, Plausible};
use crate::random::stream::{Kind, Luck, Purpose};
use crate::statistics::rank::{Association, associations, median, thirds};

/// How often the worlds are shuffled.
pub const SHUFFLES: usize = 9_999;
/// An assumption moves the number where chance would seldom make as much of any of them [1].
pub const CHANCE: f64 = 0.05;

/// What a number that is not known does to the number of a guideline.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumption {
    /// The number that is not known.
    pub number: Number,
    /// (worlds,) its value in each [unit of its key].
    pub values: Vec<f64>,
    /// How the number of a guideline moves with it; nothing where either is the same in all worlds, or is not known.
    pub association: Option<Association>,
    /// The third of the worlds in which it is lowest.
    pub lowest: Third,
    /// The third in which it is highest.
    pub highest: Third,
}

/// A third of the worlds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Third {
    /// Least and greatest of the number that is not known [unit of its key]; NaN without a world.
    pub ends: [f64; 2],
    /// Worlds.
    pub worlds: u64,
    /// Between which places the median of the number of a guideline lies; nothing without a world.
    pub median: Option<[i64; 2]>,
    /// Worlds in which some value is known to hold.
    pub holds: u64,
    /// Worlds in which none is known to hold, and some are undecided.
    pub open: u64,
}

impl Assumption {
    /// Whether it moves the number more than chance explains.
    pub fn is_important(&self) -> bool {
        self.association.is_some_and(|a| a.p <= CHANCE)
    }

    /// The grade of its evidence; empty where nobody says.
    pub fn grade(&self) -> &str {
        let evidence = self.number.evidence.as_ref();
        evidence.and_then(|e| e.grade.as_deref()).unwrap_or("")
    }
}

/// What each number that is not known does, the one that moves the number of a guideline most first.
///
/// The number of a world is a place, or two between which it lies. What moves it is told by ranks
/// (Spearman's correlation, with Gehan's scores where it lies between two places), and what chance explains by shuffling the
/// worlds: [`associations`].
///
/// * `draws` - (worlds, numbers) as of [`Plausible::draws`]
/// * `places` - (worlds,) the number of each world; `none` - the place that stands for no value at all
/// * `seed` - of the shuffling
pub fn assumptions(
    plausible: &Plausible,
    draws: &[Vec<f64>],
    places: &[[i64; 2]],
    none: i64,
    seed: u64,
) -> Vec<Assumption> {
    let found: Vec<[f64; 2]> = places.iter().map(|n| n.map(|end| end as f64)).collect();
    let inputs: Vec<Vec<f64>> = (0..plausible.numbers.len())
        .map(|at| draws.iter().map(|world| world[at]).collect())
        .collect();
    let mut stream = Luck::new(seed, 0).stream(Kind::Service, 0, 0, Purpose::Resampling);
    let all = associations(&inputs, &found, SHUFFLES, &mut |n| {
        ((stream.uniform() * n as f64) as usize).min(n.saturating_sub(1))
    });
    let numbers = plausible.numbers.iter().zip(inputs).zip(all);
    let mut list: Vec<Assumption> = numbers
        .map(|((number, input), association)| {
            let [lowest, highest] = thirds(&input).map(|own| third(&own, &input, places, none));
            Assumption {
                number: number.clone(),
                values: input,
                association,
                lowest,
                highest,
            }
        })
        .collect();
    let weight = |one: &Assumption| one.association.map_or(-1.0, |a| a.correlation.abs());
    // Of equals the first read comes first.
    list.sort_by(|a, b| weight(b).total_cmp(&weight(a)));
    list
}

fn third(own: &[usize], input: &[f64], places: &[[i64; 2]], none: i64) -> Third {
    let end = |at: Option<&usize>| at.map_or(f64::NAN, |at| input[*at]);
    let numbers: Vec<[i64; 2]> = own.iter().map(|at| places[*at]).collect();
    let found: Vec<[f64; 2]> = numbers.iter().map(|n| n.map(|end| end as f64)).collect();
    let count = |is: &dyn Fn(&[i64; 2]) -> bool| numbers.iter().filter(|n| is(n)).count() as u64;
    Third {
        ends: [end(own.first()), end(own.last())],
        worlds: own.len() as u64,
        median: median(&found).map(|ends| ends.map(|end| end as i64)),
        holds: count(&|n| !n.contains(&none)),
        open: count(&|n| n[0] != n[1] && n.contains(&none)),
    }
}

/// The study that would tell most: the assumption that moves the number most among those that do, and are assumed (grade
/// D) or not verified (M).
pub fn next_study(assumptions: &[Assumption]) -> Option<&Assumption> {
    assumptions
        .iter()
        .find(|one| one.is_important() && matches!(one.grade(), "D" | "M"))
}
