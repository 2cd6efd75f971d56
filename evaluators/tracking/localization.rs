//! Ego4D audio-visual localization: the persons around the camera wearer, tracked through a clip.

mod annotations;
mod manifest;
mod submission;

use std::collections::HashMap;

use sdk::evidence::Note;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::measures::{Which, evidence};
use crate::scene::Boxes;

/// The evaluator `ego4d_avl_tracking`.
#[derive(Debug)]
pub struct PersonTracking {
    manifest: Manifest,
}

impl PersonTracking {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for PersonTracking {
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
            mode,
        )?;
        Ok(Box::new(PreparedPersons { truth, metrics: self.manifest.metrics.clone(), mode }))
    }
}

/// The clips with the true boxes in them.
#[derive(Debug, Default)]
struct Clips {
    items: Items,
    by_uid: HashMap<String, u32>,
    clips: Vec<Clip>,
    notes: Vec<Note>,
}

#[derive(Debug)]
struct Clip {
    frames: u32,
    boxes: Boxes,
}

#[derive(Debug)]
struct PreparedPersons {
    truth: Clips,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedPersons {
    fn items(&self) -> &Items {
        &self.truth.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn notes(&self) -> &[Note] {
        &self.truth.notes
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let file = submission.single()?;
        let sent = submission::read(self, &file.bytes, limits)?;
        let mut evidence = evidence(&sent.measures, Which::Ego4d);
        evidence.note("other_clips", sent.other_clips, "clips that are not scored here are not read");
        Ok(evidence)
    }
}
