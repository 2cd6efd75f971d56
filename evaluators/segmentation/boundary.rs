//! How well a mask and its boundary agree with those of the truth (DAVIS).

use crate::mask::Mask;

/// The share of the image's diagonal by which boundaries may lie apart.
pub(crate) const BOUND: f64 = 0.008;

/// How far boundaries may lie apart in an image of that size, in pixels.
pub(crate) fn tolerance((width, height): (usize, usize), bound: f64) -> usize {
    (bound * ((width * width + height * height) as f64).sqrt()).ceil() as usize
}

/// Intersection over union; two empty masks agree.
pub(crate) fn jaccard(truth: &Mask, predicted: &Mask) -> f64 {
    match truth.overlap(predicted) {
        (_, 0) => 1.0,
        (both, any) => both as f64 / any as f64,
    }
}

/// The harmonic mean of precision and recall of boundary pixels, one that is within the tolerance of the other
/// boundary being right; two masks without a boundary agree.
pub(crate) fn boundary_f(truth: &Mask, predicted: &Mask, tolerance: usize) -> f64 {
    let (truth, predicted) = (truth.boundary(), predicted.boundary());
    let (precision, recall) = match (predicted.count(), truth.count()) {
        (0, 0) => (1.0, 1.0),
        (0, _) | (_, 0) => return 0.0,
        (found, there) => (
            predicted.count_near(&truth, tolerance) as f64 / found as f64,
            truth.count_near(&predicted, tolerance) as f64 / there as f64,
        ),
    };
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A mask from a picture of it.
    fn mask(picture: &[&str]) -> Mask {
        let mut mask = Mask::empty(picture[0].len(), picture.len());
        for (y, row) in picture.iter().enumerate() {
            for (x, _) in row.bytes().enumerate().filter(|(_, pixel)| *pixel == b'#') {
                mask.fill_row(y, x, x + 1);
            }
        }
        mask
    }

    #[test]
    fn empty_masks_agree() {
        let (empty, full) = (mask(&["...", "..."]), mask(&["###", "###"]));
        assert_eq!((jaccard(&empty, &empty), boundary_f(&empty, &empty, 1)), (1.0, 1.0));
        assert_eq!((jaccard(&empty, &full), boundary_f(&empty, &full, 1)), (0.0, 1.0));
        // A mask that fills the image has no boundary.
        assert_eq!(full.boundary().count(), 0);
    }

    #[test]
    fn a_boundary_lies_up_and_left_of_where_the_object_ends() {
        let boundary = mask(&[".....", ".##..", ".##..", "....."]).boundary();
        assert_eq!(boundary, mask(&["###..", "#.#..", "###..", "....."]));
    }

    #[test]
    fn boundaries_agree_within_the_tolerance() {
        // One pixel to the left of the object is boundary, and one pixel of it.
        let (truth, predicted) = (mask(&["..#.....", "........"]), mask(&[".....#..", "........"]));
        assert_eq!(truth.boundary().count(), 2);
        assert_eq!(boundary_f(&truth, &predicted, 1), 0.0);
        assert_eq!(boundary_f(&truth, &predicted, 2), 0.5);
        assert_eq!(boundary_f(&truth, &predicted, 3), 1.0);
    }

    #[test]
    fn the_tolerance_is_a_share_of_the_diagonal() {
        assert_eq!(tolerance((854, 480), BOUND), 8);
        assert_eq!(tolerance((480, 270), BOUND), 5);
        assert_eq!(tolerance((3, 4), BOUND), 1);
    }
}
