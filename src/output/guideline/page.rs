//! The page of a guideline: the statement, tables and charts, as one file.

use crate::experiment::guideline::assumption::{SHUFFLES, next_study};
use crate::experiment::guideline::pool::{Setting, Standing};
use crate::experiment::guideline::search::Edge;
use crate::output::chart::canvas::{Alt, DrawError};
use crate::output::chart::chance::{self, Form, Spot, Spots};
use crate::output::chart::tiles::{self, Tiles};
use crate::output::guideline::statement::statement;
use crate::output::guideline::told::{Told, needs, percent, values};
use crate::output::guideline::words::{
    MOST_IMPORTANT, chances, drawn, ends, moves, notes, over_worlds, sought,
};
use crate::output::html::Html;
use crate::output::number;
use crate::output::page::figure::{Figure, Panel};
use crate::output::page::shell::{self, Part, Shell};
use crate::output::page::table::{Set, Table};
use crate::output::prose::plural;

/// Makes the page.
///
/// * `command` - that repeats it
///
/// # Errors
/// Those of the charts.
pub fn page(told: &Told<'_>, command: &str) -> Result<String, DrawError> {
    let paragraphs = statement(told);
    let mut said = Html::new();
    for words in &paragraphs {
        said.words("p", &[], words);
    }
    for note in notes(told) {
        said.words("p", &[], &format!("Note: {note}."));
    }
    let first = [Part {
        id: "statement",
        heading: "The statement".to_owned(),
        body: said,
    }];
    let mut rest = vec![Part {
        id: "values",
        heading: "What was looked at".to_owned(),
        body: match told.is_map() {
            true => map(told)?,
            false => along(told)?,
        },
    }];
    if told.question.against.is_some() {
        rest.push(Part {
            id: "frontier",
            heading: "The frontier".to_owned(),
            body: frontier(told)?,
        });
    }
    if told.question.worlds > 0 {
        rest.push(Part {
            id: "worlds",
            heading: "Over plausible worlds".to_owned(),
            body: worlds(told)?,
        });
        rest.push(Part {
            id: "assumptions",
            heading: "What moves it".to_owned(),
            body: assumptions(told)?,
        });
    }
    rest.push(Part {
        id: "check",
        heading: "For who checks".to_owned(),
        body: check(told, command),
    });
    let scenario = told.document.scenario();
    let subtitle = format!(
        "Of {}; {} over {}",
        told.under(),
        plural(told.answer.spent, "replication"),
        plural(told.answer.played as u64, "setting")
    );
    let footer = [format!(
        "Made by casecap {}. All figures are simulated.",
        env!("CARGO_PKG_VERSION")
    )];
    let shell = Shell {
        kind: "A guideline, simulated",
        title: &scenario.title,
        subtitle: &subtitle,
        footer: &footer,
    };
    Ok(shell::page(shell, &first, &rest))
}

/// A chart for each requirement, and a table of all values.
fn along(told: &Told<'_>) -> Result<Html, DrawError> {
    let axis = told.axis();
    let last = axis.levels.len().saturating_sub(1);
    let ends = [axis.number(0), axis.number(last)];
    let air = ((ends[1] - ends[0]) * 0.04).max(0.5);
    let mut html = Html::new();
    let mut panels = Vec::new();
    for (at, requirement) in told.question.requirements.iter().enumerate() {
        let mut spots = Vec::new();
        for (place, setting) in told.answer.grid.iter().enumerate() {
            let tally = &setting.tallies[at];
            let interval = told.interval(at, tally);
            let share = tally.counts.share();
            spots.push(Spot {
                x: axis.number(place),
                y: share.map_or(f64::NAN, |s| s * 100.0),
                interval: match share {
                    Some(_) => [interval.low * 100.0, interval.high * 100.0],
                    None => [f64::NAN; 2],
                },
                form: form(tally.holds),
            });
        }
        let required = percent(requirement.probability);
        let heading = format!("({}) {}", at + 1, requirement.target.text);
        let alt = Alt {
            id: format!("chance-{}", at + 1),
            title: format!("How often \"{}\" is met", requirement.target.text),
            description: described(told, at),
        };
        let sheet = Spots {
            spots,
            across: [ends[0] - air, ends[1] + air],
            // Room for the marks of 0 and 100.
            upwards: [-4.0, 104.0],
            line: Some((
                requirement.probability * 100.0,
                format!("required: {required}"),
            )),
            unit: axis.written.clone(),
        };
        panels.push(Panel {
            heading,
            svg: chance::draw(&sheet, &alt)?,
        });
    }
    Figure {
        id: "chances".to_owned(),
        finding: finding(told),
        note: "Replications that meet a requirement, in per cent, with the interval of that probability. A dot: decided, \
               it is met; a cross: it is not; a ring: undecided. The broken line is what is required."
            .to_owned(),
        panels,
        table: table(told),
    }
    .write(&mut html);
    Ok(html)
}

fn form(holds: Option<bool>) -> Form {
    match holds {
        Some(true) => Form::Full,
        Some(false) => Form::Cross,
        None => Form::Ring,
    }
}

fn standing(setting: &Setting) -> Form {
    match setting.standing() {
        Standing::Meets => Form::Full,
        Standing::Fails => Form::Cross,
        Standing::Open => Form::Ring,
    }
}

/// What is seen on the chart of a requirement, in words.
fn described(told: &Told<'_>, requirement: usize) -> String {
    let of = |holds: Option<bool>| -> String {
        let grid = told.answer.grid.iter().enumerate();
        let places: Vec<usize> = grid
            .filter(|(_, s)| s.tallies[requirement].holds == holds)
            .map(|(at, _)| at)
            .collect();
        match places.is_empty() {
            true => "none".to_owned(),
            false => values(told.axis(), &places),
        }
    };
    format!(
        "Met: {}. Not met: {}. Undecided: {}.",
        of(Some(true)),
        of(Some(false)),
        of(None)
    )
}

fn finding(told: &Told<'_>) -> String {
    let meets = told.places(Standing::Meets);
    match meets.is_empty() {
        true => format!(
            "No value of {} is known to meet what is required",
            told.axis().written
        ),
        false => format!(
            "{} {} what is required",
            values(told.axis(), &meets),
            if meets.len() == 1 { "meets" } else { "meet" }
        ),
    }
}

/// Every setting with its verdict.
fn table(told: &Told<'_>) -> Table {
    let mut columns: Vec<(String, Set)> = told
        .question
        .axes
        .iter()
        .map(|axis| (axis.written.clone(), Set::Numbers))
        .collect();
    for (at, requirement) in (1..).zip(&told.question.requirements) {
        let name = format!("({at}) {}, %", requirement.target.text);
        columns.push((name, Set::Numbers));
    }
    columns.push(("verdict".to_owned(), Set::Words));
    columns.push(("replications".to_owned(), Set::Numbers));
    let mut table = Table::new(
        "settings",
        "How often each setting meets each requirement, with interval and verdict",
        &[],
    );
    table.columns = columns;
    for (place, setting) in told.answer.grid.iter().enumerate() {
        let levels = told.question.at(place);
        let pairs = told.question.axes.iter().zip(levels);
        let mut row: Vec<String> = pairs.map(|(axis, at)| axis.level(at)).collect();
        row.extend(chances(told, setting).into_iter().map(|chance| {
            match chance == number::MISSING {
                true => String::new(),
                false => chance,
            }
        }));
        row.push(told.verdict(setting));
        row.push(number::count(setting.played));
        table.row(row);
    }
    table
}

fn map(told: &Told<'_>) -> Result<Html, DrawError> {
    let [down, across] = [&told.question.axes[0], &told.question.axes[1]];
    let names = |axis: &crate::experiment::guideline::question::Axis| {
        (0..axis.levels.len()).map(|at| axis.level(at)).collect()
    };
    let sheet = Tiles {
        down: names(down),
        across: names(across),
        forms: told.answer.grid.iter().map(standing).collect(),
        units: [down.written.clone(), across.written.clone()],
    };
    let count = |is| told.places(is).len();
    let alt = Alt {
        id: "map".to_owned(),
        title: format!(
            "Which pairs of {} and {} will do",
            down.written, across.written
        ),
        description: format!(
            "{} pairs meet all requirements, {} fail, {} are undecided; the statement and the table name them.",
            count(Standing::Meets),
            count(Standing::Fails),
            count(Standing::Open)
        ),
    };
    let mut html = Html::new();
    Figure {
        id: "pairs".to_owned(),
        finding: format!("{} of {} pairs will do", count(Standing::Meets), told.answer.grid.len()),
        note: "A full tile: the pair meets all requirements; an empty one: it fails; a ring: undecided.".to_owned(),
        panels: vec![Panel {
            heading: format!("{} down, {} across", down.written, across.written),
            svg: tiles::draw(&sheet, &alt)?,
        }],
        table: table(told),
    }
    .write(&mut html);
    Ok(html)
}

fn frontier(told: &Told<'_>) -> Result<Html, DrawError> {
    let mut html = Html::new();
    let Some(against) = &told.question.against else {
        return Ok(html);
    };
    let axis = told.axis();
    let mut spots = Vec::new();
    let mut table = Table::new(
        "edges",
        &format!("{}: {}", against.written, sought(told)),
        &[],
    );
    table.columns = vec![
        (axis.written.clone(), Set::Numbers),
        (sought(told).to_owned(), Set::Numbers),
        ("not enough".to_owned(), Set::Numbers),
        ("undecided between".to_owned(), Set::Words),
        ("against today".to_owned(), Set::Words),
        ("out of order".to_owned(), Set::Words),
    ];
    for (at, row) in told.answer.rows.iter().enumerate() {
        if let Edge::Between { holds, fails } = row.edge {
            let (y, other) = (against.number(holds), against.number(fails));
            spots.push(Spot {
                x: axis.number(at),
                y,
                interval: match holds.abs_diff(fails) {
                    1 => [f64::NAN; 2],
                    _ => [y.min(other), y.max(other)],
                },
                form: Form::Full,
            });
        }
        let [holds, fails, between] = ends(against, &row.edge);
        table.row([
            axis.level(at),
            holds,
            fails,
            or_none(between),
            match (needs(row), row.price) {
                (Some(needs), _) => needs,
                (None, Some(_)) => "as today".to_owned(),
                _ => String::new(),
            },
            or_none(values(against, &row.contradictions)),
        ]);
    }
    let last = |axis: &crate::experiment::guideline::question::Axis| {
        [
            axis.number(0),
            axis.number(axis.levels.len().saturating_sub(1)),
        ]
    };
    let (across, upwards) = (last(axis), last(against));
    let air = ((across[1] - across[0]) * 0.04).max(0.5);
    let found = spots.len();
    let alt = Alt {
        id: "edge".to_owned(),
        title: format!("{} at each value of {}", against.written, axis.written),
        description: format!(
            "An edge was found at {found} of {} values; the table has each.",
            told.answer.rows.len()
        ),
    };
    let sheet = Spots {
        spots,
        across: [across[0] - air, across[1] + air],
        upwards,
        line: None,
        unit: axis.written.clone(),
    };
    Figure {
        id: "edges-figure".to_owned(),
        finding: format!("{}: {} at each value of {}", against.written, sought(told), axis.written),
        note: "A dot: the value that will do and whose neighbour will not. A line below or above it: values that are \
               undecided. Where there is no dot, the whole range will do, nothing in it will, or an end is undecided."
            .to_owned(),
        panels: vec![Panel {
            heading: against.written.clone(),
            svg: chance::draw(&sheet, &alt)?,
        }],
        table,
    }
    .write(&mut html);
    Ok(html)
}

fn worlds(told: &Told<'_>) -> Result<Html, DrawError> {
    let axis = told.axis();
    let share = percent(told.question.share);
    let mut table = Table::new("over-worlds", "Worlds in which each value will do", &[]);
    table.columns = vec![
        (axis.written.clone(), Set::Numbers),
        ("worlds that meet".to_owned(), Set::Numbers),
        ("fail".to_owned(), Set::Numbers),
        ("undecided".to_owned(), Set::Numbers),
        ("share of plausible worlds, %".to_owned(), Set::Numbers),
        (format!("in {share} or more"), Set::Words),
    ];
    for row in over_worlds(told) {
        table.row(row);
    }
    let mut spots = Vec::new();
    for at in 0..told.answer.grid.len() {
        let worlds = told.answer.over_worlds(at);
        let interval = worlds.interval();
        spots.push(Spot {
            x: axis.number(at),
            y: worlds.meets as f64 / worlds.all as f64 * 100.0,
            interval: interval.map_or([f64::NAN; 2], |i| [i.low * 100.0, i.high * 100.0]),
            form: form(worlds.reaches(told.question.share)),
        });
    }
    let last = axis.number(axis.levels.len().saturating_sub(1));
    let air = ((last - axis.number(0)) * 0.04).max(0.5);
    let alt = Alt {
        id: "worlds-chart".to_owned(),
        title: "Share of worlds in which each value will do".to_owned(),
        description: "The table has each number.".to_owned(),
    };
    let sheet = Spots {
        spots,
        across: [axis.number(0) - air, last + air],
        upwards: [-4.0, 104.0],
        line: Some((told.question.share * 100.0, format!("asked for: {share}"))),
        unit: axis.written.clone(),
    };
    let mut html = Html::new();
    Figure {
        id: "worlds-figure".to_owned(),
        finding: format!("In how many of {} worlds each value will do", told.question.worlds),
        note: "Each world is one draw of the numbers that are not known. A dot: in so many worlds as asked for, or more; a \
               cross: in fewer; a ring: it hangs on worlds that are undecided. The line is the interval of the share of \
               all plausible worlds, 95 %."
            .to_owned(),
        panels: vec![Panel {
            heading: "Worlds, %".to_owned(),
            svg: chance::draw(&sheet, &alt)?,
        }],
        table,
    }
    .write(&mut html);
    Ok(html)
}

/// The three assumptions that move the number most: each world at its value and its number, and a table.
fn assumptions(told: &Told<'_>) -> Result<Html, DrawError> {
    /// Worlds that are drawn at most.
    const DRAWN: usize = 400;
    let (axis, answer) = (told.axis(), told.answer);
    let mut html = Html::new();
    if let Some(plausible) = told.plausible {
        html.words("p", &[], &drawn(plausible));
    }
    let last = axis.levels.len().saturating_sub(1);
    let ends = [axis.number(0), axis.number(last)];
    let air = ((ends[1] - ends[0]) * 0.08).max(0.5);
    let none = answer.none();
    // Where no value holds, the mark stands outside the range.
    let height = |at: i64| match usize::try_from(at) {
        _ if at == none && answer.seeks_least() => ends[1] + air / 2.0,
        Ok(at) => axis.number(at),
        Err(_) => ends[0] - air / 2.0,
    };
    let mut panels = Vec::new();
    for (at, one) in answer.assumptions.iter().take(MOST_IMPORTANT).enumerate() {
        let worlds = answer.numbers().into_iter().zip(&one.values).take(DRAWN);
        let spots: Vec<Spot> = worlds
            .map(|(number, value)| {
                let [from, to] = number.map(height);
                let known = if answer.seeks_least() { to } else { from };
                Spot {
                    x: *value,
                    y: known,
                    interval: if from == to {
                        [f64::NAN; 2]
                    } else {
                        [from, to]
                    },
                    form: match number {
                        [a, b] if a != b => Form::Ring,
                        [a, _] if a == none => Form::Cross,
                        _ => Form::Full,
                    },
                }
            })
            .collect();
        let [least, greatest] = [one.lowest.ends[0], one.highest.ends[1]];
        let wide = ((greatest - least) * 0.04).max(f64::MIN_POSITIVE);
        let alt = Alt {
            id: format!("moves-{}", at + 1),
            title: format!("{} of each world over {}", axis.written, one.number.key),
            description: "The table has the medians of both ends.".to_owned(),
        };
        let unit = if one.number.is_days { " [days]" } else { "" };
        let sheet = Spots {
            spots,
            across: [least - wide, greatest + wide],
            upwards: [ends[0] - air, ends[1] + air],
            line: None,
            unit: format!("{}{unit}", one.number.key),
        };
        panels.push(Panel {
            heading: format!("{}: {} upwards", one.number.key, axis.written),
            svg: chance::draw(&sheet, &alt)?,
        });
    }
    let mut table = Table::new(
        "moves",
        "The number in the lowest and in the highest third of the values of each assumption",
        &[
            ("Assumption", Set::Words),
            ("Grade", Set::Words),
            ("Source", Set::Words),
            ("Third of the worlds", Set::Words),
            ("Its values", Set::Words),
            ("Median of the number", Set::Numbers),
            ("Worlds in which a value holds", Set::Numbers),
            ("Rank correlation", Set::Numbers),
            ("By chance (p)", Set::Words),
        ],
    );
    for one in moves(told) {
        let [low, high] = one.thirds;
        let thirds = [("lowest", low), ("highest", high)];
        for (which, [values, median, holds]) in thirds {
            let [grade, source] = one.evidence.clone();
            let [correlation, chance] = one.correlation.clone();
            table.row([
                one.key.clone(),
                grade,
                source,
                which.to_owned(),
                values,
                median,
                holds,
                correlation,
                chance,
            ]);
        }
    }
    let finding = match (answer.assumptions.first(), next_study(&answer.assumptions)) {
        (_, Some(one)) => format!("The next study to fund: {}", one.number.key),
        (Some(one), None) if one.is_important() => format!("It moves most with {}", one.number.key),
        _ => "No assumption moves the number more than chance explains".to_owned(),
    };
    Figure {
        id: "moves-figure".to_owned(),
        finding,
        note: format!(
            "A mark is a world (the first {DRAWN} at most). A dot: its number is decided; a ring, with a line: it is undecided \
             between values; a cross outside the range: no value holds. Ranks are correlated (Spearman, with Gehan's scores where \
             a number is undecided); p is the chance that any of all {} numbers drawn has so great a correlation if none moves \
             it, from {} shuffles of the worlds.",
            answer.assumptions.len(),
            number::count(SHUFFLES as u64)
        ),
        panels,
        table,
    }
    .write(&mut html);
    Ok(html)
}

fn or_none(text: String) -> String {
    match text.is_empty() {
        true => "none".to_owned(),
        false => text,
    }
}

fn check(told: &Told<'_>, command: &str) -> Html {
    let mut html = Html::new();
    html.words("p", &[], "The command that repeats it:");
    html.words("pre", &[("tabindex", "0")], command);
    html.words(
        "p",
        &[],
        &format!(
            "Each of at most {} has a chance of error of {} shared alike by {} of them at most. It is made as soon as \
             the required probability leaves a confidence sequence (Robbins' beta-binomial mixture), which holds at \
             every look at once and needs no normal approximation. All settings play the replications 0, 1, 2, ... of \
             seed {}; they are looked at one by one, so that neither threads nor the order of work reach a verdict.",
            plural(told.question.decisions() as u64, "decision"),
            percent(told.question.error),
            number::count(told.question.decisions() as u64),
            told.question.seed
        ),
    );
    html
}
