//! What the documentation says is there, is there.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The name of every function in the Rust files below a folder.
fn functions(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).expect("a folder of ours can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            functions(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = read(&path);
            let names = text.split("fn ").skip(1).map(|rest| {
                rest.chars().take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_').collect()
            });
            found.extend(names);
        }
    }
}

/// What stands between backticks.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn every_test_that_the_security_page_names_is_there() {
    let mut known = BTreeSet::new();
    for folder in ["src", "evaluators", "tests"] {
        functions(&here(folder), &mut known);
    }
    let page = read(&here("docs/security.md"));
    let (mut rows, mut named, mut missing) = (0, 0, Vec::new());
    for line in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        // Attacks have their gaps behind their tests; what the standard asks for has its tests last.
        let tests = match (cells.len(), cells[0].parse::<u32>()) {
            (5, Ok(_)) => cells[3],
            (4, _) if cells[0].contains('.') => cells[3],
            _ => continue,
        };
        rows += 1;
        assert!(!tests.is_empty() || !cells[cells.len() - 1].is_empty(), "nothing is said of {line}");
        for name in quoted(tests) {
            named += 1;
            if !known.contains(name) {
                missing.push(name);
            }
        }
    }
    assert!(missing.is_empty(), "no such tests: {missing:?}");
    assert!(rows > 130 && named > 150, "{rows} rows, {named} names");
}

#[test]
fn every_alert_has_a_section_for_who_is_woken() {
    let rules = read(&here("k8s/components/monitoring/alerts.yaml"));
    let page = read(&here("docs/operations.md"));
    let alerts: Vec<&str> = rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).collect();
    assert!(alerts.len() >= 16, "{alerts:?}");
    for alert in &alerts {
        let section = page.split_once(&format!("\n### {alert}\n"));
        let (_, section) = section.unwrap_or_else(|| panic!("{alert} has no section"));
        let section = section.split("\n### ").next().unwrap_or_default();
        for part in ["**Means**", "**Look**", "**Do**"] {
            assert!(section.contains(part), "{alert}: no {part}");
        }
        let link = format!("docs/operations.md#{}", alert.to_lowercase());
        assert!(rules.contains(&link), "{alert} does not lead to its section");
    }
    let sections = page.lines().filter_map(|line| line.strip_prefix("### "));
    for section in sections.filter(|section| section.starts_with("Heldout")) {
        assert!(alerts.contains(&section), "no alert is called {section}");
    }
}
