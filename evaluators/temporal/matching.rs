//! The kernel of temporal detection: ranked segments against true ones, greedily, at several thresholds at once.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use sdk::evidence::{CurveClass, NO_ITEM};
use sdk::limits::{Limits, Stopped};
use sdk::primitives::order::descending_later_first;
use sdk::primitives::segment::{Segment, tiou};

/// The true segments of every class in every item.
#[derive(Debug, Default)]
pub(crate) struct Truth {
    classes: Vec<TrueClass>,
    codes: HashMap<String, u32>,
}

#[derive(Debug)]
struct TrueClass {
    name: String,
    /// The segments of each item that has some, in the order of the annotations.
    segments: ByItem<Vec<Segment>>,
    /// The items in the order of the annotations, with how many segments they have.
    positives: Vec<(u32, u32)>,
}

/// A map from items, whose small numbers we gave ourselves and no stranger can make collide.
type ByItem<V> = HashMap<u32, V, BuildHasherDefault<ItemHasher>>;

/// Spreads the number of an item over all bits.
#[derive(Debug, Default)]
struct ItemHasher(u64);

impl Hasher for ItemHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, item: u32) {
        self.0 =
            (self.0.rotate_left(5) ^ u64::from(item)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// A segment that was predicted for a class.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prediction {
    /// The item, or [`NO_ITEM`] for a video that the truth does not know.
    pub(crate) item: u32,
    pub(crate) score: f64,
    pub(crate) segment: Segment,
}

/// How segments are matched.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// At most 32.
    pub(crate) thresholds: Vec<f64>,
    /// When an overlap of 0 / 0 matches at every threshold, as `nan < threshold` makes it in the public code.
    pub(crate) nan: NanRule,
}

/// When an overlap of 0 / 0 matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NanRule {
    /// Never: it is no overlap.
    Never,
    /// Where the predicted segment is reversed.
    ForReversed,
    /// Always.
    Always,
}

impl Truth {
    /// Adds a true segment and returns the position of its class.
    pub(crate) fn add(&mut self, class: &str, item: u32, segment: Segment) -> u32 {
        let code = match self.codes.get(class) {
            Some(code) => *code,
            None => {
                let code = self.classes.len() as u32;
                self.codes.insert(class.to_owned(), code);
                self.classes.push(TrueClass {
                    name: class.to_owned(),
                    segments: ByItem::default(),
                    positives: Vec::new(),
                });
                code
            }
        };
        let class = &mut self.classes[code as usize];
        let segments = class.segments.entry(item).or_default();
        segments.push(segment);
        if segments.len() == 1 {
            class.positives.push((item, 1));
        } else if let Some((_, count)) = class.positives.iter_mut().rev().find(|(known, _)| *known == item) {
            *count += 1;
        }
        code
    }

    /// How many classes occur.
    pub(crate) fn class_count(&self) -> usize {
        self.classes.len()
    }

    /// The position of a class, if it occurs in the truth.
    pub(crate) fn class(&self, name: &str) -> Option<u32> {
        self.codes.get(name).copied()
    }

    /// Matches the predictions of every class; `predictions` are in the order of the classes, each in file order.
    ///
    /// Predictions go by descending score, of equal scores the later one first. Each takes, at each threshold, the
    /// untaken true segment of its item with the highest overlap that reaches the threshold.
    pub(crate) fn rank(
        &self,
        predictions: Vec<Vec<Prediction>>,
        rule: &Rule,
        limits: &Limits,
    ) -> Result<Vec<CurveClass>, Stopped> {
        let mut ranked = Vec::with_capacity(self.classes.len());
        for (class, predictions) in self.classes.iter().zip(predictions) {
            limits.check()?;
            ranked.push(class.rank(&predictions, rule));
        }
        Ok(ranked)
    }
}

impl TrueClass {
    fn rank(&self, predictions: &[Prediction], rule: &Rule) -> CurveClass {
        let scores: Vec<f64> = predictions.iter().map(|prediction| prediction.score).collect();
        let order = descending_later_first(&scores);
        let mut taken: ByItem<Vec<u32>> =
            ByItem::with_capacity_and_hasher(self.segments.len(), BuildHasherDefault::default());
        let mut overlaps: Vec<(f64, usize)> = Vec::new();
        let mut class = CurveClass {
            name: self.name.clone(),
            items: Vec::with_capacity(order.len()),
            hits: Vec::with_capacity(order.len()),
            positives: self.positives.clone(),
            ..CurveClass::default()
        };
        for position in order {
            let prediction = &predictions[position as usize];
            let hits = match self.segments.get(&prediction.item).filter(|_| prediction.item != NO_ITEM) {
                None => 0,
                Some(segments) => {
                    let taken = taken.entry(prediction.item).or_insert_with(|| vec![0; segments.len()]);
                    candidates(prediction.segment, segments, rule.nan, &mut overlaps);
                    take(&overlaps, taken, rule)
                }
            };
            class.items.push(prediction.item);
            class.hits.push(hits);
        }
        class
    }
}

/// The overlaps with the true segments, highest first, of equal ones the later segment first, NaN before all.
fn candidates(segment: Segment, segments: &[Segment], nan: NanRule, overlaps: &mut Vec<(f64, usize)>) {
    overlaps.clear();
    overlaps.extend(segments.iter().enumerate().map(|(index, truth)| {
        let overlap = tiou(segment, *truth);
        let overlap = match (overlap.is_nan(), nan) {
            (false, _) => overlap,
            (true, NanRule::Always) => f64::INFINITY,
            (true, NanRule::ForReversed) if segment[1] < segment[0] => f64::INFINITY,
            (true, NanRule::ForReversed | NanRule::Never) => 0.0,
        };
        (overlap, index)
    }));
    // Overlaps are never NaN here, and the two zeros count as equal.
    overlaps.sort_by(|a, b| b.0.partial_cmp(&a.0).unwrap_or(std::cmp::Ordering::Equal).then(b.1.cmp(&a.1)));
}

/// At every threshold takes the first untaken segment that reaches it; bit `t` of the result says whether there is one.
fn take(overlaps: &[(f64, usize)], taken: &mut [u32], rule: &Rule) -> u32 {
    let mut hits = 0;
    for (bit, threshold) in rule.thresholds.iter().enumerate() {
        let bit = 1_u32 << bit;
        let reached = overlaps.iter().take_while(|(overlap, _)| overlap >= threshold);
        if let Some((_, index)) = reached.into_iter().find(|(_, index)| taken[*index] & bit == 0) {
            taken[*index] |= bit;
            hits |= bit;
        }
    }
    hits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(truth: &[Segment], predictions: &[(Segment, f64)], nan: NanRule) -> Vec<u32> {
        let mut known = Truth::default();
        for segment in truth {
            known.add("x", 0, *segment);
        }
        let predictions = predictions
            .iter()
            .map(|(segment, score)| Prediction { item: 0, score: *score, segment: *segment })
            .collect();
        let rule = Rule { thresholds: vec![0.3, 0.5, 0.9], nan };
        let ranked = known.rank(vec![predictions], &rule, &Limits::default()).unwrap();
        ranked[0].hits.clone()
    }

    #[test]
    fn a_threshold_is_reached_by_an_overlap_equal_to_it() {
        assert_eq!(hits(&[[0.0, 10.0]], &[([0.0, 5.0], 1.0)], NanRule::Never), [0b011]);
    }

    #[test]
    fn a_taken_segment_is_not_taken_again() {
        assert_eq!(
            hits(&[[0.0, 10.0]], &[([0.0, 10.0], 0.9), ([0.0, 10.0], 0.8)], NanRule::Never),
            [0b111, 0b000]
        );
    }

    #[test]
    fn of_equal_scores_the_later_prediction_comes_first() {
        assert_eq!(
            hits(&[[0.0, 10.0]], &[([50.0, 60.0], 0.5), ([0.0, 10.0], 0.5)], NanRule::Never),
            [0b111, 0b000]
        );
    }

    #[test]
    fn the_second_best_segment_is_taken_where_the_best_is_gone() {
        let truth = [[0.0, 10.0], [2.0, 12.0]];
        assert_eq!(hits(&truth, &[([1.0, 11.0], 0.9), ([1.0, 11.0], 0.8)], NanRule::Never), [0b011, 0b011]);
    }

    #[test]
    fn two_empty_segments_match_only_by_the_rule_of_the_public_code() {
        assert_eq!(hits(&[[5.0, 5.0]], &[([5.0, 5.0], 0.9)], NanRule::Never), [0]);
        assert_eq!(hits(&[[5.0, 5.0]], &[([5.0, 5.0], 0.9)], NanRule::Always), [0b111]);
        assert_eq!(hits(&[[5.0, 5.0]], &[([5.0, 5.0], 0.9)], NanRule::ForReversed), [0]);
        assert_eq!(hits(&[[0.0, 10.0]], &[([10.0, 0.0], 0.9)], NanRule::ForReversed), [0b111]);
        assert_eq!(hits(&[[0.0, 10.0]], &[([10.0, 0.0], 0.9)], NanRule::Never), [0]);
    }
}
