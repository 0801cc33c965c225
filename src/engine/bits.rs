//! A set of small numbers, one bit each, that finds its next member in a step or two.

/// Members below a bound that [`reset`](Bits::reset) states.
#[derive(Clone, Debug, Default)]
pub(super) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    /// Empties the set, with room for numbers below a bound.
    pub(super) fn reset(&mut self, bound: usize) {
        self.words.clear();
        self.words.resize(bound.div_ceil(64), 0);
    }

    /// Takes all members out.
    pub(super) fn clear(&mut self) {
        self.words.fill(0);
    }

    /// Puts a number in; returns true where it was not there.
    #[inline]
    pub(super) fn insert(&mut self, number: usize) -> bool {
        let (word, bit) = (&mut self.words[number / 64], 1 << (number % 64));
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    /// Takes a number out.
    #[inline]
    pub(super) fn remove(&mut self, number: usize) {
        self.words[number / 64] &= !(1 << (number % 64));
    }

    /// True where a number is in; none from the bound on is.
    #[inline]
    pub(super) fn has(&self, number: usize) -> bool {
        let word = self.words.get(number / 64);
        word.is_some_and(|word| word & (1 << (number % 64)) != 0)
    }

    /// The first member from a number on.
    #[inline]
    pub(super) fn first_from(&self, number: usize) -> Option<usize> {
        let mut word = number / 64;
        let mut bits = self.words.get(word)? & (u64::MAX << (number % 64));
        while bits == 0 {
            word += 1;
            bits = *self.words.get(word)?;
        }
        Some(word * 64 + bits.trailing_zeros() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn it_is_a_set(steps in prop::collection::vec((0_usize..200, any::<bool>()), 0..80)) {
            let (mut bits, mut set) = (Bits::default(), BTreeSet::new());
            bits.reset(200);
            for (number, is_put_in) in steps {
                if is_put_in {
                    prop_assert_eq!(bits.insert(number), set.insert(number));
                } else {
                    bits.remove(number);
                    set.remove(&number);
                }
                prop_assert_eq!(bits.has(number), set.contains(&number));
            }
            for from in 0..300 {
                prop_assert_eq!(bits.first_from(from), set.range(from..).next().copied());
            }
            bits.clear();
            prop_assert_eq!(bits.first_from(0), None);
        }
    }
}
