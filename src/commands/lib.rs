//! The command line.

pub mod config;

/// Runs the command that the process arguments name.
pub fn run() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
