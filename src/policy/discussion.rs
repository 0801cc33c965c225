//! May a worker who is asked say no?

/// A discussion before a case is given: the worker asked may decline, the next in order is asked, nobody twice for
/// one unit at one meeting. It is held at meetings only: without one, cases are put on the desk. A unit that is given
/// out regardless (patience over, more waiting than tolerated, `never_queue`) is not discussed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Discussion {
    /// Workload ratio up to which nobody declines [1].
    pub from: f64,
    /// Workload ratio from which everybody does [1]; >= `from`.
    pub to: f64,
}

impl Discussion {
    /// Probability that a worker declines.
    ///
    /// * `ratio` - workload ratio before the case asked about [1]
    /// * returns - 0 up to `from`, rising linearly to 1 at `to`; a step where both are equal
    pub fn declines(&self, ratio: f64) -> f64 {
        if ratio <= self.from {
            0.0
        } else if ratio >= self.to {
            1.0
        } else {
            (ratio - self.from) / (self.to - self.from)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_more_loaded_the_likelier_a_no() {
        let discussion = Discussion {
            from: 0.75,
            to: 1.25,
        };
        for (ratio, chance) in [(0.0, 0.0), (0.75, 0.0), (1.0, 0.5), (1.25, 1.0), (3.0, 1.0)] {
            assert_eq!(discussion.declines(ratio), chance, "{ratio}");
        }
        let step = Discussion { from: 1.0, to: 1.0 };
        assert_eq!((step.declines(1.0), step.declines(1.01)), (0.0, 1.0));
    }

    proptest! {
        #[test]
        fn the_chance_is_a_probability_that_never_falls(
            from in 0.0..2.0_f64, width in 0.0..2.0_f64, ratio in 0.0..5.0_f64, more in 0.0..2.0_f64,
        ) {
            let discussion = Discussion { from, to: from + width };
            let (low, high) = (discussion.declines(ratio), discussion.declines(ratio + more));
            prop_assert!((0.0..=1.0).contains(&low) && low <= high);
        }
    }
}
