//! Two numbers of each of several things, and those that none of the others beats in both.

use crate::output::chart::canvas::{
    Alt, Anchor, Canvas, Drawn, EDGE, GUIDE, INK, LINE, Place, TEXT, WIDTH, picture,
};
use crate::output::chart::scale::{Plot, labels, marks};
use crate::output::html::Svg;

/// A thing with two numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// What stands beside it.
    pub name: String,
    /// Across, and from where to where its interval reaches.
    pub x: [f64; 3],
    /// Upwards, alike.
    pub y: [f64; 3],
    /// True where no other is better in one number and as good in the other.
    pub is_best: bool,
}

const HEIGHT: f64 = 290.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 30.0;
const BOTTOM: f64 = 46.0;

/// Draws points.
///
/// * `ranges` - across and upwards
/// * `names` - of what is counted across, and upwards
///
/// # Errors
/// Those of the canvas.
pub fn draw(points: &[Point], ranges: [[f64; 2]; 2], names: [&str; 2], alt: &Alt) -> Drawn<Svg> {
    let plot = Plot::new(
        [LEFT, WIDTH - RIGHT],
        [TOP, HEIGHT - BOTTOM],
        ranges[0],
        ranges[1],
    );
    picture(HEIGHT, alt, |canvas| {
        plot.heights(canvas, 5)?;
        let bottom = plot.down[1];
        let ticks = marks(ranges[0], 5);
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            let (x, _) = plot.at(*tick, ranges[1][0]);
            canvas.line(&[(x, plot.down[0]), (x, bottom)], GUIDE, 1.0)?;
            canvas.text((x, bottom + 14.0), &label, Anchor::Middle)?;
        }
        plot.floor(canvas)?;
        canvas.text((4.0, 10.0), names[1], Anchor::Start)?;
        let middle = (plot.across[0] + plot.across[1]) / 2.0;
        canvas.text((middle, bottom + 14.0 + TEXT), names[0], Anchor::Middle)?;
        frontier(canvas, &plot, points)?;
        for point in points {
            mark(canvas, &plot, point)?;
        }
        tell(canvas, &plot, points)
    })
}

/// A broken line through the best.
fn frontier(canvas: &Canvas<'_>, plot: &Plot, points: &[Point]) -> Drawn {
    let mut best: Vec<Place> = points
        .iter()
        .filter(|point| point.is_best)
        .map(|point| plot.at(point.x[0], point.y[0]))
        .collect();
    best.sort_by(|a, b| a.0.total_cmp(&b.0));
    match best.len() {
        0 | 1 => Ok(()),
        _ => canvas.dashed(&best, EDGE, 1.5, 5.0, 4.0),
    }
}

/// A round mark of the best, a square one of the others, both with their intervals.
fn mark(canvas: &Canvas<'_>, plot: &Plot, point: &Point) -> Drawn {
    let [x, left, right] = point.x;
    let [y, low, high] = point.y;
    if left.is_finite() && right.is_finite() {
        canvas.line(&[plot.at(left, y), plot.at(right, y)], INK, 1.0)?;
    }
    if low.is_finite() && high.is_finite() {
        canvas.line(&[plot.at(x, low), plot.at(x, high)], INK, 1.0)?;
    }
    let place = plot.at(x, y);
    match point.is_best {
        true => canvas.dot(place, 6.0, LINE),
        false => canvas.bar(
            (place.0 - 4.5, place.1 - 4.5),
            (place.0 + 4.5, place.1 + 4.5),
            EDGE,
        ),
    }
}

/// Names beside their marks, moved up or down where they would touch.
fn tell(canvas: &Canvas<'_>, plot: &Plot, points: &[Point]) -> Drawn {
    let mut order: Vec<(&Point, Place)> = points
        .iter()
        .map(|point| (point, plot.at(point.x[0], point.y[0])))
        .collect();
    order.sort_by(|a, b| a.1.1.total_cmp(&b.1.1));
    let mut told: Vec<(f64, f64, f64)> = Vec::new();
    for (point, (x, y)) in order {
        let is_right = x > (plot.across[0] + plot.across[1]) / 2.0;
        let length = point.name.chars().count() as f64 * TEXT * 0.55;
        let left = if is_right {
            x - 12.0 - length
        } else {
            x + 12.0
        };
        let touches = |at: f64| {
            told.iter()
                .any(|(l, r, other)| (other - at).abs() < TEXT && *l < left + length && left < *r)
        };
        let steps = [0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0, -4.0, 4.0];
        let heights = steps.map(|step| y + step * TEXT);
        let inside = |at: &f64| (plot.down[0]..plot.down[1] - 6.0).contains(at);
        let free = heights.into_iter().find(|at| inside(at) && !touches(*at));
        let at = free.unwrap_or(y);
        told.push((left, left + length, at));
        let (place, anchor) = match is_right {
            true => ((x - 12.0, at), Anchor::End),
            false => ((x + 12.0, at), Anchor::Start),
        };
        canvas.text(place, &point.name, anchor)?;
    }
    Ok(())
}
