//! Which places of a scenario a key means.

use crate::scenario::catalogue::{FILE, LAW};
use crate::scenario::key::{Bounds, Kind, Need, Section, nearest};
use crate::scenario::merge::{kind_of, section_of, spelled_out};
use crate::scenario::names::{Names, join};
use crate::scenario::node::{Node, Table, Value};
use crate::scenario::shape::accepts;
use crate::scenario::target::Wrong;
use crate::text::listed;

/// A number that can be set, wherever it stands.
#[derive(Clone, Debug)]
pub struct Lever {
    /// The key as it was written.
    pub key: String,
    /// Its places, at least one.
    pub places: Vec<Place>,
}

/// One place of a number.
#[derive(Clone, Debug)]
pub struct Place {
    /// The way to it from the top of the tree.
    pub steps: Vec<Step>,
    /// Key path, as problems tell it.
    pub path: String,
    /// The kind of the number.
    pub kind: &'static Kind,
    /// What holds where it is not written.
    pub preset: Option<&'static str>,
    /// Places of one number are groups of posts whose counts are one total.
    pub total: Option<usize>,
}

/// One step into a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// To a key of a table.
    Key(String),
    /// To an item of a list.
    Item(usize),
}

/// A share, a weight of a month: what its bounds are is known where it is read.
pub(super) static ANY: Kind = Kind::Number(Bounds {
    low: f64::MIN,
    above: false,
    high: f64::MAX,
    unit: "",
});

impl Lever {
    /// Whether it sets how many posts there are.
    pub fn counts_posts(&self) -> bool {
        self.places.iter().any(Place::counts_posts)
    }

    /// Whether it is a choice of those who run the service, and nothing that could be found out: how many posts there are, or a
    /// number of a policy.
    pub fn is_choice(&self) -> bool {
        self.counts_posts() || !self.policies().is_empty()
    }

    /// Whether only whole numbers may stand there.
    pub fn is_whole(&self) -> bool {
        fn whole(kind: &Kind) -> bool {
            match kind {
                Kind::Whole(..) | Kind::WorkingDays => true,
                Kind::Either(one, _) => whole(one),
                _ => false,
            }
        }
        self.places.iter().any(|place| whole(place.kind))
    }

    /// The policies in which it stands; none for a number of the service.
    pub fn policies(&self) -> Vec<&str> {
        let policy = |place: &'_ Place| match place.steps.as_slice() {
            [Step::Key(first), Step::Key(_), ..] => first == "policies",
            _ => false,
        };
        let names = self.places.iter().filter(|p| policy(p));
        names
            .filter_map(|place| match &place.steps[1] {
                Step::Key(name) => Some(name.as_str()),
                Step::Item(_) => None,
            })
            .collect()
    }
}

impl Place {
    /// Whether it is the count of a group of posts.
    pub fn counts_posts(&self) -> bool {
        matches!(self.steps.as_slice(), [Step::Key(list), Step::Item(_), Step::Key(key)]
            if list == "posts" && key == "count")
    }
}

/// A tree in which every plain value that stands for a table is that table, in lists too.
pub fn spelled(tree: Table, section: &'static Section) -> Table {
    fn lists(table: &mut Table, section: &'static Section) {
        for entry in &mut table.entries {
            let Some(kind) = kind_of(section, &entry.key) else {
                continue;
            };
            match (kind, &mut entry.node.value) {
                (Kind::List(Kind::Table(inner)), Value::List(items)) => {
                    for item in items {
                        if let Value::Table(table) = &mut item.value {
                            *table = spelled(std::mem::take(table), inner);
                        }
                    }
                }
                (kind, Value::Table(table)) => {
                    if let Some(inner) = section_of(kind) {
                        lists(table, inner);
                    }
                }
                _ => {}
            }
        }
    }
    let mut tree = spelled_out(tree, section);
    lists(&mut tree, section);
    tree
}

/// The places that a key means.
///
/// A key is the path to a number, as `referrals.families_per_month`. A name may stand in quotes; `*` is every thing
/// that the file has named, and in a list every item. An item of a list is chosen by its number, from 1, or by the
/// grade, team or stage that it names: `posts.social worker.north.count`. A key that is none of the file is one of
/// every policy that says it: `limit.value`.
///
/// * `tree` - with every short form [spelled out](spelled)
///
/// # Errors
/// What is wrong with the key, and the nearest that is right.
pub fn lever(tree: &Table, key: &str) -> Result<Lever, Wrong> {
    let plain = key.trim();
    let listed = plain.replace('[', ".").replace(']', "");
    let mut search = Search {
        names: Names::of(tree),
        places: Vec::new(),
        groups: 0,
        only_written: false,
        complaint: None,
    };
    search.section(Trail::default(), &FILE, Some(tree), &listed);
    let in_file = search.complaint.take();
    if search.places.is_empty() {
        let bare = format!("policies.*.{listed}");
        search.section(Trail::default(), &FILE, Some(tree), &bare);
    }
    if plain == "run" || plain.starts_with("run.") {
        let what = format!("`{plain}` says how a scenario is played, and is no number of it");
        let remedy = "use --replications or --seed";
        return Err((what, remedy.to_owned()));
    }
    if !search.places.is_empty() {
        return Ok(Lever {
            key: plain.to_owned(),
            places: search.places,
        });
    }
    let complaint = match (in_file, search.complaint) {
        (Some((left, wrong)), _) if left < listed.len() => Some(wrong),
        (_, Some((left, wrong))) if left < listed.len() => Some(wrong),
        _ => None,
    };
    Err(complaint.unwrap_or_else(|| unknown(tree, plain)))
}

/// A key that leads nowhere, and the nearest that leads somewhere.
fn unknown(tree: &Table, key: &str) -> Wrong {
    let known = known(tree);
    let what = format!("`{key}` is no key of this scenario");
    let remedy = match nearest(key, known.iter().map(String::as_str)) {
        Some(right) => format!("did you mean `{right}`?"),
        None => "write the path of a number, such as limit.value, posts.GRADE.count or \
                 referrals.families_per_month; `casecap keys` lists all"
            .to_owned(),
    };
    (what, remedy)
}

/// The keys of all numbers that are written in a tree, and those of policies without their names.
pub fn known(tree: &Table) -> Vec<String> {
    fn add(table: &Table, section: &'static Section, before: &str, all: &mut Vec<String>) {
        for entry in &table.entries {
            if let Some(kind) = kind_of(section, &entry.key) {
                of_kind(&entry.node, kind, &join(before, &entry.key), all);
            }
        }
    }
    fn of_kind(node: &Node, kind: &'static Kind, path: &str, all: &mut Vec<String>) {
        match (kind, &node.value) {
            (Kind::Law(_), Value::Table(law)) if law.get("law").is_some() => {
                all.push(path.to_owned());
                add(law, &LAW, path, all);
            }
            (Kind::Shares(_), Value::Table(shares)) => {
                all.extend(shares.entries.iter().map(|e| join(path, &e.key)));
            }
            (Kind::List(Kind::Table(inner)), Value::List(items)) => {
                for (at, item) in items.iter().enumerate() {
                    let Some(table) = item.as_table() else {
                        continue;
                    };
                    let own = names_of(table, inner).next();
                    let own = own.map_or((at + 1).to_string(), str::to_owned);
                    add(table, inner, &join(path, &own), all);
                }
            }
            (kind, value) => match (section_of(kind), value) {
                (Some(inner), Value::Table(table)) => add(table, inner, path, all),
                _ if is_number(kind) => all.push(path.to_owned()),
                _ => {}
            },
        }
    }
    let mut all = Vec::new();
    add(tree, &FILE, "", &mut all);
    all.retain(|key| !key.starts_with("run."));
    let bare: Vec<String> = all
        .iter()
        .filter_map(|key| {
            let rest = key.strip_prefix("policies.")?;
            let policies = tree.table("policies")?;
            let mut names = policies.entries.iter().map(|e| e.key.as_str());
            names.find_map(|name| {
                rest.strip_prefix(name)?
                    .strip_prefix('.')
                    .map(str::to_owned)
            })
        })
        .collect();
    all.extend(bare);
    all.sort();
    all.dedup();
    all
}

fn is_number(kind: &Kind) -> bool {
    match kind {
        Kind::Whole(..)
        | Kind::Number(_)
        | Kind::Duration(_)
        | Kind::WorkingDays
        | Kind::Law(_) => true,
        Kind::Either(one, _) => is_number(one),
        _ => false,
    }
}

/// What an item of a list names: a grade, a team, a stage.
fn names_of<'a>(item: &'a Table, section: &'static Section) -> impl Iterator<Item = &'a str> {
    let names = item.entries.iter();
    names
        .filter(move |e| matches!(kind_of(section, &e.key), Some(Kind::Name(_))))
        .filter_map(|e| e.node.as_text())
}

/// Ways to part a key into its first name and the rest, the longest name first: names may have dots.
fn heads(rest: &str) -> Vec<(&str, &str)> {
    if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let Some((name, after)) = rest[1..].split_once(quote) else {
            return Vec::new();
        };
        return match (after.is_empty(), after.strip_prefix('.')) {
            (true, _) => vec![(name, "")],
            (_, Some(tail)) => vec![(name, tail)],
            _ => Vec::new(),
        };
    }
    let mut parts = vec![(rest, "")];
    let dots = rest.char_indices().rev().filter(|(_, c)| *c == '.');
    parts.extend(dots.map(|(at, _)| (&rest[..at], &rest[at + 1..])));
    parts
}

/// How far a search has come.
#[derive(Clone, Default)]
struct Trail {
    steps: Vec<Step>,
    path: String,
    preset: Option<&'static str>,
    total: Option<usize>,
}

impl Trail {
    fn key(&self, name: &str) -> Trail {
        let mut next = self.clone();
        next.steps.push(Step::Key(name.to_owned()));
        next.path = join(&self.path, name);
        next.preset = None;
        next
    }

    fn item(&self, at: usize) -> Trail {
        let mut next = self.clone();
        next.steps.push(Step::Item(at));
        next.path = format!("{}[{}]", self.path, at + 1);
        next
    }
}

struct Search {
    names: Names,
    places: Vec<Place>,
    groups: usize,
    /// Within `*`: places that are not written do not count.
    only_written: bool,
    /// The complaint that came furthest, and how much of the key was left then [bytes].
    complaint: Option<(usize, Wrong)>,
}

impl Search {
    fn complain(&mut self, rest: &str, what: String, remedy: String) {
        if self
            .complaint
            .as_ref()
            .is_none_or(|(left, _)| rest.len() < *left)
        {
            self.complaint = Some((rest.len(), (what, remedy)));
        }
    }

    fn section(
        &mut self,
        trail: Trail,
        section: &'static Section,
        table: Option<&Table>,
        rest: &str,
    ) {
        if rest.is_empty() {
            match section.short {
                Some(short) => self.section(trail, section, table, short),
                None => {
                    let keys: Vec<&str> = section.keys.iter().map(|k| k.name).collect();
                    let what = format!("`{}` is a section, and no number", trail.path);
                    self.complain(
                        rest,
                        what,
                        format!("name one of its keys: {}", listed(&keys)),
                    );
                }
            }
            return;
        }
        let mut is_known = false;
        for (head, tail) in heads(rest) {
            if head == "*" {
                is_known = true;
                let was_only_written = std::mem::replace(&mut self.only_written, true);
                let entries = table.map(|t| t.entries.as_slice()).unwrap_or_default();
                for entry in entries.iter().filter(|e| section.key(&e.key).is_none()) {
                    if let Some(kind) = kind_of(section, &entry.key) {
                        self.kind(trail.key(&entry.key), kind, Some(&entry.node), tail);
                    }
                }
                self.only_written = was_only_written;
                break;
            }
            let written = table.and_then(|t| t.get(head));
            let fixed = section.key(head);
            let named = section.rest.as_ref().and_then(|rest| {
                let of = rest.of?;
                self.names.index(of, head)?;
                Some(&rest.kind)
            });
            let kind = match written {
                Some(_) => kind_of(section, head),
                None => fixed.map(|k| &k.kind).or(named),
            };
            let Some(kind) = kind else { continue };
            is_known = true;
            let mut next = trail.key(head);
            next.preset = fixed.and_then(|key| match key.need {
                Need::Preset(preset) | Need::PresetBeside(_, preset) => Some(preset.value),
                _ => None,
            });
            self.kind(next, kind, written, tail);
            break;
        }
        if !is_known {
            let (head, _) = rest.split_once('.').unwrap_or((rest, ""));
            let written = table.map(|t| t.entries.as_slice()).unwrap_or_default();
            let mut known: Vec<&str> = section.keys.iter().map(|k| k.name).collect();
            let named = written.iter().map(|e| e.key.as_str());
            known.extend(named.filter(|name| section.key(name).is_none()));
            let what = match trail.path.as_str() {
                "" => format!("`{head}` is no key of a scenario"),
                path => format!("`{path}` has no `{head}`"),
            };
            let remedy = match nearest(head, known.iter().copied()) {
                Some(right) => format!("did you mean `{}`?", join(&trail.path, right)),
                None => format!("it has: {}", listed(&known)),
            };
            self.complain(rest, what, remedy);
        }
    }

    fn kind(&mut self, trail: Trail, kind: &'static Kind, node: Option<&Node>, rest: &str) {
        let table = node.and_then(Node::as_table);
        match kind {
            Kind::Either(one, other) => {
                let has_steps = matches!(other, Kind::List(_))
                    && !rest.is_empty()
                    && node.is_some_and(|n| n.as_list().is_some());
                let is_section = section_of(kind).is_some() && !is_number(other);
                // What is written in working days stays in working days.
                let is_other_number = is_number(other) && node.is_some_and(|n| accepts(other, n));
                let chosen = match has_steps || is_section || is_other_number {
                    true => other,
                    false => one,
                };
                self.kind(trail, chosen, node, rest);
            }
            Kind::Table(section) => self.section(trail, section, table, rest),
            Kind::Law(_) if !rest.is_empty() => match table.filter(|t| t.get("law").is_some()) {
                Some(law) => self.section(trail, &LAW, Some(law), rest),
                None => {
                    let what = format!("`{}` is one time here, and no law of times", trail.path);
                    self.complain(rest, what, format!("write `{}` itself", trail.path));
                }
            },
            Kind::Shares(_) | Kind::Season => self.share(trail, table, rest),
            Kind::List(inner) => self.list(trail, inner, node, rest),
            kind if is_number(kind) => {
                if !rest.is_empty() && rest != "value" {
                    let what = format!("`{}` is a number, and has no `{rest}`", trail.path);
                    self.complain(rest, what, format!("write `{}` itself", trail.path));
                } else if node.is_some() || !self.only_written {
                    self.places.push(Place {
                        steps: trail.steps,
                        path: trail.path,
                        kind,
                        preset: trail.preset,
                        total: trail.total.filter(|_| matches!(kind, Kind::Whole(..))),
                    });
                }
            }
            _ => {
                let is = node.map_or("no number", Node::kind);
                let what = format!("`{}` is {is}, and only numbers can be varied", trail.path);
                let remedy = "name a number, such as limit.value; `casecap keys` lists all";
                self.complain(rest, what, remedy.to_owned());
            }
        }
    }

    fn share(&mut self, trail: Trail, table: Option<&Table>, rest: &str) {
        let found = heads(rest).into_iter().find_map(|(head, tail)| {
            let node = table?.get(head)?;
            tail.is_empty().then_some((head, node))
        });
        match found {
            Some((head, _)) => {
                let next = trail.key(head);
                self.places.push(Place {
                    steps: next.steps,
                    path: next.path,
                    kind: &ANY,
                    preset: None,
                    total: None,
                });
            }
            None => {
                let entries = table.map(|t| t.entries.as_slice()).unwrap_or_default();
                let names: Vec<&str> = entries.iter().map(|e| e.key.as_str()).collect();
                let what = match rest {
                    "" => format!("`{}` is several numbers", trail.path),
                    other => format!("`{}` has no `{other}`", trail.path),
                };
                let remedy = match names.is_empty() {
                    true => "only shares that the file writes one by one can be set".to_owned(),
                    false => format!("name one of them: {}", listed(&names)),
                };
                self.complain(rest, what, remedy);
            }
        }
    }

    fn list(&mut self, trail: Trail, inner: &'static Kind, node: Option<&Node>, rest: &str) {
        let items = node.and_then(Node::as_list).unwrap_or_default();
        let mut trail = trail;
        self.groups += 1;
        trail.total = (trail.path == "posts").then_some(self.groups);
        let chosen: Vec<(usize, &str)> = items
            .iter()
            .enumerate()
            .filter_map(|(at, item)| Some((at, tail_of(at, item, inner, rest)?)))
            .collect();
        if chosen.is_empty() {
            let mut names: Vec<String> = Vec::new();
            if let Some(section) = section_of(inner) {
                let tables = items.iter().filter_map(Node::as_table);
                names.extend(tables.flat_map(|t| names_of(t, section)).map(str::to_owned));
            }
            names.sort();
            names.dedup();
            let (head, _) = rest.split_once('.').unwrap_or((rest, ""));
            let what = match (items.is_empty(), head) {
                (true, _) => format!("`{}` has nothing in it", trail.path),
                (_, "") => format!("`{}` is a list, and no number", trail.path),
                _ => format!("nothing in `{}` is called `{head}`", trail.path),
            };
            let remedy = match nearest(head, names.iter().map(String::as_str)) {
                Some(right) => format!("did you mean `{}.{right}`?", trail.path),
                None if names.is_empty() => {
                    format!("say which, from 1: {}.1 and its key", trail.path)
                }
                None => format!("name one of: {}", listed(&names)),
            };
            self.complain(rest, what, remedy);
        }
        for (at, tail) in chosen {
            self.kind(trail.item(at), inner, items.get(at), tail);
        }
    }
}

/// What is left of a key once it has chosen an item of a list; nothing where it chooses another.
fn tail_of<'a>(at: usize, item: &Node, inner: &'static Kind, rest: &'a str) -> Option<&'a str> {
    let (first, after) = rest.split_once('.').unwrap_or((rest, ""));
    if first == "*" || first.parse() == Ok(at + 1) {
        return Some(after);
    }
    let section = section_of(inner)?;
    let table = item.as_table()?;
    let mut left = rest;
    while let Some((_, tail)) = heads(left)
        .into_iter()
        .find(|(head, _)| names_of(table, section).any(|name| name == *head))
    {
        left = tail;
    }
    (left.len() < rest.len()).then_some(left)
}
