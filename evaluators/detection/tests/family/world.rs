//! Made-up images with objects and detections, written in the format of every task.

use proptest::prelude::*;
use serde_json::{Value, json};

/// The categories; the first is common and the last is rare.
pub(crate) const CATEGORIES: [&str; 3] = ["cup", "knife", "ladle"];

/// The side of every image.
pub(crate) const SIDE: i64 = 320;

/// An object or a detection: its category and its box.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    pub(crate) category: usize,
    pub(crate) x: i64,
    pub(crate) y: i64,
    pub(crate) width: i64,
    pub(crate) height: i64,
}

#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// Objects, and whether each is out of the ordinary: a crowd, difficult, a group.
    pub(crate) objects: Vec<(Seen, bool)>,
    /// Detections; within an image their scores descend.
    pub(crate) detections: Vec<Seen>,
    /// What is known of every category (LVIS, Open Images): 0 nothing, 1 absent, 2 not all of it is marked.
    pub(crate) known: [u8; 3],
}

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) images: Vec<Image>,
}

fn seen() -> impl Strategy<Value = Seen> {
    // A coarse grid: equal overlaps and exact thresholds are common.
    (0..CATEGORIES.len(), 0..4_i64, 0..4_i64, 1..5_i64, 1..5_i64).prop_map(
        |(category, x, y, width, height)| Seen {
            category,
            x: x * 24,
            y: y * 24,
            width: width * 24,
            height: height * 24,
        },
    )
}

pub(crate) fn world() -> impl Strategy<Value = World> {
    let objects = prop::collection::vec((seen(), prop::bool::weighted(0.2)), 0..5);
    let detections = prop::collection::vec(seen(), 0..9);
    let image = (objects, detections, prop::array::uniform3(0..3_u8))
        .prop_map(|(objects, detections, known)| Image { objects, detections, known });
    prop::collection::vec(image, 2..5)
        .prop_map(|images| World { images })
        .prop_filter("a detection", |world| world.images.iter().all(|image| !image.detections.is_empty()))
}

/// The annotations and the submission of a task.
#[derive(Debug, Clone)]
pub(crate) struct Files {
    pub(crate) tables: Vec<(&'static str, String)>,
    pub(crate) submission: String,
}

impl Files {
    /// The tables as they are passed to an evaluator.
    pub(crate) fn tables(&self) -> Vec<(&str, &str)> {
        self.tables.iter().map(|(name, text)| (*name, text.as_str())).collect()
    }
}

/// Runs of pixels, column by column.
fn runs(seen: &Seen) -> Value {
    let (mut counts, mut at) = (Vec::new(), 0);
    for column in seen.x..seen.x + seen.width {
        let start = column * SIDE + seen.y;
        counts.extend([start - at, seen.height]);
        at = start + seen.height;
    }
    counts.push(SIDE * SIDE - at);
    json!({"size": [SIDE, SIDE], "counts": counts})
}

/// Two keypoints, at the corners of the box; the first is not labelled where the box is narrow.
fn keypoints(seen: &Seen) -> Value {
    let labelled = if seen.width > 24 { 2 } else { 0 };
    let (right, lower) = (seen.x + seen.width, seen.y + seen.height);
    json!([seen.x, seen.y, labelled, right, lower, if seen.height > 24 { 1 } else { 0 }])
}

fn bounds(seen: &Seen) -> Value {
    json!([seen.x, seen.y, seen.width, seen.height])
}

/// Scores are distinct within an image, and the same from image to image.
fn score(rank: usize) -> f64 {
    (16 - rank) as f64 / 16.0
}

impl World {
    /// Every image once.
    pub(crate) fn once(&self) -> Vec<u8> {
        vec![1; self.images.len()]
    }

    /// The images with their ids, every one so many times, copies side by side.
    fn copied<'w>(&'w self, copies: &'w [u8]) -> impl Iterator<Item = (i64, &'w Image)> {
        let images = self.images.iter().zip(copies);
        (1..).zip(images.flat_map(|(image, copies)| std::iter::repeat_n(image, usize::from(*copies))))
    }

    /// The files of the tasks of COCO and of LVIS.
    pub(crate) fn coco(&self, id: &str, copies: &[u8]) -> Files {
        let (mut images, mut annotations, mut sent) = (Vec::new(), Vec::new(), Vec::new());
        for (number, image) in self.copied(copies) {
            let known = |wanted: u8| -> Vec<usize> {
                (0..CATEGORIES.len())
                    .filter(|category| image.known[*category] == wanted)
                    .map(|one| one + 1)
                    .collect()
            };
            images.push(json!({
                "id": number, "width": SIDE, "height": SIDE, "file_name": format!("v/{number}.jpg"),
                "neg_category_ids": known(1), "not_exhaustive_category_ids": known(2),
            }));
            for (object, odd) in &image.objects {
                // LVIS has no crowds, and COCO ignores nothing else.
                let odd_field = if id == "lvis_detection" { "ignore" } else { "iscrowd" };
                annotations.push(json!({
                    "id": annotations.len() + 1, "image_id": number, "category_id": object.category + 1,
                    "bbox": bounds(object), "area": object.width * object.height, "segmentation": runs(object),
                    "keypoints": keypoints(object), odd_field: u8::from(*odd),
                }));
            }
            for (rank, one) in image.detections.iter().enumerate() {
                let mut record =
                    json!({"image_id": number, "category_id": one.category + 1, "score": score(rank)});
                match id {
                    "coco_segmentation" => record["segmentation"] = runs(one),
                    "coco_keypoints" => record["keypoints"] = keypoints(one),
                    _ => record["bbox"] = bounds(one),
                }
                sent.push(record);
            }
        }
        let categories: Vec<Value> = CATEGORIES
            .iter()
            .zip(["f", "c", "r"])
            .zip(1..)
            .map(|((name, frequency), id)| json!({"id": id, "name": name, "frequency": frequency}))
            .collect();
        let truth = json!({"annotations": annotations, "images": images, "categories": categories});
        Files { tables: vec![("main", truth.to_string())], submission: Value::from(sent).to_string() }
    }

    /// The files of Pascal VOC.
    pub(crate) fn voc(&self, copies: &[u8]) -> Files {
        let mut images = "image_id\n".to_owned();
        let mut truth = "image_id,class,xmin,ymin,xmax,ymax,difficult\n".to_owned();
        let mut sent = "image_id,class,score,xmin,ymin,xmax,ymax\n".to_owned();
        for (number, image) in self.copied(copies) {
            images += &format!("i{number}\n");
            for (object, odd) in &image.objects {
                truth += &format!(
                    "i{number},{},{},{}\n",
                    CATEGORIES[object.category],
                    corners(object),
                    u8::from(*odd)
                );
            }
            for (rank, one) in image.detections.iter().enumerate() {
                sent += &format!("i{number},{},{},{}\n", CATEGORIES[one.category], score(rank), corners(one));
            }
        }
        Files { tables: vec![("main", truth), ("images", images)], submission: sent }
    }

    /// The files of active speakers, a clip of one frame for every image.
    pub(crate) fn speakers(&self, copies: &[u8]) -> Files {
        let (mut truth, mut sent) = (serde_json::Map::new(), serde_json::Map::new());
        for (number, image) in self.copied(copies) {
            let boxes = image.objects.iter().map(|(object, _)| format!("[{}]", corners(object)));
            let detections = image
                .detections
                .iter()
                .enumerate()
                .map(|(rank, one)| format!("[{},{}]", score(rank), corners(one)));
            let list = |rows: Vec<String>| -> Value {
                serde_json::from_str(&format!("[{}]", rows.join(","))).unwrap()
            };
            truth.insert(format!("c{number}"), json!({"0": list(boxes.collect())}));
            sent.insert(format!("c{number}"), json!({"0": list(detections.collect())}));
        }
        let truth = json!({"clips": truth}).to_string();
        Files { tables: vec![("main", truth)], submission: json!({"clips": sent}).to_string() }
    }

    /// The files of Open Images: a ladle is a kind of cup.
    pub(crate) fn open_images(&self, copies: &[u8]) -> Files {
        let mut truth = "ImageID,LabelName,IsGroupOf,XMin,YMin,XMax,YMax\n".to_owned();
        let mut labels = "ImageID,LabelName,Confidence\n".to_owned();
        let mut sent = "ImageID,LabelName,Score,XMin,YMin,XMax,YMax\n".to_owned();
        for (number, image) in self.copied(copies) {
            for (object, odd) in &image.objects {
                let class = CATEGORIES[object.category];
                truth += &format!("i{number},{class},{},{}\n", u8::from(*odd), edges(object));
            }
            // An image is known by its labels, so that every one needs a label.
            labels += &format!("i{number},other,0\n");
            for (category, known) in image.known.iter().enumerate().filter(|(_, known)| **known > 0) {
                labels += &format!("i{number},{},{}\n", CATEGORIES[category], known - 1);
            }
            for (rank, one) in image.detections.iter().enumerate() {
                sent += &format!("i{number},{},{},{}\n", CATEGORIES[one.category], score(rank), edges(one));
            }
        }
        let hierarchy = json!({"LabelName": "all", "Subcategory": [
            {"LabelName": "cup", "Subcategory": [{"LabelName": "ladle"}]}, {"LabelName": "knife"}]});
        let tables = vec![("main", truth), ("image_labels", labels), ("hierarchy", hierarchy.to_string())];
        Files { tables, submission: sent }
    }

    /// The files of a task.
    pub(crate) fn files(&self, id: &str, copies: &[u8]) -> Files {
        match id {
            "voc_detection" => self.voc(copies),
            "ego4d_avl_detection" => self.speakers(copies),
            "open_images_detection" => self.open_images(copies),
            _ => self.coco(id, copies),
        }
    }
}

/// Parameters with which a task reads the files of a world.
pub(crate) fn params(id: &str) -> &'static [(&'static str, &'static str)] {
    match id {
        "coco_keypoints" => &[("sigmas", "0.1, 0.2")],
        _ => &[],
    }
}

/// Both corners, whose pixels belong to the box.
fn corners(seen: &Seen) -> String {
    format!("{},{},{},{}", seen.x, seen.y, seen.x + seen.width - 1, seen.y + seen.height - 1)
}

/// The edges as shares of the image.
pub(crate) fn shares(seen: &Seen) -> [f64; 4] {
    [seen.x, seen.y, seen.x + seen.width, seen.y + seen.height].map(|edge| edge as f64 / SIDE as f64)
}

fn edges(seen: &Seen) -> String {
    shares(seen).map(|edge| edge.to_string()).join(",")
}
