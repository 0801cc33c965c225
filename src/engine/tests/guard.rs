//! A replication that is asked to stop, and one in which time stands still.

use std::sync::atomic::AtomicBool;

use super::same_bits;
use crate::engine::guard::Unfinished;
use crate::engine::replication::{Arena, replicate};
use crate::engine::sample::{fixed, limit, listed, service};
use crate::engine::world::World;
use crate::policy::threshold::{ComesBack, Threshold};
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Opening, Scenario};

fn replicated(
    scenario: Scenario,
    is_stopped: bool,
    arena: &mut Arena,
) -> (Result<(), Unfinished>, Vec<f64>) {
    let world = World::new(scenario);
    let mut record = vec![0.0; world.layout.len()];
    let stop = AtomicBool::new(is_stopped);
    let played = replicate(&world, 0, 1, 0, arena, &mut record, &stop);
    (played, record)
}

#[test]
fn families_screened_out_who_come_again_at_once_end_with_a_named_error() {
    let families = [(0.0, 1, 0), (1.0, 1, 0), (2.0, 1, 0)];
    let mut scenario = listed(1, &families, &[(1000.0, 1.0, 0)], 1);
    let phase = &mut scenario.policies[0].phases[0];
    phase.service.limit = limit(1.0, None);
    phase.threshold = Some(Threshold {
        waiting: Trigger {
            above: 0.5,
            until_below: 0.5,
            per: Per::Service,
        },
        screened_out: 1.0,
        screens_returns: true,
        comes_back: Some(ComesBack {
            share: 1.0,
            delay: fixed(0.0),
            stage: 0,
        }),
    });
    let (played, _) = replicated(scenario, false, &mut Arena::new());
    let Err(Unfinished::Endless(endless)) = played else {
        panic!("{played:?}");
    };
    assert_eq!(endless.day, 2.0);
    assert!(endless.what.contains("return"), "{endless}");
    assert!(
        endless.to_string().contains("duration above 0"),
        "{endless}"
    );
}

#[test]
fn a_replication_that_is_asked_to_stop_leaves_nothing_behind_in_the_arena() {
    let many = || {
        let mut scenario = service(100, 2.0, 30.0, 2);
        scenario.opening = Opening::Counts(vec![20_000]);
        scenario
    };
    let mut used = Arena::new();
    assert_eq!(
        replicated(many(), true, &mut used).0,
        Err(Unfinished::Stopped)
    );
    let (played, again) = replicated(many(), false, &mut used);
    let (_, fresh) = replicated(many(), false, &mut Arena::new());
    assert_eq!(played, Ok(()));
    assert!(same_bits(&again, &fresh));
}
