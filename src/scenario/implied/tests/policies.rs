//! Limits of every measure, by team and by date, beside the demand; and what is foretold of them.

use super::*;
use proptest::prelude::*;

/// One stage with a demand of 98.6 cases for ten workers, under one policy.
fn under(change: impl Fn(&mut Policy)) -> Scenario {
    let mut s = one_stage();
    let mut policy = limit(9.0, None);
    change(&mut policy);
    s.policies = vec![policy];
    s
}

fn first_limit(policy: &mut Policy) -> &mut Limit {
    policy.phases[0].service.limit.as_mut().unwrap()
}

const CASES: f64 = 100.0 * 30.0 / DAYS_PER_MONTH;

#[test]
fn demand_is_counted_in_the_measure_of_the_limit() {
    let beside = |measure, value| {
        let mut s = under(|policy| {
            first_limit(policy).measure = measure;
            first_limit(policy).value = Value::Each(value);
        });
        // 30 families of two a month, half the stay each: as many cases, half as many families.
        s.referrals.family_size = Discrete::certain(2);
        if let Some(work) = &mut s.stages[0].work {
            work.duration = exponential(50.0);
        }
        s.stages[0].weight = 2.5;
        s.stages[0].hours_per_week = 1.5;
        let shadow = implied(&s).unwrap();
        let beside = shadow.policies[0].phases[0].limits[0].clone();
        (beside.demand, beside.places, shadow.in_words().join("\n"))
    };
    let (demand, places, words) = beside(Measure::Cases, 9.5);
    near(demand, CASES, 1e-9);
    assert_eq!(places, 90.0);
    assert!(words.contains("all: 9.9 cases of 9.0 places"), "{words}");
    let (demand, places, words) = beside(Measure::Families, 6.0);
    near(demand, CASES / 2.0, 1e-9);
    assert_eq!(places, 60.0);
    assert!(words.contains("all: 4.9 families of 6.0 places"), "{words}");
    let (demand, places, words) = beside(Measure::Points, 24.5);
    near(demand, 2.5 * CASES, 1e-9);
    near(places, 245.0, 1e-9);
    assert!(words.contains("all: 24.6 points of 24.5 points"), "{words}");
    let (demand, places, words) = beside(Measure::Hours, 0.9);
    near(demand, 1.5 * CASES, 1e-9);
    near(places, 0.9 * 185.0, 1e-9);
    assert!(
        words.contains("all: workload ratio 0.80 of 0.90"),
        "{words}"
    );
}

#[test]
fn under_a_mean_what_one_worker_lacks_another_has() {
    for (level, places) in [
        (Level::Worker, 90.0),
        (Level::TeamMean, 95.0),
        (Level::ServiceMean, 95.0),
    ] {
        let s = under(|policy| {
            first_limit(policy).value = Value::Each(9.5);
            first_limit(policy).level = level;
        });
        let shadow = implied(&s).unwrap();
        near(super::places(&shadow)[0], places, 1e-9);
        let words = shadow.in_words().join("\n");
        let whole = words.contains("in the whole service: 9.9 cases of 9.5 places");
        assert_eq!(whole, level == Level::ServiceMean, "{words}");
    }
}

#[test]
fn a_limit_of_one_grade_is_not_said_to_do_nothing_because_another_has_none() {
    let mut s = under(|policy| {
        first_limit(policy).value = Value::ByGrade(vec![None, Some(12.0)]);
    });
    s.grades.push(grade("new"));
    let mut new = s.posts[0].clone();
    new.grade = 1;
    s.posts.push(new);
    let shadow = implied(&s).unwrap();
    assert_eq!(first_effect(&shadow), LimitEffect::Binding);
    assert_eq!(shadow.warnings, Vec::<String>::new());
    let words = shadow.in_words().join("\n");
    assert!(words.contains("all: some grade has no limit"), "{words}");
    assert!(!words.contains("inf"), "{words}");
}

#[test]
fn a_mix_is_held_against_its_own_stages() {
    let mut s = under(|policy| {
        *first_limit(policy) = Limit {
            value: Value::Unlimited,
            mix: vec![Mix {
                stages: vec![false, true],
                most: Most::Cases(3.5),
            }],
            ..Limit::of_cases(0.0)
        };
    });
    s.stages[0].work.as_mut().unwrap().then = Discrete::certain(Next::Stage(1));
    s.stages.push(stage("plan", 40.0, Next::Closed));
    s.teams[0].takes = vec![0, 1];
    let shadow = implied(&s).unwrap();
    let beside = &shadow.policies[0].phases[0].limits[0];
    near(beside.demand, 0.4 * CASES, 1e-9);
    assert_eq!(
        (beside.places, beside.effect()),
        (30.0, LimitEffect::TooLow)
    );
    let words = shadow.in_words().join("\n");
    assert!(
        words.contains("of plan: a full-time worker in all: 3.9 cases of 3.0 places"),
        "{words}"
    );
    assert!(
        words.contains("39.4 cases of plan and has 30.0 places: the waiting list grows"),
        "{words}"
    );
}

#[test]
fn a_team_is_held_against_its_own_limit() {
    let mut s = under(|policy| {
        let mut own = policy.phases[0].service.clone();
        own.limit = Some(Limit::of_cases(20.0));
        policy.phases[0].teams = vec![None, Some(own)];
    });
    s.areas = Discrete::new(vec![(0, 0.5), (1, 0.5)]).unwrap();
    s.area_names = vec!["north".to_owned(), "south".to_owned()];
    s.teams = vec![
        Team {
            name: "north".to_owned(),
            area: 0,
            takes: vec![0],
        },
        Team {
            name: "south".to_owned(),
            area: 1,
            takes: vec![0],
        },
    ];
    s.posts[0].count = 5;
    s.posts[0].filled = 5;
    let mut other = s.posts[0].clone();
    other.team = 1;
    s.posts.push(other);
    let shadow = implied(&s).unwrap();
    let effects: Vec<LimitEffect> = shadow.policies[0].phases[0]
        .limits
        .iter()
        .map(|b| b.effect())
        .collect();
    assert_eq!(effects, [LimitEffect::TooLow, LimitEffect::Idle]);
    let warned = shadow.warnings.join("\n");
    assert!(
        warned.contains("\"north\"") && !warned.contains("\"south\""),
        "{warned}"
    );
}

#[test]
fn each_change_and_the_staff_of_the_end_have_a_line_of_their_own() {
    let s = under(|policy| {
        let mut later = policy.phases[0].clone();
        later.from = 365.0;
        later.service.limit = Some(Limit::of_cases(24.0));
        policy.phases.push(later);
        policy.staffing = vec![
            Change {
                from: 400.0,
                until: None,
                effect: Effect::Add {
                    team: 0,
                    grade: 0,
                    posts: 4,
                    filled: 4,
                },
            },
            Change {
                from: 500.0,
                until: None,
                effect: Effect::Take {
                    about: About::default(),
                    posts: 1,
                },
            },
        ];
    });
    let shadow = implied(&s).unwrap();
    let seen: Vec<(&str, f64)> = shadow.policies[0]
        .phases
        .iter()
        .map(|phase| (phase.since.as_str(), phase.limits[0].places))
        .collect();
    assert_eq!(
        seen,
        [
            ("", 90.0),
            (" from 2026-01-01", 240.0),
            (" with the staff of the end", 13.0 * 24.0)
        ]
    );
    let warned = shadow.warnings.join("\n");
    assert!(
        warned.contains("under policy \"limit\" team \"all\" is asked for"),
        "{warned}"
    );
    assert!(
        warned.contains("\"limit\" from 2026-01-01 is far above"),
        "{warned}"
    );
}

#[test]
fn what_does_not_fit_has_the_outcome_of_the_policy() {
    let warned =
        |change: &dyn Fn(&mut Policy)| implied(&under(change)).unwrap().warnings.join("\n");
    let tolerates = warned(&|policy| {
        first_limit(policy).tolerates = Some(Tolerance {
            cases: 7.0,
            per: Per::Service,
        });
    });
    assert!(tolerates.contains("about 7 cases will wait"), "{tolerates}");
    let never = warned(&|policy| policy.phases[0].service.never_queue = vec![true]);
    assert!(never.contains("given out whatever the limit"), "{never}");
    let suspended = |until_below| {
        warned(&move |policy: &mut Policy| {
            first_limit(policy).suspended_when = Some(Trigger {
                above: 0.25,
                until_below,
                per: Per::Service,
            });
        })
    };
    // Nobody leaves: no post is vacant in the long run.
    assert!(suspended(0.0).contains("passes 25 % the limit lapses"));
    assert!(suspended(0.1).contains("grows without end"));
    let threshold = warned(&|policy| {
        policy.phases[0].threshold = Some(Threshold {
            waiting: Trigger {
                above: 40.0,
                until_below: 20.0,
                per: Per::Service,
            },
            screened_out: 0.3,
            screens_returns: true,
            comes_back: None,
        });
    });
    assert!(
        threshold.contains("stays near 40 only because"),
        "{threshold}"
    );
    for text in [&tolerates, &never, &threshold] {
        assert!(!text.contains("without end"), "{text}");
    }
    let mut s = under(|_| {});
    s.stages[0].withdraws = Some(exponential(30.0));
    let withdrawn = implied(&s).unwrap().warnings.join("\n");
    assert!(
        withdrawn.contains("until as many leave unserved"),
        "{withdrawn}"
    );
}

#[test]
fn slack_beside_a_queue_and_cases_that_managers_hold_are_foretold() {
    // 98.6 hours of 185 are asked for: at nine cases each, half the time is left.
    let s = under(|_| {});
    let warned = implied(&s).unwrap().warnings.join("\n");
    assert!(
        warned.contains("while workers at the limit have time left"),
        "{warned}"
    );
    let mut fast = s.clone();
    fast.overload.speed_max = 2.0;
    let mut full = s.clone();
    full.stages[0].hours_per_week = 3.0;
    let patient = under(|policy| first_limit(policy).patience = Some(exponential(9.0)));
    for other in [fast, full, patient] {
        let warned = implied(&other).unwrap().warnings.join("\n");
        assert!(!warned.contains("have time left"), "{warned}");
    }
    let mut held = under(|policy| {
        policy.phases[0].manager_holds = Some(ManagerHolds {
            units: 3,
            speed: 0.0,
            per: Per::Service,
        });
    });
    held.managers = Some(Managers {
        span: 6.0,
        supervision_hours_per_week: None,
    });
    let warned = implied(&held).unwrap().warnings.join("\n");
    assert!(
        warned.contains("managers hold up to 6 units of it"),
        "{warned}"
    );
}

proptest! {
    #[test]
    fn a_higher_limit_never_does_more(value in 1.0..40.0_f64, more in 0.0..20.0_f64, measure in 0_usize..4) {
        let measure = [Measure::Cases, Measure::Families, Measure::Points, Measure::Hours][measure];
        let effect = |value: f64| {
            let s = under(|policy| {
                first_limit(policy).measure = measure;
                first_limit(policy).value = Value::Each(value);
            });
            first_effect(&implied(&s).unwrap())
        };
        prop_assert!(effect(value + more) <= effect(value));
    }
}
