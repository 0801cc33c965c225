//! Figures: a finding, the charts that show it side by side, and their numbers as a table.

use crate::output::html::{Attributes, Html, Svg};
use crate::output::page::table::Table;

/// Rows of a table that stand beside one chart.
const BESIDE: usize = 14;

/// A chart with the name of what it shows.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it shows, such as a policy.
    pub heading: String,
    /// The chart.
    pub svg: Svg,
}

/// A figure.
#[derive(Clone, Debug)]
pub struct Figure {
    /// A name that no other figure of the page has.
    pub id: String,
    /// What is found, in a sentence.
    pub finding: String,
    /// How it is to be read.
    pub note: String,
    /// Charts on one scale.
    pub panels: Vec<Panel>,
    /// Their numbers.
    pub table: Table,
}

impl Figure {
    /// Writes it.
    pub fn write(&self, html: &mut Html) {
        let heading = format!("{}-heading", self.id);
        // One chart leaves room for its numbers beside it, so that these need not be asked for.
        let is_single = self.panels.len() == 1 && self.table.rows.len() <= BESIDE;
        let class = if is_single { "figure single" } else { "figure" };
        html.element("div", &[("class", class), ("id", &self.id)], |html| {
            html.words("h3", &[("id", &heading)], &self.finding);
            html.words("p", &[("class", "note")], &self.note);
            html.element("div", &[("class", "panels")], |html| {
                for panel in &self.panels {
                    html.element("figure", &[], |html| {
                        html.words("figcaption", &[], &panel.heading);
                        html.picture(&panel.svg);
                    });
                }
            });
            let summary = format!("Numbers: {}", self.table.caption);
            let open: Attributes<'_> = if is_single { &[("open", "open")] } else { &[] };
            html.element("details", open, |html| {
                html.words("summary", &[], &summary);
                self.table.write(html);
            });
        });
    }
}

/// What is opened when it is wanted, and is open on paper.
pub fn folded(html: &mut Html, summary: &str, inner: impl FnOnce(&mut Html)) {
    html.element("details", &[], |html| {
        html.words("summary", &[], summary);
        inner(html);
    });
}
