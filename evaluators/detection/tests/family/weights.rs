//! Weights mean what they say: masks are subsets, whole numbers are copies, and the order of rows means nothing but
//! among equal scores.

use conformance::task::{self, assert_close, evidence_keeps_its_word, values, weights_are_copies};
use heldout_detection::evaluators;
use proptest::prelude::*;
use sdk::{Evidence, Mode};
use serde_json::Value;

use crate::world::{Files, World, params, world};

/// The evaluators of the family.
const IDS: [&str; 8] = [
    "coco_detection",
    "coco_segmentation",
    "coco_keypoints",
    "ego4d_scod",
    "lvis_detection",
    "voc_detection",
    "open_images_detection",
    "ego4d_avl_detection",
];

fn evaluate(id: &str, files: &Files) -> Evidence {
    let prepared = task::prepare(&evaluators(), id, &files.tables(), params(id), Mode::Strict);
    let prepared = prepared.unwrap_or_else(|faults| panic!("{id}: {faults}"));
    let evidence = task::evaluate(prepared.as_ref(), &files.submission);
    evidence.unwrap_or_else(|faults| panic!("{id}: {faults}"))
}

/// The submission with its records in the reverse order.
fn reversed(id: &str, submission: &str) -> String {
    if id == "ego4d_avl_detection" {
        let mut sent: Value = serde_json::from_str(submission).unwrap();
        for frames in sent["clips"].as_object_mut().unwrap().values_mut() {
            frames["0"].as_array_mut().unwrap().reverse();
        }
        return sent.to_string();
    }
    match serde_json::from_str::<Vec<Value>>(submission) {
        Ok(mut records) => {
            records.reverse();
            Value::from(records).to_string()
        }
        Err(_) => {
            let mut lines: Vec<&str> = submission.lines().collect();
            lines[1..].reverse();
            lines.join("\n")
        }
    }
}

fn check(world: &World, counts: &[u8]) {
    for id in IDS {
        let files = world.files(id, &world.once());
        let prepared = task::prepare(&evaluators(), id, &files.tables(), params(id), Mode::Strict).unwrap();
        let evidence = evaluate(id, &files);
        evidence_keeps_its_word(prepared.as_ref(), &evidence);
        // Scores are distinct within an image; between images the order of rows decides only in the tables.
        if !matches!(id, "voc_detection" | "open_images_detection") {
            let other = Files { submission: reversed(id, &files.submission), ..files };
            assert_close(&values(&evaluate(id, &other)), &values(&evidence));
        }
        weights_are_copies(counts, |copies| evaluate(id, &world.files(id, copies)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn weights_are_copies_of_images(world in world(), counts in prop::collection::vec(0..3_u8, 5)) {
        check(&world, &counts[..world.images.len()]);
    }
}
