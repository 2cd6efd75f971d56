//! Ego4D Short-Term object interaction Anticipation: which object is touched next, how, and when.

mod annotations;
mod manifest;
mod matching;
mod submission;

use sdk::evidence::{ClassAverage, Curve, CurveOutput, CurveRule};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use annotations::Truth;
use matching::Rule;

/// The metrics in the order of the bits of matches: what must agree besides the box and the noun.
const NAMES: [&str; 4] = ["map_box_noun", "map_box_noun_verb", "map_box_noun_ttc", "map_box_noun_verb_ttc"];
/// The same in the order of results: the one that ranks first.
const ORDER: [usize; 4] = [3, 0, 1, 2];

/// The evaluator `ego4d_sta`.
#[derive(Debug)]
pub struct ShortTermAnticipation {
    manifest: Manifest,
}

impl ShortTermAnticipation {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for ShortTermAnticipation {
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
        let truth = annotations::read(
            &main.bytes,
            params.text("group") == Some("clip"),
            annotations.are_unannotated(),
        )?;
        let rule = Rule {
            overlap: params.number("iou_threshold").unwrap_or(0.5),
            delay: params.number("ttc_threshold").unwrap_or(0.25),
            forgiven: params.integer("top_k").map_or(4, |top| (top - 1).unsigned_abs()),
        };
        Ok(Box::new(PreparedShortTerm { truth, rule, metrics: self.manifest.metrics.clone(), mode }))
    }
}

#[derive(Debug)]
struct PreparedShortTerm {
    truth: Truth,
    rule: Rule,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedShortTerm {
    fn items(&self) -> &Items {
        &self.truth.instances.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = Evidence::new(self.truth.instances.items.len());
        sent.answered.note_unknown(&mut evidence);
        evidence.note(
            "empty_answers",
            sent.empty.iter().filter(|empty| **empty).count() as u64,
            match self.mode {
                Mode::Strict => "instances with an empty list find none of their objects",
                Mode::Reference => "instances with an empty list leave the score, with their objects",
            },
        );
        evidence.note(
            "unknown_nouns",
            sent.unknown_nouns,
            "predictions of nouns that are not in noun_categories can match nothing",
        );
        evidence.note(
            "unknown_verbs",
            sent.unknown_verbs,
            "predictions of verbs that are not in verb_categories can match no verb",
        );
        evidence.note(
            "late_contacts",
            sent.late,
            "predictions foresee the contact more than 30 seconds away: time_to_contact is in seconds, not in frames",
        );
        evidence.note(
            "looks_normalized",
            u64::from((0.0..=1.0).contains(&sent.farthest)),
            "no corner of a box is farther than 1 from the origin: boxes are in pixels, not in shares of the picture",
        );
        // The public code forgets the objects of an instance without predictions.
        let counts = |item: u32| self.mode == Mode::Strict || !sent.empty[item as usize];
        let classes = sent.ranked.into_classes(&self.truth.classes, counts);
        let outputs = (0..NAMES.len() as u32)
            .map(|threshold| CurveOutput {
                rule: CurveRule::AllPoint,
                threshold,
                average: ClassAverage::Present,
            })
            .collect();
        let curve = evidence.block(Curve { classes, thresholds: NAMES.len() as u32, outputs });
        for output in ORDER {
            evidence.metric(NAMES[output], 100.0, curve.output(output));
        }
        Ok(evidence)
    }
}
