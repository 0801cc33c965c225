//! The command that finds which assumption matters most.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use casecap::cli::sensitivity::{Method as Wanted, Sensitivity as Args};
use casecap::experiment::plan::{Plan, Wishes};
use casecap::experiment::run::Watch;
use casecap::experiment::sensitivity::answer::studies;
use casecap::experiment::sensitivity::design::{Point, morris, sobol};
use casecap::experiment::sensitivity::input::{InputError, Inputs};
use casecap::experiment::sensitivity::play::{PlayError, pilot, play};
use casecap::experiment::sensitivity::question::{
    IN_WORLD, INPUTS_MAX, Method, PROBABILITY, Question, REPLICATIONS, ROWS, ROWS_MAX, TRAJECTORIES,
};
use casecap::experiment::sensitivity::robust::robust;
use casecap::output::asked::prepare;
use casecap::output::check;
use casecap::output::folder::safe_name;
use casecap::output::manifest::{scenario_word, shell_word};
use casecap::output::progress::Progress;
use casecap::output::sensitivity::folder::{KIND, write};
use casecap::output::sensitivity::told::Told;
use casecap::output::sensitivity::words;
use casecap::output::terminal;
use casecap::scenario::document::Document;
use casecap::scenario::outcome::{self, Outcome};
use casecap::scenario::requirement::{self, Requirement};
use casecap::scenario::target::Wrong;
use casecap::scenario::vary::values::Varied;
use casecap::statistics::morris::Trajectory;

use crate::commands::console::{
    DAY, PILOT, as_typed, data_dirs, ended, is_colored, print, refused, say, say_recovered,
    stopped_by_signals,
};
use crate::commands::failure::{Done, Failure, read, told};

/// What is looked at if nothing is said.
const OUTCOMES: [&str; 3] = ["caseload_mean", "unallocated", "burnt_out_share"];
/// Rows of a design at least: fewer have no interval.
const FEWEST: usize = 8;

/// Finds which assumption matters most.
pub fn sensitivity(args: &Args) -> Done {
    sensitivity_of(read(&args.scenario, &args.data_dir)?, args)
}

/// Finds which assumption of a scenario that has been read matters most.
pub fn sensitivity_of(document: Document, args: &Args) -> Done {
    let inputs = inputs(args, &document)?;
    let question = asked(args, &document, inputs.list.len())?;
    let folder = args.out.clone().unwrap_or_else(|| {
        let name = safe_name(&document.scenario().name);
        PathBuf::from("results").join(format!("{name}-sensitivity"))
    });
    let command = repeating(args, &question, &document);
    let (points, trajectories) = design(&question, inputs.list.len());
    let each = pilot(&inputs, &question, &points, PILOT).map_err(failed)?;
    let plays = question.plays(inputs.list.len());
    let seconds = each.map(|each| each * plays as f64 / question.threads as f64);
    let size = words::size(&question, inputs.list.len(), seconds);
    if args.dry_run {
        return print(|out| {
            words::inputs(out, &inputs)?;
            writeln!(out, "{size}")
        });
    }
    let place = prepare(&folder, &KIND, &document, &command, args.force)
        .map_err(|error| refused(&folder, error))?;
    if !args.quiet {
        say_recovered(&folder, place.recovered());
    }
    if seconds.is_some_and(|s| s > DAY) && !args.yes {
        return Err(Failure::Input(format!(
            "this may take longer than a day: {size}\n  take fewer --rows or --replications, or say that it is meant:\n    \
             {} --yes",
            as_typed()
        )));
    }
    if !args.quiet {
        let path = shell_word(&args.scenario.to_string_lossy());
        say(|out| {
            check::warnings(out, &document, &path, is_colored(&io::stderr()))?;
            words::left(out, &inputs)?;
            writeln!(out, "{size}")
        });
    }
    let stop = stopped_by_signals()?;
    let progress = Progress::new(plays, args.quiet);
    let began = Instant::now();
    let watch = Watch {
        stop: &stop,
        on_replication: &|| progress.advance(),
    };
    let played = play(&inputs, &question, &points, &watch);
    progress.clear();
    let Some(played) = played.map_err(failed)? else {
        say(|out| {
            writeln!(
                out,
                "interrupted: nothing is written, because the points belong together; what {} held before is as it was",
                folder.display()
            )
        });
        return Ok(ExitCode::FAILURE);
    };
    let studies = studies(
        &question,
        inputs.list.len(),
        &points,
        &trajectories,
        &played,
    );
    let robust = (question.method == Method::Sobol).then(|| robust(&question, &points, &played));
    let seconds = began.elapsed().as_secs_f64();
    let told = Told {
        document: &document,
        inputs: &inputs,
        question: &question,
        points: &points,
        played: &played,
        studies: &studies,
        robust: robust.as_ref(),
    };
    let (published, files) = write(place, &told, &command, seconds, args.include_case_list)?;
    let code = ended(&folder, &published.folder, published.is_beside);
    if !args.quiet {
        print(|out| {
            words::answer(out, &told)?;
            terminal::files(out, &published.folder, &files)
        })?;
    }
    Ok(code)
}

fn inputs(args: &Args, document: &Document) -> Result<Inputs, Failure> {
    let varied = args
        .vary
        .iter()
        .map(|text| {
            let varied = varied(document, text).map_err(told("in --vary"))?;
            let (varied, words) = document.simulated(&varied).map_err(told("in --vary"))?;
            if let Some(words) = words.filter(|_| !args.quiet) {
                say(|out| writeln!(out, "warning: {words}"));
            }
            Ok(varied)
        })
        .collect::<Result<Vec<Varied>, Failure>>()?;
    Inputs::new(document, varied).map_err(|error| match error {
        InputError::Varied(wrong) => told("in --vary")(wrong),
        InputError::Scenario(problems) => Failure::Scenario(problems),
        InputError::Nothing(left) => {
            let left = left.iter().map(|l| format!("; the range of `{}` is not taken: {}", l.key, l.why));
            Failure::Input(format!(
                "nothing in the scenario is unknown{}\n  write what is not known with a range, such as\n    \
                 families_per_month = {{ value = 9, range = [8, 10] }}\n  or name it here: --vary \
                 referrals.families_per_month=8:10",
                left.collect::<String>()
            ))
        }
    })
}

/// What is varied: every number of a range, but that only whole ones are tried where no others may stand, and of what a
/// policy says, such as a limit, if both ends are whole.
fn varied(document: &Document, text: &str) -> Result<Varied, Wrong> {
    let key = text.split('=').next().unwrap_or_default();
    let lever = document.lever(key);
    match lever.is_ok_and(|lever| lever.is_whole() || lever.is_choice()) {
        true => Varied::parse(text),
        false => Varied::parse_range(text),
    }
}

/// The question that flags and scenario make.
fn asked(args: &Args, document: &Document, inputs: usize) -> Result<Question, Failure> {
    let wrong = |words: String| Err(Failure::Input(words));
    let scenario = document.scenario();
    let wishes = Wishes {
        policies: args.policy.clone(),
        seed: args.seed,
        threads: args.threads,
        ..Wishes::default()
    };
    let plan = Plan::new(scenario, document.is_uncertain(), &wishes)?;
    let teams: Vec<String> = scenario.teams.iter().map(|t| t.name.clone()).collect();
    let given = args.metric.iter().map(String::as_str);
    let texts: Vec<&str> = match args.metric.is_empty() {
        true => OUTCOMES.to_vec(),
        false => given.collect(),
    };
    let mut outcomes: Vec<Outcome> = Vec::new();
    for text in texts {
        let read = outcome::parse(text, &teams, &scenario.calendar).map_err(told("in --metric"))?;
        if !outcomes.contains(&read) {
            outcomes.push(read);
        }
    }
    let mut requirements: Vec<Requirement> = args
        .require
        .iter()
        .map(|text| {
            requirement::parse(text, &teams, &scenario.calendar).map_err(told("in --require"))
        })
        .collect::<Result<_, _>>()?;
    if requirements.is_empty() {
        let targets = scenario.targets.iter().cloned();
        requirements.extend(targets.map(|target| Requirement {
            text: format!("{} with {:.0}%", target.text, PROBABILITY * 100.0),
            target,
            probability: PROBABILITY,
        }));
    }
    let method = match args.method {
        Wanted::Sobol => Method::Sobol,
        Wanted::Morris => Method::Morris,
    };
    let rows = match method {
        Method::Sobol => args.rows.unwrap_or(ROWS),
        Method::Morris => args.rows.unwrap_or(TRAJECTORIES),
    };
    if !(FEWEST..=ROWS_MAX).contains(&rows) {
        return wrong(format!(
            "--rows must be from {FEWEST} to {ROWS_MAX}, and is {rows}\n  write --rows {ROWS}"
        ));
    }
    if method == Method::Sobol && inputs > INPUTS_MAX {
        return wrong(format!(
            "{inputs} numbers are not known, and sobol takes at most {INPUTS_MAX}\n  write --method morris for a first look"
        ));
    }
    let replications = args.replications.unwrap_or(REPLICATIONS);
    if !(2..=1_000_000).contains(&replications) {
        return wrong(format!(
            "--replications must be from 2 to 1000000, and is {replications}: a single one cannot tell luck from the \
             assumptions\n  write --replications {REPLICATIONS}"
        ));
    }
    let judges = method == Method::Sobol && !requirements.is_empty();
    if args.world_replications.is_some() && !judges {
        return wrong(
            "--world-replications says how well a world is judged by requirements, and none is judged here: there is no \
             --require, or it is a screening\n  give it a --require, with --method sobol, or leave it out"
                .to_owned(),
        );
    }
    let in_world = match (judges, args.world_replications) {
        (false, _) => replications,
        (true, None) => IN_WORLD.max(replications),
        (true, Some(many)) if (replications..=1_000_000).contains(&many) => many,
        (true, Some(many)) => {
            return wrong(format!(
                "--world-replications must be from {replications}, as many as --replications, to 1000000, and is {many}\n  \
                 write --world-replications {}",
                IN_WORLD.max(replications)
            ));
        }
    };
    let question = Question {
        policies: plan.policies.clone(),
        outcomes,
        requirements,
        method,
        rows: match method {
            Method::Sobol => rows.next_power_of_two(),
            Method::Morris => rows,
        },
        replications,
        in_world,
        seed: plan.seed,
        threads: plan.threads,
    };
    if !question.has_room(inputs) {
        return wrong(format!(
            "so many points and replications do not fit into memory: {}\n  take fewer --rows, --replications, --metric or \
             --policy",
            words::size(&question, inputs, None)
        ));
    }
    Ok(question)
}

fn design(question: &Question, inputs: usize) -> (Vec<Point>, Vec<Trajectory>) {
    let (rows, many, seed) = (question.rows, question.replications, question.seed);
    match question.method {
        Method::Sobol => (
            sobol(inputs, rows, many, question.in_world, seed),
            Vec::new(),
        ),
        Method::Morris => morris(inputs, rows, many, seed),
    }
}

/// The command that repeats it, with everything that decides its numbers written out.
fn repeating(args: &Args, question: &Question, document: &Document) -> String {
    let path = scenario_word(&args.scenario);
    let mut words = vec![format!("casecap sensitivity {path}")];
    words.extend(data_dirs(&args.data_dir));
    let mut add = |flag: &str, text: &str| words.push(format!("--{flag} {}", shell_word(text)));
    for outcome in &question.outcomes {
        add("metric", &outcome.text);
    }
    for requirement in &question.requirements {
        add("require", &requirement.text);
    }
    for varied in &args.vary {
        add("vary", varied);
    }
    for policy in &question.policies {
        add("policy", &document.scenario().policies[*policy].name);
    }
    let judges = question.method == Method::Sobol && !question.requirements.is_empty();
    let method = match question.method {
        Method::Sobol => "sobol",
        Method::Morris => "morris",
    };
    add("method", method);
    add("rows", &question.rows.to_string());
    add("replications", &question.replications.to_string());
    if judges {
        add("world-replications", &question.in_world.to_string());
    }
    add("seed", &question.seed.to_string());
    words.join(" ")
}

fn failed(error: PlayError) -> Failure {
    Failure::Running(error.to_string())
}
