//! What is written down: months, deadlines, missing numbers.

use super::play;
use crate::engine::sample::{fixed, listed, service};
use crate::metric::catalogue::Metric;
use crate::model::pathway::{Deadline, DeadlineOf};
use crate::model::post::LeaveStep;
use crate::scenario::sections::{Agency, Opening, Recruitment};

#[test]
fn a_deadline_over_at_the_end_of_a_month_belongs_to_that_month() {
    // Friday 31 January 2025 is day 30; one working day after the 30th ends with it, at day 31.
    let mut scenario = listed(1, &[(29.5, 1, 0)], &[(90.0, 0.0, 0)], 2);
    scenario.stages[0].deadline = Some(Deadline {
        working_days: 1,
        of: DeadlineOf::Work,
    });
    let played = play(scenario.clone());
    assert_eq!(played.month(0, Metric::DeadlinesMet), 0.0);
    assert!(played.month(1, Metric::DeadlinesMet).is_nan());
    // The same at the end of the horizon.
    scenario.calendar = service(1, 1.0, 1.0, 1).calendar;
    assert_eq!(play(scenario).month(0, Metric::DeadlinesMet), 0.0);
}

#[test]
fn a_month_without_a_vacancy_has_no_share_of_vacancies_covered() {
    let mut scenario = service(7, 1.0, 5.0, 24);
    scenario.full_time_hours = 37.0;
    // Parts of a full-time worker that no sum of halves makes up.
    scenario.grades[0].hours_per_week = 22.2;
    scenario.posts[0].filled = 3;
    scenario.opening = Opening::Counts(vec![3]);
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 0.5,
    }];
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(20.0),
        grade: None,
        intakes: vec![],
        attraction: None,
    });
    scenario.agency = Some(Agency {
        grade: 0,
        lead: fixed(0.0),
        max_share: 1.0,
        overlap_days: 5.0,
    });
    let mut full = 0;
    for replication in 0..20 {
        let played = super::play_policy(scenario.clone(), 0, replication);
        for month in 0..24 {
            let vacant = played.month(month, Metric::VacancyRate);
            let covered = played.month(month, Metric::VacancyCovered);
            if vacant.abs() < 1e-9 {
                assert_eq!(vacant, 0.0);
                assert!(covered.is_nan(), "{covered}");
                full += 1;
            } else {
                assert!((0.0..=1.0).contains(&covered));
            }
        }
    }
    assert!(full > 0);
}

#[test]
fn without_direct_work_no_number_of_workers_closes_the_gap() {
    let mut scenario = service(2, 1.0, 5.0, 1);
    scenario.grades[0].direct_share = 0.0;
    scenario.stages[0].hours_per_week = 1.0;
    assert!(play(scenario).month(0, Metric::CapacityGap).is_nan());
}

#[test]
fn the_censuses_and_averages_of_a_case_worked_by_hand() {
    let mut scenario = listed(1, &[(10.0, 1, 0)], &[(5.0, 18.5, 0)], 1);
    scenario.guideline = Some(0.5);
    let played = play(scenario);
    assert_eq!(played.month(0, Metric::OpenCases), 5.0 / 31.0);
    assert_eq!(played.month(0, Metric::OpenCasesCensus), 0.0);
    assert_eq!(played.month(0, Metric::CaseloadMeanAverage), 1.0);
    assert!(played.month(0, Metric::CaseloadMean).is_nan());
    assert_eq!(played.month(0, Metric::CaseloadInPost), 0.0);
    assert_eq!(played.month(0, Metric::WaitMean), 0.0);
    assert_eq!(played.month(0, Metric::StillWaiting), 0.0);
    assert_eq!(played.month(0, Metric::NeedMet), 1.0);
    assert_eq!(played.month(0, Metric::DirectHours), 18.5);
    assert_eq!(played.month(0, Metric::AboveGuidelineShare), 0.0);
}
