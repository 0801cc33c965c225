//! The analytic shadow in plain words.

use crate::scenario::implied::{Implied, LimitEffect, PolicyImplied};
use crate::scenario::sections::{Opening, Scenario};

/// Growth, season or surges that move the last year's referrals by less are not worth a line.
const LATE_WORTH_SAYING: f64 = 0.02;

const IDLE: &str = "the limit does nothing";
const IDLE_BUT_MEETINGS: &str = "the limit does nothing; cases wait for the meeting";

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
        for (p, policy) in self.policies.iter().enumerate() {
            lines.push(self.policy_in_words(p, policy));
        }
        lines.extend(self.warnings.iter().map(|w| format!("warning: {w}")));
        lines
    }

    /// A policy's places beside the demand, by team: the demand is what makes a limit bind.
    fn policy_in_words(&self, index: usize, policy: &PolicyImplied) -> String {
        let effect = match policy.effect {
            LimitEffect::NoLimit => return format!("Policy \"{}\": no limit.", policy.name),
            LimitEffect::Idle if policy.has_meetings => IDLE_BUT_MEETINGS,
            LimitEffect::Idle => IDLE,
            LimitEffect::Binding => "it binds at times",
            LimitEffect::Critical if policy.is_wait_bounded => "it binds most of the time",
            LimitEffect::Critical => "it stands on its stability limit",
            LimitEffect::TooLow => "fewer places than cases",
        };
        let beside: Vec<String> = self
            .teams
            .iter()
            .filter_map(|team| {
                let demand = team.cases_per_worker?;
                let places = team.places[index] / team.workers;
                Some(format!(
                    "{}: {demand:.1} cases of {places:.1} places",
                    team.name
                ))
            })
            .collect();
        if beside.is_empty() {
            return format!(
                "Policy \"{}\": no places, for want of workers.",
                policy.name
            );
        }
        format!(
            "Policy \"{}\": {:.1} places, {effect}; a full-time worker in {}.",
            policy.name,
            policy.places,
            beside.join(", ")
        )
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
                    "more than overtime can make up: families get less, and below `thin` work slows down"
                } else {
                    "more than overtime can make up: work slows down and caseloads feed on themselves"
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
    for (p, (policy, shadow)) in scenario.policies.iter().zip(&implied.policies).enumerate() {
        let Some(limit) = &policy.phases[0].service.limit else {
            continue;
        };
        let outcome = if limit.is_advisory() {
            "the limit only advises, and workers will stand above it"
        } else if limit.patience.is_some() {
            "cases will wait out the patience and be given out over the limit"
        } else {
            "the waiting list grows without end"
        };
        for team in implied.teams.iter().filter(|t| t.open_cases > t.places[p]) {
            warnings.push(format!(
                "under policy \"{}\" team \"{}\" is asked for {:.1} cases and has {:.1} places: {outcome}",
                policy.name, team.name, team.open_cases, team.places[p]
            ));
        }
        match shadow.effect {
            LimitEffect::Critical if shadow.is_wait_bounded => {
                warnings.push(format!(
                    "under policy \"{}\" demand is within 3 % of the places in some team: {outcome}",
                    policy.name
                ));
            }
            LimitEffect::Critical => warnings.push(format!(
                "under policy \"{}\" demand is within 3 % of the places in some team: the waiting \
                 list is long and very variable, and takes years to settle",
                policy.name
            )),
            LimitEffect::Idle => warnings.push(format!(
                "the limit of policy \"{}\" is far above the demand in every team: {}",
                policy.name,
                if shadow.has_meetings {
                    IDLE_BUT_MEETINGS
                } else {
                    IDLE
                }
            )),
            LimitEffect::NoLimit | LimitEffect::Binding | LimitEffect::TooLow => {}
        }
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
