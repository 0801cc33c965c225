//! The sweep that flags and scenario make, and its shares.

use std::path::Path;

use casecap::cli::sweep::Sweep as Args;
use casecap::experiment::plan::{Plan, Wishes};
use casecap::experiment::sweep::design::{Design, Way};
use casecap::experiment::sweep::plan::{BadPoint, Sweep};
use casecap::output::csv::sweep::design as read_design;
use casecap::output::manifest::{scenario_word, shell_word};
use casecap::output::sweep::spec::metrics;
use casecap::scenario::document::Document;
use casecap::scenario::vary::values::Varied;

use crate::commands::console::{most, say};
use crate::commands::failure::{Failure, told};

/// The sweep that flags and scenario make, and the threads.
pub fn asked(args: &Args, document: &Document) -> Result<(Sweep, usize), Failure> {
    let wishes = Wishes {
        policies: args.policy.clone(),
        replications: args.replications,
        seed: args.seed,
        threads: args.threads,
        ..Wishes::default()
    };
    let plan = Plan::new(document.scenario(), document.is_uncertain(), &wishes)?;
    let way = match args.design.as_deref() {
        None | Some("grid") => Some(Way::Grid),
        Some("one-at-a-time") => Some(Way::OneAtATime),
        Some("lhs") => Some(Way::Latin),
        Some("sobol") => Some(Way::Sobol),
        Some(_) => None,
    };
    let design = match (way, &args.design) {
        (None, Some(file)) => {
            if !Path::new(file).is_file() {
                return Err(Failure::Input(format!(
                    "{file} is no design and no file\n  write --design grid, one-at-a-time, lhs, sobol, or a CSV file"
                )));
            }
            if !args.vary.is_empty() || args.points.is_some() {
                return Err(Failure::Input(format!(
                    "{file} holds all points\n  leave --vary and --points out"
                )));
            }
            let design = read_design(Path::new(file)).map_err(Failure::Input)?;
            as_simulated(document, design, args.quiet)?
        }
        (way, _) => {
            let varied = args
                .vary
                .iter()
                .map(|text| {
                    let varied = Varied::parse(text).map_err(told("in --vary"))?;
                    let (varied, words) = document.simulated(&varied).map_err(told("in --vary"))?;
                    if let Some(words) = words.filter(|_| !args.quiet) {
                        say(|out| writeln!(out, "warning: {words}"));
                    }
                    Ok(varied)
                })
                .collect::<Result<Vec<Varied>, Failure>>()?;
            Design::new(way.unwrap_or(Way::Grid), &varied, args.points, plan.seed)
                .map_err(told("in the design"))?
        }
    };
    let sweep = Sweep {
        design,
        policies: plan.policies,
        replications: plan.replications,
        seed: plan.seed,
        per_world: plan.replications_per_world,
        metrics: metrics(&args.metric).map_err(Failure::Input)?,
    };
    Ok((sweep, plan.threads))
}

/// A design that was read, with the whole numbers that its factors come to, and each point once.
fn as_simulated(
    document: &Document,
    mut design: Design,
    is_quiet: bool,
) -> Result<Design, Failure> {
    let before = design.points.len();
    let mut is_changed = false;
    for at in 0..design.keys.len() {
        let key = design.keys[at].clone();
        let written: Vec<_> = design
            .points
            .iter()
            .map(|point| point[at].clone())
            .collect();
        let simulated = document
            .simulated_amounts(&key, &written)
            .map_err(told("in the design"))?;
        is_changed |= simulated != written;
        if simulated != written && !is_quiet {
            say(|out| {
                writeln!(
                    out,
                    "warning: `{key}` takes whole numbers: its factors are simulated as the nearest, and labelled so"
                )
            });
        }
        for (point, amount) in design.points.iter_mut().zip(simulated) {
            point[at] = amount;
        }
    }
    if is_changed {
        design = design.without_repeated();
    }
    let left = before - design.points.len();
    if left > 0 && !is_quiet {
        let rows = if left == 1 { "row is" } else { "rows are" };
        say(|out| {
            writeln!(
                out,
                "warning: {left} {rows} the same as one before, and left out"
            )
        });
    }
    Ok(design)
}

/// The command that makes a sweep, with everything that decides its numbers written out: without the places of whoever
/// typed it, its share, threads, and how often it was stopped.
pub fn repeating(args: &Args, sweep: &Sweep) -> String {
    let mut words = vec![format!("casecap sweep {}", scenario_word(&args.scenario))];
    let mut add = |flag: &str, text: &str| words.push(format!("--{flag} {}", shell_word(text)));
    args.vary.iter().for_each(|varied| add("vary", varied));
    if let Some(design) = &args.design {
        let name = Path::new(design).file_name().unwrap_or_default();
        add("design", &name.to_string_lossy());
    }
    if let Some(points) = args.points {
        add("points", &points.to_string());
    }
    args.policy.iter().for_each(|name| add("policy", name));
    args.metric.iter().for_each(|key| add("metric", key));
    add("replications", &sweep.replications.to_string());
    add("seed", &sweep.seed.to_string());
    words.join(" ")
}

/// `3/8`
pub fn shard(text: &str) -> Result<(u64, u64), Failure> {
    let read = text
        .split_once('/')
        .and_then(|(i, n)| Some((i.parse().ok()?, n.parse().ok()?)));
    match read {
        Some((i, n)) if 1 <= i && i <= n => Ok((i, n)),
        _ => Err(Failure::Input(format!(
            "{text:?} is no share\n  write --shard 1/8 to --shard 8/8"
        ))),
    }
}

/// The blocks of a share: every n-th.
pub fn share<B>(all: impl IntoIterator<Item = B>, shard: Option<(u64, u64)>) -> Vec<B> {
    let (i, n) = shard.unwrap_or((1, 1));
    let numbered = (0..).zip(all);
    numbered
        .filter(|(at, _)| at % n == i - 1)
        .map(|(_, block)| block)
        .collect()
}

/// Why a design with such points cannot be played.
pub fn wrong_points(sweep: &Sweep, bad: &[BadPoint]) -> Failure {
    let mut words = String::from("the design has points that cannot be played");
    for BadPoint { point, problems } in bad {
        let settings: Vec<String> = sweep
            .design
            .settings(*point)
            .iter()
            .map(|s| format!("{} = {}", s.key, s.amount))
            .collect();
        words.push_str(&format!(
            "\npoint {}: {}\n{}",
            point + 1,
            settings.join(", "),
            problems.render_first(false, most(false)).trim_end()
        ));
    }
    Failure::Input(words)
}
