//! Whether a submission is valid, without its scores: all that a contestant can know, who has no annotations.
//!
//! Whether a file is refused never depends on the truth. So the evaluator itself can be asked, with the truth or without
//! it, and there is no second reader of submissions.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::evaluator::{Evaluator, Mode, Prepared};
use crate::evidence::Note;
use crate::input::{Input, Inputs};
use crate::items::Items;
use crate::limits::Limits;
use crate::params::Params;
use crate::run::{self, EvaluateError, PrepareError};

/// An evaluator that tells whether a submission is valid, and no more.
#[derive(Debug)]
pub struct Checker {
    prepared: Box<dyn Prepared>,
    unannotated: bool,
}

/// What a valid submission was compared with, and what its contestant should know nevertheless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many items there are.
    pub items: usize,
    /// What is unusual about the submission.
    pub notes: Vec<Note>,
}

impl Checker {
    /// A checker from annotations, or from the file that is published without the truth.
    ///
    /// # Errors
    /// The faults of the annotations, or of the published file where the evaluator knows what that is like.
    pub fn prepare(
        evaluator: &dyn Evaluator,
        annotations: Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Self, PrepareError> {
        match run::prepare(evaluator, &annotations, params, mode) {
            Err(PrepareError::Annotations(_)) if evaluator.manifest().unannotated.is_some() => {
                let prepared = run::prepare(evaluator, &annotations.unannotated(), params, mode)?;
                Ok(Self { prepared, unannotated: true })
            }
            prepared => Ok(Self { prepared: prepared?, unannotated: false }),
        }
    }

    /// What is scored.
    pub fn items(&self) -> &Items {
        self.prepared.items()
    }

    /// Whether the truth was left out of the annotations.
    pub fn is_unannotated(&self) -> bool {
        self.unannotated
    }

    /// Checks a submission.
    ///
    /// # Errors
    /// The same faults that an evaluation finds.
    pub fn check(&self, submission: &Input<'_>, limits: &Limits) -> Result<Checked, EvaluateError> {
        run::within_size(submission, limits)?;
        let evidence = catch_unwind(AssertUnwindSafe(|| self.prepared.evaluate(submission, limits)))
            .map_err(|_| EvaluateError::Panicked)??;
        // Without the truth the evidence means nothing; what is noted is about the submission.
        Ok(Checked { items: self.prepared.items().len(), notes: evidence.notes().to_vec() })
    }
}
