//! The same luck for every policy, and the same bits whatever was played before.

use std::sync::atomic::AtomicBool;

use super::{play, play_policy, same_bits};
use crate::engine::play::What;
use crate::engine::replication::{Arena, replicate};
use crate::engine::sample::{levels, limit, replay, service};
use crate::engine::tests::invariant::any_scenario;
use crate::engine::world::World;
use crate::model::law::{Discrete, Law};
use crate::scenario::sections::Arrivals;

#[test]
fn what_an_arena_played_before_changes_nothing() {
    let worlds: Vec<_> = (0..12).map(|seed| World::new(any_scenario(seed))).collect();
    let mut used = Arena::new();
    for round in 0..2 {
        for world in &worlds {
            let (mut fresh, mut again) =
                (vec![0.0; world.layout.len()], vec![0.0; world.layout.len()]);
            replicate(
                world,
                0,
                4,
                round,
                &mut Arena::new(),
                &mut fresh,
                &AtomicBool::new(false),
            )
            .unwrap();
            replicate(
                world,
                0,
                4,
                round,
                &mut used,
                &mut again,
                &AtomicBool::new(false),
            )
            .unwrap();
            assert!(same_bits(&fresh, &again));
        }
    }
}

#[test]
fn a_policy_alone_has_the_record_that_it_has_among_others() {
    for seed in 0..6 {
        let alone = any_scenario(seed);
        let mut among = alone.clone();
        let mut other = among.policies[0].clone();
        other.phases[0].service.limit = limit(2.0, None);
        // The first policy stays first: the warm-up belongs to it.
        among.policies.push(other);
        let mut last = alone.policies[0].clone();
        last.name = "the same again".into();
        among.policies.push(last);
        let expected = play(alone).record;
        assert!(same_bits(
            &expected,
            &play_policy(among.clone(), 0, 0).record
        ));
        assert!(same_bits(&expected, &play_policy(among, 2, 0).record));
    }
}

/// What a case did, apart from its number and worker: (time, what, stage).
fn history(trace: &[crate::engine::play::Mark], identity: u64) -> Vec<(f64, What, u16)> {
    trace
        .iter()
        .filter(|m| m.identity == identity && !matches!(m.what, What::Due(_) | What::Round))
        .map(|m| (m.time, m.what, m.stage))
        .collect()
}

#[test]
fn a_referral_that_can_touch_nobody_else_leaves_every_other_history_as_it_was() {
    let mut scenario = service(400, 1.0, 1.0, 12);
    levels(&mut scenario);
    for stage in &mut scenario.stages {
        stage.hours_per_week = 1.0;
    }
    let mut families: Vec<_> = (0..500)
        .map(|n| (f64::from(n) * 0.7, 1, n as usize % 3))
        .collect();
    scenario.referrals.arrivals = replay(&families);
    scenario.grades[0].leave.clear();
    let before = play(scenario.clone()).trace;
    // One more, last in the file and early in time.
    families.push((20.05, 2, 1));
    scenario.referrals.arrivals = replay(&families);
    let after = play(scenario).trace;
    let mut identities: Vec<_> = before
        .iter()
        .filter(|m| m.what == What::Opened)
        .map(|m| m.identity)
        .collect();
    identities.sort_unstable();
    identities.dedup();
    assert!(identities.len() > 1000);
    for identity in identities {
        assert_eq!(history(&before, identity), history(&after, identity));
    }
}

#[test]
fn what_happens_in_one_area_leaves_the_other_as_it_was() {
    let base = any_scenario(3);
    let mut scenario = base.clone();
    scenario.areas = Discrete::new(vec![(0, 0.5), (1, 0.5)]).unwrap();
    scenario.area_names = vec!["north".into(), "south".into()];
    let all: Vec<usize> = (0..scenario.stages.len()).collect();
    scenario.teams.truncate(1);
    scenario.teams[0].area = 0;
    scenario.teams[0].takes = all;
    let mut south = scenario.teams[0].clone();
    south.area = 1;
    scenario.teams.push(south);
    scenario.posts.truncate(1);
    scenario.posts[0].team = 0;
    let mut posts = scenario.posts[0].clone();
    posts.team = 1;
    scenario.posts.push(posts);
    // Agency places and the attraction of a light load are shared by the service: without them.
    scenario.agency = None;
    if let Some(recruitment) = &mut scenario.recruitment {
        (recruitment.attraction, recruitment.intakes) = (None, vec![]);
    }
    let north = scenario.posts[0].count as u32;
    let mut other = scenario.clone();
    other.posts[1].filled = 0;
    let (one, two) = (play(scenario).trace, play(other).trace);
    let of_north = |trace: &[crate::engine::play::Mark]| {
        trace
            .iter()
            .filter(|m| matches!(m.what, What::Held | What::LetGo) && m.worker < north)
            .map(|m| (m.time, m.what, m.worker, m.case, m.stage))
            .collect::<Vec<_>>()
    };
    assert!(of_north(&one).len() > 20);
    assert_eq!(of_north(&one), of_north(&two));
}

#[test]
fn two_policies_meet_the_same_families_on_the_same_days() {
    let mut scenario = any_scenario(5);
    scenario.returns = None;
    if let Arrivals::Poisson { overdispersion, .. } = &mut scenario.referrals.arrivals {
        *overdispersion = 0.3;
    }
    scenario.calendar = service(1, 1.0, 1.0, 8).calendar;
    let mut hard = scenario.policies[0].clone();
    hard.phases[0].service.limit = limit(1.0, None);
    scenario.policies[0].phases[0].service.limit = None;
    scenario.policies.push(hard);
    let arrivals = |policy| -> Vec<_> {
        let played = play_policy(scenario.clone(), policy, 7);
        let opened = played.marks(What::Opened);
        opened.map(|m| (m.time, m.identity, m.stage)).collect()
    };
    assert!(arrivals(0).len() > 50);
    assert_eq!(arrivals(0), arrivals(1));
}

#[test]
fn a_case_needs_as_long_in_a_stage_under_every_policy() {
    // One worker, no hours: the time from allocation to closing is the work alone.
    let mut scenario = service(1, 0.2, 30.0, 24);
    scenario.stages[0].work.as_mut().unwrap().duration = Law::lognormal(30.0, 0.8);
    let mut hard = scenario.policies[0].clone();
    hard.phases[0].service.limit = limit(4.0, None);
    scenario.policies.push(hard);
    let durations = |policy| -> Vec<(u64, f64)> {
        let trace = play_policy(scenario.clone(), policy, 2).trace;
        let mut found: Vec<_> = trace
            .iter()
            .filter(|m| m.what == What::Closed)
            .map(|m| {
                let held = trace
                    .iter()
                    .find(|h| h.what == What::Held && h.identity == m.identity);
                (m.identity, m.time - held.unwrap().time)
            })
            .collect();
        found.sort_by_key(|pair| pair.0);
        found
    };
    let (free, capped) = (durations(0), durations(1));
    let mut both = 0;
    for (identity, days) in &capped {
        if let Some((_, same)) = free.iter().find(|pair| pair.0 == *identity) {
            assert!((days - same).abs() < 1e-9);
            both += 1;
        }
    }
    assert!(both > 50 && capped.len() < free.len());
}
