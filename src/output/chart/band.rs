//! A line by month with bands around it: the plays of one policy, or the difference between two.

use crate::output::chart::canvas::{
    Alt, Anchor, Canvas, DARK_BAND, Drawn, EDGE, INK, LIGHT_BAND, LINE, Place, TEXT, WIDTH, picture,
};
use crate::output::chart::scale::{Plot, apart};
use crate::output::html::Svg;

/// What is drawn by month; a value that is missing leaves a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Months<'a> {
    /// Names of the months, as `Apr 26`.
    pub months: &'a [String],
    /// From the least to the greatest value of every chart beside it.
    pub range: [f64; 2],
    /// The middle line.
    pub middle: Vec<f64>,
    /// Lower and upper edge of the inner band; empty where there is none.
    pub inner: Vec<[f64; 2]>,
    /// Lower and upper edge of the outer band.
    pub outer: Vec<[f64; 2]>,
    /// At the right end: upper edge, middle, lower edge.
    pub labels: [String; 3],
    /// True: 0 is drawn, because it parts more from less.
    pub parts_at_zero: bool,
}

const HEIGHT: f64 = 230.0;
const LEFT: f64 = 52.0;
/// Room for the labels at the end.
const RIGHT: f64 = 58.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;
/// Rules across at most.
const RULES: usize = 5;

/// Draws months.
///
/// # Errors
/// Those of the canvas.
pub fn draw(months: &Months<'_>, alt: &Alt) -> Drawn<Svg> {
    let last = months.months.len().saturating_sub(1).max(1) as f64;
    let plot = Plot::new(
        [LEFT, WIDTH - RIGHT],
        [TOP, HEIGHT - BOTTOM],
        [0.0, last],
        months.range,
    );
    picture(HEIGHT, alt, |canvas| {
        plot.heights(canvas, RULES)?;
        let at = |month: usize, value: f64| plot.at(month as f64, value);
        for (edges, ink) in [(&months.outer, LIGHT_BAND), (&months.inner, DARK_BAND)] {
            for run in runs(edges.len(), |m| edges[m].iter().all(|v| v.is_finite())) {
                let upper = run.clone().map(|m| at(m, edges[m][1]));
                let lower = run.rev().map(|m| at(m, edges[m][0]));
                let corners: Vec<Place> = upper.chain(lower).collect();
                canvas.area(&corners, ink)?;
            }
        }
        plot.floor(canvas)?;
        if months.parts_at_zero {
            canvas.line(&[at(0, 0.0), plot.at(last, 0.0)], INK, 1.0)?;
        }
        for side in [0, 1] {
            let edges = &months.outer;
            for run in runs(edges.len(), |m| edges[m][side].is_finite()) {
                let places: Vec<Place> = run.map(|m| at(m, edges[m][side])).collect();
                if places.len() > 1 {
                    canvas.dashed(&places, EDGE, 1.25, 5.0, 4.0)?;
                }
            }
        }
        for run in runs(months.middle.len(), |m| months.middle[m].is_finite()) {
            let places: Vec<Place> = run.map(|m| at(m, months.middle[m])).collect();
            match places.as_slice() {
                [one] => canvas.dot(*one, 3.0, LINE)?,
                several => canvas.line(several, LINE, 2.5)?,
            }
        }
        ends(canvas, &plot, months)?;
        names(canvas, &plot, months.months)
    })
}

/// Stretches of months that have values.
fn runs(months: usize, is_known: impl Fn(usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for month in (0..months).filter(|m| is_known(*m)) {
        match runs.last_mut() {
            Some(run) if run.end == month => run.end += 1,
            _ => runs.push(month..month + 1),
        }
    }
    runs
}

/// The values of the last month, beside it.
fn ends(canvas: &Canvas<'_>, plot: &Plot, months: &Months<'_>) -> Drawn {
    let Some(last) = months.middle.len().checked_sub(1) else {
        return Ok(());
    };
    let [low, high] = months.outer.get(last).copied().unwrap_or([f64::NAN; 2]);
    let values = [high, months.middle[last], low];
    let known: Vec<usize> = (0..3)
        .filter(|at| values[*at].is_finite() && !months.labels[*at].is_empty())
        .collect();
    // Where all is one, it is said once.
    let known = match values[0] == values[2] {
        true => known.into_iter().filter(|at| *at == 1).collect(),
        false => known,
    };
    let wanted: Vec<f64> = known.iter().map(|at| plot.at(0.0, values[*at]).1).collect();
    let places = apart(&wanted, TEXT, [TEXT / 2.0, plot.down[1] - 2.0]);
    for (at, y) in known.iter().zip(places) {
        let place = (plot.across[1] + 6.0, y);
        match at {
            1 => canvas.bold(place, &months.labels[*at], Anchor::Start)?,
            _ => canvas.text(place, &months.labels[*at], Anchor::Start)?,
        }
    }
    Ok(())
}

/// First, middle and last month below.
fn names(canvas: &Canvas<'_>, plot: &Plot, months: &[String]) -> Drawn {
    /// Months from which on there is room for one between first and last.
    const ROOM: usize = 8;
    let y = plot.down[1] + 16.0;
    let [left, right] = plot.across;
    if let Some(first) = months.first() {
        canvas.text((left - 14.0, y), first, Anchor::Start)?;
    }
    if let (Some(last), true) = (months.last(), months.len() > 1) {
        canvas.text((right + 20.0, y), last, Anchor::End)?;
    }
    let middle = months.len() / 2;
    if months.len() >= ROOM {
        let x = plot.at(middle as f64, 0.0).0;
        let bottom = plot.down[1];
        canvas.line(&[(x, bottom), (x, bottom + 4.0)], INK, 1.0)?;
        canvas.text((x, y), &months[middle], Anchor::Middle)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_a_value_leave_a_gap() {
        let known = [true, true, false, true, false];
        assert_eq!(runs(5, |m| known[m]), [0..2, 3..4]);
        assert!(runs(0, |_| true).is_empty());
    }

    #[test]
    fn a_chart_of_missing_values_or_of_one_month_is_drawn_all_the_same() {
        let alt = Alt {
            id: "a".to_owned(),
            title: String::new(),
            description: String::new(),
        };
        for values in [vec![f64::NAN; 3], vec![2.0], Vec::new()] {
            let names = vec!["Apr 26".to_owned(); values.len()];
            let months = Months {
                months: &names,
                range: [0.0, 3.0],
                inner: values.iter().map(|v| [*v, *v]).collect(),
                outer: values.iter().map(|v| [*v, *v]).collect(),
                middle: values,
                labels: Default::default(),
                parts_at_zero: true,
            };
            assert!(!draw(&months, &alt).unwrap().0.contains("NaN"));
        }
    }
}
