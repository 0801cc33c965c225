//! Tests of the whole loop that need no file: agreement with reference numbers and exact facts.

use crate::engine::replication::{Arena, replicate};
use crate::engine::sample::{levels, service};
use crate::engine::world::World;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::policy::limit::{Limit, Measure, Value};
use crate::scenario::sections::Scenario;

/// Mean and standard error of metrics of the service in one row over replications.
fn means(scenario: Scenario, n: u64, metrics: &[(Option<usize>, Metric)]) -> Vec<(f64, f64)> {
    let world = World::new(scenario);
    let mut arena = Arena::new();
    let mut record = vec![0.0; world.layout.len()];
    let mut sums = vec![(0.0, 0.0); metrics.len()];
    for replication in 0..n {
        replicate(&world, 0, 11, replication, &mut arena, &mut record);
        for ((row, metric), sum) in metrics.iter().zip(&mut sums) {
            let row = row.unwrap_or(world.layout.horizon_row());
            let value = record[world.layout.index(row, *metric, Group::Service).unwrap()];
            sum.0 += value;
            sum.1 += value * value;
        }
    }
    let n = n as f64;
    sums.into_iter()
        .map(|(s, q)| (s / n, ((q / n - s / n * s / n) / (n - 1.0)).sqrt()))
        .collect()
}

#[test]
fn the_reference_model_with_a_hard_cap_agrees_with_seven_other_programs() {
    let mut scenario = service(60, 5.0, 1.0, 24);
    levels(&mut scenario);
    scenario.policies[0].limit = Some(Limit {
        measure: Measure::Cases,
        value: Value::Each(16.0),
        patience: None,
    });
    let expected = [
        (None, Metric::OpenCases, 820.8201, 0.0864),
        (None, Metric::Unallocated, 1.2004, 0.0148),
        (None, Metric::CasesPerFilledPost, 14.1466, 0.0015),
        (None, Metric::Referrals, 3649.80, 0.30),
        (None, Metric::Closures, 3473.42, 0.26),
        (None, Metric::Leavers, 17.393, 0.020),
        (None, Metric::Escalations, 1202.30, 0.20),
        (Some(23), Metric::UnallocatedCensus, 6.634, 0.090),
        (Some(23), Metric::CaseloadMean, 15.3828, 0.0027),
        (Some(23), Metric::OpenCasesCensus, 896.377, 0.172),
        (None, Metric::Starters, 15.259, 0.019),
    ];
    let asked: Vec<_> = expected.iter().map(|e| (e.0, e.1)).collect();
    let started = std::time::Instant::now();
    let found = means(scenario, 1000, &asked);
    eprintln!("{:?} a replication", started.elapsed() / 1000);
    for ((_, metric, mean, error), (ours, ours_error)) in expected.iter().zip(&found) {
        let z = (ours - mean) / (error * error + ours_error * ours_error).sqrt();
        eprintln!("{metric:?} {mean} {ours:.4} +- {ours_error:.4} z {z:.2}");
        assert!(z.abs() < 4.0, "{metric:?}: {ours} for {mean}");
    }
}
