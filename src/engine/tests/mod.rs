//! Tests of the whole loop that need no file.

mod attack;
mod census;
mod choice;
mod dated;
mod edge;
mod equal;
mod guard;
mod instant;
mod invariant;
mod luck;
mod overload;
mod staff;
mod waiting;

use std::sync::atomic::AtomicBool;

use crate::engine::play::{Mark, What};
use crate::engine::replication::{Arena, replicate};
use crate::engine::world::World;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::scenario::sections::Scenario;

/// One replication that was played, with all that happened in it.
struct Played {
    world: World,
    record: Vec<f64>,
    trace: Vec<Mark>,
}

fn play(scenario: Scenario) -> Played {
    play_policy(scenario, 0, 0)
}

fn play_policy(scenario: Scenario, policy: usize, replication: u64) -> Played {
    let world = World::new(scenario);
    let mut arena = Arena::new();
    let mut record = vec![0.0; world.layout.len()];
    replicate(
        &world,
        policy,
        1,
        replication,
        &mut arena,
        &mut record,
        &AtomicBool::new(false),
    )
    .unwrap();
    Played {
        trace: arena.trace().to_vec(),
        world,
        record,
    }
}

impl Played {
    /// A number of the service in a month, by index.
    fn month(&self, month: usize, metric: Metric) -> f64 {
        self.record[self
            .world
            .layout
            .index(month, metric, Group::Service)
            .unwrap()]
    }

    /// A number of the service over the horizon.
    fn whole(&self, metric: Metric) -> f64 {
        self.month(self.world.layout.horizon_row(), metric)
    }

    fn marks(&self, what: What) -> impl Iterator<Item = &Mark> {
        self.trace.iter().filter(move |mark| mark.what == what)
    }

    /// (time, case number) of each closing, in order.
    fn closings(&self) -> Vec<(f64, u32)> {
        self.marks(What::Closed).map(|m| (m.time, m.case)).collect()
    }

    /// (time, case number) of each time a worker was given a case, in order.
    fn givings(&self) -> Vec<(f64, u32)> {
        self.marks(What::Held).map(|m| (m.time, m.case)).collect()
    }

    /// (time, case number) of each time a case was without a worker, in order.
    fn waitings(&self) -> Vec<(f64, u32)> {
        self.marks(What::Waits).map(|m| (m.time, m.case)).collect()
    }
}

fn near(found: f64, expected: f64) {
    assert!(
        (found - expected).abs() <= 1e-9 * expected.abs().max(1.0),
        "{found} is not {expected}"
    );
}

/// Bit for bit, missing numbers too.
fn same_bits(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x.to_bits() == y.to_bits())
}
