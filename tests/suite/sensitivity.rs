//! `casecap sensitivity` as typed.

use std::collections::BTreeMap;

use crate::support::{Home, SMALL, errors};

/// Cases that never wait and never slow down, from an empty start long before: open cases are Poisson with mean
/// rate x mean work (M/G/infinity). What workers do has no part in it.
const KNOWN: &str = r#"
title = "Known"
start = 2025-11-01
months = 1
warm_up_months = 48

[run]
replications = 10
seed = 1

[referrals]
families_per_month = { value = 10, range = [5, 15], source = "a list", grade = "A" }
first_stage = "open"

[stages.open]
hours_per_week = 0
work = { law = "exponential", mean = { law = "uniform", low = "50 days", high = "150 days", grade = "D" } }
then = "closed"

[grades.worker]

[strain]
gain = { value = 1.4, range = [1, 2], grade = "D" }

[[posts]]
grade = "worker"
count = 5

[policies."no limit"]
"#;

fn known() -> Home {
    let home = Home::new();
    home.write("known.toml", KNOWN);
    home
}

/// Exit code 2, and what was said.
fn refused(home: &Home, args: &[&str]) -> String {
    let output = home.run(&[&["sensitivity"][..], args].concat());
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
    told
}

/// The rows of a table, by column.
fn table(home: &Home, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(home.path(name)).unwrap();
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A cell of the ranking by key, as a number.
fn of(rows: &[BTreeMap<String, String>], key: &str, column: &str) -> f64 {
    let row = rows.iter().find(|row| row["key"] == key).unwrap();
    row[column].parse().unwrap()
}

/// The mean is a product of two uniform numbers of the same coefficient of variation c: each has the first-order index
/// c^2 / (2 c^2 + c^4) and the total index (c^2 + c^4) / (2 c^2 + c^4), c^2 = 1/12. Intervals are of 95 %; a band as wide again at
/// both ends is left by one of six in about 10 000 (normal), and the seed is fixed.
#[test]
fn the_parts_of_a_product_are_those_of_theory_and_luck_is_poisson() {
    let home = known();
    let metric = "open_cases_census at month 1";
    home.done(&[
        "sensitivity",
        "known.toml",
        "--metric",
        metric,
        "--rows",
        "256",
        "--replications",
        "4",
        "--out",
        "k",
        "--quiet",
    ]);
    let rows = table(&home, "k/sensitivity.csv");
    assert_eq!(rows.len(), 3);
    let c = 1.0 / 12.0;
    let all = 2.0 * c + c * c;
    let (rate, work, idle) = (
        "referrals.families_per_month",
        "stages.open.work.mean",
        "strain.gain",
    );
    for (key, first, total) in [
        (rate, c / all, (c + c * c) / all),
        (work, c / all, (c + c * c) / all),
        (idle, 0.0, 0.0),
    ] {
        for (index, truth) in [("first", first), ("total", total)] {
            let [low, high] = ["low", "high"].map(|end| of(&rows, key, &format!("{index}_{end}")));
            let half = (high - low) / 2.0 + 0.002;
            assert!(
                (low - half..high + half).contains(&truth),
                "{key} {index}: {low} to {high}, and not {truth}"
            );
        }
    }
    let mean = 10.0 / (365.25 / 12.0) * 100.0;
    let variance = mean * mean * all;
    let found = |column| of(&rows, rate, column);
    assert!(
        (found("variance_of_expected") / variance - 1.0).abs() < 0.1,
        "{}",
        found("variance_of_expected")
    );
    assert!(
        (found("variance_of_luck") / mean - 1.0).abs() < 0.1,
        "{}",
        found("variance_of_luck")
    );
    assert!((found("mean") / mean - 1.0).abs() < 0.02);
    // What does nothing is last, and the first of grade D is what to find out.
    assert_eq!(rows[2]["key"], idle);
    let page = home.read("k/sensitivity.html");
    assert!(page.contains("The next study to fund: stages.open.work.mean (grade D)"));
}

#[test]
fn the_same_question_has_the_same_bytes_on_any_number_of_threads() {
    let home = known();
    let args = |out: &'static str, threads: &'static str| {
        [
            "sensitivity",
            "known.toml",
            "--metric",
            "open_cases_census",
            "--require",
            "open_cases_census <= 40 at month 1 with 80%",
            "--rows",
            "16",
            "--replications",
            "2",
            "--world-replications",
            "5",
            "--threads",
            threads,
            "--out",
            out,
            "--quiet",
        ]
    };
    home.done(&args("one", "1"));
    home.done(&args("two", "2"));
    for file in [
        "sensitivity.csv",
        "points.csv",
        "values.csv",
        "robustness.csv",
        "boxes.csv",
    ] {
        assert_eq!(
            home.read(&format!("one/{file}")),
            home.read(&format!("two/{file}")),
            "{file}"
        );
    }
}

/// Mean above 40 exactly where rate x work is large: the box is found, and worlds that meet are counted as theory has it.
#[test]
fn a_requirement_fails_in_the_corner_where_theory_says() {
    let home = known();
    let printed = home.done(&[
        "sensitivity",
        "known.toml",
        "--metric",
        "open_cases_census",
        "--require",
        "open_cases_census <= 40 at month 1 with 50%",
        "--rows",
        "128",
        "--replications",
        "2",
        "--world-replications",
        "20",
        "--out",
        "k",
    ]);
    let rows = table(&home, "k/robustness.csv");
    let (meets, worlds): (f64, f64) = (
        rows[0]["worlds_that_meet"].parse().unwrap(),
        rows[0]["worlds"].parse().unwrap(),
    );
    assert_eq!(worlds, 256.0);
    // P(X <= 40) = 1/2 for a mean of 40.67; X Y of two uniform numbers on 5..15 and 50..150 over 30.4375 is below that with
    // probability F(1.2378) of a product of two uniform numbers on 1/2..3/2.
    let z: f64 = 40.67 * (365.25 / 12.0) / 1000.0;
    let (a, b) = (0.5, 1.5);
    let truth = (z / b - a) * (b - a) + z * (b / (z / b)).ln() - a * (b - z / b);
    let se = (truth * (1.0 - truth) / worlds).sqrt();
    assert!(
        (meets / worlds - truth).abs() < 4.0 * se,
        "{meets} of {worlds}, and not {truth}"
    );
    let boxes = table(&home, "k/boxes.csv");
    let keys: Vec<&str> = boxes
        .iter()
        .filter(|r| r["box"] == "1")
        .map(|r| r["key"].as_str())
        .collect();
    assert_eq!(keys.len(), 2, "{keys:?}");
    for row in boxes.iter().filter(|r| r["box"] == "1") {
        assert_ne!(row["above"], "", "{row:?}");
    }
    assert!(printed.contains("fails most where"), "{printed}");
}

#[test]
fn a_screening_ranks_what_moves_and_leaves_what_does_not() {
    let home = known();
    home.done(&[
        "sensitivity",
        "known.toml",
        "--metric",
        "open_cases_census",
        "--method",
        "morris",
        "--rows",
        "24",
        "--replications",
        "6",
        "--out",
        "k",
        "--quiet",
    ]);
    let rows = table(&home, "k/sensitivity.csv");
    assert_eq!(rows[2]["key"], "strain.gain");
    // The effect of the whole range of a rate is its range times the mean work, 10 x 100 / 30.4375, on average over levels.
    let truth = 10.0 / (365.25 / 12.0) * 100.0;
    let [low, high] =
        ["mu_star_low", "mu_star_high"].map(|c| of(&rows, "referrals.families_per_month", c));
    let half = (high - low) / 2.0;
    assert!(
        (low - half..high + half).contains(&truth),
        "{low} to {high}, and not {truth}"
    );
}

#[test]
fn a_dry_run_tells_what_is_not_known_and_writes_nothing() {
    let home = known();
    let printed = home.done(&["sensitivity", "known.toml", "--dry-run"]);
    for part in [
        "stages.open.work.mean",
        "range",
        "law",
        "128 rows, 640 points",
        "replications",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    assert!(!home.path("results").exists());
}

#[test]
fn wrong_input_is_told_with_what_to_write() {
    let home = known();
    home.write("small.toml", SMALL);
    for (args, part) in [
        (
            vec!["small.toml"],
            "--vary referrals.families_per_month=8:10",
        ),
        (
            vec!["known.toml", "--metric", "unalocated"],
            "`unallocated`",
        ),
        (
            vec!["known.toml", "--metric", "unallocated in every month"],
            "at month 12",
        ),
        (vec!["known.toml", "--vary", "post=1:2"], "in --vary"),
        (
            vec!["known.toml", "--vary", "posts.worker.count=9:4"],
            "reversed",
        ),
        (
            vec!["known.toml", "--vary", "posts.worker.count=1.5,2"],
            "whole number",
        ),
        (vec!["known.toml", "--vary", "months=1,2"], "may not differ"),
        (
            vec!["known.toml", "--require", "unallocated <= 5 in every month"],
            "with 90%",
        ),
        (vec!["known.toml", "--rows", "4"], "--rows 128"),
        (
            vec!["known.toml", "--replications", "1"],
            "--replications 8",
        ),
        (vec!["known.toml", "--world-replications", "9"], "--require"),
        (vec!["known.toml", "--policy", "hard"], "no policy"),
        (
            vec!["known.toml", "--rows", "65536", "--replications", "100000"],
            "memory",
        ),
    ] {
        let told = refused(&home, &args);
        assert!(told.contains(part), "{args:?}: {told}");
    }
}

#[test]
fn another_question_does_not_replace_an_answer_unasked() {
    let home = known();
    let base = [
        "sensitivity",
        "known.toml",
        "--metric",
        "open_cases_census",
        "--rows",
        "8",
        "--replications",
        "2",
        "--quiet",
    ];
    home.done(&base);
    let before = home.read("results/known-sensitivity/sensitivity.csv");
    home.done(&base);
    let told = refused(&home, &[&base[1..], &["--seed", "2"]].concat());
    assert!(
        told.contains("another question") && told.contains("--force"),
        "{told}"
    );
    assert_eq!(
        home.read("results/known-sensitivity/sensitivity.csv"),
        before
    );
    home.done(&[&base[..], &["--seed", "2", "--force"]].concat());
    assert_ne!(
        home.read("results/known-sensitivity/sensitivity.csv"),
        before
    );
    // What is for runs says what it is.
    let told = errors(&home.run(&["report", "results/known-sensitivity"]));
    assert!(told.contains("holds a sensitivity analysis"), "{told}");
    // The folder of a run is left alone.
    home.done(&[
        "run",
        "known.toml",
        "--replications",
        "2",
        "--quiet",
        "--out",
        "r",
    ]);
    let told = refused(&home, &[&base[1..], &["--out", "r", "--force"]].concat());
    assert!(told.contains("other results"), "{told}");
}
