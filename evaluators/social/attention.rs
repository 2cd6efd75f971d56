//! Who looks at the camera wearer, and who talks to them: a score for every face or frame.

use ndarray::{Array1, Array2};
use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule, Mean};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::annotations::{self, Truth};
use crate::key::KeyFields;
use crate::manifest;
use crate::submission::{self, Sent};

/// The evaluators `ego4d_lam` and `ego4d_ttm`.
#[derive(Debug)]
pub struct Attention {
    manifest: Manifest,
    challenge: &'static str,
    fields: KeyFields,
}

impl Attention {
    /// Ego4D Looking At Me.
    pub fn looking_at_me() -> Self {
        Self {
            manifest: manifest::looking_at_me(),
            challenge: "ego4d_looking_at_me",
            fields: KeyFields { frame: "unique_id", track: true },
        }
    }

    /// Ego4D Talking To Me.
    pub fn talking_to_me() -> Self {
        Self {
            manifest: manifest::talking_to_me(),
            challenge: "ego4d_talking_to_me",
            fields: KeyFields { frame: "frame_id", track: false },
        }
    }
}

impl Evaluator for Attention {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let main = annotations.require(Inputs::MAIN)?.single()?;
        Ok(Box::new(PreparedAttention {
            truth: annotations::read(
                &main.bytes,
                self.challenge,
                self.fields,
                annotations.are_unannotated(),
            )?,
            metrics: self.manifest.metrics.clone(),
            challenge: self.challenge,
            fields: self.fields,
            threshold: params.number("threshold").unwrap_or(0.5),
            mode,
        }))
    }
}

#[derive(Debug)]
pub(crate) struct PreparedAttention {
    pub(crate) truth: Truth,
    metrics: Vec<Metric>,
    pub(crate) challenge: &'static str,
    pub(crate) fields: KeyFields,
    threshold: f64,
    pub(crate) mode: Mode,
}

impl Prepared for PreparedAttention {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        limits.check().map_err(|stopped| SubmissionFaults(stopped.into()))?;
        let mut evidence = Evidence::new(self.truth.labels.len());
        evidence.note(
            "scores_out_of_range",
            sent.out_of_range,
            "scores below 0 or above 1 are taken as they are; a score is a probability of label 1, not a percentage",
        );
        evidence.note(
            "repeated_rows_ignored",
            sent.repeated,
            "of rows that stand twice the first one counts",
        );
        let outputs = [
            ClassAverage::Present,
            ClassAverage::PresentWithin { first: 0, end: 1 },
            ClassAverage::PresentWithin { first: 1, end: 2 },
        ];
        let curve = evidence.block(Curve {
            classes: vec![self.class("1", &sent, true), self.class("0", &sent, false)],
            thresholds: 1,
            outputs: outputs
                .map(|average| CurveOutput { rule: CurveRule::AllPoint, threshold: 0, average })
                .to_vec(),
        });
        let right = |item: usize| {
            sent.scores[item].is_some_and(|score| (score >= self.threshold) == self.truth.labels[item])
        };
        let items = self.truth.labels.len();
        let accuracy = evidence.block(Mean {
            values: Array2::from_shape_fn((items, 1), |(item, _)| f64::from(u8::from(right(item)))),
            // The public code leaves out what was not sent.
            item_weights: (self.mode == Mode::Reference).then(|| {
                Array1::from_shape_fn(items, |item| f64::from(u8::from(sent.scores[item].is_some())))
            }),
        });
        evidence.metric("mAP", 1.0, curve.output(0));
        evidence.metric("Acc", 1.0, accuracy.output(0));
        evidence.metric("AP_pos", 1.0, curve.output(1));
        evidence.metric("AP_neg", 1.0, curve.output(2));
        Ok(evidence)
    }
}

impl PreparedAttention {
    /// The ranking for a label: by score for label 1, by one minus the score for label 0, of equal ones the earlier row
    /// of the annotations first.
    fn class(&self, name: &str, sent: &Sent, label: bool) -> CurveClass {
        let value = |score: f64| if label { score } else { 1.0 - score };
        let rows = sent.scores.iter().enumerate();
        let mut ranked: Vec<(f64, u32)> =
            rows.filter_map(|(item, score)| Some((value((*score)?), item as u32))).collect();
        let positives =
            ranked.iter().map(|(_, item)| *item).filter(|item| self.truth.labels[*item as usize] == label);
        let positives = positives.map(|item| (item, 1)).collect();
        // A stable sort that takes the two zeros for equal.
        ranked.sort_by(|(a, _), (b, _)| b.partial_cmp(a).unwrap_or(std::cmp::Ordering::Equal));
        let hit = |(_, item): &(f64, u32)| u32::from(self.truth.labels[*item as usize] == label);
        CurveClass {
            name: name.to_owned(),
            items: ranked.iter().map(|(_, item)| *item).collect(),
            hits: ranked.iter().map(hit).collect(),
            positives,
            ..CurveClass::default()
        }
    }
}
