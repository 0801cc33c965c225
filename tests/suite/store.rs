//! Results on the disk: whole or not there, by one command at a time, known by their hashes, and nobody's data in them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Home, SMALL, errors};

/// Starts a run that would take days, and waits until it is at work.
fn long_run(home: &Home, out: &str) -> Child {
    let mut child = home
        .command(&["run", "small.toml", "--replications-csv", "--out", out])
        .args(["--replications", "1000000000", "--threads", "1", "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (above, name) = out.rsplit_once('/').unwrap_or((".", out));
    let rows = home.path(&format!("{above}/.{name}.casecap/new/replications.csv"));
    wait_until(&mut child, |_| {
        fs::metadata(&rows).is_ok_and(|about| about.len() > 10_000)
    });
    child
}

/// Waits for something that a command does; where it does not come about, the command does not outlive the test.
fn wait_until(child: &mut Child, mut holds: impl FnMut(&mut Child) -> bool) {
    let began = Instant::now();
    while !holds(child) {
        if began.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            panic!("waited in vain");
        }
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

/// The files of one folder, by their names below it.
fn below(home: &Home, folder: &str) -> BTreeMap<PathBuf, Vec<u8>> {
    let root = home.path(folder);
    let all = home.files().into_iter();
    all.filter_map(|(path, bytes)| Some((path.strip_prefix(&root).ok()?.to_owned(), bytes)))
        .collect()
}

#[cfg(unix)]
#[test]
fn a_second_command_in_a_folder_is_refused_and_a_killed_one_leaves_no_trace_after_the_next() {
    let home = Home::new();
    home.done(&["run", "small.toml", "--out", "out"]);
    let before = below(&home, "out");
    let mut child = long_run_force(&home);
    let refused = home.run(&["run", "small.toml", "--out", "out"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        errors(&refused).contains("another casecap is writing results to out"),
        "{}",
        errors(&refused)
    );
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(below(&home, "out") == before);
    assert!(home.path(".out.casecap").exists());
    let next = home.run(&["verify", "out"]);
    assert_eq!(next.status.code(), Some(0), "{}", errors(&next));
    assert!(
        errors(&next).contains("note: removed what a command that was killed had left of out"),
        "{}",
        errors(&next)
    );
    assert!(!home.path(".out.casecap").exists());
    assert!(below(&home, "out") == before);
}

#[cfg(unix)]
fn long_run_force(home: &Home) -> Child {
    let text = SMALL.replace("seed = 7", "seed = 9");
    home.write("other.toml", &text);
    let mut child = home
        .command(&["run", "other.toml", "--force", "--replications-csv"])
        .args(["--out", "out", "--replications", "1000000000", "--yes"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let rows = home.path(".out.casecap/new/replications.csv");
    wait_until(&mut child, |_| {
        fs::metadata(&rows).is_ok_and(|about| about.len() > 10_000)
    });
    child
}

#[cfg(unix)]
#[test]
fn what_is_in_memory_is_saved_where_the_folder_was_moved_away() {
    let home = Home::new();
    let child = long_run(&home, "above/out");
    fs::rename(home.path("above"), home.path("moved")).unwrap();
    let status = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = errors(&output);
    assert!(
        said.contains("the results are in above/out, without replications.csv"),
        "{said}"
    );
    home.done(&["verify", "above/out"]);
}

#[test]
fn results_may_go_into_the_folder_in_which_one_works() {
    let home = Home::new();
    fs::create_dir(home.path("here")).unwrap();
    home.write("here/mine.toml", SMALL);
    for seed in ["1", "2"] {
        let mut command =
            home.command(&["run", "mine.toml", "--out", ".", "--force", "--seed", seed]);
        let output = command.current_dir(home.path("here")).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    }
    assert_eq!(home.read("here/mine.toml"), SMALL);
    assert_eq!(home.manifest("here")["run"]["seed"], 2);
    home.done(&["verify", "here"]);
    let names = fs::read_dir(home.path("here")).unwrap().flatten();
    assert_eq!(names.count(), 6, "four tables, manifest and scenario");
}

#[test]
fn every_file_that_was_edited_is_named_by_verify_report_and_evidence() {
    let home = Home::new();
    let run = [
        "run",
        "small.toml",
        "--out",
        "r",
        "--format",
        "xlsx",
        "--report",
    ];
    home.done(&run);
    home.done(&["evidence", "r"]);
    let told = home.done(&["verify", "r"]);
    assert!(told.contains("come out the same, bit for bit"), "{told}");
    for name in [
        "workbook.xlsx",
        "report.html",
        "evidence/pack.html",
        "manifest.json",
    ] {
        let path = home.path(&format!("r/{name}"));
        let whole = fs::read(&path).unwrap();
        let mut edited = whole.clone();
        match name {
            "manifest.json" => {
                let text = home.read("r/manifest.json");
                edited = text
                    .replace("\"A small team\"", "\"A large team\"")
                    .into_bytes();
            }
            _ => edited[whole.len() / 2] ^= 1,
        }
        fs::write(&path, edited).unwrap();
        let output = home.run(&["verify", "r"]);
        assert_eq!(output.status.code(), Some(1), "{name}");
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let begins = format!("{name} ");
        let mut lines = told.lines().map(str::trim_start);
        let line = lines.find(|line| line.starts_with(&begins)).unwrap();
        assert!(line.contains("changed since casecap wrote it"), "{told}");
        for command in ["report", "evidence"] {
            let output = home.run(&[command, "r"]);
            assert_eq!(output.status.code(), Some(2), "{command} {name}");
            assert!(errors(&output).contains(name), "{}", errors(&output));
        }
        fs::write(&path, whole).unwrap();
    }
    home.done(&["verify", "r"]);
}

#[test]
fn guidelines_sensitivity_analyses_and_sweeps_are_verified_too() {
    let home = Home::new();
    let require = "unallocated <= 5 in every month with 80%";
    let known = SMALL.replace(
        "families_per_month = 5",
        "families_per_month = { value = 5, range = [4, 6], source = \"records\", grade = \"C\" }",
    );
    home.write("known.toml", &known);
    let guideline = ["guideline", "small.toml", "--vary", "limit.value=2:3"];
    let more = [
        "--require",
        require,
        "--budget",
        "400",
        "--quiet",
        "--out",
        "guideline",
    ];
    home.done(&[&guideline[..], &more].concat());
    let sensitivity = [
        "sensitivity",
        "known.toml",
        "--rows",
        "8",
        "--replications",
        "2",
    ];
    home.done(&[&sensitivity[..], &["--quiet", "--out", "sensitivity"]].concat());
    let sweep = [
        "sweep",
        "small.toml",
        "--vary",
        "limit.value=2:3",
        "--quiet",
    ];
    home.done(&[&sweep[..], &["--report", "--out", "sweep"]].concat());
    fs::remove_file(home.path("small.toml")).unwrap();
    fs::remove_file(home.path("known.toml")).unwrap();
    for (folder, name) in [
        ("guideline", "guideline.csv"),
        ("sensitivity", "points.csv"),
        ("sweep", "sweep.csv"),
        ("sweep", "report.html"),
        ("sweep", "blocks.bin"),
    ] {
        let told = home.done(&["verify", folder]);
        assert!(told.contains("come out the same, bit for bit"), "{told}");
        let path = home.path(&format!("{folder}/{name}"));
        let whole = fs::read(&path).unwrap();
        let mut edited = whole.clone();
        edited[whole.len() / 2] ^= 1;
        fs::write(&path, edited).unwrap();
        let output = home.run(&["verify", folder]);
        assert_eq!(output.status.code(), Some(1), "{name}: {}", errors(&output));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let begins = format!("{name} ");
        let mut lines = told.lines().map(str::trim_start);
        let line = lines.find(|line| line.starts_with(&begins)).unwrap();
        assert!(!line.contains("the same bits"), "{told}");
        fs::write(&path, whole).unwrap();
    }
}

#[test]
fn a_sweep_that_was_killed_and_resumed_is_the_same_in_every_byte() {
    let home = Home::new();
    let vary = [
        "--vary",
        "limit.value=1:5",
        "--replications",
        "1500",
        "--report",
        "--quiet",
    ];
    fs::create_dir(home.path("elsewhere")).unwrap();
    home.write("elsewhere/small.toml", SMALL);
    home.done(&[&["sweep", "small.toml"][..], &vary, &["--out", "whole"]].concat());
    let path = home.path("elsewhere/small.toml");
    let again = [
        &["sweep", path.to_str().unwrap()][..],
        &vary,
        &["--out", "cut"],
    ]
    .concat();
    let mut child = home
        .command(&again)
        .args(["--threads", "1"])
        .spawn()
        .unwrap();
    let blocks = home.path("cut/blocks.bin");
    wait_until(&mut child, |child| {
        fs::metadata(&blocks).is_ok_and(|about| about.len() > 1_000)
            || child.try_wait().unwrap().is_some()
    });
    let _ = child.kill();
    child.wait().unwrap();
    home.done(&[&again[..], &["--resume", "--threads", "2"]].concat());
    let (whole, cut) = (below(&home, "whole"), below(&home, "cut"));
    let names: Vec<&PathBuf> = whole.keys().collect();
    assert_eq!(names, cut.keys().collect::<Vec<_>>());
    for (name, bytes) in &whole {
        assert!(cut[name] == *bytes, "{}", name.display());
    }
    // A sweep that is being added to holds its results until the new ones are whole.
    let more = [
        "sweep",
        "small.toml",
        "--vary",
        "limit.value=1:9",
        "--replications",
        "200000",
    ];
    let more = [&more[..], &["--yes", "--quiet", "--out", "cut", "--resume"]].concat();
    let mut child = home.command(&more).spawn().unwrap();
    wait_until(&mut child, |_| {
        fs::metadata(&blocks).is_ok_and(|m| m.len() > cut[Path::new("blocks.bin")].len() as u64)
    });
    child.kill().unwrap();
    child.wait().unwrap();
    home.done(&["verify", "cut"]);
}

#[test]
fn no_place_of_whoever_typed_it_stands_in_results() {
    let home = Home::new();
    fs::create_dir_all(home.path("jane/lists")).unwrap();
    home.write("jane/base.toml", SMALL);
    home.write("jane/lists/mine.toml", "like = \"../base.toml\"\n");
    let path = home.path("jane/lists/mine.toml");
    let path = path.to_str().unwrap();
    let out = home.path("out");
    let out = |name: &str| out.join(name).to_str().unwrap().to_owned();
    home.done(&["run", path, "--out", &out("run"), "--report"]);
    let sweep = ["sweep", path, "--vary", "limit.value=2:3", "--report"];
    home.done(&[&sweep[..], &["--out", &out("sweep")]].concat());
    let guideline = [
        "guideline",
        path,
        "--vary",
        "limit.value=2:3",
        "--budget",
        "200",
    ];
    let require = ["--require", "unallocated <= 5 in every month with 80%"];
    home.done(&[&guideline[..], &require, &["--out", &out("guideline")]].concat());
    home.done(&["evidence", "out/run"]);
    let own = home.folder.path().to_str().unwrap();
    let files = below(&home, "out");
    assert!(files.len() > 20);
    for (name, bytes) in files {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(own), "{}", name.display());
    }
    let files = &home.manifest("out/run")["scenario"]["files"];
    assert_eq!(files[0]["path"], "mine.toml");
    assert_eq!(files[1]["path"], "../base.toml");
    for folder in ["out/run", "out/sweep", "out/guideline"] {
        home.done(&["verify", folder]);
    }
}

/// The scenario and the list of `pii2.toml`: two siblings with name, date of birth and pupil number.
fn with_people() -> Home {
    let home = Home::new();
    for name in ["pii2.toml", "pii2.csv"] {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/faults");
        fs::copy(from.join(name), home.path(name)).unwrap();
    }
    home
}

/// Asserts that nothing below a folder tells who is on the list; `also` is not there either.
fn tells_nobody(home: &Home, folder: &str, also: &[&str]) {
    let files = below(home, folder);
    assert!(!files.is_empty());
    let people = ["Doe", "Jane", "2015-02-03", "A123456789012", "upn", "dob"];
    for (name, bytes) in files {
        let text = String::from_utf8_lossy(&bytes);
        for word in people.iter().chain(also) {
            assert!(!text.contains(word), "{word} in {}", name.display());
        }
    }
}

#[test]
fn a_list_of_people_stays_at_home() {
    let home = with_people();
    let rows = ["open,5", "5,F1"];
    home.done(&[
        "run",
        "pii2.toml",
        "--out",
        "out/run",
        "--report",
        "--format",
        "xlsx,parquet",
    ]);
    home.done(&["evidence", "out/run"]);
    let sweep = [
        "sweep",
        "pii2.toml",
        "--vary",
        "posts.w.count=3:4",
        "--replications",
        "20",
    ];
    home.done(&[&sweep[..], &["--out", "out/sweep", "--report"]].concat());
    home.done(&[&sweep[..], &["--out", "out/share", "--shard", "1/2"]].concat());
    let guideline = [
        "guideline",
        "pii2.toml",
        "--vary",
        "posts.w.count=3:4",
        "--budget",
        "200",
    ];
    let require = ["--require", "unallocated <= 50 in every month with 80%"];
    home.done(&[&guideline[..], &require, &["--out", "out/guideline"]].concat());
    tells_nobody(&home, "out", &rows);
    let list = &home.manifest("out/run")["scenario"]["files"][1];
    assert_eq!(list["path"], "pii2.csv");
    assert_eq!(list["cases"]["open"], 2);
    assert!(list["text"].is_null());
    // What needs no simulation needs no list.
    let page = home.read("out/run/report.html");
    home.done(&["status", "out/share"]);
    for folder in ["out/run", "out/sweep", "out/guideline"] {
        home.done(&["verify", folder]);
    }
    fs::create_dir(home.path("away")).unwrap();
    fs::rename(home.path("pii2.csv"), home.path("away/list.csv")).unwrap();
    fs::remove_file(home.path("out/run/report.html")).unwrap();
    home.done(&["report", "out/run"]);
    assert!(home.read("out/run/report.html") == page);
    home.done(&["report", "out/sweep"]);
    for folder in ["out/run", "out/sweep", "out/guideline"] {
        let refused = home.run(&["verify", folder]);
        assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
        assert!(
            errors(&refused).contains("--case-list"),
            "{}",
            errors(&refused)
        );
        home.done(&["verify", folder, "--case-list", "away/list.csv"]);
    }
    // A list that is not there, or that nothing needs, is said and not passed over.
    home.done(&["run", "small.toml", "--replications", "5", "--out", "plain"]);
    for (folder, list, words) in [
        ("out/run", "nowhere.csv", "no such file"),
        ("plain", "small.toml", "leave --case-list out"),
    ] {
        let refused = home.run(&["verify", folder, "--case-list", list]);
        assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
        assert!(errors(&refused).contains(words), "{}", errors(&refused));
    }
    home.write("pii2.csv", "stage,days_in_stage\nopen,5\n");
    let refused = home.run(&["verify", "out/run"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        errors(&refused).contains("another list"),
        "{}",
        errors(&refused)
    );
}

#[test]
fn a_list_that_was_asked_for_is_kept_without_names_and_is_enough() {
    let home = with_people();
    let keep = "--include-case-list";
    home.done(&["run", "pii2.toml", "--out", "out/run", keep]);
    let sweep = [
        "sweep",
        "pii2.toml",
        "--vary",
        "posts.w.count=3:4",
        "--replications",
        "20",
    ];
    home.done(&[&sweep[..], &["--out", "out/sweep", keep]].concat());
    home.done(&["evidence", "out/run"]);
    tells_nobody(&home, "out", &["5,F1"]);
    let list = &home.manifest("out/run")["scenario"]["files"][1];
    assert_eq!(
        list["text"],
        "stage,days_in_stage,family\nopen,5,1\nopen,15,1\n"
    );
    fs::remove_file(home.path("pii2.csv")).unwrap();
    for folder in ["out/run", "out/sweep"] {
        home.done(&["verify", folder]);
    }
    let status = home.done(&["status", "out/sweep"]);
    assert!(status.contains("2 of 2 blocks are done"), "{status}");
}

#[test]
fn a_size_that_is_told_before_counts_all_files() {
    let home = Home::new();
    let vary = [
        "sweep",
        "small.toml",
        "--vary",
        "limit.value=1:6",
        "--replications",
        "300",
    ];
    let told = home.run(&[&vary[..], &["--out", "s"]].concat());
    let said = errors(&told);
    let (before, _) = said.split_once(" MB to come").unwrap();
    let megabytes: f64 = before.rsplit(' ').next().unwrap().parse().unwrap();
    let written: usize = below(&home, "s").values().map(Vec::len).sum();
    let written = written as f64 / 1e6;
    assert!(
        (0.7..1.4).contains(&(megabytes / written)),
        "said {megabytes} MB, written {written} MB"
    );
}
