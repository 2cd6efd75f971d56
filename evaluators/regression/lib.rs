#![doc = include_str!("README.md")]

mod counting;
mod manifest;
mod values;

pub use counting::RepetitionCounting;

use std::sync::Arc;

use sdk::evidence::{Columns, Correlation, Maximum, Mean, Median, Pairs, Reducer, Stats, Term};
use sdk::roll::IdIndex;
use sdk::sum::Sum;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};
use values::Column;

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
    vec![Box::new(Regression::new()), Box::new(RepetitionCounting::new())]
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
        let (index, truth) = match annotations.are_unannotated() {
            true => values::read_ids(file, Column::VALUE, &Limits::default()),
            false => values::read_truth(file, Column::VALUE, &Limits::default()),
        }
        .map_err(of_main)?;
        let metrics = manifest::metrics();
        Ok(Box::new(PreparedNumbers {
            items: Items::of_index(&index),
            index,
            truth: Arc::new(truth),
            metrics,
        }))
    }
}

#[derive(Debug)]
struct PreparedNumbers {
    items: Items,
    index: IdIndex,
    truth: Arc<Vec<f64>>,
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
        let predicted = values::read_predictions(submission.single()?, Column::VALUE, &self.index, limits)?;
        limits.check().map_err(Faults::from)?;
        Ok(self.evidence(predicted))
    }
}

impl PreparedNumbers {
    fn evidence(&self, predicted: Vec<f64>) -> Evidence {
        let (truth, predicted) = (Arc::clone(&self.truth), Arc::new(predicted));
        let count = truth.len();
        let mut evidence = Evidence::new(count);

        // Everything follows from two numbers per item, and is computed from them whenever it is asked for.
        let errors = Errors { truth: Arc::clone(&truth), predicted: Arc::clone(&predicted) };
        let error = errors.clone();
        let means = Columns::computed((count, 4), move |item, row| {
            let (truth, error) = error.of(item);
            let relative = error.abs() / truth.abs().max(LEAST_TRUTH);
            row.copy_from_slice(&[error.abs(), error * error, relative, error]);
        });
        let means = evidence.block(Mean::new(means));
        // Variances do not change with an offset, but far from zero their digits are lost.
        let mean_truth = mean(truth.iter().copied(), count);
        let mean_error = mean((0..count).map(|item| errors.of(item).1), count);
        let error = errors.clone();
        let sums = Columns::computed((count, 6), move |item, row| {
            let (truth, error) = error.of(item);
            let (truth, offset) = (truth - mean_truth, error - mean_error);
            row.copy_from_slice(&[1.0, error * error, truth, truth * truth, offset, offset * offset]);
        });
        let reducers = vec![
            Reducer::RootQuotient { numerator: 1, denominator: 0 },
            Reducer::Determination { count: 0, squared_error: 1, truth: 2, truth_squared: 3 },
            Reducer::ExplainedVariance { count: 0, error: 4, squared_error: 5, truth: 2, truth_squared: 3 },
        ];
        let sums = evidence.block(Stats { columns: sums, reducers });
        let absolute = Columns::computed((count, 1), move |item, row| row[0] = errors.of(item).1.abs());
        let median = evidence.block(Median::new(absolute.clone()));
        let largest = evidence.block(Maximum { values: absolute });
        let measures = vec![Correlation::Pearson, Correlation::Spearman, Correlation::Kendall];
        let pairs = evidence.block(Pairs::new(truth, predicted, measures));

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

/// The numbers of both sides.
#[derive(Debug, Clone)]
struct Errors {
    truth: Arc<Vec<f64>>,
    predicted: Arc<Vec<f64>>,
}

impl Errors {
    /// The truth of an item, and how far above it the prediction is.
    fn of(&self, item: usize) -> (f64, f64) {
        (self.truth[item], self.predicted[item] - self.truth[item])
    }
}

fn mean(values: impl Iterator<Item = f64>, count: usize) -> f64 {
    values.collect::<Sum>().total() / count as f64
}
