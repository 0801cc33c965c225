//! The pictures of a sweep: one key as marks, two as a field, more as marks over each key alone.

use crate::experiment::sweep::fold::Estimate;
use crate::metric::catalogue::Metric;
use crate::metric::symbol::{NOT_APPLICABLE, UNAVAILABLE};
use crate::output::chart::canvas::{Alt, Drawn};
use crate::output::chart::heat::{self, Heat, thinned};
use crate::output::chart::levels::{self, Level, Levels};
use crate::output::chart::scale;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::table::{Set, Table};
use crate::output::sweep::story::{Story, levels as levels_of, place};
use crate::output::sweep::words::setting;

/// Policies that are drawn at most; the tables have all.
const DRAWN: usize = 9;
/// Rows of a table at most; the file has all.
const ROWS: usize = 200;
/// Keys that are drawn at most.
const KEYS: usize = 12;

/// The figures of one metric.
///
/// # Errors
/// Those of the charts.
pub fn of(story: &Story, metric: usize) -> Drawn<Option<Figure>> {
    let policies: Vec<usize> = (0..story.spec.policies.len()).take(DRAWN).collect();
    let points = 0..story.sweep.design.points.len();
    let times = number::shown_times(story.metrics[metric].definition());
    let all = points.flat_map(|point| {
        let each = policies.iter();
        each.filter_map(move |policy| story.number(point, *policy, metric))
    });
    let ends = all.flat_map(|e| match e.interval() {
        Some(i) => [e.mean, i.low, i.high],
        None => [e.mean; 3],
    });
    let Some(range) = scale::range(ends.map(|value| value * times)) else {
        return Ok(None);
    };
    let panels = match is_field(story) {
        true => fields(story, metric, &policies, range)?,
        false => marks(story, metric, &policies, range)?,
    };
    if panels.is_empty() {
        return Ok(None);
    }
    let definition = story.metrics[metric].definition();
    Ok(Some(Figure {
        id: id(story, metric),
        finding: finding(story, metric),
        note: note(story, metric),
        panels,
        table: table(story, metric, definition.key),
    }))
}

fn id(story: &Story, metric: usize) -> String {
    story.metrics[metric].definition().key.replace('_', "-")
}

/// Whether the points are a whole grid of two keys.
fn is_field(story: &Story) -> bool {
    let design = &story.sweep.design;
    design.keys.len() == 2
        && design.points.iter().all(|p| p.iter().all(Option::is_some))
        && [0, 1].iter().all(|key| levels_of(design, *key).len() > 1)
        && levels_of(design, 0).len() * levels_of(design, 1).len() == design.points.len()
}

fn finding(story: &Story, metric: usize) -> String {
    let which: Metric = story.metrics[metric];
    match extremes(story, metric) {
        None => format!("{}: no values", which.label()),
        Some([low, high]) if low == high => format!("{}: the same everywhere", which.label()),
        Some([low, high]) => format!(
            "{}: lowest {} at {}, highest {} at {}",
            which.label(),
            told(story, metric, low),
            where_is(story, low),
            told(story, metric, high),
            where_is(story, high)
        ),
    }
}

/// The point and policy with the lowest and with the highest mean.
pub fn extremes(story: &Story, metric: usize) -> Option<[(usize, usize); 2]> {
    let mut ends: Option<[((usize, usize), f64); 2]> = None;
    for point in 0..story.sweep.design.points.len() {
        for policy in 0..story.spec.policies.len() {
            let Some(one) = story.number(point, policy, metric) else {
                continue;
            };
            let here = ((point, policy), one.mean);
            ends = Some(match ends {
                None => [here, here],
                Some([low, high]) => [
                    if here.1 < low.1 { here } else { low },
                    if here.1 > high.1 { here } else { high },
                ],
            });
        }
    }
    ends.map(|[low, high]| match low.1 == high.1 {
        true => [low.0, low.0],
        false => [low.0, high.0],
    })
}

/// A mean with its unit.
pub fn told(story: &Story, metric: usize, (point, policy): (usize, usize)) -> String {
    let definition = story.metrics[metric].definition();
    match story.number(point, policy, metric) {
        None => NOT_APPLICABLE.to_owned(),
        Some(one) => {
            let text = number::supported(definition, one.mean, one.se);
            format!("{text} {}", number::unit(definition))
        }
    }
}

/// A point and a policy in words.
pub fn where_is(story: &Story, (point, policy): (usize, usize)) -> String {
    let name = story.spec.policies.get(policy).map_or("", String::as_str);
    match story.spec.policies.len() {
        1 => story.point(point),
        _ => format!("{} under \u{201c}{name}\u{201d}", story.point(point)),
    }
}

fn note(story: &Story, metric: usize) -> String {
    let definition = story.metrics[metric].definition();
    let when = story.month(story.months().last());
    let mut words = format!(
        "{} [{}], mean over the plays in {when}.",
        definition.metric.label(),
        number::unit(definition)
    );
    words.push_str(match is_field(story) {
        true => " Each cell has its value, and is darker where it is greater.",
        false if story.sweep.design.keys.len() == 1 => {
            " Each mark is one setting, its upright line the 95 % interval of the mean."
        }
        false => " Each mark is one point of the design; all keys but one differ too where the points fill the space.",
    });
    let design = &story.sweep.design;
    if is_field(story)
        && (levels_of(design, 0).len() > heat::ROWS || levels_of(design, 1).len() > heat::COLUMNS)
    {
        words.push_str(" Drawn are some of the settings, evenly and with both ends.");
    }
    if story.spec.policies.len() > DRAWN {
        words.push_str(&format!(" Drawn are the first {DRAWN} policies."));
    }
    if story.sweep.design.keys.len() > KEYS {
        words.push_str(&format!(" Drawn are the first {KEYS} keys."));
    }
    words
}

fn fields(story: &Story, metric: usize, policies: &[usize], range: [f64; 2]) -> Drawn<Vec<Panel>> {
    let design = &story.sweep.design;
    let definition = story.metrics[metric].definition();
    let times = number::shown_times(definition);
    let [down, across] = [levels_of(design, 0), levels_of(design, 1)];
    let rows = thinned(down.len(), heat::ROWS);
    let columns = thinned(across.len(), heat::COLUMNS);
    let point = |row: usize, column: usize| {
        let wanted = [down[row].1, across[column].1];
        design.points.iter().position(|p| {
            p.iter()
                .zip(wanted)
                .all(|(amount, wanted)| place(amount.as_ref()) == Some(wanted))
        })
    };
    let mut panels = Vec::new();
    for policy in policies {
        let number_at = |row: usize, column: usize| -> Option<&Estimate> {
            story.number(point(row, column)?, *policy, metric)
        };
        let name = &story.spec.policies[*policy];
        let told = |one: Option<&Estimate>| match one {
            Some(one) => number::supported(definition, one.mean, one.se),
            None => "-".to_owned(),
        };
        let chart = Heat {
            across: columns.iter().map(|c| across[*c].0.clone()).collect(),
            down: rows.iter().map(|r| down[*r].0.clone()).collect(),
            names: [&design.keys[1], &design.keys[0]],
            values: rows
                .iter()
                .map(|r| {
                    let row = columns.iter().map(|c| number_at(*r, *c));
                    row.map(|one| one.map_or(f64::NAN, |e| e.mean * times))
                        .collect()
                })
                .collect(),
            labels: rows
                .iter()
                .map(|r| columns.iter().map(|c| told(number_at(*r, *c))).collect())
                .collect(),
            range,
        };
        let corner = |r: Option<&usize>, c: Option<&usize>| match (r, c) {
            (Some(r), Some(c)) => told(number_at(*r, *c)),
            _ => String::new(),
        };
        let alt = Alt {
            id: format!("{}-{policy}", id(story, metric)),
            title: format!(
                "{}, {name}, by {} and {}",
                definition.metric.label(),
                design.keys[0],
                design.keys[1]
            ),
            description: format!(
                "Corners: {} at the least of both, {} at the greatest {}, {} at the greatest {}, {} at the greatest of both.",
                corner(rows.first(), columns.first()),
                corner(rows.first(), columns.last()),
                design.keys[1],
                corner(rows.last(), columns.first()),
                design.keys[0],
                corner(rows.last(), columns.last()),
            ),
        };
        panels.push(Panel {
            heading: name.replace('\n', " "),
            svg: heat::draw(&chart, &alt)?,
        });
    }
    Ok(panels)
}

fn marks(story: &Story, metric: usize, policies: &[usize], range: [f64; 2]) -> Drawn<Vec<Panel>> {
    let design = &story.sweep.design;
    let definition = story.metrics[metric].definition();
    let times = number::shown_times(definition);
    let mut panels = Vec::new();
    for policy in policies {
        let name = story.spec.policies[*policy].replace('\n', " ");
        for key in 0..design.keys.len().min(KEYS) {
            let steps = levels_of(design, key);
            let (Some(least), Some(most)) = (steps.first(), steps.last()) else {
                continue;
            };
            // Only what was set here: elsewhere in a design of single keys this one is as it is.
            let mut chosen: Vec<(f64, &Estimate)> = (0..design.points.len())
                .filter_map(|point| {
                    let x = place(design.points[point].get(key)?.as_ref())?;
                    Some((x, story.number(point, *policy, metric)?))
                })
                .collect();
            chosen.sort_by(|a, b| a.0.total_cmp(&b.0));
            let is_joined = chosen.windows(2).all(|pair| pair[0].0 < pair[1].0);
            let said = |one: Option<&(f64, &Estimate)>| {
                one.map_or_else(String::new, |(_, e)| {
                    number::supported(definition, e.mean, e.se)
                })
            };
            let ends = [said(chosen.first()), said(chosen.last())];
            let across = match design.is_factor(key) {
                true => format!("times {}", design.keys[key]),
                false => design.keys[key].clone(),
            };
            let chart = Levels {
                levels: chosen
                    .iter()
                    .map(|(x, e)| Level {
                        x: *x,
                        y: e.mean * times,
                        interval: e
                            .interval()
                            .map_or([f64::NAN; 2], |i| [i.low * times, i.high * times]),
                    })
                    .collect(),
                is_joined,
                ranges: [
                    match least.1 < most.1 {
                        true => [least.1, most.1],
                        false => [least.1 - 1.0, most.1 + 1.0],
                    },
                    range,
                ],
                across: &across,
                ends: match is_joined {
                    true => ends.clone(),
                    false => Default::default(),
                },
            };
            let alt = Alt {
                id: format!("{}-{policy}-{key}", id(story, metric)),
                title: format!(
                    "{}, {name}, by {}",
                    definition.metric.label(),
                    design.keys[key]
                ),
                description: description(is_joined, [&least.0, &most.0], &ends, &chosen, |e| {
                    number::supported(definition, e.mean, e.se)
                }),
            };
            panels.push(Panel {
                heading: match (story.spec.policies.len(), design.keys.len()) {
                    (_, 1) => name.clone(),
                    (1, _) => across.clone(),
                    _ => format!("{name}: {across}"),
                },
                svg: levels::draw(&chart, &alt)?,
            });
        }
    }
    Ok(panels)
}

fn description(
    is_joined: bool,
    settings: [&str; 2],
    ends: &[String; 2],
    chosen: &[(f64, &Estimate)],
    tell: impl Fn(&Estimate) -> String,
) -> String {
    let by = |a: &&(f64, &Estimate), b: &&(f64, &Estimate)| a.1.mean.total_cmp(&b.1.mean);
    let (Some(low), Some(high)) = (chosen.iter().min_by(by), chosen.iter().max_by(by)) else {
        return "No values.".to_owned();
    };
    let turns = format!(
        "lowest {} at {}, highest {} at {}.",
        tell(low.1),
        low.0,
        tell(high.1),
        high.0
    );
    match is_joined {
        true => format!(
            "From {} at {} to {} at {}; {turns}",
            ends[0], settings[0], ends[1], settings[1]
        ),
        false => format!("{} points; {turns}", chosen.len()),
    }
}

fn table(story: &Story, metric: usize, key: &str) -> Table {
    let definition = story.metrics[metric].definition();
    let design = &story.sweep.design;
    let mut columns: Vec<(String, Set)> = vec![("Point".to_owned(), Set::Words)];
    columns.extend(design.keys.iter().map(|key| (key.clone(), Set::Numbers)));
    columns.extend([
        ("Policy".to_owned(), Set::Words),
        (format!("Mean [{}]", number::unit(definition)), Set::Numbers),
        ("95 % interval".to_owned(), Set::Numbers),
    ]);
    let all = design.points.len() * story.spec.policies.len();
    let mut caption = format!("{} by setting and policy", definition.metric.label());
    if all > ROWS {
        caption.push_str(&format!(
            "; the first {ROWS} of {} rows, sweep.csv has all",
            number::count(all as u64)
        ));
    }
    let mut table = Table {
        id: format!("{}-table", key.replace('_', "-")),
        caption,
        columns,
        rows: Vec::new(),
    };
    let pairs = (0..design.points.len())
        .flat_map(|point| (0..story.spec.policies.len()).map(move |policy| (point, policy)));
    for (point, policy) in pairs.take(ROWS) {
        let mut cells = vec![(point + 1).to_string()];
        let amounts = &design.points[point];
        cells.extend(amounts.iter().map(|amount| setting(amount.as_ref())));
        cells.push(story.spec.policies[policy].replace('\n', " "));
        match story.number(point, policy, metric) {
            None => cells.extend([NOT_APPLICABLE, NOT_APPLICABLE].map(str::to_owned)),
            Some(one) => {
                cells.push(number::supported(definition, one.mean, one.se));
                let interval = one
                    .interval()
                    .and_then(|i| number::supported_interval(definition, i, one.se));
                cells.push(interval.unwrap_or_else(|| UNAVAILABLE.to_owned()));
            }
        }
        table.row(cells);
    }
    table
}
