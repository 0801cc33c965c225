//! The loop of one replication (in work).

use crate::engine::world::World;

/// Memory that replications on one thread use again and again.
#[derive(Debug, Default)]
pub struct Arena {}

impl Arena {
    /// An empty arena for any world.
    pub fn new() -> Arena {
        Arena {}
    }
}

/// Plays one replication under one policy and fills its record.
///
/// * `policy` - index among the scenario's policies
/// * `record` - (world.layout.len(),) filled whole; NaN where a number is missing
pub fn replicate(
    world: &World,
    policy: usize,
    seed: u64,
    replication: u64,
    arena: &mut Arena,
    record: &mut [f64],
) {
    let _ = (world, policy, seed, arena);
    record.fill(replication as f64);
}
