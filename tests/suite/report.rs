//! `casecap report` and `--report` as typed.

use std::fs;

use crate::support::{Home, SMALL, errors};

#[test]
fn a_report_is_made_with_the_run_or_later_and_is_the_same_page() {
    let home = Home::new();
    let printed = home.done(&["compare", "small.toml", "--report"]);
    assert!(printed.contains("report.html"), "{printed}");
    let with = home.read("results/small-compare/report.html");
    let printed = home.done(&["report", "results/small-compare"]);
    assert!(
        printed.contains("Written: results/small-compare/report.html"),
        "{printed}"
    );
    assert!(home.read("results/small-compare/report.html") == with);
    for words in [
        "A small team",
        "The answer",
        "What it must not be used for",
        "For the reader who checks",
        "casecap compare small.toml",
        "caseload_mean &lt; 6 in every month",
    ] {
        assert!(with.contains(words), "{words}");
    }
}

#[test]
fn the_same_run_makes_the_same_page_wherever_and_whenever_it_is_played() {
    let pages: Vec<String> = (0..2)
        .map(|_| {
            let home = Home::new();
            home.done(&["compare", "small.toml", "--report", "--quiet"]);
            home.read("results/small-compare/report.html")
        })
        .collect();
    assert!(pages[0] == pages[1]);
}

#[test]
fn the_report_of_a_run_and_of_an_explanation_come_from_their_folders_too() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--report", "--quiet"]);
    assert!(
        home.read("results/small/report.html")
            .contains("each by itself")
    );
    let pair = ["--policy", "hard 3", "--against", "no limit"];
    home.done(&[&["explain", "small.toml"][..], &pair].concat());
    home.done(&["report", "results/small-explain"]);
    let page = home.read("results/small-explain/report.html");
    assert!(page.contains("What carries the difference"));
    // The pairs that the study adds for itself are not among the policies.
    assert!(page.contains("40 plays of 2 policies"));
}

#[test]
fn a_folder_alone_is_enough() {
    let home = Home::new();
    home.write("base.toml", SMALL);
    home.write("mine.toml", "like = \"base.toml\"\ntitle = \"Mine\"\n");
    home.done(&["run", "mine.toml", "--out", "out"]);
    for name in ["base.toml", "mine.toml", "small.toml"] {
        fs::remove_file(home.path(name)).unwrap();
    }
    fs::rename(home.path("out"), home.path("moved")).unwrap();
    home.done(&["report", "moved"]);
    let page = home.read("moved/report.html");
    assert!(page.contains("<h1>Mine</h1>"));
    assert!(page.contains("The stages of a case and the ways between them"));
}

/// Asserts that a report is refused with these words, and that nothing is written.
fn refused(home: &Home, folder: &str, words: &[&str]) {
    let before = home.files();
    let output = home.run(&["report", folder]);
    let said = errors(&output);
    assert_eq!(output.status.code(), Some(2), "{said}");
    for word in words {
        assert!(said.contains(word), "{word} is not in\n{said}");
    }
    assert!(home.files() == before, "something was written");
}

#[test]
fn a_folder_that_is_no_whole_run_is_refused_with_the_reason() {
    let home = Home::new();
    refused(&home, "nowhere", &["nowhere is no folder"]);
    refused(&home, ".", &["holds no results", "manifest.json"]);
    home.done(&["run", "small.toml", "--out", "out"]);
    let path = home.path("out/summary.csv");
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let words = ["summary.csv is not as the run wrote it", "--force"];
    refused(&home, "out", &words);
    fs::remove_file(&path).unwrap();
    refused(&home, "out", &["summary.csv is not there"]);
    fs::write(&path, &whole).unwrap();
    home.done(&["report", "out"]);
    let manifest = home.read("out/manifest.json");
    let newer = manifest.replacen(env!("CARGO_PKG_VERSION"), "99.1.0", 1);
    home.write("out/manifest.json", &newer);
    refused(&home, "out", &["was written by casecap 99.1.0"]);
    home.write("out/manifest.json", &manifest[..manifest.len() / 2]);
    refused(&home, "out", &["manifest.json cannot be read"]);
}

#[test]
fn a_new_run_takes_an_old_report_away_and_leaves_a_page_of_another_hand() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "out", "--report"]);
    home.done(&["run", "small.toml", "--out", "out"]);
    assert!(!home.path("out/report.html").exists());
    home.write("out/report.html", "mine");
    home.done(&["run", "small.toml", "--out", "out"]);
    assert_eq!(home.read("out/report.html"), "mine");
    refused(&home, "out", &["casecap did not write it"]);
}
