//! The golden cases of the family.

use conformance::golden::{Strict, Walk};

#[test]
fn golden_cases_agree() {
    let hand = "ego4d/hand_pose";
    Walk::of(heldout_pose::evaluators())
        .folder(hand)
        .strict(hand, "edge-20-joints", Strict::Refused("wrong_shape"))
        .strict(hand, "edge-missing-take", Strict::Refused("missing_ids"))
        // Of the hand whose predicted joints lie in one place the true ones count from their middle.
        .strict(hand, "edge-all-joints-equal", Strict::Scored("PA-MPJPE", 33.79692638470318))
        // The hand without a valid joint leaves the mean.
        .strict(hand, "edge-no-valid-joint", Strict::Scored("PA-MPJPE", 20.412712818506193))
        .agrees_with_at_least(25);
}
