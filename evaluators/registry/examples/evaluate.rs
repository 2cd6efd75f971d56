//! Evaluates one submission and prints its scores as JSON:
//! `evaluate ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]...`, folders being archives.
//!
//! It serves the differential test and the measurements, which want the evaluators and nothing around them.

use std::path::Path;
use std::process::ExitCode;

use heldout_registry::Registry;
use sdk::{Inputs, Limits, Mode, Params};

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
        return Err(
            "evaluate ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]..."
                .to_owned(),
        );
    };
    let mode = if rest.iter().any(|one| one == "reference") { Mode::Reference } else { Mode::Strict };
    let registry = Registry::built_in();
    let evaluator = registry.get(id).ok_or_else(|| format!("no evaluator {id:?}"))?;
    let manifest = evaluator.manifest();
    let read = |path: &str, format| {
        sdk::files::read_input(Path::new(path), format).map_err(|error| error.to_string())
    };
    let (set, tables): (Vec<&str>, Vec<&str>) =
        rest.iter().map(String::as_str).partition(|one| one.starts_with("--"));
    let set = set.iter().filter_map(|one| one.trim_start_matches('-').split_once('='));
    let params = Params::from_pairs(&manifest.params, set).map_err(|error| error.to_string())?;
    let prepared = {
        let mut inputs = Inputs::main_only(read(annotations, manifest.annotations.first())?);
        for (name, path) in tables.iter().filter_map(|one| one.split_once('=')) {
            let format = manifest.annotations.iter().find(|format| format.name == name);
            inputs = inputs.with(name, read(path, format)?);
        }
        sdk::run::prepare(evaluator, &inputs, &params, mode).map_err(|error| error.to_string())?
    };
    let input = read(submission, Some(&manifest.submission))?;
    let evidence =
        sdk::run::evaluate(&*prepared, &input, &Limits::default()).map_err(|error| error.to_string())?;
    let scores = evidence.score_all();
    let scores: serde_json::Map<String, serde_json::Value> =
        scores.iter().map(|(name, score)| (name.to_owned(), score.value().into())).collect();
    serde_json::to_string(&scores).map_err(|error| error.to_string())
}
