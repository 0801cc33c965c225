//! Results for data frames and spreadsheets, as typed.

use std::fs;

use crate::support::{Home, SMALL, errors};

/// A file of a results folder.
fn bytes(home: &Home, name: &str) -> Vec<u8> {
    fs::read(home.path(name)).unwrap()
}

#[test]
fn parquet_stands_in_the_manifest_and_is_the_same_on_any_number_of_threads() {
    let home = Home::new();
    for (threads, out) in [("1", "one"), ("2", "two"), ("8", "eight")] {
        let formats = ["--format", "csv,parquet,parquet-groups"];
        let rest = ["--threads", threads, "--out", out];
        home.done(&[&["run", "small.toml"][..], &formats, &rest].concat());
    }
    for name in ["replications.parquet", "groups.parquet"] {
        let one = bytes(&home, &format!("one/{name}"));
        assert!(one.starts_with(b"PAR1") && one.ends_with(b"PAR1"), "{name}");
        for other in ["two", "eight"] {
            assert!(bytes(&home, &format!("{other}/{name}")) == one, "{name}");
        }
        let manifest = home.manifest("one");
        let files = manifest["files"].as_array().unwrap();
        let told = files.iter().find(|file| file["name"] == name).unwrap();
        assert_eq!(told["bytes"], one.len());
    }
    let command = home.manifest("one")["command"].to_string();
    assert!(
        command.contains("--format parquet,parquet-groups"),
        "{command}"
    );
    // A file that was changed is told as any other.
    fs::write(home.path("one/groups.parquet"), "PAR1").unwrap();
    let refused = home.run(&["workbook", "one"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(errors(&refused).contains("groups.parquet is not as the run wrote it"));
}

#[test]
fn the_workbook_is_made_with_the_run_or_later_and_is_the_same_file() {
    let home = Home::new();
    let printed = home.done(&["compare", "small.toml", "--format", "xlsx"]);
    assert!(printed.contains("workbook.xlsx"), "{printed}");
    let with = bytes(&home, "results/small-compare/workbook.xlsx");
    let printed = home.done(&["workbook", "results/small-compare"]);
    let told = "Written: results/small-compare/workbook.xlsx";
    assert!(printed.contains(told), "{printed}");
    assert!(bytes(&home, "results/small-compare/workbook.xlsx") == with);
    // It is made of the other files, and is not among the results; the manifest knows it all the same.
    let files = home.manifest("results/small-compare")["files"].to_string();
    assert!(!files.contains("xlsx"), "{files}");
    let added = home.manifest("results/small-compare")["added"].to_string();
    assert!(added.contains("workbook.xlsx"), "{added}");
    // The same run without it takes it away: it might be of other results.
    home.done(&["compare", "small.toml", "--quiet"]);
    assert!(!home.path("results/small-compare/workbook.xlsx").exists());
}

#[test]
fn names_that_a_spreadsheet_takes_for_formulas_are_played_and_written_as_they_are() {
    let home = Home::new();
    let text = SMALL.replace("A small team", "=HYPERLINK(1)");
    let text = text
        .replace("hard 3", "=1+1")
        .replace("worker\"", "@worker\"");
    home.write(
        "=odd.toml",
        &text.replace("grades.worker", "grades.\"@worker\""),
    );
    home.done(&["run", "=odd.toml", "--format", "parquet,xlsx", "--quiet"]);
    let monthly = home.read("results/=odd/monthly.csv");
    assert!(monthly.contains("\n=1+1,"));
    home.done(&["workbook", "results/=odd"]);
}

#[test]
fn a_folder_without_a_whole_run_gives_no_workbook() {
    let home = Home::new();
    for (folder, words) in [("none", "is no folder"), (".", "holds no results")] {
        let refused = home.run(&["workbook", folder]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(errors(&refused).contains(words), "{}", errors(&refused));
    }
}

/// A limit on the length of files stands for a full disk: both fail the same call.
#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_is_full_leaves_nothing_half_written() {
    let home = Home::new();
    home.write("many.toml", &SMALL.replace("months = 3", "months = 36"));
    // No file may be longer than this; the shell counts in blocks of 512 or 1,024 bytes.
    let script = format!(
        "trap '' XFSZ; ulimit -f 200; exec {} run many.toml --replications 1000 --format parquet --quiet",
        env!("CARGO_BIN_EXE_casecap")
    );
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).current_dir(home.folder.path());
    let refused = shell.output().unwrap();
    assert_eq!(refused.status.code(), Some(1), "{}", errors(&refused));
    assert!(
        errors(&refused).contains("could not be written"),
        "{}",
        errors(&refused)
    );
    assert!(!home.path("results").exists());
}
