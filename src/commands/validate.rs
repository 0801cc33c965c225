//! `validate`: the engine against exact theory, and intervals against known means.

use std::process::ExitCode;

use casecap::cli::args::Validate;
use casecap::output::progress::Progress;
use casecap::validation::configuration::chosen;
use casecap::validation::coverage;
use casecap::validation::suite::{Effort, SuiteError, judge, play};
use casecap::validation::table;

use crate::commands::console::{print, stopped_by_signals};
use crate::commands::failure::{Done, Failure};

/// Holds the engine to theory.
pub fn validate(args: &Validate) -> Done {
    if args.coverage {
        return cover(args);
    }
    let effort = if args.quick {
        Effort::Quick
    } else {
        Effort::Full
    };
    let configurations = chosen(&args.only).map_err(Failure::Input)?;
    let replications = configurations.iter().map(|c| c.replications(effort)).sum();
    let stop = stopped_by_signals()?;
    let progress = Progress::new(replications, false);
    let answers = configurations
        .iter()
        .map(|c| play(c, effort, args.threads, &stop, &|| progress.advance()))
        .collect::<Result<Vec<_>, SuiteError>>();
    progress.clear();
    let answers = answers.map_err(|error| match error {
        SuiteError::Plan(error) => error.into(),
        other => Failure::Running(other.to_string()),
    })?;
    let verdict = judge(&answers);
    print(|out| table::report(out, &answers, &verdict))?;
    Ok(if verdict.beyond == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Counts how often intervals hold a known mean.
fn cover(args: &Validate) -> Done {
    let experiments = if args.quick { 200 } else { 1000 };
    let stop = stopped_by_signals()?;
    let progress = Progress::new(coverage::replications(experiments), false);
    let all = coverage::play(experiments, args.threads, &stop, &|| progress.advance());
    progress.clear();
    let all = all.map_err(|error| match error {
        SuiteError::Plan(error) => error.into(),
        other => Failure::Running(other.to_string()),
    })?;
    print(|out| coverage::report(out, &all))?;
    Ok(if coverage::broken(&all) == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
