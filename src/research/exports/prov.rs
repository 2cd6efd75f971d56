//! PROV-JSON: which version came from which, who did what, and on whose behalf.

use serde_json::{Map, Value, json};

use super::record::PublicRecord;

/// The record's provenance as PROV-JSON.
///
/// Addresses have no place in qualified names; every entity, activity and agent is called by a number of its kind and carries
/// its address.
pub fn prov(record: &PublicRecord) -> Value {
    let agent_name = |id: &str| name_of("agent", record.agents.iter().position(|agent| agent.id == id));
    let task = format!("rec:{}", record.name);
    let mut entities = Map::new();
    entities.insert(
        task.clone(),
        json!({"prov:label": record.title, "prov:type": term("fr:Task"), "fr:address": record.url, "fr:version": record.version}),
    );
    let mut documents: Vec<(&'static str, Map<String, Value>)> = Vec::new();
    let mut derivations = Map::new();
    for (place, address) in record.derived_from.iter().enumerate() {
        let source = name_of("source", Some(place));
        entities.insert(source.clone(), json!({"fr:address": address}));
        derivations.insert(
            format!("_:derivation{place}"),
            json!({"prov:generatedEntity": task, "prov:usedEntity": source}),
        );
    }
    let (mut activities, mut generations, mut associations) = (Map::new(), Map::new(), Map::new());
    for (place, activity) in record.activities.iter().enumerate() {
        let name = name_of("activity", Some(place));
        let mut written = json!({"prov:label": activity.label, "fr:address": activity.id});
        for (term, date) in [("prov:startTime", activity.started), ("prov:endTime", activity.ended)] {
            if let Some(date) = date {
                written[term] = json!(format!("{date}T00:00:00Z"));
            }
        }
        activities.insert(name.clone(), written);
        generations
            .insert(format!("_:generation{place}"), json!({"prov:entity": task, "prov:activity": name}));
        for (number, agent) in activity.agents.iter().enumerate() {
            associations.insert(
                format!("_:association{place}_{number}"),
                json!({"prov:activity": name, "prov:agent": agent_name(agent)}),
            );
        }
    }
    let (mut agents, mut attributions, mut delegations) = (Map::new(), Map::new(), Map::new());
    for (place, agent) in record.agents.iter().enumerate() {
        let name = name_of("agent", Some(place));
        agents.insert(
            name.clone(),
            json!({
                "prov:label": agent.label,
                "prov:type": term("prov:Organization"),
                "fr:address": agent.id,
                "fr:chainRole": term(&format!("fr:{}", agent.role)),
                "fr:sector": term(&format!("fr:{}", agent.sector)),
            }),
        );
        attributions
            .insert(format!("_:attribution{place}"), json!({"prov:entity": task, "prov:agent": name}));
        if let Some(principal) = &agent.acts_for {
            delegations.insert(
                format!("_:delegation{place}"),
                json!({"prov:delegate": name, "prov:responsible": agent_name(principal)}),
            );
        }
    }
    documents.extend([
        ("entity", entities),
        ("activity", activities),
        ("agent", agents),
        ("wasDerivedFrom", derivations),
        ("wasGeneratedBy", generations),
        ("wasAssociatedWith", associations),
        ("wasAttributedTo", attributions),
        ("actedOnBehalfOf", delegations),
    ]);
    let mut root = Map::new();
    root.insert(
        "prefix".to_owned(),
        json!({"rec": format!("{}/prov/", record.site), "fr": record.namespace()}),
    );
    for (kind, statements) in documents.into_iter().filter(|(_, statements)| !statements.is_empty()) {
        root.insert(kind.to_owned(), Value::Object(statements));
    }
    Value::Object(root)
}

/// A name of the record's own namespace; what is not in the record has none, and the check of records lets none such pass.
fn name_of(kind: &str, place: Option<usize>) -> String {
    place.map_or_else(|| format!("rec:{kind}"), |place| format!("rec:{kind}{}", place + 1))
}

/// A term as a value; written as a plain text it would be one.
fn term(name: &str) -> Value {
    json!({"$": name, "type": "prov:QUALIFIED_NAME"})
}
