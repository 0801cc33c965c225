//! When does extra help come?

use crate::policy::trigger::Per;

/// Agency workers who come while the waiting list is long.
///
/// The list is looked at once a day, or as often as figures are refreshed. In the service as a whole each of them
/// joins the team with the most waiting cases for each who has been sent there already (ties: the first team). When
/// few enough wait they give notice as their grade does; sent for again before they have gone, they stay. One who leaves
/// of their own accord is not replaced. Where a later date brings another rule, those of the old one give notice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relief {
    /// How many come.
    pub workers: u32,
    /// Index of their grade.
    pub grade: usize,
    /// They are sent for when more cases than this have each waited for `waited_days` [cases].
    pub above: f64,
    /// [days]
    pub waited_days: f64,
    /// From being sent for to the first day [days].
    pub lead_days: f64,
    /// They go when fewer cases than this wait [cases].
    pub until_below: f64,
    /// Sent for by the service, or by each team for itself.
    pub per: Per,
}

impl Relief {
    /// Whether help is wanted once the list has been looked at.
    ///
    /// * `is_wanted` - whether it has been until now
    /// * `waited_long` - cases that have waited for `waited_days`; * `waiting` - all that wait
    pub fn is_wanted(&self, is_wanted: bool, waited_long: f64, waiting: f64) -> bool {
        if is_wanted {
            waiting >= self.until_below
        } else {
            waited_long > self.above && waiting >= self.until_below
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RELIEF: Relief = Relief {
        workers: 2,
        grade: 0,
        above: 20.0,
        waited_days: 28.0,
        lead_days: 14.0,
        until_below: 5.0,
        per: Per::Service,
    };

    #[test]
    fn help_is_sent_for_when_many_have_waited_long_and_kept_until_few_wait() {
        assert!(!RELIEF.is_wanted(false, 20.0, 300.0));
        assert!(RELIEF.is_wanted(false, 21.0, 300.0));
        assert!(RELIEF.is_wanted(true, 0.0, 5.0));
        assert!(!RELIEF.is_wanted(true, 0.0, 4.0));
    }

    proptest! {
        #[test]
        fn an_empty_list_wants_no_help(is_wanted: bool) {
            prop_assert!(!RELIEF.is_wanted(is_wanted, 0.0, 0.0));
        }

        #[test]
        fn a_longer_list_is_no_reason_to_want_less(is_wanted: bool, long in 0.0..50.0_f64, rest in 0.0..50.0_f64, more in 0.0..50.0_f64) {
            if RELIEF.is_wanted(is_wanted, long, long + rest) {
                prop_assert!(RELIEF.is_wanted(is_wanted, long + more, long + rest + more));
            }
        }
    }
}
