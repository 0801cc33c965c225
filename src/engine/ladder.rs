//! The least loaded of a team, without a look at everyone: a tree of minima over its workers.
//!
//! A node holds the lesser key of the two below it. Another key for one worker climbs as far as it changes a minimum;
//! the first of the least is found by going down, left where both are equal. The tree knows keys, not workers.

/// Keys of a fixed number of rungs, and the first of the least of them.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    /// Node 1 is the top; below node n stand 2n and 2n + 1; the rungs are the last half.
    nodes: Vec<f64>,
    half: usize,
}

impl Ladder {
    /// A number of rungs, all at infinity, in the memory of the ladder before.
    pub fn reset(&mut self, rungs: usize) {
        self.half = rungs.next_power_of_two().max(1);
        self.nodes.clear();
        self.nodes.resize(2 * self.half, f64::INFINITY);
    }

    /// Puts another key on a rung.
    ///
    /// * `key` - infinity: never the least; not NaN
    pub fn set(&mut self, rung: usize, key: f64) {
        let mut at = self.half + rung;
        self.nodes[at] = key;
        while at > 1 {
            let beside = self.nodes[at ^ 1];
            let here = self.nodes[at];
            let least = if beside < here { beside } else { here };
            at /= 2;
            if self.nodes[at] == least {
                return;
            }
            self.nodes[at] = least;
        }
    }

    /// The first rung with the least key; none where all are at infinity.
    pub fn first(&self) -> Option<usize> {
        let least = self.nodes[1];
        if least == f64::INFINITY {
            return None;
        }
        let mut at = 1;
        while at < self.half {
            at *= 2;
            at += usize::from(self.nodes[at] != least);
        }
        Some(at - self.half)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is set in whatever order, the first of the least is the one that a look at all finds.
        #[test]
        fn the_first_of_the_least_is_found(
            rungs in 1usize..70,
            moves in prop::collection::vec((0usize..70, prop_oneof![Just(f64::INFINITY), (0u8..6).prop_map(f64::from)]), 0..200),
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
