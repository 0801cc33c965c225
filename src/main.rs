//! The program: a command line is read, and its command is done.

mod commands;

use std::process::ExitCode;

use clap::Parser;

use casecap::cli::args::{Args, Command};

use commands::console::told_of;
use commands::play::Mode;
use commands::{finished, guide, guideline, play, sensitivity, sweep, validate};

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Command::Run(args) => play::play(&args.play, Mode::Run(args)),
        Command::Compare(args) => play::play(&args.run.play, Mode::Compare(args)),
        Command::Explain(args) => play::play(&args.play, Mode::Explain(args)),
        Command::Report(args) => finished::report(args),
        Command::Evidence(args) => finished::evidence(args),
        Command::Verify(args) => finished::verify(args),
        Command::Workbook(args) => finished::workbook(args),
        Command::Sweep(args) => sweep::play::sweep(args),
        Command::Guideline(args) => guideline::guideline(args),
        Command::Sensitivity(args) => sensitivity::sensitivity(args),
        Command::Merge(args) => sweep::shares::merge(args),
        Command::Status(args) => sweep::shares::status(args),
        Command::Check(args) => guide::check(args),
        Command::Validate(args) => validate::validate(args),
        Command::Metrics(args) => guide::metrics(args),
        Command::Keys => guide::keys(),
        Command::Schema => guide::schema(),
        Command::New { file } => guide::begin(file),
        Command::Completions { shell } => guide::complete(*shell),
    };
    done.unwrap_or_else(told_of)
}
