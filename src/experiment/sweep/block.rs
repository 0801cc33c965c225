//! One block: some replications of one policy at one point, as sums that can be joined.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::engine::guard::Unfinished;
use crate::engine::replication::{Arena, replicate};
use crate::engine::world::World;
use crate::experiment::run::Worlds;
use crate::scenario::document::Document;
use crate::statistics::cluster::Clusters;
use crate::statistics::moments::{BlockedMoments, Moments, Node};

/// What a block comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// (nodes x cells,) moments over stretches of the replications, as [`BlockedMoments::nodes`] gives them.
    pub nodes: Vec<Vec<Node>>,
    /// (cells,) moments of the means of worlds; nothing where none are shared.
    pub worlds: Option<Vec<Moments>>,
}

/// How a block is played.
#[derive(Clone, Copy)]
pub struct Play<'a> {
    /// The scenario of the point.
    pub document: &'a Document,
    /// Index among its policies.
    pub policy: usize,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications that share a world.
    pub per_world: u64,
    /// (cells,) places of the record that are kept.
    pub cells: &'a [usize],
    /// Once true, the block is left.
    pub stop: &'a AtomicBool,
    /// Called after each replication.
    pub on_replication: &'a (dyn Fn() + Sync),
}

/// Plays a block.
///
/// * `replications` - their numbers
/// * `prepared` - the world of a scenario without uncertain numbers, where it is there already
/// * returns - nothing where it was stopped
///
/// # Errors
/// Why a world cannot be made, or a replication has no end, in words.
pub fn play(
    what: &Play<'_>,
    replications: Range<u64>,
    prepared: &mut Option<World>,
    arena: &mut Arena,
) -> Result<Option<Cells>, String> {
    let is_uncertain = what.document.is_uncertain();
    let per_world = what.per_world.max(1);
    let clusters = is_uncertain && per_world > 1;
    let mut moments = vec![BlockedMoments::new(); what.cells.len()];
    let mut worlds = vec![Clusters::default(); if clusters { what.cells.len() } else { 0 }];
    let mut record = Vec::new();
    let mut drawn: Option<u64> = None;
    for replication in replications {
        if what.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let index = if is_uncertain {
            replication / per_world
        } else {
            0
        };
        if is_uncertain && drawn != Some(index) {
            *prepared = None;
            drawn = Some(index);
        }
        let world = match prepared {
            Some(world) => world,
            None => {
                let made = Worlds::world(what.document, what.seed, index);
                prepared.insert(
                    made.map_err(|problems| format!("world {index} cannot be made:\n{problems}"))?,
                )
            }
        };
        record.resize(world.layout.len(), f64::NAN);
        let played = replicate(
            world,
            what.policy,
            what.seed,
            replication,
            arena,
            &mut record,
            what.stop,
        );
        match played {
            Ok(()) => {}
            Err(Unfinished::Stopped) => return Ok(None),
            Err(Unfinished::Endless(endless)) => {
                return Err(format!("replication {replication} has no end: {endless}"));
            }
        }
        for (cell, at) in moments.iter_mut().zip(what.cells) {
            cell.push(replication, record.get(*at).copied().unwrap_or(f64::NAN));
        }
        for (cell, at) in worlds.iter_mut().zip(what.cells) {
            cell.push(index, record.get(*at).copied().unwrap_or(f64::NAN));
        }
        (what.on_replication)();
    }
    let of_cells: Vec<Vec<Node>> = moments.iter().map(BlockedMoments::nodes).collect();
    let count = of_cells.first().map_or(0, Vec::len);
    Ok(Some(Cells {
        nodes: (0..count)
            .map(|node| {
                of_cells
                    .iter()
                    .filter_map(|cell| cell.get(node).copied())
                    .collect()
            })
            .collect(),
        worlds: clusters.then(|| worlds.iter().map(Clusters::means).collect()),
    }))
}
