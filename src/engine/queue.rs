//! The waiting list of one team: units in order.
//!
//! A unit is the children of one family that wait for the same team; one of them, the unit's case,
//! stands for all. The order of the list is packed into one integer, so that the list is a sorted
//! array: those that have risen to the top first, longest waiting first; then by priority, transfers
//! first or not, time of becoming unallocated, and the order of becoming unallocated within an
//! instant, which for referrals is that of their case numbers; a leaver's cases become unallocated in the order in
//! which they were received, and that order is kept, as the reference model R1 has it.

/// Why the lists are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Round {
    /// Something has changed, and cases are given out at once.
    AtOnce,
    /// A meeting: all lists are looked through, and workers may decline where the policy has a discussion.
    Meeting,
    /// Something has changed between meetings: only what is never queued is given out.
    Between,
}

/// Place of a unit in the order; smaller is earlier.
pub(super) type Place = u128;

/// Builds a place.
///
/// * `has_risen` - waits past its deadline or `rises_after`
/// * `precedence` - of the unit's stage, 0 first
/// * `yields` - a new case where transfers go first
/// * `since` - when it became unallocated, >= 0 [days]; * `sequence` - order of becoming so
pub(super) fn place(
    has_risen: bool,
    precedence: u8,
    yields: bool,
    since: f64,
    sequence: u32,
) -> Place {
    // The bits of floats >= 0 are in the order of the floats.
    let time = since.to_bits() as u128;
    let class = if has_risen {
        0
    } else {
        (1 << 9) | ((precedence as u128) << 1) | u128::from(yields)
    };
    (class << 96) | (time << 32) | sequence as u128
}

/// The children of one family that wait for the same team, kept at the case that stands for them: the one
/// with the lowest number. A line of the cache.
#[derive(Clone, Copy, Debug, Default)]
#[repr(align(64))]
pub(super) struct Unit {
    pub(super) place: Place,
    /// When it rises to the top; infinity: never.
    pub(super) rises_at: f64,
    pub(super) has_risen: bool,
    /// When it is given out whatever the limit; infinity: never.
    pub(super) patience_ends: f64,
    pub(super) is_expired: bool,
    /// A child stands in a stage that is never left waiting.
    pub(super) is_urgent: bool,
    /// When another team may take it, and whether it may now; infinity: never.
    pub(super) lends_at: f64,
    pub(super) is_lendable: bool,
    /// When it is split because it may not pass the limit; infinity: never.
    pub(super) splits_at: f64,
    /// Direct work that its children need [hours a week].
    pub(super) need: f64,
}

/// One team's waiting list.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    units: Vec<(Place, u32)>,
    /// Units that are given out whatever the limit: their patience is over, or they are never left waiting.
    pub(super) forced: u32,
    /// Units that another team may take.
    pub(super) lendable: u32,
}

impl Queue {
    pub(super) fn reset(&mut self) {
        self.units.clear();
        self.forced = 0;
        self.lendable = 0;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.units.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// The unit's case at a position in the order.
    pub(super) fn at(&self, position: usize) -> u32 {
        self.units[position].1
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.units.iter().map(|(_, case)| *case)
    }

    /// The units with their places, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = (Place, u32)> + '_ {
        self.units.iter().copied()
    }

    pub(super) fn insert(&mut self, place: Place, case: u32) {
        let at = self.units.partition_point(|(other, _)| *other < place);
        self.units.insert(at, (place, case));
    }

    pub(super) fn remove(&mut self, place: Place) {
        let at = self.units.partition_point(|(other, _)| *other < place);
        if self.units.get(at).is_some_and(|(other, _)| *other == place) {
            self.units.remove(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_is_risen_then_priority_then_transfers_then_time() {
        let order = [
            place(true, 3, true, 4.0, 9),
            place(true, 0, false, 5.0, 1),
            place(false, 0, false, 6.0, 2),
            place(false, 0, true, 1.0, 0),
            place(false, 0, true, 1.0, 3),
            place(false, 1, false, 0.0, 4),
        ];
        assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
    }
}
