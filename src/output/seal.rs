//! The manifest's hash over itself, and the files that are added to results later.
//!
//! A manifest ends with the field `manifest_sha256`: the SHA-256 of the file as it is without that last field. What
//! `report`, `workbook` and `evidence` add to a folder stands in `added`, as the files of the results in `files`.

use std::io;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::output::manifest::Written;
use crate::output::store::hashed::hexadecimal;

/// The field of the files that were added later.
pub const ADDED: &str = "added";
/// What the last field begins with.
const LEAD: &str = ",\n  \"manifest_sha256\": \"";
/// What follows the hash.
const TAIL: &str = "\"\n}\n";

/// What a manifest's hash says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seal {
    /// It is as casecap wrote it.
    Whole,
    /// It was changed since.
    Changed,
    /// It has no hash: an earlier version wrote it, or somebody removed the hash.
    Absent,
}

/// The text of a manifest with its hash.
///
/// * `manifest` - an object with at least one field
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn sealed(manifest: &impl Serialize) -> io::Result<Vec<u8>> {
    let mut text = serde_json::to_string_pretty(manifest)?;
    text.push('\n');
    let hash = hexadecimal(&Sha256::digest(text.as_bytes()));
    text.truncate(text.len() - "\n}\n".len());
    text.push_str(&format!("{LEAD}{hash}{TAIL}"));
    Ok(text.into_bytes())
}

/// Holds a manifest against its own hash.
pub fn seal(text: &[u8]) -> Seal {
    let parts = || -> Option<(&str, &str)> {
        let text = std::str::from_utf8(text).ok()?;
        let (before, hash) = text.strip_suffix(TAIL)?.rsplit_once(LEAD)?;
        Some((before, hash))
    };
    match parts() {
        None => Seal::Absent,
        Some((before, hash)) => {
            let own = Sha256::digest(format!("{before}\n}}\n"));
            match hexadecimal(&own) == hash {
                true => Seal::Whole,
                false => Seal::Changed,
            }
        }
    }
}

/// The manifest with files that were added to the folder.
///
/// * `text` - the manifest as it is
/// * `new` - the files added, by name below the folder
/// * `is_replaced` - of a name that was added before: true where the new files take its place
///
/// # Errors
/// Where the text is no manifest.
pub fn with_added(
    text: &[u8],
    new: &[Written],
    is_replaced: impl Fn(&str) -> bool,
) -> io::Result<Vec<u8>> {
    let mut manifest: Value = serde_json::from_slice(text)?;
    let fields = manifest
        .as_object_mut()
        .ok_or_else(|| io::Error::other("the manifest is not an object"))?;
    fields.shift_remove("manifest_sha256");
    let mut added: Vec<Written> = match fields.shift_remove(ADDED) {
        Some(earlier) => serde_json::from_value(earlier)?,
        None => Vec::new(),
    };
    added.retain(|file| !is_replaced(&file.name));
    added.extend(new.iter().cloned());
    added.sort_by(|a, b| a.name.cmp(&b.name));
    if !added.is_empty() {
        fields.insert(ADDED.to_owned(), serde_json::to_value(added)?);
    }
    sealed(&manifest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(name: &str) -> Written {
        Written {
            sha256: "00".to_owned(),
            ..Written::planned(name)
        }
    }

    #[test]
    fn a_manifest_holds_the_hash_of_itself_without_that_field() {
        let text = sealed(&serde_json::json!({ "title": "A team", "seconds": 0.1 })).unwrap();
        let plain = "{\n  \"title\": \"A team\",\n  \"seconds\": 0.1\n}\n";
        let hash = hexadecimal(&Sha256::digest(plain));
        assert!(String::from_utf8_lossy(&text).ends_with(&format!("\"{hash}\"\n}}\n")));
        assert_eq!(seal(&text), Seal::Whole);
        let value: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["manifest_sha256"], hash);
        for at in 0..text.len() {
            let mut changed = text.clone();
            changed[at] ^= 1;
            assert_ne!(seal(&changed), Seal::Whole, "{at}");
        }
        assert_eq!(seal(plain.as_bytes()), Seal::Absent);
        assert_eq!(seal(b""), Seal::Absent);
    }

    #[test]
    fn files_that_are_added_stand_in_it_once_and_change_no_other_field() {
        let numbers = [
            0.1,
            1.0 / 3.0,
            2.2250738585072014e-308,
            123_456_789.123_456_79,
        ];
        let text = sealed(&serde_json::json!({ "numbers": numbers })).unwrap();
        let names = |text: &[u8]| -> Vec<String> {
            let value: Value = serde_json::from_slice(text).unwrap();
            let added: Vec<Written> = serde_json::from_value(value[ADDED].clone()).unwrap();
            assert_eq!(value["numbers"], serde_json::json!(numbers));
            assert_eq!(seal(text), Seal::Whole);
            added.into_iter().map(|file| file.name).collect()
        };
        let one = with_added(&text, &[written("report.html")], |_| false).unwrap();
        assert_eq!(names(&one), ["report.html"]);
        let pack = [written("evidence/b"), written("evidence/a")];
        let two = with_added(&one, &pack, |name| name.starts_with("evidence/")).unwrap();
        assert_eq!(names(&two), ["evidence/a", "evidence/b", "report.html"]);
        let three = with_added(&two, &[written("report.html")], |n| n == "report.html").unwrap();
        assert_eq!(three, two);
        let none = with_added(&two, &[], |_| true).unwrap();
        assert_eq!(none, text);
        assert!(with_added(b"[]", &[], |_| true).is_err());
    }
}
