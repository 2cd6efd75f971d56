//! The golden cases and the real data of the family.

use conformance::edge;
use conformance::golden::{Strict, Walk, case_of, real};
use conformance::task::{Values, evaluate, prepare, values};
use sdk::Mode;
use serde_json::{Value, json};

#[test]
fn golden_cases_agree() {
    let (scod, asd) = ("ego4d/scod", "ego4d/asd");
    Walk::of(heldout_detection::evaluators())
        .undefined_is(-1.0)
        .folder("general/coco_bbox")
        .folder("general/coco_segm")
        .folder("general/coco_keypoints")
        .folder(scod)
        .strict(scod, "edge-negative-width", Strict::Refused("out_of_range"))
        .strict(scod, "edge-unknown-category", Strict::Refused("unknown_label"))
        .strict(scod, "edge-unknown-image-id", Strict::Refused("unknown_ids"))
        .strict(scod, "edge-no-detections", Strict::Scored("AP", 0.0))
        .folder("general/lvis_bbox")
        .folder("general/voc")
        .folder(asd)
        .strict(asd, "edge-no-truth", Strict::Undefined("mAP@0.5"))
        .strict(asd, "edge-score-printed-with-6-decimals", Strict::Scored("mAP@0.5", 100.0))
        .agrees_with_at_least(700);
}

#[test]
fn real_data_give_the_public_codes_values() {
    let family = heldout_detection::evaluators();
    real(&family, &case_of("general/coco_bbox"), "coco100_bbox", 1e-12, 12);
    real(&family, &case_of("general/coco_segm"), "coco100_segm", 1e-12, 12);
    real(&family, &case_of("general/coco_keypoints"), "keypoints_fce", 1e-12, 10);
    real(&family, &case_of("general/lvis_bbox"), "lvis100", 1e-12, 13);
}

/// The scores of a case of the table of degenerate boxes, or the codes of its refusal.
fn degenerate(world: &Value, case: &Value, mode: Mode) -> Result<Values, Vec<&'static str>> {
    let truth = json!({"images": world["images"], "categories": world["categories"], "annotations": case["annotations"]});
    let prepared = prepare(
        &heldout_detection::evaluators(),
        "coco_detection",
        &[("main", &truth.to_string())],
        &[],
        mode,
    )
    .map_err(|faults| conformance::task::codes(&faults))?;
    let evidence = evaluate(prepared.as_ref(), &case["submission"].to_string())
        .map_err(|faults| conformance::task::codes(&faults))?;
    Ok(values(&evidence))
}

#[test]
fn degenerate_boxes_score_as_in_the_public_code() {
    let table = edge::table("coco_bbox");
    let Some((world, cases)) = table.split_first() else { return };
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let expected = case["expected"].as_object().unwrap();
        for mode in [Mode::Strict, Mode::Reference] {
            let ours = match (name, mode, degenerate(world, case, mode)) {
                ("duplicate_gt_ids", Mode::Strict, ours) => {
                    assert_eq!(ours, Err(vec!["duplicate_ids"]));
                    continue;
                }
                // An object is found whatever its id is.
                ("gt_id_zero", Mode::Strict, ours) => {
                    assert_eq!(ours.unwrap()["AR100"], Some(1.0));
                    continue;
                }
                (_, _, ours) => ours.unwrap_or_else(|codes| panic!("{name}: {codes:?}")),
            };
            for (metric, value) in expected {
                let value = value.as_f64().filter(|value| *value >= 0.0);
                assert!(
                    conformance::golden::close(ours[metric], value, 1e-12),
                    "{name}, {mode:?}: {metric} {ours:?}"
                );
            }
        }
    }
    assert!(cases.len() >= 12);
}
