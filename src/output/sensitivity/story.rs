//! The sentences of a sensitivity analysis.

use crate::experiment::sensitivity::answer::{Found, Study};
use crate::experiment::sensitivity::question::Method;
use crate::experiment::sensitivity::robust::Failing;
use crate::output::number;
use crate::output::prose::plural;
use crate::output::sensitivity::told::{NO_GRADE, Told, amount, grade, luck, part, unit, value};
use crate::statistics::prim;
use crate::statistics::sobol::Index;

/// Chance above which a box is said to be no finding.
const CHANCE: f64 = 0.05;

/// What matters most on the whole, and what to find out next.
pub fn headline(told: &Told<'_>) -> Vec<String> {
    let overall = told.overall();
    let seen = overall.iter().any(|(.., seen)| *seen > 0);
    let Some((first, share, _)) = overall.first().filter(|_| seen) else {
        let by_luck = told.studies.iter().any(|study| match &study.found {
            Found::Indices(found) => found.is_hidden && !found.is_constant(),
            Found::Effects(_) => true,
            Found::Nothing => false,
        });
        return vec![match by_luck {
            true => "No assumption is seen to matter beyond luck, so that nothing is ranked. Take more --replications, or \
                     more --rows."
                .to_owned(),
            false => "Nothing that is looked at differs between the points, or it has no number there: nothing is ranked. \
                      Look at another --metric, or vary something else."
                .to_owned(),
        }];
    };
    let name = |input: usize| format!("{} ({})", told.input(input).key, graded(told, input));
    let of = match told.question.method {
        Method::Sobol => "of what the assumptions move",
        Method::Morris => "of all effects",
    };
    let mut text = format!(
        "Of {} not known {} matters most: {} {of}, on average over what is looked at",
        plural(told.count() as u64, "number"),
        name(*first),
        number::share(*share)
    );
    if told.count() == 1 {
        return vec![format!(
            "One number is not known: {}. It alone makes the spread between plausible worlds.",
            name(*first)
        )];
    }
    let behind: Vec<String> = overall
        .iter()
        .skip(1)
        .take(2)
        .filter(|(.., seen)| *seen > 0)
        .map(|(input, share, _)| format!("{} with {}", name(*input), number::share(*share)))
        .collect();
    match behind.is_empty() {
        true => text.push('.'),
        false => text.push_str(&format!("; then {}.", behind.join(", and "))),
    }
    let mut paragraphs = vec![text];
    let idle = overall.iter().filter(|(.., seen)| *seen == 0).count();
    if idle > 0 {
        paragraphs.push(format!(
            "{} not seen to move anything that is looked at, beyond luck.",
            match idle {
                1 => "One of them is".to_owned(),
                many => format!("{many} of them are"),
            }
        ));
    }
    paragraphs.push(match told.next_study() {
        Some(input) => format!(
            "The next study to fund: {}. Of all assumptions that rest on no evidence it matters most.",
            name(input)
        ),
        None => "Nothing that could be found out and rests on no evidence is seen to matter.".to_owned(),
    });
    paragraphs
}

fn graded(told: &Told<'_>, input: usize) -> String {
    match grade(told.input(input)) {
        NO_GRADE => "no grade given".to_owned(),
        grade => format!("grade {grade}"),
    }
}

/// For each assumption, the most important first: its key, its mean share of what all do, in how many of what is looked at it
/// is seen to matter, and its grade. Empty where nothing is known.
pub fn whole(told: &Told<'_>) -> Vec<[String; 4]> {
    let all = told.studies.len();
    let rows = told.overall().into_iter().map(|(input, share, seen)| {
        let own = told.input(input);
        [
            own.key.clone(),
            format!("{:.0}", share * 100.0),
            format!("{seen} of {all}"),
            grade(own).to_owned(),
        ]
    });
    rows.collect()
}

/// What is to be said of one study before its table.
pub fn about(told: &Told<'_>, study: &Study) -> String {
    let looked = told.looked(study);
    let begin = format!("{}, policy {:?}", looked.text(), told.policy(study.policy));
    match &study.found {
        Found::Indices(found) if found.is_hidden => match found.is_constant() {
            false => format!(
                "{begin}: luck hides what the assumptions do; nothing is ranked. More --replications or --rows would \
                 show it."
            ),
            true => format!("{begin}: the same at every point, so that nothing matters."),
        },
        Found::Indices(found) => {
            let noise = luck(study).map_or(String::new(), |share| {
                format!(
                    "; of the variance of one replication {} is luck",
                    number::share(share)
                )
            });
            // Only what no error of the single parts explains.
            let most = |index: &Index| index.interval.map_or(1.0, |i| i.high.max(0.0));
            let together = match found.first.iter().map(most).sum::<f64>() {
                most if most < 1.0 => format!(
                    "; {} of the spread or more comes from assumptions that act together",
                    number::share(1.0 - most)
                ),
                _ => String::new(),
            };
            let gone = told.question.rows - found.rows.min(told.question.rows);
            let gone = match gone {
                0 => String::new(),
                gone => format!(
                    "; left out are {} of {} rows, in which the number is missing somewhere",
                    number::count(gone as u64),
                    number::count(told.question.rows as u64)
                ),
            };
            format!("{begin}{noise}{together}{gone}")
        }
        Found::Effects(_) => begin,
        Found::Nothing => format!("{begin}: too few points have this number; nothing is ranked."),
    }
}

/// What the worlds say, in sentences.
pub fn robustness(told: &Told<'_>) -> Vec<String> {
    let Some(robust) = told.robust else {
        return Vec::new();
    };
    let Some(failing) = &robust.failing else {
        return Vec::new();
    };
    let standing = &robust.standings[failing.policy];
    let policy = told.policy(failing.policy);
    let worlds = number::count(standing.worlds as u64);
    let mut text = format!(
        "Policy {policy:?} meets what is required in {} of {worlds} plausible worlds ({})",
        number::count(standing.meets as u64),
        number::share(standing.share())
    );
    if robust.standings.len() > 1 && standing.meets > 0 {
        text.push_str(", more than or as many as any other");
    }
    if standing.close > 0 {
        text.push_str(&format!(
            "; in {} of these worlds luck may have decided",
            number::count(standing.close as u64)
        ));
    }
    if standing.meets == 0 {
        text = format!("No policy meets what is required in any of {worlds} plausible worlds");
    }
    text.push('.');
    let mut paragraphs = vec![text];
    paragraphs.extend(boxes(told, failing));
    paragraphs
}

/// Where the policy fails.
fn boxes(told: &Told<'_>, failing: &Failing) -> Vec<String> {
    let policy = told.policy(failing.policy);
    let all = 2 * told.question.rows;
    if failing.fails == 0 {
        return vec![format!("There is no world in which {policy:?} fails.")];
    }
    if failing.fails == all {
        return vec![format!(
            "{policy:?} fails everywhere, so that no assumption decides it."
        )];
    }
    if failing.boxes.is_empty() {
        return vec![format!(
            "No range of the assumptions is found in which {policy:?} fails more often than elsewhere."
        )];
    }
    let mut paragraphs: Vec<String> = (1..)
        .zip(&failing.boxes)
        .map(|(at, found)| {
            let begin = match at {
                1 => format!("{policy:?} fails most"),
                2 => "Outside of that it fails most".to_owned(),
                _ => "And outside of these".to_owned(),
            };
            format!(
                "{begin} where {}: in {} of {} such worlds ({}), which are {} of all in which it fails.",
                limits(told, found),
                number::count(found.hits as u64),
                number::count(found.inside as u64),
                number::share(found.density()),
                number::share(found.coverage)
            )
        })
        .collect();
    if failing.by_chance > CHANCE {
        paragraphs.push(format!(
            "That may be chance: were failing dealt out at random, as good a first box would be found in {} of cases.",
            number::share(failing.by_chance)
        ));
    }
    paragraphs
}

/// The limits of a box: `referrals.families_per_month is above 34.1 and return.probability below 0.5`.
pub fn limits(told: &Told<'_>, found: &prim::Found) -> String {
    let each: Vec<String> = found
        .limits
        .iter()
        .map(|limit| {
            let input = told.input(limit.input);
            let print = |value| amount(input, value);
            let between = match (limit.above, limit.below) {
                (Some(low), Some(high)) => format!("between {} and {}", print(low), print(high)),
                (Some(low), None) => format!("above {}", print(low)),
                (None, Some(high)) => format!("below {}", print(high)),
                (None, None) => "anything".to_owned(),
            };
            format!("{} is {between}", input.key)
        })
        .collect();
    each.join(" and ")
}

/// The parts of a row of a study's table: rank is the place; key, in all, alone (or effects), grade.
pub fn row(told: &Told<'_>, study: &Study, input: usize) -> Vec<String> {
    let own = told.input(input);
    let mut row = vec![own.key.clone()];
    match &study.found {
        Found::Indices(found) => {
            row.push(part(&found.total[input]));
            row.push(part(&found.first[input]));
        }
        Found::Effects(found) => {
            let effect = &found[input];
            let looked = told.looked(study);
            let se = effect
                .interval
                .map_or(f64::NAN, |i| (i.high - i.low) / 3.92);
            let print = |number: f64| value(&looked, number, se);
            let ends = effect.interval.map_or(String::new(), |i| {
                format!(" ({} to {})", print(i.low), print(i.high))
            });
            row.push(format!("{}{ends}", print(effect.mu_star)));
            row.push(print(effect.mu));
            row.push(print(effect.sigma));
            row.push(print(effect.by_noise));
        }
        Found::Nothing => row.extend([String::new(), String::new()]),
    }
    row.push(grade(own).to_owned());
    row
}

/// The headings of [`row`].
pub fn headings(told: &Told<'_>, study: &Study) -> Vec<String> {
    let unit = unit(&told.looked(study));
    let words: Vec<String> = match told.question.method {
        Method::Sobol => ["assumption", "in all, %", "alone, %"]
            .map(str::to_owned)
            .to_vec(),
        Method::Morris => vec![
            "assumption".to_owned(),
            format!("size of effect, {unit}"),
            "effect".to_owned(),
            "depends on others".to_owned(),
            "by luck".to_owned(),
        ],
    };
    words.into_iter().chain(["grade".to_owned()]).collect()
}

/// How the tables are to be read.
pub fn reading(told: &Told<'_>) -> String {
    match told.question.method {
        Method::Sobol => format!(
            "In all: the part of the spread that an assumption has a hand in, alone or with others (total index of Sobol). \
             Alone: what it does by itself (first-order index). In brackets the 95 % interval. The spread is that of the \
             expected outcome over {} points; luck is measured by {} at each point and taken off.",
            number::count(told.points.len() as u64),
            plural(told.question.replications, "replication")
        ),
        Method::Morris => format!(
            "Size of effect: by how much the outcome moves when an assumption goes through its whole range, on average over \
             where the others stand (mu* of Morris; in brackets the 95 % interval). Effect: the same with its sign. Depends on \
             others: how much the effect differs with where the others stand. By luck: what an assumption that does nothing \
             would seem to do. {} of {}.",
            plural(told.question.rows as u64, "trajectory").replace("trajectorys", "trajectories"),
            plural(told.count() as u64 + 1, "point")
        ),
    }
}
