//! The names that a scenario defines, so that other keys can mention them.

use crate::scenario::key::{Of, nearest};
use crate::scenario::node::Table;
use crate::scenario::sections::FAMILY_LIMIT;
use crate::text::{listed, same_letters};

/// The word for leaving the service.
pub const CLOSED: &str = "closed";

/// Names in the order of the file: the place of a name is its index everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Names {
    /// Stages.
    pub stages: Vec<String>,
    /// Grades.
    pub grades: Vec<String>,
    /// Areas; one without a name where the file has none.
    pub areas: Vec<String>,
    /// Teams; one in each area, of its name, where the file has none.
    pub teams: Vec<String>,
}

/// The area and team of a scenario that names none.
pub const WHOLE: &str = "service";

impl Names {
    /// The names that a tree defines.
    pub fn of(tree: &Table) -> Names {
        let keys = |key: &str| -> Vec<String> {
            let table = tree.table(key);
            let entries = table.map(|t| t.entries.as_slice()).unwrap_or_default();
            entries.iter().map(|e| e.key.clone()).collect()
        };
        let or_whole = |names: Vec<String>| {
            if names.is_empty() {
                vec![WHOLE.to_owned()]
            } else {
                names
            }
        };
        let areas = match tree.text("areas") {
            Some(single) => vec![single.to_owned()],
            None => keys("areas"),
        };
        let areas = or_whole(areas);
        let teams = keys("teams");
        Names {
            stages: keys("stages"),
            grades: keys("grades"),
            teams: if teams.is_empty() {
                areas.clone()
            } else {
                teams
            },
            areas,
        }
    }

    fn list(&self, of: Of) -> &[String] {
        match of {
            Of::Stage | Of::Next => &self.stages,
            Of::Grade => &self.grades,
            Of::Area | Of::NewArea => &self.areas,
            Of::Team => &self.teams,
            Of::Size => &[],
        }
    }

    /// How many things can be named; none for a number of children.
    pub fn count(&self, of: Of) -> usize {
        self.list(of).len() + usize::from(of == Of::Next)
    }

    /// Index of a named thing; for a number of children the number itself. `closed` is one past the
    /// last stage.
    pub fn index(&self, of: Of, name: &str) -> Option<usize> {
        match of {
            Of::Size => {
                let children: usize = name.parse().ok()?;
                (1..=FAMILY_LIMIT).contains(&children).then_some(children)
            }
            Of::Next if name == CLOSED => Some(self.stages.len()),
            _ => self.list(of).iter().position(|n| n == name),
        }
    }

    /// What is wrong with a name that names nothing, and what to do.
    pub fn unknown(&self, of: Of, name: &str) -> (String, String) {
        if of == Of::Size {
            return (
                format!("\"{name}\" is not a number of children"),
                format!("a family has 1 to {FAMILY_LIMIT} children"),
            );
        }
        let also = (of == Of::Next).then_some(CLOSED);
        let known = || self.list(of).iter().map(String::as_str).chain(also);
        let alike = known().find(|other| same_letters(other, name));
        let remedy = match (alike, nearest(name, known())) {
            (Some(right), _) => format!(
                "\"{right}\" is there, in another encoding of the same letters: copy it from there"
            ),
            (None, Some(right)) => format!("did you mean \"{right}\"?"),
            (None, None) => {
                let names: Vec<&str> = known().collect();
                format!("define it, or name one of: {}", listed(&names))
            }
        };
        (format!("there is no {} \"{name}\"", of.word()), remedy)
    }
}
/// The path of a key in a table.
pub fn join(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}
