//! The manifest: everything needed to repeat a run to the bit, and to tell it from another.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::scenario::document::Document;
use crate::scenario::evidence;
use crate::scenario::listing::reduced;
use crate::scenario::problem::{Problems, SourceFile, SourceKind};
use crate::scenario::sections::Opening;

/// The file that the manifest stands in.
pub const MANIFEST: &str = "manifest.json";
/// The blocks of a sweep. While a whole sweep is being added to, new blocks follow those that the manifest knows.
pub const BLOCKS: &str = "blocks.bin";

/// What a run was, and what it wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of casecap.
    pub casecap: String,
    /// What was played.
    pub scenario: Played,
    /// How.
    pub run: Run,
    /// The command that repeats it.
    pub command: String,
    /// Machine on which it ran; another gives the same numbers.
    pub platform: Platform,
    /// From the first replication to the last [s].
    pub wall_time_seconds: f64,
    /// Day on which the results were written, in Coordinated Universal Time, as 2026-04-01; absent in earlier versions.
    #[serde(default)]
    pub date: Option<String>,
    /// Data files.
    pub files: Vec<Written>,
    /// Files made of them later: report, workbook and evidence pack.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<Written>,
}

/// The scenario of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Played {
    /// Its short name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Every file that it was read from, whole.
    pub files: Vec<Source>,
    /// Inputs with a source or a grade.
    pub evidence: Vec<Evidence>,
}

/// A file that a scenario was read from.
///
/// Scenario files and columns of numbers are kept whole. Of a list of arrivals (`replay`) the columns that are read are
/// kept: a day of referral says nothing of a person, and reports need it. Of a list of open cases (`[opening] file`),
/// which is a list of people, no row is kept unless the user asks for it; then the columns that are read, with families
/// numbered in the order in which they come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Where it stood, seen from the scenario's own file.
    pub path: String,
    /// SHA-256 of the whole file, in hexadecimal.
    pub sha256: String,
    /// Length of the whole file [bytes].
    #[serde(default)]
    pub bytes: u64,
    /// Of a list of open cases: their number by stage.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cases: Option<BTreeMap<String, u32>>,
    /// What was kept of it; absent where that is nothing but its hash and numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

impl Source {
    /// Every file of a scenario, its own first.
    ///
    /// * `with_cases` - true: the rows of a list of open cases are kept too
    pub fn all(document: &Document, with_cases: bool) -> Vec<Source> {
        let sources = document.sources();
        let own = sources.first().map_or("", |own| own.path.as_str());
        let folder = Path::new(own).parent().unwrap_or(Path::new(""));
        let each = sources.iter();
        each.map(|source| {
            let path = Path::new(&source.path);
            let path = path.strip_prefix(folder).unwrap_or(path);
            let is_cases = source.kind == SourceKind::Cases;
            let text = match source.kind {
                SourceKind::Scenario | SourceKind::Values => Some(source.text.clone()),
                SourceKind::Cases if !with_cases || source.withheld.is_some() => None,
                SourceKind::Cases | SourceKind::Arrivals => reduced(&source.text),
            };
            Source {
                path: path.to_string_lossy().into_owned(),
                sha256: source.sha256.clone(),
                bytes: source.text.len() as u64,
                cases: is_cases.then(|| cases(document)),
                text,
            }
        })
        .collect()
    }

    /// The file as it was kept, for [`Document::kept_files`].
    pub fn file(&self) -> SourceFile {
        match &self.text {
            Some(text) => SourceFile::part(&self.path, text.clone(), &self.sha256),
            None => {
                let cases = self.cases.clone().unwrap_or_default();
                SourceFile::withheld(&self.path, cases, &self.sha256)
            }
        }
    }

    /// The scenario as it was kept.
    ///
    /// # Errors
    /// All problems at once, where this version no longer takes it.
    pub fn document(name: &str, sources: &[Source]) -> Result<Document, Problems> {
        Document::kept_files(name, sources.iter().map(Source::file).collect())
    }
}

/// The number of open cases of a scenario by stage.
fn cases(document: &Document) -> BTreeMap<String, u32> {
    let scenario = document.scenario();
    let mut cases = BTreeMap::new();
    let mut count = |stage: usize, number: u32| {
        if let Some(stage) = scenario.stages.get(stage).filter(|_| number > 0) {
            *cases.entry(stage.name.clone()).or_default() += number;
        }
    };
    match &scenario.opening {
        Opening::Listed(list) => list.iter().for_each(|case| count(case.stage, 1)),
        Opening::Counts(numbers) => (0..).zip(numbers).for_each(|(at, n)| count(at, *n)),
        Opening::Mix { .. } => {}
    }
    cases
}

/// A scenario's file in a command that anybody may repeat: its name, without the folder of whoever typed it.
pub fn scenario_word(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    shell_word(&name.to_string_lossy())
}

/// Where an input comes from, and how good that is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Key path in the scenario.
    pub key: String,
    /// As written, or the program's own value.
    pub value: String,
    /// Where it comes from; nothing where nobody says.
    pub source: Option<String>,
    /// A (measured for this) to D (assumed), M (unverified); nothing where nobody says.
    pub grade: Option<String>,
    /// Between what it may well lie.
    pub range: Option<String>,
    /// Law, where the number is not known.
    pub law: Option<String>,
    /// A word more.
    pub note: Option<String>,
    /// True where the scenario says nothing and the program's own value holds.
    pub is_default: bool,
}

impl Evidence {
    /// An entry of a scenario's register.
    pub fn of(entry: &evidence::Evidence) -> Evidence {
        Evidence {
            key: entry.key.clone(),
            value: entry.value.clone(),
            source: entry.source.clone(),
            grade: entry.grade.clone(),
            range: entry.range.clone(),
            law: entry.law.clone(),
            note: entry.note.clone(),
            is_default: entry.is_default,
        }
    }
}

/// How a scenario was run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Policies, in the order of the file.
    pub policies: Vec<String>,
    /// The policy that the others are compared with; absent where they are not.
    #[serde(default)]
    pub baseline: Option<String>,
    /// Feedbacks that were cut under every policy.
    #[serde(default)]
    pub cut: Vec<String>,
    /// Seed of all chance.
    pub seed: u64,
    /// Generator of chance.
    pub generator: String,
    /// Number of the first replication.
    pub first_replication: u64,
    /// Replications asked for; the most, where precisions were.
    pub replications_asked: u64,
    /// Replications kept: fewer where the run was interrupted, or reached its precisions.
    pub replications_kept: u64,
    /// Precisions at which the run was to end.
    #[serde(default)]
    pub until: Vec<String>,
    /// True where the run was interrupted.
    pub interrupted: bool,
    /// Draws of the uncertain parameters asked for; absent where nothing is uncertain.
    #[serde(default)]
    pub worlds_asked: Option<u64>,
    /// Replications that share one draw of the uncertain parameters; absent where nothing is uncertain.
    pub replications_per_world: Option<u64>,
    /// Threads; they change the time and nothing else.
    pub threads: usize,
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Platform {
    /// Operating system.
    pub os: String,
    /// Processor.
    pub arch: String,
}

impl Platform {
    /// This machine.
    pub fn here() -> Platform {
        Platform {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
        }
    }
}

/// A data file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Written {
    /// Its name in the folder.
    pub name: String,
    /// SHA-256 of its bytes, in hexadecimal; empty until it is written.
    pub sha256: String,
    /// Its length [bytes].
    pub bytes: u64,
}

impl Written {
    /// A file that is still to be written.
    pub fn planned(name: &str) -> Written {
        Written {
            name: name.to_owned(),
            sha256: String::new(),
            bytes: 0,
        }
    }
}

impl Manifest {
    /// What differs between two runs, in words; nothing where they are the same run, however far each
    /// came and however long it took.
    pub fn differences(&self, earlier: &Manifest) -> Vec<String> {
        let mut told = Vec::new();
        let hashes = |m: &Manifest| -> Vec<String> {
            let files = m.scenario.files.iter();
            files.map(|s| s.sha256.clone()).collect()
        };
        let is_same_name = earlier.scenario.name == self.scenario.name;
        if is_same_name && hashes(earlier) != hashes(self) {
            told.push("the scenario has been changed since".to_owned());
        }
        let mut tell = |what: &str, there: String, now: String| {
            if there != now {
                told.push(format!("{what}: {there} there, {now} now"));
            }
        };
        let names = |m: &Manifest| {
            let names: Vec<&str> = m.files.iter().map(|f| f.name.as_str()).collect();
            names.join(", ")
        };
        tell(
            "scenario",
            earlier.scenario.name.clone(),
            self.scenario.name.clone(),
        );
        let (then, now) = (&earlier.run, &self.run);
        tell(
            "policies",
            then.policies.join(", "),
            now.policies.join(", "),
        );
        let or_none = |text: Option<String>| text.unwrap_or_else(|| "none".to_owned());
        tell(
            "baseline",
            or_none(then.baseline.clone()),
            or_none(now.baseline.clone()),
        );
        let until = |run: &Run| {
            let texts = (!run.until.is_empty()).then(|| run.until.join(", "));
            or_none(texts)
        };
        tell("until", until(then), until(now));
        let cut = |run: &Run| or_none((!run.cut.is_empty()).then(|| run.cut.join(", ")));
        tell("cut", cut(then), cut(now));
        let each = |run: &Run| or_none(run.replications_per_world.map(|n| n.to_string()));
        tell("replications in a world", each(then), each(now));
        tell("seed", then.seed.to_string(), now.seed.to_string());
        tell(
            "replications",
            then.replications_asked.to_string(),
            now.replications_asked.to_string(),
        );
        tell(
            "first replication",
            then.first_replication.to_string(),
            now.first_replication.to_string(),
        );
        tell("generator", then.generator.clone(), now.generator.clone());
        tell("files", names(earlier), names(self));
        tell(
            "casecap version",
            earlier.casecap.clone(),
            self.casecap.clone(),
        );
        told
    }
}

/// A word as a shell takes it: quoted where it must be.
pub fn shell_word(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,+@%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A run of two replications; the text of the scenario is its hash.
    pub fn manifest(text: &str, seed: u64) -> Manifest {
        Manifest {
            casecap: "0.1.0".to_owned(),
            scenario: Played {
                name: "first".to_owned(),
                title: "A first".to_owned(),
                files: vec![Source {
                    path: "first.toml".to_owned(),
                    sha256: text.to_owned(),
                    bytes: text.len() as u64,
                    cases: None,
                    text: Some(text.to_owned()),
                }],
                evidence: Vec::new(),
            },
            run: Run {
                policies: vec!["no limit".to_owned()],
                baseline: None,
                cut: Vec::new(),
                seed,
                generator: "test".to_owned(),
                first_replication: 0,
                replications_asked: 2,
                replications_kept: 2,
                until: Vec::new(),
                interrupted: false,
                worlds_asked: None,
                replications_per_world: None,
                threads: 1,
            },
            command: "casecap run first.toml".to_owned(),
            platform: Platform::here(),
            wall_time_seconds: 1.0,
            date: Some("2026-04-01".to_owned()),
            files: vec![Written::planned("monthly.csv")],
            added: Vec::new(),
        }
    }

    #[test]
    fn threads_and_time_make_no_other_run_but_seed_and_text_do() {
        let run = manifest("a", 1);
        let mut slow = run.clone();
        slow.run.threads = 8;
        slow.wall_time_seconds = 100.0;
        assert_eq!(run.differences(&slow), Vec::<String>::new());
        let told = manifest("b", 2).differences(&run);
        assert_eq!(
            told,
            [
                "the scenario has been changed since",
                "seed: 1 there, 2 now"
            ]
        );
    }

    #[test]
    fn words_with_spaces_or_quotes_are_quoted() {
        assert_eq!(shell_word("scenarios/first.toml"), "scenarios/first.toml");
        assert_eq!(shell_word("hard 16"), "'hard 16'");
        assert_eq!(shell_word("it's"), "'it'\\''s'");
        assert_eq!(shell_word(""), "''");
    }
}
