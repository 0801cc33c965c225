//! Files read whole: what they mean, and every problem they may have.

use super::*;
use crate::model::law::Law;
use crate::model::pathway::Next;
use crate::policy::limit::Value as LimitValue;
use crate::scenario::evidence::weakest_first;
use crate::scenario::sections::Arrivals;
use crate::scenario::starter::starter;
use proptest::prelude::*;

const SHIPPED: [&str; 4] = [
    "first.toml",
    "england-2025.toml",
    "reference/r1.toml",
    "reference/r2s.toml",
];

fn shipped(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("scenarios")
        .join(name)
}

fn open(name: &str) -> Document {
    Document::open(&shipped(name)).unwrap_or_else(|p| panic!("{p}"))
}

/// The one problem of a starter in which `old` stands as `new`.
fn problem(old: &str, new: &str) -> Problem {
    assert!(starter().contains(old), "{old}");
    let problems = match Document::parse("bad.toml", &starter().replacen(old, new, 1)) {
        Ok(document) => document.warnings().clone(),
        Err(problems) => problems,
    };
    assert_eq!(problems.len(), 1, "{new}:\n{problems}");
    problems.iter().next().unwrap().clone()
}

#[test]
fn shipped_scenarios_are_sound() {
    for name in SHIPPED {
        let document = open(name);
        assert!(document.warnings().is_empty(), "{}", document.warnings());
        assert!(!document.is_uncertain());
        let all: Vec<&Evidence> = document.evidence().iter().collect();
        assert!(all.len() > 20, "{name}: {}", all.len());
        if !name.starts_with("reference") {
            for evidence in all {
                assert!(
                    evidence.source.is_some(),
                    "{name}: {} has no source",
                    evidence.key
                );
                assert!(
                    evidence.grade.is_some(),
                    "{name}: {} has no grade",
                    evidence.key
                );
            }
        }
    }
}

#[test]
fn the_english_baseline_is_the_one_of_the_baseline_page() {
    let england = open("england-2025.toml").scenario;
    assert_eq!(england.post_count(), 144);
    assert_eq!(england.posts.iter().map(|g| g.filled).sum::<usize>(), 124);
    assert_eq!(
        (england.teams.len(), england.calendar.warm_up_months),
        (12, 12)
    );
    let opening = crate::scenario::sections::Opening::Counts(vec![551, 684, 322, 556]);
    assert_eq!(england.opening, opening);
    assert!((england.referrals.family_size.mean_by(|n| *n as f64) - 1.9).abs() < 1e-12);
    let need = &england.stages[1];
    assert_eq!(need.risks[0].duration, Law::Exponential { mean: 1541.1 });
    assert_eq!(need.risks[1].to, Next::Stage(3));
    let agency = england.agency.unwrap();
    assert_eq!((agency.grade, agency.overlap_days), (3, 14.0));
    assert_eq!(england.grades[0].ramp.len(), 5);
    assert_eq!(england.grades[3].leave[0].per_year, 1.0);
    assert_eq!(england.strain.tau_days, 91.0);
}

#[test]
fn the_reference_models_are_those_of_the_reference_page() {
    let r1 = open("reference/r1.toml").scenario;
    assert_eq!(r1.calendar.horizon, 730.0);
    assert_eq!(r1.calendar.months[23].ends, 730.0);
    let Arrivals::Poisson {
        families_per_month, ..
    } = r1.referrals.arrivals
    else {
        panic!("not a Poisson stream");
    };
    assert!((families_per_month / crate::model::calendar::DAYS_PER_MONTH - 5.0).abs() < 1e-12);
    let leave = r1.grades[0].leave[0].per_year / 365.25;
    assert!((leave - 0.15 / 365.0).abs() < 1e-15);
    assert_eq!(
        r1.policies[0].phases[0]
            .service
            .limit
            .as_ref()
            .unwrap()
            .value,
        LimitValue::Each(16.0)
    );
    let r2s = open("reference/r2s.toml").scenario;
    let supply = r2s.grades[0].hours_per_week * r2s.grades[0].direct_share;
    for stage in &r2s.stages {
        assert_eq!(stage.hours_per_week / supply, stage.weight / 28.0);
    }
}

#[test]
fn every_bad_value_is_told_where_it_stands_and_what_to_do() {
    for (old, new, key, what, remedy) in [
        (
            "hours_per_month = 6 ",
            "hours_per_month = \"6\" ",
            "stages.open.hours_per_month",
            "must be a number",
            "plain number",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = -0.12",
            "leave_per_year",
            "must not be negative",
            "",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = nan",
            "leave_per_year",
            "not a number",
            "",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = inf",
            "leave_per_year",
            "infinite",
            "",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = 1e308",
            "leave_per_year",
            "at most 1000",
            "",
        ),
        (
            "\"150 days\"",
            "\"-150 days\"",
            "stages.open.work",
            "negative",
            "",
        ),
        (
            "\"150 days\"",
            "\"150 furlongs\"",
            "stages.open.work",
            "furlongs",
            "days, weeks",
        ),
        (
            "\"150 days\"",
            "150",
            "stages.open.work",
            "needs its unit",
            "\"150 days\"",
        ),
        (
            "lognormal",
            "lognormel",
            "stages.open.work",
            "not a law",
            "lognormal",
        ),
        (
            ", cv = 1.0",
            "",
            "stages.open.work",
            "not given by mean",
            "mean and cv",
        ),
        (
            "0.3, 3",
            "0.2, 3",
            "referrals.family_size",
            "sum to 0.9",
            "",
        ),
        (
            "3 = 0.1",
            "33 = 0.1",
            "referrals.family_size",
            "33",
            "1 to 32",
        ),
        (
            "first_stage = \"open\"",
            "first_stage = \"opn\"",
            "referrals.first_stage",
            "no stage \"opn\"",
            "open",
        ),
        (
            "grade = \"worker\"",
            "grade = \"wroker\"",
            "posts[1].grade",
            "no grade",
            "worker",
        ),
        (
            "count = 6",
            "count = 6.5",
            "posts[1].count",
            "whole number",
            "",
        ),
        (
            "count = 6",
            "count = 6\nfilled = 7",
            "posts[1].filled",
            "7 posts are filled of 6",
            "",
        ),
        (
            "start = 2026-04-01",
            "start = 2026-04-02",
            "start",
            "first of a month",
            "2026-04-01",
        ),
        (
            "start = 2026-04-01",
            "start = \"01/04/2026\"",
            "start",
            "\"01/04/2026\" is not a date",
            "write start = 2026-04-01, without quotes",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = 12",
            "grades.worker.leave_per_year",
            "12 a year: after 1.0 months",
            "did you mean 0.12?",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = [{ from_year = 0, per_year = 15 }]",
            "grades.worker.leave_per_year",
            "15 a year",
            "did you mean 0.15?",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = \"12%\"",
            "leave_per_year",
            "must be a number",
            "write 0.12",
        ),
        (
            "leave_per_year = 0.12",
            "leave_per_year = \"0,12\"",
            "leave_per_year",
            "must be a number",
            "use a point, without quotes: write 0.12",
        ),
        (
            "[grades.worker]",
            "[grades.worker]\ndirect_share = 60",
            "grades.worker.direct_share",
            "must be at most 1",
            "a share, not per cent: write 0.60",
        ),
        (
            "{ 1 = 0.6, 2 = 0.3, 3 = 0.1 }",
            "{ 1 = 60, 2 = 30, 3 = 10 }",
            "referrals.family_size",
            "shares from 0 to 1, and one is 60",
            "shares, not per cent: write 0.60",
        ),
        (
            "first_stage = \"open\"",
            "first_stage = \"open\"\ngrowth_per_year = 3",
            "referrals.growth_per_year",
            "4 times as many",
            "did you mean 0.03?",
        ),
        (
            "[policies.\"at most 12\"]",
            "[policies.\"No Limit\"]",
            "policies.No Limit",
            "\"no limit\" and \"No Limit\" differ only in capital letters",
            "",
        ),
        (
            "then = \"closed\"",
            "then = \"open\"",
            "stages.open",
            "can ever leave",
            "closed",
        ),
        (
            "open = 66",
            "opn = 66",
            "opening.opn",
            "no stage \"opn\"",
            "open",
        ),
        (
            "limit = 12",
            "limit = { patience = \"2 days\" }",
            "limit",
            "`patience` does nothing in a limit without a number",
            "value",
        ),
        (
            "limit = 12",
            "limit = { value = 1, by_grade = { worker = 2 } }",
            "limit",
            "exclude",
            "",
        ),
        (
            "limit = 12",
            "meeting = \"teusday\"",
            "meeting",
            "teusday",
            "Tuesday",
        ),
        (
            "limit = 12",
            "like = \"no limt\"",
            "like",
            "no policy",
            "no limit",
        ),
        ("limit = 12", "like = \"at most 12\"", "like", "circle", ""),
        (
            "months = 24",
            "months = 24\nmonths = 25",
            "",
            "two things are called `months`",
            "rename",
        ),
        (
            "months = 24",
            "months = 24\ntargets = [\"caseload_mean < 9 at 2020-01-01\"]",
            "targets[1]",
            "not among the months",
            "",
        ),
        (
            "months = 24",
            "months = 24\nlike = \"x.toml\"",
            "like",
            "no folder",
            "",
        ),
        (
            "[opening]",
            "[evidence]\n\"stages.opn.work\" = { grade = \"D\" }\n[opening]",
            "evidence",
            "stages.opn.work",
            "stages.open.work",
        ),
        (
            "[opening]",
            "[surprise]\n[opening]",
            "surprise",
            "not a key",
            "",
        ),
    ] {
        let problem = problem(old, new);
        assert!(problem.key.contains(key), "{new}: key {}", problem.key);
        assert!(problem.what.contains(what), "{new}: {}", problem.what);
        assert!(problem.remedy.contains(remedy), "{new}: {}", problem.remedy);
        assert!(problem.span.is_some(), "{new}");
    }
}

#[test]
fn dates_may_stand_in_quotes_and_words_in_any_letters() {
    let text = starter()
        .replace(
            "start = 2026-04-01",
            "start = \"2026-04-01\"\nholidays = [\"2026-04-03\"]",
        )
        .replace("limit = 12", "limit = 12\nmeeting = \"tUESDAY\"");
    let document = Document::parse("x", &text).unwrap_or_else(|p| panic!("{p}"));
    let calendar = &document.scenario().calendar;
    assert_eq!(calendar.origin, jiff::civil::date(2026, 4, 1));
    assert!(!calendar.is_working_day(2) && calendar.is_working_day(1));
    let weekly = crate::policy::meeting::Meeting::Weekly { weekday: 1 };
    assert_eq!(document.scenario().policies[1].phases[0].meeting, weekly);
    assert!(document.warnings().is_empty(), "{}", document.warnings());
}

#[test]
fn agency_workers_may_come_and_go_more_often_than_yearly() {
    let england = std::fs::read_to_string(shipped("england-2025.toml")).unwrap();
    let agency = england.find("[grades.agency]").unwrap();
    let (before, after) = england.split_at(agency);
    assert!(after.contains("leave_per_year = 1.0"), "{after}");
    let changed = format!(
        "{before}{}",
        after.replacen("leave_per_year = 1.0", "leave_per_year = 4.0", 1)
    );
    let document = Document::parse("x", &changed).unwrap_or_else(|p| panic!("{p}"));
    assert!(document.warnings().is_empty(), "{}", document.warnings());
}

#[test]
fn all_problems_come_at_once() {
    let text = starter()
        .replace("months = 24", "moths = 24")
        .replace("0.12", "-0.12")
        .replace("then = \"closed\"", "then = { closed = 0.5 }")
        .replace("count = 6", "count = 6\nfilled = 9");
    let problems = Document::parse("bad.toml", &text).unwrap_err();
    let text = problems.render(false);
    for part in [
        "did you mean `months`?",
        "needs `months`",
        "negative",
        "sum to 0.5",
        "9 posts are filled",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn the_grades_and_teams_of_a_service_must_fit_together() {
    let england = std::fs::read_to_string(shipped("england-2025.toml")).unwrap();
    for (old, new, what) in [
        (
            "overlap = \"14 days\"",
            "overlap = \"14 days\"\n[teams.North]\narea = \"North\"",
            "no team takes",
        ),
        ("North = 0.09561753", "North = 0.19561753", "sum to 1.1\n"),
        (
            "grade = \"agency\"",
            "grade = \"senior\"",
            "no posts of their own",
        ),
        (
            "becomes = { grade = \"social worker\"",
            "becomes = { grade = \"newly qualified\"",
            "circle",
        ),
        ("[absence]", "[absences]", "did you mean `absence`"),
        (
            "from_month = 3,",
            "from_month = 0,",
            "steps must begin at 0",
        ),
    ] {
        assert!(england.contains(old), "{old}");
        let changed = england.replacen(old, new, 1);
        let found = match Document::parse("bad.toml", &changed) {
            Ok(_) => String::new(),
            Err(problems) => problems.render(false),
        };
        assert!(found.contains(what), "{new}:\n{found}");
    }
}

#[test]
fn more_memory_than_there_is_is_refused_with_the_estimate() {
    let text = starter()
        .replace("months = 24", "months = 1200")
        .replace("families_per_month = 9 ", "families_per_month = 900000 ")
        .replace("\"150 days\"", "\"90 years\"");
    let problems = Document::parse("large.toml", &text).unwrap_err();
    assert!(problems.render(false).contains("GiB"), "{problems}");
}

#[test]
fn a_scenario_of_which_few_replications_fit_into_memory_is_warned_of() {
    let more = (1..=2000)
        .map(|at| format!("[policies.\"limit {at}\"]\nlimit = {at}\n"))
        .collect::<String>();
    let text = starter().replace("months = 24", "months = 240") + "\n" + &more;
    let document = Document::parse("many.toml", &text).unwrap();
    let problems = document.warnings.render(false);
    assert!(problems.contains("GiB"), "{problems}");
    assert!(problems.contains("up to 8 replications"), "{problems}");
}

#[test]
fn more_events_than_time_allows_are_refused_with_the_estimate() {
    let text = starter()
        .replace("months = 24", "months = 1200")
        .replace("families_per_month = 9 ", "families_per_month = 900000 ")
        .replace("\"150 days\"", "\"0.01 days\"");
    let problems = Document::parse("long.toml", &text).unwrap_err();
    let text = problems.render(false);
    assert!(text.contains("million events"), "{text}");
    assert!(!text.contains("GiB"), "{text}");
}

#[test]
fn warnings_do_not_stop_a_scenario() {
    let returns = "[return]\nprobability = 0.2\ndelay = \"90 days\"\nto = \"open\"\n[opening]";
    assert!(problem("[opening]", returns).what.contains("sag"));
    let stage = "[stages.far]\nhours_per_week = 1\nwork = \"9 days\"\nthen = \"closed\"\n[opening]";
    let problem = problem("[opening]", stage);
    assert_eq!(problem.severity, Severity::Warning);
    assert!(problem.what.contains("no case can reach"));
}

#[test]
fn policies_merge_key_by_key_and_may_drop_what_they_inherit() {
    let text = format!(
        "{}meeting = \"daily\"\ndescription = \"firm\"\n\
             [policies.soft]\nlike = \"at most 12\"\nlimit = {{ value = 12, patience = \"14 days\" }}\n\
             [policies.none]\nlike = \"soft\"\nwithout = [\"limit\"]\n",
        starter()
    );
    let document = Document::parse("x", &text).unwrap_or_else(|p| panic!("{p}"));
    let policies = &document.scenario().policies;
    let meeting = crate::policy::meeting::Meeting::Daily;
    assert!(policies[1..].iter().all(|p| p.phases[0].meeting == meeting));
    assert_eq!(
        policies[2].phases[0]
            .service
            .limit
            .as_ref()
            .unwrap()
            .patience,
        Some(Law::Fixed { value: 14.0 })
    );
    assert_eq!(
        (
            policies[3].phases[0].service.limit.clone(),
            policies[3].description.clone()
        ),
        (None, None)
    );
}

#[test]
fn a_file_starts_from_another_one() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    write("base.toml", starter());
    let path = write(
        "child.toml",
        "like = \"base.toml\"\nwithout = [\"policies.no limit\"]\nmonths = 12\n\
             [referrals]\nchildren_per_month = 30\n[opening]\nfile = \"cases.csv\"\n",
    );
    write(
        "cases.csv",
        "stage,days_in_stage,family\nopen,3,a\nopen,4.5,a\nopen,0,\n",
    );
    let document = Document::open(&path).unwrap_or_else(|p| panic!("{p}"));
    let scenario = document.scenario();
    assert_eq!(scenario.calendar.reported().len(), 12);
    assert_eq!(
        (scenario.name.as_str(), scenario.policies.len()),
        ("child", 1)
    );
    let Arrivals::Poisson {
        families_per_month, ..
    } = &scenario.referrals.arrivals
    else {
        panic!("not a Poisson stream");
    };
    assert!((families_per_month - 30.0 / 1.5).abs() < 1e-12);
    let crate::scenario::sections::Opening::Listed(cases) = &scenario.opening else {
        panic!("not a list");
    };
    assert_eq!(
        cases.iter().map(|c| c.family).collect::<Vec<_>>(),
        [0, 0, 1]
    );
    assert_eq!(document.sources().len(), 3);

    write("cases.csv", "stage,days_in_stage\nopen,3\nopn,4\nopen,-1\n");
    let text = Document::open(&path).unwrap_err().render(false);
    assert!(
        text.contains("cases.csv:3") && text.contains("cases.csv:4"),
        "{text}"
    );

    let one = write("one.toml", "like = \"two.toml\"\n");
    write("two.toml", "like = \"one.toml\"\n");
    let text = Document::open(&one).unwrap_err().render(false);
    assert!(
        text.contains("circle") && text.contains("two.toml"),
        "{text}"
    );
    let lost = Document::open(&folder.path().join("lost.toml")).unwrap_err();
    assert!(lost.render(false).contains("no such file"));
    let device = Document::open(Path::new("/dev/zero"));
    assert!(device.is_err());
}

#[test]
fn arrivals_can_be_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("s.toml");
    let text = starter().replace("families_per_month = 9 ", "replay = \"a.csv\" ");
    std::fs::write(&path, text).unwrap();
    std::fs::write(
        folder.path().join("a.csv"),
        "date,children\n2026-05-02,2\n2026-04-01,\n",
    )
    .unwrap();
    let document = Document::open(&path).unwrap_or_else(|p| panic!("{p}"));
    let Arrivals::Replay { families } = &document.scenario().referrals.arrivals else {
        panic!("not a list");
    };
    let read: Vec<_> = families
        .iter()
        .map(|f| (f.time, f.row, f.children))
        .collect();
    assert_eq!(read, [(0.0, 1, None), (31.0, 0, Some(2))]);
}

#[test]
fn uncertain_numbers_are_central_or_drawn_for_a_world() {
    let text = starter().replace(
            "leave_per_year = 0.12",
            "leave_per_year = { law = \"uniform\", low = 0.1, high = 0.2, source = \"guess\", grade = \"D\" }",
        );
    let document = Document::parse("x", &text).unwrap_or_else(|p| panic!("{p}"));
    let rate = |s: &Scenario| s.grades[0].leave[0].per_year;
    assert!(document.is_uncertain());
    assert!((rate(document.scenario()) - 0.15).abs() < 1e-12);
    let worlds: Vec<f64> = (0..50)
        .map(|w| rate(&document.world(1, w).unwrap()))
        .collect();
    assert!(worlds.iter().all(|r| (0.1..0.2).contains(r)));
    assert_eq!(rate(&document.world(1, 7).unwrap()), worlds[7]);
    assert!(worlds.windows(2).all(|w| w[0] != w[1]));
    let entry = document
        .evidence()
        .iter()
        .find(|e| e.key == "grades.worker.leave_per_year");
    let entry = entry.unwrap();
    assert_eq!(
        (entry.grade.as_deref(), entry.source.as_deref()),
        (Some("D"), Some("guess"))
    );
    assert!(entry.law.is_some());
}

#[test]
fn the_register_shows_the_weakest_first_and_names_defaults() {
    let document = open("england-2025.toml");
    let mut register = document.evidence().to_vec();
    register.sort_by_key(weakest_first);
    assert_eq!(register[0].grade.as_deref(), Some("D"));
    let find = |key: &str| register.iter().find(|e| e.key == key).unwrap().clone();
    assert_eq!(find("strain.b_absence").grade.as_deref(), Some("B"));
    assert_eq!(find("posts[1].count").grade.as_deref(), Some("A*"));
    assert_eq!(find("posts[1].filled").grade.as_deref(), Some("D"));
    assert!(
        find("stages.looked after.work")
            .source
            .unwrap()
            .contains("[K1]")
    );
    assert!(find("areas").value.contains("North = 0.09"));
    let starter = Document::parse("x", starter()).unwrap();
    let default = starter
        .evidence()
        .iter()
        .find(|e| e.key == "strain.gain")
        .unwrap();
    assert!(default.is_default && default.source.is_some());
}

/// A change that a hand or a fault could make to a file.
fn mutate(text: &str, changes: &[(usize, u8, char)]) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    for (at, what, new) in changes {
        if characters.is_empty() {
            break;
        }
        let at = at % characters.len();
        match what % 5 {
            0 => characters[at] = *new,
            1 => characters.insert(at, *new),
            2 => {
                characters.remove(at);
            }
            3 => {
                let end = (at + usize::from(*what)).min(characters.len());
                characters.drain(at..end);
            }
            _ => {
                let end = (at + usize::from(*what)).min(characters.len());
                let copied: Vec<char> = characters[at..end].to_vec();
                characters.splice(at..at, copied);
            }
        }
    }
    characters.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn no_change_to_a_file_panics(
        which in 0..3usize,
        changes in prop::collection::vec((any::<usize>(), any::<u8>(), prop_oneof![
            prop::char::any(),
            prop::sample::select("0123456789-.\"'[]{}=,\n #e".chars().collect::<Vec<_>>()),
        ]), 1..6),
    ) {
        let texts = [
            starter().to_owned(),
            std::fs::read_to_string(shipped("first.toml")).unwrap(),
            std::fs::read_to_string(shipped("reference/r1.toml")).unwrap(),
        ];
        match Document::parse("mutant.toml", &mutate(&texts[which], &changes)) {
            Ok(document) => {
                prop_assert!(!document.warnings().has_errors());
                document.warnings().render(true);
            }
            Err(problems) => {
                prop_assert!(problems.has_errors());
                for problem in problems.iter() {
                    prop_assert!(!problem.what.contains("no check says why"), "{}", problems);
                }
                prop_assert!(!problems.render(true).is_empty());
                problems.render(false);
            }
        }
    }
}
