//! Bars on a scale of powers of ten, where what is compared differs by orders of magnitude and some of it is not told.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};
use crate::scale::{Scale, brief};

const WIDTH: f64 = 720.0;
const HIGH: f64 = 18.0;
const GAP: f64 = 8.0;

/// A bar.
#[derive(Debug, Clone, PartialEq)]
pub struct Magnitude {
    /// What it counts.
    pub name: String,
    /// The least and the most that it can be; nothing where that is not told.
    pub bounds: Option<(f64, f64)>,
    /// What stands at its end.
    pub note: String,
    /// Whether a group of bars begins with it, and what the group is called.
    pub group: Option<String>,
}

/// Bars on a scale of powers of ten.
#[derive(Debug, Clone, PartialEq)]
pub struct Magnitudes {
    /// What the figure says of itself.
    pub about: About,
    /// The bars, from top to bottom.
    pub bars: Vec<Magnitude>,
}

impl Magnitudes {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let longest = self.bars.iter().map(|bar| width_of(&bar.name)).fold(0.0, f64::max);
        let left = (longest + 12.0).clamp(40.0, 190.0);
        let notes = self.bars.iter().map(|bar| width_of(&bar.note)).fold(0.0, f64::max);
        let right = WIDTH - (notes + 12.0).clamp(30.0, 200.0);
        let groups = self.bars.iter().filter(|bar| bar.group.is_some()).count() as f64;
        let bottom = self.bars.len() as f64 * (HIGH + GAP) + groups * 24.0;
        let mut picture = Picture::new(&self.about, WIDTH, bottom + 22.0);
        let most = self.bars.iter().filter_map(|bar| bar.bounds).map(|(_, most)| most).fold(10.0, f64::max);
        let powers = most.log10().ceil().clamp(1.0, 15.0);
        // Nothing has no logarithm: the scale begins at a half, and nothing has no bar.
        let scale = Scale::new((0.5_f64.log10(), powers), (left, right));
        let place = |value: f64| scale.at(value.max(0.5).log10());
        for power in 0..=powers as i32 {
            let at = scale.at(f64::from(power));
            picture.line((at, 0.0), (at, bottom), "grid");
            picture.text((at, bottom + 16.0), Held::Middle, "soft small", &grouped(10_f64.powi(power)));
        }
        let mut top = 0.0;
        for bar in &self.bars {
            if let Some(group) = &bar.group {
                picture.text((0.0, top + 16.0), Held::Start, "strong halo", group);
                top += 24.0;
            }
            let middle = top + HIGH / 2.0 + 4.5;
            picture.text((left - 10.0, middle), Held::End, "", &cut(&bar.name, left - 10.0));
            match bar.bounds {
                Some((least, most)) => {
                    let class = series_class(0);
                    let said = format!("{}: {}", bar.name, told(least, most));
                    picture.rect((left, top), (place(least) - left, HIGH), &format!("{class} fill"), &said);
                    picture.rect(
                        (place(least), top),
                        (place(most) - place(least), HIGH),
                        &format!("{class} band"),
                        &said,
                    );
                }
                None => {
                    picture.hatched((left, top), (right - left, HIGH), &format!("{}: not told", bar.name));
                }
            }
            picture.text((right + 10.0, middle), Held::Start, "strong", &bar.note);
            top += HIGH + GAP;
        }
        picture
    }
}

fn told(least: f64, most: f64) -> String {
    if least < most { format!("{} to {}", brief(least), brief(most)) } else { brief(least) }
}

/// A power of ten with its thousands apart.
fn grouped(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
