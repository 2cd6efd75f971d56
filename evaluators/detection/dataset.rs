//! Images, categories and true objects in the format of COCO, and the detections that are sent for them.

mod annotations;
mod fields;
mod objects;
mod submission;

use std::collections::HashMap;

use sdk::{Items, Mode};

use crate::boxes::{self, Box4};
use crate::keypoints::{Similarity, TrueKeypoints};
use crate::masks::Mask;
use crate::ranking::{Detections, Objects};

pub(crate) use annotations::read as read_annotations;
pub(crate) use submission::read as read_submission;

/// What detections and true objects are compared by.
#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// Boxes.
    Boxes,
    /// Masks.
    Masks,
    /// Keypoints with these spreads.
    Keypoints(Similarity),
}

/// What becomes of detections with a category that the annotations do not list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnknownCategories {
    /// They are faults.
    Refuse,
    /// They are dropped and noted.
    Drop,
}

/// How files are read.
#[derive(Debug, Clone)]
pub(crate) struct Reading {
    pub(crate) kind: Kind,
    pub(crate) mode: Mode,
    /// The categories that are scored, by name; nothing for all.
    pub(crate) only: Option<Vec<String>>,
    pub(crate) unknown_categories: UnknownCategories,
    /// Whether a list without detections is scored; otherwise it is a fault.
    pub(crate) empty_list: bool,
    /// Whether a box needs a width and a height above zero; otherwise either may be zero.
    pub(crate) filled_boxes: bool,
    /// Whether images say which categories were looked for (LVIS).
    pub(crate) federated: bool,
    /// How the group of an image is found.
    pub(crate) group: Group,
}

/// How the group of an image is found, which is drawn as a whole when items are resampled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Group {
    /// Every image by itself.
    Image,
    /// The value of a field of the image.
    Field(String),
    /// The field `video_uid` or `video_id`, or else the folder of the file name.
    Video,
}

/// The annotations.
#[derive(Debug, Default)]
pub(crate) struct Dataset {
    /// The images, by ascending id.
    pub(crate) items: Items,
    /// The position of every image.
    pub(crate) images: HashMap<i64, u32>,
    /// Height and width of every image, zero where they are not told.
    pub(crate) sizes: Vec<[u32; 2]>,
    /// The position of every category; nothing for one that is not scored.
    pub(crate) categories: HashMap<i64, Option<u32>>,
    /// The names of the scored categories.
    pub(crate) names: Vec<String>,
    /// Where the categories of each frequency begin and end: rare, common, frequent (LVIS).
    pub(crate) frequencies: [(u32, u32); 3],
    /// True objects of scored categories.
    pub(crate) objects: Objects,
    /// What the objects look like.
    pub(crate) shapes: TrueShapes,
    /// In which images a category was looked for and not found, and in which not all of it is marked (LVIS).
    pub(crate) looked_for: LookedFor,
}

/// Pairs of image and category, ascending.
#[derive(Debug, Default)]
pub(crate) struct LookedFor {
    pub(crate) absent: Vec<(u32, u32)>,
    pub(crate) not_exhaustive: Vec<(u32, u32)>,
}

/// What true objects look like, in their order.
#[derive(Debug)]
pub(crate) enum TrueShapes {
    Boxes(Vec<Box4>),
    Masks(Vec<Mask>),
    Keypoints(Vec<TrueKeypoints>),
}

impl Default for TrueShapes {
    fn default() -> Self {
        Self::Boxes(Vec::new())
    }
}

/// What detections look like, in their order.
#[derive(Debug)]
pub(crate) enum Shapes {
    Boxes(Vec<Box4>),
    Masks(Vec<Mask>),
    /// `x, y, v` of all keypoints of one detection after the other.
    Keypoints(Vec<f64>),
}

/// The detections of a submission.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) detections: Detections,
    pub(crate) shapes: Shapes,
    /// How many were dropped for their category.
    pub(crate) unknown_categories: u64,
    /// How many boxes end far beyond their image.
    pub(crate) beyond_image: u64,
}

/// The similarity of a detection with a true object, by their numbers.
pub(crate) fn similarity<'a>(
    kind: &'a Kind,
    dataset: &'a Dataset,
    sent: &'a Shapes,
) -> impl Fn(usize, usize) -> f64 + 'a {
    move |detection, object| match (&dataset.shapes, sent, kind) {
        (TrueShapes::Boxes(objects), Shapes::Boxes(sent), _) => {
            boxes::overlap(sent[detection], objects[object], dataset.objects.list[object].crowd)
        }
        (TrueShapes::Masks(objects), Shapes::Masks(sent), _) => {
            sent[detection].overlap(&objects[object], dataset.objects.list[object].crowd)
        }
        (TrueShapes::Keypoints(objects), Shapes::Keypoints(sent), Kind::Keypoints(similarity)) => {
            let width = similarity.count() * 3;
            similarity.of(&sent[detection * width..(detection + 1) * width], &objects[object])
        }
        _ => 0.0,
    }
}
