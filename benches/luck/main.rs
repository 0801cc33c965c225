//! What common luck saves: the variance of a difference between two limits when both are played on the same luck,
//! against independent runs.
//!
//! `cargo bench --bench luck -- 400 1`. The service is england-2025.toml; `--help` tells the words.

// A program of its own: what it has to say goes to the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod ratio;

use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use casecap::experiment::plan::{Plan, Wishes, layout};
use casecap::experiment::run::{Watch, run};
use casecap::metric::catalogue::Metric;
use casecap::metric::layout::{Group, Layout};
use casecap::scenario::document::Document;
use serde_json::json;

use ratio::{Saving, saving};

const HELP: &str = "\
luck REPLICATIONS SEED [options]

Plays england-2025.toml without a limit and under limits, all on the same luck, and prints for pairs of them how many
times larger the variance of a difference is between independent runs.

  --pair A,B        a pair, each a number of cases or none; may be given several times
                    [default: none,30 30,26 26,24 24,22 22,20 20,18 18,16]
  --cut FEEDBACK    a feedback to cut under every policy, as in `casecap run`; may be given several times
  --set KEY=VALUE   another value of a key of the scenario, as absence.cover_after=\"0 days\"; may be given several times
  --threads T       threads [default: 2]
  --json            one line of JSON for each pair and number, instead of the table";

/// Pairs from where a limit never binds to where it binds all the time.
const PAIRS: [&str; 7] = [
    "none,30", "30,26", "26,24", "24,22", "22,20", "20,18", "18,16",
];

/// What is looked at, at the end of each of these months of the report.
const METRICS: [Metric; 3] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
];
const MONTHS: [usize; 2] = [12, 24];

struct Asked {
    replications: u64,
    seed: u64,
    threads: usize,
    pairs: Vec<(String, String)>,
    cuts: Vec<String>,
    settings: Vec<String>,
    is_json: bool,
}

fn main() -> ExitCode {
    // cargo bench adds a word of its own.
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|w| w != "--bench")
        .collect();
    if words.iter().any(|w| w == "--help" || w == "-h") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match asked(&words).and_then(|asked| study(&asked)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

fn asked(words: &[String]) -> Result<Asked, String> {
    let number = |word: &str| {
        word.parse::<u64>()
            .map_err(|_| format!("{word} is no number"))
    };
    let mut plain = Vec::new();
    let mut asked = Asked {
        replications: 0,
        seed: 0,
        threads: 2,
        pairs: Vec::new(),
        cuts: Vec::new(),
        settings: Vec::new(),
        is_json: false,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
        match word.as_str() {
            "--json" => asked.is_json = true,
            "--threads" => asked.threads = number(value()?)? as usize,
            "--pair" => asked.pairs.push(pair(value()?)?),
            "--cut" => asked.cuts.push(value()?.clone()),
            "--set" => asked.settings.push(value()?.clone()),
            _ if word.starts_with("--") => return Err(format!("there is no {word}\n\n{HELP}")),
            _ => plain.push(number(word)?),
        }
    }
    let [replications, seed] = plain[..] else {
        return Err(HELP.to_owned());
    };
    (asked.replications, asked.seed) = (replications, seed);
    if asked.pairs.is_empty() {
        asked.pairs = PAIRS.into_iter().map(pair).collect::<Result<_, String>>()?;
    }
    Ok(asked)
}

fn pair(word: &str) -> Result<(String, String), String> {
    let is_limit = |one: &str| one == "none" || one.parse::<u32>().is_ok();
    match word.split_once(',') {
        Some((a, b)) if is_limit(a) && is_limit(b) => Ok((a.to_owned(), b.to_owned())),
        _ => Err(format!(
            "a pair is two limits, as none,22 or 22,20, not {word}"
        )),
    }
}

/// The name of the policy with a limit in the scenario that is played.
fn policy(limit: &str) -> &str {
    if limit == "none" { "no limit" } else { limit }
}

/// The average English service with a policy for each limit.
fn service(asked: &Asked) -> Result<Document, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/england-2025.toml");
    let text = std::fs::read_to_string(&path)
        .map_err(|why| format!("cannot read {}: {why}", path.display()))?;
    let mut file: toml::Table = text.parse().map_err(|why| format!("no TOML: {why}"))?;
    for setting in &asked.settings {
        set(&mut file, setting)?;
    }
    let policies = file.get_mut("policies").and_then(toml::Value::as_table_mut);
    let policies = policies.ok_or("the scenario has no policies")?;
    if !asked.cuts.is_empty() {
        for (_, policy) in policies.iter_mut() {
            let policy = policy.as_table_mut().ok_or("a policy is no table")?;
            policy.insert("cut".to_owned(), asked.cuts.clone().into());
        }
    }
    for limit in asked.pairs.iter().flat_map(|(a, b)| [a, b]) {
        if let Ok(number) = limit.parse::<i64>() {
            let like = ("like".to_owned(), "no limit".into());
            let limited = [like, ("limit".to_owned(), number.into())];
            policies.insert(
                limit.clone(),
                toml::Value::Table(limited.into_iter().collect()),
            );
        }
    }
    let text = toml::to_string(&file).map_err(|why| format!("it cannot be written: {why}"))?;
    Document::parse("england-2025 under limits", &text).map_err(|problems| problems.render(false))
}

/// Sets a key of a table, as `absence.cover_after="0 days"`.
fn set(file: &mut toml::Table, setting: &str) -> Result<(), String> {
    let wrong = || format!("--set is KEY=VALUE, as absence.cover_after=\"0 days\", not {setting}");
    let (path, value) = setting.split_once('=').ok_or_else(wrong)?;
    let held: toml::Table = format!("v = {value}").parse().map_err(|_| wrong())?;
    let value = held.get("v").ok_or_else(wrong)?;
    let mut at = file;
    let mut steps = path.split('.').peekable();
    while let Some(step) = steps.next() {
        if steps.peek().is_none() {
            at.insert(step.to_owned(), value.clone());
            return Ok(());
        }
        let next = at.get_mut(step).and_then(toml::Value::as_table_mut);
        at = next.ok_or_else(|| format!("the scenario has no table {step:?}: {setting}"))?;
    }
    Err(wrong())
}

fn study(asked: &Asked) -> Result<(), String> {
    let document = service(asked)?;
    let scenario = document.scenario();
    let limits = asked.pairs.iter().flat_map(|(a, b)| [a, b]);
    let wishes = Wishes {
        policies: limits.map(|limit| policy(limit).to_owned()).collect(),
        replications: Some(asked.replications),
        seed: Some(asked.seed),
        threads: Some(asked.threads),
        ..Wishes::default()
    };
    let plan =
        Plan::new(scenario, document.is_uncertain(), &wishes).map_err(|error| error.to_string())?;
    let layout = layout(scenario);
    let cells = cells(&layout)?;
    let places: Vec<usize> = cells.iter().map(|cell| cell.place).collect();
    let names: Vec<&str> = plan
        .policies
        .iter()
        .map(|at| scenario.policies[*at].name.as_str())
        .collect();
    // values[policy][cell][replication]
    let mut values = vec![vec![Vec::new(); cells.len()]; names.len()];
    let stop = AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_replication: &|| {},
    };
    let begun = Instant::now();
    run(&document, &plan, &watch, &mut |played| {
        let records = played.records.chunks_exact(layout.len());
        for (kept, record) in values.iter_mut().zip(records) {
            for (kept, place) in kept.iter_mut().zip(&places) {
                kept.push(record[*place]);
            }
        }
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    let wall = begun.elapsed().as_secs_f64();
    if !asked.is_json {
        println!(
            "england-2025.toml, {} replications of {} policies on the same luck, seed {}, {wall:.1} s on {} threads",
            plan.replications,
            names.len(),
            plan.seed,
            plan.threads
        );
        println!(
            "saves: variance of the difference of independent runs / on the same luck, with its 95 % interval\n"
        );
        println!(
            "{:<18} {:<16} {:>5} {:>9} {:>9} {:>8} {:>6} {:>8} {:>8} {:>18}",
            "pair",
            "metric",
            "month",
            "first",
            "second",
            "less",
            "same",
            "at most",
            "saves",
            "95 %"
        );
    }
    for (first, second) in &asked.pairs {
        let of = |limit: &str| names.iter().position(|name| *name == policy(limit));
        let (Some(a), Some(b)) = (of(first), of(second)) else {
            continue;
        };
        for (at, cell) in cells.iter().enumerate() {
            let saving = saving(&values[a][at], &values[b][at]);
            if asked.is_json {
                let seconds = wall / (plan.replications as f64 * names.len() as f64);
                println!(
                    "{}",
                    line(first, second, cell, &saving, seconds, plan.threads)
                );
            } else {
                print_row(
                    &format!("{}, {}", policy(first), policy(second)),
                    cell,
                    &saving,
                );
            }
        }
    }
    Ok(())
}

/// One number of the record that is looked at.
struct Cell {
    metric: Metric,
    month: usize,
    place: usize,
}

fn cells(layout: &Layout) -> Result<Vec<Cell>, String> {
    let all = METRICS
        .into_iter()
        .flat_map(|metric| MONTHS.map(|month| (metric, month)));
    all.map(|(metric, month)| {
        let place = layout.index(month - 1, metric, Group::Service);
        let place = place.ok_or("the scenario reports too few months")?;
        Ok(Cell {
            metric,
            month,
            place,
        })
    })
    .collect()
}

fn print_row(pair: &str, cell: &Cell, saving: &Saving) {
    let saves = match saving.ratio {
        None if saving.same == saving.n => format!("{:>8}", "all"),
        None => format!("{:>8}", ""),
        Some(ratio) => {
            let interval = format!("{:.1} to {:.1}", saving.low, saving.high);
            format!("{ratio:>8.1} {interval:>18}")
        }
    };
    let most = if saving.most < 1e6 {
        format!("{:.1}", saving.most)
    } else {
        String::new()
    };
    println!(
        "{pair:<18} {:<16} {:>5} {:>9.4} {:>9.4} {:>8.4} {:>5.0}% {most:>8} {saves}",
        cell.metric.definition().key,
        cell.month,
        saving.mean_a,
        saving.mean_b,
        saving.mean_a - saving.mean_b,
        100.0 * saving.same as f64 / saving.n.max(1) as f64,
    );
}

fn line(
    first: &str,
    second: &str,
    cell: &Cell,
    saving: &Saving,
    seconds: f64,
    threads: usize,
) -> String {
    json!({
        "first": first,
        "second": second,
        "metric": cell.metric.definition().key,
        "month": cell.month,
        "n": saving.n,
        "mean_first": saving.mean_a,
        "mean_second": saving.mean_b,
        "variance_paired": saving.paired,
        "variance_independent": saving.independent,
        "saves": saving.ratio,
        "at_most": saving.most,
        "low": saving.low,
        "high": saving.high,
        "threads": threads,
        "s_per_replication": seconds,
    })
    .to_string()
}
