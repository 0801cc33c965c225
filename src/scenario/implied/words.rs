//! The analytic shadow in plain words.

use crate::policy::limit::Measure;
use crate::scenario::implied::beside::{Beside, IDLE, IDLE_BUT_MEETINGS, LimitEffect};
use crate::scenario::implied::phases::PhaseImplied;
use crate::scenario::implied::{Implied, foretold};
use crate::scenario::sections::{Opening, Scenario};

/// Growth, season or surges that move the last year's referrals by less are not worth a line.
const LATE_WORTH_SAYING: f64 = 0.02;

impl Implied {
    /// The shadow in plain words, a line for each thing; warnings last, each beginning with `warning: `.
    pub fn in_words(&self) -> Vec<String> {
        let (demand, staff) = (&self.demand, &self.staffing);
        let mut lines = vec![format!(
            "Referrals: {:.1} children in {:.1} families a month; {:.0} % of spells begin by a return.",
            demand.children_per_month,
            demand.families_per_month,
            100.0 * demand.returning_share
        )];
        if (demand.late_factor - 1.0).abs() > LATE_WORTH_SAYING {
            lines.push(format!(
                "The last twelve months bring {:.2} times the mean, which in the long run would ask \
                 for {:.0} cases.",
                demand.late_factor,
                demand.late_factor * demand.open_cases
            ));
        }
        lines.push(format!(
            "Demand in the long run: {:.1} open cases (the opening has {:.0}); a spell takes {:.0} \
             days at full speed.",
            demand.open_cases, self.opening_cases, demand.spell_days
        ));
        for stage in demand.stages.iter().filter(|s| s.visits > 0.0) {
            lines.push(format!(
                "  {}: {:.2} visits a child of {:.0} days, {:.1} open cases",
                stage.name, stage.visits, stage.days, stage.open_cases
            ));
        }
        let approximate = if demand.sibling_factor < 1.0 {
            format!(
                " (about: siblings share, at {:.0} % of the hours of only children)",
                100.0 * demand.sibling_factor
            )
        } else {
            String::new()
        };
        let supply: f64 = self.teams.iter().map(|t| t.hours_supplied).sum();
        lines.push(format!(
            "Direct work: {:.0} hours a week asked for{approximate}, {supply:.0} supplied by the \
             expected staff.",
            demand.hours_per_week
        ));
        let tenure = if staff.tenure_years.is_finite() {
            format!(
                "{:.1} years in post on average, turnover {:.1} % a year",
                staff.tenure_years,
                100.0 * staff.turnover_per_year
            )
        } else {
            "nobody leaves".to_owned()
        };
        lines.push(format!(
            "Staff: {} posts, {tenure}; vacancy rate {:.1} %, agency cover {:.1} % of posts, absence \
             {:.1} %.",
            staff.posts,
            100.0 * staff.vacancy_rate,
            100.0 * staff.agency_share,
            100.0 * staff.absence_rate
        ));
        for team in &self.teams {
            let demand = match team.cases_per_worker {
                Some(cases) => format!("{cases:.1} cases a full-time worker"),
                None => "no workers".to_owned(),
            };
            let ratio = match team.workload_ratio {
                Some(ratio) => format!("workload ratio {ratio:.2}"),
                None => "no hours".to_owned(),
            };
            lines.push(format!(
                "  {}: demand of {:.1} cases for {:.1} workers: {demand}; {ratio}",
                team.name, team.open_cases, team.workers
            ));
        }
        for policy in &self.policies {
            for phase in &policy.phases {
                lines.extend(self.limits_in_words(&policy.name, phase));
            }
        }
        lines.extend(self.warnings.iter().map(|w| format!("warning: {w}")));
        lines
    }

    /// A policy's places beside the demand, by team: the demand is what makes a limit bind.
    fn limits_in_words(&self, policy: &str, phase: &PhaseImplied) -> Vec<String> {
        let title = format!("Policy \"{policy}\"{}", phase.since);
        let effect = match phase.effect {
            LimitEffect::NoLimit => return vec![format!("{title}: no limit.")],
            LimitEffect::Idle if phase.has_meetings => IDLE_BUT_MEETINGS,
            LimitEffect::Idle => IDLE,
            LimitEffect::Binding => "it binds at times",
            LimitEffect::Critical if phase.outcome.is_bounded() => "it binds most of the time",
            LimitEffect::Critical => "it stands on its stability limit",
            LimitEffect::TooLow => "fewer places than cases",
        };
        let mut mixes: Vec<&[String]> = Vec::new();
        for limit in &phase.limits {
            if !mixes.contains(&limit.stages.as_slice()) {
                mixes.push(&limit.stages);
            }
        }
        let mut lines = Vec::new();
        for stages in mixes {
            let limits: Vec<&Beside> = phase.limits.iter().filter(|b| b.stages == stages).collect();
            let beside: Vec<String> = limits.iter().filter_map(|b| self.in_one_team(b)).collect();
            if beside.is_empty() {
                let none = format!("{title}: no places, for want of workers.");
                return vec![none];
            }
            let beside = beside.join(", ");
            lines.push(if stages.is_empty() {
                format!(
                    "{title}: {}{effect}; a full-time worker in {beside}.",
                    in_all(&limits)
                )
            } else {
                format!(
                    "  of {}: a full-time worker in {beside}",
                    stages.join(" and ")
                )
            });
        }
        // A policy that limits a mix only has its title to say yet.
        if lines.first().is_some_and(|line| line.starts_with("  ")) {
            lines.insert(0, format!("{title}: {effect}."));
        }
        lines
    }

    fn in_one_team(&self, limit: &Beside) -> Option<String> {
        let name = match limit.team {
            Some(team) => self.teams.get(team)?.name.as_str(),
            None => "the whole service",
        };
        let per = match limit.measure {
            Measure::Hours => limit.supply,
            _ => limit.workers,
        };
        if per <= 0.0 {
            return None;
        }
        let (demand, places) = (limit.demand / per, limit.places / per);
        if places.is_infinite() {
            return Some(format!("{name}: some grade has no limit"));
        }
        let (unit, fit) = match limit.measure {
            Measure::Cases => ("cases", "places"),
            Measure::Families => ("families", "places"),
            Measure::Points => ("points", "points"),
            Measure::Hours => {
                return Some(format!("{name}: workload ratio {demand:.2} of {places:.2}"));
            }
        };
        Some(format!("{name}: {demand:.1} {unit} of {places:.1} {fit}"))
    }
}

/// The places of the whole service, where they are counted in one unit.
fn in_all(limits: &[&Beside]) -> String {
    let measure = limits.first().map(|limit| limit.measure);
    let is_one = limits.iter().all(|limit| Some(limit.measure) == measure);
    let places: f64 = limits.iter().map(|limit| limit.places).sum();
    match measure {
        _ if !is_one || places.is_infinite() => String::new(),
        Some(Measure::Cases | Measure::Families) => format!("{places:.1} places, "),
        Some(Measure::Points) => format!("{places:.1} points, "),
        Some(Measure::Hours) | None => String::new(),
    }
}

/// What a planner should know before playing.
pub(super) fn warnings(scenario: &Scenario, implied: &Implied) -> Vec<String> {
    let mut warnings = Vec::new();
    // A stage that the opening caseload stands in is there for those cases.
    let is_empty = |stage: usize| match &scenario.opening {
        Opening::Counts(counts) => counts.get(stage).is_none_or(|count| *count == 0),
        Opening::Mix { stages, .. } => stages.iter().all(|(at, _)| *at != stage),
        Opening::Listed(cases) => cases.iter().all(|case| case.stage != stage),
    };
    let unseen = implied
        .demand
        .stages
        .iter()
        .enumerate()
        .filter(|(_, s)| s.visits <= 0.0);
    for (_, stage) in unseen.filter(|(number, _)| is_empty(*number)) {
        warnings.push(format!("no referral ever reaches stage \"{}\"", stage.name));
    }
    if implied.staffing.never_filled {
        warnings.push(
            "people leave and no vacancy is ever filled: staff figures here are those of the start, \
             and fall from there"
                .to_owned(),
        );
    }
    for team in implied.teams.iter().filter(|t| t.open_cases > 0.0) {
        match team.workload_ratio {
            None => warnings.push(format!(
                "team \"{}\" is asked for {:.1} cases and has no hours to work them",
                team.name, team.open_cases
            )),
            Some(ratio) if ratio > 1.0 => {
                let bound = lasting_ratio(scenario);
                let outcome = if ratio <= bound {
                    "overtime has to make up the difference, month after month"
                } else if scenario.overload.thin < 1.0 {
                    "more than overtime can make up: families get less, and below `thin`, which is measured \
                     nowhere, work slows down"
                } else {
                    "more than overtime can make up: work slows down and caseloads feed on themselves; `thin`, \
                     which decides it, is measured nowhere"
                };
                warnings.push(format!(
                    "team \"{}\" is asked for {:.0} hours a week and has {:.0}: a workload ratio of \
                     {ratio:.2}; {outcome}",
                    team.name, team.hours_demanded, team.hours_supplied
                ));
            }
            Some(_) => {}
        }
    }
    for (policy, shadow) in scenario.policies.iter().zip(&implied.policies) {
        warnings.extend(foretold::of_policy(scenario, implied, policy, shadow));
    }
    let owes_returns = scenario
        .returns
        .as_ref()
        .is_some_and(|r| r.probability > 0.0);
    if owes_returns
        && scenario.calendar.warm_up_months == 0
        && scenario.closed_lately_per_month <= 0.0
        && implied.opening_cases > 0.0
    {
        warnings.push(
            "the opening has no recently closed cases and there is no warm-up: the caseload will sag \
             at first for want of returning cases"
                .to_owned(),
        );
    }
    warnings
}

/// The workload ratio up to which overtime makes up for what is missing, for the mean direct-work share of the
/// posts [1].
fn lasting_ratio(scenario: &Scenario) -> f64 {
    let (mut hours, mut direct) = (0.0, 0.0);
    for group in &scenario.posts {
        let grade = &scenario.grades[group.grade];
        hours += group.count as f64 * grade.hours_per_week;
        direct += group.count as f64 * grade.hours_per_week * grade.direct_share;
    }
    if direct > 0.0 {
        1.0 + scenario.overload.overtime_max * hours / direct
    } else {
        1.0
    }
}
