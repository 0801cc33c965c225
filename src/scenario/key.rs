//! What the catalogue says of a key: its name, the kind of its value, and what holds without it.

/// Grades of evidence, best first; M is unverified.
pub const EVIDENCE_GRADES: &[&str] = &["A", "A*", "B", "C", "D", "M"];

/// Keys with which a table or a number says where it comes from.
pub static SOURCE_KEYS: &[Key] = &[
    Key {
        name: "source",
        kind: Kind::Text,
        need: Need::Optional,
        help: "Where the numbers come from, in words that others can look up",
    },
    Key {
        name: "grade",
        kind: Kind::Choice(EVIDENCE_GRADES),
        need: Need::Optional,
        help: "A official, A* worked from official figures, B peer reviewed, C survey or inspection, D assumption, M unverified",
    },
    Key {
        name: "range",
        kind: Kind::Range,
        need: Need::Optional,
        help: "Between what it may well lie: [low, high]",
    },
    Key {
        name: "note",
        kind: Kind::Text,
        need: Need::Optional,
        help: "A word more",
    },
];

/// A key of the file.
#[derive(Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// The kind of its value.
    pub kind: Kind,
    /// What holds without it.
    pub need: Need,
    /// One line for editors and people.
    pub help: &'static str,
}

/// What holds where a key is absent.
#[derive(Clone, Copy, Debug)]
pub enum Need {
    /// The file is wrong.
    Required,
    /// The thing does not exist, or another key says it.
    Optional,
    /// This value.
    Preset(Preset),
    /// This value, which matters only beside another key.
    PresetBeside(&'static str, Preset),
    /// The section exists all the same, with the presets of its keys.
    Assumed,
}

/// A value that holds unless the file says otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Preset {
    /// As it would be written in the file.
    pub value: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// Grade of the evidence for it.
    pub grade: &'static str,
}

/// The kind of a value.
#[derive(Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// A text that begins with the name of a metric.
    Target,
    /// True or false.
    Flag,
    /// A date.
    Date,
    /// A month: a date in it, or "2018-11".
    Month,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number from a least to a most.
    Whole(i64, i64),
    /// A number, sourced or uncertain where wanted.
    Number(Bounds),
    /// A time with its unit, "8 days", of at most so many days.
    Duration(f64),
    /// A number of working days, "45 working days".
    WorkingDays,
    /// A law of times, or one time.
    Law(Measure),
    /// Shares that sum to 1, by name; or one name.
    Shares(Of),
    /// The name of a thing defined elsewhere.
    Name(Of),
    /// Names of things defined elsewhere.
    Names(Of),
    /// Multipliers of the twelve months.
    Season,
    /// A pair of numbers or times, the lower first.
    Range,
    /// A table with fixed keys.
    Table(&'static Section),
    /// A list of one kind.
    List(&'static Kind),
    /// One of two kinds.
    Either(&'static Kind, &'static Kind),
}

/// The unit in which a law is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Days; every number needs its unit.
    Days,
    /// Months; a number without a unit is in months.
    Months,
}

/// What a name can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A stage.
    Stage,
    /// A stage, or `closed`.
    Next,
    /// A grade of worker.
    Grade,
    /// An area.
    Area,
    /// An area, named here for the first time.
    NewArea,
    /// A team.
    Team,
    /// A number of children, 1 to 32.
    Size,
}

/// Between what a number must lie.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// Least value.
    pub low: f64,
    /// Whether the least value itself is refused.
    pub above: bool,
    /// Greatest value: a sane bound, far above any real service.
    pub high: f64,
    /// Unit, in words; empty for a pure number.
    pub unit: &'static str,
}

/// A table with fixed keys, and perhaps keys that the planner names.
#[derive(Debug)]
pub struct Section {
    /// The keys that it may have.
    pub keys: &'static [Key],
    /// Further keys that are names, and the kind of their values.
    pub rest: Option<Rest>,
    /// Sets of keys of which at most one may stand.
    pub one_of: &'static [OneOf],
    /// Whether the table as a whole may say where its numbers come from.
    pub sourced: bool,
    /// The key that a plain value in place of the table stands for, where one may stand there.
    pub short: Option<&'static str>,
    /// True where the tables within say only what differs from what held before.
    pub is_overlay: bool,
}

/// Keys that the planner names.
#[derive(Debug)]
pub struct Rest {
    /// The kind of their values.
    pub kind: Kind,
    /// What they name; absent: they are defined here.
    pub of: Option<Of>,
    /// What they are, in a word.
    pub what: &'static str,
}

/// Keys that exclude each other.
#[derive(Debug)]
pub struct OneOf {
    /// The keys; words in one text belong together, `*` is all keys that the planner names.
    pub keys: &'static [&'static str],
    /// Whether one of them must stand.
    pub required: bool,
}

impl Section {
    /// The key of a name.
    pub fn key(&self, name: &str) -> Option<&'static Key> {
        let own = self.keys.iter().find(|k| k.name == name);
        let common = || SOURCE_KEYS.iter();
        own.or_else(|| common().find(|k| self.sourced && k.name == name))
    }

    /// All fixed keys, those that say where numbers come from included.
    pub fn all_keys(&self) -> impl Iterator<Item = &'static Key> {
        let common = if self.sourced { SOURCE_KEYS } else { &[] };
        let is_own = |name: &str| self.keys.iter().any(|k| k.name == name);
        let common = common.iter().filter(move |k| !is_own(k.name));
        self.keys.iter().chain(common)
    }
}

impl Of {
    /// What is named, in a word.
    pub fn word(self) -> &'static str {
        match self {
            Of::Stage | Of::Next => "stage",
            Of::Grade => "grade",
            Of::Area | Of::NewArea => "area",
            Of::Team => "team",
            Of::Size => "number of children",
        }
    }
}

/// The name that is most like a written one, if any is near enough to be meant. Very long names are like no other, and of
/// very many names the first are compared.
pub fn nearest<'a>(written: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    /// Names longer than this are not compared [bytes].
    const LONGEST: usize = 400;
    /// Names compared at most.
    const MOST: usize = 2_000;
    if written.len() > LONGEST {
        return None;
    }
    let written = written.to_lowercase();
    names
        .take(MOST)
        .filter(|name| name.len() <= LONGEST)
        .map(|name| {
            let distance = strsim::damerau_levenshtein(&written, &name.to_lowercase());
            let similar = strsim::jaro_winkler(&written, name);
            (distance, similar, name)
        })
        .filter(|(distance, similar, name)| {
            *distance <= 1 + name.chars().count() / 4 || *similar > 0.88
        })
        .min_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)))
        .map(|(_, _, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_the_one_that_was_meant() {
        let names = ["family_size", "first_stage", "season"];
        assert_eq!(
            nearest("famly_size", names.into_iter()),
            Some("family_size")
        );
        assert_eq!(nearest("Season", names.into_iter()), Some("season"));
        assert_eq!(nearest("weather", names.into_iter()), None);
    }
}
