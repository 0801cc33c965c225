//! Targets: what the planner wants to reach, as one line each.

use jiff::civil::Date;

use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::model::calendar::{Calendar, Month};
use crate::scenario::key::nearest;
use crate::scenario::share::as_share;

/// A statement about one metric that is true or false in each replication.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As written: `caseload_mean < 20 at 2019-03-31`.
    pub text: String,
    /// What is compared.
    pub metric: Metric,
    /// Index of the team; absent: the whole service.
    pub team: Option<usize>,
    /// How it is compared.
    pub comparison: Comparison,
    /// With which number, in the unit of the metric.
    pub bound: f64,
    /// When.
    pub when: When,
}

/// How a metric is compared with its bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Below,
    /// `<=`
    AtMost,
    /// `>`
    Above,
    /// `>=`
    AtLeast,
}

/// When a target must hold; months count from 0 among those reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// In one month.
    At(usize),
    /// In every month from this one to the last; `in every month` is from 0.
    From(usize),
    /// Over the whole horizon.
    Horizon,
}

impl Comparison {
    /// True where `value` stands so to `bound`; a missing value (NaN) never does.
    pub fn holds(self, value: f64, bound: f64) -> bool {
        match self {
            Comparison::Below => value < bound,
            Comparison::AtMost => value <= bound,
            Comparison::Above => value > bound,
            Comparison::AtLeast => value >= bound,
        }
    }
}

/// Reads one target.
///
/// A bound of a metric that is a share lies from 0 to 1, or from 0 to 10 for a share a year; it may be
/// written in per cent, `20 %`.
///
/// * `teams` - names of the teams, in the order of the scenario
/// * `calendar` - of the scenario
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse(
    text: &str,
    teams: &[String],
    calendar: &Calendar,
) -> Result<Target, (String, String)> {
    let words = words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (metric, rest) = metric_of(&words)?;
    let key = metric.definition().key;
    let (before, rest) = team_of(rest, teams)?;
    let (symbol, rest) = rest
        .split_first()
        .ok_or_else(|| pattern("it compares nothing"))?;
    let comparison = match *symbol {
        "<" => Comparison::Below,
        "<=" => Comparison::AtMost,
        ">" => Comparison::Above,
        ">=" => Comparison::AtLeast,
        other => return Err(pattern(&format!("\"{other}\" is not one of <, <=, >, >="))),
    };
    let (number, rest) = rest
        .split_first()
        .ok_or_else(|| pattern("it names no number"))?;
    let (bound, rest) = bound_of(metric, number, rest)?;
    let (after, rest) = team_of(rest, teams)?;
    let team = before.or(after);
    if team.is_some() && !metric.definition().by_team {
        return Err((
            format!("`{key}` is not measured for each team"),
            "leave the team out, or take another metric; `casecap metrics` lists them".to_owned(),
        ));
    }
    Ok(Target {
        text: text.trim().to_owned(),
        metric,
        team: team.filter(|_| teams.len() > 1),
        comparison,
        bound,
        when: when(rest, calendar)?,
    })
}

/// The metric that words begin with, and the words after it.
pub(super) fn metric_of<'a, 'b>(words: &'b [&'a str]) -> Result<(Metric, &'b [&'a str]), Wrong> {
    let (key, rest) = words.split_first().map_or(("", words), |(k, r)| (*k, r));
    named(key).map(|metric| (metric, rest))
}

/// The metric of a name.
///
/// # Errors
/// What is wrong, and the name that is nearest.
pub fn named(key: &str) -> Result<Metric, Wrong> {
    Metric::by_key(key).ok_or_else(|| {
        let known = CATALOGUE.iter().map(|d| d.key);
        let remedy = match nearest(key, known) {
            Some(right) => format!("did you mean `{right}`?"),
            None => "begin with a metric; `casecap metrics` lists them".to_owned(),
        };
        (format!("there is no metric `{key}`"), remedy)
    })
}

/// Words at blanks; what stands in quotes is one word.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for (at, part) in text.split(['"', '\'']).enumerate() {
        if at % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The number of a target in the unit of its metric, and the words after it; `20 %` of a share is 0.20.
fn bound_of<'a, 'b>(
    metric: Metric,
    number: &str,
    rest: &'b [&'a str],
) -> Result<(f64, &'b [&'a str]), Wrong> {
    let definition = metric.definition();
    // A rate a year may pass 1 where people come and go often.
    let most = match definition.unit {
        "share" => Some(1.0),
        "share a year" => Some(10.0),
        _ => None,
    };
    let (digits, is_percent, rest) = match (number.strip_suffix('%'), rest) {
        (Some(digits), _) => (digits, true, rest),
        (None, ["%", after @ ..]) => (number, true, after),
        (None, _) => (number, false, rest),
    };
    let written: f64 = digits
        .parse()
        .ok()
        .filter(|b: &f64| b.is_finite() && b.abs() <= 1e12)
        .ok_or_else(|| match digits.replacen(',', ".", 1) {
            point if point != digits && point.parse::<f64>().is_ok() => (
                format!("\"{digits}\" has a decimal comma"),
                format!("use a point: write {point}"),
            ),
            _ => pattern(&format!(
                "\"{number}\" is not a number that can be compared"
            )),
        })?;
    let Some(most) = most else {
        if is_percent {
            return Err((
                format!(
                    "`{}` is in {}, not in per cent",
                    definition.key, definition.unit
                ),
                "leave out the %".to_owned(),
            ));
        }
        return Ok((written, rest));
    };
    let bound = if is_percent { written / 100.0 } else { written };
    if (0.0..=most).contains(&bound) {
        return Ok((bound, rest));
    }
    let what = format!(
        "`{}` is a {}, from 0 to {most}, and is compared with {bound}",
        definition.key, definition.unit
    );
    let remedy = if !is_percent && bound > 0.0 && bound / 100.0 <= 1.0 {
        format!("write {}, or {bound} %", as_share(bound))
    } else {
        "write a share such as 0.20, or 20 %".to_owned()
    };
    Err((what, remedy))
}

fn pattern(what: &str) -> (String, String) {
    (
        format!("this target cannot be read: {what}"),
        "write \"caseload_mean < 20 at 2019-03-31\", \"unallocated <= 5 in every month\", \
         \"burnt_out_share < 0.1 from month 12\" or \"wait_mean < 7 over the horizon\""
            .to_owned(),
    )
}

/// What is wrong, and what to write instead.
pub type Wrong = (String, String);

/// The team that words begin with, and the words after it.
pub(super) fn team_of<'a, 'b>(
    words: &'b [&'a str],
    teams: &[String],
) -> Result<(Option<usize>, &'b [&'a str]), Wrong> {
    let ["of", "team", name, rest @ ..] = words else {
        return Ok((None, words));
    };
    match teams.iter().position(|t| t == name) {
        Some(team) => Ok((Some(team), rest)),
        None => {
            let remedy = match nearest(name, teams.iter().map(String::as_str)) {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => format!("the teams are {}", crate::text::listed(teams)),
            };
            Err((format!("there is no team \"{name}\""), remedy))
        }
    }
}

pub(super) fn when(words: &[&str], calendar: &Calendar) -> Result<When, Wrong> {
    let months = calendar.reported().len();
    match words {
        ["at", date] => month_end(date, calendar).map(When::At),
        ["in", "every", "month"] => Ok(When::From(0)),
        [way @ ("at" | "from"), "month", number] => match number.parse::<usize>() {
            Ok(month) if (1..=months).contains(&month) && *way == "at" => Ok(When::At(month - 1)),
            Ok(month) if (1..=months).contains(&month) => Ok(When::From(month - 1)),
            _ => Err((
                format!("there is no month {number}"),
                format!("months count from 1 to {months}"),
            )),
        },
        ["over", "the", "horizon"] => Ok(When::Horizon),
        [] => Err(pattern("it does not say when")),
        other => Err(pattern(&format!("\"{}\" is no time", other.join(" ")))),
    }
}

/// The reported month that ends on a date: `2019-03-31`, or `2019-03` for the end of that month.
///
/// Figures are taken at the end of a month. A day within a month has none of its own, and is refused with the nearest two
/// month ends, so that a target is never judged on another day than the one that was asked for.
fn month_end(date: &str, calendar: &Calendar) -> Result<usize, Wrong> {
    let names_month = date.matches('-').count() == 1;
    let full = if names_month {
        format!("{date}-01")
    } else {
        date.to_owned()
    };
    let parsed: Date = full
        .parse()
        .map_err(|_| pattern(&format!("\"{date}\" is not a date")))?;
    let day = if names_month {
        parsed.last_of_month()
    } else {
        parsed
    };
    let months = calendar.reported();
    let next = months.partition_point(|month| month.last_day < day);
    let before = next.checked_sub(1).map(|month| months[month].last_day);
    let after = months.get(next).map(|month| month.last_day);
    let is_reported = calendar.reported_month_of(day).is_some();
    match (before, after) {
        (_, Some(after)) if after == day => Ok(next),
        (Some(before), Some(after)) => Err((
            format!("{date} is not the last day of a month, and figures are taken at month ends"),
            format!("write {before} or {after}, the nearest two month ends"),
        )),
        (None, Some(first)) if is_reported => Err((
            format!("{date} is not the last day of a month, and figures are taken at month ends"),
            format!("write {first}, the first month end that is reported"),
        )),
        _ => {
            let name =
                |month: Option<&Month>| month.map(|m| m.last_day.to_string()).unwrap_or_default();
            Err((
                format!("{date} is not among the months that are reported"),
                format!(
                    "take a month end from {} to {}",
                    name(months.first()),
                    name(months.last())
                ),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Target, (String, String)> {
        let calendar = Calendar::new(date(2018, 4, 1), 3, 24, &[]).unwrap();
        parse(
            text,
            &["North".to_owned(), "South West".to_owned()],
            &calendar,
        )
    }

    #[test]
    fn a_target_is_read_as_a_planner_writes_it() {
        let target = read("caseload_mean < 20 at 2019-03-31").unwrap();
        assert_eq!(target.metric, Metric::CaseloadMean);
        assert_eq!(target.comparison, Comparison::Below);
        assert_eq!((target.bound, target.when), (20.0, When::At(11)));
        assert_eq!(
            read("unallocated <= 5 in every month").unwrap().when,
            When::From(0)
        );
        assert_eq!(
            read("burnt_out_share < 0.1 from month 12").unwrap().when,
            When::From(11)
        );
        assert_eq!(
            read("burnt_out_share < 0.1 at month 24").unwrap().when,
            When::At(23)
        );
        for text in [
            "caseload_mean of team \"South West\" > 2 over the horizon",
            "caseload_mean > 2 of team 'South West' over the horizon",
        ] {
            let target = read(text).unwrap();
            assert_eq!((target.team, target.when), (Some(1), When::Horizon));
        }
    }

    #[test]
    fn a_share_may_be_written_in_per_cent_and_is_refused_where_that_is_only_meant() {
        for text in ["20 %", "20%", "0.20"] {
            let target = read(&format!("burnt_out_share < {text} from month 3")).unwrap();
            assert_eq!((target.bound, target.when), (0.2, When::From(2)), "{text}");
        }
        let turnover = read("turnover < 150 % over the horizon").unwrap();
        assert_eq!(turnover.bound, 1.5);
        for (text, word) in [
            ("burnt_out_share < 20 from month 3", "write 0.20, or 20 %"),
            ("burnt_out_share < 12.5 from month 3", "write 0.125"),
            (
                "burnt_out_share < 120 % from month 3",
                "a share such as 0.20",
            ),
            (
                "burnt_out_share > -0.1 from month 3",
                "a share such as 0.20",
            ),
            ("turnover < 15 over the horizon", "write 0.15"),
            ("burnt_out_share < 0,2 from month 3", "write 0.2"),
            ("caseload_mean < 20 % in every month", "leave out the %"),
        ] {
            let (what, remedy) = read(text).unwrap_err();
            assert!(remedy.contains(word), "{text}: {what}: {remedy}");
        }
    }

    #[test]
    fn a_target_on_a_day_within_a_month_is_refused_with_the_nearest_two_month_ends() {
        for (day, remedy) in [
            ("2019-03-01", "write 2019-02-28 or 2019-03-31"),
            ("2019-03-30", "write 2019-02-28 or 2019-03-31"),
            ("2018-04-01", "write 2018-04-30"),
        ] {
            let (what, found) = read(&format!("unallocated_census <= 5 at {day}")).unwrap_err();
            assert!(what.contains("not the last day of a month"), "{what}");
            assert!(found.contains(remedy), "{found}");
        }
        for (end, month) in [("2019-02-28", 10), ("2019-02", 10), ("2020-03-31", 23)] {
            let target = read(&format!("unallocated_census <= 5 at {end}")).unwrap();
            assert_eq!(target.when, When::At(month));
        }
    }

    #[test]
    fn a_wrong_target_says_what_is_wrong() {
        for (text, word) in [
            ("", "metric"),
            ("caseload_man < 20 at 2019-03-31", "caseload_man"),
            ("caseload_mean = 20 at 2019-03-31", "\"=\""),
            ("caseload_mean < twenty at 2019-03-31", "twenty"),
            ("caseload_mean < inf at 2019-03-31", "inf"),
            ("caseload_mean < 20", "when"),
            ("caseload_mean < 20 at 2018-03-31", "reported"),
            ("caseload_mean < 20 at 2020-04-01", "reported"),
            ("caseload_mean < 20 from month 25", "month 25"),
            ("caseload_mean of team \"Nort\" < 20 in every month", "Nort"),
            ("cost of team \"North\" < 20 in every month", "each team"),
        ] {
            let (what, remedy) = read(text).unwrap_err();
            assert!(what.contains(word), "{text}: {what}");
            assert!(!remedy.is_empty());
        }
    }
}
