//! What is run: which policies, which replications, with which seed, on how many threads.

use std::fmt;

use crate::metric::layout::Layout;
use crate::policy::Policy;
use crate::scenario::measured::missing;
use crate::scenario::precision::{self, Precision};
use crate::scenario::sections::Scenario;
use crate::scenario::size::{
    FEW, MEMORY_LIMIT, Played, estimate, memory_in_words, threads_of_machine,
};
use crate::statistics::sequence::FIRST_LOOK;
use crate::text::{brief, listed};

/// Replications of one run at most: beyond it a run would outlive its reader.
pub const REPLICATIONS_MAX: u64 = 1_000_000_000;
/// Replications of a run that goes on until precisions are reached, if nothing is said.
pub const UNTIL_MOST: u64 = 100_000;
/// Threads of one run at most.
pub const THREADS_MAX: usize = 1024;
const GIB: f64 = 1024.0 * 1024.0 * 1024.0;

/// One run of an experiment: policies x replications.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Indices among the scenario's policies, in the order of the file, none twice.
    pub policies: Vec<usize>,
    /// Place among `policies` of the one that all others are compared with; nothing: none is compared.
    pub baseline: Option<usize>,
    /// Number of the first replication.
    pub first: u64,
    /// How many replications each policy gets; at most, where precisions are asked for.
    pub replications: u64,
    /// Precisions at which the run ends; none: it plays all replications.
    pub until: Vec<Precision>,
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
    /// With what the policies are compared; nothing: they are not.
    pub baseline: Option<Baseline>,
    /// Replications of each policy.
    pub replications: Option<u64>,
    /// Worlds, each with its own draw of the uncertain parameters.
    pub outer: Option<u64>,
    /// Precisions at which the run ends, as written.
    pub until: Vec<String>,
    /// Seed of all chance.
    pub seed: Option<u64>,
    /// Threads; nothing: as many as the machine has.
    pub threads: Option<usize>,
}

/// The policy that others are compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The scenario's first.
    First,
    /// One by its name.
    Named(String),
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
    /// A comparison of one policy: with itself.
    NothingToCompare {
        /// The policy.
        name: String,
        /// The scenario's other policies.
        others: Vec<String>,
    },
    /// Less than 1 or more than [`REPLICATIONS_MAX`] replications.
    Replications(u64),
    /// Less than 2 or more than [`REPLICATIONS_MAX`] worlds, or replications of worlds.
    Outer(u64),
    /// Worlds are asked for, and all would be alike.
    NothingUncertain,
    /// Replications that worlds cannot share alike.
    Uneven {
        /// Replications asked for.
        replications: u64,
        /// Worlds asked for.
        outer: u64,
    },
    /// A precision that cannot be read: what is wrong, and what to write.
    Until(String, String),
    /// Fewer independent draws than a precision may be looked at after.
    TooFewToLook {
        /// Replications, or worlds, at most.
        draws: u64,
        /// Replications that share a world.
        each: u64,
    },
    /// Less than 1 or more than [`THREADS_MAX`] threads.
    Threads(usize),
    /// The run would need more than [`MEMORY_LIMIT`].
    Memory {
        /// About how much [bytes].
        bytes: f64,
        /// What was to be run.
        played: Played,
    },
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::UnknownPolicy {
                name,
                nearest,
                known,
            } => {
                write!(f, "the scenario has no policy \"{}\"", brief(name))?;
                if let Some(nearest) = nearest {
                    write!(f, "; the nearest is \"{}\"", brief(nearest))?;
                }
                write!(f, "\n  it has: {}", listed(known))
            }
            PlanError::NothingToCompare { name, others } if others.is_empty() => write!(
                f,
                "there is nothing to compare {name:?} with: the scenario has no other policy\n  \
                 add one to the file, such as\n    [policies.\"at most 16\"]\n    limit = 16"
            ),
            PlanError::NothingToCompare { name, others } => write!(
                f,
                "there is nothing to compare {name:?} with but itself\n  \
                 add --policy {:?}, leave --policy out, or name another --baseline; the scenario also has: {}",
                others.first().map_or("", String::as_str),
                listed(others)
            ),
            PlanError::Outer(asked) => write!(
                f,
                "the number of worlds, and of replications in all of them, must be from 2 to \
                 {REPLICATIONS_MAX}, and is {asked}\n  write --outer 200; each world is then played as \
                 often as replications_per_world says, or --replications shared out"
            ),
            PlanError::NothingUncertain => write!(
                f,
                "nothing in the scenario is uncertain, so that all worlds of --outer would be alike\n  \
                 write a law instead of a number that is not known, such as\n    \
                 families_per_month = {{ law = \"uniform\", low = 7, high = 10 }}"
            ),
            PlanError::Uneven {
                replications,
                outer,
            } => {
                let each = (replications / outer).max(1);
                write!(
                    f,
                    "{replications} replications cannot be shared alike by {outer} worlds\n  \
                     write --replications {}, or leave it out",
                    each.saturating_mul(*outer)
                )
            }
            PlanError::Until(what, remedy) => write!(f, "in --until: {what}\n  {remedy}"),
            PlanError::TooFewToLook { draws, each } => {
                let of_worlds = if *each > 1 { " worlds" } else { "" };
                write!(
                    f,
                    "--until may look after {FIRST_LOOK} independent draws at the earliest, and here \
                     are {draws}{of_worlds} at most\n  \
                     write --replications {} or more, or leave it out for {UNTIL_MOST}",
                    FIRST_LOOK * each
                )
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
            PlanError::Memory { bytes, played } => {
                let needs = memory_in_words(*bytes);
                let most = MEMORY_LIMIT / GIB;
                write!(
                    f,
                    "the run would need {needs}, and {most:.0} GiB is the most that is begun\n  "
                )?;
                // Only what would change something.
                if played.threads > 1 {
                    f.write_str("take fewer --threads, ")?;
                }
                if played.policies > 1 {
                    f.write_str("name the --policy that is meant, ")?;
                }
                if played.replications > FEW as u64 {
                    write!(f, "play up to {FEW} replications, ")?;
                }
                f.write_str("take a scenario with fewer months, teams, stages or cases")
            }
        }
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// The run that a scenario and the wishes of its user make together.
    ///
    /// A policy asked for twice is run once; the order is that of the file, whatever the order asked. The
    /// baseline is always run.
    ///
    /// * `is_uncertain` - whether some number of the scenario is a law of what is not known
    ///
    /// # Errors
    /// [`PlanError`] for a policy that is not there, a number out of bounds, or wishes that contradict
    /// each other.
    pub fn new(
        scenario: &Scenario,
        is_uncertain: bool,
        wishes: &Wishes,
    ) -> Result<Plan, PlanError> {
        let (policies, baseline) = compared(&scenario.policies, wishes)?;
        let until = precisions(scenario, &policies, &wishes.until)?;
        let (replications, each) = shared_out(scenario, is_uncertain, wishes)?;
        let ours = || threads_of_machine().min(THREADS_MAX);
        let threads = wishes.threads.unwrap_or_else(ours);
        if !(1..=THREADS_MAX).contains(&threads) {
            return Err(PlanError::Threads(threads));
        }
        let each_draw = if is_uncertain { each } else { 1 };
        let draws = replications / each_draw;
        if !until.is_empty() && draws < FIRST_LOOK {
            let each = each_draw;
            return Err(PlanError::TooFewToLook { draws, each });
        }
        let played = Played {
            policies: policies.len(),
            is_compared: baseline.is_some(),
            replications,
            threads,
        };
        let bytes = estimate(scenario, &played).bytes;
        if bytes > MEMORY_LIMIT {
            return Err(PlanError::Memory { bytes, played });
        }
        Ok(Plan {
            policies,
            baseline,
            first: 0,
            replications,
            until,
            seed: wishes.seed.unwrap_or(scenario.run.seed),
            replications_per_world: each,
            threads,
        })
    }
}

/// The policies to run, and the place among them of the one that others are compared with.
fn compared(
    policies: &[Policy],
    wishes: &Wishes,
) -> Result<(Vec<usize>, Option<usize>), PlanError> {
    let mut indices = chosen(policies, &wishes.policies)?;
    let index = match &wishes.baseline {
        None => return Ok((indices, None)),
        Some(Baseline::First) => 0,
        Some(Baseline::Named(name)) => index_of(policies, name)?,
    };
    if !indices.contains(&index) {
        indices.push(index);
        indices.sort_unstable();
    }
    if indices.len() < 2 {
        let others = policies.iter().enumerate().filter(|(at, _)| *at != index);
        return Err(PlanError::NothingToCompare {
            name: policies
                .get(index)
                .map(|p| p.name.clone())
                .unwrap_or_default(),
            others: others.map(|(_, p)| p.name.clone()).collect(),
        });
    }
    Ok((indices.clone(), indices.iter().position(|at| *at == index)))
}

/// Reads the precisions; one of a number that a policy to be run cannot have is refused, as it would never be reached.
fn precisions(
    scenario: &Scenario,
    policies: &[usize],
    texts: &[String],
) -> Result<Vec<Precision>, PlanError> {
    let teams: Vec<String> = scenario.teams.iter().map(|t| t.name.clone()).collect();
    let read = |text: &String| {
        let precision = precision::parse(text, &teams, &scenario.calendar)?;
        let mut policies = policies.iter().filter_map(|at| scenario.policies.get(*at));
        match policies.find_map(|policy| missing(scenario, policy, precision.metric)) {
            Some(wrong) => Err(wrong),
            None => Ok(precision),
        }
    };
    texts
        .iter()
        .map(|text| read(text).map_err(|(what, remedy)| PlanError::Until(what, remedy)))
        .collect()
}

/// Replications of each policy, and how many of them share a world.
fn shared_out(
    scenario: &Scenario,
    is_uncertain: bool,
    wishes: &Wishes,
) -> Result<(u64, u64), PlanError> {
    let each = scenario.run.replications_per_world.max(1);
    let unsaid = if wishes.until.is_empty() {
        scenario.run.replications
    } else {
        UNTIL_MOST
    };
    let bounds = 1..=REPLICATIONS_MAX;
    let asked = wishes.replications.unwrap_or(unsaid);
    if !bounds.contains(&asked) {
        return Err(PlanError::Replications(asked));
    }
    let Some(outer) = wishes.outer else {
        return Ok((asked, each));
    };
    if !is_uncertain {
        return Err(PlanError::NothingUncertain);
    }
    if outer < 2 || !bounds.contains(&outer) {
        return Err(PlanError::Outer(outer));
    }
    let Some(replications) = wishes.replications else {
        let all = outer.saturating_mul(each);
        return if bounds.contains(&all) {
            Ok((all, each))
        } else {
            Err(PlanError::Outer(all))
        };
    };
    if replications % outer == 0 {
        Ok((replications, replications / outer))
    } else {
        Err(PlanError::Uneven {
            replications,
            outer,
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

fn chosen(policies: &[Policy], names: &[String]) -> Result<Vec<usize>, PlanError> {
    if names.is_empty() {
        return Ok((0..policies.len()).collect());
    }
    let mut indices = names
        .iter()
        .map(|name| index_of(policies, name))
        .collect::<Result<Vec<usize>, PlanError>>()?;
    indices.sort_unstable();
    indices.dedup();
    Ok(indices)
}

/// Place of a policy among those of a scenario, by its name.
///
/// # Errors
/// [`PlanError::UnknownPolicy`], with the nearest name.
pub fn index_of(policies: &[Policy], name: &str) -> Result<usize, PlanError> {
    let found = policies.iter().position(|p| p.name == name);
    found.ok_or_else(|| unknown(policies, name))
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
mod tests;
