//! Ranks under several orders: a line for each subject, which crosses another where they change places.

use crate::labels::{cut, width_of};
use crate::picture::{About, Held, Picture, series_class};

const WIDTH: f64 = 720.0;
const HIGH: f64 = 28.0;

/// The ranks of a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Course {
    /// Who it is.
    pub name: String,
    /// The rank in every order, 1 for the best.
    pub ranks: Vec<usize>,
    /// What stands at the end, a text for every column that [`Bump::facts`] names.
    pub facts: Vec<String>,
    /// Whether it is one of those to look at: all others are drawn in grey.
    pub stands_out: bool,
}

/// Ranks under several orders.
#[derive(Debug, Clone, PartialEq)]
pub struct Bump {
    /// What the figure says of itself.
    pub about: About,
    /// What the orders are called.
    pub orders: Vec<String>,
    /// What is said of every subject at the end.
    pub facts: Vec<String>,
    /// The subjects, the best of the first order first.
    pub courses: Vec<Course>,
}

impl Bump {
    /// Draws it.
    pub fn draw(&self) -> Picture {
        let longest = self.courses.iter().map(|course| width_of(&course.name)).fold(0.0, f64::max);
        let left = (longest + 30.0).clamp(70.0, 190.0);
        let of_facts = 104.0;
        // The name of the last order stands above its ranks, beside that of the first fact.
        let name = |names: &[String], place: usize| names.get(place).map_or(0.0, |name| width_of(name));
        let beside =
            name(&self.orders, self.orders.len().saturating_sub(1)) / 2.0 + name(&self.facts, 0) + 12.0;
        let taken = of_facts * self.facts.len().saturating_sub(1) as f64 + beside.max(of_facts + 34.0);
        let right = WIDTH - taken;
        let top = 40.0;
        let mut picture = Picture::new(&self.about, WIDTH, top + HIGH * self.courses.len() as f64 + 6.0);
        let last = self.orders.len().saturating_sub(1).max(1) as f64;
        let x = |order: usize| left + (right - left) * order as f64 / last;
        // Those who share a rank stand below each other, in the order as scored.
        let y = self.places(top);
        for (order, name) in self.orders.iter().enumerate() {
            let held = if order == 0 { Held::Start } else { Held::Middle };
            let shift = if order == 0 { -8.0 } else { 0.0 };
            picture.text((x(order) + shift, 14.0), held, "strong", name);
            picture.line((x(order), top - 12.0), (x(order), top + HIGH * self.courses.len() as f64), "grid");
        }
        for (place, name) in self.facts.iter().enumerate() {
            let at = WIDTH - of_facts * (self.facts.len() - 1 - place) as f64;
            picture.text((at, 14.0), Held::End, "soft small", name);
        }
        let mut shown = 0;
        for (line, course) in self.courses.iter().enumerate().rev() {
            if !course.stands_out {
                self.write(&mut picture, line, &x, &y, "rest", of_facts);
            }
        }
        for (line, course) in self.courses.iter().enumerate() {
            if course.stands_out {
                self.write(&mut picture, line, &x, &y, series_class(shown), of_facts);
                shown += 1;
            }
        }
        picture
    }

    fn write(
        &self,
        picture: &mut Picture,
        line: usize,
        x: &impl Fn(usize) -> f64,
        y: &[Vec<f64>],
        class: &str,
        of_facts: f64,
    ) {
        let course = &self.courses[line];
        let points: Vec<(f64, f64)> =
            y[line].iter().enumerate().map(|(order, place)| (x(order), *place)).collect();
        let stroke = if course.stands_out { "stroke" } else { "stroke thin" };
        picture.path(&points, &format!("{class} {stroke}"), "");
        for ((at, rank), order) in points.iter().zip(&course.ranks).zip(&self.orders) {
            picture.badge(*at, class, &rank.to_string(), &format!("{}, {order}: {rank}", course.name));
        }
        let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
        let name = if course.stands_out { format!("own {class}") } else { String::new() };
        picture.text((first.0 - 16.0, first.1 + 4.5), Held::End, &name, &cut(&course.name, first.0 - 18.0));
        for (place, fact) in course.facts.iter().enumerate() {
            let at = WIDTH - of_facts * (course.facts.len() - 1 - place) as f64;
            let class = if course.stands_out { "strong" } else { "soft" };
            picture.text((at, last.1 + 4.5), Held::End, class, fact);
        }
    }

    /// The place of every subject in every order.
    fn places(&self, top: f64) -> Vec<Vec<f64>> {
        let mut places = vec![Vec::with_capacity(self.orders.len()); self.courses.len()];
        for order in 0..self.orders.len() {
            let mut by_rank: Vec<usize> = (0..self.courses.len()).collect();
            by_rank.sort_by_key(|line| self.courses[*line].ranks.get(order).copied().unwrap_or(usize::MAX));
            for (place, line) in by_rank.into_iter().enumerate() {
                places[line].push(top + HIGH * (place as f64 + 0.5));
            }
        }
        places
    }
}
