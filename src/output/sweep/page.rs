//! The page of a sweep: what was set, what it did, and how to repeat it.

use std::path::{Path, PathBuf};

use crate::output::chart::canvas::DrawError;
use crate::output::folder::REPORT;
use crate::output::html::Html;
use crate::output::kept::Listed;
use crate::output::number;
use crate::output::page::error::PageError;
use crate::output::page::shell::{Part, Shell, is_ours, page};
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::reading::not_for;
use crate::output::report::bounds::list;
use crate::output::report::checks::definitions;
use crate::output::store::add::add_one;
use crate::output::sweep::figures::{self, extremes, told, where_is};
use crate::output::sweep::story::{Story, levels};

/// Writes the page of a whole sweep into its folder, whole or not at all.
///
/// * returns - where it stands
///
/// # Errors
/// [`PageError`]: nothing was written then.
pub fn write(folder: &Path) -> Result<PathBuf, PageError> {
    let path = folder.join(REPORT);
    if path.exists() && !is_ours(&path) {
        return Err(PageError::Foreign(path));
    }
    let story = Story::open(folder)?;
    let listed = Listed::open(folder).map_err(PageError::Kept)?;
    listed.check(folder).map_err(PageError::Kept)?;
    let text = build(&story).map_err(PageError::Draw)?;
    add_one(folder, &listed.text, REPORT, text).map_err(PageError::Store)
}

/// Makes the page.
///
/// # Errors
/// Those of the charts.
pub fn build(story: &Story) -> Result<String, DrawError> {
    let mut pictures = Html::new();
    for metric in 0..story.metrics.len() {
        if let Some(figure) = figures::of(story, metric)? {
            figure.write(&mut pictures);
        }
    }
    let settings = Part {
        id: "settings",
        heading: "What each setting does".to_owned(),
        body: pictures,
    };
    let scenario = story.document.scenario();
    let subtitle = format!(
        "{} of {} under {}, {} each on the same luck, to {}",
        plural(story.sweep.design.points.len() as u64, "setting"),
        plural(story.sweep.design.keys.len() as u64, "number"),
        plural(story.spec.policies.len() as u64, "policy"),
        plural(story.spec.replications, "play"),
        story.month(story.months().last())
    );
    let footer = [format!(
        "Made by casecap {} from a sweep of the same version. All figures are simulated.",
        env!("CARGO_PKG_VERSION")
    )];
    let shell = Shell {
        kind: "A simulated sweep over settings of a service",
        title: &scenario.title,
        subtitle: &subtitle,
        footer: &footer,
    };
    Ok(page(
        shell,
        &[answer(story), bounds(story)],
        &[settings, checks(story)],
    ))
}

fn answer(story: &Story) -> Part {
    let mut html = Html::new();
    let design = &story.sweep.design;
    let varied: Vec<String> = (0..design.keys.len())
        .map(|key| {
            let steps = levels(design, key);
            let times = if design.is_factor(key) {
                "times what it is, "
            } else {
                ""
            };
            match (steps.first(), steps.last()) {
                (Some(a), Some(b)) if steps.len() > 1 => format!(
                    "{}: {times}{} to {}, {}",
                    design.keys[key],
                    a.0,
                    b.0,
                    plural(steps.len() as u64, "value")
                ),
                (Some(a), _) => format!("{}: {times}{}", design.keys[key], a.0),
                _ => format!("{}: as it is", design.keys[key]),
            }
        })
        .collect();
    html.words(
        "p",
        &[],
        "What becomes of the service where these numbers are set anew?",
    );
    list(&mut html, &varied);
    let when = story.month(story.months().last());
    let caption = format!("Lowest and highest means in {when}");
    let columns = [
        ("Measure", Set::Words),
        ("Lowest", Set::Numbers),
        ("At", Set::Words),
        ("Highest", Set::Numbers),
        ("At", Set::Words),
    ];
    let mut table = Table::new("extremes", &caption, &columns);
    for (at, metric) in story.metrics.iter().enumerate() {
        let Some([low, high]) = extremes(story, at) else {
            continue;
        };
        let label = metric.label().to_owned();
        table.row(match low == high {
            true => [
                label,
                told(story, at, low),
                "every setting".to_owned(),
                told(story, at, low),
                "every setting".to_owned(),
            ],
            false => [
                label,
                told(story, at, low),
                where_is(story, low),
                told(story, at, high),
                where_is(story, high),
            ],
        });
    }
    table.write(&mut html);
    html.words(
        "p",
        &[],
        "The lowest and the highest of many means lie a little too far out, because chance helps to choose them; the \
         intervals below are of each setting by itself.",
    );
    Part {
        id: "answer",
        heading: "The answer".to_owned(),
        body: html,
    }
}

fn bounds(story: &Story) -> Part {
    let mut html = Html::new();
    html.words("h3", &[], "What it must not be used for");
    let first = story.month(story.months().first());
    let last = story.month(story.months().last());
    list(&mut html, &not_for(&first, &last));
    Part {
        id: "bounds",
        heading: "How far it carries".to_owned(),
        body: html,
    }
}

fn checks(story: &Story) -> Part {
    let mut html = Html::new();
    let columns = [("What", Set::Words), ("How", Set::Words)];
    let mut table = Table::new("run", "How it was played", &columns);
    let spec = &story.spec;
    table.row(["Settings", &number::count(spec.points.len() as u64)]);
    table.row(["Policies", &spec.policies.join("; ")]);
    table.row([
        "Plays of each policy at each setting",
        &number::count(spec.replications),
    ]);
    table.row(["Seed", &spec.seed.to_string()]);
    table.row(["Generator of chance", &spec.generator]);
    let luck = "the same families, workers and luck at every setting and under every policy";
    table.row(["Luck", luck]);
    table.row(["Intervals", "95 %: Student's for means"]);
    table.row(["Program", &format!("casecap {}", spec.casecap)]);
    table.write(&mut html);
    html.words("h3", &[], "To repeat it");
    html.element("pre", &[("tabindex", "0")], |html| html.text(&spec.command));
    let columns = [("File", Set::Code), ("SHA-256", Set::Code)];
    let mut files = Table::new("files", "The scenario, kept whole in sweep.json", &columns);
    for file in &spec.files {
        files.row([file.path.clone(), file.sha256.clone()]);
    }
    files.write(&mut html);
    definitions(&mut html);
    Part {
        id: "checks",
        heading: "For the reader who checks".to_owned(),
        body: html,
    }
}
