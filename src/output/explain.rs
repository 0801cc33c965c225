//! What carries a difference between two policies, on the terminal: feedback by feedback, with the evidence for each.

use std::io;

use comfy_table::CellAlignment;

use crate::experiment::compare::{Difference, Finding};
use crate::experiment::explain::{Carried, Explained};
use crate::experiment::summary::Summary;
use crate::metric::catalogue::{Better, Metric};
use crate::output::grid::{self, grid};
use crate::output::number;
use crate::output::prose::{plural, wrapped};
use crate::output::terminal::{Frame, heading, setting};
use crate::policy::arrow::Arrow;
use crate::scenario::evidence::{Evidence, weakest_first};
use crate::scenario::study::Without;
use crate::scenario::target::{Wrong, named};

/// The metrics that are explained unless others are asked for.
const MAIN: [Metric; 5] = [
    Metric::CaseloadMean,
    Metric::BurntOutShare,
    Metric::Unallocated,
    Metric::NeedMet,
    Metric::Leavers,
];

/// The weakest evidence that a feedback rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// Key of the number.
    pub key: String,
    /// Its grade; nothing where nobody says.
    pub grade: Option<String>,
}

/// What each feedback carries, and what each rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// Name of the policy.
    pub policy: String,
    /// Name of the one that it is held against.
    pub against: String,
    /// Each metric in the last month and over the horizon.
    pub explained: Vec<Explained>,
    /// For each cut, in the order of [`Without::each`]; nothing where the scenario has no such feedback.
    pub grounds: Vec<Option<Ground>>,
}

/// The metrics of some names; of no names the main ones.
///
/// # Errors
/// The first name that no metric has, and the nearest that one has.
pub fn shown(keys: &[String]) -> Result<Vec<Metric>, Wrong> {
    if keys.is_empty() {
        return Ok(MAIN.to_vec());
    }
    keys.iter().map(|key| named(key)).collect()
}

/// The weakest evidence of every cut of a study.
///
/// * `register` - of the scenario
pub fn grounds(register: &[Evidence]) -> Vec<Option<Ground>> {
    Without::each()
        .map(|without| {
            let entries = register.iter().filter(|entry| without.rests_on(&entry.key));
            let weakest = entries.min_by_key(|entry| weakest_first(entry))?;
            Some(Ground {
                key: weakest.key.clone(),
                grade: weakest.grade.clone(),
            })
        })
        .collect()
}

impl Without {
    /// True where a number of the scenario is one that the feedback rests on.
    fn rests_on(self, key: &str) -> bool {
        let Without::One(arrow) = self else {
            return false;
        };
        match arrow {
            Arrow::OverloadSlowsWork => key == "overload.thin",
            Arrow::UnmetNeedEscalates => key.contains(".risks") && key.ends_with("unmet_effect"),
            Arrow::UnmetNeedReturns => key == "return.unmet_effect",
            Arrow::StrainLeaving => matches!(key, "strain.gain" | "strain.b_leave"),
            Arrow::StrainAbsence => matches!(key, "strain.gain" | "strain.b_absence"),
            Arrow::LeaversCasesFallBack => key.starts_with("grades.") && key.contains(".leave"),
            Arrow::LoadRecruitment => key.starts_with("recruitment.attraction"),
        }
    }
}

/// Prints what carries the difference.
///
/// # Errors
/// Those of `out`.
pub fn answer(
    out: &mut dyn io::Write,
    frame: &Frame<'_>,
    summary: &Summary,
    explanation: &Explanation,
) -> io::Result<()> {
    writeln!(out, "{}", heading(frame))?;
    for line in wrapped(&setting(frame, summary)) {
        writeln!(out, "{line}")?;
    }
    let Some(last) = summary.months.last() else {
        return Ok(());
    };
    let when = last.last_day.strftime("%B %Y").to_string();
    let words = format!(
        "What carries the difference of {:?} against {:?} in {when}: both are played again without each feedback, on \
         the same luck. A feedback carries what the difference loses when it is cut; the parts need not sum to the \
         whole, because one may need another to act.",
        explanation.policy, explanation.against
    );
    writeln!(out)?;
    for line in wrapped(&words) {
        writeln!(out, "{line}")?;
    }
    let last_row = summary.months.len() - 1;
    let of_month = explanation.explained.iter().filter(|e| e.row == last_row);
    for explained in of_month.clone() {
        writeln!(out)?;
        for line in wrapped(&sentence(explained, explanation)) {
            writeln!(out, "{line}")?;
        }
    }
    for explained in of_month {
        if !matches!(neutral(&explained.whole), Finding::Same | Finding::Unknown) {
            writeln!(out)?;
            table(out, explained, explanation, &when)?;
        }
    }
    writeln!(out)?;
    for line in wrapped(&caveat(explanation)) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    for line in wrapped(&format!(
        "Each line rests on {} played under both policies; in the files also over the {} together.",
        plural(summary.replications, "replication"),
        plural(summary.months.len() as u64, "month")
    )) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

/// One metric in words: whether there is a difference, and which feedbacks clearly carry some of it.
fn sentence(explained: &Explained, explanation: &Explanation) -> String {
    let definition = explained.metric.definition();
    let name = definition.key.replace('_', " ");
    let whole = &explained.whole;
    match neutral(whole) {
        Finding::Same => return format!("{name}: no difference in any replication."),
        Finding::Unknown => return format!("{name}: too few replications to tell."),
        Finding::Unclear => {
            return format!(
                "{name}: no clear difference ({}).",
                number::difference_interval(definition, whole).unwrap_or_default()
            );
        }
        _ => {}
    }
    let carriers: Vec<String> = explained
        .parts
        .iter()
        .zip(&explanation.grounds)
        .filter(|(part, _)| part.without != Without::All && is_clear(&part.carried))
        .filter(|(part, _)| !number::is_negligible(definition, &part.carried))
        .map(|(part, ground)| {
            let rests = match ground {
                Some(ground) if ground.grade.as_deref() == Some("D") => {
                    format!(", which rests on an assumption (grade D: {})", ground.key)
                }
                _ => String::new(),
            };
            format!(
                "\"{}\" carries {}{}{rests}",
                part.without.name(),
                number::difference(definition, &part.carried),
                share(part, whole).map_or_else(String::new, |share| format!(" ({share})")),
            )
        })
        .collect();
    let direct = explained
        .parts
        .iter()
        .find(|part| part.without == Without::All);
    let direct = direct.map_or_else(String::new, |part| {
        let left = number::difference_interval(definition, &part.left).unwrap_or_default();
        if is_clear(&part.left) {
            format!(
                " With all feedbacks cut {} is left ({left}): that much the policies do directly.",
                number::difference(definition, &part.left)
            )
        } else {
            format!(" With all feedbacks cut nothing clear is left ({left}).")
        }
    });
    let carried = if carriers.is_empty() {
        "no feedback clearly carries any of it".to_owned()
    } else {
        carriers.join("; ")
    };
    format!(
        "{name}: {} ({}); {carried}.{direct}",
        number::difference(definition, whole),
        number::difference_interval(definition, whole).unwrap_or_default(),
    )
}

/// What the difference comes to, good or bad.
fn neutral(difference: &Difference) -> Finding {
    difference.finding(Better::Neither)
}

fn is_clear(difference: &Difference) -> bool {
    matches!(neutral(difference), Finding::Higher | Finding::Lower)
}

/// Share of the whole that a feedback carries, `61 %`; nothing where the whole is not clear.
fn share(part: &Carried, whole: &Difference) -> Option<String> {
    is_clear(whole).then(|| format!("{:.0} %", 100.0 * part.carried.mean / whole.mean))
}

fn table(
    out: &mut dyn io::Write,
    explained: &Explained,
    explanation: &Explanation,
    when: &str,
) -> io::Result<()> {
    let definition = explained.metric.definition();
    let unit = match number::difference_unit(definition).as_str() {
        "" => String::new(),
        unit => format!(" [{unit}]"),
    };
    writeln!(out, "{}{unit}, {when}", definition.key.replace('_', " "))?;
    let mut table = grid();
    table.set_header([
        "cut",
        "carries",
        "95 %",
        "of all",
        "left",
        "weakest evidence",
    ]);
    let row = |difference: &Difference| {
        let ends = number::difference_interval(definition, difference);
        let mean = number::difference(definition, difference);
        (mean, ends.unwrap_or_else(|| number::MISSING.to_owned()))
    };
    let (mean, ends) = row(&explained.whole);
    table.add_row([
        "nothing".to_owned(),
        String::new(),
        ends,
        String::new(),
        mean,
        String::new(),
    ]);
    for (part, ground) in explained.parts.iter().zip(&explanation.grounds) {
        let (carries, ends) = row(&part.carried);
        let (left, _) = row(&part.left);
        let ground = match ground {
            Some(ground) => format!(
                "{}  {}",
                ground.grade.as_deref().unwrap_or("no grade"),
                ground.key
            ),
            None if part.without == Without::All => String::new(),
            None => "no such feedback here".to_owned(),
        };
        let is_idle = part.carried.same == part.carried.n && part.carried.n > 0;
        let (carries, ends) = if is_idle {
            ("none".to_owned(), String::new())
        } else {
            (carries, ends)
        };
        table.add_row([
            part.without.name().to_owned(),
            carries,
            ends,
            if is_idle {
                String::new()
            } else {
                share(part, &explained.whole).unwrap_or_default()
            },
            left,
            ground,
        ]);
    }
    for at in 1..5 {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    writeln!(out, "{}", grid::text(&table))
}

/// What the evidence does not carry, whatever the numbers say.
fn caveat(explanation: &Explanation) -> String {
    let assumed: Vec<&str> = Without::each()
        .zip(&explanation.grounds)
        .filter(|(without, ground)| {
            let is_assumed = ground
                .as_ref()
                .is_some_and(|ground| ground.grade.as_deref() == Some("D"));
            let is_used = explanation.explained.iter().any(|explained| {
                let mut parts = explained.parts.iter();
                parts.any(|part| part.without == *without && is_clear(&part.carried))
            });
            is_assumed && is_used
        })
        .map(|(without, _)| without.name())
        .collect();
    let rests = if assumed.is_empty() {
        "No feedback that clearly carries something here rests on an assumption (grade D)."
            .to_owned()
    } else {
        format!(
            "The conclusion rests on assumptions (grade D) behind: {}. Vary them within their range before relying on it.",
            assumed.join(", ")
        )
    };
    format!(
        "{rests} \"{}\" is cut by letting a leaver's cases leave the service too: it carries the work that comes back as \
         well as its weight on those who stay. The evidence knows no direct effect of caseload on leaving (meta-analysis of 22 studies, Kim and Kao \
         2014, grade B): people leave here for strain alone, whose size is assumed.",
        Arrow::LeaversCasesFallBack.name()
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::document::Document;
    use crate::scenario::starter::starter;

    #[test]
    fn a_feedback_rests_on_the_weakest_of_its_numbers() {
        let document = Document::parse("mine", starter()).unwrap();
        let grounds = grounds(document.evidence());
        let of = |arrow: Arrow| grounds[arrow as usize].clone();
        let overload = of(Arrow::OverloadSlowsWork).unwrap();
        assert_eq!(overload.grade.as_deref(), Some("D"));
        assert!(overload.key.starts_with("overload."));
        // The starter has no returns and no attraction.
        assert_eq!(of(Arrow::UnmetNeedReturns), None);
        assert_eq!(of(Arrow::LoadRecruitment), None);
        assert_eq!(grounds.last(), Some(&None));
    }

    #[test]
    fn an_unknown_metric_is_told_the_nearest() {
        assert_eq!(shown(&[]).unwrap(), MAIN);
        let wrong = shown(&["caseload_maen".to_owned()]).unwrap_err();
        assert!(wrong.1.contains("caseload_mean"), "{wrong:?}");
    }
}
