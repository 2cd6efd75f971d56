//! Scores the evidence of one submission under bootstrap-like weights: `replicates ID ANNOTATIONS SUBMISSION COUNT`.
//!
//! It prints nothing but the time of the scores, in milliseconds, for comparison with a whole evaluation.

use std::process::ExitCode;
use std::time::Instant;

use sdk::{Input, Inputs, Limits, Mode, Params};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [id, annotations, submission, count] = &arguments[..] else {
        return ExitCode::FAILURE;
    };
    let (Ok(truth), Ok(sent), Ok(count)) =
        (std::fs::read(annotations), std::fs::read(submission), count.parse::<u64>())
    else {
        return ExitCode::FAILURE;
    };
    let all = heldout_temporal::evaluators();
    let Some(evaluator) = all.iter().find(|one| one.manifest().id == *id) else {
        return ExitCode::FAILURE;
    };
    let params = Params::defaults(&evaluator.manifest().params);
    let inputs = Inputs::main_only(Input::file(annotations, &truth));
    let Ok(prepared) = evaluator.prepare(&inputs, &params, Mode::Reference) else {
        return ExitCode::FAILURE;
    };
    let started = Instant::now();
    let Ok(evidence) = prepared.evaluate(&Input::file(submission, &sent), &Limits::default()) else {
        return ExitCode::FAILURE;
    };
    let evaluated = started.elapsed();
    let mut scorer = evidence.scorer();
    let mut weights = ndarray::Array1::zeros(evidence.items());
    let mut state = 1_u64;
    let started = Instant::now();
    for _ in 0..count {
        weights.fill(0.0);
        for _ in 0..evidence.items() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            weights[(state >> 33) as usize % evidence.items()] += 1.0;
        }
        scorer.score(weights.view());
    }
    show(&format!("evaluate {evaluated:?}, {count} replicates {:?}", started.elapsed()));
    ExitCode::SUCCESS
}

#[expect(clippy::print_stdout, reason = "the result of a program")]
fn show(text: &str) {
    println!("{text}");
}
