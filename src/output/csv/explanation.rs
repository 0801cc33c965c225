//! What each feedback carries of a difference, as a tidy table.

use std::io;

use crate::experiment::compare::Difference;
use crate::experiment::summary::Summary;
use crate::output::csv::cell;
use crate::output::explain::Explanation;

/// Writes: policy, against, month_end (or `horizon`), metric, unit, cut, the difference as it is (`whole`), what it
/// loses by the cut (`carried`), what is left of it (`left`), each with its 95 % interval, n, and the weakest evidence
/// (key and grade) of the feedback.
///
/// # Errors
/// Those of `out`.
pub fn explanation(
    out: impl io::Write,
    summary: &Summary,
    explanation: &Explanation,
) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "policy",
        "against",
        "month_end",
        "metric",
        "unit",
        "cut",
        "whole",
        "whole_low",
        "whole_high",
        "carried",
        "carried_low",
        "carried_high",
        "left",
        "left_low",
        "left_high",
        "n",
        "weakest_key",
        "weakest_grade",
    ])?;
    for explained in &explanation.explained {
        let month = summary.months.get(explained.row);
        let when = month.map_or_else(|| "horizon".to_owned(), |m| m.last_day.to_string());
        let definition = explained.metric.definition();
        for (part, ground) in explained.parts.iter().zip(&explanation.grounds) {
            for text in [
                &explanation.policy,
                &explanation.against,
                &when,
                definition.key,
                definition.unit,
                part.without.name(),
            ] {
                table.write_field(text)?;
            }
            for difference in [&explained.whole, &part.carried, &part.left] {
                for value in ends(difference) {
                    table.write_field(cell(value))?;
                }
            }
            table.write_field(part.carried.n.to_string())?;
            let key = ground.as_ref().map_or("", |ground| &ground.key);
            let grade = ground.as_ref().and_then(|ground| ground.grade.as_deref());
            table.write_field(key)?;
            table.write_field(grade.unwrap_or(""))?;
            table.write_record(None::<&[u8]>)?;
        }
    }
    table.flush()
}

/// Mean and ends of the interval; not a number where there is none.
fn ends(difference: &Difference) -> [f64; 3] {
    match difference.interval() {
        Some(interval) => [difference.mean, interval.low, interval.high],
        None => [difference.mean, f64::NAN, f64::NAN],
    }
}
