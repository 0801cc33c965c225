//! A binary of its own: its allocator counts, for each thread.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

use std::sync::atomic::AtomicBool;

use std::path::Path;

use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::scenario::document::Document;

/// Allocations of one replication in an arena that has played it before.
fn allocations(file: &str) -> u64 {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    let document =
        Document::open(&path).unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    let world = World::new(document.scenario().clone());
    let mut arena = Arena::new();
    let mut record = vec![0.0; world.layout.len()];
    let policies = world.scenario.policies.len();
    for _ in 0..2 {
        for replication in 0..4 {
            for policy in 0..policies {
                replicate(
                    &world,
                    policy,
                    7,
                    replication,
                    &mut arena,
                    &mut record,
                    &AtomicBool::new(false),
                )
                .unwrap();
            }
        }
    }
    let counted = allocation_counter::measure(|| {
        for replication in 0..4 {
            for policy in 0..policies {
                replicate(
                    &world,
                    policy,
                    7,
                    replication,
                    &mut arena,
                    &mut record,
                    &AtomicBool::new(false),
                )
                .unwrap();
            }
        }
    });
    counted.count_total
}

#[test]
fn a_replication_in_the_steady_state_allocates_nothing() {
    let one = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(7))));
    assert_eq!(one.count_total, 1, "the counter counts");
    for file in ["first.toml", "reference/r1.toml", "england-2025.toml"] {
        assert_eq!(allocations(file), 0, "{file}");
    }
}
