//! What changes on a date: limits that fall, staff that comes and goes, and how often figures are seen.

use super::{Played, near, play, play_policy};
use crate::engine::play::What;
use crate::engine::sample::{fixed, limit, listed};
use crate::metric::catalogue::Metric;
use crate::model::post::LeaveStep;
use crate::policy::arrow::{Arrow, Cuts};
use crate::policy::limit::Limit;
use crate::policy::staffing::{About, Change, Effect};
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Agency, Recruitment, Scenario};

fn one_case_a_day(posts: usize) -> Scenario {
    let families: Vec<_> = (0..6).map(|day| (f64::from(day), 1, 0)).collect();
    listed(posts, &families, &[(100.0, 0.0, 0)], 1)
}

fn change(scenario: &mut Scenario, from: f64, until: Option<f64>, effect: Effect) {
    scenario.policies[0].staffing.push(Change {
        from,
        until,
        effect,
    });
}

fn everyone() -> About {
    About::default()
}

/// Two posts of which one is vacant, filled after 20 days from its opening.
fn with_vacancy() -> Scenario {
    let mut scenario = one_case_a_day(2);
    scenario.posts[0].filled = 1;
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(20.0),
        grade: None,
        intakes: vec![],
        attraction: None,
    });
    scenario
}

/// When someone began, after the origin.
fn starts(played: &Played) -> Vec<f64> {
    let is_start = What::Due(crate::engine::play::Moment::Start as u8);
    played.marks(is_start).map(|mark| mark.time).collect()
}

#[test]
fn a_limit_that_falls_takes_nothing_away_and_what_is_above_it_is_drift() {
    let mut scenario = one_case_a_day(1);
    scenario.policies[0].phases[0].service.limit = limit(3.0, None);
    let mut lower = scenario.policies[0].phases[0].clone();
    (lower.from, lower.service.limit) = (2.5, limit(1.0, None));
    scenario.policies[0].phases.push(lower);
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (1.0, 1), (2.0, 2)]);
    assert_eq!(played.whole(Metric::Drift), 2.0);
    assert_eq!(played.whole(Metric::AllocatedOverLimit), 0.0);
}

#[test]
fn a_limit_that_rises_gives_out_what_waited_on_its_day() {
    let mut scenario = one_case_a_day(1);
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    let mut higher = scenario.policies[0].phases[0].clone();
    (higher.from, higher.service.limit) = (10.0, limit(3.0, None));
    scenario.policies[0].phases.push(higher);
    let expected = [(0.0, 0), (10.0, 1), (10.0, 2)];
    assert_eq!(play(scenario).givings(), expected);
}

#[test]
fn posts_that_are_added_come_filled_or_are_recruited_for() {
    let mut scenario = with_vacancy();
    scenario.posts[0].count = 1;
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    change(
        &mut scenario,
        7.0,
        None,
        Effect::Add {
            team: 0,
            grade: 0,
            posts: 2,
            filled: 1,
        },
    );
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (7.0, 1), (27.0, 2)]);
    assert_eq!(played.whole(Metric::Starters), 2.0);
    // One post for 31 days, two more for 24, one of them vacant for 20.
    near(played.whole(Metric::VacancyRate), 20.0 / (31.0 + 48.0));
}

#[test]
fn posts_are_taken_from_vacancies_first_and_then_as_people_leave() {
    let mut scenario = with_vacancy();
    (scenario.posts[0].count, scenario.posts[0].filled) = (4, 2);
    scenario.posts[0].months_in_post = fixed(12.0);
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 400.0,
    }];
    scenario.strain.hazard_max_per_year = 400.0;
    let take = Effect::Take {
        about: everyone(),
        posts: 3,
    };
    change(&mut scenario, 0.0, None, take);
    let played = play(scenario);
    // Two vacancies go at once and the post of the first to leave; that of the second stays and is recruited for.
    assert_eq!(
        played.whole(Metric::Leavers),
        2.0 + played.whole(Metric::Starters)
    );
    assert!(starts(&played).len() <= 1);
    let last = played.month(0, Metric::VacancyRate);
    assert!(last > 0.3, "{last}");
}

#[test]
fn a_freeze_stops_the_time_to_fill_and_another_law_scales_what_is_left() {
    // The age of the vacancy is by chance: a play in which ten days and more are left.
    let opened = |scenario: &Scenario, replication| {
        let found = starts(&play_policy(scenario.clone(), 0, replication));
        assert_eq!(found.len(), 1);
        found[0]
    };
    let chosen = (0..20).find(|replication| opened(&with_vacancy(), *replication) > 10.0);
    let opened = |scenario: &Scenario| opened(scenario, chosen.unwrap());
    let filled = opened(&with_vacancy());
    let mut frozen = with_vacancy();
    let freeze = Effect::Freeze { about: everyone() };
    change(&mut frozen, 2.0, Some(6.0), freeze);
    near(opened(&frozen), filled + 4.0);
    let mut faster = with_vacancy();
    change(&mut faster, 2.0, None, Effect::TimeToFill(fixed(10.0)));
    near(opened(&faster), 2.0 + (filled - 2.0) / 2.0);
    let mut other_grade = with_vacancy();
    let elsewhere = About {
        team: None,
        grade: Some(9),
    };
    change(
        &mut other_grade,
        2.0,
        Some(6.0),
        Effect::Freeze { about: elsewhere },
    );
    near(opened(&other_grade), filled);
}

#[test]
fn more_time_for_direct_work_speeds_up_an_overloaded_worker_from_its_day() {
    // One case of ten days that needs twice the supply of 18.5 hours; from day 6 all of it is met.
    let mut scenario = listed(1, &[(0.0, 1, 0)], &[(10.0, 37.0, 0)], 1);
    let share = Effect::DirectShare {
        about: everyone(),
        share: 1.0,
    };
    change(&mut scenario, 6.0, None, share);
    assert_eq!(play(scenario).closings(), [(13.0, 0)]);
}

#[test]
fn a_campaign_that_keeps_everyone_keeps_everyone() {
    let mut scenario = with_vacancy();
    scenario.posts[0].filled = 2;
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 40.0,
    }];
    scenario.strain.hazard_max_per_year = 40.0;
    assert!(play(scenario.clone()).whole(Metric::Leavers) > 0.0);
    let kept = Effect::Leaving {
        about: everyone(),
        times: 0.0,
    };
    change(&mut scenario, 0.0, None, kept);
    assert_eq!(play(scenario).whole(Metric::Leavers), 0.0);
}

#[test]
fn a_longer_handover_holds_from_its_day() {
    let closes = |days: Option<f64>| {
        let mut scenario = listed(1, &[(0.0, 1, 0)], &[(10.0, 0.0, 0)], 1);
        let mut leaver = scenario.grades[0].clone();
        leaver.leave = vec![LeaveStep {
            from_year: 0.0,
            per_year: 400.0,
        }];
        scenario.strain.hazard_max_per_year = 400.0;
        scenario.grades.push(leaver);
        let mut stays = scenario.posts[0].clone();
        scenario.posts[0].grade = 1;
        stays.grade = 0;
        scenario.posts.push(stays);
        scenario.handover_days = 2.0;
        if let Some(days) = days {
            change(&mut scenario, 0.0, None, Effect::Handover(days));
        }
        let played = play(scenario);
        assert_eq!(played.whole(Metric::Transfers), 1.0);
        played.closings()[0].0
    };
    assert_eq!(closes(None), 12.0);
    assert_eq!(closes(Some(5.0)), 15.0);
}

#[test]
fn agency_places_follow_the_posts() {
    let mut scenario = with_vacancy();
    (scenario.posts[0].count, scenario.posts[0].filled) = (1, 0);
    scenario.recruitment = None;
    scenario.agency = Some(Agency {
        grade: 0,
        lead: fixed(1.0),
        max_share: 0.5,
        overlap_days: 14.0,
    });
    assert_eq!(play(scenario.clone()).whole(Metric::InPost), 0.0);
    let add = Effect::Add {
        team: 0,
        grade: 0,
        posts: 1,
        filled: 0,
    };
    change(&mut scenario, 11.0, None, add);
    // Half of two posts is one: the vacancy that has waited for a place is covered on the day.
    near(play(scenario).whole(Metric::InPost), 20.0 / 31.0);
}

#[test]
fn a_fortnightly_report_sees_a_vacancy_late() {
    let mut scenario = with_vacancy();
    scenario.recruitment = None;
    scenario.posts[0].filled = 2;
    scenario.policies[0].phases[0].service.limit = Some(Limit {
        suspended_when: Some(Trigger {
            above: 0.3,
            until_below: 0.3,
            per: Per::Service,
        }),
        ..Limit::of_cases(1.0)
    });
    let add = Effect::Add {
        team: 0,
        grade: 0,
        posts: 2,
        filled: 0,
    };
    change(&mut scenario, 9.0, None, add);
    let live = play(scenario.clone());
    assert_eq!(live.givings()[2], (9.0, 2));
    near(live.whole(Metric::LimitLapsed), 22.0 / 31.0);
    scenario.policies[0].phases[0].monitoring_days = Some(14);
    let late = play(scenario);
    assert_eq!(late.givings()[2], (14.0, 2));
    near(late.whole(Metric::LimitLapsed), 17.0 / 31.0);
}

#[test]
fn with_that_feedback_cut_a_leaver_s_cases_leave_too() {
    let mut scenario = with_vacancy();
    scenario.recruitment = None;
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 400.0,
    }];
    scenario.strain.hazard_max_per_year = 400.0;
    let falls_back = play(scenario.clone());
    assert!(falls_back.whole(Metric::Leavers) == 1.0 && falls_back.whole(Metric::Closures) == 0.0);
    scenario.policies[0].cuts = Cuts::NONE.with(Arrow::LeaversCasesFallBack);
    let gone = play(scenario);
    let left = gone.marks(What::LetGo).count() as f64;
    assert!(left > 0.0);
    assert_eq!(gone.whole(Metric::Closures), left);
}

#[test]
fn with_that_feedback_cut_overload_leaves_need_unmet_but_slows_nothing() {
    let mut scenario = listed(1, &[(0.0, 1, 0)], &[(10.0, 37.0, 0)], 1);
    assert_eq!(play(scenario.clone()).closings(), [(20.0, 0)]);
    scenario.policies[0].cuts = Cuts::NONE.with(Arrow::OverloadSlowsWork);
    let played = play(scenario);
    assert_eq!(played.closings(), [(10.0, 0)]);
    near(played.whole(Metric::NeedMet), 0.5);
}
