#![doc = include_str!("README.md")]

mod manifest;
mod values;

use ndarray::Array2;
use sdk::evidence::{Correlation, Maximum, Mean, Median, Pairs, Reducer, Stats, Term};
use sdk::roll::IdIndex;
use sdk::sum::Sum;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

/// The evaluator of numbers.
#[derive(Debug)]
pub struct Regression {
    manifest: Manifest,
}

impl Regression {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for Regression {
    fn default() -> Self {
        Self::new()
    }
}

/// All evaluators of the family.
pub fn evaluators() -> Vec<Box<dyn Evaluator>> {
    vec![Box::new(Regression::new())]
}

impl Evaluator for Regression {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        let (index, truth) = values::read_truth(file, &Limits::default()).map_err(of_main)?;
        let metrics = manifest::metrics();
        Ok(Box::new(PreparedNumbers { items: Items::of_index(&index), index, truth, metrics }))
    }
}

#[derive(Debug)]
struct PreparedNumbers {
    items: Items,
    index: IdIndex,
    truth: Vec<f64>,
    metrics: Vec<Metric>,
}

/// A truth of zero counts as this in relative errors.
const LEAST_TRUTH: f64 = f64::EPSILON;

impl Prepared for PreparedNumbers {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let predicted = values::read_predictions(submission.single()?, &self.index, limits)?;
        limits.check().map_err(Faults::from)?;
        Ok(self.evidence(predicted))
    }
}

impl PreparedNumbers {
    fn evidence(&self, predicted: Vec<f64>) -> Evidence {
        let truth = &self.truth;
        let count = truth.len();
        let errors: Vec<f64> = predicted.iter().zip(truth).map(|(one, other)| one - other).collect();
        let absolute = |item: usize| errors[item].abs();
        let mut evidence = Evidence::new(count);

        let means =
            evidence.block(Mean::new(Array2::from_shape_fn((count, 4), |(item, column)| match column {
                0 => absolute(item),
                1 => errors[item] * errors[item],
                2 => absolute(item) / truth[item].abs().max(LEAST_TRUTH),
                _ => errors[item],
            })));
        // Variances do not change with an offset, but far from zero their digits are lost.
        let (mean_truth, mean_error) = (mean(truth), mean(&errors));
        let sums = Array2::from_shape_fn((count, 6), |(item, column)| {
            let (truth, error) = (truth[item] - mean_truth, errors[item] - mean_error);
            [1.0, errors[item] * errors[item], truth, truth * truth, error, error * error][column]
        });
        let reducers = vec![
            Reducer::RootQuotient { numerator: 1, denominator: 0 },
            Reducer::Determination { count: 0, squared_error: 1, truth: 2, truth_squared: 3 },
            Reducer::ExplainedVariance { count: 0, error: 4, squared_error: 5, truth: 2, truth_squared: 3 },
        ];
        let sums = evidence.block(Stats { columns: sums, reducers });
        let column = || Array2::from_shape_fn((count, 1), |(item, _)| absolute(item));
        let median = evidence.block(Median::new(column()));
        let largest = evidence.block(Maximum { values: column() });
        let measures = vec![Correlation::Pearson, Correlation::Spearman, Correlation::Kendall];
        let pairs = evidence.block(Pairs::new(truth.clone(), predicted, measures));

        let terms: [Term; 12] = [
            means.output(0),
            sums.output(0),
            sums.output(1),
            pairs.output(0),
            pairs.output(1),
            pairs.output(2),
            means.output(1),
            median.output(0),
            largest.output(0),
            means.output(2),
            sums.output(2),
            means.output(3),
        ];
        for (metric, term) in self.metrics.iter().zip(terms) {
            evidence.metric(&metric.name, 1.0, term);
        }
        evidence
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().copied().collect::<Sum>().total() / values.len() as f64
}
