//! Outcomes: one number of a record, as one line.

use crate::metric::catalogue::Metric;
use crate::model::calendar::Calendar;
use crate::scenario::target::{When, Wrong, metric_of, team_of, when, words};

/// A number of the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Metric, team and time in words: `unallocated at month 24`.
    pub text: String,
    /// What is measured.
    pub metric: Metric,
    /// Index of the team; absent: the whole service.
    pub team: Option<usize>,
    /// Month from 0; absent: over the horizon.
    pub month: Option<usize>,
}

/// Reads one outcome: `METRIC [of team NAME] [at DATE | at month N | over the horizon]`. Without a time it is the last
/// month's.
///
/// * `teams` - names of the teams, in the order of the scenario
/// * `calendar` - of the scenario
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse(text: &str, teams: &[String], calendar: &Calendar) -> Result<Outcome, Wrong> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (metric, rest) = metric_of(&words)?;
    let (team, rest) = team_of(rest, teams)?;
    let key = metric.definition().key;
    if team.is_some() && !metric.definition().by_team {
        return Err((
            format!("`{key}` is not measured for each team"),
            "leave the team out, or take another metric; `casecap metrics` lists them".to_owned(),
        ));
    }
    let month = match rest {
        [] => Some(calendar.reported().len().saturating_sub(1)),
        _ => match when(rest, calendar)? {
            When::At(month) => Some(month),
            When::Horizon => None,
            When::From(_) => {
                return Err((
                    format!("\"{}\" is more than one number", rest.join(" ")),
                    format!("write \"{key} at month 12\" or \"{key} over the horizon\""),
                ));
            }
        },
    };
    let of = team.and_then(|at| teams.get(at));
    let of = of.map_or(String::new(), |name| format!(" of team {name}"));
    let time = match month {
        Some(month) => format!("at month {}", month + 1),
        None => "over the horizon".to_owned(),
    };
    Ok(Outcome {
        text: format!("{key}{of} {time}"),
        metric,
        team: team.filter(|_| teams.len() > 1),
        month,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Outcome, Wrong> {
        let calendar = Calendar::new(date(2026, 4, 1), 3, 24, &[]).unwrap();
        parse(text, &["North".to_owned(), "South".to_owned()], &calendar)
    }

    #[test]
    fn an_outcome_is_a_metric_at_a_time() {
        for (text, said, month) in [
            ("unallocated", "unallocated at month 24", Some(23)),
            ("unallocated at month 3", "unallocated at month 3", Some(2)),
            ("unallocated at 2026-08", "unallocated at month 5", Some(4)),
            ("cost over the horizon", "cost over the horizon", None),
        ] {
            let read = read(text).unwrap();
            assert_eq!((read.text.as_str(), read.month), (said, month), "{text}");
        }
        let team = read("caseload_mean of team South at month 1").unwrap();
        assert_eq!(team.team, Some(1));
        assert_eq!(team.text, "caseload_mean of team South at month 1");
    }

    #[test]
    fn what_is_no_number_is_refused_with_what_to_write() {
        for (text, part) in [
            ("unalocated", "did you mean `unallocated`"),
            ("unallocated in every month", "at month 12"),
            ("unallocated at month 25", "1 to 24"),
            ("unallocated soon", "write"),
            ("", "metric"),
        ] {
            let (what, remedy) = read(text).unwrap_err();
            assert!(remedy.contains(part), "{text}: {what}: {remedy}");
        }
    }
}
