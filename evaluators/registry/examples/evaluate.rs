//! Evaluates one submission and prints its scores as JSON:
//! `evaluate ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]...`.
//!
//! It serves the differential test and the measurements, which want the evaluators and nothing around them.

mod evaluation;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    evaluation::finish(scores(&arguments))
}

fn scores(arguments: &[String]) -> Result<String, String> {
    let evidence = evaluation::evidence(arguments)?;
    let scores = evidence.score_all();
    let scores: serde_json::Map<String, serde_json::Value> =
        scores.iter().map(|(name, score)| (name.to_owned(), score.value().into())).collect();
    serde_json::to_string(&scores).map_err(|error| error.to_string())
}
