//! The golden cases and the real data of the family.

use conformance::golden::{Case, Walk, case_of, real};

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_tracking::evaluators())
        .folder("general/mot")
        .folder("ego4d/tracking")
        .agrees_with_at_least(1100);
}

#[test]
fn real_walkers_measure_as_in_the_public_code() {
    let mut case: Case = case_of("general/mot");
    case.params.insert("benchmark".to_owned(), "mot15".into());
    case.metrics = [("*".to_owned(), "*".to_owned())].into();
    real(&heldout_tracking::evaluators(), &case, "mot_tud", 1e-12, 47);
}
