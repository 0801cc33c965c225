//! Problems of a scenario: what is wrong, where, and what to do about it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use sha2::{Digest, Sha256};

use crate::text::{brief, message, one_line};
/// What a file that was read for a scenario holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceKind {
    /// Keys of a scenario.
    #[default]
    Scenario,
    /// One column of numbers.
    Values,
    /// Families by their day of referral.
    Arrivals,
    /// Open cases: a list of people.
    Cases,
}

/// A file that was read for a scenario: the scenario itself, what it is like, its lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// What it holds; where it is read in several ways, the last of [`SourceKind`].
    pub kind: SourceKind,
    /// Of a list of cases whose rows were not kept with the results that it is read from: the number of cases by stage.
    /// `text` is empty then.
    pub withheld: Option<BTreeMap<String, u32>>,
    /// The path as given on the command line, or as it follows from the file that names it.
    pub path: String,
    /// The path itself, which need not be UTF-8.
    pub(in crate::scenario) place: PathBuf,
    /// All of it.
    pub text: String,
    /// SHA-256 of the bytes of `text`, in lower-case hexadecimal.
    pub sha256: String,
    /// Where each line but the first begins [bytes].
    breaks: Vec<usize>,
}

impl SourceFile {
    /// A file of this path and text.
    pub fn new(path: &str, text: String) -> SourceFile {
        SourceFile::at(PathBuf::from(path), text)
    }

    /// A file of this path and text; the path need not be UTF-8.
    pub fn at(place: PathBuf, text: String) -> SourceFile {
        let sha256 = Sha256::digest(text.as_bytes())
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1).collect();
        SourceFile {
            kind: SourceKind::Scenario,
            withheld: None,
            path: place.to_string_lossy().into_owned(),
            place,
            text,
            sha256,
            breaks,
        }
    }

    /// The part of a file that was kept with results, with the hash of the whole.
    pub fn part(path: &str, text: String, sha256: &str) -> SourceFile {
        SourceFile {
            sha256: sha256.to_owned(),
            ..SourceFile::new(path, text)
        }
    }

    /// A list of cases whose rows were not kept.
    ///
    /// * `cases` - number of cases by stage
    pub fn withheld(path: &str, cases: BTreeMap<String, u32>, sha256: &str) -> SourceFile {
        SourceFile {
            withheld: Some(cases),
            ..SourceFile::part(path, String::new(), sha256)
        }
    }

    /// Line of a byte, counted from 1; the last line for a byte past the end.
    pub fn line_of(&self, byte: usize) -> usize {
        1 + self.breaks.partition_point(|begin| *begin <= byte)
    }
}

/// A stretch of a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Index among the files read.
    pub source: usize,
    /// First byte.
    pub begin: usize,
    /// One past the last byte.
    pub end: usize,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The scenario cannot be played.
    Error,
    /// It can be played, but may not mean what its author thinks.
    Warning,
}

/// One thing wrong with a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one sentence without a full stop.
    pub what: String,
    /// What to do about it; empty where the first sentence says it.
    pub remedy: String,
    /// Path of the key, `stages.assessment.work`; empty for the file as a whole.
    pub key: String,
    /// Where it stands; absent where no file could be read.
    pub span: Option<Span>,
}

/// An error at a place.
pub(in crate::scenario) fn error(key: &str, span: Span, what: String, remedy: String) -> Problem {
    Problem {
        severity: Severity::Error,
        what,
        remedy,
        key: key.to_owned(),
        span: Some(span),
    }
}

/// All problems of a scenario, in the order of the files, with the files they point into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    sources: Vec<SourceFile>,
}

impl Problems {
    /// Sorts problems by where they stand and drops repetitions.
    pub fn new(mut list: Vec<Problem>, sources: Vec<SourceFile>) -> Problems {
        list.sort_by_key(|p| (p.severity, p.span.map(|s| (s.source, s.begin, s.end))));
        list.dedup();
        Problems { list, sources }
    }

    /// The problems, errors first, each kind in the order of the files.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// True where nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// True where at least one is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|p| p.severity == Severity::Error)
    }

    /// The problems as text for a terminal: message, file, line, column, caret, and what to do.
    ///
    /// * `color` - true for terminal colours
    /// * returns - ends with a line break unless empty
    pub fn render(&self, color: bool) -> String {
        self.render_first(color, usize::MAX)
    }

    /// As [`Problems::render`], but of errors and of warnings the first `most` each.
    pub fn render_first(&self, color: bool, most: usize) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let mut text = String::new();
        for severity in [Severity::Error, Severity::Warning] {
            let of_kind = self.list.iter().filter(|p| p.severity == severity);
            for problem in of_kind.take(most) {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(&self.render_one(problem, &renderer));
                text.push('\n');
            }
        }
        text
    }

    /// How many problems [`Problems::render_first`] leaves out, in words; nothing where it leaves out none.
    pub fn left_out(&self, most: usize) -> Option<String> {
        let count = |severity| {
            let of_kind = self.list.iter().filter(|p| p.severity == severity);
            of_kind.count().saturating_sub(most)
        };
        let words = |number: usize, word: &str| match number {
            0 => None,
            1 => Some(format!("1 more {word}")),
            n => Some(format!("{n} more {word}s")),
        };
        let parts = [
            words(count(Severity::Error), "error"),
            words(count(Severity::Warning), "warning"),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(" and "))
    }

    fn render_one(&self, problem: &Problem, renderer: &Renderer) -> String {
        let level = match problem.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let mut group = Group::with_title(level.primary_title(message(&problem.what)));
        let place = problem
            .span
            .and_then(|span| Some((self.sources.get(span.source)?, span)));
        if let Some((source, span)) = place {
            let (first, line, begin, end) = first_line(&source.text, span);
            let (line, begin, end) = seen(line, begin, end);
            group = group.element(
                Snippet::source(line)
                    .line_start(source.line_of(first))
                    .path(one_line(&source.path))
                    .annotation(
                        AnnotationKind::Primary
                            .span(begin..end)
                            .label(brief(&problem.key)),
                    ),
            );
        }
        if !problem.remedy.is_empty() {
            group = group.element(Level::HELP.message(message(&problem.remedy)));
        }
        renderer.render(&[group])
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Problems {}

/// The line in which a span begins, and the part of the span that lies in it.
///
/// * returns - first byte of the line, the line, and begin and end within the line; a caret has at
///   least one byte to stand under, except on an empty line
fn first_line(text: &str, span: Span) -> (usize, &str, usize, usize) {
    let mut begin = span.begin.min(text.len());
    while !text.is_char_boundary(begin) {
        begin -= 1;
    }
    let first = text[..begin].rfind('\n').map_or(0, |at| at + 1);
    let length = text[first..].find('\n').unwrap_or(text.len() - first);
    let line = text[first..first + length].trim_end_matches('\r');
    let begin = (begin - first).min(line.len());
    let mut end = span.end.saturating_sub(first).clamp(begin, line.len());
    while !line.is_char_boundary(end) {
        end += 1;
    }
    if end == begin {
        end = line[begin..]
            .chars()
            .next()
            .map_or(begin, |c| begin + c.len_utf8());
    }
    (first, line, begin, end)
}

/// A line as it may be shown: escaped, and cut around the span where it is long.
///
/// * `begin`, `end` - of the span within the line [bytes]
/// * returns - the line, and the span within it
fn seen(line: &str, begin: usize, end: usize) -> (String, usize, usize) {
    /// Most characters before the span, in it, and after it.
    const AROUND: usize = 100;
    let (before, rest) = line.split_at(begin);
    let (inner, after) = rest.split_at(end - begin);
    let skipped = before.chars().count().saturating_sub(AROUND);
    let before: String = before.chars().skip(skipped).collect();
    let ellipsis = |is_cut: bool| if is_cut { "..." } else { "" };
    let is_long = inner.chars().count() > AROUND;
    let shown: String = inner.chars().take(AROUND).collect();
    let before = format!("{}{}", ellipsis(skipped > 0), tabs(&before));
    let shown = format!("{}{}", tabs(&shown), ellipsis(is_long));
    let rest: String = after.chars().take(AROUND).collect();
    let after = match is_long {
        true => String::new(),
        false => format!("{}{}", tabs(&rest), ellipsis(rest.len() < after.len())),
    };
    let (begin, end) = (before.len(), before.len() + shown.len());
    (format!("{before}{shown}{after}"), begin, end)
}

/// A part of a line, with tabs as blanks.
fn tabs(text: &str) -> String {
    one_line(&text.replace('\t', "    "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_problem_quotes_is_escaped_and_cut() {
        let text = format!("a = \"\u{1b}[2J\u{202e}{}\"\n", "x".repeat(70_000));
        let mut list = problems(&text, 4, 5);
        list.list[0].what = format!("\"\u{1b}[31m\nerror: {}\" is wrong", "y".repeat(70_000));
        let shown = list.render(false);
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
        assert!(shown.contains("\\u{1b}[31m\\nerror: yy"), "{shown}");
        assert!(shown.len() < 2000, "{}", shown.len());
        let caret = problems(&format!("{} = \tb\n", "z".repeat(500)), 504, 505).render(false);
        assert!(caret.contains(" ^ a.b"), "{caret}");
    }

    #[test]
    fn of_many_problems_the_first_are_shown_and_the_rest_counted() {
        let mut many = problems("a = 1\n", 4, 5);
        let one = many.list[0].clone();
        many.list = (0..50)
            .map(|at| Problem {
                severity: if at < 30 {
                    Severity::Error
                } else {
                    Severity::Warning
                },
                ..one.clone()
            })
            .collect();
        let shown = many.render_first(false, 20);
        assert_eq!(shown.matches("error: ").count(), 20, "{shown}");
        assert_eq!(shown.matches("warning: ").count(), 20, "{shown}");
        assert_eq!(many.left_out(20), Some("10 more errors".to_owned()));
        assert_eq!(
            many.left_out(19).unwrap(),
            "11 more errors and 1 more warning"
        );
        assert_eq!(many.left_out(50), None);
        assert_eq!(many.render(false).matches("error: ").count(), 30);
    }

    fn problems(text: &str, begin: usize, end: usize) -> Problems {
        let source = SourceFile::new("a.toml", text.to_owned());
        let problem = Problem {
            severity: Severity::Error,
            what: "it is wrong".to_owned(),
            remedy: "make it right".to_owned(),
            key: "a.b".to_owned(),
            span: Some(Span {
                source: 0,
                begin,
                end,
            }),
        };
        Problems::new(vec![problem], vec![source])
    }

    #[test]
    fn a_problem_shows_message_place_caret_and_help() {
        let text = problems("one = 1\ntwo = 22\n", 14, 16).render(false);
        for part in [
            "error: it is wrong",
            "--> a.toml:2:7",
            "^^ a.b",
            "help: make it right",
        ] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }

    #[test]
    fn any_span_renders() {
        for text in ["", "\n", "a\r\nb", "é\u{202e}\tx\n\u{0}"] {
            for begin in 0..8 {
                for end in 0..9 {
                    assert!(!problems(text, begin, end).render(true).is_empty());
                }
            }
        }
    }

    #[test]
    fn a_hash_is_that_of_the_text() {
        let file = SourceFile::new("x", "abc".to_owned());
        assert_eq!(
            file.sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
