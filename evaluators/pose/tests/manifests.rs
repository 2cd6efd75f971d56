//! What is documented of the family is whole, and its examples are accepted.

use conformance::manifest::{is_documented, shows_examples};

#[test]
fn the_manifests_and_the_readme_are_true() {
    let (readme, family) = (include_str!("../README.md"), heldout_pose::evaluators());
    is_documented(readme, &family);
    shows_examples(readme, &family);
}
