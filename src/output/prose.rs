//! Sentences of a run's answer.

use crate::experiment::numbers::{Numbers, PolicySummary};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Definition, Metric};
use crate::output::number;

/// Characters of a line of prose.
const LINE: usize = 96;

/// The answer in plain words: what is told, each policy, and what is not to be trusted.
pub(super) fn in_words(summary: &Summary) -> Vec<String> {
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
pub(super) fn draws(summary: &Summary) -> u64 {
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
    if number::is_zero(&mean) {
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

/// So many of something, in words.
pub(super) fn plural(n: u64, what: &str) -> String {
    let count = number::count(n);
    // One policy, two policies; one play, two plays.
    let stem = what.strip_suffix('y').filter(|stem| !stem.ends_with('a'));
    match (n, stem) {
        (1, _) => format!("{count} {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {what}s"),
    }
}

/// Says in how many replications a target had nothing to look at, and so was not met.
pub(super) fn undefined(summary: &Summary, at: usize, text: &str) -> Option<String> {
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
pub(super) fn wrapped(text: &str) -> Vec<String> {
    wrapped_to(text, 0)
}

/// As [`wrapped`], in lines that leave room for some characters more.
pub(super) fn wrapped_to(text: &str, room: usize) -> Vec<String> {
    let width = LINE.saturating_sub(room);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let length = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && length > width {
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
        assert_eq!(plural(2, "play"), "2 plays");
        assert_eq!(plural(1000, "replication"), "1,000 replications");
    }

    #[test]
    fn a_missing_value_has_a_reason() {
        assert_eq!(why_empty("caseload_mean"), "nobody held a case");
        assert_eq!(why_empty("caseload_in_post"), "nobody was in post");
        assert_eq!(why_empty("wait_p90"), "no case was allocated");
    }
}
