//! What a round has found to fit nobody, so that its like is passed over unasked.
//!
//! In a round loads only grow, and limits stay as they are. Where whom a unit fits depends on nothing but what it adds, one
//! that adds no less than one who fitted nobody fits nobody either; where kinds of work have limits of their own, one
//! that begins in the same stage.

use crate::engine::case::{NOBODY, State};
use crate::engine::play::Play;
use crate::engine::queue::Round;
use crate::policy::limit::Measure;

/// What decides whom a unit fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Like {
    asks: Asks,
    /// Where it fits nobody, neither does its like.
    pub(super) is_typical: bool,
    /// A worker holds one of its family, and it may add less there.
    pub(super) has_holder: bool,
}

/// In what one unit is like another.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Asks {
    /// What its first child, and all that are held against the limit, add to who holds none of the family.
    Adds(f64, f64),
    /// The stage of its first child, below 64.
    Stage(u16),
}

/// Units that have fitted nobody.
#[derive(Clone, Copy, Debug)]
pub(super) struct Refused {
    /// The least that one of them added.
    adds: (f64, f64),
    /// Their stages, a bit each.
    stages: u64,
}

impl Refused {
    /// None so far.
    pub(super) fn nobody() -> Refused {
        Refused {
            adds: (f64::INFINITY, f64::INFINITY),
            stages: 0,
        }
    }

    /// True where a unit is like one that has fitted nobody, or asks more.
    pub(super) fn covers(&self, like: &Like) -> bool {
        match like.asks {
            Asks::Adds(first, all) => first >= self.adds.0 && all >= self.adds.1,
            Asks::Stage(stage) => self.stages & (1 << stage) != 0,
        }
    }

    /// Takes note of how a unit fared: given to someone, or to nobody.
    pub(super) fn note(&mut self, like: Option<Like>, is_given: bool) {
        match like {
            Some(like) if !is_given => self.add(&like),
            Some(like) if !like.has_holder => {}
            // Among brothers and sisters a load may have fallen.
            _ if is_given => *self = Refused::nobody(),
            _ => {}
        }
    }

    fn add(&mut self, like: &Like) {
        match like.asks {
            _ if !like.is_typical => {}
            Asks::Adds(first, all) if first <= self.adds.0 && all <= self.adds.1 => {
                self.adds = (first, all);
            }
            Asks::Adds(..) => {}
            Asks::Stage(stage) => self.stages |= 1 << stage,
        }
    }
}

impl Play<'_> {
    /// What decides whom a unit fits in its team; nothing where a worker may decline, or the limit is not held to.
    pub(super) fn like(&self, unit: u32, team: u16, round: Round) -> Option<Like> {
        let choices = self.choices(team);
        let is_discussed = choices.discussion.is_some() && round == Round::Meeting;
        let limit = choices.limit.as_ref()?;
        if is_discussed || !self.board.rules[team as usize].is_held_to {
            return None;
        }
        let measure = limit.measure;
        let is_only_child = self.board.cases.is_only_child(unit);
        let has_holder = !is_only_child
            && matches!(measure, Measure::Families | Measure::Hours)
            && self.family(unit).any(|at| self.case(at).worker != NOBODY);
        if !limit.mix.is_empty() {
            let is_weighed_alone = is_only_child || limit.family_overshoot.is_none();
            return Some(Like {
                asks: self.stage_of_first(unit)?,
                is_typical: is_weighed_alone && !has_holder,
                has_holder,
            });
        }
        let (first, all) = if is_only_child {
            self.adds_alone([unit], measure)
        } else {
            self.adds_alone(self.waiting_in(unit), measure)
        };
        let all = limit.family_overshoot.map_or(first, |_| all);
        Some(Like {
            asks: Asks::Adds(first, all),
            is_typical: !has_holder,
            has_holder,
        })
    }

    /// What decides whom a unit fits in other teams: its stage. A family fits in no more of them than its first child.
    pub(super) fn like_to_lend(&self, unit: u32) -> Option<Like> {
        let is_only_child = self.board.cases.is_only_child(unit);
        Some(Like {
            asks: self.stage_of_first(unit)?,
            is_typical: is_only_child,
            has_holder: !is_only_child
                && self.family(unit).any(|at| self.case(at).worker != NOBODY),
        })
    }

    fn stage_of_first(&self, unit: u32) -> Option<Asks> {
        let first = self.waiting_in(unit).next()?;
        let stage = self.case(first).stage;
        (stage < 64).then_some(Asks::Stage(stage))
    }

    /// The children of a unit, in order of number.
    pub(super) fn waiting_in(&self, unit: u32) -> impl Iterator<Item = u32> + '_ {
        self.family(unit).filter(move |at| {
            let child = self.case(*at);
            child.state == State::Waiting && child.unit == unit
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(asks: Asks) -> Like {
        Like {
            asks,
            is_typical: true,
            has_holder: false,
        }
    }

    #[test]
    fn who_adds_less_is_asked_and_who_adds_no_less_is_not() {
        let adds = |first, all| like(Asks::Adds(first, all));
        let mut refused = Refused::nobody();
        assert!(!refused.covers(&adds(9.0, 9.0)));
        refused.add(&adds(2.0, 5.0));
        assert!(refused.covers(&adds(2.0, 5.0)));
        assert!(refused.covers(&adds(3.0, 5.0)));
        // A first child that adds more, of a family that adds less, may yet fit.
        assert!(!refused.covers(&adds(3.0, 4.0)));
        assert!(!refused.covers(&adds(1.0, 6.0)));
        refused.add(&adds(1.0, 6.0));
        assert!(!refused.covers(&adds(1.0, 5.0)));
        refused.add(&adds(1.0, 1.0));
        assert!(refused.covers(&adds(1.0, 5.0)));
    }

    #[test]
    fn stages_are_told_apart() {
        let mut refused = Refused::nobody();
        refused.add(&like(Asks::Stage(63)));
        assert!(refused.covers(&like(Asks::Stage(63))));
        assert!(!refused.covers(&like(Asks::Stage(0))));
    }

    #[test]
    fn a_family_that_fits_nobody_shows_nothing_of_others() {
        let mut refused = Refused::nobody();
        refused.add(&Like {
            is_typical: false,
            ..like(Asks::Stage(3))
        });
        assert!(!refused.covers(&like(Asks::Stage(3))));
    }
}
