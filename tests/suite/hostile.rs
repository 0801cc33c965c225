//! What others wrote, by mistake or on purpose: nothing of it acts on a terminal or a page, shows another file, takes time
//! without bound, or ends without a word.

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Home, SMALL, errors};

/// Copies a case into the folder of a test.
fn case(home: &Home, name: &str) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name);
    home.write(name, &fs::read_to_string(from).unwrap());
}

/// What was printed, on both streams.
fn printed(output: &Output) -> String {
    let both = [&output.stdout, &output.stderr].map(|s| String::from_utf8(s.clone()).unwrap());
    both.concat()
}

fn is_harmless(text: &str) -> bool {
    text.chars().all(|c| {
        c == '\n' || !(c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    })
}

/// Runs what must be refused as wrong input; gives what it printed.
fn refused(home: &Home, args: &[&str]) -> String {
    let output = home.run(args);
    let text = printed(&output);
    assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
    assert!(text.starts_with("error: "), "{args:?}: {text}");
    assert!(is_harmless(&text), "{args:?}: {text:?}");
    text
}

#[test]
fn names_of_control_characters_are_refused_by_every_command_and_never_reach_the_terminal() {
    let home = Home::new();
    case(&home, "control_names.toml");
    let c = "control_names.toml";
    let require = "unallocated <= 5 in every month with 80%";
    for args in [
        &["check", c][..],
        &["check", "--evidence", c],
        &["run", c],
        &["compare", c],
        &["sweep", c, "--vary", "limit.value=4:5"],
        &[
            "guideline",
            c,
            "--vary",
            "limit.value=4:5",
            "--require",
            require,
        ],
        &["sensitivity", c, "--rows", "8"],
    ] {
        let text = refused(&home, args);
        assert!(text.contains("control_names.toml:15:11"), "{text}");
        assert!(
            text.contains("\"p\\u{1b}[1A\\u{1b}[2Kq\" holds a control character"),
            "{text}"
        );
    }
}

#[test]
fn arguments_are_shown_escaped_wherever_they_come_back() {
    let home = Home::new();
    for args in [
        &["run", "small.toml", "--policy", "x\u{1b}[31m"][..],
        &["run", "x\nerror: forged"],
        &["run", "small.toml", "--frob\u{1b}[2J"],
        &["run", "small.toml", "--policy", "x\u{202e}y\u{200b}"],
        &[
            "sweep",
            "small.toml",
            "--vary",
            "posts.\u{202e}worker.count=3:4",
        ],
        &["check", "\u{2066}.toml"],
        &["frob\u{202e}"],
    ] {
        let text = refused(&home, args);
        assert_eq!(text.matches("\nerror").count(), 0, "{text}");
    }
    let long = "p".repeat(70_000);
    let text = refused(&home, &["run", "small.toml", "--policy", &long]);
    assert!(
        text.len() < 1_000 && text.contains("more characters"),
        "{text}"
    );
}

#[test]
fn names_that_look_alike_or_like_a_formula_are_told_with_what_to_do() {
    let home = Home::new();
    let check = |name: &str| {
        home.write(
            "a.toml",
            &format!("{SMALL}[policies.\"{name}\"]\nlimit = 4\n"),
        );
        let output = home.run(&["check", "a.toml"]);
        (output.status.code(), printed(&output))
    };
    for (name, code, part) in [
        ("Hard 3", 0, "differ only in capital letters"),
        ("hard\u{a0}3", 0, "look alike"),
        (
            "=hard 3",
            0,
            "a spreadsheet may take the name \"=hard 3\" for a formula",
        ),
        ("hard 3 ", 2, "begins or ends with a blank"),
        ("hard\u{200b} 3", 2, "invisible format character, \\u{200b}"),
        ("\u{e000}", 2, "private-use character"),
        ("\u{378}", 2, "does not define"),
    ] {
        let (found, text) = check(name);
        assert_eq!(found, Some(code), "{name:?}: {text}");
        assert!(
            text.contains(part) && is_harmless(&text),
            "{name:?}: {text}"
        );
        assert!(text.contains("= help: "), "{text}");
    }
    let (_, text) = check(&"h".repeat(70_000));
    assert!(
        text.contains("70000 characters, and at most 200 are allowed"),
        "{text}"
    );
    assert!(text.len() < 3_000, "{}", text.len());
    home.write(
        "b.toml",
        &format!("{SMALL}[policies.\"caf\u{e9}\"]\n[policies.\"cafe\u{301}\"]\n"),
    );
    let text = refused(&home, &["check", "b.toml"]);
    assert!(
        text.contains("the same letters in different encodings"),
        "{text}"
    );
}

#[test]
fn ranges_are_looked_at_before_any_work() {
    let home = Home::new();
    for (name, part) in [
        (
            "warm_up_months.toml",
            "this must be from 0 to 1200, and is 239977",
        ),
        (
            "months.toml",
            "this must be from 1 to 1200, and is 1000000000",
        ),
    ] {
        case(&home, name);
        assert!(refused(&home, &["check", name]).contains(part), "{name}");
    }
    let require = "unallocated <= 5 in every month with 80%";
    for vary in [
        "warm_up_months=239976,239977",
        "warm_up_months=2000000000",
        "months=1000000000",
        "months=x1000000000",
    ] {
        for args in [
            &["sweep", "small.toml", "--vary", vary][..],
            &[
                "guideline",
                "small.toml",
                "--policy",
                "hard 3",
                "--vary",
                vary,
                "--require",
                require,
            ],
            &["sensitivity", "small.toml", "--vary", vary],
        ] {
            let text = printed(&home.run(args));
            assert!(
                !text.contains("panicked") && !text.contains("itself failed"),
                "{args:?}: {text}"
            );
            assert_eq!(home.run(args).status.code(), Some(2), "{args:?}: {text}");
        }
    }
}

#[test]
fn a_scenario_reads_no_file_outside_its_folder_unless_it_may() {
    let home = Home::new();
    fs::create_dir(home.path("mine")).unwrap();
    home.write("secret.csv", "root:x:0:0:secret\nhidden,row\n");
    home.write("base.toml", SMALL);
    let with = |opening: &str| {
        SMALL.replace(
            "[opening]\nopen = 12",
            &format!("[opening]\nfile = \"{opening}\""),
        )
    };
    std::os::unix::fs::symlink(home.path("secret.csv"), home.path("mine/link.csv")).unwrap();
    let absolute = home.path("secret.csv").to_string_lossy().into_owned();
    for named in ["../secret.csv", "link.csv", absolute.as_str()] {
        home.write("mine/s.toml", &with(named));
        let text = refused(&home, &["check", "mine/s.toml"]);
        assert!(
            text.contains("outside the folder of the scenario"),
            "{text}"
        );
        assert!(text.contains("--data-dir"), "{text}");
        assert!(!text.contains("hidden"), "{text}");
        // Where it may be read, a list that is none is described.
        let text = refused(&home, &["check", "mine/s.toml", "--data-dir", "."]);
        assert!(
            text.contains("has no columns `stage` and `days_in_stage`"),
            "{text}"
        );
        assert!(
            !text.contains("root:x") && !text.contains("hidden"),
            "{text}"
        );
    }
    // What it starts from may be any scenario, but no other file.
    home.write("mine/like.toml", "like = \"../base.toml\"\n");
    home.done(&["check", "mine/like.toml"]);
    home.write("token.toml", "[registry]\ntoken = \"hidden\"\n");
    for named in ["../secret.csv", "../token.toml"] {
        home.write("mine/like.toml", &format!("like = \"{named}\"\n"));
        let text = refused(&home, &["check", "mine/like.toml"]);
        assert!(text.contains("is no scenario file"), "{text}");
        assert!(
            !text.contains("hidden") && !text.contains("root:x") && !text.contains("registry"),
            "{text}"
        );
    }
    case(&home, "other_file.toml");
    let text = refused(&home, &["check", "other_file.toml"]);
    assert!(!text.contains("root"), "{text}");
}

#[test]
fn a_scenario_comes_from_standard_input_or_a_file_of_any_name() {
    let home = Home::new();
    let mut child = home
        .command(&["run", "-", "--replications", "2", "--quiet", "--out", "r"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(SMALL.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    home.done(&["verify", "r"]);
    let name = OsStr::from_bytes(b"g\xff.toml");
    fs::write(home.folder.path().join(name), SMALL).unwrap();
    let output = home.command(&["check"]).arg(name).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let text = refused(&home, &["check", "smal.toml"]);
    assert!(text.contains("did you mean small.toml?"), "{text}");
    assert!(refused(&home, &["check", "."]).contains("it is a folder"));
}

#[test]
fn of_many_problems_the_first_are_printed_and_the_rest_counted() {
    let home = Home::new();
    let wrong: String = (0..500)
        .map(|n| format!("[policies.q{n}]\nlimit = -1\n"))
        .collect();
    home.write("a.toml", &format!("{SMALL}{wrong}"));
    let text = refused(&home, &["check", "a.toml"]);
    assert_eq!(text.matches("error: ").count(), 20, "{text}");
    assert!(
        text.contains("and 480 more errors; --all prints all"),
        "{text}"
    );
    let text = refused(&home, &["check", "a.toml", "--all"]);
    assert_eq!(text.matches("error: ").count(), 500);
    let many: String = (0..1001).map(|n| format!("[stages.s{n}]\n")).collect();
    home.write("b.toml", &format!("{SMALL}{many}"));
    let text = refused(&home, &["check", "b.toml"]);
    assert!(
        text.contains("1002 stages here, and at most 1000 are allowed"),
        "{text}"
    );
}

#[test]
fn a_check_ends_soon_whatever_is_written() {
    let home = Home::new();
    let chain: String = (1..=3_000)
        .map(|n| format!("[policies.p{n}]\nlike = \"p{}\"\n", n - 1))
        .collect();
    home.write(
        "chain.toml",
        &format!("{SMALL}[policies.p0]\nlimit = 3\n{chain}"),
    );
    case(&home, "gamma_cv.toml");
    let began = Instant::now();
    home.done(&["check", "chain.toml"]);
    home.done(&["check", "gamma_cv.toml"]);
    // Seconds, where it was minutes; a slow machine that is busy has room.
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn screening_that_sends_back_at_once_is_refused() {
    let home = Home::new();
    case(&home, "hang_screened.toml");
    let text = refused(&home, &["check", "hang_screened.toml"]);
    assert!(
        text.contains("hang_screened.toml:19:") && text.contains("in no time at all"),
        "{text}"
    );
}

#[test]
fn long_work_is_announced_and_above_a_day_it_must_be_meant() {
    let home = Home::new();
    // A hundred years, so that the most replications take longer than a day on any machine.
    let long = SMALL
        .replace("months = 3", "months = 1200")
        .replace("at 2025-12-31", "at month 3");
    home.write("long.toml", &long);
    let text = refused(&home, &["run", "long.toml", "--replications", "1000000000"]);
    assert!(
        text.contains("longer than a day") && text.contains("--yes"),
        "{text}"
    );
    assert!(!home.path("results").exists());
    let large = SMALL
        .replace("count = 4", "count = 1000000")
        .replace("months = 3", "months = 24");
    home.write("large.toml", &large);
    let began = Instant::now();
    let shown = home.done(&[
        "sweep",
        "large.toml",
        "--vary",
        "limit.value=3:4",
        "--dry-run",
    ]);
    assert!(shown.contains("about"), "{shown}");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
}

#[test]
fn factors_of_whole_numbers_are_labelled_with_what_is_simulated() {
    let home = Home::new();
    let output = home.run(&[
        "sweep",
        "small.toml",
        "--vary",
        "posts.worker.count=x1.04,x0.96,x1.5",
        "--replications",
        "2",
        "--out",
        "s",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    let told = errors(&output);
    assert!(
        told.contains("x1.04 is simulated as 4, x0.96 is simulated as 4"),
        "{told}"
    );
    let points = fs::read_to_string(home.path("s/points.csv")).unwrap();
    assert_eq!(points, "point,posts.worker.count\n1,4\n2,6\n");
    let require = "unallocated <= 5 in every month with 80%";
    let output = home.run(&[
        "guideline",
        "small.toml",
        "--policy",
        "hard 3",
        "--vary",
        "posts.worker.count=x0.96,x1.04,x1.5",
        "--require",
        require,
        "--dry-run",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", errors(&output));
    assert!(
        printed(&output).contains("2 settings"),
        "{}",
        printed(&output)
    );
    let range = [
        "sensitivity",
        "small.toml",
        "--vary",
        "posts.worker.count=x0.99:x1.01",
    ];
    assert!(refused(&home, &range).contains("every factor of this range comes to 4"));
}

#[test]
fn pages_isolate_what_runs_from_right_to_left_and_allow_nothing_but_their_style() {
    let home = Home::new();
    home.write(
        "a.toml",
        &SMALL.replace("hard 3", "\u{5de}\u{5db}\u{5e1}\u{5d4} 3"),
    );
    home.done(&[
        "compare",
        "a.toml",
        "--replications",
        "10",
        "--report",
        "--out",
        "r",
    ]);
    let page = fs::read_to_string(home.path("r/report.html")).unwrap();
    assert!(page.contains("<bdi>\u{5de}\u{5db}\u{5e1}\u{5d4}</bdi> 3"));
    assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src &#39;sha256-"));
    assert!(!page.contains("unsafe-inline"));
}
