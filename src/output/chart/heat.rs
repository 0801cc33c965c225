//! A number at every pair of two settings: a field of cells, each with its value, darker where it is greater.

use crate::output::chart::canvas::{Alt, Anchor, Canvas, Drawn, Ink, TEXT, WIDTH, picture};
use crate::output::chart::levels::{LETTERS, short};
use crate::output::html::Svg;

/// Cells in a row at most: so many values have room.
pub const COLUMNS: usize = 6;
/// Rows at most.
pub const ROWS: usize = 12;

/// The least and the greatest cell.
const LIGHT: Ink = Ink(0xf4, 0xf8, 0xfa);
const DARK: Ink = Ink(0x8f, 0xb5, 0xca);

/// A field.
#[derive(Clone, Debug, PartialEq)]
pub struct Heat<'a> {
    /// Settings from the left to the right, at most [`COLUMNS`].
    pub across: Vec<String>,
    /// Settings from the top to the bottom, at most [`ROWS`].
    pub down: Vec<String>,
    /// What is set from the left to the right, and from the top to the bottom.
    pub names: [&'a str; 2],
    /// (down x across,) the numbers; missing: a cell without shade.
    pub values: Vec<Vec<f64>>,
    /// (down x across,) as they are told.
    pub labels: Vec<Vec<String>>,
    /// From the least to the greatest number of every chart beside it.
    pub range: [f64; 2],
}

const ROW: f64 = 28.0;
const LEFT: f64 = 58.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 46.0;
/// Between cells [pixels].
const GAP: f64 = 1.0;

/// Draws a field.
///
/// # Errors
/// Those of the canvas.
pub fn draw(heat: &Heat<'_>, alt: &Alt) -> Drawn<Svg> {
    let height = TOP + ROW * heat.down.len() as f64 + BOTTOM;
    let column = (WIDTH - LEFT - 4.0) / heat.across.len().max(1) as f64;
    let x = |at: usize| LEFT + column * at as f64;
    let y = |at: usize| TOP + ROW * at as f64;
    picture(height, alt, |canvas| {
        canvas.text(
            (4.0, 12.0),
            &format!("{} \u{2193}", short(heat.names[1], LETTERS)),
            Anchor::Start,
        )?;
        for (row, name) in heat.down.iter().enumerate() {
            canvas.text((LEFT - 8.0, y(row) + ROW / 2.0), name, Anchor::End)?;
            for at in 0..heat.across.len() {
                let value = cell(&heat.values, row, at).copied().unwrap_or(f64::NAN);
                let from = (x(at) + GAP, y(row) + GAP);
                let to = (x(at) + column - GAP, y(row) + ROW - GAP);
                if value.is_finite() {
                    canvas.bar(from, to, shade(value, heat.range))?;
                }
                let label = cell(&heat.labels, row, at).map_or("", String::as_str);
                let middle = (x(at) + column / 2.0, y(row) + ROW / 2.0);
                canvas.text(middle, label, Anchor::Middle)?;
            }
        }
        below(canvas, heat, y(heat.down.len()), column)
    })
}

fn below(canvas: &Canvas<'_>, heat: &Heat<'_>, top: f64, column: f64) -> Drawn {
    for (at, name) in heat.across.iter().enumerate() {
        let middle = LEFT + column * (at as f64 + 0.5);
        canvas.text((middle, top + 12.0), name, Anchor::Middle)?;
    }
    let middle = (LEFT + WIDTH) / 2.0;
    let words = format!("{} \u{2192}", short(heat.names[0], LETTERS));
    canvas.text((middle, top + 16.0 + TEXT), &words, Anchor::Middle)
}

fn cell<T>(cells: &[Vec<T>], row: usize, at: usize) -> Option<&T> {
    cells.get(row)?.get(at)
}

fn shade(value: f64, [low, high]: [f64; 2]) -> Ink {
    let place = match high > low {
        true => ((value - low) / (high - low)).clamp(0.0, 1.0),
        false => 0.0,
    };
    let between =
        |a: u8, b: u8| (f64::from(a) + place * (f64::from(b) - f64::from(a))).round() as u8;
    let Ink(r, g, b) = LIGHT;
    let Ink(to_r, to_g, to_b) = DARK;
    Ink(between(r, to_r), between(g, to_g), between(b, to_b))
}

/// So many of several things, evenly, with both ends.
///
/// * returns - their places
pub fn thinned(count: usize, most: usize) -> Vec<usize> {
    match count <= most || most < 2 {
        true => (0..count.min(most.max(1))).collect(),
        false => (0..most).map(|at| at * (count - 1) / (most - 1)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::chart::canvas::INK;
    use crate::output::chart::canvas::tests::contrast;

    #[test]
    fn a_value_is_read_on_the_darkest_cell_too() {
        assert!(contrast(INK, shade(9.0, [0.0, 9.0])) >= 4.5);
        assert_eq!(shade(0.0, [0.0, 9.0]), LIGHT);
        assert_eq!(shade(5.0, [5.0, 5.0]), LIGHT);
    }

    #[test]
    fn a_field_with_a_missing_cell_is_drawn_and_the_value_is_told_as_text() {
        let alt = Alt {
            id: "a".to_owned(),
            title: String::new(),
            description: String::new(),
        };
        let heat = Heat {
            across: vec!["1".to_owned(), "2".to_owned()],
            down: vec!["a".to_owned()],
            names: ["x", "y"],
            values: vec![vec![1.0, f64::NAN]],
            labels: vec![vec!["one".to_owned(), "-".to_owned()]],
            range: [0.0, 1.0],
        };
        let svg = draw(&heat, &alt).unwrap().0;
        assert_eq!(svg.matches("<rect").count(), 1);
        assert!(svg.contains("one") && !svg.contains("NaN"));
    }

    #[test]
    fn thinning_keeps_both_ends() {
        assert_eq!(thinned(3, 6), [0, 1, 2]);
        assert_eq!(thinned(11, 6), [0, 2, 4, 6, 8, 10]);
        assert_eq!(thinned(0, 6), Vec::<usize>::new());
    }
}
