//! People: notice, leaving, absence, handover, agency cover, promotion.

use super::{Played, near, play, play_policy};
use crate::engine::play::{Moment, What};
use crate::engine::sample::{fixed, limit, service};
use crate::metric::catalogue::Metric;
use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::post::{LeaveStep, Promotion};
use crate::scenario::sections::{Absence, Agency, Opening, Recruitment, Scenario};

/// Six workers who leave often after a month of notice, and are replaced after six weeks.
fn restless() -> Scenario {
    let mut scenario = service(6, 0.5, 60.0, 12);
    scenario.stages[0].hours_per_week = 4.0;
    scenario.opening = Opening::Counts(vec![25]);
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 2.0,
    }];
    scenario.grades[0].notice = fixed(30.0);
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(42.0),
        grade: None,
        intakes: vec![],
        attraction: None,
    });
    scenario
}

fn sickly(scenario: &mut Scenario, cover_after_days: Option<f64>) {
    scenario.grades[0].absences_per_year = 4.0;
    scenario.absence = Some(Absence {
        spell: fixed(20.0),
        cover_after_days,
    });
}

/// Cases that a worker let go in one instant, and those it was given before, in order of both.
fn handed_over(played: &Played, moment: Moment) -> usize {
    let mut seen = 0;
    for (at, due) in played.trace.iter().enumerate() {
        if due.what != What::Due(moment as u8) {
            continue;
        }
        let released: Vec<_> = played.trace[at + 1..]
            .iter()
            .take_while(|m| matches!(m.what, What::LetGo | What::Waits))
            .collect();
        let mut held: Vec<u32> = vec![];
        for mark in &played.trace[..at] {
            match mark.what {
                What::Held if mark.worker == due.worker => held.push(mark.case),
                What::LetGo => held.retain(|case| *case != mark.case),
                _ => (),
            }
        }
        let order: Vec<_> = released
            .iter()
            .filter(|m| m.what == What::Waits)
            .map(|m| m.case)
            .collect();
        assert_eq!(order, held);
        seen += usize::from(order.len() > 1);
    }
    seen
}

#[test]
fn a_leavers_cases_become_unallocated_in_the_order_received() {
    assert!(handed_over(&play(restless()), Moment::Leave) > 3);
}

#[test]
fn the_cases_of_one_absent_for_long_are_handed_over_in_the_order_received() {
    let mut scenario = restless();
    scenario.grades[0].leave.clear();
    sickly(&mut scenario, Some(7.5));
    let played = play(scenario.clone());
    assert!(handed_over(&played, Moment::Cover) > 3);
    // Each 7.5 days after the absence began.
    let begins: Vec<_> = played
        .marks(What::Due(Moment::AbsencePoint as u8))
        .map(|m| m.time + 7.5)
        .collect();
    for cover in played.marks(What::Due(Moment::Cover as u8)) {
        assert!(begins.contains(&cover.time));
    }
    // A spell that does not pass the time is not covered.
    scenario.absence.as_mut().unwrap().cover_after_days = Some(20.0);
    let kept = play(scenario);
    assert_eq!(kept.marks(What::Due(Moment::Cover as u8)).count(), 0);
    assert_eq!(kept.whole(Metric::Transfers), 0.0);
}

#[test]
fn nobody_absent_or_under_notice_is_given_a_case() {
    let mut scenario = restless();
    sickly(&mut scenario, Some(5.0));
    let (mut given, mut leavers) = (0, 0);
    for replication in 0..10 {
        let played = play_policy(scenario.clone(), 0, replication);
        for mark in played.marks(What::Held).filter(|mark| mark.time > 0.0) {
            assert!(mark.may_be_asked);
            given += 1;
        }
        leavers += played.marks(What::Due(Moment::Leave as u8)).count();
    }
    assert!(given > 1000 && leavers > 50);
}

#[test]
fn a_case_stands_still_for_exactly_the_days_of_handover() {
    let mut scenario = restless();
    scenario.handover_days = 9.25;
    let played = play(scenario);
    let mut ends = 0;
    for end in played.marks(What::Due(Moment::HandoverEnd as u8)) {
        let given = played
            .marks(What::Held)
            .filter(|mark| mark.case == end.case && mark.time < end.time)
            .last()
            .unwrap();
        assert_eq!(end.time, given.time + 9.25);
        ends += 1;
    }
    assert!(ends > 20);
    // First allocations have none: as many ends, at most, as transfers.
    assert!(f64::from(ends) <= played.whole(Metric::Transfers));
}

#[test]
fn a_case_given_back_to_its_last_worker_has_not_changed_hands() {
    let mut scenario = service(1, 0.0, 500.0, 12);
    scenario.opening = Opening::Counts(vec![8]);
    scenario.handover_days = 10.0;
    sickly(&mut scenario, Some(3.0));
    let played = play(scenario);
    // There is no other worker.
    assert!(played.whole(Metric::Allocations) > 4.0);
    assert_eq!(played.whole(Metric::Transfers), 0.0);
    assert_eq!(
        played.marks(What::Due(Moment::HandoverEnd as u8)).count(),
        0
    );
}

#[test]
fn agency_covers_a_vacancy_after_its_lead_and_stays_beside_the_newcomer() {
    let mut scenario = restless();
    scenario.agency = Some(Agency {
        grade: 0,
        lead: fixed(11.0),
        max_share: 1.0,
        overlap_days: 14.0,
    });
    scenario.grades.push(scenario.grades[0].clone());
    scenario.grades[1].leave.clear();
    scenario.agency.as_mut().unwrap().grade = 1;
    let played = play(scenario);
    let leaves: Vec<_> = played.marks(What::Due(Moment::Leave as u8)).collect();
    let mut covers = 0;
    for start in played.marks(What::Due(Moment::AgencyStart as u8)) {
        assert!(
            leaves
                .iter()
                .any(|l| l.worker == start.worker && l.time + 11.0 == start.time)
        );
        covers += 1;
    }
    assert!(covers > 3);
    let mut ends = 0;
    for end in played.marks(What::Due(Moment::OverlapEnd as u8)) {
        let mut starts = played.marks(What::Due(Moment::Start as u8));
        assert!(starts.any(|s| s.worker == end.worker && s.time + 14.0 == end.time));
        ends += 1;
    }
    assert!(ends > 2);
    near(played.whole(Metric::AgencyLeavers), f64::from(ends));
}

#[test]
fn agency_never_covers_more_posts_than_it_may() {
    for (share, most) in [(0.0, 0.0), (0.2, 1.0), (0.5, 3.0)] {
        let mut scenario = restless();
        scenario.agency = Some(Agency {
            grade: 0,
            lead: fixed(0.0),
            max_share: share,
            overlap_days: 0.0,
        });
        let played = play(scenario);
        let agency = played.whole(Metric::InPost) - played.whole(Metric::InPostPermanent);
        assert!(agency <= most + 1e-9);
        assert_eq!(played.whole(Metric::AgencyLeavers) > 0.0, most > 0.0);
    }
}

#[test]
fn what_a_handed_over_family_passes_the_limit_by_is_overshoot_and_not_drift() {
    let mut scenario = restless();
    scenario.referrals.family_size = crate::model::law::Discrete::certain(4);
    scenario.policies[0].phases[0].service.limit = limit(5.0, None);
    scenario.opening = Opening::Counts(vec![0]);
    scenario.agency = Some(Agency {
        grade: 0,
        lead: fixed(0.0),
        max_share: 1.0,
        overlap_days: 0.0,
    });
    for replication in 0..5 {
        let played = play_policy(scenario.clone(), 0, replication);
        assert!(played.whole(Metric::FamilyOvershoot) > 0.0);
        assert_eq!(played.whole(Metric::Drift), 0.0);
    }
}

#[test]
fn a_promotion_changes_hours_in_the_books_at_its_very_time() {
    let mut scenario = service(2, 0.0, 1.0, 2);
    let mut later = scenario.grades[0].clone();
    later.hours_per_week = 18.5;
    scenario.grades.push(later);
    scenario.grades[0].becomes = Some(Promotion {
        grade: 1,
        after_months: 31.0 / DAYS_PER_MONTH,
    });
    let played = play(scenario.clone());
    near(played.month(0, Metric::InPost), 2.0);
    near(played.month(1, Metric::InPost), 1.0);
    scenario.grades[0].hours_per_week = 0.0;
    let played = play(scenario);
    near(played.month(0, Metric::InPost), 0.0);
    near(played.month(1, Metric::InPost), 1.0);
}
