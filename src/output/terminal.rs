//! What a run says on the terminal: a title, an answer in plain words, a table, a picture, and where
//! the files are.

use std::io;
use std::path::Path;

use comfy_table::CellAlignment;

use crate::experiment::plan::Plan;
use crate::experiment::summary::Summary;
use crate::metric::catalogue::Metric;
use crate::output::grid::{self, grid};
use crate::output::manifest::MANIFEST;
use crate::output::number;
use crate::output::picture;
use crate::output::precision;
use crate::output::prose::{draws, in_words, plural, undefined, wrapped};

/// The metrics of the table, at the end of the last month.
const MAIN: [Metric; 5] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
    Metric::NeedMet,
    Metric::VacancyRate,
];
/// The metrics of the pictures.
pub(super) const DRAWN: [Metric; 3] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
];
/// Under a scenario's targets, where a single world says nothing about the next.
pub(super) const ONE_WORLD: &str = "one world: no interval";

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
    for paragraph in in_words(summary) {
        for line in wrapped(&paragraph) {
            writeln!(out, "{line}")?;
        }
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
    picture::legend(out, summary, "means over replications")?;
    precision::spread(out, summary, &DRAWN)?;
    precision::reached(out, summary)
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

pub(super) fn heading(frame: &Frame<'_>) -> String {
    if frame.color {
        format!("\x1b[1m{}\x1b[0m", frame.title)
    } else {
        frame.title.to_owned()
    }
}

pub(super) fn setting(frame: &Frame<'_>, summary: &Summary) -> String {
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

/// Policies x main metrics in the last month, each with its interval and its range.
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
                Some(numbers) if definition.unit == "cases" && numbers.max <= 0.0 => {
                    "none".to_owned()
                }
                Some(numbers) => {
                    let mean = number::bare_mean(definition, numbers);
                    let interval = number::interval(definition, numbers);
                    let spread = number::spread(definition, numbers).map(|ends| ends.join(" to "));
                    let below = interval.into_iter().chain(spread);
                    below.fold(mean, |cell, line| format!("{cell}\n{line}"))
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
    let interval = (draws(summary) > 1).then_some("the 95 % interval of the mean");
    let spread = (summary.replications >= number::FEWEST)
        .then_some("the range that holds nine plays of ten");
    let below: Vec<&str> = interval.into_iter().chain(spread).collect();
    if below.is_empty() {
        return Ok(());
    }
    writeln!(out, "Below each mean {}.", below.join("; then "))
}

/// Targets x policies: the probability of each and of all together.
fn targets(out: &mut dyn io::Write, summary: &Summary) -> io::Result<()> {
    let mut table = grid();
    let names = summary.policies.iter().map(|p| p.name.clone());
    table.set_header(std::iter::once("how often the target is met".to_owned()).chain(names));
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
    writeln!(out, "{}", grid::text(&table))?;
    if summary.worlds == Some(1) {
        writeln!(out, "{ONE_WORLD}")?;
    }
    for (at, text) in summary.targets.iter().enumerate() {
        for line in undefined(summary, at, text).iter().flat_map(|t| wrapped(t)) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;
    use crate::metric::layout::Group;

    fn printed(summary: &Summary) -> String {
        let plan = Plan {
            policies: vec![0, 1],
            baseline: None,
            first: 0,
            replications: summary.replications,
            until: Vec::new(),
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
            "At the end of December 2025; averages over the plays",
            "Under \"no limit\" a full-time worker holds",
            "Under \"hard 3\"",
            "in nine plays of ten",
            "through workload",
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

    /// Asserts that a text has all words and none of the others.
    fn says(text: &str, words: &[&str], others: &[&str]) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for word in words {
            assert!(text.contains(word), "{word} is not in\n{text}");
        }
        for word in others {
            assert!(!text.contains(word), "{word} is in\n{text}");
        }
    }

    #[test]
    fn what_is_undefined_and_what_rests_on_one_world_is_told() {
        let mut summary = example::summary(20);
        let told = ["undefined", ONE_WORLD, "too few"];
        says(&printed(&summary), &[], &told);
        summary.policies[1].targets[0].undefined = 4;
        summary.worlds = Some(1);
        let words = [
            "undefined, and so not met, in 4 of 20 under \"hard 3\"",
            ONE_WORLD,
            "Only 1 draw of the numbers that are not known: too few",
        ];
        says(&printed(&summary), &words, &[]);
    }

    #[test]
    fn few_replications_are_not_trusted() {
        let words = ["Only 9 replications: too few to trust the intervals"];
        says(
            &printed(&example::summary(9)),
            &words,
            &["nine plays of ten between"],
        );
    }

    #[test]
    fn nothing_waiting_is_said_in_words_and_a_skewed_wait_has_its_median() {
        let mut summary = example::summary(20);
        let row = summary.months.len() - 1;
        let at = summary
            .layout
            .index(row, Metric::Unallocated, Group::Service)
            .unwrap();
        let numbers = &mut summary.policies[0].numbers[at];
        (numbers.mean, numbers.max) = (0.0, 0.0);
        let numbers = &mut summary.policies[1].numbers[at];
        (numbers.mean, numbers.se, numbers.max) = (8.0, 0.5, 40.0);
        (numbers.p5, numbers.p50, numbers.p95) = (0.0, 2.0, 31.0);
        let words = [
            "no case was without a worker in that month in any play",
            "8 cases at a time were without a worker in that month",
            "in nine plays of ten between 0 and 31 with a median of 2",
        ];
        says(&printed(&summary), &words, &["0.0 to 0.0"]);
        let numbers = &mut summary.policies[0].numbers[at];
        (numbers.mean, numbers.se, numbers.max) = (0.001, 0.001, 0.1);
        says(&printed(&summary), &["hardly any case"], &[]);
    }

    #[test]
    fn an_interruption_says_what_was_kept() {
        let plan = Plan {
            policies: vec![0],
            baseline: None,
            first: 0,
            replications: 1000,
            until: Vec::new(),
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
