//! When is a referral turned away?

use crate::model::law::Law;
use crate::policy::trigger::Trigger;

/// While many wait, a share of new families is screened out. Cases on managers' desks wait too. Those who come again
/// count as returns. A rule that holds when a later date changes its levels goes on until the new lower one.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    /// On the number of cases without a worker [cases].
    pub waiting: Trigger,
    /// Share of families screened out while it holds [1].
    pub screened_out: f64,
    /// True: returns are screened too.
    pub screens_returns: bool,
    /// Those who come again.
    pub comes_back: Option<ComesBack>,
}

/// Families that come again after they were screened out.
#[derive(Clone, Debug, PartialEq)]
pub struct ComesBack {
    /// Share of those screened out [1].
    pub share: f64,
    /// From being screened out to coming again [days].
    pub delay: Law,
    /// Stage at which all the family's children come.
    pub stage: usize,
}

impl Threshold {
    /// True where a family that comes while it holds is screened out.
    ///
    /// * `draw` - uniform from 0 to 1, of the family
    pub fn screens(&self, draw: f64) -> bool {
        draw < self.screened_out
    }
}

impl ComesBack {
    /// True where a family that was screened out comes again.
    ///
    /// * `draw` - uniform from 0 to 1, of the family
    pub fn comes(&self, draw: f64) -> bool {
        draw < self.share
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::trigger::Per;
    use proptest::prelude::*;

    fn threshold(screened_out: f64) -> Threshold {
        Threshold {
            waiting: Trigger {
                above: 40.0,
                until_below: 20.0,
                per: Per::Service,
            },
            screened_out,
            screens_returns: true,
            comes_back: None,
        }
    }

    #[test]
    fn three_in_ten_are_screened_out_from_the_41st_waiting_case_to_the_20th() {
        let threshold = threshold(0.3);
        let mut holds = false;
        let mut seen = Vec::new();
        for waiting in [40.0, 41.0, 20.0, 19.0, 30.0] {
            holds = threshold.waiting.next(holds, waiting);
            seen.push(holds);
        }
        assert_eq!(seen, [false, true, true, false, false]);
        assert!(threshold.screens(0.0) && threshold.screens(0.299));
        assert!(!threshold.screens(0.3) && !threshold.screens(0.99));
        let back = ComesBack {
            share: 0.5,
            delay: Law::Fixed { value: 60.0 },
            stage: 0,
        };
        assert!(back.comes(0.49) && !back.comes(0.5));
    }

    proptest! {
        #[test]
        fn whoever_a_mild_threshold_screens_out_a_strict_one_does_too(
            share in 0.0..=1.0_f64, more in 0.0..=1.0_f64, draw in 0.0..1.0_f64,
        ) {
            let strict = threshold((share + more).min(1.0));
            prop_assert!(!threshold(share).screens(draw) || strict.screens(draw));
            prop_assert!(threshold(1.0).screens(draw) && !threshold(0.0).screens(draw));
        }
    }
}
