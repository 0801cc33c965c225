//! The program as typed: what it prints, writes and leaves alone, and how it ends.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Home, SMALL, csv_rows, errors};

const DATA: [&str; 5] = [
    "monthly.csv",
    "summary.csv",
    "distribution.csv",
    "targets.csv",
    "replications.csv",
];

#[test]
fn a_run_prints_an_answer_and_writes_files_that_agree_with_their_manifest() {
    let home = Home::new();
    let printed = home.done(&["run", "small.toml"]);
    for word in [
        "A small team",
        "no limit",
        "hard 3",
        "unallocated",
        "results/small",
    ] {
        assert!(printed.contains(word), "{word} is not in\n{printed}");
    }
    assert!(!printed.contains('\u{1b}'), "no colours in a pipe");
    let manifest = home.manifest("results/small");
    assert_eq!(manifest["run"]["seed"], 7);
    assert_eq!(manifest["run"]["replications_kept"], 40);
    assert_eq!(manifest["run"]["interrupted"], false);
    assert_eq!(manifest["scenario"]["files"][0]["text"], SMALL);
    let files = manifest["files"].as_array().unwrap();
    assert_eq!(files.len(), 4);
    for file in files {
        let name = file["name"].as_str().unwrap();
        let text = home.read(&format!("results/small/{name}"));
        assert_eq!(file["bytes"], text.len());
        let mut rows = csv_rows(&text);
        assert!(rows.next().is_some(), "{name} is empty");
    }
}

#[test]
fn the_command_of_the_manifest_repeats_the_run() {
    let home = Home::new();
    home.done(&[
        "run",
        "small.toml",
        "--policy",
        "hard 3",
        "--seed",
        "11",
        "--replications-csv",
    ]);
    let before = data_files(&home, "results/small");
    let command = home.manifest("results/small")["command"]
        .as_str()
        .unwrap()
        .replacen("casecap", env!("CARGO_BIN_EXE_casecap"), 1);
    fs::remove_dir_all(home.path("results")).unwrap();
    let status = Command::new("sh")
        .args(["-c", &command])
        .current_dir(home.folder.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command}");
    assert!(data_files(&home, "results/small") == before);
}

fn data_files(home: &Home, folder: &str) -> Vec<Option<Vec<u8>>> {
    DATA.iter()
        .map(|name| fs::read(home.path(folder).join(name)).ok())
        .collect()
}

#[test]
fn the_files_are_the_same_bytes_on_one_two_and_eight_threads() {
    let home = Home::new();
    let run = |threads: &str| {
        let out = format!("out-{threads}");
        let flags = [
            "run",
            "small.toml",
            "--replications",
            "300",
            "--replications-csv",
        ];
        home.done(&[&flags[..], &["--threads", threads, "--out", &out]].concat());
        data_files(&home, &out)
    };
    let one = run("1");
    assert!(one.iter().all(Option::is_some));
    assert!(run("2") == one, "2 threads");
    assert!(run("8") == one, "8 threads");
}

#[test]
fn numbers_that_are_not_known_are_drawn_alike_on_any_number_of_threads() {
    let home = Home::new();
    let law = "families_per_month = { law = \"uniform\", low = 3, high = 8 }";
    let text = SMALL.replace("families_per_month = 5", law);
    home.write("unknown.toml", &text);
    for threads in ["1", "3"] {
        let flags = ["run", "unknown.toml", "--replications", "95"];
        home.done(&[&flags[..], &["--threads", threads, "--out", threads]].concat());
    }
    assert!(data_files(&home, "1") == data_files(&home, "3"));
    let flags = ["run", "unknown.toml", "--replications", "25"];
    home.done(&[&flags[..], &["--replications-csv", "--out", "worlds"]].concat());
    let mut rows = csv_rows(&home.read("worlds/replications.csv"))
        .collect::<Vec<_>>()
        .into_iter();
    assert!(rows.all(|r| r[1].parse() == r[0].parse().map(|n: u64| n / 10)));
    assert_eq!(home.manifest("1")["run"]["replications_per_world"], 10);
    home.done(&[
        "run",
        "small.toml",
        "--replications",
        "95",
        "--out",
        "known",
    ]);
    assert!(home.read("known/monthly.csv") != home.read("1/monthly.csv"));
    assert!(home.manifest("known")["run"]["replications_per_world"].is_null());
}

#[test]
fn another_seed_gives_other_numbers() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "a"]);
    home.done(&["run", "small.toml", "--out", "b", "--seed", "8"]);
    assert!(home.read("a/monthly.csv") != home.read("b/monthly.csv"));
}

/// Lines of a file that speak of one policy, without the heading.
fn lines_of(text: &str, policy: &str, column: usize) -> Vec<String> {
    text.lines()
        .filter(|line| line.split(',').nth(column) == Some(policy))
        .map(str::to_owned)
        .collect()
}

#[test]
fn one_policy_alone_comes_out_as_among_others() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "both", "--replications-csv"]);
    home.done(&[
        "run",
        "small.toml",
        "--out",
        "one",
        "--replications-csv",
        "--policy",
        "hard 3",
    ]);
    for (name, column) in DATA.into_iter().zip([0, 0, 0, 0, 2]) {
        let both = lines_of(&home.read(&format!("both/{name}")), "hard 3", column);
        let one = lines_of(&home.read(&format!("one/{name}")), "hard 3", column);
        assert!(!one.is_empty() && one == both, "{name}");
    }
}

#[test]
fn the_first_hundred_replications_are_the_same_alone_and_among_a_thousand() {
    let home = Home::new();
    for n in ["100", "1000"] {
        home.done(&[
            "run",
            "small.toml",
            "--out",
            n,
            "--replications",
            n,
            "--replications-csv",
        ]);
    }
    let hundred = home.read("100/replications.csv");
    let thousand = home.read("1000/replications.csv");
    // 100 replications x 2 policies x 3 months, and the heading.
    assert_eq!(hundred.lines().count(), 601);
    assert_eq!(thousand.lines().count(), 6001);
    assert!(thousand.starts_with(&hundred));
}

#[test]
fn wrong_input_ends_with_2_and_words_and_writes_nothing() {
    let home = Home::new();
    home.write("broken.toml", "months = = 3\n");
    home.write(
        "negative.toml",
        &SMALL.replace("families_per_month = 5", "families_per_month = -5"),
    );
    home.write("a-file", "");
    let cases: [(&[&str], &str); 17] = [
        (&["run", "nowhere.toml"], "nowhere.toml"),
        (&["run", "broken.toml"], "broken.toml:1"),
        (&["run", "negative.toml"], "families_per_month"),
        (&["check", "negative.toml"], "families_per_month"),
        (&["run", "."], "."),
        (&["run", "small.toml", "--policy", "hrad 3"], "\"hard 3\""),
        (
            &["run", "small.toml", "--replications", "0"],
            "replications",
        ),
        (
            &["run", "small.toml", "--replications", "99999999999999"],
            "replications",
        ),
        (&["run", "small.toml", "--replications", "many"], "many"),
        (
            &["run", "small.toml", "--replications", "1e3"],
            "write it in digits alone: 1000",
        ),
        (&["new", "missing/x.toml"], "there is no folder missing"),
        (&["run", "small.toml", "--threads", "0"], "threads"),
        (&["run", "small.toml", "--threads", "1000000"], "threads"),
        (&["run", "small.toml", "--seed", "-1"], "-1"),
        (
            &["run", "small.toml", "--out", "a-file"],
            "a-file is a file",
        ),
        (
            &["run", "small.toml", "--out", "a-file/below"],
            "a-file is a file",
        ),
        (&["run", "small.toml", "--colour"], "--colour"),
    ];
    let before = home.files();
    for (args, word) in cases {
        let output = home.run(args);
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {said}");
        assert!(said.contains(word), "{args:?}: {said}");
        assert!(!said.contains("panicked"), "{args:?}: {said}");
        assert!(output.stdout.is_empty(), "{args:?}");
        assert!(home.files() == before, "{args:?} wrote something");
    }
    assert!(!home.path("results").exists());
}

#[test]
fn the_same_run_replaces_its_files_and_another_needs_force() {
    let home = Home::new();
    home.done(&["run", "small.toml"]);
    home.write("results/small/notes.txt", "mine");
    let before = data_files(&home, "results/small");
    home.done(&["run", "small.toml", "--threads", "1"]);
    assert!(data_files(&home, "results/small") == before);

    let refused = home.run(&["run", "small.toml", "--seed", "8"]);
    assert_eq!(refused.status.code(), Some(2));
    let said = errors(&refused);
    assert!(
        said.contains("seed: 7 there, 8 now") && said.contains("--force"),
        "{said}"
    );
    assert!(data_files(&home, "results/small") == before);

    home.write("small.toml", &format!("{SMALL}# a word more\n"));
    let refused = home.run(&["run", "small.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        errors(&refused).contains("the scenario has been changed since"),
        "{}",
        errors(&refused)
    );
    assert!(
        errors(&refused).ends_with("    casecap run small.toml --force\n"),
        "{}",
        errors(&refused)
    );

    home.done(&["run", "small.toml", "--seed", "8", "--force"]);
    assert!(data_files(&home, "results/small") != before);
    assert_eq!(home.read("results/small/notes.txt"), "mine");
    let left: Vec<_> = fs::read_dir(home.path("results/small")).unwrap().collect();
    assert_eq!(
        left.len(),
        6,
        "four tables, the manifest and the notes: {left:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_refused_before_the_run() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let locked = home.path("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(locked.join("probe"), "").is_ok() {
        let words =
            "SKIPPED: a_read_only_folder_is_refused_before_the_run: root may write anywhere\n";
        std::io::stderr().write_all(words.as_bytes()).unwrap();
        return;
    }
    let refused = home.run(&["run", "small.toml", "--out", "locked"]);
    assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
    assert!(errors(&refused).contains("locked"), "{}", errors(&refused));
}

/// A limit on the size of files stands for a disk that fills up during the run.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_earlier_results_as_they_were() {
    let home = Home::new();
    home.done(&["run", "small.toml"]);
    let before = home.files();
    let long = format!(
        "trap '' XFSZ; ulimit -f 400; exec {} run small.toml --force --replications 2000 --replications-csv",
        env!("CARGO_BIN_EXE_casecap")
    );
    let output = Command::new("sh")
        .args(["-c", &long])
        .current_dir(home.folder.path())
        .output()
        .unwrap();
    let said = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("results/small") && !said.contains("panicked"),
        "{said}"
    );
    assert!(home.files() == before);
}

/// What each command prints, to be shut off or to find the disk full.
const PRINTING: [&[&str]; 6] = [
    &["run", "small.toml", "--force"],
    &["check", "small.toml"],
    &["metrics"],
    &["schema"],
    &["completions", "bash"],
    &["--help"],
];

#[test]
fn a_closed_pipe_is_no_failure() {
    let home = Home::new();
    for args in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home
            .command(args)
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        assert_eq!(
            output.status.code(),
            Some(0),
            "{args:?}: {}",
            errors(&output)
        );
        let said = errors(&output);
        let is_warning = |line: &str| line.starts_with("warning: ");
        assert!(said.lines().all(is_warning), "{args:?}: {said}");
    }
    assert!(home.path("results/small/manifest.json").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_printed_is_told_without_a_panic() {
    let home = Home::new();
    for args in &PRINTING[..5] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = home
            .command(args)
            .stdout(full)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
            .wait_with_output()
            .unwrap();
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{args:?}: {said}");
        assert!(
            said.contains("could not be printed") && !said.contains("panicked"),
            "{said}"
        );
    }
    assert!(home.path("results/small/manifest.json").exists());
}

/// Waits until a condition holds, or a minute has passed.
fn wait_until(mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "waited for nothing"
        );
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// Starts a run that would take days, in a home that holds earlier results, and waits until some
/// replications are written down.
#[cfg(unix)]
fn long_run(home: &Home, out: &str) -> Child {
    let child = home
        .command(&[
            "run",
            "small.toml",
            "--force",
            "--replications-csv",
            "--out",
            out,
        ])
        .args(["--replications", "1000000000", "--threads", "2", "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (above, name) = out.rsplit_once('/').unwrap_or((".", out));
    let rows = home.path(&format!("{above}/.{name}.casecap/new/replications.csv"));
    wait_until(|| fs::metadata(&rows).is_ok_and(|about| about.len() > 100_000));
    child
}

#[cfg(unix)]
fn send(child: &Child, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Ends an endless run by a signal; checks that it ended soon and told what it kept.
#[cfg(unix)]
fn interrupted(child: Child, signal: &str) -> String {
    let began = Instant::now();
    send(&child, signal);
    let output = child.wait_with_output().unwrap();
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?}",
        began.elapsed()
    );
    let said = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("interrupted: kept "), "{said}");
    said
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_complete_beside_the_earlier_results() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "out"]);
    let before = home.files();
    let said = interrupted(long_run(&home, "out"), "-INT");
    assert!(said.contains("out.interrupted"), "{said}");

    let mut after = home.files();
    after.retain(|path, _| !path.starts_with(home.path("out.interrupted")));
    assert!(after == before, "the earlier results changed");

    let manifest = home.manifest("out.interrupted");
    assert_eq!(manifest["run"]["interrupted"], true);
    let kept = manifest["run"]["replications_kept"].as_u64().unwrap();
    let rows = home
        .read("out.interrupted/replications.csv")
        .lines()
        .count() as u64
        - 1;
    // Two policies x three months.
    assert_eq!(rows, kept * 6);
    // What was kept is what a shorter run would have given.
    home.done(&[
        "run",
        "small.toml",
        "--out",
        "short",
        "--replications",
        &kept.to_string(),
    ]);
    for name in [
        "monthly.csv",
        "summary.csv",
        "distribution.csv",
        "targets.csv",
    ] {
        let short = home.read(&format!("short/{name}"));
        assert!(
            home.read(&format!("out.interrupted/{name}")) == short,
            "{name}"
        );
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_end_writes_into_a_folder_without_earlier_results() {
    let home = Home::new();
    interrupted(long_run(&home, "new/out"), "-TERM");
    assert_eq!(home.manifest("new/out")["run"]["interrupted"], true);
    assert!(!home.path("new/out.interrupted").exists());
}

#[test]
fn every_command_explains_itself_with_an_example() {
    let home = Home::new();
    for command in [
        "run",
        "check",
        "report",
        "metrics",
        "schema",
        "new",
        "completions",
    ] {
        let help = home.done(&[command, "--help"]);
        let example = format!("  casecap {command}");
        assert!(
            help.contains("Example") && help.contains(&example),
            "{help}"
        );
    }
}

#[test]
fn a_run_warns_of_what_check_would_warn_of() {
    let home = Home::new();
    let warning = "under policy \"hard 3\"";
    let output = home.run(&["run", "small.toml"]);
    assert!(errors(&output).contains(warning), "{}", errors(&output));
    assert!(home.done(&["check", "small.toml"]).contains(warning));
}

#[test]
fn quiet_prints_nothing() {
    let home = Home::new();
    let output = home.run(&["run", "small.toml", "--quiet"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((output.stdout.len(), errors(&output)), (0, String::new()));
    assert!(home.path("results/small/monthly.csv").exists());
}

#[test]
fn a_new_scenario_runs_and_is_never_overwritten() {
    let home = Home::new();
    home.done(&["new", "mine.toml"]);
    home.done(&["check", "mine.toml"]);
    home.done(&["run", "mine.toml", "--replications", "5"]);
    let text = home.read("mine.toml");
    let refused = home.run(&["new", "mine.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors(&refused).contains("mine.toml"));
    assert_eq!(home.read("mine.toml"), text);
}

#[test]
fn the_catalogue_the_schema_and_the_completions_are_printed() {
    let home = Home::new();
    assert!(home.done(&["metrics"]).contains("caseload_mean"));
    let table = home.done(&["metrics", "--format", "csv"]);
    assert_eq!(
        table.lines().count(),
        casecap::metric::catalogue::CATALOGUE.len() + 1
    );
    let schema: serde_json::Value = serde_json::from_str(&home.done(&["schema"])).unwrap();
    assert!(schema.is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            home.done(&["completions", shell]).contains("casecap"),
            "{shell}"
        );
    }
}

#[test]
fn check_says_what_a_scenario_implies_and_where_its_numbers_come_from() {
    let home = Home::new();
    let printed = home.done(&["check", "small.toml", "--evidence"]);
    for word in ["A small team", "open cases", "casecap's own value"] {
        assert!(printed.contains(word), "{word} is not in\n{printed}");
    }
    let before = home.files();
    home.done(&["check", "small.toml"]);
    assert!(home.files() == before, "check writes nothing");
}
