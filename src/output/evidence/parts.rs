//! The items of the pack, filled from the run.

use std::env;

use crate::output::chart::canvas::Drawn;
use crate::output::evidence::answers::Answers;
use crate::output::evidence::items::{CHECKLISTS, Fill, ITEMS, Item};
use crate::output::evidence::model;
use crate::output::evidence::tables::{inputs_by_policy, selection, uncertainty, worst_months};
use crate::output::html::Html;
use crate::output::kept::hash_of;
use crate::output::manifest::Manifest;
use crate::output::number;
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::reading::not_for;
use crate::output::report::story::Story;
use crate::output::report::{answer, behind, bounds, checks, cost, feedback, months, pathway};
use crate::scenario::problem::SourceFile;

/// The versions of all packages that this program was built from.
const LOCK_FILE: &str = include_str!("../../../Cargo.lock");

/// Every item, in order.
///
/// # Errors
/// Those of the charts.
pub(super) fn parts(
    story: &Story<'_>,
    answers: &Answers,
    earlier: Option<&Manifest>,
) -> Drawn<Vec<Part>> {
    let mut parts = Vec::new();
    for (at, item) in ITEMS.iter().enumerate() {
        let mut html = Html::new();
        let words = format!(
            "Filled {}. Asked for by {}.",
            item.fill.words(),
            item.serves
        );
        html.words("p", &[("class", "subtitle")], &words);
        fill(&mut html, item.id, story, answers, earlier)?;
        prompts(&mut html, item, answers);
        parts.push(Part {
            id: item.id,
            heading: format!("{}. {}", at + 1, item.title),
            body: html,
        });
    }
    Ok(parts)
}

/// Prompts that nobody has answered.
pub(super) fn blanks(answers: &Answers) -> usize {
    let all = ITEMS
        .iter()
        .flat_map(|item| item.prompts.iter().map(move |p| (item.id, p.0)));
    all.filter(|(id, key)| answers.of(id, key).is_none())
        .count()
}

fn prompts(html: &mut Html, item: &Item, answers: &Answers) {
    for (key, prompt) in item.prompts {
        match answers.of(item.id, key) {
            Some(answer) => html.words("p", &[], &format!("{prompt}: {answer}")),
            None => html.words(
                "p",
                &[("class", "warn")],
                &format!("Not answered: {prompt}."),
            ),
        }
    }
}

fn say(html: &mut Html, words: &str) {
    html.words("p", &[], words);
}

fn fill(
    html: &mut Html,
    id: &str,
    story: &Story<'_>,
    answers: &Answers,
    earlier: Option<&Manifest>,
) -> Drawn<()> {
    let manifest = &story.kept.manifest;
    match id {
        "title" => title(html, story),
        "summary" => {
            html.include(&answer::answer(story).body);
            html.include(&bounds::bounds(story).body);
        }
        "outcomes" => checks::definitions(html),
        "aims" => aims(html, story),
        "picture" => {
            html.include(&pathway::pathway(story)?.body);
            model::loop_in_words(html);
        }
        "process" => model::process(html),
        "concepts" => model::concepts(html, &manifest.run.cut),
        "inputs" => {
            say(
                html,
                "Values as the scenario has them; where a policy varies one, the policies stand beside each other below.",
            );
            checks::assumed(html, story);
            inputs_by_policy(html, story);
        }
        "processing" => say(
            html,
            "The program changes no input: what stands in the scenario is what is played. The files and their hashes are in item 23.",
        ),
        "assumptions" => {
            say(
                html,
                "The first table of item 9 has every input that was assumed, not measured. What would change the answer:",
            );
            bounds::list(html, &bounds::would_change(story));
            say(
                html,
                "The ranking of assumptions by their weight in the answer is not part of this run: item 17.",
            );
        }
        "start" => start(html, story),
        "replications" => checks::run(html, story),
        "results" => {
            html.include(&months::months(story)?.body);
            worst_months(html, story);
            if let Some(part) = cost::targets(story)? {
                html.include(&part.body);
            }
            html.include(&cost::cost(story)?.body);
            html.include(&behind::behind(story)?.body);
        }
        "selection" => selection(html, story),
        "uncertainty" => {
            uncertainty(html, story);
            match feedback::feedbacks(story)? {
                Some(part) => html.include(&part.body),
                None => say(
                    html,
                    "Structure: this run did not play the policies without single feedbacks. casecap explain does, and its pack has \
                     the result here.",
                ),
            }
        }
        "sensitivity" => say(
            html,
            "Not answered by this run: it holds the inputs at their values, or draws them all together. No index of sensitivity \
             was computed.",
        ),
        "verification" => {
            checks::theory(html);
            say(
                html,
                "The program's tests conserve cases in random services under random policies, give the same bits on 1, 2 and 8 threads, \
                 and hold every choice that can be played by theory to it.",
            );
        }
        "validation" => say(
            html,
            "Cross validity: the tests of the program hold it to the agreed outputs of two reference models that independent programs \
             play, and to a second, plain implementation of the policies.",
        ),
        "limits" => limits(html, story),
        "assurance" => say(
            html,
            match story.kept.document {
                Some(_) => {
                    "The program has checked that every file of the run is as it was written, and that the scenario is without errors."
                }
                None => {
                    "The program has checked that every file of the run is as it was written. This version no longer takes the scenario."
                }
            },
        ),
        "reproduction" => reproduction(html, story),
        "changes" => changes(html, manifest, earlier),
        "data" => say(
            html,
            "The folder data holds every table of the run, and dictionary.csv what each column holds; scenario holds the scenario as \
             it was played; manifest.json is for programs; SHA256SUMS has the hash of each file (sha256sum --check SHA256SUMS).",
        ),
        "index" => index(html, answers),
        // The decision, and whom it touches, are for a person alone.
        _ => {}
    }
    Ok(())
}

fn title(html: &mut Html, story: &Story<'_>) {
    let manifest = &story.kept.manifest;
    say(
        html,
        &format!("{} ({}).", manifest.scenario.title, manifest.scenario.name),
    );
    let document = story.kept.document.as_ref();
    if let Some(words) = document.and_then(|d| d.scenario().description.as_deref()) {
        say(html, words.trim());
    }
    say(
        html,
        &format!(
            "Simulated by casecap {} from {} to {}. How to cite the program stands in its file CITATION.cff.",
            manifest.casecap,
            story.month(0),
            story.month(story.last())
        ),
    );
}

fn aims(html: &mut Html, story: &Story<'_>) {
    let aim = match story.baseline() {
        Some(baseline) => format!(
            "To estimate what each policy changes against {}, on the same luck.",
            story.name(baseline)
        ),
        None => "To estimate what follows from each policy.".to_owned(),
    };
    say(
        html,
        &format!("{aim} No design was swept and nothing was optimised."),
    );
    let columns = [
        ("Policy", Set::Words),
        ("In the scenario's words", Set::Words),
    ];
    let mut table = Table::new("aims-policies", "Policies", &columns);
    let document = story.kept.document.as_ref();
    for policy in &story.policies {
        let name = story.plain(*policy);
        let policies = document.map_or(&[][..], |d| &d.scenario().policies);
        let found = policies.iter().find(|p| p.name == name);
        let words = found.and_then(|p| p.description.clone());
        table.row([name, words.unwrap_or_else(|| "not described".to_owned())]);
    }
    table.write(html);
}

fn start(html: &mut Html, story: &Story<'_>) {
    let Some(document) = &story.kept.document else {
        say(
            html,
            "This version of casecap no longer takes the scenario: see its text.",
        );
        return;
    };
    let calendar = &document.scenario().calendar;
    let warm_up = match calendar.warm_up_months {
        0 => "There is no warm-up: the service starts as the scenario describes its opening caseload and staff.".to_owned(),
        n => format!(
            "{} of warm-up are played under the first choices and not reported, so that the service's own course, and not its \
             opening, is seen.",
            plural(n as u64, "month")
        ),
    };
    say(html, &warm_up);
    say(
        html,
        &format!(
            "The horizon is {} from {} to {}. The simulation ends there by its question, not by a steady state.",
            plural(story.months.len() as u64, "month"),
            story.month(0),
            story.month(story.last())
        ),
    );
}

fn limits(html: &mut Html, story: &Story<'_>) {
    say(html, "It must not be used:");
    let [first, last] = [story.month(0), story.month(story.last())];
    bounds::list(html, &not_for(&first, &last));
    let Some(document) = &story.kept.document else {
        return;
    };
    let warnings: Vec<String> = document
        .warnings()
        .iter()
        .map(|w| format!("{}: {}", w.key, w.what))
        .collect();
    match warnings.is_empty() {
        true => say(html, "The check of the scenario raised no warning."),
        false => {
            say(html, "The check of the scenario warned:");
            bounds::list(html, &warnings);
        }
    }
}

fn reproduction(html: &mut Html, story: &Story<'_>) {
    checks::repeat(html, story);
    let run = &story.kept.manifest.run;
    let columns = [("What", Set::Words), ("Value", Set::Code)];
    let mut table = Table::new("machine", "Program and machine", &columns);
    let program = env::current_exe().and_then(|path| hash_of(&path));
    let program = program.unwrap_or_else(|_| "not known".to_owned());
    table.row([
        "Program that made this pack",
        concat!("casecap ", env!("CARGO_PKG_VERSION")),
    ]);
    table.row(["SHA-256 of that program", &program]);
    table.row([
        "SHA-256 of its list of packages",
        &SourceFile::new("Cargo.lock", LOCK_FILE.to_owned()).sha256,
    ]);
    table.row(["Generator of chance", &run.generator]);
    table.row(["Threads of the run", &run.threads.to_string()]);
    table.write(html);
    say(
        html,
        "casecap verify with the folder of the run plays it again from its manifest alone, and compares every file.",
    );
}

fn changes(html: &mut Html, manifest: &Manifest, earlier: Option<&Manifest>) {
    let Some(earlier) = earlier else {
        say(html, "This is the first pack in this folder.");
        return;
    };
    let mut told = manifest.differences(earlier);
    let changed = manifest.files.iter().filter(|file| {
        let before = earlier.files.iter().find(|f| f.name == file.name);
        before.is_none_or(|before| before.sha256 != file.sha256)
    });
    let names: Vec<&str> = changed.map(|file| file.name.as_str()).collect();
    if !names.is_empty() {
        told.push(format!("results that differ: {}", names.join(", ")));
    }
    match told.is_empty() {
        true => say(
            html,
            "The pack before was of the same run with the same results.",
        ),
        false => bounds::list(html, &told),
    }
}

fn index(html: &mut Html, answers: &Answers) {
    say(
        html,
        "Where each line of a checklist is answered. The lines are told in our words: whoever claims to conform to a standard \
         checks its current text.",
    );
    for list in &CHECKLISTS {
        let columns = [
            ("Line", Set::Words),
            ("What it asks", Set::Words),
            ("Where", Set::Words),
        ];
        let id = format!("index-{}", list.name.to_lowercase().replace(' ', "-"));
        let mut table = Table::new(&id, &format!("{} ({})", list.name, list.source), &columns);
        for (number, asks, items) in list.lines {
            let places = items.iter().map(|at| place(*at, answers));
            let places: Vec<String> = places.collect();
            table.row([(*number).to_owned(), (*asks).to_owned(), places.join("; ")]);
        }
        table.write(html);
    }
    let waiting = number::count(blanks(answers) as u64);
    say(html, &format!("Prompts that wait for a person: {waiting}."));
}

/// Where a line is answered, and what is still open there.
fn place(at: usize, answers: &Answers) -> String {
    let item = &ITEMS[at - 1];
    let open = item
        .prompts
        .iter()
        .filter(|p| answers.of(item.id, p.0).is_none())
        .count();
    match (open, item.fill, item.id) {
        (_, _, "sensitivity") => format!("item {at}: not answered"),
        (0, _, _) => format!("item {at}"),
        (_, Fill::Person, _) => format!("item {at}: not answered, waits for a person"),
        (open, _, _) => format!("item {at}, with {} open", plural(open as u64, "prompt")),
    }
}
