//! Boxes in an image, as corners.

/// Left, top, right and bottom.
pub(crate) type Box4 = [f64; 4];

/// Coordinates lie between this and its negative, so that no area overflows.
pub(crate) const FARTHEST: f64 = 1e9;

/// Whole numbers in a 64-bit float are exact up to this one.
const LARGEST_WHOLE: f64 = 9_007_199_254_740_992.0;

/// The whole number that a number is, if it is one.
pub(crate) fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= LARGEST_WHOLE).then_some(number as i64)
}

/// The box of a left upper corner, a width and a height.
pub(crate) fn from_size([left, top, width, height]: [f64; 4]) -> Box4 {
    [left, top, left + width, top + height]
}

/// The area, negative where one side is.
pub(crate) fn area(one: Box4) -> f64 {
    (one[2] - one[0]) * (one[3] - one[1])
}

/// The area that two boxes share.
pub(crate) fn shared(one: Box4, other: Box4) -> f64 {
    let width = one[2].min(other[2]) - one[0].max(other[0]);
    let height = one[3].min(other[3]) - one[1].max(other[1]);
    width.max(0.0) * height.max(0.0)
}

/// Intersection over union as TrackEval computes it: a box without area overlaps nothing.
pub(crate) fn overlap(one: Box4, other: Box4) -> f64 {
    let both = shared(one, other);
    if both <= 0.0 {
        return 0.0;
    }
    let (area_of_one, area_of_other) = (area(one), area(other));
    let union = area_of_one + area_of_other - both;
    if area_of_one <= f64::EPSILON || area_of_other <= f64::EPSILON || union <= f64::EPSILON {
        return 0.0;
    }
    both / union
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlaps_are_shares_of_the_union() {
        let one = from_size([0.0, 0.0, 10.0, 10.0]);
        assert_eq!(overlap(one, from_size([0.0, 0.0, 10.0, 5.0])), 0.5);
        assert_eq!(overlap(one, from_size([5.0, 5.0, 10.0, 10.0])), 25.0 / 175.0);
        assert_eq!(overlap(one, from_size([10.0, 0.0, 10.0, 10.0])), 0.0);
        assert_eq!(overlap(one, from_size([0.0, 0.0, 10.0, 0.0])), 0.0);
    }

    #[test]
    fn a_box_without_area_overlaps_nothing_not_even_itself() {
        let flat = from_size([1.0, 1.0, 4.0, 0.0]);
        assert_eq!(overlap(flat, flat), 0.0);
        let inside_out = from_size([4.0, 4.0, -3.0, 3.0]);
        assert_eq!(overlap(inside_out, from_size([0.0, 0.0, 10.0, 10.0])), 0.0);
    }
}
