//! What may differ from team to team: limit, allocation, discussion, order, lending.

use crate::policy::allocation::{Allocation, Load};
use crate::policy::choices::Choices;
use crate::policy::discussion::Discussion;
use crate::policy::limit::{Limit, Value};
use crate::policy::order::{Order, RisesAfter};
use crate::scenario::fit::Service;
use crate::scenario::limits::limit;
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::sections::Team;
use crate::scenario::view::View;

/// The choices of a policy or a team.
///
/// * `policy` - its name
/// * `whose` - indices of the teams for which they hold
/// * returns - nothing where a value is missing or wrong; what is wrong between values is told
pub fn choices(
    view: &View<'_>,
    policy: &str,
    whose: &[usize],
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Choices> {
    let limit = match view.section("limit") {
        Some(inner) => limit(&inner, service, view.has("discussion"), problems).map(Some),
        None => Some(None),
    };
    let never_queue = view.where_written("never_queue", |v, key| v.flags(key));
    if matches!(&never_queue, Some(Some(stages)) if !stages.contains(&true)) {
        let what = "`never_queue` names no stage".to_owned();
        let remedy = "name the stages that are given out at once, or remove it";
        problems.push(view.problem(Severity::Error, "never_queue", what, remedy));
    }
    let allocation = match view.section("allocation") {
        Some(inner) => allocation(&inner, service, problems),
        None => Some(Allocation::LeastLoaded { by: Load::Cases }),
    };
    let discussion = match view.section("discussion") {
        Some(inner) => discussion(&inner, problems).map(Some),
        None => Some(None),
    };
    let order = view.section("order").and_then(|order| {
        Some(Order {
            transfers_first: order.flag("transfers_first")?,
            rises_after: rises_after(&order)?,
        })
    });
    let lend = view.where_written("lend_after", |v, key| v.working_days(key));
    if lend.is_some_and(|days| days.is_some()) {
        check_lending(view, whose, service, problems);
    }
    let choices = Choices {
        limit: limit?,
        never_queue: never_queue?.unwrap_or_default(),
        allocation: allocation?,
        discussion: discussion?,
        order: order?,
        lend_after_working_days: lend?,
    };
    check_starving(view, policy, whose, &choices, service, problems);
    Some(choices)
}

/// * returns - nothing where it is written and cannot be read
fn rises_after(view: &View<'_>) -> Option<Option<RisesAfter>> {
    view.where_written("rises_after", |view, key| {
        let in_days = || view.number(key).map(RisesAfter::Days);
        let in_working_days = view.working_days(key).map(RisesAfter::WorkingDays);
        in_working_days.or_else(in_days)
    })
}

fn allocation(
    view: &View<'_>,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) -> Option<Allocation> {
    let choice = view.text("choice")?;
    let said = [
        ("by", "least-loaded"),
        ("heavy_from", "matched"),
        ("error", "perceived"),
    ];
    // Of several one is told already that they exclude each other.
    let is_one = said.iter().filter(|(key, _)| view.has(key)).count() == 1;
    for (key, of) in said {
        if view.has(key) && choice != of && is_one {
            let what = format!("`{key}` says nothing of allocation that is {choice}");
            let remedy = format!("remove it, or write choice = \"{of}\"");
            problems.push(view.problem(Severity::Error, key, what, &remedy));
        }
    }
    let weights = || service.stages.iter().map(|stage| stage.weight);
    let heaviest = weights().fold(0.0, f64::max);
    Some(match choice.as_str() {
        "round-robin" => Allocation::RoundRobin,
        "random" => Allocation::Random,
        "matched" => {
            let heavy_from = match view.has("heavy_from") {
                true => view.number("heavy_from")?,
                false => heaviest,
            };
            let heavy = weights().filter(|weight| *weight >= heavy_from).count();
            let what = match heavy {
                0 => Some("no stage weighs as much: every case goes to the least loaded"),
                all if all == service.stages.len() => {
                    Some("every stage weighs as much: every case goes to the longest in post")
                }
                _ => None,
            };
            if let Some(what) = what.filter(|_| !service.stages.is_empty()) {
                let key = match view.has("heavy_from") {
                    true => "heavy_from",
                    false => "choice",
                };
                let remedy = "give stages a `weight`, and `heavy_from` a number between";
                problems.push(view.problem(Severity::Warning, key, what.to_owned(), remedy));
            }
            Allocation::Matched { heavy_from }
        }
        "perceived" => {
            if !view.has("error") {
                let what = "how wrongly a manager sees the loads is not said".to_owned();
                let remedy = "write allocation = { choice = \"perceived\", error = 0.3 }";
                problems.push(view.problem(Severity::Error, "choice", what, remedy));
            }
            Allocation::Perceived {
                error: view.number("error")?,
            }
        }
        _ => Allocation::LeastLoaded {
            by: match view.text("by")?.as_str() {
                "points" => Load::Points,
                _ => Load::Cases,
            },
        },
    })
}

fn discussion(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Discussion> {
    let (from, to) = (view.number("from")?, view.number("to")?);
    if from > to {
        let what = format!("everybody declines from {to} on, and nobody up to {from}");
        let remedy = "`from` must be at most `to`";
        problems.push(view.problem(Severity::Error, "from", what, remedy));
    }
    Some(Discussion { from, to })
}

/// Lending needs another team that takes the same stage.
fn check_lending(
    view: &View<'_>,
    whose: &[usize],
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) {
    let takers = |stage: usize| {
        let takes = service.teams.iter().filter(|t| t.takes.contains(&stage));
        takes.count()
    };
    let lends = |from: usize| {
        let takes = service.teams.get(from).map(|t| t.takes.as_slice());
        takes.unwrap_or_default().iter().any(|s| takers(*s) > 1)
    };
    if !whose.is_empty() && !whose.iter().any(|team| lends(*team)) {
        let what = "`lend_after` does nothing: each stage is taken by one team only".to_owned();
        let remedy = "remove it, or let another team take the same stages";
        problems.push(view.problem(Severity::Warning, "lend_after", what, remedy));
    }
}

/// A hard limit keeps the lowest priority waiting while others come.
fn check_starving(
    view: &View<'_>,
    policy: &str,
    whose: &[usize],
    choices: &Choices,
    service: &Service<'_>,
    problems: &mut Vec<Problem>,
) {
    if !choices.limit.as_ref().is_some_and(is_hard) || choices.order.rises_after.is_some() {
        return;
    }
    let is_mixed = |team: &Team| {
        let queued = team.takes.iter().filter(|s| !choices.is_never_queued(**s));
        let mut priorities = queued.filter_map(|s| Some(service.stages.get(*s)?.priority));
        let first = priorities.next();
        priorities.any(|priority| Some(priority) != first)
    };
    if whose
        .iter()
        .filter_map(|t| service.teams.get(*t))
        .any(is_mixed)
    {
        let what = format!("under \"{policy}\" the stages of lowest priority may wait for years");
        let remedy = "a hard limit starves them; add order = { rises_after = \"10 working days\" }, or patience to the limit";
        problems.push(view.problem(Severity::Warning, "limit", what, remedy));
    }
}

/// True where a case that nobody may take waits for ever.
fn is_hard(limit: &Limit) -> bool {
    let binds = limit.value != Value::Unlimited || !limit.mix.is_empty();
    binds && limit.patience.is_none() && limit.tolerates.is_none()
}
