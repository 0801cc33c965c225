//! Plays the points of a question.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use rayon::prelude::*;

use crate::engine::guard::{Endless, Unfinished};
use crate::engine::replication::{Arena, replicate};
use crate::engine::world::World;
use crate::experiment::run::Watch;
use crate::experiment::sensitivity::design::Point;
use crate::experiment::sensitivity::input::Inputs;
use crate::experiment::sensitivity::question::Question;
use crate::experiment::target::{Verdict, judge, together};
use crate::metric::layout::Layout;
use crate::scenario::problem::Problems;
use crate::scenario::size;

/// What the points came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Played {
    /// (points, inputs) the numbers of each point.
    pub numbers: Vec<Vec<f64>>,
    /// (points, policies x looked x replications of the point)
    values: Vec<Vec<f64>>,
    policies: usize,
    looked: usize,
}

impl Played {
    /// The values of one thing at a point under a policy, replication by replication.
    ///
    /// * `policy`, `looked` - places in the question
    pub fn values(&self, point: usize, policy: usize, looked: usize) -> &[f64] {
        let own = self.values.get(point).map_or(&[][..], Vec::as_slice);
        let many = own.len() / (self.policies * self.looked).max(1);
        let from = (policy * self.looked + looked) * many;
        own.get(from..from + many).unwrap_or_default()
    }
}

/// Why points could not be played.
#[derive(Debug)]
pub enum PlayError {
    /// The numbers of a point do not fit together.
    Point {
        /// The numbers, in the order of the inputs: key and how much of its law lies below.
        places: Vec<(String, f64)>,
        /// What does not fit.
        problems: Problems,
    },
    /// The threads could not be started.
    Threads(rayon::ThreadPoolBuildError),
    /// Time stands still in a replication.
    Endless {
        /// Its number.
        replication: u64,
        /// What happens again and again.
        endless: Endless,
    },
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlayError::Point { places, problems } => {
                writeln!(f, "one draw of what is not known does not fit together:")?;
                for (key, place) in places {
                    writeln!(f, "  {key} at {:.0} % of its range", place * 100.0)?;
                }
                write!(f, "{problems}")
            }
            PlayError::Threads(error) => write!(f, "the threads could not be started: {error}"),
            PlayError::Endless {
                replication,
                endless,
            } => write!(f, "replication {replication} has no end: {endless}"),
        }
    }
}

impl std::error::Error for PlayError {}

/// Plays all points.
///
/// * returns - nothing where it was stopped
///
/// # Errors
/// [`PlayError`]: the first point in the order of the design that cannot be played.
pub fn play(
    inputs: &Inputs,
    question: &Question,
    points: &[Point],
    watch: &Watch<'_>,
) -> Result<Option<Played>, PlayError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(question.threads)
        .build()
        .map_err(PlayError::Threads)?;
    let desks: Vec<Mutex<Desk>> = (0..question.threads).map(|_| Mutex::default()).collect();
    let one = |point: &Point| {
        if watch.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let (world, numbers) = world(inputs, point)?;
        let thread = rayon::current_thread_index().unwrap_or(0);
        // A thread holds its own desk alone; a lock is only how the compiler is told so.
        let mut desk = desks[thread].lock().unwrap_or_else(PoisonError::into_inner);
        let values = desk.play(&world, question, point, watch)?;
        Ok(values.map(|values| (numbers, values)))
    };
    type Found = (Vec<f64>, Vec<f64>);
    let found: Vec<Result<Option<Found>, PlayError>> =
        pool.install(|| points.par_iter().with_max_len(1).map(one).collect());
    // The first in the order of points, whichever thread met one first.
    let found = found
        .into_iter()
        .collect::<Result<Option<Vec<Found>>, PlayError>>()?;
    Ok(found.map(|found| {
        let (numbers, values) = found.into_iter().unzip();
        Played {
            numbers,
            values,
            policies: question.policies.len(),
            looked: question.looked().len(),
        }
    }))
}

/// Time that one replication of one policy takes, measured at points spread over the design.
///
/// * `seconds` - about how long it may look [s]
/// * returns - mean, with its part of making the point's world [s]; nothing of no points
///
/// # Errors
/// As [`play`].
pub fn pilot(
    inputs: &Inputs,
    question: &Question,
    points: &[Point],
    seconds: f64,
) -> Result<Option<f64>, PlayError> {
    /// Points at most.
    const MOST: usize = 64;
    let step = points.len().div_ceil(MOST).max(1);
    let mut desk = Desk::default();
    let stop = std::sync::atomic::AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_replication: &|| (),
    };
    let (mut spent, mut played) = (0.0, 0_u64);
    for (at, point) in points.iter().step_by(step).enumerate() {
        let began = Instant::now();
        let (world, _) = world(inputs, point)?;
        let expected = size::seconds(&world.scenario);
        if expected > size::MEASURED {
            return Ok(Some(expected));
        }
        desk.play(&world, question, point, &watch)?;
        // The first fills the memory, and is not counted where there is another.
        if at > 0 || points.len() == 1 {
            spent += began.elapsed().as_secs_f64();
            played += point.replications * question.policies.len() as u64;
        }
        if spent > seconds {
            break;
        }
    }
    Ok((played > 0).then(|| spent / played as f64))
}

fn world(inputs: &Inputs, point: &Point) -> Result<(World, Vec<f64>), PlayError> {
    let keys = inputs.list.iter().map(|input| input.key.clone());
    inputs
        .world(&point.places)
        .map_err(|problems| PlayError::Point {
            places: keys.zip(point.places.iter().copied()).collect(),
            problems,
        })
}

/// What a thread plays with.
#[derive(Default)]
struct Desk {
    arena: Arena,
    record: Vec<f64>,
}

impl Desk {
    /// Plays a point.
    ///
    /// * returns - (policies x looked x replications,) the values; nothing where it was stopped
    ///
    /// # Errors
    /// [`PlayError::Endless`].
    fn play(
        &mut self,
        world: &World,
        question: &Question,
        point: &Point,
        watch: &Watch<'_>,
    ) -> Result<Option<Vec<f64>>, PlayError> {
        let many = point.replications as usize;
        let looked = question.looked().len();
        let mut values = vec![f64::NAN; question.policies.len() * looked * many];
        self.record.resize(world.layout.len(), f64::NAN);
        for (policy, own) in question
            .policies
            .iter()
            .zip(values.chunks_mut((looked * many).max(1)))
        {
            for replication in 0..point.replications {
                if watch.stop.load(Ordering::Relaxed) {
                    return Ok(None);
                }
                let (seed, number) = (question.seed, point.first + replication);
                let (arena, record) = (&mut self.arena, &mut self.record);
                match replicate(world, *policy, seed, number, arena, record, watch.stop) {
                    Ok(()) => {}
                    Err(Unfinished::Stopped) => return Ok(None),
                    Err(Unfinished::Endless(endless)) => {
                        return Err(PlayError::Endless {
                            replication: number,
                            endless,
                        });
                    }
                }
                let found = seen(question, &world.layout, &self.record);
                for (thing, value) in found.into_iter().enumerate() {
                    if let Some(slot) = own.get_mut(thing * many + replication as usize) {
                        *slot = value;
                    }
                }
                (watch.on_replication)();
            }
        }
        Ok(Some(values))
    }
}

/// The numbers that a replication gives, in the order of [`Question::looked`].
fn seen(question: &Question, layout: &Layout, record: &[f64]) -> Vec<f64> {
    let outcome = question.outcomes.iter().map(|outcome| {
        let row = outcome.month.unwrap_or_else(|| layout.horizon_row());
        let at = layout.index_of(row, outcome.metric, outcome.team);
        at.and_then(|at| record.get(at))
            .copied()
            .unwrap_or(f64::NAN)
    });
    let requirements = question.requirements.iter();
    let verdicts: Vec<Verdict> = requirements
        .map(|requirement| judge(&requirement.target, layout, record))
        .collect();
    let met = |verdict: &Verdict| f64::from(u8::from(*verdict == Verdict::Met));
    let all = (verdicts.len() > 1).then(|| met(&together(&verdicts)));
    outcome.chain(verdicts.iter().map(met)).chain(all).collect()
}
