//! Requirements: a target, and how probable it must be.

use crate::model::calendar::Calendar;
use crate::scenario::target::{self, Target, Wrong};

/// A target that must be met with a probability: `unallocated <= 5 in every month with 90%`.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// As written.
    pub text: String,
    /// What must hold.
    pub target: Target,
    /// With which probability at least, strictly between 0 and 1.
    pub probability: f64,
}

/// Reads a requirement: a [target](target::parse) and `with` a probability.
///
/// * `teams` - names of the teams, in the order of the scenario
/// * `calendar` - of the scenario
///
/// # Errors
/// What is wrong, and what to write instead.
pub fn parse(text: &str, teams: &[String], calendar: &Calendar) -> Result<Requirement, Wrong> {
    let text = text.trim();
    let Some((before, after)) = text.rsplit_once(" with ") else {
        let read = target::parse(text, teams, calendar);
        // What else is wrong is told first.
        read?;
        return Err((
            format!("\"{text}\" does not say how probable that must be"),
            format!("write \"{text} with 90%\": it must hold in nine replications of ten or more"),
        ));
    };
    let target = target::parse(before, teams, calendar)?;
    Ok(Requirement {
        text: text.to_owned(),
        target,
        probability: probability(after.trim())?,
    })
}

fn probability(text: &str) -> Result<f64, Wrong> {
    let remedy = || "write a probability such as 90%, or 0.9".to_owned();
    let (digits, over) = match text.strip_suffix('%') {
        Some(digits) => (digits.trim(), 100.0),
        None => (text, 1.0),
    };
    let read: Option<f64> = digits.parse().ok().filter(|p: &f64| p.is_finite());
    let Some(read) = read else {
        return Err((format!("\"{text}\" is no probability"), remedy()));
    };
    let p = read / over;
    match p {
        p if p > 0.0 && p < 1.0 => Ok(p),
        1.0 => Err((
            "no number of replications can show that something always holds".to_owned(),
            "write a probability below 100 %, such as 99%".to_owned(),
        )),
        p if over == 1.0 && p > 1.0 && p < 100.0 => Err((
            format!("a probability lies between 0 and 1, and is {read}"),
            format!("write {read}%"),
        )),
        _ => Err((
            format!("a probability lies above 0 and below 100 %, and is {text}"),
            remedy(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::target::When;
    use jiff::civil::date;

    fn read(text: &str) -> Result<Requirement, Wrong> {
        let calendar = Calendar::new(date(2026, 4, 1), 3, 24, &[]).unwrap();
        parse(text, &["North".to_owned()], &calendar)
    }

    #[test]
    fn a_requirement_is_a_target_and_a_probability() {
        for text in ["90%", "90 %", "0.9"] {
            let read = read(&format!("unallocated <= 5 in every month with {text}")).unwrap();
            assert_eq!(read.probability, 0.9, "{text}");
            assert_eq!(read.target.text, "unallocated <= 5 in every month");
        }
        let read = read("burnt_out_share < 0.1 at month 24 with 99.5%").unwrap();
        assert_eq!(read.target.when, When::At(23));
        assert_eq!(read.probability, 0.995);
    }

    #[test]
    fn a_wrong_requirement_says_what_to_write() {
        for (text, part) in [
            ("unallocated <= 5 in every month", "in every month with 90%"),
            ("unalocated <= 5 in every month with 90%", "`unallocated`"),
            ("unallocated <= 5 in every month with 100%", "below 100 %"),
            ("unallocated <= 5 in every month with 0%", "such as 90%"),
            ("unallocated <= 5 in every month with 90", "write 90%"),
            (
                "unallocated <= 5 in every month with luck",
                "a probability such as",
            ),
            ("unallocated <= 5 with 90%", "write"),
            ("unallocated <= 5 at month 25 with 90%", "1 to 24"),
        ] {
            let (what, remedy) = read(text).unwrap_err();
            assert!(remedy.contains(part), "{text}: {what}: {remedy}");
        }
    }
}
