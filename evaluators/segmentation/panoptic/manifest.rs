//! The documentation of `segmentation_panoptic`.

use sdk::{Format, Manifest, Metric, Reference, Schema};

const RULES: &str = "\
- A segment matches the true one of the same category with which it shares more than half of the union; pixels that are \
void in the truth (id 0) do not count for the union. A segment has at most one match.
- A true segment marked `iscrowd` is neither found nor missed.
- A predicted segment without a match is ignored if more than half of it is void, or of the crowd of its category; of \
several crowds of a category in an image the last one listed counts, as in the public code.
- A category counts if it has a match, a false positive or a miss among the images that are scored; `n` says how many do.
- Areas are counted from the pixels. The public code takes those of true segments from the field `area`.
- Every listed segment has pixels, every pixel but void a listed segment, in the truth as well.
- There are no ties. Modes: strict and reference are the same.";

/// The metrics in the order of the evidence.
pub(super) fn metrics() -> Vec<Metric> {
    let sets = [("All", "all categories"), ("Things", "the things"), ("Stuff", "the stuff")];
    sets.into_iter()
        .flat_map(|(set, of)| {
            let mean = |name: &str, formula: &str| {
                Metric::fraction(
                    format!("{set}_{name}"),
                    format!("The mean of {formula} over {of} that occur."),
                )
            };
            let count = Metric {
                unit: "categories".to_owned(),
                maximum: None,
                decimals: 0,
                ..Metric::fraction(format!("{set}_n"), format!("How many of {of} occur."))
            };
            [
                mean("pq", "the panoptic quality sum(IoU) / (tp + fp / 2 + fn / 2)"),
                mean("sq", "the segmentation quality sum(IoU) / tp"),
                mean("rq", "the recognition quality tp / (tp + fp / 2 + fn / 2)"),
                count,
            ]
        })
        .collect()
}

pub(super) fn manifest() -> Manifest {
    Manifest {
        id: "segmentation_panoptic".to_owned(),
        version: "1.0.0".to_owned(),
        title: "Panoptic segmentation".to_owned(),
        description: "Every pixel belongs to one segment, a thing or stuff, and every segment has a category.".to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: sdk::files::ARCHIVE.to_owned(),
            optional: false,
            description: "COCO panoptic: a zip archive, or a folder, of one JSON file and the PNG images that it names \
                by `file_name`. A pixel's colour spells the id of its segment, R + 256 G + 65536 B; 0 is void. Small \
                images can have their ids as rows in `label_map` instead of a PNG image."
                .to_owned(),
            example: EXAMPLE_TRUTH.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`panoptic_image_info_*.json`, as the images of a test set are published: `images` with `id`, `width` and \
             `height`, and `categories`.",
            EXAMPLE_IMAGES,
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: sdk::files::ARCHIVE.to_owned(),
            optional: false,
            description: "The same with an entry for every image; only `annotations` counts.".to_owned(),
            example: EXAMPLE_SUBMISSION.to_owned(),
        },
        metrics: metrics(),
        params: Schema::default(),
        item: "image".to_owned(),
        resampling_unit: "image".to_owned(),
        rules: RULES.to_owned(),
        references: vec![
            Reference {
                title: "Kirillov et al.: Panoptic segmentation (CVPR 2019)".to_owned(),
                url: "https://arxiv.org/abs/1801.00868".to_owned(),
            },
            Reference {
                title: "panopticapi, evaluation.py".to_owned(),
                url: "https://github.com/cocodataset/panopticapi".to_owned(),
            },
        ],
    }
}

const EXAMPLE_TRUTH: &str = r#"{"categories": [{"id": 1, "name": "cup", "isthing": 1}, {"id": 2, "name": "wall", "isthing": 0}],
 "annotations": [
  {"image_id": 7, "label_map": [[5, 5, 9, 9], [5, 5, 9, 0]], "segments_info": [
   {"id": 5, "category_id": 1, "iscrowd": 0}, {"id": 9, "category_id": 2, "iscrowd": 0}]}]}
"#;

const EXAMPLE_IMAGES: &str = r#"{"images": [{"id": 7, "width": 4, "height": 2}],
 "categories": [{"id": 1, "name": "cup", "isthing": 1}, {"id": 2, "name": "wall", "isthing": 0}]}
"#;

const EXAMPLE_SUBMISSION: &str = r#"{"annotations": [
  {"image_id": 7, "label_map": [[1, 1, 2, 2], [1, 2, 2, 2]], "segments_info": [
   {"id": 1, "category_id": 1}, {"id": 2, "category_id": 2}]}]}
"#;
