//! The golden cases and the real data of the family.

use conformance::edge;
use conformance::golden::{Case, Strict, Walk, case_of, real};
use ndarray::Array2;
use sdk::primitives::assignment::minimum_cost;

#[test]
fn golden_cases_agree() {
    let (vq2d, vq3d, egotracks) = ("ego4d/vq2d", "ego4d/vq3d", "ego4d/egotracks");
    Walk::of(heldout_tracking::evaluators())
        .folder("general/mot")
        .folder("ego4d/tracking")
        .folder(vq2d)
        .strict(vq2d, "edge-duplicate-frame", Strict::Refused("duplicate_ids"))
        .strict(vq2d, "edge-inverted-boxes", Strict::Refused("out_of_range"))
        .strict(vq2d, "edge-missing-query-set", Strict::Refused("missing_ids"))
        .strict(vq2d, "edge-non-contiguous-track", Strict::Refused("wrong_shape"))
        .strict(vq2d, "edge-null-score", Strict::Refused("not_a_number"))
        .strict(vq2d, "edge-wrong-version", Strict::Refused("unsupported_version"))
        .strict(vq2d, "edge-wrong-video-order", Strict::Refused("unknown_ids"))
        .folder(egotracks)
        .strict(egotracks, "edge-frame-out-of-range", Strict::Refused("out_of_range"))
        .strict(egotracks, "edge-missing-sequence", Strict::Refused("missing_ids"))
        .strict(egotracks, "edge-no-overlap-at-all", Strict::Scored("F-score", 0.0))
        .folder(vq3d)
        .strict(vq3d, "edge-zero-vector", Strict::Scored("Succ%", 100.0 / 3.0))
        .strict(vq3d, "edge-pose-predicted-but-no-gt-pose", Strict::Scored("QwP%", 100.0))
        .agrees_with_at_least(1200);
}

#[test]
fn real_walkers_measure_as_in_the_public_code() {
    let mut case: Case = case_of("general/mot");
    case.params.insert("benchmark".to_owned(), "mot15".into());
    case.metrics = [("*".to_owned(), "*".to_owned())].into();
    real(&heldout_tracking::evaluators(), &case, "mot_tud", 1e-12, 47);
}

#[test]
fn every_matrix_is_assigned_as_by_scipy() {
    for case in edge::table("lsap") {
        let rows: Vec<Vec<f64>> = serde_json::from_value(case["cost"].clone()).unwrap();
        let columns = rows.first().map_or(0, Vec::len);
        let cost = Array2::from_shape_fn((rows.len(), columns), |(row, column)| rows[row][column]);
        let side = |name: &str| -> Vec<usize> { serde_json::from_value(case[name].clone()).unwrap() };
        let expected: Vec<(usize, usize)> = side("rows").into_iter().zip(side("cols")).collect();
        assert_eq!(minimum_cost(cost.view()).unwrap(), expected, "{case}");
    }
}
