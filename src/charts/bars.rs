//! Horizontal bars of segments, each bar with its name and its number.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};
use crate::scale::{Scale, brief};

const WIDTH: f64 = 720.0;
const HIGH: f64 = 22.0;
const GAP: f64 = 12.0;

/// A piece of a bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Segment {
    /// What it counts; empty where all bars count the same.
    pub name: String,
    /// How much; nothing below zero is drawn.
    pub value: f64,
    /// Whether it stands for what is not told.
    pub hidden: bool,
}

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// Its pieces, from left to right.
    pub segments: Vec<Segment>,
    /// What stands at its end.
    pub note: String,
    /// Whether a group of bars begins with it, and what the group is called.
    pub group: Option<String>,
}

/// Horizontal bars.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// What the figure says of itself.
    pub about: About,
    /// The bars, from top to bottom.
    pub bars: Vec<Bar>,
}

impl Bars {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let names: Vec<&str> = self.names();
        let longest = self.bars.iter().map(|bar| width_of(&bar.name)).fold(0.0, f64::max);
        let left = (longest + 12.0).clamp(40.0, 190.0);
        let notes = self.bars.iter().map(|bar| width_of(&bar.note)).fold(0.0, f64::max);
        let right = WIDTH - (notes + 12.0).clamp(30.0, 190.0);
        let groups = self.bars.iter().filter(|bar| bar.group.is_some()).count() as f64;
        let named = if names.is_empty() { 0.0 } else { 20.0 };
        let height = named + self.bars.len() as f64 * (HIGH + GAP) + groups * 24.0;
        let mut picture = Picture::new(&self.about, WIDTH, height);
        let total = |bar: &Bar| bar.segments.iter().map(|segment| segment.value.max(0.0)).sum::<f64>();
        let most = self.bars.iter().map(total).fold(0.0, f64::max);
        let scale = Scale::new((0.0, if most > 0.0 { most } else { 1.0 }), (left, right));
        if !names.is_empty() {
            let mut at = left;
            for (place, name) in names.iter().enumerate() {
                picture.rect((at, 2.0), (10.0, 10.0), &format!("{} fill", series_class(place)), "");
                picture.text((at + 15.0, 11.0), Held::Start, "small", name);
                at += width_of(name) + 30.0;
            }
        }
        let mut top = named;
        for bar in &self.bars {
            if let Some(group) = &bar.group {
                picture.text((0.0, top + 16.0), Held::Start, "strong", group);
                top += 24.0;
            }
            let middle = top + HIGH / 2.0 + 4.5;
            picture.text((left - 10.0, middle), Held::End, "", &cut(&bar.name, left - 10.0));
            picture.rect((left, top), (right - left, HIGH), "track", "");
            let mut sum = 0.0;
            for segment in bar.segments.iter().filter(|segment| segment.value > 0.0) {
                let (from, to) = (scale.at(sum), scale.at(sum + segment.value));
                sum += segment.value;
                let said = format!("{}, {}: {}", bar.name, segment.name, brief(segment.value));
                if segment.hidden {
                    picture.hatched((from, top), (to - from, HIGH), &said);
                    continue;
                }
                let place = names.iter().position(|name| *name == segment.name).unwrap_or(0);
                picture.rect((from, top), (to - from, HIGH), &format!("{} fill", series_class(place)), &said);
                // The name in the bar itself where there is room, so that colour is not needed to read it.
                let number = brief(segment.value);
                let told = [format!("{} {number}", segment.name), number];
                let fits = |text: &&String| !names.is_empty() && width_of(text) + 8.0 < to - from;
                if let Some(text) = told.iter().find(fits) {
                    picture.text(((from + to) / 2.0, middle), Held::Middle, "on small", text);
                }
            }
            picture.text((scale.at(sum) + 8.0, middle), Held::Start, "strong", &bar.note);
            top += HIGH + GAP;
        }
        picture
    }

    /// The names of segments that are shown, in the order in which they come.
    fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        let shown = |segment: &&Segment| !segment.hidden && segment.value > 0.0 && !segment.name.is_empty();
        for segment in self.bars.iter().flat_map(|bar| &bar.segments).filter(shown) {
            if !names.contains(&segment.name.as_str()) {
                names.push(&segment.name);
            }
        }
        names
    }
}
