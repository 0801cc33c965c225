//! When are cases given out?

use crate::model::calendar::Calendar;

/// When allocation happens. A meeting is at 00:00 of its day. Between meetings only what is never queued is given out:
/// what patience, tolerance, lending or the splitting of a family bring about waits for the meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meeting {
    /// As soon as there is a case and a worker who may take it.
    AtOnce,
    /// Each working day.
    Daily,
    /// Once a week; on the next working day where that day is a holiday.
    Weekly {
        /// 0 is Monday, 4 is Friday.
        weekday: u8,
    },
}

impl Meeting {
    /// The day of the next meeting at or after a day; nothing where cases are given out at once, and past the
    /// tables of the calendar.
    ///
    /// * `from` - [days from the origin]
    pub fn next(self, from: u32, calendar: &Calendar) -> Option<u32> {
        match self {
            Meeting::AtOnce => None,
            Meeting::Daily => calendar.working_day_from(from),
            // The week's day may be a holiday: the meeting of a week whose day was up to 6 days ago may still be due.
            Meeting::Weekly { weekday } => (from.saturating_sub(6)..=from.saturating_add(7))
                .filter(|day| calendar.weekday(*day) == weekday)
                .filter_map(|day| calendar.working_day_from(day))
                .find(|day| *day >= from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    /// From Thursday 1 January 2026; Good Friday and Easter Monday are 3 and 6 April, days 92 and 95.
    fn calendar() -> Calendar {
        let holidays = [date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6)];
        Calendar::new(date(2026, 1, 1), 0, 12, &holidays).unwrap()
    }

    #[test]
    fn a_meeting_on_a_holiday_is_held_on_the_next_working_day() {
        let calendar = calendar();
        let monday = Meeting::Weekly { weekday: 0 };
        assert_eq!(monday.next(0, &calendar), Some(4));
        assert_eq!(monday.next(4, &calendar), Some(4));
        assert_eq!(monday.next(5, &calendar), Some(11));
        // Easter Monday's meeting is held on Tuesday, also for one who asks on Tuesday.
        assert_eq!(monday.next(95, &calendar), Some(96));
        assert_eq!(monday.next(96, &calendar), Some(96));
        assert_eq!(monday.next(97, &calendar), Some(102));
        assert_eq!(Meeting::Daily.next(92, &calendar), Some(96));
        assert_eq!(Meeting::AtOnce.next(5, &calendar), None);
    }

    proptest! {
        #[test]
        fn meetings_are_on_working_days_and_none_is_skipped(from in 0_u32..330, weekday in 0_u8..5) {
            let calendar = calendar();
            let weekly = Meeting::Weekly { weekday };
            for meeting in [Meeting::Daily, weekly] {
                let day = meeting.next(from, &calendar).unwrap();
                prop_assert!(day >= from && calendar.is_working_day(day));
                // Whoever asks on any day until then is told the same.
                prop_assert_eq!(meeting.next(day, &calendar), Some(day));
            }
            prop_assert!(Meeting::Daily.next(from, &calendar) <= weekly.next(from, &calendar));
            // A week without a meeting would need a week of holidays.
            prop_assert!(weekly.next(from, &calendar).unwrap() - from <= 11);
        }
    }
}
