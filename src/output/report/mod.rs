//! The report: one page that a planner hands on, made from a finished folder alone.

pub(super) mod answer;
pub(super) mod behind;
pub(super) mod bounds;
pub(super) mod checks;
pub(super) mod cost;
mod differences;
pub(super) mod feedback;
pub(super) mod months;
pub(super) mod pathway;
pub(super) mod story;

use std::path::{Path, PathBuf};

use crate::output::chart::canvas::DrawError;
use crate::output::folder::REPORT;
use crate::output::kept::{Kept, read_manifest};
use crate::output::page::error::PageError;
use crate::output::page::shell::{Shell, is_ours, page};
use crate::output::prose::plural;
use crate::output::report::story::Story;
use crate::output::store::add::add_one;

/// Writes the report of a finished folder into it, and its hash into the manifest, all at once.
///
/// * returns - where it stands
///
/// # Errors
/// [`PageError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<PathBuf, PageError> {
    read_manifest(folder).map_err(PageError::Kept)?;
    let path = folder.join(REPORT);
    if path.exists() && !is_ours(&path) {
        return Err(PageError::Foreign(path));
    }
    let kept = Kept::open(folder).map_err(PageError::Kept)?;
    let text = build(&kept).map_err(PageError::Draw)?;
    add_one(folder, &kept.manifest_text, REPORT, text).map_err(PageError::Store)
}

/// Makes the page.
///
/// # Errors
/// Those of the charts.
pub fn build(kept: &Kept) -> Result<String, DrawError> {
    let story = Story::of(kept);
    let first = [answer::answer(&story), bounds::bounds(&story)];
    let mut rest = Vec::new();
    rest.extend(answer::changes(&story));
    rest.push(months::months(&story)?);
    rest.push(behind::behind(&story)?);
    rest.push(cost::cost(&story)?);
    rest.extend(cost::targets(&story)?);
    rest.push(pathway::pathway(&story)?);
    rest.extend(feedback::feedbacks(&story)?);
    rest.push(checks::checks(&story));
    let manifest = &kept.manifest;
    let subtitle = format!(
        "{} to {}; {} of {} on the same luck",
        story.month(0),
        story.month(story.last()),
        plural(kept.summary.replications, "play"),
        plural(story.policies.len() as u64, "policy")
    );
    let footer = [
        format!(
            "Made by casecap {} from the results of casecap {}. All figures are simulated.",
            env!("CARGO_PKG_VERSION"),
            manifest.casecap
        ),
        "Accessibility: made for WCAG 2.2 level AA, and checked by a program, with the keyboard and on a narrow screen. Known \
         gaps: wide tables move sideways on narrow screens, and older browsers print a table of numbers only if it was opened."
            .to_owned(),
    ];
    let shell = Shell {
        kind: "A simulated answer about caseloads",
        title: &manifest.scenario.title,
        subtitle: &subtitle,
        footer: &footer,
    };
    Ok(page(shell, &first, &rest))
}

#[cfg(test)]
pub(super) mod tests;
