//! Generated challenges about days at home: held-out annotations, and submissions of any skill.
//!
//! Everything comes from a seed, so that every demo of a release has the same files.

mod broken;
mod deeds;
mod household;
mod moments;
mod predictor;
mod queries;
mod random;

pub(crate) use broken::Breakage;
pub(crate) use deeds::Deeds;
pub(crate) use household::Mixture;
pub(crate) use moments::Moments;
pub(crate) use predictor::Predictor;
pub(crate) use queries::Queries;
pub(crate) use random::Random;

/// A task with its truth.
pub(crate) trait Task: Send + Sync {
    /// The tables that the organizer uploads.
    fn annotations(&self) -> Vec<Part>;
    /// What a method of that skill submits.
    fn predict(&self, predictor: &Predictor<'_>) -> Vec<u8>;
    /// The ways in which a file of this task can be wrong.
    fn breakages(&self) -> &'static [Breakage];
    /// A file that is wrong in one of those ways.
    fn broken(&self, predictor: &Predictor<'_>, how: Breakage) -> Vec<u8>;
    /// What a submission is called.
    fn file_name(&self) -> &'static str;
}

/// One table of annotations.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    /// Its name: `main`, `items`, or what the evaluator calls it.
    pub(crate) name: &'static str,
    /// What the file is called.
    pub(crate) file_name: &'static str,
    /// What is in it.
    pub(crate) bytes: Vec<u8>,
}

impl Part {
    fn new(name: &'static str, file_name: &'static str, bytes: Vec<u8>) -> Self {
        Self { name, file_name, bytes }
    }
}

/// A table of plain words, none of which needs quotes.
fn csv<const N: usize>(heading: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> Vec<u8> {
    let mut text = heading.join(",") + "\n";
    for row in rows {
        text += &row.join(",");
        text.push('\n');
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use registry::Registry;
    use sdk::run::EvaluateError;
    use sdk::{Input, Inputs, Limits, Mode, Params, Prepared};

    use super::*;

    const EVEN: Mixture = [1; 6];

    fn tasks() -> [(&'static str, &'static str, Box<dyn Task>); 3] {
        [
            ("ego4d_nlq", "Mean r@1", Box::new(Queries::generate(5, 24, &EVEN))),
            ("ego4d_mq", "Average mAP", Box::new(Moments::generate(5, 40, &EVEN))),
            ("classification_label", "accuracy", Box::new(Deeds::generate(5, 24, &EVEN))),
        ]
    }

    /// The task as a worker prepares it.
    fn prepared(evaluator: &str, task: &dyn Task) -> Box<dyn Prepared> {
        let parts = task.annotations();
        let inputs =
            parts.iter().filter(|part| part.name != "items").fold(Inputs::default(), |inputs, part| {
                inputs.with(part.name, Input::file(part.file_name, &part.bytes))
            });
        let registry = Registry::built_in();
        let evaluator = registry.get(evaluator).unwrap();
        let params = Params::defaults(&evaluator.manifest().params);
        let prepared = sdk::run::prepare(evaluator, &inputs, &params, Mode::Strict).unwrap();

        let items = parts.iter().find(|part| part.name == "items").unwrap();
        prepared.items().clone().join_csv(&items.bytes, &Limits::default()).unwrap();
        prepared
    }

    fn method(skill: f64) -> Predictor<'static> {
        Predictor { seed: 5, team: "compost", attempt: 1, skill }
    }

    #[test]
    fn more_skill_gives_more_score() {
        for (evaluator, metric, task) in tasks() {
            let prepared = prepared(evaluator, &*task);
            let scores = [0.1, 0.4, 0.7, 1.0].map(|skill| {
                let file = task.predict(&method(skill));
                let submission = Input::file(task.file_name(), &file);
                let evidence = sdk::run::evaluate(&*prepared, &submission, &Limits::default()).unwrap();
                let score = evidence.score(prepared.items().all().view()).get(metric).unwrap();
                score.value().unwrap()
            });
            assert!(scores.is_sorted(), "{evaluator}: {scores:?}");
            assert!(scores[3] > 2.0 * scores[0] && scores[0] > 0.0, "{evaluator}: {scores:?}");
        }
    }

    #[test]
    fn what_is_broken_is_refused() {
        for (evaluator, _, task) in tasks() {
            let prepared = prepared(evaluator, &*task);
            for how in task.breakages() {
                let file = task.broken(&method(0.5), *how);
                let submission = Input::file(task.file_name(), &file);
                let outcome = sdk::run::evaluate(&*prepared, &submission, &Limits::default());
                assert!(matches!(outcome, Err(EvaluateError::Submission(_))), "{evaluator}: {how:?} passed");
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_files() {
        for ((evaluator, _, one), (_, _, other)) in tasks().into_iter().zip(tasks()) {
            assert_eq!(one.annotations(), other.annotations(), "{evaluator}");
            assert_eq!(one.predict(&method(0.5)), other.predict(&method(0.5)), "{evaluator}");
        }
    }
}
