//! What a submission predicts, read to be compared with others.

use heldout_ranking::integrity::{Fingerprint, NO_ANSWER, Predictions, read_predictions};
use sdk::roll::IdIndex;
use sdk::{Input, Limits};

/// Takes arbitrary bytes apart for three items; tells whether they can be.
pub(crate) fn check(bytes: &[u8]) -> bool {
    let (items, _) = IdIndex::of(["a1", "a2", "a3"].into_iter().collect());
    let read = |name| read_predictions(&Input::file(name, bytes), &items, &Limits::default());
    let found = read("submission");
    assert_eq!(found, read("other.json"), "the name of a file says what it predicts");
    if let Ok(Predictions { answers: Some(answers), .. }) = &found {
        assert_eq!(answers.len(), 3, "there is not one answer per item");
        assert!(answers.iter().any(|answer| *answer != NO_ANSWER), "nothing was predicted for any item");
    }
    if let Ok(fingerprint) = Fingerprint::from_bytes(bytes) {
        assert_eq!(fingerprint.to_bytes(), bytes, "a fingerprint reads back as something else");
        assert!(fingerprint.likeness(&fingerprint).is_ok() || has_no_numbers(&fingerprint));
    }
    found.is_ok()
}

/// Whether residuals are no finite numbers, which are refused when they are compared.
fn has_no_numbers(fingerprint: &Fingerprint) -> bool {
    use heldout_ranking::integrity::Outcomes;
    matches!(&fingerprint.outcomes, Some(Outcomes::Residuals(residuals)) if residuals.is_empty() || residuals.iter().any(|one| !one.is_finite()))
}
