//! Marks on a common scale, one line for each subject: dumbbells, and points with their bounds.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};
use crate::scale::{Scale, brief, number, ticks};

const WIDTH: f64 = 720.0;
const HIGH: f64 = 30.0;

/// A mark of a series.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// The series; each has a shape of its own.
    pub series: usize,
    /// Where it stands.
    pub value: f64,
}

/// A subject with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// What it is of.
    pub name: String,
    /// Its marks; a line connects them where there are no bounds.
    pub marks: Vec<Mark>,
    /// Between what the value lies.
    pub bounds: Option<(f64, f64)>,
    /// What stands at the right.
    pub note: String,
}

/// Marks on a common scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Ranges {
    /// What the figure says of itself.
    pub about: About,
    /// What the scale measures.
    pub measured: String,
    /// The names of the series, in their order.
    pub series: Vec<String>,
    /// The subjects, from top to bottom.
    pub ranges: Vec<Range>,
}

impl Ranges {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let longest = self.ranges.iter().map(|range| width_of(&range.name)).fold(0.0, f64::max);
        let left = (longest + 14.0).clamp(40.0, 230.0);
        let notes = self.ranges.iter().map(|range| width_of(&range.note)).fold(0.0, f64::max);
        let right = WIDTH - (notes + 14.0).clamp(20.0, 190.0);
        let named = if self.series.len() > 1 { 24.0 } else { 4.0 };
        let bottom = named + HIGH * self.ranges.len() as f64;
        let mut picture = Picture::new(&self.about, WIDTH, bottom + 40.0);
        let values = || {
            let of = |range: &Range| {
                let bounds = range.bounds.into_iter().flat_map(|(low, high)| [low, high]);
                range.marks.iter().map(|mark| mark.value).chain(bounds).collect::<Vec<_>>()
            };
            self.ranges.iter().flat_map(of)
        };
        let most = values().fold(0.0, f64::max);
        let marks = ticks(values().fold(0.0, f64::min), if most > 0.0 { most } else { 1.0 }, 5);
        let ends = (marks.first().copied().unwrap_or(0.0), marks.last().copied().unwrap_or(1.0));
        let scale = Scale::new(ends, (left, right));
        let step = marks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
        for mark in &marks {
            picture.line((scale.at(*mark), named), (scale.at(*mark), bottom), "grid");
            picture.text((scale.at(*mark), bottom + 16.0), Held::Middle, "soft small", &number(*mark, step));
        }
        picture.text((right, bottom + 33.0), Held::End, "soft small", &self.measured);
        if self.series.len() > 1 {
            let mut at = left;
            for (place, name) in self.series.iter().enumerate() {
                picture.mark((at + 5.0, 8.0), place, "");
                picture.text((at + 16.0, 12.0), Held::Start, "small", name);
                at += width_of(name) + 36.0;
            }
        }
        for (place, range) in self.ranges.iter().enumerate() {
            let middle = named + HIGH * (place as f64 + 0.5);
            picture.text((left - 12.0, middle + 4.5), Held::End, "", &cut(&range.name, left - 12.0));
            if let Some((low, high)) = range.bounds {
                let size = (scale.at(high) - scale.at(low), 10.0);
                let class = format!("{} band", series_class(0));
                let said = format!("{}: between {} and {}", range.name, brief(low), brief(high));
                picture.rect((scale.at(low), middle - 5.0), size, &class, &said);
                for end in [low, high] {
                    picture.line(
                        (scale.at(end), middle - 7.0),
                        (scale.at(end), middle + 7.0),
                        &format!("{} stroke thin", series_class(0)),
                    );
                }
            } else {
                let ends =
                    range.marks.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), mark| {
                        (low.min(mark.value), high.max(mark.value))
                    });
                if ends.0 < ends.1 {
                    picture.line((scale.at(ends.0), middle), (scale.at(ends.1), middle), "rest stroke thin");
                }
            }
            for mark in &range.marks {
                let series = self.series.get(mark.series).map_or("", String::as_str);
                let said = format!("{}, {series}: {}", range.name, brief(mark.value));
                picture.mark((scale.at(mark.value), middle), mark.series, &said);
            }
            picture.text((right + 14.0, middle + 4.5), Held::Start, "soft", &range.note);
        }
        picture
    }
}
