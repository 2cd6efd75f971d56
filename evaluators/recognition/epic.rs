//! EPIC-KITCHENS-100: action recognition (C1) and anticipation (C3), which differ in the metric alone.

mod annotations;
mod manifest;
mod ranking;
mod submission;

use ndarray::{Array1, Array2};
use sdk::evidence::{GroupedMean, Mean, NO_GROUP};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::roll::Ids;
use ranking::Rank;

/// The evaluators `epic_c1` and `epic_c3`.
#[derive(Debug)]
pub struct EpicActions {
    challenge: Challenge,
    manifest: Manifest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Challenge {
    /// Which action does a segment show?
    Recognition,
    /// Which action comes a second after it?
    Anticipation,
}

impl EpicActions {
    /// Action recognition.
    pub fn recognition() -> Self {
        let challenge = Challenge::Recognition;
        Self { challenge, manifest: manifest::manifest(challenge) }
    }

    /// Action anticipation.
    pub fn anticipation() -> Self {
        let challenge = Challenge::Anticipation;
        Self { challenge, manifest: manifest::manifest(challenge) }
    }
}

/// What a segment is judged by, the one that ranks first.
const TASKS: [&str; 3] = ["action", "verb", "noun"];

/// The parts of the test set that have metrics of their own.
const PARTS: [&str; 3] = ["all", "unseen", "tail"];

/// How many of the best answers may hold the right one.
const DEPTH: Rank = 5;

impl Evaluator for EpicActions {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let size = |name: &str, default: usize| {
            params.integer(name).and_then(|number| usize::try_from(number).ok()).unwrap_or(default)
        };
        let (verbs, nouns) = (size("verbs", 97), size("nouns", 300));
        let actions = size("actions", 100).min(verbs.saturating_mul(nouns));
        let settings = Settings { verbs, nouns, actions };
        let segments = annotations::read(annotations, params.text("group") == Some("video"), settings)?;
        let measured = |metric: &&Metric| {
            PARTS.iter().zip(segments.parts()).all(|(part, there)| there || !metric.name.starts_with(part))
        };
        let metrics = self.manifest.metrics.iter().filter(measured).cloned().collect();
        Ok(Box::new(PreparedEpic { challenge: self.challenge, segments, metrics, settings }))
    }
}

#[derive(Debug, Clone, Copy)]
struct Settings {
    verbs: usize,
    nouns: usize,
    /// How many actions of a segment have a score.
    actions: usize,
}

/// The segments with their true classes.
#[derive(Debug, Default)]
struct Segments {
    items: Items,
    ids: Ids,
    truths: Vec<Truth>,
    /// The action of every segment among those of the truth, and how many these are.
    actions: Vec<u32>,
    action_count: u32,
    /// Which segments are of a participant that is not in the training set, if that is known.
    unseen: Option<Vec<bool>>,
    /// Which segments have a rare class, by task, if that is known.
    tail: Option<[Vec<bool>; 3]>,
}

/// The true classes of a segment.
#[derive(Debug, Clone, Copy)]
struct Truth {
    verb: usize,
    noun: usize,
}

impl Segments {
    /// Whether each part can be told.
    fn parts(&self) -> [bool; 3] {
        [true, self.unseen.is_some(), self.tail.is_some()]
    }

    /// The segments of a part in a task; nothing stands for all of them.
    fn part(&self, part: &str, task: usize) -> Option<&[bool]> {
        match part {
            "unseen" => self.unseen.as_deref(),
            "tail" => self.tail.as_ref().map(|tail| tail[task].as_slice()),
            _ => None,
        }
    }

    /// The class of every segment in a task, and how many classes there are.
    fn classes(&self, task: usize, settings: Settings) -> (Vec<u32>, u32) {
        match TASKS[task] {
            "verb" => (self.truths.iter().map(|truth| truth.verb as u32).collect(), settings.verbs as u32),
            "noun" => (self.truths.iter().map(|truth| truth.noun as u32).collect(), settings.nouns as u32),
            _ => (self.actions.clone(), self.action_count),
        }
    }
}

#[derive(Debug)]
struct PreparedEpic {
    challenge: Challenge,
    segments: Segments,
    metrics: Vec<Metric>,
    settings: Settings,
}

impl Prepared for PreparedEpic {
    fn items(&self) -> &Items {
        &self.segments.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let ranks = submission::read(self, submission, limits)?;
        let mut evidence = Evidence::new(ranks.len());
        match self.challenge {
            Challenge::Recognition => self.add_accuracies(&mut evidence, &ranks),
            Challenge::Anticipation => self.add_recalls(&mut evidence, &ranks),
        }
        Ok(evidence)
    }
}

/// The ranks of the true action, verb and noun of a segment among what is predicted.
type Ranks = [Rank; 3];

impl PreparedEpic {
    fn add_accuracies(&self, evidence: &mut Evidence, ranks: &[Ranks]) {
        for (part, _) in PARTS.into_iter().zip(self.segments.parts()).filter(|(_, there)| *there) {
            let depths: &[Rank] = if part == "all" { &[1, DEPTH] } else { &[1] };
            for (task, name) in TASKS.into_iter().enumerate() {
                let values = Array2::from_shape_fn((ranks.len(), depths.len()), |(item, depth)| {
                    f64::from(u8::from(ranks[item][task] < depths[depth]))
                });
                let item_weights = self.segments.part(part, task).map(|inside| {
                    inside.iter().map(|inside| f64::from(u8::from(*inside))).collect::<Array1<f64>>()
                });
                let block = evidence.block(Mean { values, item_weights });
                for (output, depth) in depths.iter().enumerate() {
                    evidence.metric(accuracy_name(part, name, *depth), 100.0, block.output(output));
                }
            }
        }
    }

    fn add_recalls(&self, evidence: &mut Evidence, ranks: &[Ranks]) {
        for (part, _) in PARTS.into_iter().zip(self.segments.parts()).filter(|(_, there)| *there) {
            for (task, name) in TASKS.into_iter().enumerate() {
                let values = Array2::from_shape_fn((ranks.len(), 1), |(item, _)| {
                    f64::from(u8::from(ranks[item][task] < DEPTH))
                });
                let (mut groups, group_count) = self.segments.classes(task, self.settings);
                if let Some(inside) = self.segments.part(part, task) {
                    for (group, _) in groups.iter_mut().zip(inside).filter(|(_, inside)| !**inside) {
                        *group = NO_GROUP;
                    }
                }
                let block = evidence.block(GroupedMean { values, groups, group_count });
                evidence.metric(recall_name(part, name), 100.0, block.output(0));
            }
        }
    }
}

/// The public name of an accuracy.
fn accuracy_name(part: &str, task: &str, depth: Rank) -> String {
    format!("{part}_{task}_accuracy_at_{depth}")
}

/// The public name of a class-mean recall.
fn recall_name(part: &str, task: &str) -> String {
    let part = if part == "all" { "overall" } else { part };
    format!("{part}_{task}_mt5r")
}
