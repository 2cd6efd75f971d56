//! The golden cases and the real data of the family.

use conformance::golden::{Strict, Walk, case_of, real};

#[test]
fn golden_cases_agree() {
    let (nlq, mq) = ("ego4d/nlq", "ego4d/mq");
    Walk::of(heldout_temporal::evaluators())
        .folder(nlq)
        .strict(nlq, "edge-duplicate-entry", Strict::Refused("duplicate_ids"))
        .strict(nlq, "edge-empty-predictions", Strict::Scored("r@1, IoU=0.3", 50.0))
        .strict(nlq, "edge-flat-window", Strict::Refused("wrong_type"))
        .strict(nlq, "edge-inf-window", Strict::Refused("not_finite"))
        .strict(nlq, "edge-missing-query", Strict::Refused("missing_ids"))
        .strict(nlq, "edge-nan-window", Strict::Refused("not_finite"))
        .strict(nlq, "edge-negative-query-idx", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-query-idx-out-of-range", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-reversed-window", Strict::Refused("out_of_range"))
        .strict(nlq, "edge-unknown-annotation", Strict::Refused("unknown_ids"))
        .strict(nlq, "edge-wrong-challenge", Strict::Refused("wrong_challenge"))
        .strict(nlq, "edge-wrong-version", Strict::Refused("unsupported_version"))
        .strict(nlq, "edge-zero-length-gt-and-equal-zero-length-pred", Strict::Scored("mIoU", 50.0))
        .folder("ego4d/goalstep")
        .folder(mq)
        .strict(mq, "edge-clip-missing-in-retrieval", Strict::Scored("Recall@1x,tIoU=0.5", 0.5))
        .strict(mq, "edge-nan-score", Strict::Refused("not_finite"))
        .strict(mq, "edge-reversed-segment", Strict::Refused("out_of_range"))
        .strict(mq, "edge-string-score", Strict::Refused("not_a_number"))
        .strict(mq, "edge-zero-length-gt", Strict::Scored("Average mAP", 0.25))
        // An empty detection lies on an empty moment, which the public code takes for a hit.
        .strict(mq, "small-1", Strict::Scored("Average mAP", 0.4919097955598346))
        .folder("general/anet")
        .folder("general/anet_ties")
        .folder("general/epic_c2")
        .agrees_with_at_least(1000);
}

#[test]
fn real_segments_of_kitchens_give_the_published_codes_values() {
    real(&heldout_temporal::evaluators(), &case_of("general/epic_c2"), "epic100_c2", 1e-9, 18);
}
