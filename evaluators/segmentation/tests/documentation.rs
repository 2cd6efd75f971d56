//! What is documented is true.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use conformance::manifest::is_documented;
use conformance::task::{evaluate, prepare};
use sdk::Mode;

const README: &str = include_str!("../README.md");

#[test]
fn the_manifests_and_the_readme_are_true() {
    is_documented(README, &heldout_segmentation::evaluators());
}

/// The examples of a section of the README.
fn examples(section: &str) -> Vec<&'static str> {
    let (_, rest) = README.split_once(&format!("### {section}\n")).unwrap();
    let end = rest.find("\n#").unwrap_or(rest.len());
    rest[..end].split("```json\n").skip(1).map(|block| block.split_once("```").unwrap().0).collect()
}

#[test]
fn the_examples_of_the_readme_are_accepted() {
    let family = heldout_segmentation::evaluators();
    let accepted = |id: &str, tables: &[(&str, &str)], params: &[(&str, &str)], submission: &str| {
        let prepared = prepare(&family, id, tables, params, Mode::Strict).unwrap();
        evaluate(&*prepared, submission).unwrap_or_else(|faults| panic!("{id}: {faults}"));
    };
    let [classes, maps] = examples("segmentation_semantic")[..] else { panic!("two examples") };
    let sent = maps.replace("255", "1");
    accepted("segmentation_semantic", &[("main", maps), ("classes", classes)], &[], &sent);
    let example_of = |id: &str| {
        let evaluator = family.iter().find(|evaluator| evaluator.manifest().id == id).unwrap();
        evaluator.manifest().annotations[0].example.clone()
    };
    let panoptic = example_of("segmentation_panoptic");
    accepted("segmentation_panoptic", &[("main", &panoptic)], &[], examples("segmentation_panoptic")[0]);
    let video = examples("vos")[0];
    accepted("vos", &[("main", video)], &[], video);
    // The example predicts one of the two frames.
    let truth =
        example_of("egoexo_correspondence").replace(r#", "30": {"size": [2, 4], "counts": [2, 2, 4]}"#, "");
    let submission = examples("egoexo_correspondence")[0];
    accepted("egoexo_correspondence", &[("main", &truth)], &[("direction", "ego-exo")], submission);
}
