//! Columns side by side: how much falls on each of many equal steps.

use crate::picture::{About, Held, Picture};
use crate::scale::{Scale, number, ticks};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 230.0;
const LEFT: f64 = 46.0;

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is of.
    pub name: String,
    /// How much; nothing where that is not told.
    pub value: Option<f64>,
}

/// Columns side by side.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// What the figure says of itself.
    pub about: About,
    /// What is counted.
    pub counted: String,
    /// What the steps are.
    pub steps: String,
    /// How many columns there are from one name to the next.
    pub named_every: usize,
    /// The columns, from left to right.
    pub columns: Vec<Column>,
}

impl Columns {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let (top, bottom) = (26.0, HEIGHT - 40.0);
        let most = self.columns.iter().filter_map(|column| column.value).fold(0.0, f64::max);
        let marks = ticks(0.0, if most > 0.0 { most } else { 1.0 }, 3);
        let y = Scale::new((0.0, marks.last().copied().unwrap_or(1.0)), (bottom, top));
        let step = marks.windows(2).map(|pair| pair[1] - pair[0]).next().unwrap_or(1.0);
        let mut picture = Picture::new(&self.about, WIDTH, HEIGHT);
        for mark in &marks {
            picture.line((LEFT, y.at(*mark)), (WIDTH, y.at(*mark)), "grid");
            picture.text((LEFT - 8.0, y.at(*mark) + 4.0), Held::End, "soft small", &number(*mark, step));
        }
        picture.text((0.0, 12.0), Held::Start, "soft small", &self.counted);
        let wide = (WIDTH - LEFT) / self.columns.len().max(1) as f64;
        for (place, column) in self.columns.iter().enumerate() {
            let left = LEFT + wide * place as f64;
            let inside = (wide * 0.78).min(46.0);
            let from = left + (wide - inside) / 2.0;
            match column.value {
                Some(value) => {
                    let said = format!("{}: {}", column.name, number(value, step / 100.0));
                    picture.rect((from, y.at(value)), (inside, bottom - y.at(value)), "s1 fill", &said);
                }
                None => picture.hatched(
                    (from, top),
                    (inside, bottom - top),
                    &format!("{}: withheld", column.name),
                ),
            }
            if place % self.named_every.max(1) == 0 {
                picture.text((left + wide / 2.0, bottom + 18.0), Held::Middle, "soft small", &column.name);
            }
        }
        picture.line((LEFT, bottom), (WIDTH, bottom), "axis");
        picture.text((WIDTH, bottom + 34.0), Held::End, "soft small", &self.steps);
        picture
    }
}
