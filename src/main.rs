//! The one binary. See the `commands` crate for what it can do.

fn main() -> std::process::ExitCode {
    commands::run()
}
