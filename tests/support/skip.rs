//! Saying aloud what was not tested, and reading the test suite's environment.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Mutex;

static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Says once per process what is not tested and why.
///
/// Written to the stream itself: the test runner captures only what `print!` and `eprint!` write.
pub fn skipped(what: &str, why: &str) {
    let line = format!("SKIPPED: {what}: {why}");
    if SAID.lock().unwrap().insert(line.clone()) {
        // Nobody is left to tell when the stream is closed.
        let _ = writeln!(std::io::stderr(), "{line}");
    }
}

#[expect(clippy::disallowed_methods, reason = "tests are configured by the environment alone")]
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
