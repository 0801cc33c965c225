//! What a manager decides. The engine asks; the policy answers, with a probability where chance is
//! involved, and the engine draws.

pub mod allocation;
pub mod limit;
pub mod meeting;
pub mod order;

/// A cap policy: a named set of choices.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Its name in the scenario.
    pub name: String,
    /// What it stands for, in the planner's words.
    pub description: Option<String>,
    /// How much a worker may hold; absent: no limit.
    pub limit: Option<limit::Limit>,
    /// Who is given a case.
    pub allocation: allocation::Allocation,
    /// When cases are given out.
    pub meeting: meeting::Meeting,
    /// Who waits first in line.
    pub order: order::Order,
}

impl Policy {
    /// A policy without a limit: each case goes at once to the least loaded worker.
    pub fn without_limit(name: &str) -> Policy {
        Policy {
            name: name.to_owned(),
            description: None,
            limit: None,
            allocation: allocation::Allocation::LeastLoaded {
                by: allocation::Load::Cases,
            },
            meeting: meeting::Meeting::AtOnce,
            order: order::Order::default(),
        }
    }
}
