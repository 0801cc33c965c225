//! Systems with exact answers, played by the engine: the suite that `casecap validate --quick` prints.

use std::process::Command;
use std::sync::atomic::AtomicBool;

use casecap::validation::configuration::chosen;
use casecap::validation::suite::{Effort, judge, play};
use casecap::validation::table::report;

/// Null: the engine plays the systems that theory speaks of. Fixed seeds and replications, those of the
/// scenarios and of a quick run; the bound on |z| is set so that correct code fails by chance less than once
/// in 1000 draws of all seeds.
fn holds(names: &[&str]) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let go = AtomicBool::new(false);
    let answers: Vec<_> = chosen(&names)
        .unwrap()
        .into_iter()
        .map(|configuration| play(configuration, Effort::Quick, None, &go, &|| ()).unwrap())
        .collect();
    let verdict = judge(&answers);
    let mut table = Vec::new();
    report(&mut table, &answers, &verdict).unwrap();
    assert!(verdict.beyond == 0, "{}", String::from_utf8(table).unwrap());
}

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "minutes without optimisation: cargo test --release"
)]
fn the_engine_agrees_with_every_system_that_has_an_exact_answer() {
    holds(&[]);
}

#[test]
fn the_engine_agrees_with_the_systems_that_take_little_time() {
    holds(&[
        "absence",
        "pathway",
        "unmet-need",
        "strain",
        "survival",
        "frailty",
        "noise",
        "opening",
    ]);
}

#[test]
fn the_table_is_printed_and_a_name_that_is_none_is_refused() {
    let casecap = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_casecap"))
            .arg("validate")
            .args(args)
            .output()
            .unwrap()
    };
    let output = casecap(&["--quick", "--only", "strain", "--threads", "1"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(text.contains("workload ratio") && text.contains("Passed: 0 of 17 |z| exceed"));
    let refused = casecap(&["--only", "strian"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        String::from_utf8(refused.stderr)
            .unwrap()
            .contains("strian")
    );
}
