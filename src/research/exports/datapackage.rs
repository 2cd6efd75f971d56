//! A Frictionless data package: the public tables with their columns, types and keys, as CSV and, where they are, as Parquet.

use serde_json::{Value, json};

use super::record::{ColumnKind, PublicRecord, Table};

/// The record as `datapackage.json`.
pub fn datapackage(record: &PublicRecord) -> Value {
    let contributors = record
        .creators
        .iter()
        .map(|creator| json!({"title": creator.name, "path": creator.url, "role": "author"}));
    json!({
        "profile": "tabular-data-package",
        "name": record.name.to_ascii_lowercase(),
        "title": record.title,
        "description": record.description,
        "homepage": record.url,
        "version": record.version,
        "created": format!("{}T00:00:00Z", record.published),
        "keywords": record.keywords,
        "licenses": [{"path": record.license}],
        "contributors": contributors.collect::<Vec<Value>>(),
        "resources": record.tables.iter().flat_map(resources).collect::<Vec<Value>>(),
    })
}

/// The table as CSV, and as Parquet where it is too.
fn resources(table: &Table) -> Vec<Value> {
    let csv = resource(table);
    let parquet = table.parquet.as_ref().map(|path| {
        let mut schema = csv["schema"].clone();
        // Readers that know no missing whole number take what is missing for one that is none.
        schema["missingValues"] = json!(["", "nan"]);
        // Neither size nor digest: readers of Parquet see no bytes that they could count.
        json!({
            "profile": "tabular-data-resource",
            "name": format!("{}-parquet", table.name),
            "description": table.description,
            "path": path,
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": schema,
        })
    });
    std::iter::once(csv).chain(parquet).collect()
}

fn resource(table: &Table) -> Value {
    let field = |column: &super::record::Column| {
        let required = table.key.as_ref() == Some(&column.name);
        let mut field =
            json!({"name": column.name, "description": column.description, "type": kind(column.kind)});
        if required {
            field["constraints"] = json!({"required": true, "unique": true});
        }
        field
    };
    let foreign_keys = table.columns.iter().filter_map(|column| {
        let (other, field) = column.references.as_ref()?;
        // The table itself is called by no name.
        let resource = if *other == table.name { "" } else { other };
        Some(json!({"fields": [column.name], "reference": {"resource": resource, "fields": [field]}}))
    });
    let foreign_keys: Vec<Value> = foreign_keys.collect();
    let mut schema = json!({"fields": table.columns.iter().map(field).collect::<Vec<Value>>()});
    if let Some(key) = &table.key {
        schema["primaryKey"] = json!([key]);
    }
    if !foreign_keys.is_empty() {
        schema["foreignKeys"] = json!(foreign_keys);
    }
    json!({
        "profile": "tabular-data-resource",
        "name": table.name,
        "description": table.description,
        "path": table.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": table.bytes,
        "hash": format!("sha256:{}", table.sha256),
        "schema": schema,
    })
}

fn kind(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "string",
        ColumnKind::Integer => "integer",
        ColumnKind::Number => "number",
        ColumnKind::Boolean => "boolean",
        ColumnKind::Date => "date",
    }
}
