//! A number against what was set: marks with their intervals, joined where one follows from the other.

use crate::output::chart::canvas::{
    Alt, Anchor, Canvas, Drawn, EDGE, INK, LINE, Place, TEXT, WIDTH, picture,
};
use crate::output::chart::scale::{Plot, labels, marks};
use crate::output::html::Svg;

/// What is drawn at one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// The setting.
    pub x: f64,
    /// The number; missing: no mark.
    pub y: f64,
    /// From where to where its interval reaches; missing: nowhere.
    pub interval: [f64; 2],
}

/// A chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels<'a> {
    /// The marks; where they are joined, from the left to the right.
    pub levels: Vec<Level>,
    /// Whether a line joins them.
    pub is_joined: bool,
    /// Ranges across and upwards, of every chart beside it.
    pub ranges: [[f64; 2]; 2],
    /// What is set.
    pub across: &'a str,
    /// Values of the first and the last mark, beside them; empty: not told.
    pub ends: [String; 2],
}

const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = 20.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 50.0;
const RULES: usize = 5;

/// Draws a chart.
///
/// # Errors
/// Those of the canvas.
pub fn draw(chart: &Levels<'_>, alt: &Alt) -> Drawn<Svg> {
    let [x, y] = chart.ranges;
    // No mark stands on the edge.
    let air = (x[1] - x[0]) * 0.04;
    let plot = Plot::new(
        [LEFT, WIDTH - RIGHT],
        [TOP, HEIGHT - BOTTOM],
        [x[0] - air, x[1] + air],
        y,
    );
    picture(HEIGHT, alt, |canvas| {
        plot.heights(canvas, RULES)?;
        plot.floor(canvas)?;
        let bottom = plot.down[1];
        let ticks = marks(x, RULES);
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            let (x, _) = plot.at(*tick, y[0]);
            canvas.line(&[(x, bottom), (x, bottom + 4.0)], INK, 1.0)?;
            canvas.text((x, bottom + 14.0), &label, Anchor::Middle)?;
        }
        let middle = (plot.across[0] + plot.across[1]) / 2.0;
        canvas.text(
            (middle, bottom + 18.0 + TEXT),
            &short(chart.across, LETTERS),
            Anchor::Middle,
        )?;
        marks_of(canvas, &plot, chart)
    })
}

fn marks_of(canvas: &Canvas<'_>, plot: &Plot, chart: &Levels<'_>) -> Drawn {
    let known: Vec<&Level> = chart.levels.iter().filter(|l| l.y.is_finite()).collect();
    let places: Vec<Place> = known.iter().map(|l| plot.at(l.x, l.y)).collect();
    for level in &known {
        let [low, high] = level.interval;
        if low.is_finite() && high.is_finite() {
            canvas.line(
                &[plot.at(level.x, low), plot.at(level.x, high)],
                match chart.is_joined {
                    true => INK,
                    false => EDGE,
                },
                1.5,
            )?;
        }
    }
    if chart.is_joined && places.len() > 1 {
        canvas.line(&places, LINE, 2.0)?;
    }
    for place in &places {
        canvas.dot(*place, 3.5, LINE)?;
    }
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return Ok(());
    };
    let above = |place: &Place| (place.1 - TEXT).max(TEXT / 2.0);
    canvas.bold((first.0 - 4.0, above(first)), &chart.ends[0], Anchor::Start)?;
    if places.len() > 1 {
        canvas.bold((last.0 + 4.0, above(last)), &chart.ends[1], Anchor::End)?;
    }
    Ok(())
}

/// Letters of a name that fit below a chart, or across it.
pub(super) const LETTERS: usize = 34;

/// A name of so many letters at most: its end, which tells the keys of a scenario apart.
///
/// * `most` - >= 1
pub(super) fn short(name: &str, most: usize) -> String {
    match name.chars().count() {
        letters if letters > most => {
            let end: String = name.chars().skip(letters - most + 1).collect();
            format!("\u{2026}{end}")
        }
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_one_value_and_none_are_drawn_all_the_same() {
        let alt = Alt {
            id: "a".to_owned(),
            title: String::new(),
            description: String::new(),
        };
        for values in [vec![1.0, f64::NAN, 3.0], vec![2.0], vec![f64::NAN], vec![]] {
            let levels = values.iter().enumerate().map(|(at, y)| Level {
                x: at as f64,
                y: *y,
                interval: [y - 1.0, y + 1.0],
            });
            let chart = Levels {
                levels: levels.collect(),
                is_joined: true,
                ranges: [[0.0, 2.0], [0.0, 4.0]],
                across: "a.key.with.a.name.that.is.far.too.long.for.a.chart",
                ends: ["1".to_owned(), "3".to_owned()],
            };
            let svg = draw(&chart, &alt).unwrap().0;
            assert!(!svg.contains("NaN"));
            assert_eq!(
                svg.matches("<circle").count(),
                values.iter().filter(|v| v.is_finite()).count()
            );
        }
    }
}
