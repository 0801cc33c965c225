//! The stages that a case goes through, one below the other, each with the ways out of it.

use crate::output::chart::canvas::{
    Alt, Anchor, Canvas, DARK_BAND, Drawn, INK, LIGHT_BAND, LINE, WIDTH, picture,
};
use crate::output::html::Svg;

/// A stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    /// Its name.
    pub name: String,
    /// How many stand in it, as it is told.
    pub holds: String,
    /// What comes in from outside, as it is told; empty where nothing does.
    pub comes: String,
    /// Where cases go from here.
    pub ways: Vec<Way>,
}

/// A way out of a stage.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// Where it leads.
    pub to: String,
    /// How many take it, as it is told.
    pub label: String,
    /// Its part of the widest flow [1].
    pub part: f64,
}

const BOX: f64 = 34.0;
const STEP: f64 = 30.0;
const GAP: f64 = 22.0;
const COMES: f64 = 34.0;
/// Width of the widest flow [pixels].
const WIDEST: f64 = 14.0;
const STEM: f64 = 28.0;

/// Draws the pathway.
///
/// # Errors
/// Those of the canvas.
pub fn draw(stops: &[Stop], alt: &Alt) -> Drawn<Svg> {
    let height: f64 = stops.iter().map(tall).sum();
    picture(height.max(1.0), alt, |canvas| {
        let mut y = 0.0;
        for stop in stops {
            one(canvas, stop, y)?;
            y += tall(stop);
        }
        Ok(())
    })
}

fn tall(stop: &Stop) -> f64 {
    let comes = if stop.comes.is_empty() { 0.0 } else { COMES };
    comes + BOX + STEP * stop.ways.len() as f64 + GAP
}

fn one(canvas: &Canvas<'_>, stop: &Stop, top: f64) -> Drawn {
    let mut top = top;
    if !stop.comes.is_empty() {
        let x = STEM;
        canvas.line(&[(x, top + 2.0), (x, top + COMES - 8.0)], DARK_BAND, 6.0)?;
        head(canvas, (x, top + COMES), false)?;
        canvas.text((x + 14.0, top + 12.0), &stop.comes, Anchor::Start)?;
        top += COMES;
    }
    canvas.bar((0.0, top), (WIDTH, top + BOX), LIGHT_BAND)?;
    canvas.line(
        &[
            (1.0, top + 1.0),
            (WIDTH - 1.0, top + 1.0),
            (WIDTH - 1.0, top + BOX),
            (1.0, top + BOX),
            (1.0, top + 1.0),
        ],
        INK,
        1.0,
    )?;
    canvas.bold((10.0, top + BOX / 2.0), &stop.name, Anchor::Start)?;
    canvas.text((WIDTH - 10.0, top + BOX / 2.0), &stop.holds, Anchor::End)?;
    let begin = top + BOX;
    if let Some(last) = stop.ways.len().checked_sub(1) {
        let end = begin + STEP * (last as f64 + 0.5);
        canvas.line(&[(STEM, begin), (STEM, end)], INK, 1.0)?;
    }
    for (at, way) in stop.ways.iter().enumerate() {
        let y = begin + STEP * (at as f64 + 0.5);
        let width = (WIDEST * way.part.clamp(0.0, 1.0)).max(1.5);
        canvas.line(&[(STEM, y), (STEM + 42.0, y)], DARK_BAND, width)?;
        head(canvas, (STEM + 54.0, y), true)?;
        canvas.text((STEM + 62.0, y), &way.to, Anchor::Start)?;
        canvas.text((WIDTH - 10.0, y), &way.label, Anchor::End)?;
    }
    Ok(())
}

/// The head of an arrow whose point stands at a place.
fn head(canvas: &Canvas<'_>, (x, y): (f64, f64), is_right: bool) -> Drawn {
    let corners = match is_right {
        true => [(x, y), (x - 12.0, y - 7.0), (x - 12.0, y + 7.0)],
        false => [(x, y), (x - 7.0, y - 12.0), (x + 7.0, y - 12.0)],
    };
    canvas.area(&corners, LINE)
}
