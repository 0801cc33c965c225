//! Times of the agenda, of one replication of each reference scenario, and of a whole run.
//!
//! `cargo bench --bench engine`. Times are for ratios within one run; none is a promise.

// A bench whose scenario cannot be read has nothing to time.
#![allow(clippy::panic)]

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::AtomicBool;

use casecap::engine::agenda::{Agenda, rank};
use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::experiment::plan::{Plan, Wishes};
use casecap::experiment::run::{Watch, run};
use casecap::scenario::document::Document;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// The scenarios that are timed, by their file under `scenarios/`.
const SCENARIOS: [(&str, &str); 4] = [
    ("R1", "reference/r1.toml"),
    ("R2s", "reference/r2s.toml"),
    ("england-2025", "england-2025.toml"),
    ("first", "first.toml"),
];

fn open(file: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(file);
    Document::open(&path).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

/// A hold model: the next entry is taken and entered again later, with 2,000 slots pending.
fn agenda(criterion: &mut Criterion) {
    const SLOTS: u32 = 2_000;
    const STEPS: u64 = 10_000;
    let mut group = criterion.benchmark_group("agenda");
    group.throughput(Throughput::Elements(STEPS));
    group.bench_function("take and enter", |bencher| {
        let filled = || {
            let mut agenda = Agenda::default();
            agenda.reset(SLOTS as usize, 1 << 14, 1_000.0);
            for slot in 0..SLOTS {
                agenda.set(slot, f64::from(slot * 7919 % 2003) / 20.0, rank(0, 0, slot));
            }
            agenda
        };
        bencher.iter_batched_ref(
            filled,
            |agenda| {
                for step in 0..STEPS {
                    let Some(due) = agenda.peek() else { break };
                    agenda.set(
                        due.slot,
                        due.time + 20.0 + (step % 97) as f64,
                        rank(0, 0, due.slot),
                    );
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

fn replication(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.sample_size(20);
    for (name, file) in SCENARIOS {
        let world = World::new(open(file).scenario().clone());
        let mut arena = Arena::new();
        let mut record = vec![0.0; world.layout.len()];
        let mut number = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                replicate(&world, 0, 1, number, &mut arena, &mut record);
                number += 1;
                black_box(record[0])
            });
        });
    }
    group.finish();
}

fn whole_run(criterion: &mut Criterion) {
    let document = open("first.toml");
    let mut group = criterion.benchmark_group("whole run of first.toml, 100 replications");
    group.sample_size(10);
    for threads in [1, 2] {
        let wishes = Wishes {
            replications: Some(100),
            threads: Some(threads),
            ..Wishes::default()
        };
        let plan = Plan::new(document.scenario(), document.is_uncertain(), &wishes)
            .unwrap_or_else(|error| panic!("{error}"));
        group.bench_function(format!("{threads} threads"), |bencher| {
            bencher.iter(|| {
                let stop = AtomicBool::new(false);
                let watch = Watch {
                    stop: &stop,
                    on_replication: &|| {},
                };
                run(&document, &plan, &watch, &mut |_| Ok(()))
                    .map(|summary| summary.replications)
                    .ok()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, agenda, replication, whole_run);
criterion_main!(benches);
