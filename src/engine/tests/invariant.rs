//! What holds in every service: cases are conserved, limits kept, shares are shares, averages are integrals.

use std::collections::BTreeMap;

use super::{Played, play_policy, same_bits};
use crate::engine::play::{Moment, What};
use crate::engine::sample::{fixed, limit, service, stage};
use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::model::calendar::Calendar;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Deadline, DeadlineOf, Next, Risk};
use crate::model::post::{LeaveStep, Promotion, RampStep};
use crate::policy::meeting::Meeting;
use crate::scenario::sections::*;
use jiff::civil::date;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

fn any_law(rng: &mut StdRng, mean: f64) -> Law {
    match rng.random_range(0..6) {
        0 => fixed(mean.round()),
        1 => Law::gamma(mean, 0.7),
        2 => Law::lognormal(mean, 0.9),
        3 => Law::Weibull {
            shape: 1.5,
            scale: mean,
        },
        4 => Law::Empirical {
            values: Discrete::new(vec![(0.0, 0.1), (mean, 0.6), (2.0 * mean, 0.3)]).unwrap(),
        },
        _ => Law::Exponential { mean },
    }
}

/// A small service with features switched on at random.
pub(super) fn any_scenario(seed: u64) -> Scenario {
    let mut rng = StdRng::seed_from_u64(seed);
    let rng = &mut rng;
    let mut scenario = service(rng.random_range(0..5), rng.random_range(0.2..1.5), 20.0, 1);
    let holidays = [date(2025, 1, 1), date(2025, 5, 5), date(2025, 12, 25)];
    scenario.calendar = Calendar::new(
        date(2025, rng.random_range(1..=12), 1),
        rng.random_range(0..3),
        rng.random_range(1..9),
        &holidays,
    )
    .unwrap();
    if let Arrivals::Poisson {
        overdispersion,
        working_days_only,
        growth_per_year,
        ..
    } = &mut scenario.referrals.arrivals
    {
        *overdispersion = if rng.random_bool(0.5) { 0.2 } else { 0.0 };
        *working_days_only = rng.random_bool(0.5);
        *growth_per_year = rng.random_range(-0.3..0.5);
    }
    scenario.referrals.family_size = Discrete::new(vec![(1, 0.6), (2, 0.3), (5, 0.1)]).unwrap();
    scenario.referrals.sibling_hours = rng.random_range(0.0..=1.0);
    scenario.referrals.first_stage = Discrete::new(vec![(0, 0.7), (1, 0.3)]).unwrap();
    scenario.stages = (0..3)
        .map(|at| {
            let then = match at {
                0 => vec![(Next::Stage(1), 0.5), (Next::Closed, 0.5)],
                1 => vec![(Next::Stage(2), 0.3), (Next::Closed, 0.7)],
                _ => vec![(Next::Closed, 1.0)],
            };
            let mean = rng.random_range(5.0..40.0);
            let mut stage = stage("stage", any_law(rng, mean), then);
            stage.hours_per_week = rng.random_range(0.0..5.0);
            stage.priority = rng.random_range(-1..2);
            if let Some(work) = &mut stage.work {
                work.paced = rng.random_bool(0.8);
            }
            if rng.random_bool(0.4) {
                stage.risks.push(Risk {
                    duration: any_law(rng, 60.0),
                    to: if at < 2 { Next::Stage(2) } else { Next::Closed },
                    unmet_effect: [0.0, 1.0, 2.5][rng.random_range(0..3)],
                });
            }
            if rng.random_bool(0.3) {
                stage.withdraws = Some(any_law(rng, 50.0));
            }
            if rng.random_bool(0.5) {
                stage.deadline = Some(Deadline {
                    working_days: rng.random_range(0..15),
                    of: [DeadlineOf::Work, DeadlineOf::Allocation][rng.random_range(0..2)],
                });
            }
            stage
        })
        .collect();
    scenario.teams[0].takes = vec![0, 1, 2];
    if rng.random_bool(0.4) {
        let mut other = scenario.teams[0].clone();
        (scenario.teams[0].takes, other.takes) = (vec![0, 1], vec![2]);
        scenario.teams.push(other);
        let mut posts = scenario.posts[0].clone();
        posts.team = 1;
        scenario.posts.push(posts);
    }
    scenario.opening = Opening::Counts((0..3).map(|_| rng.random_range(0..12)).collect());
    scenario.handover_days = if rng.random_bool(0.5) { 6.0 } else { 0.0 };
    if rng.random_bool(0.6) {
        scenario.returns = Some(Return {
            probability: 0.4,
            unmet_effect: 1.0,
            delay: any_law(rng, 30.0),
            to: Discrete::certain(0),
            to_same_worker: rng.random_bool(0.5),
        });
        scenario.closed_lately_per_month = 5.0;
    }
    let mut novice = scenario.grades[0].clone();
    novice.hours_per_week = 25.9;
    novice.becomes = Some(Promotion {
        grade: 0,
        after_months: 4.0,
    });
    novice.ramp = [(0.0, 0.4, 0.3), (2.0, 0.8, 0.9)]
        .map(|(from_month, output, limit)| RampStep {
            from_month,
            output,
            limit,
        })
        .to_vec();
    scenario.grades.push(novice);
    for grade in &mut scenario.grades {
        grade.absences_per_year = rng.random_range(0.0..3.0);
        grade.leave = vec![LeaveStep {
            from_year: 0.0,
            per_year: rng.random_range(0.0..2.0),
        }];
        grade.notice = any_law(rng, 20.0);
    }
    for posts in &mut scenario.posts {
        posts.filled = rng.random_range(0..=posts.count);
        posts.grade = rng.random_range(0..2);
        posts.months_in_post = Law::Exponential { mean: 10.0 };
    }
    if rng.random_bool(0.7) {
        scenario.absence = Some(Absence {
            spell: any_law(rng, 12.0),
            cover_after_days: rng.random_bool(0.5).then_some(10.0),
        });
    }
    if rng.random_bool(0.8) {
        scenario.recruitment = Some(Recruitment {
            time_to_fill: any_law(rng, 40.0),
            grade: Discrete::new(vec![(0, 0.5), (1, 0.5)]),
            intakes: vec![Intake {
                month_of_year: rng.random_range(1..=12),
                people: 2,
                grade: 1,
            }],
            attraction: rng.random_bool(0.5).then_some(Attraction {
                b_per_case: 0.1,
                reference: 8.0,
            }),
        });
    }
    if rng.random_bool(0.6) {
        scenario.agency = Some(Agency {
            grade: rng.random_range(0..2),
            lead: any_law(rng, 10.0),
            max_share: [0.0, 0.3, 1.0][rng.random_range(0..3)],
            overlap_days: [0.0, 14.0][rng.random_range(0..2)],
        });
    }
    scenario.strain.gain = 1.4;
    scenario.strain.tau_days = [0.0, 91.0][rng.random_range(0..2)];
    scenario.strain.b_leave = 0.3;
    scenario.strain.b_absence = 0.2;
    scenario.strain.frailty = rng.random_range(0.0..1.0);
    scenario.overload = Overload {
        loss: rng.random_range(0.0..0.5),
        floor: 0.7,
        overtime_max: rng.random_range(0.0..0.3),
        toil_back: 0.5,
        toil_max_hours: rng.random_bool(0.5).then_some(20.0),
        thin: rng.random_range(0.4..=1.0),
        speed_max: 1.0,
        serve_by_priority: rng.random_bool(0.4),
    };
    let policy = &mut scenario.policies[0];
    if rng.random_bool(0.7) {
        let patience = rng.random_bool(0.5).then(|| any_law(rng, 10.0));
        policy.phases[0].service.limit = limit(rng.random_range(1.0..9.0), patience);
    }
    policy.phases[0].meeting = match rng.random_range(0..3) {
        0 => Meeting::AtOnce,
        1 => Meeting::Daily,
        _ => Meeting::Weekly {
            weekday: rng.random_range(0..5),
        },
    };
    policy.phases[0].service.order.transfers_first = rng.random_bool(0.5);
    policy.phases[0].service.order.rises_after_working_days = rng.random_bool(0.5).then_some(5);
    scenario
}

#[derive(Clone, Copy, PartialEq)]
enum Where {
    Away,
    Free,
    Waiting,
    Held(u32),
    Closing(u32),
}

/// Walks through all that happened and holds the record against it.
fn holds(played: &Played) {
    let scenario = &played.world.scenario;
    let calendar = &scenario.calendar;
    let is_hard = scenario.policies[0].phases[0]
        .service
        .limit
        .as_ref()
        .is_some_and(|limit| limit.patience.is_none());
    let has_families = scenario.referrals.family_size.mean_by(|n| *n as f64) > 1.0;
    let mut cases: BTreeMap<u32, Where> = BTreeMap::new();
    let mut caseloads: BTreeMap<u32, f64> = BTreeMap::new();
    let (mut open, mut waiting) = (0.0, 0.0);
    let (mut opened, mut closed) = (vec![0.0; 100], vec![0.0; 100]);
    let mut integrals = vec![[0.0; 2]; calendar.months.len()];
    let (mut month, mut time) = (0, 0.0);
    for mark in &played.trace {
        assert!(mark.time >= time, "time goes on");
        integrals[month][0] += open * (mark.time - time);
        integrals[month][1] += waiting * (mark.time - time);
        time = mark.time;
        let place = cases.entry(mark.case).or_insert(Where::Away);
        match mark.what {
            What::Due(moment) if moment == Moment::MonthEnd as u8 => month += 1,
            What::Due(_) | What::Round => {}
            What::Opened => {
                assert!(*place == Where::Away);
                (*place, open) = (Where::Free, open + 1.0);
                opened[month] += 1.0;
            }
            What::Waits => {
                assert!(*place == Where::Free);
                (*place, waiting) = (Where::Waiting, waiting + 1.0);
            }
            What::Held => {
                if *place == Where::Waiting {
                    waiting -= 1.0;
                }
                assert!(matches!(*place, Where::Waiting | Where::Free));
                let load = caseloads.entry(mark.worker).or_insert(0.0);
                assert_eq!(*load, mark.load);
                *load += 1.0;
                assert!(mark.may_be_asked);
                if is_hard && !has_families && mark.time > 0.0 {
                    assert!(*load <= mark.limit + 1e-6, "the limit is kept");
                }
                *place = Where::Held(mark.worker);
            }
            What::LetGo => {
                *caseloads.get_mut(&mark.worker).unwrap() -= 1.0;
                let is_closing = *place == Where::Closing(mark.worker);
                assert!(is_closing || *place == Where::Held(mark.worker));
                *place = if is_closing { Where::Away } else { Where::Free };
            }
            What::Closed => {
                if *place == Where::Waiting {
                    waiting -= 1.0;
                }
                open -= 1.0;
                // One with a worker is let go next.
                *place = match *place {
                    Where::Held(worker) => Where::Closing(worker),
                    _ => Where::Away,
                };
                closed[month] += 1.0;
            }
        }
    }
    for (row, month) in calendar.reported().iter().enumerate() {
        let at = row + calendar.warm_up_months;
        let days = month.ends - month.begins;
        for (metric, sum) in [
            (Metric::OpenCases, integrals[at][0]),
            (Metric::Unallocated, integrals[at][1]),
        ] {
            let average = played.month(row, metric);
            assert!(
                (average - sum / days).abs() < 1e-7,
                "{metric:?}: {average}, {}",
                sum / days
            );
        }
        let ended = played.month(row, Metric::Closures) + played.month(row, Metric::Withdrawals);
        let came = played.month(row, Metric::Referrals) + played.month(row, Metric::Returns);
        assert_eq!(ended, closed[at]);
        if at > 0 {
            assert_eq!(came, opened[at]);
        }
    }
    let columns = played.world.layout.columns();
    for (at, value) in played.record.iter().enumerate() {
        let column = columns[at % columns.len()];
        let definition = &CATALOGUE[column.metric as usize];
        assert!(!value.is_infinite(), "{}", definition.key);
        // Rates of change of levels sum up with a rounding.
        if definition.unit == "share" {
            let is_share = value.is_nan() || (-1e-9..=1.0 + 1e-9).contains(value);
            assert!(is_share, "{}: {value}", definition.key);
        }
        let may_be_negative = column.metric == Metric::CapacityGap;
        assert!(
            value.is_nan() || may_be_negative || *value >= 0.0,
            "{}: {value}",
            definition.key
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn in_any_small_service_cases_are_conserved_and_shares_are_shares(
        seed in any::<u64>(), replication in 0u64..1000, are_alone in any::<bool>(),
    ) {
        let mut scenario = any_scenario(seed);
        if are_alone {
            scenario.referrals.family_size = Discrete::certain(1);
        }
        let played = play_policy(scenario.clone(), 0, replication);
        holds(&played);
        let again = play_policy(scenario, 0, replication);
        prop_assert!(same_bits(&played.record, &again.record));
    }
}

/// Null: Little's law. Over 40 years the edges are 1 in 1000 of the case days.
#[test]
fn open_cases_are_the_rate_of_referrals_times_the_time_they_stay() {
    let mut scenario = service(6, 0.5, 10.0, 480);
    scenario.policies[0].phases[0].service.limit = limit(1.0, None);
    let played = play_policy(scenario, 0, 0);
    let mut opened = BTreeMap::new();
    let (mut days, mut count) = (0.0, 0.0);
    for mark in &played.trace {
        match mark.what {
            What::Opened => {
                opened.insert(mark.case, mark.time);
                count += 1.0;
            }
            What::Closed => days += mark.time - opened.remove(&mark.case).unwrap(),
            _ => {}
        }
    }
    let horizon = played.world.scenario.calendar.horizon;
    days += opened.values().map(|time| horizon - time).sum::<f64>();
    let by_law = count / horizon * (days / count);
    let found = played.whole(Metric::OpenCases);
    assert!((found / by_law - 1.0).abs() < 1e-9, "{found} {by_law}");
}
