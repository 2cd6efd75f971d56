//! Points in space.

/// Metres along three axes.
pub(super) type Vector = [f64; 3];

/// The length of a vector.
pub(super) fn length(vector: Vector) -> f64 {
    vector.iter().map(|part| part * part).sum::<f64>().sqrt()
}

/// The distance of two points.
pub(super) fn distance(one: Vector, other: Vector) -> f64 {
    length([one[0] - other[0], one[1] - other[1], one[2] - other[2]])
}

/// The point between two others.
pub(super) fn middle(one: Vector, other: Vector) -> Vector {
    [0, 1, 2].map(|axis| (one[axis] + other[axis]) / 2.0)
}

/// From the axes of the annotators' tool to those of the room: a quarter turn about the third axis.
pub(super) fn turned([x, y, z]: Vector) -> Vector {
    // The cosine of a quarter turn is not quite 0 in floating point, in the public code neither.
    let (sine, cosine) = (-std::f64::consts::FRAC_PI_2).sin_cos();
    [cosine * x - sine * y, sine * x + cosine * y, z]
}

/// The cosine of the angle between two vectors; no number where one has no length.
pub(super) fn cosine(one: Vector, other: Vector) -> f64 {
    let product: f64 = one.iter().zip(other).map(|(a, b)| a * b).sum();
    product / (length(one) * length(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_turn_maps_the_first_axis_to_the_negative_second() {
        let [x, y, z] = turned([1.0, 2.0, 3.0]);
        assert!((x - 2.0).abs() < 1e-15 && (y + 1.0).abs() < 1e-15);
        assert_eq!(z, 3.0);
    }

    #[test]
    fn a_vector_without_length_has_no_direction() {
        assert!(cosine([0.0; 3], [1.0, 0.0, 0.0]).is_nan());
        assert_eq!(cosine([0.0, 2.0, 0.0], [1.0, 0.0, 0.0]), 0.0);
        assert_eq!(distance([1.0, 2.0, 2.0], [0.0; 3]), 3.0);
    }
}
