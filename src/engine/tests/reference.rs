//! Agreement with reference numbers on which several other programs agree.

use crate::engine::replication::{Arena, replicate};
use crate::engine::sample::{levels, service};
use crate::engine::world::World;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::policy::allocation::{Allocation, Load};
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
    agrees(scenario, &expected);
}

#[test]
fn the_reference_model_without_a_cap_slows_and_loses_people_as_seven_other_programs_do() {
    let mut scenario = service(60, 4.0, 1.0, 24);
    levels(&mut scenario);
    for (stage, points) in scenario.stages.iter_mut().zip([1.0, 2.0, 3.5]) {
        stage.weight = points;
        stage.hours_per_week = points * 37.0 * 0.5 / 28.0;
    }
    scenario.strain.gain = 1.0;
    scenario.strain.tau_days = 0.0;
    scenario.strain.b_leave = 1.5;
    scenario.strain.hazard_max_per_year = 1e6;
    scenario.policies[0].allocation = Allocation::LeastLoaded { by: Load::Points };
    let expected = [
        (None, Metric::OpenCases, 696.4306, 0.0983),
        (None, Metric::CasesPerFilledPost, 12.0308, 0.0019),
        (None, Metric::Referrals, 2919.73, 0.27),
        (None, Metric::Closures, 2891.97, 0.25),
        (None, Metric::Leavers, 17.956, 0.021),
        (None, Metric::Escalations, 1014.26, 0.19),
        (Some(23), Metric::CaseloadMean, 12.9907, 0.0047),
        (Some(23), Metric::OpenCasesCensus, 747.756, 0.227),
        (None, Metric::Starters, 15.581, 0.020),
    ];
    agrees(scenario, &expected);
}

/// Null: the same model; z is over both standard errors. Each |z| < 4 fails by chance 6 times in 100,000.
fn agrees(scenario: Scenario, expected: &[(Option<usize>, Metric, f64, f64)]) {
    let asked: Vec<_> = expected.iter().map(|e| (e.0, e.1)).collect();
    let found = means(scenario, 1000, &asked);
    for ((_, metric, mean, error), (ours, ours_error)) in expected.iter().zip(&found) {
        let z = (ours - mean) / (error * error + ours_error * ours_error).sqrt();
        assert!(z.abs() < 4.0, "{metric:?}: {ours} for {mean}");
    }
}
