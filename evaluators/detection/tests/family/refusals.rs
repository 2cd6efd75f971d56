//! What is refused, with every fault and its place, and never a word of the truth.

use conformance::task::{evaluate, prepare};
use heldout_detection::evaluators;
use sdk::{Code, Faults, Mode, Place, Prepared};

/// A prepared example of the documentation.
fn example(id: &str) -> Box<dyn Prepared> {
    let all = evaluators();
    let manifest = all.iter().find(|one| one.manifest().id == id).unwrap().manifest();
    let tables: Vec<(&str, &str)> =
        manifest.annotations.iter().map(|table| (table.name.as_str(), table.example.as_str())).collect();
    prepare(&all, id, &tables, &[], Mode::Strict).unwrap()
}

fn places(faults: &Faults) -> Vec<(Code, String)> {
    let place = |place: &Place| match place {
        Place::Pointer(pointer) => pointer.clone(),
        Place::Line(line) => line.to_string(),
        Place::File => String::new(),
    };
    faults.faults.iter().map(|fault| (fault.code, place(&fault.place))).collect()
}

fn refused(id: &str, sent: &str) -> Vec<(Code, String)> {
    places(&evaluate(example(id).as_ref(), sent).unwrap_err())
}

fn annotations_refused(id: &str, tables: &[(&str, &str)]) -> Vec<(Code, String)> {
    places(&prepare(&evaluators(), id, tables, &[], Mode::Strict).unwrap_err())
}

fn at(code: Code, place: &str) -> (Code, String) {
    (code, place.to_owned())
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
            at(Code::UnknownIds, "/0/image_id"),
            at(Code::UnknownLabel, "/0/category_id"),
            at(Code::OutOfRange, "/0/bbox"),
            at(Code::NotFinite, "/0/score"),
            at(Code::WrongShape, "/1/bbox"),
            at(Code::MissingField, "/1"),
            at(Code::MissingField, "/1"),
            at(Code::WrongType, "/2/image_id"),
            at(Code::WrongType, "/2/category_id"),
            at(Code::WrongType, "/2/bbox"),
            at(Code::NotANumber, "/2/score"),
            at(Code::WrongType, "/3"),
            at(Code::OutOfRange, "/4/bbox"),
            at(Code::NotFinite, "/4/score"),
        ]
    );
    assert_eq!(refused("coco_detection", "[]"), [at(Code::EmptySubmission, "")]);
    assert_eq!(refused("coco_detection", r#"{"results": []}"#), [at(Code::WrongType, "")]);
}

#[test]
fn boxes_of_changing_objects_are_filled() {
    let sent = r#"[{"image_id": 1, "category_id": 1, "bbox": [0, 0, 0, 5], "score": 1}]"#;
    assert_eq!(refused("ego4d_scod", sent), [at(Code::OutOfRange, "/0/bbox")]);
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
            at(Code::WrongType, "/0/segmentation"),
            at(Code::WrongShape, "/1/segmentation"),
            at(Code::WrongShape, "/2/segmentation"),
            at(Code::OutOfRange, "/3/segmentation"),
            at(Code::WrongShape, "/4/segmentation"),
            at(Code::OutOfRange, "/5/segmentation"),
            at(Code::OutOfRange, "/6/segmentation/size/1"),
            at(Code::WrongType, "/6/segmentation/counts"),
            at(Code::WrongShape, "/7/segmentation/size"),
            at(Code::MissingField, "/7/segmentation"),
        ]
    );
}

#[test]
fn a_wrong_number_of_keypoints_is_refused() {
    let sent = r#"[{"image_id": 1, "category_id": 1, "score": 1, "keypoints": [1, 2, 3]}]"#;
    assert_eq!(refused("coco_keypoints", sent), [at(Code::WrongShape, "/0/keypoints")]);
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
            at(Code::DuplicateIds, "/categories/1/id"),
            at(Code::DuplicateIds, "/images/1/id"),
            at(Code::DuplicateIds, "/annotations/1/id"),
            at(Code::UnknownIds, "/annotations/1/image_id"),
            at(Code::UnknownIds, "/annotations/1/category_id"),
        ]
    );
    let truth = r#"{"images": [{}], "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "bbox": [0, 0, -1, 1], "area": -1, "iscrowd": 2}]}"#;
    assert_eq!(
        annotations_refused("coco_detection", &[("main", truth)]),
        [
            at(Code::MissingField, "/images/0"),
            at(Code::OutOfRange, "/annotations/0/bbox"),
            at(Code::OutOfRange, "/annotations/0/area"),
            at(Code::OutOfRange, "/annotations/0/iscrowd"),
            at(Code::MissingField, ""),
        ]
    );
    let truth = r#"{"images": [{"id": 1, "neg_category_ids": []}], "annotations": [],
        "categories": [{"id": 1, "frequency": "x"}, {"id": 2}]}"#;
    assert_eq!(
        annotations_refused("lvis_detection", &[("main", truth)]),
        [
            at(Code::MissingField, "/images/0"),
            at(Code::UnknownLabel, "/categories/0/frequency"),
            at(Code::MissingField, "/categories/1"),
        ]
    );
    let truth = r#"{"images": [{"id": 1, "height": 6, "width": 8}], "categories": [{"id": 1}], "annotations": [
        {"id": 5, "image_id": 1, "category_id": 1, "area": 1, "segmentation": [[0, 0, 1, 1]]},
        {"id": 6, "image_id": 1, "category_id": 1, "area": 1, "segmentation": []},
        {"id": 7, "image_id": 1, "category_id": 1, "area": 1, "segmentation": {"size": [6, 8], "counts": "P"}}]}"#;
    assert_eq!(
        annotations_refused("coco_segmentation", &[("main", truth)]),
        [
            at(Code::WrongShape, "/annotations/0/segmentation/0"),
            at(Code::WrongShape, "/annotations/1/segmentation")
        ]
    );
}

#[test]
fn parameters_must_fit_the_annotations() {
    let truth = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "a"}], "annotations": []}"#;
    for params in [("categories", "a,b"), ("group", "video")] {
        let faults = prepare(&evaluators(), "coco_detection", &[("main", truth)], &[params], Mode::Strict)
            .unwrap_err();
        assert_eq!(conformance::task::codes(&faults), ["invalid_parameter"], "{params:?}");
    }
}

#[test]
fn every_fault_of_a_table_is_told_at_once() {
    let sent = "image_id,class,score,xmin,ymin,xmax,ymax\n\
        000012,car,x,1,2,3,4\n000099,car,0.5,1,2,3,inf\n000012,car,0.5,5,2,3,4\n000012,car\n";
    assert_eq!(
        refused("voc_detection", sent),
        [
            at(Code::NotANumber, "2"),
            at(Code::NotFinite, "3"),
            at(Code::UnknownIds, "3"),
            at(Code::OutOfRange, "4"),
            at(Code::InvalidCsv, "5"),
        ]
    );
    assert_eq!(refused("voc_detection", "image_id,score\n").len(), 5);
    let header = "image_id,class,score,xmin,ymin,xmax,ymax\n";
    assert_eq!(refused("voc_detection", header), [at(Code::EmptySubmission, "")]);
    let tables = [
        ("main", "image_id,class,xmin,ymin,xmax,ymax,difficult\nb,car,0,0,9,x,2\n"),
        ("images", "image_id\na\n"),
    ];
    assert_eq!(
        annotations_refused("voc_detection", &tables),
        [at(Code::NotANumber, "2"), at(Code::UnknownIds, "2"), at(Code::OutOfRange, "2")]
    );
}

#[test]
fn pixels_are_no_shares_of_an_image() {
    let sent = "ImageID,LabelName,Score,XMin,XMax,YMin,YMax\n\
        000026e7ee790996,/m/01yrx,0.9,10,45,20,80\n000026e7ee790996,/m/0,0.9,0.5,0.2,0,1\nx,/m/01yrx,0.9,0,1,0,1\n";
    assert_eq!(
        refused("open_images_detection", sent),
        [
            at(Code::OutOfRange, "2"),
            at(Code::OutOfRange, "3"),
            at(Code::UnknownLabel, "3"),
            at(Code::UnknownIds, "4"),
        ]
    );
}

#[test]
fn speakers_are_rows_of_five_numbers() {
    let sent = r#"{"clips": {"c1": {"0": [[0.5, 1, 2, 3], [0.5, 9, 2, 3, 4], 7]}, "c9": {}, "c2": []}}"#;
    assert_eq!(
        refused("ego4d_avl_detection", sent),
        [
            at(Code::WrongShape, "/clips/c1/0/0"),
            at(Code::OutOfRange, "/clips/c1/0/1"),
            at(Code::WrongType, "/clips/c1/0/2"),
            at(Code::UnknownIds, "/clips/c9"),
            at(Code::WrongType, "/clips/c2"),
        ]
    );
    assert_eq!(refused("ego4d_avl_detection", "{}"), [at(Code::MissingField, "")]);
}
