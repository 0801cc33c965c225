//! Marks over the values of a key, each with its interval: a probability against what is required, or an edge.

use crate::output::chart::canvas::{
    Alt, Anchor, Canvas, Drawn, EDGE, INK, Ink, LINE, Place, TEXT, WIDTH, picture,
};
use crate::output::chart::scale::{Plot, labels, marks};
use crate::output::html::Svg;

/// What a mark says, by its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A full dot: it is met.
    Full,
    /// A cross: it is not.
    Cross,
    /// A ring: undecided.
    Ring,
}

/// A mark; missing values are not drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Where it stands across.
    pub x: f64,
    /// Where it stands upwards.
    pub y: f64,
    /// From where to where its interval reaches.
    pub interval: [f64; 2],
    /// Its form.
    pub form: Form,
}

/// Marks on one sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Spots {
    /// The marks.
    pub spots: Vec<Spot>,
    /// What the left and right side stand for.
    pub across: [f64; 2],
    /// What the bottom and top stand for.
    pub upwards: [f64; 2],
    /// A line across, and what is said there.
    pub line: Option<(f64, String)>,
    /// What stands across.
    pub unit: String,
}

const WHITE: Ink = Ink(255, 255, 255);
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 48.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 52.0;

/// Draws marks.
///
/// # Errors
/// Those of the canvas.
pub fn draw(spots: &Spots, alt: &Alt) -> Drawn<Svg> {
    let down = [TOP, HEIGHT - BOTTOM];
    let plot = Plot::new([LEFT, WIDTH - RIGHT], down, spots.across, spots.upwards);
    picture(HEIGHT, alt, |canvas| {
        plot.heights(canvas, 5)?;
        plot.floor(canvas)?;
        if let Some((y, words)) = &spots.line {
            let (_, y) = plot.at(spots.across[0], *y);
            canvas.dashed(&[(LEFT, y), (WIDTH - RIGHT, y)], INK, 1.5, 6.0, 4.0)?;
            canvas.text((WIDTH - RIGHT, TOP - 14.0), words, Anchor::End)?;
        }
        let ticks = marks(spots.across, 7);
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            let (x, y) = plot.at(*tick, spots.upwards[0]);
            canvas.line(&[(x, y), (x, y + 4.0)], INK, 1.0)?;
            canvas.text((x, y + 14.0), &label, Anchor::Middle)?;
        }
        let middle = (LEFT + WIDTH - RIGHT) / 2.0;
        let below = HEIGHT - BOTTOM + 20.0 + TEXT;
        canvas.text((middle, below), &spots.unit, Anchor::Middle)?;
        for spot in &spots.spots {
            let inside = |y: f64| y.clamp(spots.upwards[0], spots.upwards[1]);
            let [low, high] = spot.interval.map(inside);
            if low.is_finite() && high.is_finite() {
                canvas.line(&[plot.at(spot.x, low), plot.at(spot.x, high)], EDGE, 2.0)?;
            }
        }
        for spot in spots.spots.iter().filter(|s| s.y.is_finite()) {
            mark(canvas, plot.at(spot.x, spot.y), spot.form)?;
        }
        Ok(())
    })
}

/// One mark.
///
/// # Errors
/// Those of the canvas.
pub fn mark(canvas: &Canvas<'_>, (x, y): Place, form: Form) -> Drawn {
    const ARM: f64 = 4.0;
    match form {
        Form::Full => canvas.dot((x, y), 4.5, LINE),
        Form::Ring => {
            canvas.dot((x, y), 4.5, LINE)?;
            canvas.dot((x, y), 2.5, WHITE)
        }
        Form::Cross => {
            canvas.line(&[(x - ARM, y - ARM), (x + ARM, y + ARM)], LINE, 2.0)?;
            canvas.line(&[(x - ARM, y + ARM), (x + ARM, y - ARM)], LINE, 2.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_without_a_value_are_left_out_and_words_are_shown_as_they_are() {
        let alt = Alt {
            id: "a".to_owned(),
            title: String::new(),
            description: String::new(),
        };
        let spot = |y, form| Spot {
            x: 1.0,
            y,
            interval: [y, 1.0],
            form,
        };
        let spots = Spots {
            spots: vec![
                spot(f64::NAN, Form::Full),
                spot(0.5, Form::Ring),
                spot(0.2, Form::Cross),
            ],
            across: [0.0, 2.0],
            upwards: [0.0, 1.0],
            line: Some((0.9, "<b>".to_owned())),
            unit: "limit".to_owned(),
        };
        let svg = draw(&spots, &alt).unwrap().0;
        assert!(!svg.contains("NaN") && svg.contains("&lt;b&gt;"), "{svg}");
        assert_eq!(svg.matches("<circle").count(), 2);
    }
}
