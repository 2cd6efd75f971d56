//! Detection as Pascal VOC scores it.

mod files;
mod manifest;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule};
use sdk::limits::Stopped;
use sdk::primitives::order::descending_earlier_first;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::corners::{Corners, overlap_of_pixels};

/// The evaluator `voc_detection`.
#[derive(Debug)]
pub struct Voc {
    manifest: Manifest,
}

impl Voc {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// The overlaps at which detections are judged by default.
const OVERLAPS: [f64; 2] = [0.5, 0.75];

impl Evaluator for Voc {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let overlaps = params.numbers("overlaps").unwrap_or(&OVERLAPS).to_vec();
        let listed = params.texts("classes").filter(|names| !names.is_empty());
        let keep_reversed = mode == Mode::Reference || params.text("reversed_boxes") == Some("keep");
        let truth = files::read_annotations(annotations, listed, mode)?;
        let metrics = manifest::metrics(&overlaps);
        Ok(Box::new(PreparedVoc { truth, overlaps, listed: listed.is_some(), keep_reversed, metrics }))
    }
}

/// A true box.
#[derive(Debug, Clone, Copy)]
struct TrueBox {
    corners: Corners,
    /// Whether it is neither to be found nor a mistake to find.
    difficult: bool,
}

/// Images and their true boxes.
#[derive(Debug, Default)]
struct Truth {
    items: Items,
    images: HashMap<String, u32>,
    classes: Vec<String>,
    codes: HashMap<String, u32>,
    /// The true boxes of a class in an image.
    boxes: HashMap<(u32, u32), Vec<TrueBox>>,
}

/// A detection of some class.
#[derive(Debug, Clone, Copy)]
struct Detection {
    image: u32,
    score: f64,
    corners: Corners,
}

#[derive(Debug)]
struct PreparedVoc {
    truth: Truth,
    overlaps: Vec<f64>,
    /// Whether the classes are listed, so that others are known to be wrong.
    listed: bool,
    /// Whether detections may end before they start.
    keep_reversed: bool,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedVoc {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = files::read_submission(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.truth.items.len());
        evidence.note(
            "classes_without_truth_dropped",
            // Without the truth no class is known to be shown.
            if self.truth.boxes.is_empty() { 0 } else { sent.without_truth },
            "detections of classes that no image shows are dropped",
        );
        let classes =
            self.rank(&sent.by_class, limits).map_err(|stopped| SubmissionFaults(stopped.into()))?;
        let thresholds = self.overlaps.len() as u32;
        let rules = [CurveRule::AllPoint, CurveRule::Points11];
        let outputs = (0..thresholds).flat_map(|threshold| {
            rules.map(|rule| CurveOutput { rule, threshold, average: ClassAverage::Present })
        });
        let curve = evidence.block(Curve { classes, thresholds, outputs: outputs.collect() });
        for (output, metric) in self.metrics.iter().enumerate() {
            evidence.metric(&metric.name, 1.0, curve.output(output));
        }
        Ok(evidence)
    }
}

impl PreparedVoc {
    fn rank(&self, by_class: &[Vec<Detection>], limits: &Limits) -> Result<Vec<CurveClass>, Stopped> {
        let mut classes: Vec<CurveClass> = self
            .truth
            .classes
            .iter()
            .map(|name| CurveClass { name: name.clone(), ..CurveClass::default() })
            .collect();
        let mut positives: Vec<(u32, u32, u32)> = self
            .truth
            .boxes
            .iter()
            .map(|((class, image), boxes)| {
                (*class, *image, boxes.iter().filter(|one| !one.difficult).count() as u32)
            })
            .filter(|(_, _, count)| *count > 0)
            .collect();
        positives.sort_unstable();
        for (class, image, count) in positives {
            classes[class as usize].positives.push((image, count));
        }
        for (code, (class, detections)) in (0_u32..).zip(classes.iter_mut().zip(by_class)) {
            self.match_class(code, class, detections, limits)?;
        }
        Ok(classes)
    }

    /// Judges the detections of a class, best first: each by the true box that it overlaps most, taken or not.
    fn match_class(
        &self,
        code: u32,
        class: &mut CurveClass,
        detections: &[Detection],
        limits: &Limits,
    ) -> Result<(), Stopped> {
        let scores: Vec<f64> = detections.iter().map(|detection| detection.score).collect();
        let mut taken: HashMap<u32, Vec<u32>> = HashMap::new();
        for (number, position) in descending_earlier_first(&scores).into_iter().enumerate() {
            if number.is_multiple_of(4096) {
                limits.check()?;
            }
            let detection = &detections[position as usize];
            let mut hits = 0;
            let boxes = self.truth.boxes.get(&(code, detection.image)).map_or(&[][..], Vec::as_slice);
            if let Some((best, overlap)) = most_overlapped(detection.corners, boxes) {
                let mut over = 0;
                for (bit, threshold) in self.overlaps.iter().enumerate() {
                    over |= u32::from(overlap > *threshold) << bit;
                }
                if boxes[best].difficult {
                    // What lies on a difficult object counts only below the threshold, and there as a mistake.
                    if over.count_ones() as usize == self.overlaps.len() {
                        continue;
                    }
                    if over != 0 {
                        class.ignored.resize(class.items.len(), 0);
                        class.ignored.push(over);
                    }
                } else {
                    let taken = taken.entry(detection.image).or_insert_with(|| vec![0; boxes.len()]);
                    hits = over & !taken[best];
                    taken[best] |= over;
                }
            }
            class.items.push(detection.image);
            class.hits.push(hits);
        }
        if !class.ignored.is_empty() {
            class.ignored.resize(class.items.len(), 0);
        }
        Ok(())
    }
}

/// The first of the boxes that are overlapped most.
fn most_overlapped(detection: Corners, boxes: &[TrueBox]) -> Option<(usize, f64)> {
    let mut best: Option<(usize, f64)> = None;
    for (position, one) in boxes.iter().enumerate() {
        let overlap = overlap_of_pixels(detection, one.corners);
        if best.is_none_or(|(_, highest)| overlap > highest) {
            best = Some((position, overlap));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_boxes_overlapped_equally_the_first_is_meant() {
        let boxes = [[0.0, 0.0, 9.0, 9.0], [0.0, 0.0, 9.0, 9.0], [50.0, 50.0, 59.0, 59.0]]
            .map(|corners| TrueBox { corners, difficult: false });
        assert_eq!(most_overlapped([0.0, 0.0, 9.0, 9.0], &boxes), Some((0, 1.0)));
        assert_eq!(most_overlapped([0.0, 0.0, 9.0, 9.0], &[]), None);
    }
}
