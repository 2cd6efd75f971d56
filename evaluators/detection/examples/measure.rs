//! Evaluates boxes from file to numbers, for measurements: `measure WHAT ANNOTATIONS SUBMISSION`.
//!
//! WHAT is `ours`, `hotcoco`, `parse` (both files are only read), or `replicates` (999 bootstrap draws of our evidence,
//! with the time of the evaluation and of the draws).

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use hotcoco::params::IouType;
use hotcoco::{COCO, COCOeval};
use ndarray::Array1;
use sdk::{Evaluator, Input, Inputs, JsonReader, Limits, Mode, Params};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, annotations, submission] = &arguments[..] else {
        return ExitCode::FAILURE;
    };
    let outcome = match what.as_str() {
        "ours" => ours(annotations, submission, 0),
        "replicates" => ours(annotations, submission, 999),
        "hotcoco" => hotcoco(Path::new(annotations), Path::new(submission)),
        "parse" => parse(annotations).and_then(|()| parse(submission)).map(|()| String::new()),
        _ => Err(format!("no such thing to measure: {what}")),
    };
    match outcome {
        Ok(scores) => {
            show(&scores);
            ExitCode::SUCCESS
        }
        Err(problem) => {
            show(&problem);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stdout, reason = "the result of a program")]
fn show(text: &str) {
    println!("{text}");
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{path}: {error}"))
}

fn parse(path: &str) -> Result<(), String> {
    let limits = Limits::default();
    JsonReader::read(&read(path)?, &limits, JsonReader::skip).map_err(|faults| faults.to_string())
}

fn ours(annotations: &str, submission: &str, replicates: u32) -> Result<String, String> {
    let started = Instant::now();
    let evaluator = heldout_detection::Coco::boxes();
    let prepared = {
        let bytes = read(annotations)?;
        let inputs = Inputs::main_only(Input::file(annotations, &bytes));
        let params = Params::defaults(&evaluator.manifest().params);
        evaluator.prepare(&inputs, &params, Mode::Strict).map_err(|faults| faults.to_string())?
    };
    let evidence = {
        let bytes = read(submission)?;
        let input = Input::file(submission, &bytes);
        prepared.evaluate(&input, &Limits::default()).map_err(|faults| faults.to_string())?
    };
    let values: Vec<Option<f64>> = evidence.score_all().iter().map(|(_, score)| score.value()).collect();
    let evaluated = started.elapsed();
    if replicates == 0 {
        return Ok(format!("{values:?}"));
    }
    let started = Instant::now();
    let mut scorer = evidence.scorer();
    let mut state = 1_u64;
    for _ in 0..replicates {
        let mut weights = Array1::zeros(evidence.items());
        for _ in 0..evidence.items() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            weights[(state >> 33) as usize % evidence.items()] += 1.0;
        }
        scorer.score(weights.view());
    }
    let bytes = evidence.to_bytes().map_err(|error| error.to_string())?.len();
    Ok(format!(
        "evaluated in {evaluated:?}, {replicates} replicates in {:?}, {bytes} bytes of evidence",
        started.elapsed()
    ))
}

fn hotcoco(annotations: &Path, submission: &Path) -> Result<String, String> {
    let truth = COCO::new(annotations).map_err(|error| error.to_string())?;
    let sent = truth.load_res(submission).map_err(|error| error.to_string())?;
    let mut evaluation = COCOeval::new(truth, sent, IouType::Bbox);
    evaluation.evaluate().map_err(|error| error.to_string())?;
    evaluation.accumulate();
    evaluation.summarize_lines();
    Ok(format!("{:?}", evaluation.stats().unwrap_or_default()))
}
