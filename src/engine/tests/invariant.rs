//! What holds in every service: cases are conserved, limits kept, shares are shares, averages are integrals.

use std::collections::BTreeMap;

use super::{Played, play_policy, same_bits};
use crate::engine::play::{Moment, What};
use crate::engine::sample::{fixed, limit, service, stage};
use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::metric::distribution::Distribution;
use crate::metric::layout::Group;
use crate::model::calendar::Calendar;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Deadline, DeadlineOf, Next, Risk};
use crate::model::post::{LeaveStep, PostGroup, Promotion, RampStep};
use crate::policy::Policy;
use crate::policy::allocation::{Allocation, Load};
use crate::policy::arrow::ARROWS;
use crate::policy::choices::{Choices, Phase};
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::manager::ManagerHolds;
use crate::policy::meeting::Meeting;
use crate::policy::order::{Order, RisesAfter};
use crate::policy::relief::Relief;
use crate::policy::staffing::{About, Change, Effect};
use crate::policy::threshold::{ComesBack, Threshold};
use crate::policy::trigger::{Per, Trigger};
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
        overtime: [Overtime::Toil, Overtime::Paid, Overtime::Unpaid][rng.random_range(0..3)],
        loss: rng.random_range(0.0..0.5),
        floor: 0.7,
        overtime_max: rng.random_range(0.0..0.3),
        toil_back: 0.5,
        toil_max_hours: rng.random_bool(0.5).then_some(20.0),
        thin: rng.random_range(0.4..=1.0),
        speed_max: 1.0,
        serve_by_priority: rng.random_bool(0.4),
    };
    scenario.staff_at_start = [StaffAtStart::Settled, StaffAtStart::Fresh][rng.random_range(0..2)];
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
    policy.phases[0].service.order.rises_after =
        rng.random_bool(0.5).then_some(RisesAfter::WorkingDays(5));
    scenario
}

/// Every choice of a policy switched on at random.
pub(super) fn any_policy(seed: u64, scenario: &Scenario) -> Policy {
    let mut rng = StdRng::seed_from_u64(seed);
    let rng = &mut rng;
    let mut policy = Policy::without_limit("any");
    let start = scenario.calendar.start;
    let teams = scenario.teams.len();
    policy.phases = (0..rng.random_range(1..4))
        .map(|number| Phase {
            from: if number == 0 {
                0.0
            } else {
                start + f64::from(number * rng.random_range(1..60))
            },
            meeting: [
                Meeting::AtOnce,
                Meeting::Daily,
                Meeting::Weekly { weekday: 2 },
            ][rng.random_range(0..3)],
            monitoring_days: rng.random_bool(0.3).then_some(14),
            manager_holds: rng.random_bool(0.4).then(|| ManagerHolds {
                units: rng.random_range(0..4),
                speed: [0.0, 0.3, 1.0][rng.random_range(0..3)],
                per: any_per(rng),
            }),
            threshold: rng.random_bool(0.4).then(|| Threshold {
                waiting: Trigger {
                    above: rng.random_range(0.0..10.0),
                    until_below: 0.0,
                    per: any_per(rng),
                },
                screened_out: rng.random_range(0.0..=1.0),
                screens_returns: rng.random_bool(0.5),
                comes_back: rng.random_bool(0.5).then(|| ComesBack {
                    share: 0.6,
                    delay: any_law(rng, 20.0),
                    stage: 0,
                }),
            }),
            relief: rng.random_bool(0.4).then(|| Relief {
                workers: rng.random_range(0..3),
                grade: 0,
                above: rng.random_range(0.0..5.0),
                waited_days: rng.random_range(0.0..9.0),
                lead_days: rng.random_range(0.0..9.0),
                until_below: 2.0,
                per: any_per(rng),
            }),
            service: any_choices(rng),
            teams: if rng.random_bool(0.3) {
                (0..teams)
                    .map(|_| rng.random_bool(0.5).then(|| any_choices(rng)))
                    .collect()
            } else {
                vec![]
            },
        })
        .collect();
    policy.phases.sort_by(|a, b| a.from.total_cmp(&b.from));
    for _ in 0..rng.random_range(0..4) {
        let about = About {
            team: rng.random_bool(0.5).then(|| rng.random_range(0..teams)),
            grade: rng.random_bool(0.3).then(|| rng.random_range(0..2)),
        };
        let from = start + f64::from(rng.random_range(0..90));
        policy.staffing.push(Change {
            from,
            until: rng.random_bool(0.4).then_some(from + 30.0),
            effect: match rng.random_range(0..7) {
                0 => Effect::Add {
                    team: rng.random_range(0..teams),
                    grade: rng.random_range(0..2),
                    posts: 3,
                    filled: rng.random_range(0..=3),
                },
                1 => Effect::Take { about, posts: 2 },
                2 => Effect::Freeze { about },
                3 => Effect::DirectShare {
                    about,
                    share: rng.random_range(0.0..=1.0),
                },
                4 => Effect::Leaving {
                    about,
                    times: rng.random_range(0.0..4.0),
                },
                5 if scenario.recruitment.is_some() => Effect::TimeToFill(any_law(rng, 20.0)),
                _ => Effect::Handover(3.0),
            },
        });
    }
    for arrow in ARROWS {
        if rng.random_bool(0.1) {
            policy.cuts = policy.cuts.with(arrow);
        }
    }
    policy
}

fn any_per(rng: &mut StdRng) -> Per {
    [Per::Service, Per::Team][rng.random_range(0..2)]
}

fn any_choices(rng: &mut StdRng) -> Choices {
    let measure = [
        Measure::Cases,
        Measure::Families,
        Measure::Points,
        Measure::Hours,
    ][rng.random_range(0..4)];
    let number = |rng: &mut StdRng| match measure {
        Measure::Hours => rng.random_range(0.2..1.5),
        _ => rng.random_range(1.0..9.0),
    };
    let limit = rng.random_bool(0.8).then(|| Limit {
        measure,
        value: match rng.random_range(0..4) {
            0 => Value::Unlimited,
            1 => Value::ByGrade(vec![
                Some(number(rng)),
                rng.random_bool(0.7).then(|| number(rng)),
            ]),
            _ => Value::Each(number(rng)),
        },
        level: [Level::Worker, Level::TeamMean, Level::ServiceMean][rng.random_range(0..3)],
        mix: if rng.random_bool(0.3) {
            vec![Mix {
                stages: vec![false, true, true],
                most: Most::Cases(rng.random_range(1.0..4.0)),
            }]
        } else {
            vec![]
        },
        patience: rng.random_bool(0.3).then(|| any_law(rng, 10.0)),
        tolerates: rng.random_bool(0.3).then(|| Tolerance {
            cases: f64::from(rng.random_range(0..8)),
            per: any_per(rng),
        }),
        family_overshoot: rng.random_bool(0.4).then(|| rng.random_range(0.0..2.0)),
        split_after_working_days: rng.random_range(0..10),
        suspended_when: rng.random_bool(0.3).then(|| Trigger {
            above: 0.3,
            until_below: 0.1,
            per: any_per(rng),
        }),
    });
    Choices {
        limit,
        never_queue: if rng.random_bool(0.3) {
            vec![false, false, true]
        } else {
            vec![]
        },
        allocation: match rng.random_range(0..6) {
            0 => Allocation::RoundRobin,
            1 => Allocation::Random,
            2 => Allocation::Matched { heavy_from: 1.0 },
            3 => Allocation::Perceived { error: 0.5 },
            _ => Allocation::LeastLoaded { by: Load::Cases },
        },
        discussion: rng
            .random_bool(0.4)
            .then_some(Discussion { from: 0.3, to: 1.2 }),
        order: Order {
            transfers_first: rng.random_bool(0.5),
            rises_after: rng.random_bool(0.5).then_some(RisesAfter::WorkingDays(5)),
        },
        lend_after_working_days: rng.random_bool(0.4).then(|| rng.random_range(0..9)),
    }
}

/// True where nothing lets a worker be given a case above the own limit in cases.
fn is_hard(policy: &Policy) -> bool {
    let [phase] = policy.phases.as_slice() else {
        return false;
    };
    let keeps = |choices: &Choices| {
        let limit = choices.limit.as_ref();
        choices.never_queue.is_empty()
            && limit.is_some_and(|limit| {
                limit.measure == Measure::Cases
                    && limit.level == Level::Worker
                    && limit.patience.is_none()
                    && limit.tolerates.is_none()
                    && limit.suspended_when.is_none()
            })
    };
    phase.every_choices().all(keeps)
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
    let is_hard = is_hard(&scenario.policies[0]);
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
        let came = played.month(row, Metric::Referrals)
            + played.month(row, Metric::Returns)
            + played.month(row, Metric::CameAgain)
            - played.month(row, Metric::ScreenedOut);
        assert_eq!(ended, closed[at]);
        // Stocks and flows of the month reconcile exactly, and the stages add up to the service.
        let closing = played.month(row, Metric::OpenCasesCensus);
        if row > 0 {
            let opening = played.month(row - 1, Metric::OpenCasesCensus);
            assert_eq!(opening + came - ended, closing, "month {row}");
        }
        let stages = played.world.scenario.stages.len();
        let of_stages: f64 = (0..stages)
            .filter_map(|stage| {
                let group = Group::Stage(stage);
                let layout = &played.world.layout;
                layout.index(row, Metric::OpenCasesCensus, group)
            })
            .map(|at| played.record[at])
            .sum();
        assert_eq!(of_stages, closing, "month {row}");
        if at > 0 {
            assert_eq!(came, opened[at]);
        }
    }
    let layout = &played.world.layout;
    for what in Distribution::ALL {
        let sum: f64 = played.record[layout.bins(what)].iter().sum();
        assert!(sum.is_nan() || (sum - 1.0).abs() < 1e-9, "{what:?}: {sum}");
    }
    for (at, value) in played.record.iter().enumerate() {
        let Some(column) = layout.column(at) else {
            let is_share = value.is_nan() || (0.0..=1.0 + 1e-9).contains(value);
            assert!(is_share, "a bin of a distribution: {value}");
            continue;
        };
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn under_any_policy_cases_are_conserved_and_shares_are_shares(
        seed in any::<u64>(), of_policy in any::<u64>(), two_areas in any::<bool>(), are_alone in any::<bool>(),
    ) {
        let mut scenario = any_scenario(seed);
        if are_alone {
            scenario.referrals.family_size = Discrete::certain(1);
        }
        if two_areas && scenario.teams.len() == 1 {
            // Two areas with a team each that take the same stages: cases can be lent.
            scenario.areas = Discrete::new(vec![(0, 0.5), (1, 0.5)]).unwrap();
            scenario.area_names = vec!["north".into(), "south".into()];
            let other = Team { area: 1, ..scenario.teams[0].clone() };
            scenario.teams.push(other);
            let posts = PostGroup { team: 1, ..scenario.posts[0].clone() };
            scenario.posts.push(posts);
        }
        scenario.managers = Some(Managers { span: 3.0, supervision_hours_per_week: Some(10.0) });
        scenario.policies = vec![any_policy(of_policy, &scenario)];
        let played = play_policy(scenario.clone(), 0, 3);
        holds(&played);
        let again = play_policy(scenario, 0, 3);
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
