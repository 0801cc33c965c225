//! What is asked: settings, requirements, and the chance of error that all decisions share.

use crate::experiment::guideline::pool::Rule;
use crate::experiment::guideline::search;
use crate::experiment::varied::varied;
use crate::scenario::document::Document;
use crate::scenario::problem::Problems;
use crate::scenario::requirement::Requirement;
use crate::scenario::target::Wrong;
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::setting::Setting;
use crate::scenario::vary::values::Varied;

/// Settings of one question at most.
pub const SETTINGS_MAX: usize = 10_000;
/// Replications for each setting, and for each value that a frontier looks along, if nothing is said.
pub const BUDGET_EACH: u64 = 2000;
/// Replications for each setting in each world, if nothing is said.
pub const BUDGET_WORLD: u64 = 200;
/// Share of worlds, if nothing is said.
pub const SHARE: f64 = 0.8;
/// Chance of error of all decisions together, if nothing is said.
pub const ERROR: f64 = 0.05;

/// A key and its values, from the least to the greatest.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// The key, as it is set.
    pub key: String,
    /// The key, as it was written.
    pub written: String,
    /// Its values.
    pub levels: Vec<Amount>,
    /// What is to be told of values that are simulated as others; nothing where all are as written.
    pub told: Option<String>,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Place of the policy among the scenario's.
    pub policy: usize,
    /// What must hold.
    pub requirements: Vec<Requirement>,
    /// One key, or two for a map.
    pub axes: Vec<Axis>,
    /// A key along which the edge is looked for at each value of the first.
    pub against: Option<Axis>,
    /// Plausible worlds in each of which every setting is decided besides; 0: none.
    pub worlds: usize,
    /// Share of worlds in which a setting is to meet the requirements.
    pub share: f64,
    /// Chance that any decision is wrong, at most.
    pub error: f64,
    /// Replications of all settings together.
    pub budget: u64,
    /// Seed of all chance.
    pub seed: u64,
    /// Threads; they change the time and nothing else.
    pub threads: usize,
}

impl Axis {
    /// Reads `KEY=VALUES` for one policy.
    ///
    /// A key of policies that names none, as `limit.value`, is that of the policy in question alone.
    ///
    /// # Errors
    /// What is wrong with key or values, and what to write.
    pub fn read(document: &Document, policy: usize, text: &str) -> Result<Axis, Wrong> {
        let varied = Varied::parse(text)?;
        let key = of_policy(document, policy, &varied.key)?;
        let own = Varied {
            key: key.clone(),
            values: varied.values.clone(),
        };
        let (own, told) = document.simulated(&own)?;
        let varied = Varied {
            key: varied.key,
            values: own.values,
        };
        let mut levels = varied.levels().map_err(|(what, remedy)| {
            let stepped = remedy.split(", or take").next().unwrap_or_default();
            (what, stepped.to_owned())
        })?;
        let number = |amount: &Amount| match amount {
            Amount::To(value) | Amount::Times(value) => *value,
            Amount::Time(_) => f64::NAN,
        };
        if levels.iter().any(|amount| number(amount).is_nan()) {
            let what = format!("the values of `{}` are times with a unit", varied.key);
            return Err((what, "write them in days, without the word".to_owned()));
        }
        levels.sort_by(|a, b| number(a).total_cmp(&number(b)));
        Ok(Axis {
            key,
            written: varied.key,
            levels,
            told,
        })
    }

    /// A value in words; nothing where there is none.
    pub fn level(&self, at: usize) -> String {
        self.levels.get(at).map_or(String::new(), Amount::to_string)
    }

    /// A value as a number; NaN where there is none.
    pub fn number(&self, at: usize) -> f64 {
        match self.levels.get(at) {
            Some(Amount::To(value) | Amount::Times(value)) => *value,
            _ => f64::NAN,
        }
    }

    fn setting(&self, at: usize) -> Option<Setting> {
        Some(Setting {
            key: self.key.clone(),
            amount: self.levels.get(at)?.clone(),
        })
    }
}

/// A key that means the policy in question alone.
fn of_policy(document: &Document, policy: usize, key: &str) -> Result<String, Wrong> {
    let names = &document.scenario().policies;
    let name = names.get(policy).map_or("", |p| p.name.as_str());
    let quote = if name.contains('"') { '\'' } else { '"' };
    let own = format!("policies.{quote}{name}{quote}.{}", key.trim());
    let lever = match document.lever(key) {
        Ok(lever) => lever,
        // What no policy says so far, such as the limit of a service without one.
        Err(wrong) => return document.lever(&own).map(|_| own).map_err(|_| wrong),
    };
    let policies = lever.policies();
    if policies.is_empty() || key.trim_start().starts_with("policies") {
        return Ok(key.to_owned());
    }
    if !policies.contains(&name) {
        let what = format!("policy {name:?} says no `{key}`");
        let mut others: Vec<String> = policies.iter().map(|n| format!("{n:?}")).collect();
        others.dedup();
        return Err((what, format!("take --policy {}", others.join(" or "))));
    }
    Ok(own)
}

/// The policy that a question is about: the one named, or the only one in which what is varied stands.
///
/// * `keys` - as written
///
/// # Errors
/// Where it must be named, and what there is.
pub fn only_policy(document: &Document, keys: &[&str]) -> Result<usize, Wrong> {
    let policies = &document.scenario().policies;
    let mut possible: Vec<usize> = (0..policies.len()).collect();
    for key in keys {
        let lever = match document.lever(key) {
            Ok(lever) => lever,
            Err(wrong) if possible.len() != 1 => return Err(wrong),
            // It may be one that the only policy does not say so far.
            Err(_) => continue,
        };
        let own = lever.policies();
        if !own.is_empty() {
            possible.retain(|at| own.contains(&policies[*at].name.as_str()));
        }
    }
    match possible.as_slice() {
        [one] => Ok(*one),
        several => {
            let names: Vec<String> = several
                .iter()
                .map(|at| format!("{:?}", policies[*at].name))
                .collect();
            let remedy = match names.is_empty() {
                true => "no policy says all that is varied; vary keys of one policy".to_owned(),
                false => format!("name it: --policy {}", names.join(" or --policy ")),
            };
            Err((
                "a guideline is that of one policy, and several would do".to_owned(),
                remedy,
            ))
        }
    }
}

impl Question {
    /// Settings of the grid.
    pub fn settings(&self) -> usize {
        let levels = self.axes.iter().map(|axis| axis.levels.len());
        levels.fold(1, usize::saturating_mul)
    }

    /// Values at which an edge is looked for.
    pub fn rows(&self) -> usize {
        match (&self.against, self.axes.first()) {
            (Some(_), Some(axis)) => axis.levels.len(),
            _ => 0,
        }
    }

    /// Values that are looked at along one edge at most.
    pub fn probes(&self) -> usize {
        self.against
            .as_ref()
            .map_or(0, |a| search::most(a.levels.len()))
    }

    /// Decisions that may be made: they share the error alike.
    pub fn decisions(&self) -> usize {
        let of_worlds = self.settings().saturating_mul(self.worlds);
        let of_edges = self.rows().saturating_mul(self.probes());
        let settings = self.settings() + of_edges + of_worlds;
        settings.saturating_mul(self.requirements.len()).max(1)
    }

    /// How each requirement is decided.
    pub fn rules(&self) -> Vec<Rule> {
        let each = self.error / self.decisions() as f64;
        let required = self.requirements.iter().map(|r| r.probability);
        required.map(|p| Rule::new(p, each)).collect()
    }

    /// What is set at a place of the grid; the last key changes fastest.
    pub fn at(&self, place: usize) -> Vec<usize> {
        let mut left = place;
        let mut levels: Vec<usize> = Vec::with_capacity(self.axes.len());
        for axis in self.axes.iter().rev() {
            let many = axis.levels.len().max(1);
            levels.push(left % many);
            left /= many;
        }
        levels.reverse();
        levels
    }

    /// What is set in the scenario at a place of the grid.
    pub fn grid_settings(&self, place: usize) -> Vec<Setting> {
        let levels = self.at(place);
        let pairs = self.axes.iter().zip(levels);
        pairs
            .filter_map(|(axis, level)| axis.setting(level))
            .collect()
    }

    /// What is set at one value of the first key and one of the key of the frontier.
    pub fn edge_settings(&self, row: usize, level: usize) -> Vec<Setting> {
        let first = self.axes.first().and_then(|axis| axis.setting(row));
        let against = self.against.as_ref().and_then(|axis| axis.setting(level));
        first.into_iter().chain(against).collect()
    }

    /// Builds the scenario of every setting of the grid, and of both ends of every edge, so that nothing wrong is met
    /// later but what stands between.
    ///
    /// # Errors
    /// The problems of the first setting that cannot be played.
    pub fn check(&self, document: &Document) -> Result<(), Problems> {
        let grid = (0..self.settings()).map(|place| self.grid_settings(place));
        let last = self.against.as_ref().map_or(0, |a| a.levels.len() - 1);
        let ends = (0..self.rows()).flat_map(|row| [0, last].map(|at| self.edge_settings(row, at)));
        let all = (self.rows() > 0).then_some(0..=last).into_iter().flatten();
        let levels = all.map(|level| self.edge_settings(0, level));
        for settings in grid.chain(ends).chain(levels) {
            varied(document, &settings)?;
        }
        Ok(())
    }
}
