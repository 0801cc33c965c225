//! Whether a run that was played again came out the same, file by file.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::output::kept::{Listed, hash_of};
use crate::output::manifest::{MANIFEST, Manifest, Platform, Written};
use crate::text::{brief, one_line};

/// How a file came out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The same bits, and the file is as the run wrote it.
    Same,
    /// The same bits as the run wrote; the file in the folder has been changed since, or is gone.
    SameButChanged,
    /// Other bits; where the first difference is, as far as the files tell.
    Differs(String),
    /// This version writes no such file.
    Missing,
    /// It is not made again, and is as casecap wrote it.
    Intact,
    /// It is not made again, and was changed since casecap wrote it, or is gone.
    Altered,
}

impl Outcome {
    /// True where nothing is wrong with the file.
    pub fn is_good(&self) -> bool {
        matches!(self, Outcome::Same | Outcome::Intact)
    }
}

/// A file that was held against its repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Name of the file.
    pub name: String,
    /// How it came out.
    pub outcome: Outcome,
}

/// Holds every file of a folder that is not made again against the manifest: the manifest itself, and what was added.
///
/// * `not_again` - further names that are not made again
pub fn intact(folder: &Path, listed: &Listed, not_again: &[&str]) -> Vec<Verdict> {
    let troubles = listed.troubles(folder);
    let is_altered = |name: &str| troubles.iter().any(|t| t.file() == name);
    let files = listed
        .files
        .iter()
        .filter(|file| not_again.contains(&file.name.as_str()));
    let names = files.chain(&listed.added).map(|file| file.name.as_str());
    names
        .chain([MANIFEST])
        .map(|name| Verdict {
            name: name.to_owned(),
            outcome: match is_altered(name) {
                true => Outcome::Altered,
                false => Outcome::Intact,
            },
        })
        .collect()
}

/// Holds files against their repetition.
///
/// * `folder` - of the results, with the files `kept`; * `again` - of its repetition, with the files `fresh`
///
/// # Errors
/// A file of the repetition cannot be read.
pub fn compare(
    folder: &Path,
    kept: &[Written],
    again: &Path,
    fresh: &[Written],
) -> io::Result<Vec<Verdict>> {
    let verdict = |name: &str, hash: &str| -> io::Result<Outcome> {
        let Some(now) = fresh.iter().find(|file| file.name == name) else {
            return Ok(Outcome::Missing);
        };
        let stands = hash_of(&folder.join(name)).is_ok_and(|there| there == hash);
        Ok(match (now.sha256 == hash, stands) {
            (true, true) => Outcome::Same,
            (true, false) => Outcome::SameButChanged,
            (false, true) if !name.ends_with(".csv") => {
                Outcome::Differs("its bytes are others".to_owned())
            }
            (false, true) => {
                Outcome::Differs(first_difference(&folder.join(name), &again.join(name))?)
            }
            (false, false) => {
                Outcome::Differs("the file in the folder has been changed too".to_owned())
            }
        })
    };
    kept.iter()
        .map(|file| {
            Ok(Verdict {
                name: file.name.clone(),
                outcome: verdict(&file.name, &file.sha256)?,
            })
        })
        .collect()
}

/// The first line that differs, in words.
fn first_difference(before: &Path, now: &Path) -> io::Result<String> {
    let lines =
        |path: &Path| -> io::Result<_> { Ok(BufReader::new(fs::File::open(path)?).split(b'\n')) };
    let (mut before, mut now) = (lines(before)?, lines(now)?);
    let mut line = 0_u64;
    loop {
        line += 1;
        match (before.next().transpose()?, now.next().transpose()?) {
            (None, None) => return Ok("no line of it differs".to_owned()),
            (a, b) if a == b => {}
            (Some(a), Some(b)) => {
                return Ok(format!(
                    "line {line} was\n      {}\n    and is\n      {}",
                    shown(&a),
                    shown(&b)
                ));
            }
            (Some(_), None) => return Ok(format!("it ends before line {line}")),
            (None, Some(_)) => return Ok(format!("it goes on from line {line}")),
        }
    }
}

fn shown(line: &[u8]) -> String {
    /// Letters of a line that are shown.
    const LONGEST: usize = 160;
    let text = String::from_utf8_lossy(line);
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(LONGEST).collect()
}

/// What may explain a difference: version, platform, input, in words; nothing where all are the same.
pub fn reasons(kept: &Manifest, fresh: &Manifest) -> Vec<String> {
    let mut told = fresh.differences(kept);
    let here = Platform::here();
    if kept.platform != here {
        told.push(format!(
            "platform: {} on {} there, {} on {} now",
            kept.platform.os, kept.platform.arch, here.os, here.arch
        ));
    }
    told
}

/// Writes what was found.
///
/// # Errors
/// Those of `out`.
pub fn report(
    out: &mut dyn io::Write,
    folder: &Path,
    verdicts: &[Verdict],
    reasons: &[String],
) -> io::Result<()> {
    let width = verdicts
        .iter()
        .map(|v| brief(&v.name).chars().count())
        .max()
        .unwrap_or(0);
    for Verdict { name, outcome } in verdicts {
        let words = match outcome {
            Outcome::Same => "the same bits".to_owned(),
            Outcome::SameButChanged => {
                let now = match folder.join(name).exists() {
                    true => "not as the run wrote it",
                    false => "gone",
                };
                format!("the run comes out the same, but the file in the folder is {now}")
            }
            Outcome::Differs(place) => format!("differs: {place}"),
            Outcome::Missing => "is not written by this version".to_owned(),
            Outcome::Intact => "as casecap wrote it".to_owned(),
            Outcome::Altered if folder.join(name).exists() => {
                "changed since casecap wrote it".to_owned()
            }
            Outcome::Altered => "gone since casecap wrote it".to_owned(),
        };
        writeln!(out, "  {:width$}  {}", brief(name), one_line(&words))?;
    }
    let shown = folder.display();
    let (again, only): (Vec<&Verdict>, Vec<&Verdict>) = verdicts
        .iter()
        .partition(|v| !matches!(v.outcome, Outcome::Intact | Outcome::Altered));
    let same = again.iter().filter(|v| v.outcome.is_good()).count();
    let intact = only.iter().filter(|v| v.outcome.is_good()).count();
    match (same == again.len(), again.is_empty()) {
        (_, true) => writeln!(out, "{shown}: nothing was simulated again.")?,
        (true, _) => writeln!(
            out,
            "{shown}: all {same} files come out the same, bit for bit."
        )?,
        (false, _) => writeln!(
            out,
            "{shown}: {same} of {} files come out the same.",
            again.len()
        )?,
    }
    match only.len() - intact {
        0 => writeln!(
            out,
            "Everything else that casecap wrote there is as it was written."
        )?,
        altered => writeln!(
            out,
            "Of what is not made again, {altered} of {} files were changed or removed since casecap wrote them.",
            only.len()
        )?,
    }
    if same == again.len() {
        return Ok(());
    }
    if !reasons.is_empty() {
        writeln!(out, "What differs between the two runs:")?;
        for reason in reasons {
            writeln!(out, "  {}", one_line(reason))?;
        }
    }
    Ok(())
}
