//! What every chart is drawn on.

use std::fmt;

use plotters::coord::Shift;
use plotters::element::DashedPathElement;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use crate::output::html::{Html, Svg, shown};

/// Width of every chart [pixels].
pub const WIDTH: f64 = 340.0;
/// Height of a line of text [pixels]: 12 points.
pub const TEXT: f64 = 16.0;
/// Text and axes: 14 to 1 on white.
pub const INK: Ink = Ink(0x1c, 0x2a, 0x35);
/// Lines that carry numbers: 11 to 1 on white, and 3.8 to 1 on [`DARK_BAND`].
pub const LINE: Ink = Ink(0x07, 0x3b, 0x52);
/// Edges of bands: 4.7 to 1 on white.
pub const EDGE: Ink = Ink(0x3f, 0x7a, 0x98);
/// A band or bar that must be seen by itself: 3.2 to 1 on white.
pub const DARK_BAND: Ink = Ink(0x67, 0x97, 0xb1);
/// A band that has edges.
pub const LIGHT_BAND: Ink = Ink(0xdc, 0xe8, 0xee);
/// Lines that only guide the eye.
pub const GUIDE: Ink = Ink(0xd5, 0xda, 0xde);

/// Drawn larger and shown smaller, because the library knows whole pixels only.
const FINER: f64 = 4.0;
/// The library takes the size of a font for that of its box.
const BOX_OF_FONT: f64 = 1.24;

/// A colour: red, green, blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink(pub u8, pub u8, pub u8);

impl Ink {
    fn color(self) -> RGBColor {
        RGBColor(self.0, self.1, self.2)
    }

    fn stroke(self, width: f64) -> ShapeStyle {
        self.color().stroke_width((width * FINER).round() as u32)
    }
}

/// Which end of a text stands at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The first letter.
    Start,
    /// The middle.
    Middle,
    /// The last letter.
    End,
}

/// The chart library could not draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawError(String);

impl fmt::Display for DrawError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a chart could not be drawn: {}", self.0)
    }
}

impl std::error::Error for DrawError {}

/// What drawing comes to.
pub type Drawn<T = ()> = Result<T, DrawError>;

/// A place [pixels from the upper left corner].
pub type Place = (f64, f64);

/// What a picture is called and what is seen on it, for those who do not see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alt {
    /// A name that no other picture of the page has.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Trend and extremes.
    pub description: String,
}

/// A sheet that is drawn on.
pub struct Canvas<'a> {
    root: DrawingArea<SVGBackend<'a>, Shift>,
}

impl Canvas<'_> {
    /// A line through places; one with fewer than two is not seen.
    pub fn line(&self, places: &[Place], ink: Ink, width: f64) -> Drawn {
        let path = PathElement::new(finer(places), ink.stroke(width));
        self.root.draw(&path).map_err(told)
    }

    /// A broken line through places.
    ///
    /// * `dash`, `gap` - [pixels]
    pub fn dashed(&self, places: &[Place], ink: Ink, width: f64, dash: f64, gap: f64) -> Drawn {
        let [dash, gap] = [dash, gap].map(|length| (length * FINER).round() as u32);
        let path = DashedPathElement::new(finer(places), dash, gap, ink.stroke(width));
        self.root.draw(&path).map_err(told)
    }

    /// The inside of a polygon.
    pub fn area(&self, corners: &[Place], ink: Ink) -> Drawn {
        let area = Polygon::new(finer(corners), ink.color().filled());
        self.root.draw(&area).map_err(told)
    }

    /// The inside of a rectangle.
    pub fn bar(&self, from: Place, to: Place, ink: Ink) -> Drawn {
        let corners = [fine(from), fine(to)];
        let bar = Rectangle::new(corners, ink.color().filled());
        self.root.draw(&bar).map_err(told)
    }

    /// A round mark.
    pub fn dot(&self, place: Place, radius: f64, ink: Ink) -> Drawn {
        let dot = Circle::new(fine(place), (radius * FINER) as i32, ink.color().filled());
        self.root.draw(&dot).map_err(told)
    }

    /// Words, centred on the height of their place.
    pub fn text(&self, place: Place, words: &str, anchor: Anchor) -> Drawn {
        self.write(place, words, anchor, FontStyle::Normal)
    }

    /// Words that are to be seen first.
    pub fn bold(&self, place: Place, words: &str, anchor: Anchor) -> Drawn {
        self.write(place, words, anchor, FontStyle::Bold)
    }

    fn write(&self, place: Place, words: &str, anchor: Anchor, style: FontStyle) -> Drawn {
        let across = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = (FontFamily::SansSerif, TEXT * FINER * BOX_OF_FONT).into_font();
        let color = INK.color();
        let style = TextStyle::from(font.style(style))
            .color(&color)
            .pos(Pos::new(across, VPos::Center));
        let words: String = words.chars().map(shown).collect();
        self.root
            .draw(&Text::new(words, fine(place), style))
            .map_err(told)
    }
}

/// Draws a picture [`WIDTH`] wide.
///
/// * `height` - [pixels]
///
/// # Errors
/// [`DrawError`] where the library fails.
pub fn picture(height: f64, alt: &Alt, draw: impl FnOnce(&Canvas<'_>) -> Drawn) -> Drawn<Svg> {
    let (width, height) = fine((WIDTH, height));
    let mut text = String::new();
    {
        let size = (width.unsigned_abs(), height.unsigned_abs());
        let canvas = Canvas {
            root: SVGBackend::with_string(&mut text, size).into_drawing_area(),
        };
        draw(&canvas)?;
        canvas.root.present().map_err(told)?;
    }
    // The library's own beginning says nothing to those who do not see the picture.
    let inside = text.find('>').map_or("", |at| &text[at + 1..]);
    let inside = inside.trim().strip_suffix("</svg>").unwrap_or(inside);
    let mut html = Html::new();
    let [title, description] = ["title", "description"].map(|part| format!("{}-{part}", alt.id));
    html.element(
        "svg",
        &[
            ("viewBox", &format!("0 0 {width} {height}")),
            ("role", "img"),
            ("aria-labelledby", &format!("{title} {description}")),
        ],
        |html| {
            html.plain("title", &[("id", &title)], &alt.title);
            html.plain("desc", &[("id", &description)], &alt.description);
            html.picture(&Svg(joined(inside)));
        },
    );
    Ok(Svg(html.piece().to_owned()))
}

/// Lines of one look that follow each other, as one: a broken line is hundreds of pieces, all but one of which only make
/// the page longer.
fn joined(inside: &str) -> String {
    const BEGINS: &str = "<polyline ";
    const POINTS: &str = "points=\"";
    let mut text = String::with_capacity(inside.len() / 2);
    let mut look = "";
    for line in inside.lines() {
        let piece = line.strip_prefix(BEGINS).and_then(|line| {
            let (look, points) = line.split_once(POINTS)?;
            Some((look, points.strip_suffix("\"/>")?.trim()))
        });
        match piece {
            Some((this, points)) => {
                if this != look {
                    close(&mut text, &mut look);
                    text.push_str(&format!("<path {this}d=\""));
                    look = this;
                }
                text.push_str(&format!("M{points}"));
            }
            None => {
                close(&mut text, &mut look);
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    close(&mut text, &mut look);
    // Nothing here is seen through.
    text.replace(" opacity=\"1\"", "")
}

fn close(text: &mut String, look: &mut &str) {
    if !look.is_empty() {
        text.push_str("\"/>\n");
        *look = "";
    }
}

fn fine((x, y): Place) -> (i32, i32) {
    ((x * FINER).round() as i32, (y * FINER).round() as i32)
}

fn finer(places: &[Place]) -> Vec<(i32, i32)> {
    places.iter().map(|place| fine(*place)).collect()
}

fn told(error: impl fmt::Display) -> DrawError {
    DrawError(error.to_string())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Contrast of two colours, as WCAG 2.2 defines it.
    pub(in crate::output::chart) fn contrast(a: Ink, b: Ink) -> f64 {
        let light = |Ink(r, g, b): Ink| {
            let linear = |c: u8| match f64::from(c) / 255.0 {
                c if c <= 0.04045 => c / 12.92,
                c => libm::pow((c + 0.055) / 1.055, 2.4),
            };
            0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) + 0.05
        };
        let (a, b) = (light(a), light(b));
        a.max(b) / a.min(b)
    }

    #[test]
    fn text_and_marks_stand_out_from_what_is_behind_them() {
        let white = Ink(255, 255, 255);
        assert!((contrast(white, Ink(0, 0, 0)) - 21.0).abs() < 1e-9);
        for behind in [white, LIGHT_BAND] {
            assert!(contrast(INK, behind) >= 4.5);
            assert!(contrast(EDGE, behind) >= 3.0);
        }
        for behind in [white, LIGHT_BAND, DARK_BAND] {
            assert!(contrast(LINE, behind) >= 3.0);
        }
        assert!(contrast(DARK_BAND, white) >= 3.0);
    }

    #[test]
    fn the_pieces_of_a_broken_line_are_one() {
        let line = |width: u8, points: &str| {
            format!(
                "<polyline fill=\"none\" opacity=\"1\" stroke-width=\"{width}\" points=\"{points} \"/>\n"
            )
        };
        let text = line(1, "0,0 1,1") + &line(1, "2,2 3,3") + &line(2, "0,0 1,1 2,2");
        assert_eq!(
            joined(&text),
            "<path fill=\"none\" stroke-width=\"1\" d=\"M0,0 1,1M2,2 3,3\"/>\n\
             <path fill=\"none\" stroke-width=\"2\" d=\"M0,0 1,1 2,2\"/>\n"
        );
    }

    #[test]
    fn a_picture_says_in_words_what_it_is_and_shows_names_as_text() {
        let alt = Alt {
            id: "a".to_owned(),
            title: "<b>".to_owned(),
            description: "rises".to_owned(),
        };
        let svg = picture(40.0, &alt, |canvas| {
            canvas.line(&[(0.0, 0.0), (10.0, 10.0)], LINE, 2.0)?;
            canvas.dashed(&[(0.0, 0.0), (10.0, 10.0)], LINE, 2.0, 3.0, 2.0)?;
            canvas.text((5.0, 20.0), "<script>", Anchor::Middle)
        });
        let svg = svg.unwrap().0;
        assert!(svg.starts_with(
            "<svg viewBox=\"0 0 1360 160\" role=\"img\" aria-labelledby=\"a-title a-description\">"
        ));
        assert!(
            svg.contains("<title id=\"a-title\">&lt;b&gt;</title>"),
            "{svg}"
        );
        assert!(svg.contains("&lt;script&gt;") && !svg.contains("<script>"));
        assert!(svg.contains("font-size=\"64\""), "{svg}");
        assert_eq!(svg.matches("<svg").count(), 1);
        assert!(svg.ends_with("</svg>"));
    }
}
