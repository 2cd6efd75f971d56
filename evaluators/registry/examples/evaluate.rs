//! Evaluates one submission and prints its scores as JSON: `evaluate ID ANNOTATIONS SUBMISSION [strict|reference]`.
//!
//! It serves the differential test and the measurements, which want the evaluators and nothing around them.

use std::process::ExitCode;

use heldout_registry::Registry;
use sdk::{Input, Inputs, Limits, Mode, Params};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
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

fn run(arguments: &[String]) -> Result<String, String> {
    let [id, annotations, submission, rest @ ..] = arguments else {
        return Err("evaluate ID ANNOTATIONS SUBMISSION [strict|reference]".to_owned());
    };
    let mode = if rest.iter().any(|one| one == "reference") { Mode::Reference } else { Mode::Strict };
    let registry = Registry::built_in();
    let evaluator = registry.get(id).ok_or_else(|| format!("no evaluator {id:?}"))?;
    let read = |path: &str| std::fs::read(path).map_err(|error| format!("{path}: {error}"));
    let params = Params::defaults(&evaluator.manifest().params);
    let prepared = {
        let bytes = read(annotations)?;
        let inputs = Inputs::main_only(Input::file(annotations, &bytes));
        sdk::run::prepare(evaluator, &inputs, &params, mode).map_err(|error| error.to_string())?
    };
    let bytes = read(submission)?;
    let evidence = sdk::run::evaluate(&*prepared, &Input::file(submission, &bytes), &Limits::default())
        .map_err(|error| error.to_string())?;
    let scores = evidence.score_all();
    let scores: serde_json::Map<String, serde_json::Value> =
        scores.iter().map(|(name, score)| (name.to_owned(), score.value().into())).collect();
    serde_json::to_string(&scores).map_err(|error| error.to_string())
}
