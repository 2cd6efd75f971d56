//! Reads JSON files with the reader of the evaluators, to the last value, and does nothing with them: `parse_only FILE...`.
//!
//! It is the floor against which an evaluation is measured.

use std::process::ExitCode;

use sdk::{JsonReader, Limits, Stop};

fn main() -> ExitCode {
    let limits = Limits::default();
    for path in std::env::args().skip(1) {
        let Ok(bytes) = std::fs::read(path) else {
            return ExitCode::FAILURE;
        };
        if JsonReader::read(&bytes, &limits, pass).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn pass(reader: &mut JsonReader<'_, '_>) -> Result<(), Stop> {
    reader.skip()
}
