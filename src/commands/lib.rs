//! The command line.

pub mod config;
pub mod evaluate;
pub mod evaluators;

/// Runs the command that the process arguments name.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
