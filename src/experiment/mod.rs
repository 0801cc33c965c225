//! Many replications: what is run, in parallel, and folded in a fixed order.

pub mod compare;
#[cfg(test)]
pub(crate) mod example;
pub mod explain;
pub mod frontier;
pub mod guideline;
pub mod numbers;
pub mod plan;
pub mod run;
pub mod sensitivity;
pub mod spread;
pub mod stopping;
pub mod summary;
pub mod sweep;
pub mod target;
pub mod varied;
