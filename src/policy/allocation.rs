//! Who takes a case?

/// How the worker is chosen among those who may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// The least load for the worker's own limit (without a limit: for fte x ramp); ties to the lowest post.
    LeastLoaded,
}
