//! The flags of a sensitivity analysis.

use std::path::PathBuf;

use crate::cli::number::whole_number;

/// Find which assumption matters most, and in which worlds a policy fails.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Sensitivity {
    /// Scenario file (TOML); - reads it from standard input
    pub scenario: PathBuf,
    /// Folder in which lists may lie that the scenario names, besides its own folder and those below it; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub data_dir: Vec<PathBuf>,
    /// What is looked at, such as unallocated, "burnt_out_share at month 12" or "cost over the horizon"; may be given
    /// several times [default: caseload_mean, unallocated and burnt_out_share at the last month]
    #[arg(long, value_name = "OUTCOME")]
    pub metric: Vec<String>,
    /// What a plausible world should meet, and how probably, as for a guideline; may be given several times
    /// [default: the scenario's targets, with 80%]
    #[arg(long, value_name = "REQUIREMENT")]
    pub require: Vec<String>,
    /// A further key that is not known and its range, such as referrals.families_per_month=8:10 or
    /// "grades.*.leave_per_year=x0.8:x1.2"; may be given several times
    #[arg(long, value_name = "KEY=LOW:HIGH")]
    pub vary: Vec<String>,
    /// Policy to play, by its name; may be given several times [default: every policy of the scenario]
    #[arg(long, value_name = "NAME")]
    pub policy: Vec<String>,
    /// sobol: parts of the variance; morris: a screening of many assumptions at less cost
    #[arg(long, value_name = "METHOD", default_value = "sobol")]
    pub method: Method,
    /// Rows of the design: a power of two for sobol; for morris so many trajectories [default: 128; 32]
    #[arg(long, value_name = "N", value_parser = whole_number::<usize>, allow_negative_numbers = true)]
    pub rows: Option<usize>,
    /// Replications of each policy at each point, by which luck is told from the assumptions [default: 8]
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub replications: Option<u64>,
    /// Replications of each policy in each of the plausible worlds, two a row, by which it is judged there
    /// [default: 40; needs requirements]
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub world_replications: Option<u64>,
    /// Seed of all chance, the design's too [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
    /// Folder for the results [default: results/SCENARIO-sensitivity]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the analysis of another question in that folder
    #[arg(long)]
    pub force: bool,
    /// Keep the list of open cases that the scenario names in the results: the columns that are read, with families
    /// numbered. Without it only its hash and the number of cases are kept, and `casecap verify` asks for the list
    #[arg(long)]
    pub include_case_list: bool,
    /// Print what is not known, the size and the time, and play nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Play it although it may take longer than a day
    #[arg(long)]
    pub yes: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// How the points are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Method {
    /// Indices of Sobol: parts of the variance.
    Sobol,
    /// Elementary effects of Morris: a screening.
    Morris,
}
