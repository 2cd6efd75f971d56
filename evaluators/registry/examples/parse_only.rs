//! Reads files to the last value and does nothing with them: `parse_only PATH...`.
//!
//! It is the floor against which an evaluation is measured. JSON is parsed with the reader of the evaluators, CSV with the
//! crate of that name, so that a faster reader of our own does not move the floor; of anything else, and of the files in
//! folders, the bytes are read.

use std::path::Path;
use std::process::ExitCode;

use sdk::{Input, JsonReader, Limits};

fn main() -> ExitCode {
    let outcome = std::env::args().skip(1).try_for_each(|path| parse(Path::new(&path)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            show(&problem);
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "the fault of a program")]
fn show(text: &str) {
    eprintln!("{text}");
}

fn parse(path: &Path) -> Result<(), String> {
    let input = sdk::files::read_input(path, None).map_err(|error| error.to_string())?;
    let Input::File(file) = input else { return Ok(()) };
    let limits = Limits::default();
    let parsed = match path.extension().and_then(|extension| extension.to_str()) {
        Some("json") => {
            JsonReader::read(&file.bytes, &limits, JsonReader::skip).map_err(|faults| faults.to_string())
        }
        Some("csv") => csv(&file.bytes).map_err(|error| error.to_string()),
        _ => Ok(()),
    };
    parsed.map_err(|problem| format!("{}: {problem}", path.display()))
}

fn csv(bytes: &[u8]) -> Result<(), csv::Error> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let mut row = csv::StringRecord::new();
    while rows.read_record(&mut row)? {}
    Ok(())
}
