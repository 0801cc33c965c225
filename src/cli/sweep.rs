//! The flags of a sweep and of what joins its shares.

use std::path::PathBuf;

use clap::ArgAction;

use crate::cli::number::whole_number;

/// Vary numbers of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Sweep {
    /// Scenario file (TOML); - reads it from standard input
    pub scenario: PathBuf,
    /// Folder in which lists may lie that the scenario names, besides its own folder and those below it; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub data_dir: Vec<PathBuf>,
    /// A key and its values, such as limit.value=10:24, "posts.social worker.count=40,50,60" or
    /// referrals.families_per_month=x0.8:x1.2:0.1; may be given several times
    #[arg(long, value_name = "KEY=VALUES")]
    pub vary: Vec<String>,
    /// grid, one-at-a-time, lhs or sobol; or a CSV file with a column for each key and a row for each point
    /// [default: grid]
    #[arg(long, value_name = "DESIGN")]
    pub design: Option<String>,
    /// Points of an lhs or sobol design [default: 64]
    #[arg(long, value_name = "N", value_parser = whole_number::<usize>)]
    pub points: Option<usize>,
    /// Policy to play, by its name; may be given several times [default: every policy of the scenario]
    #[arg(long, value_name = "NAME")]
    pub policy: Vec<String>,
    /// Metric to keep, by its name; may be given several times [default: all of the service]
    #[arg(long, value_name = "KEY")]
    pub metric: Vec<String>,
    /// Replications of each policy at each point [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub replications: Option<u64>,
    /// Seed of all chance, the same at every point [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
    /// Folder for the blocks and results [default: results/SCENARIO-sweep, with the share behind it]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with what is in the folder: finished blocks are not played again, also where points or replications
    /// have been added
    #[arg(long, action = ArgAction::SetTrue)]
    pub resume: bool,
    /// Take away what is in the folder and begin anew
    #[arg(long, conflicts_with = "resume")]
    pub force: bool,
    /// Keep the list of open cases that the scenario names in the results: the columns that are read, with families
    /// numbered. Without it only its hash and the number of cases are kept, and `casecap verify` asks for the list
    #[arg(long)]
    pub include_case_list: bool,
    /// Play one share of the blocks only, such as 3/8; `casecap merge` joins the shares
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Play this block only, by the beginning of its name
    #[arg(long, value_name = "BLOCK", requires = "resume")]
    pub block: Option<String>,
    /// Write report.html too: charts of every setting, fields of two keys, as one page
    #[arg(long, conflicts_with = "shard")]
    pub report: bool,
    /// Print the points and the size, and play nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Play it although it will take longer than a day or more than 10 GB
    #[arg(long)]
    pub yes: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Join the shares of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Merge {
    /// Folders of all shares
    #[arg(required = true, value_name = "DIR")]
    pub folders: Vec<PathBuf>,
    /// Folder for the whole
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Write report.html too
    #[arg(long)]
    pub report: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Say what is done of a sweep.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Status {
    /// Folder of a sweep
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
}
