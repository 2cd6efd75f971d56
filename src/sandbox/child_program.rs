//! The program that the tests of this crate start inside the sandbox; the server is its own.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    heldout_sandbox::child_main(&arguments)
}
