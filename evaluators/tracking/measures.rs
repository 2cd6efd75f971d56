//! What a tracker is worth in one sequence: HOTA, CLEAR and Identity, from who overlaps whom in which frame.

mod clear;
mod hota;
mod identity;
mod overlaps;
mod tally;

use sdk::primitives::assignment::{Assigner, AssignmentError};
use sdk::text::quoted;
use sdk::{Code, Fault, Faults, Limits};

pub(crate) use clear::Clear;
pub(crate) use hota::{ALPHAS, Hota};
pub(crate) use identity::Identity;
pub(crate) use tally::{Which, evidence, metrics};

use overlaps::{MOST_PAIRS, Pairs, Similarity};

/// The distance between 1 and the next number: how far below a threshold the public code lets a value lie.
const EPSILON: f64 = f64::EPSILON;

/// The frames of a sequence in which anything is there, in their order.
pub(crate) trait Frames {
    /// How many there are.
    fn count(&self) -> usize;

    /// The true tracks and the predicted ones of a frame; each is a small number that stands once in a frame.
    fn tracks(&self, frame: usize) -> (&[u32], &[u32]);

    /// One more than the largest number of a true track, and of a predicted one.
    fn track_numbers(&self) -> (usize, usize);

    /// How alike every true box of a frame is to every predicted one, row by row, from 0 to 1.
    fn similarity(&self, frame: usize, rows: &mut Vec<f64>);

    /// How many frames the sequence has in all.
    fn length(&self) -> u64;
}

/// All measures of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measures {
    pub(crate) hota: Hota,
    pub(crate) clear: Clear,
    pub(crate) identity: Identity,
    pub(crate) true_boxes: u64,
    pub(crate) predicted_boxes: u64,
    pub(crate) true_tracks: u64,
    pub(crate) predicted_tracks: u64,
}

/// Why there are no measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The evaluation was told to stop.
    Stopped(sdk::limits::Stopped),
    /// More pairs of tracks overlap than memory should hold.
    TooManyPairs,
}

impl From<sdk::limits::Stopped> for Failure {
    fn from(stopped: sdk::limits::Stopped) -> Self {
        Self::Stopped(stopped)
    }
}

impl Failure {
    /// The fault that it is for whoever sent the boxes of a sequence.
    pub(crate) fn faults(self, sequence: &str) -> Faults {
        match self {
            Self::Stopped(stopped) => stopped.into(),
            Self::TooManyPairs => Faults::one(Fault::whole(
                Code::TooLarge,
                format!("too many tracks overlap in the sequence {}", quoted(sequence)),
                format!("at most {MOST_PAIRS} pairs of a predicted track and one that it overlaps"),
                "more",
            )),
        }
    }
}

/// How often each true and each predicted track is there.
#[derive(Debug, Default)]
struct Counts {
    of_truth: Vec<u64>,
    of_tracks: Vec<u64>,
    /// How many boxes there are in all.
    true_boxes: u64,
    predicted_boxes: u64,
}

impl Counts {
    fn of(frames: &impl Frames) -> Self {
        let (true_tracks, predicted_tracks) = frames.track_numbers();
        let mut counts =
            Self { of_truth: vec![0; true_tracks], of_tracks: vec![0; predicted_tracks], ..Self::default() };
        for frame in 0..frames.count() {
            let (truth, tracks) = frames.tracks(frame);
            truth.iter().for_each(|track| counts.of_truth[*track as usize] += 1);
            tracks.iter().for_each(|track| counts.of_tracks[*track as usize] += 1);
            counts.true_boxes += truth.len() as u64;
            counts.predicted_boxes += tracks.len() as u64;
        }
        counts
    }
}

/// Measures a sequence.
///
/// The similarities are asked for twice and never held for more than one frame, so that memory grows with the pairs of
/// tracks that overlap and not with the boxes of a crowd.
pub(crate) fn measure(
    frames: &impl Frames,
    limits: &Limits,
    assigner: &mut Assigner,
) -> Result<Measures, Failure> {
    let counts = Counts::of(frames);
    let mut measures = Measures {
        hota: Hota::default(),
        clear: Clear::default(),
        identity: Identity::default(),
        true_boxes: counts.true_boxes,
        predicted_boxes: counts.predicted_boxes,
        true_tracks: counts.of_truth.iter().filter(|count| **count > 0).count() as u64,
        predicted_tracks: counts.of_tracks.iter().filter(|count| **count > 0).count() as u64,
    };
    if counts.true_boxes == 0 || counts.predicted_boxes == 0 {
        measures.clear = Clear::one_sided(&counts, measures.true_tracks);
        measures.identity = Identity::one_sided(&counts);
        return Ok(measures);
    }
    let mut similarity = Similarity::default();
    let mut pairs = Pairs::default();
    for frame in 0..frames.count() {
        limits.check()?;
        let (truth, tracks) = frames.tracks(frame);
        frames.similarity(frame, similarity.reset(truth.len(), tracks.len()));
        pairs.add(truth, tracks, &mut similarity)?;
    }
    measures.identity = Identity::measure(&pairs, &counts, limits)?;
    let mut hota = hota::Counting::new(&pairs, &counts);
    let mut clear = clear::Counting::new(&counts);
    for frame in 0..frames.count() {
        limits.check()?;
        let (truth, tracks) = frames.tracks(frame);
        if truth.is_empty() || tracks.is_empty() {
            continue;
        }
        frames.similarity(frame, similarity.reset(truth.len(), tracks.len()));
        hota.frame(truth, tracks, &similarity, assigner, limits)?;
        clear.frame(truth, tracks, &similarity, assigner, limits)?;
    }
    measures.hota = hota.finish();
    measures.clear = clear.finish(&counts, frames.length());
    Ok(measures)
}

/// Pairs of rows and columns whose scores add up to most; none where a score is no number.
pub(crate) fn best_pairs<'a>(
    assigner: &'a mut Assigner,
    (rows, columns): (usize, usize),
    score: impl Fn(usize, usize) -> f64,
    limits: &Limits,
) -> Result<&'a [(usize, usize)], Failure> {
    assigner.fill(rows, columns, |row, column| -score(row, column));
    match assigner.solve(limits) {
        Ok(pairs) => Ok(pairs),
        Err(AssignmentError::Stopped(stopped)) => Err(Failure::Stopped(stopped)),
        Err(AssignmentError::NotANumber | AssignmentError::Infeasible) => Ok(&[]),
    }
}

#[cfg(test)]
mod tests;
