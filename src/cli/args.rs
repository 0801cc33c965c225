//! The flags, and their help.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::cli::guideline::Guideline;
use crate::cli::number::whole_number;
use crate::cli::sensitivity::Sensitivity;
use crate::cli::sweep::{Merge, Status, Sweep};

/// How many cases may one worker hold, and what happens then?
#[derive(Clone, Debug, PartialEq, Eq, Parser)]
#[command(
    name = "casecap",
    version,
    max_term_width = 100,
    after_help = "Start with:\n  casecap new my-team.toml\n  casecap check my-team.toml\n  casecap run my-team.toml\n\n\
        A scenario is a TOML file. README.md describes it; `casecap schema` prints every key for an editor.\n\
        In it `targets` says what should be reached, as \"caseload_mean < 20 at 2027-03-31\" or\n\
        \"unallocated <= 5 in every month\"; a run says how often each is met. `casecap metrics`\n\
        lists what can be measured.\n\n\
        Exit: 0 done, 1 failed while running or interrupted (a run keeps what is complete),\n\
        2 the scenario or a flag is wrong, 130 interrupted twice (nothing is kept)."
)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Print every error and warning of a scenario, not only the first 20 of each
    #[arg(long, global = true)]
    pub all: bool,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Play a scenario many times under each of its policies, and say and write what comes out
    #[command(after_help = "Examples:\n  casecap run scenarios/first.toml\n  \
            casecap run scenarios/first.toml --policy \"no limit\" --policy \"hard 16\" --replications 10000\n  \
            casecap run scenarios/first.toml --seed 7 --out results/seed-7 --replications-csv\n  \
            casecap run scenarios/first.toml --format csv,parquet,xlsx\n\n\
            The same scenario, seed and number of replications give the same files, byte for byte, on any\n\
            number of threads. Ctrl-C stops within a second and keeps the replications that are complete;\n\
            the run then ends with exit code 1. How often each of the scenario's `targets` is met is\n\
            printed, and written to targets.csv.\n\n\
            --outer 200 plays 200 plausible worlds, the same under all policies, where numbers of the scenario are\n\
            laws of what is not known; spread.csv then splits each spread into what we do not know and luck.\n\n\
            --until ends the run when every named interval is that narrow, for every policy:\n  \
            casecap run scenarios/first.toml --until \"caseload_mean +- 0.1\" --until \"unallocated +- 5%\"\n\
            METRIC [of team NAME] +- NUMBER[%] [at DATE | over the horizon]; else it is the last month. With a %\n\
            it is a part of the mean. The intervals looked at hold at every look at once, so that stopping early\n\
            costs no coverage; precision.csv has them beside the ordinary ones.")]
    Run(Run),
    /// Play a scenario under several policies, and say what each changes against one of them, and for whom
    #[command(after_help = "Examples:\n  casecap compare scenarios/first.toml\n  \
            casecap compare scenarios/first.toml --baseline \"hard 16\" --policy \"16 for two weeks\"\n  \
            casecap compare scenarios/first.toml --metric unallocated --metric wait_mean --metric cost\n  \
            casecap compare scenarios/first.toml --until \"unallocated +- 0.5\" --until \"caseload_mean +- 0.05\"\n  \
            casecap compare scenarios/england-2025.toml --outer 200 --replications 2000\n\n\
            Every difference is taken on the same replication: the same families come, the same workers leave,\n\
            and only the policy differs. Written is what `run` writes and differences.csv: the mean difference\n\
            for every metric, month, team, stage and grade, its interval, how often the policy is better, and\n\
            how many times as many independent runs would have been as precise. targets.csv has the difference\n\
            in the chance of meeting each target.\n\n\
            --outer and --until as for `run`; --until speaks of differences, and a % of the baseline's mean.")]
    Compare(Compare),
    /// Say which feedback carries the difference between two policies: both are played again without each
    #[command(
        after_help = "Examples:\n  casecap explain scenarios/first.toml --policy \"hard 16\" --against \"no limit\"\n  \
            casecap explain scenarios/england-2025.toml --policy \"no limit\" --against \"hard 20\" --metric caseload_mean\n\n\
            The feedbacks: \"overload slows work\", \"unmet need escalates\", \"unmet need returns\", \"strain -> leaving\",\n\
            \"strain -> absence\", \"leavers' cases fall back\", \"load -> recruitment\". With --cut one of them is cut in run,\n\
            compare or explain; a policy in the file may say `cut = [...]`. What each carries is written to explanation.csv."
    )]
    Explain(Explain),
    /// Play a scenario at many settings of its numbers, in blocks that survive a crash and can be shared out
    #[command(
        after_help = "Examples:\n  casecap sweep scenarios/first.toml --vary limit.value=10:24\n  \
            casecap sweep scenarios/first.toml --vary limit.value=12,16,20 --vary \"posts.social worker.count=8:12\"\n  \
            casecap sweep scenarios/first.toml --vary referrals.families_per_month=x0.8:x1.2 --vary limit.value=10:24 \\\n    \
              --design sobol --points 128 --replications 200\n  \
            casecap sweep scenarios/first.toml --design settings.csv --dry-run\n\n\
            A key is the path of a number in the file; `limit.value` alone is that of every policy that says it, `*`\n\
            everything that is named. Posts are counted over all groups of a grade, `posts.GRADE.TEAM.count` in one\n\
            team; how many are filled follows in proportion. x0.8 is so many times what it is; a law is stretched.\n\
            10:24 goes in steps of 1, 10:24:2 in steps of 2. --design one-at-a-time moves each key alone from the\n\
            scenario as it is; lhs and sobol fill the space with --points.\n\n\
            Every point is played with the same seed and replications, so that the same families and workers come.\n\
            Written are sweep.csv (point, keys, policy, month_end, metric, unit, mean, se, min, max, n),\n\
            sweep_summary.csv (the same over the horizon) and points.csv, which --design reads again.\n\n\
            A sweep that was stopped, killed or met a full disk goes on with --resume and writes the same bytes as if\n\
            nothing had happened. --shard 2/8 plays a share, anywhere; `casecap merge` joins them."
    )]
    Sweep(Sweep),
    /// Find the limits, or other numbers, that meet requirements, with a stated chance of error
    #[command(
        after_help = "Examples:\n  casecap guideline scenarios/first.toml --policy \"hard 16\" --vary limit.value=10:24 \\\n    \
              --require \"unallocated <= 5 in every month with 80%\"\n  \
            casecap guideline scenarios/first.toml --policy \"hard 16\" --vary limit.value=10:24 \\\n    \
              --require \"unallocated <= 5 in every month with 80%\" \\\n    \
              --against \"posts.social worker.count=8:24\"\n  \
            casecap guideline scenarios/first.toml --policy \"hard 16\" --vary limit.value=12:20 \\\n    \
              --vary referrals.families_per_month=6:10 --require \"unallocated <= 5 at month 24 with 80%\"\n\n\
            A requirement is a target and the probability with which a replication must meet it: METRIC [of team NAME]\n\
            <|<=|>|>= NUMBER at DATE | at month N | from month N | in every month | over the horizon with P%. A replication\n\
            in which the number is missing does not meet it.\n\n\
            Every value plays the same replications until it is decided; clear cases are left early and the budget goes\n\
            to the close ones. All decisions together are wrong with a chance of at most --error, whenever it stops. What\n\
            the budget does not decide is told as undecided, with how near it is. With --against the edge along a second\n\
            key is looked for at each value: the fewest posts, or the most referrals, at which all requirements hold.\n\n\
            With --worlds N each value is decided in N plausible worlds too. A world draws every number that is a law, and\n\
            every number with a range beside it, uniform over the range (an assumption); what is varied, and ranges of\n\
            policies that are not played, are left as they are. Told are the share of worlds in which each value holds, and\n\
            which numbers move it more than chance explains.\n\n\
            Written are guideline.csv, frontier.csv, worlds.csv, assumptions.csv, statement.txt, guideline.html, scenario.toml and manifest.json."
    )]
    Guideline(Guideline),
    /// Find which assumption matters most, which study to fund next, and in which plausible worlds a policy fails
    #[command(
        after_help = "Examples:\n  casecap sensitivity scenarios/laming-2009.toml --metric unallocated\n  \
            casecap sensitivity scenarios/first.toml --policy \"hard 16\" --vary referrals.families_per_month=7:9 \\\n    \
              --vary \"grades.*.leave_per_year=x0.7:x1.3\" --require \"unallocated <= 5 in every month with 80%\"\n  \
            casecap sensitivity scenarios/england-2025.toml --method morris\n\n\
            What is not known are the numbers that the scenario writes as a law or with a range, and what --vary names; a\n\
            range is taken as uniform. sobol takes the variance of each outcome apart: what an assumption does alone, and\n\
            with all that it interacts with, each with a 95 % interval. Every point is played several times, so that luck\n\
            is measured and told apart. morris changes one assumption after the other, for a first look at many.\n\n\
            With sobol and requirements, or targets in the scenario, two points of each row are plausible worlds as well: in\n\
            how many each policy meets what is required, what it loses against the best policy of each world, and the boxes\n\
            of assumptions in which the best policy fails.\n\n\
            Written are sensitivity.csv, points.csv, values.csv, robustness.csv, regret.csv, boxes.csv, sensitivity.html,\n\
            scenario.toml and manifest.json."
    )]
    Sensitivity(Sensitivity),
    /// Join the shares of a sweep that were played apart
    #[command(
        after_help = "Example:\n  casecap merge results/share-1 results/share-2 --out results/whole\n\n\
            Shares that are missing, given twice, unfinished, or of another version, seed, scenario or design are\n\
            refused, and named."
    )]
    Merge(Merge),
    /// Say what is done of a sweep, and what is left
    #[command(after_help = "Example:\n  casecap status results/first-sweep")]
    Status(Status),
    /// Write one page that answers the question, from the results in a folder: for a director, and for who checks
    #[command(
        after_help = "Examples:\n  casecap report results/first-compare\n  casecap compare scenarios/first.toml --report\n\n\
            report.html goes into the folder. It is one file without scripts, needs no network, prints well, and may be\n\
            sent by e-mail. It is made from the folder alone, at any time after run, compare or explain; what has been\n\
            changed there since, by hand or by half, is named and nothing is written. A comparison says most: its\n\
            answers are differences on the same luck.\n\n\
            Exit: 2 where the folder does not hold a whole run of this version or an older one."
    )]
    Report(Finished),
    /// Write an evidence pack from the results in a folder: for a task force, an inspector, or whoever assures the work
    #[command(after_help = "Examples:\n  casecap evidence results/first-compare\n\n\
            The pack goes into the folder evidence there: pack.html with 26 items and an index of the checklists STRESS-DES,\n\
            ISPOR-SMDM, TRACE and ODD; the tables with a dictionary; the scenario; the manifest; and the hash of each. What\n\
            only a person can say stays visibly blank: write it into evidence-answers.toml, which is made beside the pack,\n\
            and make the pack again. The answers are never overwritten. The folder of a guideline gives a pack too; what has\n\
            no meaning for it is left out, and it says so.\n\n\
            Exit: 2 where the folder holds no whole run or guideline, or the answers cannot be read.")]
    Evidence(Finished),
    /// Play a finished run again from its manifest alone, and say file by file whether the bits are the same
    #[command(
        after_help = "Examples:\n  casecap verify results/first-compare\n  casecap verify results/first --threads 1\n\n\
            Runs, comparisons, explanations, sweeps, guidelines and sensitivity analyses are simulated again. What is made of\n\
            them (report, workbook, evidence pack) and the manifest are held against their hashes. Nothing in the folder is\n\
            changed; it takes as long as the simulation did.\n\n\
            Results do not hold a list of open cases, because it is a list of people, unless --include-case-list was given\n\
            when they were made. Without it, keep the list beside the scenario, or name it with --case-list.\n\n\
            Exit: 0 all files are the same; 1 some are not, or were changed since; 2 where the folder holds no results that\n\
            can be simulated again, or the list of open cases is missing or another one."
    )]
    Verify(Verify),
    /// Write a workbook for a spreadsheet, from the results in a folder
    #[command(
        after_help = "Examples:\n  casecap workbook results/first-compare\n  casecap compare scenarios/first.toml --format xlsx\n\n\
            workbook.xlsx goes into the folder: a cover, notes, charts by month, and every table of the folder as a sheet\n\
            from A1, with the metrics and the source of every input. It holds no formula and no macro. It is made from the\n\
            folder alone, and the same folder gives the same file; what has been changed there since, by hand or by half, is\n\
            named and nothing is written.\n\n\
            Exit: 2 where the folder does not hold a whole run of this version or an older one."
    )]
    Workbook(Finished),
    /// Look at a scenario without running it: every problem at once, and what the scenario implies
    #[command(
        after_help = "Examples:\n  casecap check scenarios/first.toml\n  casecap check scenarios/england-2025.toml --evidence"
    )]
    Check(Check),
    /// Play systems whose answers are known exactly, and print simulated beside exact
    #[command(
        after_help = "Examples:\n  casecap validate --quick\n  casecap validate > results/published/validation.txt\n  \
            casecap validate --coverage > results/published/coverage.txt\n\n\
            Each configuration is a scenario under scenarios/theory that casecap run plays too. Exit: 1 where the\n\
            table fails. --coverage repeats 1,000 experiments on systems with a known mean (200 with --quick) and\n\
            counts how often the 95 % interval holds it: of so many replications as were fixed before, stopped\n\
            early by --until, and at every look; of a light, a skewed, a paired and a rare number. Two to four minutes."
    )]
    Validate(Validate),
    /// Print every metric: its name, unit and definition
    #[command(
        after_help = "Examples:\n  casecap metrics\n  casecap metrics --format csv > metrics.csv"
    )]
    Metrics(Metrics),
    /// Print every key that a scenario file may hold: its unit, its default, what it is
    #[command(after_help = "Example:\n  casecap keys | less")]
    Keys,
    /// Print the JSON Schema of a scenario, by which editors complete and check it
    #[command(after_help = "Example:\n  casecap schema > scenario.schema.json")]
    Schema,
    /// Write a small commented scenario to start from; a file that is there already is left alone
    #[command(after_help = "Example:\n  casecap new my-team.toml")]
    New {
        /// File to write
        file: PathBuf,
    },
    /// Print the completions of a shell
    #[command(
        after_help = "Example:\n  casecap completions bash > ~/.local/share/bash-completion/completions/casecap"
    )]
    Completions {
        /// Shell that is to complete
        shell: Shell,
    },
}

/// What every way of playing a scenario takes.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Play {
    /// Scenario file (TOML); - reads it from standard input
    pub scenario: PathBuf,
    /// Folder in which lists may lie that the scenario names, besides its own folder and those below it; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub data_dir: Vec<PathBuf>,
    /// Replications of each policy [default: the scenario's]
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub replications: Option<u64>,
    /// Seed of all chance [default: the scenario's]
    #[arg(long, value_name = "S", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub seed: Option<u64>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
    /// Plausible worlds: draws of the numbers that are not known, the same for all policies. --replications are
    /// shared out over them [default: as many as the replications fill]
    #[arg(long, value_name = "N", value_parser = whole_number::<u64>, allow_negative_numbers = true)]
    pub outer: Option<u64>,
    /// Feedback to cut under every policy, by its name, such as "strain -> leaving"; may be given several times.
    /// `casecap explain --help` lists them
    #[arg(long, value_name = "FEEDBACK")]
    pub cut: Vec<String>,
    /// Folder for the results [default: results/SCENARIO, with -compare or -explain behind it for those]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace the results of another run in that folder
    #[arg(long)]
    pub force: bool,
    /// Keep the list of open cases that the scenario names in the results: the columns that are read, with families
    /// numbered. Without it only its hash and the number of cases are kept, and `casecap verify` asks for the list
    #[arg(long)]
    pub include_case_list: bool,
    /// Also write replications.csv: each replication, policy and month in a row
    #[arg(long)]
    pub replications_csv: bool,
    /// Also write these, with commas between them. The CSV tables are always written
    #[arg(long, value_enum, value_name = "FORMAT,...", value_delimiter = ',')]
    pub format: Vec<FileFormat>,
    /// Also write report.html: the answer on one page, with charts (see `casecap report`)
    #[arg(long)]
    pub report: bool,
    /// Simulate it although it may take longer than a day
    #[arg(long)]
    pub yes: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Which policies are played, and how long.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Run {
    /// What is played.
    #[command(flatten)]
    pub play: Play,
    /// Policy to run, by its name; may be given several times [default: every policy of the scenario]
    #[arg(long, value_name = "NAME")]
    pub policy: Vec<String>,
    /// End when this is known so precisely, such as "caseload_mean +- 0.1"; may be given several times.
    /// --replications are then the most that are played [default: 100000]
    #[arg(long, value_name = "PRECISION")]
    pub until: Vec<String>,
}

/// Compare policies.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Compare {
    /// What is played.
    #[command(flatten)]
    pub run: Run,
    /// Policy that the others are compared with; it is always run [default: the scenario's first]
    #[arg(long, value_name = "NAME")]
    pub baseline: Option<String>,
    /// Metric to show, by its name; may be given several times. The files hold all
    /// [default: the main ones of workers, families, managers and the budget]
    #[arg(long, value_name = "KEY")]
    pub metric: Vec<String>,
}

/// Explain a difference.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Explain {
    /// What is played.
    #[command(flatten)]
    pub play: Play,
    /// Policy whose difference is explained, by its name
    #[arg(long, value_name = "NAME")]
    pub policy: String,
    /// Policy that it is held against
    #[arg(long, value_name = "NAME")]
    pub against: String,
    /// Metric to explain, by its name; may be given several times
    /// [default: caseload_mean, burnt_out_share, unallocated, need_met, leavers]
    #[arg(long, value_name = "KEY")]
    pub metric: Vec<String>,
}

/// Make something of a finished folder.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Finished {
    /// Folder that a run, compare or explain has written to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Simulate finished results again.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Verify {
    /// Folder that a run, compare, explain, sweep, guideline or sensitivity has written to
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The list of open cases that the results were made from, where they do not hold it; may be given several times
    /// [default: the file of that name in this folder, or above DIR]
    #[arg(long, value_name = "FILE")]
    pub case_list: Vec<PathBuf>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
    /// Simulate it again although it may take longer than a day
    #[arg(long)]
    pub yes: bool,
    /// Print nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Look at a scenario.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Check {
    /// Scenario file (TOML); - reads it from standard input
    pub scenario: PathBuf,
    /// Folder in which lists may lie that the scenario names, besides its own folder and those below it; may be given
    /// several times
    #[arg(long, value_name = "DIR")]
    pub data_dir: Vec<PathBuf>,
    /// Also print where each input comes from, the weakest grade (D) first
    #[arg(long)]
    pub evidence: bool,
}

/// Play systems whose answers are known.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Validate {
    /// Fewer replications: half a minute instead of some minutes
    #[arg(long)]
    pub quick: bool,
    /// Count instead how often intervals hold a known mean, over many experiments
    #[arg(long, conflicts_with = "only")]
    pub coverage: bool,
    /// Configuration to play, by its name; may be given several times [default: all]
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Threads; they change the time and nothing else [default: one for each core]
    #[arg(long, value_name = "T", value_parser = whole_number::<usize>)]
    pub threads: Option<usize>,
}

/// Print the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Metrics {
    /// Form of the catalogue
    #[arg(long, value_enum, default_value_t = Format::Table)]
    pub format: Format,
}

/// Form of a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Aligned, for people
    Table,
    /// Comma-separated, for programs
    Csv,
}

/// Form of the files of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum FileFormat {
    /// Tables of means, errors and percentiles: always written
    Csv,
    /// replications.parquet, for data frames: each replication, policy and month in a row
    Parquet,
    /// groups.parquet: the same of each team, stage and grade
    ParquetGroups,
    /// workbook.xlsx: the tables for a spreadsheet, with charts (see `casecap workbook`)
    Xlsx,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_flags_do_not_contradict_each_other() {
        Args::command().debug_assert();
    }

    #[test]
    fn policies_may_be_named_one_by_one() {
        let args = Args::try_parse_from([
            "casecap", "run", "a.toml", "--policy", "no limit", "--policy", "hard",
        ])
        .unwrap();
        let Command::Run(run) = args.command else {
            panic!("not a run");
        };
        assert_eq!(run.policy, ["no limit", "hard"]);
    }
}
