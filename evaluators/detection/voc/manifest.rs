//! What is documented of Pascal VOC.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

const IMAGES: &str = "image_id\n000012\n000017\n";

const TRUTH: &str = "image_id,class,xmin,ymin,xmax,ymax,difficult
000012,car,156,97,351,270,0
000017,person,185,62,279,199,0
000017,horse,90,78,403,336,0
000017,person,10,20,30,90,1
";

const SENT: &str = "image_id,class,score,xmin,ymin,xmax,ymax
000012,car,0.93,150.2,99.0,349.8,272.5
000017,person,0.81,180.0,60.5,285.0,190.0
000017,horse,0.34,200.0,150.0,420.0,330.0
";

/// The metrics at these overlaps, in the order in which they are measured.
pub(super) fn metrics(overlaps: &[f64]) -> Vec<Metric> {
    let of = |overlap: &f64| {
        // A share of 0.55 times 100 is 55.00000000000001.
        let percent = (overlap * 100.0 * 1e6).round() / 1e6;
        let at = format!(
            "the mean over classes with objects of average precision at an overlap of more than {overlap}"
        );
        [
            Metric::fraction(
                format!("mAP{percent}"),
                format!("{at} (all points, monotone envelope; VOC 2010 and later)"),
            ),
            Metric::fraction(format!("mAP{percent}_11pt"), format!("{at} (recalls 0, 0.1 .. 1; VOC 2007)")),
        ]
    };
    overlaps.iter().flat_map(of).collect()
}

/// The documentation.
pub(super) fn manifest() -> Manifest {
    let csv = |name: &str, description: &str, example: &str| Format {
        name: name.to_owned(),
        media_type: "text/csv".to_owned(),
        optional: false,
        description: description.to_owned(),
        example: example.to_owned(),
    };
    Manifest {
        id: "voc_detection".to_owned(),
        version: "1".to_owned(),
        title: "Object detection (Pascal VOC)".to_owned(),
        description: "All objects of some classes are found in images, each with a box and a score.".to_owned(),
        annotations: vec![
            csv(
                "main",
                "One row per object: `image_id`, `class`, its left, upper, right and lower pixel, and `difficult` (0 or 1; 0 \
                 where the column is absent).",
                TRUTH,
            ),
            csv("images", "The ids of all images, with objects or without.", IMAGES),
        ],
        unannotated: Some(Format::unannotated(
            "text/csv",
            "The ids of all images; the table `images` is then not needed.",
            IMAGES,
        )),
        submission: csv("submission", "One row per detection, with its `score`.", SENT),
        metrics: metrics(&super::OVERLAPS),
        params: Schema(vec![
            Param::new(
                "overlaps",
                ParamKind::Numbers { minimum: 0.0, maximum: 1.0, most: 32 },
                ParamValue::Numbers(super::OVERLAPS.to_vec()),
                "the overlaps that a detection must exceed; the first one ranks",
            ),
            Param::new(
                "classes",
                ParamKind::Texts,
                ParamValue::Texts(Vec::new()),
                "all classes by name, so that a detection of another one is a fault; without a list the classes are those of \
                 the objects, and detections of others are dropped and noted",
            ),
            Param::new(
                "reversed_boxes",
                ParamKind::Choice { choices: vec!["refuse".to_owned(), "keep".to_owned()] },
                ParamValue::Text("refuse".to_owned()),
                "what becomes of a detection that ends before it starts: a fault, or kept as the public code does",
            ),
        ]),
        item: "image".to_owned(),
        resampling_unit: "image".to_owned(),
        rules: "Both corners belong to a box: its width is `xmax - xmin + 1`. Detections of a class go by descending score, \
            **of equal scores the earlier row first** (the public code's order of equal scores is not stable). Each is judged \
            by the object of its class and image that it overlaps most, of equals the first: it is right if the overlap is \
            **more** than the threshold and the object is not taken, and wrong if it is taken; a second best object is not \
            tried. A difficult object need not be found, and what overlaps it is not counted. A class without objects that \
            are not difficult leaves the mean.\n\n**Strict:** boxes that end before they start are faults, in a submission unless `reversed_boxes` is `keep`.\n\n**Reference:** \
            they are kept."
            .to_owned(),
        references: vec![
            Reference {
                title: "Everingham et al., The Pascal Visual Object Classes Challenge: A Retrospective (2015)".to_owned(),
                url: "https://doi.org/10.1007/s11263-014-0733-5".to_owned(),
            },
            Reference {
                title: "public evaluation code in Python (voc_eval)".to_owned(),
                url: "https://github.com/rbgirshick/py-faster-rcnn".to_owned(),
            },
        ],
    }
}
