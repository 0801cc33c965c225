//! Edges of the policies: room that comes by other ways than a closed case, rules that meet within an instant, and a
//! loss system that theory knows.
use super::{near, play};
use crate::engine::sample::{fixed, limit, listed, service};
use crate::metric::catalogue::Metric;
use crate::model::law::Discrete;
use crate::model::pathway::Next;
use crate::policy::arrow::{Arrow, Cuts};
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Value};
use crate::policy::relief::Relief;
use crate::policy::staffing::{Change, Effect};
use crate::policy::threshold::Threshold;
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Attraction, Recruitment, Scenario};

/// A heavy stage of ten days that goes on to a light one of a hundred; one worker; two families that begin heavy.
fn heavy_then_light(change: impl Fn(&mut Limit)) -> Scenario {
    let families = [(0.0, 1, 0), (1.0, 1, 0)];
    let stages = [(10.0, 9.0, 0), (100.0, 3.0, 0)];
    let mut scenario = listed(1, &families, &stages, 1);
    scenario.stages[0].weight = 3.0;
    let work = scenario.stages[0].work.as_mut().unwrap();
    work.then = Discrete::new(vec![(Next::Stage(1), 1.0)]).unwrap();
    let mut limit = Limit::of_cases(4.0);
    change(&mut limit);
    scenario.policies[0].phases[0].service.limit = Some(limit);
    scenario
}

#[test]
fn a_case_that_grows_lighter_makes_room_at_once() {
    // 3 + 3 points pass 4; from day 10 it is 1 + 3.
    let points = heavy_then_light(|limit| limit.measure = Measure::Points);
    assert_eq!(play(points).givings(), [(0.0, 0), (10.0, 1)]);
    // 9 + 9 hours pass 0.7 x 18.5 = 12.95; from day 10 it is 3 + 9.
    let hours = heavy_then_light(|limit| {
        (limit.measure, limit.value) = (Measure::Hours, Value::Each(0.7));
    });
    assert_eq!(play(hours).givings(), [(0.0, 0), (10.0, 1)]);
    // At most one case of the heavy stage.
    let mix = heavy_then_light(|limit| {
        limit.mix = vec![Mix {
            stages: vec![true, false],
            most: Most::Cases(1.0),
        }];
    });
    assert_eq!(play(mix).givings(), [(0.0, 0), (10.0, 1)]);
}

#[test]
fn under_a_mean_of_the_service_room_in_one_team_is_room_in_all() {
    // A mean of 1 over two workers of two teams: the second team's case of ten days holds up a second one of the first.
    let families = [(0.0, 1, 0), (0.0, 1, 1), (1.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 0.0, 0), (10.0, 0.0, 0)], 1);
    let mut other = scenario.teams[0].clone();
    (scenario.teams[0].takes, other.takes) = (vec![0], vec![1]);
    scenario.teams.push(other);
    let mut posts = scenario.posts[0].clone();
    posts.team = 1;
    scenario.posts.push(posts);
    let mut limit = Limit::of_cases(1.0);
    limit.level = Level::ServiceMean;
    scenario.policies[0].phases[0].service.limit = Some(limit);
    let expected = [(0.0, 0), (0.0, 1), (10.0, 2)];
    assert_eq!(play(scenario).givings(), expected);
}

#[test]
fn with_that_feedback_cut_the_caseload_fills_no_vacancy_sooner() {
    // One case a worker against a reference of 0: at b = log 2 vacancies fill half as fast from the census of January.
    let families = [(0.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 0.0, 0)], 3);
    scenario.recruitment = Some(Recruitment {
        time_to_fill: fixed(50.0),
        grade: None,
        intakes: vec![],
        attraction: Some(Attraction {
            b_per_case: libm::log(2.0),
            reference: 0.0,
        }),
    });
    scenario.policies[0].staffing.push(Change {
        from: 1.0,
        until: None,
        effect: Effect::Add {
            team: 0,
            grade: 0,
            posts: 1,
            filled: 0,
        },
    });
    // Thirty days are done at 24:00 of 31 January; the other twenty take forty.
    near(
        play(scenario.clone()).whole(Metric::FilledPosts),
        (90.0 + 19.0) / 90.0,
    );
    scenario.policies[0].cuts = Cuts::NONE.with(Arrow::LoadRecruitment);
    near(
        play(scenario).whole(Metric::FilledPosts),
        (90.0 + 39.0) / 90.0,
    );
}

/// All are turned away while more than a level wait, until fewer do.
fn turned_away(level: f64) -> Option<Threshold> {
    Some(Threshold {
        waiting: Trigger {
            above: level,
            until_below: level,
            per: Per::Service,
        },
        screened_out: 1.0,
        screens_returns: true,
        comes_back: None,
    })
}

#[test]
fn cases_given_out_because_a_limit_lapses_are_waiting_no_longer() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (11.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 0.0, 0)], 1);
    let phase = &mut scenario.policies[0].phases[0];
    phase.threshold = turned_away(0.5);
    let mut limit = Limit::of_cases(1.0);
    limit.suspended_when = Some(Trigger {
        above: 0.4,
        until_below: 0.4,
        per: Per::Service,
    });
    phase.service.limit = Some(limit);
    scenario.policies[0].staffing.push(Change {
        from: 10.0,
        until: None,
        effect: Effect::Add {
            team: 0,
            grade: 0,
            posts: 1,
            filled: 0,
        },
    });
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (10.0, 1), (11.0, 2)]);
    assert_eq!(played.whole(Metric::ScreenedOut), 0.0);
}

#[test]
fn a_list_that_a_new_limit_empties_on_its_day_turns_nobody_away() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (11.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 0.0, 0)], 1);
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    let mut later = scenario.policies[0].phases[0].clone();
    (later.from, later.service.limit) = (10.0, limit(9.0, None));
    // Until fewer than 0 wait: what has once begun never ends.
    later.threshold = turned_away(0.0);
    scenario.policies[0].phases.push(later);
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (10.0, 1), (11.0, 2)]);
}

#[test]
fn help_that_is_wanted_again_before_it_has_gone_stays() {
    // At the review of day 1 two wait: a helper comes at once and takes one of them for nine days; the other goes to the
    // worker on day 8. At the review of day 9 nobody waits, and the helper gives twenty days' notice. At that of day 10 two
    // wait again: the helper, free that day, stays and takes one of them.
    let families = [
        (0.0, 1, 0),
        (0.5, 1, 1),
        (0.5, 1, 0),
        (9.5, 1, 0),
        (9.5, 1, 0),
    ];
    let mut scenario = listed(1, &families, &[(8.0, 0.0, 0), (9.0, 0.0, 0)], 1);
    scenario.grades[0].notice = fixed(20.0);
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    scenario.policies[0].phases[0].relief = Some(Relief {
        workers: 1,
        grade: 0,
        above: 1.0,
        waited_days: 0.0,
        lead_days: 0.0,
        until_below: 1.0,
        per: Per::Service,
    });
    let played = play(scenario);
    let expected = [(0.0, 0), (1.0, 1), (8.0, 2), (10.0, 3), (16.0, 4)];
    assert_eq!(played.givings(), expected);
}
