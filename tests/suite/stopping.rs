//! `--until` promises a coverage, for rare events too.

use std::fs;
use std::path::Path;

use crate::support::{Home, csv_rows, errors};

fn rare() -> Home {
    let home = Home::new();
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    home.write(
        "rare.toml",
        &fs::read_to_string(cases.join("rare.toml")).unwrap(),
    );
    home
}

/// The truth is 1 - exp(-0.06 x 30 / 365.25) = 0.004916. Null: an interval misses it in at most 5 of 100 runs; at fixed
/// seeds, 4 of 4 hold it.
#[test]
fn a_rare_event_does_not_end_a_run_before_it_has_been_seen() {
    let home = rare();
    for seed in ["1", "2", "3", "4"] {
        let args = [
            "run",
            "rare.toml",
            "--until",
            "leavers +- 0.001",
            "--seed",
            seed,
            "--quiet",
            "--force",
        ];
        home.done(&args);
        let kept = home.manifest("results/rare")["run"]["replications_kept"]
            .as_u64()
            .unwrap();
        assert!(kept > 20_000, "{kept}");
        let table = home.read("results/rare/precision.csv");
        let heading: Vec<&str> = table.lines().next().unwrap().split(',').collect();
        let at = |name: &str| heading.iter().position(|column| *column == name).unwrap();
        let row = csv_rows(&table).next().unwrap();
        let end = |name: &str| row[at(name)].parse::<f64>().unwrap();
        let (low, high) = (end("sequence_low"), end("sequence_high"));
        assert!(low < 0.004_916 && 0.004_916 < high, "{low} to {high}");
        assert!(high - low <= 0.002_000_1, "{low} to {high}");
    }
}

#[test]
fn values_that_are_all_equal_say_what_their_interval_rests_on() {
    let home = rare();
    let printed = home.done(&["run", "rare.toml", "--until", "withdrawals +- 0.001"]);
    let words = printed.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words.contains("reached after 4,604 replications"),
        "{printed}"
    );
    assert!(words.contains("Between 0.0000 and 0.0010"), "{printed}");
    assert!(
        words.contains("not seen yet that are up to 1.0 children away"),
        "{printed}"
    );
}

#[test]
fn a_precision_of_what_has_no_number_is_refused_before_the_run() {
    let home = rare();
    for (precision, why) in [
        ("cost +- 1", "no prices"),
        ("drift +- 1", "no limit"),
        ("deadlines_met +- 1%", "no stage has a deadline"),
    ] {
        let output = home.run(&["run", "rare.toml", "--until", precision]);
        let said = errors(&output);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "{said}");
        assert!(!home.path("results").exists());
    }
}
