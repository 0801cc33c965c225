//! The program: a command line is read, and its command is done.

mod commands;

use std::process::ExitCode;

use casecap::cli::args::{Args, Command};

use commands::console::told_of;
use commands::failure::Done;
use commands::play::Mode;
use commands::{finished, guard, guide, guideline, play, sensitivity, start, sweep, validate};

fn main() -> ExitCode {
    let args = match start::arguments() {
        Ok(args) => args,
        Err(code) => return code,
    };
    guard::caught(&args.command, || {
        done(&args).unwrap_or_else(|failure| told_of(failure, args.all))
    })
}

fn done(args: &Args) -> Done {
    match &args.command {
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
        Command::Check(check) => guide::check(check, args.all),
        Command::Validate(args) => validate::validate(args),
        Command::Metrics(args) => guide::metrics(args),
        Command::Keys => guide::keys(),
        Command::Schema => guide::schema(),
        Command::New { file } => guide::begin(file),
        Command::Completions { shell } => guide::complete(*shell),
    }
}
