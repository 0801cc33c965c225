//! Replications in parallel, folded in the order of their numbers.
//!
//! One task is one replication number under all policies of the plan. Replications are played a
//! batch at a time; while one batch is played, the batch before it is folded. Each number of a
//! record is folded by one thread, over the replications in order, so that neither the number of
//! threads nor the size of a batch reaches a result. Whether the run has been precise enough is decided
//! in the same order, before anything of a replication is kept.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;

use crate::engine::guard::{Endless, Unfinished};
use crate::engine::replication::{Arena, replicate};
use crate::engine::world::World;
use crate::experiment::plan::Plan;
use crate::experiment::stopping::Stopping;
use crate::experiment::summary::{Fold, Summary};
use crate::experiment::target::{Verdict, judge};
use crate::metric::layout::Layout;
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;

/// Numbers that the records of one batch may hold: 8 MiB, and as much again for the batch that is folded.
const BATCH_NUMBERS: usize = 1 << 20;
/// Replications of a batch for each thread at most: enough that no thread waits long for the slowest.
const BATCH_PER_THREAD: usize = 64;

/// Where the worlds of a run come from.
pub trait Worlds: Sync {
    /// Why a world cannot be made.
    type Error: Send;

    /// True where parameters are uncertain, so that worlds differ.
    fn is_uncertain(&self) -> bool;

    /// The world of an index; without uncertain parameters all are alike.
    ///
    /// # Errors
    /// Where the parameters drawn for this world break a rule of the scenario.
    fn world(&self, seed: u64, index: u64) -> Result<World, Self::Error>;
}

impl Worlds for Document {
    type Error = Problems;

    fn is_uncertain(&self) -> bool {
        Document::is_uncertain(self)
    }

    fn world(&self, seed: u64, index: u64) -> Result<World, Problems> {
        if self.is_uncertain() {
            Ok(World::new(Document::world(self, seed, index)?))
        } else {
            Ok(World::new(self.scenario().clone()))
        }
    }
}

/// What a run tells while it goes, and how it is stopped.
pub struct Watch<'a> {
    /// Once true, no further replication begins, and those under way end within about a tenth of a second; those
    /// complete are kept.
    pub stop: &'a AtomicBool,
    /// Called after each complete replication, from any thread.
    pub on_replication: &'a (dyn Fn() + Sync),
}

/// One complete replication, as it is handed on in the order of numbers.
#[derive(Clone, Copy, Debug)]
pub struct Played<'a> {
    /// Its number.
    pub replication: u64,
    /// Number of the world that it was played in; 0 without uncertain parameters.
    pub world: u64,
    /// (policies x layout.len(),) the record under each policy of the plan, one after another.
    pub records: &'a [f64],
}

/// Takes each complete replication, in the order of numbers.
pub type Collector<'a> = &'a mut (dyn FnMut(Played<'_>) -> io::Result<()> + Send);

/// Why a run came to nothing.
#[derive(Debug)]
pub enum RunError<E> {
    /// A world could not be made.
    World(E),
    /// The worlds differ in months, teams, stages or grades, which no parameter may change.
    Shape,
    /// The threads could not be started.
    Threads(rayon::ThreadPoolBuildError),
    /// A replication could not be handed on.
    Collect(io::Error),
    /// Time stands still in a replication.
    Endless {
        /// Its number.
        replication: u64,
        /// Name of the policy.
        policy: String,
        /// What happens again and again.
        endless: Endless,
    },
}

impl<E: fmt::Display> fmt::Display for RunError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RunError::World(error) => write!(f, "{error}"),
            RunError::Shape => write!(
                f,
                "two draws of the uncertain parameters differ in months, teams, stages or grades"
            ),
            RunError::Threads(error) => write!(f, "the threads could not be started: {error}"),
            RunError::Collect(error) => {
                write!(f, "a replication could not be written down: {error}")
            }
            RunError::Endless {
                replication,
                policy,
                endless,
            } => write!(
                f,
                "replication {replication} under policy {policy:?} has no end: {endless}"
            ),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for RunError<E> {}

/// Plays a plan.
///
/// * `worlds` - the scenario's worlds; replication r plays in world r / `plan.replications_per_world`
///   where parameters are uncertain, and in world 0 otherwise
/// * `collect` - given each complete replication in the order of numbers, as the run goes
/// * returns - the summary of the longest unbroken row of complete replications from `plan.first`:
///   all of them, unless the run was stopped or reached the precisions of `plan.until`; then it ends with
///   the replication at which it did, on any number of threads
///
/// Memory does not grow with the number of replications.
///
/// # Errors
/// [`RunError`]: nothing of the run is kept then.
pub fn run<W: Worlds>(
    worlds: &W,
    plan: &Plan,
    watch: &Watch<'_>,
    collect: Collector<'_>,
) -> Result<Summary, RunError<W::Error>> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(plan.threads)
        .build()
        .map_err(RunError::Threads)?;
    pool.install(|| play_all(worlds, plan, watch, collect))
}

fn play_all<W: Worlds>(
    worlds: &W,
    plan: &Plan,
    watch: &Watch<'_>,
    collect: Collector<'_>,
) -> Result<Summary, RunError<W::Error>> {
    let arenas: Vec<Mutex<Arena>> = (0..plan.threads)
        .map(|_| Mutex::new(Arena::new()))
        .collect();
    let first = worlds
        .world(plan.seed, world_of(worlds, plan, plan.first))
        .map_err(RunError::World)?;
    let layout = first.layout.clone();
    let per_world = worlds.is_uncertain().then_some(plan.replications_per_world);
    let mut fold = Fold::new(&first, plan, per_world);
    let targets = first.scenario.targets.len();
    let size = batch_size(plan, &layout);
    let mut shelf = Shelf {
        first: world_of(worlds, plan, plan.first),
        worlds: vec![Arc::new(first)],
    };
    let mut stopping = Stopping::new(plan, &layout, per_world);
    let mut playing = Batch::new(plan, &layout, targets, size);
    // A run of one batch folds nothing while it plays.
    let is_one_batch = plan.replications <= size as u64;
    let room = if is_one_batch { 0 } else { size };
    let mut folding = Batch::new(plan, &layout, targets, room);
    let mut next = plan.first;
    let mut kept = 0;
    let end = plan.first + plan.replications;
    let of_world = |r| world_of(worlds, plan, r);
    loop {
        let wanted = next..end.min(next + size as u64);
        let (numbers, mut broken) = shelf.fill(worlds, plan, wanted, &layout);
        let (folded, ()) = rayon::join(
            || folding.fold_into(&mut fold, &mut stopping, &of_world, collect),
            || playing.play(worlds, plan, watch, numbers.clone(), &shelf, &arenas),
        );
        let mut folded = folded.map_err(RunError::Collect)?;
        kept += folded.kept;
        next += playing.count as u64;
        let endless = playing.take_endless();
        let is_endless = endless.as_ref().is_some_and(|(at, ..)| *at == next);
        if let Some((replication, policy, endless)) = endless.filter(|_| is_endless) {
            let policies = shelf.worlds.first().map(|world| &world.scenario.policies);
            let name = policies.and_then(|all| Some(all.get(policy)?.name.clone()));
            broken = Some(RunError::Endless {
                replication,
                policy: name.unwrap_or_default(),
                endless,
            });
        }
        let is_stopped = next < numbers.end && !is_endless;
        let is_last = is_stopped || broken.is_some() || next == end;
        std::mem::swap(&mut playing, &mut folding);
        if is_last && !folded.is_enough {
            folded = folding
                .fold_into(&mut fold, &mut stopping, &of_world, collect)
                .map_err(RunError::Collect)?;
            kept += folded.kept;
        }
        match broken {
            Some(error) if !folded.is_enough && !is_stopped => return Err(error),
            _ if is_last || folded.is_enough => {}
            _ => continue,
        }
        return Ok(Summary {
            until: plan.until.clone(),
            outcomes: stopping.outcomes(),
            is_interrupted: is_stopped && !folded.is_enough,
            ..fold.finish(plan.first, kept)
        });
    }
}

/// What came of folding a batch.
#[derive(Clone, Copy)]
struct Folded {
    /// Replications that are kept.
    kept: u64,
    /// True where the last of them made the run precise enough.
    is_enough: bool,
}

/// Index of the world in which a replication plays.
fn world_of<W: Worlds>(worlds: &W, plan: &Plan, replication: u64) -> u64 {
    if worlds.is_uncertain() {
        replication / plan.replications_per_world
    } else {
        0
    }
}

fn batch_size(plan: &Plan, layout: &Layout) -> usize {
    let numbers_each = (plan.policies.len() * layout.len()).max(1);
    let wanted = (plan.threads * BATCH_PER_THREAD).min(BATCH_NUMBERS / numbers_each);
    let size = wanted.max(plan.threads);
    usize::try_from(plan.replications).map_or(size, |all| size.min(all))
}

/// The worlds of the batch in play.
struct Shelf {
    /// Index of the first.
    first: u64,
    worlds: Vec<Arc<World>>,
}

impl Shelf {
    /// Holds the worlds of these replications and no others; those that are there already are kept.
    ///
    /// * returns - the replications before the first world that cannot be made, and why it cannot: they are
    ///   played first, because the run may be precise enough before it comes to that world
    fn fill<W: Worlds>(
        &mut self,
        worlds: &W,
        plan: &Plan,
        numbers: Range<u64>,
        layout: &Layout,
    ) -> Filled<W::Error> {
        let from = world_of(worlds, plan, numbers.start);
        let to = world_of(worlds, plan, numbers.end.saturating_sub(1)).max(from);
        let held = &self.worlds;
        let first = self.first;
        let filled = (from..=to)
            .into_par_iter()
            .map(|index| {
                let place = index.checked_sub(first).and_then(|p| held.get(p as usize));
                match place {
                    Some(world) => Ok(Arc::clone(world)),
                    None => worlds.world(plan.seed, index).map(Arc::new),
                }
            })
            .collect::<Vec<Result<Arc<World>, W::Error>>>();
        let mut broken = None;
        self.worlds.clear();
        for world in filled {
            // The first error in the order of worlds, whichever thread met one first.
            match world {
                Ok(world) if world.layout == *layout => self.worlds.push(world),
                Ok(_) => broken = Some(RunError::Shape),
                Err(error) => broken = Some(RunError::World(error)),
            }
            if broken.is_some() {
                break;
            }
        }
        self.first = from;
        let begins = (from + self.worlds.len() as u64).saturating_mul(plan.replications_per_world);
        let end = match broken {
            Some(_) => begins.clamp(numbers.start, numbers.end),
            None => numbers.end,
        };
        (numbers.start..end, broken)
    }
}

/// Replications whose worlds are there, and why there are no more.
type Filled<E> = (Range<u64>, Option<RunError<E>>);

/// Room for the records of some replications, used again and again.
struct Batch {
    /// Numbers of one replication: policies x layout.len().
    width: usize,
    /// (size x width,)
    records: Vec<f64>,
    /// Targets of one replication: policies x targets.
    target_width: usize,
    /// (size x target_width,) how each target came out.
    verdicts: Vec<Verdict>,
    /// (size,) whether the replication is complete.
    complete: Vec<bool>,
    /// Number of the first replication.
    first: u64,
    /// How many, from the first, are complete without a gap.
    count: usize,
    /// The first replication, and policy, in which time stands still.
    endless: Mutex<Option<(u64, usize, Endless)>>,
}

impl Batch {
    fn new(plan: &Plan, layout: &Layout, targets: usize, size: usize) -> Batch {
        let width = plan.policies.len() * layout.len();
        // Without targets one place stands empty, so that the chunks below keep step.
        let target_width = (plan.policies.len() * targets).max(1);
        Batch {
            width,
            records: vec![0.0; size * width],
            target_width,
            verdicts: vec![Verdict::Missed; size * target_width],
            complete: vec![false; size],
            first: plan.first,
            count: 0,
            endless: Mutex::new(None),
        }
    }

    /// The first replication, and policy, of the batch in which time stands still.
    fn take_endless(&mut self) -> Option<(u64, usize, Endless)> {
        let endless = self.endless.get_mut();
        endless.unwrap_or_else(PoisonError::into_inner).take()
    }

    fn play<W: Worlds>(
        &mut self,
        worlds: &W,
        plan: &Plan,
        watch: &Watch<'_>,
        numbers: Range<u64>,
        shelf: &Shelf,
        arenas: &[Mutex<Arena>],
    ) {
        self.first = numbers.start;
        self.complete.fill(false);
        let count = (numbers.end - numbers.start) as usize;
        let endless = &self.endless;
        let play = |world: &World, replication: u64, policy: usize, record: &mut [f64]| {
            if watch.stop.load(Ordering::Relaxed) {
                return false;
            }
            let thread = rayon::current_thread_index().unwrap_or(0);
            // A thread holds its own arena alone; a lock is only how the compiler is told so.
            let mut arena = arenas[thread]
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let played = replicate(
                world,
                policy,
                plan.seed,
                replication,
                &mut arena,
                record,
                watch.stop,
            );
            if let Err(Unfinished::Endless(found)) = &played {
                let mut endless = endless.lock().unwrap_or_else(PoisonError::into_inner);
                let is_first = endless
                    .as_ref()
                    .is_none_or(|(number, at, _)| (replication, policy) < (*number, *at));
                if is_first {
                    *endless = Some((replication, policy, found.clone()));
                }
            }
            played.is_ok()
        };
        let is_short = count < plan.threads;
        let rooms = self.records[..count * self.width]
            .par_chunks_mut(self.width)
            .zip(self.verdicts.par_chunks_mut(self.target_width))
            .zip(self.complete[..count].par_iter_mut())
            .enumerate();
        rooms
            .with_max_len(1)
            .for_each(|(place, ((records, verdicts), complete))| {
                let replication = numbers.start + place as u64;
                let world =
                    &shelf.worlds[(world_of(worlds, plan, replication) - shelf.first) as usize];
                let width = world.layout.len();
                *complete = if is_short {
                    // Of few replications the policies are shared out as well, so that no thread stands idle.
                    let policies = plan.policies.par_iter().zip(records.par_chunks_mut(width));
                    policies
                        .with_max_len(1)
                        .all(|(policy, record)| play(world, replication, *policy, record))
                } else {
                    let mut policies = plan.policies.iter().zip(records.chunks_mut(width));
                    policies.all(|(policy, record)| play(world, replication, *policy, record))
                };
                if !*complete {
                    return;
                }
                let targets = &world.scenario.targets;
                for (at, record) in records.chunks(width).enumerate() {
                    let verdicts = &mut verdicts[at * targets.len()..];
                    for (target, verdict) in targets.iter().zip(verdicts) {
                        *verdict = judge(target, &world.layout, record);
                    }
                }
                (watch.on_replication)();
            });
        self.count = self.complete.iter().take_while(|c| **c).count();
    }

    /// Folds and hands on the complete replications, in the order of their numbers, as far as the one that
    /// makes the run precise enough.
    ///
    /// * `world_of` - number of the world of a replication
    fn fold_into(
        &self,
        fold: &mut Fold,
        stopping: &mut Stopping,
        world_of: &(dyn Fn(u64) -> u64 + Sync),
        collect: Collector<'_>,
    ) -> io::Result<Folded> {
        let numbers = self.first..;
        let complete = self.records[..self.count * self.width].chunks_exact(self.width);
        let enough = numbers
            .clone()
            .zip(complete)
            .position(|(replication, records)| stopping.take(replication, records));
        let count = enough.map_or(self.count, |last| last + 1);
        let folded = Folded {
            kept: count as u64,
            is_enough: enough.is_some(),
        };
        if count == 0 {
            return Ok(folded);
        }
        let records = &self.records[..count * self.width];
        let verdicts = &self.verdicts[..count * self.target_width];
        let (collected, ()) = rayon::join(
            || {
                numbers.zip(records.chunks_exact(self.width)).try_for_each(
                    |(replication, records)| {
                        collect(Played {
                            replication,
                            world: world_of(replication),
                            records,
                        })
                    },
                )
            },
            || fold.take(self.first, records, verdicts),
        );
        collected.map(|()| folded)
    }
}

#[cfg(test)]
mod tests;
