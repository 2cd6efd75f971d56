//! Areas under the monotone envelope of precision over recall, of several weightings at once.

use super::Weighted;
use crate::sum::{LaneSum, Sum};

/// Hit weight and precision at a hit.
pub(super) type Point<const L: usize> = ([f64; L], [f64; L]);

/// What a class has that bears on areas under the envelope.
#[derive(Debug)]
pub(super) struct Gathered<const L: usize> {
    pub(super) hits: Vec<Hit<L>>,
    /// The weight of all hits at each threshold.
    pub(super) found: [[f64; L]; 32],
}

impl<const L: usize> Default for Gathered<L> {
    fn default() -> Self {
        Self { hits: Vec::new(), found: [[0.0; L]; 32] }
    }
}

/// A prediction that has weight and is a hit, or does not count, at some threshold.
#[derive(Debug)]
pub(super) struct Hit<const L: usize> {
    bits: u32,
    /// At which thresholds the prediction does not count.
    ignored: u32,
    weights: [f64; L],
    /// The weight of all predictions up to this one, ignored ones too.
    counted: [f64; L],
}

impl<const L: usize> Gathered<L> {
    fn add(&mut self, hit: Hit<L>) {
        let mut bits = hit.bits;
        while bits != 0 {
            add(&mut self.found[bits.trailing_zeros() as usize], &hit.weights);
            bits &= bits - 1;
        }
        self.hits.push(hit);
    }
}

/// Adds lane by lane.
#[inline(always)]
pub(super) fn add<const L: usize>(sums: &mut [f64; L], terms: &[f64; L]) {
    for (sum, term) in sums.iter_mut().zip(terms) {
        *sum += term;
    }
}

impl<const L: usize> Weighted<'_, L> {
    /// What is a hit or ignored at any threshold, with the weight before it: one pass that serves all thresholds.
    pub(super) fn gather_hits(&self, gathered: &mut Gathered<L>) {
        gathered.hits.clear();
        gathered.found = [[0.0; L]; 32];
        // Nothing after the last hit changes an area under the envelope.
        let end = self.class.hits.iter().rposition(|bits| *bits != 0).map_or(0, |last| last + 1);
        let (items, bits) = (&self.class.items[..end], &self.class.hits[..end]);
        let ignored = self.class.ignored.get(..end);
        let (mut counted, mut at) = ([0.0; L], 0);
        while at < end {
            // Most predictions are misses: four at a time do not wait for each other's sum.
            if let (Some([a, b, c, d]), Some(&[0, 0, 0, 0])) = (items.get(at..at + 4), bits.get(at..at + 4))
                && ignored.is_none_or(|ignored| ignored[at..at + 4] == [0; 4])
            {
                let [a, b, c, d] = [a, b, c, d].map(|item| self.weights(*item));
                for (lane, counted) in counted.iter_mut().enumerate() {
                    *counted += (a[lane] + b[lane]) + (c[lane] + d[lane]);
                }
                at += 4;
                continue;
            }
            let weights = *self.weights(items[at]);
            add(&mut counted, &weights);
            let ignored = ignored.map_or(0, |ignored| ignored[at]);
            // A hit without weight changes no area.
            if bits[at] | ignored != 0 && weights != [0.0; L] {
                gathered.add(Hit { bits: bits[at] & !ignored, ignored, weights, counted });
            }
            at += 1;
        }
    }
}

/// Hit weight and precision after every hit at a threshold.
///
/// Of one weighting every prediction is written down, and only hits are kept: a branch on what is a hit at one threshold and not
/// at another would be mistaken half of the time, which costs more. Of several weightings it costs less.
pub(super) fn collect_points<'p, const L: usize>(
    threshold: u32,
    gathered: &[Hit<L>],
    points: &'p mut Vec<Point<L>>,
) -> &'p [Point<L>] {
    if points.len() < gathered.len() {
        points.resize(gathered.len(), ([0.0; L], [0.0; L]));
    }
    let (mut hits, mut passed_over, mut count) = ([0.0; L], [0.0; L], 0);
    for hit in gathered {
        if L > 1 && ((hit.bits | hit.ignored) >> threshold) & 1 == 0 {
            continue;
        }
        let [is_hit, is_ignored] = [hit.bits, hit.ignored].map(|bits| f64::from((bits >> threshold) & 1));
        let (found, precision) = &mut points[count];
        for lane in 0..L {
            passed_over[lane] += is_ignored * hit.weights[lane];
            hits[lane] += is_hit * hit.weights[lane];
            found[lane] = hits[lane];
            precision[lane] = hits[lane] / (hit.counted[lane] - passed_over[lane]);
        }
        count += ((hit.bits >> threshold) & 1) as usize;
    }
    &points[..count]
}

/// The area under the monotone envelope; between hits precision only falls, so hits alone decide.
pub(super) fn all_point<const L: usize>(points: &[Point<L>], positives: &[f64; L]) -> [f64; L] {
    let mut area = LaneSum::<L>::default();
    let mut envelope = [0.0_f64; L];
    for (position, (hits, precision)) in points.iter().enumerate().rev() {
        raise(&mut envelope, precision);
        let before = if position == 0 { &[0.0; L] } else { &points[position - 1].0 };
        area.add(std::array::from_fn(|lane| (hits[lane] - before[lane]) * envelope[lane]));
    }
    std::array::from_fn(|lane| area.lane(lane).total() / positives[lane])
}

/// Raises an envelope to a precision; that of nothing is none.
#[inline(always)]
fn raise<const L: usize>(envelope: &mut [f64; L], precision: &[f64; L]) {
    for (envelope, precision) in envelope.iter_mut().zip(precision) {
        *envelope = if *precision > *envelope { *precision } else { *envelope };
    }
}

/// Recalls from 0 to 1, in steps of a width: `step * width` has the bits that NumPy gives them.
pub(super) struct Recalls {
    steps: u32,
    width: f64,
}

pub(super) const POINTS_101: Recalls = Recalls { steps: 100, width: 0.01 };
pub(super) const POINTS_11: Recalls = Recalls { steps: 10, width: 0.1 };

/// The mean of the envelope at some recalls.
pub(super) fn points_at<const L: usize>(
    recalls: &Recalls,
    points: &[Point<L>],
    positives: &[f64; L],
) -> [f64; L] {
    let mut sums = [Sum::default(); L];
    let mut envelope = [0.0_f64; L];
    let mut left = [recalls.steps + 1; L];
    let next = |left: u32| f64::from(left - 1) * recalls.width;
    // With so many hits the recall is surely not below the next one, whatever is rounded: most hits need no division.
    let surely = |left: u32, positives: f64| match left {
        0 => f64::NEG_INFINITY,
        left => next(left) * positives * (1.0 + 1e-12),
    };
    let mut enough: [f64; L] = std::array::from_fn(|lane| surely(left[lane], positives[lane]));
    for (hits, precision) in points.iter().rev() {
        if hits.iter().zip(&enough).fold(false, |any, (hits, enough)| any | (hits < enough)) {
            for lane in 0..L {
                // Hits without weight before all others change nothing: they have no recall.
                if hits[lane] >= enough[lane] || hits[lane] <= 0.0 {
                    continue;
                }
                let (recall, before) = (hits[lane] / positives[lane], left[lane]);
                while left[lane] > 0 && next(left[lane]) > recall {
                    left[lane] -= 1;
                }
                sums[lane].add(f64::from(before - left[lane]) * envelope[lane]);
                enough[lane] = surely(left[lane], positives[lane]);
            }
        }
        raise(&mut envelope, precision);
    }
    std::array::from_fn(|lane| {
        sums[lane].add(f64::from(left[lane]) * envelope[lane]);
        sums[lane].total() / f64::from(recalls.steps + 1)
    })
}
