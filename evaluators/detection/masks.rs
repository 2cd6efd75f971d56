//! Masks as runs of pixels, column by column.
//!
//! Runs come from strangers: they are decoded here, where nothing can overflow and nothing is allocated that the text
//! does not pay for. Polygons come from organizers and are drawn by `hotcoco`, whose pixels are those of maskApi.

use hotcoco::mask::fr_polys;

/// A mask: the pixels of an image that belong to it, numbered downwards in each column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    /// First pixel and the one after the last, ascending, none empty.
    spans: Vec<[u32; 2]>,
    area: u32,
}

/// Why runs are no mask of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RunsError {
    /// A character that does not occur in such texts, or a number cut off.
    Text,
    /// A run has a negative length, or one beyond all images.
    Length,
    /// The runs cover another number of pixels than the image has.
    Coverage {
        /// How many they cover, as far as that was counted.
        covered: u64,
    },
}

impl Mask {
    /// How many pixels.
    pub(crate) fn area(&self) -> u32 {
        self.area
    }

    /// A mask from runs: background, foreground, background, ... over all pixels of the image.
    pub(crate) fn from_runs(
        runs: impl IntoIterator<Item = Result<i64, RunsError>>,
        pixels: u32,
    ) -> Result<Self, RunsError> {
        let mut mask = Self::default();
        let (mut at, mut foreground) = (0_u32, false);
        for run in runs {
            let run = u32::try_from(run?).map_err(|_| RunsError::Length)?;
            let end = u64::from(at) + u64::from(run);
            let end = match u32::try_from(end) {
                Ok(end) if end <= pixels => end,
                _ => return Err(RunsError::Coverage { covered: end }),
            };
            if foreground && run > 0 {
                match mask.spans.last_mut() {
                    Some([_, last]) if *last == at => *last = end,
                    _ => mask.spans.push([at, end]),
                }
                mask.area += run;
            }
            at = end;
            foreground = !foreground;
        }
        if at == pixels { Ok(mask) } else { Err(RunsError::Coverage { covered: u64::from(at) }) }
    }

    /// A mask from the compressed text of COCO.
    pub(crate) fn from_text(text: &str, pixels: u32) -> Result<Self, RunsError> {
        Self::from_runs(Decoder { bytes: text.as_bytes(), before: [0; 2], count: 0 }, pixels)
    }

    /// The union of polygons, `x0, y0, x1, y1, ...` each, in an image of that height and width.
    ///
    /// The image must not have more than `u32::MAX` pixels.
    pub(crate) fn from_polygons(polygons: &[Vec<f64>], [height, width]: [u32; 2]) -> Result<Self, RunsError> {
        let union = fr_polys(polygons, height, width).map_err(|_| RunsError::Length)?;
        Self::from_runs(union.counts.iter().map(|count| Ok(i64::from(*count))), height * width)
    }

    /// How many pixels two masks of the same image share.
    fn shared(&self, other: &Self) -> u32 {
        let (mut left, mut right) = (self.spans.iter(), other.spans.iter());
        let (mut a, mut b) = (left.next(), right.next());
        let mut shared = 0;
        while let (Some([a_start, a_end]), Some([b_start, b_end])) = (a, b) {
            shared += (*a_end.min(b_end)).saturating_sub(*a_start.max(b_start));
            if a_end <= b_end {
                a = left.next();
            } else {
                b = right.next();
            }
        }
        shared
    }

    /// The overlap of a detection with a true mask over their union, or over the detection alone where it is a crowd.
    pub(crate) fn overlap(&self, truth: &Self, crowd: bool) -> f64 {
        let shared = self.shared(truth);
        if shared == 0 {
            return 0.0;
        }
        let whole = match crowd {
            true => u64::from(self.area),
            false => u64::from(self.area) + u64::from(truth.area) - u64::from(shared),
        };
        f64::from(shared) / whole as f64
    }
}

/// The numbers of COCO's compressed text: five bits to a character, the sign in the last one, and from the fourth on the
/// difference to the number two before.
struct Decoder<'t> {
    bytes: &'t [u8],
    before: [i64; 2],
    count: usize,
}

/// More characters than this are no number that a run can have.
const LONGEST_NUMBER: u32 = 8;

impl Iterator for Decoder<'_> {
    type Item = Result<i64, RunsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.bytes.is_empty() {
            return None;
        }
        let run = self.number().map(|number| if self.count > 2 { number + self.before[0] } else { number });
        match run {
            Ok(run) => {
                self.before = [self.before[1], run];
                self.count += 1;
            }
            Err(_) => self.bytes = &[],
        }
        Some(run)
    }
}

impl Decoder<'_> {
    fn number(&mut self) -> Result<i64, RunsError> {
        let mut number = 0_i64;
        for position in 0..LONGEST_NUMBER {
            let (byte, rest) = self.bytes.split_first().ok_or(RunsError::Text)?;
            self.bytes = rest;
            let bits = match byte {
                48..=111 => i64::from(byte - 48),
                _ => return Err(RunsError::Text),
            };
            number |= (bits & 0x1f) << (5 * position);
            if bits & 0x20 == 0 {
                let negative = bits & 0x10 != 0;
                return Ok(if negative { number | (-1_i64 << (5 * (position + 1))) } else { number });
            }
        }
        Err(RunsError::Length)
    }
}

#[cfg(test)]
mod tests {
    use hotcoco::mask::{area, fr_poly, iou, rle_to_string};
    use hotcoco::types::Rle;
    use proptest::prelude::*;

    use super::*;

    fn runs(counts: &[u32]) -> impl Iterator<Item = Result<i64, RunsError>> {
        counts.iter().map(|count| Ok(i64::from(*count)))
    }

    fn counts_of(pixels: &[bool]) -> Vec<u32> {
        let (mut counts, mut current) = (vec![0], false);
        for pixel in pixels {
            if *pixel != current {
                counts.push(0);
                current = *pixel;
            }
            *counts.last_mut().unwrap() += 1;
        }
        counts
    }

    #[test]
    fn runs_must_cover_the_image_exactly() {
        assert_eq!(Mask::from_runs(runs(&[2, 3, 5]), 10).unwrap().spans, [[2, 5]]);
        assert_eq!(Mask::from_runs(runs(&[2, 3, 4]), 10), Err(RunsError::Coverage { covered: 9 }));
        assert_eq!(Mask::from_runs(runs(&[2, 9]), 10), Err(RunsError::Coverage { covered: 11 }));
        let most = u64::from(u32::MAX) * 2;
        assert_eq!(
            Mask::from_runs(runs(&[u32::MAX, u32::MAX]), u32::MAX),
            Err(RunsError::Coverage { covered: most })
        );
    }

    #[test]
    fn empty_runs_join_their_neighbours() {
        let mask = Mask::from_runs(runs(&[0, 3, 0, 4, 3]), 10).unwrap();
        assert_eq!((mask.spans, mask.area), (vec![[0, 7]], 7));
    }

    #[test]
    fn texts_that_lie_are_refused() {
        assert_eq!(Mask::from_text("0\u{7f}", 10), Err(RunsError::Text));
        assert_eq!(Mask::from_text("P", 10), Err(RunsError::Text));
        assert_eq!(Mask::from_text("ooooooooooooo0", 10), Err(RunsError::Length));
        assert_eq!(Mask::from_text("O", 10), Err(RunsError::Length));
        assert_eq!(Mask::from_text("", 10), Err(RunsError::Coverage { covered: 0 }));
        assert_eq!(Mask::from_text("", 0), Ok(Mask::default()));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn masks_agree_with_the_second_opinion(
            pixels in prop::collection::vec((any::<bool>(), any::<bool>()), 12 * 9),
            crowd in any::<bool>(),
        ) {
            let masks: [Rle; 2] = [0, 1].map(|side| {
                let side: Vec<bool> = pixels.iter().map(|pair| if side == 0 { pair.0 } else { pair.1 }).collect();
                Rle { h: 12, w: 9, counts: counts_of(&side) }
            });
            let ours = [0, 1].map(|side: usize| Mask::from_text(&rle_to_string(&masks[side]), 12 * 9).unwrap());
            prop_assert_eq!(u64::from(ours[0].area()), area(&masks[0]));
            let theirs = iou(&masks[..1], &masks[1..], &[crowd]);
            prop_assert_eq!(ours[0].overlap(&ours[1], crowd), theirs[0][0]);
        }

        #[test]
        fn polygons_are_the_union_of_what_is_drawn(
            corners in prop::collection::vec(prop::collection::vec(-5.0..30.0_f64, 6..12), 1..3),
        ) {
            let corners: Vec<Vec<f64>> = corners.into_iter().map(|mut one| { one.truncate(one.len() / 2 * 2); one }).collect();
            let mask = Mask::from_polygons(&corners, [20, 25]).unwrap();
            let drawn: Vec<Vec<u8>> =
                corners.iter().map(|one| hotcoco::mask::decode(&fr_poly(one, 20, 25).unwrap())).collect();
            let union = (0..500).filter(|pixel| drawn.iter().any(|one| one[*pixel] == 1)).count();
            prop_assert_eq!(mask.area() as usize, union);
        }
    }
}
