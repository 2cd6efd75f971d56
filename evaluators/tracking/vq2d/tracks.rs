//! Tracks: one box in each of a run of frames.

use crate::boxes::{Box4, area, shared};

/// A box in every frame from the first on; no frames where nothing was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Track {
    pub(super) first: i64,
    pub(super) boxes: Vec<Box4>,
}

/// Why boxes are no track.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTrack {
    /// Two boxes of this frame.
    Twice(i64),
    /// No box of this frame, although there are some before and after it.
    Gap(i64),
}

/// How well a track is found.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Overlaps {
    pub(super) in_time: f64,
    pub(super) in_space: f64,
    /// The true boxes that are found with an overlap of one half or more.
    pub(super) recovered: u32,
}

impl Track {
    /// A track of boxes in any order.
    pub(super) fn new(mut boxes: Vec<(i64, Box4)>) -> Result<Self, NoTrack> {
        boxes.sort_by_key(|(frame, _)| *frame);
        for pair in boxes.windows(2) {
            match pair[1].0 - pair[0].0 {
                0 => return Err(NoTrack::Twice(pair[0].0)),
                1 => {}
                _ => return Err(NoTrack::Gap(pair[0].0 + 1)),
            }
        }
        let first = boxes.first().map_or(0, |(frame, _)| *frame);
        Ok(Self { first, boxes: boxes.into_iter().map(|(_, at)| at).collect() })
    }

    fn at(&self, frame: i64) -> Option<Box4> {
        let position = usize::try_from(frame - self.first).ok()?;
        self.boxes.get(position).copied()
    }

    /// How well another track finds this one, in time and in the volumes of their boxes.
    pub(super) fn found_by(&self, other: &Self) -> Overlaps {
        let (own, others) = (self.boxes.len() as i64, other.boxes.len() as i64);
        let end = (self.first + own).min(other.first + others);
        let both = (end - self.first.max(other.first)).max(0);
        let mut overlaps =
            Overlaps { in_time: quotient(both as f64, (own + others - both) as f64), ..Overlaps::default() };
        let mut intersection = 0.0;
        for (frame, own) in (self.first..).zip(&self.boxes) {
            if let Some(other) = other.at(frame) {
                let both = shared(*own, other);
                intersection += both;
                let union = area(other) + area(*own) - both;
                overlaps.recovered += u32::from(quotient(both, union) >= 0.5);
            }
        }
        let volume = |track: &Self| track.boxes.iter().copied().map(area).sum::<f64>();
        overlaps.in_space = quotient(intersection, volume(other) + volume(self) - intersection);
        overlaps
    }
}

/// A quotient that is 0 where nothing is divided by nothing.
fn quotient(numerator: f64, denominator: f64) -> f64 {
    if denominator == 0.0 { 0.0 } else { numerator / denominator }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn track(first: i64, frames: i64, at: Box4) -> Track {
        Track::new((first..first + frames).map(|frame| (frame, at)).collect()).unwrap()
    }

    #[test]
    fn boxes_of_a_track_follow_each_other() {
        let at = [0.0, 0.0, 1.0, 1.0];
        assert_eq!(Track::new(vec![(4, at), (3, at)]).unwrap().first, 3);
        assert_eq!(Track::new(vec![(4, at), (3, at), (4, at)]), Err(NoTrack::Twice(4)));
        assert_eq!(Track::new(vec![(4, at), (2, at)]), Err(NoTrack::Gap(3)));
        assert_eq!(Track::new(Vec::new()).unwrap(), Track::default());
    }

    #[test]
    fn a_track_is_found_in_time_and_in_space() {
        let truth = track(10, 4, [0.0, 0.0, 10.0, 10.0]);
        let found = truth.found_by(&track(12, 4, [0.0, 0.0, 10.0, 5.0]));
        assert_eq!(found.in_time, 2.0 / 6.0);
        assert_eq!(found.in_space, 100.0 / (400.0 + 200.0 - 100.0));
        assert_eq!(found.recovered, 2);
        assert_eq!(truth.found_by(&truth), Overlaps { in_time: 1.0, in_space: 1.0, recovered: 4 });
    }

    #[test]
    fn an_empty_track_finds_nothing() {
        let truth = track(0, 2, [0.0, 0.0, 10.0, 10.0]);
        assert_eq!(truth.found_by(&Track::default()), Overlaps::default());
        assert_eq!(Track::default().found_by(&Track::default()), Overlaps::default());
    }
}
