//! The registry is complete, every manifest says what it must, and the README lists every evaluator.

use heldout_registry::Registry;

#[test]
fn no_evaluator_hides_another() {
    let families = [temporal::evaluators(), classification::evaluators()];
    assert_eq!(Registry::built_in().iter().count(), families.iter().map(Vec::len).sum::<usize>());
}

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
        let manifest = evaluator.manifest();
        let id = &manifest.id;
        assert!(
            id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'),
            "{id}"
        );
        assert_eq!(manifest.annotations.first().map(|format| format.name.as_str()), Some("main"), "{id}");
        assert_eq!(manifest.submission.name, "submission", "{id}");
        assert!(!manifest.metrics.is_empty() && !manifest.references.is_empty(), "{id}");
        for format in manifest.annotations.iter().chain([&manifest.submission]) {
            assert!(!format.example.is_empty() && !format.description.is_empty(), "{id}: {}", format.name);
        }
        for metric in &manifest.metrics {
            assert!(!metric.description.is_empty() && !metric.unit.is_empty(), "{id}: {}", metric.name);
        }
        for param in &manifest.params.0 {
            assert!(!param.description.is_empty(), "{id}: {}", param.name);
        }
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
