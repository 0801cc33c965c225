//! What a sweep comes to when it is whole.

use std::path::Path;
use std::process::ExitCode;

use casecap::output::folder::REPORT;
use casecap::output::page::shell::is_ours;
use casecap::output::sweep::page;
use casecap::output::sweep::spec::Spec;
use casecap::output::sweep::store::Store;
use casecap::output::sweep::tables::{Whole, write};
use casecap::output::sweep::words;
use casecap::output::terminal;
use casecap::text::one_line;

use crate::commands::console::print;
use crate::commands::failure::{Done, Failure};

/// Writes the tables, and shows the main numbers.
pub fn publish(
    folder: &Path,
    store: &mut Store,
    whole: &Whole<'_>,
    has_report: bool,
    is_quiet: bool,
) -> Done {
    let most = words::ROWS.div_ceil(whole.spec.policies.len().max(1));
    let written = write(folder, store, whole, most);
    let (mut files, shown) = written.map_err(|e| {
        Failure::Running(format!(
            "the results could not be written to {}: {e}",
            folder.display()
        ))
    })?;
    // A page that is there already keeps in step.
    let old = folder.join(REPORT);
    if has_report || (old.exists() && is_ours(&old)) {
        page::write(folder)?;
        files.push(REPORT.to_owned());
    }
    if is_quiet {
        return Ok(ExitCode::SUCCESS);
    }
    print(|out| {
        words::answer(out, whole.sweep, &whole.spec.policies, &shown)?;
        terminal::files(out, folder, &files)
    })
}

/// The command that goes on with a sweep.
pub fn resuming(spec: &Spec) -> String {
    let mut words = spec
        .command
        .replace(" --force", "")
        .replace(" --resume", "");
    if let Some(at) = words.find(" --block ") {
        words.truncate(at);
    }
    one_line(&format!("{words} --resume"))
}
