//! The commands of a finished folder: a report, a workbook, an evidence pack, and the run played again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use casecap::cli::args::{Args, Command, Finished, Verify};
use casecap::experiment::plan::{Plan, Wishes};
use casecap::output::kept::problem::{KeptError, SWEEP};
use casecap::output::kept::{Listed, read_manifest};
use casecap::output::manifest::{BLOCKS, MANIFEST, Manifest, Source, Written};
use casecap::output::number;
use casecap::output::store::recovery::recover;
use casecap::output::sweep::page as sweep_page;
use casecap::output::sweep::spec::{SPEC, Spec};
use casecap::output::verify::{compare, intact, reasons, report as verdict_report};
use casecap::output::{evidence, report, workbook};
use casecap::scenario::document::Document;
use casecap::scenario::problem::SourceFile;

use crate::commands::console::{DAY, TOLD, as_typed, print, say, say_recovered};
use crate::commands::failure::{Done, Failure};
use crate::commands::guideline::guideline_of;
use crate::commands::play::{Mode, play_document};
use crate::commands::sensitivity::sensitivity_of;
use crate::commands::sweep::play::again;

/// Writes the report of a finished folder.
pub fn report(args: &Finished) -> Done {
    recovered(&args.folder, args.quiet);
    let path = match args.folder.join(SPEC).exists() {
        true => sweep_page::write(&args.folder)?,
        false => report::write(&args.folder)?,
    };
    written(args, &path)
}

/// Writes the workbook of a finished folder.
pub fn workbook(args: &Finished) -> Done {
    recovered(&args.folder, args.quiet);
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
    recovered(&args.folder, args.quiet);
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

/// Simulates finished results again from their manifest, and compares every file.
pub fn verify(args: &Verify) -> Done {
    recovered(&args.folder, args.quiet);
    match read_manifest(&args.folder) {
        Ok(kept) => verify_run(args, &kept),
        Err(KeptError::Other(_, SWEEP)) => verify_sweep(args),
        Err(KeptError::Other(..)) => verify_question(args),
        Err(error) => Err(Failure::Input(error.to_string())),
    }
}

fn verify_run(args: &Verify, kept: &Manifest) -> Done {
    let document = complete(args, &kept.scenario.name, &kept.scenario.files)?;
    let mut again = parsed(&args.folder, &kept.command)?;
    let home = second()?;
    let out = home.path().join("again");
    let with = match &mut again.command {
        Command::Run(run) => &mut run.play,
        Command::Compare(compare) => &mut compare.run.play,
        Command::Explain(explain) => &mut explain.play,
        _ => return Err(unplayable(&args.folder, "its command simulates nothing")),
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
        _ => return Err(unplayable(&args.folder, "its command simulates nothing")),
    }?;
    if done != ExitCode::SUCCESS {
        return Ok(done);
    }
    let fresh = read_manifest(&out).map_err(|e| Failure::Running(e.to_string()))?;
    judge(args, Some(&out), &[], &reasons(kept, &fresh))
}

/// What the manifests of guidelines and sensitivity analyses begin with.
#[derive(serde::Deserialize)]
struct Question {
    scenario: String,
    scenario_files: Vec<Source>,
    command: String,
    #[serde(default)]
    interrupted: bool,
}

fn verify_question(args: &Verify) -> Done {
    let listed = Listed::open(&args.folder).map_err(|e| Failure::Input(e.to_string()))?;
    let kept: Question = serde_json::from_slice(&listed.text)
        .map_err(|e| unplayable(&args.folder, &e.to_string()))?;
    if kept.interrupted {
        // Where it was stopped depended on the clock.
        return judge(args, None, &[], &[]);
    }
    let document = complete(args, &kept.scenario, &kept.scenario_files)?;
    let mut again = parsed(&args.folder, &kept.command)?;
    let home = second()?;
    let out = home.path().join("again");
    let done = match &mut again.command {
        Command::Guideline(with) => {
            with.out = Some(out.clone());
            (with.quiet, with.threads, with.yes) = (true, args.threads, true);
            guideline_of(document, with)
        }
        Command::Sensitivity(with) => {
            with.out = Some(out.clone());
            (with.quiet, with.threads, with.yes) = (true, args.threads, true);
            sensitivity_of(document, with)
        }
        _ => return Err(unplayable(&args.folder, "its command simulates nothing")),
    }?;
    if done != ExitCode::SUCCESS {
        return Ok(done);
    }
    judge(args, Some(&out), &[], &[])
}

fn verify_sweep(args: &Verify) -> Done {
    let spec = Spec::read_whole(&args.folder).map_err(Failure::Input)?;
    let document = complete(args, &spec.scenario, &spec.files)?;
    let wishes = Wishes {
        threads: args.threads,
        ..Wishes::default()
    };
    let threads = Plan::new(document.scenario(), document.is_uncertain(), &wishes)?.threads;
    let home = second()?;
    let out = home.path().join("again");
    let done = again(&spec, &document, &out, (threads, args.quiet))?;
    if done != ExitCode::SUCCESS {
        return Ok(done);
    }
    // Blocks of an earlier design may stand there too, and what is written again is read from sweep.json.
    judge(args, Some(&out), &[BLOCKS, SPEC], &[])
}

/// Says how every file came out.
///
/// * `out` - where the results were made again; nothing: they were not
/// * `not_again` - names that were not
fn judge(args: &Verify, out: Option<&Path>, not_again: &[&str], reasons: &[String]) -> Done {
    let listed = Listed::open(&args.folder).map_err(|e| Failure::Input(e.to_string()))?;
    let mut verdicts = Vec::new();
    let every: Vec<&str> = listed.files.iter().map(|f| f.name.as_str()).collect();
    let not_again = match out {
        Some(out) => {
            let fresh = Listed::open(out).map_err(|e| Failure::Running(e.to_string()))?;
            let is_again = |file: &&Written| !not_again.contains(&file.name.as_str());
            let kept: Vec<Written> = listed.files.iter().filter(is_again).cloned().collect();
            let compared = compare(&args.folder, &kept, out, &fresh.files);
            verdicts = compared
                .map_err(|e| Failure::Running(format!("the repetition could not be read: {e}")))?;
            not_again
        }
        None => &every,
    };
    verdicts.extend(intact(&args.folder, &listed, not_again));
    if !args.quiet {
        print(|out| verdict_report(out, &args.folder, &verdicts, reasons))?;
    }
    Ok(match verdicts.iter().all(|v| v.outcome.is_good()) {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// The scenario of results, with a list of open cases that they do not hold from the disk.
fn complete(args: &Verify, name: &str, sources: &[Source]) -> Result<Document, Failure> {
    if let Some(absent) = args.case_list.iter().find(|path| !path.is_file()) {
        return Err(Failure::Input(format!(
            "{}: there is no such file\n  name the list of open cases with --case-list FILE",
            absent.display()
        )));
    }
    if !args.case_list.is_empty() && sources.iter().all(|source| source.text.is_some()) {
        return Err(Failure::Input(
            "these results hold everything that they were made from\n  leave --case-list out"
                .to_owned(),
        ));
    }
    let mut files = Vec::new();
    for source in sources {
        files.push(match &source.text {
            Some(_) => source.file(),
            None => SourceFile::new(&source.path, case_list(args, source)?),
        });
    }
    Document::kept_files(name, files).map_err(Failure::Scenario)
}

/// Finds a list of open cases by its hash.
fn case_list(args: &Verify, source: &Source) -> Result<String, Failure> {
    /// Folders above that of the results in which it is looked for: `results/NAME` is two below the scenario's.
    const ABOVE: usize = 3;
    let real = args.folder.canonicalize().unwrap_or_default();
    let above = real.ancestors().skip(1).take(ABOVE);
    let beside = above.map(|folder| folder.join(&source.path));
    let here = PathBuf::from(&source.path);
    let mut other = None;
    for path in args.case_list.iter().cloned().chain([here]).chain(beside) {
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        if SourceFile::new("", text.clone()).sha256 == source.sha256 {
            return Ok(text);
        }
        other = other.or(Some(path));
    }
    let what = match other {
        Some(path) => format!(
            "{} is another list of open cases than the one that these results were made from: its hash differs",
            path.display()
        ),
        None => format!(
            "these results were made from the list of open cases {}, and do not hold it",
            source.path
        ),
    };
    Err(Failure::Input(format!(
        "{what}\n  name the list with --case-list FILE; its SHA-256 is {}",
        source.sha256
    )))
}

/// The command of a manifest.
fn parsed(folder: &Path, command: &str) -> Result<Args, Failure> {
    let words =
        shlex::split(command).ok_or_else(|| unplayable(folder, "its command has an open quote"))?;
    Args::try_parse_from(words).map_err(|e| {
        unplayable(
            folder,
            &format!("its command is not understood: {}", e.kind()),
        )
    })
}

fn unplayable(folder: &Path, what: &str) -> Failure {
    let manifest = folder.join(MANIFEST);
    Failure::Input(format!(
        "{}: {what}\n  the run cannot be simulated again from it",
        manifest.display()
    ))
}

/// A folder for the repetition, gone with it.
fn second() -> Result<tempfile::TempDir, Failure> {
    tempfile::tempdir()
        .map_err(|e| Failure::Running(format!("there is no room for a second run: {e}")))
}

/// Completes or removes what a killed command left of a folder, and says so.
fn recovered(folder: &Path, is_quiet: bool) {
    let done = recover(folder);
    if !is_quiet {
        say_recovered(folder, done);
    }
}
