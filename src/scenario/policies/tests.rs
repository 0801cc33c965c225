//! Every key of a policy, everything that may be wrong with one, and how changes and teams merge.

use super::*;
use crate::model::law::Law;
use crate::policy::allocation::{Allocation, Load};
use crate::policy::choices::Choices;
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::order::{Order, RisesAfter};
use crate::policy::staffing::{About, Change, Effect};
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use proptest::prelude::*;

mod wrong;

/// Two areas with a team each, three stages of different weight, two grades with posts, agency and managers.
const SERVICE: &str = r#"start = 2026-04-01
months = 24
warm_up_months = 1
[referrals]
families_per_month = 9
first_stage = "assess"
[stages.assess]
hours_per_week = 1
work = "30 days"
then = { plan = 0.5, closed = 0.5 }
[stages.plan]
weight = 2
hours_per_week = 2
work = "150 days"
then = { court = 0.1, closed = 0.9 }
[stages.court]
weight = 4
hours_per_week = 4
work = "150 days"
then = "closed"
[areas]
east = 0.5
west = 0.5
[teams.north]
area = "east"
[teams.south]
area = "west"
[grades.worker]
leave_per_year = 0.12
[grades.newly]
becomes = { grade = "worker", after_months = 12 }
[grades.agency]
[[posts]]
team = "north"
grade = "worker"
count = 6
[[posts]]
team = "south"
grade = "newly"
count = 4
filled = 3
[managers]
span = 6
[recruitment]
time_to_fill = "90 days"
[agency]
grade = "agency"
lead = "30 days"
max_share = 0.2
"#;

/// Days from the origin, 1 March 2026, to 1 October 2026 and to 1 January 2027.
const OCTOBER: f64 = 214.0;
const JANUARY: f64 = 306.0;

fn read(policies: &str) -> Result<Document, Problems> {
    Document::parse("test", &format!("{SERVICE}{policies}"))
}

/// The policy "p" of a text in which nothing is wrong.
fn policy(text: &str) -> Policy {
    let document = read(&format!("[policies.p]\n{text}")).unwrap_or_else(|p| panic!("{p}"));
    assert!(document.warnings().is_empty(), "{}", document.warnings());
    document.scenario().policies[0].clone()
}

fn service(text: &str) -> Choices {
    policy(text).phases[0].service.clone()
}

fn limit(text: &str) -> Limit {
    service(text).limit.unwrap()
}

#[test]
fn every_key_of_a_limit_is_read() {
    let all = limit(
        "limit = { value = 40, measure = \"points\", level = \"team-mean\", patience = \"14 days\", \
         tolerates = { cases = 3, per = \"team\" }, family_overshoot = 2, split_after = \"5 working days\", \
         suspended_when = { vacancy_above = 0.25, until_below = 0.2, per = \"team\" }, \
         mix = [{ stages = [\"plan\", \"court\"], most = 9 }, { stages = [\"court\"], share_of_points = 0.6 }] }",
    );
    let expected = Limit {
        measure: Measure::Points,
        value: Value::Each(40.0),
        level: Level::TeamMean,
        mix: vec![
            Mix {
                stages: vec![false, true, true],
                most: Most::Cases(9.0),
            },
            Mix {
                stages: vec![false, false, true],
                most: Most::ShareOfPoints(0.6),
            },
        ],
        patience: Some(Law::Fixed { value: 14.0 }),
        tolerates: Some(Tolerance {
            cases: 3.0,
            per: Per::Team,
        }),
        family_overshoot: Some(2.0),
        split_after_working_days: 5,
        suspended_when: Some(Trigger {
            above: 0.25,
            until_below: 0.2,
            per: Per::Team,
        }),
    };
    assert_eq!(all, expected);
}

#[test]
fn what_a_limit_leaves_out_has_its_default() {
    assert_eq!(limit("limit = 16"), Limit::of_cases(16.0));
    assert_eq!(limit("limit = { value = 16 }"), Limit::of_cases(16.0));
    let short =
        limit("limit = { value = 16, tolerates = 0, suspended_when = { vacancy_above = 0.3 } }");
    let tolerates = Tolerance {
        cases: 0.0,
        per: Per::Service,
    };
    assert_eq!(short.tolerates, Some(tolerates));
    let suspended = Trigger {
        above: 0.3,
        until_below: 0.3_f64.next_up(),
        per: Per::Service,
    };
    assert_eq!(short.suspended_when, Some(suspended));
    assert_eq!(short.split_after_working_days, 10);
    let by_grade = limit("limit = { by_grade = { newly = 12 } }");
    assert_eq!(by_grade.value, Value::ByGrade(vec![None, Some(12.0), None]));
    let mix = limit("limit = { mix = [{ stages = [\"court\"], most = 2 }] }");
    assert_eq!((mix.value, mix.mix.len()), (Value::Unlimited, 1));
    for (word, measure) in [
        ("cases", Measure::Cases),
        ("families", Measure::Families),
        ("points", Measure::Points),
        ("hours", Measure::Hours),
    ] {
        let read = limit(&format!("limit = {{ value = 1.1, measure = \"{word}\" }}"));
        assert_eq!(read.measure, measure, "{word}");
    }
    let service_mean = limit("limit = { value = 9, level = \"service-mean\" }");
    assert_eq!(service_mean.level, Level::ServiceMean);
}

#[test]
fn every_way_to_choose_a_worker_is_read() {
    for (text, expected) in [
        (
            "\"least-loaded\"",
            Allocation::LeastLoaded { by: Load::Cases },
        ),
        (
            "{ by = \"points\" }",
            Allocation::LeastLoaded { by: Load::Points },
        ),
        ("\"round-robin\"", Allocation::RoundRobin),
        ("{ choice = \"random\" }", Allocation::Random),
        // The court stage weighs most.
        ("\"matched\"", Allocation::Matched { heavy_from: 4.0 }),
        (
            "{ choice = \"matched\", heavy_from = 2.0 }",
            Allocation::Matched { heavy_from: 2.0 },
        ),
        (
            "{ choice = \"perceived\", error = 0.3 }",
            Allocation::Perceived { error: 0.3 },
        ),
    ] {
        assert_eq!(
            service(&format!("allocation = {text}")).allocation,
            expected,
            "{text}"
        );
    }
}

#[test]
fn the_other_choices_of_a_team_are_read() {
    let text = "meeting = \"daily\"\nnever_queue = [\"court\"]\ndiscussion = { from = 0.9, to = 1.3 }\n\
                order = { transfers_first = false, rises_after = \"10 working days\" }";
    let all = service(text);
    assert_eq!(all.never_queue, [false, false, true]);
    assert_eq!(all.discussion, Some(Discussion { from: 0.9, to: 1.3 }));
    let order = Order {
        transfers_first: false,
        rises_after: Some(RisesAfter::WorkingDays(10)),
    };
    assert_eq!(all.order, order);
    let lending = read("[policies.p]\nlend_after = \"10 working days\"\n").unwrap();
    let policy = &lending.scenario().policies[0];
    assert_eq!(policy.phases[0].service.lend_after_working_days, Some(10));
    assert!(lending.warnings().is_empty(), "{}", lending.warnings());
    assert_eq!(service(""), Choices::without_limit());
}

#[test]
fn the_choices_of_a_phase_are_read() {
    let all = policy(
        "manager_holds = { units = 3, speed = 0.2, per = \"team\" }\n\
         threshold = { waiting_above = 40, until_below = 20, screened_out = 0.3, returns = false, per = \"team\", \
         comes_back = { share = 0.5, delay = \"60 days\", stage = \"plan\" } }\n\
         relief = { workers = 4, grade = \"worker\", above = 50, waited = \"28 days\", lead = \"14 days\", \
         until_below = 10, per = \"team\" }\n\
         monitoring = \"2 weeks\"\n\
         cut = [\"strain -> leaving\", \"Load -> recruitment\"]",
    );
    let phase = &all.phases[0];
    let held = ManagerHolds {
        units: 3,
        speed: 0.2,
        per: Per::Team,
    };
    assert_eq!(phase.manager_holds, Some(held));
    let threshold = Threshold {
        waiting: Trigger {
            above: 40.0,
            until_below: 20.0,
            per: Per::Team,
        },
        screened_out: 0.3,
        screens_returns: false,
        comes_back: Some(ComesBack {
            share: 0.5,
            delay: Law::Fixed { value: 60.0 },
            stage: 1,
        }),
    };
    assert_eq!(phase.threshold, Some(threshold));
    let relief = Relief {
        workers: 4,
        grade: 0,
        above: 50.0,
        waited_days: 28.0,
        lead_days: 14.0,
        until_below: 10.0,
        per: Per::Team,
    };
    assert_eq!(phase.relief, Some(relief));
    assert_eq!(phase.monitoring_days, Some(14));
    let cuts = Cuts::NONE
        .with(Arrow::StrainLeaving)
        .with(Arrow::LoadRecruitment);
    assert_eq!(all.cuts, cuts);
}

#[test]
fn what_a_phase_leaves_out_has_its_default() {
    let short = policy(
        "manager_holds = 3\nmonitoring = \"Live\"\n\
         threshold = { waiting_above = 40, screened_out = 0.3 }\n\
         relief = { workers = 4, above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 51 }",
    );
    let phase = &short.phases[0];
    let held = ManagerHolds {
        units: 3,
        speed: 0.0,
        per: Per::Service,
    };
    assert_eq!(phase.manager_holds, Some(held));
    let threshold = phase.threshold.clone().unwrap();
    assert_eq!(
        (threshold.waiting.until_below, threshold.screens_returns),
        (40.0_f64.next_up(), true)
    );
    assert_eq!(threshold.comes_back, None);
    // The agency's grade.
    assert_eq!(phase.relief.unwrap().grade, 2);
    assert_eq!(phase.monitoring_days, None);
    assert_eq!(policy(""), Policy::without_limit("p"));
}

#[test]
fn a_change_keeps_what_it_does_not_name() {
    let all = policy(
        "limit = { value = 24, patience = \"14 days\" }\nmeeting = \"daily\"\n\
         threshold = { waiting_above = 40, screened_out = 0.3 }\n\
         [[policies.p.change]]\nfrom = 2026-10-01\nlimit = { value = 22 }\nthreshold = { screened_out = 0.5 }\n\
         [[policies.p.change]]\nfrom = 2027-01-01\nlimit = 20\nwithout = [\"threshold\", \"limit.patience\"]\n",
    );
    let from: Vec<f64> = all.phases.iter().map(|p| p.from).collect();
    assert_eq!(from, [0.0, OCTOBER, JANUARY]);
    let limits: Vec<Limit> = all
        .phases
        .iter()
        .filter_map(|p| p.service.limit.clone())
        .collect();
    let patience = Some(Law::Fixed { value: 14.0 });
    let expected = |value, patience| Limit {
        patience,
        ..Limit::of_cases(value)
    };
    assert_eq!(
        limits,
        [
            expected(24.0, patience.clone()),
            expected(22.0, patience),
            expected(20.0, None)
        ]
    );
    let screened: Vec<Option<f64>> = all
        .phases
        .iter()
        .map(|p| p.threshold.as_ref().map(|t| t.screened_out))
        .collect();
    assert_eq!(screened, [Some(0.3), Some(0.5), None]);
    assert!(all.phases.iter().all(|p| p.meeting == Meeting::Daily));
}

#[test]
fn a_new_choice_drops_what_was_said_of_the_old_one() {
    let all = policy(
        "allocation = { choice = \"perceived\", error = 0.3 }\n\
         [[policies.p.change]]\nfrom = 2026-10-01\nallocation = { error = 0.2 }\n\
         [[policies.p.change]]\nfrom = 2027-01-01\nallocation = \"random\"\n\
         [[policies.p.change]]\nfrom = 2027-02-01\nallocation = { choice = \"matched\" }\n",
    );
    let chosen: Vec<Allocation> = all.phases.iter().map(|p| p.service.allocation).collect();
    let expected = [
        Allocation::Perceived { error: 0.3 },
        Allocation::Perceived { error: 0.2 },
        Allocation::Random,
        Allocation::Matched { heavy_from: 4.0 },
    ];
    assert_eq!(chosen, expected);
}

#[test]
fn a_team_has_its_own_choices_over_those_of_the_policy_at_all_times() {
    let all = policy(
        "limit = { value = 24, patience = \"14 days\" }\nnever_queue = [\"court\"]\n\
         teams.north.limit = { value = 12 }\n\
         [[policies.p.change]]\nfrom = 2026-10-01\nlimit = { patience = \"7 days\" }\nteams.south.without = [\"limit\"]\n\
         [[policies.p.change]]\nfrom = 2027-01-01\nlimit = { value = 20 }\nwithout = [\"teams.north\"]\n",
    );
    let seen: Vec<Vec<Option<(Value, f64)>>> = all
        .phases
        .iter()
        .map(|phase| {
            let of = |team: usize| {
                let limit = phase.of_team(team).limit.clone()?;
                Some((limit.value, limit.patience.map_or(0.0, |law| law.mean())))
            };
            vec![of(0), of(1)]
        })
        .collect();
    let each = |value, patience| Some((Value::Each(value), patience));
    assert_eq!(
        seen,
        [
            vec![each(12.0, 14.0), each(24.0, 14.0)],
            vec![each(12.0, 7.0), None],
            vec![each(20.0, 7.0), None],
        ]
    );
    let court = |choices: &Choices| choices.is_never_queued(2);
    assert!(all.phases.iter().all(|p| p.every_choices().all(court)));
}

#[test]
fn each_effect_of_a_staffing_entry_is_a_change() {
    let all = policy(
        "[[policies.p.staffing]]\nfrom = 2026-10-01\nteam = \"north\"\ngrade = \"worker\"\nadd = 4\nfilled = 3\n\
         [[policies.p.staffing]]\nfrom = 2026-10-01\nuntil = 2027-01-01\nteam = \"south\"\nfreeze = true\n\
         direct_share = 0.62\nleaving_times = 0.7\n\
         [[policies.p.staffing]]\nfrom = 2027-01-01\ntime_to_fill = \"60 days\"\nhandover = \"5 days\"\n\
         [[policies.p.staffing]]\nfrom = 2027-01-01\nteam = \"north\"\ntake = 10\n",
    );
    let south = About {
        team: Some(1),
        grade: None,
    };
    let change = |from, until, effect| Change {
        from,
        until,
        effect,
    };
    let add = Effect::Add {
        team: 0,
        grade: 0,
        posts: 4,
        filled: 3,
    };
    let expected = [
        change(OCTOBER, None, add),
        change(OCTOBER, Some(JANUARY), Effect::Freeze { about: south }),
        change(
            OCTOBER,
            Some(JANUARY),
            Effect::DirectShare {
                about: south,
                share: 0.62,
            },
        ),
        change(
            OCTOBER,
            Some(JANUARY),
            Effect::Leaving {
                about: south,
                times: 0.7,
            },
        ),
        change(
            JANUARY,
            None,
            Effect::TimeToFill(Law::Fixed { value: 60.0 }),
        ),
        change(JANUARY, None, Effect::Handover(5.0)),
        change(
            JANUARY,
            None,
            Effect::Take {
                about: About {
                    team: Some(0),
                    grade: None,
                },
                posts: 10,
            },
        ),
    ];
    assert_eq!(all.staffing, expected);
}

#[test]
fn what_is_not_known_is_one_thing_for_all_that_inherit_it() {
    let document = read(
        "[policies.p]\nlimit = { value = { law = \"uniform\", low = 10, high = 30 } }\nteams.north.never_queue = [\"plan\"]\n\
         [[policies.p.change]]\nfrom = 2026-10-01\nmeeting = \"daily\"\n\
         [policies.q]\nlike = \"p\"\nmeeting = \"Friday\"\n\
         [policies.r]\nlimit = { value = { law = \"uniform\", low = 10, high = 30 } }\n",
    )
    .unwrap_or_else(|p| panic!("{p}"));
    assert!(document.is_uncertain());
    let world = document.world(7, 3).unwrap_or_else(|p| panic!("{p}"));
    let values = |policy: &Policy| -> Vec<Value> {
        let choices = policy.phases.iter().flat_map(|p| p.every_choices());
        choices
            .filter_map(|c| Some(c.limit.as_ref()?.value.clone()))
            .collect()
    };
    let first = values(&world.policies[0]);
    assert_eq!(first.len(), 4);
    assert!(first.iter().all(|value| *value == first[0]), "{first:?}");
    assert_eq!(values(&world.policies[1]), first);
    assert_ne!(values(&world.policies[2])[0], first[0]);
    assert_ne!(first[0], Value::Each(20.0));
}

#[test]
fn every_number_of_a_policy_is_in_the_register() {
    let document = read(
        "[policies.p]\nmanager_holds = 3\n\
         limit = { value = 16, family_overshoot = 0, mix = [{ stages = [\"court\"], most = { value = 2, source = \"a\", grade = \"C\" } }] }\n\
         teams.north.limit = { value = 12 }\n\
         [[policies.p.change]]\nfrom = 2026-10-01\nlimit = { value = 14 }\nmanager_holds = { units = 2 }\n\
         [[policies.p.staffing]]\nfrom = 2026-10-01\nteam = \"north\"\ngrade = \"worker\"\nadd = 4\n\
         [policies.q]\nlimit = 16\n\
         [[policies.q.change]]\nfrom = 2026-10-01\nmanager_holds = 2\n\
         [evidence]\n\"policies.p.change[1]\" = { source = \"b\", grade = \"B\" }\n",
    )
    .unwrap_or_else(|p| panic!("{p}"));
    let own = document
        .evidence()
        .iter()
        .filter(|e| e.key.starts_with("policies."));
    let seen: Vec<(&str, &str, Option<&str>)> = own
        .map(|e| (e.key.as_str(), e.value.as_str(), e.grade.as_deref()))
        .collect();
    for wanted in [
        ("policies.p.manager_holds", "3", None),
        ("policies.p.manager_holds.speed", "0", Some("D")),
        ("policies.p.limit.value", "16", None),
        ("policies.p.limit.split_after", "10 working days", Some("D")),
        ("policies.p.limit.mix[1].most", "2", Some("C")),
        ("policies.p.teams.north.limit.value", "12", None),
        ("policies.p.change[1].limit.value", "14", Some("B")),
        ("policies.p.staffing[1].add", "4", None),
        ("policies.q.limit", "16", None),
        ("policies.q.change[1].manager_holds.speed", "0", Some("D")),
    ] {
        let count = seen.iter().filter(|row| **row == wanted).count();
        assert_eq!(count, 1, "{wanted:?} in {seen:#?}");
    }
    // What a change keeps has been said before, and without an overshoot nothing is split.
    let defaults = document.evidence().iter().filter(|e| e.is_default);
    let defaults = defaults.filter(|e| e.key.starts_with("policies."));
    assert_eq!(defaults.count(), 3, "{seen:#?}");
}

/// Choices that a policy or a change may hold, none of which needs another.
const CHOICES: [&str; 9] = [
    "limit = { value = 18, patience = \"14 days\", mix = [{ stages = [\"court\"], most = 3 }] }",
    "never_queue = [\"court\"]",
    "meeting = \"Tuesday\"",
    "allocation = { choice = \"perceived\", error = 0.3 }",
    "order = { transfers_first = false, rises_after = \"10 working days\" }",
    "manager_holds = { units = 3, speed = 0.2 }",
    "threshold = { waiting_above = 40, screened_out = 0.3 }",
    "relief = { workers = 4, above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 10 }",
    "teams.north.limit = { value = 12 }",
];

proptest! {
    #[test]
    fn a_change_that_repeats_the_policy_changes_nothing(
        base in proptest::collection::vec(proptest::bool::ANY, 9),
        repeated in proptest::collection::vec(proptest::bool::ANY, 9),
    ) {
        let chosen = |flags: &[bool]| -> String {
            let lines = CHOICES.iter().zip(flags).filter(|(_, is)| **is);
            lines.map(|(line, _)| format!("{line}\n")).collect()
        };
        let both: Vec<bool> = base.iter().zip(&repeated).map(|(a, b)| *a && *b).collect();
        let text = format!(
            "[policies.p]\n{}[[policies.p.change]]\nfrom = 2026-10-01\n{}",
            chosen(&base), chosen(&both)
        );
        let document = read(&text).unwrap_or_else(|p| panic!("{p}"));
        let phases = &document.scenario().policies[0].phases;
        let again = Phase { from: 0.0, ..phases[1].clone() };
        prop_assert_eq!(&again, &phases[0]);
    }
}
