//! What a scenario implies before anything is played: an analytic shadow.
//!
//! Long-run demand in cases and hours, from the mean times that the pathway takes at full speed, beside
//! the hours and the places that the expected staff have. It knows no queue, no overload and no strain:
//! hazards are those at strain 0, and every case is taken to have a worker at once. Where the demand
//! comes near what is there, the simulation must be asked.

pub mod beside;
pub mod demand;
mod foretold;
pub mod outcome;
pub mod phases;
pub mod staffing;
mod words;

use std::fmt;

use crate::scenario::implied::demand::Demand;
use crate::scenario::implied::phases::{PhaseImplied, phases};
use crate::scenario::implied::staffing::{Staffing, staffing};
use crate::scenario::sections::{Opening, Scenario};

/// Why a scenario has no long run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImpliedError {
    /// Cases reach a stage that has no way out.
    NoWayOut {
        /// Name of the stage.
        stage: String,
    },
    /// Cases go round for ever: no way leads from the pathway to closing, or everybody returns.
    NeverCloses,
}

impl fmt::Display for ImpliedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ImpliedError::NoWayOut { stage } => {
                write!(f, "cases reach stage \"{stage}\" and can never leave it")
            }
            ImpliedError::NeverCloses => {
                write!(
                    f,
                    "cases go round for ever: the pathway never closes for good"
                )
            }
        }
    }
}

impl std::error::Error for ImpliedError {}

/// The analytic shadow of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Implied {
    /// What comes and what it asks for.
    pub demand: Demand,
    /// Who is there in the long run.
    pub staffing: Staffing,
    /// Each team: demand beside supply.
    pub teams: Vec<TeamImplied>,
    /// Each policy: places beside demand.
    pub policies: Vec<PolicyImplied>,
    /// Children open at the origin.
    pub opening_cases: f64,
    /// What a planner should know before playing, in plain words.
    pub warnings: Vec<String>,
}

/// Demand and supply of one team.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamImplied {
    /// Its name.
    pub name: String,
    /// Demand [open cases].
    pub open_cases: f64,
    /// Demand [direct hours a week]; approximate where families have several children.
    pub hours_demanded: f64,
    /// Supply of the expected staff [direct hours a week].
    pub hours_supplied: f64,
    /// Expected full-time-equivalent workers in post, agency too.
    pub workers: f64,
    /// Demand [cases a full-time-equivalent worker]; nothing without workers.
    pub cases_per_worker: Option<f64>,
    /// Hours demanded over hours supplied; nothing without supply.
    pub workload_ratio: Option<f64>,
}

/// What a policy's limits mean beside the demand.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyImplied {
    /// Its name.
    pub name: String,
    /// At its beginning, from each change on, and with the staff of the end where that is another.
    pub phases: Vec<PhaseImplied>,
}

/// The analytic shadow of a checked scenario.
///
/// # Errors
/// [`ImpliedError`] where the pathway has no long run: demand would be infinite.
pub fn implied(scenario: &Scenario) -> Result<Implied, ImpliedError> {
    let demand = demand::demand(scenario)?;
    let staffing = staffing(scenario, &[]);
    let teams: Vec<TeamImplied> = scenario
        .teams
        .iter()
        .enumerate()
        .map(|(t, team)| {
            let asked = &demand.teams[t];
            let there = &staffing.teams[t];
            TeamImplied {
                name: team.name.clone(),
                open_cases: asked.open_cases,
                hours_demanded: asked.hours_per_week,
                hours_supplied: there.hours_per_week,
                workers: there.fte,
                cases_per_worker: (there.fte > 0.0).then(|| asked.open_cases / there.fte),
                workload_ratio: (there.hours_per_week > 0.0)
                    .then(|| asked.hours_per_week / there.hours_per_week),
            }
        })
        .collect();
    let policies = scenario
        .policies
        .iter()
        .map(|policy| PolicyImplied {
            name: policy.name.clone(),
            phases: phases(scenario, policy, &demand),
        })
        .collect();
    let opening_cases = match &scenario.opening {
        Opening::Counts(counts) => counts.iter().map(|c| f64::from(*c)).sum(),
        Opening::Mix { total, .. } => f64::from(*total),
        Opening::Listed(cases) => cases.len() as f64,
    };
    let mut implied = Implied {
        demand,
        staffing,
        teams,
        policies,
        opening_cases,
        warnings: Vec::new(),
    };
    implied.warnings = words::warnings(scenario, &implied);
    Ok(implied)
}

#[cfg(test)]
mod tests;
