//! What the tests of the family share: tasks with one table.

use conformance::task::{Values, evaluate_input, values};
use sdk::{Evidence, Faults, Input, Mode, Prepared};

/// An evaluator that has read its main table.
pub(crate) fn prepare(
    id: &str,
    truth: &str,
    params: &[(&str, &str)],
    mode: Mode,
) -> Result<Box<dyn Prepared>, Faults> {
    conformance::task::prepare(&heldout_classification::evaluators(), id, &[("main", truth)], params, mode)
}

/// Evaluates a submission with the name that says its format.
pub(crate) fn evaluate_file(
    prepared: &dyn Prepared,
    name: &str,
    submission: &str,
) -> Result<Evidence, Faults> {
    evaluate_input(prepared, &Input::file(name, submission.as_bytes()))
}

/// The values of a CSV submission in strict mode.
pub(crate) fn scores(id: &str, params: &[(&str, &str)], truth: &str, submission: &str) -> Values {
    let prepared = prepare(id, truth, params, Mode::Strict).unwrap();
    values(&conformance::task::evaluate(&*prepared, submission).unwrap())
}
