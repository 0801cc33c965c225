//! What becomes of cases that do not fit a limit.

use crate::policy::choices::Phase;
use crate::policy::limit::Limit;
use crate::scenario::implied::beside::Beside;
use crate::scenario::implied::demand::Demand;
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
