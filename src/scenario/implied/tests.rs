mod policies;

use jiff::civil::date;

use super::*;
use crate::model::calendar::{Calendar, DAYS_PER_MONTH, DAYS_PER_YEAR};
use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Next, Risk, Stage, Work};
use crate::model::post::{Grade, LeaveStep, PostGroup, Promotion, RampStep};
use crate::policy::Policy;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Tolerance, Value};
use crate::policy::manager::ManagerHolds;
use crate::policy::meeting::Meeting;
use crate::policy::staffing::{About, Change, Effect};
use crate::policy::threshold::Threshold;
use crate::policy::trigger::{Per, Trigger};
use crate::scenario::implied::beside::LimitEffect;
use crate::scenario::sections::{
    Absence, Agency, Arrivals, Managers, Overload, Overtime, Recruitment, Referrals,
    ReplayedFamily, Return, RunDefaults, StaffAtStart, Strain, Team,
};

fn near(a: f64, b: f64, tolerance: f64) {
    assert!((a - b).abs() < tolerance, "{a} is not {b}");
}

fn exponential(mean: f64) -> Law {
    Law::Exponential { mean }
}

fn stage(name: &str, work_days: f64, then: Next) -> Stage {
    Stage {
        name: name.to_owned(),
        weight: 1.0,
        hours_per_week: 1.0,
        priority: 0,
        deadline: None,
        work: Some(Work {
            duration: exponential(work_days),
            then: Discrete::certain(then),
            paced: true,
        }),
        risks: Vec::new(),
        withdraws: None,
    }
}

fn risk(days: f64, to: usize) -> Risk {
    Risk {
        duration: exponential(days),
        to: Next::Stage(to),
        unmet_effect: 0.0,
    }
}

fn grade(name: &str) -> Grade {
    Grade {
        name: name.to_owned(),
        hours_per_week: 37.0,
        direct_share: 0.5,
        ramp: Vec::new(),
        leave: Vec::new(),
        notice: Law::Fixed { value: 0.0 },
        absences_per_year: 0.0,
        becomes: None,
        cost_per_year: None,
    }
}

fn limit(cases: f64, patience: Option<Law>) -> Policy {
    let mut policy = Policy::without_limit("limit");
    policy.phases[0].service.limit = Some(Limit {
        patience,
        ..Limit::of_cases(cases)
    });
    policy
}

/// One stage of 100 days, one team of ten who never leave, 30 families of one child a month of
/// 365.25/12 days, for two years.
fn one_stage() -> Scenario {
    Scenario {
        name: "test".to_owned(),
        title: "test".to_owned(),
        description: None,
        calendar: Calendar::new(date(2025, 1, 1), 0, 24, &[]).unwrap(),
        full_time_hours: 37.0,
        referrals: Referrals {
            arrivals: Arrivals::Poisson {
                families_per_month: 30.0,
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
        stages: vec![stage("open", 100.0, Next::Closed)],
        areas: Discrete::certain(0),
        area_names: vec!["all".to_owned()],
        teams: vec![Team {
            name: "all".to_owned(),
            area: 0,
            takes: vec![0],
        }],
        returns: None,
        handover_days: 0.0,
        opening: Opening::Counts(vec![0]),
        closed_lately_per_month: 0.0,
        grades: vec![grade("worker")],
        posts: vec![PostGroup {
            team: 0,
            grade: 0,
            count: 10,
            filled: 10,
            months_in_post: Law::Fixed { value: 0.0 },
        }],
        absence: None,
        recruitment: None,
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
            overtime: Overtime::Toil,
            toil_max_hours: None,
            thin: 1.0,
            speed_max: 1.0,
            serve_by_priority: false,
        },
        managers: None,
        cost: None,
        guideline: None,
        waiting_mark_working_days: 10,
        staff_at_start: StaffAtStart::Settled,
        policies: vec![Policy::without_limit("none")],
        targets: Vec::new(),
        run: RunDefaults {
            replications: 100,
            seed: 1,
            replications_per_world: 1,
        },
    }
}

/// Places under each policy at its beginning, in the whole service.
fn places(shadow: &Implied) -> Vec<f64> {
    let first = shadow.policies.iter().map(|p| &p.phases[0]);
    first
        .map(|phase| phase.limits.iter().map(|b| b.places).sum())
        .collect()
}

fn first_effect(shadow: &Implied) -> LimitEffect {
    shadow.policies[0].phases[0].effect
}

/// The reference model R1.
fn r1() -> Scenario {
    let mut s = one_stage();
    s.referrals.arrivals = Arrivals::Poisson {
        families_per_month: 5.0 * DAYS_PER_MONTH,
        season: [1.0; 12],
        growth_per_year: 0.0,
        surges: Vec::new(),
        overdispersion: 0.0,
        working_days_only: false,
    };
    s.referrals.first_stage = Discrete::new(vec![(0, 0.6), (1, 0.3), (2, 0.1)]).unwrap();
    s.stages = vec![
        stage("level 1", 120.0, Next::Closed),
        stage("level 2", 180.0, Next::Closed),
        stage("level 3", 300.0, Next::Closed),
    ];
    s.stages[0].risks = vec![risk(300.0, 1)];
    s.stages[1].risks = vec![risk(400.0, 2)];
    s.teams[0].takes = vec![0, 1, 2];
    s.opening = Opening::Counts(vec![432, 216, 72]);
    s.posts[0].count = 60;
    s.posts[0].filled = 60;
    s.grades[0].leave = vec![LeaveStep {
        from_year: 0.0,
        per_year: 0.15 / 365.0 * DAYS_PER_YEAR,
    }];
    s.recruitment = Some(Recruitment {
        time_to_fill: Law::Fixed { value: 90.0 },
        grade: None,
        intakes: Vec::new(),
        attraction: None,
    });
    s.policies = vec![limit(16.0, None)];
    s
}

#[test]
fn the_reference_model_asks_for_919_cases_of_926_places() {
    let shadow = implied(&r1()).unwrap();
    near(shadow.demand.open_cases, 919.2, 0.05);
    near(places(&shadow)[0], 926.0, 0.5);
    assert_eq!(first_effect(&shadow), LimitEffect::Critical);
    near(
        shadow.staffing.vacancy_rate,
        90.0 / (90.0 + 365.0 / 0.15),
        1e-12,
    );
    near(
        shadow.staffing.tenure_years,
        365.0 / 0.15 / DAYS_PER_YEAR,
        1e-9,
    );
    near(shadow.demand.stages[0].visits, 0.6, 1e-12);
    let stay = 1.0 / (1.0 / 120.0 + 1.0 / 300.0);
    near(
        shadow.demand.stages[1].visits,
        0.3 + 0.6 * stay / 300.0,
        1e-12,
    );
    assert_eq!(shadow.opening_cases, 720.0);
    let words = shadow.in_words().join("\n");
    assert!(words.contains("919.2 open cases"), "{words}");
    assert!(words.contains("stability limit"), "{words}");
    assert!(words.contains("warning: under policy \"limit\""), "{words}");
}

#[test]
fn one_stage_without_waiting_is_referrals_times_stay() {
    let shadow = implied(&one_stage()).unwrap();
    let a_day = 30.0 / DAYS_PER_MONTH;
    near(shadow.demand.open_cases, 100.0 * a_day, 1e-9);
    near(shadow.demand.families_per_month, a_day * 730.0 / 24.0, 1e-9);
    near(
        shadow.teams[0].cases_per_worker.unwrap(),
        10.0 * a_day,
        1e-9,
    );
    near(
        shadow.teams[0].workload_ratio.unwrap(),
        100.0 * a_day / 185.0,
        1e-9,
    );
    near(shadow.demand.late_factor, 1.0, 1e-9);
    assert!(shadow.staffing.tenure_years.is_infinite());
    assert_eq!(shadow.staffing.vacancy_rate, 0.0);
    assert_eq!(first_effect(&shadow), LimitEffect::NoLimit);
    assert_eq!(shadow.warnings, Vec::<String>::new());
}

#[test]
fn limits_are_judged_beside_the_demand() {
    // Demand is 9.86 cases a worker.
    let effect_of = |cases: f64| {
        let mut s = one_stage();
        s.policies = vec![limit(cases, None)];
        first_effect(&implied(&s).unwrap())
    };
    assert_eq!(effect_of(9.0), LimitEffect::TooLow);
    assert_eq!(effect_of(10.0), LimitEffect::Critical);
    assert_eq!(effect_of(12.0), LimitEffect::Binding);
    assert_eq!(effect_of(24.0), LimitEffect::Idle);
}

#[test]
fn only_whole_cases_are_places() {
    let mut s = one_stage();
    s.grades[0].hours_per_week = 0.65 * 37.0;
    s.policies = vec![limit(20.0, None), limit(20.4, None), limit(21.6, None)];
    let shadow = implied(&s).unwrap();
    assert_eq!(places(&shadow), [130.0, 130.0, 140.0]);
    let words = shadow.in_words().join("\n");
    assert!(words.contains("all: 15.2 cases of 20.0 places"), "{words}");
}

#[test]
fn a_limit_below_demand_is_warned_of_in_the_words_of_its_patience() {
    let warning = |patience| {
        let mut s = one_stage();
        s.policies = vec![limit(9.0, patience)];
        implied(&s).unwrap().warnings.join("\n")
    };
    assert!(warning(None).contains("98.6 cases and has 90.0 places: the waiting list grows"));
    assert!(warning(Some(Law::Fixed { value: 0.0 })).contains("only advises"));
    assert!(warning(Some(exponential(20.0))).contains("wait out the patience"));
}

#[test]
fn near_demand_a_patience_bounds_the_wait_in_words_too() {
    let words = |patience| {
        let mut s = one_stage();
        s.policies = vec![limit(10.0, patience)];
        let shadow = implied(&s).unwrap();
        assert_eq!(first_effect(&shadow), LimitEffect::Critical);
        shadow.in_words().join("\n")
    };
    let bounded = words(Some(exponential(20.0)));
    assert!(bounded.contains("3 % of the places in some team: cases will wait out the patience"));
    assert!(!bounded.contains("takes years to settle") && !bounded.contains("stability limit"));
    assert!(words(Some(Law::Fixed { value: 0.0 })).contains("only advises"));
    assert!(words(None).contains("takes years to settle"));
}

#[test]
fn an_idle_limit_is_told_apart_from_its_meetings() {
    let mut s = one_stage();
    s.policies = vec![limit(24.0, None), limit(24.0, None)];
    s.policies[1].phases[0].meeting = Meeting::Weekly { weekday: 1 };
    let shadow = implied(&s).unwrap();
    assert!(shadow.warnings[0].ends_with("the limit does nothing"));
    assert!(shadow.warnings[1].ends_with("the limit does nothing; cases wait for the meeting"));
    let words = shadow.in_words();
    let told = |end: &str| words.iter().filter(|l| l.contains(end)).count();
    assert_eq!(
        told("places, the limit does nothing; cases wait for the meeting"),
        1
    );
}

#[test]
fn more_hours_asked_for_than_overtime_can_make_up_is_told() {
    let mut s = one_stage();
    s.stages[0].hours_per_week = 2.0;
    let shadow = implied(&s).unwrap();
    assert!(shadow.teams[0].workload_ratio.unwrap() > 1.0);
    assert!(
        shadow.warnings[0].contains("caseloads feed on themselves"),
        "{:?}",
        shadow.warnings
    );
}

#[test]
fn returns_multiply_demand_by_the_geometric_series() {
    let mut s = one_stage();
    s.opening = Opening::Counts(vec![90]);
    s.returns = Some(Return {
        probability: 0.2,
        unmet_effect: 0.5,
        delay: exponential(300.0),
        to: Discrete::certain(0),
        to_same_worker: false,
    });
    let shadow = implied(&s).unwrap();
    near(
        shadow.demand.open_cases,
        100.0 * 30.0 / DAYS_PER_MONTH / 0.8,
        1e-9,
    );
    near(shadow.demand.returning_share, 0.2, 1e-12);
    near(shadow.demand.spell_days, 100.0, 1e-9);
    assert!(shadow.warnings.iter().any(|w| w.contains("sag")));
    s.closed_lately_per_month = 36.0;
    assert!(
        !implied(&s)
            .unwrap()
            .warnings
            .iter()
            .any(|w| w.contains("sag"))
    );
    s.returns.as_mut().unwrap().probability = 1.0;
    assert_eq!(implied(&s), Err(ImpliedError::NeverCloses));
}

#[test]
fn season_growth_and_surges_are_in_the_mean() {
    let mut s = one_stage();
    s.calendar = Calendar::new(date(2025, 1, 1), 12, 24, &[]).unwrap();
    if let Arrivals::Poisson {
        season,
        growth_per_year,
        ..
    } = &mut s.referrals.arrivals
    {
        *season = [0.5, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
        *growth_per_year = 0.1;
    }
    let expected: f64 = s
        .calendar
        .reported()
        .iter()
        .map(|m| {
            let season = [0.5, 1.5]
                .get(usize::from(m.month_of_year) - 1)
                .copied()
                .unwrap_or(1.0);
            season * 1.1_f64.powf(f64::from(m.since_start) / 12.0) * (m.ends - m.begins)
        })
        .sum();
    let shadow = implied(&s).unwrap();
    near(
        shadow.demand.families_per_month,
        expected * 30.0 / DAYS_PER_MONTH / 24.0,
        1e-9,
    );
    near(shadow.demand.late_factor, 1.1 / 1.05, 1e-9);
}

#[test]
fn a_replayed_list_is_counted_in_the_reported_months() {
    let mut s = one_stage();
    let family = |time: f64, children| ReplayedFamily {
        time,
        row: 0,
        children,
        stage: None,
        area: None,
    };
    s.referrals.family_size = Discrete::certain(2);
    s.referrals.arrivals = Arrivals::Replay {
        families: vec![
            family(3.0, Some(3)),
            family(40.0, None),
            family(9e5, Some(4)),
        ],
    };
    let demand = implied(&s).unwrap().demand;
    near(demand.families_per_month, 2.0 / 24.0, 1e-12);
    near(demand.children_per_month, 5.0 / 24.0, 1e-12);
}

#[test]
fn siblings_share_hours_only_while_several_are_open() {
    // Two children of independent exponential stays m: one is open for 1.5 m, both for 0.5 m; with
    // half hours for the second, the family needs 1.75 m of the 2 m of two only children.
    let mut s = one_stage();
    s.referrals.family_size = Discrete::certain(2);
    s.referrals.sibling_hours = 0.5;
    let demand = implied(&s).unwrap().demand;
    near(demand.sibling_factor, 0.875, 1e-3);
    near(
        demand.hours_per_week,
        0.875 * 200.0 * 30.0 / DAYS_PER_MONTH,
        0.3,
    );
}

#[test]
fn each_team_is_asked_for_its_own_stages_and_area() {
    let mut s = one_stage();
    s.stages = vec![
        stage("assessment", 30.0, Next::Stage(1)),
        stage("support", 90.0, Next::Closed),
    ];
    s.areas = Discrete::new(vec![(0, 0.75), (1, 0.25)]).unwrap();
    s.area_names = vec!["north".to_owned(), "south".to_owned()];
    let team = |name: &str, area, takes| Team {
        name: name.to_owned(),
        area,
        takes,
    };
    s.teams = vec![
        team("front", 0, vec![0]),
        team("long", 0, vec![1]),
        team("south", 1, vec![0, 1]),
    ];
    let shadow = implied(&s).unwrap();
    let a_day = 30.0 / DAYS_PER_MONTH;
    near(shadow.teams[0].open_cases, 0.75 * 30.0 * a_day, 1e-9);
    near(shadow.teams[1].open_cases, 0.75 * 90.0 * a_day, 1e-9);
    near(shadow.teams[2].open_cases, 0.25 * 120.0 * a_day, 1e-9);
    assert_eq!(shadow.teams[1].cases_per_worker, None);
    assert!(shadow.warnings.iter().any(|w| w.contains("no hours")));
}

#[test]
fn a_stage_without_a_way_out_is_refused_only_where_cases_reach_it() {
    let mut s = one_stage();
    s.stages.push(stage("end", 10.0, Next::Closed));
    s.stages[1].work = None;
    s.teams[0].takes = vec![0, 1];
    let shadow = implied(&s).unwrap();
    assert!(shadow.warnings[0].contains("no referral ever reaches stage \"end\""));
    s.stages[0].risks = vec![risk(500.0, 1)];
    assert_eq!(
        implied(&s),
        Err(ImpliedError::NoWayOut {
            stage: "end".to_owned()
        })
    );
}

#[test]
fn careers_are_averaged_over_ramps_promotions_and_notice() {
    let mut s = one_stage();
    let step = |from_year, per_year| LeaveStep {
        from_year,
        per_year,
    };
    // A new worker gives half for a year, then becomes an experienced one; nobody leaves in the first
    // year, then half a year of hazard mean, then 28 days' notice.
    s.grades = vec![grade("new"), grade("experienced")];
    s.grades[0].ramp = vec![RampStep {
        from_month: 0.0,
        output: 0.5,
        limit: 0.5,
    }];
    s.grades[0].becomes = Some(Promotion {
        grade: 1,
        after_months: 12.0,
    });
    s.grades[1].leave = vec![step(0.0, 2.0)];
    s.grades[1].notice = Law::Fixed { value: 28.0 };
    s.recruitment = Some(Recruitment {
        time_to_fill: Law::Fixed { value: 100.0 },
        grade: None,
        intakes: Vec::new(),
        attraction: None,
    });
    s.policies = vec![limit(20.0, None)];
    let later = 0.5 * DAYS_PER_YEAR + 28.0;
    let tenure = DAYS_PER_YEAR + later;
    let shadow = implied(&s).unwrap();
    near(shadow.staffing.tenure_years, tenure / DAYS_PER_YEAR, 1e-9);
    near(
        shadow.staffing.vacancy_rate,
        100.0 / (tenure + 100.0),
        1e-12,
    );
    let filled = 10.0 * tenure / (tenure + 100.0);
    let output = (0.5 * DAYS_PER_YEAR + later) / tenure;
    near(shadow.teams[0].hours_supplied, filled * 18.5 * output, 1e-9);
    near(places(&shadow)[0], filled * 20.0 * output, 1e-9);
}

#[test]
fn frailty_lengthens_tenure_as_the_lognormal_says() {
    let mut s = r1();
    s.strain.frailty = 1.0;
    let expected = 365.0 / 0.15 * (0.3_f64 * 0.3).exp() / DAYS_PER_YEAR;
    near(implied(&s).unwrap().staffing.tenure_years, expected, 1e-6);
}

#[test]
fn agency_covers_what_outlasts_its_lead_within_its_bound() {
    let mut s = r1();
    s.grades.push(grade("agency"));
    s.agency = Some(Agency {
        grade: 1,
        lead: Law::Fixed { value: 30.0 },
        max_share: 1.0,
        overlap_days: 0.0,
    });
    let vacant = 90.0 / (90.0 + 365.0 / 0.15);
    let staff = implied(&s).unwrap().staffing;
    near(staff.vacancy_rate, vacant, 1e-12);
    near(staff.agency_share, vacant * 60.0 / 90.0, 1e-9);
    near(staff.teams[0].fte, 60.0 * (1.0 - vacant / 3.0), 1e-7);
    if let Some(agency) = &mut s.agency {
        agency.max_share = 1.0 / 60.0;
    }
    let p: f64 = vacant * 60.0 / 90.0;
    let bounded = implied(&s).unwrap().staffing.agency_share;
    near(bounded, (1.0 - (1.0 - p).powi(60)) / 60.0, 1e-9);
}

#[test]
fn absence_takes_its_share_of_the_hours() {
    let mut s = one_stage();
    s.grades[0].absences_per_year = 1.2;
    s.absence = Some(Absence {
        spell: exponential(12.0),
        cover_after_days: None,
    });
    let sick = 1.2 * 12.0 / DAYS_PER_YEAR;
    let shadow = implied(&s).unwrap();
    near(shadow.staffing.absence_rate, sick / (1.0 + sick), 1e-12);
    near(shadow.teams[0].hours_supplied, 185.0 / (1.0 + sick), 1e-9);
}

#[test]
fn without_recruitment_the_staff_of_the_start_is_shown_with_a_warning() {
    let mut s = r1();
    s.recruitment = None;
    s.posts[0].filled = 48;
    let shadow = implied(&s).unwrap();
    near(shadow.staffing.vacancy_rate, 0.2, 1e-12);
    assert!(
        shadow
            .warnings
            .iter()
            .any(|w| w.contains("no vacancy is ever filled"))
    );
}

#[test]
fn a_service_without_posts_or_referrals_has_a_shadow_too() {
    let mut s = one_stage();
    s.posts.clear();
    s.agency = Some(Agency {
        grade: 0,
        lead: exponential(30.0),
        max_share: 0.2,
        overlap_days: 14.0,
    });
    s.referrals.arrivals = Arrivals::Replay {
        families: Vec::new(),
    };
    let shadow = implied(&s).unwrap();
    assert_eq!(shadow.demand.open_cases, 0.0);
    assert_eq!(shadow.teams[0].cases_per_worker, None);
    assert!(shadow.in_words().iter().all(|line| !line.contains("NaN")));
    s.policies = vec![limit(12.0, None)];
    let words = implied(&s).unwrap().in_words();
    let whole = "Policy \"limit\": no places, for want of workers.";
    assert!(words.iter().any(|line| line == whole), "{words:?}");
}
