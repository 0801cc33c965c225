//! Small services for the tests of the engine.

use crate::model::calendar::{Calendar, DAYS_PER_MONTH};
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Next, Risk, Stage, Work};
use crate::model::post::{Grade, LeaveStep, PostGroup};
use crate::policy::Policy;
use crate::policy::limit::Limit;
use crate::scenario::sections::*;
use jiff::civil::date;

/// A stage that ends by work alone.
pub(super) fn stage(name: &str, duration: Law, then: Vec<(Next, f64)>) -> Stage {
    Stage {
        name: name.to_owned(),
        weight: 1.0,
        hours_per_week: 0.0,
        priority: 0,
        deadline: None,
        work: Some(Work {
            duration,
            then: Discrete::new(then).unwrap(),
            paced: true,
        }),
        risks: vec![],
        withdraws: None,
    }
}

/// One team of full-time workers who never leave, one stage of exponential work, no limit.
pub(super) fn service(posts: usize, per_day: f64, mean_days: f64, months: u32) -> Scenario {
    let grade = Grade {
        name: "worker".into(),
        hours_per_week: 37.0,
        direct_share: 0.5,
        ramp: vec![],
        leave: vec![],
        notice: Law::Fixed { value: 0.0 },
        absences_per_year: 0.0,
        becomes: None,
        cost_per_year: None,
    };
    Scenario {
        name: "sample".into(),
        title: "Sample".into(),
        description: None,
        calendar: Calendar::new(date(2025, 1, 1), 0, months, &[]).unwrap(),
        full_time_hours: 37.0,
        referrals: Referrals {
            arrivals: Arrivals::Poisson {
                families_per_month: per_day * DAYS_PER_MONTH,
                season: [1.0; 12],
                growth_per_year: 0.0,
                surges: vec![],
                overdispersion: 0.0,
                working_days_only: false,
            },
            family_size: Discrete::certain(1),
            sibling_hours: 1.0,
            first_stage: Discrete::certain(0),
        },
        stages: vec![stage(
            "work",
            Law::Exponential { mean: mean_days },
            vec![(Next::Closed, 1.0)],
        )],
        areas: Discrete::certain(0),
        area_names: vec!["all".into()],
        teams: vec![Team {
            name: "all".into(),
            area: 0,
            takes: vec![0],
        }],
        returns: None,
        handover_days: 0.0,
        opening: Opening::Counts(vec![0]),
        closed_lately_per_month: 0.0,
        grades: vec![grade],
        posts: vec![PostGroup {
            team: 0,
            grade: 0,
            count: posts,
            filled: posts,
            months_in_post: Law::Fixed { value: 0.0 },
        }],
        absence: None,
        recruitment: None,
        agency: None,
        strain: Strain {
            gain: 0.0,
            onset: 1.0,
            tau_days: 91.0,
            frailty: 0.0,
            b_leave: 0.0,
            b_absence: 0.0,
            burnout_base: 0.2,
            hazard_max_per_year: 12.0,
        },
        overload: Overload {
            loss: 0.0,
            floor: 0.7,
            overtime_max: 0.0,
            overtime: Overtime::Toil,
            toil_back: 0.5,
            toil_max_hours: None,
            thin: 1.0,
            speed_max: 1.0,
            serve_by_priority: false,
        },
        managers: None,
        cost: None,
        guideline: None,
        waiting_mark_working_days: 10,
        staff_at_start: StaffAtStart::Fresh,
        policies: vec![Policy::without_limit("no limit")],
        targets: vec![],
        run: RunDefaults {
            replications: 100,
            seed: 1,
            replications_per_world: 1,
        },
    }
}

/// The pathway of the reference models: three levels of need, growing by themselves.
pub(super) fn levels(scenario: &mut Scenario) {
    let names = ["level 1", "level 2", "level 3"];
    let means = [120.0, 180.0, 300.0];
    let grows = [Some((300.0, 1)), Some((400.0, 2)), None];
    scenario.stages = (0..3)
        .map(|level| {
            let work = Law::Exponential { mean: means[level] };
            let mut stage = stage(names[level], work, vec![(Next::Closed, 1.0)]);
            stage.risks = grows[level]
                .iter()
                .map(|(mean, to)| Risk {
                    duration: Law::Exponential { mean: *mean },
                    to: Next::Stage(*to),
                    unmet_effect: 0.0,
                })
                .collect();
            stage
        })
        .collect();
    scenario.referrals.first_stage = Discrete::new(vec![(0, 0.6), (1, 0.3), (2, 0.1)]).unwrap();
    scenario.teams[0].takes = vec![0, 1, 2];
    let mix = scenario.referrals.first_stage.clone();
    scenario.opening = Opening::Mix {
        total: 720,
        stages: mix,
    };
    scenario.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 0.15 / 365.0 * 365.25,
    }];
    scenario.recruitment = Some(Recruitment {
        time_to_fill: Law::Fixed { value: 90.0 },
        grade: None,
        intakes: vec![],
        attraction: None,
    });
}

/// Always the same.
pub(super) fn fixed(value: f64) -> Law {
    Law::Fixed { value }
}

/// A limit of so many cases for a full-time worker; held to for ever, or so many days.
pub(super) fn limit(value: f64, patience: Option<Law>) -> Option<Limit> {
    Some(Limit {
        patience,
        ..Limit::of_cases(value)
    })
}

/// Families that come at given times, of so many children, in a first stage: (time, children, stage).
pub(super) fn replay(families: &[(f64, usize, usize)]) -> Arrivals {
    let mut families: Vec<_> = families
        .iter()
        .enumerate()
        .map(|(row, (time, children, stage))| ReplayedFamily {
            time: *time,
            row: row as u32,
            children: Some(*children),
            stage: Some(*stage),
            area: None,
        })
        .collect();
    families.sort_by(|a, b| a.time.total_cmp(&b.time));
    Arrivals::Replay { families }
}

/// A service of so many posts to which listed families come, with stages of fixed length that close:
/// (days, hours a week, priority).
pub(super) fn listed(
    posts: usize,
    families: &[(f64, usize, usize)],
    stages: &[(f64, f64, i32)],
    months: u32,
) -> Scenario {
    let mut scenario = service(posts, 1.0, 1.0, months);
    scenario.referrals.arrivals = replay(families);
    scenario.stages = stages
        .iter()
        .map(|(days, hours, priority)| {
            let mut stage = stage("stage", fixed(*days), vec![(Next::Closed, 1.0)]);
            stage.hours_per_week = *hours;
            stage.priority = *priority;
            stage
        })
        .collect();
    scenario.teams[0].takes = (0..stages.len()).collect();
    scenario.opening = Opening::Counts(vec![0; stages.len()]);
    scenario
}
