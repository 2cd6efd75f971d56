//! Ego4D hands and objects: when an object's state changes (PNR), and whether it does (OSCC).

mod annotations;
mod manifest;
mod submission;

use ndarray::{Array1, Array2};
use sdk::evidence::{Mean, Note};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::roll::Ids;

/// The evaluators `ego4d_pnr` and `ego4d_oscc`, whose annotations are the same file.
#[derive(Debug)]
pub struct StateChange {
    task: Task,
    manifest: Manifest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Task {
    /// The frame at which the state changes.
    Pnr,
    /// Whether it changes at all.
    Oscc,
}

impl StateChange {
    /// The frame at which the state changes.
    pub fn pnr() -> Self {
        Self { task: Task::Pnr, manifest: manifest::pnr() }
    }

    /// Whether the state changes.
    pub fn oscc() -> Self {
        Self { task: Task::Oscc, manifest: manifest::oscc() }
    }
}

impl Evaluator for StateChange {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let by_video = params.text("group") != Some("clip");
        let clips = annotations::read(annotations, self.task, by_video);
        let clips = clips.map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        let notes = clips.notes(self.task);
        let metrics = self.manifest.metrics.clone();
        Ok(Box::new(PreparedClips { task: self.task, clips, notes, metrics, mode }))
    }
}

/// The clips of a task with what is true of each.
#[derive(Debug, Default)]
struct Clips {
    items: Items,
    ids: Ids,
    truths: Vec<Truth>,
}

/// What is true of a clip; its window stays empty where the task is OSCC.
#[derive(Debug, Clone, Copy, Default)]
struct Truth {
    state_change: bool,
    /// The frame of the change, counted from the start of the clip; zero where nothing changes.
    change_frame: f64,
    /// From the first frame to the last.
    frames: f64,
    seconds: f64,
}

impl Truth {
    /// Frames per second as the public code has them: both ends of the clip count.
    fn frame_rate(self) -> f64 {
        (self.frames + 1.0) / self.seconds
    }
}

impl Clips {
    fn notes(&self, task: Task) -> Vec<Note> {
        let outside =
            |truth: &&Truth| truth.state_change && !(0.0..=truth.frames).contains(&truth.change_frame);
        let count = self.truths.iter().filter(outside).count() as u64;
        let message = "clips whose state changes before their first or after their last frame".to_owned();
        let note = Note { code: "change_outside_clip".to_owned(), count, message };
        if task == Task::Pnr && count > 0 { vec![note] } else { Vec::new() }
    }
}

#[derive(Debug)]
struct PreparedClips {
    task: Task,
    clips: Clips,
    notes: Vec<Note>,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedClips {
    fn items(&self) -> &Items {
        &self.clips.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn notes(&self) -> &[Note] {
        &self.notes
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let sent = submission::read(self, &submission.single()?.bytes, limits)?;
        let truths = &self.clips.truths;
        let mut evidence = Evidence::new(truths.len());
        sent.note(&mut evidence);
        let answers = truths.iter().zip(&sent.answers);
        let block = match self.task {
            Task::Pnr => {
                note_frames(&mut evidence, truths, &sent.answers);
                let error = |(truth, frame): (&Truth, &f64)| match truth.state_change {
                    true => (frame - truth.change_frame).abs() / truth.frame_rate(),
                    false => 0.0,
                };
                let changes = truths.iter().map(|truth| f64::from(u8::from(truth.state_change)));
                let item_weights = Some(changes.collect());
                Mean { values: column(answers.map(error).collect()), item_weights }
            }
            Task::Oscc => {
                let right = |(truth, answer): (&Truth, &f64)| {
                    let expected = f64::from(u8::from(truth.state_change));
                    f64::from(u8::from(*answer == expected))
                };
                Mean::new(column(answers.map(right).collect()))
            }
        };
        let block = evidence.block(block);
        evidence.metric(&*self.metrics[0].name, 1.0, block.output(0));
        Ok(evidence)
    }
}

fn column(values: Array1<f64>) -> Array2<f64> {
    values.insert_axis(ndarray::Axis(1))
}

/// Notes on predicted frames; they look at the windows of the clips alone, which are public.
fn note_frames(evidence: &mut Evidence, truths: &[Truth], frames: &[f64]) {
    let outside =
        truths.iter().zip(frames).filter(|(truth, frame)| !(0.0..=truth.frames).contains(*frame)).count();
    evidence.note(
        "frames_outside_clip",
        outside as u64,
        "predicted frames lie outside of their clips; frames are counted from the start of the clip",
    );
    let as_seconds = truths
        .iter()
        .zip(frames)
        .all(|(truth, frame)| *frame <= truth.seconds && truth.seconds < truth.frames);
    evidence.note(
        "frames_may_be_seconds",
        if as_seconds { frames.len() as u64 } else { 0 },
        "no predicted frame is larger than the seconds of its clip: frames are wanted, not seconds",
    );
}
