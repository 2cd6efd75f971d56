//! Retrieval: how many true moments of a known class are found by the first few answers for that class.

use ndarray::{Array1, ArrayViewMut1};
use sdk::primitives::segment::{Segment, hull_iou};

/// An overlap must be greater than one of these.
const THRESHOLDS: [f64; 3] = [0.3, 0.5, 0.7];
/// `x` times as many answers are looked at as there are true moments.
const MULTIPLES: [usize; 5] = [1, 2, 3, 4, 5];

/// How many recalls there are.
pub(super) const COLUMNS: usize = THRESHOLDS.len() * MULTIPLES.len();

/// The true moments of every clip, class by class.
#[derive(Debug, Default)]
pub(super) struct Retrieval {
    clips: Vec<Vec<(u32, Vec<Segment>)>>,
}

impl Retrieval {
    /// Adds a true moment of a class.
    pub(super) fn add(&mut self, clip: u32, class: u32, segment: Segment) {
        let clip = clip as usize;
        if self.clips.len() <= clip {
            self.clips.resize_with(clip + 1, Vec::new);
        }
        match self.clips[clip].iter_mut().find(|(known, _)| *known == class) {
            Some((_, segments)) => segments.push(segment),
            None => self.clips[clip].push((class, vec![segment])),
        }
    }

    /// Makes room for clips without a moment.
    pub(super) fn finish(&mut self, clips: usize) {
        self.clips.resize_with(clips, Vec::new);
    }

    /// How many true moments every clip has.
    pub(super) fn positives(&self) -> Array1<f64> {
        self.clips
            .iter()
            .map(|classes| classes.iter().map(|(_, segments)| segments.len()).sum::<usize>() as f64)
            .collect()
    }

    /// Counts the true moments of a clip that its answers find; `answers` are in file order, scores do not matter.
    pub(super) fn count(&self, clip: u32, answers: &[(u32, Segment)], mut row: ArrayViewMut1<'_, f64>) {
        let mut of_class = Vec::new();
        for (class, segments) in &self.clips[clip as usize] {
            of_class.clear();
            let most = segments.len() * MULTIPLES[MULTIPLES.len() - 1];
            of_class.extend(
                answers.iter().filter(|(answered, _)| answered == class).map(|(_, one)| *one).take(most),
            );
            for truth in segments {
                for (column, (threshold, multiple)) in columns().enumerate() {
                    let first = of_class.iter().take(segments.len() * multiple);
                    let found = first.into_iter().any(|answer| hull_iou(*answer, *truth) > threshold);
                    row[column] += f64::from(u8::from(found));
                }
            }
        }
    }
}

fn columns() -> impl Iterator<Item = (f64, usize)> {
    THRESHOLDS
        .into_iter()
        .flat_map(|threshold| MULTIPLES.into_iter().map(move |multiple| (threshold, multiple)))
}

/// The names of the recalls.
pub(super) fn recall_names() -> Vec<String> {
    columns().map(|(threshold, multiple)| format!("Recall@{multiple}x,tIoU={threshold}")).collect()
}
