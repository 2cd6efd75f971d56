//! One whole evaluation, as the worker and the command line run it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ndarray::ArrayView1;

use crate::evaluator::{Evaluator, Mode, Prepared};
use crate::evidence::{Evidence, EvidenceError, Scores};
use crate::fault::{AnnotationFaults, Code, Fault, Faults, SubmissionFaults};
use crate::input::{Input, Inputs};
use crate::limits::Limits;
use crate::params::Params;

/// Why there is no prepared evaluator.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// The organizer's files or parameters are wrong.
    #[error(transparent)]
    Annotations(#[from] AnnotationFaults),
    /// The evaluator failed; the annotations are not known to be wrong.
    #[error("the evaluator panicked while it read the annotations")]
    Panicked,
}

/// Why there is no evidence.
#[derive(Debug, thiserror::Error)]
pub enum EvaluateError {
    /// The contestant's file is wrong.
    #[error(transparent)]
    Submission(#[from] SubmissionFaults),
    /// The evaluator contradicted itself; the submission is not known to be wrong.
    #[error("the evaluator returned wrong evidence")]
    Evidence(#[from] EvidenceError),
    /// The evaluator failed; the submission is not known to be wrong.
    #[error("the evaluator panicked")]
    Panicked,
}

/// Prepares an evaluator; a panic in it is an error and no more.
pub fn prepare(
    evaluator: &dyn Evaluator,
    annotations: &Inputs<'_>,
    params: &Params,
    mode: Mode,
) -> Result<Box<dyn Prepared>, PrepareError> {
    let prepared = catch_unwind(AssertUnwindSafe(|| evaluator.prepare(annotations, params, mode)));
    prepared.map_err(|_| PrepareError::Panicked)?.map_err(PrepareError::from)
}

/// Evaluates a submission and checks the evidence; a panic in the evaluator is an error and no more.
pub fn evaluate(
    prepared: &dyn Prepared,
    submission: &Input<'_>,
    limits: &Limits,
) -> Result<Evidence, EvaluateError> {
    within_size(submission, limits)?;
    let evidence = catch_unwind(AssertUnwindSafe(|| prepared.evaluate(submission, limits)))
        .map_err(|_| EvaluateError::Panicked)??;
    evidence.check()?;
    Ok(evidence)
}

/// Refuses a submission that is too large to be looked at.
pub(crate) fn within_size(submission: &Input<'_>, limits: &Limits) -> Result<(), SubmissionFaults> {
    let size = submission.size();
    if size <= limits.bytes {
        return Ok(());
    }
    let most = format!("at most {} bytes", limits.bytes);
    let fault = Fault::whole(Code::TooLarge, "the submission is too large", most, format!("{size} bytes"));
    Err(SubmissionFaults(Faults::one(fault)))
}

/// The scores of several splits, each a weight per item.
pub fn score_splits<'e, 'w>(
    evidence: &'e Evidence,
    splits: impl IntoIterator<Item = ArrayView1<'w, f64>>,
) -> Vec<Scores<'e>> {
    splits.into_iter().map(|weights| evidence.score(weights)).collect()
}
