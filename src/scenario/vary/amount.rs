//! What a number is set to.

use std::fmt;

use crate::text::brief;

/// What a number is set to.
#[derive(Clone, Debug, PartialEq)]
pub enum Amount {
    /// This number, in the unit of the key; a time without a unit is in days [unit of the key].
    To(f64),
    /// A time with its unit, "8 days".
    Time(String),
    /// So many times what it is; a law is stretched whole [1].
    Times(f64),
}

impl Amount {
    /// An amount as it is written: `16`, `8 days`, `x0.8`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Amount, String> {
        let text = text.trim();
        let number = |text: &str| {
            let value: f64 = text.trim().parse().ok()?;
            value.is_finite().then_some(value)
        };
        if let Some(factor) = text.strip_prefix(['x', 'X', '*', '×']) {
            return match number(factor) {
                Some(factor) if factor >= 0.0 => Ok(Amount::Times(factor)),
                _ => Err(format!("\"{}\" is no factor such as x0.8", brief(text))),
            };
        }
        if let Some(value) = number(text) {
            return Ok(Amount::To(value));
        }
        match text.split_once(' ') {
            Some((value, unit)) if number(value).is_some() && !unit.trim().is_empty() => {
                Ok(Amount::Time(text.to_owned()))
            }
            _ => Err(format!("\"{}\" is no number", brief(text))),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Amount::To(value) => write!(f, "{value}"),
            Amount::Time(text) => write!(f, "{text}"),
            Amount::Times(factor) => write!(f, "x{factor}"),
        }
    }
}
