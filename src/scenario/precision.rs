//! Precisions: how narrowly a number is wanted, as one line each.

use crate::metric::catalogue::Metric;
use crate::model::calendar::Calendar;
use crate::scenario::target::{When, Wrong, metric_of, team_of, when, words};

/// A demand on the precision of one mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Precision {
    /// As written: `caseload_mean +- 0.1`.
    pub text: String,
    /// Whose mean.
    pub metric: Metric,
    /// Index of the team; absent: the whole service.
    pub team: Option<usize>,
    /// How far its interval may reach to either side.
    pub within: Within,
    /// In which month, or over the horizon.
    pub when: When,
}

/// How far an interval may reach to either side of its mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Within {
    /// So far, in the unit of the metric, > 0.
    Absolute(f64),
    /// So large a part of the mean, > 0; of a difference: of the baseline's mean.
    Relative(f64),
}

impl Within {
    /// How far that is, beside a mean.
    pub fn of(self, mean: f64) -> f64 {
        match self {
            Within::Absolute(width) => width,
            Within::Relative(part) => part * mean.abs(),
        }
    }
}

/// Reads one precision: `METRIC [of team NAME] +- NUMBER [at DATE | over the horizon]`; with a `%` the number
/// is a part of the mean. Without a time it is the last month's.
///
/// * `teams` - names of the teams, in the order of the scenario
/// * `calendar` - of the scenario
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse(text: &str, teams: &[String], calendar: &Calendar) -> Result<Precision, Wrong> {
    let spaced = text.replace("+/-", "+-").replace('±', "+-");
    let words = words(&spaced.replace("+-", " +- "));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (metric, rest) = metric_of(&words)?;
    let (team, rest) = team_of(rest, teams)?;
    if team.is_some() && !metric.definition().by_team {
        let key = metric.definition().key;
        return Err((
            format!("`{key}` is not measured for each team"),
            "leave the team out, or take another metric; `casecap metrics` lists them".to_owned(),
        ));
    }
    let ["+-", number, rest @ ..] = rest else {
        return Err(pattern("it does not say how narrow (+- a number)"));
    };
    let (digits, is_part, rest) = match (number.strip_suffix('%'), rest) {
        (Some(digits), _) => (digits, true, rest),
        (None, ["%", after @ ..]) => (*number, true, after),
        (None, _) => (*number, false, rest),
    };
    let width = digits
        .parse()
        .ok()
        .filter(|w: &f64| w.is_finite() && *w > 0.0 && *w <= 1e12)
        .ok_or_else(|| match digits.replacen(',', ".", 1) {
            point if point != digits && point.parse::<f64>().is_ok() => (
                format!("\"{digits}\" has a decimal comma"),
                format!("use a point: write {point}"),
            ),
            _ => pattern(&format!("\"{number}\" is not a number above 0")),
        })?;
    let when = match rest {
        [] => When::At(calendar.reported().len().saturating_sub(1)),
        ["at", _] | ["over", "the", "horizon"] => when(rest, calendar)?,
        other => {
            let other = other.join(" ");
            return Err(pattern(&format!("\"{other}\" is no month and no horizon")));
        }
    };
    Ok(Precision {
        text: text.trim().to_owned(),
        metric,
        team: team.filter(|_| teams.len() > 1),
        within: if is_part {
            Within::Relative(width / 100.0)
        } else {
            Within::Absolute(width)
        },
        when,
    })
}

fn pattern(what: &str) -> Wrong {
    (
        format!("this precision cannot be read: {what}"),
        "write \"caseload_mean +- 0.1\", \"unallocated +- 5%\", \"wait_mean of team North +- 1 at \
         2027-03-31\" or \"cost +- 2% over the horizon\""
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Precision, Wrong> {
        let calendar = Calendar::new(date(2018, 4, 1), 3, 24, &[]).unwrap();
        let teams = ["North".to_owned(), "South West".to_owned()];
        parse(text, &teams, &calendar)
    }

    #[test]
    fn a_precision_is_read_as_a_planner_writes_it() {
        for text in [
            "caseload_mean +- 0.1",
            "caseload_mean ± 0.1",
            "caseload_mean+-0.1",
            "caseload_mean +/- 0.1 at 2020-03-31",
        ] {
            let precision = read(text).unwrap();
            assert_eq!(precision.metric, Metric::CaseloadMean, "{text}");
            assert_eq!(precision.within, Within::Absolute(0.1), "{text}");
            assert_eq!(precision.when, When::At(23), "{text}");
            assert_eq!(precision.text, text);
        }
        for text in [
            "unallocated +- 5% over the horizon",
            "unallocated ±5 % over the horizon",
        ] {
            let precision = read(text).unwrap();
            assert_eq!(precision.within, Within::Relative(0.05), "{text}");
            assert_eq!(precision.when, When::Horizon, "{text}");
        }
        let of_team = read("unallocated of team \"South West\" +- 2 at 2019-03").unwrap();
        assert_eq!((of_team.team, of_team.when), (Some(1), When::At(11)));
    }

    #[test]
    fn a_part_is_of_the_mean_whatever_its_sign() {
        assert_eq!(Within::Relative(0.05).of(-20.0), 1.0);
        assert_eq!(Within::Absolute(0.5).of(-20.0), 0.5);
    }

    #[test]
    fn a_wrong_precision_says_what_is_wrong() {
        for (text, word) in [
            ("", "metric"),
            ("caseload_man +- 1", "caseload_man"),
            ("caseload_mean", "how narrow"),
            ("caseload_mean < 1", "how narrow"),
            ("caseload_mean +- tight", "tight"),
            ("caseload_mean +- 0", "above 0"),
            ("caseload_mean +- -1", "above 0"),
            ("caseload_mean +- inf", "above 0"),
            ("caseload_mean +- 0,1", "decimal comma"),
            ("caseload_mean +- 1 in every month", "in every month"),
            ("caseload_mean +- 1 at 2017-03-31", "reported"),
            ("unallocated of team Nort +- 1", "Nort"),
            ("cost of team North +- 1", "each team"),
        ] {
            let (what, remedy) = read(text).unwrap_err();
            assert!(what.contains(word), "{text}: {what}");
            assert!(!remedy.is_empty());
        }
    }
}
