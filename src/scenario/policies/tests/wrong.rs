//! Everything that may be wrong with a policy is told where it stands, with what to do.

use super::*;

/// The problems of a policy "p", errors and warnings.
fn problems(text: &str) -> Problems {
    match read(&format!("[policies.p]\n{text}")) {
        Ok(document) => document.warnings().clone(),
        Err(problems) => problems,
    }
}

/// The problems told of a text: each has exactly this one, with these parts.
fn told(severity: Severity, cases: &[(&str, &str, &str, &str)]) {
    for (text, key, what, remedy) in cases {
        let problems = problems(text);
        assert_eq!(problems.len(), 1, "{text}:\n{problems}");
        let problem = problems.iter().next().unwrap();
        assert_eq!(problem.severity, severity, "{text}");
        let place = format!("policies.p{key}");
        assert_eq!(problem.key, place, "{text}");
        assert!(problem.what.contains(what), "{text}: {}", problem.what);
        assert!(
            problem.remedy.contains(remedy),
            "{text}: {}",
            problem.remedy
        );
        // Below the first lines, which are right.
        let span = problem.span.unwrap();
        assert!(span.begin > SERVICE.len(), "{text}: {span:?}");
    }
}

#[test]
fn a_wrong_limit_is_refused() {
    told(
        Severity::Error,
        &[
            ("limit = {}", ".limit", "says nothing", "`value`"),
            (
                "limit = { measure = \"points\" }",
                ".limit",
                "says nothing",
                "",
            ),
            (
                "limit = { value = 1, by_grade = { worker = 2 } }",
                ".limit",
                "exclude",
                "keep one",
            ),
            (
                "limit = { measure = \"hous\", value = 1 }",
                ".limit.measure",
                "not known",
                "\"hours\"",
            ),
            (
                "limit = { value = 9, mix = [{ most = 9 }] }",
                ".limit.mix[1].stages",
                "needs `stages`",
                "",
            ),
            (
                "limit = { value = 9, mix = [{ stages = [\"plan\"] }] }",
                ".limit.mix[1]",
                "needs one of `most`",
                "",
            ),
            (
                "limit = { value = 9, mix = [{ stages = [], most = 2 }] }",
                ".limit.mix[1].stages",
                "names no stage",
                "",
            ),
            (
                "limit = { value = 9, mix = [{ stages = [\"pan\"], most = 2 }] }",
                ".limit.mix[1].stages",
                "no stage \"pan\"",
                "\"plan\"",
            ),
            (
                "limit = { value = 9, mix = [{ stages = [\"plan\"], share_of_points = 0.5 }] }",
                ".limit.mix[1].share_of_points",
                "needs a limit in points",
                "",
            ),
            (
                "limit = { measure = \"points\", mix = [{ stages = [\"plan\"], share_of_points = 0.5 }] }",
                ".limit.mix[1].share_of_points",
                "needs a limit in points with a number",
                "",
            ),
            (
                "limit = { value = 9, suspended_when = { vacancy_above = 0.2, until_below = 0.3 } }",
                ".limit.suspended_when.until_below",
                "ends below 0.3",
                "`vacancy_above`",
            ),
            (
                "limit = { value = 9, suspended_when = {} }",
                ".limit.suspended_when.vacancy_above",
                "needs `vacancy_above`",
                "",
            ),
            (
                "limit = { value = 9, tolerates = { per = \"team\" } }",
                ".limit.tolerates.cases",
                "needs `cases`",
                "",
            ),
            (
                "limit = { value = 9, family_overshoot = -1 }",
                ".limit.family_overshoot",
                "negative",
                "",
            ),
        ],
    );
}

#[test]
fn a_limit_whose_parts_do_nothing_is_warned_of() {
    told(
        Severity::Warning,
        &[
            (
                "limit = { patience = \"2 days\" }",
                ".limit.patience",
                "without a number or a mix",
                "`value`",
            ),
            (
                "limit = { tolerates = 3 }",
                ".limit.tolerates",
                "without a number or a mix",
                "",
            ),
            (
                "meeting = \"daily\"\ndiscussion = { from = 1, to = 2 }\nlimit = { patience = \"2 days\", suspended_when = { vacancy_above = 0.2 } }",
                ".limit.suspended_when",
                "lifts nothing",
                "",
            ),
            (
                "limit = { level = \"team-mean\", mix = [{ stages = [\"plan\"], most = 2 }] }",
                ".limit.level",
                "without a number",
                "",
            ),
            (
                "limit = { family_overshoot = 1, mix = [{ stages = [\"plan\"], most = 2 }] }",
                ".limit.family_overshoot",
                "without a number",
                "",
            ),
            (
                "limit = { value = 9, split_after = \"5 working days\" }",
                ".limit.split_after",
                "without `family_overshoot`",
                "",
            ),
            (
                "limit = { value = 16, measure = \"hours\" }",
                ".limit.measure",
                "16 times their time",
                "",
            ),
        ],
    );
    // A manager who waits for those who decline has a patience without a number.
    let text =
        "meeting = \"daily\"\ndiscussion = { from = 1, to = 2 }\nlimit = { patience = \"2 days\" }";
    assert!(problems(text).is_empty());
    let light = SERVICE
        .replace("weight = 2\n", "")
        .replace("weight = 4\n", "");
    let text = format!("{light}[policies.p]\nlimit = {{ value = 9, measure = \"points\" }}\n");
    let warned = Document::parse("x", &text)
        .unwrap()
        .warnings()
        .render(false);
    assert!(
        warned.contains("weighs 1 point, so that this counts cases"),
        "{warned}"
    );
}

#[test]
fn wrong_choices_are_refused() {
    told(
        Severity::Error,
        &[
            ("never_queue = []", ".never_queue", "names no stage", ""),
            (
                "never_queue = [\"cour\"]",
                ".never_queue",
                "no stage \"cour\"",
                "\"court\"",
            ),
            (
                "never_queue = \"court\"",
                ".never_queue",
                "list of names",
                "",
            ),
            (
                "allocation = \"perceived\"",
                ".allocation.choice",
                "how wrongly",
                "error = 0.3",
            ),
            (
                "allocation = \"matchd\"",
                ".allocation",
                "not known",
                "\"matched\"",
            ),
            (
                "allocation = { choice = \"random\", error = 0.3 }",
                ".allocation.error",
                "says nothing of allocation that is random",
                "\"perceived\"",
            ),
            (
                "allocation = { choice = \"perceived\", by = \"points\", error = 0.3 }",
                ".allocation",
                "exclude",
                "",
            ),
            (
                "allocation = { choice = \"matched\", by = \"points\" }",
                ".allocation.by",
                "that is matched",
                "\"least-loaded\"",
            ),
            (
                "discussion = { from = 0.9, to = 1.3 }",
                ".discussion",
                "needs a meeting",
                "\"daily\"",
            ),
            (
                "teams.north.discussion = { from = 0.9, to = 1.3 }",
                ".teams.north.discussion",
                "needs a meeting",
                "",
            ),
            (
                "meeting = \"daily\"\ndiscussion = { from = 1.3, to = 0.9 }",
                ".discussion.from",
                "nobody up to 1.3",
                "at most `to`",
            ),
            (
                "meeting = \"daily\"\ndiscussion = { from = 1.3 }",
                ".discussion.to",
                "needs `to`",
                "",
            ),
            (
                "lend_after = \"10 days\"",
                ".lend_after",
                "working days",
                "",
            ),
            (
                "order = { rises_after = 3 }",
                ".order.rises_after",
                "a time needs its unit",
                "\"3 days\"",
            ),
            (
                "order = { rises_after = \"10 workng days\" }",
                ".order.rises_after",
                "not a unit of time",
                "",
            ),
            ("meeting = \"dayly\"", ".meeting", "not known", "\"daily\""),
            (
                "cut = [\"strain -> leving\"]",
                ".cut[1]",
                "not known",
                "\"strain -> leaving\"",
            ),
            (
                "teams.nort.limit = 3",
                ".teams.nort",
                "no team \"nort\"",
                "\"north\"",
            ),
            (
                "teams.north.meeting = \"daily\"",
                ".teams.north.meeting",
                "not a key",
                "",
            ),
        ],
    );
}

#[test]
fn wrong_rules_are_refused() {
    told(
        Severity::Error,
        &[
            (
                "threshold = { waiting_above = 40 }",
                ".threshold.screened_out",
                "needs `screened_out`",
                "",
            ),
            (
                "threshold = { waiting_above = 40, until_below = 50, screened_out = 0.3 }",
                ".threshold.until_below",
                "ends below 50",
                "`waiting_above`",
            ),
            (
                "threshold = { waiting_above = 40, screened_out = 30 }",
                ".threshold.screened_out",
                "at most 1",
                "write 0.30",
            ),
            (
                "threshold = { waiting_above = 40, screened_out = 0.3, comes_back = { share = 0.5, delay = \"9 days\" } }",
                ".threshold.comes_back.stage",
                "needs `stage`",
                "",
            ),
            (
                "threshold = { waiting_above = 40, screened_out = 0.3, comes_back = { share = 0.5, delay = \"9 days\", stage = \"pln\" } }",
                ".threshold.comes_back.stage",
                "no stage \"pln\"",
                "\"plan\"",
            ),
            (
                "threshold = { waiting_above = 0, screened_out = 1, comes_back = { share = 1, delay = \"0 days\", stage = \"plan\" } }",
                ".threshold.comes_back.delay",
                "in no time at all",
                "`delay` a length above 0",
            ),
            (
                "threshold = { waiting_above = 0, screened_out = 0.3, comes_back = { share = 0.5, delay = { law = \"empirical\", values = [\"0 days\", \"9 days\"] }, stage = \"plan\" } }",
                ".threshold.comes_back.delay",
                "in no time at all",
                "returns = false",
            ),
            (
                "relief = { workers = 4, above = 50, waited = \"28 days\", lead = \"14 days\" }",
                ".relief.until_below",
                "needs `until_below`",
                "",
            ),
            (
                "relief = { workers = 4, above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 52 }",
                ".relief.until_below",
                "below 52",
                "one more",
            ),
            (
                "relief = { workers = 4, grade = \"newly\", above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 5 }",
                ".relief.grade",
                "another grade",
                "`becomes`",
            ),
            (
                "relief = { workers = 0, above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 5 }",
                ".relief.workers",
                "from 1",
                "",
            ),
            (
                "monitoring = \"0.4 days\"",
                ".monitoring",
                "whole number of days",
                "\"14 days\"",
            ),
            (
                "monitoring = \"10.5 days\"",
                ".monitoring",
                "whole number of days",
                "live",
            ),
            (
                "monitoring = \"fortnightly\"",
                ".monitoring",
                "not a time",
                "",
            ),
            ("manager_holds = -1", ".manager_holds", "negative", ""),
            (
                "manager_holds = { units = 3, speed = 2 }",
                ".manager_holds.speed",
                "at most 1",
                "",
            ),
        ],
    );
    let unmanaged = SERVICE.replace("[managers]\nspan = 6\n", "");
    let text = format!("{unmanaged}[policies.p]\nmanager_holds = 3\n");
    let refused = Document::parse("x", &text).unwrap_err().render(false);
    assert!(refused.contains("a manager with no span"), "{refused}");
    let agency = SERVICE.find("[agency]").unwrap();
    let relief = "relief = { workers = 4, above = 50, waited = \"28 days\", lead = \"14 days\", until_below = 5 }";
    let text = format!("{}[policies.p]\n{relief}\n", &SERVICE[..agency]);
    let refused = Document::parse("x", &text).unwrap_err().render(false);
    assert!(
        refused.contains("of which grade these workers are"),
        "{refused}"
    );
}

#[test]
fn wrong_dates_and_wrong_changes_are_refused() {
    let change = |from: &str, rest: &str| format!("[[policies.p.change]]\nfrom = {from}\n{rest}\n");
    let october = change("2026-10-01", "meeting = \"daily\"");
    let twice = format!("{october}{october}");
    let back = format!("{october}{}", change("2026-07-01", "meeting = \"Friday\""));
    let early = change("2026-03-01", "meeting = \"daily\"");
    let late = change("2028-04-01", "meeting = \"daily\"");
    let silent = format!(
        "meeting = \"daily\"\ndiscussion = {{ from = 0.9, to = 1.3 }}\n{}",
        change("2026-10-01", "meeting = \"at once\"")
    );
    let partial = change("2026-10-01", "threshold = { screened_out = 0.3 }");
    let unknown = change("2026-10-01", "without = [\"limt\"]");
    let dropped = format!(
        "limit = 9\n{}",
        change("2026-10-01", "without = [\"limt\"]")
    );
    let lost = "[[policies.p.change]]\nmeeting = \"daily\"\n".to_owned();
    let described = change("2026-10-01", "description = \"x\"");
    told(
        Severity::Error,
        &[
            (
                &twice,
                ".change",
                "overlapping dates: two changes begin on 2026-10-01",
                "one for each date",
            ),
            (
                &back,
                ".change",
                "overlapping dates: this change begins on 2026-07-01",
                "order",
            ),
            (
                &early,
                ".change[1].from",
                "before the start, 2026-04-01",
                "2028-03-31",
            ),
            (
                &late,
                ".change[1].from",
                "after the last day, 2028-03-31",
                "from 2026-04-01",
            ),
            (&silent, ".change[1].discussion", "needs a meeting", ""),
            (
                &partial,
                ".change[1].threshold.waiting_above",
                "needs `waiting_above`",
                "",
            ),
            (
                &unknown,
                ".change[1].without",
                "nothing inherited is called \"limt\"",
                "",
            ),
            (
                &dropped,
                ".change[1].without",
                "nothing inherited is called \"limt\"",
                "\"limit\"",
            ),
            (&lost, ".change[1].from", "needs `from`", ""),
            (&described, ".change[1].description", "not a key", ""),
        ],
    );
}

#[test]
fn wrong_staffing_is_refused() {
    let entry = |text: &str| format!("[[policies.p.staffing]]\nfrom = 2026-10-01\n{text}\n");
    let frozen = entry("freeze = true\nuntil = 2027-04-01");
    let overlapping = format!("{frozen}{}", entry("team = \"north\"\nfreeze = true"));
    let more = format!(
        "{}{}",
        entry("team = \"north\"\ntake = 5"),
        entry("take = 6")
    );
    let cases: Vec<(String, &str, &str, &str)> = vec![
        (entry(""), "[1]", "changes nothing", "freeze"),
        (entry("freeze = false"), "[1]", "changes nothing", ""),
        (
            entry("until = 2026-10-01\nfreeze = true"),
            "[1].until",
            "ends on 2026-10-01",
            "after `from`",
        ),
        (
            entry("team = \"north\"\ngrade = \"worker\"\nadd = 2\nfilled = 3"),
            "[1].filled",
            "3 posts are filled of 2",
            "at most `add`",
        ),
        (
            entry("freeze = true\nfilled = 3"),
            "[1].filled",
            "without `add`",
            "",
        ),
        (
            entry("grade = \"worker\"\nadd = 2"),
            "[1].add",
            "need a team",
            "north, south",
        ),
        (
            entry("team = \"north\"\nadd = 2"),
            "[1].add",
            "need a grade",
            "worker",
        ),
        (
            entry("team = \"north\"\ngrade = \"agency\"\nadd = 2"),
            "[1].grade",
            "no posts of their own",
            "",
        ),
        (
            entry("take = 2\nuntil = 2027-01-01"),
            "[1].until",
            "for good",
            "",
        ),
        (
            entry("team = \"south\"\ntake = 5"),
            "[1].take",
            "5 posts are taken of 4",
            "fewer",
        ),
        (more, "[2].take", "6 posts are taken of 5", ""),
        (
            entry("team = \"north\"\ntime_to_fill = \"9 days\""),
            "[1].time_to_fill",
            "whole service",
            "without team",
        ),
        (
            entry("grade = \"worker\"\nhandover = \"9 days\""),
            "[1].handover",
            "whole service",
            "",
        ),
        (overlapping, "[2].freeze", "overlapping dates", "`until`"),
        (
            entry("direct_share = 62"),
            "[1].direct_share",
            "at most 1",
            "0.62",
        ),
    ];
    for (text, key, what, remedy) in &cases {
        let key = format!(".staffing{key}");
        told(Severity::Error, &[(text.as_str(), &key, what, remedy)]);
    }
    let unfilled = SERVICE.replace("[recruitment]\ntime_to_fill = \"90 days\"\n", "");
    for (text, what) in [
        ("time_to_fill = \"9 days\"", "no time to fill to change"),
        ("freeze = true", "a freeze does nothing"),
    ] {
        let text = format!("{unfilled}[policies.p]\n{}", entry(text));
        let found = match Document::parse("x", &text) {
            Ok(document) => document.warnings().render(false),
            Err(problems) => problems.render(false),
        };
        assert!(found.contains(what), "{found}");
    }
    // Different teams, and one after the other, do not overlap.
    let apart = format!(
        "{}{}{}",
        entry("team = \"north\"\nfreeze = true\nuntil = 2027-01-01"),
        entry("team = \"south\"\nfreeze = true"),
        "[[policies.p.staffing]]\nfrom = 2027-01-01\nteam = \"north\"\nfreeze = true\n"
    );
    assert!(problems(&apart).is_empty(), "{}", problems(&apart));
}

#[test]
fn what_a_policy_says_in_vain_is_warned_of() {
    told(
        Severity::Warning,
        &[
            (
                "allocation = { choice = \"matched\", heavy_from = 9 }",
                ".allocation.heavy_from",
                "no stage weighs as much",
                "`weight`",
            ),
            (
                "allocation = { choice = \"matched\", heavy_from = 0.5 }",
                ".allocation.heavy_from",
                "every stage weighs as much",
                "",
            ),
        ],
    );
    let one_team = SERVICE.replace("[areas]\neast = 0.5\nwest = 0.5\n[teams.north]\narea = \"east\"\n[teams.south]\narea = \"west\"\n", "")
        .replace("team = \"north\"\n", "")
        .replace("team = \"south\"\n", "");
    for (text, what) in [
        ("lend_after = \"10 working days\"", "taken by one team only"),
        ("teams.service.limit = 9", "there is one team"),
    ] {
        let text = format!("{one_team}[policies.p]\n{text}\n");
        let document = Document::parse("x", &text).unwrap_or_else(|p| panic!("{p}"));
        let warned = document.warnings().render(false);
        assert!(warned.contains(what), "{text}: {warned}");
    }
}

#[test]
fn a_hard_limit_starves_the_lowest_priority_in_the_phase_and_team_that_have_it() {
    let service = SERVICE.replace("[stages.plan]\n", "[stages.plan]\npriority = 1\n");
    let warned = |text: &str| {
        let text = format!("{service}[policies.p]\n{text}\n");
        let document = Document::parse("x", &text).unwrap_or_else(|p| panic!("{p}"));
        document.warnings().clone()
    };
    let starving = |text: &str| {
        let list = warned(text);
        let count = list
            .iter()
            .filter(|p| p.what.contains("may wait for years"))
            .count();
        assert_eq!(count, list.len(), "{list}");
        count
    };
    assert_eq!(starving("limit = 9"), 1);
    assert_eq!(
        starving("limit = { mix = [{ stages = [\"plan\"], most = 2 }] }"),
        1
    );
    for text in [
        "limit = { value = 9, patience = \"9 days\" }",
        "limit = { value = 9, tolerates = 4 }",
        "limit = 9\norder = { rises_after = \"10 working days\" }",
        "limit = 9\nnever_queue = [\"plan\"]",
        "limit = 9\nteams.north.without = [\"limit\"]\nteams.south.limit = { patience = \"9 days\" }",
    ] {
        assert_eq!(starving(text), 0, "{text}");
    }
    // A phase that keeps a limit does not repeat its warning; one that makes it hard has its own.
    let change = "[[policies.p.change]]\nfrom = 2026-10-01\n";
    assert_eq!(
        starving(&format!("limit = 9\n{change}meeting = \"daily\"")),
        1
    );
    let hard = format!(
        "limit = {{ value = 9, patience = \"9 days\" }}\n{change}without = [\"limit.patience\"]"
    );
    assert_eq!(starving(&hard), 1);
    assert_eq!(starving("teams.south.limit = 9"), 1);
}

#[test]
fn all_problems_of_a_policy_come_at_once_and_each_once() {
    let text = "limit = { value = 9, suspended_when = { vacancy_above = 0.2, until_below = 0.3 } }\n\
                never_queue = []\nmanager_holds = { units = 3, speed = 2 }\n\
                teams.north.order = { rises_after = \"1 working day\" }\n\
                [[policies.p.change]]\nfrom = 2025-10-01\nmeeting = \"daily\"\n\
                [[policies.p.staffing]]\nfrom = 2026-10-01\ntake = 90\n";
    let problems = problems(text);
    assert_eq!(problems.len(), 5, "{problems}");
    for part in [
        "ends below 0.3",
        "names no stage",
        "at most 1",
        "before the start",
        "90 posts",
    ] {
        assert!(problems.render(false).contains(part), "{part}: {problems}");
    }
}
