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
const BOTTOM: f64 = 52.0;

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
        canvas.text((middle, bottom + 20.0 + TEXT), names[0], Anchor::Middle)?;
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

/// A rectangle: left, top, right, bottom [pixels].
type Field = [f64; 4];

/// Names beside their marks; one that would touch another name or mark is moved, and a line leads to it.
fn tell(canvas: &Canvas<'_>, plot: &Plot, points: &[Point]) -> Drawn {
    /// Lines of text that a name may be moved up or down.
    const FARTHEST: i32 = 12;
    let mut order: Vec<(&Point, Place)> = points
        .iter()
        .map(|point| (point, plot.at(point.x[0], point.y[0])))
        .collect();
    order.sort_by(|a, b| a.1.1.total_cmp(&b.1.1).then(a.1.0.total_cmp(&b.1.0)));
    let marks = order
        .iter()
        .map(|(_, (x, y))| [x - 7.0, y - 7.0, x + 7.0, y + 7.0]);
    let mut taken: Vec<Field> = marks.collect();
    for (point, (x, y)) in order {
        let length = point.name.chars().count() as f64 * TEXT * 0.56;
        let [from, to] = [plot.across[0] + 2.0, WIDTH - 4.0];
        let above_or_below = (x - length / 2.0).min(to - length).max(from);
        let steps = (0..=FARTHEST).flat_map(|step| [-step, step]);
        let candidates = steps.flat_map(|step| {
            let y = y + f64::from(step) * TEXT;
            let field = |left: f64| [left, y - TEXT / 2.0, left + length, y + TEXT / 2.0];
            let beside = [field(x + 11.0), field(x - 11.0 - length)];
            beside
                .into_iter()
                .chain((step != 0).then(|| field(above_or_below)))
        });
        let inside = |field: &Field| {
            field[0] > plot.across[0]
                && field[2] < WIDTH - 2.0
                && field[1] > plot.down[0] - 4.0
                && field[3] < plot.down[1] - 2.0
        };
        let is_free =
            |field: &Field| inside(field) && !taken.iter().any(|other| touch(field, other));
        let Some(field) = candidates
            .clone()
            .find(is_free)
            .or(candidates.clone().next())
        else {
            continue;
        };
        taken.push(field);
        let middle = (field[1] + field[3]) / 2.0;
        // From the side of the name that is nearest.
        let end = x.clamp(field[0], field[2]);
        if middle != y {
            let edge = if middle < y {
                field[3] - 2.0
            } else {
                field[1] + 2.0
            };
            canvas.line(&[(x, y), (end, edge)], EDGE, 1.0)?;
        }
        canvas.text((field[0], middle), &point.name, Anchor::Start)?;
    }
    Ok(())
}

fn touch(a: &Field, b: &Field) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_touch_where_they_overlap_in_both_directions() {
        let field = [0.0, 0.0, 10.0, 10.0];
        assert!(touch(&field, &[5.0, 5.0, 15.0, 15.0]));
        assert!(!touch(&field, &[5.0, 10.0, 15.0, 20.0]));
        assert!(!touch(&field, &[10.0, 5.0, 20.0, 15.0]));
    }
}
