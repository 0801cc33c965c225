//! Queues: referrals wait for a worker with a place.

use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::model::calendar::DAYS_PER_YEAR;
use crate::model::pathway::Next;
use crate::scenario::sections::Scenario;
use crate::theory::departure::Departures;
use crate::theory::erlang::{ErlangA, Mmc, erlang_b};
use crate::theory::network::{Network, Node};
use crate::theory::quadrature::integrate;
use crate::theory::single::{mean_wait, priority_waits};
use crate::validation::ask::{
    Ask, area_share, children_per_day, group_of, limit_of, posts_of, reported_days, stage_share,
    team_share, work_of,
};

/// M/M/c for each team: posts x limit places.
pub(super) fn places(scenario: &Scenario) -> Option<Vec<Ask>> {
    let queues = team_queues(scenario, 1.0)?;
    let mut asks = team_asks(scenario, &queues);
    for (team, queue) in queues.iter().enumerate() {
        asks.push(Ask::horizon(
            format!("{}: mean wait [days]", scenario.teams[team].name),
            queue.mean_wait(),
            Metric::WaitMean,
            group_of(scenario, team),
        ));
    }
    let exceeds = |days: f64| {
        let parts = queues.iter().enumerate();
        parts
            .map(|(team, queue)| team_share(scenario, team) * queue.wait_exceeds(days))
            .sum()
    };
    asks.push(Ask::horizon(
        format!(
            "all: wait over {} working days",
            scenario.waiting_mark_working_days
        ),
        still_waiting(scenario, exceeds),
        Metric::StillWaiting,
        Group::Service,
    ));
    Some(asks)
}

/// M/M/c for each team, with cases that come back after a delay.
pub(super) fn returns(scenario: &Scenario) -> Option<Vec<Ask>> {
    let again = scenario.returns.as_ref()?.probability;
    let queues = team_queues(scenario, 1.0 / (1.0 - again))?;
    let mut asks = team_asks(scenario, &queues);
    let spells = children_per_day(scenario) / (1.0 - again);
    asks.push(Ask::horizon(
        "all: returns",
        spells * again * reported_days(scenario),
        Metric::Returns,
        Group::Service,
    ));
    Some(asks)
}

/// * `flow` - cases that come over referrals
fn team_queues(scenario: &Scenario, flow: f64) -> Option<Vec<Mmc>> {
    let limit = limit_of(scenario)?;
    let work = work_of(scenario, 0)?.mean();
    (0..scenario.teams.len())
        .map(|team| {
            let rate = children_per_day(scenario) * team_share(scenario, team) * flow;
            Mmc::new(posts_of(scenario, team) * limit, rate, work)
        })
        .collect()
}

fn team_asks(scenario: &Scenario, queues: &[Mmc]) -> Vec<Ask> {
    let mut asks = Vec::new();
    for (team, queue) in queues.iter().enumerate() {
        let (name, group) = (&scenario.teams[team].name, group_of(scenario, team));
        let places = posts_of(scenario, team) * limit_of(scenario).unwrap_or(1);
        asks.push(Ask::horizon(
            format!("{name}: unallocated"),
            queue.mean_queue(),
            Metric::Unallocated,
            group,
        ));
        asks.push(Ask::horizon(
            format!("{name}: allocated"),
            queue.load(),
            Metric::AllocatedCases,
            group,
        ));
        asks.push(Ask::share_at_least(
            format!("{name}: probability of waiting"),
            queue.wait_probability(),
            f64::from(places),
            Metric::OpenCasesCensus,
            group,
        ));
    }
    asks
}

/// Share of the referrals that wait past the mark of the scenario, over the days of all months but the
/// last, whose marks may lie past the end.
///
/// * `exceeds` - probability that the wait is longer [days]
fn still_waiting(scenario: &Scenario, exceeds: impl Fn(f64) -> f64) -> f64 {
    let calendar = &scenario.calendar;
    let judged = calendar.reported().split_last().map_or(&[][..], |(_, m)| m);
    let (mut total, mut days) = (0.0, 0.0);
    for month in judged {
        for day in month.begins as u32..month.ends as u32 {
            let begins = f64::from(day);
            let mark = calendar.after_working_days(begins, scenario.waiting_mark_working_days);
            total += integrate(|u| exceeds(mark - begins - u), 0.0, 1.0, 1e-10);
            days += 1.0;
        }
    }
    total / days
}

/// M/G/1 for each team, of one post and one stage.
pub(super) fn single(scenario: &Scenario) -> Option<Vec<Ask>> {
    let mut asks = Vec::new();
    for (number, team) in scenario.teams.iter().enumerate() {
        let work = work_of(scenario, *team.takes.first()?)?;
        let rate = children_per_day(scenario) * team_share(scenario, number);
        let wait = mean_wait(rate, work)?;
        let group = group_of(scenario, number);
        let name = &team.name;
        asks.push(Ask::horizon(
            format!("{name}: unallocated"),
            rate * wait,
            Metric::Unallocated,
            group,
        ));
        asks.push(Ask::share_at_least(
            format!("{name}: probability of waiting"),
            rate * work.mean(),
            1.0,
            Metric::OpenCasesCensus,
            group,
        ));
    }
    Some(asks)
}

/// Head-of-line M/G/1 for each team, of one post; its stages are classes.
pub(super) fn priorities(scenario: &Scenario) -> Option<Vec<Ask>> {
    let mut asks = Vec::new();
    for (number, team) in scenario.teams.iter().enumerate() {
        let mut stages = team.takes.clone();
        stages.sort_by_key(|stage| -scenario.stages[*stage].priority);
        let classes = stages
            .iter()
            .map(|stage| {
                let rate = children_per_day(scenario)
                    * area_share(scenario, team.area)
                    * stage_share(scenario, *stage);
                Some((rate, work_of(scenario, *stage)?))
            })
            .collect::<Option<Vec<_>>>()?;
        let waits = priority_waits(&classes)?;
        for ((stage, (rate, _)), wait) in stages.iter().zip(&classes).zip(&waits) {
            asks.push(Ask::horizon(
                format!("{}: unallocated", scenario.stages[*stage].name),
                rate * wait,
                Metric::Unallocated,
                Group::Stage(*stage),
            ));
        }
        let load = classes.iter().map(|(rate, work)| rate * work.mean()).sum();
        asks.push(Ask::horizon(
            format!("{}: allocated", team.name),
            load,
            Metric::AllocatedCases,
            group_of(scenario, number),
        ));
    }
    Some(asks)
}

/// M/M/c+M for each team.
pub(super) fn withdrawing(scenario: &Scenario) -> Option<Vec<Ask>> {
    let (limit, work) = (limit_of(scenario)?, work_of(scenario, 0)?.mean());
    let patience = scenario.stages.first()?.withdraws.as_ref()?.mean();
    let mut asks = Vec::new();
    let mut withdrawals = 0.0;
    for (number, team) in scenario.teams.iter().enumerate() {
        let rate = children_per_day(scenario) * team_share(scenario, number);
        let places = posts_of(scenario, number) * limit;
        let queue = ErlangA::new(places, rate, work, patience)?;
        withdrawals += rate * queue.abandon_probability * reported_days(scenario);
        let (name, group) = (&team.name, group_of(scenario, number));
        asks.push(Ask::horizon(
            format!("{name}: unallocated"),
            queue.mean_queue,
            Metric::Unallocated,
            group,
        ));
        asks.push(Ask::horizon(
            format!("{name}: allocated"),
            queue.mean_worked,
            Metric::AllocatedCases,
            group,
        ));
        asks.push(Ask::share_at_least(
            format!("{name}: probability of waiting"),
            queue.wait_probability,
            f64::from(places),
            Metric::OpenCasesCensus,
            group,
        ));
    }
    asks.push(Ask::horizon(
        "all: withdrawals",
        withdrawals,
        Metric::Withdrawals,
        Group::Service,
    ));
    Some(asks)
}

/// M/G/c/c for each team of one stage: whoever would wait is lost.
pub(super) fn lost(scenario: &Scenario) -> Option<Vec<Ask>> {
    let limit = limit_of(scenario)?;
    let mut asks = Vec::new();
    let mut turned_away = 0.0;
    for (number, team) in scenario.teams.iter().enumerate() {
        let work = work_of(scenario, *team.takes.first()?)?.mean();
        let rate = children_per_day(scenario) * team_share(scenario, number);
        let places = posts_of(scenario, number) * limit;
        let lost = erlang_b(places, rate * work);
        turned_away += rate * lost * reported_days(scenario);
        let (name, group) = (&team.name, group_of(scenario, number));
        asks.push(Ask::horizon(
            format!("{name}: allocated"),
            rate * work * (1.0 - lost),
            Metric::AllocatedCases,
            group,
        ));
        asks.push(Ask::share_at_least(
            format!("{name}: probability that all are busy"),
            lost,
            f64::from(places),
            Metric::OpenCasesCensus,
            group,
        ));
    }
    asks.push(Ask::horizon(
        "all: turned away",
        turned_away,
        Metric::Withdrawals,
        Group::Service,
    ));
    Some(asks)
}

/// A Jackson network in each area, a team for each stage.
pub(super) fn stages(scenario: &Scenario) -> Option<Vec<Ask>> {
    let limit = limit_of(scenario)?;
    let stages = scenario.stages.len();
    let mut routing = vec![vec![0.0; stages]; stages];
    for (row, stage) in routing.iter_mut().zip(&scenario.stages) {
        for (next, p) in stage.work.as_ref()?.then.iter() {
            if let Next::Stage(to) = next {
                row[*to] = p;
            }
        }
    }
    let mut asks = Vec::new();
    for (area, name) in scenario.area_names.iter().enumerate() {
        let teams: Vec<usize> = (0..stages).map(|s| scenario.team_of(area, s)).collect();
        let rate = children_per_day(scenario) * area_share(scenario, area);
        let outside: Vec<f64> = (0..stages)
            .map(|stage| rate * stage_share(scenario, stage))
            .collect();
        let nodes = (0..stages)
            .map(|stage| {
                Some(Node {
                    places: Some(posts_of(scenario, teams[stage]) * limit),
                    mean_work_days: work_of(scenario, stage)?.mean(),
                })
            })
            .collect::<Option<Vec<_>>>()?;
        let network = Network::new(&outside, &routing, &nodes)?;
        for (stage, team) in teams.iter().enumerate() {
            asks.push(Ask::horizon(
                format!("{}: unallocated", scenario.teams[*team].name),
                network.mean_queue(stage),
                Metric::Unallocated,
                group_of(scenario, *team),
            ));
        }
        let groups: Vec<Group> = teams.iter().map(|t| group_of(scenario, *t)).collect();
        // All short at once: a product only if the stages are independent.
        let at_most = |stage: usize, n: u32| -> f64 {
            (0..=n).map(|k| network.open_probability(stage, k)).sum()
        };
        let short: Vec<u32> = (0..stages)
            .map(|stage| (0..).find(|n| at_most(stage, *n) > 0.5).unwrap_or(0))
            .collect();
        let exact: f64 = (0..stages)
            .map(|stage| at_most(stage, short[stage]))
            .product();
        asks.push(Ask::new(
            format!("{name}: at most {} open in each stage", joined(&short)),
            exact,
            move |r| {
                r.over_months(|month| {
                    let is_short = |(g, n): (&Group, &u32)| {
                        r.month(month, Metric::OpenCasesCensus, *g) < f64::from(*n) + 0.5
                    };
                    f64::from(groups.iter().zip(&short).all(is_short))
                })
            },
        ));
    }
    Some(asks)
}

fn joined(numbers: &[u32]) -> String {
    let words: Vec<String> = numbers.iter().map(u32::to_string).collect();
    words.join(" and ")
}

/// A queue whose workers leave and whose posts fill again, for each team.
pub(super) fn departures(scenario: &Scenario) -> Option<Vec<Ask>> {
    let grade = scenario.grades.first()?;
    let mut asks = Vec::new();
    for (number, team) in scenario.teams.iter().enumerate() {
        let system = Departures {
            posts: posts_of(scenario, number),
            limit_cases: limit_of(scenario)?,
            arrivals_per_day: children_per_day(scenario) * team_share(scenario, number),
            mean_work_days: work_of(scenario, 0)?.mean(),
            leaving_per_day: grade.leave.first()?.per_year / DAYS_PER_YEAR,
            mean_vacancy_days: scenario.recruitment.as_ref()?.time_to_fill.mean(),
        };
        let answer = system.solve()?;
        let (name, group) = (&team.name, group_of(scenario, number));
        asks.push(Ask::horizon(
            format!("{name}: unallocated"),
            answer.mean_queue,
            Metric::Unallocated,
            group,
        ));
        asks.push(Ask::horizon(
            format!("{name}: vacancy rate"),
            answer.mean_vacant / f64::from(system.posts),
            Metric::VacancyRate,
            group,
        ));
        asks.push(Ask::new(
            format!("{name}: probability of an empty queue"),
            answer.empty_queue,
            move |r| {
                r.over_months(|month| {
                    f64::from(r.month(month, Metric::UnallocatedCensus, group) < 0.5)
                })
            },
        ));
    }
    Some(asks)
}
