//! What a run says on the terminal: a title, an answer in plain words, a table, a picture, and where
//! the files are.

use std::io;
use std::path::Path;

use comfy_table::CellAlignment;

use crate::experiment::plan::Plan;
use crate::experiment::summary::{Numbers, PolicySummary, Summary};
use crate::metric::catalogue::{Definition, Metric};
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
/// Under a scenario's targets, where a single world says nothing about the next.
const ONE_WORLD: &str = "one world: no interval";
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

/// The answer in plain words: what is told, each policy, and what is not to be trusted.
fn in_words(summary: &Summary) -> Vec<String> {
    let Some(last) = summary.months.len().checked_sub(1) else {
        return Vec::new();
    };
    let when = summary.months[last].last_day.strftime("%B %Y");
    let mut paragraphs = vec![format!(
        "At the end of {when}; averages over the plays, in brackets how precisely the average is known \
         (95 %):"
    )];
    paragraphs.extend((0..summary.policies.len()).map(|at| of_policy(summary, at, last)));
    paragraphs.extend(too_few(summary));
    paragraphs
}

/// Independent draws behind every number.
fn draws(summary: &Summary) -> u64 {
    summary.worlds.unwrap_or(summary.replications)
}

/// Says so where there are too few draws for any interval.
fn too_few(summary: &Summary) -> Option<String> {
    let draws = draws(summary);
    if draws >= number::FEWEST {
        return None;
    }
    let what = match summary.worlds {
        Some(worlds) => format!(
            "{} of the numbers that are not known",
            plural(worlds, "draw")
        ),
        None => plural(draws, "replication"),
    };
    Some(format!(
        "Only {what}: too few to trust the intervals. Take more with --replications."
    ))
}

fn of_policy(summary: &Summary, at: usize, row: usize) -> String {
    let policy = &summary.policies[at];
    let number = |metric: Metric| {
        let numbers = summary.service(at, row, metric)?;
        (!numbers.mean.is_nan()).then_some((metric.definition(), numbers))
    };
    let mut parts: Vec<String> = Vec::new();
    if let Some((definition, numbers)) = number(Metric::CaseloadMean) {
        let (mean, bracket) = known(definition, numbers);
        let spread = outcomes(definition, numbers).unwrap_or_default();
        parts.push(format!(
            "a full-time worker holds {mean} cases{bracket}{spread}"
        ));
    }
    if let Some((definition, numbers)) = number(Metric::BurntOutShare) {
        let (mean, bracket) = known(definition, numbers);
        let caused = number(Metric::BurntOutAttributable).map_or_else(String::new, |(d, n)| {
            if n.max > 0.0 {
                let points = number::bare_mean(d, n);
                format!(", {points} points of it through workload")
            } else {
                ", none of it through workload".to_owned()
            }
        });
        parts.push(format!(
            "{mean} % of workers are burnt out{bracket}{caused}"
        ));
    }
    parts.extend(number(Metric::Unallocated).map(|(d, n)| waiting(d, n)));
    parts.extend(chance(policy));
    if parts.is_empty() {
        parts.push("there is nothing to tell".to_owned());
    }
    format!("Under {:?} {}.", policy.name, parts.join("; "))
}

/// A mean and, in brackets, its interval.
fn known(definition: &Definition, numbers: &Numbers) -> (String, String) {
    let bracket = number::interval(definition, numbers);
    (
        number::bare_mean(definition, numbers),
        bracket.map_or_else(String::new, |i| format!(" ({i})")),
    )
}

/// Between what nine plays in ten lie.
fn outcomes(definition: &Definition, numbers: &Numbers) -> Option<String> {
    let [low, high] = number::spread(definition, numbers)?;
    Some(format!(", in nine plays of ten between {low} and {high}"))
}

/// Cases without a worker: few plays may have most of them, so that the median is told where the mean
/// says little about a common play.
fn waiting(definition: &Definition, numbers: &Numbers) -> String {
    /// Distance of mean and median, in parts of the range of nine plays in ten, that is worth a word.
    const SKEWED: f64 = 0.1;
    if numbers.max <= 0.0 {
        return "no case was without a worker in that month in any play".to_owned();
    }
    let (mean, bracket) = known(definition, numbers);
    if is_zero(&mean) {
        return "hardly any case was without a worker in that month".to_owned();
    }
    let mut text = format!("{mean} cases at a time were without a worker in that month{bracket}");
    if let Some(spread) = outcomes(definition, numbers) {
        text.push_str(&spread);
        let distance = (numbers.mean - numbers.p50).abs();
        if distance > SKEWED * (numbers.p95 - numbers.p5) {
            let median = number::median(definition, numbers);
            text.push_str(&format!(" with a median of {median}"));
        }
    }
    text
}

/// True where a printed number has no digit but 0.
fn is_zero(text: &str) -> bool {
    text.chars().all(|c| c == '0' || c == '.')
}

fn chance(policy: &PolicySummary) -> Option<String> {
    let all = policy.all_targets?;
    let what = match policy.targets.len() {
        1 => "the target".to_owned(),
        n => format!("all {n} targets"),
    };
    Some(format!(
        "the chance of meeting {what} is {}",
        number::probability(all)
    ))
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

/// Says in how many replications a target had nothing to look at, and so was not met.
fn undefined(summary: &Summary, at: usize, text: &str) -> Option<String> {
    let counted: Vec<String> = summary
        .policies
        .iter()
        .filter_map(|policy| Some((policy, policy.targets.get(at)?)))
        .filter(|(_, hits)| hits.undefined > 0)
        .map(|(policy, hits)| {
            let (undefined, n) = (number::count(hits.undefined), number::count(hits.n));
            format!("{undefined} of {n} under {:?}", policy.name)
        })
        .collect();
    let key = text.split_whitespace().next().unwrap_or_default();
    (!counted.is_empty()).then(|| {
        format!(
            "{text}: undefined, and so not met, in {}: {}",
            counted.join(", "),
            why_empty(key)
        )
    })
}

/// Why a metric may have no value.
fn why_empty(key: &str) -> &'static str {
    let begins = |with: &[&str]| with.iter().any(|w| key.starts_with(w));
    if begins(&["caseload_in_post"]) {
        "nobody was in post"
    } else if begins(&["caseload_established"]) {
        "there was no post"
    } else if begins(&["caseload", "families_", "points_per", "hours_per"]) {
        "nobody held a case"
    } else if begins(&["wait_"]) {
        "no case was allocated"
    } else if begins(&["queue_age"]) {
        "no case was without a worker"
    } else {
        "there was nothing to measure in some month"
    }
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
    use crate::metric::layout::Group;

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
        assert_eq!(why_empty("caseload_mean"), "nobody held a case");
        assert_eq!(why_empty("caseload_in_post"), "nobody was in post");
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
