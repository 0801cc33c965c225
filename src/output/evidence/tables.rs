//! Tables that the pack has and the report has not.

use crate::experiment::compare::Finding;
use crate::metric::catalogue::Better;
use crate::output::contrast::finding;
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::report::story::{FOLLOWED, Story, heading, mean, verdict};

/// The months in which each policy stands worst.
pub(super) fn worst_months(html: &mut Html, story: &Story<'_>) {
    let columns = [
        ("Policy", Set::Words),
        ("Measure", Set::Words),
        ("Worst month", Set::Words),
        ("Mean in it", Set::Numbers),
    ];
    let mut table = Table::new(
        "worst",
        "The worst month of each policy, by the mean over plays",
        &columns,
    );
    for policy in &story.policies {
        for metric in FOLLOWED {
            let definition = metric.definition();
            let sign = match definition.better {
                Better::Higher => -1.0,
                Better::Lower | Better::Neither => 1.0,
            };
            let months = 0..story.months.len();
            let known = months.filter_map(|row| Some((row, story.numbers(*policy, row, metric)?)));
            let worst = known.max_by(|a, b| (sign * a.1.mean).total_cmp(&(sign * b.1.mean)));
            if let Some((row, numbers)) = worst {
                let cells = [
                    story.plain(*policy),
                    heading(metric),
                    story.month(row),
                    mean(definition, numbers),
                ];
                table.row(cells);
            }
        }
    }
    table.write(html);
}

/// What was selected, by what, and what is not excluded.
pub(super) fn selection(html: &mut Html, story: &Story<'_>) {
    html.words(
        "p",
        &[],
        "No policy was selected by a procedure. Each interval holds with 95 % by itself; nothing is claimed for all of them together. \
         What the differences of the last month exclude:",
    );
    let Some(baseline) = story.baseline() else {
        html.words("p", &[], "This run compared no policies.");
        return;
    };
    let columns = [
        ("Policy", Set::Words),
        ("Measure", Set::Words),
        ("Against the baseline", Set::Words),
    ];
    let caption = format!("Against {}", story.name(baseline));
    let mut table = Table::new("selection-table", &caption, &columns);
    let mut open = 0;
    for versus in story.versus() {
        for metric in FOLLOWED {
            let definition = metric.definition();
            let Some(difference) = story.difference(versus, story.last(), metric) else {
                continue;
            };
            open += usize::from(finding(definition, difference) == Finding::Unclear);
            let words = verdict(definition, difference).to_owned();
            table.row([story.plain(versus.policy), heading(metric), words]);
        }
    }
    table.write(html);
    html.words(
        "p",
        &[],
        &format!(
            "In {} neither direction is excluded.",
            plural(open as u64, "line")
        ),
    );
}

/// Luck, and what is not known.
pub(super) fn uncertainty(html: &mut Html, story: &Story<'_>) {
    html.words(
        "p",
        &[],
        "Monte Carlo: the interval of every mean in item 14 says how far more plays could move it.",
    );
    let row = story.last();
    let columns = [
        ("Policy", Set::Words),
        ("Measure", Set::Words),
        (
            "Share of the variance that is what we do not know [%]",
            Set::Numbers,
        ),
    ];
    let caption = format!(
        "Inputs that are not known, against luck, in {}",
        story.month(row)
    );
    let mut table = Table::new("spread", &caption, &columns);
    for policy in &story.policies {
        for metric in FOLLOWED {
            let split = story.numbers(*policy, row, metric).and_then(|n| n.split);
            if let Some(share) = split.and_then(|split| split.share_between()) {
                let share = number::share(share.max(0.0));
                table.row([story.plain(*policy), heading(metric), share]);
            }
        }
    }
    match (table.rows.is_empty(), story.kept.manifest.run.replications_per_world) {
        (false, _) => table.write(html),
        (true, Some(_)) => html.words(
            "p",
            &[],
            "Parameters: inputs that are not known are drawn anew in each play, so that the spread of the plays holds them and luck \
             together. --outer tells them apart.",
        ),
        (true, None) => html.words(
            "p",
            &[],
            "Parameters: every input has one value in this run, so that no interval holds what is not known of them.",
        ),
    }
}

/// What each policy varies: its own entries in the register of inputs, or how the scenario describes it.
pub(super) fn inputs_by_policy(html: &mut Html, story: &Story<'_>) {
    let Some(document) = &story.kept.document else {
        return;
    };
    let mut columns = vec![("Policy", Set::Words)];
    columns.extend([("Varied", Set::Words)]);
    let mut table = Table::new(
        "varied",
        "What each policy varies, as the scenario says it",
        &columns,
    );
    for policy in &story.policies {
        let name = story.plain(*policy);
        let prefix = format!("policies.{name}.");
        let register = story.kept.manifest.scenario.evidence.iter();
        let own: Vec<String> = register
            .filter(|entry| {
                entry.key.starts_with(&prefix)
                    || entry.key.starts_with(&format!("policies.\"{name}\"."))
            })
            .map(|entry| format!("{} = {}", entry.key, entry.value))
            .collect();
        let known = document.scenario().policies.iter().find(|p| p.name == name);
        let words = match (own.is_empty(), known.and_then(|p| p.description.clone())) {
            (false, _) => own.join("; "),
            (true, Some(description)) => description,
            (true, None) => "see the text of the scenario".to_owned(),
        };
        table.row([name, words]);
    }
    table.write(html);
}
