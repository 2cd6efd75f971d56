//! Submissions that a few changes have spoilt, or not.

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use sdk::{Evaluator, Input, Mode};

use crate::task::{evaluate_input, evidence_is_sound, evidence_keeps_its_word, example};

/// What is written into files: what tends to be mistaken.
const TOKENS: [&str; 22] = [
    "",
    "NaN",
    "-Infinity",
    "1e400",
    "-1e308",
    "1e-400",
    "-1",
    "0.5",
    "9223372036854775808",
    "true",
    "null",
    "[]",
    "{}",
    "\"\"",
    "\"x\"",
    ",",
    "]",
    "}",
    "[[",
    "\\ud800",
    "\n",
    "\r",
];

/// Some bytes at a place make way for others.
#[derive(Debug, Clone)]
struct Change {
    place: Index,
    removed: usize,
    put: Put,
}

#[derive(Debug, Clone)]
enum Put {
    Text(String),
    /// Some bytes of the file, from a place on.
    Again(Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let put = prop_oneof![
        prop::sample::select(TOKENS.to_vec()).prop_map(|token| Put::Text(token.to_owned())),
        "[\\[\\]{},:\"0-9eE.\\- ]{1,6}".prop_map(Put::Text),
        any::<char>().prop_map(|one| Put::Text(one.into())),
        (any::<Index>(), 1..40_usize).prop_map(|(place, length)| Put::Again(place, length)),
    ];
    (any::<Index>(), 0..12_usize, put).prop_map(|(place, removed, put)| Change { place, removed, put })
}

/// Fails unless every evaluator of a family refuses or scores whatever a few changes make of its example, in both modes.
///
/// A refusal has a fault, and evidence is sound; in strict mode it keeps its word.
pub fn is_refused_or_scored(family: &[Box<dyn Evaluator>]) {
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    let changes = (0..family.len(), prop::collection::vec(change(), 1..6));
    let outcome = TestRunner::new(config).run(&changes, |(which, changes)| {
        let manifest = family[which].manifest();
        let bytes = mangled(manifest.submission.example.as_bytes(), &changes);
        for mode in [Mode::Strict, Mode::Reference] {
            let prepared = example(family, &manifest.id, mode);
            match evaluate_input(&*prepared, &Input::file("submission", &bytes)) {
                Ok(evidence) if mode == Mode::Strict => evidence_keeps_its_word(&*prepared, &evidence),
                Ok(evidence) => evidence_is_sound(&evidence),
                Err(faults) => prop_assert!(faults.fault_count > 0),
            }
        }
        Ok(())
    });
    outcome.unwrap_or_else(|failure| panic!("{failure}"));
}

fn mangled(example: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = example.to_vec();
    for Change { place, removed, put } in changes {
        let place = place.index(bytes.len() + 1);
        let put = match put {
            Put::Text(text) => text.clone().into_bytes(),
            Put::Again(from, length) => {
                let from = from.index(bytes.len() + 1);
                bytes[from..(from + length).min(bytes.len())].to_vec()
            }
        };
        bytes.splice(place..(place + removed).min(bytes.len()), put);
    }
    bytes
}
