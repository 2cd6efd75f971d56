//! EPIC-KITCHENS-100: action recognition (C1) and anticipation (C3), which differ in the metric alone.

mod annotations;
mod manifest;
mod ranking;
mod submission;

use ndarray::Array2;
use sdk::evidence::{BlockId, GroupedMean, Mean, NO_GROUP};
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
        let known = |part: &str, task| segments.part(part, task).is_some();
        let measured = manifest::metrics(self.challenge, known);
        Ok(Box::new(PreparedEpic { challenge: self.challenge, segments, metrics: measured, settings }))
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
    /// Which segments have a rare class, by task, as far as that is known.
    tail: [Option<Vec<bool>>; 3],
}

/// The true classes of a segment.
#[derive(Debug, Clone, Copy)]
struct Truth {
    verb: usize,
    noun: usize,
}

/// A part of the segments.
#[derive(Debug, Clone, Copy)]
enum Part<'s> {
    /// All of them.
    All,
    /// Those for which it is true.
    Some(&'s [bool]),
}

impl Segments {
    /// The segments of a part in a task, or nothing where that is not known.
    fn part(&self, part: &str, task: usize) -> Option<Part<'_>> {
        match part {
            "unseen" => self.unseen.as_deref().map(Part::Some),
            "tail" => self.tail[task].as_deref().map(Part::Some),
            _ => Some(Part::All),
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
        for part in PARTS {
            for (task, name) in TASKS.into_iter().enumerate() {
                let Some(inside) = self.segments.part(part, task) else {
                    continue;
                };
                let depths = self.challenge.depths(part);
                let block = self.add_block(&mut evidence, &ranks, (inside, task), depths);
                for (output, depth) in depths.iter().enumerate() {
                    evidence.metric(
                        self.challenge.metric_name(part, name, *depth),
                        100.0,
                        block.output(output),
                    );
                }
            }
        }
        Ok(evidence)
    }
}

/// The ranks of the true action, verb and noun of a segment among what is predicted.
type Ranks = [Rank; 3];

impl PreparedEpic {
    /// Adds the block of a part in a task: what of the segments counts 1 at each depth.
    fn add_block(
        &self,
        evidence: &mut Evidence,
        ranks: &[Ranks],
        (part, task): (Part<'_>, usize),
        depths: &[Rank],
    ) -> BlockId {
        let values = Array2::from_shape_fn((ranks.len(), depths.len()), |(item, depth)| {
            f64::from(u8::from(ranks[item][task] < depths[depth]))
        });
        match self.challenge {
            Challenge::Recognition => {
                let item_weights = match part {
                    Part::All => None,
                    Part::Some(inside) => {
                        Some(inside.iter().map(|inside| f64::from(u8::from(*inside))).collect())
                    }
                };
                evidence.block(Mean { values, item_weights })
            }
            Challenge::Anticipation => {
                let (mut groups, group_count) = self.segments.classes(task, self.settings);
                if let Part::Some(inside) = part {
                    for (group, _) in groups.iter_mut().zip(inside).filter(|(_, inside)| !**inside) {
                        *group = NO_GROUP;
                    }
                }
                evidence.block(GroupedMean { values, groups, group_count })
            }
        }
    }
}

impl Challenge {
    /// How many of the best answers may hold the right one, in the metrics of a part.
    fn depths(self, part: &str) -> &'static [Rank] {
        match (self, part) {
            (Self::Recognition, "all") => &[1, DEPTH],
            (Self::Recognition, _) => &[1],
            (Self::Anticipation, _) => &[DEPTH],
        }
    }

    /// The public name of a metric.
    fn metric_name(self, part: &str, task: &str, depth: Rank) -> String {
        match (self, part) {
            (Self::Recognition, _) => format!("{part}_{task}_accuracy_at_{depth}"),
            (Self::Anticipation, "all") => format!("overall_{task}_mt5r"),
            (Self::Anticipation, _) => format!("{part}_{task}_mt5r"),
        }
    }
}
