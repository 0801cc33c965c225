//! The command that finds the guideline number.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use casecap::cli::guideline::Guideline as Args;
use casecap::experiment::guideline::plausible::Plausible;
use casecap::experiment::guideline::question::{
    Axis, BUDGET_EACH, BUDGET_WORLD, ERROR, Question, SETTINGS_MAX, SHARE, only_policy,
};
use casecap::experiment::guideline::run::{GuidelineError, pilot, run};
use casecap::experiment::plan::{Plan, Wishes, index_of};
use casecap::experiment::run::Watch;
use casecap::output::asked::prepare;
use casecap::output::check;
use casecap::output::folder::safe_name;
use casecap::output::guideline::folder::{KIND, write};
use casecap::output::guideline::statement::statement;
use casecap::output::guideline::told::Told;
use casecap::output::guideline::words;
use casecap::output::manifest::{scenario_word, shell_word};
use casecap::output::number;
use casecap::output::progress::Progress;
use casecap::output::terminal;
use casecap::scenario::document::Document;
use casecap::scenario::requirement::{Requirement, parse};

use crate::commands::console::{
    DAY, PILOT, as_typed, data_dirs, ended, is_colored, print, refused, say, say_recovered,
    stopped_by_signals,
};
use crate::commands::failure::{Done, Failure, read, told};

/// Finds the settings that meet requirements.
pub fn guideline(args: &Args) -> Done {
    guideline_of(read(&args.scenario, &args.data_dir)?, args)
}

/// Finds the settings of a scenario that has been read.
pub fn guideline_of(document: Document, args: &Args) -> Done {
    let question = asked(args, &document)?;
    question.check(&document).map_err(Failure::Scenario)?;
    for told in question
        .axes
        .iter()
        .chain(&question.against)
        .filter_map(|axis| axis.told.as_ref())
    {
        if !args.quiet {
            say(|out| writeln!(out, "warning: {told}"));
        }
    }
    let plausible = drawn(&document, &question)?;
    let folder = args.out.clone().unwrap_or_else(|| {
        let name = safe_name(&document.scenario().name);
        PathBuf::from("results").join(format!("{name}-guideline"))
    });
    let command = repeating(args, &question, &document);
    let each = pilot(&document, &question, PILOT).map_err(failed)?;
    let seconds = each.map(|each| each * question.budget as f64 / question.threads as f64);
    if args.dry_run {
        return print(|out| {
            words::settings(out, &question)?;
            if let Some(plausible) = &plausible {
                words::paragraphs(out, &[words::drawn(plausible)])?;
            }
            writeln!(out, "{}", words::size(&question, seconds))
        });
    }
    let place = prepare(&folder, &KIND, &document, &command, args.force)
        .map_err(|error| refused(&folder, error))?;
    if !args.quiet {
        say_recovered(&folder, place.recovered());
    }
    if seconds.is_some_and(|s| s > DAY) && !args.yes {
        return Err(Failure::Input(format!(
            "this may take longer than a day: {}\n  give it a smaller --budget, or fewer values, or say that it is \
             meant:\n    {} --yes",
            words::size(&question, seconds),
            as_typed()
        )));
    }
    if !args.quiet {
        let path = shell_word(&args.scenario.to_string_lossy());
        say(|out| {
            check::warnings(out, &document, &path, is_colored(&io::stderr()))?;
            writeln!(out, "{}", words::size(&question, seconds))
        });
    }
    let stop = stopped_by_signals()?;
    let progress = Progress::new(question.budget, args.quiet);
    let began = Instant::now();
    let watch = Watch {
        stop: &stop,
        on_replication: &|| progress.advance(),
    };
    let answer = run(&document, &question, plausible.as_ref(), &watch);
    progress.clear();
    let answer = answer.map_err(failed)?;
    let seconds = began.elapsed().as_secs_f64();
    let told = Told {
        document: &document,
        question: &question,
        answer: &answer,
        plausible: plausible.as_ref(),
        rules: question.rules(),
    };
    if answer.is_interrupted {
        say(|out| {
            writeln!(
                out,
                "interrupted after {} replications; what was decided until then holds",
                number::count(answer.spent)
            )
        });
    }
    if !args.quiet {
        say(|out| {
            for note in words::notes(&told) {
                writeln!(out, "warning: {note}")?;
            }
            Ok(())
        });
    }
    let (published, files) = write(place, &told, &command, seconds, args.include_case_list)?;
    let code = ended(&folder, &published.folder, published.is_beside);
    if !args.quiet {
        print(|out| {
            words::answer(out, &told)?;
            writeln!(out)?;
            words::paragraphs(out, &statement(&told))?;
            terminal::files(out, &published.folder, &files)
        })?;
    }
    Ok(match answer.is_interrupted {
        true => ExitCode::FAILURE,
        false => code,
    })
}

/// The question that flags and scenario make.
fn asked(args: &Args, document: &Document) -> Result<Question, Failure> {
    let scenario = document.scenario();
    let keys: Vec<&str> = args
        .vary
        .iter()
        .chain(&args.against)
        .map(|text| {
            text.split_once('=')
                .map_or(text.as_str(), |(key, _)| key)
                .trim()
        })
        .collect();
    let policy = match &args.policy {
        Some(name) => index_of(&scenario.policies, name)?,
        None => only_policy(document, &keys).map_err(told("in --vary"))?,
    };
    let wishes = Wishes {
        policies: vec![scenario.policies[policy].name.clone()],
        seed: args.seed,
        threads: args.threads,
        ..Wishes::default()
    };
    let plan = Plan::new(scenario, document.is_uncertain(), &wishes)?;
    if args.vary.len() > 2 {
        return Err(Failure::Input(
            "--vary may be given once, or twice for a map of two keys\n  `casecap sweep` varies any number of keys"
                .to_owned(),
        ));
    }
    if args.vary.len() == 2 && args.against.is_some() {
        return Err(Failure::Input(
            "--against goes with one --vary: a map of two keys has no room for a third\n  leave one of them out"
                .to_owned(),
        ));
    }
    let axis = |place: &'static str| {
        let document = &document;
        move |text: &String| Axis::read(document, policy, text).map_err(told(place))
    };
    let axes = args
        .vary
        .iter()
        .map(axis("in --vary"))
        .collect::<Result<Vec<Axis>, Failure>>()?;
    let against = args
        .against
        .as_ref()
        .map(axis("in --against"))
        .transpose()?;
    let mut seen: Vec<&str> = Vec::new();
    for axis in axes.iter().chain(&against) {
        if seen.contains(&axis.key.as_str()) {
            return Err(Failure::Input(format!(
                "`{}` is varied twice\n  name two keys, or give all its values in one --vary",
                axis.written
            )));
        }
        seen.push(&axis.key);
    }
    if against.as_ref().is_some_and(|axis| axis.levels.len() < 2) {
        return Err(Failure::Input(
            "--against has one value, and an edge lies between two\n  write a range, such as KEY=8:24".to_owned(),
        ));
    }
    let teams: Vec<String> = scenario.teams.iter().map(|t| t.name.clone()).collect();
    let requirements = args
        .require
        .iter()
        .map(|text| parse(text, &teams, &scenario.calendar).map_err(told("in --require")))
        .collect::<Result<Vec<Requirement>, Failure>>()?;
    let mut question = Question {
        policy,
        requirements,
        axes,
        against,
        worlds: worlds(args)?,
        share: args.share.map_or(SHARE, |share| share.number()),
        error: args.error.map_or(ERROR, |share| share.number()),
        budget: 0,
        seed: plan.seed,
        threads: plan.threads,
    };
    let of_worlds = question.settings().saturating_mul(question.worlds);
    let alone = question.settings() + question.rows();
    let settings = alone.saturating_add(of_worlds);
    if settings > SETTINGS_MAX {
        return Err(Failure::Input(format!(
            "these are {} settings, and one question has at most {}\n  take fewer values, or a wider step",
            number::count(settings as u64),
            number::count(SETTINGS_MAX as u64)
        )));
    }
    question.budget = args
        .budget
        .unwrap_or(BUDGET_EACH * alone as u64 + BUDGET_WORLD * of_worlds as u64);
    Ok(question)
}

/// Worlds that are asked for.
fn worlds(args: &Args) -> Result<usize, Failure> {
    let Some(worlds) = args.worlds else {
        return Ok(0);
    };
    let wrong = |words: &str| Err(Failure::Input(words.to_owned()));
    if args.vary.len() > 1 || args.against.is_some() {
        return wrong(
            "--worlds goes with one --vary and without --against\n  leave one of them out",
        );
    }
    if worlds < 2 {
        return wrong("one world says nothing of the others\n  write --worlds 50, say");
    }
    Ok(worlds)
}

/// What the worlds of a question draw; nothing where it asks for none.
fn drawn(document: &Document, question: &Question) -> Result<Option<Plausible>, Failure> {
    if question.worlds == 0 {
        return Ok(None);
    }
    let plausible = Plausible::new(document, question).map_err(Failure::Scenario)?;
    if !plausible.numbers.is_empty() {
        return Ok(Some(plausible));
    }
    let left = words::left(&plausible).map_or(String::new(), |left| format!("\n  {left}"));
    Err(Failure::Input(format!(
        "nothing in the scenario is uncertain, so that all worlds would be alike{left}\n  write a range beside a number \
         that is not known, or a law instead of it, such as\n    \
         families_per_month = {{ value = 8, range = [7, 10], source = \"our own records\", grade = \"C\" }}\n    \
         families_per_month = {{ law = \"uniform\", low = 7, high = 10 }}"
    )))
}

/// The command that repeats it, with everything that decides its numbers written out.
fn repeating(args: &Args, question: &Question, document: &Document) -> String {
    let policy = &document.scenario().policies[question.policy].name;
    let mut words = vec![format!(
        "casecap guideline {} --policy {}",
        scenario_word(&args.scenario),
        shell_word(policy)
    )];
    words.extend(data_dirs(&args.data_dir));
    words.extend(
        args.vary
            .iter()
            .map(|v| format!("--vary {}", shell_word(v))),
    );
    words.extend(
        args.require
            .iter()
            .map(|r| format!("--require {}", shell_word(r))),
    );
    words.extend(
        args.against
            .iter()
            .map(|a| format!("--against {}", shell_word(a))),
    );
    if question.worlds > 0 {
        words.push(format!(
            "--worlds {} --share {}",
            question.worlds, question.share
        ));
    }
    words.push(format!("--error {}", question.error));
    words.push(format!("--budget {}", question.budget));
    words.push(format!("--seed {}", question.seed));
    words.join(" ")
}

fn failed(error: GuidelineError) -> Failure {
    match error {
        GuidelineError::Setting(problems) => Failure::Scenario(problems),
        other => Failure::Running(other.to_string()),
    }
}
