//! The contract between the server and a task: an evaluator, prepared once per annotations, judges submissions.

use serde::{Deserialize, Serialize};

use crate::evidence::{Evidence, Note};
use crate::fault::{AnnotationFaults, SubmissionFaults};
use crate::input::{Input, Inputs};
use crate::items::Items;
use crate::limits::Limits;
use crate::manifest::{Manifest, Metric};
use crate::params::Params;

/// Whose rules count where the public evaluation code of a task is plainly wrong.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// What the specification of the task recommends.
    #[default]
    Strict,
    /// What the public code does, its bugs included, where it does not crash.
    Reference,
}

impl Mode {
    /// `strict` or `reference`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Reference => "reference",
        }
    }
}

/// A task: what it asks, which files it reads, how it scores them.
pub trait Evaluator: Send + Sync {
    /// Everything that is documented of the task.
    fn manifest(&self) -> &Manifest;

    /// Reads the held-out annotations; the result serves any number of submissions.
    fn prepare(
        &self,
        annotations: &Inputs<'_>,
        params: &Params,
        mode: Mode,
    ) -> Result<Box<dyn Prepared>, AnnotationFaults>;
}

/// An evaluator that knows the truth.
pub trait Prepared: Send + Sync + std::fmt::Debug {
    /// What is scored, in the order of the weights that [`Evidence::score`] takes.
    fn items(&self) -> &Items;

    /// The metrics under these parameters, the primary one first.
    fn metrics(&self) -> &[Metric];

    /// What an organizer should know of annotations that are valid nevertheless.
    fn notes(&self) -> &[Note] {
        &[]
    }

    /// Matches a submission against the truth.
    fn evaluate(&self, submission: &Input<'_>, limits: &Limits) -> Result<Evidence, SubmissionFaults>;
}
