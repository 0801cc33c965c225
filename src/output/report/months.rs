//! Month by month: each policy's plays, and its difference from the baseline.

use crate::experiment::compare::{Difference, Versus};
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
use crate::output::report::story::{
    FOLLOWED, Story, alt, changed, heading, low, mean, minus, trend, value,
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
        if let Some(figure) = differences(story, metric)? {
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
                    let values = [
                        numbers.p5,
                        numbers.p25,
                        numbers.p50,
                        numbers.p75,
                        numbers.p95,
                    ];
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

/// The difference of each policy from the baseline, on one scale; nothing where nothing was compared.
fn differences(story: &Story<'_>, metric: Metric) -> Drawn<Option<Figure>> {
    let Some(baseline) = story.baseline() else {
        return Ok(None);
    };
    let versus: Vec<&Versus> = story.versus().collect();
    let drawn: Vec<&Versus> = versus
        .iter()
        .copied()
        .filter(|one| story.drawn.contains(&one.policy))
        .collect();
    if drawn.is_empty() {
        return Ok(None);
    }
    let definition = metric.definition();
    let times = number::shown_times(definition);
    let rows = 0..story.summary.months.len();
    let ends = |one: Option<&Difference>| -> [f64; 3] {
        let Some(one) = one else {
            return [f64::NAN; 3];
        };
        let interval = one.interval();
        let [low, high] = interval.map_or([f64::NAN; 2], |i| [i.low, i.high]);
        [low, one.mean, high].map(|value| value * times)
    };
    let of = |one: &'_ Versus, row: usize| {
        let group = crate::metric::layout::Group::Service;
        ends(one.of(&story.summary.layout, row, metric, group))
    };
    let all = drawn
        .iter()
        .flat_map(|one| rows.clone().flat_map(|row| of(one, row)));
    let [least, most] = scale::range(all.chain([0.0])).unwrap_or([-1.0, 1.0]);
    let range = [least.min(0.0), most.max(0.0)];
    let id = format!("difference-{}", definition.key.replace('_', "-"));
    let mut panels = Vec::new();
    for one in &drawn {
        let values: Vec<[f64; 3]> = rows.clone().map(|row| of(one, row)).collect();
        let middle: Vec<f64> = values.iter().map(|v| v[1]).collect();
        let last = story.difference(one, story.last(), metric);
        let label = last.map(|d| minus(&number::difference(definition, d)));
        let alt = alt(
            format!("{id}-{}", one.policy),
            format!(
                "{}: {} less {}, by month",
                metric.label(),
                story.name(one.policy),
                story.name(baseline)
            ),
            format!(
                "Mean difference: {} At the end: {}.",
                trend(
                    &middle,
                    |v| value(definition, v / times),
                    |row| story.month(row)
                ),
                last.map_or_else(|| "no values".to_owned(), |d| changed(definition, d))
            ),
        );
        let months = Months {
            months: &story.months,
            range,
            middle,
            inner: Vec::new(),
            outer: values.iter().map(|v| [v[0], v[2]]).collect(),
            labels: [String::new(), label.unwrap_or_default(), String::new()],
            parts_at_zero: true,
        };
        panels.push(Panel {
            heading: story.plain(one.policy),
            svg: band::draw(&months, &alt)?,
        });
    }
    let (table, every) = difference_table(story, metric, &versus, &id);
    Ok(Some(Figure {
        finding: difference_finding(story, metric, &versus, baseline),
        note: format!(
            "{}: policy less {}, play by play on the same luck. The line is the mean difference, the broken lines hold its \
             95 % interval; on the line at 0 there is no difference.{}",
            difference_heading(metric),
            story.name(baseline),
            story.left_out(versus.len(), every)
        ),
        panels,
        table,
        id,
    }))
}

fn difference_heading(metric: Metric) -> String {
    match metric.definition().unit.starts_with("share") {
        true => format!("{} [percentage points]", metric.label()),
        false => metric.label().to_owned(),
    }
}

fn difference_finding(
    story: &Story<'_>,
    metric: Metric,
    versus: &[&Versus],
    baseline: usize,
) -> String {
    let definition = metric.definition();
    let layout = &story.summary.layout;
    let group = crate::metric::layout::Group::Service;
    let tell = |one: &Versus| {
        let from = one.better_from(layout, metric, group);
        let worst = one.worst_month(layout, metric, group);
        match (from, worst) {
            (Some(0), _) => "better in every month".to_owned(),
            (Some(row), _) => format!("better from {} on", story.month(row)),
            (None, Some(row)) => {
                let worst = story.difference(one, row, metric);
                let words = worst.map_or_else(String::new, |d| changed(definition, d));
                match words.starts_with("no") || words.starts_with("hardly") {
                    true => "no clear difference in any month".to_owned(),
                    false => format!("furthest behind in {}, {words}", story.month(row)),
                }
            }
            _ => "no values".to_owned(),
        }
    };
    let parts: Vec<String> = versus
        .iter()
        .take(2)
        .map(|one| format!("{} {}", story.name(one.policy), tell(one)))
        .collect();
    format!(
        "{} against {}: {}",
        metric.label(),
        story.name(baseline),
        parts.join("; ")
    )
}

fn difference_table(
    story: &Story<'_>,
    metric: Metric,
    versus: &[&Versus],
    id: &str,
) -> (Table, usize) {
    let definition = metric.definition();
    let columns = [
        ("Policy", Set::Words),
        ("Month", Set::Words),
        ("Mean difference", Set::Numbers),
        ("95 % interval", Set::Numbers),
        ("Better in so many plays", Set::Numbers),
    ];
    let caption = format!(
        "{}: difference by policy and month",
        difference_heading(metric)
    );
    let mut table = Table::new(&format!("{id}-table"), &caption, &columns);
    let (told, every) = story.told_months(versus.len());
    for one in versus {
        for row in &told {
            let mut cells = vec![story.plain(one.policy), story.months[*row].clone()];
            match story.difference(one, *row, metric) {
                Some(difference) => {
                    let interval = number::difference_interval(definition, difference);
                    let better = difference.p_better(definition.better);
                    let told = number::difference(definition, difference);
                    cells.push(low(&minus(&told), difference.mean));
                    cells.push(interval.map_or_else(|| UNAVAILABLE.to_owned(), |i| minus(&i)));
                    cells.push(better.map_or_else(|| NOT_APPLICABLE.to_owned(), number::share));
                }
                None => cells.extend((0..3).map(|_| NOT_APPLICABLE.to_owned())),
            }
            table.row(cells);
        }
    }
    (table, every)
}
