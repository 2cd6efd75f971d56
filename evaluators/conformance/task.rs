//! Small tasks made of texts, and what weights must mean for them.

use std::collections::BTreeMap;

use ndarray::Array1;
use sdk::run::EvaluateError;
use sdk::{Evaluator, Evidence, Faults, Input, Inputs, Limits, Mode, Params, Place, Prepared};

/// The values by metric; nothing for what is undefined.
pub type Values = BTreeMap<String, Option<f64>>;

/// An evaluator of a family that has read its annotations, `(table, text)`, with parameters as on the command line.
pub fn prepare(
    family: &[Box<dyn Evaluator>],
    id: &str,
    annotations: &[(&str, &str)],
    params: &[(&str, &str)],
    mode: Mode,
) -> Result<Box<dyn Prepared>, Faults> {
    let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == id).expect("a known id");
    let params = Params::from_pairs(&evaluator.manifest().params, params.iter().copied());
    let tables = annotations.iter();
    let inputs = tables.fold(Inputs::default(), |inputs, (name, text)| {
        inputs.with(*name, Input::file(name, text.as_bytes()))
    });
    evaluator.prepare(&inputs, &params.expect("right parameters"), mode).map_err(|faults| faults.0)
}

/// An evaluator that has read the annotations that its documentation shows.
pub fn example(family: &[Box<dyn Evaluator>], id: &str, mode: Mode) -> Box<dyn Prepared> {
    let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == id).expect("a known id");
    let tables = evaluator.manifest().annotations.iter();
    let tables: Vec<_> = tables.map(|table| (table.name.as_str(), table.example.as_str())).collect();
    prepare(family, id, &tables, &[], mode).unwrap()
}

/// Evidence of a submission that is accepted, or its faults; a failure of the evaluator itself fails the test.
pub fn evaluate(prepared: &dyn Prepared, submission: &str) -> Result<Evidence, Faults> {
    evaluate_input(prepared, &Input::file("submission", submission.as_bytes()))
}

/// The same for any input.
pub fn evaluate_input(prepared: &dyn Prepared, submission: &Input<'_>) -> Result<Evidence, Faults> {
    match sdk::run::evaluate(prepared, submission, &Limits::default()) {
        Ok(evidence) => Ok(evidence),
        Err(EvaluateError::Submission(faults)) => Err(faults.0),
        Err(failure) => panic!("{failure:?}"),
    }
}

/// The stable names of the faults.
pub fn codes(faults: &Faults) -> Vec<&'static str> {
    faults.faults.iter().map(|fault| fault.code.name()).collect()
}

/// The faults in short: the stable name, and the place if there is one, as a pointer or as `line 7`.
pub fn told(faults: &Faults) -> Vec<String> {
    let told = |(code, place): (&str, &Place)| match place {
        Place::Pointer(pointer) if !pointer.is_empty() => format!("{code} {pointer}"),
        Place::Line(line) => format!("{code} line {line}"),
        Place::Pointer(_) | Place::File => code.to_owned(),
    };
    codes(faults).into_iter().zip(faults.faults.iter().map(|fault| &fault.place)).map(told).collect()
}

/// All metrics with every item counted once.
pub fn values(evidence: &Evidence) -> Values {
    weighted(evidence, &vec![1.0; evidence.items()])
}

/// All metrics under weights.
pub fn weighted(evidence: &Evidence, weights: &[f64]) -> Values {
    let scores = evidence.score(Array1::from(weights.to_vec()).view());
    scores.iter().map(|(name, score)| (name.to_owned(), score.value())).collect()
}

/// Fails unless both have the same metrics with the same values, to a few bits.
pub fn assert_close(left: &Values, right: &Values) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, left) in left {
        let agrees = match (left, &right[name]) {
            (Some(left), Some(right)) => (left - right).abs() <= 1e-9 * left.abs().max(right.abs()).max(1.0),
            (left, right) => left == right,
        };
        assert!(agrees, "{name}: {left:?} and {:?}", right[name]);
    }
}

/// Fails unless evidence means the same after it was stored, and nothing has a value when nothing counts.
pub fn evidence_is_sound(evidence: &Evidence) {
    let bytes = evidence.to_bytes().unwrap();
    assert_eq!(values(&Evidence::from_bytes(&bytes).unwrap()), values(evidence), "stored evidence");
    let nothing = weighted(evidence, &vec![0.0; evidence.items()]);
    assert!(nothing.values().all(Option::is_none), "{nothing:?}");
}

/// Fails unless evidence is sound and every value lies in the range of its metric.
pub fn evidence_keeps_its_word(prepared: &dyn Prepared, evidence: &Evidence) {
    evidence_is_sound(evidence);
    let all = values(evidence);
    for metric in prepared.metrics() {
        let Some(value) = all[&metric.name] else { continue };
        assert!(metric.minimum.is_none_or(|minimum| value >= minimum - 1e-9), "{} {value}", metric.name);
        assert!(metric.maximum.is_none_or(|maximum| value <= maximum + 1e-9), "{} {value}", metric.name);
    }
}

/// Fails unless whole weights mean as many copies of the items.
///
/// `world` evaluates a task in which item `i` is there `copies[i]` times, in the order of the items. Both the counts
/// themselves and their mask (0 or 1) are compared.
pub fn weights_are_copies(counts: &[u8], world: impl Fn(&[u8]) -> Evidence) {
    let once = world(&vec![1; counts.len()]);
    let mask: Vec<u8> = counts.iter().map(|count| u8::from(*count > 0)).collect();
    for copies in [counts, &mask] {
        if copies.iter().all(|count| *count == 0) {
            continue;
        }
        let weights: Vec<f64> = copies.iter().map(|count| f64::from(*count)).collect();
        assert_close(&weighted(&once, &weights), &values(&world(copies)));
    }
}
