//! What is known of a policy before it is played: what will mislead a reader.

use crate::policy::Policy;
use crate::policy::choices::Phase;
use crate::policy::limit::Measure;
use crate::policy::manager::managers;
use crate::scenario::implied::beside::{Beside, IDLE, IDLE_BUT_MEETINGS, LimitEffect};
use crate::scenario::implied::outcome::{Outcome, outcome};
use crate::scenario::implied::phases::PhaseImplied;
use crate::scenario::implied::{Implied, PolicyImplied};
use crate::scenario::sections::Scenario;

/// What a planner should know of a policy before playing it.
pub(super) fn of_policy(
    scenario: &Scenario,
    implied: &Implied,
    policy: &Policy,
    shadow: &PolicyImplied,
) -> Vec<String> {
    let mut warnings = Vec::new();
    for there in &shadow.phases {
        if let Some(phase) = policy.phases.get(there.phase) {
            of_phase(scenario, implied, &shadow.name, phase, there, &mut warnings);
        }
    }
    warnings
}

fn of_phase(
    scenario: &Scenario,
    implied: &Implied,
    name: &str,
    phase: &Phase,
    there: &PhaseImplied,
    warnings: &mut Vec<String>,
) {
    let under = format!("under policy \"{name}\"{}", there.since);
    let said = |beside: &Beside| {
        let outcome = outcome(scenario, phase, beside, &implied.demand, there.vacancy_rate);
        let more = misleading(scenario, implied, phase, there, outcome);
        format!("{}{more}", outcome.words())
    };
    for beside in there
        .limits
        .iter()
        .filter(|b| b.effect() == LimitEffect::TooLow)
    {
        let who = match beside.team.and_then(|team| implied.teams.get(team)) {
            Some(team) => format!("team \"{}\"", team.name),
            None => "the service".to_owned(),
        };
        let of = match beside.stages.as_slice() {
            [] => String::new(),
            stages => format!(" of {}", stages.join(" and ")),
        };
        let (unit, fit) = match beside.measure {
            Measure::Cases => ("cases", "places"),
            Measure::Families => ("families", "places"),
            Measure::Points => ("points", "points"),
            Measure::Hours => ("hours a week", "that fit"),
        };
        warnings.push(format!(
            "{under} {who} is asked for {:.1} {unit}{of} and has {:.1} {fit}: {}",
            beside.demand,
            beside.places,
            said(beside)
        ));
    }
    match there.effect {
        LimitEffect::Critical => warnings.push(format!(
            "{under} demand is within 3 % of the places in some team: {}",
            match there.outcome {
                Outcome::GrowsWithoutEnd =>
                    "the waiting list is long and very variable, and takes years to settle"
                        .to_owned(),
                other => other.words(),
            }
        )),
        LimitEffect::Idle => warnings.push(format!(
            "the limit of policy \"{name}\"{} is far above the demand in every team: {}",
            there.since,
            match there.has_meetings {
                true => IDLE_BUT_MEETINGS,
                false => IDLE,
            }
        )),
        LimitEffect::Binding if matches!(there.outcome, Outcome::Lapses { .. }) => {
            warnings.push(format!("{under} {}", there.outcome.words()));
        }
        LimitEffect::NoLimit | LimitEffect::Binding | LimitEffect::TooLow => {}
    }
}

/// What else will be seen beside a waiting list that lasts; nothing where none does.
fn misleading(
    scenario: &Scenario,
    implied: &Implied,
    phase: &Phase,
    there: &PhaseImplied,
    outcome: Outcome,
) -> String {
    let mut words = String::new();
    if outcome.is_bounded() {
        return words;
    }
    if scenario.overload.speed_max <= 1.0 && has_slack(implied, there) {
        words.push_str(
            ", while workers at the limit have time left (`speed_max` is 1: show `slack` beside it)",
        );
    }
    if let Some((held, managed)) = phase.manager_holds.zip(scenario.managers) {
        let units = f64::from(held.units) * managers(scenario.post_count() as f64, managed.span);
        words.push_str(&format!(
            "; managers hold up to {units:.0} units of it, which count as allocated in \
             `unallocated_reported`"
        ));
    }
    words
}

/// True where a limit below demand is reached before the hours are used up.
fn has_slack(implied: &Implied, there: &PhaseImplied) -> bool {
    there.limits.iter().any(|beside| {
        let team = beside.team.and_then(|team| implied.teams.get(team));
        team.is_some_and(|team| {
            let kept = beside.places / beside.demand.max(1e-300);
            beside.stages.is_empty()
                && beside.effect() >= LimitEffect::Critical
                && team.hours_demanded * kept.min(1.0) < team.hours_supplied
        })
    })
}
