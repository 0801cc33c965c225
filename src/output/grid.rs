//! The look of every table on the terminal.

use comfy_table::{LineStyle, Table, TableStyle, presets};

/// Lines above, below and under the heading, and nothing between rows.
const LOOK: TableStyle = presets::UTF8_HORIZONTAL_ONLY.row_separator(LineStyle::none());

/// An empty table in the look of the house.
pub(super) fn grid() -> Table {
    let mut table = Table::new();
    table.load_style(LOOK);
    table
}

/// A table as lines without blanks at their ends.
pub(super) fn text(table: &Table) -> String {
    table.trim_fmt()
}
