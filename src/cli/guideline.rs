//! The flags of a guideline.

use std::path::PathBuf;

use crate::cli::number::whole_number;

/// Find the limits that meet requirements.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Guideline {
    /// Scenario file (TOML); - reads it from standard input
    pub scenario: PathBuf,
    /// Folder in which lists may lie that the scenario names, besides its own folder and those below it; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub data_dir: Vec<PathBuf>,
    /// A key and its values, such as limit.value=8:30; twice for a map of two keys. A key of policies is that of
    /// the policy in question alone
    #[arg(long, value_name = "KEY=VALUES", required = true)]
    pub vary: Vec<String>,
    /// What must hold and how probably, such as "unallocated <= 5 in every month with 90%"; may be given several times
    #[arg(long, value_name = "REQUIREMENT", required = true)]
    pub require: Vec<String>,
    /// Look for the edge along this key too, at each value of --vary: the fewest posts, say, at which all requirements
    /// hold, as "posts.social worker.count=8:24"
    #[arg(long, value_name = "KEY=VALUES")]
    pub against: Option<String>,
    /// The policy in question, by its name [default: the only one that says what is varied]
    #[arg(long, value_name = "NAME")]
    pub policy: Option<String>,
    /// Decide every value in so many plausible worlds besides: draws of the numbers that are laws, and of those with a
    /// range beside them, taken as uniform; and say which of them moves the number most
    #[arg(long, value_name = "N", value_parser = whole_number::<usize>, allow_negative_numbers = true)]
    pub worlds: Option<usize>,
    /// Share of those worlds in which a value is to meet all requirements [default: 80%]
    #[arg(long, value_name = "SHARE", value_parser = any_share, requires = "worlds")]
    pub share: Option<Share>,
    /// Chance that any of all the decisions is wrong, at most [default: 5%]
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub error: Option<Share>,
    /// Replications of all settings together, at most [default: 2000 for each value]
    #[arg(long, value_name = "N", value_parser = replications, allow_negative_numbers = true)]
    pub budget: Option<u64>,
    /// Seed of all chance, the same at every setting [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
    /// Folder for the results [default: results/SCENARIO-guideline]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the guideline of another question in that folder
    #[arg(long)]
    pub force: bool,
    /// Keep the list of open cases that the scenario names in the results: the columns that are read, with families
    /// numbered. Without it only its hash and the number of cases are kept, and `casecap verify` asks for the list
    #[arg(long)]
    pub include_case_list: bool,
    /// Print the settings, the size and the time, and decide nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Play it although it may take longer than a day
    #[arg(long)]
    pub yes: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// A share in millionths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share(u32);

impl Share {
    /// As a number from 0 to 1.
    pub fn number(self) -> f64 {
        f64::from(self.0) / 1e6
    }
}

/// `5%` or `0.05`
fn share(text: &str) -> Result<Share, String> {
    let read = millionths(text).filter(|share| (1..=500_000).contains(share));
    read.map(Share)
        .ok_or_else(|| "write a share above 0 and up to 50%, such as 5% or 0.05".to_owned())
}

/// `80%` or `0.8`
fn any_share(text: &str) -> Result<Share, String> {
    let read = millionths(text).filter(|share| (1..=1_000_000).contains(share));
    read.map(Share)
        .ok_or_else(|| "write a share above 0 and up to 100%, such as 80% or 0.8".to_owned())
}

fn millionths(text: &str) -> Option<u32> {
    let (digits, over) = match text.trim().strip_suffix('%') {
        Some(digits) => (digits.trim(), 100.0),
        None => (text.trim(), 1.0),
    };
    let value: f64 = digits.parse().ok()?;
    let value = libm::round(value / over * 1e6);
    (0.0..=1e6).contains(&value).then_some(value as u32)
}

/// `5000` or `5000 replications`
fn replications(text: &str) -> Result<u64, String> {
    let digits = text.trim().trim_end_matches("replications").trim();
    match whole_number(digits)? {
        0 => Err("nothing can be decided without replications; write 10000, say".to_owned()),
        many => Ok(many),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_may_be_written_in_per_cent() {
        for text in ["5%", "5 %", "0.05"] {
            assert_eq!(share(text).unwrap().number(), 0.05, "{text}");
        }
        for text in ["0", "-1", "60%", "5", "NaN", "much", ""] {
            assert!(share(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_budget_is_a_number_of_replications() {
        assert_eq!(replications("5000 replications"), Ok(5000));
        assert_eq!(replications("5000"), Ok(5000));
        assert!(replications("0").unwrap_err().contains("10000"));
        assert!(replications("5e3").unwrap_err().contains("5000"));
    }
}
