//! What the choices of a policy must fit: the service and the dates of the play.

use jiff::civil::Date;

use crate::model::calendar::Calendar;
use crate::model::pathway::Stage;
use crate::model::post::{Grade, PostGroup};
use crate::scenario::problem::{Problem, Span, error};
use crate::scenario::sections::Team;

/// What a policy must fit: what could be read of the service.
#[derive(Clone, Copy, Debug)]
pub struct Service<'a> {
    /// Empty where they could not be read, as are the others.
    pub stages: &'a [Stage],
    /// The teams.
    pub teams: &'a [Team],
    /// The grades.
    pub grades: &'a [Grade],
    /// The posts.
    pub posts: &'a [PostGroup],
    /// Grade of agency workers.
    pub agency: Option<usize>,
    /// Whether vacancies are ever filled.
    pub has_recruitment: bool,
    /// Whether there are managers.
    pub has_managers: bool,
    /// Absent where it could not be read.
    pub calendar: Option<&'a Calendar>,
}

/// The day of a date on which something begins [days from the origin].
///
/// * returns - nothing where there is no calendar, or the date lies outside the play, which is told
pub fn day(
    date: Date,
    key: &str,
    span: Span,
    calendar: Option<&Calendar>,
    problems: &mut Vec<Problem>,
) -> Option<f64> {
    let calendar = calendar?;
    let reported = calendar.reported();
    let last = reported.last()?.last_day;
    let first = reported.first()?.last_day.first_of_month();
    if date < first || date > last {
        let what = match date < first {
            true => format!("{date} lies before the start, {first}"),
            false => format!("{date} lies after the last day, {last}"),
        };
        let remedy = format!("take a date from {first} to {last}");
        problems.push(error(key, span, what, remedy));
        return None;
    }
    calendar.day_of(date).map(f64::from)
}
