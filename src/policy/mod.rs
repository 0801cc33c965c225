//! What a manager decides. The engine asks; the policy answers, with a probability where chance is
//! involved, and the engine draws.
//!
//! Each choice has a file of its own; [`choices`] puts together what holds from one date to the next.

pub mod allocation;
pub mod arrow;
pub mod choices;
pub mod discussion;
pub mod limit;
pub mod manager;
pub mod meeting;
pub mod order;
pub mod relief;
pub mod staffing;
pub mod threshold;
pub mod trigger;

/// A cap policy: a named set of choices, which may change on dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name in the scenario.
    pub name: String,
    /// What it stands for, in the planner's words.
    pub description: Option<String>,
    /// What holds from which date, in order of dates; at least one.
    pub phases: Vec<choices::Phase>,
    /// What changes in the staff, in the order of the file.
    pub staffing: Vec<staffing::Change>,
    /// Feedbacks that are cut, to see what they carry.
    pub cuts: arrow::Cuts,
}

impl Policy {
    /// A policy without a limit: each case goes at once to the least loaded worker.
    pub fn without_limit(name: &str) -> Policy {
        Policy {
            name: name.to_owned(),
            description: None,
            phases: vec![choices::Phase::without_limit()],
            staffing: Vec::new(),
            cuts: arrow::Cuts::NONE,
        }
    }
}
