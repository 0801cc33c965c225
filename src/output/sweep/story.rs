//! What the page of a sweep tells from.

use std::io;
use std::path::Path;

use crate::experiment::sweep::design::Design;
use crate::experiment::sweep::fold::Estimate;
use crate::experiment::sweep::plan::{Block, Checked, Sweep};
use crate::metric::catalogue::Metric;
use crate::model::calendar::Month;
use crate::output::page::error::PageError;
use crate::output::sweep::spec::Spec;
use crate::output::sweep::store::Store;
use crate::output::sweep::tables::estimates;
use crate::output::sweep::words::{MAIN, setting};
use crate::scenario::document::Document;
use crate::scenario::vary::amount::Amount;

/// Points of a page at most: more are no picture any more.
const POINTS_MAX: usize = 5_000;

/// A sweep, and what it comes to in the last month.
pub struct Story {
    /// As written down.
    pub spec: Spec,
    /// The scenario as it is.
    pub document: Document,
    /// What was played.
    pub sweep: Sweep,
    /// The metrics that the page shows.
    pub metrics: Vec<Metric>,
    /// (points x policies x metrics,) the last month.
    pub numbers: Vec<Vec<Vec<Estimate>>>,
}

impl Story {
    /// Reads a whole sweep.
    ///
    /// # Errors
    /// What keeps the folder from being one, in words; those of the disk.
    pub fn open(folder: &Path) -> Result<Story, PageError> {
        let wrong = PageError::Sweep;
        let spec = Spec::read_whole(folder).map_err(wrong)?;
        let ours = env!("CARGO_PKG_VERSION");
        if spec.casecap != ours {
            return Err(wrong(format!(
                "{} was played by casecap {}, and this is {ours}\n  use that version, or play it again",
                folder.display(),
                spec.casecap
            )));
        }
        let document = spec.document().map_err(|e| wrong(e.to_string()))?;
        let sweep = spec.sweep(&document).map_err(wrong)?;
        let count = sweep.design.points.len();
        if count > POINTS_MAX {
            return Err(wrong(format!(
                "a page shows at most {POINTS_MAX} points, and this sweep has {count}\n  sweep.csv has them all"
            )));
        }
        let checked = sweep
            .check(&document)
            .map_err(|_| wrong("its points cannot be played".to_owned()))?;
        if spec.shard.is_some_and(|(_, n)| n > 1) {
            return Err(wrong(format!(
                "{} holds one share of a sweep\n  join all shares with casecap merge",
                folder.display()
            )));
        }
        let mut metrics: Vec<Metric> = MAIN
            .into_iter()
            .filter(|metric| sweep.metrics.contains(metric))
            .collect();
        if metrics.is_empty() {
            metrics = sweep.metrics.iter().copied().take(MAIN.len()).collect();
        }
        let mut store = Store::read(folder).map_err(|e| wrong(e.to_string()))?;
        let whole = (&document, &sweep, &checked);
        let numbers = read(&mut store, whole, &spec, &metrics).map_err(|e| {
            wrong(format!(
                "{} is no whole sweep: {e}\n  casecap status tells how to go on with it",
                folder.display()
            ))
        })?;
        Ok(Story {
            spec,
            document,
            sweep,
            metrics,
            numbers,
        })
    }

    /// The months that are told of.
    pub fn months(&self) -> &[Month] {
        self.document.scenario().calendar.reported()
    }

    /// A month, as `March 2028`.
    pub fn month(&self, month: Option<&Month>) -> String {
        month.map_or_else(String::new, |m| m.last_day.strftime("%B %Y").to_string())
    }

    /// What a policy comes to at a point.
    pub fn number(&self, point: usize, policy: usize, metric: usize) -> Option<&Estimate> {
        let found = self.numbers.get(point)?.get(policy)?.get(metric)?;
        found.mean.is_finite().then_some(found)
    }

    /// What is set at a point, in words: `limit.value 16, teams 3`.
    pub fn point(&self, point: usize) -> String {
        let amounts = self.sweep.design.points.get(point);
        let amounts = amounts.map(Vec::as_slice).unwrap_or_default();
        let pairs = self.sweep.design.keys.iter().zip(amounts);
        let words: Vec<String> = pairs
            .filter(|(_, amount)| amount.is_some())
            .map(|(key, amount)| format!("{key} {}", setting(amount.as_ref())))
            .collect();
        match words.is_empty() {
            true => "everything as it is".to_owned(),
            false => words.join(", "),
        }
    }
}

fn read(
    store: &mut Store,
    (document, sweep, checked): (&Document, &Sweep, &Checked),
    spec: &Spec,
    metrics: &[Metric],
) -> io::Result<Vec<Vec<Vec<Estimate>>>> {
    let months = document.scenario().calendar.reported().len();
    let width = sweep.metrics.len();
    let first = months.saturating_sub(1) * width;
    let places: Vec<usize> = metrics
        .iter()
        .filter_map(|metric| sweep.metrics.iter().position(|own| own == metric))
        .map(|at| first + at)
        .collect();
    let of = |store: &mut Store, blocks: &[Block]| -> io::Result<Vec<Estimate>> {
        let all = estimates(store, blocks)?;
        Ok(places
            .iter()
            .filter_map(|at| all.get(*at).copied())
            .collect())
    };
    (0..sweep.design.points.len())
        .map(|point| {
            (0..spec.policies.len())
                .map(|policy| of(store, &sweep.blocks_of(checked, point, policy)))
                .collect()
        })
        .collect()
}

/// The number that stands on an axis for what is set; nothing where it is as it is.
pub fn place(amount: Option<&Amount>) -> Option<f64> {
    match amount? {
        Amount::To(value) | Amount::Times(value) => Some(*value),
        Amount::Time(text) => text.split_whitespace().next()?.parse().ok(),
    }
}

/// The different settings of a key in the order of their places.
///
/// * returns - the setting as told, and its place on an axis
pub fn levels(design: &Design, key: usize) -> Vec<(String, f64)> {
    let mut levels: Vec<(String, f64)> = Vec::new();
    for point in &design.points {
        let amount = point.get(key).and_then(Option::as_ref);
        if let Some(at) = place(amount) {
            let told = setting(amount);
            if levels.iter().all(|(name, _)| *name != told) {
                levels.push((told, at));
            }
        }
    }
    levels.sort_by(|a, b| a.1.total_cmp(&b.1));
    levels
}
