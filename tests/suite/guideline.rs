//! `casecap guideline` as typed.

use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

use crate::support::{Home, SMALL, csv_rows, errors};

/// Referrals alone, of one month: Poisson, so that every answer is known.
const KNOWN: &str = r#"
title = "Known"
start = 2025-11-01
months = 1

[run]
replications = 10
seed = 1

[referrals]
families_per_month = 5
first_stage = "open"

[stages.open]
hours_per_week = 1
work = "1 days"
then = "closed"

[grades.worker]

[[posts]]
grade = "worker"
count = 50

[policies."no limit"]
"#;

/// Families of November, of 30 days, at a rate for a month of 365.25/12.
fn most_met(rate: f64, most: u64) -> f64 {
    Poisson::new(rate * 30.0 / (365.25 / 12.0))
        .unwrap()
        .cdf(most)
}

/// Runs what must go well; gives what it printed, without the ends of its lines.
fn said(home: &Home, args: &[&str]) -> String {
    let printed = home.done(args);
    printed.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn known() -> Home {
    let home = Home::new();
    home.write("known.toml", KNOWN);
    home
}

/// Exit code 2, and what was said.
fn refused(home: &Home, args: &[&str]) -> String {
    let output = home.run(&[&["guideline", "small.toml"][..], args].concat());
    let told = errors(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {told}");
    told
}

#[test]
fn wrong_answers_on_a_service_with_known_chances_are_as_rare_as_promised() {
    const TIMES: u64 = 40;
    const ERROR: f64 = 0.2;
    let home = known();
    let mut wrong = 0;
    let mut decided = 0;
    for seed in 0..TIMES {
        let seed = seed.to_string();
        home.done(&[
            "guideline",
            "known.toml",
            "--vary",
            "referrals.families_per_month=3:9",
            "--require",
            "referrals <= 8 at month 1 with 90%",
            "--require",
            "referrals <= 10 over the horizon with 95%",
            "--error",
            "20%",
            "--budget",
            "20000",
            "--seed",
            &seed,
            "--policy",
            "no limit",
            "--quiet",
            "--out",
            "k",
            "--force",
        ]);
        let table = home.read("k/guideline.csv");
        let is_wrong = csv_rows(&table).any(|row| {
            let rate: f64 = row[0].parse().unwrap();
            let (most, required) = match row[1].contains("<= 8") {
                true => (8, 0.9),
                false => (10, 0.95),
            };
            let holds = most_met(rate, most) >= required;
            decided += usize::from(row[9] != "undecided");
            match row[9].as_str() {
                "meets" => !holds,
                "fails" => holds,
                _ => false,
            }
        });
        wrong += u64::from(is_wrong);
    }
    // False alarm: at most one in a million.
    let law = Binomial::new(ERROR, TIMES).unwrap();
    assert!(wrong == 0 || law.sf(wrong - 1) > 1e-6, "{wrong} of {TIMES}");
    // 7 values of 2 requirements, of which the failing settings leave one open at times.
    assert!(decided as u64 > TIMES * 7, "{decided}");
}

#[test]
fn the_edge_lies_where_it_is_known_to_lie() {
    let home = known();
    let args = [
        "guideline",
        "known.toml",
        "--vary",
        "posts.worker.count=50,60",
        "--require",
        "referrals <= 8 at month 1 with 90%",
        "--against",
        "referrals.families_per_month=1:20",
        "--policy",
        "no limit",
        "--out",
        "e",
    ];
    let said = said(&home, &args);
    // P(N <= 8) is 0.937 at 5 and 0.854 at 6 families a month.
    assert!(most_met(5.0, 8) > 0.9 && most_met(6.0, 8) < 0.9);
    assert!(said.contains("at 50, 5 is the most"), "{said}");
    let table = home.read("e/frontier.csv");
    let edges: Vec<(String, String)> = csv_rows(&table)
        .filter(|row| row[13] == "holds" || row[13] == "fails")
        .map(|row| (row[1].clone(), row[13].clone()))
        .collect();
    let each = [("5.0", "holds"), ("6.0", "fails")].map(|(a, b)| (a.to_owned(), b.to_owned()));
    assert_eq!(edges, [&each[..], &each[..]].concat());
}

#[test]
fn threads_change_no_byte() {
    let home = Home::new();
    let mut whole = Vec::new();
    for threads in ["1", "2"] {
        let args = [
            "guideline",
            "small.toml",
            "--vary",
            "limit.value=1:6",
            "--require",
            "unallocated <= 3 in every month with 70%",
            "--require",
            "caseload_mean < 5 at month 3 with 60%",
            "--against",
            "posts.worker.count=2:9",
            "--budget",
            "6000",
            "--threads",
            threads,
            "--out",
            "t",
            "--force",
            "--quiet",
        ];
        home.done(&args);
        let names = [
            "guideline.csv",
            "frontier.csv",
            "statement.txt",
            "guideline.html",
            "scenario.toml",
        ];
        whole.push(names.map(|name| home.read(&format!("t/{name}"))));
        assert_eq!(home.read("t/scenario.toml"), SMALL);
        let manifest = home.manifest("t");
        assert_eq!(manifest["files"].as_array().unwrap().len(), names.len());
        assert!(manifest["replications"].as_u64().unwrap() <= 6000);
    }
    assert_eq!(whole[0], whole[1]);
}

#[test]
fn posts_beyond_today_are_told_with_their_price() {
    let home = Home::new();
    let text = SMALL.replace(
        "leave_per_year = 0.5",
        "leave_per_year = 0.5\ncost_per_year = 60000",
    );
    home.write("priced.toml", &text);
    let said = said(
        &home,
        &[
            "guideline",
            "priced.toml",
            "--vary",
            "limit.value=2",
            "--require",
            "unallocated <= 3 in every month with 70%",
            "--against",
            "posts.worker.count=1:40",
            "--budget",
            "40000",
            "--out",
            "p",
        ],
    );
    assert!(said.contains("posts more than today"), "{said}");
    assert!(said.contains("a year"), "{said}");
    assert!(
        said.contains("With today's posts no value of limit.value"),
        "{said}"
    );
    let table = home.read("p/frontier.csv");
    let priced: Vec<(f64, f64)> = csv_rows(&table)
        .filter(|row| row[13] == "holds")
        .map(|row| (row[14].parse().unwrap(), row[15].parse().unwrap()))
        .collect();
    assert_eq!(priced.len(), 1);
    assert_eq!(priced[0].1, priced[0].0 * 60000.0);
}

#[test]
fn two_keys_make_a_map() {
    let home = Home::new();
    let said = said(
        &home,
        &[
            "guideline",
            "small.toml",
            "--vary",
            "limit.value=2,6",
            "--vary",
            "referrals.families_per_month=x0.2,x1",
            "--require",
            "unallocated <= 3 in every month with 70%",
            "--out",
            "m",
        ],
    );
    assert!(
        said.contains("Down limit.value, across referrals.families_per_month"),
        "{said}"
    );
    let table = home.read("m/guideline.csv");
    assert!(table.starts_with("limit.value,times referrals.families_per_month,requirement,"));
    assert_eq!(csv_rows(&table).count(), 4);
    assert!(home.read("m/guideline.html").contains("A full tile"));
}

#[test]
fn over_worlds_with_known_chances_the_share_is_the_one_that_is_known() {
    let home = known();
    let law = "families_per_month = { law = \"uniform\", low = 3, high = 9 }";
    let text = KNOWN.replace("families_per_month = 5", law);
    home.write("worlds.toml", &text);
    // At most 8 families in nine of ten: up to a rate between 5 and 6 a month. The number of posts is beside the point.
    let args = [
        "guideline",
        "worlds.toml",
        "--vary",
        "posts.worker.count=50,60",
        "--require",
        "referrals <= 8 at month 1 with 90%",
        "--policy",
        "no limit",
        "--worlds",
        "60",
        "--share",
        "20%",
        "--budget",
        "200000",
        "--out",
        "w",
    ];
    let printed = said(&home, &args);
    assert!(printed.contains("Over 60 plausible worlds"), "{printed}");
    let unknown = "draws the uncertain numbers anew (in the register of evidence: referrals.families_per_month).";
    assert!(printed.contains(unknown), "{printed}");
    let table = home.read("w/worlds.csv");
    let rows: Vec<Vec<String>> = csv_rows(&table).collect();
    assert_eq!(rows.len(), 120);
    let meets = rows
        .iter()
        .filter(|r| r[11] == "meets" && r[0] == "50.0")
        .count() as u64;
    let open = rows
        .iter()
        .filter(|r| r[11] == "undecided" && r[0] == "50.0")
        .count() as u64;
    let mut edge = [5.0, 6.0];
    for _ in 0..40 {
        let middle = (edge[0] + edge[1]) / 2.0;
        edge[usize::from(most_met(middle, 8) < 0.9)] = middle;
    }
    // False alarm: about one in a million on either side.
    let law = Binomial::new((edge[0] - 3.0) / 6.0, 60).unwrap();
    assert!(law.sf(meets.saturating_sub(1)) > 1e-6, "{meets}");
    assert!(law.cdf(meets + open) > 1e-6, "{meets} {open}");
    // Every world is one and the same for both numbers of posts.
    for (a, b) in rows.iter().zip(rows.iter().skip(1)).step_by(2) {
        assert_eq!(a[1..], b[1..]);
    }
    let told = refused(
        &home,
        &[
            "--vary",
            "limit.value=1:6",
            "--require",
            "unallocated <= 3 in every month with 70%",
            "--worlds",
            "20",
        ],
    );
    assert!(
        told.contains("nothing in the scenario is uncertain"),
        "{told}"
    );
}

/// Referrals between 3 and 9 a month, by a range; hours that reach no requirement, by another.
const RANGED: &str =
    "families_per_month = { value = 5, range = [3, 9], source = \"none\", grade = \"D\" }";

#[test]
fn a_range_is_drawn_in_worlds_and_told_as_what_moves_the_number() {
    let home = known();
    let text = KNOWN.replace("families_per_month = 5", RANGED).replace(
        "hours_per_week = 1",
        "hours_per_week = { value = 1, range = [0.5, 2], grade = \"D\" }",
    );
    home.write("ranged.toml", &text);
    let asks = |vary: &'static str, out: &'static str| {
        [
            "guideline",
            "ranged.toml",
            "--vary",
            vary,
            "--require",
            "referrals <= 8 at month 1 with 90%",
            "--policy",
            "no limit",
            "--worlds",
            "30",
            "--budget",
            "20000",
            "--out",
            out,
        ]
    };
    let printed = said(&home, &asks("posts.worker.count=50,60", "r"));
    for part in [
        "Each world draws 2 numbers: 2 over the range beside the number, taken as uniform",
        "moves most with referrals.families_per_month, grade D (50 or less where it is low",
        "The next study to fund is that of referrals.families_per_month",
        "Apart from the plausible worlds the probability is over luck alone",
    ] {
        assert!(printed.contains(part), "{part}: {printed}");
    }
    let table = home.read("r/assumptions.csv");
    let rows: Vec<Vec<String>> = csv_rows(&table).collect();
    assert_eq!(rows.len(), 2);
    let number = |row: usize, column: usize| -> f64 { rows[row][column].parse().unwrap() };
    assert_eq!(
        [&*rows[0][1], &*rows[0][2], &*rows[0][3]],
        ["referrals.families_per_month", "range", "D"]
    );
    assert!(number(0, 5) >= 3.0 && number(0, 6) <= 9.0, "{table}");
    assert!(number(0, 7) > 0.5 && number(0, 8) <= 0.001, "{table}");
    // False alarm of the other: one in a thousand.
    assert_eq!(rows[1][1], "stages.open.hours_per_week");
    assert!(number(1, 8) > 0.001, "{table}");
    // In a third of the worlds hardly a rate meets it (up to 5 and a half a month do), in another nearly all.
    assert_eq!(rows[0][12], "50.0");
    assert_eq!([&*rows[0][19], &*rows[0][20]], ["none", "none"]);
    // What is varied itself is not drawn.
    let printed = said(&home, &asks("referrals.families_per_month=3:9", "v"));
    assert!(
        printed.contains("Each world draws 1 number: 1 over the range"),
        "{printed}"
    );
    assert!(
        printed.contains("referrals.families_per_month (it is varied itself)"),
        "{printed}"
    );
    assert!(
        printed.contains("No assumption is seen to move the greatest value"),
        "{printed}"
    );
    let table = home.read("v/worlds.csv");
    // The hours reach nothing: every world is like the others.
    let of = |world: &str| -> Vec<Vec<String>> {
        let own = csv_rows(&table).filter(|row| row[1] == world);
        own.map(|row| row[2..7].to_vec()).collect()
    };
    assert_eq!(of("0").len(), 7);
    assert!(home.read("v/guideline.html").contains("What moves it"));
}

#[test]
fn the_evidence_pack_of_a_guideline_has_every_item_and_keeps_answers() {
    let home = known();
    home.write(
        "ranged.toml",
        &KNOWN.replace("families_per_month = 5", RANGED),
    );
    home.done(&[
        "guideline",
        "ranged.toml",
        "--vary",
        "posts.worker.count=50,60",
        "--require",
        "referrals <= 8 at month 1 with 90%",
        "--worlds",
        "10",
        "--quiet",
        "--out",
        "g",
    ]);
    let told = home.done(&["evidence", "g"]);
    assert!(told.contains("prompts wait for a person"), "{told}");
    let page = home.read("g/evidence/pack.html");
    let statement = home.read("g/statement.txt");
    let first: Vec<&str> = statement
        .split("\n\n")
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    let first = first.join(" ").replace('"', "&quot;");
    for part in [
        first.as_str(),
        "26. Index of checklists",
        "17. Sensitivity",
        "are not part of a guideline",
        "referrals &lt;= 8 at month 1 with 90%",
        "first pack in this folder",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("NaN") && !page.contains("<script"));
    let dictionary = home.read("g/evidence/data/dictionary.csv");
    assert!(!dictionary.contains("of this table"), "{dictionary}");
    for name in [
        "guideline.csv",
        "worlds.csv",
        "assumptions.csv",
        "statement.txt",
    ] {
        assert_eq!(
            home.read(&format!("g/evidence/data/{name}")),
            home.read(&format!("g/{name}"))
        );
    }
    let answers = home.read("g/evidence-answers.toml");
    home.write(
        "g/evidence-answers.toml",
        &answers.replacen("status = \"\"", "status = \"draft\"", 1),
    );
    home.done(&["evidence", "g", "--quiet"]);
    let page = home.read("g/evidence/pack.html");
    assert!(
        page.contains("approved: draft") && page.contains("the same run with the same results")
    );
    // A file that was changed is named, and nothing is written.
    home.write("g/statement.txt", "It is safe.");
    let output = home.run(&["evidence", "g"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(errors(&output).contains("statement.txt is not as the run wrote it"));
    assert_eq!(home.read("g/evidence/pack.html"), page);
}

/// Where every case weighs two points, a limit of 2 L points is one of L cases; where there is one grade, a limit for it is
/// the limit. So the same replications decide the same.
#[test]
fn limits_in_points_and_by_grade_decide_as_the_limit_in_cases_that_they_are() {
    let home = Home::new();
    let text = SMALL.replace("hours_per_week = 6", "hours_per_week = 6\nweight = 2")
        + "[policies.points]\nlimit = { measure = \"points\", value = 6 }\n\
           [policies.grades]\nlimit = { by_grade = { worker = 3 } }\n";
    home.write("three.toml", &text);
    let rows = |policy: &str, vary: &str| -> Vec<Vec<String>> {
        home.done(&[
            "guideline",
            "three.toml",
            "--policy",
            policy,
            "--vary",
            vary,
            "--require",
            "unallocated <= 3 in every month with 70%",
            "--budget",
            "4000",
            "--quiet",
            "--force",
            "--out",
            "o",
        ]);
        csv_rows(&home.read("o/guideline.csv"))
            .map(|row| row[1..].to_vec())
            .collect()
    };
    let cases = rows("hard 3", "limit.value=2:7");
    assert!(cases.iter().any(|row| row[9] == "meets"), "{cases:?}");
    assert!(cases.iter().any(|row| row[9] == "fails"), "{cases:?}");
    assert_eq!(rows("points", "limit.value=4:14:2"), cases);
    assert_eq!(rows("grades", "limit.by_grade.worker=2:7"), cases);
}

#[test]
fn limits_in_points_and_by_grade_are_keys_like_others() {
    let home = Home::new();
    let root = env!("CARGO_MANIFEST_DIR");
    for (file, policy, vary) in [
        ("laming-2009.toml", "points", "limit.value=20:24:2"),
        (
            "laming-2009.toml",
            "points, mixed",
            "limit.mix.1.share_of_points=0.4,0.5",
        ),
        ("laming-2009.toml", "quota by kind", "limit.mix.1.most=4,5"),
        ("england-2025.toml", "no limit", "limit.value=14:26"),
        (
            "policies/limit-by-grade.toml",
            "15 and 12",
            "limit.by_grade.newly qualified=10:12",
        ),
    ] {
        let said = said(
            &home,
            &[
                "guideline",
                &format!("{root}/scenarios/{file}"),
                "--policy",
                policy,
                "--vary",
                vary,
                "--require",
                "unallocated <= 20 at month 24 with 80%",
                "--dry-run",
            ],
        );
        assert!(
            said.contains(&format!("policies.\"{policy}\".limit.")),
            "{said}"
        );
    }
}

#[test]
fn what_makes_no_sense_is_refused_with_what_to_write() {
    let home = Home::new();
    let vary = ["--vary", "limit.value=1:6"];
    let require = ["--require", "unallocated <= 3 in every month with 70%"];
    let both = [&vary[..], &require].concat();
    for (args, part) in [
        (vec!["--vary", "limit.valu=1:6"], "did you mean"),
        (vec!["--vary", "limit.value=6:1"], "reversed"),
        (vec!["--vary", "limit.value=6:6"], "empty"),
        (vec!["--vary", "limit.value=0.5:2.5"], "has no step"),
        (
            vec!["--vary", "posts.worker.count=4.5", "--policy", "hard 3"],
            "whole number",
        ),
        (
            vec!["--vary", "limit.value=1:6", "--policy", "hard"],
            "hard 3",
        ),
        (
            vec!["--vary", "limit.value=1:6", "--policy", "no limit"],
            "says no `limit.value`",
        ),
        (
            vec!["--vary", "posts.worker.count=4:6"],
            "name it: --policy",
        ),
        (
            vec!["--vary", "limit.value=1:6", "--budget", "0"],
            "without replications",
        ),
        (
            vec!["--vary", "limit.value=1:6", "--error", "0"],
            "such as 5%",
        ),
        (
            vec!["--vary", "limit.value=1:6", "--vary", "limit.value=7,8"],
            "twice",
        ),
        (
            vec![
                "--vary",
                "limit.value=1:6",
                "--against",
                "posts.worker.count=4",
            ],
            "one value",
        ),
        (
            vec!["--vary", "months=4,5", "--policy", "hard 3"],
            "may not differ",
        ),
        (vec!["--vary", "limit.value=1:200000"], "more than"),
        (vec!["--vary", "limit.value=1:20000"], "at most 10,000"),
    ] {
        let told = refused(&home, &[&args[..], &require].concat());
        assert!(told.contains(part), "{args:?}: {told}");
    }
    for (text, part) in [
        ("unallocated <= 3 in every month", "with 90%"),
        ("unalocated <= 3 in every month with 90%", "`unallocated`"),
        ("unallocated <= 3 at month 9 with 90%", "1 to 3"),
        ("unallocated <= 3 in every month with 100%", "below 100 %"),
    ] {
        let told = refused(&home, &[&vary[..], &["--require", text]].concat());
        assert!(told.contains(part), "{text}: {told}");
    }
    // Neither another question nor other results are replaced unasked.
    let out = ["--out", "o", "--quiet"];
    let first = [&["guideline", "small.toml"][..], &both, &out].concat();
    home.done(&first);
    home.done(&first);
    let told = refused(&home, &[&both[..], &out, &["--seed", "9"]].concat());
    assert!(
        told.contains("another question") && told.contains("--seed 9 --force"),
        "{told}"
    );
    home.done(&["run", "small.toml", "--out", "r", "--quiet"]);
    let told = refused(&home, &[&both[..], &["--out", "r", "--force"]].concat());
    assert!(told.contains("other results"), "{told}");
    assert!(!home.path("r/guideline.csv").exists());
}

#[test]
fn a_requirement_that_always_or_never_holds_is_told() {
    let home = Home::new();
    let output = home.run(&[
        "guideline",
        "small.toml",
        "--vary",
        "limit.value=2:4",
        "--require",
        "unallocated <= 10000 in every month with 70%",
        "--require",
        "caseload_mean < 0.001 at month 3 with 60%",
        "--out",
        "n",
    ]);
    let told = errors(&output);
    assert!(
        told.contains("was met by the first replications at every setting"),
        "{told}"
    );
    assert!(
        told.contains("was met by none of the first replications at any setting"),
        "{told}"
    );
}

#[test]
fn commands_for_the_results_of_a_run_say_what_a_guideline_is_not_for() {
    let home = known();
    let vary = [
        "--vary",
        "referrals.families_per_month=2,20",
        "--require",
        "referrals <= 9 at month 1 with 80%",
    ];
    home.done(
        &[
            &["guideline", "known.toml", "--out", "g", "--quiet"][..],
            &vary,
        ]
        .concat(),
    );
    for command in ["report", "workbook"] {
        let output = home.run(&[command, "g"]);
        let told = errors(&output);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(
            told.contains("holds a guideline") && told.contains("guideline.html"),
            "{told}"
        );
    }
}
