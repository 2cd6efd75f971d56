//! `text_qa`: short answers to questions, compared with one or several right ones after SQuAD.

mod answers;
mod manifest;
mod questions;

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::roll::Roll;
use sdk::texts::{HowMany, read_texts};
use sdk::{
    AnnotationFaults, Evaluator, Evidence, Faults, Input, Inputs, Items, Limits, Manifest, Metric, Mode,
    Params, Prepared, SubmissionFaults,
};

use answers::{f1, normalized};
use questions::{Grouping, Questions};

/// The column of the answers of a submission.
const TEXT: &str = "text";

/// The evaluator `text_qa`.
#[derive(Debug)]
pub struct QuestionAnswering {
    manifest: Manifest,
}

impl QuestionAnswering {
    /// The evaluator with its documentation.
    #[expect(clippy::new_without_default, reason = "an evaluator is made once, by name")]
    pub fn new() -> Self {
        Self { manifest: manifest::manifest() }
    }
}

impl Evaluator for QuestionAnswering {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let file = annotations.require(Inputs::MAIN).and_then(Input::single);
        let grouping = Grouping::of(params);
        let questions = file.and_then(|file| Questions::read(file, grouping, annotations.are_unannotated()));
        let questions = questions.map_err(|faults| faults.of_file(Inputs::MAIN))?;
        Ok(Box::new(PreparedQuestions { questions, metrics: self.manifest.metrics.clone() }))
    }
}

#[derive(Debug)]
struct PreparedQuestions {
    questions: Questions,
    metrics: Vec<Metric>,
}

/// The columns of one kind of questions: exact, F1, how many.
const PER_KIND: usize = 3;

/// All questions, those with an answer, those without.
const KINDS: usize = 3;

impl Prepared for PreparedQuestions {
    fn items(&self) -> &Items {
        &self.questions.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let truth = &self.questions;
        let mut columns = Array2::zeros((truth.items.len(), KINDS * PER_KIND));
        let mut faults = Faults::new();
        let mut roll = Roll::new(&truth.index, "id");
        read_texts(
            submission.single()?,
            TEXT,
            HowMany::One,
            limits,
            &mut faults,
            |(id, texts, at), faults| {
                let Some(item) = roll.call(id, || at.place(id), faults) else { return };
                let answer = normalized(&texts[0]);
                let right = truth.answers_of(item);
                let exact = f64::from(u8::from(right.iter().any(|right| **right == *answer)));
                let best = right.iter().map(|right| f1(right, &answer)).fold(0.0, f64::max);
                let kind = if truth.has_answer[item] { 1 } else { 2 };
                for kind in [0, kind] {
                    let first = kind * PER_KIND;
                    for (column, value) in (first..).zip([exact, best, 1.0]) {
                        columns[[item, column]] = value;
                    }
                }
            },
        )?;
        roll.close(truth.items.ids(), &mut faults);
        faults.or(())?;
        let mut evidence = Evidence::new(truth.items.len());
        let (mut reducers, mut factors) = (Vec::new(), Vec::new());
        for kind in 0..KINDS as u32 {
            let first = kind * PER_KIND as u32;
            let mean = |column| Reducer::Quotient { numerator: first + column, denominator: first + 2 };
            reducers.extend([mean(0), mean(1), Reducer::Total { column: first + 2 }]);
            factors.extend([100.0, 100.0, 1.0]);
        }
        let block = evidence.block(Stats { columns, reducers });
        for (output, (metric, factor)) in self.metrics.iter().zip(factors).enumerate() {
            evidence.metric(&metric.name, factor, block.output(output));
        }
        Ok(evidence)
    }
}
