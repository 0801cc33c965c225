//! Policies of which no theory speaks, held against a plain second implementation.

use std::sync::atomic::AtomicBool;

use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::metric::catalogue::Metric;
use casecap::metric::layout::Group;
use casecap::scenario::document::Document;
use rand::SeedableRng;
use rand::rngs::StdRng;

use crate::plain::{Rules, plain};

/// Workers of 18.5 direct hours who leave and are replaced; light cases of 1 point and 4 hours, heavy ones of 3 points
/// and 8 hours.
const SERVICE: &str = r#"
title = "A small service under one policy"
full_time_hours_per_week = 37
start = 2025-01-01
months = 12
handover = "0 days"

[run]
replications = 1

[referrals]
families_per_month = 10.044375          # 0.33 a day
family_size = 1
first_stage = { light = 0.6, heavy = 0.4 }

[stages.light]
hours_per_week = 4
work = { law = "gamma", mean = "30 days", cv = 0.5 }
then = "closed"

[stages.heavy]
hours_per_week = 8
weight = 3
work = { law = "gamma", mean = "30 days", cv = 0.5 }
then = "closed"

[grades.worker]
direct_share = 0.5
leave_per_year = 0.8
notice = "20 days"

[recruitment]
time_to_fill = "40 days"

[strain]
gain = 0

[overload]
overtime_max = 0

[managers]
span = 3
"#;

const ONE_AREA: &str = "[[posts]]\ngrade = \"worker\"\ncount = 3\n";
const TWO_AREAS: &str = r#"
[areas]
North = 0.7
South = 0.3

[[posts]]
team = "North"
grade = "worker"
count = 2

[[posts]]
team = "South"
grade = "worker"
count = 2
"#;

/// In the order of what a plain play comes to; last comes the open cases of the first area.
const METRICS: [Metric; 11] = [
    Metric::OpenCases,
    Metric::Unallocated,
    Metric::UnallocatedReported,
    Metric::CaseloadMeanAverage,
    Metric::WaitMean,
    Metric::Closures,
    Metric::AllocatedOverLimit,
    Metric::Declined,
    Metric::ScreenedOut,
    Metric::CameAgain,
    Metric::LimitLapsed,
];

/// Mean and squared standard error of a column.
fn moments(rows: &[Vec<f64>], at: usize) -> (f64, f64) {
    let n = rows.len() as f64;
    let mean = rows.iter().map(|row| row[at]).sum::<f64>() / n;
    let square = rows.iter().map(|row| (row[at] - mean).powi(2)).sum::<f64>();
    (mean, square / (n - 1.0) / n)
}

/// Null: the same service. Twelve |z| < 4.5 over both standard errors fail by chance 8 times in 100,000, all seventy-two
/// of the six policies 5 times in 10,000; seeds are fixed. What never happens in one may not in the other.
fn agrees(policy: &str, rules: &Rules) {
    let places = if rules.areas.contains(&1) {
        TWO_AREAS
    } else {
        ONE_AREA
    };
    let text = format!("{SERVICE}{places}\n[policies.p]\n{policy}\n");
    let document = Document::parse("twin", &text)
        .unwrap_or_else(|problems| panic!("{}", problems.render(false)));
    let world = World::new(document.scenario().clone());
    let row = world.layout.horizon_row();
    let index = |metric, group| world.layout.index(row, metric, group);
    let mut columns: Vec<usize> = METRICS.map(|m| index(m, Group::Service).unwrap()).to_vec();
    // Of several teams alone.
    columns.extend(index(Metric::OpenCases, Group::Team(0)));
    let mut arena = Arena::new();
    let mut record = vec![0.0; world.layout.len()];
    let mut ours = vec![];
    for replication in 0..PLAYS {
        replicate(
            &world,
            0,
            3,
            replication,
            &mut arena,
            &mut record,
            &AtomicBool::new(false),
        )
        .unwrap();
        ours.push(columns.iter().map(|at| record[*at]).collect::<Vec<_>>());
    }
    let mut rng = StdRng::seed_from_u64(8);
    let theirs: Vec<Vec<f64>> = (0..PLAYS).map(|_| plain(rules, &mut rng)).collect();
    for at in 0..columns.len() {
        let name = METRICS
            .get(at)
            .map_or("OpenCases of team 0".into(), |m| format!("{m:?}"));
        let ((our, our_error), (their, their_error)) = (moments(&ours, at), moments(&theirs, at));
        if our_error + their_error == 0.0 {
            assert!((our - their).abs() < 1e-9, "{name}: {our} for {their}");
            continue;
        }
        let z = (our - their) / (our_error + their_error).sqrt();
        assert!(z.abs() < 4.5, "{name}: {our} for {their}, z {z:.2}");
    }
}

const PLAYS: u64 = 1500;

fn one_area(limit: f64) -> Rules {
    Rules {
        limit,
        areas: vec![0; 3],
        first_area: 1.0,
        ..Rules::default()
    }
}

#[test]
fn under_a_limit_in_points_with_a_sub_cap_and_patience() {
    let policy = r#"limit = { value = 8, measure = "points", mix = [{ stages = ["heavy"], most = 1 }], patience = { law = "exponential", mean = "15 days" } }"#;
    let rules = Rules {
        in_points: true,
        most_heavy: Some(1),
        patience: Some(15.0),
        ..one_area(8.0)
    };
    agrees(policy, &rules);
}

#[test]
fn under_weekly_meetings_with_a_discussion() {
    let policy = "limit = 4\nmeeting = \"Monday\"\ndiscussion = { from = 0.5, to = 1.2 }";
    let rules = Rules {
        discussion: Some((0.5, 1.2)),
        ..one_area(4.0)
    };
    agrees(policy, &rules);
}

#[test]
fn under_a_tolerated_number_with_managers_who_hold_cases() {
    let policy =
        "limit = { value = 3, tolerates = 2 }\nmanager_holds = { units = 2, speed = 0.25 }";
    let rules = Rules {
        tolerates: Some(2),
        desks: 2,
        ..one_area(3.0)
    };
    agrees(policy, &rules);
}

#[test]
fn under_a_limit_that_lapses_while_posts_are_vacant() {
    let policy = "limit = { value = 3, suspended_when = { vacancy_above = 0.3 } }";
    let rules = Rules {
        lapses_above: Some(0.3),
        ..one_area(3.0)
    };
    agrees(policy, &rules);
}

#[test]
fn under_a_threshold_whose_families_come_again() {
    let policy = r#"limit = 3
threshold = { waiting_above = 3, until_below = 2, screened_out = 0.6, comes_back = { share = 0.5, delay = { law = "exponential", mean = "40 days" }, stage = "light" } }"#;
    let rules = Rules {
        threshold: Some((3, 2, 0.6)),
        ..one_area(3.0)
    };
    agrees(policy, &rules);
}

#[test]
fn where_two_areas_lend_what_has_waited_long() {
    let policy = "limit = 4\nlend_after = \"3 working days\"";
    let rules = Rules {
        limit: 4.0,
        lends_after: Some(3),
        areas: vec![0, 0, 1, 1],
        first_area: 0.7,
        ..Rules::default()
    };
    agrees(policy, &rules);
}
