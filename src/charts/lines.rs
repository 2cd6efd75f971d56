//! Lines over an axis: curves, steps, and what runs along time.

use crate::labels::{apart, cut, width_of};
use crate::picture::{About, Held, Picture, series_class, series_dashes};
use crate::scale::{Scale, number, ticks};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 300.0;
const LEFT: f64 = 46.0;

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it counts.
    pub name: String,
    /// Where it begins and ends; round numbers around the values where it is left open.
    pub range: Option<(f64, f64)>,
    /// The places that are named, in words; round numbers where there are none.
    pub named: Vec<(f64, String)>,
}

/// A line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What stands at its end.
    pub name: String,
    /// Its points, from left to right.
    pub points: Vec<(f64, f64)>,
    /// What is said of single points, where somebody points at them: a mark is drawn at each.
    pub said: Vec<String>,
    /// Whether a value holds until the next one.
    pub stepped: bool,
    /// Whether the last value still holds where the axis ends; the name of a line that ends before stands at its end.
    pub holds: bool,
}

/// A thin straight line to hold the others against.
#[derive(Debug, Clone, PartialEq)]
pub struct Even {
    /// Where it begins.
    pub from: (f64, f64),
    /// Where it ends.
    pub to: (f64, f64),
    /// What it stands for.
    pub name: String,
}

/// Lines over an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// What the figure says of itself.
    pub about: About,
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// The lines, at most six of them: more are not told apart.
    pub lines: Vec<Line>,
    /// A line of equality, if there is one.
    pub even: Option<Even>,
}

impl Axis {
    /// An axis of round numbers around the values.
    pub fn open(name: &str) -> Self {
        Self { name: name.to_owned(), range: None, named: Vec::new() }
    }

    /// An axis from one number to another.
    pub fn between(name: &str, from: f64, to: f64) -> Self {
        Self { name: name.to_owned(), range: Some((from, to)), named: Vec::new() }
    }

    fn ticks(&self, values: impl Iterator<Item = f64>, wanted: usize) -> (Vec<f64>, (f64, f64)) {
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = self.range.unwrap_or(if low <= high { (low, high) } else { (0.0, 1.0) });
        let found = ticks(low, high, wanted);
        let ends = (found.first().copied().unwrap_or(low), found.last().copied().unwrap_or(high));
        let ends = if self.range.is_some() { (low, high) } else { ends };
        (found.into_iter().filter(|tick| *tick >= ends.0 - 1e-9 && *tick <= ends.1 + 1e-9).collect(), ends)
    }
}

impl Lines {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let names = self.lines.iter().map(|line| width_of(&line.name)).fold(0.0, f64::max);
        let right = WIDTH - (names + 18.0).clamp(60.0, 200.0);
        let (top, bottom) = (26.0, HEIGHT - 40.0);
        let points = || self.lines.iter().flat_map(|line| &line.points);
        let (y_ticks, y_ends) = self.y.ticks(points().map(|(_, y)| *y), 4);
        let (x_ticks, x_ends) = self.x.ticks(points().map(|(x, _)| *x), 5);
        let x_ends = if self.x.named.is_empty() {
            x_ends
        } else {
            let all = || points().map(|(x, _)| *x).chain(self.x.named.iter().map(|(x, _)| *x));
            self.x
                .range
                .unwrap_or((all().fold(f64::INFINITY, f64::min), all().fold(f64::NEG_INFINITY, f64::max)))
        };
        let (x, y) = (Scale::new(x_ends, (LEFT, right)), Scale::new(y_ends, (bottom, top)));
        let mut picture = Picture::new(&self.about, WIDTH, HEIGHT);
        let step = y_ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
        for tick in &y_ticks {
            picture.line((LEFT, y.at(*tick)), (right, y.at(*tick)), "grid");
            picture.text((LEFT - 8.0, y.at(*tick) + 4.0), Held::End, "soft small", &number(*tick, step));
        }
        picture.text((0.0, 12.0), Held::Start, "soft small", &self.y.name);
        let named: Vec<(f64, String)> = if self.x.named.is_empty() {
            let step = x_ticks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
            x_ticks.iter().map(|tick| (*tick, number(*tick, step))).collect()
        } else {
            self.x.named.clone()
        };
        picture.line((LEFT, bottom), (right, bottom), "axis");
        for (place, name) in &named {
            picture.line((x.at(*place), bottom), (x.at(*place), bottom + 4.0), "axis");
            picture.text((x.at(*place), bottom + 18.0), Held::Middle, "soft small", name);
        }
        picture.text((right, bottom + 34.0), Held::End, "soft small", &self.x.name);
        if let Some(Even { from, to, name }) = &self.even {
            let at = |point: &(f64, f64)| (x.at(point.0), y.at(point.1));
            picture.path(&[at(from), at(to)], "axis", "1 4");
            let middle = (x.at(from.0 * 0.55 + to.0 * 0.45), y.at(from.1 * 0.55 + to.1 * 0.45));
            picture.text((middle.0 - 8.0, middle.1 - 4.0), Held::End, "soft small halo", name);
        }
        self.write_lines(&mut picture, (x, y), (top, bottom, right));
        picture
    }

    fn write_lines(
        &self,
        picture: &mut Picture,
        (x, y): (Scale, Scale),
        (top, bottom, right): (f64, f64, f64),
    ) {
        let mut ends = Vec::new();
        for (place, line) in self.lines.iter().enumerate() {
            let class = format!("{} stroke", series_class(place));
            let mut course: Vec<(f64, f64)> = Vec::with_capacity(line.points.len() * 2);
            for point in &line.points {
                let at = (x.at(point.0), y.at(point.1));
                if let Some(before) = course.last().copied().filter(|_| line.stepped) {
                    course.push((at.0, before.1));
                }
                course.push(at);
            }
            // What held last holds until the end of the axis.
            if let Some(last) = course.last().copied().filter(|last| line.holds && last.0 < right) {
                course.push((right, last.1));
            }
            picture.path(&course, &class, series_dashes(place));
            for (point, said) in line.points.iter().zip(&line.said) {
                picture.mark((x.at(point.0), y.at(point.1)), place, said);
            }
            ends.push(course.last().copied().unwrap_or((right, bottom)));
        }
        // Lines that end at one point have their names where they are furthest from each other.
        let (late, early): (Vec<usize>, Vec<usize>) =
            (0..ends.len()).partition(|line| ends[*line].0 > right - 60.0);
        let wanted: Vec<f64> = late.iter().map(|line| ends[*line].1).collect();
        let class = |place: usize| format!("own {}", series_class(place));
        for (place, at) in late.iter().zip(apart(&wanted, 16.0, (top, bottom))) {
            let name = cut(&self.lines[*place].name, WIDTH - right - 8.0);
            picture.text((right + 10.0, at + 4.0), Held::Start, &class(*place), &name);
        }
        for place in early {
            let (at, name) = (ends[place], &self.lines[place].name);
            let class = format!("{} halo", class(place));
            picture.text((at.0 + 10.0, at.1 - 8.0), Held::Start, &class, &cut(name, WIDTH - at.0));
        }
    }
}
