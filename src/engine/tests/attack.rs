//! Edges of the policies: room that comes by other ways than a closed case, rules that meet within an instant, and a
//! loss system that theory knows.

use std::sync::atomic::AtomicBool;

use super::invariant::{any_policy, any_scenario};
use super::{near, play, play_policy, same_bits};
use crate::engine::play::What;
use crate::engine::replication::{Arena, replicate};
use crate::engine::sample::{fixed, limit, listed, service};
use crate::engine::world::World;
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::model::calendar::Calendar;
use crate::model::law::Discrete;
use crate::model::pathway::Next;
use crate::model::post::LeaveStep;
use crate::policy::arrow::{Arrow, Cuts};
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Value};
use crate::policy::manager::ManagerHolds;
use crate::policy::relief::Relief;
use crate::policy::staffing::{About, Change, Effect};
use crate::policy::threshold::Threshold;
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Attraction, Managers, Recruitment, Scenario, Team};
use jiff::civil::date;
use proptest::prelude::*;

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
fn managers_leave_their_desks_with_the_posts_they_manage() {
    // A manager for each post; of two posts the vacant one is taken on day 10, and nothing else happens that day.
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = listed(2, &families, &[(100.0, 0.0, 0)], 1);
    scenario.posts[0].filled = 1;
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    scenario.managers = Some(Managers {
        span: 1.0,
        supervision_hours_per_week: None,
    });
    scenario.policies[0].phases[0].manager_holds = Some(ManagerHolds {
        units: 1,
        speed: 0.0,
        per: Per::Service,
    });
    scenario.policies[0].staffing.push(Change {
        from: 10.0,
        until: None,
        effect: Effect::Take {
            about: About::default(),
            posts: 1,
        },
    });
    // One from day 1, two from day 2 to day 10, then one.
    let played = play(scenario);
    near(
        played.whole(Metric::ManagerHeld),
        (1.0 + 2.0 * 8.0 + 21.0) / 31.0,
    );
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

#[test]
fn a_case_lent_comes_home_when_the_worker_who_helped_out_leaves() {
    let families = [(0.0, 1, 0), (0.5, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 0.0, 0)], 1);
    scenario.area_names = vec!["north".into(), "south".into()];
    scenario.areas = Discrete::new(vec![(0, 1.0), (1, 0.0)]).unwrap();
    scenario.teams.push(Team {
        area: 1,
        ..scenario.teams[0].clone()
    });
    let mut leaver = scenario.grades[0].clone();
    leaver.leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 400.0,
    }];
    leaver.notice = fixed(6.0);
    scenario.strain.hazard_max_per_year = 400.0;
    scenario.grades.push(leaver);
    let mut south = scenario.posts[0].clone();
    (south.team, south.grade) = (1, 1);
    scenario.posts.push(south);
    let choices = &mut scenario.policies[0].phases[0].service;
    choices.limit = limit(1.0, None);
    choices.lend_after_working_days = Some(0);
    // The day after it came the case may be lent, if the south's worker has not given notice yet.
    let mut seen = 0;
    for replication in 0..20 {
        let played = play_policy(scenario.clone(), 0, replication);
        let lent = played.marks(What::Held).any(|mark| mark.worker == 1);
        let waits: Vec<_> = played.waitings();
        if lent && played.whole(Metric::Leavers) == 1.0 {
            seen += 1;
            assert_eq!(waits.last().unwrap().1, 1);
            assert_eq!(played.givings().last().unwrap(), &(1.0, 1));
        }
        // Whoever has it, it counts in the team where it stands, and both teams' open cases are the service's.
        let open = |group| {
            let row = played.world.layout.horizon_row();
            let at = played.world.layout.index(row, Metric::OpenCases, group);
            played.record[at.unwrap()]
        };
        near(
            open(Group::Team(0)) + open(Group::Team(1)),
            open(Group::Service),
        );
    }
    assert!(seen > 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    /// What someone may take is never left waiting: to look through every list after every instant finds nothing more.
    #[test]
    fn to_look_through_every_list_after_every_instant_changes_nothing(
        seed in any::<u64>(), of_policy in any::<u64>(), two_areas in any::<bool>(),
    ) {
        let mut scenario = any_scenario(seed);
        if two_areas && scenario.teams.len() == 1 {
            scenario.areas = Discrete::new(vec![(0, 0.5), (1, 0.5)]).unwrap();
            scenario.area_names = vec!["north".into(), "south".into()];
            let other = Team { area: 1, ..scenario.teams[0].clone() };
            scenario.teams.push(other);
            let mut posts = scenario.posts[0].clone();
            posts.team = 1;
            scenario.posts.push(posts);
        }
        scenario.managers = Some(Managers { span: 3.0, supervision_hours_per_week: Some(10.0) });
        scenario.policies = vec![any_policy(of_policy, &scenario)];
        let world = World::new(scenario);
        let mut records = [vec![0.0; world.layout.len()], vec![0.0; world.layout.len()]];
        for (looks_everywhere, record) in records.iter_mut().enumerate() {
            let mut arena = Arena::new();
            arena.look_everywhere(looks_everywhere == 1);
            replicate(&world, 0, 1, 3, &mut arena, record, &AtomicBool::new(false)).unwrap();
        }
        prop_assert!(same_bits(&records[0], &records[1]));
    }
}

#[test]
fn who_will_not_wait_at_all_is_gone_before_anybody_is_given_the_case() {
    let mut scenario = listed(1, &[(1.0, 1, 0)], &[(8.0, 0.0, 0)], 1);
    scenario.stages[0].withdraws = Some(fixed(0.0));
    let played = play(scenario);
    assert_eq!(played.givings(), []);
    assert_eq!(played.closings(), [(1.0, 0)]);
}

/// Null: c workers of one case each, Poisson referrals, exponential work, and whoever comes while a case waits is turned
/// away: M/M/c/(c+1). The share turned away and the mean number waiting are both the probability of the fullest state,
/// p = a^(c+1) / (c! c) / (1 + a + ... + a^c / c! + a^(c+1) / (c! c)). In each replication the number turned away less p
/// times the referrals has mean 0. 400 replications of five years after one of warm-up (relaxation within weeks); four
/// |z| < 4.5 fail by chance 3 times in 100,000; the seed is fixed.
#[test]
fn a_list_of_one_place_is_the_loss_system_that_theory_knows() {
    for (workers, offered) in [(3_u32, 1.0), (3, 2.8)] {
        let mean_days = 10.0;
        let mut scenario = service(workers as usize, offered / mean_days, mean_days, 60);
        scenario.calendar = Calendar::new(date(2025, 1, 1), 12, 60, &[]).unwrap();
        let phase = &mut scenario.policies[0].phases[0];
        phase.service.limit = limit(1.0, None);
        phase.threshold = turned_away(0.5);
        let mut terms = vec![1.0];
        for n in 1..=workers + 1 {
            let servers = f64::from(n.min(workers));
            terms.push(terms[n as usize - 1] * offered / servers);
        }
        let full = terms[workers as usize + 1] / terms.iter().sum::<f64>();
        let world = World::new(scenario);
        let row = world.layout.horizon_row();
        let at = |metric| world.layout.index(row, metric, Group::Service).unwrap();
        let columns = [Metric::ScreenedOut, Metric::Referrals, Metric::Unallocated].map(at);
        let mut arena = Arena::new();
        let mut record = vec![0.0; world.layout.len()];
        let (mut lost, mut waiting) = (vec![], vec![]);
        for replication in 0..400 {
            replicate(
                &world,
                0,
                5,
                replication,
                &mut arena,
                &mut record,
                &AtomicBool::new(false),
            )
            .unwrap();
            let [screened, referrals, unallocated] = columns.map(|at| record[at]);
            lost.push(screened - full * referrals);
            waiting.push(unallocated - full);
        }
        for found in [lost, waiting] {
            let n = found.len() as f64;
            let mean = found.iter().sum::<f64>() / n;
            let square = found.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
            let z = mean / (square / (n - 1.0) / n).sqrt();
            assert!(z.abs() < 4.5, "{offered} offered to {workers}: z {z:.2}");
        }
    }
}
