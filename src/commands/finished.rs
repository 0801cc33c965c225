//! The commands of a finished folder: a report, a workbook, an evidence pack, and the run played again.

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

use casecap::cli::args::{Args, Command, Finished, Verify};
use casecap::output::kept::read_manifest;
use casecap::output::manifest::MANIFEST;
use casecap::output::number;
use casecap::output::sweep::page as sweep_page;
use casecap::output::sweep::spec::SPEC;
use casecap::output::verify::{Outcome, compare, reasons, report as verdict_report};
use casecap::output::{evidence, report, workbook};
use casecap::scenario::document::Document;

use crate::commands::console::{DAY, TOLD, as_typed, print, say};
use crate::commands::failure::{Done, Failure};
use crate::commands::play::{Mode, play_document};

/// Writes the report of a finished folder.
pub fn report(args: &Finished) -> Done {
    let path = match args.folder.join(SPEC).exists() {
        true => sweep_page::write(&args.folder)?,
        false => report::write(&args.folder)?,
    };
    written(args, &path)
}

/// Writes the workbook of a finished folder.
pub fn workbook(args: &Finished) -> Done {
    let path = workbook::write(&args.folder)?;
    written(args, &path)
}

fn written(args: &Finished, path: &Path) -> Done {
    if args.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    print(|out| writeln!(out, "Written: {}", path.display()))
}

/// Writes the evidence pack of a finished folder.
pub fn evidence(args: &Finished) -> Done {
    let written = evidence::write(&args.folder)?;
    if args.quiet {
        return Ok(ExitCode::SUCCESS);
    }
    print(|out| {
        writeln!(out, "Written: {}", written.page.display())?;
        match written.blanks {
            0 => Ok(()),
            n => writeln!(
                out,
                "{n} prompts wait for a person: answer them in {}, and make the pack again.",
                written.answers.display()
            ),
        }
    })
}

/// Plays a finished run again from its manifest alone, and compares every file.
pub fn verify(args: &Verify) -> Done {
    let kept = read_manifest(&args.folder).map_err(|e| Failure::Input(e.to_string()))?;
    let files = kept.scenario.files.iter();
    let files: Vec<(&str, &str)> = files.map(|f| (f.path.as_str(), f.text.as_str())).collect();
    let document = Document::kept(&kept.scenario.name, &files).map_err(Failure::Scenario)?;
    let told = |what: &str| {
        let manifest = args.folder.join(MANIFEST);
        Failure::Input(format!(
            "{}: {what}\n  the run cannot be played again from it",
            manifest.display()
        ))
    };
    let words = shlex::split(&kept.command).ok_or_else(|| told("its command has an open quote"))?;
    let mut again = Args::try_parse_from(words)
        .map_err(|e| told(&format!("its command is not understood: {}", e.kind())))?;
    let home = tempfile::tempdir()
        .map_err(|e| Failure::Running(format!("there is no room for a second run: {e}")))?;
    let out = home.path().join("again");
    let with = match &mut again.command {
        Command::Run(run) => &mut run.play,
        Command::Compare(compare) => &mut compare.run.play,
        Command::Explain(explain) => &mut explain.play,
        _ => return Err(told("its command plays nothing")),
    };
    let took = kept.wall_time_seconds;
    if took > DAY && !args.yes {
        return Err(Failure::Input(format!(
            "the run took {}, and this takes about as long\n  say that it is meant:\n    {} --yes",
            number::seconds(took),
            as_typed()
        )));
    }
    if took > TOLD && !args.quiet {
        say(|out| {
            writeln!(
                out,
                "the run took {}; this takes about as long",
                number::seconds(took)
            )
        });
    }
    with.yes = true;
    with.out = Some(out.clone());
    (with.quiet, with.threads) = (args.quiet, args.threads);
    if kept.run.interrupted {
        with.replications = Some(kept.run.replications_kept);
    }
    let done = match &again.command {
        Command::Run(run) => play_document(document, &run.play, Mode::Run(run), false),
        Command::Compare(compare) => {
            play_document(document, &compare.run.play, Mode::Compare(compare), false)
        }
        Command::Explain(explain) => {
            play_document(document, &explain.play, Mode::Explain(explain), false)
        }
        _ => return Err(told("its command plays nothing")),
    }?;
    if done != ExitCode::SUCCESS {
        return Ok(done);
    }
    let fresh = read_manifest(&out).map_err(|e| Failure::Running(e.to_string()))?;
    let verdicts = compare(&args.folder, &kept, &out, &fresh)
        .map_err(|e| Failure::Running(format!("the second run could not be read: {e}")))?;
    let is_same = verdicts
        .iter()
        .all(|verdict| verdict.outcome == Outcome::Same);
    if !args.quiet {
        print(|out| verdict_report(out, &args.folder, &verdicts, &reasons(&kept, &fresh)))?;
    }
    Ok(match is_same {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
