//! The calendar: months and working days, in days from the origin.
//!
//! The origin is 00:00 of the first day that is played: the start, or the first day of the warm-up
//! where there is one. Everything the engine knows of dates stands in these tables.

use jiff::Span;
use jiff::civil::{Date, Weekday};

/// Mean length of a month [days]: rates per month use it.
pub const DAYS_PER_MONTH: f64 = 365.25 / 12.0;
/// Mean length of a year [days]: rates per year use it.
pub const DAYS_PER_YEAR: f64 = 365.25;

/// One calendar month of the play.
#[derive(Clone, Debug, PartialEq)]
pub struct Month {
    /// 00:00 of its first day [days from the origin].
    pub begins: f64,
    /// 24:00 of its last day, when month-end figures are taken [days from the origin].
    pub ends: f64,
    /// 1 is January.
    pub month_of_year: u8,
    /// Months since the start; negative in the warm-up.
    pub since_start: i32,
    /// Its last day.
    pub last_day: Date,
}

/// The tables of one scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Calendar {
    /// The day whose 00:00 is time 0.
    pub origin: Date,
    /// 00:00 of the start date [days from the origin]: the length of the warm-up.
    pub start: f64,
    /// 24:00 of the last day [days from the origin].
    pub horizon: f64,
    /// All months, warm-up first.
    pub months: Vec<Month>,
    /// How many of the months are warm-up.
    pub warm_up_months: usize,
    /// For each day from the origin, and 400 days past the horizon: is it a working day?
    working: Vec<bool>,
    /// For each such day, how many working days lie before it.
    working_before: Vec<u32>,
    /// Days from the origin of the working days, in order.
    working_days: Vec<u32>,
}

/// Days that the tables reach past the horizon, so that deadlines near the end have a date.
const BEYOND: i32 = 400;

impl Calendar {
    /// * `start` - first day that is reported; must be the first of a month
    /// * `warm_up_months`, `months` - lengths [calendar months]
    /// * `holidays` - days that are no working days, in any order
    /// * returns - nothing where a date leaves the range of the calendar or `start` is not the first
    pub fn new(
        start: Date,
        warm_up_months: u32,
        months: u32,
        holidays: &[Date],
    ) -> Option<Calendar> {
        if start.day() != 1 {
            return None;
        }
        let months_of = |count: u32| Span::new().try_months(count).ok();
        let origin = start.checked_sub(months_of(warm_up_months)?).ok()?;
        let day_of =
            |date: Date| -> Option<i32> { origin.until(date).ok().map(|span| span.get_days()) };
        let total = warm_up_months.checked_add(months)?;
        // The last date is looked at before there is a place for every month.
        origin.checked_add(months_of(total)?).ok()?;
        let mut bounds = Vec::with_capacity(total as usize + 1);
        for month in 0..=total {
            let first = origin.checked_add(months_of(month)?).ok()?;
            bounds.push((first, day_of(first)?));
        }
        let last = bounds.last()?.1 + BEYOND;
        let mut off: Vec<i32> = holidays.iter().filter_map(|h| day_of(*h)).collect();
        off.sort_unstable();
        let mut working = Vec::with_capacity(last as usize);
        let mut working_before = Vec::with_capacity(last as usize);
        let mut working_days = Vec::new();
        let first_weekday = i32::from(origin.weekday().to_monday_zero_offset());
        for day in 0..last {
            let is_weekday =
                (first_weekday + day) % 7 < i32::from(Weekday::Saturday.to_monday_zero_offset());
            let is_working = is_weekday && off.binary_search(&day).is_err();
            working_before.push(working_days.len() as u32);
            if is_working {
                working_days.push(day as u32);
            }
            working.push(is_working);
        }
        let months = bounds
            .windows(2)
            .enumerate()
            .map(|(index, pair)| {
                let ((first, begins), (_, ends)) = (pair[0], pair[1]);
                Month {
                    begins: f64::from(begins),
                    ends: f64::from(ends),
                    month_of_year: first.month() as u8,
                    since_start: index as i32 - warm_up_months as i32,
                    last_day: first.last_of_month(),
                }
            })
            .collect();
        Some(Calendar {
            origin,
            start: f64::from(bounds[warm_up_months as usize].1),
            horizon: f64::from(bounds[total as usize].1),
            months,
            warm_up_months: warm_up_months as usize,
            working,
            working_before,
            working_days,
        })
    }

    /// Whether a day is a working day; days past the tables are not.
    pub fn is_working_day(&self, day: u32) -> bool {
        self.working.get(day as usize).copied().unwrap_or(false)
    }

    /// 24:00 of the n-th working day after the day of an event [days from the origin].
    ///
    /// * `time` - of the event, >= 0 [days from the origin]
    /// * returns - infinity past the tables
    pub fn after_working_days(&self, time: f64, n: u32) -> f64 {
        let day = time as usize;
        if n == 0 {
            return day as f64 + 1.0;
        }
        let Some(before) = self.working_before.get(day) else {
            return f64::INFINITY;
        };
        let through = *before as usize + usize::from(self.working[day]);
        match self.working_days.get(through + n as usize - 1) {
            Some(day) => f64::from(*day) + 1.0,
            None => f64::INFINITY,
        }
    }

    /// The first working day at or after a day, if the tables hold one.
    pub fn working_day_from(&self, day: u32) -> Option<u32> {
        let before = *self.working_before.get(day as usize)? as usize;
        self.working_days.get(before).copied()
    }

    /// Weekday of a day: 0 is Monday.
    pub fn weekday(&self, day: u32) -> u8 {
        ((self.origin.weekday().to_monday_zero_offset() as u32 + day) % 7) as u8
    }

    /// Working days in [begins, ends) [days].
    pub fn working_days_between(&self, begins: f64, ends: f64) -> u32 {
        let at = |time: f64| {
            self.working_before
                .get(time as usize)
                .copied()
                .unwrap_or(self.working_days.len() as u32)
        };
        at(ends) - at(begins)
    }

    /// Days from the origin to a date; negative before it. Nothing outside the calendar's range.
    pub fn day_of(&self, date: Date) -> Option<i32> {
        self.origin.until(date).ok().map(|span| span.get_days())
    }

    /// Index among the reported months of the month that holds a date.
    pub fn reported_month_of(&self, date: Date) -> Option<usize> {
        let day = f64::from(self.day_of(date)?);
        let index = self
            .months
            .iter()
            .position(|m| m.begins <= day && day < m.ends)?;
        index.checked_sub(self.warm_up_months)
    }

    /// The reported months, in order.
    pub fn reported(&self) -> &[Month] {
        &self.months[self.warm_up_months..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn autumn() -> Calendar {
        Calendar::new(
            date(2025, 10, 1),
            1,
            3,
            &[date(2025, 12, 25), date(2025, 12, 26)],
        )
        .unwrap()
    }

    #[test]
    fn months_are_calendar_months() {
        let calendar = autumn();
        assert_eq!(calendar.start, 30.0);
        assert_eq!(calendar.horizon, 30.0 + 92.0);
        assert_eq!(calendar.reported().len(), 3);
        assert_eq!(calendar.reported()[1].begins, calendar.reported()[0].ends);
        assert_eq!(calendar.months[0].since_start, -1);
    }

    #[test]
    fn working_days_count_from_the_day_after_the_event() {
        let calendar = autumn();
        // Wednesday 1 October at noon: the first working day after it is Thursday, over at day 32.
        assert_eq!(calendar.after_working_days(30.5, 1), 32.0);
        // Friday 3 October: the next working day is Monday the 6th, over at 24:00.
        assert_eq!(calendar.after_working_days(32.0, 1), 36.0);
        // Saturday 4 October counts the same.
        assert_eq!(calendar.after_working_days(33.2, 1), 36.0);
        let christmas_eve = f64::from(calendar.day_of(date(2025, 12, 24)).unwrap());
        assert_eq!(
            calendar.after_working_days(christmas_eve, 1),
            christmas_eve + 6.0
        );
    }

    #[test]
    fn lengths_beyond_any_date_are_refused_before_room_is_made_for_them() {
        for (warm_up, months) in [
            (239_977, 12),
            (u32::MAX, 12),
            (0, 1_000_000_000),
            (0, u32::MAX),
            (12, u32::MAX - 12),
        ] {
            let calendar = Calendar::new(date(2026, 1, 1), warm_up, months, &[]);
            assert_eq!(calendar, None, "{warm_up} and {months} months");
        }
    }

    #[test]
    fn a_start_inside_a_month_is_refused() {
        assert_eq!(Calendar::new(date(2025, 10, 2), 0, 3, &[]), None);
    }
}
