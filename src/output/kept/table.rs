//! From the tables of a folder back to the numbers of its run.

use std::path::Path;

use jiff::civil::Date;

use crate::experiment::compare::{Comparison, Difference, TargetDifference, Versus};
use crate::experiment::numbers::{Numbers, PolicySummary};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::Better;
use crate::metric::distribution::Distribution;
use crate::model::calendar::Month;
use crate::output::csv::sheet::{Row, Sheet};
use crate::output::folder::{
    DIFFERENCES, DISTRIBUTION, EXPLANATION, MONTHLY, PRECISION, SPREAD, SUMMARY, TARGETS,
};
use crate::output::kept::frame::{Frame, HORIZON};
use crate::output::kept::problem::{KeptError, Trouble};
use crate::output::kept::{Aim, CarriedRow, Kept, KeptExplanation};
use crate::output::manifest::{Manifest, Source};
use crate::statistics::cluster::Split;
use crate::statistics::paired::Discordance;

/// In targets.csv the row of all targets together.
const ALL_TARGETS: &str = "all targets";
/// Nothing is known yet.
const NOTHING: Numbers = Numbers {
    n: 0,
    draws: 0,
    mean: f64::NAN,
    se: f64::NAN,
    p5: f64::NAN,
    p25: f64::NAN,
    p50: f64::NAN,
    p75: f64::NAN,
    p95: f64::NAN,
    min: f64::NAN,
    max: f64::NAN,
    split: None,
};

/// Reads everything that a folder without trouble holds.
pub(super) fn read(folder: &Path, manifest: Manifest) -> Result<Kept, KeptError> {
    let told = |trouble: Trouble| KeptError::Files {
        folder: folder.to_owned(),
        command: manifest.command.clone(),
        troubles: vec![trouble],
    };
    let has = |name: &str| manifest.files.iter().any(|file| file.name == name);
    let needed = |name: &'static str| -> Result<Sheet, Trouble> {
        match has(name) {
            true => Ok(Sheet::read(folder, name)?),
            false => Err(Trouble::Missing(name.to_owned())),
        }
    };
    let optional = |name: &'static str| -> Result<Option<Sheet>, Trouble> {
        Ok(has(name).then(|| Sheet::read(folder, name)).transpose()?)
    };
    let monthly = needed(MONTHLY).map_err(told)?;
    let horizon = needed(SUMMARY).map_err(told)?;
    let frame = Frame::of(&manifest, &monthly).map_err(told)?;
    let mut policies = empty(&frame);
    fill(&frame, &monthly, &mut policies).map_err(told)?;
    fill(&frame, &horizon, &mut policies).map_err(told)?;
    for sheet in [&monthly, &horizon] {
        complete(&frame, sheet).map_err(told)?;
    }
    if let Some(sheet) = optional(DISTRIBUTION).map_err(told)? {
        distributions(&frame, &sheet, &mut policies).map_err(told)?;
    }
    let spread = optional(SPREAD).map_err(told)?;
    if let Some(sheet) = &spread {
        splits(&frame, sheet, &mut policies).map_err(told)?;
    }
    let worlds = spread.is_some().then(|| worlds(&manifest));
    let mut comparison = match optional(DIFFERENCES).map_err(told)? {
        Some(sheet) => Some(compared(&frame, &sheet, worlds).map_err(told)?),
        None => None,
    };
    let (targets, aims) = match optional(TARGETS).map_err(told)? {
        Some(sheet) => aims(&frame, &sheet, comparison.as_mut()).map_err(told)?,
        None => (Vec::new(), vec![Vec::new(); frame.policies.len()]),
    };
    let explanation = match optional(EXPLANATION).map_err(told)? {
        Some(sheet) => explanation(&sheet).map_err(told)?,
        None => None,
    };
    let precisions = optional(PRECISION).map_err(told)?.map(|sheet| {
        let rows = sheet.rows.iter();
        let rows = rows.map(|row| row.iter().map(str::to_owned).collect());
        (sheet.heading.clone(), rows.collect())
    });
    let document = Source::document(&manifest.scenario.name, &manifest.scenario.files).ok();
    Ok(Kept {
        folder: folder.to_owned(),
        summary: Summary {
            months: months(&frame.months),
            layout: frame.layout,
            replications: manifest.run.replications_kept,
            worlds,
            targets,
            policies,
            comparison,
            until: Vec::new(),
            outcomes: Vec::new(),
            is_interrupted: manifest.run.interrupted,
        },
        aims,
        names: frame.names,
        precisions,
        explanation,
        document,
        manifest,
        manifest_text: Vec::new(),
    })
}

fn empty(frame: &Frame) -> Vec<PolicySummary> {
    let of = |name: &String| PolicySummary {
        name: name.clone(),
        numbers: vec![NOTHING; frame.layout.len()],
        targets: Vec::new(),
        all_targets: None,
    };
    frame.policies.iter().map(of).collect()
}

/// Months as far as the tables know them: their last days.
fn months(last_days: &[Date]) -> Vec<Month> {
    let month = |(at, day): (usize, &Date)| Month {
        begins: f64::NAN,
        ends: f64::NAN,
        month_of_year: day.month().unsigned_abs(),
        since_start: i32::try_from(at).unwrap_or(i32::MAX),
        last_day: *day,
    };
    last_days.iter().enumerate().map(month).collect()
}

/// Worlds that were played in, where several replications share one.
fn worlds(manifest: &Manifest) -> u64 {
    let each = manifest.run.replications_per_world.unwrap_or(1).max(1);
    let first = manifest.run.first_replication;
    (first + manifest.run.replications_kept).div_ceil(each) - first / each
}

/// Takes in monthly.csv or summary.csv.
fn fill(frame: &Frame, sheet: &Sheet, policies: &mut [PolicySummary]) -> Result<(), Trouble> {
    let is_monthly = sheet.name == MONTHLY;
    for row in sheet.rows() {
        let policy = frame.policy(&row)?;
        let line = match is_monthly {
            true => frame.row(&row)?,
            false => frame.layout.horizon_row(),
        };
        if let Some((_, at)) = frame.at(&row, line)? {
            policies[policy].numbers[at] = row.numbers()?;
        }
    }
    Ok(())
}

/// Makes sure that a table speaks of every policy.
fn complete(frame: &Frame, sheet: &Sheet) -> Result<(), Trouble> {
    for policy in &frame.policies {
        let mut rows = sheet.rows();
        if !rows.any(|row| row.text("policy") == Ok(policy)) {
            return Err(Trouble::NoPolicy(sheet.name.to_owned(), policy.clone()));
        }
    }
    Ok(())
}

fn distributions(
    frame: &Frame,
    sheet: &Sheet,
    policies: &mut [PolicySummary],
) -> Result<(), Trouble> {
    for row in sheet.rows() {
        let policy = frame.policy(&row)?;
        let key = row.text("what")?;
        let from = row.number("from")?;
        let to = match row.number("to")? {
            to if to.is_nan() => f64::INFINITY,
            to => to,
        };
        let what = Distribution::ALL.into_iter().find(|what| what.key() == key);
        let place = what.and_then(|what| {
            let mut bins = (0..what.bins()).map(|at| what.bin(at));
            let at = bins.position(|bin| (bin.from, bin.to) == (from, to))?;
            Some(frame.layout.bins(what).start + at)
        });
        let Some(place) = place else {
            return Err(row.wrong(format!("there is no such bin of {key:?}")).into());
        };
        policies[policy].numbers[place] = row.numbers()?;
    }
    complete(frame, sheet)
}

fn splits(frame: &Frame, sheet: &Sheet, policies: &mut [PolicySummary]) -> Result<(), Trouble> {
    for row in sheet.rows() {
        let policy = frame.policy(&row)?;
        let line = frame.row(&row)?;
        let (between, within) = (
            row.number("variance_unknown")?,
            row.number("variance_luck")?,
        );
        if let Some((_, at)) = frame.at(&row, line)? {
            let numbers = &mut policies[policy].numbers[at];
            numbers.draws = row.count("worlds")?;
            numbers.split = (!between.is_nan()).then_some(Split { between, within });
        }
    }
    Ok(())
}

fn compared(frame: &Frame, sheet: &Sheet, worlds: Option<u64>) -> Result<Comparison, Trouble> {
    let mut baseline = None;
    let mut versus: Vec<Versus> = Vec::new();
    for row in sheet.rows() {
        let policy = frame.policy(&row)?;
        let line = frame.row(&row)?;
        let name = row.text("baseline")?;
        let at = frame.policies.iter().position(|known| known == name);
        baseline = Some(at.ok_or_else(|| row.wrong(format!("there is no policy {name:?}")))?);
        let Some((metric, at)) = frame.at(&row, line)? else {
            continue;
        };
        if versus.last().is_none_or(|last| last.policy != policy) {
            versus.push(Versus {
                policy,
                differences: vec![difference_of_nothing(); frame.layout.len()],
                targets: Vec::new(),
                all_targets: None,
            });
        }
        if let Some(last) = versus.last_mut() {
            last.differences[at] = difference(&row, metric.definition().better, worlds)?;
        }
    }
    let trouble = |policy: &String| Trouble::NoPolicy(sheet.name.to_owned(), policy.clone());
    let first = frame.policies.first();
    let baseline = baseline
        .or((frame.policies.len() == 1).then_some(0))
        .ok_or_else(|| trouble(first.unwrap_or(&String::new())))?;
    for (at, policy) in frame.policies.iter().enumerate() {
        if at != baseline && !versus.iter().any(|one| one.policy == at) {
            return Err(trouble(policy));
        }
    }
    Ok(Comparison { baseline, versus })
}

fn difference_of_nothing() -> Difference {
    Difference {
        n: 0,
        draws: 0,
        mean: f64::NAN,
        se: f64::NAN,
        lower: 0,
        same: 0,
        variance_ratio: f64::NAN,
        worlds: None,
    }
}

fn difference(row: &Row<'_>, better: Better, worlds: Option<u64>) -> Result<Difference, Trouble> {
    let n = row.count("n")?;
    // Shares of n, which is a whole number of replications.
    let part = |share: f64| match share.is_nan() {
        true => 0,
        false => (share * n as f64).round() as u64,
    };
    let same = part(row.number("p_tie")?);
    let good = part(row.number("p_better")?);
    let lower = match better {
        Better::Lower => good,
        Better::Higher => n.saturating_sub(same + good),
        Better::Neither => 0,
    };
    let all = row.count("worlds")?;
    let favour = row.count("worlds_better")?;
    let rest = all.saturating_sub(favour);
    let split = match better {
        Better::Lower => [favour, 0, rest],
        _ => [rest, 0, favour],
    };
    let shared = if all > 0 { Some(all) } else { worlds };
    Ok(Difference {
        n,
        draws: shared.map_or(n, |worlds| worlds.min(n)),
        mean: row.number("mean")?,
        se: row.number("se")?,
        lower,
        same,
        variance_ratio: row.number("variance_ratio")?,
        worlds: (all > 0).then_some(split),
    })
}

/// Targets as written, and for each policy how each came out, all of them together last.
type Aims = (Vec<String>, Vec<Vec<Aim>>);

fn aims(
    frame: &Frame,
    sheet: &Sheet,
    mut comparison: Option<&mut Comparison>,
) -> Result<Aims, Trouble> {
    let mut targets: Vec<String> = Vec::new();
    let mut aims = vec![Vec::new(); frame.policies.len()];
    for row in sheet.rows() {
        let policy = frame.policy(&row)?;
        let target = row.text("target")?;
        let is_together = target == ALL_TARGETS;
        if policy == 0 && !is_together {
            targets.push(target.to_owned());
        }
        let aim = Aim {
            hits: row.count("hits")?,
            n: row.count("n")?,
            undefined: row.count("undefined")?,
            probability: row.number("probability")?,
            interval: row.interval("low", "high")?,
        };
        aims[policy].push(aim);
        let versus = comparison.as_mut().and_then(|comparison| {
            let mut versus = comparison.versus.iter_mut();
            versus.find(|one| one.policy == policy)
        });
        if let Some(versus) = versus {
            let one = target_difference(&row, &aim)?;
            if is_together {
                versus.all_targets = Some(one);
            } else {
                versus.targets.push(one);
            }
        }
    }
    for (policy, aims) in frame.policies.iter().zip(&aims) {
        if aims.len() != targets.len() + 1 {
            return Err(Trouble::NoPolicy(sheet.name.to_owned(), policy.clone()));
        }
    }
    Ok((targets, aims))
}

fn target_difference(row: &Row<'_>, aim: &Aim) -> Result<TargetDifference, Trouble> {
    let (only_first, only_second) = (row.count("only_policy")?, row.count("only_baseline")?);
    let both = aim.hits.saturating_sub(only_first);
    let told = both + only_first + only_second;
    Ok(TargetDifference {
        counts: Discordance {
            both,
            only_first,
            only_second,
            neither: aim.n.saturating_sub(told),
        },
        interval: row.interval("difference_low", "difference_high")?,
    })
}

fn explanation(sheet: &Sheet) -> Result<Option<KeptExplanation>, Trouble> {
    let mut explanation: Option<KeptExplanation> = None;
    for row in sheet.rows() {
        let ends = |column: &str| -> Result<[f64; 3], Trouble> {
            let (low, high) = (format!("{column}_low"), format!("{column}_high"));
            Ok([row.number(column)?, row.number(&low)?, row.number(&high)?])
        };
        let one = CarriedRow {
            metric: row.text("metric")?.to_owned(),
            is_horizon: row.text("month_end")? == HORIZON,
            cut: row.text("cut")?.to_owned(),
            whole: ends("whole")?,
            carried: ends("carried")?,
            left: ends("left")?,
            weakest_key: row.text("weakest_key")?.to_owned(),
            weakest_grade: row.text("weakest_grade")?.to_owned(),
        };
        match &mut explanation {
            Some(explanation) => explanation.rows.push(one),
            None => {
                explanation = Some(KeptExplanation {
                    policy: row.text("policy")?.to_owned(),
                    against: row.text("against")?.to_owned(),
                    rows: vec![one],
                });
            }
        }
    }
    Ok(explanation)
}
