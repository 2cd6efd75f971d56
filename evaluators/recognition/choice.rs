//! Questions with a few options, of which one is right: EgoSchema, and any quiz like it.

mod manifest;

use ndarray::Array2;
use sdk::evidence::{Reducer, Stats};
use sdk::roll::repeated;
use sdk::{
    AnnotationFaults, Code, Evaluator, Evidence, Fault, Faults, Input, Inputs, Items, Limits, Manifest,
    Metric, Mode, Params, Prepared, SubmissionFaults,
};

use crate::answers::Answers;
use crate::roll::{Call, Ids, Roll, complete, unknown};

/// The evaluators `mcq` and `egoschema`.
#[derive(Debug)]
pub struct MultipleChoice {
    manifest: Manifest,
}

impl MultipleChoice {
    /// Any questions with the same number of options each.
    pub fn any() -> Self {
        Self { manifest: manifest::any() }
    }

    /// The five options of EgoSchema.
    pub fn egoschema() -> Self {
        Self { manifest: manifest::egoschema() }
    }
}

impl Evaluator for MultipleChoice {
    fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        _mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults> {
        let options = Answers {
            first: params.integer("first_option").unwrap_or(0),
            count: params.integer("options").unwrap_or(5),
            noun: "option",
            otherwise: Code::OutOfRange,
            id_columns: &["q_uid", "id"],
            column: "answer",
        };
        let truth = read_truth(annotations, options);
        let (ids, answers) = truth.map_err(|faults| AnnotationFaults(faults.of_file(Inputs::MAIN)))?;
        let items = Items::ungrouped(ids.all().to_vec());
        Ok(Box::new(PreparedChoice { items, ids, answers, options, metrics: self.manifest.metrics.clone() }))
    }
}

fn read_truth(annotations: &Inputs<'_>, options: Answers) -> Result<(Ids, Vec<i64>), Faults> {
    let file = annotations.require(Inputs::MAIN)?.single()?;
    let (mut ids, mut right) = (Ids::default(), Vec::new());
    let row = |id: &str, answer: Option<i64>| match ids.add(id) {
        Some(_) => {
            right.push(answer.unwrap_or(options.first));
            None
        }
        None => Some(repeated("question", id)),
    };
    match annotations.are_unannotated() {
        true => options.read_ids(file, &Limits::default(), row)?,
        false => options.read(file, &Limits::default(), row)?,
    }
    if right.is_empty() {
        let message = "the annotations hold no question";
        return Err(Faults::one(Fault::whole(Code::EmptySubmission, message, "a question", "none")));
    }
    Ok((ids, right))
}

#[derive(Debug)]
struct PreparedChoice {
    items: Items,
    ids: Ids,
    /// The right option of every question.
    answers: Vec<i64>,
    options: Answers,
    metrics: Vec<Metric>,
}

impl Prepared for PreparedChoice {
    fn items(&self) -> &Items {
        &self.items
    }

    fn metrics(&self) -> &[Metric] {
        &self.metrics
    }

    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults> {
        let mut columns = Array2::ones((self.answers.len(), 2));
        let mut roll = Roll::new(&self.ids, "question");
        let read = self.options.read(submission.single()?, limits, |id, answer| {
            let item = match roll.call(id) {
                Call::First(item) => item as usize,
                Call::Again(_) => return Some(repeated("question", id)),
                Call::Unknown => return Some(unknown("question", id)),
            };
            columns[[item, 0]] = f64::from(u8::from(answer == Some(self.answers[item])));
            None
        });
        complete(read, &roll)?;
        let mut evidence = Evidence::new(self.answers.len());
        let block = evidence.block(Stats {
            columns,
            reducers: vec![
                Reducer::Quotient { numerator: 0, denominator: 1 },
                Reducer::Total { column: 0 },
                Reducer::Total { column: 1 },
            ],
        });
        for (output, name) in manifest::METRICS.into_iter().enumerate() {
            evidence.metric(name, 1.0, block.output(output));
        }
        Ok(evidence)
    }
}
