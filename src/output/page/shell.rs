//! The shell of a page: head, skip link, contents, and what every page says of itself.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::output::html::Html;

/// What pages of this program say that they were made by, so that one is never taken for somebody else's.
const GENERATOR: &str = "casecap";
/// The look: large type, dark on white, and nothing that needs colour or moves.
const STYLE: &str = include_str!("style.css");

/// A part of a page with a heading of the second order.
#[derive(Clone, Debug)]
pub struct Part {
    /// A name that no other part has, of letters alone.
    pub id: &'static str,
    /// Its heading.
    pub heading: String,
    /// What stands under it.
    pub body: Html,
}

/// The words around a page.
#[derive(Clone, Copy, Debug)]
pub struct Shell<'a> {
    /// What kind of page it is, above the title.
    pub kind: &'a str,
    /// The one heading of the first order.
    pub title: &'a str,
    /// A line below it.
    pub subtitle: &'a str,
    /// The last words.
    pub footer: &'a [String],
}

/// A whole page.
///
/// * `first` - parts that are seen first, before the contents
/// * `rest` - parts that the contents name
pub fn page(shell: Shell<'_>, first: &[Part], rest: &[Part]) -> String {
    let mut html = Html::new();
    html.element("html", &[("lang", "en-GB")], |html| {
        html.element("head", &[], |html| {
            html.void("meta", &[("charset", "utf-8")]);
            let narrow = "width=device-width, initial-scale=1";
            html.void("meta", &[("name", "viewport"), ("content", narrow)]);
            html.void("meta", &[("name", "generator"), ("content", GENERATOR)]);
            let policy = security_policy();
            let attributes = [
                ("http-equiv", "Content-Security-Policy"),
                ("content", policy.as_str()),
            ];
            html.void("meta", &attributes);
            html.plain("title", &[], &format!("{} - {}", shell.title, shell.kind));
            html.style(STYLE);
        });
        html.element("body", &[], |html| {
            let skip = [("class", "skip"), ("href", "#main")];
            html.words("a", &skip, "Skip to the answer");
            html.element("header", &[], |html| {
                html.words("p", &[("class", "kind")], shell.kind);
                html.words("h1", &[], shell.title);
                html.words("p", &[("class", "subtitle")], shell.subtitle);
            });
            html.element("main", &[("id", "main"), ("tabindex", "-1")], |html| {
                for part in first {
                    section(html, part);
                }
                contents(html, rest);
                for part in rest {
                    section(html, part);
                }
            });
            html.element("footer", &[], |html| {
                for words in shell.footer {
                    html.words("p", &[], words);
                }
            });
        });
    });
    html.document()
}

/// What a browser may load or run for a page: the one style sheet that stands in it, known by its hash, and nothing else.
fn security_policy() -> String {
    let hash = BASE64_STANDARD.encode(Sha256::digest(STYLE.as_bytes()));
    format!("default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'")
}

fn section(html: &mut Html, part: &Part) {
    let heading = format!("{}-heading", part.id);
    let attributes = [("id", part.id), ("aria-labelledby", heading.as_str())];
    html.element("section", &attributes, |html| {
        html.words("h2", &[("id", &heading)], &part.heading);
        html.include(&part.body);
    });
}

fn contents(html: &mut Html, parts: &[Part]) {
    html.element("nav", &[("aria-label", "Contents")], |html| {
        html.element("ul", &[], |html| {
            for part in parts {
                html.element("li", &[], |html| {
                    let target = format!("#{}", part.id);
                    html.words("a", &[("href", &target)], &part.heading);
                });
            }
        });
    });
}

/// True where this program wrote a page, so that it may be written anew.
pub fn is_ours(path: &Path) -> bool {
    /// The head of a page stands within so many bytes.
    const HEAD: u64 = 1024;
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    let mark = format!("<meta name=\"generator\" content=\"{GENERATOR}\"/>");
    read.is_ok() && String::from_utf8_lossy(&head).contains(&mark)
}
