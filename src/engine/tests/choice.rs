//! Each choice of a policy, on cases worked by hand: who is given what, and when.

use super::{near, play, play_policy};
use crate::engine::play::What;
use crate::engine::sample::{fixed, limit, listed};
use crate::metric::catalogue::Metric;
use crate::model::law::Discrete;
use crate::policy::allocation::Allocation;
use crate::policy::choices::{Choices, Phase};
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::manager::ManagerHolds;
use crate::policy::meeting::Meeting;
use crate::policy::relief::Relief;
use crate::policy::threshold::{ComesBack, Threshold};
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Managers, Scenario, Team};

/// Stages of 100 days and no hours, of the weights given.
fn weighted(posts: usize, families: &[(f64, usize, usize)], weights: &[f64]) -> Scenario {
    let stages: Vec<_> = weights.iter().map(|_| (100.0, 0.0, 0)).collect();
    let mut scenario = listed(posts, families, &stages, 1);
    for (stage, weight) in scenario.stages.iter_mut().zip(weights) {
        stage.weight = *weight;
    }
    scenario
}

fn choices(scenario: &mut Scenario) -> &mut Choices {
    &mut scenario.policies[0].phases[0].service
}

fn phase(scenario: &mut Scenario) -> &mut Phase {
    &mut scenario.policies[0].phases[0]
}

/// A number of full-time workers' cases, with something more said.
fn limited(scenario: &mut Scenario, value: f64, more: impl Fn(&mut Limit)) {
    let mut limit = Limit::of_cases(value);
    more(&mut limit);
    choices(scenario).limit = Some(limit);
}

/// Numbers of the cases that were given out, in order.
fn given(scenario: Scenario) -> Vec<u32> {
    play(scenario).givings().iter().map(|g| g.1).collect()
}

/// (case, worker slot) of each giving, in order.
fn to_whom(scenario: Scenario) -> Vec<(u32, u32)> {
    let played = play(scenario);
    let held = played.marks(What::Held);
    held.map(|mark| (mark.case, mark.worker)).collect()
}

#[test]
fn a_limit_in_families_counts_a_family_once() {
    let families = [(0.0, 3, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = weighted(1, &families, &[1.0]);
    limited(&mut scenario, 2.0, |l| l.measure = Measure::Families);
    assert_eq!(given(scenario), [0, 1, 2, 3]);
}

#[test]
fn a_limit_in_points_lets_a_light_case_pass_a_heavy_one() {
    let families = [(0.0, 1, 1), (1.0, 1, 1), (2.0, 1, 0)];
    let mut scenario = weighted(1, &families, &[1.0, 3.0]);
    limited(&mut scenario, 4.0, |l| l.measure = Measure::Points);
    assert_eq!(given(scenario), [0, 2]);
}

#[test]
fn a_limit_in_hours_is_held_against_the_worker_s_own_supply() {
    // 37 hours, half of them direct: 18.5, and 6 hours a case.
    let families = [(0.0, 1, 0); 5];
    for (value, expected) in [(1.0, 3), (0.97, 2), (1.3, 4)] {
        let mut scenario = listed(1, &families, &[(100.0, 6.0, 0)], 1);
        limited(&mut scenario, value, |l| l.measure = Measure::Hours);
        assert_eq!(given(scenario).len(), expected, "{value}");
    }
}

#[test]
fn a_sibling_in_hours_counts_its_share_where_the_family_is_held() {
    // 6 hours and twice 3 for the siblings: 12 of 18.5; another family of one needs 6 and fits, one more does not.
    let families = [(0.0, 3, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(100.0, 6.0, 0)], 1);
    scenario.referrals.sibling_hours = 0.5;
    limited(&mut scenario, 1.0, |l| l.measure = Measure::Hours);
    assert_eq!(given(scenario), [0, 1, 2, 3]);
}

#[test]
fn a_mean_lets_one_worker_go_over_and_counts_the_others_loads() {
    // A family of four stands with one of two workers: the mean is at its limit of 2 though the other has none.
    let families = [(0.0, 4, 0), (1.0, 1, 0)];
    for (level, expected) in [
        (Level::Worker, 5),
        (Level::TeamMean, 4),
        (Level::ServiceMean, 4),
    ] {
        let mut scenario = weighted(2, &families, &[1.0]);
        limited(&mut scenario, 2.0, |l| l.level = level);
        assert_eq!(given(scenario).len(), expected, "{level:?}");
    }
    // Three in all under a mean of 2: the third goes to a worker although it is the second of that one alone.
    let mut scenario = weighted(2, &[(0.0, 3, 0), (1.0, 1, 0)], &[1.0]);
    limited(&mut scenario, 2.0, |l| l.level = Level::TeamMean);
    assert_eq!(given(scenario).len(), 4);
}

#[test]
fn a_sub_cap_holds_back_one_kind_of_work_alone() {
    let families = [(0.0, 1, 1), (1.0, 1, 1), (2.0, 1, 0)];
    let mix = |most| Mix {
        stages: vec![false, true],
        most,
    };
    let mut scenario = weighted(1, &families, &[1.0, 2.0]);
    limited(&mut scenario, 9.0, |l| l.mix = vec![mix(Most::Cases(1.0))]);
    assert_eq!(given(scenario), [0, 2]);
    let mut scenario = weighted(1, &families, &[1.0, 2.0]);
    limited(&mut scenario, 9.0, |l| {
        l.measure = Measure::Points;
        l.mix = vec![mix(Most::ShareOfPoints(0.25))];
    });
    assert_eq!(given(scenario), [0, 2]);
    // Without a number the mix is all that is limited.
    let mut scenario = weighted(1, &families, &[1.0, 2.0]);
    limited(&mut scenario, 9.0, |l| {
        l.value = Value::Unlimited;
        l.mix = vec![mix(Most::Cases(1.0))];
    });
    assert_eq!(given(scenario), [0, 2]);
}

#[test]
fn above_what_is_tolerated_the_longest_unallocated_is_given_out_regardless() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0)];
    let tolerated = |cases| {
        let mut scenario = weighted(1, &families, &[1.0]);
        limited(&mut scenario, 1.0, |l| {
            l.tolerates = Some(Tolerance {
                cases,
                per: Per::Service,
            });
        });
        play(scenario).givings()
    };
    assert_eq!(tolerated(1.0), [(0.0, 0), (2.0, 1), (3.0, 2)]);
    assert_eq!(tolerated(0.0), [(0.0, 0), (1.0, 1), (2.0, 2), (3.0, 3)]);
}

#[test]
fn a_family_that_may_not_pass_the_limit_is_split_in_the_end() {
    // 2 January 2025 is a Thursday: two working days after it end with Monday the 6th, day 5.
    let mut scenario = weighted(1, &[(0.0, 1, 0), (1.0, 2, 0)], &[1.0]);
    limited(&mut scenario, 2.0, |l| {
        (l.family_overshoot, l.split_after_working_days) = (Some(0.0), 2);
    });
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (6.0, 1)]);
    assert_eq!(played.whole(Metric::FamilyOvershoot), 0.0);
    let mut scenario = weighted(1, &[(0.0, 1, 0), (1.0, 2, 0)], &[1.0]);
    limited(&mut scenario, 2.0, |l| l.family_overshoot = Some(1.0));
    assert_eq!(given(scenario), [0, 1, 2]);
}

#[test]
fn a_limit_lapses_while_too_many_posts_are_vacant() {
    let lapsed = |above| {
        let mut scenario = weighted(2, &[(0.0, 1, 0), (1.0, 1, 0)], &[1.0]);
        scenario.posts[0].filled = 1;
        limited(&mut scenario, 1.0, |l| {
            l.suspended_when = Some(Trigger {
                above,
                until_below: above,
                per: Per::Team,
            });
        });
        play(scenario)
    };
    assert_eq!(lapsed(0.4).givings(), [(0.0, 0), (1.0, 1)]);
    assert_eq!(lapsed(0.4).whole(Metric::LimitLapsed), 1.0);
    assert_eq!(lapsed(0.5).givings(), [(0.0, 0)]);
    assert_eq!(lapsed(0.5).whole(Metric::LimitLapsed), 0.0);
}

#[test]
fn what_is_never_queued_goes_out_between_meetings_and_over_the_limit() {
    // The next Monday after Wednesday 1 January is day 5.
    let families = [(0.0, 1, 0), (1.0, 1, 1), (2.0, 2, 0)];
    let mut scenario = weighted(1, &families, &[1.0, 1.0]);
    limited(&mut scenario, 1.0, |_| {});
    choices(&mut scenario).never_queue = vec![false, true];
    phase(&mut scenario).meeting = Meeting::Weekly { weekday: 0 };
    let played = play(scenario);
    assert_eq!(played.givings(), [(1.0, 1)]);
    assert_eq!(played.whole(Metric::AllocatedOverLimit), 0.0);
}

#[test]
fn round_robin_goes_on_where_it_stopped() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0), (3.0, 1, 0)];
    let mut scenario = weighted(3, &families, &[1.0]);
    choices(&mut scenario).allocation = Allocation::RoundRobin;
    scenario.stages[0].work.as_mut().unwrap().duration = fixed(0.5);
    assert_eq!(to_whom(scenario.clone()), [(0, 0), (1, 1), (2, 2), (3, 0)]);
    choices(&mut scenario).allocation = Allocation::Matched { heavy_from: 9.0 };
    assert_eq!(to_whom(scenario), [(0, 0), (1, 0), (2, 0), (3, 0)]);
}

/// Null: each of four idle workers is as likely. 2,000 draws; a share is off by more than 4.5 standard errors with
/// probability below 3 in 100,000 for the four together.
#[test]
fn at_random_everyone_is_as_likely() {
    let mut scenario = weighted(4, &[(0.0, 1, 0)], &[1.0]);
    choices(&mut scenario).allocation = Allocation::Random;
    let mut counts = [0.0_f64; 4];
    for replication in 0..2000 {
        let played = play_policy(scenario.clone(), 0, replication);
        let worker = played.marks(What::Held).next().unwrap().worker;
        counts[worker as usize] += 1.0;
    }
    let error = (2000.0_f64 * 0.25 * 0.75).sqrt();
    assert!(
        counts.iter().all(|n| ((n - 500.0) / error).abs() < 4.5),
        "{counts:?}"
    );
}

#[test]
fn a_heavy_case_goes_to_the_longest_in_post() {
    let families = [(0.0, 1, 1), (1.0, 1, 1), (2.0, 1, 0)];
    let mut scenario = weighted(3, &families, &[1.0, 2.0]);
    let mut old = scenario.posts[0].clone();
    (scenario.posts[0].count, scenario.posts[0].filled) = (2, 2);
    (old.count, old.filled, old.months_in_post) = (1, 1, fixed(90.0));
    scenario.posts.push(old);
    choices(&mut scenario).allocation = Allocation::Matched { heavy_from: 2.0 };
    limited(&mut scenario, 1.0, |_| {});
    assert_eq!(to_whom(scenario), [(0, 2), (1, 0), (2, 1)]);
}

/// Null: with an error of 1 on loads of 1 and 2 the heavier loaded looks the lighter with probability
/// P(Z > log 2 / sqrt 2) = 0.312. 2,000 plays; beyond 4 standard errors about 6 in 100,000.
#[test]
fn a_manager_with_an_error_takes_the_more_loaded_for_the_less_loaded_at_its_known_rate() {
    let families = [(0.0, 1, 0), (0.0, 1, 0), (0.0, 1, 0), (5.0, 1, 0)];
    let mut scenario = weighted(2, &families, &[1.0]);
    choices(&mut scenario).allocation = Allocation::Perceived { error: 1.0 };
    // The first three are given by an exact view: two to worker 0, one to worker 1.
    let mut later = scenario.policies[0].phases[0].clone();
    later.from = 4.0;
    choices(&mut scenario).allocation = Allocation::Perceived { error: 0.0 };
    scenario.policies[0].phases.push(later);
    let (n, mut wrong) = (2000, 0.0);
    for replication in 0..n {
        let played = play_policy(scenario.clone(), 0, replication);
        let last = played.marks(What::Held).last().unwrap().worker;
        wrong += f64::from(u8::from(last == 0));
    }
    let p = 0.3120_f64;
    let z = (wrong / f64::from(n as u32) - p) / (p * (1.0 - p) / f64::from(n as u32)).sqrt();
    assert!(z.abs() < 4.0, "{wrong} of {n}");
}

#[test]
fn one_who_declines_is_passed_over_and_asked_again_at_the_next_meeting() {
    // Whoever has a case declines: the third case waits until one of ten days ends.
    let families = [(0.0, 1, 0), (0.0, 1, 0), (0.0, 1, 0)];
    let mut scenario = listed(2, &families, &[(10.0, 1.0, 0)], 1);
    choices(&mut scenario).discussion = Some(Discussion { from: 0.0, to: 0.0 });
    phase(&mut scenario).meeting = Meeting::Daily;
    let played = play(scenario);
    // Given at the meetings of Wednesday the 1st (day 0); over at day 10, a Saturday; the next meeting is day 12.
    assert_eq!(played.givings(), [(0.0, 0), (0.0, 1), (12.0, 2)]);
    // Days 0, 1, 2, 5, 6, 7, 8 and 9: two workers each.
    assert_eq!(played.whole(Metric::Declined), 16.0);
}

#[test]
fn a_unit_that_has_long_fitted_nobody_goes_to_a_team_that_helps_out_and_comes_back_home() {
    let families = [(0.0, 1, 0), (0.5, 1, 0)];
    let mut scenario = weighted(1, &families, &[1.0]);
    scenario.area_names = vec!["north".into(), "south".into()];
    scenario.areas = Discrete::new(vec![(0, 1.0), (1, 0.0)]).unwrap();
    scenario.teams.push(Team {
        area: 1,
        ..scenario.teams[0].clone()
    });
    let mut south = scenario.posts[0].clone();
    south.team = 1;
    scenario.posts.push(south);
    limited(&mut scenario, 1.0, |_| {});
    assert_eq!(given(scenario.clone()), [0]);
    // Two working days after Wednesday the 1st end with Friday the 3rd, day 2.
    choices(&mut scenario).lend_after_working_days = Some(2);
    let played = play(scenario);
    assert_eq!(played.givings(), [(0.0, 0), (3.0, 1)]);
    let held: Vec<_> = played.marks(What::Held).map(|m| m.worker).collect();
    assert_eq!(held, [0, 1]);
    near(played.whole(Metric::Unallocated), 2.5 / 31.0);
}

#[test]
fn a_case_on_a_manager_s_desk_stays_on_the_list_and_is_worked_a_little() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(10.0, 4.0, 0)], 1);
    limited(&mut scenario, 0.5, |_| {});
    scenario.managers = Some(Managers {
        span: 6.0,
        supervision_hours_per_week: Some(20.0),
    });
    phase(&mut scenario).manager_holds = Some(ManagerHolds {
        units: 1,
        speed: 0.5,
        per: Per::Service,
    });
    let played = play(scenario);
    // One manager for one post: the first case is worked at half speed, then the second, then the third.
    assert_eq!(played.closings(), [(20.0, 0)]);
    assert!(played.givings().is_empty());
    near(played.whole(Metric::ManagerHeld), 1.0);
    near(
        played.whole(Metric::Unallocated),
        (20.0 + 30.0 + 29.0) / 31.0,
    );
    near(
        played.whole(Metric::UnallocatedReported),
        (20.0 + 30.0 + 29.0 - 31.0) / 31.0,
    );
    // 20 hours less the 2 that the desk takes, for one worker, in a month of 365.25 / 12 days.
    near(
        played.whole(Metric::Supervision),
        18.0 / 7.0 * 365.25 / 12.0,
    );
    near(
        played.whole(Metric::NeedMet),
        31.0 * 0.5 / (20.0 + 30.0 + 29.0),
    );
}

#[test]
fn while_too_many_wait_families_are_turned_away_and_come_again() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 2, 0)];
    let mut scenario = weighted(1, &families, &[1.0, 1.0]);
    limited(&mut scenario, 1.0, |_| {});
    phase(&mut scenario).threshold = Some(Threshold {
        waiting: Trigger {
            above: 0.0,
            until_below: 0.0,
            per: Per::Team,
        },
        screened_out: 1.0,
        screens_returns: false,
        comes_back: Some(ComesBack {
            share: 1.0,
            delay: fixed(5.0),
            stage: 1,
        }),
    });
    let played = play(scenario.clone());
    assert_eq!(played.whole(Metric::Referrals), 4.0);
    assert_eq!(played.whole(Metric::ScreenedOut), 2.0);
    assert_eq!(played.whole(Metric::CameAgain), 2.0);
    assert_eq!(played.whole(Metric::Returns), 0.0);
    let opened: Vec<_> = played
        .marks(What::Opened)
        .map(|m| (m.time, m.stage))
        .collect();
    assert_eq!(opened, [(0.0, 0), (1.0, 0), (7.0, 1), (7.0, 1)]);
    // Where returns are screened too, they are turned away again, and again.
    if let Some(threshold) = &mut phase(&mut scenario).threshold {
        threshold.screens_returns = true;
    }
    let played = play(scenario);
    // At days 2, 7, 12, 17, 22 and 27.
    assert_eq!(played.whole(Metric::ScreenedOut), 12.0);
    assert_eq!(played.marks(What::Opened).count(), 2);
}

#[test]
fn help_comes_after_its_lead_and_goes_when_few_wait() {
    let families = [(0.0, 1, 0), (0.5, 1, 0), (0.5, 1, 0), (0.5, 1, 0)];
    let mut scenario = listed(1, &families, &[(8.0, 0.0, 0)], 1);
    scenario.grades[0].notice = fixed(3.0);
    limited(&mut scenario, 1.0, |_| {});
    phase(&mut scenario).relief = Some(Relief {
        workers: 1,
        grade: 0,
        above: 2.0,
        waited_days: 3.0,
        lead_days: 2.0,
        until_below: 1.0,
        per: Per::Service,
    });
    let played = play(scenario);
    // Three have waited three days at the review of day 4; help comes on day 6 and takes the first of them. At day 8
    // the worker is free for the second; at day 14 the helper for the third, and from the review of day 15 nobody
    // waits: three days' notice, and its case is given back at day 18.
    let expected = [(0.0, 0), (6.0, 1), (8.0, 2), (14.0, 3), (18.0, 3)];
    assert_eq!(played.givings(), expected);
    assert_eq!(played.whole(Metric::AgencyLeavers), 1.0);
    assert_eq!(played.whole(Metric::Leavers), 0.0);
}

#[test]
fn help_of_an_old_rule_goes_when_another_begins() {
    let families = [(0.0, 1, 0), (0.5, 1, 0), (0.5, 1, 0)];
    let mut scenario = listed(1, &families, &[(60.0, 0.0, 0)], 1);
    scenario.grades[0].notice = fixed(3.0);
    limited(&mut scenario, 1.0, |_| {});
    let relief = Relief {
        workers: 1,
        grade: 0,
        above: 1.0,
        waited_days: 3.0,
        lead_days: 2.0,
        until_below: 1.0,
        per: Per::Service,
    };
    phase(&mut scenario).relief = Some(relief);
    let mut later = scenario.policies[0].phases[0].clone();
    later.from = 7.0;
    later.relief = Some(Relief {
        above: 99.0,
        ..relief
    });
    scenario.policies[0].phases.push(later);
    let played = play(scenario);
    // Two have waited three days at the review of day 4; help comes on day 6, gives notice on day 7, goes on day 10.
    assert_eq!(played.givings(), [(0.0, 0), (6.0, 1)]);
    assert_eq!(played.waitings().last(), Some(&(10.0, 1)));
    assert_eq!(played.whole(Metric::AgencyLeavers), 1.0);
}

#[test]
fn a_team_has_its_own_limit() {
    let families = [(0.0, 1, 0), (0.0, 1, 0), (0.0, 1, 1), (0.0, 1, 1)];
    let mut scenario = weighted(1, &families, &[1.0, 1.0]);
    let mut other = scenario.teams[0].clone();
    (scenario.teams[0].takes, other.takes) = (vec![0], vec![1]);
    scenario.teams.push(other);
    let mut posts = scenario.posts[0].clone();
    posts.team = 1;
    scenario.posts.push(posts);
    limited(&mut scenario, 1.0, |_| {});
    let mut own = choices(&mut scenario).clone();
    own.limit = limit(2.0, None);
    phase(&mut scenario).teams = vec![None, Some(own)];
    assert_eq!(given(scenario), [0, 2, 3]);
}
