//! What is measured: each metric's name, unit and one definition, for CSV, report and help alike.

pub mod catalogue;
pub mod distribution;
pub mod label;
pub mod layout;
pub mod range;
pub mod rounding;
pub mod symbol;
