//! The pathway: its stages, and whether every case can leave.

use crate::model::law::{Discrete, Law};
use crate::model::pathway::{Deadline, DeadlineOf, Next, Risk, Stage, Work};
use crate::scenario::problem::{Problem, Severity};
use crate::scenario::view::View;

/// The stages, in the order of the file.
pub fn stages(view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Vec<Stage>> {
    let named = view.named();
    if named.is_empty() {
        let what = "a scenario needs at least one stage".to_owned();
        let remedy = "write [stages.open] with hours_per_week, work and then";
        problems.push(view.problem(Severity::Error, "", what, remedy));
        return None;
    }
    let read: Vec<Option<Stage>> = named
        .iter()
        .map(|(name, view)| stage(name, view, problems))
        .collect();
    read.into_iter().collect()
}

fn next_of(index: usize, stages: usize) -> Next {
    if index < stages {
        Next::Stage(index)
    } else {
        Next::Closed
    }
}

fn stage(name: &str, view: &View<'_>, problems: &mut Vec<Problem>) -> Option<Stage> {
    let count = view.names.stages.len();
    if name == crate::scenario::names::CLOSED {
        let what = "\"closed\" is the word for leaving the service".to_owned();
        let remedy = "give this stage another name";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    if !view.has("work") && view.list("risks").is_empty() {
        let what = format!("no case can leave \"{name}\": it has neither work nor risks");
        let remedy =
            "write work = { law = \"exponential\", mean = \"120 days\" } and then = \"closed\"";
        problems.push(view.problem(Severity::Error, "", what, remedy));
    }
    for (one, other) in [("work", "then"), ("then", "work")] {
        if view.has(one) && !view.has(other) {
            let what = format!("`{one}` needs `{other}`");
            let remedy = match other {
                "then" => "say where a worked case goes: then = \"closed\"",
                _ => "say how long the work takes: work = \"30 days\"",
            };
            problems.push(view.problem(Severity::Error, one, what, remedy));
        }
    }
    let hours = view.number("hours_per_week").or_else(|| {
        view.number("hours_per_month")
            .map(|h| h * 7.0 * 12.0 / 365.25)
    });
    let then = view.shares("then").and_then(|then| {
        Discrete::new(
            then.iter()
                .map(|(to, p)| (next_of(*to, count), p))
                .collect(),
        )
    });
    let work = view.law("work").zip(then).map(|(duration, then)| {
        Some(Work {
            duration,
            then,
            paced: view.flag("paced")?,
        })
    });
    // A rate of 0 never comes: there is no such risk.
    let mut listed = view.list("risks");
    listed.retain(|r| r.number("rate_per_month") != Some(0.0));
    let risks: Vec<Option<Risk>> = listed.iter().map(|r| risk(r, count)).collect();
    let deadline = view.section("deadline").map(|deadline| {
        Some(Deadline {
            working_days: deadline.working_days("within")?,
            of: match deadline.text("of")?.as_str() {
                "allocation" => DeadlineOf::Allocation,
                _ => DeadlineOf::Work,
            },
        })
    });
    Some(Stage {
        name: name.to_owned(),
        weight: view.number("weight")?,
        hours_per_week: hours?,
        priority: view.whole("priority")?,
        deadline: deadline.flatten(),
        work: work.flatten(),
        risks: risks.into_iter().collect::<Option<Vec<Risk>>>()?,
        withdraws: view.law("withdraws"),
    })
}

fn risk(view: &View<'_>, stages: usize) -> Option<Risk> {
    let to = view
        .names
        .index(crate::scenario::key::Of::Next, &view.text("to")?)?;
    let duration = match view.number("rate_per_month") {
        Some(rate) => Law::Exponential {
            mean: crate::model::calendar::DAYS_PER_MONTH / rate,
        },
        None => view.own_law()?,
    };
    Some(Risk {
        duration,
        to: next_of(to, stages),
        unmet_effect: view.number("unmet_effect")?,
    })
}

/// Where a case can go next from a stage.
fn exits(stage: &Stage) -> impl Iterator<Item = Next> {
    let worked = stage
        .work
        .iter()
        .flat_map(|w| w.then.iter().map(|(n, _)| *n));
    worked.chain(stage.risks.iter().map(|r| r.to))
}

/// Whether a case can leave the service from each stage, if through others: searched backwards from leaving, so that
/// each exit is looked at once.
///
/// * returns - (stages,)
fn leaves(stages: &[Stage]) -> Vec<bool> {
    let mut comes_from: Vec<Vec<usize>> = vec![Vec::new(); stages.len()];
    let mut open = Vec::new();
    for (at, stage) in stages.iter().enumerate() {
        for next in exits(stage) {
            match next {
                Next::Closed => open.push(at),
                Next::Stage(to) => comes_from[to].push(at),
            }
        }
    }
    let mut leaves = vec![false; stages.len()];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut leaves[at], true) {
            open.extend(&comes_from[at]);
        }
    }
    leaves
}

/// Problems of the pathway as a whole.
///
/// * `view` - of the stages
/// * `entries` - stages in which cases begin: first stages, returns, opening
pub fn check_pathway(
    view: &View<'_>,
    stages: &[Stage],
    entries: &[usize],
    problems: &mut Vec<Problem>,
) {
    let mut reached = vec![false; stages.len()];
    let mut open: Vec<usize> = entries.to_vec();
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut reached[at], true) {
            continue;
        }
        open.extend(exits(&stages[at]).filter_map(|next| match next {
            Next::Stage(to) => Some(to),
            Next::Closed => None,
        }));
    }
    let leaves = leaves(stages);
    for (at, (_, view)) in view.named().iter().enumerate() {
        let name = &stages[at].name;
        let has_exit = stages[at].work.is_some() || !stages[at].risks.is_empty();
        if reached[at] && !leaves[at] && has_exit {
            let what = format!("no case that reaches \"{name}\" can ever leave the service");
            let remedy = "let a way from here lead to \"closed\", if through other stages";
            problems.push(view.problem(Severity::Error, "", what, remedy));
        }
        if !reached[at] {
            let what = format!("no case can reach the stage \"{name}\"");
            let remedy = "lead to it from first_stage, then, risks or return, or remove it";
            problems.push(view.problem(Severity::Warning, "", what, remedy));
        }
    }
    if let Some(circle) = instant_circle(stages) {
        let names: Vec<&str> = circle.iter().map(|at| stages[*at].name.as_str()).collect();
        let what = format!(
            "these stages follow each other in no time at all: {}",
            names.join(" -> ")
        );
        let remedy = "give one of them a length above 0, or break the circle";
        problems.push(view.problem(Severity::Error, &stages[circle[0]].name, what, remedy));
    }
}

/// A circle of stages that a case can run through without time passing.
fn instant_circle(stages: &[Stage]) -> Option<Vec<usize>> {
    let instant = |stage: &Stage| -> Vec<usize> {
        let worked = stage.work.iter().filter(|w| w.duration.may_be_zero());
        let worked = worked.flat_map(|w| w.then.iter().map(|(n, _)| *n));
        let risks = stage
            .risks
            .iter()
            .filter(|r| r.duration.may_be_zero())
            .map(|r| r.to);
        worked
            .chain(risks)
            .filter_map(|next| match next {
                Next::Stage(to) => Some(to),
                Next::Closed => None,
            })
            .collect()
    };
    let next: Vec<Vec<usize>> = stages.iter().map(instant).collect();
    // Only a stage that can be left at once can lie on a circle.
    let leaves_at_once = |at: &usize| !next[*at].is_empty();
    for from in (0..stages.len()).filter(leaves_at_once) {
        let mut came_from: Vec<Option<usize>> = vec![None; stages.len()];
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for to in &next[at] {
                if *to == from {
                    let mut circle = vec![from];
                    let mut step = at;
                    while step != from {
                        circle.insert(1, step);
                        step = came_from[step]?;
                    }
                    circle.push(from);
                    return Some(circle);
                }
                if came_from[*to].is_none() {
                    came_from[*to] = Some(at);
                    open.push(*to);
                }
            }
        }
    }
    None
}
