//! A small service for the tests of this room and of `output`: four posts, one stage, two policies.

use jiff::civil::date;

use crate::engine::world::World;
use crate::experiment::run::Worlds;
use crate::metric::catalogue::Metric;
use crate::model::calendar::Calendar;
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Next, Stage, Work};
use crate::model::post::{Grade, LeaveStep, PostGroup};
use crate::policy::Policy;
use crate::policy::limit::{Limit, Measure, Value};
use crate::scenario::sections::{
    Arrivals, Opening, Overload, Recruitment, Referrals, RunDefaults, Scenario, Strain, Team,
};
use crate::scenario::target::{Comparison, Target, When};

/// Policies "no limit" and "hard 3"; one target; three months.
pub(crate) fn scenario() -> Scenario {
    let mut hard = Policy::without_limit("hard 3");
    hard.limit = Some(Limit {
        measure: Measure::Cases,
        value: Value::Each(3.0),
        patience: None,
    });
    Scenario {
        name: "example".to_owned(),
        title: "A small example".to_owned(),
        description: None,
        calendar: Calendar::new(date(2025, 10, 1), 0, 3, &[]).unwrap(),
        full_time_hours: 37.0,
        referrals: Referrals {
            arrivals: Arrivals::Poisson {
                families_per_month: 5.0,
                season: [1.0; 12],
                growth_per_year: 0.0,
                surges: Vec::new(),
                overdispersion: 0.0,
                working_days_only: false,
            },
            family_size: Discrete::certain(1),
            sibling_hours: 1.0,
            first_stage: Discrete::certain(0),
        },
        stages: vec![Stage {
            name: "open".to_owned(),
            weight: 1.0,
            hours_per_week: 6.0,
            priority: 0,
            deadline: None,
            work: Some(Work {
                duration: Law::Exponential { mean: 90.0 },
                then: Discrete::certain(Next::Closed),
                paced: true,
            }),
            risks: Vec::new(),
            withdraws: None,
        }],
        areas: Discrete::certain(0),
        area_names: vec!["all".to_owned()],
        teams: vec![Team {
            name: "team".to_owned(),
            area: 0,
            takes: vec![0],
        }],
        returns: None,
        handover_days: 0.0,
        opening: Opening::Counts(vec![12]),
        closed_lately_per_month: 0.0,
        grades: vec![Grade {
            name: "worker".to_owned(),
            hours_per_week: 37.0,
            direct_share: 0.6,
            ramp: Vec::new(),
            leave: vec![LeaveStep {
                from_year: 0.0,
                per_year: 0.5,
            }],
            notice: Law::Fixed { value: 30.0 },
            absences_per_year: 0.0,
            becomes: None,
            cost_per_year: None,
        }],
        posts: vec![PostGroup {
            team: 0,
            grade: 0,
            count: 4,
            filled: 4,
            months_in_post: Law::Exponential { mean: 24.0 },
        }],
        absence: None,
        recruitment: Some(Recruitment {
            time_to_fill: Law::Exponential { mean: 60.0 },
            grade: None,
            intakes: Vec::new(),
            attraction: None,
        }),
        agency: None,
        strain: Strain {
            gain: 1.4,
            onset: 1.0,
            tau_days: 91.0,
            frailty: 0.0,
            b_leave: 0.3,
            b_absence: 0.19,
            burnout_base: 0.2,
            hazard_max_per_year: 12.0,
        },
        overload: Overload {
            loss: 0.0,
            floor: 0.5,
            overtime_max: 0.0,
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
        policies: vec![Policy::without_limit("no limit"), hard],
        targets: vec![Target {
            text: "unallocated <= 5 at 2025-12-31".to_owned(),
            metric: Metric::Unallocated,
            team: None,
            comparison: Comparison::AtMost,
            bound: 5.0,
            when: When::At(2),
        }],
        run: RunDefaults {
            replications: 100,
            seed: 1,
            replications_per_world: 1,
        },
    }
}

/// Worlds of the example whose target depends on the index of the world.
pub(crate) struct Example {
    /// True: each world's target has its index for a bound.
    pub is_uncertain: bool,
    /// A world that cannot be made.
    pub broken: Option<u64>,
}

impl Worlds for Example {
    type Error = String;

    fn is_uncertain(&self) -> bool {
        self.is_uncertain
    }

    fn world(&self, _seed: u64, index: u64) -> Result<World, String> {
        if self.broken == Some(index) {
            return Err(format!("world {index} is broken"));
        }
        let mut scenario = scenario();
        if self.is_uncertain {
            scenario.opening = Opening::Counts(vec![index as u32]);
        }
        Ok(World::new(scenario))
    }
}
