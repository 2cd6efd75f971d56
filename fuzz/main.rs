//! The fuzzer: one binary for all targets; `HELDOUT_FUZZ_TARGET` names the one that runs.
#![no_main]

mod checks {
    //! What the targets check, shared with the tests that replay the corpus.

    pub(crate) mod bundle;
    pub(crate) mod evaluators;
    pub(crate) mod evidence;
    pub(crate) mod faults;
    pub(crate) mod foreign;
    pub(crate) mod framing;
    pub(crate) mod items;
    pub(crate) mod predictions;
    pub(crate) mod saved;
    pub(crate) mod truths;
}

use std::sync::OnceLock;

use checks::{bundle, evaluators, evidence, foreign, framing, items, predictions, saved};
use libfuzzer_sys::fuzz_target;

/// A check of arbitrary bytes: it returns, or the parser has broken a promise.
type Check = Box<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// The check that runs.
static CHECK: OnceLock<Check> = OnceLock::new();

fuzz_target!(
    init: {
        CHECK.get_or_init(chosen);
    },
    |bytes| {
        CHECK.get_or_init(chosen)(bytes);
    }
);

/// The check that the environment names.
fn chosen() -> Check {
    #[expect(clippy::disallowed_methods, reason = "libFuzzer's own main leaves no argument to say it with")]
    let wanted = std::env::var("HELDOUT_FUZZ_TARGET").unwrap_or_default();
    let mut names = Vec::new();
    for (name, check) in targets() {
        if name == wanted {
            return check;
        }
        names.push(name);
    }
    panic!("there is no target {wanted:?}; the targets are\n{}", names.join("\n"));
}

/// Every target by its name.
fn targets() -> Vec<(String, Check)> {
    let mut targets: Vec<(String, Check)> = vec![
        ("bundle".to_owned(), Box::new(bundle::check)),
        ("bundle_archive".to_owned(), Box::new(foreign::archive)),
        ("bundle_yaml".to_owned(), Box::new(foreign::yaml)),
        ("bundle_evalai".to_owned(), Box::new(foreign::evalai)),
        ("bundle_codabench".to_owned(), Box::new(foreign::codabench)),
        ("evidence".to_owned(), Box::new(evidence::check)),
        ("items".to_owned(), Box::new(items::check)),
        ("predictions".to_owned(), Box::new(predictions::check)),
        ("saved".to_owned(), Box::new(saved::check)),
        ("vocabularies".to_owned(), Box::new(framing::vocabularies)),
        ("taxonomy".to_owned(), Box::new(framing::taxonomy)),
        ("framing_file".to_owned(), Box::new(framing::framing_file)),
        ("mapping".to_owned(), Box::new(framing::mapping)),
        ("time_use".to_owned(), Box::new(framing::time_use)),
        ("activity_shares".to_owned(), Box::new(framing::activity_shares)),
    ];
    for target in evaluators::Target::all() {
        targets.push((target.name(), Box::new(move |bytes: &[u8]| target.check(bytes))));
    }
    targets
}
