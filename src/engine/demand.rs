//! What a case asks of its worker.

use crate::engine::world::StageTable;

/// What a case asks of the worker who holds it: nothing, or what its stage says.
///
/// Needs and weights are multiples of one small unit, so that what is added for a case and taken off again leaves
/// nothing behind, in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Demand {
    stage: Option<u16>,
    /// It is its family's child with the lowest number here; the others need `sibling_hours` of theirs.
    pub(super) is_first: bool,
}

impl Demand {
    /// What a case asks in a stage.
    ///
    /// * `is_first` - it is its family's first child here
    pub(super) fn of(stage: u16, is_first: bool) -> Demand {
        Demand {
            stage: Some(stage),
            is_first,
        }
    }

    /// Direct work [hours a week], weight of the stage [units of `World::points`], and the priority class in which it is
    /// served.
    #[inline(always)]
    pub(super) fn amounts(self, stages: &[StageTable]) -> (f64, f64, usize) {
        let Some(stage) = self.stage else {
            return (0.0, 0.0, 0);
        };
        let table = &stages[stage as usize];
        let need = if self.is_first {
            table.hours
        } else {
            table.sibling_hours
        };
        (need, table.weight_units, table.class as usize)
    }
}
