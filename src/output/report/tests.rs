use super::*;
use crate::experiment::example;
use crate::experiment::summary::Summary;
use crate::output::folder::{DISTRIBUTION, MONTHLY};
use crate::output::kept::tests::folder;
use crate::output::seal::with_added;
use roxmltree::{Document, Node, ParsingOptions};
use std::fs;
use tempfile::TempDir;

/// More than an e-mail takes easily [bytes].
const LARGEST: usize = 1_500_000;

fn page_of(home: &TempDir) -> String {
    let path = write(home.path()).unwrap();
    fs::read_to_string(path).unwrap()
}

/// The page as a tree: it is well formed, or this ends the test.
fn tree(text: &str) -> Document<'_> {
    let options = ParsingOptions {
        allow_dtd: true,
        ..ParsingOptions::default()
    };
    Document::parse_with_options(text, options).unwrap()
}

fn words(node: Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text);
    let text: String = texts.filter_map(|n| n.text()).collect();
    text.replace(['\u{a0}', '\n'], " ")
        .replace('\u{2212}', "-")
        .trim()
        .to_owned()
}

/// Rows of a table of the page.
fn table(page: &Document<'_>, id: &str) -> Vec<Vec<String>> {
    let is_it =
        |node: &Node<'_, '_>| node.attribute("id") == Some(id) && node.has_tag_name("table");
    let table = page.descendants().find(is_it).unwrap();
    let rows = table.descendants().filter(|n| n.has_tag_name("tr"));
    rows.map(|row| row.children().filter(Node::is_element).map(words).collect())
        .collect()
}

/// Rows of a file of the folder.
fn rows(home: &TempDir, name: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let text = fs::read_to_string(home.path().join(name)).unwrap();
    let mut lines = text.lines();
    let heading: Vec<&str> = lines.next().unwrap().split(',').collect();
    let row = |line: &str| {
        let cells = heading.iter().zip(line.split(','));
        cells
            .map(|(name, cell)| ((*name).to_owned(), cell.to_owned()))
            .collect()
    };
    lines.map(row).collect()
}

/// Asserts that a number on the page is that of a file, but for rounding: half of its last digit.
fn agrees(shown: &str, file: &str, times: f64) {
    let value = file.parse::<f64>().unwrap() * times;
    let plain = shown.replace([',', '+'], "");
    if plain == "low" {
        assert!(value != 0.0 && value.abs() < 0.5, "{shown} for {file}");
        return;
    }
    let number: f64 = plain
        .parse()
        .unwrap_or_else(|_| panic!("{shown} for {file}"));
    let unit = match plain.split_once('.') {
        Some((_, decimals)) => 10f64.powi(-i32::try_from(decimals.len()).unwrap()),
        None => {
            let zeros = plain.len() - plain.trim_end_matches('0').len();
            10f64.powi(i32::try_from(zeros).unwrap())
        }
    };
    assert!(
        (number - value).abs() <= unit * 0.5 + 1e-9,
        "{shown} for {value}"
    );
}

fn month(day: &str) -> String {
    let date: jiff::civil::Date = day.parse().unwrap();
    date.strftime("%b %y").to_string()
}

#[test]
fn the_months_on_the_page_are_those_of_the_file() {
    let home = folder(&example::compared(40));
    let text = page_of(&home);
    let page = tree(&text);
    let file = rows(&home, MONTHLY);
    let mut compared = 0;
    for (id, metric, times) in [
        ("fan-caseload-mean-table", "caseload_mean", 1.0),
        ("fan-burnt-out-share-table", "burnt_out_share", 100.0),
        ("fan-unallocated-table", "unallocated", 1.0),
    ] {
        for shown in &table(&page, id)[1..] {
            let is_it = |row: &&std::collections::BTreeMap<String, String>| {
                row["policy"] == shown[0]
                    && month(&row["month_end"]) == shown[1]
                    && row["metric"] == metric
                    && row["team"].is_empty()
            };
            let row = file.iter().find(is_it).unwrap();
            for (cell, column) in shown[2..]
                .iter()
                .zip(["mean", "p5", "p25", "p50", "p75", "p95"])
            {
                agrees(cell, &row[column], times);
                compared += 1;
            }
        }
    }
    // Three metrics, two policies, three months, six numbers.
    assert_eq!(compared, 3 * 2 * 3 * 6);
}

#[test]
fn the_differences_and_targets_on_the_page_are_those_of_the_files() {
    let home = folder(&example::compared(40));
    let text = page_of(&home);
    let page = tree(&text);
    let file = rows(&home, "differences.csv");
    for shown in &table(&page, "difference-caseload-mean-table")[1..] {
        let mut all = file.iter();
        let row = all.find(|row| {
            row["month_end"] != "horizon"
                && month(&row["month_end"]) == shown[1]
                && row["metric"] == "caseload_mean"
                && row["grade"].is_empty()
        });
        let row = row.unwrap();
        agrees(&shown[2], &row["mean"], 1.0);
        let (low, high) = shown[3].split_once(" to ").unwrap();
        agrees(low, &row["low"], 1.0);
        agrees(high, &row["high"], 1.0);
        agrees(shown[4].trim_end_matches(" %"), &row["p_better"], 100.0);
    }
    let file = rows(&home, "targets.csv");
    let shown = table(&page, "targets-table");
    assert_eq!(shown.len(), 3);
    for shown in &shown[1..] {
        let mut all = file.iter();
        let row = all.find(|row| row["policy"] == shown[1] && row["target"] == shown[0]);
        let row = row.unwrap();
        assert_eq!(
            shown[3..6],
            ["hits", "n", "undefined"].map(|name| row[name].clone())
        );
        let (chance, _) = shown[2].split_once(" %").unwrap();
        agrees(
            chance.trim_start_matches(['<', '>', ' ']),
            &row["probability"],
            100.0,
        );
    }
}

#[test]
fn the_shares_on_the_page_are_those_of_the_file() {
    let home = folder(&example::compared(40));
    let text = page_of(&home);
    let page = tree(&text);
    let file = rows(&home, DISTRIBUTION);
    let shown = table(&page, "waits-table");
    let bins = (shown.len() - 1) / 2;
    for (at, shown) in shown[1..].iter().enumerate() {
        let waits = file
            .iter()
            .filter(|row| row["what"] == "wait" && row["policy"] == shown[0]);
        let row = waits.skip(at % bins).collect::<Vec<_>>()[0];
        if !shown[2].starts_with('<') {
            agrees(&shown[2], &row["mean"], 100.0);
        }
    }
    for shown in &table(&page, "caseloads-table")[1..] {
        let row = file.iter().find(|row| {
            row["what"] == "caseload"
                && row["policy"] == shown[0]
                && row["from"].parse::<f64>().unwrap().to_string() == shown[1]
        });
        if !shown[2].starts_with('<') {
            agrees(&shown[2], &row.unwrap()["mean"], 100.0);
        }
    }
}

/// What every page keeps to, whatever is in it.
pub fn keeps_its_rules(text: &str) {
    let page = tree(text);
    let elements = || page.descendants().filter(Node::is_element);
    let count = |tag: &str| elements().filter(|n| n.has_tag_name(tag)).count();
    assert_eq!(count("h1"), 1);
    assert_eq!(page.root_element().attribute("lang"), Some("en-GB"));
    for tag in ["script", "iframe", "img", "link", "object"] {
        assert_eq!(count(tag), 0, "{tag}");
    }
    let mut ids: Vec<&str> = elements().filter_map(|n| n.attribute("id")).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids are names of one thing each");
    for node in elements() {
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"), "{}", attribute.name());
        }
        if node.has_tag_name("table") {
            let parts: Vec<&str> = node.children().map(|n| n.tag_name().name()).collect();
            assert_eq!(parts.iter().filter(|n| **n == "caption").count(), 1);
        }
        if node.has_tag_name("td") || node.has_tag_name("th") {
            assert!(
                !words(node).is_empty(),
                "a cell is empty in {:?}",
                node.parent().map(words)
            );
        }
        let name = node.tag_name().name();
        if name == "svg" {
            let labels = node.attribute("aria-labelledby").unwrap().split(' ');
            assert!(labels.clone().all(|id| ids.binary_search(&id).is_ok()));
            assert_eq!((node.attribute("role"), labels.count()), (Some("img"), 2));
        }
    }
    assert!(
        !text.contains("NaN") && !text.contains("inf "),
        "a strange number"
    );
    assert!(!text.contains("http://www.") || !text.contains("src="));
    assert!(text.len() < LARGEST, "{} bytes", text.len());
}

fn named(mut summary: Summary, names: &[&str]) -> Summary {
    for (policy, name) in summary.policies.iter_mut().zip(names) {
        policy.name = (*name).to_owned();
    }
    summary
}

#[test]
fn names_that_would_be_script_are_words() {
    let evil = ["\" onload=\"alert(1)", "<script>alert(2)</script>&amp;"];
    let home = folder(&named(example::summary(20), &evil));
    let path = home.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let title = "</title><script>alert(3)</script>";
    let text = text.replace("A small example\"", &format!("{title}\""));
    fs::write(&path, with_added(text.as_bytes(), &[], |_| true).unwrap()).unwrap();
    let text = page_of(&home);
    keeps_its_rules(&text);
    let page = tree(&text);
    let h1 = page.descendants().find(|n| n.has_tag_name("h1")).unwrap();
    assert_eq!(words(h1), title);
    for name in evil {
        let shown = page.descendants().filter(|n| n.has_tag_name("figcaption"));
        assert!(shown.clone().any(|n| words(n) == name), "{name}");
    }
}

#[test]
fn one_policy_one_play_missing_numbers_and_shared_worlds_give_a_page_too() {
    let mut one = example::summary(20);
    one.policies.truncate(1);
    let mut missing = example::compared(20);
    for policy in &mut missing.policies {
        for numbers in &mut policy.numbers {
            (numbers.mean, numbers.se, numbers.n) = (f64::NAN, f64::NAN, 0);
            (numbers.p5, numbers.p25, numbers.p50) = (f64::NAN, f64::NAN, f64::NAN);
            (numbers.p75, numbers.p95) = (f64::NAN, f64::NAN);
        }
    }
    for summary in [
        one,
        missing,
        example::summary(1),
        example::compared(1),
        example::compared_in_worlds(50),
    ] {
        let home = folder(&summary);
        keeps_its_rules(&page_of(&home));
    }
}

#[test]
fn twenty_six_policies_are_all_in_the_tables_and_the_page_stays_small() {
    let mut summary = example::compared(20);
    let hard = summary.policies[1].clone();
    let comparison = summary.comparison.as_mut().unwrap();
    let versus = comparison.versus[0].clone();
    for at in 2..26 {
        let mut policy = hard.clone();
        policy.name = format!("hard {at} with a rather long name to take up some room");
        summary.policies.push(policy);
        let mut versus = versus.clone();
        versus.policy = at;
        comparison.versus.push(versus);
    }
    let home = folder(&summary);
    let text = page_of(&home);
    keeps_its_rules(&text);
    let page = tree(&text);
    assert_eq!(table(&page, "policies").len(), 27);
    assert!(text.contains("Drawn are the first 9 of 26 policies"));
}

#[test]
fn an_earlier_run_says_what_is_missing_and_how_to_have_it() {
    let home = folder(&example::summary(20));
    let path = home.path().join("manifest.json");
    let text = fs::read_to_string(&path).unwrap();
    let mut manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let files = manifest["files"].as_array_mut().unwrap();
    files.retain(|file| file["name"] != DISTRIBUTION);
    let text = manifest.to_string();
    fs::write(&path, with_added(text.as_bytes(), &[], |_| true).unwrap()).unwrap();
    let text = page_of(&home);
    keeps_its_rules(&text);
    assert!(text.contains("were written without distribution.csv"));
    assert!(text.contains("casecap run first.toml --force"));
}

#[test]
fn a_page_of_another_hand_is_left_alone_and_our_own_is_written_anew() {
    let home = folder(&example::summary(20));
    let path = home.path().join(REPORT);
    fs::write(&path, "<html>mine</html>").unwrap();
    let told = write(home.path()).unwrap_err();
    assert!(told.is_input() && told.to_string().contains("casecap did not write it"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "<html>mine</html>");
    fs::remove_file(&path).unwrap();
    let first = page_of(&home);
    assert!(
        first == page_of(&home),
        "the same folder gives the same page"
    );
    let left = fs::read_dir(home.path()).unwrap().flatten();
    let unfinished = left.filter(|e| e.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(unfinished.count(), 0);
}

#[test]
fn the_first_screen_answers_in_words_with_intervals() {
    let mut summary = example::compared(40);
    let layout = summary.layout.clone();
    let row = layout.months() - 1;
    let group = crate::metric::layout::Group::Service;
    let set = |summary: &mut Summary, metric, mean: f64, se: f64| {
        let at = layout.index(row, metric, group).unwrap();
        let versus = &mut summary.comparison.as_mut().unwrap().versus[0];
        let one = &mut versus.differences[at];
        (one.mean, one.se, one.same, one.n, one.draws) = (mean, se, 0, 40, 40);
    };
    use crate::metric::catalogue::Metric;
    set(&mut summary, Metric::CaseloadMean, -0.5, 0.05);
    set(&mut summary, Metric::BurntOutShare, 0.001, 0.01);
    set(&mut summary, Metric::Unallocated, 8.0, 0.5);
    let text = page_of(&folder(&summary)).replace('\u{a0}', " ");
    for told in [
        "a full-time worker holds 0.5 cases fewer (0.4 to 0.6)",
        "workers burnt out no clear difference",
        "8 cases more have no worker (7 to 9)",
    ] {
        assert!(text.contains(told), "{told}");
    }
}
