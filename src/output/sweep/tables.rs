//! The results of a sweep in its folder, made from its blocks alone.

use std::io::{self, BufWriter};
use std::path::Path;

use serde::Serialize;

use crate::experiment::sweep::fold::{Estimate, Fold};
use crate::experiment::sweep::plan::{Block, Checked, Sweep};
use crate::output::csv::sweep::{Rows, points};
use crate::output::folder::REPORT;
use crate::output::kept::problem::SWEEP as SWEEP_KIND;
use crate::output::manifest::{MANIFEST, Platform, Written};
use crate::output::seal::sealed;
use crate::output::store::error::StoreError;
use crate::output::store::hashed::Hashed;
use crate::output::store::place::{Place, Published};
use crate::output::sweep::coding::decode;
use crate::output::sweep::spec::{NEXT, SPEC, Spec};
use crate::output::sweep::store::{BLOCKS, Store};
use crate::scenario::document::Document;
use crate::scenario::vary::amount::Amount;

/// One row for each point, policy, month and metric.
pub const SWEEP: &str = "sweep.csv";
/// The same over the whole horizon.
pub const HORIZON: &str = "sweep_summary.csv";
/// What is set at each point.
pub const POINTS: &str = "points.csv";

/// Everything that a sweep may write, in the order in which it is taken away where another takes its place.
pub const OURS: [&str; 8] = [REPORT, SWEEP, HORIZON, POINTS, MANIFEST, BLOCKS, SPEC, NEXT];

/// What a sweep was, and what it wrote.
#[derive(Serialize)]
struct Manifest<'a> {
    casecap: &'a str,
    kind: &'a str,
    scenario: &'a str,
    command: &'a str,
    seed: u64,
    generator: &'a str,
    replications: u64,
    points: usize,
    policies: &'a [String],
    keys: &'a [String],
    /// The sweep as it can be played again, with the text of the scenario.
    sweep: &'a str,
    platform: Platform,
    files: Vec<Written>,
}

/// Length of the tables of a sweep, about: what stands in every row is counted, and numbers have a common length [bytes].
pub fn expected_bytes(document: &Document, sweep: &Sweep) -> f64 {
    /// Mean, error, least, greatest and number, with the commas behind them and the line break.
    const NUMBERS: f64 = 42.0;
    /// `2026-04-30,`
    const MONTH_END: f64 = 11.0;
    let scenario = document.scenario();
    let definitions = sweep.metrics.iter().map(|metric| metric.definition());
    let names = definitions.map(|d| (d.key.len() + d.unit.len() + 2) as f64);
    let (metrics, names) = (sweep.metrics.len() as f64, names.sum::<f64>());
    let policies = sweep.policies.iter();
    let policies = policies.map(|at| scenario.policies[*at].name.len() as f64 + 1.0);
    let policies: Vec<f64> = policies.collect();
    let months = scenario.calendar.reported().len() as f64;
    let points = (1..).zip(&sweep.design.points);
    let of_point = |(number, point): (usize, &Vec<Option<Amount>>)| {
        let length = |amount: &Option<Amount>| amount.as_ref().map_or(0, |a| a.to_string().len());
        let cells = point.iter().map(|amount| length(amount) + 1);
        let own = (number.to_string().len() + 1 + cells.sum::<usize>()) as f64;
        let row = |policy: &f64| metrics * (own + policy + NUMBERS) + names;
        let rows = policies.iter().map(row).sum::<f64>();
        rows * (months + 1.0) + metrics * policies.len() as f64 * months * MONTH_END + own
    };
    points.map(of_point).sum()
}

/// What the terminal shows of one policy at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// Place among the points.
    pub point: usize,
    /// Place among the policies of the sweep.
    pub policy: usize,
    /// (metrics,) in the last month, in the order of the sweep's metrics.
    pub last_month: Vec<Estimate>,
}

/// What is played, with all that its tables need.
pub struct Whole<'a> {
    /// The scenario as it is.
    pub document: &'a Document,
    /// The sweep.
    pub sweep: &'a Sweep,
    /// The identities of its points.
    pub checked: &'a Checked,
    /// As written down.
    pub spec: &'a Spec,
}

/// Writes the tables, the blocks in the order of the design, and the manifest, all at once.
///
/// The memory is that of one policy at one point, and of what is shown.
///
/// * `most` - points that are shown at most
/// * returns - where they are, names of the files, and what the terminal shows
///
/// # Errors
/// [`StoreError`]: those of the disk; a block that is not there any more. The folder then holds what it held before, but
/// for [`StoreError::Unfinished`].
pub fn write(
    folder: &Path,
    store: &mut Store,
    whole: &Whole<'_>,
    most: usize,
) -> Result<(Published, Vec<String>, Vec<Shown>), StoreError> {
    let place = Place::open(folder)?;
    let failed = |error| StoreError::Write(folder.to_owned(), error);
    let (names, shown) = put(&place, store, whole, most).map_err(failed)?;
    let published = place.publish(|name| name == NEXT)?;
    Ok((published, names, shown))
}

fn put(
    place: &Place,
    store: &mut Store,
    whole: &Whole<'_>,
    most: usize,
) -> io::Result<(Vec<String>, Vec<Shown>)> {
    let sweep = whole.sweep;
    let months = whole.document.scenario().calendar.reported();
    let width = sweep.metrics.len();
    let mut shown = Vec::new();
    let mut list = BufWriter::new(place.create(POINTS)?);
    points(&mut list, &sweep.design)?;
    let rows = |out, months| Rows::new(out, &sweep.design, &sweep.metrics, months);
    let mut by_month = rows(BufWriter::new(place.create(SWEEP)?), Some(months))?;
    let mut over_all = rows(BufWriter::new(place.create(HORIZON)?), None)?;
    for point in 0..sweep.design.points.len() {
        for (policy, name) in whole.spec.policies.iter().enumerate() {
            let blocks = sweep.blocks_of(whole.checked, point, policy);
            let estimates = estimates(store, &blocks)?;
            let table = months.len() * width;
            by_month.write(point, name, estimates.get(..table).unwrap_or_default())?;
            over_all.write(point, name, estimates.get(table..).unwrap_or_default())?;
            if point < most {
                shown.push(Shown {
                    point,
                    policy,
                    last_month: estimates
                        .get(table - width..table)
                        .map(<[Estimate]>::to_vec)
                        .unwrap_or_default(),
                });
            }
        }
    }
    let mut files = Vec::new();
    for file in [by_month.finish()?, over_all.finish()?, list] {
        files.push(file.into_inner().map_err(io::IntoInnerError::into_error)?);
    }
    let files: io::Result<Vec<Written>> = files.into_iter().map(Hashed::finish).collect();
    let mut files = files?;
    let names: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
    // The same bytes, in whatever order the blocks were simulated.
    let mut blocks = BufWriter::new(place.create(BLOCKS)?);
    let wanted = sweep.blocks(whole.checked);
    store.copy(wanted.iter().map(|block| block.hash), &mut blocks)?;
    let blocks = blocks
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?;
    files.push(blocks.finish()?);
    files.push(place.write(SPEC, &whole.spec.text()?)?);
    let manifest = Manifest {
        casecap: &whole.spec.casecap,
        kind: SWEEP_KIND,
        scenario: &whole.spec.scenario,
        command: &whole.spec.command,
        seed: sweep.seed,
        generator: &whole.spec.generator,
        replications: sweep.replications,
        points: sweep.design.points.len(),
        policies: &whole.spec.policies,
        keys: &sweep.design.keys,
        sweep: SPEC,
        platform: Platform::here(),
        files,
    };
    place.write(MANIFEST, &sealed(&manifest)?)?;
    Ok((names, shown))
}

/// What one policy comes to at one point.
///
/// # Errors
/// Those of the disk; a block that is not there or is damaged.
pub(super) fn estimates(store: &mut Store, blocks: &[Block]) -> io::Result<Vec<Estimate>> {
    let mut fold = Fold::default();
    for block in blocks {
        let bytes = store.get(&block.hash)?;
        let cells = bytes.as_deref().and_then(decode).ok_or_else(|| {
            let name = crate::experiment::sweep::plan::short(&block.hash);
            io::Error::other(format!(
                "block {name} is damaged; play it again with --resume"
            ))
        })?;
        fold.take(&cells);
    }
    Ok(fold.estimates())
}
