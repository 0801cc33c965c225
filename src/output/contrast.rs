//! What a policy changes against the baseline, and for whom, in words.

use crate::experiment::compare::{Comparison, Difference, Finding, Versus};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Better, Definition, ForWhom, Kind, Metric};
use crate::metric::layout::Group;
use crate::output::number;
use crate::output::prose::plural;

/// The row in which a metric is told: totals over the whole horizon, all else in the last month.
pub(super) fn row_of(summary: &Summary, metric: Metric) -> usize {
    match metric.definition().kind {
        Kind::Total => summary.layout.horizon_row(),
        _ => summary.months.len().saturating_sub(1),
    }
}

/// The service's difference in a metric, in the row in which it is told.
pub(super) fn told<'a>(
    summary: &Summary,
    versus: &'a Versus,
    metric: Metric,
) -> Option<&'a Difference> {
    let row = row_of(summary, metric);
    let difference = versus.of(&summary.layout, row, metric, Group::Service)?;
    (difference.n > 0).then_some(difference)
}

/// The one-line answer: `"hard 16" instead of "no limit": better for workers; worse for families who wait.`
pub(super) fn headline(
    summary: &Summary,
    comparison: &Comparison,
    versus: &Versus,
    metrics: &[Metric],
) -> String {
    format!(
        "{:?} instead of {:?}: {}.",
        summary.policies[versus.policy].name,
        summary.policies[comparison.baseline].name,
        in_short(summary, versus, metrics)
    )
}

/// For whom a policy is better, worse, or neither: `better for workers; worse for families who wait`
pub(super) fn in_short(summary: &Summary, versus: &Versus, metrics: &[Metric]) -> String {
    let kinds = [
        ("better for", Whose::Better),
        ("worse for", Whose::Worse),
        ("better and worse for", Whose::Mixed),
        ("no clear difference for", Whose::Unclear),
        ("no difference for", Whose::Same),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter_map(|(words, whose)| {
            let of = |whom: &&ForWhom| whose_gain(summary, versus, metrics, **whom) == Some(*whose);
            let names: Vec<&str> = ForWhom::ALL.iter().filter(of).map(|w| w.words()).collect();
            (!names.is_empty()).then(|| format!("{words} {}", listed(&names)))
        })
        .collect();
    match parts.is_empty() {
        true => "nothing to tell".to_owned(),
        false => parts.join("; "),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Better,
    Worse,
    Mixed,
    Unclear,
    Same,
}

fn whose_gain(
    summary: &Summary,
    versus: &Versus,
    metrics: &[Metric],
    whom: ForWhom,
) -> Option<Whose> {
    let found: Vec<Finding> = metrics
        .iter()
        .filter(|m| m.definition().for_whom == whom)
        .filter_map(|m| Some(finding(m.definition(), told(summary, versus, *m)?)))
        .collect();
    let (better, worse) = (
        found.contains(&Finding::Better),
        found.contains(&Finding::Worse),
    );
    match (better, worse) {
        (true, true) => Some(Whose::Mixed),
        (true, false) => Some(Whose::Better),
        (false, true) => Some(Whose::Worse),
        (false, false) if found.is_empty() => None,
        (false, false) if found.iter().all(|f| *f == Finding::Same) => Some(Whose::Same),
        (false, false) => Some(Whose::Unclear),
    }
}

/// What a difference comes to; one that is too small to print is none that is worth a word.
pub(super) fn finding(definition: &Definition, difference: &Difference) -> Finding {
    match difference.finding(definition.better) {
        Finding::Same => Finding::Same,
        _ if number::is_negligible(definition, difference) => Finding::Unclear,
        found => found,
    }
}

/// For each whom that has something to tell: who, and what got better, worse, or neither.
pub(super) fn for_whom(
    summary: &Summary,
    versus: &Versus,
    metrics: &[Metric],
) -> Vec<(&'static str, Vec<String>)> {
    ForWhom::ALL
        .iter()
        .filter_map(|whom| {
            let of_them: Vec<(&Definition, &Difference)> = metrics
                .iter()
                .map(|m| (m, m.definition()))
                .filter(|(_, d)| d.for_whom == *whom)
                .filter_map(|(m, d)| Some((d, told(summary, versus, *m)?)))
                .collect();
            let lines = lines(&of_them, summary.replications);
            (!lines.is_empty()).then(|| (whom.words(), lines))
        })
        .collect()
}

fn lines(of_them: &[(&Definition, &Difference)], replications: u64) -> Vec<String> {
    let kinds = [
        ("better", Finding::Better),
        ("worse", Finding::Worse),
        ("higher", Finding::Higher),
        ("lower", Finding::Lower),
    ];
    let with = |found: Finding| {
        let all = of_them.iter();
        all.filter(move |(d, difference)| finding(d, difference) == found)
    };
    let mut lines: Vec<String> = kinds
        .iter()
        .filter_map(|(word, found)| {
            let changed = |(d, one): &(&Definition, &Difference)| changed(d, one, replications);
            let told: Vec<String> = with(*found).map(changed).collect();
            (!told.is_empty()).then(|| format!("{word}: {}", told.join("; ")))
        })
        .collect();
    // Clear, and too small to print, is another thing than not clear.
    let is_small = |d: &Definition, one: &Difference| {
        finding(d, one) == Finding::Unclear && one.finding(d.better) != Finding::Unclear
    };
    for (word, found, small) in [
        ("hardly any difference", Finding::Unclear, true),
        ("no clear difference", Finding::Unclear, false),
        ("no difference", Finding::Same, false),
        ("too few plays to tell", Finding::Unknown, false),
    ] {
        let names: Vec<String> = with(found)
            .filter(|(d, one)| is_small(d, one) == small)
            .map(|(d, _)| name(d))
            .collect();
        if !names.is_empty() {
            lines.push(format!("{word}: {}", names.join(", ")));
        }
    }
    lines
}

/// `caseload mean 0.3 cases/FTE lower (-0.4 to -0.3)`; where a number is missing in some plays, in how many
/// both have one.
fn changed(definition: &Definition, difference: &Difference, replications: u64) -> String {
    let way = if difference.mean > 0.0 {
        "higher"
    } else {
        "lower"
    };
    let interval = number::difference_interval(definition, difference);
    let bracket = interval.map_or_else(String::new, |i| format!(" ({i})"));
    let over = match definition.kind {
        Kind::Total => " in all",
        _ => "",
    };
    let among = if difference.n < replications {
        format!(" in the {} that have both", plural(difference.n, "play"))
    } else {
        String::new()
    };
    format!(
        "{} {} {way}{over}{bracket}{among}",
        name(definition),
        number::size(definition, difference)
    )
}

fn name(definition: &Definition) -> String {
    definition.key.replace('_', " ")
}

/// Which plausible worlds favour a policy; nothing where no worlds are shared.
pub(super) fn worlds(summary: &Summary, versus: &Versus, metrics: &[Metric]) -> Option<String> {
    let parts: Vec<String> = metrics
        .iter()
        .filter(|m| m.definition().better != Better::Neither)
        .filter_map(|metric| {
            let definition = metric.definition();
            let favour = told(summary, versus, *metric)?.better_worlds(definition.better)?;
            let interval = favour.interval()?;
            Some(format!(
                "{} {} ({:.0} to {:.0})",
                name(definition),
                number::share(favour.share()),
                interval.low * 100.0,
                interval.high * 100.0
            ))
        })
        .collect();
    if parts.is_empty() {
        return None;
    }
    Some(format!(
        "Of {} plausible worlds it is better, on the mean of the world, in: {}.",
        number::count(summary.worlds?),
        parts.join("; ")
    ))
}

/// `workers, families who wait and the budget`
pub(super) fn listed(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    const BOTH: [Metric; 2] = [Metric::CaseloadMean, Metric::Unallocated];

    /// "hard 3" against "no limit", with a difference in caseload and in queue of these means.
    fn compared(caseload: f64, queue: f64) -> Summary {
        let mut summary = example::compared(20);
        for (metric, mean) in BOTH.into_iter().zip([caseload, queue]) {
            let row = row_of(&summary, metric);
            let at = summary.layout.index(row, metric, Group::Service).unwrap();
            let comparison = summary.comparison.as_mut().unwrap();
            let difference = &mut comparison.versus[0].differences[at];
            (difference.mean, difference.se) = (mean, 0.02);
            (difference.same, difference.n) = (u64::from(mean == 0.0) * 20, 20);
        }
        summary
    }

    fn said(caseload: f64, queue: f64) -> (String, Vec<(&'static str, Vec<String>)>) {
        let summary = compared(caseload, queue);
        let comparison = summary.comparison.as_ref().unwrap();
        let versus = &comparison.versus[0];
        (
            headline(&summary, comparison, versus, &BOTH),
            for_whom(&summary, versus, &BOTH),
        )
    }

    #[test]
    fn an_answer_says_what_got_better_and_worse_and_for_whom() {
        let (headline, whom) = said(-0.5, 2.0);
        let words =
            "\"hard 3\" instead of \"no limit\": better for workers; worse for families who wait.";
        assert_eq!(headline, words);
        assert_eq!(whom[0].0, "workers");
        let line = "better: caseload mean 0.5 cases/FTE lower (-0.5 to -0.5)";
        assert_eq!(whom[0].1, [line]);
        assert_eq!(whom[1].0, "families who wait");
        assert!(whom[1].1[0].starts_with("worse: unallocated 2.0 cases higher"));
    }

    #[test]
    fn what_is_unclear_small_or_the_same_is_told_as_such() {
        let (headline, whom) = said(0.03, 0.0);
        assert!(
            headline
                .ends_with("no clear difference for workers; no difference for families who wait.")
        );
        assert_eq!(whom[0].1, ["no clear difference: caseload mean"]);
        assert_eq!(whom[1].1, ["no difference: unallocated"]);
        // Clear, and not worth a digit.
        let mut summary = compared(0.0, 0.0);
        let at = summary
            .layout
            .index(row_of(&summary, BOTH[0]), BOTH[0], Group::Service)
            .unwrap();
        let comparison = summary.comparison.as_mut().unwrap();
        let difference = &mut comparison.versus[0].differences[at];
        (difference.mean, difference.se, difference.same) = (-0.004, 0.0001, 3);
        let versus = &summary.comparison.as_ref().unwrap().versus[0];
        let told = for_whom(&summary, versus, &BOTH[..1]);
        assert_eq!(told[0].1, ["hardly any difference: caseload mean"]);
    }

    #[test]
    fn plausible_worlds_are_counted_where_there_are_any() {
        let summary = example::compared_in_worlds(50);
        let versus = &summary.comparison.as_ref().unwrap().versus[0];
        let text = worlds(&summary, versus, &BOTH).unwrap();
        assert!(text.starts_with("Of 10 plausible worlds"), "{text}");
        assert!(text.contains("unallocated 0 %"), "{text}");
        let certain = example::compared(20);
        let versus = &certain.comparison.as_ref().unwrap().versus[0];
        assert_eq!(worlds(&certain, versus, &BOTH), None);
    }

    #[test]
    fn names_are_listed_with_an_and() {
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
        assert_eq!(listed(&["a"]), "a");
    }
}
