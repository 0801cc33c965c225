//! Demand in the long run: what comes, how long it stays, and the hours it asks for.

use crate::model::calendar::DAYS_PER_MONTH;
use crate::model::pathway::{Next, Stage};
use crate::scenario::implied::ImpliedError;
use crate::scenario::sections::{Arrivals, Scenario, Surge};
use crate::theory::markov::{Matrix, absorption, transient, visits};
use crate::theory::residual::FirstExit;

/// What comes and what it asks for, in the long run at the mean rate of the reported months.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Mean over the reported months, season, growth and surges included [families a calendar month].
    pub families_per_month: f64,
    /// [children a calendar month]
    pub children_per_month: f64,
    /// The last twelve reported months over the mean of all of them [1].
    pub late_factor: f64,
    /// Share of all spells that begin by a return.
    pub returning_share: f64,
    /// Each stage.
    pub stages: Vec<StageDemand>,
    /// Each team.
    pub teams: Vec<TeamDemand>,
    /// All open cases.
    pub open_cases: f64,
    /// Mean time from a referral or return to closing at full speed [days].
    pub spell_days: f64,
    /// [direct hours a week]; approximate where families have several children.
    pub hours_per_week: f64,
    /// Hours over those that as many only children would need [1].
    pub sibling_factor: f64,
}

/// One stage in the long run.
#[derive(Clone, Debug, PartialEq)]
pub struct StageDemand {
    /// Its name.
    pub name: String,
    /// Mean number of visits of a referred child, those of later spells included.
    pub visits: f64,
    /// Mean stay of a visit at full speed [days].
    pub days: f64,
    /// [open cases]
    pub open_cases: f64,
    /// Children whose first stage it is [children a calendar month].
    pub referred_per_month: f64,
    /// (stages,) share of the visits that go on to each stage at full speed and with need met [1].
    pub goes_to: Vec<f64>,
    /// Share of the visits that end in closing [1].
    pub closes: f64,
}

/// What one team is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct TeamDemand {
    /// [open cases]
    pub open_cases: f64,
    /// (stages,) the same in each stage [open cases].
    pub by_stage: Vec<f64>,
    /// [direct hours a week]
    pub hours_per_week: f64,
}

/// Works out the demand of a scenario.
///
/// Hours: siblings share them only while more than one is open, so the hours of a family of n are
/// those of n cases at `sibling_hours` and, for the rest of an only child's, of the time for which at
/// least one is open. That time is worked out as if every stage were left at a constant rate, and
/// those who return as if they came back alone: an approximation, most often within a few per cent.
///
/// # Errors
/// See [`ImpliedError`].
pub fn demand(scenario: &Scenario) -> Result<Demand, ImpliedError> {
    let months = scenario.calendar.reported().len().max(1) as f64;
    let days = (scenario.calendar.horizon - scenario.calendar.start).max(1.0);
    let referred = referred(scenario);
    let pathway = Pathway::new(&scenario.stages);
    let n = scenario.stages.len();
    let (mut flows, mut first_spells) = (Vec::new(), Vec::new());
    for children in &referred.children {
        let outside: Vec<f64> = children.iter().map(|c| c / days).collect();
        let mut routing = pathway.routing.clone();
        first_spells.push(visits(&outside, &routing).ok_or(ImpliedError::NeverCloses)?);
        if let Some(returns) = &scenario.returns {
            for (row, closing) in routing.iter_mut().zip(&pathway.closing) {
                for (to, p) in returns.to.iter() {
                    row[*to] += closing * returns.probability.min(1.0) * p;
                }
            }
        }
        flows.push(visits(&outside, &routing).ok_or(ImpliedError::NeverCloses)?);
    }
    let flow_of =
        |flows: &[Vec<f64>], stage: usize| -> f64 { flows.iter().map(|f| f[stage]).sum() };
    for (i, stage) in scenario.stages.iter().enumerate() {
        if pathway.days[i].is_infinite() && flow_of(&flows, i) > 0.0 {
            return Err(ImpliedError::NoWayOut {
                stage: stage.name.clone(),
            });
        }
    }
    // A stage that nobody reaches holds nobody, however long it would take.
    let open = |flow: f64, i: usize| {
        if flow > 0.0 {
            flow * pathway.days[i]
        } else {
            0.0
        }
    };
    let children: f64 = referred.children.iter().flatten().sum();
    let children_a_day = children / days;
    let closed: f64 = (0..n)
        .map(|i| flow_of(&flows, i) * pathway.closing[i])
        .sum();
    let first_mix: Vec<f64> = (0..n)
        .map(|i| referred.children.iter().map(|c| c[i]).sum::<f64>() / children.max(1e-300))
        .collect();
    let sharing = sharing(scenario, &pathway, &first_mix);
    let mut teams = vec![
        TeamDemand {
            open_cases: 0.0,
            by_stage: vec![0.0; n],
            hours_per_week: 0.0,
        };
        scenario.teams.len()
    ];
    let mut only_children_hours = 0.0;
    for (area, (all, first)) in flows.iter().zip(&first_spells).enumerate() {
        for (i, stage) in scenario.stages.iter().enumerate() {
            let (cases, first_cases) = (open(all[i], i), open(first[i], i));
            let hours = stage.hours_per_week * (cases - first_cases + sharing * first_cases);
            only_children_hours += stage.hours_per_week * cases;
            if let Some(team) = teams.get_mut(scenario.team_of(area, i)) {
                team.open_cases += cases;
                team.by_stage[i] += cases;
                team.hours_per_week += hours;
            }
        }
    }
    let open_cases: f64 = (0..n).map(|i| open(flow_of(&flows, i), i)).sum();
    let hours_per_week: f64 = teams.iter().map(|t| t.hours_per_week).sum();
    Ok(Demand {
        families_per_month: referred.families / months,
        children_per_month: children / months,
        late_factor: referred.late_factor,
        returning_share: if closed > 0.0 {
            (1.0 - children_a_day / closed).max(0.0)
        } else {
            0.0
        },
        stages: scenario
            .stages
            .iter()
            .enumerate()
            .map(|(i, stage)| StageDemand {
                name: stage.name.clone(),
                visits: flow_of(&flows, i) / children_a_day.max(1e-300),
                days: pathway.days[i],
                open_cases: open(flow_of(&flows, i), i),
                referred_per_month: first_mix[i] * children / months,
                goes_to: pathway.routing[i].clone(),
                closes: pathway.closing[i],
            })
            .collect(),
        teams,
        open_cases,
        spell_days: if closed > 0.0 {
            open_cases / closed
        } else {
            0.0
        },
        hours_per_week,
        sibling_factor: if only_children_hours > 0.0 {
            hours_per_week / only_children_hours
        } else {
            1.0
        },
    })
}

/// Referrals of the reported months.
struct Referred {
    families: f64,
    /// Children by area and first stage.
    children: Vec<Vec<f64>>,
    late_factor: f64,
}

fn referred(scenario: &Scenario) -> Referred {
    let (areas, stages) = (scenario.area_names.len().max(1), scenario.stages.len());
    let referrals = &scenario.referrals;
    let size = referrals.family_size.mean_by(|n| *n as f64);
    let months = scenario.calendar.reported();
    let mut by_month = vec![0.0; months.len()];
    let mut children = vec![vec![0.0; stages]; areas];
    // Adds families whose area or first stage may be known.
    let mut add = |families: f64, size: f64, area: Option<usize>, stage: Option<usize>| {
        for (a, row) in children.iter_mut().enumerate() {
            let in_area = match area {
                Some(known) => f64::from(known == a),
                None => scenario
                    .areas
                    .iter()
                    .filter(|(i, _)| **i == a)
                    .map(|(_, p)| p)
                    .sum(),
            };
            for (s, cell) in row.iter_mut().enumerate() {
                let at_stage: f64 = match stage {
                    Some(known) => f64::from(known == s),
                    None => {
                        let law = referrals.first_stage.iter();
                        law.filter(|(i, _)| **i == s).map(|(_, p)| p).sum()
                    }
                };
                *cell += families * size * in_area * at_stage;
            }
        }
    };
    match &referrals.arrivals {
        Arrivals::Poisson {
            families_per_month,
            season,
            growth_per_year,
            surges,
            ..
        } => {
            for (month, families) in months.iter().zip(&mut by_month) {
                let length = (month.ends - month.begins) / DAYS_PER_MONTH;
                let years = f64::from(month.since_start.max(0)) / 12.0;
                *families = families_per_month
                    * length
                    * season[usize::from(month.month_of_year - 1) % 12]
                    * libm::pow(1.0 + growth_per_year, years)
                    * surge_factor(surges, month.since_start);
            }
            add(by_month.iter().sum(), size, None, None);
        }
        Arrivals::Replay { families } => {
            for family in families {
                let month = months
                    .iter()
                    .position(|m| m.begins <= family.time && family.time < m.ends);
                if let Some(month) = month {
                    by_month[month] += 1.0;
                    let size = family.children.map_or(size, |n| n as f64);
                    add(1.0, size, family.area, family.stage);
                }
            }
        }
    }
    let families: f64 = by_month.iter().sum();
    let mean = families / by_month.len().max(1) as f64;
    let late = &by_month[by_month.len().saturating_sub(12)..];
    let late_mean = late.iter().sum::<f64>() / late.len().max(1) as f64;
    Referred {
        families,
        children,
        late_factor: if mean > 0.0 { late_mean / mean } else { 1.0 },
    }
}

/// Product of the surges that hold in a month.
fn surge_factor(surges: &[Surge], month: i32) -> f64 {
    surges
        .iter()
        .filter(|s| {
            let since = i64::from(month) - i64::from(s.from_month);
            since >= 0 && s.months.is_none_or(|length| since < i64::from(length))
        })
        .map(|s| s.multiplier)
        .product()
}

/// Stays and exits of the stages at full speed and with need fully met.
struct Pathway {
    /// Infinite where a stage has no way out.
    days: Vec<f64>,
    routing: Matrix,
    closing: Vec<f64>,
}

impl Pathway {
    fn new(stages: &[Stage]) -> Pathway {
        let n = stages.len();
        let mut pathway = Pathway {
            days: vec![f64::INFINITY; n],
            routing: vec![vec![0.0; n]; n],
            closing: vec![0.0; n],
        };
        for (i, stage) in stages.iter().enumerate() {
            let work = stage.work.iter().map(|w| w.duration.clone());
            let clocks: Vec<_> = work
                .chain(stage.risks.iter().map(|r| r.duration.clone()))
                .collect();
            let Some(exit) = FirstExit::new(&clocks) else {
                continue;
            };
            pathway.days[i] = exit.mean;
            let mut go = |next: Next, p: f64| match next {
                Next::Stage(to) => pathway.routing[i][to] += p,
                Next::Closed => pathway.closing[i] += p,
            };
            let mut first = exit.first.into_iter();
            if let (Some(work), Some(p)) =
                (&stage.work, stage.work.as_ref().and_then(|_| first.next()))
            {
                for (next, share) in work.then.iter() {
                    go(*next, p * share);
                }
            }
            for (risk, p) in stage.risks.iter().zip(first) {
                go(risk.to, p);
            }
        }
        pathway
    }
}

/// Hours of the children of a referred family over those of as many only children.
fn sharing(scenario: &Scenario, pathway: &Pathway, first_mix: &[f64]) -> f64 {
    let s = scenario.referrals.sibling_hours;
    let sizes = &scenario.referrals.family_size;
    let largest = sizes.iter().map(|(n, _)| *n).max().unwrap_or(1);
    if s >= 1.0 || largest <= 1 {
        return 1.0;
    }
    let Some(survival) = spell_survival(pathway, first_mix) else {
        return 1.0;
    };
    let integral = |f: &dyn Fn(f64) -> f64| survival.iter().map(|g| f(*g)).sum::<f64>();
    let mean = integral(&|g| g);
    let (mut hours, mut alone) = (0.0, 0.0);
    for (n, p) in sizes.iter() {
        let n = *n as f64;
        let some_open = integral(&|g| 1.0 - libm::pow(1.0 - g, n));
        hours += p * (s * n * mean + (1.0 - s) * some_open);
        alone += p * n * mean;
    }
    if alone > 0.0 { hours / alone } else { 1.0 }
}

/// Probability that a spell is still open at the middles of equal steps of time, as if every stage
/// were left at a constant rate; nothing where no time passes.
fn spell_survival(pathway: &Pathway, first_mix: &[f64]) -> Option<Vec<f64>> {
    // A chain in continuous time has no room for a stay of 0 or without end.
    let longest = pathway
        .days
        .iter()
        .copied()
        .filter(|d| d.is_finite())
        .fold(0.0, f64::max);
    let days: Vec<f64> = pathway
        .days
        .iter()
        .map(|d| d.clamp(longest / 1e3, longest * 1e3))
        .collect();
    if longest <= 0.0 {
        return None;
    }
    let n = days.len();
    let rates: Matrix = (0..n)
        .map(|i| (0..n).map(|j| pathway.routing[i][j] / days[i]).collect())
        .collect();
    let leaving: Vec<f64> = (0..n)
        .map(|i| {
            // Nobody is in a stage without a way out (checked before), but the chain must end there.
            if pathway.days[i].is_infinite() {
                1.0 / days[i]
            } else {
                pathway.closing[i] / days[i]
            }
        })
        .collect();
    let reached = absorption(&rates, &leaving.iter().map(|c| vec![*c]).collect())?;
    let mean: f64 = first_mix
        .iter()
        .zip(&reached.mean_times)
        .map(|(p, t)| p * t)
        .sum();
    let step = mean / 40.0;
    let mut law = transient(first_mix, &rates, &leaving, step / 2.0).at;
    let mut survival = Vec::new();
    for _ in 0..4000 {
        let open: f64 = law.iter().sum();
        survival.push(open);
        if open < 1e-4 {
            break;
        }
        law = transient(&law, &rates, &leaving, step).at;
    }
    (mean > 0.0).then_some(survival)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surges_hold_from_their_first_month_for_their_length() {
        let surges = [
            Surge {
                from_month: 3,
                months: Some(2),
                multiplier: 1.5,
            },
            Surge {
                from_month: 4,
                months: None,
                multiplier: 2.0,
            },
        ];
        let factors: Vec<f64> = (2..7).map(|m| surge_factor(&surges, m)).collect();
        assert_eq!(factors, [1.0, 1.5, 3.0, 2.0, 2.0]);
    }
}
