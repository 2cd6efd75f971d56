//! Lanes over one axis of time: what happened when, and beside what.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};
use crate::scale::Scale;

const WIDTH: f64 = 720.0;
const HIGH: f64 = 20.0;
/// The room around a mark and the name that follows it.
const AROUND: f64 = 20.0;
/// The longest name of a moment.
const NAME: f64 = 170.0;

/// Something that happened, or went on for a while.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// What it is called.
    pub name: String,
    /// When it was, or when it began.
    pub at: f64,
    /// When it ended, if it went on for a while.
    pub until: Option<f64>,
    /// Whether it was written down afterwards; its mark is open.
    pub told_later: bool,
}

/// What belongs together.
#[derive(Debug, Clone, PartialEq)]
pub struct Lane {
    /// What it is of.
    pub name: String,
    /// What happened, in any order.
    pub moments: Vec<Moment>,
}

/// Lanes over one axis of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Lanes {
    /// What the figure says of itself.
    pub about: About,
    /// Where the axis begins and ends.
    pub range: (f64, f64),
    /// The places of the axis that are named, in words.
    pub named: Vec<(f64, String)>,
    /// The lanes, from top to bottom.
    pub lanes: Vec<Lane>,
}

impl Lanes {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let longest = self.lanes.iter().map(|lane| width_of(&lane.name)).fold(0.0, f64::max);
        let left = (longest + 14.0).clamp(40.0, 150.0);
        let x = Scale::new(self.range, (left + 8.0, WIDTH - 8.0));
        let rows: Vec<Vec<(usize, &Moment)>> = self.lanes.iter().map(|lane| placed(lane, x)).collect();
        let high = |row: &Vec<(usize, &Moment)>| {
            HIGH * (row.iter().map(|(line, _)| line + 1).max().unwrap_or(1)) as f64 + 14.0
        };
        let bottom = rows.iter().map(high).sum::<f64>();
        let mut picture = Picture::new(&self.about, WIDTH, bottom + 26.0);
        for (at, name) in &self.named {
            picture.line((x.at(*at), 0.0), (x.at(*at), bottom), "grid");
            picture.text((x.at(*at), bottom + 18.0), Held::Middle, "soft small", name);
        }
        let mut top = 0.0;
        for (place, (lane, moments)) in self.lanes.iter().zip(&rows).enumerate() {
            picture.text((left - 12.0, top + 19.0), Held::End, "strong", &cut(&lane.name, left - 12.0));
            for (line, moment) in moments {
                draw_moment(&mut picture, moment, place, x, top + 7.0 + HIGH * (*line as f64 + 0.5));
            }
            top += high(moments);
            picture.line((0.0, top), (WIDTH, top), "grid");
        }
        picture
    }
}

fn draw_moment(picture: &mut Picture, moment: &Moment, lane: usize, x: Scale, middle: f64) {
    let later = if moment.told_later { " (written down later)" } else { "" };
    let said = format!("{}{later}", moment.name);
    let (from, class) = (x.at(moment.at), series_class(lane));
    if let Some(until) = moment.until {
        let size = ((x.at(until) - from).max(2.0), HIGH - 6.0);
        picture.rect((from, middle - size.1 / 2.0), size, &format!("{class} band"), &said);
    }
    picture.dot(
        (from, middle),
        &format!("{class} {}", if moment.told_later { "ring" } else { "fill mark" }),
        &said,
    );
    let name = cut(&moment.name, NAME);
    if leans_left(moment, x) {
        picture.text((from - 9.0, middle + 4.0), Held::End, "small halo", &name);
    } else {
        picture.text((from + 9.0, middle + 4.0), Held::Start, "small halo", &name);
    }
}

/// Whether the name stands before the mark, for want of room after it.
fn leans_left(moment: &Moment, x: Scale) -> bool {
    x.at(moment.at) + width_of(&moment.name).min(NAME) > WIDTH
}

/// The moments by time, each with the first line in which it touches none before it.
fn placed(lane: &Lane, x: Scale) -> Vec<(usize, &Moment)> {
    let mut moments: Vec<&Moment> = lane.moments.iter().collect();
    moments.sort_by(|one, other| one.at.total_cmp(&other.at));
    let mut ends: Vec<f64> = Vec::new();
    let mut line_of = |moment: &Moment| {
        let wide = width_of(&cut(&moment.name, NAME));
        let at = x.at(moment.at);
        let (from, to) = if leans_left(moment, x) { (at - wide, at) } else { (at, at + wide) };
        let to = moment.until.map_or(to, |until| to.max(x.at(until)));
        let line = ends.iter().position(|end| *end < from).unwrap_or(ends.len());
        match ends.get_mut(line) {
            Some(end) => *end = to + AROUND,
            None => ends.push(to + AROUND),
        }
        line
    };
    moments.into_iter().map(|moment| (line_of(moment), moment)).collect()
}
