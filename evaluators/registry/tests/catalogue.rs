//! The registry is complete, every manifest says what it must, and the README lists every evaluator.

use heldout_registry::Registry;

#[test]
fn an_evaluator_is_found_by_its_id() {
    let registry = Registry::built_in();
    for evaluator in registry.iter() {
        let id = &evaluator.manifest().id;
        assert_eq!(registry.get(id).map(|found| &found.manifest().id), Some(id));
    }
    assert!(registry.get("classification").is_none());
}

#[test]
fn every_manifest_is_whole() {
    for evaluator in Registry::built_in().iter() {
        conformance::manifest::is_whole(evaluator.manifest());
    }
}

#[test]
fn the_readme_lists_every_evaluator() {
    let mut expected = String::new();
    for evaluator in Registry::built_in().iter() {
        let manifest = evaluator.manifest();
        expected += &format!("| `{}` | {} | `{}` |\n", manifest.id, manifest.title, manifest.metrics[0].name);
    }
    let readme = include_str!("../../README.md");
    let table = readme.split_once("## Built in\n\n").and_then(|(_, rest)| rest.split_once("\n\n"));
    let (table, _) = table.expect("the README has a table of what is built in");
    let rows = table.split_inclusive('\n').skip(2).collect::<String>();
    assert_eq!(
        rows.trim_end(),
        expected.trim_end(),
        "the table in evaluators/README.md wants these rows:\n{expected}"
    );
}
