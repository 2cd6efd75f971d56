//! Matches the predictions of an instance with its objects, under four notions of a match at once.

use std::cmp::Ordering;

use sdk::evidence::CurveClass;

use super::NAMES;
use super::annotations::{Class, Object};

/// When a prediction matches an object.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule {
    /// The boxes overlap by more than this.
    pub(super) overlap: f64,
    /// The times to contact differ by at most this, in seconds.
    pub(super) delay: f64,
    /// For each object of an instance so many of its false positives, the best scored ones, do not count.
    pub(super) forgiven: u64,
}

/// A predicted interaction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prediction {
    pub(super) corners: [f64; 4],
    pub(super) noun: i64,
    pub(super) verb: i64,
    pub(super) time_to_contact: f64,
    pub(super) score: f64,
}

/// A prediction of a noun of the truth after matching.
#[derive(Debug)]
struct Ranked {
    score: f64,
    item: u32,
    /// The place in the order of the instance's predictions.
    place: u32,
    hits: u8,
    forgiven: u8,
}

/// All predictions after matching, by class.
#[derive(Debug)]
pub(super) struct Ranking {
    rows: Vec<Vec<Ranked>>,
    /// Working memory: predictions of one instance in their order, and the objects that are taken, by bits.
    order: Vec<u32>,
    taken: Vec<u8>,
}

impl Ranking {
    /// Nothing matched yet, with so many classes.
    pub(super) fn new(classes: usize) -> Self {
        let rows = std::iter::repeat_with(Vec::new).take(classes).collect();
        Self { rows, order: Vec::new(), taken: Vec::new() }
    }

    /// Matches the predictions of an instance; `class` is the class of a noun, if the truth has it.
    ///
    /// Predictions go by descending score, of equal ones the later first. Each takes, for every notion of a match, the
    /// free object that it overlaps most, of equal overlaps the first.
    pub(super) fn add(
        &mut self,
        item: u32,
        predictions: &[Prediction],
        objects: &[Object],
        rule: &Rule,
        class: impl Fn(i64) -> Option<u32>,
    ) {
        self.order.clear();
        self.order.extend(0..predictions.len() as u32);
        self.order.sort_unstable_by(|a, b| {
            let (left, right) = (predictions[*a as usize].score, predictions[*b as usize].score);
            descending(left, right).then(b.cmp(a))
        });
        self.taken.clear();
        self.taken.resize(objects.len(), 0);
        let mut false_positives = [0_u64; NAMES.len()];
        for (place, index) in self.order.iter().enumerate() {
            let prediction = &predictions[*index as usize];
            let hits = take_best(prediction, objects, rule, &mut self.taken);
            let mut forgiven = 0;
            for (metric, count) in false_positives.iter_mut().enumerate() {
                if hits >> metric & 1 == 0 {
                    *count += 1;
                    forgiven |= u8::from(*count <= rule.forgiven * objects.len() as u64) << metric;
                }
            }
            // What is forgiven under every notion of a match leaves no trace.
            if forgiven != (1 << NAMES.len()) - 1
                && let Some(class) = class(prediction.noun)
            {
                let place = place as u32;
                self.rows[class as usize].push(Ranked {
                    score: prediction.score,
                    item,
                    place,
                    hits,
                    forgiven,
                });
            }
        }
    }

    /// Evidence by class; `counts` says whether the objects of an item do.
    ///
    /// The public code sorts each instance first and all instances afterwards, both times reversed, so that of equal
    /// scores the later instance comes first, but within an instance the earlier prediction of the file.
    pub(super) fn into_classes(self, classes: &[Class], counts: impl Fn(u32) -> bool) -> Vec<CurveClass> {
        let of_class = |(class, mut rows): (&Class, Vec<Ranked>)| {
            rows.sort_unstable_by(|a, b| {
                descending(a.score, b.score).then_with(|| (b.item, b.place).cmp(&(a.item, a.place)))
            });
            let any_forgiven = rows.iter().any(|row| row.forgiven != 0);
            CurveClass {
                name: class.name.clone(),
                items: rows.iter().map(|row| row.item).collect(),
                hits: rows.iter().map(|row| u32::from(row.hits)).collect(),
                ignored: rows.iter().filter(|_| any_forgiven).map(|row| u32::from(row.forgiven)).collect(),
                positives: class.positives.iter().copied().filter(|(item, _)| counts(*item)).collect(),
                ..CurveClass::default()
            }
        };
        classes.iter().zip(self.rows).map(of_class).collect()
    }
}

/// The notions of a match, by bits, for which the prediction finds a free object; that object is taken.
fn take_best(prediction: &Prediction, objects: &[Object], rule: &Rule, taken: &mut [u8]) -> u8 {
    let mut best = [(f64::NEG_INFINITY, usize::MAX); NAMES.len()];
    for (index, object) in objects.iter().enumerate().filter(|(_, object)| object.noun == prediction.noun) {
        let overlap = overlap(prediction.corners, object.corners);
        if overlap > rule.overlap {
            let verb = u8::from(prediction.verb == object.verb);
            let delay = (prediction.time_to_contact - object.time_to_contact).abs();
            let time = u8::from(delay <= rule.delay);
            let matches = 1 | verb << 1 | time << 2 | (verb & time) << 3;
            let free = matches & !taken[index];
            for (metric, (most, at)) in best.iter_mut().enumerate() {
                if free >> metric & 1 == 1 && overlap > *most {
                    (*most, *at) = (overlap, index);
                }
            }
        }
    }
    let mut hits = 0;
    for (metric, (_, index)) in best.iter().enumerate().filter(|(_, (_, index))| *index != usize::MAX) {
        taken[*index] |= 1 << metric;
        hits |= 1 << metric;
    }
    hits
}

/// Overlap over union of boxes whose corners are pixels that belong to them.
fn overlap(a: [f64; 4], b: [f64; 4]) -> f64 {
    let area =
        |[left, top, right, bottom]: [f64; 4]| (right - left + 1.0).max(0.0) * (bottom - top + 1.0).max(0.0);
    let common = area([a[0].max(b[0]), a[1].max(b[1]), a[2].min(b[2]), a[3].min(b[3])]);
    common / (area(a) + area(b) - common + 1e-11)
}

/// Compares scores that are finite, the higher one first.
fn descending(a: f64, b: f64) -> Ordering {
    b.partial_cmp(&a).unwrap_or(Ordering::Equal)
}
