//! The blocks of one policy at one point, joined in the order of replications.

use crate::experiment::numbers::student;
use crate::experiment::sweep::block::Cells;
use crate::statistics::interval::Interval;
use crate::statistics::moments::{BlockedMoments, Moments};

/// One number over replications; NaN where there is nothing to say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Replications that have a value.
    pub n: u64,
    /// Independent draws behind the mean: `n`, or where worlds are shared their number.
    pub draws: u64,
    /// Mean.
    pub mean: f64,
    /// Standard error of the mean; where worlds are shared, that of the means of worlds.
    pub se: f64,
    /// Least value.
    pub min: f64,
    /// Greatest value.
    pub max: f64,
}

impl Estimate {
    /// Student's 95 % interval of the mean; nothing of fewer than two draws.
    pub fn interval(&self) -> Option<Interval> {
        student(self.mean, self.se, self.draws)
    }
}

/// Takes in the blocks of one policy at one point.
#[derive(Clone, Debug, Default)]
pub struct Fold {
    cells: Vec<BlockedMoments>,
    worlds: Option<Vec<Moments>>,
}

impl Fold {
    /// Takes in the next block. Blocks come in the order of replications.
    pub fn take(&mut self, block: &Cells) {
        for node in &block.nodes {
            self.cells
                .resize(node.len().max(self.cells.len()), BlockedMoments::new());
            for (cell, node) in self.cells.iter_mut().zip(node) {
                cell.take(*node);
            }
        }
        if let Some(own) = &block.worlds {
            let worlds = self.worlds.get_or_insert_with(Vec::new);
            worlds.resize(own.len().max(worlds.len()), Moments::new());
            for (cell, own) in worlds.iter_mut().zip(own) {
                cell.merge(own);
            }
        }
    }

    /// (cells,) what the replications come to.
    pub fn estimates(&self) -> Vec<Estimate> {
        let or_missing = |value: Option<f64>| value.unwrap_or(f64::NAN);
        self.cells
            .iter()
            .enumerate()
            .map(|(at, cell)| {
                let moments = cell.moments();
                let between = self.worlds.as_ref().and_then(|worlds| worlds.get(at));
                Estimate {
                    n: moments.n(),
                    draws: between.map_or(moments.n(), Moments::n),
                    mean: or_missing(moments.mean()),
                    se: or_missing(between.unwrap_or(&moments).standard_error()),
                    min: or_missing(moments.min()),
                    max: or_missing(moments.max()),
                }
            })
            .collect()
    }
}
