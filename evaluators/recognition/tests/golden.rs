//! The golden cases and the real data of the family.

use conformance::golden::{Case, Strict, Walk, case_of, real};

#[test]
fn golden_cases_agree() {
    let (pnr, oscc, proficiency) = ("ego4d/pnr", "ego4d/oscc", "ego4d/proficiency");
    Walk::of(heldout_recognition::evaluators())
        .folder("general/mcqa")
        .folder(pnr)
        .strict(pnr, "edge-duplicate", Strict::Refused("duplicate_ids"))
        .strict(pnr, "edge-missing-clip", Strict::Refused("missing_ids"))
        .folder(oscc)
        .strict(oscc, "edge-missing-clip", Strict::Refused("missing_ids"))
        .strict(oscc, "edge-string-labels", Strict::Refused("wrong_type"))
        .folder(proficiency)
        // Worked out by hand: rows follow their videos.
        .strict(proficiency, "edge-reordered-videos", Strict::Scored("combined accuracy", 0.5))
        .strict(proficiency, "edge-too-few", Strict::Refused("wrong_shape"))
        .folder("general/epic_c1")
        .folder("general/epic_c3")
        .agrees_with_at_least(300);
}

#[test]
fn real_segments_of_kitchens_give_the_published_codes_values() {
    let evaluators = heldout_recognition::evaluators();
    real(&evaluators, &case_of("general/epic_c1"), "epic100_c1", 1e-9, 12);
    real(&evaluators, &case_of("general/epic_c3"), "epic100_c3", 1e-9, 9);
}

#[test]
fn answers_may_be_a_table() {
    let table = |case: &Case| case.golden == "general/mcqa" && case.submission == "submission.csv";
    assert!(Case::all().iter().any(table), "golden.toml maps the CSV submissions too");
}
