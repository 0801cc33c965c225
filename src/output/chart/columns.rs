//! Columns side by side: how a number is spread over many.

use crate::output::chart::canvas::{
    Alt, Anchor, DARK_BAND, Drawn, INK, LINE, TEXT, WIDTH, picture,
};
use crate::output::chart::scale::{Plot, labels, marks};
use crate::output::html::Svg;

/// Columns of one width over numbers of one unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Columns {
    /// First number of the first column, and numbers that each column stands for.
    pub begins: f64,
    /// Numbers that each column stands for.
    pub width: f64,
    /// Height of each.
    pub heights: Vec<f64>,
    /// The greatest height of every chart beside it, above 0.
    pub most: f64,
    /// A number that is pointed at, and what is said there.
    pub pointer: Option<(f64, String)>,
    /// What is counted across.
    pub unit: String,
}

const HEIGHT: f64 = 232.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 52.0;

/// Draws columns; heights are shares in percent.
///
/// # Errors
/// Those of the canvas.
pub fn draw(columns: &Columns, alt: &Alt) -> Drawn<Svg> {
    let count = columns.heights.len().max(1) as f64;
    let ends = [columns.begins, columns.begins + columns.width * count];
    let plot = Plot::new(
        [LEFT, WIDTH - RIGHT],
        [TOP, HEIGHT - BOTTOM],
        ends,
        [0.0, columns.most],
    );
    picture(HEIGHT, alt, |canvas| {
        plot.heights(canvas, 4)?;
        for (at, height) in columns.heights.iter().enumerate() {
            let from = columns.begins + columns.width * at as f64;
            if height.is_finite() && *height > 0.0 {
                let (left, top) = plot.at(from, *height);
                let (right, bottom) = plot.at(from + columns.width, 0.0);
                // What is there at all is seen.
                let top = top.min(bottom - 1.0);
                canvas.bar((left + 0.75, top), (right - 0.75, bottom), DARK_BAND)?;
            }
        }
        plot.floor(canvas)?;
        let ticks = marks(ends, 7);
        let y = plot.down[1];
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            // A column of whole numbers stands over its number.
            let shift = if columns.width == 1.0 { 0.5 } else { 0.0 };
            let (x, _) = plot.at(tick + shift, 0.0);
            if x <= plot.across[1] {
                canvas.line(&[(x, y), (x, y + 4.0)], INK, 1.0)?;
                canvas.text((x, y + 14.0), &label, Anchor::Middle)?;
            }
        }
        let middle = (plot.across[0] + plot.across[1]) / 2.0;
        canvas.text((middle, y + 20.0 + TEXT), &columns.unit, Anchor::Middle)?;
        if let Some((number, words)) = &columns.pointer {
            let shift = if columns.width == 1.0 { 0.5 } else { 0.0 };
            let (x, _) = plot.at(number + shift, 0.0);
            if (plot.across[0]..=plot.across[1]).contains(&x) {
                canvas.dashed(&[(x, TOP - 8.0), (x, y)], LINE, 2.0, 6.0, 4.0)?;
                let anchor = if x > middle {
                    Anchor::End
                } else {
                    Anchor::Start
                };
                canvas.text((x, TOP - 18.0), words, anchor)?;
            }
        }
        Ok(())
    })
}
