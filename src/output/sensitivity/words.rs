//! What a sensitivity analysis says on the terminal.

use std::io;
use std::path::Path;

use comfy_table::{Cell, CellAlignment, Table};

use crate::experiment::sensitivity::answer::{Found, Study};
use crate::experiment::sensitivity::input::Inputs;
use crate::experiment::sensitivity::question::{Method, Question};
use crate::experiment::sensitivity::robust::Loss;
use crate::output::grid::{self, grid};
use crate::output::number;
use crate::output::prose::{plural, wrapped};
use crate::output::sensitivity::story;
use crate::output::sensitivity::told::{Told, amount, grade, origin, unit, value};

/// Rows of a table at most.
const ROWS: usize = 10;
/// Outcomes under a policy that are told in a table of their own at most.
const STUDIES: usize = 6;

/// The size of a question in a line.
///
/// * `inputs` - how many
/// * `seconds` - what it may take [s]; nothing where it was not measured
pub fn size(question: &Question, inputs: usize, seconds: Option<f64>) -> String {
    let rows = match question.method {
        Method::Sobol => plural(question.rows as u64, "row"),
        Method::Morris => format!("{} trajectories", number::count(question.rows as u64)),
    };
    let mut text = format!(
        "{} not known, {rows}, {}, {}; {}",
        plural(inputs as u64, "number"),
        plural(question.points(inputs) as u64, "point"),
        plural(question.policies.len() as u64, "policy").replace("policys", "policies"),
        plural(question.plays(inputs), "replication")
    );
    if let Some(seconds) = seconds {
        text.push_str(&format!(", about {}", number::seconds(seconds)));
    }
    text
}

/// What is not known.
///
/// # Errors
/// Those of `out`.
pub fn inputs(out: &mut dyn io::Write, inputs: &Inputs) -> io::Result<()> {
    let mut table = grid();
    table.set_header(vec![
        Cell::new("not known"),
        right("from"),
        right("to"),
        Cell::new("said by"),
        Cell::new("grade"),
        Cell::new("written in"),
    ]);
    for input in &inputs.list {
        let [low, high] = input.ends.map(|end| amount(input, end));
        let place = input.evidence.as_ref().and_then(|e| {
            let name = Path::new(&e.file)
                .file_name()?
                .to_string_lossy()
                .into_owned();
            Some(format!("{name}, line {}", e.line?))
        });
        table.add_row(vec![
            Cell::new(&input.key),
            right(&low),
            right(&high),
            Cell::new(origin(input)),
            Cell::new(grade(input)),
            Cell::new(place.unwrap_or_default()),
        ]);
    }
    writeln!(out, "{}", grid::text(&table))?;
    paragraph(
        out,
        "Times are in days; x is a factor of what the file says; of a law without ends the middle 95 % is shown.",
    )?;
    left(out, inputs)
}

/// Ranges that are not taken.
///
/// # Errors
/// Those of `out`.
pub fn left(out: &mut dyn io::Write, inputs: &Inputs) -> io::Result<()> {
    for left in &inputs.left {
        writeln!(
            out,
            "note: the range of `{}` is not taken: {}",
            left.key, left.why
        )?;
    }
    Ok(())
}

/// The whole answer.
///
/// # Errors
/// Those of `out`.
pub fn answer(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    for study in told.studies.iter().take(STUDIES) {
        paragraph(out, &story::about(told, study))?;
        if is_ranked(study) {
            writeln!(out, "{}", grid::text(&table(told, study)))?;
        }
    }
    let more = told.studies.len().saturating_sub(STUDIES);
    match (more, told.count() > ROWS) {
        (0, false) => {}
        (0, true) => writeln!(
            out,
            "The first {ROWS} rows of each; sensitivity.csv has all."
        )?,
        _ => paragraph(
            out,
            &format!(
                "And {} more; sensitivity.csv and the page have them all.",
                plural(more as u64, "table")
            ),
        )?,
    }
    paragraph(out, &story::reading(told))?;
    writeln!(out)?;
    robust(out, told)?;
    whole(out, told)?;
    for text in story::headline(told).iter().chain(&story::robustness(told)) {
        paragraph(out, text)?;
    }
    writeln!(out)
}

/// How much each assumption matters on the whole.
fn whole(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let rows = story::whole(told);
    if told.overall().iter().all(|(.., seen)| *seen == 0) {
        return Ok(());
    }
    let mut table = grid();
    table.set_header(vec![
        Cell::new("on the whole"),
        right("share of\nall, %"),
        right("seen in"),
        Cell::new("grade"),
    ]);
    for row in rows.into_iter().take(ROWS) {
        let [key, share, seen, grade] = row;
        table.add_row(vec![
            Cell::new(key),
            right(&share),
            right(&seen),
            Cell::new(grade),
        ]);
    }
    writeln!(out, "{}", grid::text(&table))
}

/// Whether there is anything to rank.
pub fn is_ranked(study: &Study) -> bool {
    match &study.found {
        Found::Indices(found) => !found.is_hidden,
        Found::Effects(_) => true,
        Found::Nothing => false,
    }
}

fn table(told: &Told<'_>, study: &Study) -> Table {
    let mut table = grid();
    let headings = story::headings(told, study);
    let last = headings.len() - 1;
    let cell = |(at, text): (usize, String)| match at {
        0 => Cell::new(text),
        at if at == last => Cell::new(text),
        _ => right(&text),
    };
    table.set_header(headings.into_iter().enumerate().map(cell));
    for input in study.ranked(told.count()).into_iter().take(ROWS) {
        let row = story::row(told, study, input);
        table.add_row(row.into_iter().enumerate().map(cell));
    }
    table
}

fn robust(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let Some(robust) = told.robust else {
        return Ok(());
    };
    if !robust.standings.is_empty() {
        for (at, requirement) in (1..).zip(&told.question.requirements) {
            writeln!(out, "({at}) {}", requirement.text)?;
        }
        let mut table = grid();
        table.set_header(vec![
            Cell::new("policy"),
            right("worlds that\nmeet all"),
            right("of\nworlds"),
            right("share of plausible\nworlds, %"),
            right("undecided\nby luck"),
            right("chance in a\nworld, mean %"),
        ]);
        for row in standings(told) {
            let (first, rest) = row.split_at(1);
            let rest = rest.iter().map(|text| right(text));
            table.add_row(first.iter().map(Cell::new).chain(rest));
        }
        writeln!(out, "{}", grid::text(&table))?;
    }
    for loss in &robust.losses {
        let looked = told.question.looked()[loss.looked];
        let mut table = grid();
        table.set_header(vec![
            Cell::new(format!("{}: what is lost", looked.text())),
            right(&format!("on average,\n{}", unit(&looked))),
            right("in one world\nof ten"),
            right("best in,\n% of worlds"),
        ]);
        for row in losses(told, loss) {
            let (first, rest) = row.split_at(1);
            let rest = rest.iter().map(|text| right(text));
            table.add_row(first.iter().map(Cell::new).chain(rest));
        }
        writeln!(out, "{}", grid::text(&table))?;
        if let Some(text) = fewer(told, loss) {
            paragraph(out, &text)?;
        }
    }
    Ok(())
}

/// Says so where worlds are left out of a loss, because a policy lacks the number there.
pub fn fewer(told: &Told<'_>, loss: &Loss) -> Option<String> {
    let all = 2 * told.question.rows;
    let there = loss.regrets.first().map_or(0, |regret| regret.worlds);
    (there < all).then(|| {
        format!(
            "Over {} of {} worlds; in the others the number is missing in a replication.",
            number::count(there as u64),
            number::count(all as u64)
        )
    })
}

/// For each policy: its name, worlds that meet, worlds, the interval of their share, worlds that luck may have decided, and
/// the mean chance.
pub fn standings(told: &Told<'_>) -> Vec<Vec<String>> {
    let standings = told.robust.iter().flat_map(|robust| &robust.standings);
    let rows = standings.enumerate().map(|(at, standing)| {
        let interval = standing.interval().map_or(String::new(), |i| {
            format!("{:.0} to {:.0}", i.low * 100.0, i.high * 100.0)
        });
        vec![
            told.policy(at).to_owned(),
            number::count(standing.meets as u64),
            number::count(standing.worlds as u64),
            interval,
            number::count(standing.close as u64),
            format!("{:.0}", standing.chance * 100.0),
        ]
    });
    rows.collect()
}

/// For each policy: its name, mean loss, loss in one world of ten, and share of worlds in which it is best.
pub fn losses(told: &Told<'_>, loss: &Loss) -> Vec<Vec<String>> {
    let looked = told.question.looked()[loss.looked];
    let rows = loss.regrets.iter().enumerate().map(|(at, regret)| {
        // Between both means lies what luck leaves open.
        let se = (regret.mean - regret.mean_at_least).abs() / 2.0;
        vec![
            told.policy(at).to_owned(),
            value(&looked, regret.mean, se),
            value(&looked, regret.p90, se),
            format!("{:.0}", regret.best_share * 100.0),
        ]
    });
    rows.collect()
}

fn paragraph(out: &mut dyn io::Write, text: &str) -> io::Result<()> {
    for line in wrapped(text) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn right(text: &str) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}
