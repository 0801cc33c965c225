//! Things one below the other, each with a bar or with a mark and its interval.

use crate::output::chart::canvas::{
    Alt, Anchor, DARK_BAND, Drawn, EDGE, GUIDE, INK, LINE, TEXT, WIDTH, picture,
};
use crate::output::chart::levels::short;
use crate::output::chart::scale::{Plot, labels, marks};
use crate::output::html::Svg;

/// A thing with a bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// What it is.
    pub name: String,
    /// Its length; missing: none.
    pub value: f64,
    /// The value as it is told.
    pub label: String,
}

/// A thing with a mark.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// What it is.
    pub name: String,
    /// Where the mark stands; missing: none.
    pub value: f64,
    /// From where to where its interval reaches; missing: nowhere.
    pub interval: [f64; 2],
    /// The value as it is told.
    pub label: String,
}

const LINE_HEIGHT: f64 = 26.0;
const NAMES: f64 = 122.0;
const VALUES: f64 = 58.0;
/// A name above, a mark below it.
const MARK_HEIGHT: f64 = 50.0;
const AXIS: f64 = 28.0;

/// Draws bars from the left, with their names before and their values behind them.
///
/// * `most` - the longest bar of every chart beside it, above 0
///
/// # Errors
/// Those of the canvas.
pub fn bars(bars: &[Bar], most: f64, alt: &Alt) -> Drawn<Svg> {
    let height = LINE_HEIGHT * bars.len() as f64 + 6.0;
    let room = WIDTH - NAMES - VALUES;
    picture(height, alt, |canvas| {
        for (at, bar) in bars.iter().enumerate() {
            let y = 3.0 + LINE_HEIGHT * (at as f64 + 0.5);
            canvas.text((NAMES - 8.0, y), &bar.name, Anchor::End)?;
            let length = match bar.value.is_finite() && most > 0.0 {
                true => room * (bar.value / most).clamp(0.0, 1.0),
                false => 0.0,
            };
            canvas.bar((NAMES, y - 9.0), (NAMES + length, y + 9.0), DARK_BAND)?;
            canvas.text((NAMES + length + 6.0, y), &bar.label, Anchor::Start)?;
        }
        let bottom = LINE_HEIGHT * bars.len() as f64 + 3.0;
        canvas.line(&[(NAMES, 3.0), (NAMES, bottom)], INK, 1.0)
    })
}

/// Draws marks with their intervals over a common axis.
///
/// * `range` - of every chart beside it
/// * `parts_at_zero` - true: 0 is drawn, because it parts more from less
///
/// # Errors
/// Those of the canvas.
pub fn intervals(rows: &[Mark], range: [f64; 2], parts_at_zero: bool, alt: &Alt) -> Drawn<Svg> {
    let bottom = MARK_HEIGHT * rows.len() as f64 + 4.0;
    let plot = Plot::new([12.0, WIDTH - 16.0], [0.0, bottom], range, [0.0, 1.0]);
    picture(bottom + AXIS, alt, |canvas| {
        let ticks = marks(range, 5);
        for (tick, label) in ticks.iter().zip(labels(&ticks)) {
            let (x, _) = plot.at(*tick, 0.0);
            let ink = if parts_at_zero && *tick == 0.0 {
                INK
            } else {
                GUIDE
            };
            canvas.line(&[(x, 0.0), (x, bottom)], ink, 1.0)?;
            let anchor = match x {
                x if x > WIDTH - 30.0 => Anchor::End,
                x if x < 24.0 => Anchor::Start,
                _ => Anchor::Middle,
            };
            canvas.text((x, bottom + 14.0), &label, anchor)?;
        }
        plot.floor(canvas)?;
        for (at, row) in rows.iter().enumerate() {
            let top = MARK_HEIGHT * at as f64 + 4.0;
            let y = top + TEXT + 16.0;
            let name = short(&row.name, beside(&row.label));
            canvas.text((12.0, top + TEXT / 2.0 + 2.0), &name, Anchor::Start)?;
            canvas.text(
                (WIDTH - 16.0, top + TEXT / 2.0 + 2.0),
                &row.label,
                Anchor::End,
            )?;
            let [low, high] = row.interval.map(|end| end.clamp(range[0], range[1]));
            if low.is_finite() && high.is_finite() {
                let (from, to) = (plot.at(low, 0.0).0, plot.at(high, 0.0).0);
                canvas.line(&[(from, y), (to, y)], EDGE, 3.0)?;
                for x in [from, to] {
                    canvas.line(&[(x, y - 5.0), (x, y + 5.0)], EDGE, 2.0)?;
                }
            }
            if row.value.is_finite() {
                let x = plot.at(row.value.clamp(range[0], range[1]), 0.0).0;
                canvas.dot((x, y), 5.0, LINE)?;
            }
        }
        Ok(())
    })
}

/// Letters of a name that fit before the value told in the same line.
fn beside(label: &str) -> usize {
    const LINE: usize = 36;
    LINE.saturating_sub(label.chars().count()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_cut_before_it_meets_its_value() {
        let alt = Alt {
            id: "a".to_owned(),
            title: String::new(),
            description: String::new(),
        };
        for (label, told) in [
            ("< 1 %", "\u{2026}.assessment.hours_per_week (D)<"),
            ("45 %", "\u{2026}s.assessment.hours_per_week (D)<"),
        ] {
            let mark = Mark {
                name: "stages.assessment.hours_per_week (D)".to_owned(),
                value: 0.5,
                interval: [0.0, 1.0],
                label: label.to_owned(),
            };
            let svg = intervals(&[mark], [0.0, 1.0], false, &alt).unwrap().0;
            let text: String = svg.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(text.replace(" <", "<").contains(told), "{text}");
        }
        assert_eq!(beside("one that is longer than the whole line"), 1);
    }
}
