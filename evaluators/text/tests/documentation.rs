//! What is documented is whole and true.

#[test]
fn the_manifests_and_the_readme_are_true() {
    conformance::manifest::is_documented(include_str!("../README.md"), &heldout_text::evaluators());
}
