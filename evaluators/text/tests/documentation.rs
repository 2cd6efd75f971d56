//! What is documented is whole and true.

use conformance::manifest::{examples_are_accepted, is_whole, readme_names};

#[test]
fn manifests_are_whole_and_their_examples_are_accepted() {
    for evaluator in heldout_text::evaluators() {
        is_whole(evaluator.manifest());
        examples_are_accepted(evaluator.as_ref());
    }
}

#[test]
fn the_readme_names_every_evaluator() {
    readme_names(include_str!("../README.md"), &heldout_text::evaluators());
}
