//! The pathway: the stages a case can stand in, and the ways out of each.

use crate::model::law::{Discrete, Law};

/// Where a case goes when a stage ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// To the stage of this index.
    Stage(usize),
    /// Out of the service (it may return).
    Closed,
}

/// How a stage ends by being worked.
#[derive(Clone, Debug, PartialEq)]
pub struct Work {
    /// Duration at full speed [days].
    pub duration: Law,
    /// Where the case goes then.
    pub then: Discrete<Next>,
    /// True: the clock runs at the speed of the worker. False: at 1 whenever a present worker has the
    /// case outside handover.
    pub paced: bool,
}

/// One way in which a case grows more complex on its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Risk {
    /// Duration while the need is fully met [days].
    pub duration: Law,
    /// The stage it leads to, or closed.
    pub to: Next,
    /// `k` >= 0: the clock runs at `1 + k u`, with `u` the unmet need [1].
    pub unmet_effect: f64,
}

/// What a deadline is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadlineOf {
    /// The stage must end within the time.
    Work,
    /// A worker must be found within the time.
    Allocation,
}

/// A time limit that a stage carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// Length; it ends at 24:00 of the n-th working day after the day of the event [working days].
    pub working_days: u32,
    /// What must have happened by then.
    pub of: DeadlineOf,
}

/// One stage of the pathway.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    /// Its name in the scenario.
    pub name: String,
    /// Points it counts under a weighted limit [points].
    pub weight: f64,
    /// Direct work for the first open child of a family with that worker [hours a week].
    pub hours_per_week: f64,
    /// Higher is allocated first, and served first where that is asked for.
    pub priority: i32,
    /// Time limit, if any.
    pub deadline: Option<Deadline>,
    /// How it ends by being worked; a stage without work ends by its risks alone.
    pub work: Option<Work>,
    /// How it ends on its own.
    pub risks: Vec<Risk>,
    /// Time without a worker after which it leaves unserved [days].
    pub withdraws: Option<Law>,
}
