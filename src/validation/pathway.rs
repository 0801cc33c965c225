//! Cases and their clocks where nobody waits, or where everybody does.

use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::model::law::Law;
use crate::model::pathway::Next;
use crate::scenario::sections::{Arrivals, Opening, Scenario};
use crate::theory::counts::{count_probability, count_variance};
use crate::theory::infinite::open_since;
use crate::theory::markov::visits;
use crate::theory::residual::FirstExit;
use crate::theory::survival::scaled;
use crate::validation::ask::{
    Ask, Reading, area_share, census, children_per_day, group_of, reported_days, stage_share,
    work_of,
};

/// M/G/infinity from an empty start, by stage, by team and in all: means, and variances equal to them.
pub(super) fn open_cases(scenario: &Scenario) -> Option<Vec<Ask>> {
    let last = scenario.calendar.reported().len() - 1;
    let rate = children_per_day(scenario);
    let mean_open = |stage: usize, month: usize| {
        let share = rate * stage_share(scenario, stage);
        Some(open_since(
            share,
            work_of(scenario, stage)?,
            census(scenario, month)?,
        ))
    };
    let all = |month: usize| -> Option<f64> {
        (0..scenario.stages.len())
            .map(|stage| mean_open(stage, month))
            .sum()
    };
    let metric = Metric::OpenCasesCensus;
    let mut asks = Vec::new();
    for (stage, table) in scenario.stages.iter().enumerate() {
        let name = &table.name;
        for month in [0, 2, 5, last] {
            let quantity = format!("{name}: open, month {}", month + 1);
            let exact = mean_open(stage, month)?;
            asks.push(Ask::month(
                quantity,
                exact,
                month,
                metric,
                Group::Stage(stage),
            ));
        }
        let exact = mean_open(stage, 2)?;
        asks.push(Ask::variance(
            format!("{name}: variance of open, month 3"),
            exact,
            exact,
            2,
            metric,
            Group::Stage(stage),
        ));
    }
    for (number, team) in scenario.teams.iter().enumerate() {
        let exact = all(last)? * area_share(scenario, team.area);
        let group = group_of(scenario, number);
        asks.push(Ask::month(
            format!("{}: open, last month", team.name),
            exact,
            last,
            metric,
            group,
        ));
        asks.push(Ask::variance(
            format!("{}: variance of open, last month", team.name),
            exact,
            exact,
            last,
            metric,
            group,
        ));
    }
    Some(asks)
}

/// Batch arrivals from an empty start, exponential stays, one stage.
///
/// # Source
/// A family that came u ago with K children has K independent ones open with probability S(u), so that
/// the variance is rate x integral of E(K) S + E(K (K - 1)) S^2.
pub(super) fn families(scenario: &Scenario) -> Option<Vec<Ask>> {
    let Law::Exponential { mean } = work_of(scenario, 0)? else {
        return None;
    };
    let sizes = &scenario.referrals.family_size;
    let size = sizes.mean_by(|n| *n as f64);
    let pairs = sizes.mean_by(|n| (n * (n - 1)) as f64);
    let rate = children_per_day(scenario) / size;
    let halved = Law::Exponential { mean: mean / 2.0 };
    let work = work_of(scenario, 0)?;
    let mut asks = Vec::new();
    for month in [1, 5, scenario.calendar.reported().len() - 1] {
        let t = census(scenario, month)?;
        let exact = open_since(rate * size, work, t);
        let variance = exact + open_since(rate * pairs, &halved, t);
        let (metric, group) = (Metric::OpenCasesCensus, Group::Service);
        let when = format!("month {}", month + 1);
        asks.push(Ask::month(
            format!("open, {when}"),
            exact,
            month,
            metric,
            group,
        ));
        asks.push(Ask::variance(
            format!("variance of open, {when}"),
            variance,
            exact,
            month,
            metric,
            group,
        ));
    }
    Some(asks)
}

/// An opening caseload and nobody who comes: binomial numbers still open, by stage.
pub(super) fn opening(scenario: &Scenario) -> Option<Vec<Ask>> {
    let Opening::Counts(counts) = &scenario.opening else {
        return None;
    };
    let metric = Metric::OpenCasesCensus;
    let mut asks = Vec::new();
    let mut closed = 0.0;
    for (stage, count) in counts.iter().enumerate() {
        let exits = FirstExit::new(&clocks(scenario, stage, 1.0))?;
        let (n, name) = (f64::from(*count), &scenario.stages[stage].name);
        for month in [0, 2, 5, 8] {
            let p = exits.age_survival(census(scenario, month)?);
            let when = format!("month {}", month + 1);
            let group = Group::Stage(stage);
            asks.push(Ask::month(
                format!("{name}: still open, {when}"),
                n * p,
                month,
                metric,
                group,
            ));
            if month == 2 {
                asks.push(Ask::variance(
                    format!("{name}: variance of open, {when}"),
                    n * p * (1.0 - p),
                    n * p,
                    month,
                    metric,
                    group,
                ));
            }
        }
        closed += n * (1.0 - exits.age_survival(scenario.calendar.reported().get(3)?.ends));
    }
    asks.push(Ask::new("all: closed in four months", closed, |r| {
        r.through(3, Metric::Closures, Group::Service)
    }));
    Some(asks)
}

/// The clocks of a stage, in the order work, risks, withdrawal: work only where some need is met, risks at
/// 1 + k (1 - met), withdrawal only where none is.
fn clocks(scenario: &Scenario, stage: usize, met: f64) -> Vec<Law> {
    let stage = &scenario.stages[stage];
    let work = stage.work.iter().filter(|_| met > 0.0);
    let withdraws = stage.withdraws.iter().filter(|_| met <= 0.0);
    work.map(|work| work.duration.clone())
        .chain(stage.risks.iter().map(|risk| {
            scaled(
                &risk.duration,
                1.0 / (1.0 + risk.unmet_effect * (1.0 - met)),
            )
        }))
        .chain(withdraws.cloned())
        .collect()
}

/// Ways out and times in each stage, over referrals that come for a while and then run out.
///
/// * `met` - share of need that is met: 1 with a worker at once and time enough, 0 without posts
fn paths(scenario: &Scenario, met: f64) -> Option<Vec<Ask>> {
    let stages = scenario.stages.len();
    let mut routing = vec![vec![0.0; stages]; stages];
    let (mut escalates, mut withdraws) = (vec![0.0; stages], vec![0.0; stages]);
    let mut means = vec![0.0; stages];
    for (number, stage) in scenario.stages.iter().enumerate() {
        let exits = FirstExit::new(&clocks(scenario, number, met))?;
        means[number] = exits.mean;
        let mut first = exits.first.iter().copied();
        if let (Some(work), true) = (&stage.work, met > 0.0) {
            let p = first.next()?;
            for (next, share) in work.then.iter() {
                if let Next::Stage(to) = next {
                    routing[number][*to] += p * share;
                }
            }
        }
        for risk in &stage.risks {
            let p = first.next()?;
            if let Next::Stage(to) = risk.to {
                escalates[number] += p;
                routing[number][to] += p;
            }
        }
        withdraws[number] = first.next().unwrap_or(0.0);
    }
    let start: Vec<f64> = (0..stages).map(|s| stage_share(scenario, s)).collect();
    let visits = visits(&start, &routing)?;
    let over = |by: &[f64]| visits.iter().zip(by).map(|(v, p)| v * p).sum::<f64>();
    let days = reported_days(scenario);
    let per_referral = |metric: Metric, group: Group, factor: f64| {
        move |r: &Reading<'_>| {
            factor * r.horizon(metric, group) / r.horizon(Metric::Referrals, Group::Service)
        }
    };
    let (withdrawn, service) = (over(&withdraws), Group::Service);
    let mut asks = vec![
        Ask::new(
            "escalations a referral",
            over(&escalates),
            per_referral(Metric::Escalations, service, 1.0),
        ),
        Ask::new(
            "closures a referral",
            1.0 - withdrawn,
            per_referral(Metric::Closures, service, 1.0),
        ),
        Ask::new(
            "withdrawals a referral",
            withdrawn,
            per_referral(Metric::Withdrawals, service, 1.0),
        ),
    ];
    for (stage, (visits, mean)) in visits.iter().zip(&means).enumerate() {
        asks.push(Ask::new(
            format!("{}: days a referral", scenario.stages[stage].name),
            visits * mean,
            per_referral(Metric::OpenCases, Group::Stage(stage), days),
        ));
    }
    Some(asks)
}

/// Work and risks compete, with a worker at once.
pub(super) fn with_worker(scenario: &Scenario) -> Option<Vec<Ask>> {
    paths(scenario, 1.0)
}

/// Risks at 1 + k and withdrawal compete, without posts.
pub(super) fn without_worker(scenario: &Scenario) -> Option<Vec<Ask>> {
    paths(scenario, 0.0)
}

/// Monthly referrals with gamma noise: mean, variance and law.
pub(super) fn noise(scenario: &Scenario) -> Option<Vec<Ask>> {
    let Arrivals::Poisson { overdispersion, .. } = scenario.referrals.arrivals else {
        return None;
    };
    let months = scenario.calendar.reported();
    let rate = children_per_day(scenario);
    let means: Vec<f64> = months.iter().map(|m| rate * (m.ends - m.begins)).collect();
    let average = |of: &dyn Fn(f64) -> f64| {
        let total: f64 = means.iter().map(|mean| of(*mean)).sum();
        total / means.len() as f64
    };
    let (metric, group) = (Metric::Referrals, Group::Service);
    let mut asks = vec![Ask::new("mean a month", average(&|mean| mean), move |r| {
        r.over_months(|month| r.month(month, metric, group))
    })];
    for least in [20_u64, 40, 60, 80] {
        let at_least = |mean| {
            let below: f64 = (0..least)
                .map(|n| count_probability(mean, overdispersion, n))
                .sum();
            1.0 - below
        };
        asks.push(Ask::share_at_least(
            format!("probability of {least} or more"),
            average(&at_least),
            least as f64,
            metric,
            group,
        ));
    }
    let variance = average(&|mean| count_variance(mean, overdispersion));
    asks.push(Ask::new("variance a month", variance, move |r| {
        r.over_months(|month| {
            let off = r.month(month, metric, group) - means[month];
            off * off
        })
    }));
    Some(asks)
}
