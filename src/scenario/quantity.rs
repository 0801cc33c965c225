//! Numbers, times and laws: from a value as written to one that can be used.

use crate::model::calendar::{DAYS_PER_MONTH, DAYS_PER_YEAR};
use crate::scenario::catalogue::{UNCERTAIN_NAMES, UNCERTAIN_PURE};
use crate::scenario::file::Library;
use crate::scenario::home::Home;
use crate::scenario::key::SOURCE_KEYS;
use crate::scenario::key::{Bounds, Measure, nearest};
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::problem::Span;
use crate::scenario::share::as_share;
use crate::scenario::uncertain::{Uncertain, Unknowns, World};

/// What is wrong with one value, and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Complaint {
    /// Where it stands.
    pub span: Span,
    /// What is wrong.
    pub what: String,
    /// What to do.
    pub remedy: String,
}

/// The unit in which a number is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// As it stands.
    Pure,
    /// Days; it must carry its unit.
    Days,
    /// Months; without a unit it is in months.
    Months,
}

impl From<Measure> for Unit {
    fn from(measure: Measure) -> Unit {
        match measure {
            Measure::Days => Unit::Days,
            Measure::Months => Unit::Months,
        }
    }
}

/// Reads values, either at the centre of what is uncertain or as drawn for one world.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The files read, for laws that are lists.
    pub library: &'a Library,
    /// The world whose numbers are wanted; absent: the central values.
    pub world: Option<World<'a>>,
    /// Takes note of numbers that turn out to be uncertain.
    pub unknowns: &'a Unknowns,
    /// Where the numbers of policies are written first.
    pub homes: &'a [Home],
}

/// Bounds of a time [days].
pub const fn duration_bounds(high: f64) -> Bounds {
    Bounds {
        low: 0.0,
        above: false,
        high,
        unit: "days",
    }
}

/// Days in a written time such as `8 days`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_days(text: &str) -> Result<f64, String> {
    let wrong = || format!("\"{text}\" is not a time");
    let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
    let number: f64 = number.parse().map_err(|_| wrong())?;
    let days = match unit.trim() {
        "day" | "days" => 1.0,
        "week" | "weeks" => 7.0,
        "month" | "months" => DAYS_PER_MONTH,
        "year" | "years" => DAYS_PER_YEAR,
        other => return Err(format!("\"{other}\" is not a unit of time here")),
    };
    Ok(number * days)
}

/// Working days in a written time such as `45 working days`.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_working_days(text: &str) -> Result<u32, String> {
    let wrong = || format!("\"{text}\" is not a number of working days");
    let (number, unit) = text.trim().split_once(' ').ok_or_else(wrong)?;
    if !matches!(unit.trim(), "working day" | "working days") {
        return Err(wrong());
    }
    let number: u32 = number.parse().map_err(|_| wrong())?;
    if number > 20_000 {
        return Err(format!(
            "{number} working days are more than the 20000 that are allowed"
        ));
    }
    Ok(number)
}

impl Reader<'_> {
    /// A number within bounds: plain, sourced, or uncertain.
    ///
    /// * `path` - key path, the identity of an uncertain number
    /// * returns - nothing where there is a complaint
    pub fn number(
        &self,
        node: &Node,
        unit: Unit,
        bounds: &Bounds,
        path: &str,
        complaints: &mut Vec<Complaint>,
    ) -> Option<f64> {
        match &node.value {
            Value::Table(table) if table.get("law").is_some() => {
                let law = uncertain(node, table, unit, bounds, complaints)?;
                let path = Home::of(self.homes, node.span).unwrap_or(path);
                let value = match self.world {
                    None => law.mean(),
                    Some(world) => law.draw(world, path, bounds),
                };
                self.unknowns.add(path, &law, value);
                Some(value)
            }
            Value::Table(table) => {
                only(
                    table,
                    &["value"],
                    SOURCE_KEYS.iter().map(|k| k.name),
                    complaints,
                );
                let Some(value) = table.get("value") else {
                    complaints.push(Complaint {
                        span: node.span,
                        what: "a number with a source needs its `value`".to_owned(),
                        remedy: "write { value = 0.118, source = \"...\", grade = \"A\" }"
                            .to_owned(),
                    });
                    return None;
                };
                bounded(value, unit, bounds, complaints)
            }
            _ => bounded(node, unit, bounds, complaints),
        }
    }
}

/// Bounds of a number above 0.
pub const fn positive(high: f64) -> Bounds {
    Bounds {
        low: 0.0,
        above: true,
        high,
        unit: "",
    }
}

/// A literal in a unit, within bounds.
pub fn bounded(
    node: &Node,
    unit: Unit,
    bounds: &Bounds,
    complaints: &mut Vec<Complaint>,
) -> Option<f64> {
    let value = literal(node, unit, complaints)?;
    let unit = if bounds.unit.is_empty() {
        String::new()
    } else {
        format!(" {}", bounds.unit)
    };
    let too_low = value < bounds.low || (bounds.above && value == bounds.low);
    let least = if bounds.above { "above" } else { "at least" };
    let what = if value.is_nan() {
        "this is not a number".to_owned()
    } else if value.is_infinite() {
        "this number is infinite".to_owned()
    } else if too_low && value < 0.0 && bounds.low >= 0.0 {
        format!(
            "this must not be negative, and is {}{unit}",
            readable(value)
        )
    } else if too_low {
        format!(
            "this must be {least} {}{unit}, and is {}",
            bounds.low,
            readable(value)
        )
    } else if value > bounds.high {
        format!(
            "this must be at most {}{unit}, and is {}",
            bounds.high,
            readable(value)
        )
    } else {
        return Some(value);
    };
    complaints.push(Complaint {
        span: node.span,
        what,
        remedy: if is_percent(bounds, value) {
            format!("a share, not per cent: write {}", as_share(value))
        } else {
            format!(
                "write a number {} {} and at most {}{unit}",
                least, bounds.low, bounds.high
            )
        },
    });
    None
}

/// Whether a number past the bounds of a share looks as if per cent were meant.
pub fn is_percent(bounds: &Bounds, value: f64) -> bool {
    bounds.low == 0.0 && bounds.high == 1.0 && value > 1.0 && value <= 100.0
}

/// What to write instead of a text where a number is wanted.
fn number_for(text: &str) -> String {
    let text = text.trim();
    let point = text.replacen(',', ".", 1);
    let percent = point.strip_suffix('%').map(str::trim_end);
    match (percent.map(str::parse::<f64>), point.parse::<f64>()) {
        (Some(Ok(percent)), _) if percent.is_finite() => format!("write {}", as_share(percent)),
        (_, Ok(number)) if point != text && number.is_finite() => {
            format!("use a point, without quotes: write {point}")
        }
        _ => "write a plain number such as 0.5, without quotes or unit".to_owned(),
    }
}

fn literal(node: &Node, unit: Unit, complaints: &mut Vec<Complaint>) -> Option<f64> {
    let mut complain = |what: String, remedy: &str| {
        complaints.push(Complaint {
            span: node.span,
            what,
            remedy: remedy.to_owned(),
        });
        None
    };
    match (&node.value, unit) {
        (Value::Whole(_) | Value::Number(_), Unit::Pure | Unit::Months) => node.as_number(),
        (Value::Whole(_) | Value::Number(_), Unit::Days) => {
            let number = node.as_number().unwrap_or_default();
            complain(
                "a time needs its unit".to_owned(),
                &format!("write \"{number} days\", or weeks, months, years"),
            )
        }
        (Value::Text(text), Unit::Days | Unit::Months) => match parse_days(text) {
            Ok(days) if unit == Unit::Months => Some(days / DAYS_PER_MONTH),
            Ok(days) => Some(days),
            Err(what) => complain(
                what,
                "write a number and days, weeks, months or years: \"8 days\"",
            ),
        },
        (Value::Text(text), Unit::Pure) => complain(
            "this must be a number, and is a text".to_owned(),
            &number_for(text),
        ),
        (_, Unit::Pure) => complain(
            format!("this must be a number, and is {}", node.kind()),
            "write a plain number such as 0.5, without quotes or unit",
        ),
        _ => complain(
            format!("this must be a time, and is {}", node.kind()),
            "write a number and its unit in quotes: \"8 days\"",
        ),
    }
}

/// Complains of keys that a small table does not have.
fn only<'a>(
    table: &Table,
    own: &[&'a str],
    common: impl Iterator<Item = &'a str>,
    complaints: &mut Vec<Complaint>,
) {
    let known: Vec<&str> = own.iter().copied().chain(common).collect();
    for entry in table
        .entries
        .iter()
        .filter(|e| !known.contains(&e.key.as_str()))
    {
        complaints.push(Complaint {
            span: entry.key_span,
            what: format!("`{}` is not known here", entry.key),
            remedy: match nearest(&entry.key, known.iter().copied()) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("known are {}", known.join(", ")),
            },
        });
    }
}

/// The law of an uncertain number.
fn uncertain(
    node: &Node,
    table: &Table,
    unit: Unit,
    bounds: &Bounds,
    complaints: &mut Vec<Complaint>,
) -> Option<Uncertain> {
    let name_node = table.get("law")?;
    let name = name_node.as_text().unwrap_or_default();
    let wanted: &[&str] = match name {
        "uniform" => &["low", "high"],
        "triangular" => &["low", "mode", "high"],
        "normal" => &["mean", "sd"],
        "lognormal" => &["mean", "cv"],
        "beta" => &["alpha", "beta"],
        "list" => &["values"],
        _ => {
            complaints.push(Complaint {
                span: name_node.span,
                what: format!("\"{name}\" is not a law of an uncertain number"),
                remedy: match nearest(name, UNCERTAIN_NAMES.iter().copied()) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => format!("the laws are {}", UNCERTAIN_NAMES.join(", ")),
                },
            });
            return None;
        }
    };
    let optional: &[&str] = if name == "beta" {
        &["low", "high"]
    } else {
        &[]
    };
    let known: Vec<&str> = ["law"]
        .iter()
        .chain(wanted)
        .chain(optional)
        .copied()
        .collect();
    only(
        table,
        &known,
        SOURCE_KEYS.iter().map(|k| k.name),
        complaints,
    );
    let before = complaints.len();
    for key in wanted.iter().filter(|key| table.get(key).is_none()) {
        complaints.push(Complaint {
            span: node.span,
            what: format!("a number that is {name} needs `{key}`"),
            remedy: format!("give {}", wanted.join(", ")),
        });
    }
    if name == "list" {
        let list = table
            .get("values")
            .and_then(Node::as_list)
            .unwrap_or_default();
        let values: Vec<f64> = list
            .iter()
            .filter_map(|item| bounded(item, unit, bounds, complaints))
            .collect();
        if values.is_empty() && complaints.len() == before {
            complaints.push(Complaint {
                span: node.span,
                what: "a list of possible values must not be empty".to_owned(),
                remedy: "write values = [0.1, 0.2]".to_owned(),
            });
        }
        return (complaints.len() == before).then_some(Uncertain::List { values });
    }
    let mut part = |key: &str| -> Option<f64> {
        let inner = table.get(key)?;
        if UNCERTAIN_PURE.contains(&key) {
            bounded(inner, Unit::Pure, &positive(1e6), complaints)
        } else if key == "sd" {
            bounded(inner, unit, &positive(bounds.high.abs()), complaints)
        } else {
            bounded(inner, unit, bounds, complaints)
        }
    };
    let (low, mode, high) = (part("low"), part("mode"), part("high"));
    let (mean, sd, cv) = (part("mean"), part("sd"), part("cv"));
    let (alpha, beta) = (part("alpha"), part("beta"));
    if complaints.len() > before {
        return None;
    }
    let (low, high) = match name {
        "beta" => (low.unwrap_or(0.0), high.unwrap_or(1.0)),
        _ => (low.unwrap_or(0.0), high.unwrap_or(0.0)),
    };
    let is_ordered = match name {
        "uniform" | "beta" => low <= high,
        "triangular" => low <= mode? && mode? <= high,
        _ => true,
    };
    if !is_ordered {
        complaints.push(Complaint {
            span: node.span,
            what: "the low end of this law lies above its high end".to_owned(),
            remedy: "order them: low, then mode where there is one, then high".to_owned(),
        });
        return None;
    }
    if name == "beta" && (high > bounds.high || low < bounds.low) {
        complaints.push(Complaint {
            span: node.span,
            what: format!("this law reaches from {low} to {high}, past what the key allows"),
            remedy: format!(
                "give `low` and `high` within {} and {}",
                bounds.low, bounds.high
            ),
        });
        return None;
    }
    Some(match name {
        "uniform" => Uncertain::Uniform { low, high },
        "triangular" => Uncertain::Triangular {
            low,
            mode: mode?,
            high,
        },
        "normal" => Uncertain::Normal {
            mean: mean?,
            sd: sd?,
        },
        "lognormal" => Uncertain::Lognormal {
            mean: mean?,
            cv: cv?,
        },
        _ => Uncertain::Beta {
            alpha: alpha?,
            beta: beta?,
            low,
            high,
        },
    })
}

/// A number as a person would write it: with an exponent where it has more than fifteen digits.
fn readable(value: f64) -> String {
    if value.abs() >= 1e15 {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_and_its_unit() {
        assert_eq!(parse_days("8 days"), Ok(8.0));
        assert_eq!(parse_days(" 1 week "), Ok(7.0));
        assert_eq!(parse_days("12 months"), Ok(365.25));
        assert_eq!(parse_days("0.5 years"), Ok(182.625));
        for wrong in ["", "8", "days", "8 working days", "eight days", "8 d"] {
            assert!(parse_days(wrong).is_err(), "{wrong}");
        }
        assert_eq!(parse_working_days("45 working days"), Ok(45));
        for wrong in [
            "45 days",
            "-1 working days",
            "4.5 working days",
            "99999 working days",
        ] {
            assert!(parse_working_days(wrong).is_err(), "{wrong}");
        }
    }
}
