//! Who takes a case?

/// What counts as load where a policy has no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Open cases.
    Cases,
    /// Points: the weights of the open cases' stages.
    Points,
}

/// How the worker is chosen among those who may be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allocation {
    /// The least load for the worker's own limit, in its measure; without a limit the least cases or
    /// points for fte x ramp. Ties to the lowest post.
    LeastLoaded {
        /// What counts as load without a limit.
        by: Load,
    },
}
