//! What every pack has: the order of items, prompts, the index of checklists, and the items that all results answer alike.

use std::env;

use crate::output::chart::canvas::Drawn;
use crate::output::evidence::answers::Answers;
use crate::output::evidence::items::{CHECKLISTS, Fill, ITEMS, Item};
use crate::output::html::Html;
use crate::output::kept::hash_of;
use crate::output::manifest::Written;
use crate::output::number;
use crate::output::page::shell::Part;
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;
use crate::output::reading::not_for;
use crate::output::report::{bounds, checks};
use crate::scenario::document::Document;
use crate::scenario::problem::SourceFile;

/// The versions of all packages that this program was built from.
const LOCK_FILE: &str = include_str!("../../../Cargo.lock");
/// What is said where the scenario that was kept cannot be read any more.
pub(super) const NOT_TAKEN: &str =
    "This version of casecap no longer takes the scenario: see its text.";

/// Every item, in order.
///
/// * `fill` - writes what the results say to the item of an id
/// * `answers_sensitivity` - whether they say which assumption matters most
///
/// # Errors
/// Those of the charts.
pub(super) fn parts(
    answers: &Answers,
    answers_sensitivity: bool,
    fill: &dyn Fn(&mut Html, &str) -> Drawn<()>,
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
        match item.id {
            "processing" => say(
                &mut html,
                "The program changes no input: what stands in the scenario is what is played. The files and their hashes are in item 23.",
            ),
            "verification" => verification(&mut html),
            "validation" => say(
                &mut html,
                "Cross validity: the tests of the program hold it to the agreed outputs of two reference models that independent programs \
                 play, and to a second, plain implementation of the policies.",
            ),
            "data" => say(
                &mut html,
                "The folder data holds every table of the results, and dictionary.csv what each column holds; scenario holds the \
                 scenario as it was played; manifest.json is for programs; SHA256SUMS has the hash of each file (sha256sum --check \
                 SHA256SUMS).",
            ),
            "index" => index(&mut html, answers, answers_sensitivity),
            id => fill(&mut html, id)?,
        }
        prompts(&mut html, item, answers);
        parts.push(Part {
            id: item.id,
            heading: format!("{}. {}", at + 1, item.title),
            body: html,
        });
    }
    Ok(parts)
}

fn verification(html: &mut Html) {
    checks::theory(html);
    say(
        html,
        "The program's tests conserve cases in random services under random policies, give the same bits on 1, 2 and 8 threads, \
         and hold every choice that can be played by theory to it.",
    );
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

pub(super) fn say(html: &mut Html, words: &str) {
    html.words("p", &[], words);
}

/// What it is of.
///
/// * `name`, `casecap` - short name of the scenario, and the version that played it
/// * `ends` - first and last month
pub(super) fn title(
    html: &mut Html,
    [title, name, casecap]: [&str; 3],
    document: Option<&Document>,
    ends: &[String; 2],
) {
    say(html, &format!("{title} ({name})."));
    if let Some(words) = document.and_then(|d| d.scenario().description.as_deref()) {
        say(html, words.trim());
    }
    say(
        html,
        &format!(
            "Simulated by casecap {casecap} from {} to {}. How to cite the program stands in its file CITATION.cff.",
            ends[0], ends[1]
        ),
    );
}

/// How it starts and ends.
///
/// * `months` - months that are reported
/// * `ends` - the first and the last of them
pub(super) fn start(
    html: &mut Html,
    document: Option<&Document>,
    months: usize,
    ends: &[String; 2],
) {
    let Some(document) = document else {
        say(html, NOT_TAKEN);
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
            plural(months as u64, "month"),
            ends[0],
            ends[1]
        ),
    );
}

/// What it must not be used for, and what the check of the scenario warned of.
pub(super) fn limits(html: &mut Html, document: Option<&Document>, ends: &[String; 2]) {
    say(html, "It must not be used:");
    bounds::list(html, &not_for(&ends[0], &ends[1]));
    let Some(document) = document else {
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

/// What the program has checked.
pub(super) fn assurance(html: &mut Html, document: Option<&Document>) {
    say(
        html,
        match document {
            Some(_) => {
                "The program has checked that every file of the results is as it was written, and that the scenario is without \
                 errors."
            }
            None => {
                "The program has checked that every file of the results is as it was written. This version no longer takes the \
                 scenario."
            }
        },
    );
}

/// The program and the machine.
///
/// * `generator` - of chance
/// * `threads` - of the run, where they are kept
pub(super) fn machine(html: &mut Html, generator: &str, threads: Option<usize>) {
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
    table.row(["Generator of chance", generator]);
    if let Some(threads) = threads {
        table.row(["Threads of the run", &threads.to_string()]);
    }
    table.write(html);
}

/// What has changed since the pack before.
///
/// * `told` - what differs, in words; nothing where there was no pack before
pub(super) fn changes(html: &mut Html, told: Option<Vec<String>>) {
    match told {
        None => say(html, "This is the first pack in this folder."),
        Some(told) if told.is_empty() => say(
            html,
            "The pack before was of the same run with the same results.",
        ),
        Some(told) => bounds::list(html, &told),
    }
}

/// The results that differ, in words; nothing where none do.
pub(super) fn changed(now: &[Written], before: &[Written]) -> Option<String> {
    let changed = now.iter().filter(|file| {
        let before = before.iter().find(|f| f.name == file.name);
        before.is_none_or(|before| before.sha256 != file.sha256)
    });
    let names: Vec<&str> = changed.map(|file| file.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("results that differ: {}", names.join(", ")))
}

fn index(html: &mut Html, answers: &Answers, answers_sensitivity: bool) {
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
            let places = items
                .iter()
                .map(|at| place(*at, answers, answers_sensitivity));
            let places: Vec<String> = places.collect();
            table.row([(*number).to_owned(), (*asks).to_owned(), places.join("; ")]);
        }
        table.write(html);
    }
    let waiting = number::count(blanks(answers) as u64);
    say(html, &format!("Prompts that wait for a person: {waiting}."));
}

/// Where a line is answered, and what is still open there.
fn place(at: usize, answers: &Answers, answers_sensitivity: bool) -> String {
    let item = &ITEMS[at - 1];
    let open = item
        .prompts
        .iter()
        .filter(|p| answers.of(item.id, p.0).is_none())
        .count();
    match (open, item.fill, item.id) {
        (_, _, "sensitivity") if !answers_sensitivity => format!("item {at}: not answered"),
        (0, _, _) => format!("item {at}"),
        (_, Fill::Person, _) => format!("item {at}: not answered, waits for a person"),
        (open, _, _) => format!("item {at}, with {} open", plural(open as u64, "prompt")),
    }
}
