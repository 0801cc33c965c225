//! `casecap explain` and `--cut` as typed.

use crate::support::{Home, csv_rows, errors};

const PAIR: [&str; 6] = [
    "explain",
    "small.toml",
    "--policy",
    "hard 3",
    "--against",
    "no limit",
];

/// The words of a command and some more.
fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    PAIR.iter().chain(more).copied().collect()
}

#[test]
fn an_explanation_says_what_each_feedback_carries_and_on_what_evidence() {
    let home = Home::new();
    let printed = home.done(&PAIR);
    for word in [
        "overload slows work",
        "leavers' cases fall back",
        "all of them",
        "weakest evidence",
        "D  overload.thin",
        "no such feedback here",
        "The evidence knows no direct effect of caseload on leaving",
        "results/small-explain",
    ] {
        assert!(printed.contains(word), "{word} is not in\n{printed}");
    }
    assert!(!printed.contains("NaN") && !printed.contains('\u{1b}'));
    let rows: Vec<_> = csv_rows(&home.read("results/small-explain/explanation.csv")).collect();
    // Five metrics, last month and horizon, seven feedbacks and all.
    assert_eq!(rows.len(), 5 * 2 * 8);
    assert!(rows.iter().all(|row| row.len() == 18));
    let number = |text: &str| text.parse::<f64>().unwrap();
    for row in rows.iter().filter(|row| !row[9].is_empty()) {
        // What is carried and what is left are the whole, where no replication lacks a value.
        if row[15] == "40" {
            let sum = number(&row[9]) + number(&row[12]);
            assert!((sum - number(&row[6])).abs() < 1e-9, "{row:?}");
        }
    }
    let manifest = home.manifest("results/small-explain");
    assert_eq!(manifest["run"]["policies"].as_array().unwrap().len(), 18);
}

#[test]
fn an_explanation_is_the_same_on_any_number_of_threads() {
    let home = Home::new();
    let bytes = |threads: &str| {
        home.done(&with(&["--threads", threads, "--force"]));
        home.read("results/small-explain/explanation.csv")
    };
    assert_eq!(bytes("1"), bytes("2"));
    assert_eq!(bytes("1"), bytes("8"));
}

#[test]
fn a_feedback_cut_by_hand_is_the_one_that_an_explanation_cuts() {
    let home = Home::new();
    home.done(&PAIR);
    home.done(&[
        "run",
        "small.toml",
        "--cut",
        "Overload slows work",
        "--out",
        "cut",
    ]);
    let of = |folder: &str, policy: &str| -> Vec<Vec<String>> {
        let text = home.read(&format!("{folder}/summary.csv"));
        let mut rows: Vec<_> = csv_rows(&text.replace("\"", "")).collect();
        rows.retain(|row| row.join(",").starts_with(policy));
        rows.iter()
            .map(|row| row[row.len() - 9..].to_vec())
            .collect()
    };
    let by_hand = of("cut", "hard 3,");
    let explained = of(
        "results/small-explain",
        "hard 3, without: overload slows work,",
    );
    assert!(!by_hand.is_empty());
    assert_eq!(by_hand, explained);
    let manifest = home.manifest("cut");
    assert!(manifest["command"].as_str().unwrap().contains("--cut"));
    // Another run may not take its place unasked.
    let other = home.run(&["run", "small.toml", "--out", "cut"]);
    assert_eq!(other.status.code(), Some(2));
    assert!(errors(&other).contains("cut: overload slows work there, none now"));
}

#[test]
fn wrong_names_are_told_with_the_nearest_and_exit_2() {
    let home = Home::new();
    let refused = |args: &[&str], words: &[&str]| {
        let output = home.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        for word in words {
            assert!(
                errors(&output).contains(word),
                "{word}: {}",
                errors(&output)
            );
        }
    };
    refused(
        &[
            "explain",
            "small.toml",
            "--policy",
            "hrad 3",
            "--against",
            "no limit",
        ],
        &["hrad 3", "the nearest is \"hard 3\""],
    );
    refused(
        &[
            "explain",
            "small.toml",
            "--policy",
            "hard 3",
            "--against",
            "hard 3",
        ],
        &["held against itself", "no limit"],
    );
    refused(&with(&["--metric", "caseload_maen"]), &["caseload_mean"]);
    refused(
        &["run", "small.toml", "--cut", "strain leaving"],
        &["did you mean \"strain -> leaving\"?"],
    );
    refused(
        &["compare", "small.toml", "--cut", "everything"],
        &["write one of: overload slows work"],
    );
    assert!(!home.path("results").exists());
}
