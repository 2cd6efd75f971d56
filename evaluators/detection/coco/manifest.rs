//! What is documented of detection as COCO scores it.

use sdk::{Format, Manifest, Metric, Param, ParamKind, ParamValue, Reference, Schema};

use super::Task;

/// The metrics with so many detections, in the order in which they are measured.
pub(super) fn metrics(task: Task, most: usize) -> Vec<Metric> {
    let precision = |name: &str, what: &str| {
        Metric::fraction(name, format!("average precision {what}, the mean over categories with objects"))
    };
    let mut metrics = vec![
        precision(
            "AP",
            "at similarities of 0.5 to 0.95 in steps of 0.05 (101 recalls, monotone envelope), their mean",
        ),
        precision("AP50", "at a similarity of 0.5"),
        precision("AP75", "at a similarity of 0.75"),
    ];
    let sizes = [
        ("s", "small objects, of an area up to 32 x 32"),
        ("m", "medium objects, of an area from 32 x 32 to 96 x 96"),
        ("l", "large objects, of an area from 96 x 96"),
    ];
    let sizes = &sizes[usize::from(task == Task::Keypoints)..];
    for (letter, size) in sizes {
        metrics.push(precision(&format!("AP{letter}"), &format!("of {size}")));
    }
    let recall = |name: String, what: String| {
        Metric::fraction(
            name,
            format!("recall {what}, the mean over categories with objects and over similarities"),
        )
    };
    if task == Task::Keypoints {
        metrics.push(recall("AR".to_owned(), format!("of {most} detections of a category in an image")));
        metrics.push(recall("AR50".to_owned(), "at a similarity of 0.5".to_owned()));
        metrics.push(recall("AR75".to_owned(), "at a similarity of 0.75".to_owned()));
    } else {
        for number in [1, 10, most] {
            let what = format!("of the best {number} detections of a category in an image");
            metrics.push(recall(format!("AR{number}"), what));
        }
    }
    for (letter, size) in sizes {
        metrics.push(recall(format!("AR{letter}"), format!("of {size}")));
    }
    metrics
}

/// The documentation of a task.
pub(super) fn manifest(task: Task) -> Manifest {
    let words = Words::of(task);
    Manifest {
        id: words.id.to_owned(),
        version: "1".to_owned(),
        title: words.title.to_owned(),
        description: words.description.to_owned(),
        annotations: vec![Format {
            name: "main".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: words.annotations.to_owned(),
            example: words.truth.to_owned(),
        }],
        unannotated: Some(Format::unannotated(
            "application/json",
            "`image_info_*.json`, as the images of a test set are published: the same file without `annotations`.",
            &without_objects(words.truth),
        )),
        submission: Format {
            name: "submission".to_owned(),
            media_type: "application/json".to_owned(),
            optional: false,
            description: words.submission.to_owned(),
            example: words.sent.to_owned(),
        },
        metrics: metrics(task, task.most() as usize),
        params: Schema(params(task)),
        item: "image".to_owned(),
        resampling_unit: if task == Task::StateChange { "video" } else { "image" }.to_owned(),
        rules: rules(task),
        references: references(task),
    }
}

/// The example without its last list, that of the objects.
fn without_objects(truth: &str) -> String {
    truth.split_once(",\n \"annotations\"").map_or_else(String::new, |(rest, _)| format!("{rest}}}"))
}

fn params(task: Task) -> Vec<Param> {
    if task == Task::StateChange {
        return vec![Param::new(
            "group",
            ParamKind::Choice { choices: vec!["video".to_owned(), "image".to_owned()] },
            ParamValue::Text("video".to_owned()),
            "what is resampled as a whole: a video (the field `video_uid` or `video_id` of an image, or else the folder of \
             its `file_name`), or an image",
        )];
    }
    let mut params = vec![
        Param::optional(
            "group",
            ParamKind::Text,
            "the field of an image whose value names the group that it is resampled with; by default every image is its own",
        ),
        Param::new(
            "categories",
            ParamKind::Texts,
            ParamValue::Texts(Vec::new()),
            "the names of the categories that are scored; an empty list for all",
        ),
        Param::new(
            "unknown_categories",
            ParamKind::Choice { choices: vec!["refuse".to_owned(), "drop".to_owned()] },
            ParamValue::Text("refuse".to_owned()),
            "what becomes of a detection with a category that the annotations do not list: a fault, or dropped and noted",
        ),
        Param::new(
            "max_detections",
            ParamKind::Integer { minimum: 11, maximum: 1000 },
            ParamValue::Integer(task.most()),
            "how many detections of one category count in one image, the best ones",
        ),
    ];
    if task == Task::Keypoints {
        params.push(Param::optional(
            "sigmas",
            ParamKind::Text,
            "how far each keypoint strays, as a share of the size of its object: numbers separated by commas, one for each \
             keypoint; by default those of the 17 keypoints of a person in COCO",
        ));
    }
    params
}

fn rules(task: Task) -> String {
    let area = match task {
        Task::Boxes | Task::StateChange => "The area of a detection is width times height.",
        Task::Masks => "The area of a detection is the number of its pixels.",
        Task::Keypoints => {
            "The area of a detection is that of its `bbox` if it has one, else of the box around its keypoints."
        }
    };
    let ignored = match task {
        Task::Keypoints => "a crowd, or without a labelled keypoint,",
        _ => "a crowd",
    };
    let mut rules = format!(
        "Detections of one category in one image go by descending score, **of equal scores the earlier row first**, and \
         only the best of them count. At each threshold one takes the untaken object that it resembles most, if by at least \
         the threshold; of equal similarities the later object. An object that is {ignored} or outside of the range of areas \
         (both ends included) is ignored: it need not be found, and what finds it is no mistake; a crowd takes any number of \
         detections. A detection that finds nothing and is outside of the range is ignored too. The area of an object is its \
         field `area`. {area} Over all images detections of equal scores go by ascending image id.\n\nA category without \
         objects (under weights: without weighted ones) leaves the mean; without any the metric is undefined, where the \
         public code says -1. Precision is hits / detections, where the public code adds 2e-16 to the denominator.\n\n\
         **Strict:** repeated ids of objects, images or categories are faults. "
    );
    rules += match task {
        Task::StateChange => {
            "So are detections of unknown categories, and boxes without width or height. A list without detections scores 0."
        }
        _ => {
            "So are detections of unknown categories unless `unknown_categories` is `drop`, boxes with a negative width or \
             height, and a list without detections."
        }
    };
    if task == Task::Masks {
        rules += " A mask must have the size of its image and cover all of it. A `bbox` that comes along is not looked at.";
    }
    rules += "\n\n**Reference:** as in the public code the match of an object with the id 0 is lost; of objects with the \
              same id the last stands for all; detections of unknown categories are dropped";
    rules += match task {
        Task::Masks => "; a `bbox` that comes along gives the area of its detection.",
        _ => "; boxes may have negative sides.",
    };
    rules
}

fn references(task: Task) -> Vec<Reference> {
    let reference = |title: &str, url: &str| Reference { title: title.to_owned(), url: url.to_owned() };
    let mut references = vec![
        reference(
            "Lin et al., Microsoft COCO: Common Objects in Context (2014)",
            "https://doi.org/10.1007/978-3-319-10602-1_48",
        ),
        reference("public evaluation code (pycocotools)", "https://github.com/cocodataset/cocoapi"),
    ];
    if task == Task::StateChange {
        references.insert(
            0,
            reference(
                "Grauman et al., Ego4D: Around the World in 3,000 Hours of Egocentric Video (2022)",
                "https://doi.org/10.1109/CVPR52688.2022.01842",
            ),
        );
        references.push(reference("the task's baselines", "https://github.com/EGO4D/hands-and-objects"));
    }
    references
}

/// What is particular to a task.
struct Words {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    annotations: &'static str,
    truth: &'static str,
    submission: &'static str,
    sent: &'static str,
}

impl Words {
    fn of(task: Task) -> Self {
        match task {
            Task::Boxes => BOXES,
            Task::Masks => MASKS,
            Task::Keypoints => KEYPOINTS,
            Task::StateChange => STATE_CHANGE,
        }
    }
}

const BOXES: Words = Words {
    id: "coco_detection",
    title: "Object detection (COCO)",
    description: "All objects of some categories are found in images, each with a box and a score.",
    annotations: "COCO's `images`, `categories` and `annotations`; an annotation has `id`, `image_id`, `category_id`, `bbox` \
        as `[x, y, width, height]` in pixels, `area` and, for a group that cannot be told apart, `iscrowd` 1.",
    truth: r#"{"images": [{"id": 1, "width": 640, "height": 480}, {"id": 2, "width": 640, "height": 480}],
 "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "knife"}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 120, 60, 80], "area": 4800, "iscrowd": 0},
  {"id": 2, "image_id": 1, "category_id": 2, "bbox": [300, 200, 20, 150], "area": 3000, "iscrowd": 0},
  {"id": 3, "image_id": 2, "category_id": 1, "bbox": [10, 10, 300, 90], "area": 27000, "iscrowd": 1}]}"#,
    submission: "A list of detections; an image without one has none.",
    sent: r#"[
 {"image_id": 1, "category_id": 1, "bbox": [98.5, 121.0, 61.0, 82.5], "score": 0.93},
 {"image_id": 1, "category_id": 2, "bbox": [290.0, 230.0, 40.0, 90.0], "score": 0.41},
 {"image_id": 2, "category_id": 1, "bbox": [20.0, 15.0, 50.0, 70.0], "score": 0.77}
]"#,
};

const MASKS: Words = Words {
    id: "coco_segmentation",
    title: "Instance segmentation (COCO)",
    description: "All objects of some categories are found in images, each with a mask and a score.",
    annotations: "COCO's `images` (with `height` and `width`), `categories` and `annotations`; an annotation has `id`, \
        `image_id`, `category_id`, `segmentation`, `area` and `iscrowd`. A segmentation is a list of polygons, or runs of \
        pixels `{\"size\": [height, width], \"counts\"}`, compressed or as a list.",
    truth: r#"{"images": [{"id": 1, "width": 8, "height": 6}, {"id": 2, "width": 8, "height": 6}],
 "categories": [{"id": 1, "name": "cup"}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "segmentation": [[1, 1, 5, 1, 5, 4, 1, 4]], "area": 12, "iscrowd": 0},
  {"id": 2, "image_id": 2, "category_id": 1, "area": 12, "iscrowd": 1,
   "segmentation": {"size": [6, 8], "counts": [12, 6, 6, 6, 18]}}]}"#,
    submission: "A list of detections with compressed runs of pixels, as `pycocotools.mask.encode` makes them; runs as a \
        list are read too. An image without a detection has none.",
    sent: r#"[
 {"image_id": 1, "category_id": 1, "segmentation": {"size": [6, 8], "counts": "73300000a0"}, "score": 0.93},
 {"image_id": 2, "category_id": 1, "segmentation": {"size": [6, 8], "counts": [13, 4, 31]}, "score": 0.41}
]"#,
};

const KEYPOINTS: Words = Words {
    id: "coco_keypoints",
    title: "Keypoint detection (COCO)",
    description: "All persons are found in images, each with the places of its keypoints and a score.",
    annotations: "COCO's `images`, `categories` and `annotations`; an annotation has `id`, `image_id`, `category_id`, \
        `keypoints` as `x, y, v` of each (`v` 0: not labelled), `bbox`, `area`, `iscrowd` and `num_keypoints` (else they \
        are counted).",
    truth: r#"{"images": [{"id": 1, "width": 640, "height": 480}], "categories": [{"id": 1, "name": "person"}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [100, 100, 80, 200], "area": 9000, "iscrowd": 0,
   "num_keypoints": 5, "keypoints": [140, 110, 2, 145, 105, 2, 135, 105, 2, 150, 108, 1, 130, 108, 1,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]}]}"#,
    submission: "A list of detections with `x, y, v` of every keypoint (`v` is not looked at). An image without a \
        detection has none.",
    sent: r#"[
 {"image_id": 1, "category_id": 1, "score": 0.93,
  "keypoints": [141, 110, 1, 145, 106, 1, 135, 104, 1, 151, 108, 1, 130, 109, 1,
   160, 150, 1, 120, 150, 1, 165, 190, 1, 115, 190, 1, 170, 220, 1, 110, 220, 1,
   150, 230, 1, 130, 230, 1, 150, 270, 1, 130, 270, 1, 150, 300, 1, 130, 300, 1]}
]"#,
};

const STATE_CHANGE: Words = Words {
    id: "ego4d_scod",
    title: "Ego4D State Change Object Detection",
    description: "The objects that a person is about to change, changes or has just changed are found in frames, each with \
        a box and a score.",
    annotations: "The frames in the format of COCO: `images` (with `video_uid`, or a `file_name` in a folder for each \
        video), `categories` (one, the object of change) and `annotations` with `id`, `image_id`, `category_id`, `bbox` as \
        `[x, y, width, height]` in pixels, `area` and `iscrowd`.",
    truth: r#"{"images": [{"id": 1, "file_name": "video-a/51064.jpg", "width": 1920, "height": 1080},
  {"id": 2, "file_name": "video-b/21503.jpg", "width": 1440, "height": 1080}],
 "categories": [{"id": 1, "name": "object_of_change"}],
 "annotations": [
  {"id": 1, "image_id": 1, "category_id": 1, "bbox": [800, 480, 210, 120], "area": 25200, "iscrowd": 0},
  {"id": 2, "image_id": 2, "category_id": 1, "bbox": [300, 500, 90, 60], "area": 5400, "iscrowd": 0}]}"#,
    submission: "A list of detections; a frame without one has none.",
    sent: r#"[
 {"image_id": 1, "category_id": 1, "bbox": [803.75, 490.92, 205.42, 111.09], "score": 0.759984},
 {"image_id": 2, "category_id": 1, "bbox": [690.76, 201.78, 158.19, 100.07], "score": 0.248302}
]"#,
};
