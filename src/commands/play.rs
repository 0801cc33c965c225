//! `run`, `compare` and `explain`: a scenario is played.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use clap::ValueEnum;

use casecap::cli::args::{Compare, Explain, FileFormat, Play, Run};
use casecap::experiment::explain::Explaining;
use casecap::experiment::plan::{Baseline, Plan, Wishes, index_of};
use casecap::experiment::run::{RunError, Watch, run};
use casecap::experiment::sweep::design::Design;
use casecap::experiment::sweep::plan::Sweep;
use casecap::experiment::sweep::run::pilot;
use casecap::output::explain::{self, Explanation};
use casecap::output::folder::{REPORT, WORKBOOK, safe_name};
use casecap::output::manifest::{scenario_word, shell_word};
use casecap::output::number;
use casecap::output::parquet::Whom;
use casecap::output::progress::Progress;
use casecap::output::report;
use casecap::output::results::{Results, Wanted};
use casecap::output::terminal::{self, Frame};
use casecap::output::workbook;
use casecap::output::{check, compare};
use casecap::policy::arrow::Cuts;
use casecap::scenario::document::Document;
use casecap::scenario::sections::Scenario;
use casecap::scenario::size;
use casecap::scenario::study::{Study, Without, cuts};

use crate::commands::console::{
    DAY, PILOT, TOLD, as_typed, data_dirs, ended, is_colored, print, say, say_recovered,
    stopped_by_signals,
};
use crate::commands::failure::{Done, Failure, read, told};

/// What a scenario is played for.
#[derive(Clone, Copy)]
pub enum Mode<'a> {
    /// Each policy by itself.
    Run(&'a Run),
    /// Every policy against a baseline.
    Compare(&'a Compare),
    /// Two policies, with and without each feedback.
    Explain(&'a Explain),
}

/// Plays a scenario.
pub fn play(args: &Play, mode: Mode<'_>) -> Done {
    play_document(
        read(&args.scenario, &args.data_dir)?,
        args,
        mode,
        !args.quiet,
    )
}

/// Plays a scenario that has been read.
///
/// * `is_told` - true: warnings and the answer are printed
pub fn play_document(mut document: Document, args: &Play, mode: Mode<'_>, is_told: bool) -> Done {
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
    announce(args, &document, &plan, is_told)?;
    let command = repeating(args, mode, &plan, &document);
    let whom: Vec<Whom> = parquet(args).into_iter().map(|(_, whom)| whom).collect();
    let wanted = Wanted {
        folder: &folder,
        force: args.force,
        replications_csv: args.replications_csv,
        parquet: &whom,
        command: &command,
        explains: explaining.is_some(),
        cut: &feedbacks,
        with_cases: args.include_case_list,
    };
    // From here on a signal must not leave behind what has been begun in the folder.
    let stop = stopped_by_signals()?;
    let mut results = Results::open(&document, &plan, &wanted).map_err(|error| {
        if error.is_replaceable() {
            Failure::Input(format!("{error}\n    {} --force", as_typed()))
        } else {
            error.into()
        }
    })?;
    if is_told {
        say_recovered(&folder, results.recovered());
        let path = shell_word(&args.scenario.to_string_lossy());
        say(|out| check::warnings(out, &document, &path, is_colored(&io::stderr())));
    }

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
    let mut code = ended(&folder, published.folder.as_path(), published.is_beside);
    if !published.lost.is_empty() {
        code = ExitCode::FAILURE;
        let lost = published.lost.join(", ");
        say(|out| {
            writeln!(
                out,
                "error: {} was moved away while this command was at work\n  the results are in {}, without {lost}, which \
                 was being written where the folder was moved to",
                folder.display(),
                published.folder.display()
            )
        });
    }
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
        code
    })
}

/// Says how long a long run will take, and refuses one of more than a day that was not meant.
fn announce(args: &Play, document: &Document, plan: &Plan, is_told: bool) -> Result<(), Failure> {
    /// Runs that are surely short are not measured [s].
    const SHORT: f64 = 2.0;
    let runs = plan.replications as f64 * plan.policies.len() as f64 / plan.threads as f64;
    if size::seconds(document.scenario()) * runs < SHORT {
        return Ok(());
    }
    // A sweep of one point: the scenario as it is.
    let point = Sweep {
        design: Design {
            keys: Vec::new(),
            points: vec![Vec::new()],
        },
        policies: plan.policies.clone(),
        replications: plan.replications,
        seed: plan.seed,
        per_world: plan.replications_per_world,
        metrics: Vec::new(),
    };
    let Some(each) = pilot(document, &point, PILOT) else {
        return Ok(());
    };
    let seconds = each * runs;
    let at_most = if plan.until.is_empty() {
        ""
    } else {
        "at most "
    };
    let words = format!(
        "{} replications of {}: {at_most}about {}",
        number::count(plan.replications),
        match plan.policies.len() {
            1 => "one policy".to_owned(),
            many => format!("{many} policies"),
        },
        number::seconds(seconds)
    );
    if seconds > DAY && !args.yes {
        return Err(Failure::Input(format!(
            "this may take longer than a day: {words}\n  take fewer --replications, or say that it is meant:\n    {} --yes",
            as_typed()
        )));
    }
    if seconds > TOLD && is_told {
        say(|out| writeln!(out, "{words}"));
    }
    Ok(())
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

/// The command that repeats a run, with everything that decides its numbers written out, and without the places of whoever
/// typed it.
fn repeating(args: &Play, mode: Mode<'_>, plan: &Plan, document: &Document) -> String {
    let policies = &document.scenario().policies;
    let baseline = plan.baseline.and_then(|at| plan.policies.get(at));
    let verb = match mode {
        Mode::Run(_) => "run",
        Mode::Compare(_) => "compare",
        Mode::Explain(_) => "explain",
    };
    let mut words = vec!["casecap".to_owned(), verb.to_owned()];
    words.push(scenario_word(&args.scenario));
    words.extend(data_dirs(&args.data_dir));
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
