//! Keypoints, and how alike two sets of them are (object keypoint similarity, OKS).

use crate::boxes::Box4;

/// How far each of the 17 keypoints of a person in COCO strays, as a share of the size of the person.
pub(crate) const PERSON: [f64; 17] = [
    0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087,
    0.089, 0.089,
];

/// The true keypoints of one object.
#[derive(Debug, Clone, Default)]
pub(crate) struct TrueKeypoints {
    /// `x, y, v` of each; labelled if `v > 0`.
    pub(crate) points: Vec<f64>,
    /// The box around the object.
    pub(crate) bounds: Box4,
    /// The area of the object.
    pub(crate) area: f64,
}

/// Similarities under the spreads of the keypoints.
#[derive(Debug, Clone)]
pub(crate) struct Similarity {
    /// `(2 sigma)^2` of each keypoint.
    variances: Vec<f64>,
}

impl Similarity {
    /// Similarities with these spreads.
    pub(crate) fn new(sigmas: &[f64]) -> Self {
        Self { variances: sigmas.iter().map(|sigma| (sigma * 2.0) * (sigma * 2.0)).collect() }
    }

    /// How many keypoints an object has.
    pub(crate) fn count(&self) -> usize {
        self.variances.len()
    }

    /// The similarity of predicted `x, y, v` to a true object.
    ///
    /// An object without a labelled keypoint attracts what lies in its box, grown by its own size on each side.
    pub(crate) fn of(&self, predicted: &[f64], truth: &TrueKeypoints) -> f64 {
        let labelled = truth.points.chunks_exact(3).filter(|point| point[2] > 0.0).count();
        let [x, y, width, height] = truth.bounds;
        let beyond = |at: f64, from: f64, to: f64| (from - at).max(0.0) + (at - to).max(0.0);
        let points = predicted.chunks_exact(3).zip(truth.points.chunks_exact(3)).zip(&self.variances);
        let mut sum = 0.0;
        for ((predicted, truth_point), variance) in points {
            let (dx, dy) = if labelled == 0 {
                (
                    beyond(predicted[0], x - width, x + width * 2.0),
                    beyond(predicted[1], y - height, y + height * 2.0),
                )
            } else if truth_point[2] > 0.0 {
                (predicted[0] - truth_point[0], predicted[1] - truth_point[1])
            } else {
                continue;
            };
            sum += (-((dx * dx + dy * dy) / variance / (truth.area + f64::EPSILON) / 2.0)).exp();
        }
        sum / if labelled == 0 { self.count() as f64 } else { labelled as f64 }
    }

    /// The box around predicted keypoints.
    pub(crate) fn bounds(points: &[f64]) -> Box4 {
        let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
        for point in points.chunks_exact(3) {
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        [low[0], low[1], high[0] - low[0], high[1] - low[1]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(points: &[f64]) -> TrueKeypoints {
        TrueKeypoints { points: points.to_vec(), bounds: [0.0, 0.0, 10.0, 10.0], area: 100.0 }
    }

    #[test]
    fn unlabelled_keypoints_do_not_count() {
        let similarity = Similarity::new(&[0.1, 0.1]);
        let truth = truth(&[1.0, 1.0, 2.0, 0.0, 0.0, 0.0]);
        assert_eq!(similarity.of(&[1.0, 1.0, 1.0, 9.0, 9.0, 1.0], &truth), 1.0);
        // One pixel away: exp(-1 / 0.04 / 100 / 2).
        let near = similarity.of(&[2.0, 1.0, 1.0, 9.0, 9.0, 1.0], &truth);
        assert!((near - (-0.125_f64).exp()).abs() < 1e-12, "{near}");
    }

    #[test]
    fn an_unlabelled_object_attracts_what_lies_around_it() {
        let similarity = Similarity::new(&[0.1, 0.1]);
        let truth = truth(&[0.0; 6]);
        assert_eq!(similarity.of(&[-10.0, 20.0, 1.0, 5.0, 5.0, 1.0], &truth), 1.0);
        assert!(similarity.of(&[-12.0, 20.0, 1.0, 5.0, 5.0, 1.0], &truth) < 1.0);
    }

    #[test]
    fn predicted_keypoints_have_a_box() {
        assert_eq!(Similarity::bounds(&[1.0, 5.0, 1.0, 4.0, 3.0, 0.0]), [1.0, 3.0, 3.0, 2.0]);
    }
}
