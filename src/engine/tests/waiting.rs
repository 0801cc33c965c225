//! The waiting list: its order, patience, rising, meetings, and who is given what.

use super::{play, play_policy};
use crate::engine::play::What;
use crate::engine::sample::{fixed, limit, listed};
use crate::metric::catalogue::Metric;
use crate::model::calendar::Calendar;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Deadline, DeadlineOf, Next};
use crate::policy::meeting::Meeting;
use crate::policy::order::RisesAfter;
use crate::scenario::sections::{Return, Scenario};
use jiff::civil::date;

fn capped(mut scenario: Scenario, value: f64) -> Scenario {
    scenario.policies[0].phases[0].service.limit = limit(value, None);
    scenario
}

#[test]
fn a_worker_at_the_limit_is_given_nothing_until_a_case_ends() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (1.5, 1, 0)];
    let played = play(capped(listed(1, &families, &[(4.0, 0.0, 0)], 1), 1.0));
    assert_eq!(played.givings(), [(0.0, 0), (4.0, 1), (8.0, 2)]);
    assert_eq!(played.month(0, Metric::Unallocated), (3.0 + 6.5) / 31.0);
}

#[test]
fn the_list_goes_by_priority_then_time_of_becoming_unallocated() {
    let families = [
        (0.0, 1, 0),
        (1.0, 1, 0),
        (2.0, 1, 1),
        (3.0, 1, 1),
        (3.5, 1, 0),
    ];
    let stages = [(4.0, 0.0, 0), (4.0, 0.0, 7)];
    let played = play(capped(listed(1, &families, &stages, 1), 1.0));
    let order: Vec<_> = played.givings().iter().map(|g| g.1).collect();
    assert_eq!(order, [0, 2, 3, 1, 4]);
}

#[test]
fn a_unit_rises_to_the_top_at_the_end_of_its_last_working_day() {
    // 1 January 2025 is a Wednesday: two working days after it end with day 2.
    let working_days = |days| Some(RisesAfter::WorkingDays(days));
    for (rises_after, expected) in [
        (None, [0, 2, 1]),
        (working_days(2), [0, 1, 2]),
        (working_days(3), [0, 2, 1]),
        // It has waited since 0.5, and the first worker is free at 4.
        (Some(RisesAfter::Days(3.5)), [0, 1, 2]),
        (Some(RisesAfter::Days(3.6)), [0, 2, 1]),
    ] {
        let families = [(0.0, 1, 0), (0.5, 1, 0), (1.0, 1, 1)];
        let stages = [(4.0, 0.0, 0), (4.0, 0.0, 7)];
        let mut scenario = capped(listed(1, &families, &stages, 1), 1.0);
        scenario.policies[0].phases[0].service.order.rises_after = rises_after;
        let order: Vec<_> = play(scenario).givings().iter().map(|g| g.1).collect();
        assert_eq!(order, expected, "{rises_after:?}");
    }
}

#[test]
fn an_allocation_deadline_that_has_passed_lifts_a_unit_to_the_top() {
    let families = [(0.0, 1, 0), (0.5, 1, 0), (1.0, 1, 1)];
    let mut scenario = capped(
        listed(1, &families, &[(4.0, 0.0, 0), (4.0, 0.0, 7)], 1),
        1.0,
    );
    scenario.stages[0].deadline = Some(Deadline {
        working_days: 2,
        of: DeadlineOf::Allocation,
    });
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (4.0, 1), (8.0, 2)]);
    // One found at once, one a day too late.
    assert_eq!(played.month(0, Metric::DeadlinesMet), 0.5);
}

#[test]
fn patience_ends_at_its_very_time_and_the_case_goes_over_the_limit() {
    let families = [(0.0, 1, 0), (1.25, 1, 0)];
    let mut scenario = listed(1, &families, &[(20.0, 0.0, 0)], 1);
    scenario.policies[0].phases[0].service.limit = limit(1.0, Some(fixed(5.0)));
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (6.25, 1)]);
    assert_eq!(played.month(0, Metric::AllocatedOverLimit), 1.0);
    assert_eq!(played.month(0, Metric::Drift), 0.0);
}

#[test]
fn an_advisory_limit_is_never_waited_for() {
    let families = [(0.0, 1, 0), (1.25, 2, 0)];
    let mut scenario = listed(1, &families, &[(20.0, 0.0, 0)], 1);
    scenario.policies[0].phases[0].service.limit = limit(1.0, Some(fixed(0.0)));
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (1.25, 1), (1.25, 2)]);
    assert_eq!(played.month(0, Metric::AllocatedOverLimit), 2.0);
}

#[test]
fn a_unit_that_fits_nobody_is_passed_over_and_does_not_block() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(90.0, 0.0, 0)], 1);
    let patience = Law::Empirical {
        values: Discrete::new(vec![(1.0, 0.5), (50.0, 0.5)]).unwrap(),
    };
    scenario.policies[0].phases[0].service.limit = limit(1.0, Some(patience));
    let givings = (0..20).map(|r| play_policy(scenario.clone(), 0, r).givings());
    // The first to wait has 50 days of patience, the one behind it 1.
    assert!(givings.into_iter().any(|g| g == [(0.0, 0), (3.0, 2)]));
}

#[test]
fn a_family_is_kept_together_and_what_it_passes_the_limit_by_is_overshoot_not_drift() {
    let families = [(0.0, 1, 0), (1.0, 3, 0)];
    let played = play(capped(listed(1, &families, &[(90.0, 0.0, 0)], 1), 2.0));
    assert_eq!(played.givings(), [(0.0, 0), (1.0, 1), (1.0, 2), (1.0, 3)]);
    assert_eq!(played.month(0, Metric::FamilyOvershoot), 2.0);
    assert_eq!(played.month(0, Metric::Drift), 0.0);
    assert_eq!(played.month(0, Metric::AboveLimitShare), 1.0);
    assert_eq!(played.month(0, Metric::FamiliesHighest), 2.0);
}

#[test]
fn a_sibling_goes_to_the_siblings_worker_if_it_fits_and_else_to_the_least_loaded() {
    // A child who comes back joins the sibling who stayed, though the other worker has fewer cases.
    let mut scenario = listed(2, &[(0.0, 2, 0)], &[(90.0, 0.0, 0), (90.0, 0.0, 0)], 2);
    scenario.returns = Some(Return {
        probability: 1.0,
        unmet_effect: 0.0,
        delay: fixed(2.0),
        to: Discrete::certain(0),
        to_same_worker: false,
    });
    scenario.stages[0].work.as_mut().unwrap().duration = Law::Empirical {
        values: Discrete::new(vec![(1.5, 0.5), (80.0, 0.5)]).unwrap(),
    };
    // Under a limit of 1 the sibling's worker is full: the other one is given the child.
    for (value, is_same) in [(9.0, true), (1.0, false)] {
        let mut seen = 0;
        for replication in 0..20 {
            let played = play_policy(capped(scenario.clone(), value), 0, replication);
            let closings = played.closings();
            let one_stays = closings.get(1).is_none_or(|c| c.0 > 4.0);
            if closings.first().is_some_and(|c| c.0 == 1.5) && one_stays {
                let held: Vec<_> = played.marks(What::Held).collect();
                assert_eq!(held[2].time, 4.0);
                assert_eq!(held[2].worker == held[0].worker, is_same);
                seen += 1;
            }
        }
        assert!(seen > 0);
    }
}

#[test]
fn one_who_returns_goes_to_the_former_worker_where_that_is_asked_for_and_fits() {
    // The former worker has one more case than the other, and gets it all the same.
    let families = [(0.0, 1, 0), (5.0, 1, 1)];
    let mut scenario = listed(2, &families, &[(2.5, 0.0, 0), (90.0, 0.0, 0)], 1);
    scenario.returns = Some(Return {
        probability: 1.0,
        unmet_effect: 0.0,
        delay: fixed(20.0),
        to: Discrete::certain(0),
        to_same_worker: true,
    });
    let played = play(scenario);
    // Closed at 2.5, drawn at 24:00 of that day, back 20 days after.
    let held: Vec<_> = played
        .marks(What::Held)
        .map(|m| (m.time, m.worker))
        .collect();
    assert_eq!(held, [(0.0, 0), (5.0, 0), (23.0, 0)]);
    assert_eq!(played.month(0, Metric::Returns), 1.0);
    assert_eq!(played.month(0, Metric::Transfers), 0.0);
}

#[test]
fn children_of_a_family_who_close_on_one_day_return_together_and_of_two_days_apart() {
    let mut scenario = listed(9, &[(0.0, 8, 0)], &[(1.0, 0.0, 0)], 1);
    scenario.stages[0].work.as_mut().unwrap().duration = Law::Empirical {
        values: Discrete::new(vec![(1.25, 0.4), (1.75, 0.3), (2.25, 0.3)]).unwrap(),
    };
    scenario.returns = Some(Return {
        probability: 1.0,
        unmet_effect: 0.0,
        delay: fixed(7.0),
        to: Discrete::certain(0),
        to_same_worker: false,
    });
    let played = play(scenario);
    let closed = played.closings();
    for (time, number) in played.waitings().into_iter().skip(8).take(8) {
        let (when, _) = closed.iter().find(|c| c.1 == number).unwrap();
        assert_eq!(time, when.floor() + 1.0 + 7.0);
    }
}

#[test]
fn a_weekly_meeting_falls_on_the_next_working_day_after_a_holiday() {
    let mut scenario = listed(1, &[(6.0, 1, 0), (13.0, 1, 0)], &[(1.0, 0.0, 0)], 1);
    // Mondays are days 5, 12, 19 and 26; the 13th and 14th of January are days 12 and 13.
    let off = [date(2025, 1, 13), date(2025, 1, 14)];
    scenario.calendar = Calendar::new(date(2025, 1, 1), 0, 1, &off).unwrap();
    scenario.policies[0].phases[0].meeting = Meeting::Weekly { weekday: 0 };
    let played = play(scenario);
    assert_eq!(played.givings(), [(14.0, 0), (14.0, 1)]);
    let meeting = What::Due(crate::engine::play::Moment::Meeting as u8);
    let meetings: Vec<_> = played.marks(meeting).map(|m| m.time).collect();
    assert_eq!(meetings, [5.0, 14.0, 19.0, 26.0]);
}

#[test]
fn a_daily_meeting_is_at_the_start_of_each_working_day() {
    let mut scenario = listed(1, &[(2.5, 1, 0), (5.0, 1, 0)], &[(1.0, 0.0, 0)], 1);
    scenario.policies[0].phases[0].meeting = Meeting::Daily;
    // Day 3 is a Saturday. A referral of the same instant is on the list before the meeting.
    assert_eq!(play(scenario).givings(), [(5.0, 0), (5.0, 1)]);
}

#[test]
fn withdrawal_runs_while_there_is_no_worker_and_is_not_reset_inside_a_stage() {
    let mut scenario = listed(0, &[(3.0, 1, 0)], &[(4.0, 0.0, 0)], 1);
    scenario.stages[0].withdraws = Some(fixed(10.0));
    let played = play(scenario);
    assert_eq!(played.closings(), [(13.0, 0)]);
    assert_eq!(played.month(0, Metric::Withdrawals), 1.0);
    assert_eq!(played.month(0, Metric::Closures), 0.0);
}

#[test]
fn a_stage_of_another_team_makes_the_case_unallocated_there() {
    let mut scenario = listed(2, &[(0.0, 1, 0)], &[(4.0, 0.0, 0), (5.0, 0.0, 0)], 1);
    scenario.stages[0].work.as_mut().unwrap().then = Discrete::certain(Next::Stage(1));
    let mut other = scenario.teams[0].clone();
    (scenario.teams[0].takes, other.takes) = (vec![0], vec![1]);
    scenario.teams.push(other);
    scenario.posts[0].count = 1;
    scenario.posts[0].filled = 1;
    let mut posts = scenario.posts[0].clone();
    posts.team = 1;
    scenario.posts.push(posts);
    scenario.handover_days = 3.0;
    let played = play(scenario);
    assert_eq!(played.waitings(), [(0.0, 0), (4.0, 0)]);
    // The hand-over to the next team stands still for three days.
    assert_eq!(played.closings(), [(12.0, 0)]);
    assert_eq!(played.month(0, Metric::Transfers), 1.0);
}
