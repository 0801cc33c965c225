//! Numbers about numbers: moments, quantiles and intervals. This room has never heard of a case.
//!
//! Everything that is gathered over replications can be merged, and comes out the same to the last
//! bit however the work was cut: see [`moments::BlockedMoments`] and [`quantile::QuantileSketch`]. What
//! is compared, clustered or looked at on the way goes by one value after the other: [`paired`], [`cluster`],
//! [`sequence`], [`proportion`]. Where a spread comes from: [`sobol`], [`morris`]; where something goes wrong, and what that
//! costs: [`prim`], [`regret`]; what moves with what, by ranks: [`rank`].

pub mod cluster;
pub mod interval;
#[cfg(test)]
mod luck;
pub mod moments;
pub mod morris;
pub mod paired;
pub mod prim;
pub mod proportion;
pub mod quantile;
pub mod rank;
pub mod regret;
pub mod sequence;
pub mod sobol;

pub use moments::{MeanAndError, SummaryError, mean_and_error};
