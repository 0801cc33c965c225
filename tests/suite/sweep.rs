//! `casecap sweep`, `merge` and `status` as typed.

use std::fs;
use std::process::Stdio;
use std::sync::mpsc;
use std::time::Duration;

use crate::support::{Home, SMALL, csv_rows, errors};

const TABLES: [&str; 3] = ["sweep.csv", "sweep_summary.csv", "points.csv"];

/// The tables of a sweep.
fn tables(home: &Home, folder: &str) -> [String; 3] {
    TABLES.map(|name| home.read(&format!("{folder}/{name}")))
}

fn sweep(home: &Home, more: &[&str]) -> String {
    home.done(&[&["sweep", "small.toml"][..], more].concat())
}

/// Exit code and errors of a sweep that is refused.
fn refused(home: &Home, more: &[&str]) -> String {
    let output = home.run(&[&["sweep", "small.toml"][..], more].concat());
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(2), "{more:?}: {told}");
    told
}

#[test]
fn a_point_is_the_run_that_has_its_numbers_in_the_file_to_the_last_bit() {
    let home = Home::new();
    // 300 replications are a whole block and a part of one.
    let vary = [
        "--vary",
        "limit.value=2,3",
        "--vary",
        "posts.worker.count=x1.5",
    ];
    sweep(
        &home,
        &[&vary[..], &["--replications", "300", "--out", "s"]].concat(),
    );
    let text = SMALL
        .replace("limit = 3", "limit = 2")
        .replace("count = 4", "count = 6");
    home.write("other.toml", &text);
    home.done(&["run", "other.toml", "--replications", "300", "--out", "r"]);
    let sweep = home.read("s/sweep.csv");
    let of_point: Vec<Vec<String>> = csv_rows(&sweep).filter(|row| row[0] == "1").collect();
    let run = home.read("r/monthly.csv");
    let mut compared = 0;
    for row in csv_rows(&run).filter(|row| row[4..7].iter().all(String::is_empty)) {
        let same = of_point.iter().find(|own| own[3..6] == row[..3]).unwrap();
        assert_eq!(same[..3], ["1", "2", "1.5"]);
        // Unit, mean, error; least, greatest, number.
        assert_eq!(same[6..9], [&row[3..4], &row[7..9]].concat());
        assert_eq!(same[9..12], row[14..17]);
        compared += 1;
    }
    assert_eq!(compared, of_point.len());
    assert!(sweep.starts_with("point,limit.value,times posts.worker.count,policy,month_end,metric,unit,mean,se,min,max,n\n"));
}

#[test]
fn a_sweep_that_is_killed_again_and_again_gives_the_same_bytes() {
    let home = Home::new();
    let vary = ["--vary", "limit.value=1:6", "--replications", "2000"];
    sweep(
        &home,
        &[&vary[..], &["--out", "whole", "--threads", "1"]].concat(),
    );
    let whole = tables(&home, "whole");
    // A line of numbers without a pattern, the same at each test.
    let mut luck = 12_345_u64;
    for threads in ["1", "2"] {
        let folder = format!("killed-{threads}");
        let again = [
            &["sweep", "small.toml"][..],
            &vary,
            &["--out", &folder, "--threads", threads, "--resume"],
        ]
        .concat();
        for _ in 0..6 {
            let mut child = home
                .command(&again)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            luck = luck
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let (_kept, never) = mpsc::channel::<()>();
            let _ = never.recv_timeout(Duration::from_millis(20 + (luck >> 33) % 400));
            // Where it has ended by itself there is nothing to kill.
            let _ = child.kill();
            child.wait().unwrap();
        }
        home.done(&again);
        assert!(tables(&home, &folder) == whole, "{threads} threads");
        let names = home.files();
        assert!(
            names
                .keys()
                .all(|path| !path.to_string_lossy().contains("unfinished"))
        );
    }
}

#[test]
fn a_torn_or_spoilt_file_of_blocks_is_mended_and_the_block_named() {
    let home = Home::new();
    let args = [
        "--vary",
        "limit.value=2:4",
        "--replications",
        "300",
        "--out",
        "s",
    ];
    sweep(&home, &args);
    let whole = tables(&home, "s");
    let path = home.path("s/blocks.bin");
    let bytes = fs::read(&path).unwrap();
    let again = [&["sweep", "small.toml"][..], &args, &["--resume"]].concat();
    fs::write(&path, &bytes[..bytes.len() - 7]).unwrap();
    assert!(
        home.done(&["status", "s"])
            .contains("7 of 8 blocks are done")
    );
    home.done(&again);
    assert!(tables(&home, "s") == whole);
    let mut spoilt = bytes.clone();
    spoilt[bytes.len() / 2] ^= 1;
    fs::write(&path, &spoilt).unwrap();
    let status = home.done(&["status", "s"]);
    assert!(status.contains("damaged: block "), "{status}");
    let output = home.run(&again);
    assert!(
        errors(&output).contains("is damaged, and is played again"),
        "{}",
        errors(&output)
    );
    assert!(tables(&home, "s") == whole);
}

#[test]
fn shares_that_are_joined_are_the_whole() {
    let home = Home::new();
    let vary = [
        "--vary",
        "limit.value=2:4",
        "--vary",
        "referrals.families_per_month=x0.8,x1.2",
        "--replications",
        "100",
    ];
    sweep(&home, &[&vary[..], &["--out", "whole"]].concat());
    for (share, folder) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c")] {
        let told = sweep(
            &home,
            &[&vary[..], &["--out", folder, "--shard", share]].concat(),
        );
        assert!(told.contains("casecap merge"), "{told}");
        assert!(!home.path(&format!("{folder}/sweep.csv")).exists());
    }
    home.done(&["merge", "c", "a", "b", "--out", "joined"]);
    assert!(tables(&home, "joined") == tables(&home, "whole"));
    assert!(home.done(&["status", "joined"]).contains("6 of 6 points"));

    let refused = |args: &[&str], part: &str| {
        let output = home.run(&[&["merge"][..], args, &["--out", "no"]].concat());
        let told = errors(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(part), "{args:?}: {told}");
        assert!(!home.path("no").exists());
    };
    refused(&["a", "c"], "missing: 2/3");
    refused(&["a", "b", "b", "c"], "both share 2 of 3");
    refused(&["a", "nothing", "c"], "nothing is no folder of a sweep");
    sweep(
        &home,
        &[
            &vary[..],
            &["--out", "seed", "--shard", "2/3", "--seed", "8"],
        ]
        .concat(),
    );
    refused(&["a", "seed", "c"], "seed: 7 and 8");
    sweep(
        &home,
        &[&vary[..], &["--out", "two", "--shard", "2/2"]].concat(),
    );
    refused(&["a", "two", "c"], "two is one of 2 shares");
    home.write("small.toml", &SMALL.replace("5\n", "6\n"));
    sweep(
        &home,
        &[&vary[..], &["--out", "text", "--shard", "2/3"]].concat(),
    );
    refused(&["a", "text", "c"], "the text of the scenario");
    let spec = home
        .read("b/sweep.json")
        .replace("\"casecap\":\"", "\"casecap\":\"9.");
    home.write("b/sweep.json", &spec);
    refused(&["a", "b", "c"], "casecap version");
    let bytes = fs::read(home.path("c/blocks.bin")).unwrap();
    fs::write(home.path("c/blocks.bin"), &bytes[..bytes.len() - 1]).unwrap();
    let spec = home
        .read("b/sweep.json")
        .replace("\"casecap\":\"9.", "\"casecap\":\"");
    home.write("b/sweep.json", &spec);
    refused(&["a", "b", "c"], "c lacks 1 of its");
}

#[test]
fn points_and_replications_that_are_added_reuse_what_is_there() {
    let home = Home::new();
    sweep(
        &home,
        &[
            "--vary",
            "limit.value=2:3",
            "--replications",
            "256",
            "--out",
            "s",
        ],
    );
    let told = refused(
        &home,
        &[
            "--vary",
            "limit.value=2:5",
            "--replications",
            "512",
            "--out",
            "s",
        ],
    );
    assert!(told.contains("--resume"), "{told}");
    let more = ["--vary", "limit.value=2:5", "--replications", "512"];
    let output = home.run(
        &[
            &["sweep", "small.toml"][..],
            &more,
            &["--out", "s", "--resume"],
        ]
        .concat(),
    );
    // Two limits and no limit, one block each, of two each of four limits and no limit.
    assert!(
        errors(&output).contains("10 blocks, 3 of them there already"),
        "{}",
        errors(&output)
    );
    sweep(&home, &[&more[..], &["--out", "new"]].concat());
    assert!(tables(&home, "s") == tables(&home, "new"));
    // A policy that no setting touches has the same numbers at every point, and is played once.
    let rows: Vec<Vec<String>> = csv_rows(&home.read("new/sweep.csv"))
        .filter(|row| row[2] == "no limit")
        .collect();
    let of = |point: &str| -> Vec<Vec<String>> {
        rows.iter()
            .filter(|r| r[0] == point)
            .map(|r| r[2..].to_vec())
            .collect()
    };
    assert!(!of("1").is_empty() && of("1") == of("4"));
}

#[test]
fn a_dry_run_tells_the_points_and_writes_nothing() {
    let home = Home::new();
    let before = home.files();
    let told = sweep(
        &home,
        &[
            "--vary",
            "limit.value=2:4",
            "--design",
            "one-at-a-time",
            "--dry-run",
        ],
    );
    assert!(
        told.contains("as it is") && told.contains("4 points x 2 policies x 40 replications"),
        "{told}"
    );
    assert!(home.files() == before);
    sweep(
        &home,
        &[
            "--vary",
            "limit.value=2.0:4.5",
            "--design",
            "sobol",
            "--points",
            "4",
            "--out",
            "s",
        ],
    );
    home.write("settings.csv", &home.read("s/points.csv"));
    sweep(&home, &["--design", "settings.csv", "--out", "again"]);
    assert!(tables(&home, "s") == tables(&home, "again"));
}

#[test]
fn what_cannot_be_played_is_refused_before_anything_runs() {
    let home = Home::new();
    let before = home.files();
    for (args, part) in [
        (
            vec!["--vary", "limt.value=2:4"],
            "did you mean `limit.value`?",
        ),
        (vec!["--vary", "title=2:4"], "only numbers can be varied"),
        (vec!["--vary", "limit.value=4:2"], "reversed"),
        (vec!["--vary", "months=3:4"], "may not differ"),
        (
            vec!["--vary", "posts.worker.count=4,4.5"],
            "point 2: posts.worker.count = 4.5",
        ),
        (vec![], "nothing is varied"),
        (vec!["--design", "no.csv"], "no design and no file"),
        (
            vec!["--vary", "limit.value=2:4", "--shard", "4/3"],
            "no share",
        ),
        (
            vec!["--vary", "limit.value=2:4", "--metric", "caselod_mean"],
            "caseload_mean",
        ),
        (
            vec!["--vary", "limit.value=2:4", "--replications", "1000000000"],
            "has at most",
        ),
    ] {
        let told = refused(&home, &args);
        assert!(told.contains(part), "{args:?}: {told}");
    }
    assert!(home.files() == before);
}

/// The script of the README, as it stands there, without a scheduler.
#[cfg(unix)]
#[test]
fn the_array_script_of_the_readme_works_as_a_plain_loop() {
    use std::path::Path;
    use std::process::Command;

    let readme = include_str!("../../README.md");
    let script = readme
        .split("```sh\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    assert!(script.contains("SLURM_ARRAY_TASK_ID"), "{script}");
    let home = Home::new();
    home.write(
        "sweep.sh",
        &script.replace("scenarios/first.toml", "small.toml"),
    );
    let program = Path::new(env!("CARGO_BIN_EXE_casecap")).parent().unwrap();
    let path = format!(
        "{}:{}",
        program.display(),
        std::env::var("PATH").unwrap_or_default()
    );
    for task in 1..=8 {
        let output = Command::new("sh")
            .arg("sweep.sh")
            .current_dir(home.folder.path())
            .env("PATH", &path)
            .env("SLURM_ARRAY_TASK_ID", task.to_string())
            .env("SLURM_CPUS_PER_TASK", "2")
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", errors(&output));
    }
    let folders: Vec<String> = (1..=8)
        .map(|task| format!("results/share-{task}"))
        .collect();
    let mut merge = vec!["merge", "--out", "whole"];
    merge.extend(folders.iter().map(String::as_str));
    home.done(&merge);
    sweep(&home, &["--vary", "limit.value=10:24", "--out", "alone"]);
    assert!(tables(&home, "whole") == tables(&home, "alone"));
}

#[test]
fn the_page_of_a_sweep_has_the_numbers_of_its_table() {
    let home = Home::new();
    let text = SMALL.replace("A small team", "<script>alert(1)</script>");
    home.write("small.toml", &text);
    let vary = [
        "--vary",
        "limit.value=2,3",
        "--vary",
        "posts.worker.count=x1,x1.5",
    ];
    let more = ["--replications", "300", "--out", "s", "--report"];
    let printed = sweep(&home, &[&vary[..], &more].concat());
    assert!(printed.contains("report.html"), "{printed}");
    let page = home.read("s/report.html");
    assert!(!page.contains("<script"), "a title may not become a script");
    assert!(page.contains("&lt;script&gt;alert(1)"));
    for words in [
        "The answer",
        "What it must not be used for",
        "limit.value: 2 to 3",
        "casecap sweep small.toml --vary",
    ] {
        assert!(page.contains(words), "{words}");
    }
    // Both keys make a field: a cell for each pair under each policy.
    assert!(page.contains("darker where it is greater"));
    let mut compared = 0;
    for row in csv_rows(&home.read("s/sweep.csv")) {
        if row[4] != "2025-12-31" || row[5] != "caseload_mean" {
            continue;
        }
        let mean: f64 = row[7].parse().unwrap();
        let cells: Vec<String> = page
            .split("<tr>")
            .filter(|cells| {
                cells.starts_with(&format!("<th scope=\"row\" class=\"w\">{}</th>", row[0]))
            })
            .filter(|cells| cells.contains(&format!("<td class=\"w\">{}</td>", row[3])))
            .map(|cells| cells.split("<td class=\"n\">").nth(3).unwrap().to_owned())
            .collect();
        let shown: Vec<f64> = cells
            .iter()
            .filter_map(|cell| cell.split('<').next()?.parse().ok())
            .collect();
        assert!(
            shown.iter().any(|value| (value - mean).abs() <= 0.051),
            "point {} under {}: {mean} is not among {shown:?}",
            row[0],
            row[3]
        );
        compared += 1;
    }
    assert_eq!(compared, 8);
    // Later, from the folder alone, it is the same page.
    fs::remove_file(home.path("s/report.html")).unwrap();
    home.done(&["report", "s"]);
    assert!(home.read("s/report.html") == page);
    for command in ["evidence", "workbook"] {
        let output = home.run(&[command, "s"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(errors(&output).contains("holds a sweep"), "{command}");
    }
}

#[test]
fn the_page_of_one_key_and_of_a_filling_design_is_made_too() {
    let home = Home::new();
    let one = ["--vary", "limit.value=1:6", "--out", "one", "--report"];
    sweep(&home, &one);
    let page = home.read("one/report.html");
    assert!(page.contains("its upright line the"));
    let fill = [
        "--vary",
        "limit.value=1:6",
        "--vary",
        "posts.worker.count=x0.5:x1.5",
        "--vary",
        "referrals.families_per_month=3:7",
        "--design",
        "sobol",
        "--points",
        "16",
        "--replications",
        "20",
        "--out",
        "fill",
        "--report",
    ];
    sweep(&home, &fill);
    assert!(home.read("fill/report.html").contains("16 points; lowest"));
    // A page of another hand is left, and nothing beside it changes.
    home.write("one/report.html", "mine");
    let before = tables(&home, "one");
    for how in ["--resume", "--force"] {
        let told = refused(&home, &[&one[..], &[how]].concat());
        assert!(told.contains("casecap did not write it"), "{told}");
    }
    let told = refused(
        &home,
        &["--vary", "limit.value=2,3", "--out", "one", "--force"],
    );
    assert!(told.contains("casecap did not write it"), "{told}");
    assert_eq!(home.read("one/report.html"), "mine");
    assert_eq!(tables(&home, "one"), before);
    // A share has no page; nor has half a sweep.
    let told = refused(&home, &[&one[..], &["--shard", "1/2"]].concat());
    assert!(told.contains("cannot be used with"), "{told}");
}
