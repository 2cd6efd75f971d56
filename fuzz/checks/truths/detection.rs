//! The truths of the detection evaluators.

use super::{CANARY, Truth};

pub(crate) const TRUTHS: &[Truth] = &[
    Truth {
        evaluators: &["coco_detection", "ego4d_scod"],
        params: &[],
        main: BOXES,
        twin: BOXES_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["coco_detection"],
        params: &[("unknown_categories", "drop"), ("categories", "cup"), ("max_detections", "11")],
        main: BOXES,
        twin: BOXES_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["coco_segmentation"],
        params: &[],
        main: r#"{"images": [{"id": 1, "width": 8, "height": 6}, {"id": 2, "width": 8, "height": 6}],
            "categories": [{"id": 1, "name": "cup"}], "annotations": [
            {"id": 1, "image_id": 1, "category_id": 1, "area": 12, "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]]},
            {"id": 2, "image_id": 2, "category_id": 1, "area": 12, "iscrowd": 1, "note": "zanzibar",
             "segmentation": {"size": [6, 8], "counts": [12, 6, 6, 6, 18]}}]}"#,
        twin: r#"{"images": [{"id": 1, "width": 8, "height": 6}, {"id": 2, "width": 8, "height": 6}],
            "categories": [{"id": 1, "name": "cup"}], "annotations": [
            {"id": 0, "image_id": 2, "category_id": 1, "area": 1025, "note": "zanzibar",
             "segmentation": {"size": [6, 8], "counts": "0`1"}}]}"#,
        canary: CANARY,
    },
    Truth { evaluators: &["coco_keypoints"], params: &[], main: PERSONS, twin: PERSONS_TWIN, canary: CANARY },
    Truth {
        evaluators: &["coco_keypoints"],
        params: &[("sigmas", "0.1,0.2")],
        main: HANDS,
        twin: HANDS_TWIN,
        canary: CANARY,
    },
    Truth {
        evaluators: &["lvis_detection"],
        params: &[],
        main: r#"{"images": [
              {"id": 1, "width": 640, "height": 480, "neg_category_ids": [2], "not_exhaustive_category_ids": []},
              {"id": 2, "width": 640, "height": 480, "neg_category_ids": [], "not_exhaustive_category_ids": [1]}],
            "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
            "annotations": [
              {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800, "note": "zanzibar"},
              {"id": 2, "image_id": 2, "category_id": 2, "bbox": [10, 10, 30, 90], "area": 2700}]}"#,
        twin: r#"{"images": [
              {"id": 1, "width": 640, "height": 480, "neg_category_ids": [], "not_exhaustive_category_ids": [2]},
              {"id": 2, "width": 640, "height": 480, "neg_category_ids": [1, 2], "not_exhaustive_category_ids": []}],
            "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
            "annotations": [
              {"id": 1, "image_id": 2, "category_id": 1, "bbox": [1, 1, 0, 8], "area": 0, "note": "zanzibar"}]}"#,
        canary: CANARY,
    },
    Truth { evaluators: &["voc_detection"], params: &[], main: VOC, twin: VOC_TWIN, canary: None },
    Truth {
        evaluators: &["voc_detection"],
        params: &[("classes", "car,person,horse,bus"), ("reversed_boxes", "keep"), ("overlaps", "0,0.5,1")],
        main: VOC,
        twin: VOC_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["open_images_detection"],
        params: &[],
        main: OPEN_IMAGES,
        twin: OPEN_IMAGES_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["open_images_detection"],
        params: &[("groups", "ignore")],
        main: OPEN_IMAGES,
        twin: OPEN_IMAGES_TWIN,
        canary: None,
    },
    Truth {
        evaluators: &["ego4d_avl_detection"],
        params: &[],
        main: r#"{"clips": {"c1": {"0": [[535, 316, 597, 432], [1200, 121, 1295, 184]], "zanzibar": []}, "c2": {"0": []}}}"#,
        twin: r#"{"clips": {"c1": {}, "c2": {"zanzibar": [[1, 1, 1, 1]], "9": [[535, 316, 597, 432]]}}}"#,
        canary: CANARY,
    },
];

const BOXES: &str = r#"{"images": [{"id": 1, "width": 640, "height": 480, "file_name": "v/1.jpg"},
      {"id": 2, "width": 640, "height": 480, "file_name": "v/2.jpg"}],
    "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "knife"}], "annotations": [
      {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800, "note": "zanzibar"},
      {"id": 2, "image_id": 2, "category_id": 1, "bbox": [10, 10, 300, 90], "area": 27000, "iscrowd": 1}]}"#;

const BOXES_TWIN: &str = r#"{"images": [{"id": 1, "width": 640, "height": 480, "file_name": "v/1.jpg"},
      {"id": 2, "width": 640, "height": 480, "file_name": "v/2.jpg"}],
    "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "knife"}], "annotations": [
      {"id": 0, "image_id": 2, "category_id": 2, "bbox": [0, 0, 0, 0], "area": 1024},
      {"id": 7, "image_id": 2, "category_id": 2, "bbox": [98, 121, 61, 82], "area": 9e9, "note": "zanzibar"}]}"#;

const PERSONS: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "person"}], "annotations": [
    {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 100, 80, 200], "area": 9000, "note": "zanzibar",
     "keypoints": [140, 110, 2, 145, 105, 2, 135, 105, 2, 150, 108, 1, 130, 108, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]}"#;

const PERSONS_TWIN: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "person"}], "annotations": [
    {"id": 0, "image_id": 1, "category_id": 1, "bbox": [0, 0, 0, 0], "area": 0, "note": "zanzibar", "num_keypoints": 3,
     "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]}"#;

const HANDS: &str = r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}], "annotations": [
    {"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "area": 9, "note": "zanzibar", "keypoints": [1, 1, 2, 3, 3, 1]}]}"#;

const HANDS_TWIN: &str =
    r#"{"images": [{"id": 1}], "categories": [{"id": 1, "name": "hand"}], "annotations": []}"#;

const VOC: &str = "image_id,class,xmin,ymin,xmax,ymax,difficult
000012,car,156,97,351,270,0
000017,person,185,62,279,199,0
000017,horse,90,78,403,336,1
";

const VOC_TWIN: &str = "image_id,class,xmin,ymin,xmax,ymax
000017,car,1,1,1,1
000012,horse,150,99,350,272
000012,person,150,99,350,272
";

const OPEN_IMAGES: &str = "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf
000026e7ee790996,/m/01yrx,0.10,0.45,0.20,0.80,0
000026e7ee790996,/m/0bt9lr,0.50,0.95,0.30,0.90,1
";

const OPEN_IMAGES_TWIN: &str = "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf
000062a39995e348,/m/0bt9lr,0,0,0.30,0.90,0
000062a39995e348,/m/01yrx,0.25,0.60,0.15,0.70,1
";
