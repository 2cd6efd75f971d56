//! Ego4D person tracking.

use sdk::Mode;

use super::support::{file, prepare, refusals, scores, try_prepare};

const TRUTH: &str = r#"{"clips": {
    "c1": {"n_frames": 2, "video_uid": "v", "boxes": [[1, 1, 0, 0, 9, 9], [2, 1, 0, 0, 9, 9], [2, 1, 5, 5, 9, 9]]},
    "c2": {"n_frames": 1, "boxes": []}}}"#;

#[test]
fn clips_of_a_video_are_one_group_and_repeated_persons_are_dropped() {
    let prepared = prepare("ego4d_avl_tracking", file(TRUTH), &[], Mode::Strict);
    assert_eq!(prepared.items().group_names(), ["v", "c2"]);
    assert_eq!(prepared.notes()[0].count, 1);
    let perfect = scores(
        prepared.as_ref(),
        &file(r#"{"clips": {"c1": [[1, 5, 0, 0, 9, 9], [2, 5, 0, 0, 9, 9]], "c2": []}}"#),
    );
    assert_eq!((perfect["MOTA"], perfect["IDF1"], perfect["FP"]), (Some(100.0), Some(100.0), Some(0.0)));
    let by_clip = prepare("ego4d_avl_tracking", file(TRUTH), &[("group", "clip")], Mode::Strict);
    assert_eq!(by_clip.items().group_names(), ["c1", "c2"]);
}

#[test]
fn wrong_submissions_are_refused_with_every_fault() {
    let prepared = prepare("ego4d_avl_tracking", file(TRUTH), &[], Mode::Strict);
    let of = |text: &str| refusals(prepared.as_ref(), &file(text));
    assert_eq!(of("{}"), ["missing_field"]);
    assert_eq!(of("[]"), ["wrong_type"]);
    assert_eq!(of(r#"{"clips": {"c1": []}}"#), ["missing_ids"]);
    assert_eq!(of(r#"{"clips": {"c1": [], "c2": [], "c3": []}}"#), ["unknown_ids"]);
    assert_eq!(of(r#"{"clips": {"c1": [], "c2": [], "c1": []}}"#), ["duplicate_key"]);
    let row = |row: &str| of(&format!(r#"{{"clips": {{"c2": [], "c1": [{row}]}}}}"#));
    assert_eq!(row("[1, 1, 0, 0, 9]"), ["wrong_shape"]);
    assert_eq!(row("[1, 1, 0, 0, 9, null]"), ["not_a_number"]);
    assert_eq!(row("[1.5, 1, 0, 0, 9, 9], [1, 1.5, 0, 0, 9, 9]"), ["wrong_type", "wrong_type"]);
    assert_eq!(row("[0, 1, 0, 0, 9, 9], [3, 1, 0, 0, 9, 9]"), ["out_of_range", "out_of_range"]);
    assert_eq!(row("[1, 1, 0, 0, -9, 9], [1, 2, 0, 0, 9e99, 9]"), ["out_of_range", "out_of_range"]);
    let twice =
        r#"{"clips": {"c2": [], "c1": [[9, 1, 0, 0, 9, 9], [1, 1, 0, 0, 9, 9], [1, 1, 0, 0, 8, 8]]}}"#;
    let faults = conformance::task::evaluate(prepared.as_ref(), twice).unwrap_err();
    assert!(faults.to_string().contains("/clips/c1/2: the person stands twice"), "{faults}");
}

#[test]
fn reference_mode_does_not_read_other_clips() {
    let prepared = prepare("ego4d_avl_tracking", file(TRUTH), &[], Mode::Reference);
    let other = r#"{"clips": {"c1": [], "c2": [[1, 1, 0, 0, 9, 9]], "c3": [[7, 7, 0, 0, 1, 1]]}}"#;
    let evidence = conformance::task::evaluate(prepared.as_ref(), other).unwrap();
    assert_eq!((evidence.notes()[0].code.as_str(), evidence.notes()[0].count), ("other_clips", 1));
}

#[test]
fn wrong_annotations_are_refused() {
    let of = |text: &str| {
        let refused = try_prepare("ego4d_avl_tracking", file(text), &[], Mode::Strict);
        refused.err().map_or(Vec::new(), |faults| conformance::task::codes(&faults))
    };
    assert_eq!(of("{}"), ["missing_field"]);
    assert_eq!(of(r#"{"clips": {}}"#), ["empty_submission"]);
    assert_eq!(of(r#"{"clips": {"c": {}}}"#), ["missing_field", "missing_field"]);
    assert_eq!(of(r#"{"clips": {"c": {"n_frames": -1, "boxes": []}}}"#), ["out_of_range"]);
    assert_eq!(of(r#"{"clips": {"c": {"n_frames": 1, "boxes": [[2, 1, 0, 0, 9, 9]]}}}"#), ["out_of_range"]);
}
