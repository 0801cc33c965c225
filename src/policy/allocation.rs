//! Who takes a case?

/// What counts as load where a policy has no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Open cases.
    Cases,
    /// Points: the weights of the open cases' stages.
    Points,
}

/// How the worker is chosen among those whom a unit fits.
///
/// The worker who holds a sibling and, of one who returns, the former worker are asked before all others, whatever
/// the choice. Where a unit is given out regardless of the limit, `matched` gives it to the least loaded: otherwise
/// the most experienced would take all that is left over; the other choices keep their own order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Allocation {
    /// The least load for the worker's own limit, in its measure; without a limit the least cases or
    /// points for fte x ramp.
    LeastLoaded {
        /// What counts as load without a limit.
        by: Load,
    },
    /// The next post after the one that was given the last unit in the team.
    RoundRobin,
    /// Anyone, with equal chance.
    Random,
    /// A unit with a stage of at least this weight goes to the one longest in post, any other to the least loaded.
    Matched {
        /// Weight from which a stage is heavy [points].
        heavy_from: f64,
    },
    /// The least loaded as a manager sees it who keeps no count: each load is seen with a lognormal error of median
    /// one, drawn anew for each worker at each meeting (without meetings, each day). The limit itself is counted
    /// rightly.
    Perceived {
        /// Standard deviation of the logarithm of the error [1].
        error: f64,
    },
}

/// A worker as the one who allocates sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Load over own limit, or what stands for it: see [`Allocation::LeastLoaded`] [1].
    pub ratio: f64,
    /// Time in post [days].
    pub days_in_post: f64,
    /// Places after the one who was given the last unit, going round: 0 is next.
    pub turn: u32,
    /// Uniform from 0 to 1, of this worker and this unit; used by [`Allocation::Random`].
    pub lot: f64,
    /// Standard normal, of this worker and this meeting; used by [`Allocation::Perceived`].
    pub view: f64,
}

impl Allocation {
    /// The place of a worker in the order of asking: the smallest is asked first, ties go to the lowest post.
    ///
    /// * `weight` - greatest weight of the unit's stages [points]
    /// * `regardless` - the unit is given out whatever the limit
    pub fn rank(&self, candidate: &Candidate, weight: f64, regardless: bool) -> f64 {
        match self {
            Allocation::LeastLoaded { .. } => candidate.ratio,
            Allocation::RoundRobin => f64::from(candidate.turn),
            Allocation::Random => candidate.lot,
            Allocation::Matched { heavy_from } if weight >= *heavy_from && !regardless => {
                -candidate.days_in_post
            }
            Allocation::Matched { .. } => candidate.ratio,
            Allocation::Perceived { error } => candidate.ratio * libm::exp(error * candidate.view),
        }
    }

    /// Whether a lot must be drawn for each worker who could be asked.
    pub fn draws_lots(&self) -> bool {
        *self == Allocation::Random
    }

    /// Whether each worker is seen with an error.
    pub fn is_perceived(&self) -> bool {
        matches!(self, Allocation::Perceived { error } if *error > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(ratio: f64, days_in_post: f64) -> Candidate {
        Candidate {
            ratio,
            days_in_post,
            turn: 0,
            lot: 0.0,
            view: 0.0,
        }
    }

    #[test]
    fn a_heavy_case_goes_to_the_longest_in_post_and_a_light_one_to_the_least_loaded() {
        let matched = Allocation::Matched { heavy_from: 3.0 };
        let (old, idle) = (candidate(0.9, 900.0), candidate(0.1, 30.0));
        assert!(matched.rank(&old, 3.0, false) < matched.rank(&idle, 3.0, false));
        assert!(matched.rank(&old, 2.9, false) > matched.rank(&idle, 2.9, false));
        assert!(matched.rank(&old, 3.0, true) > matched.rank(&idle, 3.0, true));
    }

    #[test]
    fn the_next_in_turn_is_asked_whatever_the_load() {
        let next = Candidate {
            turn: 0,
            ..candidate(0.9, 0.0)
        };
        let later = Candidate {
            turn: 4,
            ..candidate(0.1, 0.0)
        };
        assert!(
            Allocation::RoundRobin.rank(&next, 1.0, false)
                < Allocation::RoundRobin.rank(&later, 1.0, false)
        );
    }

    proptest! {
        #[test]
        fn a_view_without_error_is_the_least_loaded(
            ratio in 0.0..3.0_f64, view in -4.0..4.0_f64, days in 0.0..4000.0_f64,
        ) {
            let seen = Candidate { view, ..candidate(ratio, days) };
            let exact = Allocation::LeastLoaded { by: Load::Cases }.rank(&seen, 1.0, false);
            prop_assert_eq!(Allocation::Perceived { error: 0.0 }.rank(&seen, 1.0, false), exact);
        }

        #[test]
        fn an_error_never_changes_who_has_no_case_at_all(error in 0.0..2.0_f64, view in -4.0..4.0_f64) {
            let idle = Candidate { view, ..candidate(0.0, 0.0) };
            prop_assert_eq!(Allocation::Perceived { error }.rank(&idle, 1.0, false), 0.0);
        }
    }
}
