//! A map: one tile for each pair of two numbers.

use crate::output::chart::canvas::{
    Alt, Anchor, DARK_BAND, Drawn, GUIDE, INK, TEXT, WIDTH, picture,
};
use crate::output::chart::chance::{Form, mark};
use crate::output::html::Svg;

/// A map, rows from the top.
#[derive(Clone, Debug, PartialEq)]
pub struct Tiles {
    /// Names of the rows.
    pub down: Vec<String>,
    /// Names of the columns.
    pub across: Vec<String>,
    /// (rows x columns,) what each says; full tiles are filled.
    pub forms: Vec<Form>,
    /// What stands down, and what across.
    pub units: [String; 2],
}

const LEFT: f64 = 52.0;
const RIGHT: f64 = 10.0;
const TOP: f64 = 28.0;
const BOTTOM: f64 = 50.0;
/// Tiles are no higher and no lower.
const HEIGHTS: [f64; 2] = [12.0, 28.0];

/// Draws a map.
///
/// # Errors
/// Those of the canvas.
pub fn draw(tiles: &Tiles, alt: &Alt) -> Drawn<Svg> {
    let (rows, columns) = (tiles.down.len().max(1), tiles.across.len().max(1));
    let width = (WIDTH - LEFT - RIGHT) / columns as f64;
    let height = width.clamp(HEIGHTS[0], HEIGHTS[1]);
    let bottom = TOP + height * rows as f64;
    picture(bottom + BOTTOM, alt, |canvas| {
        canvas.text((4.0, TOP - 16.0), &tiles.units[0], Anchor::Start)?;
        for (at, form) in tiles.forms.iter().enumerate() {
            let (row, column) = (at / columns, at % columns);
            let (x, y) = (LEFT + width * column as f64, TOP + height * row as f64);
            match form {
                Form::Full => {
                    let gap = (width * 0.05).min(1.0);
                    canvas.bar(
                        (x + gap, y + 1.0),
                        (x + width - gap, y + height - 1.0),
                        DARK_BAND,
                    )?;
                }
                Form::Ring => mark(canvas, (x + width / 2.0, y + height / 2.0), Form::Ring)?,
                Form::Cross => {}
            }
        }
        for row in 0..=rows {
            let y = TOP + height * row as f64;
            canvas.line(&[(LEFT, y), (WIDTH - RIGHT, y)], GUIDE, 1.0)?;
        }
        let every = (TEXT / height).ceil().max(1.0) as usize;
        for (at, name) in tiles.down.iter().enumerate().step_by(every) {
            let y = TOP + height * (at as f64 + 0.5);
            canvas.text((LEFT - 6.0, y), name, Anchor::End)?;
        }
        let longest = tiles.across.iter().map(|n| n.chars().count()).max();
        let room = 10.0 * longest.unwrap_or(1) as f64 + 6.0;
        let every = (room / width).ceil().max(1.0) as usize;
        for (at, name) in tiles.across.iter().enumerate().step_by(every) {
            let x = LEFT + width * (at as f64 + 0.5);
            canvas.text((x, bottom + 13.0), name, Anchor::Middle)?;
        }
        canvas.line(&[(LEFT, bottom), (WIDTH - RIGHT, bottom)], INK, 1.0)?;
        let middle = (LEFT + WIDTH - RIGHT) / 2.0;
        canvas.text(
            (middle, bottom + 18.0 + TEXT),
            &tiles.units[1],
            Anchor::Middle,
        )
    })
}
