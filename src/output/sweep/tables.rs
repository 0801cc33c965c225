//! The results of a sweep in its folder, made from its blocks alone.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use crate::experiment::sweep::fold::{Estimate, Fold};
use crate::experiment::sweep::plan::{Block, Checked, Sweep};
use crate::output::csv::sweep::{Rows, points};
use crate::output::folder::REPORT;
use crate::output::hashed::hexadecimal;
use crate::output::manifest::{MANIFEST, Platform, Written};
use crate::output::sweep::coding::decode;
use crate::output::sweep::private::open_to_all;
use crate::output::sweep::spec::{SPEC, Spec};
use crate::output::sweep::store::Store;
use crate::scenario::document::Document;

/// One row for each point, policy, month and metric.
pub const SWEEP: &str = "sweep.csv";
/// The same over the whole horizon.
pub const HORIZON: &str = "sweep_summary.csv";
/// What is set at each point.
pub const POINTS: &str = "points.csv";

/// Everything that a sweep may write, in the order in which it is taken away where another takes its place.
pub const OURS: [&str; 7] = [
    REPORT,
    SWEEP,
    HORIZON,
    POINTS,
    MANIFEST,
    crate::output::sweep::store::BLOCKS,
    SPEC,
];

/// What a sweep was, and what it wrote.
#[derive(Serialize)]
struct Manifest<'a> {
    casecap: &'a str,
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

/// Writes the tables and the manifest; each appears whole or not at all, the manifest last.
///
/// The memory is that of one policy at one point, and of what is shown.
///
/// * `most` - points that are shown at most
/// * returns - names of the files, and what the terminal shows
///
/// # Errors
/// Those of the disk; a block that is not there any more.
pub fn write(
    folder: &Path,
    store: &mut Store,
    whole: &Whole<'_>,
    most: usize,
) -> io::Result<(Vec<String>, Vec<Shown>)> {
    let sweep = whole.sweep;
    let months = whole.document.scenario().calendar.reported();
    let width = sweep.metrics.len();
    let mut shown = Vec::new();
    let list = sheet(folder)?;
    points(BufWriter::new(list.as_file()), &sweep.design)?;
    let (monthly, horizon) = (sheet(folder)?, sheet(folder)?);
    let rows = |out, months| Rows::new(out, &sweep.design, &sweep.metrics, months);
    let mut by_month = rows(BufWriter::new(monthly.as_file()), Some(months))?;
    let mut over_all = rows(BufWriter::new(horizon.as_file()), None)?;
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
    by_month.finish()?.flush()?;
    over_all.finish()?.flush()?;
    let mut files = Vec::new();
    for (name, file) in [(SWEEP, monthly), (HORIZON, horizon), (POINTS, list)] {
        files.push(publish(folder, name, file)?);
    }
    let names: Vec<String> = files.iter().map(|f| f.name.clone()).collect();
    let manifest = Manifest {
        casecap: &whole.spec.casecap,
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
    let mut file = sheet(folder)?;
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    file.write_all(text.as_bytes())?;
    publish(folder, MANIFEST, file)?;
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

fn sheet(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".unfinished-")
        .tempfile_in(folder)
}

fn publish(folder: &Path, name: &str, file: NamedTempFile) -> io::Result<Written> {
    file.as_file().sync_all()?;
    let path = folder.join(name);
    file.persist(&path).map_err(|e| e.error)?;
    open_to_all(&path);
    let mut hash = Sha256::new();
    let mut bytes = 0;
    let mut file = File::open(&path)?;
    let mut window = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut window)?;
        if read == 0 {
            break;
        }
        hash.update(&window[..read]);
        bytes += read as u64;
    }
    Ok(Written {
        name: name.to_owned(),
        sha256: hexadecimal(&hash.finalize()),
        bytes,
    })
}
