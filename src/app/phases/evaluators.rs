//! What the built-in evaluators say of themselves.

pub use sdk::Manifest;

use crate::App;
use crate::failure::{Failure, Outcome};

/// The manifests of all evaluators, in the order of their ids.
pub fn list_evaluators(app: &App) -> Vec<&Manifest> {
    app.evaluators.iter().map(sdk::Evaluator::manifest).collect()
}

/// The manifest of one.
pub fn read_evaluator<'a>(app: &'a App, id: &str) -> Outcome<&'a Manifest> {
    app.evaluators.get(id).map(sdk::Evaluator::manifest).ok_or_else(Failure::not_found)
}
