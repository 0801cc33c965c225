//! May this worker take one more?

use crate::model::law::Law;
use crate::policy::trigger::{Per, Trigger};

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Open cases, one for each child [cases].
    Cases,
    /// Families with a child held by the worker [families].
    Families,
    /// Weights of the open cases' stages [points].
    Points,
    /// Direct work that the open cases need, against the worker's nominal supply: the value of such a limit is a
    /// workload ratio [hours a week].
    Hours,
}

/// The number in a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// No number: only the mix is limited, or the choices of the limit hold for those given out regardless.
    Unlimited,
    /// For a full-time worker; times fte and the limit share of the ramp, not rounded. In hours as it stands.
    Each(f64),
    /// For a full-time worker of each grade, by index of the grade; times fte only (a lower limit for a
    /// grade is its protection). Nothing: that grade has no limit. In hours as it stands.
    ByGrade(Vec<Option<f64>>),
}

/// Whose load is held against the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// Each worker's own.
    #[default]
    Worker,
    /// The sum over the team's workers against the sum of their limits: one may go over while the mean is under. All in
    /// post count, absent or leaving too; one without a limit leaves the team without one.
    TeamMean,
    /// The same over the whole service; the teams' limits must count the same to be added.
    ServiceMean,
}

/// How much of one kind of work a worker may hold. A unit is held against it, as against the limit, by its first child;
/// by all of them where an overshoot is stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Mix {
    /// (stages,) which stages are counted.
    pub stages: Vec<bool>,
    /// At most this much.
    pub most: Most,
}

/// The number in a mix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Most {
    /// Cases of a full-time worker; times fte, and the limit share of the ramp unless the limit is by grade [cases].
    Cases(f64),
    /// Share of the worker's own limit in points [1].
    ShareOfPoints(f64),
}

/// How many unallocated cases a manager tolerates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tolerance {
    /// Above this many, as reported, the longest unallocated are given out regardless [cases].
    pub cases: f64,
    /// Counted in the service or in each team.
    pub per: Per,
}

/// A caseload limit.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What it counts.
    pub measure: Measure,
    /// The number.
    pub value: Value,
    /// Whose load is held against it.
    pub level: Level,
    /// Limits on kinds of work within it.
    pub mix: Vec<Mix>,
    /// Days for which a unit that nobody may take waits before it is given to the least loaded
    /// regardless [days]; one draw a unit, anew where the child that stands for it leaves. Absent: for ever (a hard
    /// cap). Always 0: advisory: those under the limit are asked first, and only a unit that fits nobody is allocated
    /// over it, at once.
    pub patience: Option<Law>,
    /// Most unallocated cases that the manager tolerates; absent: any number.
    pub tolerates: Option<Tolerance>,
    /// By how much a family may pass the limit so that it stays together, in the measure of the limit; absent: by
    /// what its children after the first add.
    pub family_overshoot: Option<f64>,
    /// Wait after which a family that does not fit under a stated overshoot is split [working days].
    pub split_after_working_days: u32,
    /// The limit lapses while the vacancy rate [1] is above a level; absent: it never does.
    pub suspended_when: Option<Trigger>,
}

/// Relative slack in every comparison with a limit, so that 0.65 x 20 cases are 13 and not a hair less.
pub const ROUNDING: f64 = 1e-9;

/// True where a load is within a limit.
///
/// * `load`, `limit` - both in the measure of the limit; a limit of infinity holds everything
pub fn is_within(load: f64, limit: f64) -> bool {
    load <= limit * (1.0 + ROUNDING) + ROUNDING
}

/// A worker as a limit sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Holder {
    /// Index of the grade.
    pub grade: usize,
    /// Contracted hours over full-time hours [1].
    pub fte: f64,
    /// Share of the full limit that months in post give [1].
    pub ramp_limit: f64,
    /// Nominal supply of direct work [hours a week].
    pub supply: f64,
}

impl Limit {
    /// A limit of a number of cases, hard and without further conditions.
    pub fn of_cases(value: f64) -> Limit {
        Limit {
            measure: Measure::Cases,
            value: Value::Each(value),
            level: Level::Worker,
            mix: Vec::new(),
            patience: None,
            tolerates: None,
            family_overshoot: None,
            split_after_working_days: 10,
            suspended_when: None,
        }
    }

    /// The limit of one worker, in the measure of the limit (of hours: hours a week); infinity where the grade, or
    /// the whole policy, has none.
    pub fn of_worker(&self, holder: &Holder) -> f64 {
        let hours = self.measure == Measure::Hours;
        match &self.value {
            Value::Unlimited => f64::INFINITY,
            Value::Each(value) if hours => value * holder.supply,
            Value::Each(value) => value * holder.fte * holder.ramp_limit,
            Value::ByGrade(values) => match values.get(holder.grade) {
                Some(Some(value)) if hours => value * holder.supply,
                Some(Some(value)) => value * holder.fte,
                _ => f64::INFINITY,
            },
        }
    }

    /// What the load of a worker is divided by when the least loaded is sought: its limit, but for what all limits
    /// have in common, so that the order is the same to the last bit whatever number stands in the limit.
    ///
    /// A grade without a limit among others with one counts as having the greatest of theirs.
    pub fn yardstick(&self, holder: &Holder) -> f64 {
        let full = if self.measure == Measure::Hours {
            holder.supply
        } else {
            holder.fte * holder.ramp_limit
        };
        match &self.value {
            Value::Unlimited | Value::Each(_) => full,
            Value::ByGrade(values) => match values.get(holder.grade) {
                Some(Some(_)) => self.of_worker(holder),
                _ => full * values.iter().flatten().copied().fold(0.0, f64::max),
            },
        }
    }

    /// The most cases of a mix that a worker may hold, or the most points.
    pub fn most_of_mix(&self, mix: &Mix, holder: &Holder) -> f64 {
        match mix.most {
            Most::Cases(cases) if matches!(self.value, Value::ByGrade(_)) => cases * holder.fte,
            Most::Cases(cases) => cases * holder.fte * holder.ramp_limit,
            Most::ShareOfPoints(share) => share * self.of_worker(holder),
        }
    }

    /// True where a unit fits: its first child, and the whole within what a family may pass the limit by.
    ///
    /// * `load`, `limit` - of the worker, or summed where the limit is one of means
    /// * `first`, `whole` - what the unit's first child and all its children add
    ///
    /// All in the measure of the limit.
    pub fn holds(&self, load: f64, limit: f64, first: f64, whole: f64) -> bool {
        is_within(load + first, limit)
            && self
                .family_overshoot
                .is_none_or(|most| is_within(load + whole, limit + most))
    }

    /// True where the load in its measure, or in a kind of work, may change with the stage of a case.
    pub fn counts_stages(&self) -> bool {
        matches!(self.measure, Measure::Points | Measure::Hours) || !self.mix.is_empty()
    }

    /// True where the limit only advises: no case waits for it.
    pub fn is_advisory(&self) -> bool {
        self.patience.as_ref().is_some_and(Law::is_zero)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HALF_TIME: Holder = Holder {
        grade: 0,
        fte: 0.5,
        ramp_limit: 0.8,
        supply: 10.0,
    };

    #[test]
    fn a_limit_for_everyone_shrinks_with_contract_and_ramp_and_one_by_grade_with_the_contract() {
        let mut limit = Limit::of_cases(20.0);
        assert_eq!(limit.of_worker(&HALF_TIME), 8.0);
        limit.value = Value::ByGrade(vec![Some(12.0), None]);
        assert_eq!(limit.of_worker(&HALF_TIME), 6.0);
        let other = Holder {
            grade: 1,
            ..HALF_TIME
        };
        assert_eq!(limit.of_worker(&other), f64::INFINITY);
        limit.measure = Measure::Hours;
        limit.value = Value::Each(1.1);
        assert_eq!(limit.of_worker(&HALF_TIME), 11.0);
    }

    #[test]
    fn a_family_fits_if_its_first_child_does_unless_an_overshoot_is_stated() {
        let mut limit = Limit::of_cases(16.0);
        assert!(limit.holds(15.0, 16.0, 1.0, 4.0));
        assert!(!limit.holds(16.0, 16.0, 1.0, 1.0));
        limit.family_overshoot = Some(2.0);
        assert!(limit.holds(15.0, 16.0, 1.0, 3.0));
        assert!(!limit.holds(15.0, 16.0, 1.0, 4.0));
        limit.family_overshoot = Some(0.0);
        assert!(!limit.holds(15.0, 16.0, 1.0, 2.0));
    }

    #[test]
    fn a_sub_cap_follows_the_contract_and_a_share_the_own_limit() {
        let mut limit = Limit::of_cases(20.0);
        let nine = Mix {
            stages: vec![true],
            most: Most::Cases(9.0),
        };
        assert_eq!(limit.most_of_mix(&nine, &HALF_TIME), 9.0 * 0.5 * 0.8);
        limit.measure = Measure::Points;
        let share = Mix {
            stages: vec![true],
            most: Most::ShareOfPoints(0.6),
        };
        assert_eq!(limit.most_of_mix(&share, &HALF_TIME), 0.6 * 8.0);
    }

    proptest! {
        #[test]
        fn what_fits_a_limit_fits_a_higher_one(
            load in 0.0..40.0_f64, limit in 0.0..40.0_f64, more in 0.0..10.0_f64,
            first in 0.0..4.0_f64, others in 0.0..8.0_f64, overshoot in proptest::option::of(0.0..5.0_f64),
        ) {
            let policy = Limit { family_overshoot: overshoot, ..Limit::of_cases(limit) };
            if policy.holds(load, limit, first, first + others) {
                prop_assert!(policy.holds(load, limit + more, first, first + others));
            }
        }

        #[test]
        fn the_order_of_the_least_loaded_does_not_depend_on_the_number(
            value in 1.0..100.0_f64, other in 1.0..100.0_f64, fte in 0.1..1.0_f64, ramp in 0.1..1.0_f64,
        ) {
            let holder = Holder { fte, ramp_limit: ramp, ..HALF_TIME };
            let yardstick = |value| Limit::of_cases(value).yardstick(&holder);
            prop_assert_eq!(yardstick(value), yardstick(other));
        }
    }
}
