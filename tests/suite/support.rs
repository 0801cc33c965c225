//! What the tests of the program as typed share: a folder of their own, and a small scenario in it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Four workers, one stage, two policies, two targets; a replication takes well below a millisecond.
pub const SMALL: &str = r#"
title = "A small team"
start = 2025-10-01
months = 3
targets = ["unallocated <= 2 at 2025-12-31", "caseload_mean < 6 in every month"]

[run]
replications = 40
seed = 7

[referrals]
families_per_month = 5
first_stage = "open"

[stages.open]
hours_per_week = 6
work = { law = "exponential", mean = "90 days" }
then = "closed"

[opening]
open = 12

[grades.worker]
leave_per_year = 0.5

[[posts]]
grade = "worker"
count = 4

[recruitment]
time_to_fill = { law = "exponential", mean = "60 days" }

[policies."no limit"]
[policies."hard 3"]
limit = 3
"#;

/// A folder of its own, in which the program runs.
pub struct Home {
    /// Gone with it.
    pub folder: TempDir,
}

impl Home {
    /// With the scenario [`SMALL`] as `small.toml`.
    pub fn new() -> Home {
        let home = Home {
            folder: tempfile::tempdir().unwrap(),
        };
        home.write("small.toml", SMALL);
        home
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casecap"));
        command.args(args).current_dir(self.folder.path());
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs what must go well; gives what it printed.
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{args:?}: {}",
            errors(&output)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Every file below the folder, with its bytes.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    files.insert(path, bytes);
                }
            }
        }
        files
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn manifest(&self, folder: &str) -> serde_json::Value {
        serde_json::from_str(&self.read(&format!("{folder}/manifest.json"))).unwrap()
    }
}

/// What was said on standard error.
pub fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Rows of a table without quotes, after its heading.
pub fn csv_rows(text: &str) -> impl Iterator<Item = Vec<String>> {
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(str::to_owned).collect())
}
