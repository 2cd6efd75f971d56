//! The steps of a run that are processes of their own.
//!
//! The server starts itself again with a hidden subcommand, and so does every test with the program of this crate:
//! what restricts itself must be a process with one thread, and nothing may run between fork and exec in a server with
//! many.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use crate::{seal, warden};

pub(crate) const WARDEN: &str = "warden";
pub(crate) const SEAL: &str = "seal";
pub(crate) const PROBE: &str = "probe";

/// What the hidden subcommand of the composition root does: one step of a run, named by the arguments.
pub fn child_main(arguments: &[String]) -> ExitCode {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match *arguments {
        [WARDEN] => warden::warden(),
        [SEAL, plan] => seal::seal(Path::new(plan)),
        [PROBE] => probe(None),
        [PROBE, user] => probe(user.parse().ok()),
        _ => {
            let _ = writeln!(io::stderr(), "this is a part of the sandbox and is not for people");
            ExitCode::from(2)
        }
    }
}

fn probe(user: Option<u32>) -> ExitCode {
    let report = seal::report_kernel(user);
    let written = serde_json::to_string(&report).map_err(io::Error::from);
    match written.and_then(|text| writeln!(io::stdout(), "{text}")) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
