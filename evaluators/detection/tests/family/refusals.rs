//! What is refused, with every fault and its place, and never a word of the truth.

use conformance::task::{codes, evaluate, example, prepare, told};
use heldout_detection::evaluators;
use sdk::Mode;

fn refused(id: &str, sent: &str) -> Vec<String> {
    told(&evaluate(&*example(&evaluators(), id, Mode::Strict), sent).unwrap_err())
}

fn annotations_refused(id: &str, tables: &[(&str, &str)]) -> Vec<String> {
    told(&prepare(&evaluators(), id, tables, &[], Mode::Strict).unwrap_err())
}

#[test]
fn every_fault_of_a_list_of_boxes_is_told_at_once() {
    let sent = r#"[
        {"image_id": 9, "category_id": 9, "bbox": [0, 0, -1, 5], "score": NaN},
        {"category_id": 1, "bbox": [0, 0, 1]},
        {"image_id": 1.5, "category_id": "1", "bbox": {}, "score": "0.5"},
        [],
        {"image_id": 1, "category_id": 1, "bbox": [0, 0, 1e300, 1e300], "score": 1e400},
        {"image_id": 1, "category_id": 1, "bbox": [0, 0, 0, 0], "score": 1}]"#;
    assert_eq!(
        refused("coco_detection", sent),
        [
            "unknown_ids /0/image_id",
            "unknown_label /0/category_id",
            "out_of_range /0/bbox",
            "not_finite /0/score",
            "wrong_shape /1/bbox",
            "missing_field /1",
            "missing_field /1",
            "wrong_type /2/image_id",
            "wrong_type /2/category_id",
            "wrong_type /2/bbox",
            "not_a_number /2/score",
            "wrong_type /3",
            "out_of_range /4/bbox",
            "not_finite /4/score",
        ]
    );
    assert_eq!(refused("coco_detection", "[]"), ["empty_submission"]);
    assert_eq!(refused("coco_detection", r#"{"results": []}"#), ["wrong_type"]);
}

#[test]
fn boxes_of_changing_objects_are_filled() {
    let sent = r#"[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 0, 5], "score": 1}]"#;
    assert_eq!(refused("ego4d_scod", sent), ["out_of_range /0/bbox"]);
}

#[test]
fn masks_that_are_none_are_refused() {
    let sent = r#"[
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": [[1, 1, 2, 2, 3, 3]]},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [8, 6], "counts": [48]}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 8], "counts": [40, 4]}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 8], "counts": [-1, 49]}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 8], "counts": "P"}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 8], "counts": [4294967296, 4294967295, 4294967295]}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 99999999], "counts": 5}},
        {"image_id": 1, "category_id": 1, "score": 1, "segmentation": {"size": [6, 8, 1]}}]"#;
    assert_eq!(
        refused("coco_segmentation", sent),
        [
            "wrong_type /0/segmentation",
            "wrong_shape /1/segmentation",
            "wrong_shape /2/segmentation",
            "out_of_range /3/segmentation",
            "wrong_shape /4/segmentation",
            "out_of_range /5/segmentation",
            "out_of_range /6/segmentation/size/1",
            "wrong_type /6/segmentation/counts",
            "wrong_shape /7/segmentation/size",
            "missing_field /7/segmentation",
        ]
    );
}

#[test]
fn a_wrong_number_of_keypoints_is_refused() {
    let sent = r#"[{"image_id": 1, "category_id": 1, "score": 1, "keypoints": [1, 2, 3]}]"#;
    assert_eq!(refused("coco_keypoints", sent), ["wrong_shape /0/keypoints"]);
}

#[test]
fn annotations_are_looked_at_as_closely() {
    let truth = r#"{"images": [{"id": 1}, {"id": 1}], "categories": [{"id": 1, "name": "a"}, {"id": 1}],
        "annotations": [
            {"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, 1, 1], "area": 1},
            {"id": 5, "image_id": 2, "category_id": 3, "bbox": [0, 0, 1, 1], "area": 1}]}"#;
    assert_eq!(
        annotations_refused("coco_detection", &[("main", truth)]),
        [
            "duplicate_ids /categories/1/id",
            "duplicate_ids /images/1/id",
            "duplicate_ids /annotations/1/id",
            "unknown_ids /annotations/1/image_id",
            "unknown_ids /annotations/1/category_id",
        ]
    );
    let truth = r#"{"images": [{}], "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, -1, 1], "area": -1, "iscrowd": 2}]}"#;
    assert_eq!(
        annotations_refused("coco_detection", &[("main", truth)]),
        [
            "missing_field /images/0",
            "out_of_range /annotations/0/bbox",
            "out_of_range /annotations/0/area",
            "out_of_range /annotations/0/iscrowd",
            "missing_field",
        ]
    );
    let truth = r#"{"images": [{"id": 1, "neg_category_ids": []}], "annotations": [],
        "categories": [{"id": 1, "frequency": "x"}, {"id": 2}]}"#;
    assert_eq!(
        annotations_refused("lvis_detection", &[("main", truth)]),
        ["missing_field /images/0", "unknown_label /categories/0/frequency", "missing_field /categories/1",]
    );
    let truth = r#"{"images": [{"id": 1, "height": 6, "width": 8}], "categories": [{"id": 1}], "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "area": 1, "segmentation": [[0, 0, 1, 1]]},
        {"id": 6, "image_id": 1, "category_id": 1, "area": 1, "segmentation": []},
        {"id": 7, "image_id": 1, "category_id": 1, "area": 1, "segmentation": {"size": [6, 8], "counts": "P"}}]}"#;
    assert_eq!(
        annotations_refused("coco_segmentation", &[("main", truth)]),
        ["wrong_shape /annotations/0/segmentation/0", "wrong_shape /annotations/1/segmentation"]
    );
}

#[test]
fn parameters_must_fit_the_annotations() {
    let truth = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "a"}], "annotations": []}"#;
    for params in [("categories", "a,b"), ("group", "video")] {
        let faults = prepare(&evaluators(), "coco_detection", &[("main", truth)], &[params], Mode::Strict)
            .unwrap_err();
        assert_eq!(codes(&faults), ["invalid_parameter"], "{params:?}");
    }
}

#[test]
fn every_fault_of_a_table_is_told_at_once() {
    let sent = "image_id,class,score,xmin,ymin,xmax,ymax\n\
        000012,car,x,1,2,3,4\n000099,car,0.5,1,2,3,inf\n000012,car,0.5,5,2,3,4\n000012,car\n";
    assert_eq!(
        refused("voc_detection", sent),
        [
            "not_a_number line 2",
            "not_finite line 3",
            "unknown_ids line 3",
            "out_of_range line 4",
            "invalid_csv line 5",
        ]
    );
    assert_eq!(refused("voc_detection", "image_id,score\n").len(), 5);
    let header = "image_id,class,score,xmin,ymin,xmax,ymax\n";
    assert_eq!(refused("voc_detection", header), ["empty_submission"]);
    let tables = [
        ("main", "image_id,class,xmin,ymin,xmax,ymax,difficult\nb,car,0,0,9,x,2\n"),
        ("images", "image_id\na\n"),
    ];
    assert_eq!(
        annotations_refused("voc_detection", &tables),
        ["not_a_number line 2", "unknown_ids line 2", "out_of_range line 2"]
    );
}

#[test]
fn pixels_are_no_shares_of_an_image() {
    let sent = "ImageID,LabelName,Score,XMin,XMax,YMin,YMax\n\
        000026e7ee790996,/m/01yrx,0.9,10,45,20,80\n000026e7ee790996,/m/0,0.9,0.5,0.2,0,1\nx,/m/01yrx,0.9,0,1,0,1\n";
    assert_eq!(
        refused("open_images_detection", sent),
        ["out_of_range line 2", "out_of_range line 3", "unknown_label line 3", "unknown_ids line 4",]
    );
}

#[test]
fn speakers_are_rows_of_five_numbers() {
    let sent = r#"{"clips": {"c1": {"0": [[0.5, 1, 2, 3], [0.5, 9, 2, 3, 4], 7]}, "c9": {}, "c2": []}}"#;
    assert_eq!(
        refused("ego4d_avl_detection", sent),
        [
            "wrong_shape /clips/c1/0/0",
            "out_of_range /clips/c1/0/1",
            "wrong_type /clips/c1/0/2",
            "unknown_ids /clips/c9",
            "wrong_type /clips/c2",
        ]
    );
    assert_eq!(refused("ego4d_avl_detection", "{}"), ["missing_field"]);
}
