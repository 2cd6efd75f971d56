//! DataCite 4.5: what a registrar needs to give the record a DOI; the DOI itself is the operator's to add.

use serde_json::{Map, Value, json};

use super::record::PublicRecord;

/// The record as DataCite metadata, without a DOI.
pub fn datacite(record: &PublicRecord) -> Value {
    let creators =
        record.creators.iter().map(|creator| json!({"name": creator.name, "nameType": "Organizational"}));
    let subjects = record.keywords.iter().map(|keyword| json!({"subject": keyword}));
    let derived = record.derived_from.iter().map(|address| related(address, "IsDerivedFrom"));
    let related_identifiers = [related(&record.url, "IsDocumentedBy")].into_iter().chain(derived);
    let mut root = Map::new();
    let mut put = |key: &str, value: Value| root.insert(key.to_owned(), value);
    put("schemaVersion", json!("http://datacite.org/schema/kernel-4"));
    put("creators", creators.collect());
    put("titles", json!([{"title": record.title, "lang": "en"}]));
    put("publisher", json!({"name": record.publisher.name}));
    put("publicationYear", json!(record.published.year().to_string()));
    put("types", json!({"resourceTypeGeneral": "Dataset", "resourceType": "Benchmark task"}));
    put("language", json!("en"));
    put("version", json!(record.version));
    put("subjects", subjects.collect());
    put(
        "descriptions",
        json!([{"description": record.description, "descriptionType": "Abstract", "lang": "en"}]),
    );
    put("rightsList", json!([{"rights": "licence of the public files", "rightsUri": record.license}]));
    put("relatedIdentifiers", related_identifiers.collect());
    put("url", json!(record.url));
    let mut dates = vec![json!({"date": record.published.to_string(), "dateType": "Issued"})];
    if let Some((start, end)) = record.collection.timeframe {
        dates.push(json!({"date": format!("{start}/{end}"), "dateType": "Collected"}));
    }
    put("dates", json!(dates));
    Value::Object(root)
}

fn related(address: &str, relation: &str) -> Value {
    json!({"relatedIdentifier": address, "relatedIdentifierType": "URL", "relationType": relation})
}
