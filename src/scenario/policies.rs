//! Policies, targets and the defaults of a run.

use crate::model::calendar::Calendar;
use crate::policy::Policy;
use crate::policy::allocation::{Allocation, Load};
use crate::policy::choices::{Choices, Phase};
use crate::policy::limit::{Limit, Value};
use crate::policy::meeting::Meeting;
use crate::policy::order::Order;
use crate::scenario::key::Of;
use crate::scenario::node::Node;
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::sections::RunDefaults;
use crate::scenario::target::{self, Target};
use crate::scenario::view::View;

/// Days of a weekly meeting, Monday first.
const WEEKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

/// The policies, in the order of the file; one without a limit where there are none.
///
/// * `priorities` - of the stages
pub fn policies(
    whole: &View<'_>,
    priorities: &[i32],
    problems: &mut Vec<Problem>,
) -> Option<Vec<Policy>> {
    let named = whole
        .section("policies")
        .map(|v| v.named())
        .unwrap_or_default();
    if named.is_empty() {
        return Some(vec![Policy::without_limit("no limit")]);
    }
    let read: Vec<Option<Policy>> = named
        .iter()
        .map(|(name, view)| policy(name, view, priorities, problems))
        .collect();
    read.into_iter().collect()
}

fn policy(
    name: &str,
    view: &View<'_>,
    priorities: &[i32],
    problems: &mut Vec<Problem>,
) -> Option<Policy> {
    let limit = match view.section("limit") {
        Some(limit) => Some(limit_of(&limit)?),
        None if view.has("limit") => Some(Limit::of_cases(view.number("limit")?)),
        None => None,
    };
    let order = view.section("order").and_then(|order| {
        Some(Order {
            transfers_first: order.flag("transfers_first")?,
            rises_after_working_days: order.working_days("rises_after"),
        })
    })?;
    let is_hard = limit.as_ref().is_some_and(|l| l.patience.is_none());
    let is_mixed = priorities.windows(2).any(|w| w[0] != w[1]);
    if is_hard && is_mixed && order.rises_after_working_days.is_none() {
        let what = format!("under \"{name}\" the stages of lowest priority may wait for years");
        let remedy = "a hard limit starves them; add order = { rises_after = \"10 working days\" }, or patience to the limit";
        problems.push(view.problem(Severity::Warning, "limit", what, remedy));
    }
    let by = view.section("allocation").and_then(|a| a.text("by"));
    let mut policy = Policy::without_limit(name);
    policy.description = view.text("description");
    policy.phases = vec![Phase {
        meeting: meeting(&view.text("meeting")?),
        service: Choices {
            limit,
            allocation: Allocation::LeastLoaded {
                by: match by.as_deref() {
                    Some("points") => Load::Points,
                    _ => Load::Cases,
                },
            },
            order,
            ..Choices::without_limit()
        },
        ..Phase::without_limit()
    }];
    Some(policy)
}

fn limit_of(view: &View<'_>) -> Option<Limit> {
    let value = match view.section("by_grade") {
        Some(grades) => {
            let mut values = vec![None; view.names.grades.len()];
            for name in grades.named_keys() {
                values[view.names.index(Of::Grade, name)?] = Some(grades.number(name)?);
            }
            Value::ByGrade(values)
        }
        None => Value::Each(view.number("value")?),
    };
    let patience = view.law("patience");
    if view.has("patience") && patience.is_none() {
        return None;
    }
    Some(Limit {
        value,
        patience,
        ..Limit::of_cases(0.0)
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
