//! What a key is to be varied over, as it is typed: `KEY=VALUES`.

use crate::scenario::target::Wrong;
use crate::scenario::vary::amount::Amount;

/// Values of one key at most.
pub const LEVELS_MAX: usize = 100_000;

/// A key and the values that it is to take.
#[derive(Clone, Debug, PartialEq)]
pub struct Varied {
    /// The key.
    pub key: String,
    /// The values.
    pub values: Values,
}

/// Values of a key: all numbers, all times, or all factors.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// One by one.
    List(Vec<Amount>),
    /// From one end to the other.
    Span {
        /// Low end.
        low: f64,
        /// High end, above the low one.
        high: f64,
        /// Step; nothing: any value between the ends.
        step: Option<f64>,
        /// True: factors.
        is_factor: bool,
    },
}

impl Varied {
    /// Reads `KEY=40,50,60`, `KEY=10:24`, `KEY=10:24:2` or `KEY=x0.8:x1.2:0.1`.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn parse(text: &str) -> Result<Varied, Wrong> {
        Varied::read(text, true)
    }

    /// As [`Varied::parse`], but that a range without a step is every number between its ends, whole or not.
    ///
    /// # Errors
    /// What is wrong, and what to write.
    pub fn parse_range(text: &str) -> Result<Varied, Wrong> {
        Varied::read(text, false)
    }

    fn read(text: &str, has_steps: bool) -> Result<Varied, Wrong> {
        let Some((key, values)) = text.split_once('=') else {
            let what = format!("`{text}` has no `=` between a key and its values");
            return Err((
                what,
                "write limit.value=10:24, or limit.value=12,16,20".to_owned(),
            ));
        };
        let (key, values) = (key.trim(), values.trim());
        if key.is_empty() || values.is_empty() {
            let what = format!("`{text}` lacks its key or its values");
            return Err((
                what,
                "write limit.value=10:24, or limit.value=12,16,20".to_owned(),
            ));
        }
        let read = if values.contains(':') {
            span(key, values, has_steps)
        } else {
            list(key, values)
        };
        Ok(Varied {
            key: key.to_owned(),
            values: read?,
        })
    }

    /// Whether the values are factors of what the key is.
    pub fn is_factor(&self) -> bool {
        match &self.values {
            Values::List(list) => list.iter().any(|a| matches!(a, Amount::Times(_))),
            Values::Span { is_factor, .. } => *is_factor,
        }
    }

    /// The values one by one.
    ///
    /// # Errors
    /// Where they are a span without a step.
    pub fn levels(&self) -> Result<Vec<Amount>, Wrong> {
        match &self.values {
            Values::List(list) => Ok(list.clone()),
            Values::Span {
                low,
                high,
                step,
                is_factor,
            } => {
                let Some(step) = step else {
                    let what = format!("{}={low}:{high} has no step", self.key);
                    let step = level(0.0, (high - low) / 4.0, 1);
                    let mark = if *is_factor { "x" } else { "" };
                    let remedy = format!(
                        "write a step, as {}={mark}{low}:{mark}{high}:{step}, or take --design lhs or sobol with --points",
                        self.key
                    );
                    return Err((what, remedy));
                };
                let count = steps(*low, *high, *step);
                Ok((0..=count)
                    .map(|at| amount(level(*low, *step, at), *is_factor))
                    .collect())
            }
        }
    }

    /// The value at a place between the ends; of a list and of a span with a step, the one whose part of the
    /// whole it falls in.
    ///
    /// * `place` - in 0 to 1, 1 itself not
    pub fn at(&self, place: f64) -> Amount {
        match &self.values {
            Values::List(list) => {
                let at = (place * list.len() as f64) as usize;
                let last = list.len().saturating_sub(1);
                list.get(at.min(last))
                    .cloned()
                    .unwrap_or(Amount::Times(1.0))
            }
            Values::Span {
                low,
                high,
                step,
                is_factor,
            } => match step {
                Some(step) => {
                    let count = steps(*low, *high, *step);
                    let at = ((place * (count + 1) as f64) as usize).min(count);
                    amount(level(*low, *step, at), *is_factor)
                }
                None => amount(low + (high - low) * place, *is_factor),
            },
        }
    }
}

/// How often a step fits in, with room for rounding.
fn steps(low: f64, high: f64, step: f64) -> usize {
    libm::floor((high - low) / step + 1e-9) as usize
}

/// A level without the dust of adding steps in binary.
fn level(low: f64, step: f64, at: usize) -> f64 {
    const DECIMALS: f64 = 1e12;
    let value = low + step * at as f64;
    let clean = libm::round(value * DECIMALS) / DECIMALS;
    if libm::fabs(value) < 1e3 {
        clean
    } else {
        value
    }
}

fn amount(value: f64, is_factor: bool) -> Amount {
    match is_factor {
        true => Amount::Times(value),
        false => Amount::To(value),
    }
}

fn list(key: &str, text: &str) -> Result<Values, Wrong> {
    let example = || format!("write {key}=12,16,20, or {key}=x0.8,x1,x1.2");
    let mut list: Vec<Amount> = Vec::new();
    for part in text.split(',') {
        let amount =
            Amount::parse(part).map_err(|why| (format!("in {key}={text}: {why}"), example()))?;
        if list.contains(&amount) {
            let what = format!("in {key}={text}: {amount} stands there twice");
            return Err((what, "write each value once".to_owned()));
        }
        list.push(amount);
    }
    let factors = list
        .iter()
        .filter(|a| matches!(a, Amount::Times(_)))
        .count();
    if factors != 0 && factors != list.len() {
        let what = format!("{key}={text} mixes numbers and factors");
        return Err((
            what,
            "write all as numbers, or all as factors (x0.8)".to_owned(),
        ));
    }
    Ok(Values::List(list))
}

fn span(key: &str, text: &str, has_steps: bool) -> Result<Values, Wrong> {
    let example = || format!("write {key}=10:24, {key}=10:24:2 or {key}=x0.8:x1.2:0.1");
    let wrong = |why: String| (format!("in {key}={text}: {why}"), example());
    let parts: Vec<&str> = text.split(':').collect();
    let (low, high, step) = match parts.as_slice() {
        [low, high] => (*low, *high, None),
        [low, high, step] => (*low, *high, Some(*step)),
        _ => return Err(wrong("a range is low:high or low:high:step".to_owned())),
    };
    let end = |text: &str| -> Result<(f64, bool), Wrong> {
        match Amount::parse(text).map_err(wrong)? {
            Amount::To(value) => Ok((value, false)),
            Amount::Times(value) => Ok((value, true)),
            Amount::Time(text) => Err(wrong(format!(
                "\"{text}\" cannot end a range; write days without the word"
            ))),
        }
    };
    let ((low, low_is_factor), (high, is_factor)) = (end(low)?, end(high)?);
    if low_is_factor != is_factor {
        return Err(wrong(
            "one end is a number and the other a factor".to_owned(),
        ));
    }
    if low > high {
        return Err(wrong(format!(
            "the range is reversed: {low} lies above {high}"
        )));
    }
    if low == high {
        return Err(wrong(
            "the range is empty: both ends are the same".to_owned(),
        ));
    }
    let is_whole = |value: f64| value == libm::trunc(value);
    let step = match step {
        Some(text) => {
            let bare = text.trim().trim_start_matches(['x', 'X']);
            let step: f64 = bare
                .parse()
                .map_err(|_| wrong(format!("\"{text}\" is no step")))?;
            if !(step > 0.0 && step.is_finite()) {
                return Err(wrong(format!("the step must be above 0, and is {text}")));
            }
            if step > high - low {
                return Err(wrong(format!("the step {step} is wider than the range")));
            }
            Some(step)
        }
        None if has_steps && !is_factor && is_whole(low) && is_whole(high) => Some(1.0),
        None => None,
    };
    if step.is_some_and(|step| (high - low) / step >= LEVELS_MAX as f64) {
        return Err(wrong(format!("these are more than {LEVELS_MAX} values")));
    }
    Ok(Values::Span {
        low,
        high,
        step,
        is_factor,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(text: &str) -> Vec<String> {
        let levels = Varied::parse(text).unwrap().levels().unwrap();
        levels.iter().map(Amount::to_string).collect()
    }

    #[test]
    fn lists_and_ranges_give_their_values() {
        assert_eq!(levels("a=40,50,60"), ["40", "50", "60"]);
        assert_eq!(levels("a=10:13"), ["10", "11", "12", "13"]);
        assert_eq!(levels("a = 10:24:5"), ["10", "15", "20"]);
        assert_eq!(
            levels("a=x0.8:x1.2:0.1"),
            ["x0.8", "x0.9", "x1", "x1.1", "x1.2"]
        );
        assert_eq!(levels("a=0.1:0.7:0.1").len(), 7);
        assert_eq!(levels("a=8 days,10 days"), ["8 days", "10 days"]);
        assert!(Varied::parse("a=x0.8:x1.2").unwrap().levels().is_err());
    }

    #[test]
    fn a_place_between_the_ends_is_a_value() {
        let at = |text: &str, place| Varied::parse(text).unwrap().at(place).to_string();
        assert_eq!(at("a=0.5:2.5", 0.25), "1");
        assert_eq!(at("a=10:13", 0.999), "13");
        assert_eq!(at("a=10:13", 0.0), "10");
        assert_eq!(at("a=5,6", 0.5), "6");
        assert_eq!(at("a=x0.8:x1.2", 0.5), "x1");
        let whole = Varied::parse_range("a=4:6").unwrap();
        assert_eq!(whole.at(0.25).to_string(), "4.5");
        assert!(Varied::parse_range("a=0:1000000").is_ok());
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_what_to_write() {
        for (text, part) in [
            ("limit.value", "no `=`"),
            ("=3", "lacks"),
            ("a=", "lacks"),
            ("a=24:10", "reversed"),
            ("a=10:10", "empty"),
            ("a=10:24:0", "above 0"),
            ("a=10:24:20", "wider"),
            ("a=10:x2", "one end"),
            ("a=1:2:3:4", "low:high"),
            ("a=1,x2", "mixes"),
            ("a=1,1.0", "twice"),
            ("a=1,two", "\"two\" is no number"),
            ("a=0:1000000", "more than"),
        ] {
            let wrong = Varied::parse(text).unwrap_err();
            assert!(wrong.0.contains(part), "{text}: {wrong:?}");
            assert!(!wrong.1.is_empty());
        }
    }
}
