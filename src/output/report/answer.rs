//! The first screen: the answer, the policies beside each other, what would change it, and what it is not for.

use crate::experiment::compare::{Finding, Versus};
use crate::metric::catalogue::Metric;
use crate::metric::symbol::{NOT_APPLICABLE, UNAVAILABLE};
use crate::output::compare::happening;
use crate::output::contrast::{finding, in_short, told};
use crate::output::html::Html;
use crate::output::kept::Aim;
use crate::output::number;
use crate::output::page::shell::Part;
use crate::output::page::table::{Cell, Set, Table};
use crate::output::prose::plural;
use crate::output::report::story::{FOLLOWED, Story, changed, heading, mean, targets, verdict};
use crate::statistics::interval::Interval;

/// Policies whose difference from the baseline gets a sentence of its own.
pub const SENTENCES: usize = 3;
/// Policies whose differences are told metric by metric.
const TABLES: usize = 6;

/// The answer.
pub fn answer(story: &Story<'_>) -> Part {
    let mut html = Html::new();
    warnings(&mut html, story);
    match story.summary.comparison {
        Some(_) => compared(&mut html, story),
        None => alone(&mut html, story),
    }
    policies(&mut html, story);
    Part {
        id: "answer",
        heading: "The answer".to_owned(),
        body: html,
    }
}

/// What must be known before any number is read.
fn warnings(html: &mut Html, story: &Story<'_>) {
    let run = &story.kept.manifest.run;
    let warn = [("class", "warn")];
    if run.interrupted {
        let words = format!(
            "This run was interrupted: {} of {} replications are complete, and this report rests on those.",
            number::count(run.replications_kept),
            number::count(run.replications_asked)
        );
        html.words("p", &warn, &words);
    }
    let draws = story.summary.worlds.unwrap_or(story.summary.replications);
    if draws < number::FEWEST {
        let words = format!(
            "Only {}: too few to trust any interval. Run again with --replications 1000 before this is used.",
            plural(draws, "independent play")
        );
        html.words("p", &warn, &words);
    }
}

fn compared(html: &mut Html, story: &Story<'_>) {
    let metrics = happening(story.summary);
    let baseline = story.baseline().unwrap_or_default();
    let versus: Vec<&Versus> = story.versus().collect();
    for one in versus.iter().take(SENTENCES) {
        let words = format!(
            "{} instead of {}: {}.",
            story.name(one.policy),
            story.name(baseline),
            in_short(story.summary, one, &metrics)
        );
        html.words("p", &[("class", "lead")], &words);
        let words = in_numbers(story, one);
        if !words.is_empty() {
            html.words("p", &[("class", "numbers")], &words);
        }
    }
    if versus.len() > SENTENCES {
        let words = format!(
            "The table tells {} more, each against {}.",
            plural((versus.len() - SENTENCES) as u64, "policy"),
            story.name(baseline)
        );
        html.words("p", &[("class", "lead")], &words);
    }
    if versus.is_empty() {
        alone(html, story);
    }
}

/// What one policy changes in the last month, in the words of the trade.
fn in_numbers(story: &Story<'_>, versus: &Versus) -> String {
    let parts: Vec<String> = FOLLOWED
        .into_iter()
        .filter_map(|metric| Some((metric, story.difference(versus, story.last(), metric)?)))
        .map(|(metric, difference)| {
            let definition = metric.definition();
            let (is_more, size) = match finding(definition, difference) {
                Finding::Better | Finding::Worse => {
                    let interval = difference.interval().map(|i| match difference.mean < 0.0 {
                        true => Interval {
                            low: -i.high,
                            high: -i.low,
                        },
                        false => i,
                    });
                    let (size, ends) =
                        number::difference_of(definition, difference.mean.abs(), interval);
                    let ends = ends.map_or_else(String::new, |ends| format!(" ({ends})"));
                    (
                        difference.mean > 0.0,
                        (size.trim_start_matches('+').to_owned(), ends),
                    )
                }
                _ => {
                    return format!(
                        "{} {}",
                        metric.label().to_lowercase(),
                        changed(definition, difference)
                    );
                }
            };
            let (more, (size, ends)) = (if is_more { "more" } else { "fewer" }, size);
            match metric {
                Metric::CaseloadMean => {
                    format!("a full-time worker holds {size} cases {more}{ends}")
                }
                Metric::Unallocated => format!("{size} cases {more} have no worker{ends}"),
                _ => format!("{size} {more} in a hundred workers are burnt out{ends}"),
            }
        })
        .collect();
    match parts.is_empty() {
        true => String::new(),
        false => format!("In {}: {}.", story.month(story.last()), parts.join("; ")),
    }
}

fn alone(html: &mut Html, story: &Story<'_>) {
    let month = story.month(story.last());
    for metric in [Metric::CaseloadMean, Metric::Unallocated] {
        if let Some(words) = between(story, metric) {
            html.words("p", &[("class", "lead")], &format!("In {month} {words}."));
        }
    }
    if let Some(words) = best_chance(story) {
        html.words("p", &[("class", "lead")], &words);
    }
    if story.policies.len() > 1 {
        let words = "These are the policies each by itself. casecap compare plays them on the same luck and tells their \
                     differences more precisely.";
        html.words("p", &[("class", "note")], words);
    }
}

/// Least and greatest mean over the policies, in words.
fn between(story: &Story<'_>, metric: Metric) -> Option<String> {
    let definition = metric.definition();
    let mut all: Vec<(usize, f64, String)> = story
        .policies
        .iter()
        .filter_map(|at| {
            let numbers = story.numbers(*at, story.last(), metric)?;
            let interval = number::interval(definition, numbers);
            let bracket = interval.map_or_else(String::new, |i| format!(" ({i})"));
            Some((*at, numbers.mean, mean(definition, numbers) + &bracket))
        })
        .collect();
    all.sort_by(|a, b| a.1.total_cmp(&b.1));
    let (first, last) = (all.first()?, all.last()?);
    let what = match metric {
        Metric::CaseloadMean => "a full-time worker holds",
        _ => "the cases without a worker are",
    };
    Some(if first.2 == last.2 {
        let whom = match all.len() {
            1 => format!("under {}", story.name(first.0)),
            _ => "under every policy".to_owned(),
        };
        format!("{what} {} {whom}", cases(metric, &first.2))
    } else {
        format!(
            "{what} {} under {} and {} under {}",
            cases(metric, &first.2),
            story.name(first.0),
            last.2,
            story.name(last.0)
        )
    })
}

fn cases(metric: Metric, text: &str) -> String {
    match (metric, text.split_once(' ')) {
        (Metric::CaseloadMean, Some((mean, bracket))) => format!("{mean} cases {bracket}"),
        (Metric::CaseloadMean, None) => format!("{text} cases"),
        _ => text.to_owned(),
    }
}

/// The policy that meets all targets most often.
fn best_chance(story: &Story<'_>) -> Option<String> {
    let chance = |at: &usize| story.kept.aims.get(*at)?.last().copied();
    let all: Vec<(usize, Aim)> = story
        .policies
        .iter()
        .filter_map(|at| Some((*at, chance(at)?)))
        .collect();
    let first = *all.first()?;
    let best = all.iter().fold(first, |best, one| {
        if one.1.probability > best.1.probability {
            *one
        } else {
            best
        }
    });
    let what = targets(story.summary.targets.len());
    let told = probability(&best.1);
    Some(match all.len() {
        1 => format!("The chance of meeting {what} is {told}."),
        _ => format!(
            "The best chance of meeting {what} is under {}: {told}.",
            story.name(best.0)
        ),
    })
}

/// `83 % (80 to 86)`
pub fn probability(aim: &Aim) -> String {
    if !aim.probability.is_finite() {
        return NOT_APPLICABLE.to_owned();
    }
    match aim.interval {
        Some(interval) => format!(
            "{} ({:.0} to {:.0})",
            number::share(aim.probability),
            interval.low * 100.0,
            interval.high * 100.0
        ),
        None => number::share(aim.probability),
    }
}

/// Policies x the two or three metrics that matter, with their targets.
fn policies(html: &mut Html, story: &Story<'_>) {
    let month = story.month(story.last());
    let caption = format!(
        "Each policy in {month}: mean, its 95 % interval, and between what nine plays in ten lie{}",
        match story.baseline() {
            Some(baseline) => format!("; then the difference from {}", story.name(baseline)),
            None => String::new(),
        }
    );
    let headings = FOLLOWED.map(heading);
    let mut columns = vec![("Policy", Set::Words)];
    columns.extend(headings.iter().map(|name| (name.as_str(), Set::Numbers)));
    let chance = match story.summary.targets.len() {
        0 => None,
        1 => Some(format!("Chance of {}", story.summary.targets[0])),
        n => Some(format!("Chance of meeting {}", targets(n))),
    };
    columns.extend(chance.iter().map(|name| (name.as_str(), Set::Numbers)));
    let mut table = Table::new("policies", &caption, &columns);
    for at in &story.policies {
        let mut row: Vec<Cell> = vec![story.plain(*at).into()];
        row.extend(FOLLOWED.map(|metric| standing(story, *at, metric)));
        if chance.is_some() {
            let aim = story.kept.aims.get(*at).and_then(|aims| aims.last());
            let told = aim.map_or_else(|| UNAVAILABLE.to_owned(), probability);
            row.push(told.into());
        }
        table.rows.push(row);
    }
    html.element("div", &[("class", "policies")], |html| table.write(html));
}

/// One policy in one metric.
fn standing(story: &Story<'_>, policy: usize, metric: Metric) -> Cell {
    let definition = metric.definition();
    let Some(numbers) = story.numbers(policy, story.last(), metric) else {
        return NOT_APPLICABLE.into();
    };
    let is_nothing = numbers.min == 0.0 && numbers.max == 0.0;
    let interval = number::interval(definition, numbers).filter(|_| !is_nothing);
    let mut below: Vec<String> = Vec::new();
    below.extend(interval.map(|ends| format!("95 %: {ends}")));
    if is_nothing {
        below.push("in every play".to_owned());
    } else if let Some(ends) = number::spread(definition, numbers) {
        below.push(format!("9 in 10 plays: {}", ends.join(" to ")));
    }
    let difference = story
        .versus_of(policy)
        .and_then(|versus| story.difference(versus, story.last(), metric));
    if let Some(difference) = difference {
        below.push(changed(definition, difference));
    }
    Cell {
        main: mean(definition, numbers),
        below,
    }
}

/// What changes, metric by metric, for each policy against the baseline.
pub fn changes(story: &Story<'_>) -> Option<Part> {
    let baseline = story.baseline()?;
    let metrics = happening(story.summary);
    let mut html = Html::new();
    let note = format!(
        "Differences are taken play by play, on the same families, workers and luck, in {} or, where they are counted, \
         over the whole time. In brackets the 95 % interval of the mean difference. \u{201c}No clear difference\u{201d} \
         means that the interval holds 0.",
        story.month(story.last())
    );
    html.words("p", &[], &note);
    let versus: Vec<&Versus> = story.versus().take(TABLES).collect();
    if versus.is_empty() {
        return None;
    }
    for one in &versus {
        let names = [story.name(one.policy), story.name(baseline)];
        let heading_of = format!("{} instead of {}", names[0], names[1]);
        let caption = format!("Measure by measure: {} less {}", names[0], names[1]);
        let columns = [
            ("What", Set::Words),
            ("For whom", Set::Words),
            ("Difference", Set::Words),
            ("Better in so many plays", Set::Numbers),
            ("Which is", Set::Words),
        ];
        let mut table = Table::new(&format!("changes{}", one.policy), &caption, &columns);
        for metric in &metrics {
            let definition = metric.definition();
            let Some(difference) = told(story.summary, one, *metric) else {
                continue;
            };
            let better = difference.p_better(definition.better);
            let is = verdict(definition, difference);
            table.row([
                heading(*metric),
                definition.for_whom.words().to_owned(),
                changed(definition, difference),
                better.map_or_else(|| NOT_APPLICABLE.to_owned(), number::share),
                is.to_owned(),
            ]);
        }
        html.words("h3", &[], &heading_of);
        table.write(&mut html);
    }
    Some(Part {
        id: "changes",
        heading: "What changes, and for whom".to_owned(),
        body: html,
    })
}
