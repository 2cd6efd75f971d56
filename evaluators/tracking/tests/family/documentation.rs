//! What is documented is whole and true.

use conformance::manifest::{examples_are_accepted, is_whole, readme_names};

#[test]
fn every_manifest_is_whole_and_its_examples_are_accepted() {
    let family = heldout_tracking::evaluators();
    for evaluator in &family {
        is_whole(evaluator.manifest());
        examples_are_accepted(evaluator.as_ref());
    }
    readme_names(include_str!("../../README.md"), &family);
    readme_names(include_str!("../../../README.md"), &family);
}

#[test]
fn the_readme_shows_the_examples_of_the_manifests() {
    let readme = include_str!("../../README.md");
    for evaluator in heldout_tracking::evaluators() {
        let manifest = evaluator.manifest();
        for format in manifest.annotations.iter().chain([&manifest.submission]) {
            assert!(readme.contains(format.example.trim_end()), "{}: {}", manifest.id, format.name);
        }
    }
}
