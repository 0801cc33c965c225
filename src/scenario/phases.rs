//! A policy from one date to the next: each change merged over all that held before, and each team's
//! own choices over those of the policy.

use jiff::civil::Date;

use crate::scenario::catalogue::policy::{CHANGE, POLICY, TEAM_CHOICES};
use crate::scenario::gaps::missing;
use crate::scenario::key::Section;
use crate::scenario::merge::{drop_inherited, merge, remove, spelled_out, take};
use crate::scenario::names::join;
use crate::scenario::node::{Entry, Node, Table};
use crate::scenario::problem::{Problem, Span};
use crate::scenario::view::View;

/// What holds from one date to the next, as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Written {
    /// Key path of what begins here: the policy, or its change.
    pub path: String,
    /// Where that stands.
    pub span: Span,
    /// First day, and where it is written; absent: from the beginning.
    pub from: Option<(Date, Span)>,
    /// The choices of the policy, all plain values spelled out.
    pub service: Table,
    /// The choices of each team that has its own, those of the policy beneath them.
    pub teams: Vec<Own>,
}

/// What a team has of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Own {
    /// The team.
    pub name: String,
    /// Key path of its choices.
    pub path: String,
    /// Where they stand.
    pub span: Span,
    /// Its choices, those of the policy beneath them.
    pub choices: Table,
    said: Table,
    dropped: Vec<String>,
}

/// The phases of a policy, in the order of the file; a change without a date is left out, and has been told.
///
/// * `view` - the policy, merged with what it is like
pub fn phases(view: &View<'_>, problems: &mut Vec<Problem>) -> Vec<Written> {
    let mut table = view.table.cloned().unwrap_or_default();
    table.entries.retain(|e| CHANGE.key(&e.key).is_some());
    let mut first = Written {
        path: view.path.clone(),
        span: view.span,
        from: None,
        service: Table::default(),
        teams: Vec::new(),
    };
    first.apply(table, &POLICY, problems);
    let mut list = vec![first];
    for change in view.list("change") {
        let (Some(table), Some(from)) = (change.table, change.date("from")) else {
            continue;
        };
        let mut next = list[list.len() - 1].clone();
        let mut table = table.clone();
        let span = take(&mut table, "from").map_or(change.span, |e| e.node.span);
        next.from = Some((from, span));
        next.path = change.path.clone();
        next.span = change.span;
        let without = take(&mut table, "without");
        next.drop(without.as_ref(), problems);
        next.apply(table, &CHANGE, problems);
        list.push(next);
    }
    let mut told: Vec<(Option<Span>, String)> = Vec::new();
    let mut tell = |path: &str, list: Vec<Problem>| {
        for problem in list {
            // What is missing in one phase is missing in those that keep it.
            let key = problem.key.strip_prefix(path).unwrap_or_default();
            let place = (problem.span, key.to_owned());
            if !told.contains(&place) {
                told.push(place);
                problems.push(problem);
            }
        }
    };
    for written in &list {
        let (path, span) = (&written.path, written.span);
        tell(path, missing(path, &written.service, span, &POLICY));
        for own in &written.teams {
            let lacking = missing(&own.path, &own.choices, own.span, &TEAM_CHOICES);
            tell(&own.path, lacking);
        }
    }
    list
}

impl Written {
    /// Drops what a change names, of the policy or of a team.
    fn drop(&mut self, without: Option<&Entry>, problems: &mut Vec<Problem>) {
        let Some(entry) = without else { return };
        let path = join(&self.path, "without");
        let mut whole = self.service.clone();
        let teams = Table {
            entries: self
                .teams
                .iter()
                .map(|own| named(&own.name, own.span, own.choices.clone()))
                .collect(),
        };
        if !teams.entries.is_empty() {
            whole.entries.push(named("teams", self.span, teams));
        }
        drop_inherited(&mut whole, Some(entry), &path, true, problems);
        for path in texts(entry) {
            remove(&mut self.service, path);
            let Some(path) = path.strip_prefix("teams.") else {
                self.teams.retain(|_| path != "teams");
                continue;
            };
            self.teams.retain(|own| own.name != path);
            for own in &mut self.teams {
                let inner = path.strip_prefix(own.name.as_str());
                if let Some(inner) = inner.and_then(|rest| rest.strip_prefix('.')) {
                    remove(&mut own.said, inner);
                    own.dropped.push(inner.to_owned());
                }
            }
        }
    }

    /// Merges what a policy or a change says.
    fn apply(&mut self, table: Table, section: &'static Section, problems: &mut Vec<Problem>) {
        let mut table = spelled_out(table, section);
        let teams = take(&mut table, "teams");
        self.service = merge(std::mem::take(&mut self.service), table, section);
        let named = teams.as_ref().and_then(|e| e.node.as_table());
        for entry in named.iter().flat_map(|t| &t.entries) {
            let Some(said) = entry.node.as_table() else {
                continue;
            };
            let mut said = said.clone();
            let without = take(&mut said, "without");
            let path = join(&join(&self.path, "teams"), &entry.key);
            let known = self.teams.iter().position(|own| own.name == entry.key);
            let at = known.unwrap_or_else(|| {
                self.teams.push(Own {
                    name: entry.key.clone(),
                    path: path.clone(),
                    span: entry.key_span,
                    choices: self.service.clone(),
                    said: Table::default(),
                    dropped: Vec::new(),
                });
                self.teams.len() - 1
            });
            let own = &mut self.teams[at];
            let mut before = merged(&self.service, own);
            let key = join(&path, "without");
            drop_inherited(&mut before, without.as_ref(), &key, true, problems);
            for path in without.iter().flat_map(texts) {
                remove(&mut own.said, path);
                own.dropped.push(path.to_owned());
            }
            own.said = merge(std::mem::take(&mut own.said), said, &TEAM_CHOICES);
            (own.path, own.span) = (path, entry.key_span);
        }
        for own in &mut self.teams {
            own.choices = merged(&self.service, own);
        }
    }
}

/// What a team says over what the policy says.
fn merged(service: &Table, own: &Own) -> Table {
    let mut beneath = service.clone();
    beneath
        .entries
        .retain(|e| TEAM_CHOICES.keys.iter().any(|k| k.name == e.key));
    for path in &own.dropped {
        remove(&mut beneath, path);
    }
    merge(beneath, own.said.clone(), &TEAM_CHOICES)
}

fn named(key: &str, span: Span, table: Table) -> Entry {
    Entry {
        key: key.to_owned(),
        key_span: span,
        node: Node {
            span,
            value: crate::scenario::node::Value::Table(table),
        },
    }
}

fn texts(entry: &Entry) -> impl Iterator<Item = &str> {
    let list = entry.node.as_list().unwrap_or_default();
    list.iter().filter_map(Node::as_text)
}
