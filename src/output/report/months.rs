//! Month by month: each policy's plays, and its difference from the baseline.

use crate::experiment::compare::Versus;
use crate::metric::catalogue::Metric;
use crate::metric::symbol::{NOT_APPLICABLE, UNAVAILABLE};
use crate::output::chart::band::{self, Months};
use crate::output::chart::canvas::Drawn;
use crate::output::chart::scale;
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::report::differences;
use crate::output::report::story::{
    FOLLOWED, Story, alt, changed, heading, low, mean, trend, value,
};

/// The months of all metrics that are followed.
///
/// # Errors
/// Those of the charts.
pub fn months(story: &Story<'_>) -> Drawn<Part> {
    let mut html = Html::new();
    html.words(
        "p",
        &[],
        "Each chart shows all plays of one policy: the line is the play in the middle, the dark band holds half of the \
         plays (from the 25th to the 75th percentile), and nine plays in ten lie between the broken lines (5th to 95th \
         percentile). At the right stand the values of the last month.",
    );
    for metric in FOLLOWED {
        fans(story, metric)?.write(&mut html);
        if let Some(figure) = differences::differences(story, metric)? {
            figure.write(&mut html);
        }
    }
    Ok(Part {
        id: "months",
        heading: "Month by month".to_owned(),
        body: html,
    })
}

/// The plays of each policy, on one scale.
fn fans(story: &Story<'_>, metric: Metric) -> Drawn<Figure> {
    let definition = metric.definition();
    let times = number::shown_times(definition);
    let rows = 0..story.summary.months.len();
    let of = |policy: usize| {
        rows.clone()
            .map(move |row| story.numbers(policy, row, metric))
    };
    let has_bands = story.summary.replications >= number::FEWEST;
    let all = story.drawn.iter().flat_map(|policy| of(*policy)).flatten();
    let values = all.flat_map(|n| match has_bands {
        true => vec![n.p5, n.p50, n.p95],
        false => vec![n.p50],
    });
    let range = scale::range(values.map(|v| v * times)).unwrap_or([0.0, 1.0]);
    let id = format!("fan-{}", definition.key.replace('_', "-"));
    let mut panels = Vec::new();
    for policy in &story.drawn {
        let pick = |of: &dyn Fn(&crate::experiment::numbers::Numbers) -> f64| -> Vec<f64> {
            let numbers = rows.clone().map(|row| story.numbers(*policy, row, metric));
            numbers
                .map(|n| n.map_or(f64::NAN, |n| of(n) * times))
                .collect()
        };
        let pairs = |low: Vec<f64>, high: Vec<f64>| -> Vec<[f64; 2]> {
            match has_bands {
                true => low.into_iter().zip(high).map(|(l, h)| [l, h]).collect(),
                false => Vec::new(),
            }
        };
        let last = story.numbers(*policy, story.last(), metric);
        let ends = last.and_then(|n| number::percentiles(definition, n));
        let labels = match ends {
            Some([p5, _, p50, _, p95]) => [p95, p50, p5],
            None => {
                let one = last.map(|n| value(definition, n.p50)).unwrap_or_default();
                [String::new(), one, String::new()]
            }
        };
        let middle = pick(&|n| n.p50);
        let unit = number::unit(definition);
        let tell = |v: f64| format!("{} {unit}", value(definition, v / times));
        let spread = match &labels {
            [high, _, low] if !high.is_empty() => {
                format!(" At the end nine plays in ten lie between {low} and {high} {unit}.")
            }
            _ => String::new(),
        };
        let alt = alt(
            format!("{id}-{policy}"),
            format!("{} under {}, by month", metric.label(), story.name(*policy)),
            format!(
                "The play in the middle: {}{spread}",
                trend(&middle, tell, |row| story.month(row))
            ),
        );
        let months = Months {
            months: &story.months,
            range,
            inner: pairs(pick(&|n| n.p25), pick(&|n| n.p75)),
            outer: pairs(pick(&|n| n.p5), pick(&|n| n.p95)),
            middle,
            labels,
            parts_at_zero: false,
        };
        panels.push(Panel {
            heading: story.plain(*policy),
            svg: band::draw(&months, &alt)?,
        });
    }
    let (table, every) = fan_table(story, metric, &id);
    let upward = heading(metric);
    Ok(Figure {
        finding: fan_finding(story, metric),
        note: format!(
            "{upward}, {}. {}{}",
            when_taken(metric),
            definition.definition,
            story.left_out(story.policies.len(), every)
        ),
        panels,
        table,
        id,
    })
}

fn when_taken(metric: Metric) -> &'static str {
    use crate::metric::catalogue::Kind;
    match metric.definition().kind {
        Kind::MonthEnd => "on the last working day of each month",
        Kind::Average => "averaged over each month",
        Kind::Total => "counted over each month",
        Kind::Ratio => "over each month",
    }
}

/// What the fans show.
fn fan_finding(story: &Story<'_>, metric: Metric) -> String {
    let definition = metric.definition();
    let label = metric.label();
    let month = story.month(story.last());
    let versus: Vec<&Versus> = story.versus().collect();
    if let (Some(baseline), [one]) = (story.baseline(), versus.as_slice())
        && let Some(difference) = story.difference(one, story.last(), metric)
    {
        let changed = changed(definition, difference);
        let than = match ["no", "too", "hardly"]
            .iter()
            .any(|word| changed.starts_with(word))
        {
            true => "between",
            false => "than",
        };
        return match than {
            "between" => format!(
                "{label}: {changed} between {} and {} in {month}",
                story.name(one.policy),
                story.name(baseline)
            ),
            _ => format!(
                "{label}: {changed} under {} than under {} in {month}",
                story.name(one.policy),
                story.name(baseline)
            ),
        };
    }
    let mut all: Vec<(usize, f64, String)> = story
        .policies
        .iter()
        .filter_map(|at| {
            let numbers = story.numbers(*at, story.last(), metric)?;
            Some((*at, numbers.mean, mean(definition, numbers)))
        })
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let percent = match definition.unit.starts_with("share") {
        true => " %",
        false => "",
    };
    match (all.first(), all.last()) {
        (Some(first), Some(last)) if first.2 != last.2 => format!(
            "{label} in {month}: lowest under {} ({}{percent}), highest under {} ({}{percent})",
            story.name(first.0),
            first.2,
            story.name(last.0),
            last.2
        ),
        (Some(first), _) if all.len() > 1 => format!(
            "{label} in {month}: {}{percent} under every policy",
            first.2
        ),
        (Some(first), _) => format!("{label} in {month}: {}{percent}", first.2),
        _ => format!("{label}: no values"),
    }
}

fn fan_table(story: &Story<'_>, metric: Metric, id: &str) -> (Table, usize) {
    let definition = metric.definition();
    let columns = [
        ("Policy", Set::Words),
        ("Month", Set::Words),
        ("Mean", Set::Numbers),
        ("5th percentile", Set::Numbers),
        ("25th", Set::Numbers),
        ("Median", Set::Numbers),
        ("75th", Set::Numbers),
        ("95th", Set::Numbers),
    ];
    let caption = format!("{} by policy and month, over the plays", heading(metric));
    let mut table = Table::new(&format!("{id}-table"), &caption, &columns);
    let (told, every) = story.told_months(story.policies.len());
    for policy in &story.policies {
        for row in &told {
            let mut cells = vec![story.plain(*policy), story.months[*row].clone()];
            match story.numbers(*policy, *row, metric) {
                Some(numbers) => {
                    cells.push(mean(definition, numbers));
                    let values = numbers.percentiles();
                    match number::percentiles(definition, numbers) {
                        Some(texts) => {
                            let texts = texts.iter().zip(values);
                            cells.extend(texts.map(|(text, value)| low(text, value)));
                        }
                        None => cells.extend(values.map(|_| UNAVAILABLE.to_owned())),
                    }
                }
                None => cells.extend((0..6).map(|_| NOT_APPLICABLE.to_owned())),
            }
            table.row(cells);
        }
    }
    (table, every)
}
