//! A scenario with some numbers set, that can stand beside the scenario itself.

use crate::experiment::plan::layout;
use crate::scenario::document::Document;
use crate::scenario::problem::{Problem, Problems, Severity};
use crate::scenario::vary::setting::Setting;

/// The scenario with some numbers set, of the same months as it has.
///
/// # Errors
/// All problems at once.
pub fn varied(document: &Document, settings: &[Setting]) -> Result<Document, Problems> {
    let varied = document.varied(settings)?;
    if layout(varied.scenario()) == layout(document.scenario()) {
        return Ok(varied);
    }
    let problem = Problem {
        severity: Severity::Error,
        what: "`months` may not differ between the settings of one question".to_owned(),
        remedy: "write the months in the file".to_owned(),
        key: "months".to_owned(),
        span: None,
    };
    Err(Problems::new(vec![problem], Vec::new()))
}
