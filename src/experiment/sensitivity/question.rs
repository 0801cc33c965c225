//! What is asked: outcomes of policies, and how many points are played how often.

use crate::metric::catalogue::Better;
use crate::scenario::outcome::Outcome;
use crate::scenario::requirement::Requirement;

/// Rows of a Sobol design, if nothing is said.
pub const ROWS: usize = 128;
/// Trajectories of a screening, if nothing is said.
pub const TRAJECTORIES: usize = 32;
/// Replications at each point, if nothing is said.
pub const REPLICATIONS: u64 = 8;
/// Replications of each plausible world, if nothing is said: enough to tell 80 % from 95 %.
pub const IN_WORLD: u64 = 40;
/// Probability that a target of the scenario is to be met with in a world, if nothing is said: an assumption (grade D).
pub const PROBABILITY: f64 = 0.8;
/// Rows at most: so many points has the sequence.
pub const ROWS_MAX: usize = 1 << 16;
/// Inputs of a Sobol design at most: the sequence has twice as many dimensions.
pub const INPUTS_MAX: usize = 128;
/// Numbers that are kept of all points at most: 1 GiB.
const NUMBERS_MAX: usize = 1 << 27;

/// How the points are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Pairs of points of a scrambled Sobol sequence, and each with one input of the other: indices of Sobol.
    Sobol,
    /// Trajectories that change one input after the other: elementary effects of Morris.
    Morris,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Places among the scenario's policies.
    pub policies: Vec<usize>,
    /// The numbers whose spread is taken apart.
    pub outcomes: Vec<Outcome>,
    /// What a world should meet; their chances are outcomes too.
    pub requirements: Vec<Requirement>,
    /// How the points are chosen.
    pub method: Method,
    /// Rows of the design, or trajectories.
    pub rows: usize,
    /// Replications at each point, >= 2.
    pub replications: u64,
    /// Replications at the points that stand for plausible worlds: those of A and B; not fewer. Without requirements as
    /// many as at the others.
    pub in_world: u64,
    /// Seed of all chance, the design's too.
    pub seed: u64,
    /// Threads; they change the time and nothing else.
    pub threads: usize,
}

/// One thing that is looked at under a policy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Looked<'a> {
    /// A number of the record.
    Outcome(&'a Outcome),
    /// Whether a requirement's target is met: 1 or 0.
    Met(&'a Requirement),
    /// Whether all of several are.
    AllMet,
}

impl Looked<'_> {
    /// In words.
    pub fn text(&self) -> String {
        match self {
            Looked::Outcome(outcome) => outcome.text.clone(),
            Looked::Met(requirement) => format!("chance of {}", requirement.target.text),
            Looked::AllMet => "chance of all requirements together".to_owned(),
        }
    }

    /// Which way is better.
    pub fn better(&self) -> Better {
        match self {
            Looked::Outcome(outcome) => outcome.metric.definition().better,
            Looked::Met(_) | Looked::AllMet => Better::Higher,
        }
    }
}

impl Question {
    /// What is looked at, in the order of the numbers of a replication.
    pub fn looked(&self) -> Vec<Looked<'_>> {
        let outcomes = self.outcomes.iter().map(Looked::Outcome);
        let met = self.requirements.iter().map(Looked::Met);
        let all = (self.requirements.len() > 1).then_some(Looked::AllMet);
        outcomes.chain(met).chain(all).collect()
    }

    /// Points that are played.
    pub fn points(&self, inputs: usize) -> usize {
        let each = match self.method {
            Method::Sobol => inputs + 2,
            Method::Morris => inputs + 1,
        };
        self.rows.saturating_mul(each)
    }

    /// Replications of all points and policies together.
    pub fn plays(&self, inputs: usize) -> u64 {
        let rows = self.rows as u64;
        let (points, worlds) = match self.method {
            Method::Sobol => (inputs as u64, 2),
            Method::Morris => (inputs as u64 + 1, 0),
        };
        let of_points = points.saturating_mul(self.replications);
        let each = of_points.saturating_add(self.in_world.saturating_mul(worlds));
        each.saturating_mul(rows)
            .saturating_mul(self.policies.len() as u64)
    }

    /// Whether what is kept of all points has room in memory.
    pub fn has_room(&self, inputs: usize) -> bool {
        let plays = usize::try_from(self.plays(inputs)).unwrap_or(usize::MAX);
        plays.saturating_mul(self.looked().len()) <= NUMBERS_MAX
    }
}
