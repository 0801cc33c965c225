//! Limits that come out in theory, bit for bit: a choice at its end is the same as another, or as none.

use super::invariant::any_scenario;
use super::{play_policy, same_bits};
use crate::engine::sample::{fixed, limit, stage};
use crate::metric::catalogue::Metric;
use crate::metric::distribution::Distribution;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Next, Risk};
use crate::policy::allocation::{Allocation, Load};
use crate::policy::choices::{Choices, Phase};
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::manager::ManagerHolds;
use crate::policy::relief::Relief;
use crate::policy::staffing::{self, About, Effect};
use crate::policy::threshold::Threshold;
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::sections::{Managers, Opening, Scenario};

/// Small services at random; those without posts prove little.
fn services() -> impl Iterator<Item = Scenario> {
    (0..40)
        .map(any_scenario)
        .filter(|scenario| scenario.post_count() > 0)
}

/// Numbers that speak of a limit, and are empty or another under a policy without one.
const OF_THE_LIMIT: [Metric; 6] = [
    Metric::AboveLimitShare,
    Metric::Drift,
    Metric::DriftCases,
    Metric::FamilyOvershoot,
    Metric::FamilyOvershootCases,
    Metric::AllocatedOverLimit,
];

/// Plays a service with its policy changed in two ways and holds the records against each other.
fn same(
    mut scenario: Scenario,
    one: &dyn Fn(&mut Scenario),
    other: &dyn Fn(&mut Scenario),
    except: &[Metric],
) {
    let mut second = scenario.clone();
    one(&mut scenario);
    other(&mut second);
    let (one, other) = (play_policy(scenario, 0, 7), play_policy(second, 0, 7));
    let layout = &one.world.layout;
    for (at, pair) in one.record.iter().zip(&other.record).enumerate() {
        // The distribution of waits stands for their mean.
        let metric = match layout.column(at) {
            Some(column) => column.metric,
            None if layout.bins(Distribution::Wait).contains(&at) => Metric::WaitMean,
            None => Metric::CaseloadSd,
        };
        assert!(
            except.contains(&metric) || same_bits(&[*pair.0], &[*pair.1]),
            "{metric:?}: {} and {}",
            pair.0,
            pair.1
        );
    }
}

fn of(scenario: &mut Scenario) -> &mut Choices {
    &mut scenario.policies[0].phases[0].service
}

fn phase(scenario: &mut Scenario) -> &mut Phase {
    &mut scenario.policies[0].phases[0]
}

/// A hard limit that binds.
fn hard(scenario: &mut Scenario) {
    of(scenario).limit = limit(3.0, None);
}

/// With one worker there is nobody else to ask first.
#[test]
fn an_advisory_limit_of_a_single_worker_is_no_limit() {
    for mut scenario in services() {
        for posts in &mut scenario.posts {
            (posts.count, posts.filled) = (1, posts.filled.min(1));
        }
        (scenario.agency, scenario.handover_days) = (None, 0.0);
        same(
            scenario,
            &|s| of(s).limit = limit(3.0, Some(fixed(0.0))),
            &|s| of(s).limit = None,
            &OF_THE_LIMIT,
        );
    }
}

/// A limit so high that it can never bind, written in every way, changes no bit of what does not speak of the limit:
/// rules depend on whether a limit binds, not on whether one is written.
#[test]
fn a_limit_that_never_binds_changes_nothing_in_whatever_way_it_is_written() {
    let per = Per::Service;
    let far = |change: &dyn Fn(&mut Limit)| {
        let mut limit = Limit::of_cases(1e6);
        change(&mut limit);
        limit
    };
    let ways: [(&str, Limit); 10] = [
        ("hard", far(&|_| {})),
        ("advisory", far(&|l| l.patience = Some(fixed(0.0)))),
        ("held to for days", far(&|l| l.patience = Some(fixed(5.0)))),
        (
            "tolerating many",
            far(&|l| l.tolerates = Some(Tolerance { cases: 1e6, per })),
        ),
        (
            "with a kind of work",
            far(&|l| {
                l.mix = vec![Mix {
                    stages: vec![false, true, false],
                    most: Most::Cases(1e6),
                }]
            }),
        ),
        (
            "families never pass it",
            far(&|l| (l.family_overshoot, l.split_after_working_days) = (Some(0.0), 2)),
        ),
        ("a mean of the team", far(&|l| l.level = Level::TeamMean)),
        (
            "a mean of the service",
            far(&|l| l.level = Level::ServiceMean),
        ),
        (
            "suspended at times",
            far(&|l| {
                l.suspended_when = Some(Trigger {
                    above: 0.1,
                    until_below: 0.1,
                    per,
                })
            }),
        ),
        ("in points", far(&|l| l.measure = Measure::Points)),
    ];
    let mut except = OF_THE_LIMIT.to_vec();
    except.push(Metric::LimitLapsed);
    let mut with_cover = 0;
    for scenario in services() {
        with_cover += u32::from(scenario.agency.is_some());
        for (_, limit) in &ways {
            let mut scenario = scenario.clone();
            // Nobody is asked to a discussion here: whoever no longer holds to a limit no longer discusses either.
            of(&mut scenario).discussion = None;
            same(
                scenario,
                &|s| of(s).limit = Some(limit.clone()),
                &|s| of(s).limit = None,
                &except,
            );
        }
    }
    assert!(
        with_cover > 5,
        "agency cover is what once told such limits apart"
    );
}

#[test]
fn patience_without_end_is_a_hard_limit() {
    for scenario in services() {
        same(
            scenario,
            &|s| of(s).limit = limit(3.0, Some(fixed(1e9))),
            &hard,
            &[],
        );
    }
}

#[test]
fn points_that_are_all_one_are_cases() {
    for scenario in services() {
        for patience in [None, Some(fixed(5.0)), Some(fixed(0.0))] {
            let points = Limit {
                measure: Measure::Points,
                patience: patience.clone(),
                ..Limit::of_cases(3.0)
            };
            same(
                scenario.clone(),
                &|s| of(s).limit = Some(points.clone()),
                &|s| of(s).limit = limit(3.0, patience.clone()),
                &[],
            );
        }
    }
}

#[test]
fn families_of_one_child_are_cases() {
    for mut scenario in services() {
        scenario.referrals.family_size = Discrete::certain(1);
        let families = Limit {
            measure: Measure::Families,
            ..Limit::of_cases(3.0)
        };
        same(
            scenario,
            &|s| of(s).limit = Some(families.clone()),
            &hard,
            &[],
        );
    }
}

/// With hours that are powers of two, and one supply, a workload ratio is a number of cases to the last bit.
#[test]
fn hours_that_are_all_alike_are_cases() {
    for mut scenario in services() {
        scenario.referrals.sibling_hours = 1.0;
        scenario.full_time_hours = 32.0;
        scenario.grades[1] = scenario.grades[0].clone();
        for stage in &mut scenario.stages {
            stage.hours_per_week = 2.0;
        }
        for grade in &mut scenario.grades {
            (grade.hours_per_week, grade.direct_share) = (32.0, 0.25);
        }
        let hours = Limit {
            measure: Measure::Hours,
            value: Value::Each(0.75),
            ..Limit::of_cases(0.0)
        };
        same(
            scenario,
            &|s| of(s).limit = Some(hours.clone()),
            &hard,
            &OF_THE_LIMIT,
        );
    }
}

#[test]
fn one_grade_is_a_limit_by_grade() {
    for mut scenario in services() {
        scenario.grades[1] = scenario.grades[0].clone();
        for grade in &mut scenario.grades {
            (grade.becomes, grade.ramp) = (None, vec![]);
        }
        let by_grade = Limit {
            value: Value::ByGrade(vec![Some(3.0), Some(3.0)]),
            ..Limit::of_cases(0.0)
        };
        same(
            scenario,
            &|s| of(s).limit = Some(by_grade.clone()),
            &hard,
            &[],
        );
    }
}

#[test]
fn a_limit_suspended_above_all_vacancy_is_never_suspended() {
    for scenario in services() {
        let suspended = Limit {
            suspended_when: Some(Trigger {
                above: 1.0,
                until_below: 1.0,
                per: Per::Team,
            }),
            ..Limit::of_cases(3.0)
        };
        same(
            scenario,
            &|s| of(s).limit = Some(suspended.clone()),
            &hard,
            &[],
        );
    }
}

#[test]
fn a_limit_suspended_from_the_first_day_is_no_limit() {
    for scenario in services() {
        let suspended = Limit {
            suspended_when: Some(Trigger {
                above: -1.0,
                until_below: -1.0,
                per: Per::Service,
            }),
            ..Limit::of_cases(3.0)
        };
        let mut except = OF_THE_LIMIT.to_vec();
        except.push(Metric::LimitLapsed);
        same(
            scenario,
            &|s| of(s).limit = Some(suspended.clone()),
            &|s| of(s).limit = None,
            &except,
        );
    }
}

#[test]
fn a_mean_over_one_worker_is_that_workers_limit() {
    for mut scenario in services().filter(|s| s.teams.len() == 1) {
        scenario.posts.truncate(1);
        scenario.posts[0].count = 1;
        scenario.posts[0].filled = scenario.posts[0].filled.min(1);
        scenario.agency = None;
        for level in [Level::TeamMean, Level::ServiceMean] {
            let mean = Limit {
                level,
                ..Limit::of_cases(3.0)
            };
            same(
                scenario.clone(),
                &|s| of(s).limit = Some(mean.clone()),
                &hard,
                &OF_THE_LIMIT,
            );
        }
    }
}

/// Something done to a scenario.
type Change = dyn Fn(&mut Scenario);

/// A rule that can never come to act leaves every bit as it is.
#[test]
fn a_choice_that_never_acts_changes_nothing() {
    let more = |change: &dyn Fn(&mut Limit)| {
        let mut limit = Limit::of_cases(3.0);
        change(&mut limit);
        Some(limit)
    };
    let per = Per::Service;
    let never = Trigger {
        above: 1e9,
        until_below: 0.0,
        per,
    };
    let changes: [(&str, Box<Change>); 13] = [
        (
            "tolerates any number",
            Box::new(move |s| {
                of(s).limit = more(&|l| l.tolerates = Some(Tolerance { cases: 1e9, per }));
            }),
        ),
        (
            "a mix of everything",
            Box::new(move |s| {
                let stages = vec![true; 3];
                of(s).limit = more(&|l| {
                    l.mix = vec![Mix {
                        stages: stages.clone(),
                        most: Most::Cases(1e9),
                    }]
                });
            }),
        ),
        (
            "any overshoot",
            Box::new(move |s| {
                of(s).limit =
                    more(&|l| (l.family_overshoot, l.split_after_working_days) = (Some(1e9), 9999));
            }),
        ),
        (
            "no error of view",
            Box::new(|s| of(s).allocation = Allocation::Perceived { error: 0.0 }),
        ),
        (
            "nothing is heavy",
            Box::new(|s| of(s).allocation = Allocation::Matched { heavy_from: 1e9 }),
        ),
        (
            "nobody declines",
            Box::new(|s| of(s).discussion = Some(Discussion { from: 1e9, to: 1e9 })),
        ),
        (
            "managers hold nothing",
            Box::new(move |s| {
                phase(s).manager_holds = Some(ManagerHolds {
                    units: 0,
                    speed: 1.0,
                    per,
                });
            }),
        ),
        (
            "nobody is screened out",
            Box::new(move |s| {
                phase(s).threshold = Some(Threshold {
                    waiting: Trigger {
                        above: 0.0,
                        until_below: 0.0,
                        per,
                    },
                    screened_out: 0.0,
                    screens_returns: true,
                    comes_back: None,
                });
            }),
        ),
        (
            "too few wait for a threshold",
            Box::new(move |s| {
                phase(s).threshold = Some(Threshold {
                    waiting: never,
                    screened_out: 1.0,
                    screens_returns: true,
                    comes_back: None,
                });
            }),
        ),
        (
            "no help is wanted",
            Box::new(move |s| {
                phase(s).relief = Some(Relief {
                    workers: 2,
                    grade: 0,
                    above: 1e9,
                    waited_days: 0.0,
                    lead_days: 0.0,
                    until_below: 0.0,
                    per,
                });
            }),
        ),
        (
            "figures that nobody uses",
            Box::new(|s| phase(s).monitoring_days = Some(14)),
        ),
        (
            "lending where there is nobody to lend to",
            Box::new(|s| {
                of(s).lend_after_working_days = Some(3);
            }),
        ),
        (
            "staff terms as they are",
            Box::new(|s| {
                let about = About::default();
                let from = s.calendar.start + 20.0;
                for effect in [
                    Effect::Leaving { about, times: 1.0 },
                    Effect::Handover(s.handover_days),
                    Effect::Add {
                        team: 0,
                        grade: 0,
                        posts: 0,
                        filled: 0,
                    },
                    Effect::Take { about, posts: 0 },
                ] {
                    s.policies[0].staffing.push(staffing::Change {
                        from,
                        until: None,
                        effect,
                    });
                }
            }),
        ),
    ];
    for scenario in services() {
        for (name, change) in &changes {
            if *name == "managers hold nothing" && scenario.managers.is_none() {
                let mut managed = scenario.clone();
                managed.managers = Some(Managers {
                    span: 3.0,
                    supervision_hours_per_week: None,
                });
                same(
                    managed,
                    &|s| {
                        hard(s);
                        change(s)
                    },
                    &hard,
                    &[],
                );
                continue;
            }
            if *name == "staff terms as they are" || name.starts_with("lending") {
                // An event more splits an integral in two, which moves its last digits.
                let mut calm = scenario.clone();
                calm.strain.gain = 0.0;
                near_same(
                    calm,
                    &|s| {
                        hard(s);
                        change(s)
                    },
                    &hard,
                );
            } else {
                same(
                    scenario.clone(),
                    &|s| {
                        hard(s);
                        change(s)
                    },
                    &hard,
                    &[],
                );
            }
        }
    }
}

/// The same histories: every count is the same, and the averages but for their rounding.
fn near_same(mut scenario: Scenario, one: &dyn Fn(&mut Scenario), other: &dyn Fn(&mut Scenario)) {
    let mut second = scenario.clone();
    one(&mut scenario);
    other(&mut second);
    let (one, other) = (play_policy(scenario, 0, 7), play_policy(second, 0, 7));
    for (a, b) in one.record.iter().zip(&other.record) {
        let is_near = (a - b).abs() <= 1e-7 * a.abs().max(1.0);
        assert!(is_near || (a.is_nan() && b.is_nan()), "{a} and {b}");
    }
}

#[test]
fn a_change_to_the_same_choices_changes_nothing() {
    for scenario in services() {
        let again = |s: &mut Scenario| {
            hard(s);
            let mut later = s.policies[0].phases[0].clone();
            later.from = s.calendar.start + 33.0;
            s.policies[0].phases.push(later);
        };
        near_same(scenario, &again, &hard);
    }
}

/// A risk that unmet need hastens and that outlasts everybody makes each stage one with such clocks, the plain ones too,
/// and changes no bit of what happens.
#[test]
fn a_hastened_risk_that_never_ends_changes_nothing() {
    let plain = |scenario: &mut Scenario| {
        // An opening case is as old as its clocks make it, and that risk would have a say in it.
        scenario.opening = Opening::Counts(vec![0; 3]);
        // The last stage becomes one in which only how long is drawn, whatever those before it are.
        let last = &mut scenario.stages[2];
        *last = stage(
            "last",
            Law::Exponential { mean: 20.0 },
            vec![(Next::Closed, 1.0)],
        );
        last.hours_per_week = 2.0;
    };
    let with_risk = |scenario: &mut Scenario| {
        plain(scenario);
        for stage in &mut scenario.stages {
            stage.risks.push(Risk {
                duration: Law::Fixed { value: 1e9 },
                to: Next::Closed,
                unmet_effect: 0.7,
            });
        }
    };
    for scenario in services() {
        same(scenario, &plain, &with_risk, &[]);
    }
}

#[test]
fn a_team_with_the_service_s_own_choices_is_as_one_without() {
    for scenario in services() {
        let teams = scenario.teams.len();
        let own = |s: &mut Scenario| {
            hard(s);
            let choices = of(s).clone();
            phase(s).teams = vec![Some(choices); teams];
        };
        same(scenario, &own, &hard, &[]);
    }
}

#[test]
fn least_loaded_without_a_limit_counts_cases() {
    for scenario in services() {
        let by_points = |s: &mut Scenario| {
            of(s).limit = None;
            of(s).allocation = Allocation::LeastLoaded { by: Load::Points };
        };
        same(scenario, &by_points, &|s| of(s).limit = None, &[]);
    }
}

#[test]
fn managers_who_work_at_full_speed_leave_no_need_unmet_on_their_desks() {
    let mut scenario = any_scenario(1);
    scenario.posts.truncate(1);
    scenario.posts[0].filled = 0;
    scenario.recruitment = None;
    scenario.agency = None;
    scenario.managers = Some(Managers {
        span: 1.0,
        supervision_hours_per_week: Some(30.0),
    });
    scenario.teams.truncate(1);
    scenario.teams[0].takes = vec![0, 1, 2];
    scenario.posts[0].count = 1;
    phase(&mut scenario).manager_holds = Some(ManagerHolds {
        units: 1000,
        speed: 1.0,
        per: Per::Team,
    });
    let played = play_policy(scenario, 0, 0);
    assert!(played.whole(Metric::Unallocated) > 0.5);
    super::near(
        played.whole(Metric::ManagerHeld),
        played.whole(Metric::Unallocated),
    );
    assert_eq!(played.whole(Metric::UnallocatedReported), 0.0);
    super::near(played.whole(Metric::NeedMet), 1.0);
    assert!(played.whole(Metric::Closures) > 0.0);
}

#[test]
fn the_comparison_itself_finds_a_difference() {
    let differs = std::panic::catch_unwind(|| {
        for scenario in services() {
            same(scenario, &|s| of(s).limit = None, &hard, &OF_THE_LIMIT);
        }
    });
    assert!(differs.is_err());
}
