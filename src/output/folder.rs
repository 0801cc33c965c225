//! The folder of a run: its results appear in it whole or not at all, and nothing is overwritten unasked.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::output::manifest::{MANIFEST, Manifest};
use crate::output::page::shell;
use crate::output::seal::sealed;
use crate::output::store::error::StoreError;
use crate::output::store::hashed::Hashed;
use crate::output::store::place::{Place, Published};
use crate::output::store::recovery::Recovered;
use crate::output::workbook::ours;

/// The months.
pub const MONTHLY: &str = "monthly.csv";
/// The whole horizon.
pub const SUMMARY: &str = "summary.csv";
/// Shares of workers by caseload, and of allocations by wait.
pub const DISTRIBUTION: &str = "distribution.csv";
/// The targets.
pub const TARGETS: &str = "targets.csv";
/// Every policy against the baseline.
pub const DIFFERENCES: &str = "differences.csv";
/// What each feedback carries of a difference.
pub const EXPLANATION: &str = "explanation.csv";
/// What we do not know, and luck.
pub const SPREAD: &str = "spread.csv";
/// The precisions that were asked for.
pub const PRECISION: &str = "precision.csv";
/// Each replication.
pub const REPLICATIONS: &str = "replications.csv";
/// Each replication, for data frames.
pub const PARQUET: &str = "replications.parquet";
/// Each replication of each team, stage and grade, for data frames.
pub const PARQUET_GROUPS: &str = "groups.parquet";
/// The report, which is made from the other files and stands in no manifest.
pub const REPORT: &str = "report.html";
/// The tables for a spreadsheet, made as the report is.
pub const WORKBOOK: &str = "workbook.xlsx";

/// Every file that a run may write, and the only ones that it replaces or takes away.
const OURS: [&str; 14] = [
    MONTHLY,
    SUMMARY,
    DISTRIBUTION,
    DIFFERENCES,
    EXPLANATION,
    TARGETS,
    SPREAD,
    PRECISION,
    REPLICATIONS,
    PARQUET,
    PARQUET_GROUPS,
    REPORT,
    WORKBOOK,
    MANIFEST,
];
/// Why results cannot go where they should.
#[derive(Debug)]
pub enum FolderError {
    /// It holds the results of another run.
    OtherRun {
        /// The folder.
        path: PathBuf,
        /// What differs, in words.
        differences: Vec<String>,
    },
    /// It holds files with our names and no manifest that says whose they are.
    Unknown(PathBuf, &'static str),
    /// Where interrupted results would go stands something else.
    Occupied(PathBuf),
    /// The folder cannot be locked or written to.
    Store(StoreError),
}

impl fmt::Display for FolderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FolderError::OtherRun { path, differences } => {
                write!(f, "{} holds the results of another run:", path.display())?;
                for difference in differences {
                    write!(f, "\n  {difference}")?;
                }
                write!(
                    f,
                    "\n  name another folder with --out DIR, or replace those results with --force:"
                )
            }
            FolderError::Unknown(path, name) => write!(
                f,
                "{} holds a {name} and no {MANIFEST} that says which run wrote it\n  \
                 name another folder with --out DIR, or replace it with --force:",
                path.display()
            ),
            FolderError::Occupied(path) => write!(
                f,
                "the interrupted results were not kept: {} is no folder of interrupted results, and is \
                 left alone",
                path.display()
            ),
            FolderError::Store(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for FolderError {}

impl From<StoreError> for FolderError {
    fn from(error: StoreError) -> FolderError {
        FolderError::Store(error)
    }
}

impl FolderError {
    /// True where `--force` would do; the words then end in a colon, for the command to follow.
    pub fn is_replaceable(&self) -> bool {
        matches!(
            self,
            FolderError::OtherRun { .. } | FolderError::Unknown(..)
        )
    }

    /// True where another path or flag would do, false where the run itself failed.
    pub fn is_input(&self) -> bool {
        match self {
            FolderError::OtherRun { .. } | FolderError::Unknown(..) => true,
            FolderError::Occupied(_) => false,
            FolderError::Store(error) => error.is_input(),
        }
    }
}

/// What stood in a folder before the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    /// Nothing of ours, or a run that was interrupted.
    Replaceable,
    /// Complete results.
    Complete,
}

/// A results folder that was looked at before the run and is written to after it.
#[derive(Debug)]
pub struct Folder {
    place: Place,
    earlier: Earlier,
}

impl Folder {
    /// Locks the folder and makes sure, before the run, that its results can be written.
    ///
    /// * `intended` - the run as it will be, with the names of its files
    /// * `force` - true: the results of another run may be replaced
    ///
    /// The same run as before replaces its own files. Files that are not ours are never touched.
    ///
    /// # Errors
    /// [`FolderError`]: nothing was written then.
    pub fn open(path: &Path, intended: &Manifest, force: bool) -> Result<Folder, FolderError> {
        let place = Place::open(path)?;
        let earlier = inspect(path, intended, force)?;
        Ok(Folder { place, earlier })
    }

    /// What opening it completed or removed of a command that was killed.
    pub fn recovered(&self) -> Option<Recovered> {
        self.place.recovered()
    }

    /// False where the folder, with the files that are being made, was moved away or removed.
    pub fn is_whole(&self) -> bool {
        self.place.is_whole()
    }

    /// Begins anew at the same path, after the folder was moved away; what is there now is not replaced.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn reopen(&mut self) -> Result<Folder, FolderError> {
        Ok(Folder {
            place: self.place.reopen()?,
            earlier: Earlier::Replaceable,
        })
    }

    /// A new file of the run; it is seen under this name only once all are whole.
    ///
    /// # Errors
    /// [`StoreError::Write`].
    pub fn create(&self, name: &str) -> Result<Hashed, FolderError> {
        self.place.create(name).map_err(|e| self.failed(e))
    }

    /// An error while a file of the run was being written.
    pub fn failed(&self, error: io::Error) -> FolderError {
        StoreError::Write(self.place.folder().to_owned(), error).into()
    }

    /// Brings the files of the run to their place, with the manifest.
    ///
    /// * `manifest` - names the files, all of them finished
    /// * returns - the folder that holds them: the one opened, or, where the run was interrupted and
    ///   the folder holds complete results, one beside it with the ending `.interrupted`
    ///
    /// # Errors
    /// [`FolderError`]: the folder holds what it held before, but for [`StoreError::Unfinished`].
    pub fn publish(self, manifest: &Manifest) -> Result<Published, FolderError> {
        let beside = self.interrupted(manifest)?;
        sealed(manifest)
            .and_then(|text| self.place.write(MANIFEST, &text))
            .map_err(|e| self.failed(e))?;
        let path = beside.as_deref().unwrap_or(self.place.folder()).to_owned();
        let goes = |name: &str| {
            let own = OURS.iter().find(|own| **own == name);
            own.is_some_and(|own| is_ours(&path, own))
        };
        Ok(match &beside {
            Some(beside) => self.place.publish_to(beside, goes)?,
            None => self.place.publish(goes)?,
        })
    }

    /// The folder of interrupted results, where the files go there.
    fn interrupted(&self, manifest: &Manifest) -> Result<Option<PathBuf>, FolderError> {
        let is_kept = self.earlier == Earlier::Complete && self.place.folder().exists();
        if !manifest.run.interrupted || !is_kept {
            return Ok(None);
        }
        let beside = beside(self.place.folder()).map_err(|e| self.failed(e))?;
        if beside.exists() {
            let is_interrupted = beside.is_dir()
                && match read_manifest(&beside) {
                    Some(earlier) => earlier.run.interrupted,
                    None => first_of_ours(&beside).is_none(),
                };
            if !is_interrupted {
                return Err(FolderError::Occupied(beside));
            }
        }
        Ok(Some(beside))
    }
}

/// Looks at what stands in a folder, and whether it may be replaced.
fn inspect(path: &Path, intended: &Manifest, force: bool) -> Result<Earlier, FolderError> {
    if let Some(name) = OURS.iter().find(|name| path.join(name).is_dir()) {
        let error = io::Error::other(format!("{name} is a folder there"));
        return Err(StoreError::Unwritable(path.to_owned(), error).into());
    }
    let Some(earlier) = read_manifest(path) else {
        return match first_of_ours(path) {
            Some(name) if !force => Err(FolderError::Unknown(path.to_owned(), name)),
            // Whatever it is, an interrupted run is no reason to lose it.
            Some(_) => Ok(Earlier::Complete),
            None => Ok(Earlier::Replaceable),
        };
    };
    let differences = intended.differences(&earlier);
    if !differences.is_empty() && !force {
        return Err(FolderError::OtherRun {
            path: path.to_owned(),
            differences,
        });
    }
    Ok(if earlier.run.interrupted {
        Earlier::Replaceable
    } else {
        Earlier::Complete
    })
}

fn read_manifest(folder: &Path) -> Option<Manifest> {
    let text = fs::read(folder.join(MANIFEST)).ok()?;
    serde_json::from_slice(&text).ok()
}

fn first_of_ours(folder: &Path) -> Option<&'static str> {
    OURS.into_iter().find(|name| is_ours(folder, name))
}

/// True where a file of that name is there, and is one that a run may take away: somebody else's page or workbook is not.
fn is_ours(folder: &Path, name: &str) -> bool {
    let path = folder.join(name);
    path.exists()
        && match name {
            REPORT => shell::is_ours(&path),
            WORKBOOK => ours::is_ours(&path),
            _ => true,
        }
}

/// The name of a folder for the results of a scenario: its own, where that is safe on every system.
///
/// What no system takes becomes `_`, and neither a folder above nor a hidden one comes out.
pub fn safe_name(scenario: &str) -> String {
    let is_odd = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    let name: String = scenario
        .chars()
        .map(|c| if is_odd(c) { '_' } else { c })
        .collect();
    match name.trim_start_matches('.').trim_end_matches(['.', ' ']) {
        "" => "scenario".to_owned(),
        name => name.to_owned(),
    }
}

/// The folder of interrupted results beside a folder.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let path = path.canonicalize()?;
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::other("nothing can stand beside it"))?;
    let mut name = name.to_owned();
    name.push(".interrupted");
    Ok(path.with_file_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::manifest::Written;
    use crate::output::manifest::tests::manifest;
    use std::io::Write;

    fn publish(path: &Path, run: &Manifest, text: &str) -> PathBuf {
        let folder = Folder::open(path, run, false).unwrap();
        let mut run = run.clone();
        run.files = vec![write(&folder, text)];
        folder.publish(&run).unwrap().folder
    }

    fn write(folder: &Folder, text: &str) -> Written {
        let mut sheet = folder.create(MONTHLY).unwrap();
        sheet.write_all(text.as_bytes()).unwrap();
        sheet.finish().unwrap()
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path.join(MONTHLY)).unwrap()
    }

    fn interrupted(mut run: Manifest) -> Manifest {
        run.run.interrupted = true;
        run.run.replications_kept = 1;
        run
    }

    #[test]
    fn a_run_makes_its_folder_and_repeating_it_replaces_its_files_and_no_others() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("results/first");
        publish(&path, &manifest("a", 1), "one");
        fs::write(path.join("notes.txt"), "mine").unwrap();
        publish(&path, &manifest("a", 1), "two");
        assert_eq!(read(&path), "two");
        let mut names: Vec<_> = fs::read_dir(&path)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, [MANIFEST, MONTHLY, "notes.txt"]);
        let told = read_manifest(&path).unwrap();
        // SHA-256 of "two", by sha256sum.
        assert_eq!(
            told.files[0].sha256,
            "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"
        );
        assert_eq!(told.files[0].bytes, 3);
    }

    #[test]
    fn another_run_needs_force_and_takes_the_earlier_files_away() {
        let home = tempfile::tempdir().unwrap();
        publish(home.path(), &manifest("a", 1), "one");
        fs::write(home.path().join(REPLICATIONS), "old").unwrap();
        let other = manifest("a", 2);
        let refused = Folder::open(home.path(), &other, false).unwrap_err();
        assert!(refused.to_string().contains("seed: 1 there, 2 now"));
        assert_eq!(read(home.path()), "one");
        let folder = Folder::open(home.path(), &other, true).unwrap();
        write(&folder, "two");
        folder.publish(&other).unwrap();
        assert_eq!(read(home.path()), "two");
        assert!(!home.path().join(REPLICATIONS).exists());
    }

    #[test]
    fn a_run_that_comes_to_nothing_leaves_no_trace() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/c");
        let folder = Folder::open(&path, &manifest("a", 1), false).unwrap();
        write(&folder, "half");
        assert!(home.path().join("a/b").is_dir());
        drop(folder);
        assert!(!home.path().join("a").exists());
    }

    #[test]
    fn a_file_in_the_way_is_refused_wherever_it_stands() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("results");
        fs::write(&file, "").unwrap();
        for path in [file.clone(), file.join("first")] {
            let refused = Folder::open(&path, &manifest("a", 1), true).unwrap_err();
            assert!(
                matches!(refused, FolderError::Store(StoreError::NoFolder(_))),
                "{refused}"
            );
        }
    }

    #[test]
    fn interrupted_results_stand_beside_complete_ones_and_in_their_place_where_there_are_none() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("first");
        let run = manifest("a", 1);
        assert_eq!(publish(&path, &interrupted(run.clone()), "part"), path);
        assert_eq!(publish(&path, &run, "whole"), path);
        let aside = publish(&path, &interrupted(run.clone()), "part");
        assert_eq!(aside.file_name().unwrap(), "first.interrupted");
        assert_eq!((read(&path), read(&aside)), ("whole".into(), "part".into()));
        publish(&path, &interrupted(run.clone()), "other part");
        assert_eq!(read(&aside), "other part");
        publish(&aside, &run, "whole beside");
        let folder = Folder::open(&path, &run, false).unwrap();
        write(&folder, "part");
        let refused = folder.publish(&interrupted(run)).unwrap_err();
        assert!(matches!(refused, FolderError::Occupied(_)), "{refused}");
        assert_eq!(read(&aside), "whole beside");
    }

    #[test]
    fn files_without_a_manifest_are_not_overwritten_unasked() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join(SUMMARY), "whose?").unwrap();
        let refused = Folder::open(home.path(), &manifest("a", 1), false).unwrap_err();
        assert!(matches!(refused, FolderError::Unknown(_, SUMMARY)));
        assert!(Folder::open(home.path(), &manifest("a", 1), true).is_ok());
    }

    #[test]
    fn a_name_that_is_no_safe_folder_becomes_one_and_others_stay() {
        for name in ["first", "cheshire-east-2018", "a b.c", "=1+1", "\u{e4}"] {
            assert_eq!(safe_name(name), name);
        }
        for (name, safe) in [
            ("..", "scenario"),
            (".", "scenario"),
            ("", "scenario"),
            (".hidden", "hidden"),
            ("a. ", "a"),
            ("a/b\\c:d\n", "a_b_c_d_"),
        ] {
            assert_eq!(safe_name(name), safe, "{name:?}");
        }
    }
}
