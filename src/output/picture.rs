//! A month-by-month picture in text: one line of marks a policy, all on one scale.

use std::io;

use crate::experiment::compare::{Comparison, Difference, Finding};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Better, Metric};
use crate::metric::layout::Group;
use crate::output::number;

/// Marks from the lowest to the highest.
const MARKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// Marks on a line at most; with more months each mark is the mean of several.
const WIDTH_MAX: usize = 60;

/// Draws the means of a service metric, month by month, a line for each policy.
///
/// The scale runs from the lowest to the highest mean of all policies, or around them where they
/// differ by less than chance may have done; a month without a number is a gap. Before each line stands
/// its first value, behind it its last.
///
/// # Errors
/// Those of `out`.
pub fn draw(out: &mut dyn io::Write, summary: &Summary, metric: Metric) -> io::Result<()> {
    let definition = metric.definition();
    let step = months_per_mark(summary);
    let series: Vec<Vec<f64>> = (0..summary.policies.len())
        .map(|policy| means(summary, policy, metric))
        .collect();
    let thinned: Vec<Vec<f64>> = series.iter().map(|s| thin(s, step)).collect();
    let heading = format!(
        "{} [{}]",
        definition.key.replace('_', " "),
        number::unit(definition)
    );
    let Some((low, high)) = range(&thinned) else {
        return writeln!(out, "{heading}: no values");
    };
    if (low, high) == (0.0, 0.0) {
        return writeln!(out, "{heading}: none in any month");
    }
    let errors = (0..summary.policies.len()).flat_map(|policy| {
        (0..summary.months.len()).filter_map(move |row| summary.service(policy, row, metric))
    });
    let error = errors.map(|numbers| numbers.se).fold(0.0, f64::max);
    let (low, high) = widened(low, high, error, number::reach(definition));
    writeln!(
        out,
        "{heading}, {} = {} to {} = {}",
        MARKS[0],
        number::value(definition, low),
        MARKS[MARKS.len() - 1],
        number::value(definition, high),
    )?;
    let names = summary.policies.iter().map(|p| p.name.as_str());
    let name_width = names.clone().map(|n| n.chars().count()).max().unwrap_or(0);
    let ends: Vec<(String, String)> = series
        .iter()
        .map(|s| {
            let end =
                |value: Option<&f64>| number::value(definition, value.copied().unwrap_or(f64::NAN));
            (end(s.first()), end(s.last()))
        })
        .collect();
    let first_width = ends.iter().map(|(f, _)| f.len()).max().unwrap_or(0);
    let last_width = ends.iter().map(|(_, l)| l.len()).max().unwrap_or(0);
    for ((name, values), (first, last)) in names.zip(&thinned).zip(&ends) {
        let marks: String = values.iter().map(|v| mark(*v, low, high)).collect();
        writeln!(
            out,
            "  {name:name_width$}  {first:>first_width$} {marks} {last:>last_width$}"
        )?;
    }
    Ok(())
}

/// Draws the difference of each policy to the baseline, month by month: the upper end of its interval, the
/// mean and the lower end on one scale that holds 0, and under them how clear it is.
///
/// # Errors
/// Those of `out`.
pub fn draw_difference(
    out: &mut dyn io::Write,
    summary: &Summary,
    comparison: &Comparison,
    metric: Metric,
) -> io::Result<()> {
    let definition = metric.definition();
    let step = months_per_mark(summary);
    let baseline = &summary.policies[comparison.baseline].name;
    let heading = format!(
        "{} [{}], difference to {baseline:?}",
        definition.key.replace('_', " "),
        number::difference_unit(definition)
    );
    let bands: Vec<Vec<[f64; 3]>> = comparison
        .versus
        .iter()
        .map(|versus| {
            let months = 0..summary.months.len();
            months
                .map(|row| band(versus.of(&summary.layout, row, metric, Group::Service)))
                .collect()
        })
        .collect();
    let thinned = |versus: usize, line: usize| {
        let values: Vec<f64> = bands[versus].iter().map(|band| band[line]).collect();
        (
            thin(&values, step),
            values.last().copied().unwrap_or(f64::NAN),
        )
    };
    let all: Vec<Vec<f64>> = (0..bands.len())
        .flat_map(|versus| (0..3).map(move |line| (versus, line)))
        .map(|(versus, line)| thinned(versus, line).0)
        .collect();
    let Some((low, high)) = range(&all).map(|(low, high)| (low.min(0.0), high.max(0.0))) else {
        return writeln!(out, "{heading}: no values");
    };
    if (low, high) == (0.0, 0.0) {
        return writeln!(out, "{heading}: none in any month");
    }
    writeln!(
        out,
        "{heading}, {} = {} to {} = {}",
        MARKS[0],
        number::value(definition, low),
        MARKS[MARKS.len() - 1],
        number::value(definition, high),
    )?;
    let name = |at: usize| summary.policies[comparison.versus[at].policy].name.as_str();
    let names = (0..bands.len()).map(|at| name(at).chars().count());
    let width = names.max().unwrap_or(0);
    for (at, versus) in comparison.versus.iter().enumerate() {
        for (line, what) in ["upper", "mean", "lower"].into_iter().enumerate() {
            let (values, last) = thinned(at, line);
            let marks: String = values.iter().map(|v| mark(*v, low, high)).collect();
            let name = if line == 1 { name(at) } else { "" };
            let last = number::value(definition, last);
            writeln!(out, "  {name:width$}  {what:>5} {marks} {last}")?;
        }
        let findings: Vec<Finding> = (0..summary.months.len())
            .map(|row| {
                let difference = versus.of(&summary.layout, row, metric, Group::Service);
                difference.map_or(Finding::Unknown, |d| d.finding(definition.better))
            })
            .collect();
        let signs: String = findings.chunks(step).map(sign).collect();
        writeln!(out, "  {:width$}  clear {}", "", signs.trim_end())?;
    }
    if definition.better == Better::Neither {
        return Ok(());
    }
    writeln!(
        out,
        "  {:width$}        + better, - worse, . no clear difference",
        ""
    )
}

/// Upper end, mean and lower end of a difference.
fn band(difference: Option<&Difference>) -> [f64; 3] {
    let Some(difference) = difference else {
        return [f64::NAN; 3];
    };
    let mean = difference.mean;
    match difference.interval() {
        Some(interval) => [interval.high, mean, interval.low],
        None => [f64::NAN, mean, f64::NAN],
    }
}

/// What some months come to: that of all of them, or nothing clear.
fn sign(findings: &[Finding]) -> char {
    let of = |finding: Finding| match finding {
        Finding::Better | Finding::Higher => '+',
        Finding::Worse | Finding::Lower => '-',
        Finding::Unclear | Finding::Same => '.',
        Finding::Unknown => ' ',
    };
    let first = findings.first().map_or(' ', |f| of(*f));
    if findings.iter().all(|f| of(*f) == first) {
        first
    } else {
        '.'
    }
}

/// Says what one mark stands for.
///
/// * `what` - of what the marks are
///
/// # Errors
/// Those of `out`.
pub fn legend(out: &mut dyn io::Write, summary: &Summary, what: &str) -> io::Result<()> {
    match months_per_mark(summary) {
        1 => writeln!(out, "One mark a month; {what}."),
        step => writeln!(out, "One mark for {step} months; {what}."),
    }
}

/// Months that one mark of the picture stands for.
pub fn months_per_mark(summary: &Summary) -> usize {
    summary.months.len().div_ceil(WIDTH_MAX).max(1)
}

fn means(summary: &Summary, policy: usize, metric: Metric) -> Vec<f64> {
    (0..summary.months.len())
        .map(|row| {
            summary
                .service(policy, row, metric)
                .map_or(f64::NAN, |n| n.mean)
        })
        .collect()
}

/// The mean of every few months; of those that have a number.
fn thin(values: &[f64], step: usize) -> Vec<f64> {
    values
        .chunks(step)
        .map(|chunk| {
            let present: Vec<f64> = chunk.iter().copied().filter(|v| v.is_finite()).collect();
            present.iter().sum::<f64>() / present.len() as f64
        })
        .collect()
}

fn range(series: &[Vec<f64>]) -> Option<(f64, f64)> {
    let present = series.iter().flatten().copied().filter(|v| v.is_finite());
    present.fold(None, |range, v| match range {
        None => Some((v, v)),
        Some((low, high)) => Some((f64::min(low, v), f64::max(high, v))),
    })
}

/// The scale of values from `low` to `high`: a step that chance could have made alone, or that is small
/// beside the level, must not fill it.
///
/// * `error` - the largest standard error of the values, >= 0
/// * `reach` - what the scale must not leave
fn widened(low: f64, high: f64, error: f64, reach: (f64, f64)) -> (f64, f64) {
    /// Standard errors that the scale spans at least.
    const ERRORS: f64 = 6.0;
    /// Share of the level that the scale spans at least.
    const LEVEL: f64 = 0.1;
    let centre = f64::midpoint(low, high);
    let span = (ERRORS * error).max(LEVEL * centre.abs());
    if high - low >= span {
        return (low, high);
    }
    // Where an end would be out of reach the scale is moved, and cut only where it is too long.
    let begin = (centre - span / 2.0).min(reach.1 - span).max(reach.0);
    (begin, (begin + span).min(reach.1))
}

fn mark(value: f64, low: f64, high: f64) -> char {
    if !value.is_finite() {
        return ' ';
    }
    if high <= low {
        return MARKS[0];
    }
    let place = (value - low) / (high - low) * MARKS.len() as f64;
    MARKS[(place as usize).min(MARKS.len() - 1)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_and_highest_values_have_the_lowest_and_highest_marks() {
        let drawn: String = [0.0, 4.0, f64::NAN, 8.0]
            .iter()
            .map(|v| mark(*v, 0.0, 8.0))
            .collect();
        assert_eq!(drawn, "▁▅ █");
        assert_eq!(mark(3.0, 3.0, 3.0), '▁');
    }

    #[test]
    fn many_months_are_drawn_as_means_of_several() {
        assert_eq!(thin(&[1.0, 3.0, f64::NAN, 5.0, 7.0], 2), [2.0, 5.0, 7.0]);
    }

    #[test]
    fn noise_does_not_fill_the_scale() {
        let anything = (f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(widened(14.0, 16.0, 0.1, anything), (14.0, 16.0));
        assert_eq!(widened(9.9, 10.1, 0.5, anything), (8.5, 11.5));
        assert_eq!(widened(99.0, 101.0, 0.0, anything), (95.0, 105.0));
        // Moved up from below 0, and down from above 1.
        assert_eq!(widened(0.0, 0.5, 0.5, (0.0, f64::INFINITY)), (0.0, 3.0));
        assert_eq!(widened(0.875, 1.0, 0.125, (0.0, 1.0)), (0.25, 1.0));
        let (low, high) = widened(9.9, 10.1, 0.5, anything);
        assert_eq!((mark(9.9, low, high), mark(10.1, low, high)), ('▄', '▅'));
    }

    #[test]
    fn months_of_one_mark_are_clear_only_if_all_of_them_are() {
        assert_eq!(sign(&[Finding::Better, Finding::Better]), '+');
        assert_eq!(sign(&[Finding::Worse, Finding::Unclear]), '.');
        assert_eq!(sign(&[Finding::Worse]), '-');
        assert_eq!(sign(&[Finding::Same, Finding::Unclear]), '.');
        assert_eq!(sign(&[Finding::Unknown]), ' ');
    }

    #[test]
    fn a_difference_is_drawn_with_its_band_around_zero() {
        let summary = crate::experiment::example::compared(40);
        let comparison = summary.comparison.as_ref().unwrap();
        let mut text = Vec::new();
        draw_difference(&mut text, &summary, comparison, Metric::Unallocated).unwrap();
        let text = String::from_utf8(text).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("unallocated [cases], difference to \"no limit\", ▁ = 0.0"));
        for (line, word) in lines[1..5]
            .iter()
            .zip(["upper", "hard 3   mean", "lower", "clear"])
        {
            assert!(line.contains(word), "{text}");
        }
        assert!(lines[4].trim_end().ends_with("clear ---"), "{text}");
    }

    #[test]
    fn all_policies_share_one_scale() {
        let series = [vec![2.0, f64::NAN], vec![9.0, 1.0]];
        assert_eq!(range(&series), Some((1.0, 9.0)));
        assert_eq!(range(&[vec![f64::NAN]]), None);
    }
}
