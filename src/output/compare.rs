//! What a comparison says on the terminal: who gains and who loses, tables, targets and pictures.

use std::io;

use comfy_table::CellAlignment;

use crate::experiment::compare::{Comparison, Difference, Versus};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Better, Kind, Metric};
use crate::metric::layout::Group;
use crate::output::contrast::{for_whom, headline, row_of, told, worlds};
use crate::output::grid::{self, grid};
use crate::output::number;
use crate::output::picture;
use crate::output::precision;
use crate::output::prose::{plural, undefined, wrapped, wrapped_to};
use crate::output::terminal::{DRAWN, Frame, ONE_WORLD, heading, setting};
use crate::scenario::target::{Wrong, named};

/// The metrics of the table: of workers, families, managers and the budget. The slack stands beside the queue
/// and the age of the queue beside the wait, because each looks well alone; its longest has a value where nobody
/// waits too.
const MAIN: [Metric; 22] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::StrainMean,
    Metric::Overtime,
    Metric::Unallocated,
    Metric::Slack,
    Metric::WaitMean,
    Metric::QueueAgeMean,
    Metric::QueueAgeLongest,
    Metric::ScreenedOut,
    Metric::NeedMet,
    Metric::WorkerChanges,
    Metric::Escalations,
    Metric::Supervision,
    Metric::AllocatedOverLimit,
    Metric::ManagerHeld,
    Metric::LimitLapsed,
    Metric::Declined,
    Metric::DeadlinesMet,
    Metric::Leavers,
    Metric::Cost,
    Metric::AgencyShare,
];
/// Metrics that mislead alone, each with the one to read beside it.
const BESIDE: [(Metric, Metric); 5] = [
    (Metric::Unallocated, Metric::Slack),
    (Metric::UnallocatedCensus, Metric::Slack),
    (Metric::WaitMean, Metric::QueueAgeMean),
    (Metric::WaitMean, Metric::QueueAgeLongest),
    (Metric::WaitP90, Metric::QueueAgeLongest),
];
/// The column of names.
const WHOM_WIDTH: usize = 19;

/// The metrics of a comparison's table and pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    table: Vec<Metric>,
    drawn: Vec<Metric>,
    /// True where nobody named them, so that those may be left out that nothing ever happens to.
    is_main: bool,
}

/// The metrics of some names, each with the one that must be read beside it; of no names the main ones.
///
/// # Errors
/// The first name that no metric has, and the nearest that one has.
pub fn shown(keys: &[String]) -> Result<Shown, Wrong> {
    if keys.is_empty() {
        return Ok(Shown {
            table: MAIN.to_vec(),
            drawn: DRAWN.to_vec(),
            is_main: true,
        });
    }
    let mut shown = Shown {
        table: Vec::new(),
        drawn: Vec::new(),
        is_main: false,
    };
    for key in keys {
        let metric = named(key)?;
        let beside = BESIDE.iter().filter(|(m, _)| *m == metric).map(|(_, b)| *b);
        for one in std::iter::once(metric).chain(beside) {
            if !shown.table.contains(&one) {
                shown.table.push(one);
            }
        }
        if !shown.drawn.contains(&metric) {
            shown.drawn.push(metric);
        }
    }
    Ok(shown)
}

/// Prints the answer of a comparison.
///
/// # Errors
/// Those of `out`.
pub fn answer(
    out: &mut dyn io::Write,
    frame: &Frame<'_>,
    summary: &Summary,
    comparison: &Comparison,
    shown: &Shown,
) -> io::Result<()> {
    writeln!(out, "{}", heading(frame))?;
    for line in wrapped(&setting(frame, summary)) {
        writeln!(out, "{line}")?;
    }
    let Some(last) = summary.months.last() else {
        return Ok(());
    };
    let when = last.last_day.strftime("%B %Y");
    let words = format!(
        "What each policy changes against {:?} in {when}, and in all over {} where it is counted; in brackets \
         the 95 % interval of the mean difference on the same luck.",
        summary.policies[comparison.baseline].name,
        plural(summary.months.len() as u64, "month")
    );
    writeln!(out)?;
    for line in wrapped(&words) {
        writeln!(out, "{line}")?;
    }
    let happening: Vec<Metric> = match shown.is_main {
        true => happening(summary),
        false => shown.table.clone(),
    };
    for versus in &comparison.versus {
        writeln!(out)?;
        in_words(out, summary, comparison, versus, &happening)?;
    }
    few(out, summary)?;
    for versus in &comparison.versus {
        writeln!(out)?;
        table(out, summary, comparison, versus, &happening)?;
    }
    legend(out)?;
    if !summary.targets.is_empty() {
        writeln!(out)?;
        targets(out, summary, comparison)?;
    }
    writeln!(out)?;
    for metric in &shown.drawn {
        picture::draw_difference(out, summary, comparison, *metric)?;
    }
    picture::legend(
        out,
        summary,
        "means of differences with their 95 % interval",
    )?;
    precision::spread(out, summary, &shown.drawn)?;
    precision::reached(out, summary)
}

/// The main metrics of workers, families, managers and the budget, without those that nothing ever happens to.
pub(super) fn happening(summary: &Summary) -> Vec<Metric> {
    let main = MAIN.into_iter();
    main.filter(|metric| happens(summary, *metric)).collect()
}

/// True where a metric is anything but 0 under some policy, over the horizon.
fn happens(summary: &Summary, metric: Metric) -> bool {
    let row = summary.layout.horizon_row();
    (0..summary.policies.len()).any(|policy| {
        let numbers = summary.service(policy, row, metric);
        numbers.is_some_and(|n| n.n > 0 && (n.min, n.max) != (0.0, 0.0))
    })
}

/// A headline, and for each whom what changed.
fn in_words(
    out: &mut dyn io::Write,
    summary: &Summary,
    comparison: &Comparison,
    versus: &Versus,
    metrics: &[Metric],
) -> io::Result<()> {
    for line in wrapped(&headline(summary, comparison, versus, metrics)) {
        writeln!(out, "{line}")?;
    }
    for (whom, lines) in for_whom(summary, versus, metrics) {
        let mut label = whom;
        let wrapped = lines.iter().flat_map(|line| {
            let lines = wrapped_to(line, WHOM_WIDTH + 4);
            lines.into_iter().enumerate()
        });
        for (at, line) in wrapped {
            let indent = if at == 0 { "" } else { "  " };
            writeln!(out, "  {label:WHOM_WIDTH$}{indent}{line}")?;
            label = "";
        }
    }
    if let Some(text) = worlds(summary, versus, metrics) {
        for line in wrapped(&text) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Says so where there are too few draws for any interval.
fn few(out: &mut dyn io::Write, summary: &Summary) -> io::Result<()> {
    let draws = summary.worlds.unwrap_or(summary.replications);
    if draws >= number::FEWEST {
        return Ok(());
    }
    writeln!(
        out,
        "\nOnly {} independent draws: too few to trust the intervals. Take more with --replications.",
        number::count(draws)
    )
}

/// Metrics x what is known of the difference, two lines each.
fn table(
    out: &mut dyn io::Write,
    summary: &Summary,
    comparison: &Comparison,
    versus: &Versus,
    metrics: &[Metric],
) -> io::Result<()> {
    let baseline = &summary.policies[comparison.baseline].name;
    writeln!(
        out,
        "{:?} against {baseline:?}",
        summary.policies[versus.policy].name
    )?;
    let mut table = grid();
    table.set_header([
        "metric\nunit",
        "baseline",
        "last month\n95 %",
        "all months\n95 %",
        "better in\nsame in",
        "luck\nsaves",
        "worst\nmonth",
        "better\nfrom",
    ]);
    for metric in metrics {
        if told(summary, versus, *metric).is_some() {
            table.add_row(row(summary, comparison, versus, *metric));
        } else if let Some(row) = unpaired(summary, comparison, versus, *metric) {
            table.add_row(row);
        }
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    writeln!(out, "{}", grid::text(&table))
}

fn row(summary: &Summary, comparison: &Comparison, versus: &Versus, metric: Metric) -> [String; 8] {
    let definition = metric.definition();
    let layout = &summary.layout;
    let row = row_of(summary, metric);
    let at = |row: usize| versus.of(layout, row, metric, Group::Service);
    let with_interval = |row: usize| {
        at(row)
            .filter(|d| d.n > 0)
            .map_or_else(missing, |difference| {
                let mean = number::difference(definition, difference);
                let interval = number::difference_interval(definition, difference);
                interval.map_or(mean.clone(), |i| format!("{mean}\n{i}"))
            })
    };
    let last = summary.months.len().saturating_sub(1);
    let numbers = summary.service(comparison.baseline, row, metric);
    let shares = at(row).map_or_else(missing, |difference| {
        let tie = difference.p_tie().map_or_else(missing, number::share);
        match difference.p_better(definition.better) {
            Some(better) => format!("{}\n{tie}", number::share(better)),
            None => format!("{}\n{tie}", number::MISSING),
        }
    });
    let worst = versus.worst_month(layout, metric, Group::Service);
    let better_from = versus.better_from(layout, metric, Group::Service);
    let month = |row: usize| summary.months[row].last_day.strftime("%b %Y").to_string();
    [
        format!(
            "{}\n{}",
            definition.key.replace('_', " "),
            number::unit(definition)
        ),
        numbers.map_or_else(missing, |n| number::bare_mean(definition, n)),
        // A sum of one month says little: it is told in all.
        match definition.kind {
            Kind::Total => missing(),
            _ => with_interval(last),
        },
        with_interval(layout.horizon_row()),
        shares,
        at(row).map_or_else(missing, saved),
        match (worst, definition.better) {
            (_, Better::Neither) | (None, _) => missing(),
            (Some(row), _) if at(row).is_some_and(|d| d.same == d.n) => missing(),
            (Some(row), _) => {
                let by = at(row).map_or_else(missing, |d| number::difference(definition, d));
                format!("{}\n{by}", month(row))
            }
        },
        better_from.map_or_else(missing, month),
    ]
}

/// The row of a metric that no play has under both: what each has by itself. A queue that one policy makes has an
/// age, and must not vanish because the other has none. Nothing where neither has any.
fn unpaired(
    summary: &Summary,
    comparison: &Comparison,
    versus: &Versus,
    metric: Metric,
) -> Option<[String; 8]> {
    let definition = metric.definition();
    let row = row_of(summary, metric);
    let mean = |policy: usize| {
        let numbers = summary.service(policy, row, metric)?;
        (numbers.n > 0).then(|| number::bare_mean(definition, numbers))
    };
    let (ours, theirs) = (mean(versus.policy), mean(comparison.baseline));
    if ours.is_none() && theirs.is_none() {
        return None;
    }
    let ours = ours.map_or_else(missing, |mean| format!("{mean} here\nnone there"));
    Some([
        format!(
            "{}\n{}",
            definition.key.replace('_', " "),
            number::unit(definition)
        ),
        theirs.unwrap_or_else(missing),
        ours,
        missing(),
        missing(),
        missing(),
        missing(),
        missing(),
    ])
}

fn missing() -> String {
    number::MISSING.to_owned()
}

/// How many times as many independent runs would be as precise.
fn saved(difference: &Difference) -> String {
    if difference.n > 0 && difference.same == difference.n {
        return "identical".to_owned();
    }
    match difference.variance_ratio {
        ratio if ratio.is_finite() => format!("{} x", number::times(ratio)),
        _ => missing(),
    }
}

fn legend(out: &mut dyn io::Write) -> io::Result<()> {
    let words = "Baseline: its mean in the last month, of what is counted in all. \"Better in\": share of the \
                 plays in which the policy is strictly better, and under it the share in which both are the \
                 same. \"Luck saves\": how many times as many plays two independent runs would need for the \
                 same precision. Worst month: where the policy stands worst against the baseline, and by \
                 how much. Better from: the month from which on it is clearly better to the end.";
    wrapped(words)
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
}

/// Targets x policies: the probability of each and of all together, and under it the difference.
fn targets(out: &mut dyn io::Write, summary: &Summary, comparison: &Comparison) -> io::Result<()> {
    let mut table = grid();
    let names = summary.policies.iter().map(|p| p.name.clone());
    table.set_header(std::iter::once("how often the target is met".to_owned()).chain(names));
    let together = (summary.targets.len() > 1).then_some("all together");
    let texts = summary.targets.iter().map(String::as_str).chain(together);
    for (number, text) in texts.enumerate() {
        let cells = summary.policies.iter().enumerate().map(|(at, policy)| {
            let hits = policy.targets.get(number).copied().or(policy.all_targets);
            let chance = hits.map_or_else(missing, number::probability);
            let versus = comparison.versus.iter().find(|v| v.policy == at);
            let target = versus.and_then(|v| v.targets.get(number).copied().or(v.all_targets));
            match target {
                Some(target) => format!(
                    "{chance}\n{}\n{} only here, {} only there",
                    number::probability_difference(&target),
                    number::count(target.counts.only_first),
                    number::count(target.counts.only_second)
                ),
                None => chance,
            }
        });
        table.add_row(std::iter::once(text.to_owned()).chain(cells));
    }
    writeln!(out, "{}", grid::text(&table))?;
    let words = format!(
        "Under each probability the difference to {:?} in percentage points, with its interval, and in how many \
         replications one policy alone meets the target.",
        summary.policies[comparison.baseline].name
    );
    for line in wrapped(&words) {
        writeln!(out, "{line}")?;
    }
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

    fn printed(summary: &Summary, keys: &[&str]) -> String {
        let plan = example::plan(summary.replications);
        let frame = Frame {
            title: "A small example",
            plan: &plan,
            wall_time_seconds: 1.0,
            color: false,
        };
        let keys: Vec<String> = keys.iter().map(|k| (*k).to_owned()).collect();
        let shown = shown(&keys).unwrap();
        let mut text = Vec::new();
        let comparison = summary.comparison.as_ref().unwrap();
        answer(&mut text, &frame, summary, comparison, &shown).unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn the_answer_speaks_of_everybody_and_of_every_target() {
        let text = printed(&example::compared(40), &[]);
        for words in [
            "A small example\n",
            "against \"no limit\" in December 2025",
            "\"hard 3\" instead of \"no limit\": better for workers",
            "worse for families who wait",
            "families served",
            "unallocated <= 5 at 2025-12-31",
            "only here",
            "queue age mean",
            "slack",
            "difference to \"no limit\"",
            " x ",
        ] {
            assert!(text.contains(words), "{words} is not in\n{text}");
        }
        assert!(!text.contains("NaN") && !text.contains("inf"), "{text}");
    }

    #[test]
    fn a_wait_is_never_shown_without_the_age_of_the_queue_nor_a_queue_without_the_slack() {
        let keys = ["wait_mean".to_owned(), "unallocated".to_owned()];
        let shown = shown(&keys).unwrap();
        let beside = [
            Metric::WaitMean,
            Metric::QueueAgeMean,
            Metric::QueueAgeLongest,
            Metric::Unallocated,
            Metric::Slack,
        ];
        assert_eq!(shown.table, beside);
        assert_eq!(shown.drawn, [Metric::WaitMean, Metric::Unallocated]);
    }

    #[test]
    fn an_unknown_metric_is_told_its_nearest_neighbour() {
        let (what, remedy) = shown(&["unalocated".to_owned()]).unwrap_err();
        assert!(what.contains("unalocated") && remedy.contains("`unallocated`"));
    }

    #[test]
    fn identical_policies_are_told_as_such() {
        let mut summary = example::compared(20);
        let comparison = summary.comparison.as_mut().unwrap();
        for difference in &mut comparison.versus[0].differences {
            (difference.mean, difference.se, difference.same) = (0.0, 0.0, difference.n);
            (difference.lower, difference.variance_ratio) = (0, f64::NAN);
        }
        let text = printed(&summary, &["caseload_mean", "unallocated"]);
        assert!(text.contains("identical"), "{text}");
        assert!(text.contains("no difference: caseload mean"), "{text}");
    }

    #[test]
    fn few_replications_and_worlds_are_told() {
        let text = printed(&example::compared(4), &[]);
        assert!(text.contains("Only 4 independent draws"), "{text}");
        let text = printed(&example::compared_in_worlds(60), &["unallocated"]);
        assert!(text.contains("12 plausible worlds"), "{text}");
        assert!(text.contains("is what we do not know"), "{text}");
    }
}
