//! `casecap compare`, `--outer` and `--until` as typed.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Stdio};

use crate::support::{Home, SMALL, csv_rows, errors};

const FILES: [&str; 7] = [
    "monthly.csv",
    "summary.csv",
    "distribution.csv",
    "differences.csv",
    "targets.csv",
    "spread.csv",
    "precision.csv",
];

/// [`SMALL`] with a demand that is not known.
fn unknown() -> String {
    let law = "families_per_month = { law = \"uniform\", low = 3, high = 8 }";
    SMALL.replace("families_per_month = 5", law)
}

fn data(home: &Home, folder: &str) -> Vec<Option<Vec<u8>>> {
    let read = |name: &&str| fs::read(home.path(folder).join(name)).ok();
    FILES.iter().map(read).collect()
}

/// Mean difference by policy, baseline, month and column of differences.csv.
fn means(home: &Home, folder: &str) -> BTreeMap<Vec<String>, String> {
    let rows = csv_rows(&home.read(&format!("{folder}/differences.csv"))).collect::<Vec<_>>();
    let key = |row: &[String]| [&row[..4], &row[5..8]].concat();
    rows.iter().map(|row| (key(row), row[9].clone())).collect()
}

#[test]
fn a_comparison_says_for_whom_and_writes_what_a_run_writes_and_the_differences() {
    let home = Home::new();
    let printed = home.done(&["compare", "small.toml", "--replications", "100"]);
    for word in [
        "\"hard 3\" instead of \"no limit\": better for workers",
        "worse for families who wait",
        "luck",
        "slack",
        "queue age longest",
        "how often the target is met",
        "all together",
        "difference to \"no limit\"",
        "results/small-compare",
    ] {
        assert!(printed.contains(word), "{word} is not in\n{printed}");
    }
    assert!(
        !printed.contains('\u{1b}') && !printed.contains("NaN"),
        "{printed}"
    );
    let manifest = home.manifest("results/small-compare");
    assert_eq!(manifest["run"]["baseline"], "no limit");
    home.done(&["run", "small.toml", "--replications", "100", "--out", "run"]);
    for name in ["monthly.csv", "summary.csv"] {
        let same = home.read(&format!("run/{name}"));
        assert!(
            home.read(&format!("results/small-compare/{name}")) == same,
            "{name}"
        );
    }
    let targets = home.read("results/small-compare/targets.csv");
    for (ours, alone) in targets.lines().zip(home.read("run/targets.csv").lines()) {
        assert!(ours.starts_with(alone), "{ours}\n{alone}");
    }
    let header = home.read("results/small-compare/differences.csv");
    let columns = "policy,baseline,month_end,metric,unit,team,stage,grade,better_is,mean,se,low,high,\
                   p_better,p_tie,variance_ratio,verdict,n,worlds_better,worlds";
    assert_eq!(header.lines().next(), Some(columns));
}

#[test]
fn differences_agree_with_the_replications_that_they_come_from() {
    let home = Home::new();
    let flags = ["compare", "small.toml", "--replications", "50"];
    home.done(&[&flags[..], &["--replications-csv", "--out", "out"]].concat());
    let text = home.read("out/replications.csv");
    let heading: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let at = heading
        .iter()
        .position(|name| *name == "unallocated")
        .unwrap();
    let rows: Vec<Vec<String>> = csv_rows(&text).collect();
    let of = |policy: &str| -> Vec<f64> {
        let rows = rows
            .iter()
            .filter(|r| r[2] == policy && r[3] == "2025-12-31");
        rows.map(|r| r[at].parse().unwrap()).collect()
    };
    let pairs: Vec<(f64, f64)> = of("hard 3").into_iter().zip(of("no limit")).collect();
    assert_eq!(pairs.len(), 50);
    let mean = pairs.iter().map(|(a, b)| a - b).sum::<f64>() / 50.0;
    let square = pairs
        .iter()
        .map(|(a, b)| (a - b - mean).powi(2))
        .sum::<f64>();
    let better = pairs.iter().filter(|(a, b)| a < b).count() as f64 / 50.0;
    let tie = pairs.iter().filter(|(a, b)| a == b).count() as f64 / 50.0;
    let row = csv_rows(&home.read("out/differences.csv"))
        .find(|r| r[2] == "2025-12-31" && r[3] == "unallocated" && r[6].is_empty())
        .unwrap();
    let told = |column: usize| row[column].parse::<f64>().unwrap();
    assert!((told(9) - mean).abs() < 1e-9, "{row:?}");
    assert!(
        (told(10) - (square / 49.0 / 50.0).sqrt()).abs() < 1e-9,
        "{row:?}"
    );
    assert_eq!((told(13), told(14)), (better, tie));
    assert_eq!((row[16].as_str(), row[17].as_str()), ("worse", "50"));
}

#[test]
fn with_the_baseline_exchanged_the_files_tell_the_opposite() {
    let home = Home::new();
    home.done(&["compare", "small.toml", "--out", "there"]);
    home.done(&[
        "compare",
        "small.toml",
        "--baseline",
        "hard 3",
        "--out",
        "back",
    ]);
    let (there, back) = (means(&home, "there"), means(&home, "back"));
    assert_eq!(there.len(), back.len());
    for (key, mean) in &there {
        let mut turned = key.clone();
        turned.swap(0, 1);
        let other = &back[&turned];
        match (mean.parse::<f64>(), other.parse::<f64>()) {
            (Ok(mean), Ok(other)) => assert_eq!(mean, -other, "{key:?}"),
            _ => assert!(mean.is_empty() && other.is_empty(), "{key:?}"),
        }
    }
}

#[test]
fn the_files_of_a_comparison_are_the_same_bytes_on_one_two_and_eight_threads() {
    let home = Home::new();
    home.write("unknown.toml", &unknown());
    let run = |threads: &str| {
        let flags = [
            "compare",
            "unknown.toml",
            "--outer",
            "40",
            "--replications",
            "200",
        ];
        let until = ["--until", "caseload_mean +- 0.01"];
        let refused = home.run(&[&flags[..], &until].concat());
        assert_eq!(
            refused.status.code(),
            Some(2),
            "40 worlds are too few to look at"
        );
        home.done(&[&flags[..], &["--threads", threads, "--out", threads]].concat());
        data(&home, threads)
    };
    let one = run("1");
    assert!(one[..5].iter().all(Option::is_some), "spread.csv too");
    assert!(run("2") == one, "2 threads");
    assert!(run("8") == one, "8 threads");
}

#[test]
fn until_ends_at_the_same_replication_on_one_two_and_eight_threads() {
    let home = Home::new();
    for command in ["run", "compare"] {
        let run = |threads: &str| {
            let out = format!("{command}-{threads}");
            let flags = [command, "small.toml", "--replications", "5000"];
            let until = [
                "--until",
                "open_cases ± 0.5",
                "--until",
                "caseload_mean +- 5%",
            ];
            let more = ["--threads", threads, "--out", &out];
            let printed = home.done(&[&flags[..], &until, &more].concat());
            assert!(printed.contains("reached after"), "{printed}");
            let manifest = home.manifest(&out);
            assert_eq!(manifest["run"]["interrupted"], false);
            assert_eq!(manifest["run"]["until"][0], "open_cases ± 0.5");
            (
                manifest["run"]["replications_kept"].as_u64().unwrap(),
                data(&home, &out),
            )
        };
        let one = run("1");
        assert!((100..5000).contains(&one.0), "{command}: {}", one.0);
        assert!(run("2") == one && run("8") == one, "{command}");
        // What was kept is what so many replications give.
        let kept = one.0.to_string();
        home.done(&[
            command,
            "small.toml",
            "--replications",
            &kept,
            "--out",
            "plain",
            "--force",
        ]);
        let monthly = home.read(&format!("{command}-1/monthly.csv"));
        assert!(home.read("plain/monthly.csv") == monthly, "{command}");
    }
}

#[test]
fn the_command_of_the_manifest_repeats_a_comparison() {
    let home = Home::new();
    home.write("unknown.toml", &unknown());
    let flags = [
        "compare",
        "unknown.toml",
        "--outer",
        "300",
        "--replications",
        "600",
    ];
    let more = [
        "--baseline",
        "hard 3",
        "--until",
        "caseload_mean +- 20%",
        "--seed",
        "5",
    ];
    home.done(&[&flags[..], &more].concat());
    let before = data(&home, "results/unknown-compare");
    assert!(before.iter().all(Option::is_some), "every file");
    let manifest = home.manifest("results/unknown-compare");
    assert_eq!(manifest["run"]["worlds_asked"], 300);
    assert_eq!(manifest["run"]["replications_per_world"], 2);
    let command = manifest["command"].as_str().unwrap();
    let command = command.replacen("casecap", env!("CARGO_BIN_EXE_casecap"), 1);
    fs::remove_dir_all(home.path("results")).unwrap();
    let status = Command::new("sh")
        .args(["-c", &command])
        .current_dir(home.folder.path())
        .stdout(Stdio::null())
        .status()
        .unwrap();
    assert!(status.success(), "{command}");
    assert!(data(&home, "results/unknown-compare") == before);
}

#[test]
fn what_is_not_known_and_luck_are_told_apart() {
    let home = Home::new();
    home.write("unknown.toml", &unknown());
    for command in ["run", "compare"] {
        let printed = home.done(&[command, "unknown.toml", "--outer", "100", "--out", command]);
        assert!(printed.contains("is what we do not know and"), "{printed}");
        assert_eq!(
            printed.contains("Of 100 plausible worlds"),
            command == "compare"
        );
        let rows: Vec<Vec<String>> =
            csv_rows(&home.read(&format!("{command}/spread.csv"))).collect();
        // Referrals over the horizon: a uniform rate from 3 to 8 a month for 3 months has a variance of
        // 9 x 25 / 12 = 18.75 and luck of 16.5; over 100 worlds the former is known to about 15 %.
        let of_referrals = |r: &&Vec<String>| r[1] == "horizon" && r[2] == "referrals";
        let row = rows.iter().find(of_referrals).unwrap();
        let value = |at: usize| row[at].parse::<f64>().unwrap();
        assert!((value(7) / 18.75 - 1.0).abs() < 0.6, "{row:?}");
        assert!((value(8) / 16.5 - 1.0).abs() < 0.3, "{row:?}");
        assert!((value(9) - value(7) / (value(7) + value(8))).abs() < 1e-12);
        assert_eq!((row[10].as_str(), row[11].as_str()), ("100", "1000"));
    }
    home.done(&["run", "small.toml", "--out", "known"]);
    assert!(!home.path("known/spread.csv").exists());
}

#[test]
fn what_cannot_be_resolved_is_told_and_no_failure() {
    let home = Home::new();
    let flags = ["run", "small.toml", "--replications", "200"];
    let until = ["--until", "caseload_mean +- 0.0001"];
    let printed = home.done(&[&flags[..], &until].concat());
    let printed = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(printed.contains("not reached; about"), "{printed}");
    assert!(printed.contains("replications would do"), "{printed}");
    let rows: Vec<Vec<String>> = csv_rows(&home.read("results/small/precision.csv")).collect();
    assert_eq!(rows.len(), 2);
    for row in rows {
        assert!(
            row[9].is_empty() && row[10].parse::<f64>().unwrap() > 1e6,
            "{row:?}"
        );
    }
}

#[test]
fn the_baseline_is_run_whatever_policies_are_named_and_metrics_are_shown_with_their_companions() {
    let home = Home::new();
    let flags = ["compare", "small.toml", "--policy", "hard 3"];
    let printed = home.done(&[&flags[..], &["--metric", "wait_mean"]].concat());
    assert!(
        printed.contains("\"hard 3\" instead of \"no limit\""),
        "{printed}"
    );
    assert!(
        printed.contains("queue age longest") && !printed.contains("burnt out"),
        "{printed}"
    );
    let policies = &home.manifest("results/small-compare")["run"]["policies"];
    assert_eq!(policies.as_array().unwrap().len(), 2);
}

#[test]
fn policies_that_are_alike_make_no_difference() {
    let home = Home::new();
    let text = SMALL.replace(
        "[policies.\"hard 3\"]\nlimit = 3",
        "[policies.\"the same\"]",
    );
    home.write("alike.toml", &text);
    let printed = home.done(&["compare", "alike.toml", "--metric", "caseload_mean"]);
    assert!(printed.contains("identical"), "{printed}");
    assert!(printed.contains("no difference for workers"), "{printed}");
    for row in csv_rows(&home.read("results/alike-compare/differences.csv")) {
        assert!(row[16].is_empty() || row[16] == "no difference", "{row:?}");
        assert!(
            row[9].is_empty() || row[9].trim_start_matches('-') == "0.0",
            "{row:?}"
        );
        assert!(row[15].is_empty(), "{row:?}");
    }
}

#[test]
fn wrong_wishes_end_with_2_and_words_and_write_nothing() {
    let home = Home::new();
    home.write("unknown.toml", &unknown());
    let alone = SMALL.replace("[policies.\"hard 3\"]\nlimit = 3", "");
    home.write("alone.toml", &alone);
    let cases: [(&[&str], &str); 15] = [
        (&["compare", "alone.toml"], "add one to the file"),
        (
            &["compare", "small.toml", "--policy", "no limit"],
            "add --policy \"hard 3\"",
        ),
        (
            &["compare", "small.toml", "--baseline", "hrad 3"],
            "nearest is \"hard 3\"",
        ),
        (
            &["compare", "small.toml", "--metric", "unalocated"],
            "did you mean `unallocated`?",
        ),
        (&["compare", "nowhere.toml"], "nowhere.toml"),
        (
            &["run", "small.toml", "--baseline", "no limit"],
            "--baseline",
        ),
        (
            &["run", "small.toml", "--outer", "50"],
            "nothing in the scenario is uncertain",
        ),
        (&["run", "unknown.toml", "--outer", "1"], "from 2 to"),
        (
            &["run", "unknown.toml", "--outer", "9999999999"],
            "from 2 to",
        ),
        (&["run", "unknown.toml", "--outer", "-1"], "-1"),
        (
            &[
                "run",
                "unknown.toml",
                "--outer",
                "30",
                "--replications",
                "100",
            ],
            "write --replications 90",
        ),
        (
            &["run", "small.toml", "--until", "caseload_men +- 1"],
            "`caseload_mean`",
        ),
        (
            &["run", "small.toml", "--until", "caseload_mean < 1"],
            "how narrow",
        ),
        (
            &["run", "small.toml", "--until", "caseload_mean +- 0"],
            "above 0",
        ),
        (
            &[
                "run",
                "small.toml",
                "--until",
                "caseload_mean +- 1",
                "--replications",
                "50",
            ],
            "write --replications 100",
        ),
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
}

#[test]
fn a_comparison_explains_itself_and_is_quiet_when_asked() {
    let home = Home::new();
    let help = home.done(&["compare", "--help"]);
    for word in [
        "casecap compare scenarios/first.toml",
        "--baseline",
        "--metric",
        "--until",
    ] {
        assert!(help.contains(word), "{word} is not in\n{help}");
    }
    let output = home.run(&["compare", "small.toml", "--quiet"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!((output.stdout.len(), errors(&output)), (0, String::new()));
    assert!(home.path("results/small-compare/differences.csv").exists());
}
