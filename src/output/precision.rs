//! How precisely things are known: what is luck, what we do not know, and which precisions were reached.

use std::io;

use crate::experiment::stopping::Outcome;
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Definition, Metric};
use crate::output::number;
use crate::output::prose::{plural, wrapped};
use crate::scenario::precision::Within;
use crate::statistics::interval::Interval;

/// Says how much of the spread is luck, in the last month; nothing where no worlds are shared.
///
/// # Errors
/// Those of `out`.
pub(super) fn spread(
    out: &mut dyn io::Write,
    summary: &Summary,
    metrics: &[Metric],
) -> io::Result<()> {
    let Some((worlds, last)) = summary.worlds.zip(summary.months.len().checked_sub(1)) else {
        return Ok(());
    };
    writeln!(out)?;
    let mut is_told = false;
    for (at, policy) in summary.policies.iter().enumerate() {
        let parts: Vec<String> = metrics
            .iter()
            .filter_map(|metric| {
                let split = summary.service(at, last, *metric)?.split?;
                let unknown = split.share_between()?;
                let name = metric.definition().key.replace('_', " ");
                Some(format!(
                    "of the spread of {name} {} is what we do not know and {} is luck",
                    number::share(unknown),
                    number::share(1.0 - unknown)
                ))
            })
            .collect();
        if parts.is_empty() {
            continue;
        }
        is_told = true;
        let text = format!("Under {:?} {}.", policy.name, parts.join("; "));
        for line in wrapped(&text) {
            writeln!(out, "{line}")?;
        }
    }
    if !is_told {
        writeln!(
            out,
            "The spread cannot be taken apart: too few worlds, or no spread."
        )?;
        return Ok(());
    }
    let of = plural(worlds, "plausible world");
    writeln!(
        out,
        "In the last month, over {of}; more replications lessen luck alone."
    )
}

/// Says which precisions were reached, and how long the others would take.
///
/// # Errors
/// Those of `out`.
pub(super) fn reached(out: &mut dyn io::Write, summary: &Summary) -> io::Result<()> {
    if summary.outcomes.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    for outcome in &summary.outcomes {
        for line in wrapped(&of_outcome(summary, outcome)) {
            writeln!(out, "{line}")?;
        }
    }
    let words = "The intervals hold at every look at once, at 95 %: stopping early costs no coverage. In \
                 brackets is the ordinary interval, which is right for a number of replications that was \
                 fixed before.";
    wrapped(words)
        .iter()
        .try_for_each(|line| writeln!(out, "{line}"))
}

fn of_outcome(summary: &Summary, outcome: &Outcome) -> String {
    let precision = &summary.until[outcome.precision];
    let policy = &summary.policies[outcome.policy].name;
    let whose = match &summary.comparison {
        Some(comparison) => {
            let baseline = &summary.policies[comparison.baseline].name;
            format!("{policy:?} less {baseline:?}")
        }
        None => format!("{policy:?}"),
    };
    let definition = precision.metric.definition();
    let ends =
        |interval: Option<Interval>| interval.map(|i| number::ends(definition, i, outcome.asked));
    let known = match (ends(outcome.interval), ends(summary.ordinary(outcome))) {
        (Some(sequence), Some(once)) => format!("{sequence} ({once})"),
        (Some(sequence), None) => sequence,
        (None, Some(once)) => format!("no interval to look at yet ({once})"),
        (None, None) => "no interval yet".to_owned(),
    };
    let end = match (outcome.reached, outcome.needed) {
        (Some(n), _) => format!("reached after {}", plural(n, "replication")),
        (None, Some(needed)) if needed < 1e15 => {
            let needed = number::times(needed);
            format!("not reached; about {needed} replications would do")
        }
        (None, _) => match precision.within {
            Within::Relative(_) if outcome.asked == 0.0 => {
                "cannot be reached: a part of a mean of 0 is nothing; ask for a width without %"
                    .to_owned()
            }
            _ => "not reached, and nothing tells how many replications would do".to_owned(),
        },
    };
    let text = format!("{}, {whose}: {end}. Between {known}.", precision.text)
        .replace("Between no", "There is no");
    match outcome.assumed_far.filter(|_| outcome.interval.is_some()) {
        Some(far) => format!("{text} {}", of_unseen(definition, outcome, far)),
        None => text,
    }
}

/// What the interval of values that are all as good as equal rests on.
fn of_unseen(definition: &Definition, outcome: &Outcome, far: f64) -> String {
    let unit = definition.unit;
    format!(
        "All {} values so far are equal, or closer together than the precision asked for; the interval allows for \
         values not seen yet that are up to {} {unit} away.",
        number::count(outcome.draws),
        number::times(far),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::example;

    fn text(write: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut text = Vec::new();
        write(&mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_spread_of_worlds_is_told_in_two_parts() {
        let summary = example::compared_in_worlds(200);
        let told = text(|out| spread(out, &summary, &[Metric::OpenCases]));
        // Worlds open with 0 to 39 cases, of which two months leave about 0.4: a variance near 0.16 x 133 = 21
        // beside one of about 20 x 0.24 + 10 = 13 or less by luck.
        let share = |word: &str| {
            let before = told.split(word).next().unwrap();
            before
                .split(' ')
                .nth_back(1)
                .unwrap()
                .parse::<f64>()
                .unwrap()
        };
        let (unknown, luck) = (share(" is what we"), share(" is luck"));
        assert!((60.0..95.0).contains(&unknown), "{told}");
        assert_eq!(unknown + luck, 100.0, "{told}");
        assert!(told.contains("over 40 plausible worlds"), "{told}");
        let certain = example::summary(20);
        assert_eq!(text(|out| spread(out, &certain, &[Metric::OpenCases])), "");
    }
}
