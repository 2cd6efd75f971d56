//! Proposals: average recall against the average number of proposals per video.
//!
//! The number of proposals that count is a share of each video's own, the same for every video, chosen so that the
//! average over videos is the wanted one. The share is a property of the whole submission: weights do not change it.

use ndarray::{Array1, Array2};
use sdk::primitives::order::descending_later_first;
use sdk::primitives::segment::{Segment, tiou};

use super::submission::Sent;
use crate::thresholds::linspace;

/// The largest average number of proposals.
const MOST: f64 = 100.0;
/// At how many average numbers recall is measured.
const STEPS: usize = 100;

/// What the proposals of every video find.
pub(super) struct Retrieved {
    /// Per video, averaged over thresholds: found at all numbers weighted for the area, at the first, at the last.
    pub(super) found: Array2<f64>,
    /// How many true segments every video has.
    pub(super) positives: Array1<f64>,
}

/// Counts, per video, the true segments that are found by growing shares of its proposals.
pub(super) fn retrieve(truth: &[Vec<Segment>], sent: &Sent) -> Retrieved {
    let thresholds = linspace(0.5, 0.95, 10);
    // The public code makes its list of videos from the true segments: one without any does not count as a video.
    let videos = truth.iter().filter(|segments| !segments.is_empty()).count() as f64;
    let ratio = MOST * videos / sent.total as f64;
    let kept: Vec<usize> = truth
        .iter()
        .zip(&sent.by_video)
        .map(|(segments, sent)| match segments.is_empty() {
            true => 0,
            false => ((sent.len() as f64 * ratio) as usize).min(sent.len()),
        })
        .collect();
    let kept_total = kept.iter().sum::<usize>() as f64;
    let share_of_kept = MOST * videos / kept_total;
    let shares: Vec<f64> = (1..=STEPS).map(|step| step as f64 / STEPS as f64 * share_of_kept).collect();
    let average_numbers: Vec<f64> = shares.iter().map(|share| share * (kept_total / videos)).collect();
    let area = area_weights(&average_numbers);

    let mut found = Array2::zeros((truth.len(), 3));
    for (video, (segments, sent)) in truth.iter().zip(&sent.by_video).enumerate() {
        let scores: Vec<f64> = sent.iter().map(|(score, _)| *score).collect();
        let mut order = descending_later_first(&scores);
        order.truncate(kept[video]);
        // Without proposals the public code counts one that overlaps nothing.
        let count = order.len();
        let numbers: Vec<usize> =
            shares.iter().map(|share| ((count as f64 * share) as usize).min(count)).collect();
        for segment in segments {
            for threshold in &thresholds {
                let reaches = |position: &u32| tiou(sent[*position as usize].1, *segment) >= *threshold;
                let Some(first) = order.iter().position(reaches) else {
                    continue;
                };
                for (step, number) in numbers.iter().enumerate() {
                    if first < *number {
                        found[[video, 0]] += area[step];
                        found[[video, 1]] += f64::from(u8::from(step == 0));
                        found[[video, 2]] += f64::from(u8::from(step == STEPS - 1));
                    }
                }
            }
        }
    }
    found /= thresholds.len() as f64;
    Retrieved { found, positives: truth.iter().map(|segments| segments.len() as f64).collect() }
}

/// What recall at each number adds to the area under the curve, over the largest number: the trapezoid rule.
fn area_weights(numbers: &[f64]) -> Vec<f64> {
    let last = numbers[numbers.len() - 1];
    let at = |step: usize| numbers[step.clamp(0, numbers.len() - 1)];
    (0..numbers.len()).map(|step| (at(step + 1) - at(step.saturating_sub(1))) / 2.0 / last).collect()
}
