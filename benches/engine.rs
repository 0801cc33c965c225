//! Times of the agenda, of one replication of each reference scenario and under each choice of a policy, of the
//! accumulators, and of a whole run.
//!
//! `cargo bench --bench engine`, and a part of a name behind `--` for some of it. Times are for ratios within one
//! run; none is a promise.

// A bench whose scenario cannot be read has nothing to time.
#![allow(clippy::panic)]

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use casecap::engine::agenda::{Agenda, rank};
use casecap::engine::ladder::Ladder;
use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::experiment::plan::{Plan, Wishes};
use casecap::experiment::run::{Watch, run};
use casecap::scenario::document::Document;
use casecap::statistics::cluster::Clusters;
use casecap::statistics::moments::{BlockedMoments, Moments};
use casecap::statistics::paired::Paired;
use casecap::statistics::quantile::QuantileSketch;
use criterion::measurement::WallTime;
use criterion::{
    BatchSize, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main,
};

/// The scenarios that are timed, by their file under `scenarios/`.
const SCENARIOS: [(&str, &str); 4] = [
    ("R1", "reference/r1.toml"),
    ("R2s", "reference/r2s.toml"),
    ("england-2025", "england-2025.toml"),
    ("first", "first.toml"),
];

fn open(file: &str) -> Document {
    let path = scenarios().join(file);
    Document::open(&path).unwrap_or_else(|problems| panic!("{}", problems.render(false)))
}

fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")
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

/// Each step gives the first of the least loaded one case more and takes one from another: by the tree of minima, and by
/// a look at everyone, in teams of some sizes.
fn least_loaded(criterion: &mut Criterion) {
    const STEPS: u64 = 10_000;
    let mut group = criterion.benchmark_group("least loaded");
    group.throughput(Throughput::Elements(STEPS));
    for workers in [12usize, 60, 500] {
        let other = |step: u64| (step.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33) as usize % workers;
        group.bench_function(format!("ladder/{workers}"), |bencher| {
            bencher.iter(|| {
                let mut ladder = Ladder::default();
                ladder.reset(workers);
                let mut loads = vec![20.0; workers];
                (0..workers).for_each(|rung| ladder.set(rung, 20.0));
                for step in 0..STEPS {
                    let first = ladder.first().unwrap_or(0);
                    loads[first] += 1.0;
                    ladder.set(first, loads[first]);
                    loads[other(step)] -= 1.0;
                    ladder.set(other(step), loads[other(step)]);
                }
                black_box(ladder.first())
            });
        });
        group.bench_function(format!("look at all/{workers}"), |bencher| {
            bencher.iter(|| {
                let mut loads = vec![20.0; workers];
                let first = |loads: &[f64]| {
                    let mut first = 0;
                    for (rung, load) in loads.iter().enumerate() {
                        if *load < loads[first] {
                            first = rung;
                        }
                    }
                    first
                };
                for step in 0..STEPS {
                    let at = first(&loads);
                    loads[at] += 1.0;
                    loads[other(step)] -= 1.0;
                }
                black_box(first(&loads))
            });
        });
    }
    group.finish();
}

fn replication(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication");
    group.sample_size(20);
    for (name, file) in SCENARIOS {
        time_replications(
            &mut group,
            name,
            &World::new(open(file).scenario().clone()),
            0,
        );
    }
    group.finish();
}

/// One team of twelve posts without a limit, and under each choice that the small scenarios show.
fn policy(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("replication under a policy");
    group.sample_size(10);
    group.warm_up_time(Duration::from_millis(200));
    group.measurement_time(Duration::from_millis(500));
    let shared = World::new(open("policies/base.toml").scenario().clone());
    let has = |name: &str| shared.scenario.policies.iter().any(|p| p.name == name);
    time_replications(&mut group, "no limit", &shared, 0);
    let folder = scenarios().join("policies");
    let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{error}"));
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.sort();
    for file in files {
        let stem = file.file_stem().unwrap_or_default().to_string_lossy();
        let world = World::new(open(&format!("policies/{stem}.toml")).scenario().clone());
        for (at, policy) in world.scenario.policies.iter().enumerate() {
            if !has(&policy.name) {
                let name = format!("{stem}: {}", policy.name);
                time_replications(&mut group, &name, &world, at);
            }
        }
    }
    group.finish();
}

/// Replication after replication in one arena, as a thread of a run plays them.
fn time_replications(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    world: &World,
    policy: usize,
) {
    let mut arena = Arena::new();
    let mut record = vec![0.0; world.layout.len()];
    let mut number = 0;
    group.bench_function(name, |bencher| {
        bencher.iter(|| {
            let played = replicate(
                world,
                policy,
                1,
                number,
                &mut arena,
                &mut record,
                &AtomicBool::new(false),
            );
            assert!(played.is_ok(), "{played:?}");
            number += 1;
            black_box(record[0])
        });
    });
}

/// What a run does with each number of each record: values spread as those of a metric over replications.
fn accumulators(criterion: &mut Criterion) {
    const VALUES: u64 = 10_000;
    let values: Vec<f64> = (0..VALUES)
        .map(|i| 15.0 + (i * 7919 % 10_007) as f64 / 2_000.0)
        .collect();
    let mut group = criterion.benchmark_group("accumulators, a value");
    group.throughput(Throughput::Elements(VALUES));
    group.bench_function("moments", |bencher| {
        bencher.iter(|| {
            let mut moments = Moments::default();
            values.iter().for_each(|v| moments.push(*v));
            black_box(moments.variance())
        });
    });
    group.bench_function("moments in blocks", |bencher| {
        bencher.iter(|| {
            let mut moments = BlockedMoments::new();
            (0..).zip(&values).for_each(|(i, v)| moments.push(i, *v));
            black_box(moments.moments())
        });
    });
    group.bench_function("quantiles", |bencher| {
        bencher.iter(|| {
            let mut sketch = QuantileSketch::new(0.1);
            values.iter().for_each(|v| sketch.push(*v));
            black_box(sketch.quantiles([0.5]))
        });
    });
    group.bench_function("pairs", |bencher| {
        bencher.iter(|| {
            let mut paired = Paired::default();
            let others = values.iter().rev();
            values
                .iter()
                .zip(others)
                .for_each(|(a, b)| paired.push(*a, *b));
            black_box(paired.variance_ratio())
        });
    });
    group.bench_function("worlds", |bencher| {
        bencher.iter(|| {
            let mut worlds = Clusters::default();
            (0..)
                .zip(&values)
                .for_each(|(i, v)| worlds.push(i / 10, *v));
            black_box(worlds.split())
        });
    });
    group.finish();
    let mut sketch = QuantileSketch::new(0.1);
    values.iter().for_each(|v| sketch.push(*v));
    criterion.bench_function("accumulators, five percentiles", |bencher| {
        bencher.iter(|| black_box(&sketch).quantiles([0.05, 0.25, 0.5, 0.75, 0.95]));
    });
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

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = agenda, least_loaded, replication, policy, accumulators, whole_run
}
criterion_main!(benches);
