//! Whose a workbook is.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use zip::ZipArchive;

/// What workbooks of this program say that they were made and last changed by: a spreadsheet that saves one says another.
pub(super) const AUTHOR: &str = "casecap";

/// True where this program wrote a workbook and nobody has saved it since, so that it may be written anew.
pub fn is_ours(path: &Path) -> bool {
    /// The properties are far shorter [bytes].
    const LONGEST: u64 = 1 << 16;
    let properties = || -> Option<String> {
        let mut archive = ZipArchive::new(File::open(path).ok()?).ok()?;
        let entry = archive.by_name("docProps/core.xml").ok()?;
        let mut text = String::new();
        entry.take(LONGEST).read_to_string(&mut text).ok()?;
        Some(text)
    };
    let mark = format!("<cp:lastModifiedBy>{AUTHOR}</cp:lastModifiedBy>");
    properties().is_some_and(|text| text.contains(&mark))
}
