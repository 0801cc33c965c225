//! `casecap evidence` and `casecap verify` as typed.

use std::fs;

use crate::support::{Home, SMALL, errors};

#[test]
fn a_run_verifies_from_its_manifest_alone_on_any_number_of_threads() {
    let home = Home::new();
    home.write("base.toml", SMALL);
    home.write("mine.toml", "like = \"base.toml\"\ntitle = \"Mine\"\n");
    home.done(&["compare", "mine.toml", "--replications-csv", "--out", "out"]);
    for name in ["base.toml", "mine.toml", "small.toml"] {
        fs::remove_file(home.path(name)).unwrap();
    }
    let before = home.files();
    for threads in ["1", "2"] {
        let told = home.done(&["verify", "out", "--threads", threads]);
        assert!(told.contains("come out the same, bit for bit"), "{told}");
    }
    assert!(home.files() == before);
}

#[test]
fn a_file_that_was_changed_and_one_that_comes_out_otherwise_are_told_apart() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "out"]);
    let summary = home.read("out/summary.csv");
    fs::write(home.path("out/summary.csv"), summary.replacen("0", "1", 1)).unwrap();
    let output = home.run(&["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("not as the run wrote it"), "{told}");
    fs::remove_file(home.path("out/summary.csv")).unwrap();
    let output = home.run(&["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(told.contains("the file in the folder is gone"), "{told}");
    fs::write(home.path("out/summary.csv"), summary).unwrap();
    // Another seed in the manifest alone is another run.
    let manifest = home.read("out/manifest.json");
    fs::write(
        home.path("out/manifest.json"),
        manifest.replace("--seed ", "--seed 9"),
    )
    .unwrap();
    let output = home.run(&["verify", "out"]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        told.contains("differs: line 2 was") && told.contains("seed: "),
        "{told}"
    );
}

#[test]
fn what_cannot_be_played_again_is_said() {
    let home = Home::new();
    for args in [&["verify", "nowhere"], &["evidence", "nowhere"]] {
        assert_eq!(home.run(args).status.code(), Some(2));
    }
    home.done(&["run", "small.toml", "--out", "out"]);
    let manifest = home.read("out/manifest.json");
    fs::write(
        home.path("out/manifest.json"),
        manifest.replace("casecap run ", "casecap check "),
    )
    .unwrap();
    let output = home.run(&["verify", "out"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors(&output).contains("cannot be simulated again"),
        "{}",
        errors(&output)
    );
}

#[test]
fn a_pack_is_made_and_says_what_waits() {
    let home = Home::new();
    home.done(&["compare", "small.toml", "--quiet"]);
    let told = home.done(&["evidence", "results/small-compare"]);
    assert!(told.contains("prompts wait for a person"), "{told}");
    let page = home.read("results/small-compare/evidence/pack.html");
    assert!(page.contains("26. Index of checklists"));
    // The pack is no part of the run: the folder still verifies, and a second pack is the same.
    home.done(&["verify", "results/small-compare"]);
}
