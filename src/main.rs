//! The program: read a scenario, play it, write what comes out, report an error.

mod finished;
mod guideline;
mod sensitivity;

use std::fmt::Display;
use std::fs::OpenOptions;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use clap::{CommandFactory, Parser, ValueEnum};

use casecap::cli::args::{
    Args, Check, Command, Compare, Explain, FileFormat, Format, Metrics, Play, Run, Validate,
};
use casecap::experiment::explain::Explaining;
use casecap::experiment::plan::{Baseline, Plan, PlanError, Wishes, index_of};
use casecap::experiment::run::{RunError, Watch, run};
use casecap::output::asked::Refused;
use casecap::output::explain::{self, Explanation};
use casecap::output::folder::{FolderError, REPORT, WORKBOOK, safe_name};
use casecap::output::manifest::shell_word;
use casecap::output::page::error::PageError;
use casecap::output::parquet::Whom;
use casecap::output::progress::Progress;
use casecap::output::report;
use casecap::output::results::{Results, Wanted};
use casecap::output::terminal::{self, Frame};
use casecap::output::workbook::{self, WorkbookError};
use casecap::output::{check, compare, metrics};
use casecap::policy::arrow::Cuts;
use casecap::scenario::document::Document;
use casecap::scenario::problem::Problems;
use casecap::scenario::reference::reference;
use casecap::scenario::schema::json_schema;
use casecap::scenario::sections::Scenario;
use casecap::scenario::starter::starter;
use casecap::scenario::study::{Study, Without, cuts};
use casecap::validation::configuration::chosen;
use casecap::validation::coverage;
use casecap::validation::suite::{Effort, SuiteError, judge, play as play_configuration};
use casecap::validation::table;

mod sweep;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match &args.command {
        Command::Run(args) => play(&args.play, Mode::Run(args)),
        Command::Compare(args) => play(&args.run.play, Mode::Compare(args)),
        Command::Explain(args) => play(&args.play, Mode::Explain(args)),
        Command::Report(args) => finished::report(args),
        Command::Evidence(args) => finished::evidence(args),
        Command::Verify(args) => finished::verify(args),
        Command::Workbook(args) => finished::workbook(args),
        Command::Sweep(args) => sweep::sweep(args),
        Command::Guideline(args) => guideline::guideline(args),
        Command::Sensitivity(args) => sensitivity::sensitivity(args),
        Command::Merge(args) => sweep::merge(args),
        Command::Status(args) => sweep::status(args),
        Command::Check(args) => look(args),
        Command::Validate(args) => validate(args),
        Command::Metrics(args) => list_metrics(args),
        Command::Keys => print(|out| out.write_all(reference().as_bytes())),
        Command::Schema => print_schema(),
        Command::New { file } => begin(file),
        Command::Completions { shell } => complete(*shell),
    };
    done.unwrap_or_else(told_of)
}

/// Why a command was not done.
enum Failure {
    /// The scenario is wrong: every problem, with its place.
    Scenario(Problems),
    /// A flag or a path is wrong.
    Input(String),
    /// Something failed on the way.
    Running(String),
    /// What was to be printed could not be.
    Print(io::Error),
}

type Done = Result<ExitCode, Failure>;

/// Longest that a command begins unasked [s].
const DAY: f64 = 86_400.0;
/// Time for the measurement by which a command says how long it will take [s].
const PILOT: f64 = 0.6;

fn unwritable(folder: &Path, error: &io::Error) -> Failure {
    Failure::Running(format!(
        "{} cannot be written to: {error}",
        folder.display()
    ))
}

/// Why the answer to a question may not be written to a folder.
fn refused(folder: &Path, error: Refused) -> Failure {
    match error {
        Refused::Other(words) => Failure::Input(format!("{words}\n    {} --force", as_typed())),
        Refused::Foreign(words) => Failure::Input(words),
        Refused::Disk(error) => unwritable(folder, &error),
    }
}

/// Says what went wrong, and ends the program accordingly.
fn told_of(failure: Failure) -> ExitCode {
    let (words, code) = match failure {
        // Whoever read our output has had enough of it: that is no failure.
        Failure::Print(e) if e.kind() == io::ErrorKind::BrokenPipe => return ExitCode::SUCCESS,
        Failure::Print(e) => (format!("error: the output could not be printed: {e}\n"), 1),
        Failure::Scenario(problems) => (problems.render(is_colored(&io::stderr())), 2),
        Failure::Input(words) => (format!("error: {words}\n"), 2),
        Failure::Running(words) => (format!("error: {words}\n"), 1),
    };
    say(|out| out.write_all(words.as_bytes()));
    ExitCode::from(code)
}

/// What a scenario is played for.
#[derive(Clone, Copy)]
enum Mode<'a> {
    /// Each policy by itself.
    Run(&'a Run),
    /// Every policy against a baseline.
    Compare(&'a Compare),
    /// Two policies, with and without each feedback.
    Explain(&'a Explain),
}

/// Plays a scenario.
fn play(args: &Play, mode: Mode<'_>) -> Done {
    play_document(read(&args.scenario)?, args, mode, !args.quiet)
}

/// Plays a scenario that has been read.
///
/// * `is_told` - true: warnings and the answer are printed
fn play_document(mut document: Document, args: &Play, mode: Mode<'_>, is_told: bool) -> Done {
    let cut = cuts(&args.cut).map_err(told("in --cut"))?;
    let written = document.scenario().policies.len();
    document.study(study(&document, mode, cut)?);
    let scenario = document.scenario();
    let plan = Plan::new(
        scenario,
        document.is_uncertain(),
        &wishes(args, mode, scenario),
    )?;
    let shown = match mode {
        Mode::Compare(compared) => compare::shown(&compared.metric),
        _ => compare::shown(&[]),
    }
    .map_err(told("in --metric"))?;
    let feedbacks = cut.names();
    let mut explaining = match mode {
        Mode::Explain(args) => {
            let metrics = explain::shown(&args.metric).map_err(told("in --metric"))?;
            Some(Explaining::of(
                &document,
                &plan,
                written,
                [&args.policy, &args.against],
                &metrics,
            ))
        }
        _ => None,
    };
    let folder = match &args.out {
        Some(folder) => folder.clone(),
        None => {
            let name = safe_name(&scenario.name);
            PathBuf::from("results").join(match mode {
                Mode::Run(_) => name,
                Mode::Compare(_) => format!("{name}-compare"),
                Mode::Explain(_) => format!("{name}-explain"),
            })
        }
    };
    let command = repeating(args, mode, &plan, &folder, &document);
    let whom: Vec<Whom> = parquet(args).into_iter().map(|(_, whom)| whom).collect();
    let wanted = Wanted {
        folder: &folder,
        force: args.force,
        replications_csv: args.replications_csv,
        parquet: &whom,
        command: &command,
        explains: explaining.is_some(),
        cut: &feedbacks,
    };
    let mut results = Results::open(&document, &plan, &wanted).map_err(|error| {
        if error.is_replaceable() {
            Failure::Input(format!("{error}\n    {} --force", as_typed()))
        } else {
            error.into()
        }
    })?;
    if is_told {
        let path = shell_word(&args.scenario.to_string_lossy());
        say(|out| check::warnings(out, &document, &path, is_colored(&io::stderr())));
    }

    let stop = stopped_by_signals()?;
    let progress = Progress::new(plan.replications, args.quiet);
    let began = Instant::now();
    let watch = Watch {
        stop: &stop,
        on_replication: &|| progress.advance(),
    };
    let played = run(&document, &plan, &watch, &mut |played| {
        if let Some(explaining) = &mut explaining {
            explaining.take(played);
        }
        results.take(played)
    });
    let wall_time_seconds = began.elapsed().as_secs_f64();
    progress.clear();
    let summary = played.map_err(|error| match error {
        RunError::World(problems) => Failure::Scenario(problems),
        RunError::Collect(error) => results.failed(error).into(),
        other => Failure::Running(other.to_string()),
    })?;

    let kept = summary.replications;
    if kept == 0 {
        say(|out| terminal::interrupted(out, &plan, kept, None));
        return Ok(ExitCode::FAILURE);
    }
    let explanation = match (mode, &explaining) {
        (Mode::Explain(args), Some(explaining)) => Some(Explanation {
            policy: args.policy.clone(),
            against: args.against.clone(),
            explained: explaining.finish(),
            grounds: explain::grounds(document.evidence()),
        }),
        _ => None,
    };
    let published = results.write(&summary, explanation.as_ref(), wall_time_seconds)?;
    if summary.is_interrupted {
        say(|out| terminal::interrupted(out, &plan, kept, Some(&published.folder)));
    }
    let mut files = published.files;
    if args.report {
        report::write(&published.folder)?;
        files.push(REPORT.to_owned());
    }
    if args.format.contains(&FileFormat::Xlsx) {
        workbook::write(&published.folder)?;
        files.push(WORKBOOK.to_owned());
    }
    if is_told {
        let frame = Frame {
            title: &scenario.title,
            plan: &plan,
            wall_time_seconds,
            color: is_colored(&io::stdout()),
        };
        print(|out| {
            match (&explanation, &summary.comparison) {
                (Some(explanation), _) => explain::answer(out, &frame, &summary, explanation)?,
                (None, Some(comparison)) => {
                    compare::answer(out, &frame, &summary, comparison, &shown)?;
                }
                (None, None) => terminal::answer(out, &frame, &summary)?,
            }
            terminal::files(out, &published.folder, &files)
        })?;
    }
    Ok(if summary.is_interrupted {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn look(args: &Check) -> Done {
    let document = read(&args.scenario)?;
    let color = is_colored(&io::stdout());
    print(|out| {
        check::report(out, &document, color)?;
        if args.evidence {
            check::evidence(out, &document, width())?;
        }
        Ok(())
    })
}

fn validate(args: &Validate) -> Done {
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
        .map(|c| play_configuration(c, effort, args.threads, &stop, &|| progress.advance()))
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

fn list_metrics(args: &Metrics) -> Done {
    print(|out| match args.format {
        Format::Table => metrics::table(out),
        Format::Csv => metrics::csv(out),
    })
}

fn print_schema() -> Done {
    let text = serde_json::to_string_pretty(&json_schema())
        .map_err(|e| Failure::Running(e.to_string()))?;
    print(|out| writeln!(out, "{text}"))
}

fn begin(file: &Path) -> Done {
    let shown = file.display();
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(file)
        .map_err(|e| match e.kind() {
            io::ErrorKind::AlreadyExists => {
                Failure::Input(format!("{shown} is there already, and is left alone"))
            }
            io::ErrorKind::NotFound => {
                let folder = file.parent().unwrap_or(file).display();
                Failure::Input(format!(
                    "there is no folder {folder}\n  make it first, or name a file in another folder"
                ))
            }
            _ => Failure::Input(format!("{shown} cannot be written: {e}")),
        })?;
    new.write_all(starter().as_bytes())
        .map_err(|e| Failure::Running(format!("{shown} could not be written: {e}")))?;
    let path = shell_word(&file.to_string_lossy());
    print(|out| writeln!(out, "Written. Now: casecap check {path}"))
}

fn complete(shell: clap_complete::Shell) -> Done {
    // Into memory first: the generator does not report a closed pipe, it panics.
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "casecap", &mut text);
    print(|out| out.write_all(&text))
}

fn read(path: &Path) -> Result<Document, Failure> {
    Document::open(path).map_err(Failure::Scenario)
}

fn wishes(args: &Play, mode: Mode<'_>, scenario: &Scenario) -> Wishes {
    let (policies, baseline) = match mode {
        Mode::Run(run) => (run.policy.clone(), None),
        Mode::Compare(compare) => {
            let baseline = match &compare.baseline {
                Some(name) => Baseline::Named(name.clone()),
                None => Baseline::First,
            };
            (compare.run.policy.clone(), Some(baseline))
        }
        Mode::Explain(explain) => {
            // The pair, and the pairs that the study has added to it at the end.
            let added = scenario.policies.len() - 2 * Without::each().count();
            let all = scenario.policies.iter().enumerate();
            let played = all.filter(|(at, policy)| {
                *at >= added || policy.name == explain.policy || policy.name == explain.against
            });
            let names = played.map(|(_, policy)| policy.name.clone()).collect();
            (names, Some(Baseline::Named(explain.against.clone())))
        }
    };
    Wishes {
        policies,
        baseline,
        replications: args.replications,
        outer: args.outer,
        until: match mode {
            Mode::Run(run) => run.until.clone(),
            Mode::Compare(compare) => compare.run.until.clone(),
            Mode::Explain(_) => Vec::new(),
        },
        seed: args.seed,
        threads: args.threads,
    }
}

/// What a command changes in the scenario.
fn study(document: &Document, mode: Mode<'_>, cut: Cuts) -> Result<Study, Failure> {
    let Mode::Explain(explain) = mode else {
        return Ok(Study::Cut(cut));
    };
    let policies = &document.scenario().policies;
    let policy = index_of(policies, &explain.policy)?;
    let against = index_of(policies, &explain.against)?;
    Study::pair(policies, policy, against, cut).map_err(told("in --against"))
}

/// An error of a flag: what is wrong, and what to do.
fn told(place: &str) -> impl Fn((String, String)) -> Failure + '_ {
    move |(what, remedy)| Failure::Input(format!("{place}: {what}\n  {remedy}"))
}

/// The command that repeats a run, with everything that decides its numbers written out.
fn repeating(
    args: &Play,
    mode: Mode<'_>,
    plan: &Plan,
    folder: &Path,
    document: &Document,
) -> String {
    let policies = &document.scenario().policies;
    let baseline = plan.baseline.and_then(|at| plan.policies.get(at));
    let verb = match mode {
        Mode::Run(_) => "run",
        Mode::Compare(_) => "compare",
        Mode::Explain(_) => "explain",
    };
    let mut words = vec!["casecap".to_owned(), verb.to_owned()];
    words.push(shell_word(&args.scenario.to_string_lossy()));
    if let Mode::Explain(explain) = mode {
        words.push(format!("--policy {}", shell_word(&explain.policy)));
        words.push(format!("--against {}", shell_word(&explain.against)));
        for metric in &explain.metric {
            words.push(format!("--metric {}", shell_word(metric)));
        }
    } else {
        if let Some(baseline) = baseline {
            let name = shell_word(&policies[*baseline].name);
            words.push(format!("--baseline {name}"));
        }
        for policy in &plan.policies {
            words.push(format!("--policy {}", shell_word(&policies[*policy].name)));
        }
    }
    for feedback in &args.cut {
        words.push(format!("--cut {}", shell_word(feedback)));
    }
    words.push(format!("--replications {}", plan.replications));
    if let Some(outer) = args.outer {
        words.push(format!("--outer {outer}"));
    }
    for precision in &plan.until {
        words.push(format!("--until {}", shell_word(&precision.text)));
    }
    words.push(format!("--seed {}", plan.seed));
    words.push(format!("--out {}", shell_word(&folder.to_string_lossy())));
    if args.replications_csv {
        words.push("--replications-csv".to_owned());
    }
    let tables = parquet(args);
    if !tables.is_empty() {
        let names: Vec<String> = tables
            .iter()
            .filter_map(|(format, _)| Some(format.to_possible_value()?.get_name().to_owned()))
            .collect();
        words.push(format!("--format {}", names.join(",")));
    }
    words.join(" ")
}

/// Of whom each replication is written for data frames, by the form that was asked for, each once.
fn parquet(args: &Play) -> Vec<(FileFormat, Whom)> {
    let all = [
        (FileFormat::Parquet, Whom::Service),
        (FileFormat::ParquetGroups, Whom::Groups),
    ];
    let asked = all.into_iter();
    asked
        .filter(|(format, _)| args.format.contains(format))
        .collect()
}

/// The command that was typed, as a shell takes it.
fn as_typed() -> String {
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| shell_word(&word.to_string_lossy()));
    let words: Vec<String> = std::iter::once("casecap".to_owned()).chain(words).collect();
    words.join(" ")
}

/// Becomes true at Ctrl-C or when the system asks the program to end; the second time it ends at once.
fn stopped_by_signals() -> Result<Arc<AtomicBool>, Failure> {
    /// By convention 128 and the number of the signal.
    const INTERRUPTED: i32 = 130;
    let stop = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if told.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED);
        }
    })
    .map_err(|e| Failure::Running(format!("Ctrl-C cannot be listened for: {e}")))?;
    Ok(stop)
}

/// Words beside the results. Where nobody can hear them, the work goes on.
fn say(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let _ = write(&mut io::stderr());
}

/// Prints through one buffer, and notices what a full disk or a closed pipe swallowed.
fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Done {
    let mut out = io::BufWriter::new(io::stdout().lock());
    write(&mut out)
        .and_then(|()| out.flush())
        .map_err(Failure::Print)?;
    Ok(ExitCode::SUCCESS)
}

/// Width of the terminal, never narrower than a definition can be read in [characters].
fn width() -> u16 {
    const NARROWEST: u16 = 100;
    /// In a pipe.
    const PAPER: u16 = 130;
    terminal_size::terminal_size().map_or(PAPER, |(width, _)| width.0.max(NARROWEST))
}

/// Colours are for people at a terminal who have not asked for none (no-color.org).
fn is_colored(stream: &impl IsTerminal) -> bool {
    let asked_for_none = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|v| v == "dumb");
    stream.is_terminal() && !asked_for_none && !is_dumb
}

impl Failure {
    /// Another path or flag would do, or the work itself failed.
    fn of(error: &dyn Display, is_input: bool) -> Failure {
        match is_input {
            true => Failure::Input(error.to_string()),
            false => Failure::Running(error.to_string()),
        }
    }
}

impl From<PlanError> for Failure {
    fn from(error: PlanError) -> Failure {
        Failure::of(&error, true)
    }
}

impl From<FolderError> for Failure {
    fn from(error: FolderError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}

impl From<WorkbookError> for Failure {
    fn from(error: WorkbookError) -> Failure {
        Failure::of(&error, error.is_input())
    }
}
