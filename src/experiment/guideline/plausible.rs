//! What is drawn in plausible worlds: the numbers that are laws, and those that have a range beside them.

use crate::experiment::guideline::question::Question;
use crate::experiment::varied::varied;
use crate::scenario::document::Document;
use crate::scenario::evidence::{Evidence, nearest};
use crate::scenario::key::{Kind, Measure};
use crate::scenario::problem::Problems;
use crate::scenario::vary::range::Left;

/// A number that worlds draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Number {
    /// Key path.
    pub key: String,
    /// True where the file has a law for it; false: a range, taken as uniform.
    pub is_law: bool,
    /// True where it is a time, in days.
    pub is_days: bool,
    /// What is known of it.
    pub evidence: Option<Evidence>,
}

/// A scenario whose worlds draw all that is not known.
#[derive(Clone, Debug)]
pub struct Plausible {
    /// The scenario, with ranges as laws.
    pub document: Document,
    /// The numbers drawn that may reach the policy in question, in the order of reading.
    pub numbers: Vec<Number>,
    /// Ranges that are not taken.
    pub left: Vec<Left>,
}

impl Plausible {
    /// What is not known of a scenario, for a question. A range beside a number that the question varies is not taken, nor
    /// one of a policy that is not played.
    ///
    /// # Errors
    /// What does not fit together, such as a range that reaches beyond what its key allows.
    pub fn new(document: &Document, question: &Question) -> Result<Plausible, Problems> {
        let axes = question.axes.iter().chain(&question.against);
        let levers = axes.filter_map(|axis| document.lever(&axis.key).ok());
        let own: Vec<String> = levers
            .flat_map(|lever| lever.places)
            .map(|place| place.path)
            .collect();
        let mut fixed = Vec::new();
        let mut left = Vec::new();
        for evidence in document.evidence().iter().filter(|e| e.range.is_some()) {
            let key = evidence.key.as_str();
            let why = if own.iter().any(|o| is_part(o, key) || is_part(key, o)) {
                "it is varied itself"
            } else if !is_played(document, question.policy, key) {
                "it is that of a policy that is not played"
            } else {
                continue;
            };
            fixed.push(key);
            left.push(Left {
                key: key.to_owned(),
                why,
            });
        }
        let (plausible, others) = document.plausible_but(&fixed)?;
        // A law is the better word where there are both.
        left.extend(
            others
                .into_iter()
                .filter(|one| !has_law(document, &one.key)),
        );
        // What is varied to a number of its own is no law any more.
        let set = varied(&plausible, &question.grid_settings(0))?;
        let drawn = set.unknowns().iter().map(|unknown| unknown.path.as_str());
        let numbers = drawn
            .filter(|path| is_played(document, question.policy, path))
            .map(|path| Number {
                key: path.to_owned(),
                is_law: has_law(document, path),
                is_days: is_days(&plausible, path),
                evidence: nearest(document.evidence(), path).cloned(),
            })
            .collect();
        Ok(Plausible {
            document: plausible,
            numbers,
            left,
        })
    }

    /// The numbers of a world, as in [`Plausible::numbers`]; NaN where one is not drawn.
    ///
    /// # Errors
    /// What does not fit together in it.
    pub fn draws(&self, seed: u64, world: u64) -> Result<Vec<f64>, Problems> {
        let (_, drawn) = self.document.world_and_numbers(seed, world)?;
        let value = |number: &Number| {
            let own = drawn.iter().find(|unknown| unknown.path == number.key);
            own.map_or(f64::NAN, |unknown| unknown.value)
        };
        Ok(self.numbers.iter().map(value).collect())
    }

    /// How many are drawn by a law, and how many over a range.
    pub fn counts(&self) -> [usize; 2] {
        let laws = self.numbers.iter().filter(|n| n.is_law).count();
        [laws, self.numbers.len() - laws]
    }
}

/// Whether a key is another, or a part of it.
fn is_part(key: &str, of: &str) -> bool {
    key.strip_prefix(of)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Whether a number is of the service, of the policy in question, or of the one that is played before.
fn is_played(document: &Document, policy: usize, key: &str) -> bool {
    let scenario = document.scenario();
    let before = (scenario.calendar.warm_up_months > 0).then_some(0);
    let played = [Some(policy), before].into_iter().flatten();
    let names: Vec<&str> = played
        .filter_map(|at| scenario.policies.get(at))
        .map(|policy| policy.name.as_str())
        .collect();
    match document.lever(key) {
        Ok(lever) => {
            let own = lever.policies();
            own.is_empty() || own.iter().any(|name| names.contains(name))
        }
        Err(_) => true,
    }
}

fn has_law(document: &Document, key: &str) -> bool {
    document.unknowns().iter().any(|u| u.path == key)
}

fn is_days(document: &Document, key: &str) -> bool {
    fn is(kind: &Kind) -> bool {
        match kind {
            Kind::Duration(_) | Kind::Law(Measure::Days) => true,
            Kind::Either(one, _) => is(one),
            _ => false,
        }
    }
    let lever = document.lever(key);
    lever.is_ok_and(|lever| lever.places.iter().all(|place| is(place.kind)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::guideline::question::Axis;
    use crate::scenario::starter::starter;

    fn question(document: &Document, policy: usize, vary: &str) -> Question {
        Question {
            policy,
            requirements: Vec::new(),
            axes: vec![Axis::read(document, policy, vary).unwrap()],
            against: None,
            worlds: 4,
            share: 0.8,
            error: 0.05,
            budget: 0,
            seed: 1,
            threads: 1,
        }
    }

    fn ranged() -> Document {
        let line = |key: &str| {
            let mut lines = starter().lines();
            lines.find(|l| l.trim_start().starts_with(key)).unwrap()
        };
        let referrals =
            "families_per_month = { value = 8, range = [7, 10], grade = \"D\", source = \"none\" }";
        let text = starter().replacen(line("families_per_month"), referrals, 1)
            + "\n[policies.lenient]\n\
               limit = { value = 16, patience = { law = \"exponential\", mean = \"20 days\", range = [\"10 days\", \"30 days\"] } }\n";
        Document::parse("mine", &text).unwrap()
    }

    #[test]
    fn a_range_is_drawn_unless_it_is_varied_or_of_a_policy_that_is_not_played() {
        let document = ranged();
        let last = document.scenario().policies.len() - 1;
        let keys =
            |p: &Plausible| -> Vec<String> { p.numbers.iter().map(|n| n.key.clone()).collect() };
        let all = Plausible::new(&document, &question(&document, last, "limit.value=8:9")).unwrap();
        assert!(keys(&all).contains(&"referrals.families_per_month".to_owned()));
        assert_eq!(all.numbers.len(), 2, "{:?}", all.numbers);
        assert_eq!(all.counts(), [0, 2]);
        let patience = all
            .numbers
            .iter()
            .find(|n| n.key.contains("patience"))
            .unwrap();
        assert!(patience.is_days && !patience.is_law);
        let draws = all.draws(1, 3).unwrap();
        assert_eq!(draws, all.draws(1, 3).unwrap());
        assert!(draws.iter().any(|v| (7.0..=10.0).contains(v)), "{draws:?}");
        // Another policy.
        let other = Plausible::new(
            &document,
            &question(&document, last - 1, "posts.worker.count=8,9"),
        )
        .unwrap();
        assert_eq!(keys(&other), ["referrals.families_per_month"]);
        assert!(
            other.left.iter().any(|l| l.why.contains("not played")),
            "{:?}",
            other.left
        );
        // The number itself, set and as a factor.
        for vary in [
            "referrals.families_per_month=7:9",
            "referrals.families_per_month=x0.8,x1",
        ] {
            let own = Plausible::new(&document, &question(&document, last, vary)).unwrap();
            assert_eq!(own.numbers.len(), 1, "{:?}", own.numbers);
            assert!(own.left.iter().any(|l| l.why == "it is varied itself"));
            assert_eq!(own.document.unknowns().len(), 1);
        }
    }
}
