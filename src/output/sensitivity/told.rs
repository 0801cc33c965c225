//! What is told, and the small words of it.

use crate::experiment::sensitivity::answer::{Found, Study, overall};
use crate::experiment::sensitivity::design::Point;
use crate::experiment::sensitivity::input::{Input, Inputs, Origin};
use crate::experiment::sensitivity::play::Played;
use crate::experiment::sensitivity::question::{Looked, Question};
use crate::experiment::sensitivity::robust::Robust;
use crate::output::number;
use crate::scenario::document::Document;
use crate::statistics::sobol::Index;

/// A question with its answer.
pub struct Told<'a> {
    /// The scenario as it is.
    pub document: &'a Document,
    /// What is not known of it.
    pub inputs: &'a Inputs,
    /// What was asked.
    pub question: &'a Question,
    /// The points.
    pub points: &'a [Point],
    /// What they came to.
    pub played: &'a Played,
    /// Where the spread comes from.
    pub studies: &'a [Study],
    /// What they say as plausible worlds; nothing of a screening.
    pub robust: Option<&'a Robust>,
}

impl Told<'_> {
    /// Name of a policy of the question.
    pub fn policy(&self, at: usize) -> &str {
        let policies = &self.document.scenario().policies;
        let place = self.question.policies.get(at);
        place
            .and_then(|place| policies.get(*place))
            .map_or("", |policy| policy.name.as_str())
    }

    /// An input.
    pub fn input(&self, at: usize) -> &Input {
        &self.inputs.list[at]
    }

    /// How many inputs there are.
    pub fn count(&self) -> usize {
        self.inputs.list.len()
    }

    /// What is looked at, of a study.
    pub fn looked(&self, study: &Study) -> Looked<'_> {
        self.question.looked()[study.looked]
    }

    /// How much each input matters on the whole, as [`overall`].
    pub fn overall(&self) -> Vec<(usize, f64, usize)> {
        overall(self.studies, self.count())
    }

    /// The input that matters most of those whose evidence is an assumption, unverified or not graded at all: what to find
    /// out next. Nothing where none of them is seen to matter. What is a choice cannot be found out.
    pub fn next_study(&self) -> Option<usize> {
        let weak = |input: &usize| {
            let own = self.input(*input);
            !own.is_choice && matches!(grade(own), "D" | "M" | NO_GRADE)
        };
        let seen = self.overall().into_iter().filter(|(.., seen)| *seen > 0);
        seen.map(|(input, ..)| input).find(weak)
    }
}

/// Stands for a grade that nobody gives.
pub const NO_GRADE: &str = "none";

/// Grade of the evidence for an input.
pub fn grade(input: &Input) -> &str {
    let evidence = input.evidence.as_ref();
    evidence
        .and_then(|e| e.grade.as_deref())
        .unwrap_or(NO_GRADE)
}

/// How it is said that an input is not known.
pub fn origin(input: &Input) -> &'static str {
    match input.origin {
        Origin::Law => "law",
        Origin::Range => "range",
        Origin::Varied => "--vary",
    }
}

/// A number to four digits, without noughts at its end.
pub fn plain(value: f64) -> String {
    if !value.is_finite() {
        return number::MISSING.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let before = libm::floor(libm::log10(libm::fabs(value))) as i32;
    let places = (3 - before).clamp(0, 12) as usize;
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

/// A number of an input.
pub fn amount(input: &Input, value: f64) -> String {
    match input.is_factor {
        true => format!("x{}", plain(value)),
        false => plain(value),
    }
}

/// A part of the variance in per cent, with its interval: `62 (55 to 70)`. What chance carries below 0 or above 100 is cut
/// off there.
pub fn part(index: &Index) -> String {
    let percent = |value: f64| format!("{:.0}", (value * 100.0).clamp(0.0, 100.0));
    if !index.value.is_finite() {
        return number::MISSING.to_owned();
    }
    match index.interval {
        // No number of rows shows that a part is nothing at all.
        Some(i) if i.high < 0.005 => "< 1".to_owned(),
        Some(i) => format!(
            "{} ({} to {})",
            percent(index.value),
            percent(i.low),
            percent(i.high)
        ),
        None => percent(index.value),
    }
}

/// A value of what is looked at, with the digits that a standard error supports.
pub fn value(looked: &Looked<'_>, value: f64, se: f64) -> String {
    match looked {
        Looked::Outcome(outcome) => number::supported(outcome.metric.definition(), value, se),
        Looked::Met(_) | Looked::AllMet => {
            let places = usize::from(se < 0.005);
            format!("{:.places$}", value * 100.0)
        }
    }
}

/// The unit in which [`value`] prints.
pub fn unit(looked: &Looked<'_>) -> String {
    match looked {
        Looked::Outcome(outcome) => number::unit(outcome.metric.definition()),
        Looked::Met(_) | Looked::AllMet => "%".to_owned(),
    }
}

/// Part of the variance of one replication that is luck [1]; nothing of a screening.
pub fn luck(study: &Study) -> Option<f64> {
    match &study.found {
        Found::Indices(found) => Some(found.noise_share()).filter(|share| share.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_four_digits_and_no_noughts_behind() {
        for (value, text) in [
            (0.0, "0"),
            (12.0, "12"),
            (8.123456, "8.123"),
            (0.0123456, "0.01235"),
            (-0.5, "-0.5"),
            (123456.7, "123457"),
            (f64::NAN, "-"),
        ] {
            assert_eq!(plain(value), text);
        }
    }
}
