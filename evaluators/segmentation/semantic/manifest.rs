//! The documentation of `segmentation_semantic`.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::classes::TABLE;

const RULES: &str = "\
- Pixels whose truth is the ignored label (255 unless the classes say otherwise) do not count. \
A prediction has no ignored pixels: a label that is no class is refused (reference mode: it counts as a miss of the true class).
- A class that occurs in neither truth nor prediction of the images that are scored is left out of `mIoU_nanmean` and \
`mDice_nanmean`; one that is only predicted counts 0. `mIoU_present` leaves that one out as well; \
`mIoU_all_classes` counts both as 0.
- Sums run over all images before a quotient is taken, so that large images count more.
- A prediction has the size of its image. There are no ties.
- Modes differ in labels that are no class only.";

/// The metrics, with one more per named class.
pub(super) fn metrics(classes: &[String]) -> Vec<Metric> {
    let fixed = [
        (
            "mIoU_nanmean",
            "The mean of tp / (tp + fp + fn) over the classes that occur in truth or prediction.",
        ),
        ("mIoU_present", "The same over the classes that occur in the truth."),
        ("mIoU_all_classes", "The same over all classes; one that never occurs counts 0."),
        ("fwIoU", "The mean of the intersection over union weighted by the true pixels of the classes."),
        ("pixel_accuracy", "The share of pixels whose class is right."),
        ("mean_accuracy", "The mean of tp / (tp + fn) over the classes that occur in the truth."),
        (
            "mDice_nanmean",
            "The mean of 2 tp / (2 tp + fp + fn) over the classes that occur in truth or prediction.",
        ),
    ];
    let fixed = fixed.into_iter().map(|(name, description)| Metric::fraction(name, description));
    let of_class = |name: &String| {
        Metric::fraction(
            format!("IoU_{name}"),
            "The intersection over union tp / (tp + fp + fn) of the class.",
        )
    };
    fixed.chain(classes.iter().map(of_class)).collect()
}

pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "segmentation_semantic".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Semantic segmentation".to_owned(),
        description: "Every pixel of an image has one class, and one is predicted for it.".to_owned(),
        annotations: vec![
            Format {
                name: "main".to_owned(),
                media_type: sdk::files::ARCHIVE.to_owned(),
                optional: false,
                description: "A zip archive, or a folder, of one grey or palette PNG per image, whose pixel values are \
                    class labels; the path without extension is the id of the image. Small maps can stand in one JSON \
                    object of rows by id instead."
                    .to_owned(),
                example: "{\"kitchen_1\": [[0, 0, 1, 1], [0, 2, 1, 255]], \"kitchen_2\": [[2, 2], [2, 0]]}\n".to_owned(),
            },
            Format {
                name: TABLE.to_owned(),
                media_type: "application/json".to_owned(),
                optional: false,
                description: "How many classes there are (`num_classes`) or their `names`, and the label of ignored \
                    pixels (`ignore_index`, 255 where it is absent)."
                    .to_owned(),
                example: "{\"num_classes\": 3, \"names\": [\"floor\", \"table\", \"cup\"], \"ignore_index\": 255}\n".to_owned(),
            },
        ],
        unannotated: Some(Format::unannotated(
            "application/json",
            "The images of a test set: `images` with `file_name` (the path of the map; its extension does not matter), \
             `width` and `height`.",
            EXAMPLE_IMAGES,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: sdk::files::ARCHIVE.to_owned(),
            optional: false,
            description: "The same with predicted labels: a map for every image, of its size.".to_owned(),
            example: "{\"kitchen_1\": [[0, 0, 1, 1], [0, 0, 1, 1]], \"kitchen_2\": [[2, 2], [2, 2]]}\n".to_owned(),
        },
        metrics: metrics(&[]),
        params: Schema(vec![Param::new(
            "per_class",
            ParamKind::Boolean,
            ParamValue::Boolean(false),
            "Whether there is a metric `IoU_NAME` for every class as well.",
        )]),
        item: "image".to_owned(),
        resampling_unit: "folder, otherwise image".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "MMSegmentation, mean_iou".to_owned(),
                url: "https://github.com/open-mmlab/mmsegmentation".to_owned(),
            },
            Reference {
                title: "Long, Shelhamer and Darrell: Fully convolutional networks for semantic segmentation (CVPR 2015)".to_owned(),
                url: "https://arxiv.org/abs/1411.4038".to_owned(),
            },
        ],
    }
}

const EXAMPLE_IMAGES: &str = r#"{"images": [{"file_name": "kitchen_1.jpg", "width": 4, "height": 2},
 {"file_name": "kitchen_2.jpg", "width": 2, "height": 2}]}
"#;
