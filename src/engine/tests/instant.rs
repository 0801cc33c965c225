//! What comes first within one instant.

use super::{Played, play, play_policy};
use crate::engine::play::{Moment, What};
use crate::engine::sample::{fixed, limit, listed};
use crate::model::calendar::{Calendar, DAYS_PER_MONTH};
use crate::model::law::Discrete;
use crate::model::post::RampStep;
use crate::policy::meeting::Meeting;
use crate::scenario::sections::{Intake, Recruitment, Return, Scenario};
use jiff::civil::date;

/// Moments that the loop took in an instant, in order.
fn moments(played: &Played, time: f64) -> Vec<u8> {
    let due = played.trace.iter().filter(|mark| mark.time == time);
    due.filter_map(|mark| match mark.what {
        What::Due(moment) => Some(moment),
        _ => None,
    })
    .collect()
}

/// A service from 1 April 2025 in which much falls on 00:00 of 1 May, a Thursday: day 30.
fn crowded(warm_up_months: u32) -> Scenario {
    let families = [(8.5, 1, 0), (20.0, 1, 1), (25.0, 1, 2), (30.0, 1, 2)];
    let stages = [(0.25, 0.0, 0), (10.0, 0.0, 0), (50.0, 0.0, 0)];
    let mut scenario = listed(2, &families, &stages, 1);
    scenario.calendar = Calendar::new(
        date(2025, 4 + warm_up_months as i8, 1),
        warm_up_months,
        2 - warm_up_months,
        &[],
    )
    .unwrap();
    scenario.posts[0].filled = 1;
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(1e7),
        grade: None,
        intakes: vec![Intake {
            month_of_year: 5,
            people: 1,
            grade: 0,
        }],
        attraction: None,
    });
    scenario.grades[0].ramp = vec![
        RampStep {
            from_month: 0.0,
            output: 1.0,
            limit: 1.0,
        },
        RampStep {
            from_month: 30.0 / DAYS_PER_MONTH,
            output: 0.5,
            limit: 1.0,
        },
    ];
    scenario.returns = Some(Return {
        probability: 1.0,
        unmet_effect: 0.0,
        delay: fixed(20.0),
        to: Discrete::certain(0),
        to_same_worker: false,
    });
    scenario.policies[0].phases[0].service.limit = limit(1.0, Some(fixed(5.0)));
    scenario.policies[0].phases[0].meeting = Meeting::Daily;
    scenario
}

#[test]
fn all_that_falls_on_one_instant_happens_in_the_order_of_the_model() {
    let played = play(crowded(0));
    let expected = [
        Moment::MonthEnd,
        Moment::Exit,
        Moment::Exit,
        Moment::Start,
        Moment::Growth,
        Moment::Referral,
        Moment::Patience,
        Moment::Meeting,
    ];
    assert_eq!(moments(&played, 30.0), expected.map(|moment| moment as u8));
    // Of the two exits the one with a worker comes first: posts before cases without one.
    let exits: Vec<_> = played
        .marks(What::Due(Moment::Exit as u8))
        .filter(|mark| mark.time == 30.0)
        .map(|mark| mark.case)
        .collect();
    assert_eq!(exits, [1, 0]);
    // One round gives out what it can: to the one who became free and to the newcomer.
    let rounds = played.marks(What::Round).filter(|mark| mark.time == 30.0);
    assert_eq!(rounds.count(), 1);
    let given = played.marks(What::Held).filter(|mark| mark.time == 30.0);
    assert_eq!(given.map(|mark| mark.case).collect::<Vec<_>>(), [2, 0]);
}

#[test]
fn the_policy_under_study_begins_before_the_referrals_of_its_first_day() {
    let expected = [
        Moment::MonthEnd,
        Moment::PolicyChange,
        Moment::Exit,
        Moment::Exit,
        Moment::Start,
        Moment::Growth,
        Moment::Referral,
        Moment::Meeting,
    ];
    let found = moments(&play(crowded(1)), 30.0);
    assert_eq!(found, expected.map(|moment| moment as u8));
}

#[test]
fn the_moments_stand_in_the_order_of_the_model() {
    let order = [
        Moment::MonthEnd,
        Moment::PolicyChange,
        Moment::Exit,
        Moment::HandoverEnd,
        Moment::AbsenceEnd,
        Moment::AbsencePoint,
        Moment::Cover,
        Moment::LeavingPoint,
        Moment::Leave,
        Moment::OverlapEnd,
        Moment::Start,
        Moment::AgencyStart,
        Moment::Growth,
        Moment::Monitoring,
        Moment::Referral,
        Moment::Patience,
        Moment::Meeting,
    ];
    assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
}

#[test]
fn ends_of_one_instant_come_by_post_and_then_by_case_number() {
    let families = [(0.0, 1, 0), (0.0, 1, 0), (0.0, 1, 0), (0.0, 1, 0)];
    let played = play(listed(2, &families, &[(5.0, 0.0, 0)], 1));
    let closed: Vec<_> = played.closings().iter().map(|c| c.1).collect();
    // Posts 0 and 1 were given cases in turn.
    assert_eq!(closed, [0, 2, 1, 3]);
}

#[test]
fn what_is_freed_in_an_instant_is_given_out_in_it_after_all_else() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (5.0, 1, 1)];
    let stages = [(5.0, 0.0, 0), (5.0, 0.0, 9)];
    let mut scenario = listed(1, &families, &stages, 1);
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    // The case ends at 5, and the referral of the same instant has priority over the one that waited.
    assert_eq!(play(scenario).givings(), [(0.0, 0), (5.0, 2), (10.0, 1)]);
}

#[test]
fn stages_of_no_length_are_passed_through_in_one_instant() {
    let mut scenario = listed(1, &[(3.0, 2, 0)], &[(0.0, 1.0, 0), (0.0, 1.0, 0)], 1);
    scenario.stages[0].work.as_mut().unwrap().then =
        Discrete::certain(crate::model::pathway::Next::Stage(1));
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    for replication in 0..3 {
        let played = play_policy(scenario.clone(), 0, replication);
        assert_eq!(played.closings(), [(3.0, 0), (3.0, 1)]);
    }
}
