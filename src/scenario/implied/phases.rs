//! The limits of a policy beside the demand, from one date to the next.

use crate::model::law::Law;
use crate::model::post::PostGroup;
use crate::policy::Policy;
use crate::policy::choices::Phase;
use crate::policy::limit::{Level, Limit, Measure, Mix, Most, Value};
use crate::policy::meeting::Meeting;
use crate::policy::staffing::{About, Effect};
use crate::scenario::implied::beside::{Beside, LimitEffect};
use crate::scenario::implied::demand::Demand;
use crate::scenario::implied::outcome::{Outcome, outcome};
use crate::scenario::implied::staffing::{Ask, Staffing, staffing};
use crate::scenario::sections::Scenario;
use std::borrow::Cow;

/// The staff and the limits of a policy at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct PhaseImplied {
    /// Index of the phase.
    pub phase: usize,
    /// When it begins, in words; empty for the beginning.
    pub since: String,
    /// Expected share of posts without a permanent worker by then.
    pub vacancy_rate: f64,
    /// Each limit and mix beside what it is asked to hold.
    pub limits: Vec<Beside>,
    /// What the limits will do, judged by where they stand worst.
    pub effect: LimitEffect,
    /// What becomes of a case that does not fit, where the limits stand worst.
    pub outcome: Outcome,
    /// True where cases are given out daily or weekly, and so wait whatever the limit.
    pub has_meetings: bool,
}

/// A policy at its beginning, from each change on, and with the staff of the end where that is another.
pub fn phases(scenario: &Scenario, policy: &Policy, demand: &Demand) -> Vec<PhaseImplied> {
    let mut list: Vec<PhaseImplied> = Vec::new();
    let last = policy.phases.len().saturating_sub(1);
    let begins = policy.phases.iter().map(|p| p.from).enumerate();
    for (phase, time) in begins.chain([(last, scenario.calendar.horizon)]) {
        let Some(choices) = policy.phases.get(phase) else {
            continue;
        };
        let staffed = staffed(scenario, policy, time);
        let mut implied = phase_implied(&staffed, choices, demand);
        implied.phase = phase;
        implied.since = if time >= scenario.calendar.horizon {
            " with the staff of the end".to_owned()
        } else if phase > 0 {
            format!(" from {}", date(scenario, time))
        } else {
            String::new()
        };
        let same = |before: &PhaseImplied| {
            before.limits == implied.limits && before.phase == implied.phase
        };
        if !list.last().is_some_and(same) {
            list.push(implied);
        }
    }
    list
}

fn date(scenario: &Scenario, time: f64) -> String {
    use jiff::ToSpan;
    let day = scenario.calendar.origin.checked_add((time as i64).days());
    day.map(|d| d.to_string()).unwrap_or_default()
}

fn phase_implied(scenario: &Scenario, phase: &Phase, demand: &Demand) -> PhaseImplied {
    // By team: its limit, and the places among the asks of that and of the mixes within.
    let mut asks = Vec::new();
    let mut held: Vec<(usize, &Limit, Option<&Mix>)> = Vec::new();
    for team in 0..scenario.teams.len() {
        let Some(limit) = &phase.of_team(team).limit else {
            continue;
        };
        if limit.value != Value::Unlimited {
            held.push((team, limit, None));
            asks.push(Ask { limit, mix: None });
        }
        for mix in &limit.mix {
            held.push((team, limit, Some(mix)));
            let mix = Some(mix);
            asks.push(Ask { limit, mix });
        }
    }
    let staff = staffing(scenario, &asks);
    let limits: Vec<Beside> = held
        .iter()
        .enumerate()
        .map(|(at, (team, limit, mix))| beside(scenario, demand, &staff, *team, limit, *mix, at))
        .collect();
    let limits = over_service(limits, &held);
    let worst = limits
        .iter()
        .filter(|b| b.demand > 0.0)
        .max_by_key(|b| b.effect());
    PhaseImplied {
        outcome: worst.map_or(Outcome::GrowsWithoutEnd, |worst| {
            outcome(scenario, phase, worst, demand, staff.vacancy_rate)
        }),
        has_meetings: phase.meeting != Meeting::AtOnce,
        phase: 0,
        since: String::new(),
        vacancy_rate: staff.vacancy_rate,
        effect: match worst {
            Some(worst) => worst.effect(),
            None if limits.is_empty() => LimitEffect::NoLimit,
            None => LimitEffect::Idle,
        },
        limits,
    }
}

fn beside(
    scenario: &Scenario,
    demand: &Demand,
    staff: &Staffing,
    team: usize,
    limit: &Limit,
    mix: Option<&Mix>,
    ask: usize,
) -> Beside {
    let (asked, there) = (&demand.teams[team], &staff.teams[team]);
    let counted = |stage: usize| {
        mix.is_none_or(|mix| mix.stages.get(stage).copied().unwrap_or(false))
            && asked.by_stage[stage] > 0.0
    };
    let stages = || (0..scenario.stages.len()).filter(|stage| counted(*stage));
    let cases: f64 = stages().map(|s| asked.by_stage[s]).sum();
    let greatest = |number: &dyn Fn(usize) -> f64| stages().map(number).fold(0.0, f64::max);
    let measure = match mix.map(|mix| mix.most) {
        Some(Most::Cases(_)) => Measure::Cases,
        Some(Most::ShareOfPoints(_)) => Measure::Points,
        None => limit.measure,
    };
    let weight = |stage: usize| scenario.stages[stage].weight;
    let hours = |stage: usize| scenario.stages[stage].hours_per_week;
    let (demand, grain) = match measure {
        Measure::Cases => (cases, 1.0),
        Measure::Families => {
            let size = scenario.referrals.family_size.mean_by(|n| *n as f64);
            (cases / size, 1.0)
        }
        Measure::Points => (
            stages().map(|s| asked.by_stage[s] * weight(s)).sum(),
            greatest(&weight),
        ),
        Measure::Hours => (asked.hours_per_week, greatest(&hours)),
    };
    let names = mix.map(|mix| {
        let named = scenario
            .stages
            .iter()
            .zip(&mix.stages)
            .filter(|(_, is)| **is);
        named.map(|(stage, _)| stage.name.clone()).collect()
    });
    Beside {
        team: Some(team),
        measure,
        stages: names.unwrap_or_default(),
        demand,
        places: there.places[ask],
        workers: there.fte,
        supply: there.nominal_hours_per_week,
        grain,
    }
}

/// Puts together what counts as one sum: a limit on the mean of the service, in all teams that have it.
fn over_service(limits: Vec<Beside>, held: &[(usize, &Limit, Option<&Mix>)]) -> Vec<Beside> {
    let mut sums: Vec<(&Limit, Beside)> = Vec::new();
    let mut list = Vec::new();
    for (beside, (_, limit, mix)) in limits.into_iter().zip(held) {
        if limit.level != Level::ServiceMean || mix.is_some() {
            list.push(beside);
            continue;
        }
        match sums.iter_mut().find(|(known, _)| known == limit) {
            Some((_, sum)) => {
                sum.demand += beside.demand;
                sum.places += beside.places;
                sum.workers += beside.workers;
                sum.supply += beside.supply;
                sum.grain = sum.grain.max(beside.grain);
            }
            None => sums.push((
                limit,
                Beside {
                    team: None,
                    ..beside
                },
            )),
        }
    }
    sums.into_iter().map(|(_, sum)| sum).chain(list).collect()
}

/// The scenario with the staff of a time: posts added and taken by then, and what else holds then. What holds in
/// one team only, and a freeze, is left out.
fn staffed<'a>(scenario: &'a Scenario, policy: &Policy, time: f64) -> Cow<'a, Scenario> {
    let mut staffed = Cow::Borrowed(scenario);
    for change in policy.staffing.iter().filter(|c| c.holds_at(time)) {
        match &change.effect {
            Effect::Add {
                team,
                grade,
                posts,
                filled,
            } => staffed.to_mut().posts.push(PostGroup {
                team: *team,
                grade: *grade,
                count: *posts as usize,
                filled: *filled as usize,
                months_in_post: Law::Fixed { value: 0.0 },
            }),
            Effect::Take { about, posts } => {
                take(&mut staffed.to_mut().posts, *about, *posts as usize);
            }
            Effect::DirectShare { about, share } if about.team.is_none() => {
                for (grade, terms) in staffed.to_mut().grades.iter_mut().enumerate() {
                    if about.covers(0, grade) {
                        terms.direct_share = *share;
                    }
                }
            }
            Effect::Leaving { about, times } if about.team.is_none() => {
                for (grade, terms) in staffed.to_mut().grades.iter_mut().enumerate() {
                    for step in terms.leave.iter_mut().filter(|_| about.covers(0, grade)) {
                        step.per_year *= times;
                    }
                }
            }
            Effect::TimeToFill(law) => {
                if let Some(recruitment) = &mut staffed.to_mut().recruitment {
                    recruitment.time_to_fill = law.clone();
                }
            }
            Effect::DirectShare { .. }
            | Effect::Leaving { .. }
            | Effect::Freeze { .. }
            | Effect::Handover(_) => {}
        }
    }
    staffed
}

/// Takes posts, the last first.
fn take(groups: &mut [PostGroup], about: About, posts: usize) {
    let mut left = posts;
    for group in groups.iter_mut().rev() {
        if about.covers(group.team, group.grade) {
            let gone = left.min(group.count);
            group.count -= gone;
            group.filled = group.filled.min(group.count);
            left -= gone;
        }
    }
}
