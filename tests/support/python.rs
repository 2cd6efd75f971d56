//! A Python interpreter with the programs that judge us from outside.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::skip::{environment, skipped};

/// The interpreter that `HELDOUT_TEST_PYTHON` names, if it has the module; otherwise `None`, said aloud.
///
/// Like PostgreSQL it must be there where the whole suite runs: `HELDOUT_REQUIRE_PYTHON` makes its absence a failure.
pub fn python(module: &str) -> Option<PathBuf> {
    interpreter(("HELDOUT_TEST_PYTHON", "HELDOUT_REQUIRE_PYTHON"), module, "the judgement of")
}

/// The interpreter that `HELDOUT_TEST_EVALAI` names, with the real client of EvalAI; otherwise `None`, said aloud.
///
/// `HELDOUT_REQUIRE_EVALAI` makes its absence a failure.
pub fn evalai() -> Option<PathBuf> {
    interpreter(("HELDOUT_TEST_EVALAI", "HELDOUT_REQUIRE_EVALAI"), "evalai", "what is asked of")
}

fn interpreter((name, required): (&str, &str), module: &str, part: &str) -> Option<PathBuf> {
    let named = environment(name).map(PathBuf::from);
    let has_module = |python: &PathBuf| {
        let mut import = Command::new(python);
        import.args(["-c", &format!("import {module}")]).stdout(Stdio::null()).stderr(Stdio::null());
        import.status().is_ok_and(|status| status.success())
    };
    let found = named.filter(has_module);
    if found.is_none() {
        let why = format!("{name} names no interpreter with it (tests/run.sh makes one)");
        assert!(environment(required).is_none(), "{module}: {why}");
        skipped(&format!("{part} {module}"), &why);
    }
    found
}
