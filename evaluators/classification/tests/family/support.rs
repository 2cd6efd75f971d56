//! What the tests of the family share: evaluating texts.

use std::collections::BTreeMap;

use ndarray::Array1;
use sdk::{Evaluator, Evidence, Faults, Input, Inputs, Limits, Mode, Params, Prepared};

/// The values by metric; nothing for what is undefined.
pub(crate) type Values = BTreeMap<String, Option<f64>>;

/// The evaluator of that id.
pub(crate) fn evaluator(id: &str) -> Box<dyn Evaluator> {
    let family = heldout_classification::evaluators();
    family.into_iter().find(|evaluator| evaluator.manifest().id == id).expect("a known id")
}

/// An evaluator that has read its annotations.
pub(crate) fn prepare(
    id: &str,
    truth: &str,
    params: &[(&str, &str)],
    mode: Mode,
) -> Result<Box<dyn Prepared>, Faults> {
    let evaluator = evaluator(id);
    let params =
        Params::from_pairs(&evaluator.manifest().params, params.iter().copied()).expect("right parameters");
    let annotations = Inputs::main_only(Input::file("truth", truth.as_bytes()));
    evaluator.prepare(&annotations, &params, mode).map_err(|faults| faults.0)
}

/// Evaluates a submission with the name that says its format.
pub(crate) fn evaluate_file(
    prepared: &dyn Prepared,
    name: &str,
    submission: &str,
) -> Result<Evidence, Faults> {
    let evidence = prepared.evaluate(&Input::file(name, submission.as_bytes()), &Limits::default());
    let evidence = evidence.map_err(|faults| faults.0)?;
    evidence.check().expect("evidence that fits together");
    Ok(evidence)
}

/// Evaluates a CSV submission.
pub(crate) fn evaluate(prepared: &dyn Prepared, submission: &str) -> Result<Evidence, Faults> {
    evaluate_file(prepared, "submission.csv", submission)
}

/// All metrics with every item counted once.
pub(crate) fn all(evidence: &Evidence) -> Values {
    weighted(evidence, &vec![1.0; evidence.items()])
}

/// All metrics under weights.
pub(crate) fn weighted(evidence: &Evidence, weights: &[f64]) -> Values {
    let scores = evidence.score(Array1::from(weights.to_vec()).view());
    scores.iter().map(|(name, score)| (name.to_owned(), score.value())).collect()
}

/// The stable names of the faults.
pub(crate) fn codes(faults: &Faults) -> Vec<&'static str> {
    faults.faults.iter().map(|fault| fault.code.name()).collect()
}

/// Fails unless both have the same metrics with the same values, to a few bits.
pub(crate) fn assert_close(left: &Values, right: &Values) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, value) in left {
        match (value, right[name]) {
            (None, None) => {}
            (Some(value), Some(other)) => {
                let close = (value - other).abs() <= 1e-12 * value.abs().max(other.abs()).max(1.0);
                assert!(close, "{name}: {value} and {other}");
            }
            (value, other) => panic!("{name}: {value:?} and {other:?}"),
        }
    }
}
