//! Boxes by two corners, whose pixels both count: as Pascal VOC and the scores of active speakers have them.

/// A box: left, upper, right and lower pixel.
pub(crate) type Corners = [f64; 4];

/// The overlap of two boxes over their union; a box from pixel 3 to pixel 5 is three pixels wide.
pub(crate) fn overlap_of_pixels(a: Corners, b: Corners) -> f64 {
    let side = |from: f64, to: f64| to - from + 1.0;
    let width = side(a[0].max(b[0]), a[2].min(b[2])).max(0.0);
    let height = side(a[1].max(b[1]), a[3].min(b[3])).max(0.0);
    let shared = width * height;
    let area = |[left, upper, right, lower]: Corners| side(left, right) * side(upper, lower);
    let whole = area(a) + area(b) - shared;
    // Two boxes without pixels, which only reversed corners make, overlap nothing.
    if shared == 0.0 { 0.0 } else { shared / whole }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_corners_belong_to_a_box() {
        assert_eq!(overlap_of_pixels([0.0, 0.0, 9.0, 9.0], [9.0, 9.0, 18.0, 18.0]), 1.0 / 199.0);
        assert_eq!(overlap_of_pixels([0.0, 0.0, 9.0, 9.0], [10.0, 0.0, 18.0, 9.0]), 0.0);
        assert_eq!(overlap_of_pixels([3.0, 3.0, 3.0, 3.0], [3.0, 3.0, 3.0, 3.0]), 1.0);
    }
}
