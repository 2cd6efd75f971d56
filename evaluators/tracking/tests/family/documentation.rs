//! What is documented is whole and true.

use conformance::manifest::{is_documented, shows_examples};

#[test]
fn the_manifests_and_the_readme_are_true() {
    let (readme, family) = (include_str!("../../README.md"), heldout_tracking::evaluators());
    is_documented(readme, &family);
    shows_examples(readme, &family);
}
