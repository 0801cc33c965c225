//! Simulated beside exact: systems with a known answer, played by the engine.
//!
//! [`configuration`] lists the systems, each a scenario that a user can run (`scenarios/theory/`). What is
//! asked of them, and the exact answer, stands in `queue`, `sharing`, `pathway` and `people`; it is
//! computed from the numbers of the scenario itself. [`suite`] plays them all, [`table`] prints the result.
//! [`coverage`] counts how often intervals hold the exact mean (`scenarios/coverage/`).

mod ask;
pub mod configuration;
pub mod coverage;
mod pathway;
mod people;
mod queue;
mod sharing;
pub mod suite;
pub mod table;
