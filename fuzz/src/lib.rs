//! What strangers may hand to casecap: scenarios, lists of cases and referrals, arguments, results folders.
//!
//! Every target takes bytes and panics where a promise is broken: nothing that is handed in may panic the library. The
//! bytes choose one of the shipped texts and how it is changed, so that most inputs get past the first line.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::AtomicBool;
use std::{env, fs};

use casecap::cli::args::Args;
use casecap::engine::replication::{Arena, replicate};
use casecap::engine::world::World;
use casecap::experiment::sweep::design::{Design, Way};
use casecap::output::kept::Kept;
use casecap::output::{report, workbook};
use casecap::scenario::document::Document;
use casecap::scenario::size::{Played, estimate};
use casecap::scenario::vary::values::Varied;
use casecap::scenario::{outcome, precision, requirement, target};
use clap::Parser;

/// Scenarios that stand alone: those that are like another one are reached by `keys` of these.
pub const SCENARIOS: [&str; 9] = [
    include_str!("../../scenarios/first.toml"),
    include_str!("../../scenarios/england-2025.toml"),
    include_str!("../../scenarios/benefits-2022.toml"),
    include_str!("../../scenarios/policies/base.toml"),
    include_str!("../../scenarios/theory/stages.toml"),
    include_str!("../../scenarios/theory/returns.toml"),
    include_str!("../../scenarios/theory/absence.toml"),
    include_str!("../../scenarios/coverage/rare.toml"),
    include_str!("../../tests/page/everything.toml"),
];

/// Replays a list of referrals and opens with a list of cases.
const LISTED: &str = r#"
title = "Lists"
start = 2027-07-01
months = 2
[referrals]
replay = "referrals.csv"
first_stage = "open"
[opening]
file = "cases.csv"
[stages.open]
hours_per_week = 1
work = "100 days"
then = "closed"
[grades.worker]
[[posts]]
grade = "worker"
count = 2
"#;

const LISTS: [&str; 4] = [
    "date\n2027-07-01\n2027-07-03\n2027-08-31\n",
    "date,children,stage\n2027-07-01,2,open\n2027-07-31,1,open\n",
    "stage,days_in_stage,family\nopen,5,F1\nopen,15,F1\nopen,0,F2\n",
    "stage,days_in_stage\nopen,5\nopen,365\n",
];

const ARGUMENTS: [&str; 12] = [
    "limit.value=12:20:4",
    "referrals.families_per_month=x0.8:x1.2:0.1",
    "posts.social worker.count=9:13:2",
    "limit.override_after=10 days,20 days",
    "unallocated <= 5 in every month with 80%",
    "caseload_mean < 20 at month 12 with 90%",
    "caseload_mean +- 0.1",
    "unallocated +- 5% over the horizon",
    "wait_mean of team \"all\" +- 1 at 2027-03-31",
    "burnt_out_share < 0.1 from month 6",
    "compare a.toml --replications 10 --out b --metric unallocated",
    "sweep a.toml --vary limit.value=1:3 --shard 1/8 --design lhs",
];

/// Values that people and programs get wrong.
const VALUES: [&str; 28] = [
    "0",
    "-1",
    "1",
    "0.5",
    "1.5",
    "1e308",
    "-0.0",
    "nan",
    "inf",
    "1e-320",
    "9223372036854775807",
    "99999999999999999999",
    "\"\"",
    "\" \"",
    "\"closed\"",
    "\"0 days\"",
    "\"-3 days\"",
    "\"1e9 days\"",
    "\"10 working days\"",
    "true",
    "[]",
    "{}",
    "[1, 2]",
    "{ law = \"exponential\", mean = \"3 days\" }",
    "{ law = \"gamma\", mean = 3, cv = 0 }",
    "2024-02-30",
    "9999-12-31",
    "\"\u{202e}\u{0}é\"",
];

/// Characters that get through where only letters were expected.
const CHARACTERS: [char; 14] = [
    '\0', '\n', '\t', '"', '\'', '\\', '=', ',', '[', ']', '.', '\u{202e}', '\u{1b}', 'é',
];

/// Decisions, taken one after the other from bytes; at their end all are 0.
struct Choices<'a> {
    bytes: &'a [u8],
}

impl Choices<'_> {
    fn is_over(&self) -> bool {
        self.bytes.is_empty()
    }

    /// A number below another one.
    fn below(&mut self, end: usize) -> usize {
        let mut number = 0;
        for _ in 0..2 {
            let (first, rest) = self.bytes.split_first().unwrap_or((&0, &[]));
            number = number * 256 + usize::from(*first);
            self.bytes = rest;
        }
        number % end.max(1)
    }

    fn of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }
}

/// One of some texts, changed as bytes say: nowhere, in a few places, or beyond recognition.
pub fn mutated(texts: &[&str], bytes: &[u8]) -> String {
    let mut choices = Choices { bytes };
    let mut lines: Vec<String> = choices.of(texts).lines().map(str::to_owned).collect();
    while !choices.is_over() {
        if lines.is_empty() {
            lines.push(String::new());
        }
        let kind = choices.below(9);
        let at = choices.below(lines.len());
        let line = &mut lines[at];
        match kind {
            0 => {
                lines.remove(at);
            }
            1 => {
                let again = line.clone();
                lines.insert(at, again);
            }
            2 => {
                let other = choices.below(lines.len());
                lines.swap(at, other);
            }
            3 | 4 => {
                let value = choices.of(&VALUES);
                let sign = ["=", ",", ":", " "]
                    .into_iter()
                    .find(|sign| line.contains(sign));
                *line =
                    match sign.and_then(|sign| line.split_once(sign).map(|(key, _)| (key, sign))) {
                        Some((key, sign)) => format!("{key}{sign} {value}"),
                        None => value.to_owned(),
                    };
            }
            5 => {
                let all: Vec<&str> = choices.of(texts).lines().collect();
                if let Some(other) = all.get(choices.below(all.len())) {
                    lines.insert(at, (*other).to_owned());
                }
            }
            6 => {
                let place = choices.below(line.chars().count() + 1);
                let character = CHARACTERS[choices.below(CHARACTERS.len())];
                *line = line
                    .chars()
                    .take(place)
                    .chain([character])
                    .chain(line.chars().skip(place))
                    .collect();
            }
            7 => {
                let place = choices.below(line.chars().count() + 1);
                *line = line.chars().take(place).collect();
            }
            _ => {
                let digit = char::from(b'0' + choices.below(10) as u8);
                *line = line.replacen(|c: char| c.is_ascii_digit(), &digit.to_string(), 1);
            }
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// Bytes that are text as they stand (a corpus of files, an engine that has learnt the syntax) are taken so.
fn text(texts: &[&str], bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(whole) if whole.len() > 40 && whole.contains('\n') => whole.to_owned(),
        _ => mutated(texts, bytes),
    }
}

/// What is checked may also be simulated, as far as its size allows.
fn looked_at(document: &Document) {
    let scenario = document.scenario();
    let size = estimate(scenario, &Played::least());
    if size.bytes > 64e6 || scenario.post_count() > 500 {
        return;
    }
    let world = World::new(scenario.clone());
    let mut record = vec![0.0; world.layout.len()];
    // It ends after about a thousand steps.
    let stop = AtomicBool::new(true);
    let _ = replicate(&world, 0, 1, 0, &mut Arena::new(), &mut record, &stop);
}

/// A scenario file: read, checked, its problems put in words; what passes is begun.
pub fn scenario(bytes: &[u8]) {
    match Document::parse("fuzz", &text(&SCENARIOS, bytes)) {
        Ok(document) => looked_at(&document),
        Err(problems) => assert!(!problems.render(false).is_empty()),
    }
}

/// Lists of cases and of referrals beside a scenario that is right.
pub fn data(bytes: &[u8]) {
    let half = bytes.len() / 2;
    let (cases, referrals) = bytes.split_at(half);
    let (cases, referrals) = (text(&LISTS[2..], cases), text(&LISTS[..2], referrals));
    let files = [
        ("fuzz.toml", LISTED),
        ("cases.csv", cases.as_str()),
        ("referrals.csv", referrals.as_str()),
    ];
    match Document::kept("fuzz", &files) {
        Ok(document) => looked_at(&document),
        Err(problems) => assert!(!problems.render(false).is_empty()),
    }
}

/// What stands behind `--vary`, `--require`, `--until`, `--outcome` and in `targets`, and a command line as a whole.
pub fn arguments(bytes: &[u8]) {
    static FIRST: OnceLock<Document> = OnceLock::new();
    let document = FIRST.get_or_init(|| match Document::parse("first", SCENARIOS[0]) {
        Ok(document) => document,
        Err(problems) => panic!("{}", problems.render(false)),
    });
    let text = match std::str::from_utf8(bytes) {
        Ok(whole) if whole.contains(['=', '<', '+']) => whole.to_owned(),
        _ => mutated(&ARGUMENTS, bytes),
    };
    let text = text.trim_end_matches('\n');
    let scenario = document.scenario();
    let teams: Vec<String> = scenario
        .teams
        .iter()
        .map(|team| team.name.clone())
        .collect();
    let _ = precision::parse(text, &teams, &scenario.calendar);
    let _ = requirement::parse(text, &teams, &scenario.calendar);
    let _ = outcome::parse(text, &teams, &scenario.calendar);
    let _ = target::parse(text, &teams, &scenario.calendar);
    let words = std::iter::once("casecap").chain(text.split(' '));
    let _ = Args::try_parse_from(words);
    for varied in [Varied::parse(text), Varied::parse_range(text)]
        .into_iter()
        .flatten()
    {
        let _ = document.lever(&varied.key);
        if let Ok(design) = Design::new(Way::OneAtATime, &[varied], None, 1) {
            match document.varied(&design.settings(0)) {
                Ok(document) => looked_at(&document),
                Err(problems) => assert!(!problems.render(false).is_empty()),
            }
        }
    }
}

/// The program of the whole commands: CASECAP, or that of the development build.
pub fn program() -> PathBuf {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/casecap");
    let program = env::var_os("CASECAP").map_or(built, PathBuf::from);
    assert!(
        program.exists(),
        "{} is not there: build it with `cargo build`, or name another in CASECAP",
        program.display()
    );
    program
}

/// The files of a results folder: name and bytes.
type Files = Vec<(String, Vec<u8>)>;

/// A results folder as the program writes it, made once.
fn results_folder() -> &'static Files {
    static FILES: OnceLock<Files> = OnceLock::new();
    FILES.get_or_init(|| {
        let home = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
        let scenario = home.path().join("first.toml");
        fs::write(&scenario, SCENARIOS[0]).unwrap_or_else(|e| panic!("{e}"));
        let out = home.path().join("out");
        let status = Command::new(program())
            .args(["compare", "--replications", "12", "--quiet", "--out"])
            .arg(&out)
            .arg(&scenario)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "no results to begin with"
        );
        files_of(&out)
    })
}

/// Every file directly in a folder.
fn files_of(folder: &Path) -> Files {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Files = entries
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            Some((name, fs::read(entry.path()).ok()?))
        })
        .collect();
    files.sort();
    files
}

/// A results folder in which one file was changed: it is read, and drawn if it still can be.
pub fn results(bytes: &[u8]) {
    let files = results_folder();
    let mut choices = Choices { bytes };
    // The manifest half of the time: it says what the other files are.
    let manifest = files
        .iter()
        .position(|(name, _)| name == "manifest.json")
        .unwrap_or(0);
    let changed = match choices.below(2) {
        0 => manifest,
        _ => choices.below(files.len()),
    };
    let home = tempfile::tempdir().unwrap_or_else(|e| panic!("{e}"));
    for (at, (name, whole)) in files.iter().enumerate() {
        let written = match (at == changed, std::str::from_utf8(whole)) {
            (true, Ok(whole)) => mutated(&[whole], choices.bytes).into_bytes(),
            (true, Err(_)) => whole[..choices.below(whole.len())].to_vec(),
            (false, _) => whole.clone(),
        };
        fs::write(home.path().join(name), written).unwrap_or_else(|e| panic!("{e}"));
    }
    if let Ok(kept) = Kept::open(home.path()) {
        let _ = report::build(&kept);
        let _ = workbook::build(&kept);
    }
}
