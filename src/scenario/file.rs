//! From a path to one merged tree: reads the file, what it is like, and the lists that it names.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::scenario::catalogue::FILE;
use crate::scenario::catalogue::policy::POLICY;
use crate::scenario::key::nearest;
use crate::scenario::merge::{drop_inherited, merge, take};
use crate::scenario::node::{self, Entry, Node, Table, Value};
use crate::scenario::problem::{Problem, SourceFile, SourceKind, error};

/// Largest file that is read [bytes]: real lists are far smaller, and a device has no end.
pub const LARGEST: u64 = 64 * 1024 * 1024;
/// Most files of which one starts from the next.
const DEEPEST: usize = 100;
/// What to do about a file that may not be read because of where it lies.
pub const OUTSIDE: &str =
    "put it beside the scenario or below, or allow the folder that it lies in";

/// Which lists a scenario may name: those in the folder of the file that names them or below it, and those in folders that
/// its reader allows. What it starts from with `like` may be any scenario file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    folders: Vec<PathBuf>,
}

impl Access {
    /// Files in these folders, or below them, may be read too.
    pub fn to(folders: &[PathBuf]) -> Access {
        Access {
            folders: folders.to_vec(),
        }
    }
}

/// Why a file was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The reason, in words.
    pub why: String,
    /// What to do; empty: it depends on who names the file.
    pub remedy: String,
}

impl Unread {
    fn of(why: &str, remedy: &str) -> Unread {
        Unread {
            why: why.to_owned(),
            remedy: remedy.to_owned(),
        }
    }
}

/// The files read so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// In the order of reading.
    pub sources: Vec<SourceFile>,
    /// Whether other files may be read.
    pub has_folder: bool,
    /// True: all files are here already, as they were when a run was made, and none is read from the disk.
    pub is_kept: bool,
    /// The files that may be read.
    pub access: Access,
}

impl Library {
    /// The path of a file that is named in another one.
    pub fn beside(&self, source: usize, name: &str) -> PathBuf {
        let folder = self.sources.get(source).and_then(|s| s.place.parent());
        match folder {
            Some(folder) => folder.join(name),
            None => PathBuf::from(name),
        }
    }

    /// Index of a file that has been read.
    pub fn find(&self, path: &Path) -> Option<usize> {
        self.sources.iter().position(|s| s.place == path)
    }

    /// Reads a list, once, where [`Access`] allows it, wherever links and `..` lead.
    ///
    /// * `source` - index of the file that names it
    ///
    /// # Errors
    /// Why not.
    pub fn load_list(&mut self, path: &Path, source: usize) -> Result<usize, Unread> {
        if !self.is_kept && self.find(path).is_none() && self.is_outside(path, source)? {
            let why = "it lies outside the folder of the scenario";
            return Err(Unread::of(why, OUTSIDE));
        }
        self.load(path)
    }

    /// Whether a file lies outside the folder of the file that names it, and outside those that are allowed.
    fn is_outside(&self, path: &Path, source: usize) -> Result<bool, Unread> {
        let real = std::fs::canonicalize(path).map_err(|e| reason(&e))?;
        let own = self.sources.get(source).map(|first| {
            let folder = first.place.parent().unwrap_or(Path::new(""));
            match folder.as_os_str().is_empty() {
                true => PathBuf::from("."),
                false => folder.to_owned(),
            }
        });
        let mut folders = own.iter().chain(&self.access.folders);
        let is_in = |f: &PathBuf| std::fs::canonicalize(f).is_ok_and(|f| real.starts_with(f));
        Ok(!folders.any(is_in))
    }

    /// Reads a file, once.
    ///
    /// # Errors
    /// Why not.
    pub fn load(&mut self, path: &Path) -> Result<usize, Unread> {
        if let Some(known) = self.find(path) {
            return Ok(known);
        }
        if self.is_kept {
            let why = "it is not among the files that were kept";
            return Err(Unread::of(why, ""));
        }
        let about = std::fs::metadata(path).map_err(|e| reason(&e))?;
        if about.is_dir() {
            return Err(Unread::of("it is a folder", "name a file in it"));
        }
        if !about.is_file() {
            return Err(Unread::of("it is not a file", "name a file"));
        }
        if about.len() > LARGEST {
            let why = format!("it is larger than {} MiB", LARGEST / 1024 / 1024);
            return Err(Unread::of(&why, "name a smaller file"));
        }
        let bytes = std::fs::read(path).map_err(|e| reason(&e))?;
        let text = text_of(bytes)?;
        self.sources.push(SourceFile::at(path.to_owned(), text));
        Ok(self.sources.len() - 1)
    }
}

/// Text in UTF-8.
///
/// # Errors
/// What it is instead, and how to save it.
pub fn text_of(bytes: Vec<u8>) -> Result<String, Unread> {
    String::from_utf8(bytes).map_err(|error| match error.as_bytes() {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Unread::of(
            "it is text in UTF-16",
            "save it as UTF-8; in Excel choose \"CSV UTF-8\" and not \"Unicode Text\"",
        ),
        _ => Unread::of("it is not text in UTF-8", "save it as UTF-8"),
    })
}

fn reason(error: &std::io::Error) -> Unread {
    match error.kind() {
        std::io::ErrorKind::NotFound => Unread::of("there is no such file", ""),
        std::io::ErrorKind::PermissionDenied => Unread::of(
            "it may not be read",
            "ask its owner for the right to read it",
        ),
        _ => Unread::of(&error.to_string(), ""),
    }
}

/// Reads a tree and everything that it is like, and the lists that it names.
///
/// * `root` - index of the scenario's own file
/// * returns - what could be read
pub fn merged(library: &mut Library, root: usize, problems: &mut Vec<Problem>) -> Table {
    let mut chain = Vec::new();
    let mut tree = with_bases(library, root, &mut chain, problems);
    like_policies(&mut tree, problems);
    load_lists(library, &tree, "", problems);
    tree
}

fn with_bases(
    library: &mut Library,
    source: usize,
    chain: &mut Vec<usize>,
    problems: &mut Vec<Problem>,
) -> Table {
    let text = library.sources[source].text.clone();
    let mut own = match node::parse(source, &text) {
        Ok(table) => table,
        Err(list) => {
            problems.extend(list);
            return Table::default();
        }
    };
    chain.push(source);
    let like = take(&mut own, "like");
    let without = take(&mut own, "without");
    let mut base = Table::default();
    if let Some(entry) = &like {
        match base_of(library, entry, chain) {
            Ok(index) => base = with_bases(library, index, chain, problems),
            Err((what, remedy)) => problems.push(error("like", entry.node.span, what, remedy)),
        }
    }
    drop_inherited(
        &mut base,
        without.as_ref(),
        "without",
        like.is_some(),
        problems,
    );
    chain.pop();
    merge(base, own, &FILE)
}

/// Whether a text is TOML whose sections a scenario may have.
fn is_scenario(text: &str) -> bool {
    node::parse(0, text).is_ok_and(|table| table.entries.iter().all(|e| FILE.key(&e.key).is_some()))
}

fn base_of(
    library: &mut Library,
    entry: &Entry,
    chain: &[usize],
) -> Result<usize, (String, String)> {
    let Some(name) = entry.node.as_text() else {
        return Err((
            format!(
                "`like` must be the name of a scenario file, and is {}",
                entry.node.kind()
            ),
            "write like = \"england-2025.toml\"".to_owned(),
        ));
    };
    if !library.has_folder {
        return Err((
            "this text has no folder in which `like` could be found".to_owned(),
            "save it as a file, or write everything in it".to_owned(),
        ));
    }
    let place = library.beside(entry.node.span.source, name);
    let path = place.to_string_lossy();
    let source = entry.node.span.source;
    let is_outside = !library.is_kept
        && library
            .is_outside(&place, source)
            .map_err(|unread| cannot_read(&path, unread))?;
    let known = library.sources.len();
    let index = library
        .load(&place)
        .map_err(|unread| cannot_read(&path, unread))?;
    // Of another file than was meant nothing is shown: its lines may be nobody's business.
    if is_outside && index >= known && !is_scenario(&library.sources[index].text) {
        library.sources.truncate(known);
        return Err((
            format!("{path} is no scenario file"),
            "name a scenario; what is wrong with it, `casecap check` says of that file itself"
                .to_owned(),
        ));
    }
    let same = |source: &usize| {
        let there = |p: &Path| std::fs::canonicalize(p).ok().filter(|_| !library.is_kept);
        let real = there(&place);
        *source == index || real.is_some() && there(&library.sources[*source].place) == real
    };
    if chain.len() >= DEEPEST {
        return Err((
            format!("more than {DEEPEST} files start from one another"),
            "write what they have in common in one file".to_owned(),
        ));
    }
    if let Some(from) = chain.iter().position(same) {
        let mut names: Vec<&str> = chain[from..]
            .iter()
            .map(|s| library.sources[*s].path.as_str())
            .collect();
        names.push(&path);
        return Err((
            format!("`like` runs in a circle: {}", names.join(" -> ")),
            "let one of these files stand on its own".to_owned(),
        ));
    }
    Ok(index)
}

/// What to say of a file that a scenario names and that was not read.
fn cannot_read(path: &str, unread: Unread) -> (String, String) {
    let remedy = match unread.remedy.is_empty() {
        true => "a path is relative to the file that names it".to_owned(),
        false => unread.remedy,
    };
    (format!("cannot read {path}: {}", unread.why), remedy)
}

/// Replaces each policy that is like another by the two merged.
fn like_policies(tree: &mut Table, problems: &mut Vec<Problem>) {
    let Some(at) = tree.entries.iter().position(|e| e.key == "policies") else {
        return;
    };
    let Value::Table(policies) = &mut tree.entries[at].node.value else {
        return;
    };
    let written = policies.clone();
    let index = written.entries.iter().zip(0..);
    let index: BTreeMap<&str, usize> = index.map(|(e, at)| (e.key.as_str(), at)).collect();
    let base_of = |at: usize| {
        let own = written.entries[at].node.as_table()?;
        let base = *index.get(own.text("like")?)?;
        written.entries[base].node.as_table().map(|_| base)
    };
    let mut is_whole = vec![false; written.entries.len()];
    let mut is_open = is_whole.clone();
    for from in 0..written.entries.len() {
        // From a policy to what it is like, to one that is whole already or ends there; then back again, each once.
        let mut chain: Vec<usize> = Vec::new();
        let mut next = Some(from).filter(|at| !is_whole[*at]);
        while let Some(at) = next {
            is_open[at] = true;
            chain.push(at);
            next = base_of(at).filter(|base| !is_whole[*base] && !is_open[*base]);
        }
        for at in chain.iter().rev() {
            let entry = &written.entries[*at];
            if let Value::Table(own) = &entry.node.value {
                let base = base_of(*at).filter(|base| is_whole[*base]);
                let base = base.and_then(|base| policies.entries[base].node.as_table().cloned());
                if let (Some(again), None) = (base_of(*at), &base) {
                    let begins = chain.iter().position(|c| *c == again).unwrap_or(0);
                    let names = chain[begins..].iter().chain([&again]);
                    let names: Vec<&str> =
                        names.map(|c| written.entries[*c].key.as_str()).collect();
                    problems.extend(own.get("like").map(|like| {
                        error(
                            &format!("policies.{}.like", entry.key),
                            like.span,
                            format!("`like` runs in a circle: {}", names.join(" -> ")),
                            "let one of these policies stand on its own".to_owned(),
                        )
                    }));
                }
                let whole = like_policy(&entry.key, own, base, &index, problems);
                policies.entries[*at].node.value = Value::Table(whole);
            }
            is_whole[*at] = true;
        }
    }
}

/// A policy over the one that it is like.
///
/// * `base` - that one, whole; nothing where it is like no other, or where what it is like cannot be read
/// * `index` - the names of all policies
fn like_policy(
    name: &str,
    own: &Table,
    base: Option<Table>,
    index: &BTreeMap<&str, usize>,
    problems: &mut Vec<Problem>,
) -> Table {
    let mut own = own.clone();
    let like = take(&mut own, "like");
    let without = take(&mut own, "without");
    if let Some(entry) = &like {
        let named = entry.node.as_text().unwrap_or_default();
        if !index.contains_key(named) {
            let remedy = match nearest(named, index.keys().copied()) {
                Some(right) => format!("did you mean \"{right}\"?"),
                None => "name a policy of this scenario".to_owned(),
            };
            let what = format!("there is no policy \"{named}\" to start from");
            let key = format!("policies.{name}.like");
            problems.push(error(&key, entry.node.span, what, remedy));
        }
    }
    let mut base = base.unwrap_or_default();
    // A description speaks of one policy only.
    take(&mut base, "description");
    let path = format!("policies.{name}.without");
    drop_inherited(&mut base, without.as_ref(), &path, like.is_some(), problems);
    merge(base, own, &POLICY)
}

/// Reads the lists that a tree names, so that nothing has to be read later.
fn load_lists(library: &mut Library, table: &Table, path: &str, problems: &mut Vec<Problem>) {
    for entry in &table.entries {
        let key = format!("{path}{}", entry.key);
        let is_list = matches!(entry.key.as_str(), "file" | "replay");
        if let (true, Some(name)) = (is_list, entry.node.as_text()) {
            let span = entry.node.span;
            let place = library.beside(span.source, name);
            let read = if library.has_folder {
                library.load_list(&place, span.source).map(|at| {
                    let kind = match entry.key.as_str() {
                        "replay" => SourceKind::Arrivals,
                        _ if key == "opening.file" => SourceKind::Cases,
                        _ => SourceKind::Values,
                    };
                    let file = &mut library.sources[at];
                    file.kind = file.kind.max(kind);
                })
            } else {
                let why = "this text has no folder in which it could be found";
                Err(Unread::of(why, "save it as a file"))
            };
            if let Err(unread) = read {
                let (what, remedy) = cannot_read(&place.to_string_lossy(), unread);
                problems.push(error(&key, span, what, remedy));
            }
        }
        load_in(library, &entry.node, &key, problems);
    }
}

fn load_in(library: &mut Library, node: &Node, key: &str, problems: &mut Vec<Problem>) {
    match &node.value {
        Value::Table(inner) => load_lists(library, inner, &format!("{key}."), problems),
        Value::List(list) => {
            for (at, item) in list.iter().enumerate() {
                load_in(library, item, &format!("{key}[{}]", at + 1), problems);
            }
        }
        _ => {}
    }
}
