//! What is computed from the weights of hits and misses after every run of equal scores, of several weightings at once.

use super::Weighted;
use super::envelope::add;
use crate::evidence::score::{Score, Undefined, each_lane};
use crate::sum::LaneSum;

/// A class under several weightings, run by run; what it gives where there are no positives means nothing.
pub(super) struct Runs<'a, const L: usize> {
    pub(super) weighted: &'a Weighted<'a, L>,
    pub(super) threshold: u32,
}

impl<const L: usize> Runs<'_, L> {
    pub(super) fn distinct_thresholds(&self) -> [Score; L] {
        self.steps(|_, hits, misses| hits / (hits + misses))
    }

    pub(super) fn calibrated_precision(&self) -> [Score; L] {
        // Without a miss nothing is out of balance.
        let all_misses = self.misses();
        let balance: [f64; L] = std::array::from_fn(|lane| match all_misses[lane] {
            misses if misses > 0.0 => misses / self.weighted.positives[lane],
            _ => 1.0,
        });
        self.steps(|lane, hits, misses| {
            let found = balance[lane] * hits;
            found / (found + misses)
        })
    }

    /// The area under a precision that is constant from one recall to the next.
    fn steps(&self, precision: impl Fn(usize, f64, f64) -> f64) -> [Score; L] {
        let (mut area, mut before) = (LaneSum::<L>::default(), [0.0; L]);
        self.each_run(|hits, misses| {
            area.add(std::array::from_fn(|lane| {
                let (hits, before) = (hits[lane], &mut before[lane]);
                if hits <= *before {
                    return 0.0;
                }
                let recall = (hits - *before) / self.weighted.positives[lane];
                *before = hits;
                recall * precision(lane, hits, misses[lane])
            }));
        });
        each_lane(|lane| Score::of(area.lane(lane).total()))
    }

    pub(super) fn trapezoid(&self) -> [Score; L] {
        let mut area = LaneSum::<L>::default();
        let (mut recall_before, mut precision_before) = ([0.0; L], [1.0; L]);
        self.each_run(|hits, misses| {
            area.add(std::array::from_fn(|lane| {
                let (hits, misses) = (hits[lane], misses[lane]);
                if hits + misses <= 0.0 {
                    return 0.0;
                }
                let (recall, precision) = (hits / self.weighted.positives[lane], hits / (hits + misses));
                let area = (recall - recall_before[lane]) * (precision + precision_before[lane]) / 2.0;
                (recall_before[lane], precision_before[lane]) = (recall, precision);
                area
            }));
        });
        each_lane(|lane| Score::of(area.lane(lane).total()))
    }

    pub(super) fn max_f1(&self) -> [Score; L] {
        let mut best = [0.0_f64; L];
        self.each_run(|hits, misses| {
            for (lane, best) in best.iter_mut().enumerate() {
                let all = hits[lane] + misses[lane] + self.weighted.positives[lane];
                *best = best.max(2.0 * hits[lane] / all);
            }
        });
        best.map(Score::of)
    }

    /// The area up to a false positive rate, standardised after McClish.
    pub(super) fn standardised_roc_area(&self, limit: f64) -> [Score; L] {
        self.roc_area(limit).map(|area| match area {
            Score::Value(area) if limit < 1.0 => {
                let smallest = 0.5 * limit * limit;
                Score::of(0.5 * (1.0 + (area - smallest) / (limit - smallest)))
            }
            other => other,
        })
    }

    pub(super) fn roc_area(&self, limit: f64) -> [Score; L] {
        let negatives = self.misses();
        let mut area = LaneSum::<L>::default();
        let (mut rate_before, mut recall_before) = ([0.0; L], [0.0; L]);
        self.each_run(|hits, misses| {
            area.add(std::array::from_fn(|lane| {
                let rate = misses[lane] / negatives[lane];
                let recall = hits[lane] / self.weighted.positives[lane];
                let rate_before = std::mem::replace(&mut rate_before[lane], rate);
                let recall_before = std::mem::replace(&mut recall_before[lane], recall);
                // No rate is above one: the whole area needs no question, and so all weightings at once.
                if limit >= 1.0 {
                    return (rate - rate_before) * (recall + recall_before) / 2.0;
                }
                if rate_before >= limit {
                    return 0.0;
                }
                let end = rate.min(limit);
                let recall_at_end = if end < rate {
                    recall_before + (recall - recall_before) * (end - rate_before) / (rate - rate_before)
                } else {
                    recall
                };
                (end - rate_before) * (recall_at_end + recall_before) / 2.0
            }));
        });
        with_negatives(&negatives, |lane| Score::of(area.lane(lane).total()))
    }

    pub(super) fn equal_error_rate(&self) -> [Score; L] {
        let negatives = self.misses();
        let mut corners = [Corners::default(); L];
        self.each_run(|hits, misses| {
            for (lane, corners) in corners.iter_mut().enumerate() {
                let rates = Rates { positives: self.weighted.positives[lane], negatives: negatives[lane] };
                corners.pass(hits[lane], misses[lane], rates);
            }
        });
        with_negatives(&negatives, |lane| {
            let rates = Rates { positives: self.weighted.positives[lane], negatives: negatives[lane] };
            Score::of(corners[lane].finish(rates))
        })
    }

    /// Calls with the weight of hits and misses so far after every run of equal scores.
    #[inline(always)]
    fn each_run(&self, mut after: impl FnMut(&[f64; L], &[f64; L])) {
        let (bit, class) = (1_u32 << self.threshold, self.weighted.class);
        let (mut hits, mut misses, mut position) = ([0.0; L], [0.0; L], 0);
        let mut runs = class.runs.iter();
        while position < class.items.len() {
            let end = position + runs.next().map_or(1, |run| *run as usize);
            for at in position..end.min(class.items.len()) {
                if class.ignored.get(at).is_some_and(|bits| bits & bit != 0) {
                    continue;
                }
                let weights = self.weighted.weights(class.items[at]);
                add(if class.hits[at] & bit != 0 { &mut hits } else { &mut misses }, weights);
            }
            position = end;
            after(&hits, &misses);
        }
    }

    /// The weight of all misses.
    fn misses(&self) -> [f64; L] {
        let mut last = [0.0; L];
        self.each_run(|_, misses| last = *misses);
        last
    }
}

/// A score where there are negatives.
fn with_negatives<const L: usize>(negatives: &[f64; L], score: impl Fn(usize) -> Score) -> [Score; L] {
    each_lane(|lane| match negatives[lane] {
        negatives if negatives > 0.0 => score(lane),
        _ => Score::Undefined(Undefined::OneClass),
    })
}

/// What the weights of hits and misses are divided by.
#[derive(Debug, Clone, Copy)]
struct Rates {
    positives: f64,
    negatives: f64,
}

/// The corners of a curve that is walked along, and the one where both error rates differ least.
///
/// Only ends and corners count: a point between two equal steps is passed over.
#[derive(Debug, Clone, Copy)]
struct Corners {
    smallest: f64,
    rate: f64,
    last: Option<(f64, f64)>,
    last_step: Option<(f64, f64)>,
}

impl Default for Corners {
    fn default() -> Self {
        Self { smallest: 1.0, rate: 0.5, last: None, last_step: None }
    }
}

impl Corners {
    fn pass(&mut self, hits: f64, misses: f64, rates: Rates) {
        if let Some((hits_before, misses_before)) = self.last {
            let step = (hits - hits_before, misses - misses_before);
            if step == (0.0, 0.0) {
                return;
            }
            if self.last_step != Some(step) {
                self.consider((hits_before, misses_before), rates);
            }
            self.last_step = Some(step);
        }
        self.last = (hits + misses > 0.0).then_some((hits, misses));
    }

    fn consider(&mut self, (hits, misses): (f64, f64), rates: Rates) {
        let (accepted, refused) = (misses / rates.negatives, 1.0 - hits / rates.positives);
        if (accepted - refused).abs() < self.smallest {
            self.smallest = (accepted - refused).abs();
            self.rate = f64::midpoint(accepted, refused);
        }
    }

    fn finish(mut self, rates: Rates) -> f64 {
        if let Some(end) = self.last {
            self.consider(end, rates);
        }
        self.rate
    }
}
