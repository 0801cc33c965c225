//! The register of evidence: every number in force, where it comes from and how good that is.

use crate::scenario::catalogue::policy::{CHANGE, POLICY};
use crate::scenario::key::EVIDENCE_GRADES;
use crate::scenario::key::{Kind, Need, Section};
use crate::scenario::merge::kind_of;
use crate::scenario::names::join;
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::problem::SourceFile;
use crate::scenario::shape::accepts;

/// One number, law or table of shares, with its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Key path.
    pub key: String,
    /// As written in the file, or in the catalogue for a default.
    pub value: String,
    /// Where it comes from; absent where nobody says.
    pub source: Option<String>,
    /// A, A*, B, C, D or M; absent where nobody says.
    pub grade: Option<String>,
    /// Range as written.
    pub range: Option<String>,
    /// Law as written, where the number is not known.
    pub law: Option<String>,
    /// A word more.
    pub note: Option<String>,
    /// File; empty for a default.
    pub file: String,
    /// Line in the file, from 1.
    pub line: Option<usize>,
    /// True where the file says nothing and the program's own value holds.
    pub is_default: bool,
}

/// Order of a register that shows the weakest evidence first: D, M, nothing said, C, B, A*, A.
pub fn weakest_first(evidence: &Evidence) -> usize {
    match evidence.grade.as_deref() {
        Some("D") => 0,
        Some("M") => 1,
        None => 2,
        Some(grade) => {
            let at = EVIDENCE_GRADES.iter().position(|g| *g == grade);
            3 + EVIDENCE_GRADES.len() - at.unwrap_or(0)
        }
    }
}

/// What a register says of a key, or else of the nearest that it is a part of.
pub fn nearest<'a>(register: &'a [Evidence], key: &str) -> Option<&'a Evidence> {
    let covers = |own: &str| {
        let rest = key.strip_prefix(own);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
    };
    let all = register.iter().filter(|e| covers(&e.key));
    all.max_by_key(|e| e.key.len())
}

/// Where numbers are said to come from: what was said, and the file that said it.
#[derive(Clone, Debug, Default)]
struct Said {
    source: Option<String>,
    grade: Option<String>,
    range: Option<String>,
    note: Option<String>,
}

impl Said {
    /// Whether a table says anything of where its numbers come from.
    fn is_in(table: &Table) -> bool {
        let mut keys = table.entries.iter().map(|e| e.key.as_str());
        keys.any(|key| matches!(key, "source" | "grade" | "range" | "note"))
    }

    /// What a table says for the values of one file.
    fn by(table: &Table, file: usize, sources: &[SourceFile]) -> Said {
        let own = |key: &str| {
            let mut entries = table.entries.iter();
            entries
                .find(|e| e.key == key && e.key_span.source == file)
                .map(|e| &e.node)
        };
        let text = |key: &str| own(key).and_then(Node::as_text).map(str::to_owned);
        Said {
            source: text("source"),
            // In some tables `grade` is a grade of worker.
            grade: text("grade").filter(|g| EVIDENCE_GRADES.contains(&g.as_str())),
            range: own("range").map(|n| written(n, sources)),
            note: text("note"),
        }
    }

    /// What is said here, and where nothing is, what was said before.
    fn or(self, outer: Said) -> Said {
        // A source without a grade does not borrow the grade of another source.
        if self.source.is_some() || self.grade.is_some() {
            return self;
        }
        Said {
            range: self.range.or(outer.range),
            note: self.note.or(outer.note),
            ..outer
        }
    }
}

/// The register of a tree, in the order of the file, defaults last in each section.
pub fn register(tree: &Table, section: &'static Section, sources: &[SourceFile]) -> Vec<Evidence> {
    let mut walker = Walker {
        tree,
        sources,
        layers: Vec::new(),
        list: Vec::new(),
    };
    walker.section("", Some(tree), section, &None, &mut Vec::new());
    walker.list
}

struct Walker<'a> {
    tree: &'a Table,
    sources: &'a [SourceFile],
    /// The policy that is walked, and those of its changes that have been.
    layers: Vec<&'a Table>,
    list: Vec<Evidence>,
}

/// What a table is said over: nothing, or the tables of the same key beneath it, without those that are plain values.
type Beneath<'a> = Option<Vec<&'a Table>>;

/// What a key in a table is said over.
fn beneath_key<'a>(beneath: &Beneath<'a>, key: &str) -> Beneath<'a> {
    let tables = beneath.as_ref()?;
    let is_said = tables.iter().any(|table| table.get(key).is_some());
    is_said.then(|| tables.iter().filter_map(|t| t.table(key)).collect())
}

impl<'a> Walker<'a> {
    fn section(
        &mut self,
        path: &str,
        table: Option<&'a Table>,
        section: &'static Section,
        beneath: &Beneath<'a>,
        around: &mut Vec<&'a Table>,
    ) {
        // One that says nothing of sources is not looked at again for each number in it.
        let says = table.filter(|table| Said::is_in(table));
        around.extend(says);
        if std::ptr::eq(section, &POLICY) {
            self.layers = table.into_iter().collect();
        }
        for entry in table.iter().flat_map(|t| t.entries.iter()) {
            if matches!(entry.key.as_str(), "source" | "grade" | "range" | "note")
                && section.keys.iter().all(|k| k.name != entry.key)
            {
                continue;
            }
            // An inline law or a [evidence] line is no number of the service.
            if path.is_empty() && matches!(entry.key.as_str(), "evidence" | "run") {
                continue;
            }
            if let Some(kind) = kind_of(section, &entry.key) {
                let inner = join(path, &entry.key);
                let beneath = beneath_key(beneath, &entry.key);
                self.node(&inner, &entry.node, kind, &beneath, around);
            }
        }
        self.defaults(path, table, section, beneath, around);
        if says.is_some() {
            around.pop();
        }
    }

    /// What holds because the file says nothing.
    fn defaults(
        &mut self,
        path: &str,
        table: Option<&'a Table>,
        section: &'static Section,
        beneath: &Beneath<'a>,
        around: &mut Vec<&'a Table>,
    ) {
        let says = |key: &str| table.is_some_and(|t| t.get(key).is_some());
        let is_said_beneath = |key: &str| {
            beneath
                .iter()
                .flatten()
                .any(|table| table.get(key).is_some())
        };
        for key in section.keys {
            if path == "run" || says(key.name) || is_said_beneath(key.name) {
                continue;
            }
            let held = match key.need {
                Need::Preset(held) if beneath.is_none() => held,
                Need::PresetBeside(other, held) if says(other) && !is_said_beneath(other) => held,
                Need::Assumed => {
                    if let Kind::Table(inner) = &key.kind
                        && key.name != "run"
                        && beneath.is_none()
                    {
                        self.section(&join(path, key.name), None, inner, &None, around);
                    }
                    continue;
                }
                _ => continue,
            };
            if !held.source.is_empty() {
                self.list.push(Evidence {
                    key: join(path, key.name),
                    value: held.value.trim_matches('"').to_owned(),
                    source: Some(held.source.to_owned()),
                    grade: Some(held.grade.to_owned()),
                    range: None,
                    law: None,
                    note: None,
                    file: String::new(),
                    line: None,
                    is_default: true,
                });
            }
        }
    }

    /// What a change or a team is said over, from the layers that stand; a change becomes one of them.
    fn overlay(&mut self, section: &'static Section, table: &'a Table, name: &str) -> Beneath<'a> {
        let mut beneath = self.layers.clone();
        if std::ptr::eq(section, &CHANGE) {
            self.layers.push(table);
        } else {
            let own = |layer: &&'a Table| layer.table("teams").and_then(|t| t.table(name));
            let earlier = self.layers.iter().filter_map(own);
            beneath.extend(earlier.filter(|own| !std::ptr::eq(*own, table)));
        }
        Some(beneath)
    }

    fn node(
        &mut self,
        path: &str,
        node: &'a Node,
        kind: &'static Kind,
        beneath: &Beneath<'a>,
        around: &mut Vec<&'a Table>,
    ) {
        match kind {
            Kind::Table(section) => {
                if section.key("law").is_some() {
                    self.add(path, node, around);
                } else if let Some(table) = node.as_table() {
                    if section.is_overlay {
                        let name = path.rsplit('.').next().unwrap_or(path);
                        let beneath = self.overlay(section, table, name);
                        self.section(path, Some(table), section, &beneath, around);
                    } else {
                        self.section(path, Some(table), section, beneath, around);
                    }
                }
            }
            Kind::List(inner @ Kind::Table(section))
                if *path == *"posts"
                    || path.starts_with("policies.")
                    || section.key("law").is_some() =>
            {
                for (at, item) in node.as_list().unwrap_or_default().iter().enumerate() {
                    self.node(&format!("{path}[{}]", at + 1), item, inner, &None, around);
                }
            }
            Kind::List(Kind::Table(_)) => self.add(path, node, around),
            Kind::Either(one, other) => {
                if accepts(other, node) {
                    return self.node(path, node, other, beneath, around);
                }
                self.node(path, node, one, beneath, around);
                // A plain value leaves the rest of its table to the defaults.
                if let Kind::Table(section) = other
                    && section.short.is_some()
                {
                    self.defaults(path, None, section, beneath, around);
                }
            }
            Kind::Whole(..)
            | Kind::Number(_)
            | Kind::Duration(_)
            | Kind::WorkingDays
            | Kind::Law(_)
            | Kind::Shares(_)
            | Kind::Season => {
                self.add(path, node, around);
                self.parts(path, node, around);
            }
            _ => {}
        }
    }

    /// Numbers inside a law or a table of shares that have a source or a law of their own.
    fn parts(&mut self, path: &str, node: &'a Node, around: &[&'a Table]) {
        for entry in node.as_table().iter().flat_map(|t| t.entries.iter()) {
            if entry.node.as_table().is_some() {
                self.add(&join(path, &entry.key), &entry.node, around);
            }
        }
    }

    fn add(&mut self, path: &str, node: &'a Node, around: &[&'a Table]) {
        // The length of the play is a choice, not a claim.
        if matches!(path, "months" | "warm_up_months") {
            return;
        }
        let file = node.span.source;
        let own = node.as_table();
        let by = |table: &Table| Said::by(table, file, self.sources);
        let mut said = own.map(by).unwrap_or_default().or(self.listed(path, file));
        for table in around.iter().rev() {
            if said.source.is_none() && said.grade.is_none() {
                said = said.or(by(table));
            }
        }
        let inner = own
            .and_then(|t| t.get("value"))
            .filter(|_| own.is_none_or(|t| t.get("law").is_none()));
        let is_uncertain = own.is_some_and(|t| t.get("law").is_some());
        self.list.push(Evidence {
            key: path.to_owned(),
            value: written(inner.unwrap_or(node), self.sources),
            source: said.source,
            grade: said.grade,
            range: said.range,
            law: is_uncertain.then(|| written(node, self.sources)),
            note: said.note,
            file: self
                .sources
                .get(file)
                .map(|s| s.path.clone())
                .unwrap_or_default(),
            line: self.sources.get(file).map(|s| s.line_of(node.span.begin)),
            is_default: false,
        });
    }

    /// What `[evidence]` says of a path, by the most particular of its keys.
    fn listed(&self, path: &str, file: usize) -> Said {
        let Some(table) = self.tree.table("evidence") else {
            return Said::default();
        };
        let mut best: Option<(usize, &Table)> = None;
        for entry in table.entries.iter().filter(|e| e.key_span.source == file) {
            let hit = covers(&entry.key, path).zip(entry.node.as_table());
            if let Some((length, inner)) = hit
                && best.is_none_or(|(longest, _)| length > longest)
            {
                best = Some((length, inner));
            }
        }
        best.map(|(_, inner)| Said::by(inner, file, self.sources))
            .unwrap_or_default()
    }
}

/// Whether a key of `[evidence]` speaks of a path: it is that path or one above it; `*` is any name.
///
/// * returns - how particular it is: the longer the more, exact names before `*`
pub fn covers(pattern: &str, path: &str) -> Option<usize> {
    let mut names = path.split('.');
    let mut score = 0;
    for part in pattern.split('.') {
        let name = names.next()?;
        score += match part {
            part if part == name => 4,
            "*" => 1,
            part if name.split('[').next() == Some(part) => 3,
            _ => return None,
        };
    }
    Some(score)
}

/// Paths of everything that is written in a tree.
pub fn written_paths(tree: &Table) -> Vec<String> {
    fn add(path: &str, node: &Node, list: &mut Vec<String>) {
        list.push(path.to_owned());
        match &node.value {
            Value::Table(table) => {
                for entry in &table.entries {
                    add(&join(path, &entry.key), &entry.node, list);
                }
            }
            Value::List(items) => {
                for (at, item) in items.iter().enumerate() {
                    add(&format!("{path}[{}]", at + 1), item, list);
                }
            }
            _ => {}
        }
    }
    let mut list = Vec::new();
    for entry in tree.entries.iter().filter(|e| e.key != "evidence") {
        add(&entry.key, &entry.node, &mut list);
    }
    list
}

/// A value as written, on one line.
fn written(node: &Node, sources: &[SourceFile]) -> String {
    // Under a [header] the values stand below it, and are put together again.
    if let Value::Table(table) = &node.value
        && !is_inline(node, sources)
    {
        let parts: Vec<String> = table
            .entries
            .iter()
            .map(|e| format!("{} = {}", e.key, written(&e.node, sources)))
            .collect();
        return format!("{{ {} }}", parts.join(", "));
    }
    let text = sources.get(node.span.source).map(|s| s.text.as_str());
    let slice = text.and_then(|t| t.get(node.span.begin..node.span.end));
    let line: Vec<&str> = slice.unwrap_or_default().split_whitespace().collect();
    line.join(" ").trim_matches('"').to_owned()
}

fn is_inline(node: &Node, sources: &[SourceFile]) -> bool {
    let text = sources.get(node.span.source).map(|s| s.text.as_str());
    text.and_then(|t| t.get(node.span.begin..node.span.end))
        .is_some_and(|slice| slice.starts_with('{'))
}
