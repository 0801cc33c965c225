//! What every part of the report tells from.

use crate::experiment::compare::{Difference, Finding, Versus};
use crate::experiment::numbers::Numbers;
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Definition, Metric};
use crate::metric::layout::Group;
use crate::metric::symbol::{LOW, NOT_APPLICABLE, UNAVAILABLE};
use crate::output::chart::canvas::Alt;
use crate::output::contrast::finding;
use crate::output::kept::Kept;
use crate::output::number;

/// Policies that are drawn at most: the tables hold all.
const DRAWN: usize = 9;
/// Rows of a table of months at most; beyond, not every month is told.
const ROWS: usize = 150;
/// The metrics that the report follows month by month.
pub const FOLLOWED: [Metric; 3] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
];

/// A run, and which of its policies are told.
pub struct Story<'a> {
    /// The run.
    pub kept: &'a Kept,
    /// What it came to.
    pub summary: &'a Summary,
    /// Places of the policies that the reader asked for.
    pub policies: Vec<usize>,
    /// Those of them that are drawn.
    pub drawn: Vec<usize>,
    /// Names of the months, as `Apr 26`.
    pub months: Vec<String>,
}

impl<'a> Story<'a> {
    /// The story of a run.
    pub fn of(kept: &'a Kept) -> Story<'a> {
        let policies = kept.policies();
        let summary = &kept.summary;
        let months = summary.months.iter();
        Story {
            kept,
            summary,
            drawn: policies.iter().copied().take(DRAWN).collect(),
            policies,
            months: months
                .map(|m| m.last_day.strftime("%b %y").to_string())
                .collect(),
        }
    }

    /// Name of a policy, in quotes.
    pub fn name(&self, policy: usize) -> String {
        format!("\u{201c}{}\u{201d}", self.plain(policy))
    }

    /// Name of a policy. Those that a study adds have lines.
    pub fn plain(&self, policy: usize) -> String {
        self.summary.policies[policy].name.replace('\n', " ")
    }

    /// The last month; the report of a run has at least one.
    pub fn last(&self) -> usize {
        self.summary.months.len().saturating_sub(1)
    }

    /// A month, as `March 2028`.
    pub fn month(&self, row: usize) -> String {
        let month = self.summary.months.get(row);
        month.map_or_else(String::new, |m| m.last_day.strftime("%B %Y").to_string())
    }

    /// A number of the service that has a value.
    pub fn numbers(&self, policy: usize, row: usize, metric: Metric) -> Option<&'a Numbers> {
        let numbers = self.summary.service(policy, row, metric)?;
        (!numbers.mean.is_nan()).then_some(numbers)
    }

    /// The policies that are told against the baseline; none where nothing was compared.
    pub fn versus(&self) -> impl Iterator<Item = &'a Versus> {
        let told = self.policies.clone();
        let all = self.summary.comparison.iter().flat_map(|c| &c.versus);
        all.filter(move |versus| told.contains(&versus.policy))
    }

    /// One policy against the baseline.
    pub fn versus_of(&self, policy: usize) -> Option<&'a Versus> {
        self.versus().find(|versus| versus.policy == policy)
    }

    /// Place of the baseline.
    pub fn baseline(&self) -> Option<usize> {
        self.summary.comparison.as_ref().map(|c| c.baseline)
    }

    /// The service's difference in a metric.
    pub fn difference(
        &self,
        versus: &'a Versus,
        row: usize,
        metric: Metric,
    ) -> Option<&'a Difference> {
        let difference = versus.of(&self.summary.layout, row, metric, Group::Service)?;
        (difference.n > 0).then_some(difference)
    }

    /// The months that a table tells: every one, or every so many and the last.
    pub fn told_months(&self, policies: usize) -> (Vec<usize>, usize) {
        let months = self.summary.months.len();
        let every = (months * policies).div_ceil(ROWS).max(1);
        let last = self.last();
        let told = (0..months).filter(|row| (last - row).is_multiple_of(every));
        (told.collect(), every)
    }

    /// Says so where not all policies are drawn or not all months told.
    pub fn left_out(&self, policies: usize, every: usize) -> String {
        let mut words = String::new();
        if self.policies.len() > self.drawn.len() {
            words.push_str(&format!(
                " Drawn are the first {} of {} policies; the table has all.",
                self.drawn.len(),
                self.policies.len()
            ));
        }
        if every > 1 && policies > 0 {
            words.push_str(&format!(
                " The table tells every {every} months; monthly.csv has all."
            ));
        }
        words
    }
}

/// A mean as a cell has it: rounded to what its error supports.
pub fn mean(definition: &Definition, numbers: &Numbers) -> String {
    if numbers.mean.is_nan() {
        return NOT_APPLICABLE.to_owned();
    }
    if numbers.min == 0.0 && numbers.max == 0.0 {
        return "0".to_owned();
    }
    low(&number::bare_mean(definition, numbers), numbers.mean)
}

/// The 95 % interval of a mean as a cell has it; a symbol where there is none.
pub fn interval(definition: &Definition, numbers: &Numbers) -> String {
    if numbers.min == 0.0 && numbers.max == 0.0 {
        return "0 in every play".to_owned();
    }
    number::interval(definition, numbers).unwrap_or_else(|| UNAVAILABLE.to_owned())
}

/// How many targets, in words.
pub fn targets(n: usize) -> String {
    match n {
        1 => "the target".to_owned(),
        2 => "both targets".to_owned(),
        n => format!("all {n} targets"),
    }
}

/// What rounds to 0 and is not 0 is told as such.
pub fn low(text: &str, value: f64) -> String {
    match number::is_zero(text) && value != 0.0 {
        true => LOW.to_owned(),
        false => text.to_owned(),
    }
}

/// A value rounded to the catalogue's decimals; a symbol where there is none.
pub fn value(definition: &Definition, value: f64) -> String {
    if !value.is_finite() {
        return NOT_APPLICABLE.to_owned();
    }
    minus(&number::value(definition, value))
}

/// A metric and its unit, as the heading of a column.
pub fn heading(metric: Metric) -> String {
    let unit = number::unit(metric.definition());
    match unit.as_str() {
        "cases/FTE" | "cases" | "ratio" => metric.label().to_owned(),
        unit => format!("{} [{unit}]", metric.label()),
    }
}

/// A difference in words: `0.3 lower (-0.4 to -0.2)`, `no clear difference (-0.3 to 0.1)`.
pub fn changed(definition: &Definition, difference: &Difference) -> String {
    let interval = number::difference_interval(definition, difference);
    let bracket = interval.map_or_else(String::new, |ends| format!(" ({})", minus(&ends)));
    match finding(definition, difference) {
        Finding::Same => "no difference".to_owned(),
        Finding::Unknown => "too few plays to tell".to_owned(),
        Finding::Unclear => format!("{}{bracket}", verdict(definition, difference)),
        _ => {
            let way = match difference.mean > 0.0 {
                true => "higher",
                false => "lower",
            };
            let size = number::difference(definition, difference);
            let size = size.trim_start_matches(['+', '-']);
            let points = match definition.unit.starts_with("share") {
                true => " points",
                false => "",
            };
            format!("{size}{points} {way}{bracket}")
        }
    }
}

/// What a difference comes to, in words; clear, and too small to print, is another thing than not clear.
pub fn verdict(definition: &Definition, difference: &Difference) -> &'static str {
    match finding(definition, difference) {
        Finding::Unknown => UNAVAILABLE,
        Finding::Unclear if difference.finding(definition.better) != Finding::Unclear => {
            "hardly any difference"
        }
        found => found.words(),
    }
}

/// A number below 0 with the sign that is read as minus.
pub fn minus(text: &str) -> String {
    let mut before = ' ';
    text.chars()
        .map(|c| {
            let sign = c == '-' && !before.is_alphanumeric();
            before = c;
            if sign { '\u{2212}' } else { c }
        })
        .collect()
}

/// What is seen on a chart, in words.
pub fn alt(id: String, title: String, description: String) -> Alt {
    Alt {
        id,
        title,
        description,
    }
}

/// Where a row of numbers begins and ends, and its highest and lowest, in words.
///
/// * `tell` - a value with its unit
/// * `when` - name of a place in the row
pub fn trend(
    values: &[f64],
    tell: impl Fn(f64) -> String,
    when: impl Fn(usize) -> String,
) -> String {
    let known: Vec<(usize, f64)> = values
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return "No values.".to_owned();
    };
    let highest = known
        .iter()
        .fold(*first, |a, b| if b.1 > a.1 { *b } else { a });
    let lowest = known
        .iter()
        .fold(*first, |a, b| if b.1 < a.1 { *b } else { a });
    if highest.1 == lowest.1 {
        return format!("{} throughout.", tell(first.1));
    }
    format!(
        "From {} in {} to {} in {}; highest {} in {}, lowest {} in {}.",
        tell(first.1),
        when(first.0),
        tell(last.1),
        when(last.0),
        tell(highest.1),
        when(highest.0),
        tell(lowest.1),
        when(lowest.0)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trend_tells_where_it_begins_ends_and_turns() {
        let tell = |value: f64| format!("{value:.0}");
        let when = |at: usize| format!("month {at}");
        let text = trend(&[1.0, 5.0, f64::NAN, 0.0, 2.0], tell, when);
        assert_eq!(
            text,
            "From 1 in month 0 to 2 in month 4; highest 5 in month 1, lowest 0 in month 3."
        );
        assert_eq!(trend(&[f64::NAN], tell, when), "No values.");
        assert_eq!(trend(&[3.0, 3.0], tell, when), "3 throughout.");
    }

    #[test]
    fn what_rounds_to_nothing_and_is_something_is_low() {
        assert_eq!(low("0.0", 0.001), "low");
        assert_eq!(low("0.0", 0.0), "0.0");
        assert_eq!(low("0.1", 0.1), "0.1");
    }
}
