//! Precision and recall of long-term tracking over thresholds on the score (Lukezic et al. 2018).

use sdk::sum::Sum;

/// So many thresholds at most come from the scores; one above all and one below all are added.
const MOST_THRESHOLDS: usize = 98;

/// What was found of a sequence.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Found {
    /// Score and overlap of every frame that has a box, best score first.
    scored: Vec<(f64, f64)>,
    /// The frames without a box: their score and their overlap are 0.
    silent: u64,
    /// The frames in which the object is seen.
    pub(super) true_frames: u64,
    /// The sum of the overlaps in these.
    overlap: f64,
}

impl Found {
    /// Of score and overlap of the frames that have a box, in any order.
    pub(super) fn new(mut scored: Vec<(f64, f64)>, frames: u32, true_frames: usize) -> Self {
        scored.sort_by(|a, b| b.0.total_cmp(&a.0));
        let overlap: Sum = scored.iter().map(|(_, overlap)| *overlap).collect();
        Self {
            silent: u64::from(frames) - scored.len() as u64,
            scored,
            true_frames: true_frames as u64,
            overlap: overlap.total(),
        }
    }

    /// The mean overlap over the frames in which the object is seen.
    pub(super) fn mean_overlap(&self) -> f64 {
        match self.true_frames {
            0 => 0.0,
            frames => self.overlap / frames as f64,
        }
    }

    /// Precision and recall of the frames that reach each of the thresholds, which fall.
    ///
    /// Where no frame reaches it precision is 1 and recall 0. The recall of an object that is never seen is no number.
    pub(super) fn at(&self, thresholds: &[f64]) -> impl Iterator<Item = (f64, f64)> {
        let (mut reached, mut overlap) = (0, Sum::default());
        thresholds.iter().map(move |threshold| {
            while let Some((score, more)) = self.scored.get(reached)
                && score >= threshold
            {
                overlap.add(*more);
                reached += 1;
            }
            let silent = if *threshold <= 0.0 { self.silent } else { 0 };
            match reached as u64 + silent {
                0 => (1.0, 0.0),
                frames => (overlap.total() / frames as f64, overlap.total() / self.true_frames as f64),
            }
        })
    }
}

/// The thresholds of all sequences together, falling.
pub(super) fn thresholds(found: &[Found]) -> Vec<f64> {
    let mut scores: Vec<f64> =
        found.iter().flat_map(|found| found.scored.iter().map(|(score, _)| *score)).collect();
    scores.sort_unstable_by(|a, b| b.total_cmp(a));
    let silent: u64 = found.iter().map(|found| found.silent).sum();
    let above = scores.partition_point(|score| *score >= 0.0) as u64;
    let count = scores.len() as u64 + silent;
    // The scores of silent frames, all 0, are not written down.
    let score_at = |position: u64| match position {
        position if position < above => scores[position as usize],
        position if position < above + silent => 0.0,
        position => scores[(position - silent) as usize],
    };
    let mut thresholds = vec![f64::INFINITY];
    if count <= MOST_THRESHOLDS as u64 {
        thresholds.extend((0..count).map(score_at));
    } else {
        let first = count / MOST_THRESHOLDS as u64;
        let last = count - first;
        let step = (last - first) as f64 / (MOST_THRESHOLDS - 1) as f64;
        let position = |at: usize| match at {
            at if at < MOST_THRESHOLDS - 1 => (first as f64 + step * at as f64).round_ties_even() as u64,
            _ => last,
        };
        thresholds.extend((0..MOST_THRESHOLDS).map(|at| score_at(position(at))));
    }
    thresholds.push(f64::NEG_INFINITY);
    thresholds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn precision_is_over_frames_and_recall_over_true_ones() {
        let found = Found::new(vec![(0.2, 0.5), (0.9, 1.0), (-0.5, 0.25)], 5, 2);
        let thresholds = thresholds(std::slice::from_ref(&found));
        assert_eq!(thresholds, [f64::INFINITY, 0.9, 0.2, 0.0, 0.0, -0.5, f64::NEG_INFINITY]);
        let points: Vec<(f64, f64)> = found.at(&thresholds).collect();
        let (all, silent) = ((1.75 / 5.0, 0.875), (1.5 / 4.0, 0.75));
        assert_eq!(points, [(1.0, 0.0), (1.0, 0.5), (0.75, 0.75), silent, silent, all, all]);
        assert_eq!(found.mean_overlap(), 0.875);
    }

    #[test]
    fn many_scores_are_thinned_to_98() {
        let found = Found::new((0..980).map(|score| (f64::from(score), 0.0)).collect(), 1000, 1);
        let thresholds = thresholds(&[found]);
        assert_eq!(thresholds.len(), 100);
        assert_eq!(thresholds[1], 969.0);
        assert_eq!(thresholds[98], 0.0);
    }
}
