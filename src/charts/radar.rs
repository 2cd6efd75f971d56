//! Outlines over spokes: several dimensions of the same range, as several tellers have them.

use std::f64::consts::TAU;

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class, series_dashes};
use crate::scale::brief;

const WIDTH: f64 = 720.0;
const RADIUS: f64 = 140.0;
/// The room for the names of spokes beside the outermost ring.
const AROUND: f64 = 40.0;

/// What one teller says.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// Who says it.
    pub name: String,
    /// A value for every spoke; nothing where there is none to show, and the outline is open there.
    pub values: Vec<Option<f64>>,
}

/// Outlines over spokes.
#[derive(Debug, Clone, PartialEq)]
pub struct Radar {
    /// What the figure says of itself.
    pub about: About,
    /// The names of the spokes, clockwise from the top.
    pub spokes: Vec<String>,
    /// The names of the rings; the middle is 0, and each ring is one more.
    pub rings: Vec<String>,
    /// The outlines, at most six of them: more are not told apart.
    pub outlines: Vec<Outline>,
}

impl Radar {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let centre = (WIDTH / 2.0, 30.0 + AROUND + RADIUS);
        let mut picture = Picture::new(&self.about, WIDTH, centre.1 + RADIUS + AROUND);
        let most = self.rings.len().max(1) as f64;
        let count = self.spokes.len().max(1) as f64;
        let at = |spoke: usize, value: f64| {
            let (angle, far) = (TAU * spoke as f64 / count, RADIUS * value / most);
            (centre.0 + far * angle.sin(), centre.1 - far * angle.cos())
        };
        for (ring, name) in self.rings.iter().enumerate() {
            let mut course: Vec<(f64, f64)> =
                (0..self.spokes.len()).map(|spoke| at(spoke, ring as f64 + 1.0)).collect();
            course.extend(course.first().copied());
            picture.path(&course, "grid", "");
            let top = at(0, ring as f64 + 1.0);
            picture.text((top.0 + 4.0, top.1 + 12.0), Held::Start, "soft tiny", name);
        }
        for (spoke, name) in self.spokes.iter().enumerate() {
            picture.line(centre, at(spoke, most), "grid");
            let end = at(spoke, most + 0.25);
            let (aside, held) = match (end.0 - centre.0).round() {
                aside if aside > 1.0 => (aside, Held::Start),
                aside if aside < -1.0 => (aside, Held::End),
                aside => (aside, Held::Middle),
            };
            let room = WIDTH / 2.0 - aside.abs();
            picture.text((end.0, end.1 + 4.0), held, "small", &cut(name, room));
        }
        let mut left = 0.0;
        for (place, outline) in self.outlines.iter().enumerate() {
            self.draw_outline(&mut picture, place, outline, at);
            picture.mark((left + 6.0, 8.0), place, "");
            picture.text(
                (left + 18.0, 12.0),
                Held::Start,
                &format!("own {}", series_class(place)),
                &outline.name,
            );
            left += width_of(&outline.name) + 44.0;
        }
        picture
    }

    fn draw_outline(
        &self,
        picture: &mut Picture,
        place: usize,
        outline: &Outline,
        at: impl Fn(usize, f64) -> (f64, f64),
    ) {
        let value = |spoke: usize| outline.values.get(spoke).copied().flatten();
        for (spoke, name) in self.spokes.iter().enumerate() {
            let next = (spoke + 1) % self.spokes.len();
            let Some(own) = value(spoke) else { continue };
            if let Some(other) = value(next) {
                let class = format!("{} stroke", series_class(place));
                picture.path(&[at(spoke, own), at(next, other)], &class, series_dashes(place));
            }
            picture.mark(at(spoke, own), place, &format!("{}, {name}: {}", outline.name, brief(own)));
        }
    }
}
