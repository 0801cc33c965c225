//! A page as text, made so that it is well formed and that nobody's words become a part of it that acts.

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

    /// Words.
    pub fn text(&mut self, words: &str) {
        escape(words, &mut self.text);
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

/// A character that a page may hold.
pub fn shown(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' => c,
        c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => '\u{fffd}',
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
    fn elements_close_in_the_order_in_which_they_opened() {
        let mut html = Html::new();
        html.element("div", &[], |html| {
            html.words("b", &[], "a");
            html.void("br", &[]);
        });
        assert_eq!(html.piece(), "<div><b>a</b>\n<br/>\n</div>");
    }
}
