//! `repetition_counting`: how often an action is repeated in a video.

mod manifest;

use std::sync::Arc;

use sdk::evidence::{Columns, Mean, Reducer, Stats};
use sdk::roll::IdIndex;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use crate::values::{Column, read_ids, read_predictions, read_truth};

/// The name of the column, on both sides.
const COUNT: &str = "count";

/// What is true: something that is counted occurs, and whole.
const TRUE_COUNT: Column = Column {
    name: COUNT,
    wrong: |count| {
        let right = count >= 1.0 && count.fract() == 0.0;
        (!right).then_some(("is no true count", "a whole number from 1"))
    },
};

/// What is predicted: a sum of densities need not be whole.
const PREDICTED_COUNT: Column =
    Column { name: COUNT, wrong: |count| (count < 0.0).then_some(("is negative", "a number from 0")) };

/// The evaluator of counts of repetitions.
#[derive(Debug)]
pub struct RepetitionCounting {
    manifest: Manifest,
}

impl RepetitionCounting {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for RepetitionCounting {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator for RepetitionCounting {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        _params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        let (index, truth) = match annotations.are_unannotated() {
            true => read_ids(file, TRUE_COUNT, &Limits::default()),
            false => read_truth(file, TRUE_COUNT, &Limits::default()),
        }
        .map_err(of_main)?;
        let metrics = manifest::metrics();
        let items = Items::of_index(&index);
        Ok(Box::new(PreparedCounts { items, index, truth: truth.into(), metrics, mode }))
    }
}

#[derive(Debug)]
struct PreparedCounts {
    items: Items,
    index: IdIndex,
    truth: Arc<[f64]>,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedCounts {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let predicted = read_predictions(submission.single()?, PREDICTED_COUNT, &self.index, limits)?;
        limits.check().map_err(Faults::from)?;
        // The public code of TransRAC keeps from dividing by nothing, even where there is something.
        let added = if self.mode == Mode::Reference { 0.1 } else { 0.0 };
        let (count, truth) = (self.truth.len(), Arc::clone(&self.truth));
        let pairs = truth.iter().zip(&predicted);
        let errors: Arc<[f64]> =
            pairs.map(|(truth, count)| (count.round_ties_even() - truth).abs()).collect();
        let squared = Arc::clone(&errors);
        let means = Columns::computed((count, 3), move |item, row| {
            let within = |bound: f64| f64::from(u8::from(errors[item] <= bound));
            row.copy_from_slice(&[errors[item] / (truth[item] + added), within(1.0), within(0.0)]);
        });
        let squares = Columns::computed((count, 2), move |item, row| {
            row.copy_from_slice(&[1.0, squared[item] * squared[item]]);
        });
        let mut evidence = Evidence::new(count);
        let means = evidence.block(Mean::new(means));
        let reducers = vec![Reducer::RootQuotient { numerator: 1, denominator: 0 }];
        let squares = evidence.block(Stats { columns: squares, reducers });
        let terms = [means.output(0), means.output(1), means.output(2), squares.output(0)];
        for (metric, term) in self.metrics.iter().zip(terms) {
            evidence.metric(&metric.name, 1.0, term);
        }
        Ok(evidence)
    }
}
