//! The table: exact, simulated, standard error, z.

use std::io;

use crate::validation::suite::{Answer, FALSE_ALARM, Verdict, is_beyond};

const HEADING: &str = "configuration and quantity";

/// Prints a whole table: a paragraph for each configuration, and the verdict.
///
/// # Errors
/// Those of `out`.
pub fn report(out: &mut dyn io::Write, answers: &[Answer], verdict: &Verdict) -> io::Result<()> {
    let names = answers.iter().flat_map(|answer| &answer.lines);
    let longest = names.map(|line| line.quantity.chars().count()).max();
    let width = longest.unwrap_or(0).max(HEADING.len());
    writeln!(
        out,
        "  {HEADING:<width$} {:>12} {:>12} {:>12} {:>7}",
        "exact", "simulated", "std. error", "z"
    )?;
    for each in answers {
        answer(out, each, width, verdict.bound)?;
    }
    conclusion(out, verdict)
}

/// * `bound` - z-scores beyond it are marked with `!`
fn answer(out: &mut dyn io::Write, answer: &Answer, width: usize, bound: f64) -> io::Result<()> {
    writeln!(out)?;
    writeln!(
        out,
        "{}: {} ({} replications)",
        answer.name, answer.system, answer.replications
    )?;
    for line in &answer.lines {
        let mark = if is_beyond(line.z, bound) { " !" } else { "" };
        writeln!(
            out,
            "  {:<width$} {:>12} {:>12} {:>12} {:>7.2}{mark}",
            line.quantity,
            digits(line.exact),
            digits(line.simulated),
            digits(line.standard_error),
            line.z,
        )?;
    }
    Ok(())
}

fn conclusion(out: &mut dyn io::Write, verdict: &Verdict) -> io::Result<()> {
    writeln!(out)?;
    writeln!(
        out,
        "{} of {} lines are beyond 1.96 standard errors; chance makes about {:.0}.",
        verdict.beyond_two,
        verdict.lines,
        0.05 * verdict.lines as f64
    )?;
    let word = if verdict.beyond == 0 {
        "Passed"
    } else {
        "FAILED"
    };
    writeln!(
        out,
        "{word}: {} of {} |z| exceed {:.2}; correct code fails the table by chance less than once in {:.0} runs.",
        verdict.beyond,
        verdict.lines,
        verdict.bound,
        1.0 / FALSE_ALARM
    )
}

/// Five significant digits, without an exponent where that is readable.
fn digits(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        return "-".to_owned();
    }
    if size != 0.0 && !(1e-4..1e7).contains(&size) {
        return format!("{value:.2e}");
    }
    let before = if size >= 1.0 {
        libm::log10(size) as usize + 1
    } else {
        0
    };
    format!("{value:.*}", 5_usize.saturating_sub(before.max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validation::suite::{Line, judge};

    #[test]
    fn numbers_keep_five_digits() {
        assert_eq!(digits(0.030_404), "0.0304");
        assert_eq!(digits(22.2093), "22.209");
        assert_eq!(digits(-15_254.3), "-15254");
        assert_eq!(digits(1.0), "1.0000");
        assert_eq!(digits(0.0), "0.0000");
        assert_eq!(digits(1.26e-8), "1.26e-8");
        assert_eq!(digits(f64::NAN), "-");
    }

    #[test]
    fn a_line_beyond_the_bound_is_marked_and_the_table_has_failed() {
        let line = |z| Line {
            quantity: "open cases".into(),
            exact: 9.0,
            simulated: 9.5,
            standard_error: 0.05,
            z,
            n: 40,
        };
        let answers = [Answer {
            name: "one",
            system: "M/M/1",
            replications: 40,
            lines: vec![line(10.0), line(0.1)],
        }];
        let mut out = Vec::new();
        report(&mut out, &answers, &judge(&answers)).unwrap();
        let text = String::from_utf8(out).unwrap();
        let marked: Vec<&str> = text.lines().filter(|l| l.ends_with(" !")).collect();
        assert_eq!(marked.len(), 1);
        assert!(marked[0].contains("open cases") && marked[0].contains("9.5000"));
        assert!(text.contains("FAILED: 1 of 2 |z| exceed"));
        assert!(text.contains("less than once in 1000 runs"));
    }
}
