//! A page as text, made so that it is well formed and that nobody's words become a part of it that acts.

use crate::text::unfit;

/// Attributes of an element: names that this program chose, values of any text.
pub type Attributes<'a> = &'a [(&'a str, &'a str)];

/// A growing piece of a page. Elements close where their closure ends; all text is escaped.
#[derive(Clone, Debug, Default)]
pub struct Html {
    text: String,
}

/// A picture that is part of a page: made by `output::chart`, which escapes its own text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Svg(pub(super) String);

impl Html {
    /// Nothing yet.
    pub fn new() -> Html {
        Html::default()
    }

    /// An element and what stands in it.
    pub fn element(
        &mut self,
        tag: &str,
        attributes: Attributes<'_>,
        inner: impl FnOnce(&mut Html),
    ) {
        self.open(tag, attributes);
        self.text.push('>');
        inner(self);
        self.text.push_str("</");
        self.text.push_str(tag);
        self.text.push('>');
    }

    /// An element that holds words alone.
    pub fn words(&mut self, tag: &str, attributes: Attributes<'_>, words: &str) {
        self.element(tag, attributes, |html| html.text(words));
        self.text.push('\n');
    }

    /// An element that holds nothing.
    pub fn void(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.open(tag, attributes);
        self.text.push_str("/>\n");
    }

    /// Words; those that run from right to left are isolated, so that they do not turn what stands beside them.
    pub fn text(&mut self, words: &str) {
        let mut rest = words;
        while let Some((begin, end)) = right_to_left(rest) {
            escape(&rest[..begin], &mut self.text);
            self.text.push_str("<bdi>");
            escape(&rest[begin..end], &mut self.text);
            self.text.push_str("</bdi>");
            rest = &rest[end..];
        }
        escape(rest, &mut self.text);
    }

    /// Words in an element that holds no other elements, such as `title`.
    pub fn plain(&mut self, tag: &str, attributes: Attributes<'_>, words: &str) {
        self.element(tag, attributes, |html| escape(words, &mut html.text));
        self.text.push('\n');
    }

    /// A picture.
    pub fn picture(&mut self, picture: &Svg) {
        self.text.push_str(&picture.0);
    }

    /// A piece that was made before.
    pub fn include(&mut self, piece: &Html) {
        self.text.push_str(&piece.text);
    }

    /// A style sheet of this program's own.
    pub(super) fn style(&mut self, sheet: &'static str) {
        self.element("style", &[], |html| html.text.push_str(sheet));
        self.text.push('\n');
    }

    /// All of it, as a document.
    pub fn document(self) -> String {
        format!("<!DOCTYPE html>\n{}\n", self.text)
    }

    /// All of it, as a piece.
    pub fn piece(&self) -> &str {
        &self.text
    }

    fn open(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.text.push('<');
        self.text.push_str(tag);
        for (name, value) in attributes {
            self.text.push(' ');
            self.text.push_str(name);
            self.text.push_str("=\"");
            escape(value, &mut self.text);
            self.text.push('"');
        }
    }
}

/// The first stretch of a text that runs from right to left: from one such letter to the last before a letter that runs
/// from left to right.
///
/// * returns - where it begins and ends [bytes]
fn right_to_left(words: &str) -> Option<(usize, usize)> {
    let (begin, first) = words.char_indices().find(|(_, c)| runs_left(*c))?;
    let mut end = begin + first.len_utf8();
    for (at, c) in words[end..].char_indices() {
        if runs_left(c) {
            end = begin + first.len_utf8() + at + c.len_utf8();
        } else if c.is_alphabetic() {
            break;
        }
    }
    Some((begin, end))
}

/// Whether a character belongs to a script that runs from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and the
/// others of their blocks.
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Adds words to a page so that they are shown as they are. What no page may hold becomes a replacement character.
fn escape(words: &str, page: &mut String) {
    let mut words = words.chars().peekable();
    while let Some(c) = words.next() {
        match c {
            // A number and what it counts stay on one line.
            ' ' if words.peek() == Some(&'%') => page.push('\u{a0}'),
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            c => page.push(shown(c)),
        }
    }
}

/// A character that a page may hold: none that is invisible or turns the direction of others.
pub fn shown(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => c,
        c if unfit(c).is_some() => '\u{fffd}',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_shown_and_do_nothing() {
        let mut html = Html::new();
        html.element("p", &[("title", "\" onload=\"x")], |html| {
            html.text("<script>alert('1')</script> & \u{0}");
        });
        assert_eq!(
            html.piece(),
            "<p title=\"&quot; onload=&quot;x\">&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; \u{fffd}</p>"
        );
    }

    #[test]
    fn words_from_right_to_left_are_isolated() {
        let mut html = Html::new();
        html.text("Team \u{5d0}\u{5d1} \u{5d2}: 16 cases, \u{627}\u{202e}");
        assert_eq!(
            html.piece(),
            "Team <bdi>\u{5d0}\u{5d1} \u{5d2}</bdi>: 16 cases, <bdi>\u{627}</bdi>\u{fffd}"
        );
        let mut title = Html::new();
        title.plain("title", &[], "\u{5d0} <b>");
        assert_eq!(title.piece(), "<title>\u{5d0} &lt;b&gt;</title>\n");
    }

    #[test]
    fn elements_close_in_the_order_in_which_they_opened() {
        let mut html = Html::new();
        html.element("div", &[], |html| {
            html.words("b", &[], "a");
            html.void("br", &[]);
        });
        assert_eq!(html.piece(), "<div><b>a</b>\n<br/>\n</div>");
    }
}
