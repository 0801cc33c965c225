//! One replication: a pure function of (scenario, policy, seed, replication number).

pub mod replication;
pub mod world;
