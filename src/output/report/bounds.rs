//! How far the answer carries: what would change it, and what it must not be used for.

use crate::experiment::compare::{Finding, Versus};
use crate::metric::catalogue::{Better, Metric};
use crate::metric::layout::Group;
use crate::output::compare::happening;
use crate::output::contrast::told;
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::shell::Part;
use crate::output::prose::plural;
use crate::output::reading::not_for;
use crate::output::report::answer::SENTENCES;
use crate::output::report::story::{FOLLOWED, Story, verdict};

/// What would change the answer, and what it must not be used for.
pub fn bounds(story: &Story<'_>) -> Part {
    let mut html = Html::new();
    let (first, last) = (story.month(0), story.month(story.last()));
    html.element("div", &[("class", "two")], |html| {
        html.element("div", &[], |html| {
            html.words("h3", &[], "What would change the answer");
            list(html, &would_change(story));
        });
        html.element("div", &[], |html| {
            html.words("h3", &[], "What it must not be used for");
            list(html, &not_for(&first, &last));
        });
    });
    Part {
        id: "bounds",
        heading: "How far it carries".to_owned(),
        body: html,
    }
}

pub fn list(html: &mut Html, items: &[String]) {
    html.element("ul", &[], |html| {
        for item in items {
            html.words("li", &[], item);
        }
    });
}

pub fn would_change(story: &Story<'_>) -> Vec<String> {
    let mut items = Vec::new();
    let register = &story.kept.manifest.scenario.evidence;
    let assumed: Vec<_> = register
        .iter()
        .filter(|entry| entry.grade.as_deref() == Some("D"))
        .collect();
    if !register.is_empty() {
        let ranged = assumed.iter().filter_map(|entry| {
            let range = entry.range.as_ref()?;
            Some(format!("{} ({range})", entry.key))
        });
        let named: Vec<String> = ranged.take(4).collect();
        let among = match named.is_empty() {
            true => String::new(),
            false => format!(
                " Among them, with the range in which they may lie: {}.",
                named.join("; ")
            ),
        };
        items.push(format!(
            "Other inputs. {} of {} rest on an assumption (grade D), not on a measurement.{among}",
            number::count(assumed.len() as u64),
            plural(register.len() as u64, "input")
        ));
    }
    // What the model's page says of itself, whatever the run.
    let is_assumed = |key: &str| assumed.iter().any(|entry| entry.key == key);
    if is_assumed("overload.thin") {
        items.push(
            "Whether an overloaded service first gives each family less, or slows down (overload.thin). Nobody has measured it, \
             and under lasting overload it decides between a stable service and one that runs away."
                .to_owned(),
        );
    }
    if is_assumed("strain.b_leave") || is_assumed("strain.gain") {
        items.push(
            "How strongly workload makes people leave or fall ill (strain). Its size is assumed."
                .to_owned(),
        );
    }
    let metrics = happening(story.summary);
    let mut open: Vec<String> = Vec::new();
    for versus in story.versus().take(SENTENCES) {
        items.extend(worlds(story, versus));
        let count = unclear(story, versus, &metrics);
        if count > 0 {
            open.push(format!(
                "{count} of {} under {}",
                metrics.len(),
                story.name(versus.policy)
            ));
        }
        items.extend(turning(story, versus));
    }
    if !open.is_empty() {
        items.push(format!(
            "More plays. Measures that show no clear difference yet: {}.",
            open.join("; ")
        ));
    }
    if let Some(explanation) = &story.kept.explanation {
        let assumed = explanation.rows.iter().filter(|row| {
            !row.is_horizon
                && row.weakest_grade == "D"
                && (row.carried[1] > 0.0 || row.carried[2] < 0.0)
        });
        let mut names: Vec<&str> = assumed.map(|row| row.cut.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        if !names.is_empty() {
            items.push(format!(
                "The sizes of these feedbacks, which carry some of the difference and are assumed: {}.",
                names.join(", ")
            ));
        }
    }
    items.push(
        "Another stretch of time: a change in demand takes about three years to show in full. Read the path, not only the end."
            .to_owned(),
    );
    items
}

/// Measures that show no clear difference.
fn unclear(story: &Story<'_>, versus: &Versus, metrics: &[Metric]) -> usize {
    let is_unclear = |metric: &&Metric| {
        let definition = metric.definition();
        let found = told(story.summary, versus, **metric);
        definition.better != Better::Neither
            && found.is_some_and(|one| verdict(definition, one) == Finding::Unclear.words())
    };
    metrics.iter().filter(is_unclear).count()
}

/// In how many of the plausible worlds a policy is better; nothing where no worlds are shared.
fn worlds(story: &Story<'_>, versus: &Versus) -> Option<String> {
    let parts: Vec<String> = FOLLOWED
        .into_iter()
        .filter_map(|metric| {
            let better = metric.definition().better;
            let difference = told(story.summary, versus, metric)?;
            let favour = difference.better_worlds(better)?;
            let interval = favour.interval()?;
            (difference.finding(better) != Finding::Same).then(|| {
                format!(
                    "{} {} ({:.0} to {:.0})",
                    metric.label().to_lowercase(),
                    number::share(favour.share()),
                    interval.low * 100.0,
                    interval.high * 100.0
                )
            })
        })
        .collect();
    let worlds = story.summary.worlds.filter(|_| !parts.is_empty())?;
    Some(format!(
        "What is not known. Of {} plausible worlds {} is better in: {}.",
        number::count(worlds),
        story.name(versus.policy),
        parts.join("; ")
    ))
}

/// Where a difference is not of the same sign all the time.
fn turning(story: &Story<'_>, versus: &Versus) -> Option<String> {
    let layout = &story.summary.layout;
    let of = |metric: Metric, wanted: Finding| {
        let better = metric.definition().better;
        (0..layout.months()).find(|row| {
            let group = Group::Service;
            let one = versus.of(layout, *row, metric, group);
            one.is_some_and(|d| d.finding(better) == wanted)
        })
    };
    let turned: Vec<&str> = FOLLOWED
        .into_iter()
        .filter(|metric| {
            of(*metric, Finding::Better).is_some() && of(*metric, Finding::Worse).is_some()
        })
        .map(Metric::label)
        .collect();
    (!turned.is_empty()).then(|| {
        format!(
            "The month that is looked at: under {} this is better in some months and worse in others: {}.",
            story.name(versus.policy),
            turned.join(", ")
        )
    })
}
