//! Who waits first in line?

use crate::model::calendar::Calendar;

/// How long a unit waits before it rises to the top of the list.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RisesAfter {
    /// Until 24:00 of the n-th working day after the day on which it became unallocated [working days].
    WorkingDays(u32),
    /// So long after it became unallocated, to the hour [days].
    Days(f64),
}

/// The order of the waiting list: stage priority, then transfers or not, then the time of becoming
/// unallocated, then the order in which they became so, then case number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    /// Cases that have had a worker in this spell go before new ones of the same priority.
    pub transfers_first: bool,
    /// A unit that has waited this long rises to the top; absent: none does.
    pub rises_after: Option<RisesAfter>,
}

impl Default for Order {
    fn default() -> Order {
        Order {
            transfers_first: true,
            rises_after: None,
        }
    }
}

impl Order {
    /// True where a unit stands behind others of its priority: a new one where transfers go first.
    pub fn yields(&self, is_transfer: bool) -> bool {
        self.transfers_first && !is_transfer
    }

    /// When a unit rises to the top; infinity: never, or past the tables of the calendar.
    ///
    /// * `since` - when it became unallocated [days from the origin]
    /// * `due` - when its allocation deadline passes; infinity where it has none [days from the origin]
    pub fn rises_at(&self, since: f64, due: f64, calendar: &Calendar) -> f64 {
        match self.rises_after {
            None => due,
            Some(RisesAfter::WorkingDays(days)) => {
                calendar.after_working_days(since, days).min(due)
            }
            Some(RisesAfter::Days(days)) => (since + days).min(due),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        Calendar::new(date(2026, 1, 1), 0, 12, &[]).unwrap()
    }

    #[test]
    fn a_unit_rises_when_its_working_days_or_its_deadline_are_over() {
        let order = Order {
            rises_after: Some(RisesAfter::WorkingDays(10)),
            ..Order::default()
        };
        // From Thursday 1 January the tenth working day after it is Thursday 15 January, over at day 15.
        assert_eq!(order.rises_at(0.5, f64::INFINITY, &calendar()), 15.0);
        assert_eq!(order.rises_at(0.5, 6.0, &calendar()), 6.0);
        let calendar_days = Order {
            rises_after: Some(RisesAfter::Days(10.0)),
            ..Order::default()
        };
        assert_eq!(
            calendar_days.rises_at(0.5, f64::INFINITY, &calendar()),
            10.5
        );
        assert_eq!(calendar_days.rises_at(0.5, 6.0, &calendar()), 6.0);
        let never = Order::default();
        assert_eq!(
            never.rises_at(0.5, f64::INFINITY, &calendar()),
            f64::INFINITY
        );
        assert_eq!(never.rises_at(0.5, 6.0, &calendar()), 6.0);
        assert!(never.yields(false) && !never.yields(true));
        let alike = Order {
            transfers_first: false,
            ..never
        };
        assert!(!alike.yields(false) && !alike.yields(true));
    }

    proptest! {
        #[test]
        fn who_came_first_rises_first_and_nobody_at_once(
            since in 0.0..300.0_f64, later in 0.0..30.0_f64, days in 1_u32..40,
        ) {
            let order = Order { rises_after: Some(RisesAfter::WorkingDays(days)), ..Order::default() };
            let calendar = calendar();
            let rises = |since| order.rises_at(since, f64::INFINITY, &calendar);
            prop_assert!(rises(since) > since);
            prop_assert!(rises(since) <= rises(since + later));
        }
    }
}
