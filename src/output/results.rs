//! The results of one run on the disk, from the look before it to the files after it.

use std::io::{self, Write};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread::Builder;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::Offset;

use crate::experiment::plan::{Plan, layout};
use crate::experiment::run::Played;
use crate::experiment::summary::Summary;
use crate::output::csv::{self, Names, Replications, difference};
use crate::output::explain::Explanation;
use crate::output::folder::{
    DIFFERENCES, DISTRIBUTION, EXPLANATION, Folder, FolderError, MONTHLY, PRECISION, REPLICATIONS,
    SPREAD, SUMMARY, TARGETS,
};
use crate::output::manifest::{self, Evidence, Manifest, Platform, Run, Source, Written};
use crate::output::parquet::{self, Whom, words};
use crate::output::relay::Relay;
use crate::output::store::hashed::Hashed;
use crate::output::store::recovery::Recovered;
use crate::random::stream::GENERATOR;
use crate::scenario::document::Document;

/// Where the results of a run go, and which.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The folder.
    pub folder: &'a Path,
    /// True: the results of another run may be replaced.
    pub force: bool,
    /// True: each replication is written too.
    pub replications_csv: bool,
    /// For data frames: of whom each replication is written.
    pub parquet: &'a [Whom],
    /// The command that repeats the run.
    pub command: &'a str,
    /// True: what each feedback carries is written.
    pub explains: bool,
    /// Feedbacks that are cut under every policy.
    pub cut: &'a [String],
    /// True: the rows of a list of open cases are kept in the manifest.
    pub with_cases: bool,
}

/// The results of a run that is still to come or under way.
pub struct Results {
    folder: Folder,
    manifest: Manifest,
    names: Names,
    replications: Option<Replications<Hashed>>,
    parquet: Vec<parquet::Replications<Hashed>>,
}

/// The results of a run that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The folder they went to: beside the one wanted where an interrupted run met complete results.
    pub folder: PathBuf,
    /// Names of the data files.
    pub files: Vec<String>,
    /// True where they are beside the folder that was asked for, because something changed in it during the run.
    pub is_beside: bool,
    /// Files that were being written in a folder that was moved away during the run: they are not among the results.
    pub lost: Vec<String>,
}

impl Results {
    /// Makes sure, before the run, that its results can be written.
    ///
    /// # Errors
    /// [`FolderError`]: nothing was written then.
    pub fn open(
        document: &Document,
        plan: &Plan,
        wanted: &Wanted<'_>,
    ) -> Result<Results, FolderError> {
        let scenario = document.scenario();
        let manifest = intended(document, plan, wanted);
        let folder = Folder::open(wanted.folder, &manifest, wanted.force)?;
        let replications = if wanted.replications_csv {
            let file = folder.create(REPLICATIONS)?;
            let layout = layout(scenario);
            let months = scenario.calendar.reported();
            let policies = manifest.run.policies.clone();
            let table =
                Replications::new(file, policies, &layout, months).map_err(|e| folder.failed(e))?;
            Some(table)
        } else {
            None
        };
        let mut parquet = Vec::new();
        for whom in wanted.parquet {
            let file = folder.create(whom.file())?;
            let layout = layout(scenario);
            let shape = (&layout, scenario.calendar.reported(), &Names::of(scenario));
            let said = words::of_run(&manifest, *whom, &layout);
            let policies = &manifest.run.policies;
            let table = parquet::Replications::new(file, *whom, policies, shape, said);
            parquet.push(table.map_err(|e| folder.failed(e))?);
        }
        Ok(Results {
            folder,
            manifest,
            names: Names::of(scenario),
            replications,
            parquet,
        })
    }

    /// What opening the folder completed or removed of a command that was killed.
    pub fn recovered(&self) -> Option<Recovered> {
        self.folder.recovered()
    }

    /// Takes a replication as the run goes; it is written down where that was wanted.
    ///
    /// # Errors
    /// Those of the file.
    pub fn take(&mut self, played: Played<'_>) -> io::Result<()> {
        if let Some(table) = &mut self.replications {
            table.write(played)?;
        }
        self.parquet
            .iter_mut()
            .try_for_each(|table| table.write(played))
    }

    /// An error of [`Results::take`], with the folder it belongs to.
    pub fn failed(&self, error: io::Error) -> FolderError {
        self.folder.failed(error)
    }

    /// Writes everything, after the run.
    ///
    /// * `explanation` - what each feedback carries, where that was wanted
    /// * `wall_time_seconds` - from the first replication to the last [s]
    ///
    /// # Errors
    /// [`FolderError`]: what was there before is there still.
    pub fn write(
        mut self,
        summary: &Summary,
        explanation: Option<&Explanation>,
        wall_time_seconds: f64,
    ) -> Result<Published, FolderError> {
        let mut lost = Vec::new();
        if !self.folder.is_whole() {
            // What was written row by row went with the folder; what is in memory is saved.
            self.folder = self.folder.reopen()?;
            lost.extend(self.replications.take().map(|_| REPLICATIONS.to_owned()));
            let whom = self.parquet.drain(..).map(|table| table.whom());
            lost.extend(whom.map(|whom| whom.file().to_owned()));
        }
        let (folder, names) = (&self.folder, &self.names);
        let (monthly, others) = std::thread::scope(|scope| {
            // The largest is put together in a thread of its own while the others are written, and written after them;
            // where there is no thread to be had, both here.
            let (relay, pieces) = Relay::new();
            let begun = Builder::new().spawn_scoped(scope, || csv::monthly(relay, summary, names));
            let others = tables(folder, names, summary, explanation);
            let monthly = match begun {
                Ok(begun) => table(folder, MONTHLY, |out| {
                    for piece in pieces {
                        out.write_all(&piece)?;
                    }
                    begun.join().unwrap_or_else(|panic| resume_unwind(panic))
                }),
                Err(_) => table(folder, MONTHLY, |out| csv::monthly(out, summary, names)),
            };
            (monthly, others)
        });
        let mut files = vec![monthly?];
        files.extend(others?);
        if let Some(table) = self.replications.take() {
            let file = table.finish().and_then(Hashed::finish);
            files.push(file.map_err(|e| self.folder.failed(e))?);
        }
        for table in self.parquet.drain(..) {
            let said = words::at_end(summary.replications, summary.is_interrupted);
            let file = table.finish(said).and_then(Hashed::finish);
            files.push(file.map_err(|e| self.folder.failed(e))?);
        }
        let mut manifest = self.manifest;
        manifest.run.replications_kept = summary.replications;
        manifest.run.interrupted = summary.is_interrupted;
        manifest.wall_time_seconds = wall_time_seconds;
        // A clock that is set past the year 9999 has no date.
        let now = Timestamp::try_from(SystemTime::now()).ok();
        manifest.date = now.map(|now| Offset::UTC.to_datetime(now).date().to_string());
        let names = files.iter().map(|f| f.name.clone()).collect();
        manifest.files = files;
        let published = self.folder.publish(&manifest)?;
        Ok(Published {
            folder: published.folder,
            files: names,
            is_beside: published.is_beside,
            lost,
        })
    }
}

/// Writes the tables of a run but the months.
fn tables(
    folder: &Folder,
    names: &Names,
    summary: &Summary,
    explanation: Option<&Explanation>,
) -> Result<Vec<Written>, FolderError> {
    let mut files = vec![
        table(folder, SUMMARY, |out| csv::horizon(out, summary, names))?,
        table(folder, DISTRIBUTION, |out| {
            csv::distribution::distributions(out, summary)
        })?,
    ];
    if let Some(comparison) = &summary.comparison {
        files.push(table(folder, DIFFERENCES, |out| {
            difference::differences(out, summary, comparison, names)
        })?);
    }
    if let Some(explanation) = explanation {
        files.push(table(folder, EXPLANATION, |out| {
            csv::explanation::explanation(out, summary, explanation)
        })?);
    }
    if !summary.targets.is_empty() {
        files.push(table(folder, TARGETS, |out| match &summary.comparison {
            Some(comparison) => difference::targets(out, summary, comparison),
            None => csv::targets(out, summary),
        })?);
    }
    if summary.worlds.is_some() {
        files.push(table(folder, SPREAD, |out| {
            difference::spreads(out, summary, names)
        })?);
    }
    if !summary.until.is_empty() {
        files.push(table(folder, PRECISION, |out| {
            difference::precisions(out, summary)
        })?);
    }
    Ok(files)
}

fn table(
    folder: &Folder,
    name: &str,
    write: impl FnOnce(&mut Hashed) -> io::Result<()>,
) -> Result<Written, FolderError> {
    let mut sheet = folder.create(name)?;
    write(&mut sheet)
        .and_then(|()| sheet.finish())
        .map_err(|e| folder.failed(e))
}

/// The run as it will be if nothing interrupts it.
fn intended(document: &Document, plan: &Plan, wanted: &Wanted<'_>) -> Manifest {
    let scenario = document.scenario();
    let shares_worlds = document.is_uncertain() && plan.replications_per_world > 1;
    let planned = [
        (MONTHLY, true),
        (SUMMARY, true),
        (DISTRIBUTION, true),
        (DIFFERENCES, plan.baseline.is_some()),
        (EXPLANATION, wanted.explains),
        (TARGETS, !scenario.targets.is_empty()),
        (SPREAD, shares_worlds),
        (PRECISION, !plan.until.is_empty()),
        (REPLICATIONS, wanted.replications_csv),
    ];
    let parquet = wanted.parquet.iter().map(|whom| (whom.file(), true));
    let planned = planned.into_iter().chain(parquet);
    let files = planned.filter(|(_, is_planned)| *is_planned);
    let name = |policy: &usize| scenario.policies[*policy].name.clone();
    let baseline = plan.baseline.and_then(|at| plan.policies.get(at));
    Manifest {
        casecap: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: manifest::Played {
            name: scenario.name.clone(),
            title: scenario.title.clone(),
            files: Source::all(document, wanted.with_cases),
            evidence: document.evidence().iter().map(Evidence::of).collect(),
        },
        run: Run {
            policies: plan.policies.iter().map(name).collect(),
            baseline: baseline.map(name),
            cut: wanted.cut.to_vec(),
            seed: plan.seed,
            generator: GENERATOR.to_owned(),
            first_replication: plan.first,
            replications_asked: plan.replications,
            replications_kept: 0,
            until: plan.until.iter().map(|p| p.text.clone()).collect(),
            interrupted: true,
            worlds_asked: document
                .is_uncertain()
                .then(|| plan.replications.div_ceil(plan.replications_per_world)),
            replications_per_world: document
                .is_uncertain()
                .then_some(plan.replications_per_world),
            threads: plan.threads,
        },
        command: wanted.command.to_owned(),
        platform: Platform::here(),
        wall_time_seconds: 0.0,
        date: None,
        files: files.map(|(name, _)| Written::planned(name)).collect(),
        added: Vec::new(),
    }
}
