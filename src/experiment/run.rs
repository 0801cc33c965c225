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
    /// Once true, no further replication begins; those complete are kept.
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
    let mut folding = Batch::new(plan, &layout, targets, size);
    folding.count = 0;
    let mut next = plan.first;
    let mut kept = 0;
    let end = plan.first + plan.replications;
    let of_world = |r| world_of(worlds, plan, r);
    loop {
        let wanted = next..end.min(next + size as u64);
        let (numbers, broken) = shelf.fill(worlds, plan, wanted, &layout);
        let (folded, ()) = rayon::join(
            || folding.fold_into(&mut fold, &mut stopping, &of_world, collect),
            || playing.play(worlds, plan, watch, numbers.clone(), &shelf, &arenas),
        );
        let mut folded = folded.map_err(RunError::Collect)?;
        kept += folded.kept;
        next += playing.count as u64;
        let is_stopped = next < numbers.end;
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
}

impl Batch {
    fn new(plan: &Plan, layout: &Layout, targets: usize, size: usize) -> Batch {
        let width = plan.policies.len() * layout.len();
        // Without targets one place stands empty, so that the chunks below keep step.
        let target_width = (plan.policies.len() * targets).max(1);
        Batch {
            width,
            records: vec![f64::NAN; size * width],
            target_width,
            verdicts: vec![Verdict::Missed; size * target_width],
            complete: vec![false; size],
            first: plan.first,
            count: 0,
        }
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
                let thread = rayon::current_thread_index().unwrap_or(0);
                // A thread holds its own arena alone; a lock is only how the compiler is told so.
                let mut arena = arenas[thread]
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                let width = world.layout.len();
                for (at, policy) in plan.policies.iter().enumerate() {
                    if watch.stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let record = &mut records[at * width..(at + 1) * width];
                    replicate(world, *policy, plan.seed, replication, &mut arena, record);
                    let targets = &world.scenario.targets;
                    let verdicts = &mut verdicts[at * targets.len()..];
                    for (target, verdict) in targets.iter().zip(verdicts) {
                        *verdict = judge(target, &world.layout, record);
                    }
                }
                *complete = true;
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
mod tests {
    use super::*;
    use crate::experiment::compare::{Comparison, Finding};
    use crate::experiment::example::Example;
    use crate::metric::catalogue::{Better, Metric};
    use crate::scenario::precision::{Precision, Within};
    use crate::scenario::target::When;
    use std::sync::atomic::AtomicU64;

    const CERTAIN: Example = Example {
        is_uncertain: false,
        broken: None,
    };

    fn plan(threads: usize, replications: u64) -> Plan {
        Plan {
            policies: vec![0, 1],
            baseline: None,
            first: 0,
            replications,
            until: Vec::new(),
            seed: 1,
            replications_per_world: 4,
            threads,
        }
    }

    /// Plays without being stopped; also gives all records in the order handed on.
    fn played(worlds: &Example, plan: &Plan) -> Result<(Summary, Vec<u64>), RunError<String>> {
        let mut bits = Vec::new();
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_replication: &|| {},
        };
        let summary = run(worlds, plan, &watch, &mut |played| {
            bits.push(played.replication);
            bits.extend(played.records.iter().map(|v| v.to_bits()));
            Ok(())
        })?;
        Ok((summary, bits))
    }

    /// All numbers of a summary as bits: missing ones are equal too.
    fn bits(summary: &Summary) -> Vec<u64> {
        let numbers = summary.policies.iter().flat_map(|p| &p.numbers);
        numbers
            .flat_map(|n| [n.n as f64, n.mean, n.se, n.p5, n.p50, n.p95, n.min, n.max])
            .map(f64::to_bits)
            .collect()
    }

    #[test]
    fn the_bits_do_not_depend_on_threads() {
        let (one, records) = played(&CERTAIN, &plan(1, 150)).unwrap();
        assert_eq!(one.replications, 150);
        for threads in [2, 8] {
            let (many, same) = played(&CERTAIN, &plan(threads, 150)).unwrap();
            assert_eq!(bits(&many), bits(&one), "{threads} threads");
            assert!(same == records, "{threads} threads");
        }
    }

    #[test]
    fn uncertain_worlds_do_not_depend_on_threads_either() {
        let worlds = Example {
            is_uncertain: true,
            broken: None,
        };
        let (one, records) = played(&worlds, &plan(1, 90)).unwrap();
        let (three, same) = played(&worlds, &plan(3, 90)).unwrap();
        assert_eq!(bits(&three), bits(&one));
        assert!(same == records);
        let draws = one.service(0, 0, Metric::OpenCases);
        // 90 replications, four to a world: 22 full worlds and one of two.
        assert_eq!(draws.unwrap().draws, 23);
        assert_eq!(one.worlds, Some(23));
        assert_eq!(one.policies[0].targets, three.policies[0].targets);
        assert_eq!(one.policies[0].targets[0].draws, 23);
    }

    #[test]
    fn a_stopped_run_keeps_the_unbroken_row_from_the_first() {
        let stop = AtomicBool::new(false);
        let done = AtomicU64::new(0);
        let watch = Watch {
            stop: &stop,
            on_replication: &|| {
                if done.fetch_add(1, Ordering::Relaxed) == 20 {
                    stop.store(true, Ordering::Relaxed);
                }
            },
        };
        let mut numbers = Vec::new();
        let summary = run(&CERTAIN, &plan(2, 100_000), &watch, &mut |played| {
            numbers.push(played.replication);
            Ok(())
        })
        .unwrap();
        let kept = summary.replications;
        assert!((1..1000).contains(&kept), "{kept}");
        assert_eq!(numbers, (0..kept).collect::<Vec<u64>>());
        let (whole, _) = played(&CERTAIN, &plan(1, kept)).unwrap();
        assert_eq!(bits(&whole), bits(&summary));
    }

    #[test]
    fn a_run_stopped_before_it_began_keeps_nothing() {
        let watch = Watch {
            stop: &AtomicBool::new(true),
            on_replication: &|| {},
        };
        let summary = run(&CERTAIN, &plan(2, 10), &watch, &mut |_| Ok(())).unwrap();
        assert_eq!(summary.replications, 0);
        assert!(summary.policies[0].numbers[0].mean.is_nan());
    }

    #[test]
    fn a_broken_world_and_a_full_disk_end_the_run() {
        let worlds = Example {
            is_uncertain: true,
            broken: Some(3),
        };
        let error = played(&worlds, &plan(2, 40)).unwrap_err();
        assert_eq!(error.to_string(), "world 3 is broken");
        let watch = Watch {
            stop: &AtomicBool::new(false),
            on_replication: &|| {},
        };
        let full = run(&CERTAIN, &plan(2, 40), &watch, &mut |_| {
            Err(io::Error::from(io::ErrorKind::StorageFull))
        });
        assert!(matches!(full, Err(RunError::Collect(_))));
    }

    #[test]
    fn one_policy_alone_comes_out_as_among_others() {
        let (both, _) = played(&CERTAIN, &plan(2, 70)).unwrap();
        let mut alone = plan(2, 70);
        alone.policies = vec![1];
        let (second, _) = played(&CERTAIN, &alone).unwrap();
        let of_second = &both.policies[1];
        assert_eq!(second.policies[0].name, of_second.name);
        assert_eq!(second.policies[0].targets, of_second.targets);
        let half = bits(&both).split_off(bits(&both).len() / 2);
        assert_eq!(bits(&second), half);
    }

    /// A demand on the open cases of the last month.
    fn until(within: Within) -> Vec<Precision> {
        vec![Precision {
            text: "open_cases".to_owned(),
            metric: Metric::OpenCases,
            team: None,
            within,
            when: When::At(2),
        }]
    }

    #[test]
    fn a_run_until_a_precision_ends_with_the_same_replication_on_any_number_of_threads() {
        let most = |threads| Plan {
            until: until(Within::Absolute(1.0)),
            ..plan(threads, 5000)
        };
        let (one, records) = played(&CERTAIN, &most(1)).unwrap();
        let kept = one.replications;
        assert!((101..4000).contains(&kept), "{kept}");
        assert!(!one.is_interrupted);
        assert_eq!(
            one.outcomes.iter().filter_map(|o| o.reached).max(),
            Some(kept)
        );
        for threads in [2, 8] {
            let (many, same) = played(&CERTAIN, &most(threads)).unwrap();
            assert_eq!(many.replications, kept, "{threads} threads");
            assert_eq!(bits(&many), bits(&one), "{threads} threads");
            assert_eq!(many.outcomes, one.outcomes);
            assert!(same == records, "{threads} threads");
        }
        let (plain, same) = played(&CERTAIN, &plan(2, kept)).unwrap();
        assert_eq!(bits(&plain), bits(&one));
        assert!(same == records);
    }

    #[test]
    fn what_cannot_be_so_precise_is_played_to_the_end_and_no_interruption() {
        let most = Plan {
            until: until(Within::Absolute(1e-9)),
            ..plan(2, 150)
        };
        let (summary, _) = played(&CERTAIN, &most).unwrap();
        assert_eq!((summary.replications, summary.is_interrupted), (150, false));
        assert!(summary.outcomes.iter().all(|o| o.reached.is_none()));
    }

    #[test]
    fn a_broken_world_matters_only_if_the_run_comes_to_it() {
        // Anything is as narrow as that: the run ends at the first look, after 100 worlds of four.
        let most = |threads| Plan {
            until: until(Within::Absolute(1e9)),
            ..plan(threads, 4000)
        };
        for threads in [1, 8] {
            let worlds = |broken| Example {
                is_uncertain: true,
                broken: Some(broken),
            };
            let (summary, _) = played(&worlds(101), &most(threads)).unwrap();
            assert_eq!(summary.replications, 400, "{threads} threads");
            let error = played(&worlds(99), &most(threads)).unwrap_err();
            assert_eq!(error.to_string(), "world 99 is broken");
        }
    }

    fn against(baseline: usize, threads: usize, worlds: &Example) -> Comparison {
        let plan = Plan {
            baseline: Some(baseline),
            ..plan(threads, 90)
        };
        played(worlds, &plan).unwrap().0.comparison.unwrap()
    }

    fn difference_bits(comparison: &Comparison) -> Vec<u64> {
        let differences = comparison.versus.iter().flat_map(|v| &v.differences);
        differences
            .flat_map(|d| [d.n as f64, d.mean, d.se, d.lower as f64, d.variance_ratio])
            .map(f64::to_bits)
            .collect()
    }

    #[test]
    fn differences_do_not_depend_on_threads() {
        for is_uncertain in [false, true] {
            let worlds = Example {
                is_uncertain,
                broken: None,
            };
            let one = against(0, 1, &worlds);
            for threads in [2, 8] {
                let many = against(0, threads, &worlds);
                assert_eq!(
                    difference_bits(&many),
                    difference_bits(&one),
                    "{threads} threads"
                );
                assert_eq!(many.versus[0].targets, one.versus[0].targets);
            }
        }
    }

    #[test]
    fn with_the_baseline_exchanged_every_difference_turns_round() {
        let (there, back) = (against(0, 2, &CERTAIN), against(1, 2, &CERTAIN));
        assert_eq!((there.versus[0].policy, back.versus[0].policy), (1, 0));
        let pairs = there.versus[0]
            .differences
            .iter()
            .zip(&back.versus[0].differences);
        let mut told = 0;
        for (a, b) in pairs.filter(|(a, _)| a.n > 0) {
            assert_eq!((a.n, a.mean, a.same), (b.n, -b.mean, b.same));
            assert_eq!(a.se.to_bits(), b.se.to_bits());
            assert_eq!(a.lower, b.n - b.lower - b.same);
            let turned = match a.finding(Better::Lower) {
                Finding::Better => Finding::Worse,
                Finding::Worse => Finding::Better,
                same => same,
            };
            assert_eq!(b.finding(Better::Lower), turned);
            told += usize::from(turned == Finding::Better || turned == Finding::Worse);
        }
        assert!(told > 20, "{told}");
        let (a, b) = (there.versus[0].targets[0], back.versus[0].targets[0]);
        assert_eq!(a.difference(), -b.difference());
        assert_eq!(a.counts.only_first, b.counts.only_second);
    }

    #[test]
    fn a_difference_of_means_is_the_mean_of_differences() {
        let plan = Plan {
            baseline: Some(0),
            ..plan(2, 90)
        };
        let summary = played(&CERTAIN, &plan).unwrap().0;
        let versus = &summary.comparison.as_ref().unwrap().versus[0];
        for (at, difference) in versus.differences.iter().enumerate() {
            let [theirs, ours] = [0, 1].map(|policy: usize| &summary.policies[policy].numbers[at]);
            if difference.n == 90 {
                let gap = difference.mean - (ours.mean - theirs.mean);
                assert!(gap.abs() < 1e-9 * ours.mean.abs().max(1.0), "{gap}");
            }
        }
    }
}
