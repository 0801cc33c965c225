//! The folder of a guideline, read back.

use std::fs;
use std::path::{Path, PathBuf};

use crate::model::calendar::Month;
use crate::output::guideline::folder::{Manifest, STATEMENT};
use crate::output::kept::Listed;
use crate::output::kept::problem::KeptError;
use crate::output::manifest::{MANIFEST, Source};
use crate::scenario::document::Document;

/// A guideline that was found, as its folder tells it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The folder.
    pub folder: PathBuf,
    /// What was asked.
    pub manifest: Manifest,
    /// The statement, in paragraphs.
    pub statement: Vec<String>,
    /// The scenario, checked again; nothing where this version no longer takes it.
    pub document: Option<Document>,
    /// The bytes of the manifest.
    pub manifest_text: Vec<u8>,
}

impl Kept {
    /// Reads the folder of a guideline.
    ///
    /// # Errors
    /// [`KeptError`]: what is wrong with the folder or its files, all at once.
    pub fn open(folder: &Path) -> Result<Kept, KeptError> {
        let unreadable = |why: String| KeptError::Manifest(folder.join(MANIFEST), why);
        let listed = Listed::open(folder)?;
        let manifest: Manifest =
            serde_json::from_slice(&listed.text).map_err(|e| unreadable(e.to_string()))?;
        listed.check(folder)?;
        let statement = fs::read_to_string(folder.join(STATEMENT))
            .map_err(|e| KeptError::Manifest(folder.join(STATEMENT), e.to_string()))?;
        let document = Source::document(&manifest.scenario, &manifest.scenario_files).ok();
        Ok(Kept {
            folder: folder.to_owned(),
            statement: statement
                .split("\n\n")
                .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
                .collect(),
            document,
            manifest,
            manifest_text: listed.text,
        })
    }

    /// True where it wrote a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.manifest.files.iter().any(|file| file.name == name)
    }

    /// First and last month, as `March 2028`; empty where the scenario is not taken any more.
    pub fn ends(&self) -> [String; 2] {
        let document = self.document.as_ref();
        let months = document.map(|d| d.scenario().calendar.reported());
        let name = |month: Option<&Month>| {
            month.map_or(String::new(), |m| m.last_day.strftime("%B %Y").to_string())
        };
        let months = months.unwrap_or_default();
        [name(months.first()), name(months.last())]
    }
}
