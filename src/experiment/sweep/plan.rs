//! A sweep cut into blocks, each named by the hash of all that it depends on.

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::experiment::plan::layout;
use crate::experiment::sweep::design::Design;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::random::stream::GENERATOR;
use crate::scenario::document::Document;
use crate::scenario::problem::{Problem, Problems, Severity};
use crate::statistics::moments::BLOCK;

/// Replications of a block where worlds do not ask for another number.
const BLOCK_LENGTH: u64 = 4 * BLOCK;

/// Blocks of one sweep at most: each is named in memory.
pub const BLOCKS_MAX: u64 = 2_000_000;

/// The name of a block.
pub type Hash = [u8; 32];

/// What is played.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    /// The points.
    pub design: Design,
    /// Indices among the scenario's policies, in the order of the file.
    pub policies: Vec<usize>,
    /// Replications of each policy at each point, from number 0.
    pub replications: u64,
    /// Seed of all chance, the same at every point.
    pub seed: u64,
    /// Replications that share one draw of the uncertain numbers, >= 1.
    pub per_world: u64,
    /// Metrics of the service that are kept.
    pub metrics: Vec<Metric>,
}

/// Some replications of one policy at one point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Hash of version, scenario as set, policy, seed, replications and metrics.
    pub hash: Hash,
    /// Place among the points; the first of those that share the block.
    pub point: usize,
    /// Place among the policies of the sweep.
    pub policy: usize,
    /// Number of the first replication.
    pub first: u64,
    /// How many.
    pub count: u64,
}

/// A point that cannot be played.
#[derive(Debug)]
pub struct BadPoint {
    /// Place among the points.
    pub point: usize,
    /// What is wrong with it.
    pub problems: Problems,
}

/// What every policy at every point depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// (points x policies,) the identity of each policy of the sweep at each point.
    identities: Vec<Hash>,
    policies: usize,
    is_uncertain: bool,
}

impl Checked {
    /// Places of the identities, without those that stand before: points x policies in order.
    fn first_of_each(&self) -> Vec<usize> {
        let mut places: Vec<usize> = (0..self.identities.len()).collect();
        // Stable, so that of equal ones the first stays first.
        places.sort_by_key(|place| &self.identities[*place]);
        places.dedup_by_key(|place| &self.identities[*place]);
        places.sort_unstable();
        places
    }
}

impl Sweep {
    /// Builds the scenario of every point, so that nothing wrong is met later.
    ///
    /// # Errors
    /// The points that cannot be played, in order, at most ten.
    pub fn check(&self, document: &Document) -> Result<Checked, Vec<BadPoint>> {
        const TOLD: usize = 10;
        let built: Vec<Result<(Vec<Hash>, bool), BadPoint>> = (0..self.design.points.len())
            .into_par_iter()
            .map(|point| {
                let varied = document
                    .varied(&self.design.settings(point))
                    .map_err(|problems| BadPoint { point, problems })?;
                if layout(varied.scenario()) != layout(document.scenario()) {
                    return Err(BadPoint {
                        point,
                        problems: other_months(),
                    });
                }
                let identities = self
                    .policies
                    .iter()
                    .map(|at| varied.identity(*at))
                    .collect();
                Ok((identities, varied.is_uncertain()))
            })
            .collect();
        let mut identities = Vec::with_capacity(built.len() * self.policies.len());
        let mut bad = Vec::new();
        let mut is_uncertain = false;
        for point in built {
            match point {
                Ok((own, uncertain)) => {
                    is_uncertain |= uncertain;
                    identities.extend(own);
                }
                Err(wrong) if bad.len() < TOLD => bad.push(wrong),
                Err(_) => {}
            }
        }
        match bad.is_empty() {
            true => Ok(Checked {
                identities,
                policies: self.policies.len(),
                is_uncertain,
            }),
            false => Err(bad),
        }
    }

    /// The numbers of a record that are kept: row by row, the metrics in order; the last row is the horizon.
    pub fn cells(&self, document: &Document) -> Vec<usize> {
        let layout = layout(document.scenario());
        (0..=layout.horizon_row())
            .flat_map(|row| self.metrics.iter().map(move |metric| (row, *metric)))
            .filter_map(|(row, metric)| layout.index(row, metric, Group::Service))
            .collect()
    }

    /// The blocks of one policy at one point, in the order of replications.
    ///
    /// * `policy` - place among the policies of the sweep
    pub fn blocks_of(&self, checked: &Checked, point: usize, policy: usize) -> Vec<Block> {
        let length = self.block_length(checked.is_uncertain);
        let identity = &checked.identities[point * checked.policies + policy];
        (0..self.replications.div_ceil(length))
            .map(|at| {
                let first = at * length;
                let count = length.min(self.replications - first);
                Block {
                    hash: self.hash(identity, checked.is_uncertain, first, count),
                    point,
                    policy,
                    first,
                    count,
                }
            })
            .collect()
    }

    /// How many blocks there are, those that points share counted for each.
    pub fn count(&self, checked: &Checked) -> u64 {
        (checked.identities.len() as u64).saturating_mul(self.blocks_each(checked))
    }

    /// All blocks, none twice: policies that a point leaves as they were are played once for all such points.
    pub fn blocks(&self, checked: &Checked) -> Vec<Block> {
        let pairs = checked.first_of_each();
        let each = self.blocks_each(checked);
        let mut blocks = Vec::with_capacity(pairs.len().saturating_mul(each as usize));
        for pair in pairs {
            let (point, policy) = (pair / checked.policies, pair % checked.policies);
            blocks.extend(self.blocks_of(checked, point, policy));
        }
        blocks
    }

    /// Blocks of one policy at one point.
    fn blocks_each(&self, checked: &Checked) -> u64 {
        let length = self.block_length(checked.is_uncertain);
        self.replications.div_ceil(length)
    }

    /// Replications of a block: whole worlds, and whole blocks of the statistics.
    fn block_length(&self, is_uncertain: bool) -> u64 {
        if !is_uncertain || self.per_world <= 1 {
            return BLOCK_LENGTH;
        }
        let common = BLOCK / gcd(BLOCK, self.per_world);
        let whole = self.per_world.saturating_mul(common);
        whole.saturating_mul(BLOCK_LENGTH.div_ceil(whole).max(1))
    }

    fn hash(&self, identity: &Hash, is_uncertain: bool, first: u64, count: u64) -> Hash {
        let per_world = if is_uncertain { self.per_world } else { 0 };
        let mut hash = Sha256::new();
        hash.update(b"casecap block 1\n");
        hash.update(env!("CARGO_PKG_VERSION").as_bytes());
        hash.update(GENERATOR.as_bytes());
        hash.update(identity);
        for number in [self.seed, first, count, per_world] {
            hash.update(number.to_le_bytes());
        }
        for metric in &self.metrics {
            hash.update(metric.definition().key.as_bytes());
            hash.update(b",");
        }
        hash.finalize().into()
    }
}

fn other_months() -> Problems {
    let problem = Problem {
        severity: Severity::Error,
        what: "`months` may not differ between the points of one sweep".to_owned(),
        remedy: "write the most months in the file; sweep.csv has each of them".to_owned(),
        key: "months".to_owned(),
        span: None,
    };
    Problems::new(vec![problem], Vec::new())
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The beginning of a hash, enough to name a block.
pub fn short(hash: &Hash) -> String {
    hash.iter().take(6).map(|b| format!("{b:02x}")).collect()
}
