//! The least loaded of a team, without a look at everyone: a tree of minima over its workers.
//!
//! Eight keys stand together, and the least of them is a key of the group above, up to one group at the top: two
//! levels for 64 workers. Another key for one worker climbs as far as it changes a minimum; the first of the least is
//! found by going down, to the first of those that are equal to it. The tree knows keys, not workers.

/// Keys in a group: as many as one line of the cache holds.
const GROUP: usize = 8;
/// Levels at most: enough for 8^7 rungs.
const LEVELS: usize = 7;

/// Keys of a fixed number of rungs, and the first of the least of them.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// The groups of the rungs, then those of each level above.
    groups: Vec<[f64; GROUP]>,
    /// First group of each level.
    starts: [u32; LEVELS],
    levels: usize,
    /// The least key of all.
    least: f64,
}

impl Ladder {
    /// A number of rungs, all at infinity, in the memory of the ladder before.
    ///
    /// * `rungs` - at most 2 million, as many posts as a scenario may have by far
    pub fn reset(&mut self, rungs: usize) {
        let mut width = rungs.max(1);
        let mut groups = 0;
        self.levels = 0;
        while self.levels == 0 || (width > 1 && self.levels < LEVELS) {
            self.starts[self.levels] = groups as u32;
            self.levels += 1;
            width = width.div_ceil(GROUP);
            groups += width;
        }
        self.groups.clear();
        self.groups.resize(groups, [f64::INFINITY; GROUP]);
        self.least = f64::INFINITY;
    }

    /// Puts another key on a rung.
    ///
    /// * `key` - infinity: never the least; not NaN
    #[inline]
    pub fn set(&mut self, rung: usize, key: f64) {
        let (mut at, mut key) = (rung, key);
        for start in &self.starts[..self.levels] {
            let group = &mut self.groups[*start as usize + at / GROUP];
            if group[at % GROUP] == key {
                return;
            }
            group[at % GROUP] = key;
            key = least(group);
            at /= GROUP;
        }
        self.least = key;
    }

    /// The first rung with the least key; none where all are at infinity.
    #[inline(always)]
    pub fn first(&self) -> Option<usize> {
        if self.least == f64::INFINITY {
            return None;
        }
        let mut at = 0;
        for start in self.starts[..self.levels].iter().rev() {
            let group = &self.groups[*start as usize + at];
            at = at * GROUP + first_of(group, self.least);
        }
        Some(at)
    }
}

/// Where the first of the least of a group stands: from the last to the first, so that no step hangs on the keys.
fn first_of(group: &[f64; GROUP], least: f64) -> usize {
    let mut first = 0;
    for (at, key) in group.iter().enumerate().rev() {
        if *key <= least {
            first = at;
        }
    }
    first
}

/// The least of a group. One after the other: eight at once would wait for the key that has just been written.
fn least(group: &[f64; GROUP]) -> f64 {
    let lesser = |a: f64, b: f64| if b < a { b } else { a };
    group.iter().copied().fold(f64::INFINITY, lesser)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is set in whatever order, the first of the least is the one that a look at all finds.
        #[test]
        fn the_first_of_the_least_is_found(
            rungs in 1usize..140,
            moves in prop::collection::vec((0usize..140, prop_oneof![Just(f64::INFINITY), (0u8..6).prop_map(f64::from)]), 0..200),
        ) {
            let mut ladder = Ladder::default();
            ladder.reset(rungs);
            let mut plain = vec![f64::INFINITY; rungs];
            for (rung, key) in moves {
                let rung = rung % rungs;
                ladder.set(rung, key);
                plain[rung] = key;
                let least = plain.iter().copied().fold(f64::INFINITY, f64::min);
                let expected = plain.iter().position(|key| *key == least && least < f64::INFINITY);
                prop_assert_eq!(ladder.first(), expected);
            }
        }
    }
}
