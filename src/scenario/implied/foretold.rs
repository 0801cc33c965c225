//! What is known of a policy before it is played: what becomes of cases that do not fit, and what will
//! mislead a reader.

use crate::policy::Policy;
use crate::policy::choices::Phase;
use crate::policy::limit::{Limit, Measure};
use crate::policy::manager::managers;
use crate::scenario::implied::beside::{Beside, LimitEffect, PhaseImplied};
use crate::scenario::implied::demand::Demand;
use crate::scenario::implied::words::{IDLE, IDLE_BUT_MEETINGS};
use crate::scenario::implied::{Implied, PolicyImplied};
use crate::scenario::sections::Scenario;

/// What becomes of cases for which there is no place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Outcome {
    /// The limit only advises.
    Advises,
    /// All stages are given out at once.
    NeverQueued,
    /// Patience ends each wait.
    Patience,
    /// Above this many the longest unallocated are given out [cases].
    Tolerated(f64),
    /// The limit lapses above a vacancy rate that is passed now and then, and stays so.
    Lapses {
        /// It lapses above this vacancy rate [1].
        above: f64,
        /// The vacancy rate in the long run [1].
        vacant: f64,
    },
    /// Referrals are turned away while more wait than this [cases].
    TurnedAway(f64),
    /// Extra help comes.
    Relieved,
    /// Those who wait leave unserved in the end.
    Withdraw,
    /// Nothing ends it.
    GrowsWithoutEnd,
}

impl Outcome {
    /// True where a case, or the number of them, does not wait for ever over the limit.
    pub fn is_bounded(self) -> bool {
        matches!(
            self,
            Outcome::Advises | Outcome::NeverQueued | Outcome::Patience | Outcome::Tolerated(_)
        )
    }

    /// In words.
    pub fn words(self) -> String {
        match self {
            Outcome::Advises => {
                "the limit only advises, and workers will stand above it".to_owned()
            }
            Outcome::NeverQueued => {
                "its stages are given out whatever the limit, and workers will stand above it"
                    .to_owned()
            }
            Outcome::Patience => {
                "cases will wait out the patience and be given out over the limit".to_owned()
            }
            Outcome::Tolerated(cases) if cases > 0.0 => format!(
                "about {cases:.0} cases will wait, and all above that be given out over the limit"
            ),
            Outcome::Tolerated(_) => {
                "nothing may wait, so that cases are given out over the limit".to_owned()
            }
            Outcome::Lapses { above, vacant } => format!(
                "once the vacancy rate passes {:.0} % the limit lapses, and does not come back while \
                 {:.0} % of posts are vacant in the long run",
                100.0 * above,
                100.0 * vacant
            ),
            Outcome::TurnedAway(cases) => format!(
                "the waiting list stays near {cases:.0} only because referrals are turned away: show \
                 `screened_out` beside it"
            ),
            Outcome::Relieved => {
                "the waiting list grows until relief comes, and again when it has gone".to_owned()
            }
            Outcome::Withdraw => {
                "the waiting list grows until as many leave unserved as come too many".to_owned()
            }
            Outcome::GrowsWithoutEnd => "the waiting list grows without end".to_owned(),
        }
    }
}

/// What becomes of cases that do not fit a limit.
///
/// * `vacant` - the vacancy rate in the long run [1]
pub fn outcome(
    scenario: &Scenario,
    phase: &Phase,
    beside: &Beside,
    demand: &Demand,
    vacant: f64,
) -> Outcome {
    let teams: Vec<usize> = match beside.team {
        Some(team) => vec![team],
        None => (0..scenario.teams.len()).collect(),
    };
    let Some(limit) = teams.iter().find_map(|team| limit_of(phase, *team)) else {
        return Outcome::GrowsWithoutEnd;
    };
    let all_stages = |test: &dyn Fn(usize, usize) -> bool| {
        teams.iter().all(|team| {
            let asked = demand.teams[*team].by_stage.iter().enumerate();
            asked
                .filter(|(_, cases)| **cases > 0.0)
                .all(|(stage, _)| test(*team, stage))
        })
    };
    let lapses = limit
        .suspended_when
        .filter(|rule| vacant >= rule.until_below);
    if limit.is_advisory() {
        Outcome::Advises
    } else if all_stages(&|team, stage| phase.of_team(team).is_never_queued(stage)) {
        Outcome::NeverQueued
    } else if limit.patience.is_some() {
        Outcome::Patience
    } else if let Some(tolerated) = limit.tolerates {
        Outcome::Tolerated(tolerated.cases)
    } else if let Some(rule) = lapses {
        let above = rule.above;
        Outcome::Lapses { above, vacant }
    } else if let Some(threshold) = phase.threshold.as_ref().filter(|t| t.screened_out > 0.0) {
        Outcome::TurnedAway(threshold.waiting.above)
    } else if phase.relief.is_some() {
        Outcome::Relieved
    } else if all_stages(&|team, stage| {
        phase.of_team(team).is_never_queued(stage) || scenario.stages[stage].withdraws.is_some()
    }) {
        Outcome::Withdraw
    } else {
        Outcome::GrowsWithoutEnd
    }
}

fn limit_of(phase: &Phase, team: usize) -> Option<&Limit> {
    phase.of_team(team).limit.as_ref()
}

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
