use super::*;
use crate::experiment::example;
use crate::metric::catalogue::{CATALOGUE, Metric};
use crate::output::kept::tests::folder;
use crate::output::manifest::{Evidence, MANIFEST, Manifest};
use crate::output::seal::sealed;
use calamine::{Data, Range, Reader, Xlsx, open_workbook_from_rs};
use std::fs::{self, File};
use std::io::{Cursor, Read};
use tempfile::TempDir;
use zip::ZipArchive;

type Read1 = Xlsx<Cursor<Vec<u8>>>;

fn opened(home: &TempDir) -> Read1 {
    let path = write(home.path()).unwrap();
    open_workbook_from_rs(Cursor::new(fs::read(path).unwrap())).unwrap()
}

fn range(workbook: &mut Read1, name: &str) -> Range<Data> {
    workbook.worksheet_range(name).unwrap()
}

/// A part of the archive, as text.
fn part(home: &TempDir, name: &str) -> String {
    let file = File::open(home.path().join(WORKBOOK)).unwrap();
    let mut text = String::new();
    let mut archive = ZipArchive::new(file).unwrap();
    let mut entry = archive.by_name(name).unwrap();
    entry.read_to_string(&mut text).unwrap();
    text
}

fn parts(home: &TempDir, begins: &str) -> Vec<String> {
    let file = File::open(home.path().join(WORKBOOK)).unwrap();
    let archive = ZipArchive::new(file).unwrap();
    let names = archive.file_names().map(|name| name.unwrap().into_owned());
    names.filter(|name| name.starts_with(begins)).collect()
}

fn change(home: &TempDir, change: impl Fn(&mut Manifest)) {
    let path = home.path().join(MANIFEST);
    let mut manifest: Manifest = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut manifest);
    fs::write(&path, sealed(&manifest).unwrap()).unwrap();
}

#[test]
fn every_cell_of_every_table_is_that_of_its_file_to_the_bit() {
    for summary in [example::compared(20), example::compared_in_worlds(20)] {
        let home = folder(&summary);
        let kept = Kept::open(home.path()).unwrap();
        let mut workbook = opened(&home);
        let mut told = 0;
        for (file, name, _) in TABLES.iter().filter(|(file, ..)| kept.has(file)) {
            told += 1;
            let table = Sheet::read(home.path(), file).unwrap();
            let range = range(&mut workbook, name);
            assert_eq!(range.start(), Some((0, 0)), "{name}");
            assert_eq!(
                range.get_size(),
                (table.rows.len() + 1, table.heading.len())
            );
            let heading = range.rows().next().unwrap().iter();
            assert!(heading.map(ToString::to_string).eq(table.heading.clone()));
            for (cells, row) in table.rows.iter().zip(range.rows().skip(1)) {
                for ((cell, shown), column) in cells.iter().zip(row).zip(&table.heading) {
                    let place = format!("{name}, {column}: {cell:?} and {shown:?}");
                    match shown {
                        Data::Empty => assert_eq!(cell, "", "{place}"),
                        Data::String(text) => assert_eq!(text, cell, "{place}"),
                        Data::Float(number) => {
                            let of_file = cell.parse::<f64>().unwrap();
                            // Minus nothing and nothing are one number to a spreadsheet.
                            assert!(of_file == *number, "{place}");
                        }
                        Data::DateTime(day) => {
                            let (year, month, day, ..) = day.to_ymd_hms_milli();
                            assert_eq!(format!("{year}-{month:02}-{day:02}"), cell, "{place}");
                        }
                        _ => panic!("{place}"),
                    }
                }
            }
        }
        assert!(told >= 5, "{told}");
    }
}

#[test]
fn the_sheets_stand_in_order_and_the_cover_names_each_of_them() {
    let home = folder(&example::compared(20));
    let mut workbook = opened(&home);
    let names = workbook.sheet_names();
    assert_eq!(
        names,
        [
            "Cover",
            "Notes",
            "Chart caseload",
            "Chart burnt out",
            "Chart unallocated",
            "Monthly",
            "Summary",
            "Targets",
            "Differences",
            "Distribution",
            "Columns",
            "Metrics",
            "Inputs"
        ]
    );
    let cover = range(&mut workbook, "Cover");
    let cells: Vec<String> = cover.cells().map(|(.., cell)| cell.to_string()).collect();
    for name in &names[1..] {
        assert!(cells.contains(&format!("Sheet: {name}")), "{name}");
    }
    let version = format!("casecap {}", env!("CARGO_PKG_VERSION"));
    for words in [
        "A small example",
        "October 2025 to December 2025",
        "2026-04-01",
        &version,
        "casecap run first.toml",
        "As statistics about children. Every figure here is simulated, none is counted.",
    ] {
        assert!(cells.iter().any(|cell| cell == words), "{words}");
    }
}

#[test]
fn the_metrics_are_those_of_the_catalogue_and_the_inputs_those_of_the_register() {
    let home = folder(&example::summary(3));
    change(&home, |manifest| {
        manifest.scenario.evidence = vec![Evidence {
            key: "grades.worker.leave_per_year".to_owned(),
            value: "0.5".to_owned(),
            source: Some("DfE workforce 2025".to_owned()),
            grade: Some("A".to_owned()),
            range: None,
            law: None,
            note: None,
            is_default: false,
        }];
    });
    let mut workbook = opened(&home);
    let metrics = range(&mut workbook, "Metrics");
    assert_eq!(metrics.height(), CATALOGUE.len() + 1);
    for (definition, row) in CATALOGUE.iter().zip(metrics.rows().skip(1)) {
        let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
        assert_eq!(cells[0], definition.key);
        for words in [
            definition.metric.label(),
            definition.unit,
            definition.better.word(),
            &definition.rounding().words(),
            definition.missing(),
            definition.definition,
        ] {
            assert!(cells.iter().any(|cell| cell == words), "{words}: {cells:?}");
        }
    }
    let inputs = range(&mut workbook, "Inputs");
    let row: Vec<String> = inputs
        .rows()
        .nth(1)
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        row[..4],
        [
            "grades.worker.leave_per_year",
            "0.5",
            "DfE workforce 2025",
            "A"
        ]
    );
    // A value is text as it was written.
    assert_eq!(inputs.get((1, 1)), Some(&Data::String("0.5".to_owned())));
}

#[test]
fn a_chart_has_the_means_of_every_policy_by_month_and_says_in_words_what_it_shows() {
    let summary = example::summary(20);
    let home = folder(&summary);
    let mut workbook = opened(&home);
    for trend in &chart::TRENDS {
        let range = range(&mut workbook, trend.sheet);
        assert_eq!(range.get_size(), (4, 3), "{}", trend.sheet);
        assert_eq!(
            range.get((0, 1)),
            Some(&Data::String("no limit".to_owned()))
        );
    }
    let range = range(&mut workbook, "Chart caseload");
    for policy in 0..2 {
        let numbers = summary.service(policy, 2, Metric::CaseloadMean).unwrap();
        assert_eq!(range.get((3, policy + 1)), Some(&Data::Float(numbers.mean)));
    }
    assert_eq!(parts(&home, "xl/charts/chart").len(), 3);
    let drawing = part(&home, "xl/drawings/drawing1.xml");
    assert!(
        drawing.contains("Line chart of Cases per full-time worker"),
        "{drawing}"
    );
    // Lines are told apart by dash and mark, not by colour alone.
    for drawing in parts(&home, "xl/drawings/drawing") {
        let drawing = part(&home, &drawing);
        let (_, words) = drawing.split_once("descr=\"").unwrap();
        let (words, _) = words.split_once('"').unwrap();
        // The most that a spreadsheet takes; the quotes are written longer than they are.
        assert!(words.replace("&quot;", "'").len() <= 255, "{words}");
    }
    let chart = part(&home, "xl/charts/chart1.xml");
    for told in ["prstDash", "\"square\"", "\"circle\"", "mmm yyyy"] {
        assert!(chart.contains(told), "{told}");
    }
}

#[test]
fn no_cell_is_a_formula_or_merged_and_names_stay_in_sight() {
    let home = folder(&example::compared(5));
    drop(opened(&home));
    for name in parts(&home, "xl/worksheets/sheet") {
        let sheet = part(&home, &name);
        assert!(
            !sheet.contains("<f>") && !sheet.contains("mergeCell"),
            "{name}"
        );
        // The cover is the first.
        assert_eq!(
            sheet.contains("state=\"frozen\""),
            !name.ends_with("sheet1.xml"),
            "{name}"
        );
    }
}

#[test]
fn what_looks_like_a_formula_is_written_as_text() {
    let odd = ["=1+1", "+44", "-5 posts", "@SUM(A1)"];
    for name in odd {
        let mut summary = example::compared(5);
        summary.policies[1].name = name.to_owned();
        let home = folder(&summary);
        change(&home, |manifest| {
            manifest.scenario.title = name.to_owned();
            manifest.scenario.name = name.to_owned();
        });
        let mut workbook = opened(&home);
        let text = Data::String(name.to_owned());
        assert_eq!(range(&mut workbook, "Cover").get((1, 1)), Some(&text));
        assert_eq!(
            range(&mut workbook, "Chart caseload").get((0, 2)),
            Some(&text)
        );
        let monthly = range(&mut workbook, "Monthly");
        assert!(monthly.rows().any(|row| row[0] == text), "{name}");
        for sheet in parts(&home, "xl/worksheets/sheet") {
            assert!(!part(&home, &sheet).contains("<f>"), "{name}: {sheet}");
        }
        assert!(part(&home, "xl/styles.xml").contains("quotePrefix=\"1\""));
    }
}

#[test]
fn the_same_folder_gives_the_same_bytes_and_only_the_day_of_the_run_changes_them() {
    let home = folder(&example::summary(5));
    let made = || build(&Kept::open(home.path()).unwrap()).unwrap();
    let first = made();
    change(&home, |manifest| manifest.wall_time_seconds = 77.0);
    assert!(made() == first);
    change(&home, |manifest| {
        manifest.date = Some("2031-01-31".to_owned())
    });
    assert!(made() != first);
    // An earlier version told no day; then no clock comes in its place.
    change(&home, |manifest| manifest.date = None);
    write(home.path()).unwrap();
    assert!(part(&home, "docProps/core.xml").contains("2000-01-01T00:00:00Z"));
}

#[test]
fn a_workbook_of_somebody_else_or_saved_by_a_spreadsheet_is_left_alone() {
    let home = folder(&example::summary(2));
    let path = home.path().join(WORKBOOK);
    write(home.path()).unwrap();
    write(home.path()).unwrap();
    let mut theirs = Workbook::new();
    theirs.add_worksheet();
    for bytes in [theirs.save_to_buffer().unwrap(), b"no archive".to_vec()] {
        fs::write(&path, &bytes).unwrap();
        assert!(!is_ours(&path));
        let refused = write(home.path()).unwrap_err();
        assert!(matches!(refused, WorkbookError::Foreign(_)), "{refused}");
        assert!(fs::read(&path).unwrap() == bytes);
    }
}

#[test]
fn a_name_that_no_cell_takes_as_it_is_does_not_break_the_workbook() {
    let long = "long ".repeat(10_000);
    for name in ["a\u{1}b<&>\"", &long] {
        let mut summary = example::summary(2);
        summary.policies[1].name = name.to_owned();
        let home = folder(&summary);
        change(&home, |manifest| manifest.scenario.title = name.to_owned());
        let mut workbook = opened(&home);
        let cover = range(&mut workbook, "Cover")
            .get((1, 1))
            .unwrap()
            .to_string();
        assert!(!cover.is_empty() && cover.len() <= 32_767, "{name:.20}");
    }
}

#[test]
fn an_edited_folder_gives_no_workbook() {
    let home = folder(&example::summary(2));
    fs::write(home.path().join(MONTHLY), "policy\n").unwrap();
    let refused = write(home.path()).unwrap_err();
    assert!(matches!(refused, WorkbookError::Kept(_)), "{refused}");
    assert!(!home.path().join(WORKBOOK).exists());
}
