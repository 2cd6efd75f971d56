//! CLEAR MOT (Bernardin and Stiefelhagen 2008): misses, false positives, switches of identity.

use sdk::Limits;
use sdk::primitives::assignment::Assigner;
use sdk::sum::Sum;

use super::overlaps::{Similarity, THRESHOLD};
use super::{Counts, EPSILON, Failure, best_pairs};

/// More than any sum of similarities: a track goes on with its partner of the frame before where it can.
const CONTINUATION: f64 = 1000.0;

/// A true track without partner.
const NOBODY: u32 = u32::MAX;

/// What the boxes of a sequence add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Clear {
    pub(crate) true_positives: u64,
    pub(crate) false_negatives: u64,
    pub(crate) false_positives: u64,
    /// Matches of a true track with another predicted track than the last time.
    pub(crate) switches: u64,
    /// True tracks that are matched in more than 80 percent of their frames.
    pub(crate) mostly_tracked: u64,
    pub(crate) partly_tracked: u64,
    /// True tracks that are matched in less than 20 percent of their frames.
    pub(crate) mostly_lost: u64,
    /// How often a true track is taken up again.
    pub(crate) fragmentations: u64,
    pub(crate) frames: u64,
    /// The similarities of the true positives.
    pub(crate) similarity: f64,
}

impl Clear {
    /// A sequence in which one side has no box.
    ///
    /// As in the public code its frames are not counted.
    pub(super) fn one_sided(counts: &Counts, true_tracks: u64) -> Self {
        Self {
            false_negatives: counts.true_boxes,
            false_positives: counts.predicted_boxes,
            mostly_lost: true_tracks,
            ..Self::default()
        }
    }
}

/// Counts frame by frame.
pub(super) struct Counting {
    clear: Clear,
    similarity: Sum,
    /// The predicted track that each true one was last matched with, ever.
    last: Vec<u32>,
    /// The predicted track of each true one in the frame before; frames in which one side has no box do not count.
    before: Vec<u32>,
    /// The true tracks that have a partner in `before`.
    tracked_before: Vec<u32>,
    matched: Vec<u64>,
    fragments: Vec<u64>,
    pairs: Vec<(u32, u32)>,
}

impl Counting {
    pub(super) fn new(counts: &Counts) -> Self {
        let tracks = counts.of_truth.len();
        Self {
            clear: Clear::default(),
            similarity: Sum::default(),
            last: vec![NOBODY; tracks],
            before: vec![NOBODY; tracks],
            tracked_before: Vec::new(),
            matched: vec![0; tracks],
            fragments: vec![0; tracks],
            pairs: Vec::new(),
        }
    }

    /// Matches the boxes of a frame: first those that go on as before, then the most alike.
    pub(super) fn frame(
        &mut self,
        truth: &[u32],
        tracks: &[u32],
        similarity: &Similarity,
        assigner: &mut Assigner,
        limits: &Limits,
    ) -> Result<(), Failure> {
        let before = &self.before;
        let score = |row: usize, column: usize| {
            let value = similarity.at(row, column);
            match value < THRESHOLD - EPSILON {
                true => 0.0,
                false if before[truth[row] as usize] == tracks[column] => CONTINUATION + value,
                false => value,
            }
        };
        self.pairs.clear();
        for (row, column) in best_pairs(assigner, similarity.size(), score, limits)? {
            if score(*row, *column) > EPSILON {
                self.similarity.add(similarity.at(*row, *column));
                self.pairs.push((truth[*row], tracks[*column]));
            }
        }
        self.clear.true_positives += self.pairs.len() as u64;
        self.remember();
        Ok(())
    }

    /// Counts switches and fragments of the matches of a frame, and keeps them for the next.
    fn remember(&mut self) {
        for (truth, track) in &self.pairs {
            let truth = *truth as usize;
            let last = self.last[truth];
            self.clear.switches += u64::from(last != NOBODY && last != *track);
            self.last[truth] = *track;
            self.matched[truth] += 1;
            self.fragments[truth] += u64::from(self.before[truth] == NOBODY);
        }
        for truth in self.tracked_before.drain(..) {
            self.before[truth as usize] = NOBODY;
        }
        for (truth, track) in &self.pairs {
            self.before[*truth as usize] = *track;
            self.tracked_before.push(*truth);
        }
    }

    pub(super) fn finish(mut self, counts: &Counts, frames: u64) -> Clear {
        let present = counts.of_truth.iter().zip(&self.matched).filter(|(count, _)| **count > 0);
        for (count, matched) in present {
            let share = *matched as f64 / *count as f64;
            if share > 0.8 {
                self.clear.mostly_tracked += 1;
            } else if share >= 0.2 {
                self.clear.partly_tracked += 1;
            } else {
                self.clear.mostly_lost += 1;
            }
        }
        self.clear.fragmentations = self.fragments.iter().map(|count| count.saturating_sub(1)).sum();
        self.clear.false_negatives = counts.true_boxes - self.clear.true_positives;
        self.clear.false_positives = counts.predicted_boxes - self.clear.true_positives;
        self.clear.frames = frames;
        self.clear.similarity = self.similarity.total();
        self.clear
    }
}
