//! A task that tests can evaluate submissions against.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(dead_code, reason = "each test binary uses a part of this")]

use std::collections::BTreeMap;

use sdk::run::EvaluateError;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Faults, Input, Inputs, Limits, Mode, Params, Place,
    Prepared, Score,
};
use serde_json::Value;

/// An evaluator with its annotations and parameters.
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) annotations: Vec<(String, String)>,
    pub(crate) params: Value,
}

/// A fault in short: code, pointer, and the whole of it in words.
pub(crate) type ShortFault = (Code, String, String);

impl Task {
    pub(crate) fn new(id: &str, truth: Value) -> Self {
        let annotations = vec![("main".to_owned(), truth.to_string())];
        Self { id: id.to_owned(), annotations, params: Value::Null }
    }

    pub(crate) fn try_prepare(&self, mode: Mode) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let all = heldout_temporal::evaluators();
        let evaluator = all.iter().find(|one| one.manifest().id == self.id).unwrap();
        let params = Params::parse(&evaluator.manifest().params, &self.params).unwrap();
        let mut inputs = Inputs::default();
        for (name, text) in &self.annotations {
            inputs = inputs.with(name.as_str(), Input::file(name, text.as_bytes()));
        }
        evaluator.prepare(&inputs, &params, mode)
    }

    pub(crate) fn prepare(&self, mode: Mode) -> Box<dyn Prepared> {
        self.try_prepare(mode).unwrap()
    }

    /// The scores of a submission in strict mode.
    pub(crate) fn scores(&self, submission: &str) -> BTreeMap<String, Score> {
        let evidence = evaluate(&*self.prepare(Mode::Strict), submission.as_bytes()).unwrap();
        evidence.score_all().iter().map(|(name, score)| (name.to_owned(), score)).collect()
    }

    /// The faults of a submission in strict mode; none if it is accepted.
    pub(crate) fn faults(&self, submission: &str) -> Vec<ShortFault> {
        match evaluate(&*self.prepare(Mode::Strict), submission.as_bytes()) {
            Ok(_) => Vec::new(),
            Err(faults) => faults
                .faults
                .iter()
                .map(|fault| (fault.code, place(&fault.place), fault.to_string()))
                .collect(),
        }
    }
}

fn place(place: &Place) -> String {
    match place {
        Place::Pointer(pointer) => pointer.clone(),
        Place::Line(line) => format!("line {line}"),
        Place::File => String::new(),
    }
}

/// Evidence of a submission that is accepted, or its faults; a failure of the evaluator itself fails the test.
pub(crate) fn evaluate(prepared: &dyn Prepared, submission: &[u8]) -> Result<Evidence, Faults> {
    match sdk::run::evaluate(prepared, &Input::file("submission", submission), &Limits::default()) {
        Ok(evidence) => Ok(evidence),
        Err(EvaluateError::Submission(faults)) => Err(faults.0),
        Err(failure) => panic!("{failure:?}"),
    }
}

/// The task and the submission that an evaluator's documentation shows.
pub(crate) fn example(evaluator: &dyn Evaluator) -> (Task, String) {
    let manifest = evaluator.manifest();
    let tables = manifest.annotations.iter();
    let annotations = tables.map(|table| (table.name.clone(), table.example.clone())).collect();
    let task = Task { id: manifest.id.clone(), annotations, params: Value::Null };
    (task, manifest.submission.example.clone())
}
