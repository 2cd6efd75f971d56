//! The golden cases of the family.

use conformance::golden::{Strict, Walk};

#[test]
fn golden_cases_agree() {
    let mut walk = Walk::of(heldout_social::evaluators());
    for task in ["ego4d/lam", "ego4d/ttm"] {
        walk = walk
            .folder(task)
            .strict(task, "edge-duplicate-rows", Strict::Refused("duplicate_ids"))
            .strict(task, "edge-label-not-1", Strict::Refused("out_of_range"))
            .strict(task, "edge-missing-row", Strict::Refused("missing_ids"))
            .strict(task, "edge-nan-score", Strict::Refused("not_finite"))
            .strict(task, "edge-only-one-class-in-truth", Strict::Scored("mAP", 1.0))
            .strict(task, "edge-only-one-class-in-truth", Strict::Undefined("AP_neg"))
            .strict(task, "edge-right-count-wrong-ids", Strict::Refused("unknown_ids"));
    }
    walk.agrees_with_at_least(80);
}
