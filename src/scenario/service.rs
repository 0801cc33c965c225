//! From a merged tree to the service as checked: assembles the sections and holds them against
//! each other.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::model::calendar::Calendar;
use crate::scenario::catalogue::FILE;
use crate::scenario::fit::Service;
use crate::scenario::home::Home;
use crate::scenario::names::{Names, join};
use crate::scenario::node::{Node, Table};
use crate::scenario::problem::{Problem, Severity, Span, error};
use crate::scenario::quantity::Reader;
use crate::scenario::sections::{
    Arrivals, Cost, Managers, Opening, Overload, Overtime, Scenario, StaffAtStart, Strain,
};
use crate::scenario::size::{
    EVENT_LIMIT, FEW, MEMORY_LIMIT, Played, estimate, events_in_words, memory_in_words,
};
use crate::scenario::view::View;
use crate::scenario::{flow, policies, staff, stages};
use crate::text::{is_like_formula, look, same_letters};

/// Assembles a scenario.
///
/// * `tree` - merged; its single values have been checked
/// * `name` - of the scenario
/// * `whole` - the span that stands for the file as a whole
/// * returns - nothing where a value is missing or wrong; all problems between values are added
pub fn assemble(
    tree: &Table,
    name: &str,
    reader: Reader<'_>,
    whole: Span,
    problems: &mut Vec<Problem>,
) -> Option<Scenario> {
    let names = Names::of(tree);
    let homes = tree
        .table("policies")
        .map(|policies| Home::all("policies", policies))
        .unwrap_or_default();
    let reader = Reader {
        homes: &homes,
        ..reader
    };
    let view = View {
        reader,
        names: &names,
        table: Some(tree),
        section: &FILE,
        path: String::new(),
        span: whole,
    };
    let calendar = calendar(&view, problems);
    let stages_view = view.section("stages");
    let stages = stages_view
        .as_ref()
        .and_then(|v| stages::stages(v, problems));
    let full_time_hours = view.number("full_time_hours_per_week");
    let grades_view = view.section("grades");
    let grades = grades_view
        .as_ref()
        .and_then(|v| staff::grades(v, full_time_hours.unwrap_or(37.0), problems));
    let agency_view = view.section("agency");
    let agency_grade = agency_view.as_ref().and_then(|v| v.name("grade"));
    let posts = staff::posts(&view, agency_grade, problems);
    let teams = staff::teams(&view, problems);
    let recruitment = view
        .section("recruitment")
        .map(|v| staff::recruitment(&v, agency_grade, problems));
    let opening = match view.section("opening") {
        Some(v) => flow::opening(&v, problems),
        None => Some(Opening::Counts(vec![0; names.stages.len()])),
    };
    let returns = view.section("return").map(|v| flow::returns(&v));
    let service = Service {
        stages: stages.as_deref().unwrap_or_default(),
        teams: teams.as_deref().unwrap_or_default(),
        grades: grades.as_deref().unwrap_or_default(),
        posts: posts.as_deref().unwrap_or_default(),
        agency: agency_grade,
        has_recruitment: recruitment.is_some(),
        has_managers: view.has("managers"),
        calendar: calendar.as_ref(),
    };
    let policies = policies::policies(&view, &service, problems);
    if let (Some(v), Some(grades)) = (&grades_view, &grades) {
        staff::check_grades(v, grades, agency_grade, view.has("absence"), problems);
    }
    check_evidence(&view, tree, problems);
    check_names(&view, tree, problems);
    // What needs the calendar comes last: without a proper start there is none.
    let calendar = calendar?;
    let referrals = view
        .section("referrals")
        .and_then(|v| flow::referrals(&v, &calendar, problems));
    let targets = policies::targets(&view, &calendar, problems);
    let (stages, referrals, opening) = (stages?, referrals?, opening?);
    let mut entries: Vec<usize> = referrals.first_stage.iter().map(|(s, _)| *s).collect();
    if let Arrivals::Replay { families } = &referrals.arrivals {
        entries.extend(families.iter().filter_map(|f| f.stage));
    }
    match &opening {
        Opening::Counts(counts) => {
            entries.extend((0..counts.len()).filter(|s| counts[*s] > 0));
        }
        Opening::Mix { stages, .. } => entries.extend(stages.iter().map(|(s, _)| *s)),
        Opening::Listed(cases) => entries.extend(cases.iter().map(|c| c.stage)),
    }
    if let Some(Some(returns)) = &returns {
        entries.extend(returns.to.iter().map(|(s, _)| *s));
    }
    if let Some(v) = &stages_view {
        stages::check_pathway(v, &stages, &entries, problems);
    }
    let scenario = Scenario {
        name: name.to_owned(),
        title: view.text("title").unwrap_or_else(|| name.to_owned()),
        description: view.text("description"),
        full_time_hours: full_time_hours?,
        referrals,
        stages,
        areas: staff::areas(&view)?,
        area_names: names.areas.clone(),
        teams: teams?,
        returns: match returns {
            Some(returns) => Some(returns?),
            None => None,
        },
        handover_days: view.number("handover")?,
        opening,
        closed_lately_per_month: view.number("closed_lately_per_month").unwrap_or(0.0),
        grades: grades?,
        posts: posts?,
        absence: match view.section("absence") {
            Some(v) => Some(staff::absence(&v)?),
            None => None,
        },
        recruitment: match recruitment {
            Some(recruitment) => Some(recruitment?),
            None => None,
        },
        agency: match agency_view {
            Some(v) => Some(staff::agency(&v)?),
            None => None,
        },
        strain: strain(&view.section("strain")?)?,
        overload: overload(&view.section("overload")?)?,
        managers: match view.section("managers") {
            Some(v) => Some(Managers {
                span: v.number("span")?,
                supervision_hours_per_week: v.number("supervision_hours_per_week"),
            }),
            None => None,
        },
        cost: match view.section("cost") {
            Some(v) => Some(cost(&v)?),
            None => None,
        },
        guideline: view.number("guideline"),
        waiting_mark_working_days: view.working_days("waiting_mark")?,
        staff_at_start: match view.text("staff_at_start")?.as_str() {
            "fresh" => StaffAtStart::Fresh,
            _ => StaffAtStart::Settled,
        },
        policies: policies?,
        targets,
        run: policies::run_defaults(&view.section("run")?)?,
        calendar,
    };
    check_whole(&view, &scenario, problems);
    check_prices(&view, &scenario, problems);
    Some(scenario)
}

fn calendar(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Calendar> {
    let start = view.date("start")?;
    let holidays: Vec<Date> = view
        .items("holidays")
        .iter()
        .filter_map(Node::as_date)
        .collect();
    if start.day() != 1 {
        let first = start.first_of_month();
        let what = format!("the start must be the first of a month, and is {start}");
        problems.push(view.problem(
            Severity::Error,
            "start",
            what,
            &format!("write start = {first}"),
        ));
        return None;
    }
    let (warm_up, months) = (view.whole("warm_up_months")?, view.whole("months")?);
    if !(1000..=8000).contains(&start.year()) {
        let what = format!("{start} is too far from our time");
        problems.push(view.problem(
            Severity::Error,
            "start",
            what,
            "take a year from 1000 to 8000",
        ));
        return None;
    }
    Calendar::new(start, warm_up, months, &holidays)
}

fn strain(view: &View<'_>) -> Option<Strain> {
    Some(Strain {
        gain: view.number("gain")?,
        onset: view.number("onset")?,
        tau_days: view.number("tau")?,
        frailty: view.number("frailty")?,
        b_leave: view.number("b_leave")?,
        b_absence: view.number("b_absence")?,
        burnout_base: view.number("burnout_base")?,
        hazard_max_per_year: view.number("hazard_max_per_year")?,
    })
}

fn overload(view: &View<'_>) -> Option<Overload> {
    Some(Overload {
        loss: view.number("loss")?,
        floor: view.number("floor")?,
        overtime_max: view.number("overtime_max")?,
        overtime: match view.text("overtime")?.as_str() {
            "paid" => Overtime::Paid,
            "unpaid" => Overtime::Unpaid,
            _ => Overtime::Toil,
        },
        toil_back: view.number("toil_back")?,
        toil_max_hours: view.number("toil_max_hours"),
        thin: view.number("thin")?,
        speed_max: view.number("speed_max")?,
        serve_by_priority: view.flag("serve_by_priority")?,
    })
}

/// Prices that can never apply: they would let a user believe that something is paid for.
fn check_prices(view: &View<'_>, scenario: &Scenario, problems: &mut Vec<Problem>) {
    let (Some(prices), Some(cost)) = (view.section("cost"), scenario.cost) else {
        return;
    };
    let overload = &scenario.overload;
    let is_worked = overload.overtime_max > 0.0;
    let mut changes = scenario.policies.iter().map(|policy| &policy.staffing);
    let never = [
        (
            "per_overtime_hour",
            cost.per_overtime_hour > 0.0 && !(is_worked && overload.overtime == Overtime::Paid),
            "no overtime is paid in this scenario, so this price never applies",
            "write overtime = \"paid\" in [overload], or remove the price",
        ),
        (
            "per_toil_hour",
            cost.per_toil_hour.is_some_and(|price| price > 0.0)
                && !(is_worked && overload.overtime == Overtime::Toil),
            "no time off in lieu is owed in this scenario, so this price never applies",
            "write overtime = \"toil\" in [overload], or remove the price",
        ),
        (
            "per_hire",
            cost.per_hire > 0.0
                && scenario.recruitment.is_none()
                && changes.all(|changes| changes.is_empty()),
            "nobody is recruited in this scenario, so this price never applies",
            "add [recruitment], or remove the price",
        ),
    ];
    for (key, is_idle, what, remedy) in never {
        if is_idle {
            problems.push(prices.problem(Severity::Warning, key, what.to_owned(), remedy));
        }
    }
}

fn cost(view: &View<'_>) -> Option<Cost> {
    Some(Cost {
        per_hire: view.number("per_hire")?,
        per_overtime_hour: view.number("per_overtime_hour")?,
        per_toil_hour: view.number("per_toil_hour"),
        per_unallocated_day: view.number("per_unallocated_day")?,
    })
}

/// Names that a reader takes for one another, and names that a spreadsheet takes for formulas.
fn check_names(view: &View<'_>, tree: &Table, problems: &mut Vec<Problem>) {
    for key in ["stages", "grades", "teams", "policies", "areas"] {
        let entries = tree.table(key).map(|table| table.entries.as_slice());
        let named = entries.unwrap_or_default().iter();
        let named = named.map(|entry| (entry.key.as_str(), entry.key_span));
        let single = tree
            .get(key)
            .and_then(|node| Some((node.as_text()?, node.span)));
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for (name, span) in named.chain(single) {
            let path = join(key, name);
            let mut tell = |severity, what, remedy: &str| {
                problems.push(Problem {
                    severity,
                    ..error(&path, span, what, remedy.to_owned())
                });
            };
            if is_like_formula(name) {
                let what = format!("a spreadsheet may take the name \"{name}\" for a formula");
                let remedy = "begin it with a letter or a digit";
                tell(Severity::Warning, what, remedy);
            }
            let Some(other) = seen.insert(look(name), name) else {
                continue;
            };
            if same_letters(other, name) {
                let what = format!(
                    "\"{other}\" stands here twice: the same letters in different encodings"
                );
                let remedy = "copy the name from where it stands first, so that both are the same characters";
                tell(Severity::Error, what, remedy);
            } else {
                let how = match other.to_lowercase() == name.to_lowercase() {
                    true => "differ only in capital letters",
                    false => "look alike",
                };
                let what = format!("\"{other}\" and \"{name}\" {how}");
                let remedy =
                    "if they are one, write them alike; if not, name one of them otherwise";
                tell(Severity::Warning, what, remedy);
            }
        }
    }
    if let Some(title) = tree.text("title").filter(|title| is_like_formula(title)) {
        let what = format!("a spreadsheet may take the title \"{title}\" for a formula");
        let remedy = "begin it with a letter or a digit";
        problems.push(view.problem(Severity::Warning, "title", what, remedy));
    }
}

/// Each key of `[evidence]` must speak of something in the file.
fn check_evidence(view: &View<'_>, tree: &Table, problems: &mut Vec<Problem>) {
    let Some(evidence) = view.section("evidence") else {
        return;
    };
    let known = crate::scenario::evidence::written_paths(tree);
    for (pattern, entry) in evidence.named() {
        let hit = known
            .iter()
            .any(|path| crate::scenario::evidence::covers(pattern, path).is_some());
        if !hit {
            let near = crate::scenario::key::nearest(pattern, known.iter().map(String::as_str));
            let remedy = match near {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => "write the whole path of a key, \"stages.assessment.work\"; * stands for any name".to_owned(),
            };
            let what = format!("nothing in this scenario is called \"{pattern}\"");
            problems.push(entry.problem(Severity::Error, "", what, &remedy));
        }
    }
}

/// What only the whole shows.
fn check_whole(view: &View<'_>, scenario: &Scenario, problems: &mut Vec<Problem>) {
    let returns_come = scenario
        .returns
        .as_ref()
        .is_some_and(|r| r.probability > 0.0);
    let is_open = match &scenario.opening {
        Opening::Counts(counts) => counts.iter().any(|c| *c > 0),
        Opening::Mix { total, .. } => *total > 0,
        Opening::Listed(cases) => !cases.is_empty(),
    };
    let settles = scenario.calendar.warm_up_months > 0 || view.has("closed_lately_per_month");
    if returns_come && is_open && !settles {
        let what = "the caseload will sag at first for want of returning cases".to_owned();
        let remedy = "give closed_lately_per_month (children closed a month before the start), or warm_up_months";
        problems.push(view.problem(Severity::Warning, "return", what, remedy));
    }
    if view.has("closed_lately_per_month") && scenario.returns.is_none() {
        let what = "closed_lately_per_month does nothing without [return]".to_owned();
        let remedy = "write [return], or remove it";
        problems.push(view.problem(Severity::Warning, "closed_lately_per_month", what, remedy));
    }
    for (at, posts) in scenario.posts.iter().enumerate() {
        if posts.filled > 0
            && !view.names.stages.is_empty()
            && scenario.stages.iter().all(|s| s.hours_per_week > 0.0)
        {
            let grade = &scenario.grades[posts.grade];
            if grade.direct_share == 0.0 {
                let what = format!(
                    "posts[{}] are held by workers with no time for direct work",
                    at + 1
                );
                let remedy = "they will be given no case; give their grade a direct_share above 0";
                problems.push(view.problem(Severity::Warning, "posts", what, remedy));
            }
        }
    }
    let size = estimate(scenario, &Played::least());
    let usual = Played::usual(scenario);
    let whole = estimate(scenario, &usual);
    if size.bytes > MEMORY_LIMIT {
        let what = format!(
            "one replication would need {}, and 8 GiB is the most that is begun",
            memory_in_words(size.bytes)
        );
        let remedy = "play fewer months, teams, stages or cases";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    } else if whole.bytes > MEMORY_LIMIT {
        let what = format!(
            "{} replications under {} policies would need {}, and 8 GiB is the most that is begun",
            usual.replications,
            usual.policies,
            memory_in_words(whole.bytes)
        );
        let few = match usual.replications > FEW as u64 {
            true => format!("; up to {FEW} replications need little"),
            false => String::new(),
        };
        let policies = if usual.policies > 1 {
            "policies, or "
        } else {
            ""
        };
        let remedy = format!("play fewer {policies}months, teams or stages{few}");
        problems.push(view.problem(Severity::Warning, "", what, &remedy));
    }
    if size.events > EVENT_LIMIT {
        let what = format!(
            "one replication would take {}, and 2000 million is the most that is begun",
            events_in_words(size.events)
        );
        let remedy = "play fewer months, referrals or posts, or longer stages";
        problems.push(view.problem(Severity::Error, "referrals", what, remedy));
    }
}
