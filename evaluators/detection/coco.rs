//! Detection as COCO scores it: boxes, masks, keypoints, and the objects of Ego4D's state changes.

mod manifest;

use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::dataset::{
    self, Dataset, Group, Kind, Reading, UnknownCategories, read_annotations, read_submission,
};
use crate::keypoints::{PERSON, Similarity};
use crate::matching::{AreaRange, Rules};
use crate::ranking::Ranking;
use crate::scores::{AT_75, RangeCurves, add_fewer, coco_thresholds};

/// The evaluators `coco_detection`, `coco_segmentation`, `coco_keypoints` and `ego4d_scod`.
#[derive(Debug)]
pub struct Coco {
    task: Task,
    manifest: Manifest,
}

/// What is detected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    Boxes,
    Masks,
    Keypoints,
    StateChange,
}

impl Coco {
    /// Boxes.
    pub fn boxes() -> Self {
        Self::of(Task::Boxes)
    }

    /// Masks.
    pub fn masks() -> Self {
        Self::of(Task::Masks)
    }

    /// Keypoints.
    pub fn keypoints() -> Self {
        Self::of(Task::Keypoints)
    }

    /// Boxes of the objects whose state changes, in Ego4D.
    pub fn state_change() -> Self {
        Self::of(Task::StateChange)
    }

    fn of(task: Task) -> Self {
        Self { task, manifest: manifest::manifest(task) }
    }
}

impl Evaluator for Coco {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let reading = reading(self.task, params, mode)?;
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let dataset = read_annotations(&main.bytes, &reading, annotations.are_unannotated())?;
        let most = params.integer("max_detections").unwrap_or(self.task.most()) as usize;
        let rules = Rules { thresholds: coco_thresholds(), ranges: self.task.ranges() };
        let metrics = manifest::metrics(self.task, most);
        Ok(Box::new(PreparedCoco { task: self.task, reading, dataset, rules, most, metrics }))
    }
}

fn reading(task: Task, params: &Params, mode: Mode) -> Result<Reading, Faults> {
    let kind = match task {
        Task::Boxes | Task::StateChange => Kind::Boxes,
        Task::Masks => Kind::Masks,
        Task::Keypoints => Kind::Keypoints(Similarity::new(&sigmas(params.text("sigmas"))?)),
    };
    let drop_unknown = mode == Mode::Reference || params.text("unknown_categories") == Some("drop");
    let group = match (task, params.text("group")) {
        (Task::StateChange, Some("image")) | (_, None) => Group::Image,
        (Task::StateChange, Some(_)) => Group::Video,
        (Task::Boxes | Task::Masks | Task::Keypoints, Some(field)) => Group::Field(field.to_owned()),
    };
    let only = params.texts("categories").filter(|names| !names.is_empty());
    Ok(Reading {
        kind,
        mode,
        only: only.map(<[String]>::to_vec),
        unknown_categories: match drop_unknown {
            true => UnknownCategories::Drop,
            false => UnknownCategories::Refuse,
        },
        empty_list: task == Task::StateChange,
        filled_boxes: task == Task::StateChange,
        federated: false,
        group,
    })
}

/// The spreads of keypoints, by default those of a person.
fn sigmas(text: Option<&str>) -> Result<Vec<f64>, Faults> {
    let Some(text) = text else {
        return Ok(PERSON.to_vec());
    };
    let numbers = text.split(',').map(|number| number.trim().parse::<f64>().ok());
    let numbers: Option<Vec<f64>> =
        numbers.map(|one| one.filter(|sigma| (1e-6..=1e6).contains(sigma))).collect();
    numbers.ok_or_else(|| {
        Faults::one(Fault::whole(
            Code::InvalidParameter,
            "the parameter `sigmas` is no list of spreads",
            "numbers above 0, separated by commas, one for each keypoint",
            sdk::text::quoted(text),
        ))
    })
}

impl Task {
    /// How many detections of a category count in an image.
    fn most(self) -> i64 {
        match self {
            Self::Boxes | Self::Masks | Self::StateChange => 100,
            Self::Keypoints => 20,
        }
    }

    /// The ranges of areas: all, then those with metrics of their own.
    fn ranges(self) -> Vec<AreaRange> {
        let [all, small, medium, large] = AreaRange::of_coco();
        match self {
            Self::Boxes | Self::Masks | Self::StateChange => vec![all, small, medium, large],
            Self::Keypoints => vec![all, medium, large],
        }
    }
}

#[derive(Debug)]
struct PreparedCoco {
    task: Task,
    reading: Reading,
    dataset: Dataset,
    rules: Rules,
    most: usize,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedCoco {
    fn items(&self) -> &Items {
        &self.dataset.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = read_submission(&self.dataset, &self.reading, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.dataset.items.len());
        evidence.note(
            "unknown_categories_dropped",
            sent.unknown_categories,
            "detections with a category that the annotations do not list are dropped",
        );
        evidence.note(
            "boxes_far_beyond_image",
            sent.beyond_image,
            "boxes end far beyond their image: a box is [x, y, width, height], not two corners",
        );
        evidence.note(
            "no_detections",
            u64::from(self.reading.empty_list && sent.detections.len() == 0),
            "nothing is detected in any image",
        );
        let ranked = Ranking {
            rules: &self.rules,
            names: &self.dataset.names,
            images: self.dataset.items.len(),
            objects: &self.dataset.objects,
            most: self.most,
            fewer: if self.task == Task::Keypoints { &[] } else { &[1, 10] },
            excused: &|_, _| false,
        }
        .rank(
            &sent.detections,
            (0..sent.detections.len() as u32).collect(),
            dataset::similarity(&self.reading.kind, &self.dataset, &sent.shapes),
            limits,
        )
        .map_err(|stopped| SubmissionFaults(stopped.into()))?;

        let thresholds = self.rules.thresholds.len();
        let ranges: Vec<RangeCurves> = ranked
            .ranges
            .into_iter()
            .map(|classes| RangeCurves::add(&mut evidence, classes, thresholds, &[]))
            .collect();
        let fewer = add_fewer(&mut evidence, ranked.fewer, thresholds, 2);
        let mut names = self.metrics.iter().map(|metric| metric.name.as_str());
        let mut add = |terms: Vec<_>| {
            let name = names.next().unwrap_or_default();
            evidence.metric_mean(name, 1.0, terms);
        };
        add(ranges[0].precision());
        add(vec![ranges[0].precision_at(0)]);
        add(vec![ranges[0].precision_at(AT_75)]);
        for range in &ranges[1..] {
            add(range.precision());
        }
        match self.task {
            Task::Boxes | Task::Masks | Task::StateChange => {
                fewer.into_iter().for_each(&mut add);
                add(ranges[0].recall());
            }
            Task::Keypoints => {
                add(ranges[0].recall());
                add(vec![ranges[0].recall_at(0)]);
                add(vec![ranges[0].recall_at(AT_75)]);
            }
        }
        for range in &ranges[1..] {
            add(range.recall());
        }
        Ok(evidence)
    }
}
