//! Procrustes alignment: the turn, the scale and the shift that bring one set of points closest to another.

use crate::joints::{Point, difference, distance};

/// The mean distance of the target's points from the aligned ones; nothing without points.
///
/// Where the points to be aligned, or those of the target, all lie in one place, the best scale is zero: all aligned
/// points lie in the middle of the target.
pub(crate) fn aligned_error(points: &[Point], target: &[Point]) -> Option<f64> {
    if points.is_empty() {
        return None;
    }
    let (middle, target_middle) = (mean(points), mean(target));
    let mut covariance = [[0.0; 3]; 3];
    let (mut spread, mut target_spread) = (0.0, 0.0);
    for (point, goal) in points.iter().zip(target) {
        let (point, goal) = (difference(*point, middle), difference(*goal, target_middle));
        for (row, from) in covariance.iter_mut().zip(point) {
            for (cell, to) in row.iter_mut().zip(goal) {
                *cell += from * to;
            }
        }
        spread += squared(point);
        target_spread += squared(goal);
    }
    let (turn, scale) = match spread > 0.0 && target_spread > 0.0 {
        true => {
            let (quaternion, trace) = best_turn(&covariance);
            (rotation(quaternion), trace / spread)
        }
        false => ([[0.0; 3]; 3], 0.0),
    };
    let errors = points.iter().zip(target).map(|(point, goal)| {
        let centred = difference(*point, middle);
        let turned = turn.map(|row| row[0] * centred[0] + row[1] * centred[1] + row[2] * centred[2]);
        let aligned = [0, 1, 2].map(|axis| scale * turned[axis] + target_middle[axis]);
        distance(aligned, *goal)
    });
    Some(errors.sum::<f64>() / points.len() as f64)
}

fn mean(points: &[Point]) -> Point {
    [0, 1, 2].map(|axis| points.iter().map(|point| point[axis]).sum::<f64>() / points.len() as f64)
}

fn squared(vector: Point) -> f64 {
    vector.iter().map(|one| one * one).sum()
}

/// The unit quaternion of the turn under which the points agree best, never a mirror image, and how well they agree.
///
/// It is the eigenvector of the largest eigenvalue of Horn's matrix (1987), which is the trace that the singular value
/// decomposition of the covariance gives with its last sign corrected.
fn best_turn(s: &[[f64; 3]; 3]) -> ([f64; 4], f64) {
    let (xy, yz, zx) = (s[0][1] + s[1][0], s[1][2] + s[2][1], s[2][0] + s[0][2]);
    let (x, y, z) = (s[1][2] - s[2][1], s[2][0] - s[0][2], s[0][1] - s[1][0]);
    let matrix = [
        [s[0][0] + s[1][1] + s[2][2], x, y, z],
        [x, s[0][0] - s[1][1] - s[2][2], xy, zx],
        [y, xy, s[1][1] - s[0][0] - s[2][2], yz],
        [z, zx, yz, s[2][2] - s[0][0] - s[1][1]],
    ];
    let (values, vectors) = eigen(matrix);
    let best = (1..4).fold(0, |best, index| if values[index] > values[best] { index } else { best });
    ([0, 1, 2, 3].map(|row| vectors[row][best]), values[best])
}

/// The eigenvalues of a symmetric matrix and its eigenvectors, as columns, by Jacobi's rotations.
fn eigen(mut a: [[f64; 4]; 4]) -> ([f64; 4], [[f64; 4]; 4]) {
    /// Rotations converge quadratically; this many sweeps are never needed.
    const SWEEPS: usize = 30;
    let mut vectors =
        [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]];
    for _ in 0..SWEEPS {
        let mut rotated = false;
        for (p, q) in [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)] {
            let off = a[p][q];
            // What does not change the diagonal any more is zero.
            if off.abs() <= f64::EPSILON * 1e-4 * (a[p][p].abs() + a[q][q].abs()) {
                continue;
            }
            rotated = true;
            let theta = (a[q][q] - a[p][p]) / (2.0 * off);
            let tangent = theta.signum() / (theta.abs() + theta.hypot(1.0));
            let cosine = 1.0 / tangent.hypot(1.0);
            let sine = tangent * cosine;
            for row in &mut a {
                (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
            }
            let (upper, lower) = (a[p], a[q]);
            a[p] = [0, 1, 2, 3].map(|column| cosine * upper[column] - sine * lower[column]);
            a[q] = [0, 1, 2, 3].map(|column| sine * upper[column] + cosine * lower[column]);
            (a[p][q], a[q][p]) = (0.0, 0.0);
            for row in &mut vectors {
                (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
            }
        }
        if !rotated {
            break;
        }
    }
    ([a[0][0], a[1][1], a[2][2], a[3][3]], vectors)
}

/// The matrix of the turn of a unit quaternion.
fn rotation([w, x, y, z]: [f64; 4]) -> [[f64; 3]; 3] {
    [
        [w * w + x * x - y * y - z * z, 2.0 * (x * y - w * z), 2.0 * (x * z + w * y)],
        [2.0 * (x * y + w * z), w * w - x * x + y * y - z * z, 2.0 * (y * z - w * x)],
        [2.0 * (x * z - w * y), 2.0 * (y * z + w * x), w * w - x * x - y * y + z * z],
    ]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CORNER: [Point; 4] = [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 3.0]];

    fn moved(points: &[Point], quaternion: [f64; 4], scale: f64, shift: Point) -> Vec<Point> {
        let length = quaternion.iter().map(|one| one * one).sum::<f64>().sqrt();
        let turn = rotation(quaternion.map(|one| one / length));
        let one = |point: &Point| {
            let turned = turn.map(|row| row[0] * point[0] + row[1] * point[1] + row[2] * point[2]);
            [0, 1, 2].map(|axis| scale * turned[axis] + shift[axis])
        };
        points.iter().map(one).collect()
    }

    #[test]
    fn points_in_one_place_are_put_in_the_middle_of_the_target() {
        let target = [[0.0, 0.0, 0.0], [2.0, 0.0, 0.0]];
        assert_eq!(aligned_error(&[[5.0; 3]; 2], &target), Some(1.0));
        assert_eq!(aligned_error(&[[0.0; 3], [1.0; 3]], &[[5.0; 3]; 2]), Some(0.0));
        assert_eq!(aligned_error(&[[4.0; 3]], &[[5.0; 3]]), Some(0.0));
        assert_eq!(aligned_error(&[], &[]), None);
    }

    #[test]
    fn a_mirror_image_is_no_turn() {
        let mirrored = CORNER.map(|[x, y, z]| [-x, y, z]);
        assert!(aligned_error(&mirrored, &CORNER).unwrap() > 0.1);
        // In a plane a turn in space does it.
        assert!(aligned_error(&mirrored[..3], &CORNER[..3]).unwrap() < 1e-15);
    }

    #[test]
    fn the_best_scale_of_a_line_is_that_of_least_squares() {
        // Centred: -1, 0, 1 against -1, -1, 2 along other axes; the best scale is 3/2.
        let points = [[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 2.0, 0.0]];
        let target = [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [3.0, 0.0, 0.0]];
        let error = aligned_error(&points, &target).unwrap();
        assert!((error - (0.5 + 1.0 + 0.5) / 3.0).abs() < 1e-14, "{error}");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn turning_scaling_and_shifting_the_points_changes_nothing(
            points in prop::collection::vec(prop::array::uniform3(-1.0..1.0_f64), 3..8),
            target in prop::collection::vec(prop::array::uniform3(-1.0..1.0_f64), 8),
            quaternion in prop::array::uniform4(0.1..1.0_f64),
            scale in 0.1..10.0_f64,
            shift in prop::array::uniform3(-5.0..5.0_f64),
        ) {
            let target = &target[..points.len()];
            let plain = aligned_error(&points, target).unwrap();
            let elsewhere = aligned_error(&moved(&points, quaternion, scale, shift), target).unwrap();
            prop_assert!((plain - elsewhere).abs() < 1e-7, "{} {}", plain, elsewhere);
            prop_assert!(aligned_error(&points, &moved(&points, quaternion, scale, shift)).unwrap() < 1e-12 * (1.0 + scale));
        }

        /// No small turn, scale or shift of the aligned points comes closer in the sum of squares: the alignment is the best.
        #[test]
        fn no_other_scale_or_turn_is_better(
            points in prop::collection::vec(prop::array::uniform3(-1.0..1.0_f64), 4..8),
            target in prop::collection::vec(prop::array::uniform3(-1.0..1.0_f64), 8),
            change in prop::array::uniform4(-0.05..0.05_f64),
        ) {
            let target = &target[..points.len()];
            let mut covariance = [[0.0; 3]; 3];
            let (middle, goal) = (mean(&points), mean(target));
            for (from, to) in points.iter().zip(target) {
                let (from, to) = (difference(*from, middle), difference(*to, goal));
                for (row, from) in covariance.iter_mut().zip(from) {
                    for (cell, to) in row.iter_mut().zip(to) {
                        *cell += from * to;
                    }
                }
            }
            let agreement = |quaternion: [f64; 4]| {
                let turn = rotation(quaternion);
                (0..9).map(|at| turn[at / 3][at % 3] * covariance[at % 3][at / 3]).sum::<f64>()
            };
            let (best, trace) = best_turn(&covariance);
            prop_assert!((agreement(best) - trace).abs() < 1e-12);
            let other = [0, 1, 2, 3].map(|part| best[part] + change[part]);
            let length = other.iter().map(|one| one * one).sum::<f64>().sqrt();
            prop_assert!(agreement(other.map(|one| one / length)) <= trace + 1e-12);
        }
    }
}
