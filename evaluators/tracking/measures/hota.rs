//! HOTA (Luiten et al. 2021): detection and association at nineteen thresholds of localization.

use std::collections::HashMap;

use sdk::Limits;
use sdk::primitives::assignment::Assigner;
use sdk::sum::Sum;

use super::overlaps::{Pairs, Similarity, key};
use super::{Counts, EPSILON, Failure, best_pairs};

/// How many thresholds there are: 0.05, 0.10 .. 0.95.
pub(crate) const ALPHAS: usize = 19;

/// A threshold.
fn alpha(position: usize) -> f64 {
    // As NumPy's arange computes it, whose last bit decides about a similarity that lies on the threshold.
    0.05 + position as f64 * 0.05
}

/// What the boxes of a sequence add up to at every threshold; each is summed over true positives.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct AtAlpha {
    pub(crate) true_positives: f64,
    /// Similarities.
    pub(crate) localization: f64,
    /// Jaccard overlaps of the two tracks of a true positive.
    pub(crate) association: f64,
    /// Shares of the true track that its predicted one covers.
    pub(crate) association_recall: f64,
    /// Shares of the predicted track that lie on its true one.
    pub(crate) association_precision: f64,
}

/// What the boxes of a sequence add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Hota(pub(crate) [AtAlpha; ALPHAS]);

/// Counts frame by frame.
pub(super) struct Counting<'a> {
    pairs: &'a Pairs,
    counts: &'a Counts,
    true_positives: [u64; ALPHAS],
    localization: [Sum; ALPHAS],
    /// How often a pair is matched at each threshold.
    matched: HashMap<u64, [u32; ALPHAS]>,
}

impl<'a> Counting<'a> {
    pub(super) fn new(pairs: &'a Pairs, counts: &'a Counts) -> Self {
        Self {
            pairs,
            counts,
            true_positives: [0; ALPHAS],
            localization: [Sum::default(); ALPHAS],
            matched: HashMap::new(),
        }
    }

    /// Matches the boxes of a frame so that tracks stay together over the whole sequence.
    pub(super) fn frame(
        &mut self,
        truth: &[u32],
        tracks: &[u32],
        similarity: &Similarity,
        assigner: &mut Assigner,
        limits: &Limits,
    ) -> Result<(), Failure> {
        let score = |row: usize, column: usize| match similarity.at(row, column) {
            0.0 => 0.0,
            value => self.alignment(truth[row], tracks[column]) * value,
        };
        for (row, column) in best_pairs(assigner, similarity.size(), score, limits)? {
            let value = similarity.at(*row, *column);
            let reached = (0..ALPHAS).take_while(|position| value >= alpha(*position) - EPSILON).count();
            if reached == 0 {
                continue;
            }
            let matched = self.matched.entry(key(truth[*row], tracks[*column])).or_default();
            let sums = self.true_positives.iter_mut().zip(&mut self.localization).zip(matched);
            for ((true_positives, localization), matched) in sums.take(reached) {
                *true_positives += 1;
                localization.add(value);
                *matched += 1;
            }
        }
        Ok(())
    }

    /// How much two tracks overlap over the whole sequence, before anything is matched.
    fn alignment(&self, truth: u32, track: u32) -> f64 {
        let potential = self.pairs.get(truth, track).potential;
        let both = self.counts.of_truth[truth as usize] + self.counts.of_tracks[track as usize];
        potential / (both as f64 - potential)
    }

    pub(super) fn finish(self) -> Hota {
        // Summed in the order of the tracks, so that equal files have equal scores to the last bit.
        let mut matched: Vec<(u64, [u32; ALPHAS])> = self.matched.into_iter().collect();
        matched.sort_unstable_by_key(|(key, _)| *key);
        let mut hota = Hota::default();
        for (position, at) in hota.0.iter_mut().enumerate() {
            let [mut association, mut recall, mut precision] = [Sum::default(); 3];
            for (key, counts) in &matched {
                let matches = f64::from(counts[position]);
                let truth = self.counts.of_truth[(key >> 32) as usize] as f64;
                let track = self.counts.of_tracks[*key as u32 as usize] as f64;
                association.add(matches * (matches / (truth + track - matches)));
                recall.add(matches * (matches / truth));
                precision.add(matches * (matches / track));
            }
            *at = AtAlpha {
                true_positives: self.true_positives[position] as f64,
                localization: self.localization[position].total(),
                association: association.total(),
                association_recall: recall.total(),
                association_precision: precision.total(),
            };
        }
        hota
    }
}
