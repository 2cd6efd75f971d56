//! `egoexo_correspondence`: an object that is marked in one camera is found in another.

mod annotations;
mod frame;
mod manifest;
mod marked;
mod submission;

use std::collections::HashMap;

use ndarray::{Array1, Array2};
use sdk::evidence::{Cell, Confusion, ConfusionMeasure, Mean};
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::boundary::{BOUND, boundary_f, tolerance};
use crate::mask::Mask;
use crate::rle::Rle;
use annotations::Takes;
use frame::{Frames, SIDE, centre};

/// The evaluator of Ego-Exo4D correspondence.
#[derive(Debug)]
pub struct EgoExoCorrespondence {
    manifest: Manifest,
}

impl EgoExoCorrespondence {
    /// The evaluator with its documentation.
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Default for EgoExoCorrespondence {
    fn default() -> Self {
        Self::new()
    }
}

/// From which camera an object is carried over to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Direction {
    EgoExo,
    ExoEgo,
}

impl Direction {
    const BOTH: [Self; 2] = [Self::EgoExo, Self::ExoEgo];

    /// The name in files and parameters.
    fn name(self) -> &'static str {
        match self {
            Self::EgoExo => "ego-exo",
            Self::ExoEgo => "exo-ego",
        }
    }

    /// The start of the names of metrics.
    fn prefix(self) -> &'static str {
        match self {
            Self::EgoExo => "ego_exo",
            Self::ExoEgo => "exo_ego",
        }
    }
}

/// Something that is to be predicted: an object, a pair of cameras and a frame.
#[derive(Debug)]
struct Target {
    /// The item, if the other camera was annotated in this frame.
    item: Option<u32>,
    /// The mask in the other camera, where the object is visible there, at the size of scoring.
    truth: Option<Rle>,
}

/// What is to be predicted: take, object, pair of cameras, frame.
type Targets = HashMap<String, HashMap<String, HashMap<String, HashMap<i64, usize>>>>;

impl Evaluator for EgoExoCorrespondence {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let of_main = |faults: Faults| AnnotationFaults(faults.of_file(Inputs::MAIN));
        let file = annotations.require(Inputs::MAIN)?.single().map_err(of_main)?;
        let takes = match annotations.are_unannotated() {
            true => marked::read(&file.bytes, &Limits::default()),
            false => Takes::read(&file.bytes, &Limits::default()),
        }
        .map_err(of_main)?;
        let wanted = params.text("direction").unwrap_or(manifest::BOTH);
        let directions: Vec<Direction> = Direction::BOTH
            .into_iter()
            .filter(|direction| wanted == manifest::BOTH || wanted == direction.name())
            .collect();
        let mut prepared = PreparedTakes {
            items: Items::default(),
            direction_of_item: Vec::new(),
            targets: Vec::new(),
            by_name: Vec::new(),
            frames: Frames::of(&takes),
            metrics: manifest::metrics(&directions),
            directions,
            mode,
        };
        prepared.list_targets(&takes);
        if prepared.items.is_empty() {
            let message = "there is nothing to predict";
            let expected = "objects with masks in an ego camera (its name has \"aria\" in it) and in others";
            let fault = Fault::whole(Code::EmptySubmission, message, expected, "none");
            return Err(of_main(Faults::one(fault)));
        }
        Ok(Box::new(prepared))
    }
}

#[derive(Debug)]
struct PreparedTakes {
    items: Items,
    direction_of_item: Vec<Direction>,
    directions: Vec<Direction>,
    targets: Vec<Target>,
    /// For every direction the targets by name.
    by_name: Vec<Targets>,
    frames: Frames,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl PreparedTakes {
    fn list_targets(&mut self, takes: &Takes) {
        let (mut items, mut directions, mut objects) = (Vec::new(), Vec::new(), Vec::new());
        for direction in self.directions.clone() {
            let mut by_name = Targets::new();
            for take in &takes.takes {
                let of_take = by_name.entry(take.name.clone()).or_default();
                for object in &take.objects {
                    let of_object = of_take.entry(object.name.clone()).or_default();
                    for (source, target) in object.pairs(direction) {
                        let pair = format!("{}_{}", source.name, target.name);
                        let of_pair = of_object.entry(pair.clone()).or_default();
                        for frame in source.masks.keys() {
                            let scored = target.annotated.contains(frame);
                            let item = scored.then(|| {
                                items.push((
                                    format!(
                                        "{}/{}/{}/{pair}/{frame}",
                                        direction.name(),
                                        take.name,
                                        object.name
                                    ),
                                    take.name.clone(),
                                ));
                                directions.push(direction);
                                objects.push(object.name.as_str());
                                items.len() as u32 - 1
                            });
                            let truth = item.and_then(|_| target.masks.get(frame)).map(frame::scaled);
                            of_pair.insert(*frame, self.targets.len());
                            self.targets.push(Target { item, truth });
                        }
                    }
                }
            }
            self.by_name.push(by_name);
        }
        self.items = Items::new(items);
        self.items.set_attribute("direction", directions.iter().map(|direction| [direction.name()]));
        self.items.set_attribute("object", objects.iter().map(|object| [object]));
        self.direction_of_item = directions;
    }
}

/// What is known of an item once it is predicted.
#[derive(Debug, Clone, Copy, Default)]
struct Outcome {
    visible: bool,
    said_visible: bool,
    overlap: f64,
    contour: f64,
    location: f64,
}

impl Outcome {
    fn of(target: &Target, predicted: &Rle, confidence: f64, mode: Mode) -> Self {
        let said_visible = confidence > manifest::CONFIDENCE;
        let Some(truth) = &target.truth else { return Self { said_visible, ..Self::default() } };
        let truth = truth.mask();
        let found = frame::fitted(predicted, truth.size());
        let (both, any) = truth.overlap(&found);
        Self {
            visible: true,
            said_visible,
            overlap: if any == 0 { 1.0 } else { both as f64 / (any as f64 + 1e-7) },
            contour: boundary_f(&truth, &found, tolerance(truth.size(), BOUND)),
            location: location_error(&truth, &found, mode),
        }
    }
}

/// The distance of the centres of two masks, as a share of the diagonal of a square frame.
fn location_error(truth: &Mask, found: &Mask, mode: Mode) -> f64 {
    let (a, b) = (centre(truth, mode), centre(found, mode));
    let squares = (a.0 - b.0).pow(2) + (a.1 - b.1).pow(2);
    let side = SIDE as f64;
    (squares as f64).sqrt() / (2.0 * side * side).sqrt()
}

impl Prepared for PreparedTakes {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let outcomes = self.read(&submission.single()?.bytes, limits)?;
        let mut evidence = Evidence::new(outcomes.len());
        let mut metrics = self.metrics.iter();
        for direction in &self.directions {
            let counts = |item: usize| self.direction_of_item[item] == *direction;
            let columns = Array2::from_shape_fn((outcomes.len(), 3), |(item, column)| {
                let outcome = &outcomes[item];
                [outcome.overlap, outcome.contour, outcome.location][column]
            });
            let weights: Array1<f64> = outcomes
                .iter()
                .enumerate()
                .map(|(item, outcome)| f64::from(u8::from(counts(item) && outcome.visible)))
                .collect();
            let cells = outcomes.iter().enumerate().filter(|(item, _)| counts(*item));
            let cells = cells.map(|(item, outcome)| Cell {
                item: item as u32,
                truth: u32::from(outcome.visible),
                predicted: u32::from(outcome.said_visible),
                count: 1,
            });
            let visibility = Confusion {
                classes: 2,
                ordered: true,
                cells: cells.collect(),
                measures: vec![ConfusionMeasure::BalancedAccuracy],
            };
            let means = evidence.block(Mean { values: columns, item_weights: Some(weights) });
            let visibility = evidence.block(visibility);
            let terms = [means.output(0), means.output(1), means.output(2), visibility.output(0)];
            for (term, metric) in terms.into_iter().zip(&mut metrics) {
                evidence.metric(&metric.name, 1.0, term);
            }
        }
        Ok(evidence)
    }
}
