//! The difference of each policy from the baseline, month by month.

use crate::experiment::compare::{Difference, Versus};
use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::metric::symbol::{NOT_APPLICABLE, UNAVAILABLE};
use crate::output::chart::band::{self, Months};
use crate::output::chart::canvas::Drawn;
use crate::output::chart::scale;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::table::{Set, Table};
use crate::output::report::story::{Story, alt, changed, low, minus, trend, value};

/// The difference of each policy from the baseline, on one scale; nothing where nothing was compared.
pub fn differences(story: &Story<'_>, metric: Metric) -> Drawn<Option<Figure>> {
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
        let group = Group::Service;
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
    let group = Group::Service;
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
