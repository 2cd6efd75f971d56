//! The entry that a fuzzer calls.

use sdk::{Input, Inputs, Limits, Mode, Params};

/// Evaluates arbitrary bytes against the truth of the documentation's example, in both modes.
///
/// `evaluator` chooses one of the family and wraps around. Whatever the bytes are, this returns, and evidence that
/// comes out is sound, can be written down and read again.
///
/// # Panics
///
/// If an evaluator fails, which is what a fuzzer looks for.
#[expect(clippy::expect_used, reason = "a fuzzer learns of a failure by a panic")]
pub fn evaluate(evaluator: usize, bytes: &[u8]) {
    let all = crate::evaluators();
    let evaluator = &all[evaluator % all.len()];
    let manifest = evaluator.manifest();
    let mut annotations = Inputs::default();
    for table in &manifest.annotations {
        annotations =
            annotations.with(table.name.as_str(), Input::file(&table.name, table.example.as_bytes()));
    }
    let params = Params::defaults(&manifest.params);
    let mut limits = Limits::default();
    limits.records = 1_000_000;
    for mode in [Mode::Strict, Mode::Reference] {
        let prepared = evaluator.prepare(&annotations, &params, mode).expect("the example is accepted");
        if let Ok(evidence) = prepared.evaluate(&Input::file("submission", bytes), &limits) {
            evidence.check().expect("evidence is sound");
            let written = evidence.to_bytes().expect("evidence can be written");
            let read = sdk::Evidence::from_bytes(&written).expect("evidence can be read");
            assert_eq!(read.score_all(), evidence.score_all());
        }
    }
}
