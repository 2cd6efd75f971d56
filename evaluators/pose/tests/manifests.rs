//! What is documented of the family is whole, and its examples are accepted.

#[test]
fn manifests_are_whole_and_their_examples_are_accepted() {
    for evaluator in heldout_pose::evaluators() {
        conformance::manifest::is_whole(evaluator.manifest());
        conformance::manifest::examples_are_accepted(&*evaluator);
    }
}

#[test]
fn the_readme_shows_the_examples_that_are_tested() {
    let readme = include_str!("../README.md");
    let evaluators = heldout_pose::evaluators();
    conformance::manifest::readme_names(readme, &evaluators);
    for evaluator in &evaluators {
        let manifest = evaluator.manifest();
        for format in manifest.annotations.iter().chain([&manifest.submission]) {
            assert!(readme.contains(&format.example), "{}: {}", manifest.id, format.name);
        }
    }
}
