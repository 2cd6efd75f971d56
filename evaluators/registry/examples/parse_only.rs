//! Reads files with the readers of the evaluators, to the last value, and does nothing with them: `parse_only PATH...`.
//!
//! It is the floor against which an evaluation is measured. JSON and CSV are parsed; of anything else, and of the files
//! in folders, the bytes are read.

use std::path::Path;
use std::process::ExitCode;

use sdk::rows::CsvRows;
use sdk::{Faults, Input, JsonReader, Limits};

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
        Some("json") => JsonReader::read(&file.bytes, &limits, JsonReader::skip),
        Some("csv") => csv(&file.bytes, &limits),
        _ => Ok(()),
    };
    parsed.map_err(|faults| faults.to_string())
}

fn csv(bytes: &[u8], limits: &Limits) -> Result<(), Faults> {
    let mut rows = CsvRows::open(bytes, limits)?;
    while rows.next_row()?.is_some() {}
    Ok(())
}
