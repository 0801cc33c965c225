//! How published tables round a metric, and which symbol stands there for a missing number of it.
//!
//! The files of a run hold every digit; what people read is rounded here, by one rule for each unit.
//!
//! # Source
//! Department for Education, guidance on statistics 2024: counts whole; full-time equivalents, rates, percentages,
//! caseloads and days to one decimal.

use crate::metric::catalogue::{Definition, Metric};
use crate::metric::symbol::{NOT_APPLICABLE, UNAVAILABLE};

/// How the numbers of a metric are published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rounding {
    /// Decimals, of a share in percent.
    pub decimals: u8,
    /// True where it is published in percent.
    pub is_percent: bool,
}

impl Rounding {
    /// The unit of the last digit, in the unit of the metric's files: 0.001 for a share in tenths of a percent.
    pub fn step(self) -> f64 {
        let decimals = self.decimals + if self.is_percent { 2 } else { 0 };
        libm::pow(10.0, -f64::from(decimals))
    }

    /// As a table prints it: `1`, `0.1`, `0.1 %`.
    pub fn words(self) -> String {
        let decimals = usize::from(self.decimals);
        let step = libm::pow(10.0, -f64::from(self.decimals));
        let percent = if self.is_percent { " %" } else { "" };
        format!("{step:.decimals$}{percent}")
    }
}

impl Definition {
    /// How published tables round it, by its unit.
    pub fn rounding(&self) -> Rounding {
        /// Scores and ratios that move in hundredths: a decimal alone would hide every change.
        const IN_HUNDREDTHS: [&str; 2] = ["SD", "ratio"];
        const COUNTED: [&str; 8] = [
            "cases", "families", "children", "people", "posts", "times", "hours", "currency",
        ];
        Rounding {
            is_percent: self.unit.starts_with("share"),
            decimals: if COUNTED.contains(&self.unit) {
                0
            } else if IN_HUNDREDTHS.contains(&self.unit) {
                2
            } else {
                1
            },
        }
    }

    /// The symbol that stands for a missing number of it.
    pub fn missing(&self) -> &'static str {
        match self.metric {
            // The mark lies past the end of what was played.
            Metric::StillWaiting => UNAVAILABLE,
            // What is missing otherwise has nobody to be taken over, or no price, limit or guideline to be held to.
            _ => NOT_APPLICABLE,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metric::catalogue::CATALOGUE;

    #[test]
    fn what_is_published_is_never_finer_than_what_is_worth_printing() {
        for definition in &CATALOGUE {
            let rounding = definition.rounding();
            // The guidance has percentages to one decimal, wherever they stand.
            let finest = if rounding.is_percent {
                1
            } else {
                definition.decimals
            };
            assert!(
                rounding.decimals <= finest,
                "{}: {rounding:?}",
                definition.key
            );
        }
    }

    #[test]
    fn counts_are_whole_shares_in_tenths_of_a_percent_and_caseloads_in_tenths() {
        let words = |metric: Metric| metric.definition().rounding().words();
        assert_eq!(words(Metric::Unallocated), "1");
        assert_eq!(words(Metric::NeedMet), "0.1 %");
        assert_eq!(words(Metric::CaseloadMean), "0.1");
        assert_eq!(words(Metric::StrainMean), "0.01");
        assert_eq!(words(Metric::WorkerChanges), "0.1");
    }
}
