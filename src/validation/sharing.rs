//! Workers without a limit whose cases share their time.

use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::scenario::sections::Scenario;
use crate::theory::single::SharedWorker;
use crate::validation::ask::{Ask, children_per_day, group_of, team_share, work_of};

/// A worker alone in a team of one stage.
struct Desk {
    worker: SharedWorker,
    /// Hours of supply over hours of a case [cases].
    full_pace: f64,
    /// Direct hours a week supplied and needed by a case, and hours of overtime at most.
    supply: f64,
    need: f64,
    overtime: f64,
}

/// Work keeps its pace while coverage `(supply + overtime) / (n x need)` is at least `thin`.
fn desk(scenario: &Scenario, team: usize) -> Option<Desk> {
    let stage = *scenario.teams.get(team)?.takes.first()?;
    let grade = scenario.grades.first()?;
    let overload = &scenario.overload;
    let supply = grade.hours_per_week * grade.direct_share;
    let need = scenario.stages[stage].hours_per_week;
    let overtime = overload.overtime_max * grade.hours_per_week;
    let rate = children_per_day(scenario) * team_share(scenario, team);
    let cases = (supply + overtime) / (need * overload.thin);
    Some(Desk {
        worker: SharedWorker::new(rate, work_of(scenario, stage)?.mean(), cases)?,
        full_pace: supply / need,
        supply,
        need,
        overtime,
    })
}

/// Numbers of cases, and how busy the worker is, for each team.
pub(super) fn shared(scenario: &Scenario) -> Option<Vec<Ask>> {
    let mut asks = Vec::new();
    let mut overtime = 0.0;
    for (number, team) in scenario.teams.iter().enumerate() {
        let desk = desk(scenario, number)?;
        let (name, group) = (&team.name, group_of(scenario, number));
        let at_least = |n: f64| desk.worker.mean_of(|k| f64::from(k >= n));
        asks.push(Ask::horizon(
            format!("{name}: open cases"),
            desk.worker.mean_cases(),
            Metric::OpenCases,
            group,
        ));
        // Rarer events would leave too few of them for a mean that is near normal.
        let busy = (2..)
            .map(f64::from)
            .take_while(|n| at_least(*n) > 0.2)
            .last();
        for n in [Some(1.0), busy].into_iter().flatten() {
            asks.push(Ask::share_at_least(
                format!("{name}: probability of {n} cases or more"),
                at_least(n),
                n,
                Metric::OpenCasesCensus,
                group,
            ));
        }
        let full_pace = desk.full_pace;
        asks.push(Ask::horizon(
            format!("{name}: share overloaded"),
            desk.worker.mean_of(|n| f64::from(n > full_pace + 1e-9)),
            Metric::OverloadedShare,
            group,
        ));
        asks.push(Ask::horizon(
            format!("{name}: slack"),
            desk.worker.mean_of(|n| (1.0 - n / full_pace).max(0.0)),
            Metric::Slack,
            group,
        ));
        overtime += desk
            .worker
            .mean_of(|n| (n * desk.need - desk.supply).clamp(0.0, desk.overtime));
    }
    if scenario.overload.overtime_max > 0.0 {
        asks.push(Ask::horizon(
            "all: overtime [hours a week/worker]",
            overtime / scenario.teams.len() as f64,
            Metric::Overtime,
            Group::Service,
        ));
    }
    Some(asks)
}
