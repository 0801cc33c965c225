//! One scenario played many times, and one line of JSON about how long that took.
//!
//! `cargo bench --bench pace -- R1 2000 1`, or the binary itself with the same words. `--help` tells them
//! all. The line has what programs for the same reference models print, so that they can be held against each
//! other: `benches/against_peers.sh` does.

// A program of its own: what it has to say goes to the terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod scale;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::experiment::plan::{Plan, Wishes, index_of, layout};
use casecap::experiment::run::{Watch, run};
use casecap::metric::catalogue::Metric;
use casecap::metric::layout::{Group, Layout};
use casecap::scenario::document::Document;
use casecap::scenario::sections::Scenario;
use casecap::statistics::moments::Moments;
use serde_json::{Map, Value, json};

use scale::Scale;

const HELP: &str = "\
pace SCENARIO REPLICATIONS SEED [options]

Plays a scenario and prints one line of JSON: wall_s without start-up, model events, means and standard errors.

  SCENARIO          R1, R2s, england-2025, first, or a scenario file
  --threads T       threads [default: 1]
  --policy NAME     policy that is played [default: the scenario's first]
  --record WHAT     all: every metric, folded as a run folds it [default]
                    unfolded: the record of each replication is filled and left (one thread)
  --times K         a service K times as large: posts, referrals and opening cases, in the same teams
  --services K      K services side by side in one scenario, each with its own areas and teams
  --months M        so many months reported
  --warm-up M       so many months before them
  --write FILE      write the scenario so changed, and play nothing";

/// The scenarios that have a short name, by their file under `scenarios/`.
const SHORT: [(&str, &str); 4] = [
    ("R1", "reference/r1.toml"),
    ("R2s", "reference/r2s.toml"),
    ("england-2025", "england-2025.toml"),
    ("first", "first.toml"),
];

/// Totals that count something that happens: what other engines count of the same model.
const EVENTS: [Metric; 8] = [
    Metric::Referrals,
    Metric::Returns,
    Metric::Closures,
    Metric::Withdrawals,
    Metric::Escalations,
    Metric::Leavers,
    Metric::AgencyLeavers,
    Metric::Starters,
];

/// Outputs that are printed, for the horizon; the reference models agree on these.
const OUTPUTS: [Metric; 9] = [
    Metric::OpenCases,
    Metric::Unallocated,
    Metric::CasesPerFilledPost,
    Metric::Referrals,
    Metric::Closures,
    Metric::Leavers,
    Metric::Escalations,
    Metric::Starters,
    Metric::BurntOutShareAverage,
];

/// Replications, at most, over which the events of the warm-up are counted.
const WARM_UPS_COUNTED: u64 = 20;

/// What is kept of each replication.
#[derive(Clone, Copy, PartialEq)]
enum Record {
    /// Every metric, folded with the accumulators of a run.
    All,
    /// The record is filled and only the events are taken from it.
    Unfolded,
}

struct Asked {
    scenario: String,
    replications: u64,
    seed: u64,
    threads: usize,
    policy: Option<String>,
    record: Record,
    scale: Scale,
    write: Option<PathBuf>,
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
    match asked(&words).and_then(|asked| pace(&asked)) {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(why) => {
            // The problems of a scenario come with that word.
            let why = why.strip_prefix("error: ").unwrap_or(&why);
            eprintln!("error: {why}");
            ExitCode::from(2)
        }
    }
}

fn asked(words: &[String]) -> Result<Asked, String> {
    let mut plain = Vec::new();
    let mut asked = Asked {
        scenario: String::new(),
        replications: 0,
        seed: 0,
        threads: 1,
        policy: None,
        record: Record::All,
        scale: Scale::default(),
        write: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if !word.starts_with("--") {
            plain.push(word);
            continue;
        }
        let value = words
            .next()
            .ok_or_else(|| format!("{word} wants a value"))?;
        match word.as_str() {
            "--threads" => asked.threads = number(word, value)?,
            "--policy" => asked.policy = Some(value.clone()),
            "--times" => asked.scale.times = number(word, value)?,
            "--services" => asked.scale.services = number(word, value)?,
            "--months" => asked.scale.months = Some(number(word, value)?),
            "--warm-up" => asked.scale.warm_up_months = Some(number(word, value)?),
            "--write" => asked.write = Some(PathBuf::from(value)),
            "--record" => {
                asked.record = match value.as_str() {
                    "all" => Record::All,
                    "unfolded" => Record::Unfolded,
                    _ => return Err(format!("--record is all or unfolded, not {value}")),
                }
            }
            _ => return Err(format!("there is no {word}\n\n{HELP}")),
        }
    }
    match (plain.as_slice(), &asked.write) {
        ([scenario, replications, seed], _) => {
            asked.scenario = (*scenario).clone();
            asked.replications = number("REPLICATIONS", replications)?;
            asked.seed = number("SEED", seed)?;
        }
        ([scenario], Some(_)) => asked.scenario = (*scenario).clone(),
        _ => return Err(HELP.to_owned()),
    }
    if asked.record == Record::Unfolded && asked.threads > 1 {
        return Err("--record unfolded plays on one thread".to_owned());
    }
    Ok(asked)
}

fn number<N: std::str::FromStr>(what: &str, word: &str) -> Result<N, String> {
    word.parse()
        .map_err(|_| format!("{what} is a number, not {word}"))
}

fn pace(asked: &Asked) -> Result<String, String> {
    let path = file_of(&asked.scenario);
    let document = if asked.scale.is_none() {
        Document::open(&path).map_err(|problems| problems.render(false))?
    } else {
        let text = std::fs::read_to_string(&path)
            .map_err(|why| format!("cannot read {}: {why}", path.display()))?;
        let text = asked.scale.apply(&text)?;
        if let Some(file) = &asked.write {
            std::fs::write(file, text)
                .map_err(|why| format!("cannot write {}: {why}", file.display()))?;
            return Ok(format!("written: {}", file.display()));
        }
        Document::parse("scaled", &text).map_err(|problems| problems.render(false))?
    };
    if asked.write.is_some() {
        return Err(
            "--write wants a change: --times, --services, --months or --warm-up".to_owned(),
        );
    }
    let scenario = document.scenario();
    let plan = plan(asked, &document)?;
    let mut seen = Seen::new(layout(scenario));
    let wall = match asked.record {
        Record::All => play_and_fold(&document, &plan, &mut seen)?,
        Record::Unfolded => play_only(scenario, &plan, &mut seen),
    };
    let warm_up = warm_up_events(scenario, &plan);
    let events = seen.events + warm_up * plan.replications as f64;
    let (posts, months) = (scenario.post_count(), scenario.calendar.months.len());
    let line = json!({
        "engine": "casecap",
        "model": asked.scenario,
        "policy": scenario.policies[plan.policies[0]].name,
        "record": match asked.record { Record::All => "all", Record::Unfolded => "unfolded" },
        "times": asked.scale.times,
        "services": asked.scale.services,
        "posts": posts,
        "months": months,
        "reps": plan.replications,
        "threads": plan.threads,
        "seed": plan.seed,
        "wall_s": wall,
        "events": events.round() as u64,
        "events_per_replication": events / plan.replications as f64,
        "events_per_s": events / wall,
        "us_per_replication": wall / plan.replications as f64 * 1e6,
        "peak_mib": peak_mib(),
        "stats": seen.outputs(),
    });
    Ok(line.to_string())
}

fn plan(asked: &Asked, document: &Document) -> Result<Plan, String> {
    let scenario = document.scenario();
    let policies = &scenario.policies;
    let policy = match &asked.policy {
        None => 0,
        Some(name) => index_of(policies, name).map_err(|error| error.to_string())?,
    };
    if asked.record == Record::Unfolded {
        // A plan of a run sees to it that its statistics find room; here there are none.
        return Ok(Plan {
            policies: vec![policy],
            baseline: None,
            first: 0,
            replications: asked.replications.max(1),
            until: Vec::new(),
            seed: asked.seed,
            replications_per_world: 1,
            threads: 1,
        });
    }
    let wishes = Wishes {
        policies: vec![policies[policy].name.clone()],
        replications: Some(asked.replications),
        seed: Some(asked.seed),
        threads: Some(asked.threads),
        ..Wishes::default()
    };
    Plan::new(scenario, document.is_uncertain(), &wishes).map_err(|error| error.to_string())
}

fn file_of(scenario: &str) -> PathBuf {
    let found = SHORT.iter().find(|(short, _)| *short == scenario);
    found.map_or_else(
        || PathBuf::from(scenario),
        |(_, file)| {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("scenarios")
                .join(file)
        },
    )
}

/// As `casecap run` plays and folds, but writes nothing.
///
/// * returns - seconds
fn play_and_fold(document: &Document, plan: &Plan, seen: &mut Seen) -> Result<f64, String> {
    let stop = AtomicBool::new(false);
    let watch = Watch {
        stop: &stop,
        on_replication: &|| {},
    };
    let begun = Instant::now();
    let summary = run(document, plan, &watch, &mut |played| {
        seen.take(played.records);
        Ok(())
    })
    .map_err(|error| error.to_string())?;
    let wall = begun.elapsed().as_secs_f64();
    drop(summary);
    Ok(wall)
}

/// * returns - seconds
fn play_only(scenario: &Scenario, plan: &Plan, seen: &mut Seen) -> f64 {
    let begun = Instant::now();
    let world = World::new(scenario.clone());
    let mut arena = Arena::new();
    let mut record = vec![f64::NAN; world.layout.len()];
    for number in 0..plan.replications {
        let policy = plan.policies[0];
        let played = replicate(
            &world,
            policy,
            plan.seed,
            number,
            &mut arena,
            &mut record,
            &AtomicBool::new(false),
        );
        assert!(played.is_ok(), "{played:?}");
        seen.take(&record);
    }
    begun.elapsed().as_secs_f64()
}

/// Mean events of one warm-up: it is played and not reported, so it is played once more by itself as if it were.
fn warm_up_events(scenario: &Scenario, plan: &Plan) -> f64 {
    let mut alone = scenario.clone();
    let calendar = &mut alone.calendar;
    let months = std::mem::take(&mut calendar.warm_up_months);
    if months == 0 {
        return 0.0;
    }
    calendar.months.truncate(months);
    calendar.horizon = calendar.months.last().map_or(0.0, |month| month.ends);
    let world = World::new(alone);
    let mut seen = Seen::new(world.layout.clone());
    let mut arena = Arena::new();
    let mut record = vec![f64::NAN; world.layout.len()];
    let replications = plan.replications.min(WARM_UPS_COUNTED);
    for number in 0..replications {
        // The first policy holds in the warm-up of every one.
        let played = replicate(
            &world,
            0,
            plan.seed,
            number,
            &mut arena,
            &mut record,
            &AtomicBool::new(false),
        );
        assert!(played.is_ok(), "{played:?}");
        seen.take(&record);
    }
    seen.events / replications as f64
}

/// What is taken from the records besides what a run folds.
struct Seen {
    /// Places of the events, in the row of the horizon.
    event_places: Vec<usize>,
    events: f64,
    outputs: Vec<Output>,
}

struct Output {
    name: &'static str,
    place: usize,
    moments: Moments,
}

impl Seen {
    fn new(layout: Layout) -> Seen {
        let horizon = layout.horizon_row();
        let place = |metric: &Metric| layout.index(horizon, *metric, Group::Service);
        let output = |metric: &Metric| {
            place(metric).map(|place| Output {
                name: metric.definition().key,
                place,
                moments: Moments::default(),
            })
        };
        Seen {
            event_places: EVENTS.iter().filter_map(place).collect(),
            events: 0.0,
            outputs: OUTPUTS.iter().filter_map(output).collect(),
        }
    }

    fn take(&mut self, record: &[f64]) {
        let counted = self.event_places.iter().map(|place| record[*place]);
        self.events += counted.filter(|n| !n.is_nan()).sum::<f64>();
        for output in &mut self.outputs {
            output.moments.push(record[output.place]);
        }
    }

    /// Mean and standard error of each output; nothing where there is none.
    fn outputs(&self) -> Map<String, Value> {
        let pair = |m: &Moments| json!([m.mean(), m.standard_error()]);
        let each = self.outputs.iter();
        each.map(|o| (o.name.to_owned(), pair(&o.moments)))
            .collect()
    }
}

/// Most memory that this process has had so far [MiB]; nothing where the system does not tell.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024.0)
}
