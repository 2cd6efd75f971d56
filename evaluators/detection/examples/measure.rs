//! Evaluates one submission from file to numbers, for measurements: `measure WHAT ANNOTATIONS SUBMISSION [NAME=TABLE...]`.
//!
//! WHAT is the id of an evaluator of this family, `hotcoco` (boxes of COCO by the peer), `parse` (both JSON files are only
//! read), or `replicates` (999 bootstrap draws of the evidence of `coco_detection`, with the time of both).

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use hotcoco::params::IouType;
use hotcoco::{COCO, COCOeval};
use ndarray::Array1;
use sdk::{Input, Inputs, JsonReader, Limits, Mode, Params};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [what, annotations, submission, tables @ ..] = &arguments[..] else {
        return ExitCode::FAILURE;
    };
    let outcome = match what.as_str() {
        "replicates" => ours("coco_detection", annotations, submission, tables, 999),
        "hotcoco" => hotcoco(Path::new(annotations), Path::new(submission)),
        "parse" => parse(annotations).and_then(|()| parse(submission)).map(|()| String::new()),
        id => ours(id, annotations, submission, tables, 0),
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

fn ours(
    id: &str,
    annotations: &str,
    submission: &str,
    tables: &[String],
    replicates: u32,
) -> Result<String, String> {
    let started = Instant::now();
    let all = heldout_detection::evaluators();
    let evaluator =
        all.iter().find(|one| one.manifest().id == id).ok_or_else(|| format!("no evaluator {id:?}"))?;
    let prepared = {
        let tables = tables.iter().filter_map(|table| table.split_once('='));
        let tables = [("main", annotations)].into_iter().chain(tables);
        let tables =
            tables.map(|(name, path)| Ok((name, read(path)?))).collect::<Result<Vec<_>, String>>()?;
        let inputs = tables
            .iter()
            .fold(Inputs::default(), |inputs, (name, bytes)| inputs.with(*name, Input::file(name, bytes)));
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
