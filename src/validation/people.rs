//! People: leaving, filling posts, absence, strain.

use crate::metric::catalogue::Metric;
use crate::metric::layout::Group;
use crate::model::calendar::DAYS_PER_YEAR;
use crate::scenario::sections::{Opening, Scenario};
use crate::theory::quadrature::integrate;
use crate::theory::renewal::{Post, vacancies, vacancy_probability};
use crate::theory::strain::{Path, burnt_out_share};
use crate::validation::ask::{Ask, Reading, census, reported_days};

const SERVICE: Group = Group::Service;

/// Vacant posts at the census of a month, of `posts` full-time posts: cases over workers in post and cases
/// over posts, of the same cases, give the share filled. NaN where nobody has a case.
fn vacant(r: &Reading<'_>, month: usize, posts: f64) -> f64 {
    let in_post = r.month(month, Metric::CaseloadInPost, SERVICE);
    let established = r.month(month, Metric::CaseloadEstablished, SERVICE);
    (posts * (1.0 - established / in_post)).round()
}

/// Binomial vacancies at a census: their variance, and the probability of none or few.
///
/// * `p` - probability that a post is vacant
fn binomial(asks: &mut Vec<Ask>, posts: usize, p: f64, month: usize) {
    let n = posts as f64;
    let when = format!("month {}", month + 1);
    asks.push(Ask::new(
        format!("variance of vacancies, {when}"),
        n * p * (1.0 - p),
        move |r| {
            let off = vacant(r, month, n) - n * p;
            off * off
        },
    ));
    let most = (n * p).round();
    let at_most = (0..=most as u64).map(|k| vacancies(posts as u64, p, k));
    asks.push(Ask::new(
        format!("probability of at most {most} vacancies, {when}"),
        at_most.sum(),
        move |r| f64::from(vacant(r, month, n) < most + 0.5),
    ));
}

/// Alternating renewal in the long run.
pub(super) fn renewal(scenario: &Scenario) -> Option<Vec<Ask>> {
    let grade = scenario.grades.first()?;
    let vacancy = scenario.recruitment.as_ref()?.time_to_fill.mean();
    let tenure = DAYS_PER_YEAR / grade.leave.first()?.per_year + grade.notice.mean();
    let p = vacancy_probability(tenure, vacancy);
    let posts = scenario.post_count();
    let cycles = posts as f64 * reported_days(scenario) / (tenure + vacancy);
    let mut asks = vec![
        Ask::horizon("vacancy rate", p, Metric::VacancyRate, SERVICE),
        Ask::horizon("leavers", cycles, Metric::Leavers, SERVICE),
        Ask::horizon("starters", cycles, Metric::Starters, SERVICE),
    ];
    for month in [0, 23] {
        binomial(&mut asks, posts, p, month);
    }
    Some(asks)
}

/// Alternating renewal from the first day.
pub(super) fn leavers(scenario: &Scenario) -> Option<Vec<Ask>> {
    let grade = scenario.grades.first()?;
    let post = Post {
        hazard_per_day: grade.leave.first()?.per_year / DAYS_PER_YEAR,
        notice_days: grade.notice.mean(),
        vacancy_days: scenario.recruitment.as_ref()?.time_to_fill.mean(),
    };
    let posts = scenario.post_count();
    let (n, t) = (posts as f64, reported_days(scenario));
    let mut asks = vec![
        Ask::horizon("leavers", n * post.leavers(t), Metric::Leavers, SERVICE),
        Ask::horizon("starters", n * post.starts(t), Metric::Starters, SERVICE),
        Ask::horizon(
            "filled posts",
            n * post.filled_share(t),
            Metric::FilledPosts,
            SERVICE,
        ),
    ];
    for month in [5, 11, 35] {
        binomial(
            &mut asks,
            posts,
            1.0 - post.filled(census(scenario, month)?),
            month,
        );
    }
    Some(asks)
}

/// Alternating presence and absence, in the long run and from the first day.
pub(super) fn absence(scenario: &Scenario) -> Option<Vec<Ask>> {
    let rate = scenario.grades.first()?.absences_per_year / DAYS_PER_YEAR;
    let absent = rate * scenario.absence.as_ref()?.spell.mean();
    let share = absent / (1.0 + absent);
    let mut asks = vec![Ask::horizon(
        "absence rate",
        share,
        Metric::AbsenceRate,
        SERVICE,
    )];
    // Who is absent on the first day, and for how long still, is in equilibrium.
    for month in [0, 2] {
        asks.push(Ask::month(
            format!("absence rate, month {}", month + 1),
            share,
            month,
            Metric::AbsenceRate,
            SERVICE,
        ));
    }
    Some(asks)
}

/// Workload ratio of each worker, all alike: the hours of the opening cases over those of the posts.
fn constant_ratio(scenario: &Scenario, cases: f64) -> Option<f64> {
    let grade = scenario.grades.first()?;
    let supply = grade.hours_per_week * grade.direct_share * scenario.post_count() as f64;
    Some(cases * scenario.stages.first()?.hours_per_week / supply)
}

fn path(scenario: &Scenario, ratio: f64) -> Path {
    let strain = &scenario.strain;
    Path {
        begin: 0.0,
        target: strain.gain * (ratio - strain.onset).max(0.0),
        tau_days: strain.tau_days,
    }
}

fn opening_cases(scenario: &Scenario) -> Option<f64> {
    match &scenario.opening {
        Opening::Counts(counts) => Some(f64::from(*counts.first()?)),
        _ => None,
    }
}

/// Strain under constant overload, who is burnt out by it, and what unmet need does to complexity.
pub(super) fn strain(scenario: &Scenario) -> Option<Vec<Ask>> {
    let cases = opening_cases(scenario)?;
    let ratio = constant_ratio(scenario, cases)?;
    let path = path(scenario, ratio);
    let base = scenario.strain.burnout_base;
    let last = scenario.calendar.reported().len() - 1;
    let t = reported_days(scenario);
    let risk = scenario.stages.first()?.risks.first()?;
    let unmet = 1.0 - 1.0 / ratio;
    let days = risk.duration.mean() / (1.0 + risk.unmet_effect * unmet);
    let over_time = |of: &dyn Fn(f64) -> f64| integrate(of, 0.0, t, 1e-9) / t;
    let mut asks = vec![
        Ask::horizon("workload ratio", ratio, Metric::WorkloadRatio, SERVICE),
        Ask::horizon("share of need met", 1.0 / ratio, Metric::NeedMet, SERVICE),
        Ask::horizon(
            "mean strain over time",
            over_time(&|u| path.at(u)),
            Metric::StrainMeanAverage,
            SERVICE,
        ),
        Ask::horizon(
            "share of time burnt out",
            over_time(&|u| burnt_out_share(base, path.at(u))),
            Metric::BurntOutShareAverage,
            SERVICE,
        ),
        Ask::month(
            "burnt out at least once, last month",
            burnt_out_share(base, path.at(census(scenario, last)?)),
            last,
            Metric::BurntOutEver,
            SERVICE,
        ),
    ];
    for month in [0, 2, 11] {
        let at = census(scenario, month)?;
        let (z, when) = (path.at(at), format!("month {}", month + 1));
        asks.push(Ask::month(
            format!("strain, {when}"),
            z,
            month,
            Metric::StrainMean,
            SERVICE,
        ));
        // The time to burnout has this law.
        asks.push(Ask::month(
            format!("share burnt out, {when}"),
            burnt_out_share(base, z),
            month,
            Metric::BurntOutShare,
            SERVICE,
        ));
        asks.push(Ask::month(
            format!("share burnt out by load, {when}"),
            burnt_out_share(base, z) - base,
            month,
            Metric::BurntOutAttributable,
            SERVICE,
        ));
        asks.push(Ask::month(
            format!("cases not yet grown, {when}"),
            cases * libm::exp(-at / days),
            month,
            Metric::OpenCasesCensus,
            Group::Stage(0),
        ));
    }
    Some(asks)
}

/// Leavers by month under strain that grows.
///
/// With a frailty f the survival is the mean over dispositions a of that under `base x exp(b f a - (b f)^2 / 2)`.
pub(super) fn survival(scenario: &Scenario) -> Option<Vec<Ask>> {
    /// Dispositions beyond are met once in 10^15.
    const FAR: f64 = 8.0;
    let ratio = constant_ratio(scenario, opening_cases(scenario)?)?;
    let (path, strain) = (path(scenario, ratio), &scenario.strain);
    let base = scenario.grades.first()?.leave.first()?.per_year / DAYS_PER_YEAR;
    let most = strain.hazard_max_per_year / DAYS_PER_YEAR;
    let (b, spread) = (strain.b_leave, strain.b_leave * strain.frailty);
    let posts = scenario.post_count() as f64;
    let stays = |t: f64| {
        if spread == 0.0 {
            return path.survival(base, b, most, t);
        }
        let of = |a: f64| {
            let density = libm::exp(-a * a / 2.0) / libm::sqrt(2.0 * std::f64::consts::PI);
            let prone = base * libm::exp(spread * a - spread * spread / 2.0);
            density * path.survival(prone, b, most, t)
        };
        integrate(of, -FAR, 0.0, 1e-10) + integrate(of, 0.0, FAR, 1e-10)
    };
    let mut asks = Vec::new();
    for month in [0, 5, 11, 23] {
        let ends = scenario.calendar.reported().get(month)?.ends;
        asks.push(Ask::new(
            format!("leavers through month {}", month + 1),
            posts * (1.0 - stays(ends)),
            move |r| r.through(month, Metric::Leavers, SERVICE),
        ));
    }
    let through = scenario.calendar.reported().get(11)?.ends;
    let p = 1.0 - stays(through);
    asks.push(Ask::new(
        "variance of leavers through month 12",
        posts * p * (1.0 - p),
        move |r| {
            let off = r.through(11, Metric::Leavers, SERVICE) - posts * p;
            off * off
        },
    ));
    Some(asks)
}
