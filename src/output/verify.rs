//! Whether a run that was played again came out the same, file by file.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::output::kept::hash_of;
use crate::output::manifest::{Manifest, Platform};
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
}

/// A file that was held against its repetition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Name of the file.
    pub name: String,
    /// How it came out.
    pub outcome: Outcome,
}

/// Holds every file of a run against its repetition.
///
/// * `folder` - of the run; * `again` - of its repetition, which `fresh` describes
///
/// # Errors
/// A file of the repetition cannot be read.
pub fn compare(
    folder: &Path,
    kept: &Manifest,
    again: &Path,
    fresh: &Manifest,
) -> io::Result<Vec<Verdict>> {
    let verdict = |name: &str, hash: &str| -> io::Result<Outcome> {
        let Some(now) = fresh.files.iter().find(|file| file.name == name) else {
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
    let files = kept.files.iter();
    files
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
        };
        writeln!(out, "  {:width$}  {}", brief(name), one_line(&words))?;
    }
    let is_same = |verdict: &&Verdict| verdict.outcome == Outcome::Same;
    let same = verdicts.iter().filter(is_same).count();
    if same == verdicts.len() {
        return writeln!(
            out,
            "{}: all {same} files come out the same, bit for bit.",
            folder.display()
        );
    }
    writeln!(
        out,
        "{}: {same} of {} files are the same.",
        folder.display(),
        verdicts.len()
    )?;
    if !reasons.is_empty() {
        writeln!(out, "What differs between the two runs:")?;
        for reason in reasons {
            writeln!(out, "  {}", one_line(reason))?;
        }
    }
    Ok(())
}
