//! Evaluates boxes with `hotcoco` alone, from file to numbers, and prints its scores: `peer ANNOTATIONS SUBMISSION`.
//!
//! It is what `coco_detection` is measured against.

use std::path::Path;
use std::process::ExitCode;

use hotcoco::params::IouType;
use hotcoco::{COCO, COCOeval};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [annotations, submission] = &arguments[..] else {
        return ExitCode::FAILURE;
    };
    match run(Path::new(annotations), Path::new(submission)) {
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

fn run(annotations: &Path, submission: &Path) -> Result<String, String> {
    let truth = COCO::new(annotations).map_err(|error| error.to_string())?;
    let sent = truth.load_res(submission).map_err(|error| error.to_string())?;
    let mut evaluation = COCOeval::new(truth, sent, IouType::Bbox);
    evaluation.evaluate().map_err(|error| error.to_string())?;
    evaluation.accumulate();
    evaluation.summarize_lines();
    Ok(format!("{:?}", evaluation.stats().unwrap_or_default()))
}

#[expect(clippy::print_stdout, reason = "the result of a program")]
fn show(text: &str) {
    println!("{text}");
}
