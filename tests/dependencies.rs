//! What this software is built from: licences, crates that are kept out, and crates that must not be there twice.
//!
//! The rules are in `deny.toml`, where `cargo deny` finds them too; this test needs neither that tool nor a network.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use toml::Table;

/// A version more of one of these would be a second database, or a second TLS, in one program.
const ONE_VERSION: [&str; 5] = ["diesel", "libsqlite3-sys", "pq-sys", "rustls", "tokio"];

/// A crate as it is built here: its name, its version and its licence.
struct Package {
    name: String,
    version: String,
    licence: String,
}

/// Everything that a program, a build script or a test of this workspace is built from on this machine.
fn packages() -> Vec<Package> {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--workspace", "--edges", "normal,build,dev"])
        .args(["--prefix", "none", "--format", "{p}\t{l}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo can be run");
    assert!(tree.status.success(), "{}", String::from_utf8_lossy(&tree.stderr));
    let text = String::from_utf8(tree.stdout).expect("cargo writes UTF-8");
    // A subtree that was printed before is marked with a star.
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    let lines: BTreeSet<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.into_iter().map(package).collect()
}

fn package(line: &str) -> Package {
    let (package, licence) = line.split_once('\t').expect("a licence follows");
    let mut words = package.split(' ');
    let mut word = || words.next().expect("a name and a version").to_owned();
    Package { name: word(), version: word(), licence: licence.to_owned() }
}

fn rules() -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("deny.toml");
    std::fs::read_to_string(path).expect("the rules are there").parse().expect("the rules are TOML")
}

/// Whether one of the choices that an SPDX expression leaves is allowed; old manifests write `/` for `OR`.
fn allows(allowed: &BTreeSet<&str>, expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = any_of(allowed, &mut words);
    assert!(words.next().is_none(), "{expression:?} is no licence expression");
    holds
}

type Words<'w> = std::iter::Peekable<std::str::SplitWhitespace<'w>>;

fn any_of(allowed: &BTreeSet<&str>, words: &mut Words<'_>) -> bool {
    let mut holds = all_of(allowed, words);
    while words.next_if_eq(&"OR").is_some() {
        holds |= all_of(allowed, words);
    }
    holds
}

fn all_of(allowed: &BTreeSet<&str>, words: &mut Words<'_>) -> bool {
    let mut holds = one(allowed, words);
    while words.next_if_eq(&"AND").is_some() {
        holds &= one(allowed, words);
    }
    holds
}

fn one(allowed: &BTreeSet<&str>, words: &mut Words<'_>) -> bool {
    match words.next() {
        Some("(") => {
            let holds = any_of(allowed, words);
            assert_eq!(words.next(), Some(")"), "a parenthesis is not closed");
            holds
        }
        Some(licence) if words.next_if_eq(&"WITH").is_some() => {
            let exception = words.next().unwrap_or_default();
            allowed.contains(format!("{licence} WITH {exception}").as_str())
        }
        licence => licence.is_some_and(|licence| allowed.contains(licence)),
    }
}

#[test]
fn a_licence_expression_means_what_it_says() {
    let allowed = BTreeSet::from(["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"]);
    for expression in [
        "MIT",
        "GPL-3.0/MIT",
        "GPL-3.0 OR MIT AND ISC",
        "(GPL-3.0 OR MIT) AND ISC",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(allows(&allowed, expression), "{expression}");
    }
    for expression in
        ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "Apache-2.0", "MIT WITH X"]
    {
        assert!(!allows(&allowed, expression), "{expression}");
    }
}

#[test]
fn every_licence_is_allowed() {
    let rules = rules();
    let allowed: BTreeSet<&str> = rules["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let refused: Vec<String> = packages()
        .iter()
        .filter(|package| !allows(&allowed, &package.licence))
        .map(|package| format!("{} {}: {}", package.name, package.version, package.licence))
        .collect();
    assert!(refused.is_empty(), "deny.toml does not allow the licences of\n{}", refused.join("\n"));
}

#[test]
fn no_crate_is_used_that_is_kept_out() {
    let rules = rules();
    let kept_out: BTreeSet<&str> = rules["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ban| ban["crate"].as_str().expect("a name"))
        .collect();
    let packages = packages();
    let used: Vec<&str> = packages.iter().map(|package| package.name.as_str()).collect();
    let found: Vec<&&str> = used.iter().filter(|name| kept_out.contains(**name)).collect();
    assert!(found.is_empty(), "deny.toml keeps these out: {found:?}");
}

#[test]
fn what_must_be_one_is_one() {
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages() {
        versions.entry(package.name).or_default().insert(package.version);
    }
    for name in ONE_VERSION {
        let found = versions.get(name).map_or(0, BTreeSet::len);
        assert_eq!(found, 1, "{name} is there in the versions {:?}", versions.get(name));
    }
}
