//! Plays the blocks of a sweep on threads, and hands each on when it is whole.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::engine::replication::Arena;
use crate::engine::world::World;
use crate::experiment::run::Watch;
use crate::experiment::sweep::block::{Cells, Play, play};
use crate::experiment::sweep::plan::{Block, Sweep};
use crate::scenario::document::Document;
use crate::scenario::size;

/// Takes a block that is whole, from any thread.
pub type Keep<'a> = &'a (dyn Fn(&Block, &Cells) -> io::Result<()> + Sync);

/// How a sweep went.
#[derive(Debug, Default)]
pub struct Went {
    /// Blocks that could not be played, and why, in the order of blocks.
    pub failed: Vec<(Block, String)>,
    /// Blocks that were kept.
    pub kept: usize,
    /// The error of the disk that ended it.
    pub disk: Option<io::Error>,
}

/// Plays blocks, each on one thread, in their order; a block that fails does not hold up the others.
///
/// # Errors
/// Where the threads cannot be started.
pub fn run(
    document: &Document,
    sweep: &Sweep,
    blocks: &[&Block],
    threads: usize,
    watch: &Watch<'_>,
    keep: Keep<'_>,
) -> Result<Went, rayon::ThreadPoolBuildError> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()?;
    let cells = sweep.cells(document);
    let next = AtomicUsize::new(0);
    let is_full = AtomicBool::new(false);
    let went = Mutex::new(Went::default());
    let told = |tell: &mut dyn FnMut(&mut Went)| {
        tell(&mut went.lock().unwrap_or_else(PoisonError::into_inner));
    };
    pool.broadcast(|_| {
        let mut arena = Arena::new();
        let mut here: Option<(usize, Document, Option<World>)> = None;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let stopped = watch.stop.load(Ordering::Relaxed) || is_full.load(Ordering::Relaxed);
            let (Some(block), false) = (blocks.get(at), stopped) else {
                return;
            };
            let played = catch_unwind(AssertUnwindSafe(|| {
                let is_here = here
                    .as_ref()
                    .is_some_and(|(point, ..)| *point == block.point);
                if !is_here {
                    let varied = document.varied(&sweep.design.settings(block.point));
                    let varied = varied.map_err(|problems| problems.to_string())?;
                    here = Some((block.point, varied, None));
                }
                let Some((_, document, world)) = &mut here else {
                    return Ok(None);
                };
                let what = Play {
                    document,
                    policy: sweep.policies[block.policy],
                    seed: sweep.seed,
                    per_world: sweep.per_world,
                    cells: &cells,
                    stop: watch.stop,
                    on_replication: watch.on_replication,
                };
                play(
                    &what,
                    block.first..block.first + block.count,
                    world,
                    &mut arena,
                )
            }));
            let played = played.unwrap_or_else(|_| {
                // What a broken block left behind is not used again.
                here = None;
                arena = Arena::new();
                Err("casecap broke a promise of its own; please report it".to_owned())
            });
            match played {
                Ok(None) => return,
                Err(why) => told(&mut |went| went.failed.push(((*block).clone(), why.clone()))),
                Ok(Some(cells)) => match keep(block, &cells) {
                    Ok(()) => told(&mut |went| went.kept += 1),
                    Err(error) => {
                        is_full.store(true, Ordering::Relaxed);
                        let mut error = Some(error);
                        told(&mut |went| went.disk = went.disk.take().or(error.take()));
                        return;
                    }
                },
            }
        }
    });
    let mut went = went.into_inner().unwrap_or_else(PoisonError::into_inner);
    went.failed
        .sort_by_key(|(block, _)| (block.point, block.policy, block.first));
    Ok(went)
}

/// Time that one replication of one policy takes, measured on some points.
///
/// * `seconds` - about how long it may look [s]
/// * returns - mean [s]; nothing where no point can be played
pub fn pilot(document: &Document, sweep: &Sweep, seconds: f64) -> Option<f64> {
    let points = sweep.design.points.len();
    let never = AtomicBool::new(false);
    let cells = sweep.cells(document);
    let mut arena = Arena::new();
    let (mut spent, mut played) = (0.0, 0_u64);
    // The ends and the middle: a key may change the work by much.
    let mut chosen = vec![0, points / 2, points.saturating_sub(1)];
    chosen.dedup();
    let each = seconds / (chosen.len() * sweep.policies.len()).max(1) as f64;
    for point in chosen {
        let varied = document.varied(&sweep.design.settings(point)).ok()?;
        let expected = size::seconds(varied.scenario());
        if expected > size::MEASURED {
            spent += expected;
            played += 1;
            continue;
        }
        for policy in &sweep.policies {
            let what = Play {
                document: &varied,
                policy: *policy,
                seed: sweep.seed,
                per_world: sweep.per_world,
                cells: &cells,
                stop: &never,
                on_replication: &|| {},
            };
            let mut world = None;
            // The first fills the memory of the thread, and is not counted.
            play(&what, 0..1, &mut world, &mut arena).ok()?;
            let began = Instant::now();
            for replication in 1..1000 {
                play(&what, replication..replication + 1, &mut world, &mut arena).ok()?;
                played += 1;
                if began.elapsed().as_secs_f64() > each {
                    break;
                }
            }
            spent += began.elapsed().as_secs_f64();
        }
    }
    (played > 0).then(|| spent / played as f64)
}
