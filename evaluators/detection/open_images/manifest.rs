//! What is documented of Open Images.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

/// The name of the metric.
pub(super) const PRECISION: &str = "mAP@0.5";

const BOXES: &str = "ImageID,LabelName,XMin,XMax,YMin,YMax,IsGroupOf
000026e7ee790996,/m/01yrx,0.10,0.45,0.20,0.80,0
000026e7ee790996,/m/0bt9lr,0.50,0.95,0.30,0.90,1
000062a39995e348,/m/01yrx,0.25,0.60,0.15,0.70,0
";

const LABELS: &str = "ImageID,LabelName,Confidence
000026e7ee790996,/m/01yrx,1
000026e7ee790996,/m/0bt9lr,1
000062a39995e348,/m/01yrx,1
000062a39995e348,/m/0bt9lr,0
";

const HIERARCHY: &str = r#"{"LabelName": "/m/0bl9f", "Subcategory": [
  {"LabelName": "/m/0jbk", "Subcategory": [{"LabelName": "/m/01yrx"}, {"LabelName": "/m/0bt9lr"}]}]}"#;

const CLASSES: &str = "LabelName,DisplayName
/m/0jbk,Animal
/m/01yrx,Cat
/m/0bt9lr,Dog
";

const SENT: &str = "ImageID,LabelName,Score,XMin,XMax,YMin,YMax
000026e7ee790996,/m/01yrx,0.93,0.11,0.46,0.21,0.79
000026e7ee790996,/m/0jbk,0.90,0.11,0.46,0.21,0.79
000026e7ee790996,/m/0bt9lr,0.55,0.55,0.70,0.40,0.85
000062a39995e348,/m/0bt9lr,0.31,0.25,0.60,0.15,0.70
";

/// The documentation.
pub(super) fn manifest() -> Manifest {
    let format = |name: &str, media_type: &str, optional: bool, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        optional,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    let csv = |name: &str, optional: bool, description: &str, example: &str| {
        format(name, "text/csv", optional, description, example)
    };
    Manifest {
        id: "open_images_detection".to_owned(),
        version: "1".to_owned(),
        title: "Object detection (Open Images)".to_owned(),
        description: "All objects of the classes of a hierarchy are found in images, each with a box and a score. A class \
            counts in an image only if annotators looked for it there, and a cat is to be found as a cat and as an animal."
            .to_owned(),
        annotations: vec![
            csv(
                "main",
                false,
                "One row per box: `ImageID`, `LabelName`, its edges as shares of the sides of the image, and `IsGroupOf` (1 \
                 around a group of objects). Other columns are not looked at.",
                BOXES,
            ),
            csv(
                "image_labels",
                false,
                "Which classes were looked for in which images: `Confidence` 1 if the class is there, 0 if it is not.",
                LABELS,
            ),
            format(
                "hierarchy",
                "application/json",
                true,
                "Nodes of `LabelName` and `Subcategory`; the root is no class, and a `Part` is not looked at. Without it no \
                 class is a kind of another.",
                HIERARCHY,
            ),
            csv(
                "classes",
                true,
                "The classes that are scored, by `LabelName`, so that a detection of another one is a fault; without it all \
                 that labels, boxes and hierarchy name, and detections of others are dropped and noted.",
                CLASSES,
            ),
        ],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The list of images, with any other columns; `image_labels` is then not needed.",
            "ImageID\n000026e7ee790996\n000062a39995e348\n",
        )),
        submission: csv(
            "submission",
            false,
            "One row per detection, with its `Score`. What is a kind of something else is to be sent for both.",
            SENT,
        ),
        metrics: vec![Metric::fraction(
            PRECISION,
            "the mean over classes with objects of average precision (all points, monotone envelope) at an overlap of at \
             least 0.5",
        )],
        params: Schema(vec![Param::new(
            "groups",
            ParamKind::Choice { choices: vec!["count".to_owned(), "ignore".to_owned()] },
            ParamValue::Text("count".to_owned()),
            "whether a group is to be found once, as in the challenges (`count`), or only excuses what lies in it, as in the \
             metric of Open Images V2 (`ignore`)",
        )]),
        item: "image".to_owned(),
        resampling_unit: "image".to_owned(),
        rules: "A box is one of its class and of every class above it; so is a label of an image that says the class is \
            there, and one that says it is not holds for every class below. A detection counts if its image has a box or a \
            label of its class. Detections of a class go by descending score, **of equal scores the earlier row first** (the \
            public code's order of equal scores is not stable). Each is judged by the single object of its image that it \
            overlaps most, of equals the first: it is right if the overlap is at least 0.5 and the object is not taken. \
            Otherwise, if at least half of it lies within a group, the best such detection finds the group and the others do \
            not count. A class without objects leaves the mean. Edges may stick out of the image by up to a side.\n\nThe \
            public code does not count a group that only detections with a score of 0 or less find; here it is found. \
            Strict and reference mode are the same."
            .to_owned(),
        references: vec![
            Reference {
                title: "Kuznetsova et al., The Open Images Dataset V4 (2020)".to_owned(),
                url: "https://doi.org/10.1007/s11263-020-01316-z".to_owned(),
            },
            Reference {
                title: "public evaluation code (TensorFlow Object Detection API)".to_owned(),
                url: "https://github.com/tensorflow/models/tree/master/research/object_detection".to_owned(),
            },
        ],
    }
}
