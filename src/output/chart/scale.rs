//! Where numbers stand on a chart, and the axes that say so.

use plotters::coord::CoordTranslate;
use plotters::coord::cartesian::Cartesian2d;
use plotters::coord::ranged1d::Ranged;
use plotters::coord::types::RangedCoordf64;

use crate::output::chart::canvas::{Anchor, Canvas, Drawn, GUIDE, INK, Place};

/// The library maps to whole numbers: of these, so many stand for a pixel.
const FINER: f64 = 64.0;

/// A rectangle of a chart, and the numbers that its sides stand for.
pub struct Plot {
    /// Left, right [pixels].
    pub across: [f64; 2],
    /// Top, bottom [pixels].
    pub down: [f64; 2],
    /// From the bottom to the top, in the unit of the numbers.
    range: [f64; 2],
    map: Cartesian2d<RangedCoordf64, RangedCoordf64>,
}

impl Plot {
    /// * `x`, `y` - the numbers at the left and right, at the bottom and top
    pub fn new(across: [f64; 2], down: [f64; 2], x: [f64; 2], y: [f64; 2]) -> Plot {
        let whole = |value: f64| (value * FINER).round() as i32;
        Plot {
            across,
            down,
            range: y,
            map: Cartesian2d::new(
                x[0]..x[1],
                y[0]..y[1],
                (
                    whole(across[0])..whole(across[1]),
                    whole(down[1])..whole(down[0]),
                ),
            ),
        }
    }

    /// Where a point stands.
    pub fn at(&self, x: f64, y: f64) -> Place {
        let (x, y) = self.map.translate(&(x, y));
        (f64::from(x) / FINER, f64::from(y) / FINER)
    }

    /// Rules across and what they stand for, at the left.
    pub fn heights(&self, canvas: &Canvas<'_>, most: usize) -> Drawn {
        let marks = marks(self.range, most);
        let labels = labels(&marks);
        for (mark, label) in marks.iter().zip(&labels) {
            let (_, y) = self.at(0.0, *mark);
            canvas.line(&[(self.across[0], y), (self.across[1], y)], GUIDE, 1.0)?;
            canvas.text((self.across[0] - 6.0, y), label, Anchor::End)?;
        }
        Ok(())
    }

    /// The line at the bottom.
    pub fn floor(&self, canvas: &Canvas<'_>) -> Drawn {
        let [left, right] = self.across;
        canvas.line(&[(left, self.down[1]), (right, self.down[1])], INK, 1.0)
    }
}

/// Round numbers within a range.
pub fn marks(range: [f64; 2], most: usize) -> Vec<f64> {
    if !range.iter().all(|end| end.is_finite()) || range[0] >= range[1] {
        return Vec::new();
    }
    let marks = RangedCoordf64::from(range[0]..range[1]).key_points(most);
    let inside = marks
        .into_iter()
        .filter(|m| (range[0]..=range[1]).contains(m));
    // What is 0 but for a rounding reads like a mistake.
    let step = range[1] - range[0];
    inside
        .map(|m| if m.abs() < step * 1e-9 { 0.0 } else { m })
        .collect()
}

/// Numbers in words, all with the decimals that tell them apart.
pub fn labels(marks: &[f64]) -> Vec<String> {
    let step = marks
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .fold(f64::INFINITY, f64::min);
    let largest = marks
        .iter()
        .fold(0.0_f64, |most, mark| most.max(mark.abs()));
    let (over, behind) = match largest {
        large if large >= 1e9 => (1e9, "bn"),
        large if large >= 1e6 => (1e6, "m"),
        large if large >= 2e4 => (1e3, "k"),
        _ => (1.0, ""),
    };
    let exact = |places: &i32| {
        let units = step / over * libm::pow(10.0, f64::from(*places));
        (units - units.round()).abs() < 1e-6
    };
    let decimals = match step.is_finite() {
        true => (0..=6).find(exact).unwrap_or(6) as usize,
        false => 0,
    };
    marks
        .iter()
        .map(|mark| format!("{:.decimals$}{behind}", mark / over).replace('-', "\u{2212}"))
        .collect()
}

/// The range of a chart that is to hold some values: from 0 where they come near it, else with a little air. Nothing
/// where no value is known.
pub fn range(values: impl Iterator<Item = f64>) -> Option<[f64; 2]> {
    /// Part of the greatest value from which on a chart need not begin at 0.
    const FAR: f64 = 0.5;
    const AIR: f64 = 0.06;
    let known = values.filter(|value| value.is_finite());
    let ends = known.fold(None, |ends: Option<[f64; 2]>, value| {
        Some(match ends {
            Some([low, high]) => [low.min(value), high.max(value)],
            None => [value, value],
        })
    });
    let [low, high] = ends?;
    let low = if low >= 0.0 && low < FAR * high {
        0.0
    } else {
        low
    };
    if low == high {
        let half = if high == 0.0 { 1.0 } else { high.abs() * 0.1 };
        let floor = if low >= 0.0 {
            0.0_f64.max(low - half)
        } else {
            low - half
        };
        return Some([floor, high + half]);
    }
    let air = (high - low) * AIR;
    let floor = if low == 0.0 { 0.0 } else { low - air };
    Some([floor, high + air])
}

/// Heights moved apart as little as is needed so that texts do not touch, in the same order.
///
/// * `wanted` - [pixels], from the top to the bottom
/// * `least` - distance [pixels]
pub fn apart(wanted: &[f64], least: f64, within: [f64; 2]) -> Vec<f64> {
    let mut placed: Vec<f64> = Vec::with_capacity(wanted.len());
    for y in wanted {
        let free = placed.last().map_or(within[0], |above| above + least);
        placed.push(y.max(free));
    }
    let mut floor = within[1];
    for y in placed.iter_mut().rev() {
        *y = y.min(floor);
        floor = *y - least;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_stands_where_its_numbers_say() {
        let plot = Plot::new([40.0, 240.0], [10.0, 110.0], [0.0, 10.0], [0.0, 50.0]);
        let (x, y) = plot.at(5.0, 50.0);
        assert!((x - 140.0).abs() < 0.1 && (y - 10.0).abs() < 0.1, "{x} {y}");
    }

    #[test]
    fn labels_have_the_decimals_that_tell_them_apart_and_large_numbers_a_letter() {
        assert_eq!(labels(&[0.0, 0.5, 1.0]), ["0.0", "0.5", "1.0"]);
        assert_eq!(labels(&[0.0, 20.0]), ["0", "20"]);
        assert_eq!(
            labels(&[0.0, 2_500_000.0, 5_000_000.0]),
            ["0.0m", "2.5m", "5.0m"]
        );
        assert_eq!(labels(&[-1.0, 0.0]), ["\u{2212}1", "0"]);
    }

    #[test]
    fn a_range_begins_at_nothing_where_its_values_come_near_it() {
        assert_eq!(range([f64::NAN].into_iter()), None);
        assert_eq!(range([1.0, 10.0].into_iter()).unwrap()[0], 0.0);
        assert!(range([14.0, 16.0].into_iter()).unwrap()[0] > 13.0);
        let [low, high] = range([3.0, 3.0].into_iter()).unwrap();
        assert!(low < 3.0 && 3.0 < high);
        assert_eq!(range([0.0, 0.0].into_iter()), Some([0.0, 1.0]));
    }

    #[test]
    fn texts_are_moved_apart_and_stay_inside() {
        assert_eq!(
            apart(&[10.0, 12.0, 50.0], 16.0, [0.0, 100.0]),
            [10.0, 26.0, 50.0]
        );
        assert_eq!(apart(&[95.0, 96.0], 16.0, [0.0, 100.0]), [84.0, 100.0]);
    }
}
