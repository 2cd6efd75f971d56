//! Croissant 1.1 with its responsible-AI terms, provenance, and our own terms of framing.
//!
//! What the validator of the format reads differs from the specification in places; where it does, both spellings are written.
//! Coded values are addresses: the language of the context would make a text of them, which no shape accepts.

use domain::framing::NOT_DISCLOSED;
use serde_json::{Map, Value, json};

use super::record::{Activity, Agent, Column, ColumnKind, MeasureRecord, PublicRecord, Table};

/// The prefixes of the context besides our own.
const PREFIXES: [(&str, &str); 9] = [
    ("@vocab", "https://schema.org/"),
    ("sc", "https://schema.org/"),
    ("cr", "http://mlcommons.org/croissant/"),
    ("rai", "http://mlcommons.org/croissant/RAI/"),
    ("dct", "http://purl.org/dc/terms/"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("odrl", "http://www.w3.org/ns/odrl/2/"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("icatus", "https://unstats.un.org/unsd/classifications/icatus2016/"),
];

/// Terms of the context that stand for the same word of Croissant.
const CROISSANT_TERMS: [&str; 34] = [
    "annotation",
    "arrayShape",
    "citeAs",
    "column",
    "containedIn",
    "equivalentProperty",
    "excludes",
    "extract",
    "field",
    "fileObject",
    "fileProperty",
    "fileSet",
    "format",
    "includes",
    "isArray",
    "isLiveDataset",
    "jsonPath",
    "key",
    "md5",
    "parentField",
    "path",
    "readLines",
    "recordSet",
    "references",
    "regex",
    "repeated",
    "replace",
    "samplingRate",
    "sdVersion",
    "separator",
    "source",
    "subField",
    "transform",
    "unArchive",
];

/// The record as Croissant.
pub fn croissant(record: &PublicRecord) -> Value {
    let mut root = Map::new();
    let mut put = |key: &str, value: Value| {
        let is_nothing = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_nothing {
            root.insert(key.to_owned(), value);
        }
    };
    put("@context", context(record));
    put("@type", json!("sc:Dataset"));
    put("name", json!(record.name));
    put("alternateName", json!(record.title));
    put("description", json!(record.description));
    put(
        "conformsTo",
        json!(["http://mlcommons.org/croissant/1.1", "http://mlcommons.org/croissant/RAI/1.0"]),
    );
    put("url", json!(record.url));
    put("license", json!(record.license));
    put("version", json!(record.version));
    // Of the record itself: a new framing makes a new record.
    put("sdVersion", json!(record.framing.version.to_string()));
    put("fr:snapshot", json!(record.snapshot));
    put("datePublished", json!(record.published.to_string()));
    put("dateCreated", json!(record.created.map(|date| date.to_string())));
    put("isLiveDataset", json!(false));
    put("citeAs", json!(record.citation));
    put("inLanguage", json!("en"));
    put("keywords", json!(record.keywords));
    put("creator", record.creators.iter().map(organization).collect());
    put("publisher", organization(&record.publisher));
    put("usageInfo", usage(record));
    for (term, value) in responsible_ai(record) {
        put(&format!("rai:{term}"), value);
    }
    put("prov:wasDerivedFrom", record.derived_from.iter().map(|id| json!({"@id": id})).collect());
    put("prov:wasGeneratedBy", record.activities.iter().map(activity).collect());
    put("prov:wasAttributedTo", record.agents.iter().map(agent).collect());
    put("fr:taskFraming", framing(record));
    put("fr:exclusion", exclusions(record));
    put("fr:measure", record.measures.iter().map(|own| measure(record, own)).collect());
    put("fr:mapping", record.mapping.as_ref().map_or(Value::Null, |id| json!({"@id": id})));
    put("distribution", record.tables.iter().map(file).collect());
    put("recordSet", record.tables.iter().map(record_set).collect());
    Value::Object(root)
}

fn context(record: &PublicRecord) -> Value {
    let mut context = Map::new();
    context.insert("@language".to_owned(), json!("en"));
    for (prefix, address) in PREFIXES {
        context.insert(prefix.to_owned(), json!(address));
    }
    context.insert("fr".to_owned(), json!(record.namespace()));
    context.insert("conformsTo".to_owned(), json!("dct:conformsTo"));
    for term in CROISSANT_TERMS {
        context.insert(term.to_owned(), json!(format!("cr:{term}")));
    }
    context.insert("value".to_owned(), json!("cr:value"));
    context.insert("data".to_owned(), json!({"@id": "cr:data", "@type": "@json"}));
    context.insert("examples".to_owned(), json!({"@id": "cr:examples", "@type": "@json"}));
    context.insert("dataType".to_owned(), json!({"@id": "cr:dataType", "@type": "@vocab"}));
    Value::Object(context)
}

fn organization(organization: &super::record::Organization) -> Value {
    json!({"@type": "sc:Organization", "name": organization.name, "url": organization.url})
}

fn usage(record: &PublicRecord) -> Value {
    let Some(purpose) = &record.permitted_purpose else { return Value::Null };
    json!({
        "@type": ["sc:CreativeWork", "odrl:Offer"],
        "name": "permitted use",
        "odrl:permission": {
            "@type": "odrl:Permission",
            "odrl:action": {"@id": "odrl:use"},
            "odrl:constraint": [{
                "@type": "odrl:Constraint",
                "odrl:leftOperand": {"@id": "odrl:purpose"},
                "odrl:operator": {"@id": "odrl:eq"},
                "odrl:rightOperand": purpose,
            }],
        },
    })
}

/// The terms of Croissant RAI 1.0.
fn responsible_ai(record: &PublicRecord) -> Vec<(&'static str, Value)> {
    let (collection, annotation, statements) = (&record.collection, &record.annotation, &record.statements);
    let timeframe = collection.timeframe.map(|(start, end)| json!([start.to_string(), end.to_string()]));
    let timeframe = timeframe.unwrap_or(Value::Null);
    vec![
        ("dataCollection", json!(collection.summary)),
        ("dataCollectionType", json!(collection.types)),
        ("dataCollectionMissingData", json!(collection.missing)),
        ("dataCollectionRawData", json!(collection.raw)),
        // The first is what the specification says, the second what the validator reads.
        ("dataCollectionTimeframe", timeframe.clone()),
        ("dataCollectionTimeFrame", timeframe),
        ("dataPreprocessingProtocol", json!(collection.preprocessing)),
        // Likewise.
        ("dataManipulationProtocol", json!(collection.manipulation)),
        ("dataDataManipulationProtocol", json!(collection.manipulation)),
        ("dataImputationProtocol", json!(collection.imputation)),
        ("dataAnnotationProtocol", json!(annotation.protocol)),
        ("dataAnnotationPlatform", json!(annotation.platforms)),
        ("dataAnnotationAnalysis", json!(annotation.analysis)),
        ("annotationsPerItem", json!(annotation.per_item)),
        ("annotatorDemographics", json!(annotation.demographics)),
        ("machineAnnotationTools", json!(annotation.machine_tools)),
        ("dataUseCases", json!(statements.use_cases)),
        ("dataLimitations", json!(statements.limitations)),
        ("dataBiases", json!(statements.biases)),
        ("dataSocialImpact", json!(statements.social_impact)),
        ("personalSensitiveInformation", json!(statements.sensitive)),
        ("dataReleaseMaintenancePlan", json!(statements.maintenance)),
    ]
}

fn activity(activity: &Activity) -> Value {
    let associated: Vec<Value> = activity.agents.iter().map(|id| json!({"@id": id})).collect();
    let mut written = json!({
        "@type": "prov:Activity",
        "@id": activity.id,
        "prov:label": activity.label,
        "prov:wasAssociatedWith": associated,
    });
    for (term, date) in [("prov:startedAtTime", activity.started), ("prov:endedAtTime", activity.ended)] {
        if let Some(date) = date {
            written[term] = json!(format!("{date}T00:00:00Z"));
        }
    }
    written
}

fn agent(agent: &Agent) -> Value {
    let mut written = json!({
        "@type": "prov:Agent",
        "@id": agent.id,
        "prov:label": agent.label,
        "fr:chainRole": code(&agent.role),
        "fr:sector": code(&agent.sector),
    });
    if let Some(principal) = &agent.acts_for {
        written["prov:actedOnBehalfOf"] = json!({"@id": principal});
    }
    written
}

fn framing(record: &PublicRecord) -> Value {
    let framing = &record.framing;
    let unscoreable: Vec<Value> = framing.unscoreable.iter().map(|reason| code(reason)).collect();
    let mut written = json!({
        "@type": "fr:TaskFraming",
        "@id": framing.id,
        "fr:framingVersion": framing.version,
        "fr:unitOfActivity": code(&framing.unit),
        "fr:instanceRule": framing.instance_rule,
        "fr:labelSource": code(&framing.label_source),
        "fr:perspective": code(&framing.perspective),
        "fr:wearerIntentRecorded": told(framing.intent_recorded),
        "fr:wearerAffectRecorded": told(framing.affect_recorded),
        "fr:temporalDirection": code(&framing.temporal_direction),
        "fr:closedWorld": told(framing.closed_world),
        "fr:unscoreable": unscoreable,
        "fr:imaginedUser": framing.imagined_user,
        "fr:decidedBy": {"@id": framing.decided_by},
    });
    if let Some(count) = framing.label_count {
        written["fr:labelCount"] = json!(count);
    }
    written
}

fn exclusions(record: &PublicRecord) -> Value {
    let exclusion = |exclusion: &super::record::ExclusionRecord| {
        let mut written = json!({
            "@type": "fr:Exclusion",
            "@id": exclusion.id,
            "fr:what": {"@id": exclusion.what},
            "fr:reasonCode": code(&exclusion.reason),
            "fr:basis": code(&exclusion.basis),
        });
        if let Some(agent) = &exclusion.decided_by {
            written["fr:decidedBy"] = json!({"@id": agent});
        }
        written
    };
    record.exclusions.iter().map(exclusion).collect()
}

fn measure(record: &PublicRecord, measure: &MeasureRecord) -> Value {
    let mut written = json!({
        "@type": "fr:Measure",
        "fr:measureId": measure.id,
        "fr:measureVersion": measure.version.to_string(),
        "sc:unitText": measure.unit,
        "fr:snapshot": record.snapshot,
    });
    if let Some(value) = measure.value {
        written["sc:value"] = json!(value);
    }
    if let Some((lower, upper)) = measure.bounds {
        written["fr:lower"] = json!(lower);
        written["fr:upper"] = json!(upper);
    }
    if let Some(reference) = &measure.reference {
        written["fr:reference"] = json!(reference);
    }
    written
}

/// An answer, or the code that nobody has given one.
fn told(answer: Option<bool>) -> Value {
    answer.map_or_else(|| code(NOT_DISCLOSED), Value::Bool)
}

fn code(code: &str) -> Value {
    json!({"@id": format!("fr:{code}")})
}

fn file_name(table: &Table) -> String {
    format!("{}.csv", table.name)
}

fn file(table: &Table) -> Value {
    json!({
        "@type": "cr:FileObject",
        "@id": file_name(table),
        "name": file_name(table),
        "description": table.description,
        "contentUrl": table.path,
        "encodingFormat": "text/csv",
        "contentSize": format!("{} B", table.bytes),
        "sha256": table.sha256,
    })
}

fn record_set(table: &Table) -> Value {
    let mut written = json!({
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.description,
        "field": table.columns.iter().map(|column| field(table, column)).collect::<Vec<Value>>(),
    });
    if let Some(key) = &table.key {
        written["key"] = json!({"@id": format!("{}/{key}", table.name)});
    }
    written
}

fn field(table: &Table, column: &Column) -> Value {
    let mut written = json!({
        "@type": "cr:Field",
        "@id": format!("{}/{}", table.name, column.name),
        "name": column.name,
        "description": column.description,
        "dataType": data_type(column.kind),
        "source": {"fileObject": {"@id": file_name(table)}, "extract": {"column": column.name}},
    });
    if let Some((table, name)) = &column.references {
        // The validator stops at a reference that names its field directly.
        written["references"] = json!({"field": {"@id": format!("{table}/{name}")}});
    }
    written
}

fn data_type(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "sc:Text",
        ColumnKind::Integer => "sc:Integer",
        ColumnKind::Number => "sc:Float",
        ColumnKind::Boolean => "sc:Boolean",
        ColumnKind::Date => "sc:Date",
    }
}
