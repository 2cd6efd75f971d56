//! The documentation is whole, its examples are accepted, and the README names every evaluator.

use conformance::manifest::{examples_are_accepted, is_whole, readme_names};
use heldout_detection::evaluators;

#[test]
fn every_manifest_is_whole_and_its_examples_are_accepted() {
    for evaluator in evaluators() {
        is_whole(evaluator.manifest());
        examples_are_accepted(evaluator.as_ref());
    }
}

#[test]
fn the_readme_names_every_evaluator() {
    readme_names(include_str!("../../README.md"), &evaluators());
}
