//! One replication: a pure function of (scenario, policy, seed, replication number).
//!
//! It prints nothing and writes nothing; it fills a record. [`replication`] holds the loop, [`agenda`] what
//! happens next; the other files hold what happens, each to one kind of thing.

mod agency;
pub mod agenda;
mod ahead;
mod allocate;
mod arrival;
mod ask;
mod at_once;
mod bits;
mod case;
mod census;
mod clock;
mod deadline;
mod demand;
mod family;
mod fit;
pub mod guard;
mod hazard;
mod hold;
pub mod ladder;
mod leave;
mod level;
mod lines;
mod managing;
mod observer;
mod opening;
mod pace;
mod place;
mod play;
mod point;
mod queue;
mod record;
mod refused;
pub mod replication;
mod returning;
mod roster;
#[cfg(test)]
mod sample;
mod settled;
mod staff;
mod stage;
mod sums;
mod tally;
mod terms;
#[cfg(test)]
mod tests;
mod vacancy;
mod waiting;
mod watch;
mod worker;
pub mod world;
