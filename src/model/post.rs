//! Grades and posts: who works here, how much, and how they leave.

use crate::model::law::Law;

/// A step of a ramp: from this month in post a newcomer gives this much.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RampStep {
    /// Months in post from which the step holds.
    pub from_month: f64,
    /// Share of full output [1].
    pub output: f64,
    /// Share of the full limit [1].
    pub limit: f64,
}

/// A step of a leaving hazard by years in post.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LeaveStep {
    /// Years in post from which the step holds.
    pub from_year: f64,
    /// Hazard [per year].
    pub per_year: f64,
}

/// A later grade that a worker grows into.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promotion {
    /// Index of the grade.
    pub grade: usize,
    /// Months in post at which it happens.
    pub after_months: f64,
}

/// A grade of worker.
#[derive(Clone, Debug, PartialEq)]
pub struct Grade {
    /// Its name in the scenario.
    pub name: String,
    /// Contracted hours [hours a week].
    pub hours_per_week: f64,
    /// Share of time for direct work [1].
    pub direct_share: f64,
    /// Steps by months in post, the first from month 0; empty: full output and limit at once.
    pub ramp: Vec<RampStep>,
    /// Leaving hazard by years in post, the first step from year 0; empty: nobody leaves.
    pub leave: Vec<LeaveStep>,
    /// From giving notice to leaving [days].
    pub notice: Law,
    /// Sickness spells [per year].
    pub absences_per_year: f64,
    /// What the worker becomes in time.
    pub becomes: Option<Promotion>,
    /// Salary and on-costs, or what the agency charges [currency a year, for one worker of this grade].
    pub cost_per_year: Option<f64>,
}

/// Posts of one grade in one team.
#[derive(Clone, Debug, PartialEq)]
pub struct PostGroup {
    /// Index of the team.
    pub team: usize,
    /// Index of the grade.
    pub grade: usize,
    /// Number of posts.
    pub count: usize,
    /// How many have a permanent worker at the start: the lowest posts of the group.
    pub filled: usize,
    /// Months in post of those workers at the start [months].
    pub months_in_post: Law,
}
