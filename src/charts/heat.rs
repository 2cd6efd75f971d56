//! A table of numbers in which more is darker: every cell has its number, so that the shade only helps.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture};
use crate::scale::number;

const WIDTH: f64 = 720.0;
const HIGH: f64 = 34.0;

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The number; nothing where there is none to show.
    pub value: Option<f64>,
    /// Where it lies.
    pub interval: Option<(f64, f64)>,
}

/// A row of cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is of.
    pub name: String,
    /// A cell for every column.
    pub cells: Vec<Cell>,
}

/// A table of numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Heat {
    /// What the figure says of itself.
    pub about: About,
    /// The names of the columns, each with what stands under it.
    pub columns: Vec<(String, String)>,
    /// The rows, from top to bottom.
    pub rows: Vec<Row>,
    /// The digits after the point.
    pub decimals: u8,
}

impl Heat {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let longest = self.rows.iter().map(|row| width_of(&row.name)).fold(0.0, f64::max);
        let left = (longest + 12.0).clamp(60.0, 170.0);
        let wide = ((WIDTH - left) / self.columns.len().max(1) as f64).max(52.0);
        let width = left + wide * self.columns.len() as f64;
        // Long names are written upwards.
        let room = self.columns.iter().map(|(name, _)| width_of(name)).fold(0.0, f64::max);
        let leaning = room > wide - 6.0;
        let top = if leaning { (room * 0.62 + 30.0).min(120.0) } else { 36.0 };
        let mut picture = Picture::new(&self.about, width, top + HIGH * self.rows.len() as f64 + 4.0);
        for (place, (name, under)) in self.columns.iter().enumerate() {
            let middle = left + wide * (place as f64 + 0.5);
            if leaning {
                picture.leaning((middle - 4.0, top - 22.0), &cut(name, (top - 30.0) / 0.62));
            } else {
                picture.text((middle, 13.0), Held::Middle, "strong", name);
            }
            picture.text((middle, top - 8.0), Held::Middle, "soft small", under);
        }
        let values = || self.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| cell.value);
        let (low, high) =
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let step = 10_f64.powi(-i32::from(self.decimals.min(6)));
        for (line, row) in self.rows.iter().enumerate() {
            let y = top + HIGH * line as f64;
            picture.text((left - 10.0, y + HIGH / 2.0 + 4.5), Held::End, "", &cut(&row.name, left - 10.0));
            for (place, cell) in row.cells.iter().enumerate() {
                let (at, size) = ((left + wide * place as f64 + 1.0, y + 1.0), (wide - 2.0, HIGH - 2.0));
                let column = self.columns.get(place).map_or("", |(name, _)| name.as_str());
                let Some(value) = cell.value else {
                    picture.hatched(at, size, &format!("{}, {column}: not told", row.name));
                    continue;
                };
                let share = if high > low { (value - low) / (high - low) } else { 0.5 };
                let interval = cell
                    .interval
                    .map(|(low, high)| format!(", between {} and {}", number(low, step), number(high, step)))
                    .unwrap_or_default();
                let said = format!("{}, {column}: {}{interval}", row.name, number(value, step));
                picture.shaded(at, size, 0.06 + 0.5 * share, &said);
                let middle = (at.0 + size.0 / 2.0, at.1 + size.1 / 2.0);
                let up = if cell.interval.is_some() { -1.0 } else { 4.5 };
                picture.text((middle.0, middle.1 + up), Held::Middle, "", &number(value, step));
                if let Some((low, high)) = cell.interval {
                    let text = format!("{}–{}", number(low, step), number(high, step));
                    if width_of(&text) * 0.8 < size.0 {
                        picture.text((middle.0, middle.1 + 11.5), Held::Middle, "tiny", &text);
                    }
                }
            }
        }
        picture
    }
}
