//! What is told, and the small words of it.

use crate::experiment::guideline::answer::{Answer, Row};
use crate::experiment::guideline::plausible::Plausible;
use crate::experiment::guideline::pool::{Rule, Setting, Standing, Tally};
use crate::experiment::guideline::question::{Axis, Question};
use crate::experiment::guideline::search::Edge;
use crate::output::number;
use crate::scenario::document::Document;
use crate::statistics::interval::Interval;

/// A question with its answer.
pub struct Told<'a> {
    /// The scenario as it is.
    pub document: &'a Document,
    /// What was asked.
    pub question: &'a Question,
    /// What came of it.
    pub answer: &'a Answer,
    /// What the worlds draw; nothing without worlds.
    pub plausible: Option<&'a Plausible>,
    /// (requirements,) how each was decided.
    pub rules: Vec<Rule>,
}

impl Told<'_> {
    /// The key that is varied first.
    pub fn axis(&self) -> &Axis {
        &self.question.axes[0]
    }

    /// True where two keys are varied.
    pub fn is_map(&self) -> bool {
        self.question.axes.len() > 1
    }

    /// Name of the policy.
    pub fn policy(&self) -> &str {
        let policies = &self.document.scenario().policies;
        policies
            .get(self.question.policy)
            .map_or("", |policy| policy.name.as_str())
    }

    /// The policy, and that it is not as written where what is varied is a key of it: `policy "no limit", as written but
    /// for limit.value`.
    pub fn under(&self) -> String {
        let name = self.policy();
        let prefixes = ['"', '\''].map(|quote| format!("policies.{quote}{name}{quote}."));
        let axes = self.question.axes.iter().chain(&self.question.against);
        let own: Vec<String> = axes
            .filter_map(|axis| {
                let own = prefixes.iter().find_map(|p| axis.key.strip_prefix(p));
                let is_of_it = self
                    .document
                    .lever(&axis.key)
                    .is_ok_and(|lever| lever.policies().contains(&name));
                is_of_it.then(|| own.unwrap_or(&axis.written).to_owned())
            })
            .collect();
        match own.is_empty() {
            true => format!("policy \"{name}\""),
            false => format!("policy \"{name}\", as written but for {}", listed(&own)),
        }
    }

    /// A number of worlds in words, as [`Answer::numbers`] has it: `17`, `17 to 19`, `16 or less`, `none`.
    pub fn number(&self, number: [i64; 2]) -> String {
        let axis = self.axis();
        let (none, seeks_least) = (self.answer.none(), self.answer.seeks_least());
        let last = axis.levels.len() as i64 - 1;
        let level = |at: i64| usize::try_from(at).map_or(String::new(), |at| axis.level(at));
        match number {
            [from, to] if from == to && from == none => "none".to_owned(),
            [0, 0] if seeks_least => format!("{} or less", level(0)),
            [from, to] if from == to && from == last && !seeks_least => {
                format!("{} or more", level(last))
            }
            [from, to] if from == to => level(from),
            [from, to] if to == none && from == last => format!("{} or none", level(last)),
            [from, to] if from == none && to == 0 => format!("{} or none", level(0)),
            [from, to] if to == none => format!("{} to {} or none", level(from), level(last)),
            [from, to] if from == none => format!("{} to {} or none", level(0), level(to)),
            [from, to] => format!("{} to {}", level(from), level(to)),
        }
    }

    /// The interval of the probability of a requirement at a setting.
    pub fn interval(&self, requirement: usize, tally: &Tally) -> Interval {
        self.rules[requirement].interval(tally.counts)
    }

    /// A probability with its interval: `93 % (90 to 96)`; nothing where it was not looked at.
    pub fn chance(&self, requirement: usize, tally: &Tally) -> Option<String> {
        let share = tally.counts.share()?;
        let interval = self.interval(requirement, tally);
        let bound = self.rules[requirement].bound * 100.0;
        let print = |p: f64, places: usize| format!("{:.places$}", p * 100.0);
        // An end that does not reach what is required is not printed as if it did.
        let touches = |places: &usize| {
            let ends = [interval.low, interval.high];
            tally.holds.is_some()
                && ends
                    .map(|end| print(end, *places))
                    .contains(&format!("{bound:.places$}", places = *places))
        };
        let fewest = usize::from(interval.high - interval.low < 0.03);
        let places = (fewest..=fewest + 3)
            .find(|p| !touches(p))
            .unwrap_or(fewest);
        let [low, high] = [interval.low, interval.high].map(|p| print(p, places));
        Some(format!("{} % ({low} to {high})", print(share, fewest)))
    }

    /// Requirements that a setting fails, counted from 1.
    pub fn failed(&self, setting: &Setting) -> Vec<usize> {
        (1..)
            .zip(&setting.tallies)
            .filter(|(_, tally)| tally.holds == Some(false))
            .map(|(at, _)| at)
            .collect()
    }

    /// The verdict of a setting in words: `meets all`, `fails (1)`, `undecided within ±3 points`.
    pub fn verdict(&self, setting: &Setting) -> String {
        match setting.standing() {
            Standing::Meets if setting.tallies.len() == 1 => "meets it".to_owned(),
            Standing::Meets => "meets all".to_owned(),
            Standing::Fails if setting.tallies.len() == 1 => "fails".to_owned(),
            Standing::Fails => {
                let failed = self.failed(setting).into_iter();
                let names: Vec<String> = failed.map(|at| format!("({at})")).collect();
                format!("fails {}", names.join(" "))
            }
            Standing::Open => match self.within(setting) {
                Some(points) => format!("undecided within ±{points} points"),
                None => "not looked at".to_owned(),
            },
        }
    }

    /// Half the width of the widest interval that is undecided [percentage points], in words.
    pub fn within(&self, setting: &Setting) -> Option<String> {
        let open = setting.tallies.iter().enumerate();
        let widths = open
            .filter(|(_, tally)| tally.holds.is_none() && tally.counts.n > 0)
            .map(|(at, tally)| {
                let interval = self.interval(at, tally);
                (interval.high - interval.low) / 2.0 * 100.0
            });
        let widest = widths.fold(f64::NAN, f64::max);
        let places = usize::from(widest < 1.95);
        widest.is_finite().then(|| format!("{widest:.places$}"))
    }

    /// Places of the grid that stand so.
    pub fn places(&self, standing: Standing) -> Vec<usize> {
        let grid = self.answer.grid.iter().enumerate();
        grid.filter(|(_, setting)| setting.standing() == standing)
            .map(|(at, _)| at)
            .collect()
    }

    /// True where the key of the frontier counts posts.
    pub fn counts_posts(&self) -> bool {
        let lever = |axis: &Axis| self.document.lever(&axis.key).ok();
        let against = self.question.against.as_ref().and_then(lever);
        against.is_some_and(|lever| lever.counts_posts())
    }

    /// Whether the requirements hold from some value of the key of the frontier on (the fewest are sought) or up to
    /// some value (the most are); nothing where no edge says so, or edges say both.
    pub fn seeks_fewest(&self) -> Option<bool> {
        let directions = self.answer.rows.iter().filter_map(|row| match row.edge {
            Edge::Between { holds, fails } => Some(holds > fails),
            _ => None,
        });
        let mut all: Vec<bool> = directions.collect();
        all.dedup();
        match all.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// Values of a key, next to each other as ranges: `8 to 15, 17 and 20`.
pub fn values(axis: &Axis, places: &[usize]) -> String {
    let mut parts: Vec<(usize, usize)> = Vec::new();
    for place in places {
        match parts.last_mut() {
            Some((_, to)) if *to + 1 == *place => *to = *place,
            _ => parts.push((*place, *place)),
        }
    }
    let words: Vec<String> = parts
        .into_iter()
        .flat_map(|(from, to)| match to - from {
            0 => vec![axis.level(from)],
            1 => vec![axis.level(from), axis.level(to)],
            _ => vec![format!("{} to {}", axis.level(from), axis.level(to))],
        })
        .collect();
    listed(&words)
}

/// `a, b and c`
pub fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Money in words: `1.9 million`, `180,000`.
pub fn money(amount: f64) -> String {
    let size = amount.abs();
    match size {
        size if size >= 999_500.0 => format!("{:.1} million", size / 1e6),
        size => number::count((libm::round(size / 100.0) * 100.0) as u64),
    }
}

/// What the edge of a row needs beside today, in words; nothing where it has no price or needs as much as today.
pub fn needs(row: &Row) -> Option<String> {
    let price = row.price.filter(|price| price.posts != 0)?;
    let (posts, more) = (price.posts.unsigned_abs(), price.posts > 0);
    let what = match (posts, more) {
        (1, true) => "1 post more than today".to_owned(),
        (1, false) => "1 post fewer than today".to_owned(),
        (many, true) => format!("{} posts more than today", number::count(many)),
        (many, false) => format!("{} posts fewer than today", number::count(many)),
    };
    let what = match price.a_year {
        Some(a_year) => format!("{what}, {} a year", money(a_year)),
        None => what,
    };
    // Where values between are undecided, fewer may do.
    let is_near = !matches!(row.edge, Edge::Between { holds, fails } if holds.abs_diff(fails) > 1);
    Some(match is_near {
        true => what,
        false => format!("at most {what}"),
    })
}

/// A share in per cent without needless zeros.
pub fn percent(share: f64) -> String {
    let text = format!("{:.4}", share * 100.0);
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text} %")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::guideline::price::Price;
    use crate::scenario::vary::amount::Amount;

    #[test]
    fn neighbours_are_told_as_ranges() {
        let axis = Axis {
            key: "a".to_owned(),
            written: "a".to_owned(),
            levels: (8..31).map(|v| Amount::To(f64::from(v))).collect(),
            told: None,
        };
        assert_eq!(values(&axis, &[0, 1, 2, 4, 6, 7]), "8 to 10, 12, 14 and 15");
        assert_eq!(values(&axis, &[0]), "8");
        assert_eq!(values(&axis, &[]), "");
    }

    #[test]
    fn posts_are_told_with_their_price_where_it_is_known() {
        let row = |posts, a_year| Row {
            probes: Vec::new(),
            edge: Edge::Unknown,
            contradictions: Vec::new(),
            price: Some(Price { posts, a_year }),
        };
        let told = needs(&row(31, Some(1_900_000.0))).unwrap();
        assert_eq!(told, "31 posts more than today, 1.9 million a year");
        assert_eq!(needs(&row(-1, None)).unwrap(), "1 post fewer than today");
        assert_eq!(needs(&row(0, Some(0.0))), None);
        assert_eq!(money(180_040.0), "180,000");
        assert_eq!(money(999_800.0), "1.0 million");
    }
}
