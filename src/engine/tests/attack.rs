//! Edges of the policies: room that comes by other ways than a closed case, rules that meet within an instant, and a
//! loss system that theory knows.
use super::play;
use crate::engine::sample::{limit, listed, service};
use crate::model::law::Discrete;
use crate::model::pathway::Next;
use crate::policy::limit::{Limit, Measure, Mix, Most, Value};
use crate::scenario::sections::Scenario;

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
