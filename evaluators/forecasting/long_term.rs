//! Ego4D Long-Term action Anticipation: the next twenty actions, in five guesses.

mod annotations;
mod edit_distance;
mod manifest;
mod submission;

use sdk::evidence::Mean;
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Input, Inputs, Items, Limits, Manifest, Metric, Mode, Params,
    Prepared, SubmissionFaults,
};

use annotations::Truth;

/// What is compared, in the order of the columns.
const KINDS: [&str; 3] = ["verb", "noun", "action"];
/// The same in the order of results: the one that ranks first.
const ORDER: [usize; 3] = [2, 0, 1];
/// The longest sequence that is foreseen: one bit each.
const LONGEST: usize = edit_distance::LONGEST;

/// The evaluator `ego4d_lta`.
#[derive(Debug)]
pub struct LongTermAnticipation {
    manifest: Manifest,
}

impl LongTermAnticipation {
    /// The evaluator.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for LongTermAnticipation {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let whole = |name: &str, default: usize| {
            params.integer(name).and_then(|value| usize::try_from(value).ok()).unwrap_or(default)
        };
        let (actions, sequences) = (whole("actions", 20), whole("sequences", 5));
        let main = annotations.require(Inputs::MAIN)?.single()?;
        let truth = annotations::read(&main.bytes, actions, sequences, annotations.are_unannotated())?;
        let metrics = manifest::metrics(actions);
        Ok(Box::new(PreparedLongTerm { truth, actions, sequences, metrics, mode }))
    }
}

#[derive(Debug)]
struct PreparedLongTerm {
    truth: Truth,
    /// How many actions are foreseen.
    actions: usize,
    /// In how many guesses.
    sequences: usize,
    metrics: Vec<Metric>,
    mode: Mode,
}

impl Prepared for PreparedLongTerm {
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
        let means = evidence.block(Mean::new(sent.values));
        for (name, column) in columns(self.actions) {
            evidence.metric(name, 1.0, means.output(column));
        }
        Ok(evidence)
    }
}

/// The metrics with their columns, the one that ranks first: distances, and the areas under them.
fn columns(actions: usize) -> impl Iterator<Item = (String, usize)> {
    let distances = ORDER.into_iter().map(move |kind| (format!("{}_ED@{actions}", KINDS[kind]), kind));
    let areas = ORDER.into_iter().map(|kind| (format!("{}_AUED", KINDS[kind]), KINDS.len() + kind));
    // A single action has no area.
    distances.chain(areas.filter(move |_| actions > 1))
}
