//! What is run: which policies, which replications, with which seed, on how many threads.

use std::fmt;

use crate::metric::layout::Layout;
use crate::policy::Policy;
use crate::scenario::sections::Scenario;
use crate::scenario::size::{MEMORY_LIMIT, estimate};

/// Replications of one run at most: beyond it a run would outlive its reader.
pub const REPLICATIONS_MAX: u64 = 1_000_000_000;
/// Threads of one run at most.
pub const THREADS_MAX: usize = 1024;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// One run of an experiment: policies x replications.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Indices among the scenario's policies, in the order of the file, none twice.
    pub policies: Vec<usize>,
    /// Number of the first replication.
    pub first: u64,
    /// How many replications each policy gets.
    pub replications: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Replications that share one draw of the uncertain parameters, >= 1.
    pub replications_per_world: u64,
    /// Threads, >= 1. They change the time a run takes and nothing else.
    pub threads: usize,
}

/// What may be asked of a run in other words than the scenario's; nothing asked, the scenario's own hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Names of policies; none: all of the scenario.
    pub policies: Vec<String>,
    /// Replications of each policy.
    pub replications: Option<u64>,
    /// Seed of all chance.
    pub seed: Option<u64>,
    /// Threads; nothing: as many as the machine has.
    pub threads: Option<usize>,
}

/// Why a run cannot be made.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanError {
    /// A policy that the scenario does not have.
    UnknownPolicy {
        /// As asked for.
        name: String,
        /// The most similar name, where one is similar.
        nearest: Option<String>,
        /// All names of the scenario.
        known: Vec<String>,
    },
    /// Less than 1 or more than [`REPLICATIONS_MAX`] replications.
    Replications(u64),
    /// Less than 1 or more than [`THREADS_MAX`] threads.
    Threads(usize),
    /// With so many threads the run would need more than [`MEMORY_LIMIT`]: about this much, in bytes.
    Memory(f64),
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::UnknownPolicy {
                name,
                nearest,
                known,
            } => {
                write!(f, "the scenario has no policy {name:?}")?;
                if let Some(nearest) = nearest {
                    write!(f, "; the nearest is {nearest:?}")?;
                }
                write!(f, "\n  it has: {}", known.join(", "))
            }
            PlanError::Replications(asked) => write!(
                f,
                "the number of replications must be from 1 to {REPLICATIONS_MAX}, and is {asked}\n  \
                 write --replications 1000, or leave it out for the scenario's own number"
            ),
            PlanError::Threads(asked) => write!(
                f,
                "the number of threads must be from 1 to {THREADS_MAX}, and is {asked}\n  \
                 leave --threads out to use every core"
            ),
            PlanError::Memory(bytes) => write!(
                f,
                "the run would need about {:.0} GiB of memory, and {:.0} GiB is the most that is begun\n  \
                 take fewer --threads, or a scenario with fewer months, teams, stages, policies or cases",
                bytes / GIB,
                MEMORY_LIMIT / GIB
            ),
        }
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// The run that a scenario and the wishes of its user make together.
    ///
    /// A policy asked for twice is run once; the order is that of the file, whatever the order asked.
    ///
    /// # Errors
    /// [`PlanError`] for a policy that is not there, or a number out of bounds.
    pub fn new(scenario: &Scenario, wishes: &Wishes) -> Result<Plan, PlanError> {
        let replications = wishes.replications.unwrap_or(scenario.run.replications);
        if !(1..=REPLICATIONS_MAX).contains(&replications) {
            return Err(PlanError::Replications(replications));
        }
        let threads = wishes.threads.unwrap_or_else(threads_of_machine);
        if !(1..=THREADS_MAX).contains(&threads) {
            return Err(PlanError::Threads(threads));
        }
        let policies = chosen(&scenario.policies, &wishes.policies)?;
        let bytes = estimate(scenario, threads).bytes;
        if bytes > MEMORY_LIMIT {
            return Err(PlanError::Memory(bytes));
        }
        Ok(Plan {
            policies,
            first: 0,
            replications,
            seed: wishes.seed.unwrap_or(scenario.run.seed),
            replications_per_world: scenario.run.replications_per_world.max(1),
            threads,
        })
    }
}

/// Where each number of a record of a scenario stands.
pub fn layout(scenario: &Scenario) -> Layout {
    Layout::new(
        scenario.calendar.reported().len(),
        scenario.teams.len(),
        scenario.stages.len(),
        scenario.grades.len(),
    )
}

fn threads_of_machine() -> usize {
    std::thread::available_parallelism().map_or(1, |n| n.get().min(THREADS_MAX))
}

fn chosen(policies: &[Policy], names: &[String]) -> Result<Vec<usize>, PlanError> {
    if names.is_empty() {
        return Ok((0..policies.len()).collect());
    }
    let mut indices = names
        .iter()
        .map(|name| {
            policies
                .iter()
                .position(|p| p.name == *name)
                .ok_or_else(|| unknown(policies, name))
        })
        .collect::<Result<Vec<usize>, PlanError>>()?;
    indices.sort_unstable();
    indices.dedup();
    Ok(indices)
}

fn unknown(policies: &[Policy], name: &str) -> PlanError {
    /// Similarity below which a name is no help.
    const SIMILAR: f64 = 0.6;
    let similarity =
        |p: &Policy| strsim::jaro_winkler(&p.name.to_lowercase(), &name.to_lowercase());
    let nearest = policies
        .iter()
        .map(|p| (similarity(p), &p.name))
        .filter(|(similarity, _)| *similarity >= SIMILAR)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name.clone());
    PlanError::UnknownPolicy {
        name: name.to_owned(),
        nearest,
        known: policies.iter().map(|p| p.name.clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example::scenario;

    fn policies() -> Vec<Policy> {
        ["no limit", "hard 16", "hard 20"]
            .iter()
            .map(|name| Policy::without_limit(name))
            .collect()
    }

    fn named(names: &[&str]) -> Vec<String> {
        names.iter().map(|n| (*n).to_owned()).collect()
    }

    #[test]
    fn policies_run_in_the_order_of_the_file_and_once_each() {
        let asked = named(&["hard 20", "no limit", "hard 20"]);
        assert_eq!(chosen(&policies(), &asked), Ok(vec![0, 2]));
        assert_eq!(chosen(&policies(), &[]), Ok(vec![0, 1, 2]));
    }

    #[test]
    fn results_that_no_memory_holds_are_refused_with_an_estimate() {
        let wishes = Wishes::default();
        let mut scenario = scenario();
        assert!(Plan::new(&scenario, &wishes).is_ok());
        scenario.policies = vec![Policy::without_limit("again"); 50_000];
        let error = Plan::new(&scenario, &wishes).unwrap_err();
        let PlanError::Memory(bytes) = error else {
            panic!("{error}");
        };
        // 50,000 policies x 4 rows x about 80 columns x about 2 kB.
        assert!((20e9..80e9).contains(&bytes), "{bytes}");
    }

    #[test]
    fn an_unknown_policy_is_told_its_nearest_neighbour() {
        let error = chosen(&policies(), &named(&["hrad 16"])).unwrap_err();
        let words = error.to_string();
        assert!(words.contains("\"hrad 16\"") && words.contains("the nearest is \"hard 16\""));
        let strange = chosen(&policies(), &named(&["zzz"])).unwrap_err();
        assert!(!strange.to_string().contains("nearest"));
    }
}
