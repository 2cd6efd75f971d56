//! Whole evaluations by `hotcoco`, which agree with ours on everything that both accept.

use conformance::task;
use heldout_detection::evaluators;
use hotcoco::params::IouType;
use hotcoco::types::{Annotation, Dataset};
use hotcoco::{COCO, COCOeval};
use proptest::prelude::*;
use sdk::Mode;

use crate::world::{Files, world};

/// The scores in the order of the metrics, -1 where there is none.
fn ours(id: &str, files: &Files) -> Vec<f64> {
    let prepared = task::prepare(&evaluators(), id, &files.tables(), &[], Mode::Strict).unwrap();
    let evidence = task::evaluate(prepared.as_ref(), &files.submission).unwrap();
    evidence.score_all().iter().map(|(_, score)| score.value().unwrap_or(-1.0)).collect()
}

fn theirs(id: &str, files: &Files) -> Vec<f64> {
    let truth: Dataset = serde_json::from_str(&files.tables[0].1).unwrap();
    let sent: Vec<Annotation> = serde_json::from_str(&files.submission).unwrap();
    let truth = COCO::from_dataset(truth);
    let sent = truth.load_res_anns(sent).unwrap();
    let mut evaluation = match id {
        "lvis_detection" => COCOeval::new_lvis(truth, sent, IouType::Bbox),
        "coco_segmentation" => COCOeval::new(truth, sent, IouType::Segm),
        _ => COCOeval::new(truth, sent, IouType::Bbox),
    };
    evaluation.evaluate().unwrap();
    evaluation.accumulate();
    evaluation.summarize_lines();
    evaluation.stats().unwrap().to_vec()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn both_opinions_agree(world in world()) {
        for id in ["coco_detection", "coco_segmentation", "lvis_detection"] {
            let mut world = world.clone();
            if id == "lvis_detection" {
                // The field `ignore` is not read by the other side.
                world.images.iter_mut().flat_map(|image| &mut image.objects).for_each(|(_, odd)| *odd = false);
            }
            let files = world.files(id, &world.once());
            let (ours, theirs) = (ours(id, &files), theirs(id, &files));
            prop_assert_eq!(ours.len(), theirs.len());
            for (at, (ours, theirs)) in ours.iter().zip(&theirs).enumerate() {
                prop_assert!((ours - theirs).abs() <= 1e-12, "{} {}: {} and {}", id, at, ours, theirs);
            }
        }
    }
}
