//! The golden cases of the family.

use conformance::golden::{Strict, Walk};

#[test]
fn golden_cases_agree() {
    let (sta, lta, fhp) = ("ego4d/sta", "ego4d/lta", "ego4d/fhp");
    Walk::of(heldout_forecasting::evaluators())
        .folder(sta)
        .strict(sta, "edge-bool-noun", Strict::Refused("wrong_type"))
        .strict(sta, "edge-box-of-3", Strict::Refused("wrong_shape"))
        .strict(sta, "edge-empty-prediction-for-uid", Strict::Scored("map_box_noun_verb_ttc", 50.0))
        .strict(sta, "edge-int-score", Strict::Scored("map_box_noun_verb_ttc", 100.0))
        .strict(sta, "edge-inverted-box", Strict::Refused("out_of_range"))
        .strict(sta, "edge-missing-uid", Strict::Refused("missing_ids"))
        .strict(sta, "edge-nan-ttc", Strict::Refused("not_finite"))
        // One frame of each has an empty list, whose objects the public code forgets.
        .strict(sta, "small-0", Strict::Scored("map_box_noun_verb_ttc", SMALL_STA[0]))
        .strict(sta, "small-1", Strict::Scored("map_box_noun_verb_ttc", SMALL_STA[1]))
        .strict(sta, "small-2", Strict::Scored("map_box_noun_verb_ttc", SMALL_STA[2]))
        .folder(lta)
        .strict(lta, "edge-19-actions", Strict::Refused("wrong_shape"))
        .strict(lta, "edge-missing-key", Strict::Refused("missing_ids"))
        .strict(lta, "edge-only-4-sequences", Strict::Refused("wrong_shape"))
        .folder(fhp)
        .strict(fhp, "edge-19-values", Strict::Refused("wrong_shape"))
        .strict(fhp, "edge-extra-key", Strict::Refused("unknown_ids"))
        .strict(fhp, "edge-missing-key", Strict::Refused("missing_ids"))
        .strict(fhp, "edge-no-visible-hand-at-all", Strict::Undefined("Total"))
        .folder("ego4d/locomotion")
        .agrees_with_at_least(250);
}

/// What the plain statement of the metrics gives when the objects of frames with an empty list stay.
const SMALL_STA: [f64; 3] = [40.10523303625838, 47.350248727880306, 54.277461065504546];
