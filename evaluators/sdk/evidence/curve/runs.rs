//! What is computed from the weights of hits and misses after every run of equal scores, of one weighting at a time.

use super::Weighted;
use crate::evidence::score::{Score, Undefined};
use crate::sum::Sum;

/// A class under one of several weightings, run by run.
pub(super) struct Runs<'a, const L: usize> {
    pub(super) weighted: &'a Weighted<'a, L>,
    pub(super) threshold: u32,
    pub(super) lane: usize,
    pub(super) positives: f64,
}

impl<const L: usize> Runs<'_, L> {
    pub(super) fn distinct_thresholds(&self) -> Score {
        let (mut area, mut before) = (Sum::default(), 0.0);
        self.each_run(|hits, misses| {
            if hits > before {
                area.add((hits - before) / self.positives * (hits / (hits + misses)));
                before = hits;
            }
        });
        Score::of(area.total())
    }

    pub(super) fn trapezoid(&self) -> Score {
        let (mut area, mut recall_before, mut precision_before) = (Sum::default(), 0.0, 1.0);
        self.each_run(|hits, misses| {
            if hits + misses > 0.0 {
                let (recall, precision) = (hits / self.positives, hits / (hits + misses));
                area.add((recall - recall_before) * (precision + precision_before) / 2.0);
                (recall_before, precision_before) = (recall, precision);
            }
        });
        Score::of(area.total())
    }

    pub(super) fn max_f1(&self) -> Score {
        let mut best = 0.0_f64;
        self.each_run(|hits, misses| {
            best = best.max(2.0 * hits / (hits + misses + self.positives));
        });
        Score::of(best)
    }

    pub(super) fn calibrated_precision(&self) -> Score {
        // Without a miss nothing is out of balance.
        let misses = self.misses();
        let balance = if misses > 0.0 { misses / self.positives } else { 1.0 };
        let (mut area, mut before) = (Sum::default(), 0.0);
        self.each_run(|hits, misses| {
            if hits > before {
                let found = balance * hits;
                area.add((hits - before) / self.positives * (found / (found + misses)));
                before = hits;
            }
        });
        Score::of(area.total())
    }

    /// Calls with the weight of hits and misses so far after every run of equal scores.
    fn each_run(&self, mut after: impl FnMut(f64, f64)) {
        let (bit, class) = (1_u32 << self.threshold, self.weighted.class);
        let (mut hits, mut misses, mut position) = (0.0, 0.0, 0);
        let mut runs = class.runs.iter();
        while position < class.items.len() {
            let end = position + runs.next().map_or(1, |run| *run as usize);
            for at in position..end.min(class.items.len()) {
                if class.ignored.get(at).is_some_and(|bits| bits & bit != 0) {
                    continue;
                }
                let weight = self.weighted.weights(class.items[at])[self.lane];
                if class.hits[at] & bit != 0 { hits += weight } else { misses += weight }
            }
            position = end;
            after(hits, misses);
        }
    }

    /// The weight of all misses.
    fn misses(&self) -> f64 {
        let mut last = 0.0;
        self.each_run(|_, misses| last = misses);
        last
    }

    /// The area up to a false positive rate, standardised after McClish.
    pub(super) fn standardised_roc_area(&self, limit: f64) -> Score {
        match self.roc_area(limit) {
            Score::Value(area) if limit < 1.0 => {
                let smallest = 0.5 * limit * limit;
                Score::of(0.5 * (1.0 + (area - smallest) / (limit - smallest)))
            }
            other => other,
        }
    }

    pub(super) fn roc_area(&self, limit: f64) -> Score {
        let negatives = self.misses();
        if negatives <= 0.0 {
            return Score::Undefined(Undefined::OneClass);
        }
        let (mut area, mut rate_before, mut recall_before) = (Sum::default(), 0.0, 0.0);
        self.each_run(|hits, misses| {
            let (rate, recall) = (misses / negatives, hits / self.positives);
            if rate_before < limit {
                let end = rate.min(limit);
                let recall_at_end = if end < rate {
                    recall_before + (recall - recall_before) * (end - rate_before) / (rate - rate_before)
                } else {
                    recall
                };
                area.add((end - rate_before) * (recall_at_end + recall_before) / 2.0);
            }
            (rate_before, recall_before) = (rate, recall);
        });
        Score::of(area.total())
    }

    pub(super) fn equal_error_rate(&self) -> Score {
        let negatives = self.misses();
        if negatives <= 0.0 {
            return Score::Undefined(Undefined::OneClass);
        }
        let (mut smallest, mut rate) = (1.0, 0.5);
        let mut consider = |(hits, misses): (f64, f64)| {
            let (accepted, refused) = (misses / negatives, 1.0 - hits / self.positives);
            if (accepted - refused).abs() < smallest {
                smallest = (accepted - refused).abs();
                rate = f64::midpoint(accepted, refused);
            }
        };
        // Only ends and corners of the curve count: a point between two equal steps is passed over.
        let mut last: Option<(f64, f64)> = None;
        let mut last_step: Option<(f64, f64)> = None;
        self.each_run(|hits, misses| {
            if let Some((hits_before, misses_before)) = last {
                let step = (hits - hits_before, misses - misses_before);
                if step == (0.0, 0.0) {
                    return;
                }
                if last_step != Some(step) {
                    consider((hits_before, misses_before));
                }
                last_step = Some(step);
            }
            last = (hits + misses > 0.0).then_some((hits, misses));
        });
        if let Some(end) = last {
            consider(end);
        }
        Score::of(rate)
    }
}
