//! When does a rule begin to hold, and when does it end?

/// Where figures are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Per {
    /// In the service as a whole.
    #[default]
    Service,
    /// In each team for itself.
    Team,
}

/// A rule that holds from above one level until below another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trigger {
    /// It begins when the figure is above this.
    pub above: f64,
    /// It ends when the figure is below this; <= `above`, or just above it: then it holds exactly while the figure is
    /// above.
    pub until_below: f64,
    /// Whose figure.
    pub per: Per,
}

impl Trigger {
    /// Whether the rule holds once a figure has been seen.
    ///
    /// * `holds` - whether it has held until now
    pub fn next(&self, holds: bool, figure: f64) -> bool {
        if holds {
            figure >= self.until_below
        } else {
            figure > self.above
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_rule_begins_above_and_ends_below() {
        let rule = Trigger {
            above: 10.0,
            until_below: 5.0,
            per: Per::Service,
        };
        let mut holds = false;
        for (figure, expected) in [
            (10.0, false),
            (11.0, true),
            (7.0, true),
            (5.0, true),
            (4.0, false),
            (7.0, false),
        ] {
            holds = rule.next(holds, figure);
            assert_eq!(holds, expected, "{figure}");
        }
    }

    proptest! {
        #[test]
        fn a_rule_above_every_figure_never_holds(figures in proptest::collection::vec(0.0..=1.0_f64, 1..50)) {
            let rule = Trigger { above: 1.0, until_below: 1.0, per: Per::Service };
            prop_assert!(!figures.iter().fold(false, |holds, figure| rule.next(holds, *figure)));
        }

        #[test]
        fn a_figure_beyond_both_levels_decides_alone(holds: bool, above in 0.0..50.0_f64, gap in 0.0..50.0_f64, past in 0.1..9.0_f64) {
            let rule = Trigger { above, until_below: (above - gap).max(0.0), per: Per::Service };
            prop_assert!(rule.next(holds, above + past));
            prop_assert!(!rule.next(holds, rule.until_below - past));
        }
    }
}
