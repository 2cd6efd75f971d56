//! A Python interpreter with the programs that judge us from outside.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::skip::{environment, skipped};

/// The interpreter that `HELDOUT_TEST_PYTHON` names, if it has the module; otherwise `None`, said aloud.
///
/// Like PostgreSQL it must be there where the whole suite runs: `HELDOUT_REQUIRE_PYTHON` makes its absence a failure.
pub fn python(module: &str) -> Option<PathBuf> {
    let named = environment("HELDOUT_TEST_PYTHON").map(PathBuf::from);
    let has_module = |python: &PathBuf| {
        let mut import = Command::new(python);
        import.args(["-c", &format!("import {module}")]).stdout(Stdio::null()).stderr(Stdio::null());
        import.status().is_ok_and(|status| status.success())
    };
    let found = named.filter(has_module);
    if found.is_none() {
        let why = "HELDOUT_TEST_PYTHON names no interpreter with it (tests/run.sh makes one)";
        assert!(environment("HELDOUT_REQUIRE_PYTHON").is_none(), "{module}: {why}");
        skipped(&format!("the judgement of {module}"), why);
    }
    found
}
