//! Detection as the Open Images challenges score it: with a hierarchy of classes, labels of whole images, and groups.

mod files;
mod hierarchy;
mod manifest;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule};
use sdk::limits::Stopped;
use sdk::primitives::order::descending_earlier_first;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

/// The evaluator `open_images_detection`.
#[derive(Debug)]
pub struct OpenImages {
    manifest: Manifest,
}

impl OpenImages {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// The overlap that makes a detection right, with a single object or within a group.
const OVERLAP: f64 = 0.5;

impl Evaluator for OpenImages {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let truth = files::read_annotations(annotations)?;
        let count_groups = params.text("groups") != Some("ignore");
        Ok(Box::new(PreparedImages { truth, count_groups, metrics: self.manifest.metrics.clone() }))
    }
}

/// A box: left, upper, right and lower edge, as shares of the sides of the image.
type Edges = [f64; 4];

/// The true boxes of a class in an image.
#[derive(Debug, Default)]
struct TrueBoxes {
    /// Boxes around one object each.
    single: Vec<Edges>,
    /// Boxes around groups of objects.
    groups: Vec<Edges>,
}

/// Images, classes, and what is known of them after the hierarchy was applied.
#[derive(Debug, Default)]
struct Truth {
    items: Items,
    images: HashMap<String, u32>,
    classes: Vec<String>,
    codes: HashMap<String, u32>,
    /// What is known of a class in an image; an entry without boxes says that there is no object.
    known: HashMap<(u32, u32), TrueBoxes>,
    /// Whether the classes are listed, so that others are known to be wrong.
    listed: bool,
}

/// A detection of some class.
#[derive(Debug, Clone, Copy)]
struct Detection {
    image: u32,
    score: f64,
    edges: Edges,
}

#[derive(Debug)]
struct PreparedImages {
    truth: Truth,
    /// Whether a group is to be found; otherwise it only excuses what lies in it.
    count_groups: bool,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedImages {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = files::read_submission(&self.truth, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.truth.items.len());
        evidence.note(
            "unknown_labels_dropped",
            // Without the truth the labels of images name no class.
            if self.truth.known.is_empty() { 0 } else { sent.unknown_labels },
            "detections of classes that neither labels nor hierarchy name are dropped",
        );
        let classes =
            self.rank(&sent.by_class, limits).map_err(|stopped| SubmissionFaults(stopped.into()))?;
        let output = CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average: ClassAverage::Present };
        let curve = evidence.block(Curve { classes, thresholds: 1, outputs: vec![output] });
        evidence.metric(manifest::PRECISION, 1.0, curve.output(0));
        Ok(evidence)
    }
}

impl PreparedImages {
    fn rank(&self, by_class: &[Vec<Detection>], limits: &Limits) -> Result<Vec<CurveClass>, Stopped> {
        let mut positives: Vec<Vec<(u32, u32)>> = vec![Vec::new(); self.truth.classes.len()];
        for ((class, image), boxes) in &self.truth.known {
            let groups = if self.count_groups { boxes.groups.len() } else { 0 };
            let count = (boxes.single.len() + groups) as u32;
            if count > 0 {
                positives[*class as usize].push((*image, count));
            }
        }
        let mut classes = Vec::with_capacity(self.truth.classes.len());
        for (class, mut positives) in (0_u32..).zip(positives) {
            positives.sort_unstable();
            let name = self.truth.classes[class as usize].clone();
            let mut ranked = CurveClass { name, positives, ..CurveClass::default() };
            self.match_class(class, &by_class[class as usize], &mut ranked, limits)?;
            classes.push(ranked);
        }
        Ok(classes)
    }

    /// Judges the detections of a class, best first.
    ///
    /// Each is judged by the single object that it overlaps most, taken or not; where that fails, by the group in which most
    /// of it lies. A group is found once; what else lies in it does not count.
    fn match_class(
        &self,
        class: u32,
        detections: &[Detection],
        ranked: &mut CurveClass,
        limits: &Limits,
    ) -> Result<(), Stopped> {
        let scores: Vec<f64> = detections.iter().map(|detection| detection.score).collect();
        let mut taken: HashMap<u32, (Vec<bool>, Vec<bool>)> = HashMap::new();
        for (number, position) in descending_earlier_first(&scores).into_iter().enumerate() {
            if number.is_multiple_of(4096) {
                limits.check()?;
            }
            let detection = &detections[position as usize];
            // Where nobody looked for the class nothing is known of the detection.
            let Some(boxes) = self.truth.known.get(&(class, detection.image)) else {
                continue;
            };
            let (single, groups) = taken
                .entry(detection.image)
                .or_insert_with(|| (vec![false; boxes.single.len()], vec![false; boxes.groups.len()]));
            let found = highest(&boxes.single, |one| overlap(detection.edges, one));
            let hit = match found {
                Some(at) if !single[at] => {
                    single[at] = true;
                    true
                }
                _ => match highest(&boxes.groups, |one| share_within(detection.edges, one)) {
                    Some(at) => {
                        let first = !std::mem::replace(&mut groups[at], true);
                        if !(first && self.count_groups) {
                            continue;
                        }
                        true
                    }
                    None => false,
                },
            };
            ranked.items.push(detection.image);
            ranked.hits.push(u32::from(hit));
        }
        Ok(())
    }
}

/// The first of the boxes with the highest value, if that is enough.
fn highest(boxes: &[Edges], value: impl Fn(Edges) -> f64) -> Option<usize> {
    let (mut best, mut highest) = (None, f64::NEG_INFINITY);
    for (position, one) in boxes.iter().enumerate() {
        let value = value(*one);
        if value > highest {
            (best, highest) = (Some(position), value);
        }
    }
    best.filter(|_| highest >= OVERLAP)
}

fn area([left, upper, right, lower]: Edges) -> f64 {
    (right - left) * (lower - upper)
}

fn shared(a: Edges, b: Edges) -> f64 {
    let width = (a[2].min(b[2]) - a[0].max(b[0])).max(0.0);
    let height = (a[3].min(b[3]) - a[1].max(b[1])).max(0.0);
    width * height
}

/// Overlap over union; that of two empty boxes is 0.
fn overlap(a: Edges, b: Edges) -> f64 {
    let shared = shared(a, b);
    if shared == 0.0 { 0.0 } else { shared / (area(a) + area(b) - shared) }
}

/// The share of a detection that lies within a group.
fn share_within(detection: Edges, group: Edges) -> f64 {
    let shared = shared(detection, group);
    if shared == 0.0 { 0.0 } else { shared / area(detection) }
}
