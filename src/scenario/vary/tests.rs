use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::setting::Setting;

const TEXT: &str = r#"
title = "Two teams"
start = 2026-04-01
months = 3

[referrals]
families_per_month = { law = "uniform", low = 8, high = 12 }
first_stage = "open"

[stages.open]
hours_per_month = 6
work = { law = "lognormal", mean = "100 days", cv = 1 }
then = "closed"

[areas]
east = 0.5
west = 0.5

[grades.newly]
becomes = { grade = "worker", after_months = 12 }
leave_per_year = [{ from_year = 0, per_year = 0.1 }, { from_year = 2, per_year = 0.2 }]

[grades.worker]
leave_per_year = { value = 0.12, source = "a survey", grade = "B" }

[[posts]]
grade = "worker"
team = "east"
count = 10
filled = 9

[[posts]]
grade = "worker"
team = "west"
count = 5

[[posts]]
grade = "newly"
team = "west"
count = 2

[recruitment]
time_to_fill = "120 days"

[policies."no limit"]

[policies."at most 12.5"]
limit = 12.5

[policies.graded.limit]
by_grade = { worker = 16, newly = 12 }

[policies.patient]
like = "at most 12.5"
limit = { value = 14, patience = "14 days" }
"#;

fn base() -> Document {
    Document::parse("two", TEXT).unwrap_or_else(|p| panic!("{p}"))
}

fn varied(settings: &[(&str, &str)]) -> Result<Document, Problems> {
    let settings: Vec<Setting> = settings
        .iter()
        .map(|(key, amount)| Setting {
            key: (*key).to_owned(),
            amount: Amount::parse(amount).unwrap(),
        })
        .collect();
    base().varied(&settings)
}

/// The same scenario, with the text changed by hand.
fn by_hand(changes: &[(&str, &str)]) -> Document {
    let text = changes.iter().fold(TEXT.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "{old}");
        text.replace(old, new)
    });
    Document::parse("two", &text).unwrap_or_else(|p| panic!("{p}"))
}

fn same(settings: &[(&str, &str)], changes: &[(&str, &str)]) {
    let set = varied(settings).unwrap_or_else(|p| panic!("{settings:?}\n{p}"));
    let written = by_hand(changes);
    assert_eq!(set.scenario(), written.scenario(), "{settings:?}");
    assert_eq!(
        set.world(7, 3).unwrap(),
        written.world(7, 3).unwrap(),
        "{settings:?}"
    );
}

#[test]
fn nothing_set_is_the_scenario_as_it_is() {
    same(&[], &[]);
}

#[test]
fn a_number_set_is_the_number_written() {
    let time = "time_to_fill = \"120 days\"";
    for (setting, change) in [
        (("months", "4"), ("months = 3", "months = 4")),
        (
            ("stages.open.hours_per_month", "7.5"),
            ("hours_per_month = 6", "hours_per_month = 7.5"),
        ),
        (
            ("stages.open.work.mean", "80 days"),
            ("\"100 days\"", "\"80 days\""),
        ),
        (
            ("stages.open.work.mean", "80"),
            ("\"100 days\"", "\"80 days\""),
        ),
        (("stages.open.work.cv", "x2"), ("cv = 1", "cv = 2")),
        (
            ("stages.open.work", "x0.5"),
            ("\"100 days\"", "\"50 days\""),
        ),
        (
            ("recruitment.time_to_fill", "90"),
            (time, "time_to_fill = \"90 days\""),
        ),
        (
            ("recruitment.time_to_fill", "x0.5"),
            (time, "time_to_fill = \"60 days\""),
        ),
        (
            ("grades.worker.leave_per_year", "0.2"),
            ("value = 0.12", "value = 0.2"),
        ),
        (
            ("grades.worker.leave_per_year", "x2"),
            ("value = 0.12", "value = 0.24"),
        ),
        (
            ("referrals.families_per_month", "9"),
            ("{ law = \"uniform\", low = 8, high = 12 }", "9"),
        ),
        (
            ("referrals.families_per_month", "x0.5"),
            ("low = 8, high = 12", "low = 4, high = 6"),
        ),
        (
            ("policies.patient.limit.patience", "x2"),
            ("14 days", "28 days"),
        ),
        (
            ("policies.graded.limit.by_grade.newly", "10"),
            ("newly = 12", "newly = 10"),
        ),
        (("limit.by_grade.newly", "10"), ("newly = 12", "newly = 10")),
        (
            ("policies.\"at most 12.5\".limit.value", "20"),
            ("limit = 12.5", "limit = 20"),
        ),
        (
            ("policies.at most 12.5.limit", "20"),
            ("limit = 12.5", "limit = 20"),
        ),
        (("posts.newly.count", "x2"), ("count = 2", "count = 4")),
        (("posts.worker.west.count", "7"), ("count = 5", "count = 7")),
        (("posts[2].count", "7"), ("count = 5", "count = 7")),
        (("posts.1.filled", "8"), ("filled = 9", "filled = 8")),
    ] {
        same(&[setting], &[change]);
    }
}

#[test]
fn steps_by_years_in_post_are_set_one_by_one_stretched_whole_or_replaced() {
    let steps =
        "leave_per_year = [{ from_year = 0, per_year = 0.1 }, { from_year = 2, per_year = 0.2 }]";
    let twice = steps.replace("0.2", "0.4").replace("0.1", "0.2");
    same(&[("grades.newly.leave_per_year", "x2")], &[(steps, &twice)]);
    same(
        &[("grades.newly.leave_per_year.2.per_year", "0.4")],
        &[(steps, &steps.replace("0.2", "0.4"))],
    );
    same(
        &[("grades.newly.leave_per_year", "0.3")],
        &[(steps, "leave_per_year = 0.3")],
    );
}

#[test]
fn a_key_with_a_default_may_be_set_where_the_file_says_nothing() {
    let add = |line: &str| format!("months = 3\n{line}");
    same(
        &[("handover", "8 days")],
        &[("months = 3", &add("handover = \"8 days\""))],
    );
    same(
        &[("full_time_hours_per_week", "x2")],
        &[("months = 3", &add("full_time_hours_per_week = 74"))],
    );
    same(
        &[("policies.no limit.limit.value", "9")],
        &[(
            "[policies.\"no limit\"]",
            "[policies.\"no limit\"]\nlimit = 9",
        )],
    );
    let told = varied(&[("guideline", "x2")]).unwrap_err().to_string();
    assert!(told.contains("not written"), "{told}");
}

#[test]
fn a_key_of_policies_means_every_policy_that_says_it() {
    same(
        &[("limit.value", "20")],
        &[
            ("12.5\"]\nlimit = 12.5", "12.5\"]\nlimit = 20"),
            ("value = 14", "value = 20"),
        ],
    );
    let lever = base().lever("limit.value").unwrap();
    assert_eq!(lever.policies(), ["at most 12.5", "patient"]);
    assert_eq!(
        base().lever("limit").unwrap().policies(),
        ["at most 12.5", "patient"]
    );
    assert!(
        base()
            .lever("posts.newly.count")
            .unwrap()
            .policies()
            .is_empty()
    );
}

#[test]
fn a_count_of_several_groups_is_their_total_and_filled_posts_follow() {
    // 15 posts become 20: 13.33 and 6.67, by largest remainders 13 and 7; of 13 as many are filled as 9 of 10.
    let changes = [
        ("count = 10\nfilled = 9", "count = 13\nfilled = 12"),
        ("count = 5", "count = 7"),
    ];
    same(&[("posts.worker.count", "20")], &changes);
    same(&[("posts.worker.count", "x1.3333")], &changes);
    let changes = [("count = 10\nfilled = 9", "count = 20\nfilled = 10")];
    same(
        &[("posts.1.filled", "10"), ("posts.1.count", "20")],
        &changes,
    );
}

#[test]
fn a_star_is_everything_that_the_file_names() {
    same(
        &[("stages.*.hours_per_month", "9")],
        &[("hours_per_month = 6", "hours_per_month = 9")],
    );
    assert_eq!(base().lever("posts.*.count").unwrap().places.len(), 3);
    assert_eq!(
        base()
            .lever("grades.*.leave_per_year")
            .unwrap()
            .places
            .len(),
        2
    );
}

#[test]
fn a_wrong_key_tells_the_nearest_and_every_one_is_told() {
    for (key, part) in [
        ("limt.value", "did you mean `limit.value`?"),
        ("limit.valu", "did you mean"),
        ("referals.families_per_month", "did you mean `referrals"),
        (
            "referrals.families_per_moth",
            "did you mean `referrals.families_per_month`?",
        ),
        ("posts.wroker.count", "did you mean `posts.worker`?"),
        ("posts.worker.cuont", "did you mean `posts[1].count`?"),
        ("stages.opne.hours_per_month", "did you mean `stages.open`?"),
        ("title", "only numbers can be varied"),
        ("start", "only numbers can be varied"),
        ("limit.measure", "only numbers can be varied"),
        ("posts.worker.grade", "only numbers can be varied"),
        ("referrals", "is a section"),
        ("policies.nobody.limit.value", "has no `nobody`"),
        ("areas", "several numbers"),
        ("run.replications", "--replications"),
        ("", "no key"),
        ("\"limit", "no key"),
    ] {
        let wrong = base().lever(key).unwrap_err();
        let told = format!("{}; {}", wrong.0, wrong.1);
        assert!(told.contains(part), "{key}: {told}");
    }
    let told = varied(&[("limt.value", "3"), ("tilte", "3")]).unwrap_err();
    assert_eq!(told.len(), 2);
}

#[test]
fn what_is_set_keeps_every_rule_of_the_file() {
    for (key, amount, part) in [
        ("posts.newly.count", "2.5", "whole number"),
        ("posts.worker.count", "20.5", "whole number"),
        ("limit.value", "-3", "must not be negative"),
        ("stages.open.work", "100", "is a law of times"),
        ("areas.east", "0.7", "sum"),
        ("posts.1.filled", "11", "filled"),
        ("limit.value", "8 days", "number"),
    ] {
        let told = varied(&[(key, amount)]).unwrap_err().to_string();
        assert!(told.contains(part), "{key} = {amount}: {told}");
    }
    let told = varied(&[("limit.value", "-3")]).unwrap_err().to_string();
    assert!(told.contains("the settings:1:15"), "{told}");
}

/// A number, a law of times and one of three that `[evidence]` speaks of; two that no law can stand for, and a law.
#[test]
fn ranges_become_laws_where_a_number_may_be_one() {
    let text =
        TEXT.replace(
            "hours_per_month = 6",
            "hours_per_month = { value = 6, source = \"a study\", grade = \"C\", range = [5, 8] }",
        )
        .replace(
            "mean = \"100 days\", cv = 1",
            "mean = \"100 days\", cv = 1, range = [\"80 days\", \"150 days\"]",
        ) + "\n[evidence]\n\"posts\" = { source = \"a list\", grade = \"A\", range = [4, 11] }\n\
           \"grades.*.leave_per_year\" = { range = [0.1, 0.2] }\n";
    let document = Document::parse("two", &text).unwrap();
    let (plausible, left) = document.plausible().unwrap();
    let unknowns: Vec<&str> = plausible
        .unknowns()
        .iter()
        .map(|u| u.path.as_str())
        .collect();
    assert_eq!(document.unknowns().len(), 1);
    assert_eq!(
        unknowns,
        [
            "stages.open.hours_per_month",
            "stages.open.work.mean",
            "referrals.families_per_month"
        ]
    );
    assert_eq!(plausible.unknowns()[1].value, 115.0);
    let left: Vec<&str> = left.iter().map(|l| l.key.as_str()).collect();
    for key in ["posts[1].count", "grades.newly.leave_per_year"] {
        assert!(left.contains(&key), "{left:?}");
    }
    // The same numbers at the ends.
    let at = |place| {
        let places: Vec<(String, f64)> =
            unknowns.iter().map(|u| ((*u).to_owned(), place)).collect();
        let (_, numbers) = plausible.world_at(&places).unwrap();
        numbers.iter().map(|u| u.value).collect::<Vec<f64>>()
    };
    assert_eq!(at(0.0), [5.0, 80.0, 8.0]);
    assert_eq!(at(1.0), [8.0, 150.0, 12.0]);
}

/// A range beside one time is a fixed law of a time that is not known.
#[test]
fn a_range_of_one_time_is_taken_too() {
    let text = crate::scenario::starter::starter().replacen(
        "time_to_fill = \"120 days\"",
        "time_to_fill = { value = \"120 days\", range = [\"60 days\", \"200 days\"] }",
        1,
    );
    let (plausible, left) = Document::parse("mine", &text).unwrap().plausible().unwrap();
    assert_eq!(left, []);
    let [unknown] = plausible.unknowns() else {
        panic!("{:?}", plausible.unknowns());
    };
    assert_eq!(
        (unknown.path.as_str(), unknown.value),
        ("recruitment.time_to_fill.value", 130.0)
    );
}
