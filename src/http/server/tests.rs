//! The description of the API is whole and true.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use utoipa::openapi::OpenApi as Document;

use super::{document, evalai_document};
use crate::openapi::undescribed;

const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// Both documents, with the folder of the handlers that each is of.
fn documents() -> [(&'static str, Document); 2] {
    [("api", document()), ("evalai", evalai_document())]
}

fn json_of_each() -> [Value; 2] {
    documents().map(|(_, document)| serde_json::to_value(document).unwrap())
}

/// Every operation with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((path.as_str(), method, operation));
            }
        }
    }
    found
}

#[test]
fn every_handler_is_registered_and_described() {
    for (folder, document) in documents() {
        let document = serde_json::to_value(document).unwrap();
        let described: BTreeSet<String> = operations(&document)
            .into_iter()
            .map(|(_, _, operation)| operation["operationId"].as_str().unwrap().to_owned())
            .collect();
        let mut written = BTreeSet::new();
        handlers_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), &mut written);
        assert!(written.len() > 20, "{written:?}");
        assert_eq!(written, described);
    }
}

/// The names of the functions that have a route, as they stand in the sources.
fn handlers_below(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            handlers_below(&path, found);
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if METHODS.iter().any(|method| line.starts_with(&format!("#[{method}("))) {
                let function = lines.by_ref().find(|line| line.contains("async fn ")).unwrap();
                let name = function.split("async fn ").nth(1).unwrap();
                found.insert(name.split(['(', '<']).next().unwrap().to_owned());
            }
        }
    }
}

#[test]
fn operations_have_names_of_their_own_and_descriptions() {
    for (_, mut document) in documents() {
        assert_eq!(undescribed(&mut document), Vec::<String>::new());
    }
    for document in json_of_each() {
        let mut names = BTreeMap::new();
        for (path, method, operation) in operations(&document) {
            let what = format!("{method} {path}");
            let name = operation["operationId"].as_str().unwrap();
            assert_eq!(names.insert(name.to_owned(), what.clone()), None, "{name} is also {what}");
            assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{what}");
            assert!(operation["responses"].as_object().unwrap().len() > 1, "{what}");
        }
    }
}

#[test]
fn the_parts_of_a_path_are_declared() {
    let documents = json_of_each();
    for (path, method, operation) in documents.iter().flat_map(operations) {
        let in_path: BTreeSet<&str> =
            path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let declared: BTreeSet<&str> = parameters
            .iter()
            .filter(|parameter| parameter["in"] == "path")
            .map(|parameter| {
                assert_eq!(parameter["required"], true, "{method} {path}");
                parameter["name"].as_str().unwrap()
            })
            .collect();
        assert_eq!(in_path, declared, "{method} {path}");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    for document in json_of_each() {
        let mut references = Vec::new();
        collect_references(&document, &mut references);
        assert!(!references.is_empty());
        for reference in references {
            let pointer = reference.strip_prefix('#').unwrap();
            assert!(document.pointer(pointer).is_some(), "{reference}");
        }
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member.as_str() {
                    Some(reference) if name == "$ref" => found.push(reference.to_owned()),
                    _ => collect_references(member, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect_references(value, found)),
        _ => {}
    }
}
