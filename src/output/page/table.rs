//! Tables: a caption, one row of headings, a heading for each row, and no cell that is empty.

use crate::metric::symbol::NOT_APPLICABLE;
use crate::output::html::Html;

/// A cell: what is read first, and lines below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// What is read first.
    pub main: String,
    /// Lines below.
    pub below: Vec<String>,
}

impl From<String> for Cell {
    fn from(main: String) -> Cell {
        Cell {
            main,
            below: Vec::new(),
        }
    }
}

impl From<&str> for Cell {
    fn from(main: &str) -> Cell {
        main.to_owned().into()
    }
}

/// How a column is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Set {
    /// As words, from the left.
    #[default]
    Words,
    /// As numbers, whose last digits stand below each other.
    Numbers,
    /// As names of files, keys and hashes, which may break anywhere.
    Code,
}

/// A table. The first cell of each row is its heading.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// A name that no other table of the page has.
    pub id: String,
    /// What it is.
    pub caption: String,
    /// Name and setting of each column.
    pub columns: Vec<(String, Set)>,
    /// Rows of as many cells as there are columns.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(id: &str, caption: &str, columns: &[(&str, Set)]) -> Table {
        let columns = columns.iter();
        Table {
            id: id.to_owned(),
            caption: caption.to_owned(),
            columns: columns
                .map(|(name, set)| ((*name).to_owned(), *set))
                .collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row of plain cells.
    pub fn row<C: Into<Cell>>(&mut self, cells: impl IntoIterator<Item = C>) {
        self.rows.push(cells.into_iter().map(C::into).collect());
    }

    /// Writes it. Where it is wider than the page it is moved sideways, by the keyboard too.
    pub fn write(&self, html: &mut Html) {
        let caption = format!("{}-caption", self.id);
        let scroll = [
            ("class", "scroll"),
            ("role", "region"),
            ("tabindex", "0"),
            ("aria-labelledby", caption.as_str()),
        ];
        html.element("div", &scroll, |html| {
            html.element("table", &[("id", &self.id)], |html| {
                html.words("caption", &[("id", &caption)], &self.caption);
                html.element("thead", &[], |html| {
                    html.element("tr", &[], |html| {
                        for (name, set) in &self.columns {
                            html.words("th", &[("scope", "col"), ("class", class(*set))], name);
                        }
                    });
                });
                html.element("tbody", &[], |html| {
                    for row in &self.rows {
                        self.write_row(html, row);
                    }
                });
            });
        });
    }

    fn write_row(&self, html: &mut Html, row: &[Cell]) {
        html.element("tr", &[], |html| {
            for (at, (cell, (_, set))) in row.iter().zip(&self.columns).enumerate() {
                let main = match cell.main.is_empty() {
                    true => NOT_APPLICABLE,
                    false => &cell.main,
                };
                let inside = |html: &mut Html| {
                    match cell.below.is_empty() {
                        true => html.text(main),
                        false => {
                            html.element("span", &[("class", "main")], |html| html.text(main));
                        }
                    }
                    for line in &cell.below {
                        html.text(" ");
                        html.element("span", &[("class", "below")], |html| html.text(line));
                    }
                };
                match at {
                    0 => {
                        let heading = [("scope", "row"), ("class", class(*set))];
                        html.element("th", &heading, inside);
                    }
                    _ => html.element("td", &[("class", class(*set))], inside),
                }
            }
        });
    }
}

fn class(set: Set) -> &'static str {
    match set {
        Set::Words => "w",
        Set::Numbers => "n",
        Set::Code => "c",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_caption_headings_with_scope_and_no_empty_cell() {
        let columns = [("policy", Set::Words), ("cases", Set::Numbers)];
        let mut table = Table::new("a", "Cases <now>", &columns);
        table.row(["no limit", ""]);
        let mut html = Html::new();
        table.write(&mut html);
        let text = html.piece();
        for piece in [
            "<caption id=\"a-caption\">Cases &lt;now&gt;</caption>",
            "<th scope=\"col\" class=\"n\">cases</th>",
            "<th scope=\"row\" class=\"w\">no limit</th>",
            "<td class=\"n\">z</td>",
        ] {
            assert!(text.contains(piece), "{piece} is not in {text}");
        }
    }
}
