//! The items of the pack, filled from a guideline.

use std::io;

use crate::output::chart::canvas::Drawn;
use crate::output::csv::shown::shown;
use crate::output::evidence::answers::Answers;
use crate::output::evidence::{common, common::say, model};
use crate::output::guideline::folder::{ASSUMPTIONS, FRONTIER, Manifest, SETTINGS, WORLDS};
use crate::output::guideline::kept::Kept;
use crate::output::guideline::told::percent;
use crate::output::html::Html;
use crate::output::manifest::Evidence;
use crate::output::number;
use crate::output::page::figure::folded;
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::report::{bounds, checks, pathway};
use crate::scenario::implied::demand::demand;

/// Rows of a table at most.
const ROWS: usize = 300;

/// Every item, in order.
///
/// * `earlier` - the guideline of the pack that this one replaces, if there is one
///
/// # Errors
/// Those of the charts.
pub(super) fn parts(
    kept: &Kept,
    answers: &Answers,
    earlier: Option<&Manifest>,
) -> Drawn<Vec<Part>> {
    let has_ranking = kept.has(ASSUMPTIONS);
    common::parts(answers, has_ranking, &|html, id| {
        fill(html, id, kept, earlier)
    })
}

fn fill(html: &mut Html, id: &str, kept: &Kept, earlier: Option<&Manifest>) -> Drawn<()> {
    let manifest = &kept.manifest;
    let document = kept.document.as_ref();
    let months = document.map_or(0, |d| d.scenario().calendar.reported().len());
    let ends = kept.ends();
    match id {
        "title" => {
            let names = [&manifest.title, &manifest.scenario, &manifest.casecap];
            common::title(html, names.map(String::as_str), document, &ends);
        }
        "summary" => {
            for paragraph in &kept.statement {
                say(html, paragraph);
            }
        }
        "outcomes" => {
            say(html, "What was required, and nothing else, was measured:");
            bounds::list(html, &manifest.requirements);
            checks::definitions(html);
        }
        "aims" => aims(html, kept),
        "picture" => {
            match document.map(|document| demand(document.scenario())) {
                None => say(html, common::NOT_TAKEN),
                Some(Err(error)) => say(html, &format!("The pathway has no long run: {error}.")),
                Some(Ok(demand)) => pathway::flows(&demand, &|_| None, "")?.write(html),
            }
            say(
                html,
                "How many cases are open in each stage is not part of a guideline: it keeps whether requirements were met, and no \
                 other number of a replication.",
            );
            model::loop_in_words(html);
        }
        "process" => model::process(html),
        "concepts" => model::concepts(html, &[]),
        "inputs" => {
            say(
                html,
                "Values as the scenario has them, before anything was varied; item 5 says what was.",
            );
            match document {
                Some(document) => {
                    let register: Vec<Evidence> =
                        document.evidence().iter().map(Evidence::of).collect();
                    checks::assumed(html, &register);
                }
                None => say(html, common::NOT_TAKEN),
            }
        }
        "assumptions" => {
            say(
                html,
                "The first table of item 9 has every input that was assumed, not measured. Which of them moves the number: item 17.",
            );
        }
        "start" => common::start(html, document, months, &ends),
        "replications" => replications(html, manifest),
        "results" => {
            say(
                html,
                "The courses of caseloads, waiting lists and staff, their worst months, costs and distributions, which the pack of a \
                 run has here, are not part of a guideline: casecap compare plays a limit beside others and shows them. The charts \
                 are in data/guideline.html.",
            );
            for (name, caption) in [
                (SETTINGS, "Each setting and requirement"),
                (FRONTIER, "What was looked at along each edge"),
            ] {
                table(html, kept, name, caption);
            }
        }
        "selection" => {
            say(
                html,
                &format!(
                    "The values were selected by a procedure: each decision is made by a confidence sequence, and the chance that any \
                     of them is wrong is at most {}, whenever it was stopped. What is undecided is told as such. The settings and \
                     requirements were fixed before; that others were looked at first, in other folders, this one cannot say.",
                    percent(manifest.error)
                ),
            );
        }
        "uncertainty" => {
            say(
                html,
                "Monte Carlo: the intervals of item 14 hold for all decisions together. Structure: single feedbacks were not cut; \
                 casecap explain does that.",
            );
            match manifest.worlds {
                0 => say(
                    html,
                    "Parameters: no plausible worlds were played (--worlds). Where a number is a law, each replication draws it anew, so \
                     that the probabilities hold luck and that number together.",
                ),
                worlds => {
                    say(
                        html,
                        &format!(
                            "Parameters: each setting was decided in {} besides.",
                            plural(worlds as u64, "plausible world")
                        ),
                    );
                    table(html, kept, WORLDS, "Each setting in each world");
                }
            }
        }
        "sensitivity" => match kept.has(ASSUMPTIONS) {
            false => say(
                html,
                "Not answered by this guideline: no plausible worlds were played. --worlds tells which assumption moves the number.",
            ),
            true => {
                say(
                    html,
                    "By ranks over plausible worlds: which assumption moves the number of the guideline, in one direction, more than \
                     chance explains. Shares of variance (Sobol) and interactions were not computed.",
                );
                table(
                    html,
                    kept,
                    ASSUMPTIONS,
                    "The numbers that worlds draw, the one that moves it most first",
                );
            }
        },
        "limits" => common::limits(html, document, &ends),
        "assurance" => common::assurance(html, document),
        "reproduction" => {
            let names = [manifest.casecap.as_str(), &manifest.command];
            checks::repeat(html, names, &manifest.files, &manifest.scenario_files);
            common::machine(html, &manifest.generator, None);
            say(
                html,
                "casecap verify is for runs; a guideline is made again by the command above into another folder, and its files compared.",
            );
        }
        "changes" => common::changes(html, earlier.map(|earlier| differences(manifest, earlier))),
        // The decision, and whom it touches, are for a person alone.
        _ => {}
    }
    Ok(())
}

fn aims(html: &mut Html, kept: &Kept) {
    let manifest = &kept.manifest;
    let varied = match manifest.varied.is_empty() {
        true => "what its command varies".to_owned(),
        false => manifest.varied.join(" and "),
    };
    let against = manifest.against.as_ref().map_or(String::new(), |key| {
        format!(" For each value the edge along {key} was looked for.")
    });
    say(
        html,
        &format!(
            "To find the values of {varied} that meet all requirements under policy \"{}\".{against} The settings were fixed before; \
             how often each was played was decided on the way.",
            manifest.policy
        ),
    );
    html.words("pre", &[("tabindex", "0")], &manifest.command);
}

fn replications(html: &mut Html, manifest: &Manifest) {
    let columns = [("What", Set::Words), ("Value", Set::Words)];
    let mut table = Table::new("run", "The search", &columns);
    table.row(["Scenario", &manifest.scenario]);
    table.row(["Policy", &manifest.policy]);
    let played = format!(
        "{} of at most {}, of all settings together",
        number::count(manifest.replications),
        number::count(manifest.budget)
    );
    table.row(["Replications", &played]);
    table.row([
        "Stopping",
        match manifest.interrupted {
            true => "interrupted from outside; what was decided until then holds",
            false => "each setting as soon as it was decided; all of them where the budget ended",
        },
    ]);
    table.row([
        "Chance of error of all decisions together",
        &percent(manifest.error),
    ]);
    table.row(["Plausible worlds", &number::count(manifest.worlds as u64)]);
    table.row(["Seed", &manifest.seed.to_string()]);
    table.row(["Generator of chance", &manifest.generator]);
    table.row([
        "Luck",
        "every setting plays the replications 0, 1, 2, ... of one seed: the same families, workers and luck",
    ]);
    table.row([
        "Intervals",
        "confidence sequences (Robbins' beta-binomial mixture), which hold at every look and all together",
    ]);
    let program = format!(
        "casecap {} on {} {}",
        manifest.casecap, manifest.platform.os, manifest.platform.arch
    );
    table.row(["Program and machine", &program]);
    table.write(html);
}

/// A table of the folder; nothing where it has none of that name.
fn table(html: &mut Html, kept: &Kept, name: &str, caption: &str) {
    if !kept.has(name) {
        return;
    }
    let (heading, rows, all) = match shown(&kept.folder.join(name), ROWS) {
        Ok(read) => read,
        Err(error) => return say(html, &unreadable(name, &error)),
    };
    let is_number = |at: usize| {
        let cells = || rows.iter().filter_map(move |row| row.get(at));
        cells().any(|cell| !cell.is_empty())
            && cells().all(|cell| cell.is_empty() || cell.parse::<f64>().is_ok())
    };
    let columns = heading.iter().enumerate().map(|(at, column)| {
        let set = if is_number(at) {
            Set::Numbers
        } else {
            Set::Words
        };
        (column.replace('_', " "), set)
    });
    let caption = match all > rows.len() {
        true => format!(
            "{caption}: the first {ROWS} rows of {}; data/{name} has all",
            number::count(all as u64)
        ),
        false => format!("{caption} (data/{name})"),
    };
    let mut table = Table {
        id: name.replace('.', "-"),
        caption: caption.clone(),
        columns: columns.collect(),
        rows: Vec::new(),
    };
    for row in &rows {
        table.row(row.iter().map(|cell| checks::short(cell)));
    }
    folded(html, &caption, |html| table.write(html));
}

fn unreadable(name: &str, error: &io::Error) -> String {
    format!("{name} cannot be read: {error}.")
}

/// What differs between two guidelines, in words; nothing where they are the same.
fn differences(now: &Manifest, before: &Manifest) -> Vec<String> {
    let mut told = Vec::new();
    let hashes = |m: &Manifest| -> Vec<String> {
        m.scenario_files.iter().map(|s| s.sha256.clone()).collect()
    };
    if hashes(now) != hashes(before) {
        told.push("the scenario has been changed since".to_owned());
    }
    for (what, then, now) in [
        ("command", &before.command, &now.command),
        ("version", &before.casecap, &now.casecap),
    ] {
        if then != now {
            told.push(format!("{what}: {then} there, {now} now"));
        }
    }
    told.extend(common::changed(&now.files, &before.files));
    told
}
