//! The part of the page about plausible worlds.

use crate::experiment::sensitivity::robust::Robust;
use crate::output::chart::canvas::{Alt, DrawError};
use crate::output::chart::rows::{Mark, intervals};
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::sensitivity::told::{Told, unit};
use crate::output::sensitivity::words::{fewer, losses, standings};

/// In how many worlds each policy will do, and what it loses.
///
/// # Errors
/// Those of the charts.
pub fn worlds(told: &Told<'_>, robust: &Robust) -> Result<Html, DrawError> {
    let mut html = Html::new();
    if !robust.standings.is_empty() {
        let mut table = Table::new(
            "standings",
            "In how many worlds each policy meets what is required",
            &[
                ("policy", Set::Words),
                ("worlds that meet all", Set::Numbers),
                ("of worlds", Set::Numbers),
                ("share of plausible worlds, %", Set::Numbers),
                ("undecided by luck", Set::Numbers),
                ("chance in a world, mean %", Set::Numbers),
            ],
        );
        for row in standings(told) {
            table.row(row);
        }
        let marks: Vec<Mark> = robust
            .standings
            .iter()
            .enumerate()
            .map(|(at, standing)| Mark {
                name: told.policy(at).to_owned(),
                value: standing.share() * 100.0,
                interval: standing
                    .interval()
                    .map_or([f64::NAN; 2], |i| [i.low * 100.0, i.high * 100.0]),
                label: number::share(standing.share()),
            })
            .collect();
        let alt = Alt {
            id: "standings-chart".to_owned(),
            title: "Share of plausible worlds in which each policy meets what is required"
                .to_owned(),
            description: "The table has each number.".to_owned(),
        };
        let required: Vec<&str> = told
            .question
            .requirements
            .iter()
            .map(|r| r.text.as_str())
            .collect();
        let each = plural(told.question.in_world, "replication");
        Figure {
            id: "standings-figure".to_owned(),
            finding: "In how many plausible worlds each policy will do".to_owned(),
            note: format!(
                "Required: {}. Each world is played with {each}; where luck may have decided it is said. The line is the \
                 interval of the share of all plausible worlds, 95 %.",
                required.join("; ")
            ),
            panels: vec![Panel {
                heading: "Worlds, %".to_owned(),
                svg: intervals(&marks, [0.0, 100.0], false, &alt)?,
            }],
            table,
        }
        .write(&mut html);
    }
    if !robust.losses.is_empty() {
        html.words(
            "p",
            &[],
            "What is lost: by how much a policy is worse than the best of these policies in each world; the best need not be \
             the same everywhere. On average over worlds, and in one world of ten it is more than the second number.",
        );
    }
    for loss in &robust.losses {
        let looked = told.question.looked()[loss.looked];
        let mut table = Table::new(
            &format!("loss-{}", loss.looked),
            &format!(
                "{}: what each policy loses against the best of each world",
                looked.text()
            ),
            &[("policy", Set::Words)],
        );
        let unit = unit(&looked);
        table.columns.extend([
            (format!("on average, {unit}"), Set::Numbers),
            (format!("in one world of ten, {unit}"), Set::Numbers),
            ("best in, % of worlds".to_owned(), Set::Numbers),
        ]);
        for row in losses(told, loss) {
            table.row(row);
        }
        table.write(&mut html);
        if let Some(text) = fewer(told, loss) {
            html.words("p", &[], &text);
        }
    }
    Ok(html)
}
