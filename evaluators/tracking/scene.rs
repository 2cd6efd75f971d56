//! The boxes of a sequence: tracks of boxes by frame, and what is left to be scored when both sides are laid over each
//! other.

use std::collections::HashMap;

use crate::boxes::{Box4, overlap};
use crate::measures::Frames;

/// So many boxes may stand in one frame; a real crowd has some hundred.
pub(crate) const MOST_BOXES_IN_A_FRAME: usize = 5_000;

/// The boxes of one side, frame by frame, each frame in the order of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Boxes {
    /// The frames that have boxes, ascending.
    frames: Vec<u32>,
    /// Where the boxes of each frame begin; one more entry than frames.
    starts: Vec<u32>,
    /// The number of the track of every box.
    tracks: Vec<u32>,
    boxes: Vec<Box4>,
    /// The row of the file of every box, counted from 0.
    rows: Vec<u32>,
    track_count: u32,
}

/// Boxes that are being collected.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    frames: Vec<u32>,
    tracks: Vec<u32>,
    boxes: Vec<Box4>,
    numbers: HashMap<i64, u32>,
}

/// What is wrong with boxes that were collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Problem {
    /// A track stands in a frame twice: the row of the file.
    Twice(u32),
    /// There are too many boxes in a frame: the row of the first that is too many.
    Crowd(u32),
}

impl Collected {
    /// Adds the box of a track in a frame.
    pub(crate) fn push(&mut self, frame: u32, track: i64, at: Box4) {
        let next = self.numbers.len() as u32;
        self.frames.push(frame);
        self.tracks.push(*self.numbers.entry(track).or_insert(next));
        self.boxes.push(at);
    }

    /// How many boxes there are.
    pub(crate) fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether all boxes are of one track.
    pub(crate) fn is_one_track(&self) -> bool {
        self.numbers.len() == 1
    }

    /// The boxes by frame; `problem` is told what is wrong with them.
    pub(crate) fn by_frame(self, mut problem: impl FnMut(Problem)) -> Boxes {
        let mut rows: Vec<u32> = (0..self.frames.len() as u32).collect();
        rows.sort_by_key(|row| self.frames[*row as usize]);
        let mut sorted = Boxes { track_count: self.numbers.len() as u32, ..Boxes::default() };
        let mut last_frame = vec![u32::MAX; self.numbers.len()];
        for row in rows {
            let at = row as usize;
            let (frame, track) = (self.frames[at], self.tracks[at]);
            if sorted.frames.last() != Some(&frame) {
                sorted.frames.push(frame);
                sorted.starts.push(sorted.rows.len() as u32);
            }
            let in_frame = sorted.rows.len() - sorted.starts[sorted.starts.len() - 1] as usize;
            if in_frame == MOST_BOXES_IN_A_FRAME {
                problem(Problem::Crowd(row));
            }
            if std::mem::replace(&mut last_frame[track as usize], frame) == frame {
                problem(Problem::Twice(row));
            }
            sorted.tracks.push(track);
            sorted.boxes.push(self.boxes[at]);
            sorted.rows.push(row);
        }
        sorted.starts.push(sorted.rows.len() as u32);
        sorted
    }
}

impl Boxes {
    /// The last frame that has a box.
    pub(crate) fn last_frame(&self) -> Option<u32> {
        self.frames.last().copied()
    }

    /// The row of the file of every box, in the order in which they are kept.
    pub(crate) fn rows(&self) -> &[u32] {
        &self.rows
    }

    pub(crate) fn at(&self, position: usize) -> Box4 {
        self.boxes[position]
    }

    fn range(&self, position: usize) -> std::ops::Range<usize> {
        self.starts[position] as usize..self.starts[position + 1] as usize
    }
}

/// The boxes of both sides of a sequence, or what is left of them, frame by frame.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    /// Where the true and the predicted boxes of each frame end.
    ends: Vec<(u32, u32)>,
    true_tracks: Vec<u32>,
    true_boxes: Vec<Box4>,
    predicted_tracks: Vec<u32>,
    predicted_boxes: Vec<Box4>,
    track_numbers: (usize, usize),
    length: u64,
}

/// The boxes of a frame, as positions in [`Boxes`].
pub(crate) struct BothSides {
    pub(crate) truth: std::ops::Range<usize>,
    pub(crate) predicted: std::ops::Range<usize>,
}

impl Scene {
    /// Lays both sides over each other.
    ///
    /// `keep` is asked in every frame in which there is a box; it empties or shortens the lists of the positions of the
    /// boxes that are scored, which hold all of them at first.
    pub(crate) fn new<E>(
        truth: &Boxes,
        predicted: &Boxes,
        length: u64,
        mut keep: impl FnMut(&BothSides, &mut Vec<usize>, &mut Vec<usize>) -> Result<(), E>,
    ) -> Result<Self, E> {
        let mut scene = Self {
            track_numbers: (truth.track_count as usize, predicted.track_count as usize),
            length,
            ..Self::default()
        };
        let (mut kept_truth, mut kept_predicted) = (Vec::new(), Vec::new());
        let (mut at_truth, mut at_predicted) = (0, 0);
        loop {
            let (next_truth, next_predicted) =
                (truth.frames.get(at_truth), predicted.frames.get(at_predicted));
            let Some(frame) = [next_truth, next_predicted].into_iter().flatten().min() else {
                return Ok(scene);
            };
            let mut sides = BothSides { truth: 0..0, predicted: 0..0 };
            if next_truth == Some(frame) {
                sides.truth = truth.range(at_truth);
                at_truth += 1;
            }
            if next_predicted == Some(frame) {
                sides.predicted = predicted.range(at_predicted);
                at_predicted += 1;
            }
            kept_truth.clear();
            kept_truth.extend(sides.truth.clone());
            kept_predicted.clear();
            kept_predicted.extend(sides.predicted.clone());
            keep(&sides, &mut kept_truth, &mut kept_predicted)?;
            scene.true_tracks.extend(kept_truth.iter().map(|position| truth.tracks[*position]));
            scene.true_boxes.extend(kept_truth.iter().map(|position| truth.boxes[*position]));
            scene.predicted_tracks.extend(kept_predicted.iter().map(|position| predicted.tracks[*position]));
            scene.predicted_boxes.extend(kept_predicted.iter().map(|position| predicted.boxes[*position]));
            scene.ends.push((scene.true_boxes.len() as u32, scene.predicted_boxes.len() as u32));
        }
    }

    fn ranges(&self, frame: usize) -> (std::ops::Range<usize>, std::ops::Range<usize>) {
        let (true_start, predicted_start) = match frame {
            0 => (0, 0),
            later => self.ends[later - 1],
        };
        let (true_end, predicted_end) = self.ends[frame];
        (true_start as usize..true_end as usize, predicted_start as usize..predicted_end as usize)
    }
}

impl Frames for Scene {
    fn count(&self) -> usize {
        self.ends.len()
    }

    fn tracks(&self, frame: usize) -> (&[u32], &[u32]) {
        let (truth, predicted) = self.ranges(frame);
        (&self.true_tracks[truth], &self.predicted_tracks[predicted])
    }

    fn track_numbers(&self) -> (usize, usize) {
        self.track_numbers
    }

    fn similarity(&self, frame: usize, rows: &mut Vec<f64>) {
        let (truth, predicted) = self.ranges(frame);
        let predicted = &self.predicted_boxes[predicted];
        for one in &self.true_boxes[truth] {
            rows.extend(predicted.iter().map(|other| overlap(*one, *other)));
        }
    }

    fn length(&self) -> u64 {
        self.length
    }
}
