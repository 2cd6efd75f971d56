//! The true boxes of frames, found by clip and name.

use std::collections::HashMap;
use std::ops::Range;

use crate::corners::Corners;

/// The true boxes of all frames that have some.
#[derive(Debug, Default)]
pub(super) struct Frames {
    /// All boxes, frame by frame.
    pub(super) boxes: Vec<Corners>,
    /// The boxes of frames that are named by a number, as nearly all are: a name would take more than its boxes.
    numbered: HashMap<(u32, u64), (u32, u32)>,
    named: HashMap<(u32, String), (u32, u32)>,
}

impl Frames {
    /// Adds a frame with the boxes from `start` on.
    pub(super) fn add(&mut self, clip: u32, name: &str, start: usize) {
        let boxes = (start as u32, self.boxes.len() as u32);
        if boxes.0 == boxes.1 {
            return;
        }
        match number(name) {
            Some(number) => self.numbered.insert((clip, number), boxes),
            None => self.named.insert((clip, name.to_owned()), boxes),
        };
    }

    /// The boxes of a frame, which may be none.
    pub(super) fn of(&self, clip: u32, name: &str) -> Range<usize> {
        let found = match number(name) {
            Some(number) => self.numbered.get(&(clip, number)),
            None => self.named.get(&(clip, name.to_owned())),
        };
        found.map_or(0..0, |(start, end)| *start as usize..*end as usize)
    }
}

/// The number that a name is, if it is the only way to write it.
fn number(name: &str) -> Option<u64> {
    let digits = name.len() <= 18 && name.bytes().all(|byte| byte.is_ascii_digit());
    let plain = digits && (name == "0" || !name.starts_with('0'));
    if plain { name.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_look_like_the_same_number_are_different_frames() {
        let mut frames = Frames::default();
        for (name, count) in [("7", 1), ("07", 2), ("", 1), ("x", 0), ("0", 1)] {
            let start = frames.boxes.len();
            frames.boxes.extend(std::iter::repeat_n([0.0; 4], count));
            frames.add(3, name, start);
        }
        let found = |clip, name| frames.of(clip, name);
        assert_eq!([found(3, "7"), found(3, "07"), found(3, ""), found(3, "0")], [0..1, 1..3, 3..4, 4..5]);
        assert_eq!([found(3, "x"), found(3, "007"), found(2, "7")], [0..0, 0..0, 0..0]);
    }
}
