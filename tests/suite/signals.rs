//! One signal ends a command soon, whatever it is doing; a second one ends it at once.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Home, errors};

/// What a signal may take on a machine that has much else to do; by itself it takes about a tenth of a second.
const SOON: Duration = Duration::from_secs(5);

fn send(child: &Child, signal: &str) {
    let status = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

/// Waits for a while without a sleep.
fn pause(length: Duration) {
    let began = Instant::now();
    while began.elapsed() < length {
        std::thread::park_timeout(length);
    }
}

/// Starts a command and waits until it has been simulating for a second.
fn simulating(home: &Home, args: &[&str]) -> Child {
    let mut child = home
        .command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let has_begun = || {
        // Results are made beside the folder that they will be.
        home.path(".out.casecap/new").is_dir()
    };
    while !has_begun() {
        if began.elapsed() > Duration::from_secs(60) {
            // Nothing that a test started outlives it.
            child.kill().unwrap();
            panic!("it never began");
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
    pause(Duration::from_secs(1));
    child
}

fn ended(child: Child, began: Instant) -> Output {
    let output = child.wait_with_output().unwrap();
    let took = began.elapsed();
    assert!(took < SOON, "it took {took:?}: {}", errors(&output));
    output
}

fn case(name: &str) -> String {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    fs::read_to_string(cases.join(name)).unwrap()
}

#[test]
fn one_signal_ends_a_long_replication_and_says_so() {
    let home = Home::new();
    home.write("slow.toml", &case("slow_rep.toml"));
    let args = [
        "run",
        "slow.toml",
        "--replications",
        "4",
        "--threads",
        "1",
        "--out",
        "out",
    ];
    for signal in ["-INT", "-TERM"] {
        let child = simulating(&home, &args);
        let began = Instant::now();
        send(&child, signal);
        let output = ended(child, began);
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("stopping: "), "{said}");
        assert!(said.contains("interrupted"), "{said}");
    }
}

#[test]
fn one_signal_ends_a_replication_that_has_not_got_beyond_its_opening() {
    let home = Home::new();
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let first = fs::read_to_string(scenarios.join("first.toml")).unwrap();
    let slow = first.replace(
        "closed_lately_per_month = 24",
        "closed_lately_per_month = 396000",
    );
    assert_ne!(slow, first);
    home.write("slow.toml", &slow);
    let args = [
        "run",
        "slow.toml",
        "--policy",
        "no limit",
        "--replications",
        "2",
        "--out",
        "out",
    ];
    let child = simulating(&home, &args);
    let began = Instant::now();
    send(&child, "-TERM");
    assert_eq!(ended(child, began).status.code(), Some(1));
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    let home = Home::new();
    // Ten million rows: what was asked to end is still writing when the second signal comes, or has ended by itself.
    let args = [
        "run",
        "small.toml",
        "--replications",
        "1000000000",
        "--yes",
        "--replications-csv",
        "--out",
        "out",
    ];
    let child = simulating(&home, &args);
    let began = Instant::now();
    send(&child, "-INT");
    send(&child, "-INT");
    let output = ended(child, began);
    assert!(
        matches!(output.status.code(), Some(130 | 1)),
        "{}",
        errors(&output)
    );
}
