//! Small cases of overload worked by hand. One worker of 37 hours, half of them direct: S0 = 18.5.

use super::{Played, near, play};
use crate::engine::sample::{fixed, listed};
use crate::metric::catalogue::Metric;
use crate::model::pathway::{Next, Risk};
use crate::scenario::sections::{Overload, Scenario};

/// Two cases of ten days that need the whole supply each; the second comes two days after the first.
fn two_full(change: impl Fn(&mut Overload)) -> Scenario {
    let mut scenario = listed(1, &[(0.0, 1, 0), (2.0, 1, 0)], &[(10.0, 18.5, 0)], 1);
    change(&mut scenario.overload);
    scenario
}

fn closes(scenario: Scenario, expected: [(f64, u32); 2]) -> Played {
    let played = play(scenario);
    let found = played.closings();
    assert_eq!(found.len(), 2);
    for ((time, case), (due, number)) in found.iter().zip(expected) {
        assert_eq!(*case, number);
        near(*time, due);
    }
    played
}

#[test]
fn an_overloaded_worker_slows_down_with_all_cases_together() {
    let played = closes(two_full(|_| ()), [(18.0, 0), (20.0, 1)]);
    // Ratio 1 for 4 days and 2 for 16, of 31.
    near(played.month(0, Metric::WorkloadRatio), 36.0 / 31.0);
    near(played.month(0, Metric::OverloadedShare), 16.0 / 31.0);
    near(played.month(0, Metric::Slack), 11.0 / 31.0);
}

#[test]
fn overtime_is_worked_before_families_get_less() {
    let overtime = |overload: &mut Overload| overload.overtime_max = 0.25;
    // S + o = 27.75 for a need of 37: pace 3/4.
    let first = 2.0 + 8.0 / 0.75;
    let played = closes(two_full(overtime), [(first, 0), (first + 2.0, 1)]);
    near(
        played.month(0, Metric::Overtime),
        9.25 * (first - 2.0) / 31.0,
    );
}

#[test]
fn time_owed_rises_with_overtime_up_to_its_bound_and_is_paid_back_out_of_slack() {
    let late = |most: Option<f64>| {
        let mut scenario = listed(1, &[(20.0, 1, 0), (22.0, 1, 0)], &[(10.0, 18.5, 0)], 1);
        scenario.overload.overtime_max = 0.25;
        scenario.overload.toil_max_hours = most;
        play(scenario)
    };
    let owed = 9.25 / 7.0 * 9.0;
    near(late(None).month(0, Metric::ToilOwed), owed);
    assert_eq!(late(None).month(0, Metric::HoursGiven), 0.0);
    near(late(Some(5.0)).month(0, Metric::ToilOwed), 5.0);
    near(late(Some(5.0)).month(0, Metric::HoursGiven), owed - 5.0);
    // Owed for 32/3 days; from day 44/3 on half of the whole supply pays back.
    let paid = play(two_full(|overload| {
        overload.overtime_max = 0.25;
        overload.toil_back = 0.1;
    }));
    let owed = 9.25 / 7.0 * (32.0 / 3.0) - 0.1 * 18.5 / 7.0 * (31.0 - 44.0 / 3.0);
    near(paid.month(0, Metric::ToilOwed), owed);
}

#[test]
fn down_to_the_thin_share_the_pace_is_kept_and_below_it_falls() {
    closes(
        two_full(|overload| overload.thin = 0.5),
        [(10.0, 0), (12.0, 1)],
    );
    closes(
        two_full(|overload| overload.thin = 0.8),
        [(14.8, 0), (16.8, 1)],
    );
}

#[test]
fn effort_lost_to_overload_slows_the_work_further() {
    closes(
        two_full(|overload| overload.loss = 0.2),
        [(22.0, 0), (24.0, 1)],
    );
    // The floor bounds the loss: 0.9 x 18.5 of 37.
    let first = 2.0 + 8.0 / 0.45;
    closes(
        two_full(|overload| (overload.loss, overload.floor) = (0.2, 0.9)),
        [(first, 0), (first + 2.0, 1)],
    );
}

#[test]
fn slack_hurries_the_work_up_to_the_fastest_pace() {
    let half = |speed_max: f64| {
        let mut scenario = listed(1, &[(0.0, 1, 0), (2.0, 1, 0)], &[(10.0, 9.25, 0)], 1);
        scenario.overload.speed_max = speed_max;
        scenario
    };
    closes(half(1.0), [(10.0, 0), (12.0, 1)]);
    closes(half(1.5), [(9.0, 0), (11.0, 1)]);
    closes(half(2.0), [(8.0, 0), (10.0, 1)]);
}

#[test]
fn the_highest_priority_is_served_first_where_that_is_asked_for() {
    let mut scenario = listed(
        1,
        &[(0.0, 1, 0), (2.0, 1, 1)],
        &[(10.0, 18.5, 0), (10.0, 18.5, 5)],
        1,
    );
    scenario.overload.serve_by_priority = true;
    closes(scenario, [(12.0, 1), (20.0, 0)]);
}

/// To the worker of the first post a light family on day 0 and an urgent one on day 2; to that of the second an urgent one
/// on day 1 and a light one on day 4; to that of the third a light one on day 1.5. Urgent ones take the whole supply for
/// ten days; light ones wait meanwhile. All children of a family close together.
fn urgent_and_light(children: usize) {
    let families = [
        (0.0, children, 0),
        (1.0, children, 1),
        (1.5, children, 0),
        (2.0, children, 1),
        (4.0, children, 0),
    ];
    let hours = 18.5 / children as f64;
    let mut scenario = listed(3, &families, &[(10.0, hours, 0), (10.0, hours, 5)], 1);
    scenario.overload.serve_by_priority = true;
    let expected = [(11.0, 1), (11.5, 2), (12.0, 3), (20.0, 0), (21.0, 4)];
    let found = play(scenario).closings();
    assert_eq!(found.len(), children * expected.len());
    for (closings, (due, family)) in found.chunks(children).zip(expected) {
        for (time, case) in closings {
            assert_eq!(*case as usize / children, family);
            near(*time, due);
        }
    }
}

#[test]
fn each_worker_keeps_the_clocks_of_each_priority_apart() {
    urgent_and_light(1);
}

#[test]
fn each_worker_keeps_the_clocks_of_each_priority_apart_for_brothers_and_sisters() {
    urgent_and_light(2);
}

#[test]
fn work_that_is_not_paced_takes_no_longer_with_a_busy_worker() {
    let mut scenario = two_full(|_| ());
    scenario.stages[0].work.as_mut().unwrap().paced = false;
    closes(scenario, [(10.0, 0), (12.0, 1)]);
}

#[test]
fn siblings_with_one_worker_need_a_share_of_their_hours() {
    let mut scenario = listed(1, &[(0.0, 2, 0)], &[(10.0, 18.5, 0)], 1);
    scenario.referrals.sibling_hours = 0.25;
    // Need 1.25 x 18.5: both at pace 0.8; they end together.
    closes(scenario, [(12.5, 0), (12.5, 1)]);
}

#[test]
fn a_risk_hastens_with_the_need_that_goes_unmet() {
    let grows = |scenario: &mut Scenario| {
        scenario.stages[0].work = None;
        scenario.stages[0].risks = vec![Risk {
            duration: fixed(15.0),
            to: Next::Closed,
            unmet_effect: 2.0,
        }];
    };
    // Alone 2 days, then half the need unmet: pace 1 + 2 x 0.5.
    let mut scenario = two_full(|_| ());
    grows(&mut scenario);
    closes(scenario, [(8.5, 0), (2.0 + 6.5 + 2.0, 1)]);
    // Without a worker all of it.
    let mut scenario = listed(0, &[(0.0, 1, 0), (2.0, 1, 0)], &[(10.0, 18.5, 0)], 1);
    grows(&mut scenario);
    closes(scenario, [(5.0, 0), (7.0, 1)]);
}

#[test]
fn strain_follows_the_closed_form_and_marks_who_burns_out() {
    let mut scenario = two_full(|_| ());
    scenario.strain.gain = 1.4;
    let played = play(scenario);
    let risen = 1.4 * (1.0 - libm::exp(-16.0 / 91.0));
    near(
        played.month(0, Metric::StrainMean),
        risen * libm::exp(-13.0 / 91.0),
    );
}
