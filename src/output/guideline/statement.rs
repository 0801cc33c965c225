//! A statement that may be quoted: what was found, with every qualifier.

use crate::experiment::guideline::answer::holes;
use crate::experiment::guideline::assumption::{Assumption, CHANCE, Third, next_study};
use crate::experiment::guideline::pool::Standing;
use crate::experiment::guideline::question::Axis;
use crate::experiment::guideline::search::Edge;
use crate::output::guideline::told::{Told, listed, needs, percent, values};
use crate::output::guideline::words::{MOST_IMPORTANT, drawn, reach};
use crate::output::number;
use crate::output::prose::plural;
use crate::scenario::evidence::Evidence;
use crate::scenario::key::Kind;

/// The statement, in paragraphs.
pub fn statement(told: &Told<'_>) -> Vec<String> {
    let mut paragraphs = vec![match told.is_map() {
        true => of_map(told),
        false => of_values(told),
    }];
    if told.question.against.is_some() {
        paragraphs.extend(of_edges(told));
    }
    if told.question.worlds > 0 {
        paragraphs.push(of_worlds(told));
        paragraphs.extend(told.plausible.map(drawn));
        paragraphs.push(of_assumptions(told));
    }
    paragraphs.push(required(told));
    paragraphs.push(certain(told));
    paragraphs.push(played(told));
    paragraphs.push(unknown(told));
    paragraphs.push(bounds(told));
    paragraphs
}

fn all_of_them(told: &Told<'_>) -> &'static str {
    match told.question.requirements.len() {
        1 => "the requirement",
        _ => "all requirements",
    }
}

/// What was found along one key.
fn of_values(told: &Told<'_>) -> String {
    let axis = told.axis();
    let (meets, open) = (told.places(Standing::Meets), told.places(Standing::Open));
    let last = axis.levels.len().saturating_sub(1);
    let all = all_of_them(told);
    if last == 0 {
        let verdict = match (meets.is_empty(), open.is_empty()) {
            (false, _) => format!("meets {all}"),
            (_, true) => format!("does not meet {all}"),
            _ => match told.answer.grid.first().and_then(|s| told.within(s)) {
                Some(points) => format!("is undecided within ±{points} percentage points"),
                None => "was not looked at".to_owned(),
            },
        };
        let (key, value) = (&axis.written, axis.level(0));
        return format!("Under {}, {key} = {value} {verdict}.", told.under());
    }
    let range = format!(
        "Of the {} of {} from {} to {} that were looked at, under {}",
        plural(axis.levels.len() as u64, "value"),
        axis.written,
        axis.level(0),
        axis.level(last),
        told.under()
    );
    let mut words = match (meets.first(), meets.last()) {
        (Some(first), Some(greatest)) if first == greatest => {
            format!("{range}, only {} meets {all}.", axis.level(*first))
        }
        (Some(first), Some(greatest)) => format!(
            "{range}, {} meet {all}: the least is {} and the greatest {}.",
            values(axis, &meets),
            axis.level(*first),
            axis.level(*greatest)
        ),
        _ if open.is_empty() => format!("{range}, none meets {all}."),
        _ => format!("{range}, none is known to meet {all}."),
    };
    let holes = holes(&told.answer.grid);
    if !holes.is_empty() {
        let names: Vec<usize> = holes.iter().flat_map(|(from, to)| *from..=*to).collect();
        words.push_str(&format!(
            " The set has a hole: {} between them fail, so that more or less is not simply better here.",
            values(axis, &names)
        ));
    }
    if !open.is_empty() {
        words.push_str(&format!(
            " Undecided within the budget: {}.",
            undecided(told, axis, &open)
        ));
    }
    if meets.contains(&0) || meets.contains(&last) {
        words.push_str(" An end of the range meets them; what lies beyond it was not looked at.");
    }
    words
}

fn undecided(told: &Told<'_>, axis: &Axis, open: &[usize]) -> String {
    /// Values that are told one by one.
    const TOLD: usize = 6;
    if open.len() > TOLD {
        return values(axis, open);
    }
    let each: Vec<String> = open
        .iter()
        .map(|at| match told.within(&told.answer.grid[*at]) {
            Some(points) => format!("{} (within ±{points} percentage points)", axis.level(*at)),
            None => format!("{} (not looked at)", axis.level(*at)),
        })
        .collect();
    listed(&each)
}

/// What was found over two keys.
fn of_map(told: &Told<'_>) -> String {
    let [first, second] = [&told.question.axes[0], &told.question.axes[1]];
    let width = second.levels.len();
    let mut words = format!(
        "Of {} of {} and {}, under {}, {} meet {}, {} fail and {} are undecided.",
        plural(told.answer.grid.len() as u64, "pair"),
        first.written,
        second.written,
        told.under(),
        told.places(Standing::Meets).len(),
        all_of_them(told),
        told.places(Standing::Fails).len(),
        told.places(Standing::Open).len(),
    );
    let mut odd = Vec::new();
    for row in 0..first.levels.len() {
        let own = &told.answer.grid[row * width..(row + 1) * width];
        let meets: Vec<usize> = (0..width)
            .filter(|at| own[*at].standing() == Standing::Meets)
            .collect();
        if !meets.is_empty() {
            words.push_str(&format!(
                " With {} = {}: {}.",
                first.written,
                first.level(row),
                values(second, &meets)
            ));
        }
        if !holes(own).is_empty() {
            odd.push(first.level(row));
        }
    }
    if !odd.is_empty() {
        words.push_str(&format!(
            " There are holes at {}: values that fail between values that meet them.",
            listed(&odd)
        ));
    }
    words
}

/// What was found along the second key.
fn of_edges(told: &Told<'_>) -> Option<String> {
    let against = told.question.against.as_ref()?;
    let axis = told.axis();
    let last = against.levels.len().saturating_sub(1);
    let mut words = format!(
        "What it takes of {}, from {} to {}, for {} to hold:",
        against.written,
        against.level(0),
        against.level(last),
        all_of_them(told)
    );
    let mut odd = Vec::new();
    for (at, row) in told.answer.rows.iter().enumerate() {
        let value = axis.level(at);
        words.push_str(&match row.edge {
            Edge::Unknown => format!(" at {value}, an end of the range is undecided;"),
            Edge::All => format!(" at {value}, the whole range will do;"),
            Edge::Nowhere => format!(" at {value}, nothing in the range will do;"),
            Edge::Between { holds, fails } => {
                let (most, is_near) = (holds < fails, holds.abs_diff(fails) == 1);
                let word = if most { "most" } else { "fewest" };
                let found = match is_near {
                    true => format!("{} is the {word}", against.level(holds)),
                    false => format!(
                        "{} is enough and {} is not, with those between undecided or not looked at",
                        against.level(holds),
                        against.level(fails)
                    ),
                };
                let needs = needs(row).map_or(String::new(), |needs| format!(" ({needs})"));
                format!(" at {value}, {found}{needs};")
            }
        });
        if !row.contradictions.is_empty() {
            odd.push(format!(
                "at {value}, {} contradict the order",
                values(against, &row.contradictions)
            ));
        }
    }
    let mut words = format!("{}.", words.trim_end_matches(';'));
    let today = told.places(Standing::Meets);
    words.push_str(&match (today.first(), told.counts_posts()) {
        (Some(least), true) => format!(
            " With today's posts {} is the lowest {} that meets {}.",
            axis.level(*least),
            axis.written,
            all_of_them(told)
        ),
        (None, true) => format!(
            " With today's posts no value of {} is known to meet {}.",
            axis.written,
            all_of_them(told)
        ),
        _ => String::new(),
    });
    if told
        .answer
        .rows
        .iter()
        .any(|row| row.price.is_some_and(|p| p.posts != 0))
        && told.counts_posts()
    {
        let has_money = told.answer.rows.iter().any(|row| {
            row.price
                .is_some_and(|price| price.a_year.is_some_and(|a| a != 0.0))
        });
        words.push_str(match has_money {
            true => " The money is salary and on-costs of those posts were all of them filled; what they save \
                      elsewhere is not counted.",
            false => " What posts cost is not in the scenario (cost_per_year of a grade).",
        });
    }
    let falls = edges_out_of_order(told);
    odd.extend(falls);
    if !odd.is_empty() {
        words.push_str(&format!(
            " The frontier is not monotone: {}. The values there deserve a look at the whole table.",
            listed(&odd)
        ));
    }
    Some(words)
}

/// Where the edge moves back although the first key goes on, and forth elsewhere.
fn edges_out_of_order(told: &Told<'_>) -> Vec<String> {
    let axis = told.axis();
    // Only where both sides of both edges are known is one surely beyond the other.
    let known: Vec<(usize, usize, usize)> = told
        .answer
        .rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| match row.edge {
            Edge::Between { holds, fails } => Some((at, holds.min(fails), holds.max(fails))),
            _ => None,
        })
        .collect();
    let moves: Vec<(usize, usize, i32)> = known
        .windows(2)
        .map(|pair| {
            let ((a, low, high), (b, next_low, next_high)) = (pair[0], pair[1]);
            let way = if next_low >= high {
                1
            } else if next_high <= low {
                -1
            } else {
                0
            };
            (a, b, way)
        })
        .collect();
    let up = moves.iter().filter(|(.., way)| *way > 0).count();
    let down = moves.iter().filter(|(.., way)| *way < 0).count();
    if up == 0 || down == 0 {
        return Vec::new();
    }
    let rare = if up < down { 1 } else { -1 };
    let odd = moves.iter().filter(|(.., way)| *way == rare);
    odd.map(|(a, b, _)| {
        format!(
            "from {} to {} it goes against the trend",
            axis.level(*a),
            axis.level(*b)
        )
    })
    .collect()
}

/// What was found over plausible worlds.
fn of_worlds(told: &Told<'_>) -> String {
    let (axis, answer, share) = (told.axis(), told.answer, told.question.share);
    let reaching = |is: Option<bool>| -> Vec<usize> {
        let places = 0..answer.grid.len();
        places
            .filter(|at| answer.over_worlds(*at).reaches(share) == is)
            .collect()
    };
    let (enough, open) = (reaching(Some(true)), reaching(None));
    let best = best(told);
    let mut words = format!(
        "Over {}, each a draw of what is not known, played by itself: ",
        plural(told.question.worlds as u64, "plausible world")
    );
    let edge = match answer.seeks_least() {
        true => enough.first(),
        false => enough.last(),
    };
    words.push_str(&match edge {
        Some(edge) => {
            let interval = answer.over_worlds(*edge).interval();
            let between = interval.map_or(String::new(), |i| {
                format!(
                    " (the share of all plausible worlds lies between {:.0} and {:.0} %, with 95 % certainty)",
                    i.low * 100.0,
                    i.high * 100.0
                )
            });
            format!(
                "in {} of them or more these hold: {}; the {best} is {}{between}.",
                percent(share),
                values(axis, &enough),
                axis.level(*edge)
            )
        }
        None => format!("no value is known to hold in {} of them or more.", percent(share)),
    });
    if !open.is_empty() {
        words.push_str(&format!(
            " It hangs on worlds that are undecided for {}.",
            values(axis, &open)
        ));
    }
    let (numbers, none) = (answer.numbers(), answer.none());
    let known: Vec<i64> = numbers
        .iter()
        .filter(|[from, to]| from == to && *from != none)
        .map(|[from, _]| *from)
        .collect();
    if let (Some(first), Some(last)) = (known.iter().min(), known.iter().max()) {
        words.push_str(&format!(
            " The {best} value that holds is {} where that is decided",
            match first == last {
                true => told.number([*first; 2]),
                false => format!(
                    "{} to {}",
                    told.number([*first; 2]),
                    told.number([*last; 2])
                ),
            }
        ));
        let middle = told.answer.median();
        words.push_str(
            &middle.map_or(String::new(), |median| match median == [none; 2] {
                true => "; in half of all worlds or more none holds".to_owned(),
                false => format!(", with a median of {} over all worlds", told.number(median)),
            }),
        );
        words.push('.');
    }
    let holds_nowhere = numbers.iter().filter(|n| **n == [none; 2]).count();
    let open = numbers.iter().filter(|[from, to]| from != to).count();
    for (many, what) in [
        (holds_nowhere, "no value that was looked at holds"),
        (open, "it is undecided between values"),
    ] {
        if many > 0 {
            let worlds = plural(many as u64, "world");
            words.push_str(&format!(" In {worlds} {what}."));
        }
    }
    words
}

fn best(told: &Told<'_>) -> &'static str {
    match told.answer.seeks_least() {
        true => "least",
        false => "greatest",
    }
}

/// How the number moves with what is not known.
fn of_assumptions(told: &Told<'_>) -> String {
    let all = &told.answer.assumptions;
    let moving: Vec<&Assumption> = all.iter().filter(|one| one.is_important()).collect();
    let promise = format!(
        "by ranks over {}; the chance that any is named that moves nothing is at most {}",
        plural(told.question.worlds as u64, "world"),
        percent(CHANCE)
    );
    if moving.is_empty() {
        return format!(
            "No assumption is seen to move the {} value that holds more than chance explains ({promise}). That is no proof that \
             none does: more worlds see more.",
            best(told)
        );
    }
    let each: Vec<String> = moving
        .iter()
        .take(MOST_IMPORTANT)
        .map(|one| {
            let median = |third: &Third| third.median.map_or(String::new(), |m| told.number(m));
            format!(
                "{}{} ({} where it is low, {}; {} where it is high, {})",
                one.number.key,
                match one.grade() {
                    "" => String::new(),
                    grade => format!(", grade {grade}"),
                },
                median(&one.lowest),
                reach(one, &one.lowest),
                median(&one.highest),
                reach(one, &one.highest)
            )
        })
        .collect();
    let mut words = format!(
        "The {} value that holds moves most with {}: medians of the worlds in the lowest and in the highest third of its \
         values, {promise}.",
        best(told),
        listed(&each)
    );
    words.push_str(&match next_study(all) {
        Some(one) => format!(
            " The next study to fund is that of {}: of what moves it and is {}, it moves it most.",
            one.number.key,
            match one.grade() {
                "D" => "only assumed (grade D)",
                _ => "not verified (grade M)",
            }
        ),
        None => {
            " None of what moves it is only assumed or not verified (grades D and M).".to_owned()
        }
    });
    words
}

fn required(told: &Told<'_>) -> String {
    let each: Vec<String> = (1..)
        .zip(&told.question.requirements)
        .map(|(at, r)| {
            format!(
                "({at}) \"{}\" in at least {} of all replications",
                r.target.text,
                percent(r.probability)
            )
        })
        .collect();
    let word = match each.len() {
        1 => "The requirement",
        _ => "The requirements",
    };
    let undefined: u64 = told
        .answer
        .grid
        .iter()
        .flat_map(|setting| setting.tallies.iter().map(|t| t.undefined))
        .sum();
    let missing = match undefined {
        0 => String::new(),
        _ => " In some replications a number that is needed is missing (guideline.csv counts them); they do not meet \
               it."
            .to_owned(),
    };
    format!("{word}: {}.{missing}", listed(&each))
}

fn certain(told: &Told<'_>) -> String {
    format!(
        "The chance that any one of these decisions is wrong is at most {}, all of them together, at whatever moment \
         it was stopped; an interval is as certain. A setting fails where the probability is surely below what is \
         required; which of several it fails is told only as far as it was needed.",
        percent(told.question.error)
    )
}

fn played(told: &Told<'_>) -> String {
    let answer = told.answer;
    let saved = answer.equal.saturating_sub(answer.spent);
    let part = match answer.equal {
        0 => 0.0,
        equal => saved as f64 / equal as f64,
    };
    let ended = match answer.is_interrupted {
        true => " It was interrupted.",
        false => "",
    };
    format!(
        "Played: {} replications over {} on the same luck, seed {}. Giving every setting as many as the one that \
         needed most had taken {}: {} of those were saved.{ended}",
        number::count(answer.spent),
        plural(answer.played as u64, "setting"),
        told.question.seed,
        number::count(answer.equal),
        number::share(part)
    )
}

fn unknown(told: &Told<'_>) -> String {
    if !told.document.is_uncertain() {
        return match told.question.worlds {
            0 => "The probability is over luck alone: no number of the scenario is a law, so what we do not know about the \
                  service is not in it.",
            _ => "Apart from the plausible worlds the probability is over luck alone: no number of the scenario is a law, \
                  and ranges beside numbers are drawn in plausible worlds only.",
        }
        .to_owned();
    }
    // A law of times is luck; a law that stands for a number is what is not known.
    let is_number = |key: &str| {
        let lever = told.document.lever(key);
        lever.is_ok_and(|lever| lever.places.iter().all(|p| !matches!(p.kind, Kind::Law(_))))
    };
    let laws = told.document.evidence().iter().filter(|e| e.law.is_some());
    let names: Vec<String> = laws
        .filter(|e| is_number(&e.key))
        .map(|e| e.key.clone())
        .collect();
    let named = match names.is_empty() {
        true => String::new(),
        false => format!(" (in the register of evidence: {})", listed(&names)),
    };
    format!(
        "The probability is over luck and over what is not known together: each replication draws the uncertain \
         numbers anew{named}."
    )
}

fn bounds(told: &Told<'_>) -> String {
    let scenario = told.document.scenario();
    let months = scenario.calendar.reported();
    let name = |at: Option<&crate::model::calendar::Month>| {
        at.map_or(String::new(), |m| m.last_day.strftime("%B %Y").to_string())
    };
    let evidence = told.document.evidence();
    let is_assumed = |e: &&Evidence| e.grade.as_deref() == Some("D");
    let assumed = evidence.iter().filter(is_assumed).count();
    let warm_up = match scenario.calendar.warm_up_months {
        0 => String::new(),
        many => format!(
            ", after {} of warm-up under policy \"{}\"",
            plural(many as u64, "month"),
            scenario.policies.first().map_or("", |p| p.name.as_str())
        ),
    };
    format!(
        "Scenario \"{}\": {} from {} to {}{warm_up}; {} of its {} are assumptions (grade D). Made by casecap {}. This is \
         what a model of one service projects; it is no forecast for a team or a worker, no proof that a caseload is \
         safe, says nothing of values, services or months that were not looked at, and must not be used to judge a \
         person.",
        scenario.title,
        plural(months.len() as u64, "month"),
        name(months.first()),
        name(months.last()),
        assumed,
        plural(evidence.len() as u64, "input"),
        env!("CARGO_PKG_VERSION"),
    )
}
