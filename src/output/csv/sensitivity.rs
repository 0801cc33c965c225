//! The tables of a sensitivity analysis.

use std::io;

use super::cell;
use crate::experiment::sensitivity::answer::Found;
use crate::experiment::sensitivity::design::Role;
use crate::experiment::sensitivity::question::Looked;
use crate::output::sensitivity::told::{NO_GRADE, Told, grade, origin};
use crate::statistics::interval::Interval;
use crate::statistics::mean_and_error;

fn ends(interval: Option<Interval>) -> [String; 2] {
    let end = |of: fn(&Interval) -> f64| interval.as_ref().map_or(String::new(), |i| cell(of(i)));
    [end(|i| i.low), end(|i| i.high)]
}

/// Outcome and time as they stand in files: metric and month, or the requirement.
fn name(looked: &Looked<'_>) -> String {
    match looked {
        Looked::Outcome(outcome) => outcome.text.clone(),
        Looked::Met(requirement) => requirement.text.clone(),
        Looked::AllMet => "all requirements".to_owned(),
    }
}

/// Writes how much each input matters, one row for each policy, outcome and input, the most important first: indices, or
/// effects of a screening. Variances and effects are in the unit of the metric; what is met is 1 or 0.
///
/// # Errors
/// Those of `out`.
pub fn sensitivity(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "policy",
        "outcome",
        "rank",
        "key",
        "low",
        "high",
        "said_by",
        "grade",
        "source",
        "total",
        "total_low",
        "total_high",
        "first",
        "first_low",
        "first_high",
        "mu_star",
        "mu_star_low",
        "mu_star_high",
        "mu",
        "sigma",
        "mu_star_by_luck",
        "mean",
        "variance_of_expected",
        "variance_of_luck",
        "luck_share",
        "hidden_by_luck",
        "rows",
    ])?;
    for study in told.studies {
        for (rank, at) in (1..).zip(study.ranked(told.count())) {
            let input = told.input(at);
            let [low, high] = input.ends.map(cell);
            let source = input.evidence.as_ref().and_then(|e| e.source.clone());
            let grade = match grade(input) {
                NO_GRADE => "",
                grade => grade,
            };
            let mut row = vec![
                told.policy(study.policy).to_owned(),
                name(&told.looked(study)),
                rank.to_string(),
                input.key.clone(),
                low,
                high,
                origin(input).to_owned(),
                grade.to_owned(),
                source.unwrap_or_default(),
            ];
            let empty = || std::iter::repeat_n(String::new(), 6);
            match &study.found {
                Found::Indices(found) => {
                    for index in [&found.total[at], &found.first[at]] {
                        row.push(cell(index.value));
                        row.extend(ends(index.interval));
                    }
                    row.extend(empty());
                    row.extend([
                        cell(found.mean),
                        cell(found.variance),
                        cell(found.noise),
                        cell(found.noise_share()),
                        found.is_hidden.to_string(),
                        found.rows.to_string(),
                    ]);
                }
                Found::Effects(found) => {
                    let effect = &found[at];
                    row.extend(empty());
                    row.push(cell(effect.mu_star));
                    row.extend(ends(effect.interval));
                    row.extend([effect.mu, effect.sigma, effect.by_noise].map(cell));
                    row.extend(empty().take(5));
                    row.push(told.question.rows.to_string());
                }
                Found::Nothing => row.extend(empty().chain(empty()).chain(empty())),
            }
            table.write_record(&row)?;
        }
    }
    table.flush()
}

/// Writes the points: number, row, what it is for, its first replication and how many, and each input's value there.
///
/// # Errors
/// Those of `out`.
pub fn points(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    let ours = ["point", "row", "role", "first_replication", "replications"];
    let keys = told.inputs.list.iter().map(|input| match input.is_factor {
        true => format!("times {}", input.key),
        false => input.key.clone(),
    });
    table.write_record(ours.map(str::to_owned).into_iter().chain(keys))?;
    for (at, (point, numbers)) in told.points.iter().zip(&told.played.numbers).enumerate() {
        let key = |input: usize| told.input(input).key.as_str();
        let role = match point.role {
            Role::A => "A",
            Role::B => "B",
            Role::Changed(input) => key(input),
            Role::Step(None) => "start",
            Role::Step(Some(input)) => key(input),
        };
        let ours = [
            at.to_string(),
            point.row.to_string(),
            role.to_owned(),
            point.first.to_string(),
            point.replications.to_string(),
        ];
        table.write_record(ours.into_iter().chain(numbers.iter().map(|n| cell(*n))))?;
    }
    table.flush()
}

/// Writes what each point came to: mean and standard error over those of its replications that have the number, one row for each point, policy and
/// outcome.
///
/// # Errors
/// Those of `out`.
pub fn values(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record(["point", "policy", "outcome", "n", "mean", "se"])?;
    let looked = told.question.looked();
    for point in 0..told.points.len() {
        for policy in 0..told.question.policies.len() {
            for (at, looked) in looked.iter().enumerate() {
                let values = told.played.values(point, policy, at);
                // A replication without the number has no part in its mean, as in the files of a run.
                let there: Vec<f64> = values.iter().copied().filter(|v| !v.is_nan()).collect();
                let found = mean_and_error(&there);
                let (mean, se) = found.map_or((f64::NAN, f64::NAN), |m| (m.mean, m.standard_error));
                table.write_record([
                    point.to_string(),
                    told.policy(policy).to_owned(),
                    name(looked),
                    there.len().to_string(),
                    cell(mean),
                    cell(se),
                ])?;
            }
        }
    }
    table.flush()
}

/// Writes how each policy does over plausible worlds, one row for each.
///
/// # Errors
/// Those of `out`.
pub fn robustness(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "policy",
        "worlds",
        "worlds_that_meet",
        "share",
        "share_low",
        "share_high",
        "worlds_undecided_by_luck",
        "chance_mean",
    ])?;
    let standings = told.robust.iter().flat_map(|robust| &robust.standings);
    for (at, standing) in standings.enumerate() {
        let [low, high] = ends(standing.interval());
        table.write_record([
            told.policy(at).to_owned(),
            standing.worlds.to_string(),
            standing.meets.to_string(),
            cell(standing.share()),
            low,
            high,
            standing.close.to_string(),
            cell(standing.chance),
        ])?;
    }
    table.flush()
}

/// Writes what each policy loses against the best of each world, one row for each outcome and policy.
///
/// # Errors
/// Those of `out`.
pub fn regret(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "outcome",
        "policy",
        "worlds",
        "mean",
        "mean_at_least",
        "p90",
        "best_share",
    ])?;
    let looked = told.question.looked();
    for loss in told.robust.iter().flat_map(|robust| &robust.losses) {
        for (at, regret) in loss.regrets.iter().enumerate() {
            table.write_record([
                name(&looked[loss.looked]),
                told.policy(at).to_owned(),
                regret.worlds.to_string(),
                cell(regret.mean),
                cell(regret.mean_at_least),
                cell(regret.p90),
                cell(regret.best_share),
            ])?;
        }
    }
    table.flush()
}

/// Writes the boxes in which the best policy fails, one row for each limit of each box.
///
/// # Errors
/// Those of `out`.
pub fn boxes(out: impl io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = ::csv::Writer::from_writer(out);
    table.write_record([
        "policy",
        "box",
        "key",
        "above",
        "below",
        "quasi_p",
        "worlds_inside",
        "fails_inside",
        "density",
        "coverage",
        "first_box_by_chance",
    ])?;
    for failing in told.robust.iter().filter_map(|r| r.failing.as_ref()) {
        for (number, found) in (1..).zip(&failing.boxes) {
            for limit in &found.limits {
                table.write_record([
                    told.policy(failing.policy).to_owned(),
                    number.to_string(),
                    told.input(limit.input).key.clone(),
                    limit.above.map_or(String::new(), cell),
                    limit.below.map_or(String::new(), cell),
                    cell(limit.quasi_p),
                    found.inside.to_string(),
                    found.hits.to_string(),
                    cell(found.density()),
                    cell(found.coverage),
                    cell(failing.by_chance),
                ])?;
            }
        }
    }
    table.flush()
}
