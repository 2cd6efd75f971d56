//! Boxes of pixels, `[x, y, width, height]`.

/// A box: its left and upper edges, its width and its height.
pub(crate) type Box4 = [f64; 4];

/// The area of a box.
pub(crate) fn area([_, _, width, height]: Box4) -> f64 {
    width * height
}

/// The overlap of a detection with a true box over their union, or over the detection alone where the truth is a crowd.
///
/// The order of the operations is that of the public code, so that an overlap falls on the same side of a threshold.
pub(crate) fn overlap(detection: Box4, truth: Box4, crowd: bool) -> f64 {
    let width = (detection[2] + detection[0]).min(truth[2] + truth[0]) - detection[0].max(truth[0]);
    if width <= 0.0 {
        return 0.0;
    }
    let height = (detection[3] + detection[1]).min(truth[3] + truth[1]) - detection[1].max(truth[1]);
    if height <= 0.0 {
        return 0.0;
    }
    let shared = width * height;
    let whole = if crowd { area(detection) } else { area(detection) + area(truth) - shared };
    shared / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_that_only_touch_do_not_overlap() {
        assert_eq!(overlap([0.0, 0.0, 10.0, 10.0], [10.0, 0.0, 10.0, 10.0], false), 0.0);
        assert_eq!(overlap([0.0, 0.0, 10.0, 10.0], [0.0, 10.0, 10.0, 10.0], true), 0.0);
        assert_eq!(overlap([0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], false), 0.0);
    }

    #[test]
    fn in_a_crowd_only_the_detection_counts() {
        assert_eq!(overlap([0.0, 0.0, 10.0, 10.0], [5.0, 0.0, 100.0, 10.0], true), 0.5);
        assert_eq!(overlap([0.0, 0.0, 10.0, 10.0], [5.0, 0.0, 10.0, 10.0], false), 1.0 / 3.0);
    }
}
