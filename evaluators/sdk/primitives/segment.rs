//! Time segments: overlap over union and over hull.

/// A segment of time: start and end, in seconds.
pub type Segment = [f64; 2];

/// Overlap over the true union, as ActivityNet, Ego4D MQ and EPIC compute it; `0 / 0` gives NaN.
pub fn tiou(a: Segment, b: Segment) -> f64 {
    let overlap = overlap(a, b);
    overlap / ((b[1] - b[0]) + (a[1] - a[0]) - overlap)
}

/// Overlap over the convex hull, as Ego4D NLQ computes it; `0 / 0` gives NaN.
pub fn hull_iou(a: Segment, b: Segment) -> f64 {
    let hull = (a[1].max(b[1]) - a[0].min(b[0])).max(0.0);
    overlap(a, b) / hull
}

fn overlap(a: Segment, b: Segment) -> f64 {
    (a[1].min(b[1]) - a[0].max(b[0])).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disjoint_windows_have_no_overlap_whatever_is_divided() {
        assert_eq!(tiou([0.0, 1.0], [2.0, 3.0]), 0.0);
        assert_eq!(hull_iou([0.0, 1.0], [2.0, 3.0]), 0.0);
        assert!(tiou([3.0, 3.0], [3.0, 3.0]).is_nan());
        assert_eq!(tiou([0.0, 2.0], [1.0, 3.0]), 1.0 / 3.0);
    }
}
