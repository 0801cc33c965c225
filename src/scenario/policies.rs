//! Policies, targets and the defaults of a run.

use std::collections::BTreeSet;

use crate::model::calendar::Calendar;
use crate::policy::Policy;
use crate::policy::arrow::{Arrow, Cuts};
use crate::policy::choices::Phase;
use crate::policy::manager::ManagerHolds;
use crate::policy::meeting::Meeting;
use crate::policy::relief::Relief;
use crate::policy::threshold::{ComesBack, Threshold};
use crate::scenario::catalogue::policy::{POLICY, TEAM_CHOICES};
use crate::scenario::choices::choices;
use crate::scenario::fit::{Service, day};
use crate::scenario::key::Of;
use crate::scenario::limits::{per, trigger};
use crate::scenario::names::join;
use crate::scenario::node::Node;
use crate::scenario::phases::{Own, Written, phases};
use crate::scenario::problem::{Problem, Severity, Span, error};
use crate::scenario::sections::RunDefaults;
use crate::scenario::staffing::staffing;
use crate::scenario::target::{self, Target};
use crate::scenario::view::View;

/// Days of a weekly meeting, Monday first.
const WEEKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// The policies, in the order of the file; one without a limit where there are none.
pub fn policies(
    whole: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Vec<Policy>> {
    let named = whole
        .section("policies")
        .map(|v| v.named())
        .unwrap_or_default();
    if named.is_empty() {
        return Some(vec![Policy::without_limit("no limit")]);
    }
    // What stands in one policy or phase stands in those that start from it, and is told once.
    let mut told: BTreeSet<(Option<Span>, String)> = problems
        .iter()
        .map(|problem| (problem.span, problem.what.clone()))
        .collect();
    let read: Vec<Option<Policy>> = named
        .iter()
        .map(|(name, view)| {
            let mut found = Vec::new();
            let read = policy(name, view, service, &mut found);
            found.retain(|problem| told.insert((problem.span, problem.what.clone())));
            problems.append(&mut found);
            read
        })
        .collect();
    read.into_iter().collect()
}

fn policy(
    name: &str,
    view: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Policy> {
    let written = phases(view, problems);
    let phases: Vec<Option<Phase>> = written
        .iter()
        .map(|written| phase(name, view, written, service, problems))
        .collect();
    check_order(&written, &view.path, problems);
    let staffing = staffing(view, service, problems);
    let cuts = view
        .items("cut")
        .iter()
        .filter_map(|node| Arrow::by_name(node.as_text()?))
        .fold(Cuts::NONE, Cuts::with);
    Some(Policy {
        name: name.to_owned(),
        description: view.text("description"),
        phases: phases.into_iter().collect::<Option<_>>()?,
        staffing: staffing?,
        cuts,
    })
}

/// The choices of one phase.
fn phase(
    policy: &str,
    whole: &View<'_>,
    written: &Written,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Phase> {
    let view = whole.over(&written.service, &POLICY, &written.path, written.span);
    let from = match written.from {
        None => Some(0.0),
        Some((date, span)) => {
            let key = join(&written.path, "from");
            day(date, &key, span, service.calendar, problems)
        }
    };
    let meeting = view.text("meeting").map(|word| meeting(&word));
    let monitoring = monitoring(&view, problems);
    let held = match view.section("manager_holds") {
        Some(inner) => manager_holds(&inner, service, problems).map(Some),
        None => Some(None),
    };
    let threshold = match view.section("threshold") {
        Some(inner) => threshold(&inner, problems).map(Some),
        None => Some(None),
    };
    let relief = match view.section("relief") {
        Some(inner) => relief(&inner, service, problems).map(Some),
        None => Some(None),
    };
    let of = |own: &Own| view.names.index(Of::Team, &own.name);
    let owning: Vec<usize> = written.teams.iter().filter_map(of).collect();
    let others: Vec<usize> = (0..service.teams.len())
        .filter(|team| !owning.contains(team))
        .collect();
    let general = choices(&view, policy, &others, service, problems);
    let mut teams = vec![None; service.teams.len()];
    let mut is_whole = true;
    for own in &written.teams {
        let view = whole.over(&own.choices, &TEAM_CHOICES, &own.path, own.span);
        let team = view.names.index(Of::Team, &own.name);
        let whose: Vec<usize> = team.into_iter().collect();
        let read = choices(&view, policy, &whose, service, problems);
        is_whole &= read.is_some();
        if view.has("discussion") {
            check_meeting(&view, meeting, problems);
        }
        if let Some(place) = team.and_then(|team| teams.get_mut(team)) {
            *place = read;
        }
    }
    if view.has("discussion") {
        check_meeting(&view, meeting, problems);
    }
    if !written.teams.is_empty() && service.teams.len() == 1 {
        let own = &written.teams[0];
        let what = "there is one team, and it has choices of its own".to_owned();
        let remedy = "write them in the policy itself";
        let view = whole.over(&own.choices, &TEAM_CHOICES, &own.path, own.span);
        problems.push(view.problem(Severity::Warning, "", what, remedy));
    }
    Some(Phase {
        from: from?,
        meeting: meeting?,
        monitoring_days: monitoring?,
        manager_holds: held?,
        threshold: threshold?,
        relief: relief?,
        service: general?,
        teams: match written.teams.is_empty() {
            true => Vec::new(),
            false => Some(teams).filter(|_| is_whole)?,
        },
    })
}

fn check_meeting(view: &View<'_>, meeting: Option<Meeting>, problems: &mut Vec<Problem>) {
    if meeting == Some(Meeting::AtOnce) {
        let what = "a discussion needs a meeting, and cases are given out at once".to_owned();
        let remedy = "write meeting = \"daily\" or a day of the week, or remove the discussion";
        problems.push(view.problem(Severity::Error, "discussion", what, remedy));
    }
}

/// The changes must stand in the order of their dates.
fn check_order(written: &[Written], path: &str, problems: &mut Vec<Problem>) {
    let dated: Vec<_> = written.iter().filter_map(|w| w.from).collect();
    for pair in dated.windows(2) {
        let ((before, _), (date, span)) = (pair[0], pair[1]);
        if date <= before {
            let what = if date == before {
                format!("overlapping dates: two changes begin on {date}")
            } else {
                format!(
                    "overlapping dates: this change begins on {date}, and the one above it on {before}"
                )
            };
            let remedy = "put the changes in the order of their dates, one for each date";
            let key = join(path, "change");
            problems.push(error(&key, span, what, remedy.to_owned()));
        }
    }
}

/// * returns - nothing where it cannot be read; nothing inside where the figures are live
fn monitoring(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Option<u32>> {
    if !view.has("monitoring") || view.text("monitoring").is_some_and(|t| is_live(&t)) {
        return Some(None);
    }
    let days = view.number("monitoring")?;
    // A day that is not known is drawn between whole ones.
    let is_whole = days == days.trunc() || view.is_uncertain("monitoring");
    if !is_whole || days < 0.5 {
        let what = format!("figures are refreshed every whole number of days, and this is {days}");
        let remedy = "write \"14 days\", or \"live\"";
        problems.push(view.problem(Severity::Error, "monitoring", what, remedy));
    }
    Some(Some(days.round().max(1.0) as u32))
}

fn is_live(word: &str) -> bool {
    word.eq_ignore_ascii_case("live")
}

fn manager_holds(
    view: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<ManagerHolds> {
    if !service.has_managers {
        let what = "a manager with no span: nothing says how many managers there are".to_owned();
        let remedy = "write [managers] with a span, the posts for each manager";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    Some(ManagerHolds {
        units: view.whole("units")?,
        speed: view.number("speed")?,
        per: per(view)?,
    })
}

fn threshold(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Threshold> {
    let comes_back = match view.section("comes_back") {
        Some(inner) => comes_back(&inner).map(Some),
        None => Some(None),
    };
    let threshold = Threshold {
        waiting: trigger(view, "waiting_above", problems)?,
        screened_out: view.number("screened_out")?,
        screens_returns: view.flag("returns")?,
        comes_back: comes_back?,
    };
    if let Some(again) = &threshold.comes_back
        && threshold.screens_returns
        && threshold.screened_out > 0.0
        && again.share > 0.0
        && again.delay.may_be_zero()
    {
        let what = "these families are screened out, come back and are screened out again in no time at all";
        let remedy = "give `delay` a length above 0, or write returns = false in the threshold";
        let place = match view.section("comes_back") {
            Some(inner) => inner.problem(Severity::Error, "delay", what.to_owned(), remedy),
            None => view.problem(Severity::Error, "comes_back", what.to_owned(), remedy),
        };
        problems.push(place);
    }
    Some(threshold)
}

fn comes_back(view: &View<'_>) -> Option<ComesBack> {
    Some(ComesBack {
        share: view.number("share")?,
        delay: view.law("delay")?,
        stage: view.name("stage")?,
    })
}

fn relief(view: &View<'_>, service: &Service<'_>, problems: &mut Vec<Problem>) -> Option<Relief> {
    let grade = match view.has("grade") {
        true => view.name("grade"),
        false => service.agency,
    };
    if grade.is_none() && !view.has("grade") {
        let what = "nothing says of which grade these workers are".to_owned();
        let remedy = "write grade, or [agency] whose grade is taken";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    let later = grade.and_then(|g| service.grades.get(g));
    if later.is_some_and(|grade| grade.becomes.is_some()) {
        let what = "workers who come for a time cannot become another grade".to_owned();
        let remedy = "name a grade without `becomes`";
        problems.push(view.problem(Severity::Error, "grade", what, remedy));
    }
    let (above, until_below) = (view.number("above"), view.number("until_below"));
    if let (Some(above), Some(below)) = (above, until_below)
        && below > above + 1.0
    {
        let what = format!("they go below {below} cases, and come only above {above}");
        let remedy = "`until_below` must be at most one more than `above`";
        problems.push(view.problem(Severity::Error, "until_below", what, remedy));
    }
    Some(Relief {
        workers: view.whole("workers")?,
        grade: grade?,
        above: above?,
        waited_days: view.number("waited")?,
        lead_days: view.number("lead")?,
        until_below: until_below?,
        per: per(view)?,
    })
}

fn meeting(word: &str) -> Meeting {
    match WEEKDAYS.iter().position(|day| *day == word) {
        Some(day) => Meeting::Weekly { weekday: day as u8 },
        None if word == "daily" => Meeting::Daily,
        None => Meeting::AtOnce,
    }
}

/// The targets, in the order of the file.
pub fn targets(whole: &View<'_>, calendar: &Calendar, problems: &mut Vec<Problem>) -> Vec<Target> {
    let mut targets = Vec::new();
    for (at, node) in whole.items("targets").iter().enumerate() {
        let Some(text) = Node::as_text(node) else {
            continue;
        };
        match target::parse(text, &whole.names.teams, calendar) {
            Ok(target) => targets.push(target),
            Err((what, remedy)) => problems.push(Problem {
                severity: Severity::Error,
                what,
                remedy,
                key: format!("targets[{}]", at + 1),
                span: Some(node.span),
            }),
        }
    }
    targets
}

/// What is run unless the command line says otherwise.
pub fn run_defaults(view: &View<'_>) -> Option<RunDefaults> {
    Some(RunDefaults {
        replications: view.whole("replications")?,
        seed: view.whole("seed")?,
        replications_per_world: view.whole("replications_per_world")?,
    })
}

#[cfg(test)]
mod tests;
