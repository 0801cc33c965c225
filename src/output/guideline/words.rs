//! What a guideline says on the terminal.

use std::io;

use comfy_table::{Cell, CellAlignment};

use crate::experiment::guideline::assumption::{Assumption, CHANCE, Third, next_study};
use crate::experiment::guideline::plausible::Plausible;
use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::question::{Axis, Question};
use crate::experiment::guideline::search::Edge;
use crate::output::grid::{self, grid};
use crate::output::guideline::told::{Told, listed, needs, percent, values};
use crate::output::number;
use crate::output::prose::{plural, wrapped};

/// Rows of a table at most.
const ROWS: usize = 100;
/// Assumptions that are told, those that move the number most.
pub const MOST_IMPORTANT: usize = 3;
/// Names that a sentence has at most.
const NAMES: usize = 12;
/// Columns of a map at most.
const COLUMNS: usize = 24;

/// The size of a question in a line.
///
/// * `seconds` - what the whole budget may take [s]; nothing where it was not measured
pub fn size(question: &Question, seconds: Option<f64>) -> String {
    let mut text = plural(question.settings() as u64, "setting");
    if question.rows() > 0 {
        text.push_str(&format!(
            " and {} along {}",
            plural(question.rows() as u64, "search"),
            question.against.as_ref().map_or("", |a| a.written.as_str())
        ));
        text = text.replace("searchs", "searches");
    }
    if question.worlds > 0 {
        let worlds = plural(question.worlds as u64, "world");
        text.push_str(&format!(", and each in {worlds}"));
    }
    text.push_str(&format!(
        ", {}, {} or less; {} or less",
        plural(question.requirements.len() as u64, "requirement"),
        plural(question.decisions() as u64, "decision"),
        plural(question.budget, "replication"),
    ));
    if let Some(seconds) = seconds {
        text.push_str(&format!(", at most about {}", number::seconds(seconds)));
    }
    text
}

/// The settings of a question.
///
/// # Errors
/// Those of `out`.
pub fn settings(out: &mut dyn io::Write, question: &Question) -> io::Result<()> {
    for axis in question.axes.iter().chain(&question.against) {
        let all: Vec<usize> = (0..axis.levels.len()).collect();
        let is_even = axis.levels.len() > 12;
        let levels = match is_even {
            true => format!(
                "{}, {}, ... {}",
                axis.level(0),
                axis.level(1),
                axis.level(axis.levels.len() - 1)
            ),
            false => all
                .iter()
                .map(|at| axis.level(*at))
                .collect::<Vec<_>>()
                .join(", "),
        };
        writeln!(out, "{}: {levels}", axis.key)?;
    }
    for (at, requirement) in (1..).zip(&question.requirements) {
        writeln!(out, "({at}) {}", requirement.text)?;
    }
    Ok(())
}

/// What the first round showed, in sentences.
pub fn notes(told: &Told<'_>) -> Vec<String> {
    let notes = told.answer.notes.iter();
    notes
        .map(|note| {
            let text = &told.question.requirements[note.requirement].text;
            let (how, what) = match note.always {
                true => ("met", "it may be no requirement at all; ask for more"),
                false => (
                    "met by none of",
                    "it may be out of reach; ask for less, or vary something else",
                ),
            };
            let among = match note.always {
                true => format!("{how} by the first replications at every setting"),
                false => format!("{how} the first replications at any setting"),
            };
            format!(
                "\"{text}\" was {among} (up to {}): {what}",
                note.replications
            )
        })
        .collect()
}

/// The tables.
///
/// # Errors
/// Those of `out`.
pub fn answer(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    for (at, requirement) in (1..).zip(&told.question.requirements) {
        let text = &requirement.target.text;
        writeln!(
            out,
            "({at}) {text}: at least {}",
            percent(requirement.probability)
        )?;
    }
    match told.is_map() {
        true => map(out, told)?,
        false => values_table(out, told)?,
    }
    if told.question.against.is_some() {
        frontier(out, told)?;
    }
    if told.question.worlds > 0 {
        worlds(out, told)?;
        assumptions(out, told)?;
    }
    Ok(())
}

/// What is drawn in each world, how many numbers by a law and how many over a range, and which ranges are not taken.
pub fn drawn(plausible: &Plausible) -> String {
    let [laws, ranges] = plausible.counts();
    let names = |is_law: bool| {
        let own = plausible.numbers.iter().filter(|n| n.is_law == is_law);
        named(&own.map(|n| n.key.clone()).collect::<Vec<_>>())
    };
    let by_law = format!("{laws} by the law that is written ({})", names(true));
    let by_range = format!(
        "{ranges} over the range beside the number, taken as uniform, which is an assumption (grade D) ({})",
        names(false)
    );
    let how = match (laws, ranges) {
        (_, 0) => by_law,
        (0, _) => by_range,
        _ => format!("{by_law} and {by_range}"),
    };
    let all = plural(plausible.numbers.len() as u64, "number");
    let words = format!("Each world draws {all}: {how}.");
    match left(plausible) {
        Some(left) => format!("{words} {left}"),
        None => words,
    }
}

/// The ranges that are not taken, and why; nothing where all are.
pub fn left(plausible: &Plausible) -> Option<String> {
    let mut reasons: Vec<&str> = plausible.left.iter().map(|one| one.why).collect();
    reasons.sort_unstable();
    reasons.dedup();
    let each: Vec<String> = reasons
        .into_iter()
        .map(|why| {
            let own = plausible.left.iter().filter(|one| one.why == why);
            let keys: Vec<String> = own.map(|one| one.key.clone()).collect();
            format!("{} ({why})", named(&keys))
        })
        .collect();
    (!each.is_empty()).then(|| format!("Ranges that are not taken: {}.", each.join("; ")))
}

fn named(keys: &[String]) -> String {
    match keys.len() > NAMES {
        true => format!(
            "{} and {} more",
            keys[..NAMES].join(", "),
            keys.len() - NAMES
        ),
        false => listed(keys),
    }
}

/// From where to where an assumption goes in a third of the worlds.
pub fn reach(one: &Assumption, third: &Third) -> String {
    let [low, high] = third.ends;
    let width = (one.highest.ends[1] - one.lowest.ends[0]).abs();
    // Three digits of the whole width are as many as a third of it needs.
    let places = match width > 0.0 {
        true => (2.0 - libm::floor(libm::log10(width))).clamp(0.0, 12.0) as usize,
        false => 2,
    };
    let unit = if one.number.is_days { " days" } else { "" };
    format!("{low:.places$} to {high:.places$}{unit}")
}

/// What an assumption is told by: key, evidence, what the number is in the lowest and in the highest third of its values, and
/// whether chance explains that.
pub struct Moves {
    /// Key.
    pub key: String,
    /// Grade and source.
    pub evidence: [String; 2],
    /// Of the lowest third, then of the highest: values, median of the number, worlds in which a value holds.
    pub thirds: [[String; 3]; 2],
    /// Correlation of ranks, and chance of one as great.
    pub correlation: [String; 2],
}

/// The assumptions that are told.
pub fn moves(told: &Told<'_>) -> Vec<Moves> {
    let most = told.answer.assumptions.iter().take(MOST_IMPORTANT);
    most.map(|one| {
        let third = |third: &Third| {
            let median = third.median.map_or(String::new(), |m| told.number(m));
            let open = match third.open {
                0 => String::new(),
                open => format!(", {open} undecided"),
            };
            let holds = format!("{} of {}{open}", third.holds, third.worlds);
            [reach(one, third), median, holds]
        };
        let source = one.number.evidence.as_ref().and_then(|e| e.source.clone());
        let or_nobody = |text: String| match text.is_empty() {
            true => "nobody says".to_owned(),
            false => text,
        };
        Moves {
            key: one.number.key.clone(),
            evidence: [
                or_nobody(one.grade().to_owned()),
                or_nobody(source.unwrap_or_default()),
            ],
            thirds: [third(&one.lowest), third(&one.highest)],
            correlation: match one.association {
                Some(found) => [
                    format!("{:+.2}", found.correlation),
                    match found.p <= CHANCE {
                        true => format!("{:.4}", found.p),
                        false => format!("{:.2}, may be chance", found.p),
                    },
                ],
                None => ["none".to_owned(), "none: all are alike".to_owned()],
            },
        }
    })
    .collect()
}

fn assumptions(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = grid();
    table.set_header(vec![
        Cell::new("moves it most"),
        Cell::new("grade"),
        Cell::new("a third of the\nworlds"),
        right(format!("median of\n{}", told.axis().written)),
        right("worlds in which\na value holds".to_owned()),
        right("rank\ncorrelation".to_owned()),
        Cell::new("by chance (p)"),
    ]);
    for one in moves(told) {
        let [low, high] = one.thirds;
        let [correlation, chance] = one.correlation;
        let [grade, _] = one.evidence;
        let firsts = [one.key, grade, String::new(), String::new()];
        let lasts = [correlation, chance, String::new(), String::new()];
        for (row, [values, median, holds]) in [low, high].into_iter().enumerate() {
            table.add_row(vec![
                Cell::new(&firsts[2 * row]),
                Cell::new(&firsts[2 * row + 1]),
                Cell::new(values),
                right(median),
                right(holds),
                right(lasts[2 * row].clone()),
                Cell::new(&lasts[2 * row + 1]),
            ]);
        }
    }
    writeln!(out, "\n{}", grid::text(&table))?;
    let all = told.answer.assumptions.len();
    if all > MOST_IMPORTANT {
        writeln!(
            out,
            "The first {MOST_IMPORTANT} of {all} numbers drawn; assumptions.csv has all."
        )?;
    }
    if let Some(one) = next_study(&told.answer.assumptions) {
        writeln!(
            out,
            "The next study to fund: {} (grade {}).",
            one.number.key,
            one.grade()
        )?;
    }
    Ok(())
}

fn worlds(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = grid();
    table.set_header(vec![
        right(told.axis().written.clone()),
        right("worlds that\nmeet".to_owned()),
        right("\nfail".to_owned()),
        right("\nundecided".to_owned()),
        right("share of plausible\nworlds, %".to_owned()),
        Cell::new(format!("in {}\nor more", percent(told.question.share))),
    ]);
    for row in over_worlds(told).into_iter().take(ROWS) {
        let (numbers, last) = row.split_at(row.len().saturating_sub(1));
        let mut cells: Vec<Cell> = numbers.iter().cloned().map(right).collect();
        cells.extend(last.iter().map(Cell::new));
        table.add_row(cells);
    }
    writeln!(out, "\n{}", grid::text(&table))
}

/// For each value: itself, worlds that meet, fail, are undecided, the interval of their share, and whether it is enough.
pub fn over_worlds(told: &Told<'_>) -> Vec<Vec<String>> {
    (0..told.answer.grid.len())
        .map(|at| {
            let worlds = told.answer.over_worlds(at);
            let fails = worlds.all - worlds.meets - worlds.open;
            let interval = worlds.interval().map_or(String::new(), |i| {
                format!("{:.0} to {:.0}", i.low * 100.0, i.high * 100.0)
            });
            let is_enough = match worlds.reaches(told.question.share) {
                Some(true) => "yes",
                Some(false) => "no",
                None => "undecided",
            };
            let counts = [worlds.meets, fails, worlds.open].map(number::count);
            let mut row = vec![told.axis().level(at)];
            row.extend(counts);
            row.extend([interval, is_enough.to_owned()]);
            row
        })
        .collect()
}

/// Paragraphs in lines.
///
/// # Errors
/// Those of `out`.
pub fn paragraphs(out: &mut dyn io::Write, paragraphs: &[String]) -> io::Result<()> {
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        for line in wrapped(paragraph) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

fn values_table(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let mut table = grid();
    let mut heading = vec![right(told.axis().written.clone())];
    let many = 1..=told.question.requirements.len();
    heading.extend(many.map(|at| right(format!("({at}) met in"))));
    heading.extend([Cell::new("verdict"), right("replications".to_owned())]);
    table.set_header(heading);
    for (at, setting) in told.answer.grid.iter().enumerate().take(ROWS) {
        let mut row = vec![right(told.axis().level(at))];
        row.extend(chances(told, setting).into_iter().map(right));
        row.push(Cell::new(told.verdict(setting)));
        row.push(right(number::count(setting.played)));
        table.add_row(row);
    }
    writeln!(out, "{}", grid::text(&table))?;
    if told.answer.grid.len() > ROWS {
        writeln!(out, "The first {ROWS} rows; guideline.csv has all.")?;
    }
    Ok(())
}

/// A cell for each requirement.
pub fn chances(told: &Told<'_>, setting: &Setting) -> Vec<String> {
    let tallies = setting.tallies.iter().enumerate();
    tallies
        .map(|(at, tally)| {
            told.chance(at, tally)
                .unwrap_or_else(|| number::MISSING.to_owned())
        })
        .collect()
}

/// The standing of a setting in a word of a map.
pub fn mark(setting: &Setting) -> &'static str {
    match setting.standing() {
        Standing::Meets => "meets",
        Standing::Fails => "-",
        Standing::Open => "?",
    }
}

fn map(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let [down, across] = [&told.question.axes[0], &told.question.axes[1]];
    let width = across.levels.len();
    writeln!(out, "Down {}, across {}", down.written, across.written)?;
    let mut table = grid();
    let mut heading = vec![right(String::new())];
    heading.extend((0..width.min(COLUMNS)).map(|at| right(across.level(at))));
    table.set_header(heading);
    for row in 0..down.levels.len().min(ROWS) {
        let mut cells = vec![right(down.level(row))];
        let own = &told.answer.grid[row * width..(row + 1) * width];
        cells.extend(own.iter().take(COLUMNS).map(|s| right(mark(s).to_owned())));
        table.add_row(cells);
    }
    writeln!(out, "{}", grid::text(&table))?;
    writeln!(out, "meets: all requirements; -: fails one; ?: undecided")?;
    if width > COLUMNS || down.levels.len() > ROWS {
        writeln!(out, "A part of the map; guideline.csv has all.")?;
    }
    Ok(())
}

fn frontier(out: &mut dyn io::Write, told: &Told<'_>) -> io::Result<()> {
    let Some(against) = &told.question.against else {
        return Ok(());
    };
    let mut table = grid();
    table.set_header(vec![
        right(told.axis().written.clone()),
        right(format!("{}\n{}", against.written, sought(told))),
        right("is not enough".to_owned()),
        Cell::new("undecided between"),
        Cell::new("against today"),
    ]);
    for (at, row) in told.answer.rows.iter().enumerate().take(ROWS) {
        let [holds, fails, between] = ends(against, &row.edge);
        let mut beside = needs(row).unwrap_or_default();
        if !row.contradictions.is_empty() {
            beside = format!("out of order at {}", values(against, &row.contradictions));
        }
        let dash = |text: String| match text.is_empty() {
            true => number::MISSING.to_owned(),
            false => text,
        };
        table.add_row(vec![
            right(told.axis().level(at)),
            right(dash(holds)),
            right(dash(fails)),
            Cell::new(dash(between)),
            Cell::new(dash(beside)),
        ]);
    }
    writeln!(out, "\n{}", grid::text(&table))
}

/// What is sought along the key of the frontier.
pub fn sought(told: &Told<'_>) -> &'static str {
    match told.seeks_fewest() {
        Some(true) => "fewest that will do",
        Some(false) => "most that will do",
        None => "that will do",
    }
}

/// The value at the edge that will do, the one that will not, and those undecided between.
pub fn ends(against: &Axis, edge: &Edge) -> [String; 3] {
    let last = against.levels.len().saturating_sub(1);
    match edge {
        Edge::Unknown => [
            String::new(),
            String::new(),
            "an end is undecided".to_owned(),
        ],
        Edge::All => [
            format!("{} to {}", against.level(0), against.level(last)),
            String::new(),
            String::new(),
        ],
        Edge::Nowhere => [
            String::new(),
            format!("{} to {}", against.level(0), against.level(last)),
            String::new(),
        ],
        Edge::Between { holds, fails } => {
            let between: Vec<usize> = (holds.min(fails) + 1..*holds.max(fails)).collect();
            [
                against.level(*holds),
                against.level(*fails),
                values(against, &between),
            ]
        }
    }
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}
