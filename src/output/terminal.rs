//! What a run says on the terminal: a title, an answer in plain words, a table, a picture, and where
//! the files are.

use std::io;
use std::path::Path;

use comfy_table::CellAlignment;

use crate::experiment::plan::Plan;
use crate::experiment::summary::{PolicySummary, Summary};
use crate::metric::catalogue::Metric;
use crate::output::grid::{self, grid};
use crate::output::manifest::MANIFEST;
use crate::output::number;
use crate::output::picture;

/// The metrics of the table, at the end of the last month.
const MAIN: [Metric; 5] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
    Metric::NeedMet,
    Metric::VacancyRate,
];
/// The metrics of the pictures.
const DRAWN: [Metric; 3] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
];
/// Characters of a line of prose.
const LINE: usize = 96;

/// What stands around the numbers.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Title of the scenario.
    pub title: &'a str,
    /// What was run.
    pub plan: &'a Plan,
    /// From the first replication to the last [s].
    pub wall_time_seconds: f64,
    /// Whether the title may be set in bold.
    pub color: bool,
}

/// Prints the answer of a run.
///
/// # Errors
/// Those of `out`.
pub fn answer(out: &mut dyn io::Write, frame: &Frame<'_>, summary: &Summary) -> io::Result<()> {
    writeln!(out, "{}", heading(frame))?;
    for line in wrapped(&setting(frame, summary)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for line in wrapped(&in_words(summary)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    table(out, summary)?;
    if !summary.targets.is_empty() {
        writeln!(out)?;
        targets(out, summary)?;
    }
    writeln!(out)?;
    for metric in DRAWN {
        picture::draw(out, summary, metric)?;
    }
    let step = picture::months_per_mark(summary);
    match step {
        1 => writeln!(out, "One mark a month; means over replications."),
        _ => writeln!(out, "One mark for {step} months; means over replications."),
    }
}

/// Says where the files are.
///
/// # Errors
/// Those of `out`.
pub fn files(out: &mut dyn io::Write, folder: &Path, names: &[String]) -> io::Result<()> {
    let names = names.join(", ");
    writeln!(
        out,
        "\nWritten to {}: {names} and {MANIFEST}",
        folder.display()
    )
}

/// Says what was kept of a run that was interrupted.
///
/// * `kept` - complete replications, from the first without a gap
/// * `folder` - where they stand; nothing where none was complete
///
/// # Errors
/// Those of `out`.
pub fn interrupted(
    out: &mut dyn io::Write,
    plan: &Plan,
    kept: u64,
    folder: Option<&Path>,
) -> io::Result<()> {
    match (folder, kept.checked_sub(1)) {
        (Some(folder), Some(last)) => writeln!(
            out,
            "interrupted: kept {} of {} replications (numbers {} to {}) in {}",
            number::count(kept),
            number::count(plan.replications),
            plan.first,
            plan.first + last,
            folder.display()
        ),
        _ => writeln!(
            out,
            "interrupted: no replication was complete, and nothing was written"
        ),
    }
}

fn heading(frame: &Frame<'_>) -> String {
    if frame.color {
        format!("\x1b[1m{}\x1b[0m", frame.title)
    } else {
        frame.title.to_owned()
    }
}

fn setting(frame: &Frame<'_>, summary: &Summary) -> String {
    let months = match (summary.months.first(), summary.months.last()) {
        (Some(first), Some(last)) => format!(
            "{} months from {} to {}",
            summary.months.len(),
            first.last_day.strftime("%B %Y"),
            last.last_day.strftime("%B %Y")
        ),
        _ => "no months".to_owned(),
    };
    format!(
        "{months}, {} of {} on the same luck, seed {}, {}.",
        plural(summary.replications, "replication"),
        plural(summary.policies.len() as u64, "policy"),
        frame.plan.seed,
        number::seconds(frame.wall_time_seconds)
    )
}

fn plural(n: u64, what: &str) -> String {
    let count = number::count(n);
    match (n, what.strip_suffix('y')) {
        (1, _) => format!("{count} {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {what}s"),
    }
}

/// The answer in one paragraph.
fn in_words(summary: &Summary) -> String {
    let Some(last) = summary.months.len().checked_sub(1) else {
        return String::new();
    };
    let when = summary.months[last].last_day.strftime("%B %Y");
    let each: Vec<String> = (0..summary.policies.len())
        .map(|at| of_policy(summary, at, last))
        .collect();
    format!("At the end of {when}, under {}.", each.join(". Under "))
}

fn of_policy(summary: &Summary, at: usize, row: usize) -> String {
    let policy = &summary.policies[at];
    let phrase = |metric: Metric, before: &str, after: &str| {
        let definition = metric.definition();
        let numbers = summary.service(at, row, metric)?;
        if numbers.mean.is_nan() {
            return None;
        }
        let mean = number::bare_mean(definition, numbers);
        let interval = number::interval(definition, numbers);
        let interval = interval.map_or_else(String::new, |i| format!(" ({i})"));
        Some(format!("{before}{mean}{after}{interval}"))
    };
    let mut parts: Vec<String> = [
        phrase(Metric::CaseloadMean, "a full-time worker holds ", " cases"),
        phrase(Metric::BurntOutShare, "", " % of workers are burnt out"),
        phrase(
            Metric::Unallocated,
            "",
            " cases were without a worker on average in that month",
        ),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.extend(chance(policy));
    if parts.is_empty() {
        parts.push("there is nothing to tell".to_owned());
    }
    format!("{:?} {}", policy.name, parts.join(", "))
}

fn chance(policy: &PolicySummary) -> Option<String> {
    let all = policy.all_targets?;
    let what = match policy.targets.len() {
        1 => "the target".to_owned(),
        n => format!("all {n} targets"),
    };
    Some(format!(
        "and the chance of meeting {what} is {}",
        number::probability(all)
    ))
}

/// Policies x main metrics in the last month, each with its interval.
fn table(out: &mut dyn io::Write, summary: &Summary) -> io::Result<()> {
    let Some(row) = summary.months.len().checked_sub(1) else {
        return Ok(());
    };
    let mut table = grid();
    let label = |metric: Metric| {
        let definition = metric.definition();
        let name = definition.key.replace('_', " ");
        format!("{name}\n{}", number::unit(definition))
    };
    table.set_header(
        std::iter::once("policy\nlast month".to_owned()).chain(MAIN.into_iter().map(label)),
    );
    for (at, policy) in summary.policies.iter().enumerate() {
        let numbers = MAIN.into_iter().map(|metric| {
            let definition = metric.definition();
            match summary.service(at, row, metric) {
                Some(numbers) => {
                    let mean = number::bare_mean(definition, numbers);
                    let interval = number::interval(definition, numbers);
                    format!("{mean}\n{}", interval.unwrap_or_default())
                }
                None => number::MISSING.to_owned(),
            }
        });
        table.add_row(std::iter::once(policy.name.clone()).chain(numbers));
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{}", grid::text(&table))?;
    writeln!(out, "Below each mean its 95 % interval.")
}

/// Targets x policies: the probability of each and of all together.
fn targets(out: &mut dyn io::Write, summary: &Summary) -> io::Result<()> {
    let mut table = grid();
    let names = summary.policies.iter().map(|p| p.name.clone());
    table.set_header(std::iter::once("probability of target".to_owned()).chain(names));
    for (at, text) in summary.targets.iter().enumerate() {
        let cells = summary.policies.iter().map(|policy| {
            let hits = policy.targets.get(at).copied();
            hits.map_or_else(|| number::MISSING.to_owned(), number::probability)
        });
        table.add_row(std::iter::once(text.clone()).chain(cells));
    }
    if summary.targets.len() > 1 {
        let cells = summary.policies.iter().map(|policy| {
            policy
                .all_targets
                .map_or_else(|| number::MISSING.to_owned(), number::probability)
        });
        table.add_row(std::iter::once("all together".to_owned()).chain(cells));
    }
    writeln!(out, "{}", grid::text(&table))
}

/// Text in lines of at most [`LINE`] characters, broken between words.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > LINE {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    #[test]
    fn prose_is_broken_between_words_and_loses_none() {
        let text = "word ".repeat(100);
        let lines = wrapped(&text);
        assert!(lines.iter().all(|l| l.chars().count() <= LINE));
        assert_eq!(lines.join(" "), text.trim());
        assert!(lines.len() > 1);
    }

    #[test]
    fn one_is_singular() {
        assert_eq!(plural(1, "policy"), "1 policy");
        assert_eq!(plural(3, "policy"), "3 policies");
        assert_eq!(plural(1000, "replication"), "1,000 replications");
    }

    fn printed(summary: &Summary) -> String {
        let plan = Plan {
            policies: vec![0, 1],
            first: 0,
            replications: summary.replications,
            seed: 1,
            replications_per_world: 1,
            threads: 1,
        };
        let frame = Frame {
            title: "A small example",
            plan: &plan,
            wall_time_seconds: 1.0,
            color: false,
        };
        let mut text = Vec::new();
        answer(&mut text, &frame, summary).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_answer_speaks_of_every_policy_and_target() {
        let text = printed(&example::summary(20));
        for words in [
            "A small example\n",
            "At the end of December 2025, under \"no limit\"",
            "Under \"hard 3\"",
            "20 replications of 2 policies",
            "unallocated <= 5 at 2025-12-31",
            "burnt out share [%]",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
    }

    #[test]
    fn what_is_missing_is_left_out_or_a_dash_and_never_a_strange_number() {
        let mut summary = example::summary(1);
        for policy in &mut summary.policies {
            for numbers in &mut policy.numbers {
                numbers.mean = f64::NAN;
            }
        }
        let text = printed(&summary);
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
        assert!(text.contains("unallocated [cases]: no values"), "{text}");
    }

    #[test]
    fn an_interruption_says_what_was_kept() {
        let plan = Plan {
            policies: vec![0],
            first: 0,
            replications: 1000,
            seed: 1,
            replications_per_world: 1,
            threads: 1,
        };
        let mut text = Vec::new();
        interrupted(&mut text, &plan, 12, Some(Path::new("out"))).unwrap();
        interrupted(&mut text, &plan, 0, None).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "interrupted: kept 12 of 1,000 replications (numbers 0 to 11) in out\n\
             interrupted: no replication was complete, and nothing was written\n"
        );
    }
}
