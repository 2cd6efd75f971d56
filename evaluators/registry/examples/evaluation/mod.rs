//! One evaluation from files, as the arguments of a program say it.

use std::path::Path;
use std::process::ExitCode;

use heldout_registry::Registry;
use sdk::{Evidence, Inputs, Limits, Mode, Params};

/// The evidence of `ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]...`, folders being
/// archives.
pub(crate) fn evidence(arguments: &[String]) -> Result<Evidence, String> {
    let [id, annotations, submission, rest @ ..] = arguments else {
        return Err("wants ID ANNOTATIONS SUBMISSION [strict|reference] [TABLE=PATH]... [--PARAM=VALUE]..."
            .to_owned());
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
    sdk::run::evaluate(&*prepared, &input, &Limits::default()).map_err(|error| error.to_string())
}

/// Says the outcome of a program.
#[expect(clippy::print_stdout, reason = "the result of a program")]
pub(crate) fn finish(outcome: Result<String, String>) -> ExitCode {
    let (text, code) = match outcome {
        Ok(text) => (text, ExitCode::SUCCESS),
        Err(problem) => (problem, ExitCode::FAILURE),
    };
    println!("{text}");
    code
}
