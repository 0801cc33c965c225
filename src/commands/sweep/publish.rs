//! What a sweep comes to when it is whole.

use std::path::Path;

use casecap::output::folder::REPORT;
use casecap::output::manifest::shell_word;
use casecap::output::page::shell::is_ours;
use casecap::output::sweep::page;
use casecap::output::sweep::spec::Spec;
use casecap::output::sweep::store::Store;
use casecap::output::sweep::tables::{Whole, write};
use casecap::output::sweep::words;
use casecap::output::terminal;
use casecap::text::one_line;

use crate::commands::console::{as_typed, ended, print};
use crate::commands::failure::Done;

/// Writes the tables, and shows the main numbers.
pub fn publish(
    folder: &Path,
    store: &mut Store,
    whole: &Whole<'_>,
    has_report: bool,
    is_quiet: bool,
) -> Done {
    let most = words::ROWS.div_ceil(whole.spec.policies.len().max(1));
    let (published, mut files, shown) = write(folder, store, whole, most)?;
    let code = ended(folder, &published.folder, published.is_beside);
    // A page that is there already keeps in step.
    let old = published.folder.join(REPORT);
    if has_report || (old.exists() && is_ours(&old)) {
        page::write(&published.folder)?;
        files.push(REPORT.to_owned());
    }
    if !is_quiet {
        print(|out| {
            words::answer(out, whole.sweep, &whole.spec.policies, &shown)?;
            terminal::files(out, &published.folder, &files)
        })?;
    }
    Ok(code)
}

/// The command that goes on with the sweep of a folder.
pub fn resuming(spec: &Spec, folder: &Path) -> String {
    let share = spec.shard.filter(|(_, n)| *n > 1);
    let share = share.map_or(String::new(), |(i, n)| format!(" --shard {i}/{n}"));
    let out = shell_word(&folder.to_string_lossy());
    format!("{}{share} --out {out} --resume", spec.command)
}

/// The command that was typed, to go on with its sweep.
pub fn typed_again() -> String {
    let mut words = as_typed().replace(" --force", "").replace(" --resume", "");
    if let Some(at) = words.find(" --block ") {
        words.truncate(at);
    }
    one_line(&format!("{words} --resume"))
}
