//! What is left out before anything is scored: true boxes of no interest, and the predicted boxes that lie on them.

use sdk::Limits;
use sdk::primitives::assignment::Assigner;

use super::{Benchmark, Sequence};
use crate::boxes::overlap;
use crate::measures::{Failure, best_pairs};
use crate::scene::{Boxes, Scene};

/// A predicted box lies on a true one from this overlap on.
const THRESHOLD: f64 = 0.5;

/// The boxes of a sequence that are scored.
///
/// Predicted boxes that are matched with a distractor (a reflection, a person on a vehicle) are forgiven. They are
/// matched with all true boxes of the frame at once, so that a box on a pedestrian stays.
pub(super) fn scene(
    truth: &Sequence,
    predicted: &Boxes,
    benchmark: Benchmark,
    assigner: &mut Assigner,
    limits: &Limits,
) -> Result<Scene, Failure> {
    let last = [truth.boxes.last_frame(), predicted.last_frame()].into_iter().flatten().max();
    let length = truth.length.or(last).unwrap_or(0);
    let mut similarity = Vec::new();
    Scene::new(&truth.boxes, predicted, u64::from(length), |sides, kept_truth, kept_predicted| {
        limits.check()?;
        let has_distractor = truth.distractors[sides.truth.clone()].contains(&true);
        if benchmark.has_classes() && has_distractor && !sides.predicted.is_empty() {
            let columns = sides.predicted.len();
            similarity.clear();
            for row in sides.truth.clone() {
                let one = truth.boxes.at(row);
                similarity.extend(sides.predicted.clone().map(|column| overlap(one, predicted.at(column))));
            }
            let score = |row: usize, column: usize| match similarity[row * columns + column] {
                value if value < THRESHOLD - f64::EPSILON => 0.0,
                value => value,
            };
            let pairs = best_pairs(assigner, (sides.truth.len(), columns), score, limits)?;
            let forgiven: Vec<usize> = pairs
                .iter()
                .filter(|(row, column)| {
                    truth.distractors[sides.truth.start + row] && score(*row, *column) > f64::EPSILON
                })
                .map(|(_, column)| sides.predicted.start + column)
                .collect();
            kept_predicted.retain(|position| !forgiven.contains(position));
        }
        kept_truth.retain(|position| truth.scored[*position]);
        Ok(())
    })
}
