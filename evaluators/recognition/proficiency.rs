//! Ego-Exo4D demonstrator proficiency: how skilled is the person in a clip seen from one ego and four exo cameras?

mod annotations;
mod manifest;
mod submission;

use ndarray::Array2;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::roll::Ids;

/// The evaluator `egoexo_proficiency`.
#[derive(Debug)]
pub struct Proficiency {
    manifest: Manifest,
}

/// How many levels of proficiency there are.
const LEVELS: usize = 4;

/// How many exo cameras look at a demonstrator.
const VIEWS: usize = 4;

/// The logits of one camera.
type Logits = [f64; LEVELS];

impl Proficiency {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for Proficiency {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let videos = annotations::read(annotations);
        let videos = videos.map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        Ok(Box::new(PreparedProficiency { videos, metrics: self.manifest.metrics.clone() }))
    }
}

/// The videos with their true levels.
#[derive(Debug, Default)]
struct Videos {
    items: Items,
    ids: Ids,
    levels: Vec<usize>,
}

#[derive(Debug)]
struct PreparedProficiency {
    videos: Videos,
    metrics: Vec<Metric>,
}

/// What is predicted for a video.
#[derive(Debug, Clone, Copy, Default)]
struct Prediction {
    ego: Logits,
    exo: [Logits; VIEWS],
}

impl Prediction {
    /// The predicted level of both kinds of cameras together, of the ego and of the exo cameras.
    fn levels(&self) -> [usize; 3] {
        let ego = softmax(self.ego);
        let exo = self.exo.map(softmax);
        let exo_sum = exo.iter().fold([0.0; LEVELS], plus);
        // All sums are over a fixed number of cameras, so the largest sum is the largest mean.
        let combined = exo.iter().fold(plus([0.0; LEVELS], &ego), plus);
        [combined, ego, exo_sum].map(first_largest)
    }
}

fn plus(sum: Logits, one: &Logits) -> Logits {
    std::array::from_fn(|level| sum[level] + one[level])
}

fn softmax(logits: Logits) -> Logits {
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers = logits.map(|logit| (logit - largest).exp());
    let sum: f64 = powers.iter().sum();
    powers.map(|power| power / sum)
}

/// The first of the largest values.
fn first_largest(values: Logits) -> usize {
    (1..LEVELS).fold(0, |best, level| if values[level] > values[best] { level } else { best })
}

impl Prepared for PreparedProficiency {
    fn items(&self) -> &Items {
        &self.videos.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let predictions = submission::read(&self.videos.ids, &submission.single()?.bytes, limits)?;
        let mut right = Array2::zeros((predictions.len(), self.metrics.len()));
        for ((mut row, prediction), truth) in
            right.rows_mut().into_iter().zip(&predictions).zip(&self.videos.levels)
        {
            for (value, level) in row.iter_mut().zip(prediction.levels()) {
                *value = f64::from(u8::from(level == *truth));
            }
        }
        let mut evidence = Evidence::new(predictions.len());
        evidence.means(1.0, self.metrics.iter().map(|metric| &*metric.name), right);
        Ok(evidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_equal_levels_the_first_is_predicted() {
        let mut prediction = Prediction { ego: [1.0; LEVELS], ..Prediction::default() };
        assert_eq!(prediction.levels(), [0, 0, 0]);
        prediction.exo[2] = [0.0, 0.0, 5.0, 5.0];
        assert_eq!(prediction.levels(), [2, 0, 2]);
    }

    #[test]
    fn one_sure_camera_outweighs_three_that_hesitate() {
        let hesitant = [0.1, 0.0, 0.0, 0.0];
        let exo = [hesitant, hesitant, [0.0, 0.0, 0.0, 1e300], hesitant];
        assert_eq!(Prediction { ego: [0.0, 3.0, 0.0, 0.0], exo }.levels(), [3, 1, 3]);
    }
}
