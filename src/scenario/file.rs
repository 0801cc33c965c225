//! From a path to one merged tree: reads the file, what it is like, and the lists that it names.

use std::path::Path;

use crate::scenario::catalogue::FILE;
use crate::scenario::catalogue::policy::POLICY;
use crate::scenario::key::nearest;
use crate::scenario::merge::{drop_inherited, merge, take};
use crate::scenario::node::{self, Entry, Node, Table, Value};
use crate::scenario::problem::{Problem, SourceFile, SourceKind, error};

/// Largest file that is read [bytes]: real lists are far smaller, and a device has no end.
const LARGEST: u64 = 64 * 1024 * 1024;

/// The files read so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// In the order of reading.
    pub sources: Vec<SourceFile>,
    /// Whether other files may be read.
    pub has_folder: bool,
    /// True: all files are here already, as they were when a run was made, and none is read from the disk.
    pub is_kept: bool,
}

impl Library {
    /// The path of a file that is named in another one.
    pub fn beside(&self, source: usize, name: &str) -> String {
        let folder = self
            .sources
            .get(source)
            .and_then(|s| Path::new(&s.path).parent());
        match folder {
            Some(folder) => folder.join(name).to_string_lossy().into_owned(),
            None => name.to_owned(),
        }
    }

    /// Index of a file that has been read.
    pub fn find(&self, path: &str) -> Option<usize> {
        self.sources.iter().position(|s| s.path == path)
    }

    /// Reads a file, once.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn load(&mut self, path: &str) -> Result<usize, String> {
        if let Some(known) = self.find(path) {
            return Ok(known);
        }
        if self.is_kept {
            return Err("it is not among the files that were kept".to_owned());
        }
        let about = std::fs::metadata(path).map_err(|e| reason(&e))?;
        if !about.is_file() {
            return Err("it is not a file".to_owned());
        }
        if about.len() > LARGEST {
            return Err(format!("it is larger than {} MiB", LARGEST / 1024 / 1024));
        }
        let bytes = std::fs::read(path).map_err(|e| reason(&e))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| "it is not text in UTF-8; save it as UTF-8".to_owned())?;
        self.sources.push(SourceFile::new(path, text));
        Ok(self.sources.len() - 1)
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "it may not be read".to_owned(),
        _ => error.to_string(),
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
    let path = library.beside(entry.node.span.source, name);
    let index = library.load(&path).map_err(|why| {
        (
            format!("cannot read {path}: {why}"),
            "a path is relative to the file that names it".to_owned(),
        )
    })?;
    let same = |source: &usize| {
        let there = |p: &str| std::fs::canonicalize(p).ok().filter(|_| !library.is_kept);
        let place = there(&path);
        *source == index || place.is_some() && there(&library.sources[*source].path) == place
    };
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

/// Replaces each policy that is like another by the two merged.
fn like_policies(tree: &mut Table, problems: &mut Vec<Problem>) {
    let Some(at) = tree.entries.iter().position(|e| e.key == "policies") else {
        return;
    };
    let Value::Table(policies) = &mut tree.entries[at].node.value else {
        return;
    };
    let written = policies.clone();
    for entry in &mut policies.entries {
        if let Value::Table(own) = &entry.node.value {
            let mut chain = vec![entry.key.clone()];
            let whole = like_policy(&written, own, &mut chain, problems);
            entry.node.value = Value::Table(whole);
        }
    }
}

fn like_policy(
    written: &Table,
    own: &Table,
    chain: &mut Vec<String>,
    problems: &mut Vec<Problem>,
) -> Table {
    let mut own = own.clone();
    let like = take(&mut own, "like");
    let without = take(&mut own, "without");
    let key = format!("policies.{}.like", chain[chain.len() - 1]);
    let mut base = Table::default();
    if let Some(entry) = &like {
        let named = entry
            .node
            .as_text()
            .and_then(|name| Some((name, written.table(name)?)));
        match named {
            Some((name, _)) if chain.iter().any(|c| c == name) => {
                problems.push(error(
                    &key,
                    entry.node.span,
                    format!("`like` runs in a circle: {} -> {name}", chain.join(" -> ")),
                    "let one of these policies stand on its own".to_owned(),
                ));
            }
            Some((name, table)) => {
                chain.push(name.to_owned());
                base = like_policy(written, table, chain, problems);
                chain.pop();
                // A description speaks of one policy only.
                take(&mut base, "description");
            }
            None => {
                let name = entry.node.as_text().unwrap_or_default();
                let names = written.entries.iter().map(|e| e.key.as_str());
                let remedy = match nearest(name, names) {
                    Some(right) => format!("did you mean \"{right}\"?"),
                    None => "name a policy of this scenario".to_owned(),
                };
                let what = format!("there is no policy \"{name}\" to start from");
                problems.push(error(&key, entry.node.span, what, remedy));
            }
        }
    }
    let path = format!("policies.{}.without", chain[chain.len() - 1]);
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
                library.load(&place).map(|at| {
                    let kind = match entry.key.as_str() {
                        "replay" => SourceKind::Arrivals,
                        _ if key == "opening.file" => SourceKind::Cases,
                        _ => SourceKind::Values,
                    };
                    let file = &mut library.sources[at];
                    file.kind = file.kind.max(kind);
                })
            } else {
                Err("this text has no folder in which it could be found".to_owned())
            };
            if let Err(why) = read {
                problems.push(error(
                    &key,
                    span,
                    format!("cannot read {place}: {why}"),
                    "a path is relative to the file that names it".to_owned(),
                ));
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
