use super::*;
use crate::experiment::compare::{Comparison, Finding};
use crate::experiment::example::Example;
use crate::metric::catalogue::{Better, Metric};
use crate::scenario::precision::{Precision, Within};
use crate::scenario::target::When;

const CERTAIN: Example = Example {
    is_uncertain: false,
    broken: None,
};

fn plan(threads: usize, replications: u64) -> Plan {
    Plan {
        policies: vec![0, 1],
        baseline: None,
        first: 0,
        replications,
        until: Vec::new(),
        seed: 1,
        replications_per_world: 4,
        threads,
    }
}

/// Plays without being stopped; also gives all records in the order handed on.
fn played(worlds: &Example, plan: &Plan) -> Result<(Summary, Vec<u64>), RunError<String>> {
    let mut bits = Vec::new();
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_replication: &|| {},
    };
    let summary = run(worlds, plan, &watch, &mut |played| {
        bits.push(played.replication);
        bits.extend(played.records.iter().map(|v| v.to_bits()));
        Ok(())
    })?;
    Ok((summary, bits))
}

/// All numbers of a summary as bits: missing ones are equal too.
fn bits(summary: &Summary) -> Vec<u64> {
    let numbers = summary.policies.iter().flat_map(|p| &p.numbers);
    numbers
        .flat_map(|n| [n.n as f64, n.mean, n.se, n.p5, n.p50, n.p95, n.min, n.max])
        .map(f64::to_bits)
        .collect()
}

#[test]
fn the_bits_do_not_depend_on_threads() {
    let (one, records) = played(&CERTAIN, &plan(1, 150)).unwrap();
    assert_eq!(one.replications, 150);
    for threads in [2, 8] {
        let (many, same) = played(&CERTAIN, &plan(threads, 150)).unwrap();
        assert_eq!(bits(&many), bits(&one), "{threads} threads");
        assert!(same == records, "{threads} threads");
    }
}

#[test]
fn nor_where_replications_are_fewer_than_threads() {
    for replications in [1, 3] {
        let (one, records) = played(&CERTAIN, &plan(1, replications)).unwrap();
        for threads in [2, 8] {
            let (many, same) = played(&CERTAIN, &plan(threads, replications)).unwrap();
            assert_eq!(bits(&many), bits(&one), "{replications} on {threads}");
            assert_eq!(many.policies[1].targets, one.policies[1].targets);
            assert!(same == records, "{replications} on {threads}");
        }
    }
}

#[test]
fn uncertain_worlds_do_not_depend_on_threads_either() {
    let worlds = Example {
        is_uncertain: true,
        broken: None,
    };
    let (one, records) = played(&worlds, &plan(1, 90)).unwrap();
    let (three, same) = played(&worlds, &plan(3, 90)).unwrap();
    assert_eq!(bits(&three), bits(&one));
    assert!(same == records);
    let draws = one.service(0, 0, Metric::OpenCases);
    // 90 replications, four to a world: 22 full worlds and one of two.
    assert_eq!(draws.unwrap().draws, 23);
    assert_eq!(one.worlds, Some(23));
    assert_eq!(one.policies[0].targets, three.policies[0].targets);
    assert_eq!(one.policies[0].targets[0].draws, 23);
}

#[test]
fn a_stopped_run_keeps_the_unbroken_row_from_the_first() {
    let stop = AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_replication: &|| {},
    };
    let mut numbers = Vec::new();
    let summary = run(&CERTAIN, &plan(2, 100_000), &watch, &mut |played| {
        numbers.push(played.replication);
        // Taken in by number: however the threads are scheduled, the row from the first is unbroken up to here.
        if played.replication == 20 {
            stop.store(true, Ordering::Relaxed);
        }
        Ok(())
    })
    .unwrap();
    let kept = summary.replications;
    assert!((1..1000).contains(&kept), "{kept}");
    assert_eq!(numbers, (0..kept).collect::<Vec<u64>>());
    let (whole, _) = played(&CERTAIN, &plan(1, kept)).unwrap();
    assert_eq!(bits(&whole), bits(&summary));
}

#[test]
fn a_run_stopped_before_it_began_keeps_nothing() {
    let watch = Watch {
        stop: &AtomicBool::new(true),
        on_replication: &|| {},
    };
    let summary = run(&CERTAIN, &plan(2, 10), &watch, &mut |_| Ok(())).unwrap();
    assert_eq!(summary.replications, 0);
    assert!(summary.policies[0].numbers[0].mean.is_nan());
}

#[test]
fn a_broken_world_and_a_full_disk_end_the_run() {
    let worlds = Example {
        is_uncertain: true,
        broken: Some(3),
    };
    let error = played(&worlds, &plan(2, 40)).unwrap_err();
    assert_eq!(error.to_string(), "world 3 is broken");
    let watch = Watch {
        stop: &AtomicBool::new(false),
        on_replication: &|| {},
    };
    let full = run(&CERTAIN, &plan(2, 40), &watch, &mut |_| {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    });
    assert!(matches!(full, Err(RunError::Collect(_))));
}

#[test]
fn one_policy_alone_comes_out_as_among_others() {
    let (both, _) = played(&CERTAIN, &plan(2, 70)).unwrap();
    let mut alone = plan(2, 70);
    alone.policies = vec![1];
    let (second, _) = played(&CERTAIN, &alone).unwrap();
    let of_second = &both.policies[1];
    assert_eq!(second.policies[0].name, of_second.name);
    assert_eq!(second.policies[0].targets, of_second.targets);
    let half = bits(&both).split_off(bits(&both).len() / 2);
    assert_eq!(bits(&second), half);
}

/// A demand on the open cases of the last month.
fn until(within: Within) -> Vec<Precision> {
    vec![Precision {
        text: "open_cases".to_owned(),
        metric: Metric::OpenCases,
        team: None,
        within,
        when: When::At(2),
    }]
}

#[test]
fn a_run_until_a_precision_ends_with_the_same_replication_on_any_number_of_threads() {
    let most = |threads| Plan {
        until: until(Within::Absolute(1.0)),
        ..plan(threads, 5000)
    };
    let (one, records) = played(&CERTAIN, &most(1)).unwrap();
    let kept = one.replications;
    assert!((101..4000).contains(&kept), "{kept}");
    assert!(!one.is_interrupted);
    assert_eq!(
        one.outcomes.iter().filter_map(|o| o.reached).max(),
        Some(kept)
    );
    for threads in [2, 8] {
        let (many, same) = played(&CERTAIN, &most(threads)).unwrap();
        assert_eq!(many.replications, kept, "{threads} threads");
        assert_eq!(bits(&many), bits(&one), "{threads} threads");
        assert_eq!(many.outcomes, one.outcomes);
        assert!(same == records, "{threads} threads");
    }
    let (plain, same) = played(&CERTAIN, &plan(2, kept)).unwrap();
    assert_eq!(bits(&plain), bits(&one));
    assert!(same == records);
}

#[test]
fn what_cannot_be_so_precise_is_played_to_the_end_and_no_interruption() {
    let most = Plan {
        until: until(Within::Absolute(1e-9)),
        ..plan(2, 150)
    };
    let (summary, _) = played(&CERTAIN, &most).unwrap();
    assert_eq!((summary.replications, summary.is_interrupted), (150, false));
    assert!(summary.outcomes.iter().all(|o| o.reached.is_none()));
}

#[test]
fn a_broken_world_matters_only_if_the_run_comes_to_it() {
    // All draws are alike beside such a width, so a value not seen yet may be 100 times as far off: the run ends after 460
    // worlds of four, the first number t with 0.01^(1 / (t - 1)) >= 0.99.
    let most = |threads| Plan {
        until: until(Within::Absolute(1e9)),
        ..plan(threads, 4000)
    };
    for threads in [1, 8] {
        let worlds = |broken| Example {
            is_uncertain: true,
            broken: Some(broken),
        };
        let (summary, _) = played(&worlds(461), &most(threads)).unwrap();
        assert_eq!(summary.replications, 1840, "{threads} threads");
        let error = played(&worlds(459), &most(threads)).unwrap_err();
        assert_eq!(error.to_string(), "world 459 is broken");
    }
}

fn against(baseline: usize, threads: usize, worlds: &Example) -> Comparison {
    let plan = Plan {
        baseline: Some(baseline),
        ..plan(threads, 90)
    };
    played(worlds, &plan).unwrap().0.comparison.unwrap()
}

fn difference_bits(comparison: &Comparison) -> Vec<u64> {
    let differences = comparison.versus.iter().flat_map(|v| &v.differences);
    differences
        .flat_map(|d| [d.n as f64, d.mean, d.se, d.lower as f64, d.variance_ratio])
        .map(f64::to_bits)
        .collect()
}

#[test]
fn differences_do_not_depend_on_threads() {
    for is_uncertain in [false, true] {
        let worlds = Example {
            is_uncertain,
            broken: None,
        };
        let one = against(0, 1, &worlds);
        for threads in [2, 8] {
            let many = against(0, threads, &worlds);
            assert_eq!(
                difference_bits(&many),
                difference_bits(&one),
                "{threads} threads"
            );
            assert_eq!(many.versus[0].targets, one.versus[0].targets);
        }
    }
}

#[test]
fn with_the_baseline_exchanged_every_difference_turns_round() {
    let (there, back) = (against(0, 2, &CERTAIN), against(1, 2, &CERTAIN));
    assert_eq!((there.versus[0].policy, back.versus[0].policy), (1, 0));
    let pairs = there.versus[0]
        .differences
        .iter()
        .zip(&back.versus[0].differences);
    let mut told = 0;
    for (a, b) in pairs.filter(|(a, _)| a.n > 0) {
        assert_eq!((a.n, a.mean, a.same), (b.n, -b.mean, b.same));
        assert_eq!(a.se.to_bits(), b.se.to_bits());
        assert_eq!(a.lower, b.n - b.lower - b.same);
        let turned = match a.finding(Better::Lower) {
            Finding::Better => Finding::Worse,
            Finding::Worse => Finding::Better,
            same => same,
        };
        assert_eq!(b.finding(Better::Lower), turned);
        told += usize::from(turned == Finding::Better || turned == Finding::Worse);
    }
    assert!(told > 20, "{told}");
    let (a, b) = (there.versus[0].targets[0], back.versus[0].targets[0]);
    assert_eq!(a.difference(), -b.difference());
    assert_eq!(a.counts.only_first, b.counts.only_second);
}

#[test]
fn a_difference_of_means_is_the_mean_of_differences() {
    let plan = Plan {
        baseline: Some(0),
        ..plan(2, 90)
    };
    let summary = played(&CERTAIN, &plan).unwrap().0;
    let versus = &summary.comparison.as_ref().unwrap().versus[0];
    for (at, difference) in versus.differences.iter().enumerate() {
        let [theirs, ours] = [0, 1].map(|policy: usize| &summary.policies[policy].numbers[at]);
        if difference.n == 90 {
            let gap = difference.mean - (ours.mean - theirs.mean);
            assert!(gap.abs() < 1e-9 * ours.mean.abs().max(1.0), "{gap}");
        }
    }
}
