//! Nothing at all, and far too much: no panic, sensible numbers, and empty only where the catalogue says so.

use super::{Played, play, play_policy};
use crate::engine::sample::{fixed, limit, listed, service};
use crate::metric::catalogue::Metric;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Next, Risk};
use crate::model::post::LeaveStep;
use crate::scenario::sections::{Absence, Agency, Opening, Recruitment, Return, Scenario};

/// Numbers that are never missing, whatever happens.
const ALWAYS: [Metric; 20] = [
    Metric::Unallocated,
    Metric::UnallocatedCensus,
    Metric::QueueAgeLongest,
    Metric::Referrals,
    Metric::Allocations,
    Metric::Closures,
    Metric::Escalations,
    Metric::Returns,
    Metric::Withdrawals,
    Metric::Transfers,
    Metric::OpenCases,
    Metric::OpenCasesCensus,
    Metric::AllocatedCases,
    Metric::Leavers,
    Metric::AgencyLeavers,
    Metric::ToilPaidOut,
    Metric::Starters,
    Metric::InPost,
    Metric::FilledPosts,
    Metric::HoursGiven,
];

fn sensible(played: &Played) {
    for row in 0..=played.world.layout.horizon_row() {
        for metric in ALWAYS {
            let value = played.month(row, metric);
            assert!(value.is_finite() && value >= 0.0, "{metric:?}: {value}");
        }
    }
    assert!(played.record.iter().all(|value| !value.is_infinite()));
}

fn busy(posts: usize) -> Scenario {
    let mut scenario = service(posts, 0.7, 40.0, 6);
    scenario.stages[0].hours_per_week = 3.0;
    scenario.opening = Opening::Counts(vec![30]);
    scenario
}

#[test]
fn without_posts_all_wait() {
    let played = play(busy(0));
    sensible(&played);
    assert_eq!(played.whole(Metric::Allocations), 0.0);
    let came = played.whole(Metric::Referrals);
    assert!(played.month(5, Metric::UnallocatedCensus) > 30.0 + 0.9 * came);
    for metric in [
        Metric::CaseloadMean,
        Metric::CaseloadInPost,
        Metric::WorkloadRatio,
        Metric::VacancyRate,
        Metric::Turnover,
        Metric::BurntOutShare,
    ] {
        assert!(played.whole(metric).is_nan(), "{metric:?}");
    }
    assert_eq!(played.whole(Metric::NeedMet), 0.0);
}

#[test]
fn without_referrals_and_opening_cases_nothing_is_open() {
    let played = play(service(3, 0.0, 40.0, 6));
    sensible(&played);
    assert_eq!(played.whole(Metric::OpenCases), 0.0);
    assert_eq!(played.whole(Metric::WorkloadRatio), 0.0);
    assert_eq!(played.whole(Metric::Slack), 1.0);
    assert_eq!(played.whole(Metric::CaseloadInPost), 0.0);
    assert!(played.whole(Metric::CaseloadMean).is_nan());
    assert!(played.whole(Metric::WaitMean).is_nan());
    assert!(played.whole(Metric::NeedMet).is_nan());
    assert!(played.whole(Metric::StillWaiting).is_nan());
}

#[test]
fn without_the_opening_or_a_month_longer_than_one_there_are_still_numbers() {
    let mut scenario = service(3, 2.0, 40.0, 1);
    scenario.stages[0].hours_per_week = 3.0;
    let played = play(scenario);
    sensible(&played);
    assert!(played.whole(Metric::OpenCases) > 0.0);
    assert_eq!(
        played.month(0, Metric::OpenCases).to_bits(),
        played.whole(Metric::OpenCases).to_bits()
    );
}

#[test]
fn when_all_are_always_absent_nobody_is_given_a_case() {
    let mut scenario = busy(3);
    scenario.grades[0].absences_per_year = 1e6;
    scenario.strain.hazard_max_per_year = 1e6;
    scenario.absence = Some(Absence {
        spell: fixed(1e6),
        cover_after_days: Some(0.0),
    });
    let played = play(scenario);
    sensible(&played);
    assert!(played.whole(Metric::AbsenceRate) > 0.999);
    assert!(played.month(5, Metric::UnallocatedCensus) > 30.0);
}

#[test]
fn when_everybody_leaves_at_once_the_posts_stand_empty_or_are_filled_again() {
    for time_to_fill in [None, Some(0.0), Some(1e9)] {
        let mut scenario = busy(3);
        scenario.grades[0].leave = vec![LeaveStep {
            from_year: 0.0,
            per_year: 3e3,
        }];
        scenario.strain.hazard_max_per_year = 1e6;
        scenario.recruitment = time_to_fill.map(|days| Recruitment {
            time_to_fill: fixed(days),
            grade: None,
            intakes: vec![],
            attraction: None,
        });
        let played = play(scenario);
        sensible(&played);
        if time_to_fill == Some(0.0) {
            assert!(played.whole(Metric::Leavers) > 1000.0);
            assert_eq!(played.whole(Metric::VacancyRate), 0.0);
        } else {
            assert_eq!(played.whole(Metric::Leavers), 3.0);
            assert!(played.whole(Metric::VacancyRate) > 0.99);
            assert!(played.month(5, Metric::VacancyRate) == 1.0);
        }
    }
}

#[test]
fn a_worker_without_supply_takes_nothing() {
    let mut scenario = busy(2);
    scenario.grades[0].direct_share = 0.0;
    let played = play(scenario.clone());
    sensible(&played);
    assert_eq!(played.whole(Metric::Allocations), 0.0);
    scenario.grades[0].direct_share = 0.5;
    scenario.grades[0].hours_per_week = 0.0;
    let played = play(scenario);
    sensible(&played);
    assert_eq!(played.whole(Metric::Allocations), 0.0);
    assert!(played.whole(Metric::CaseloadInPostAverage).is_nan());
}

#[test]
fn a_family_of_thirty_two_is_one_unit() {
    let mut scenario = listed(2, &[(1.0, 32, 0), (2.0, 32, 0)], &[(3.0, 1.0, 0)], 1);
    scenario.referrals.sibling_hours = 0.0;
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    let played = play(scenario);
    sensible(&played);
    assert_eq!(played.whole(Metric::FamilyOvershoot), 62.0);
    assert_eq!(played.whole(Metric::Closures), 64.0);
}

#[test]
fn delays_of_no_length_change_the_order_and_not_the_count() {
    let mut scenario = busy(4);
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 3.0,
    }];
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(0.0),
        grade: None,
        intakes: vec![],
        attraction: None,
    });
    scenario.returns = Some(Return {
        probability: 0.5,
        unmet_effect: 1.0,
        delay: fixed(0.0),
        to: Discrete::certain(0),
        to_same_worker: true,
    });
    scenario.closed_lately_per_month = 50.0;
    for max_share in [0.0, 0.25, 1.0] {
        scenario.agency = Some(Agency {
            grade: 0,
            lead: fixed(0.0),
            max_share,
            overlap_days: 0.0,
        });
        for replication in 0..3 {
            sensible(&play_policy(scenario.clone(), 0, replication));
        }
    }
}

#[test]
fn a_stage_may_have_many_risks_and_an_opening_caseload() {
    let mut scenario = busy(2);
    scenario.stages[0].risks = (1..=60)
        .map(|k| Risk {
            duration: Law::Exponential {
                mean: 1000.0 * f64::from(k),
            },
            to: Next::Closed,
            unmet_effect: 0.0,
        })
        .collect();
    sensible(&play(scenario));
}
