//! The golden cases and the real data of the family.

use conformance::golden::{Walk, case_of, real};

#[test]
fn golden_cases_agree() {
    Walk::of(heldout_segmentation::evaluators())
        .folder("general/semseg")
        .folder("general/panoptic")
        .folder("general/davis")
        .agrees_with_at_least(300);
}

#[test]
fn real_panoptic_images_give_the_references_values() {
    real(&heldout_segmentation::evaluators(), &case_of("general/panoptic"), "panoptic2", 1e-12, 12);
}
