//! What is documented of LVIS.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const TRUTH: &str = r#"{"images": [
  {"id": 1, "width": 640, "height": 480, "neg_category_ids": [2], "not_exhaustive_category_ids": []},
  {"id": 2, "width": 640, "height": 480, "neg_category_ids": [], "not_exhaustive_category_ids": [1]}],
 "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800},
  {"id": 2, "image_id": 2, "category_id": 1, "bbox": [300, 200, 20, 150], "area": 3000},
  {"id": 3, "image_id": 2, "category_id": 2, "bbox": [10, 10, 30, 90], "area": 2700}]}"#;

const UNANNOTATED: &str = r#"{"images": [
  {"id": 1, "width": 640, "height": 480}, {"id": 2, "width": 640, "height": 480}],
 "categories": [{"id": 1, "name": "cup", "frequency": "f"}, {"id": 2, "name": "ladle", "frequency": "r"}]}"#;

const SENT: &str = r#"[
 {"image_id": 1, "category_id": 1, "bbox": [98.5, 121.0, 61.0, 82.5], "score": 0.93},
 {"image_id": 1, "category_id": 2, "bbox": [290.0, 230.0, 40.0, 90.0], "score": 0.41},
 {"image_id": 2, "category_id": 2, "bbox": [12.0, 9.0, 29.0, 88.0], "score": 0.77}
]"#;

/// The metrics with so many detections of an image, in the order in which they are measured.
pub(super) fn metrics(most: usize) -> Vec<Metric> {
    let precision = |name: &str, what: &str| {
        Metric::fraction(name, format!("average precision {what}, the mean over categories with objects"))
    };
    let recall = |letter: &str, what: &str| {
        let what = format!(
            "recall {what} of the best {most} detections of an image, the mean over categories with objects and over \
             similarities"
        );
        Metric::fraction(format!("AR{letter}@{most}"), what)
    };
    vec![
        precision(
            "AP",
            "at overlaps of 0.5 to 0.95 in steps of 0.05 (101 recalls, monotone envelope), their mean",
        ),
        precision("AP50", "at an overlap of 0.5"),
        precision("AP75", "at an overlap of 0.75"),
        precision("APs", "of small objects, of an area up to 32 x 32"),
        precision("APm", "of medium objects, of an area from 32 x 32 to 96 x 96"),
        precision("APl", "of large objects, of an area from 96 x 96"),
        precision("APr", "of rare categories"),
        precision("APc", "of common categories"),
        precision("APf", "of frequent categories"),
        recall("", "of all objects"),
        recall("s", "of small objects"),
        recall("m", "of medium objects"),
        recall("l", "of large objects"),
    ]
}

/// The documentation.
pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "lvis_detection".to_owned(),
        version: "1".to_owned(),
        title: "Detection of many categories (LVIS)".to_owned(),
        description: "Objects of more than a thousand categories are found in images, each with a box (or mask) and a \
            score. A category counts in an image only if annotators looked for it there."
            .to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "The `images`, `categories` and `annotations` of LVIS. An image lists `neg_category_ids`, which it \
                is known not to show, and `not_exhaustive_category_ids`, of which some objects may not be marked; a \
                category has a `frequency` r, c or f; an annotation has `id`, `image_id`, `category_id`, `area` and `bbox` \
                as `[x, y, width, height]` (or `segmentation`)."
                .to_owned(),
            example: TRUTH.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`lvis_v1_image_info_test_*.json`: `images` and `categories` alone.",
            UNANNOTATED,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: "A list of detections in the format of COCO; an image without one has none.".to_owned(),
            example: SENT.to_owned(),
        },
        metrics: metrics(super::MOST as usize),
        params: Schema(vec![
            Param::new(
                "shape",
                ParamKind::Choice { choices: vec!["boxes".to_owned(), "masks".to_owned()] },
                ParamValue::Text("boxes".to_owned()),
                "what is compared: boxes (`bbox`) or masks (`segmentation`)",
            ),
            Param::optional(
                "group",
                ParamKind::Text,
                "the field of an image whose value names the group that it is resampled with; by default every image is \
                 its own",
            ),
            Param::new(
                "unknown_categories",
                ParamKind::Choice { choices: vec!["refuse".to_owned(), "drop".to_owned()] },
                ParamValue::Text("refuse".to_owned()),
                "what becomes of a detection with a category that the annotations do not list: a fault, or dropped and noted",
            ),
            Param::new(
                "max_detections",
                ParamKind::Integer { minimum: 1, maximum: 10_000 },
                ParamValue::Integer(super::MOST),
                "how many detections count in one image over all categories, the best ones",
            ),
        ]),
        item: "image".to_owned(),
        resampling_unit: "image".to_owned(),
        rules: "Only the best detections of an image count, over all categories, of equal scores the earlier rows. A \
            detection counts if its category has an object in the image or is listed as absent from it; one that finds \
            nothing is ignored where the category is not exhaustively marked. Otherwise detections are matched and ranked as \
            in COCO: by descending score, **of equal scores the earlier row first**, each with the untaken object that it \
            overlaps most, of equals the later one; objects outside of a range of areas are ignored. There are no crowds; an \
            object with `ignore` 1 is ignored.\n\nA category without objects leaves the mean; without any the metric is \
            undefined, where the public code says -1.\n\n**Strict:** repeated ids, boxes with negative sides, a list without \
            detections and, unless `unknown_categories` is `drop`, detections of unknown categories are faults.\n\n\
            **Reference:** the match of an object with the id 0 is lost, of objects with the same id the last stands for \
            all, detections of unknown categories are dropped, and boxes may have negative sides, as in the public code."
            .to_owned(),
        references: vec![
            Reference {
                title: "Gupta et al., LVIS: A Dataset for Large Vocabulary Instance Segmentation (2019)".to_owned(),
                url: "https://doi.org/10.1109/CVPR.2019.00550".to_owned(),
            },
            Reference {
                title: "public evaluation code".to_owned(),
                url: "https://github.com/lvis-dataset/lvis-api".to_owned(),
            },
        ],
    }
}
