//! A scenario file, read and checked.

use std::path::Path;

use crate::scenario::catalogue::FILE;
use crate::scenario::counts::too_many;
use crate::scenario::evidence::{self, Evidence};
use crate::scenario::file::{Access, Library, merged};
use crate::scenario::key::nearest;
use crate::scenario::node::Table;
use crate::scenario::problem::{Problem, Problems, Severity, SourceFile, Span};
use crate::scenario::quantity::Reader;
use crate::scenario::sections::Scenario;
use crate::scenario::study::Study;
use crate::scenario::target::Wrong;
use crate::scenario::uncertain::{Unknown, Unknowns, World};
use crate::scenario::vary::amount::Amount;
use crate::scenario::vary::identity::identity;
use crate::scenario::vary::place::{Lever, lever, spelled};
use crate::scenario::vary::range::{Left, loosen};
use crate::scenario::vary::setting::{Setting, set};
use crate::scenario::vary::values::Varied;
use crate::scenario::vary::whole::{simulated, simulated_amount};
use crate::scenario::{service, shape};
use crate::text::one_line;

/// A scenario file with all that it is like, checked whole.
#[derive(Clone, Debug)]
pub struct Document {
    name: String,
    library: Library,
    tree: Table,
    scenario: Scenario,
    warnings: Problems,
    evidence: Vec<Evidence>,
    unknowns: Vec<Unknown>,
    study: Study,
}

impl Document {
    /// Reads a scenario file, what it is like and the lists that it names, and checks everything.
    ///
    /// # Errors
    /// All problems at once.
    pub fn open(path: &Path) -> Result<Document, Problems> {
        Document::open_with(path, &Access::default())
    }

    /// As [`Document::open`], with further folders in which files may lie that the scenario names.
    ///
    /// # Errors
    /// All problems at once.
    pub fn open_with(path: &Path, access: &Access) -> Result<Document, Problems> {
        let mut library = Library {
            has_folder: true,
            access: access.clone(),
            ..Library::default()
        };
        if let Err(unread) = library.load(path) {
            let problem = Problem {
                severity: Severity::Error,
                what: format!("cannot read {}: {}", path.to_string_lossy(), unread.why),
                remedy: match unread.remedy.is_empty() {
                    true => instead_of(path),
                    false => unread.remedy,
                },
                key: String::new(),
                span: None,
            };
            return Err(Problems::new(vec![problem], library.sources));
        }
        let stem = path.file_stem().unwrap_or_default();
        Document::read(&one_line(&stem.to_string_lossy()), library)
    }

    /// Reads a scenario from a text that came without a file; what it names is looked for from the current folder.
    ///
    /// * `name` - of the scenario, and of the text in problems
    ///
    /// # Errors
    /// All problems at once.
    pub fn parse_with(name: &str, text: String, access: &Access) -> Result<Document, Problems> {
        let library = Library {
            sources: vec![SourceFile::new(name, text)],
            has_folder: true,
            access: access.clone(),
            ..Library::default()
        };
        Document::read(name, library)
    }

    /// Reads a scenario from a text. It can name no other files.
    ///
    /// * `name` - of the scenario, and of the text in problems
    ///
    /// # Errors
    /// All problems at once.
    ///
    /// # Example
    /// ```
    /// use casecap::scenario::document::Document;
    /// use casecap::scenario::starter::starter;
    ///
    /// let document = Document::parse("mine", starter())?;
    /// assert_eq!(document.scenario().policies.len(), 2);
    ///
    /// let misspelt = starter().replace("months", "moths");
    /// let problems = Document::parse("mine", &misspelt).unwrap_err();
    /// assert!(problems.render(false).contains("did you mean `months`?"));
    /// # Ok::<(), casecap::scenario::problem::Problems>(())
    /// ```
    pub fn parse(name: &str, text: &str) -> Result<Document, Problems> {
        let library = Library {
            sources: vec![SourceFile::new(name, text.to_owned())],
            ..Library::default()
        };
        Document::read(name, library)
    }

    /// Reads a scenario from the files that were kept with its results; the disk is not looked at.
    ///
    /// * `name` - of the scenario
    /// * `files` - path and text of each, the scenario's own first, as in [`Document::sources`]
    ///
    /// # Errors
    /// All problems at once.
    pub fn kept(name: &str, files: &[(&str, &str)]) -> Result<Document, Problems> {
        let sources = files
            .iter()
            .map(|(path, text)| SourceFile::new(path, (*text).to_owned()));
        Document::kept_files(name, sources.collect())
    }

    /// As [`Document::kept`]. Where the rows of a list of cases were not kept, the scenario opens with as many cases in
    /// each stage: it can be described, and its simulation is not that of the list.
    ///
    /// # Errors
    /// All problems at once.
    pub fn kept_files(name: &str, files: Vec<SourceFile>) -> Result<Document, Problems> {
        let mut library = Library {
            sources: files,
            has_folder: true,
            is_kept: true,
            ..Library::default()
        };
        if library.sources.is_empty() {
            library.sources.push(SourceFile::new(name, String::new()));
        }
        Document::read(&one_line(name), library)
    }

    fn read(name: &str, mut library: Library) -> Result<Document, Problems> {
        let mut problems = Vec::new();
        let tree = merged(&mut library, 0, &mut problems);
        if tree.entries.is_empty() && !problems.is_empty() {
            return Err(Problems::new(problems, library.sources));
        }
        let too_many = too_many(&tree);
        if !too_many.is_empty() {
            return Err(Problems::new(too_many, library.sources));
        }
        Document::build(name, library, tree, problems)
    }

    /// Checks a tree whole.
    fn build(
        name: &str,
        library: Library,
        tree: Table,
        mut problems: Vec<Problem>,
    ) -> Result<Document, Problems> {
        let unknowns = Unknowns::default();
        let reader = Reader {
            library: &library,
            world: None,
            unknowns: &unknowns,
            homes: &[],
        };
        let whole = whole(&library);
        // What is looked at key by key is not yet known by the place in which it is written first.
        let passing = Unknowns::default();
        let looking = Reader {
            unknowns: &passing,
            ..reader
        };
        problems.extend(shape::check(&tree, &FILE, looking, whole));
        let scenario = service::assemble(&tree, name, reader, whole, &mut problems);
        let evidence = evidence::register(&tree, &FILE, &library.sources);
        let problems = Problems::new(problems, library.sources.clone());
        match scenario {
            Some(scenario) if !problems.has_errors() => Ok(Document {
                name: name.to_owned(),
                library,
                tree,
                scenario,
                warnings: problems,
                evidence,
                unknowns: unknowns.into_list(),
                study: Study::AsWritten,
            }),
            _ if problems.has_errors() => Err(problems),
            _ => Err(unexplained(library)),
        }
    }

    /// Changes the scenario, and every world of it, for one command. A study is made once.
    pub fn study(&mut self, study: Study) {
        study.apply(&mut self.scenario);
        self.study = study;
    }

    /// The number of the scenario that a key means, to be set by [`Document::varied`].
    ///
    /// # Errors
    /// What is wrong with the key, and the nearest that is right.
    pub fn lever(&self, key: &str) -> Result<Lever, Wrong> {
        lever(&spelled(self.tree.clone(), &FILE), key)
    }

    /// The same scenario with some numbers set, checked as if they had been written in the file. What is set is
    /// the last of [`Document::sources`], so that problems point into it.
    ///
    /// * `settings` - as [`lever`] and [`set`] read them; none: the scenario as it is
    ///
    /// # Errors
    /// All problems at once: keys that are not there or no numbers, and what does not fit together.
    ///
    /// # Example
    /// ```
    /// use casecap::scenario::document::Document;
    /// use casecap::scenario::starter::starter;
    /// use casecap::scenario::vary::amount::Amount;
    /// use casecap::scenario::vary::setting::Setting;
    ///
    /// let document = Document::parse("mine", starter())?;
    /// let more = |amount| [Setting { key: "posts.worker.count".to_owned(), amount }];
    /// let twice = document.varied(&more(Amount::Times(2.0)))?;
    /// assert_eq!(twice.scenario().post_count(), 2 * document.scenario().post_count());
    /// assert!(document.varied(&more(Amount::To(2.5))).is_err());
    /// # Ok::<(), casecap::scenario::problem::Problems>(())
    /// ```
    pub fn varied(&self, settings: &[Setting]) -> Result<Document, Problems> {
        let mut library = self.library.clone();
        let mut problems = Vec::new();
        let mut tree = spelled(self.tree.clone(), &FILE);
        let written = set(&mut tree, settings, library.sources.len(), &mut problems);
        library.sources.push(written);
        if !problems.is_empty() {
            return Err(Problems::new(problems, library.sources));
        }
        let mut document = Document::build(&self.name, library, tree, problems)?;
        document.study(self.study.clone());
        Ok(document)
    }

    /// The same scenario with each number that has a range beside it not known: uniform over its range, as [`loosen`]
    /// says. Its [`Document::unknowns`] are all that may plausibly be otherwise.
    ///
    /// * returns - the scenario, and the ranges that are not taken
    ///
    /// # Errors
    /// What does not fit together, such as a range that reaches beyond what its key allows.
    pub fn plausible(&self) -> Result<(Document, Vec<Left>), Problems> {
        self.plausible_but(&[])
    }

    /// As [`Document::plausible`], with the numbers of some keys as they are.
    ///
    /// * `fixed` - keys as in the register of evidence
    ///
    /// # Errors
    /// What does not fit together.
    pub fn plausible_but(&self, fixed: &[&str]) -> Result<(Document, Vec<Left>), Problems> {
        let ranged = self
            .evidence
            .iter()
            .filter(|e| e.range.is_some() && !e.is_default && !fixed.contains(&e.key.as_str()));
        let keys: Vec<&str> = ranged.map(|e| e.key.as_str()).collect();
        let mut tree = spelled(self.tree.clone(), &FILE);
        let left = loosen(&mut tree, &keys);
        let mut document = Document::build(&self.name, self.library.clone(), tree, Vec::new())?;
        document.study(self.study.clone());
        Ok((document, left))
    }

    /// The values of a key as they are simulated, with what is to be told of them: [`simulated`].
    ///
    /// # Errors
    /// What is wrong with the key, or with the values.
    pub fn simulated(&self, varied: &Varied) -> Result<(Varied, Option<String>), Wrong> {
        simulated(&spelled(self.tree.clone(), &FILE), varied)
    }

    /// Each amount of a key as it is simulated: [`simulated_amount`].
    ///
    /// # Errors
    /// What is wrong with the key.
    pub fn simulated_amounts(
        &self,
        key: &str,
        amounts: &[Option<Amount>],
    ) -> Result<Vec<Option<Amount>>, Wrong> {
        let tree = spelled(self.tree.clone(), &FILE);
        let amounts = amounts.iter().map(|amount| match amount {
            Some(Amount::Times(_)) => {
                let amount = amount.as_ref().unwrap_or(&Amount::Times(1.0));
                simulated_amount(&tree, key, amount).map(Some)
            }
            other => Ok(other.clone()),
        });
        amounts.collect()
    }

    /// The hash of all that the records of a policy depend on, but for seed and replication: [`identity`].
    ///
    /// * `policy` - place among the scenario's policies
    pub fn identity(&self, policy: usize) -> [u8; 32] {
        let tree = spelled(self.tree.clone(), &FILE);
        identity(&tree, &self.library, policy)
    }

    /// The scenario with each uncertain number at its mean.
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// What can be played but may not mean what its author thinks.
    pub fn warnings(&self) -> &Problems {
        &self.warnings
    }

    /// Whether some number is a law of a number that is not known.
    pub fn is_uncertain(&self) -> bool {
        !self.unknowns.is_empty()
    }

    /// The numbers that are laws, in the order in which they are read.
    pub fn unknowns(&self) -> &[Unknown] {
        &self.unknowns
    }

    /// The scenario with its uncertain numbers drawn for one outer sample.
    ///
    /// * `seed`, `world` - with the key path of a number they are the identity of its draw
    ///
    /// # Errors
    /// What does not fit together with the numbers drawn: such as ramp steps out of order.
    pub fn world(&self, seed: u64, world: u64) -> Result<Scenario, Problems> {
        self.world_and_numbers(seed, world).map(|(world, _)| world)
    }

    /// As [`Document::world`], with the numbers that were drawn, each as [`Unknown::value`] in the order of
    /// [`Document::unknowns`].
    ///
    /// # Errors
    /// What does not fit together with the numbers drawn.
    pub fn world_and_numbers(
        &self,
        seed: u64,
        world: u64,
    ) -> Result<(Scenario, Vec<Unknown>), Problems> {
        self.drawn(World {
            seed,
            world,
            places: &[],
        })
    }

    /// The scenario with its uncertain numbers chosen, and those numbers.
    ///
    /// * `places` - for each key path of [`Document::unknowns`] how much of its law lies below, in 0 to 1; one that is
    ///   not named is drawn as for world 0 of seed 0
    ///
    /// # Errors
    /// What does not fit together with the numbers chosen.
    pub fn world_at(&self, places: &[(String, f64)]) -> Result<(Scenario, Vec<Unknown>), Problems> {
        let (seed, world) = (0, 0);
        self.drawn(World {
            seed,
            world,
            places,
        })
    }

    fn drawn(&self, world: World<'_>) -> Result<(Scenario, Vec<Unknown>), Problems> {
        if !self.is_uncertain() {
            return Ok((self.scenario.clone(), Vec::new()));
        }
        let unknowns = Unknowns::default();
        let reader = Reader {
            library: &self.library,
            world: Some(world),
            unknowns: &unknowns,
            homes: &[],
        };
        let mut problems = Vec::new();
        let whole = whole(&self.library);
        let scenario = service::assemble(&self.tree, &self.name, reader, whole, &mut problems);
        let problems = Problems::new(problems, self.library.sources.clone());
        match scenario {
            Some(mut scenario) if !problems.has_errors() => {
                self.study.apply(&mut scenario);
                Ok((scenario, unknowns.into_list()))
            }
            _ if problems.has_errors() => Err(problems),
            _ => Err(unexplained(self.library.clone())),
        }
    }

    /// Every file that was read, the scenario's own first.
    pub fn sources(&self) -> &[SourceFile] {
        &self.library.sources
    }

    /// The register of evidence, in the order of the file; [`evidence::weakest_first`] sorts it.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }
}

/// What to do where there is no scenario at a path: the file beside it that is called most like it, or a new one.
fn instead_of(path: &Path) -> String {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.map(|e| e.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names
        .filter(|n| n.ends_with(".toml"))
        .take(10_000)
        .collect();
    names.sort();
    if !folder.is_dir() {
        return format!("there is no folder {} either", folder.to_string_lossy());
    }
    match nearest(&name, names.iter().map(String::as_str)) {
        Some(right) => format!(
            "did you mean {}?",
            path.with_file_name(right).to_string_lossy()
        ),
        None => "`casecap new FILE` writes a small scenario to start from".to_owned(),
    }
}

/// The span that stands for the file as a whole: its beginning.
fn whole(_library: &Library) -> Span {
    Span {
        source: 0,
        begin: 0,
        end: 0,
    }
}

/// A scenario that could not be put together although nothing was found wrong: a gap in the checks,
/// told rather than hidden.
fn unexplained(library: Library) -> Problems {
    let problem = Problem {
        severity: Severity::Error,
        what: "this scenario cannot be put together, and no check says why".to_owned(),
        remedy: "this is a fault of casecap; please report it with the file".to_owned(),
        key: String::new(),
        span: None,
    };
    Problems::new(vec![problem], library.sources)
}

#[cfg(test)]
mod tests;
