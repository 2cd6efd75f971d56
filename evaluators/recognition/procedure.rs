//! Ego-Exo4D procedure understanding: what a segment of a procedure says about the keysteps before, around and after it.

mod annotations;
mod manifest;
mod submission;

use std::collections::HashMap;

use sdk::evidence::{ClassAverage, Curve, CurveClass, CurveOutput, CurveRule};
use sdk::primitives::order::descending_earlier_first;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use crate::roll::Ids;

/// The evaluator `egoexo_procedure`.
#[derive(Debug)]
pub struct Procedure {
    manifest: Manifest,
}

impl Procedure {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

/// How many sub-tasks there are.
const SUBTASK_COUNT: usize = 5;

/// The sub-tasks in the order of the benchmark: the field, and whether it asks about every keystep of the procedure
/// rather than about the segment itself.
const SUBTASKS: [(&str, bool); SUBTASK_COUNT] = [
    ("previous_keysteps", true),
    ("optional_keystep", false),
    ("procedural_mistake", false),
    ("missing_keysteps", true),
    ("future_keysteps", true),
];

impl Evaluator for Procedure {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let by_take = params.text("group") != Some("segment");
        let by_scenario = params.text("average") == Some("scenario");
        let procedures = annotations::read(annotations, by_take);
        let procedures = procedures.map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        Ok(Box::new(PreparedProcedure { procedures, by_scenario, metrics: self.manifest.metrics.clone() }))
    }
}

/// The segments of all takes, and what is asked about each.
#[derive(Debug, Default)]
struct Procedures {
    items: Items,
    /// Segments by the names of their takes and their own, one name.
    ids: Ids,
    segments: Vec<Segment>,
    keysteps: Vec<HashMap<String, u32>>,
    scenarios: Vec<String>,
    /// How many answers each sub-task has.
    sizes: [usize; SUBTASK_COUNT],
}

/// What is asked about a segment.
#[derive(Debug, Clone, Default)]
struct Segment {
    /// Its take's keysteps, as a position in [`Procedures::keysteps`].
    take: u32,
    scenario: u32,
    /// Where the answers of the segment begin among those of each sub-task.
    starts: [usize; SUBTASK_COUNT],
    /// The right answers: one per keystep of the procedure, or a single one.
    truth: [Vec<bool>; SUBTASK_COUNT],
}

/// The name of a segment among all takes.
fn name_of(take: &str, segment: &str) -> String {
    format!("{take}/{segment}")
}

#[derive(Debug)]
struct PreparedProcedure {
    procedures: Procedures,
    by_scenario: bool,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedProcedure {
    fn items(&self) -> &Items {
        &self.procedures.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let procedures = &self.procedures;
        let sent = submission::read(procedures, &submission.single()?.bytes, limits)?;
        let mut evidence = Evidence::new(procedures.segments.len());
        evidence.note(
            "keysteps_left_out",
            sent.left_out,
            "keysteps without a score rank below all others, together",
        );
        let mut terms = Vec::new();
        for (subtask, scores) in sent.scores.iter().enumerate() {
            limits.check().map_err(|stopped| SubmissionFaults(stopped.into()))?;
            let output = CurveOutput {
                rule: CurveRule::CalibratedPrecision,
                threshold: 0,
                average: ClassAverage::Present,
            };
            let classes = self.rank(subtask, scores);
            let curve = evidence.block(Curve { classes, thresholds: 1, outputs: vec![output] });
            terms.push(curve.output(0));
        }
        evidence.metric_mean(&*self.metrics[0].name, 100.0, terms.clone());
        for (metric, term) in self.metrics[1..].iter().zip(terms) {
            evidence.metric(&*metric.name, 100.0, term);
        }
        Ok(evidence)
    }
}

impl PreparedProcedure {
    /// The answers of a sub-task, best first: all together or scenario by scenario.
    fn rank(&self, subtask: usize, scores: &[f64]) -> Vec<CurveClass> {
        let procedures = &self.procedures;
        let count = if self.by_scenario { procedures.scenarios.len() } else { 1 };
        let name = |class: usize| {
            if self.by_scenario { procedures.scenarios[class].clone() } else { "all".to_owned() }
        };
        let mut classes: Vec<CurveClass> =
            (0..count).map(|class| CurveClass { name: name(class), ..CurveClass::default() }).collect();
        let mut last_scores = vec![f64::NAN; count];
        let class_of = |segment: &Segment| if self.by_scenario { segment.scenario as usize } else { 0 };

        let (mut segment_of, mut truth) =
            (Vec::with_capacity(scores.len()), Vec::with_capacity(scores.len()));
        for (item, segment) in procedures.segments.iter().enumerate() {
            let of_segment = &segment.truth[subtask];
            segment_of.resize(segment_of.len() + of_segment.len(), item as u32);
            truth.extend_from_slice(of_segment);
            let positives = of_segment.iter().filter(|right| **right).count() as u32;
            if positives > 0 {
                classes[class_of(segment)].positives.push((item as u32, positives));
            }
        }
        for answer in descending_earlier_first(scores) {
            let answer = answer as usize;
            let item = segment_of[answer];
            let class = class_of(&procedures.segments[item as usize]);
            let last_score = std::mem::replace(&mut last_scores[class], scores[answer]);
            let class = &mut classes[class];
            class.items.push(item);
            class.hits.push(u32::from(truth[answer]));
            match class.runs.last_mut() {
                Some(run) if last_score == scores[answer] => *run += 1,
                _ => class.runs.push(1),
            }
        }
        classes
    }
}
