//! A datasheet: the record as people read it, in the sections of Gebru et al. 2021 (*Datasheets for Datasets*, CACM 64).

use super::record::PublicRecord;
use super::sheet::Sheet;

/// The record as Markdown; what nobody has told says so.
pub fn datasheet(record: &PublicRecord) -> String {
    let (collection, annotation, statements) = (&record.collection, &record.annotation, &record.statements);
    let framing = &record.framing;
    let mut sheet = Sheet::default();
    sheet.heading("#", &format!("Datasheet: {}", record.title));
    sheet.text(&record.description);
    sheet.facts(&[
        ("Version", record.version.clone()),
        ("Published", record.published.to_string()),
        ("Snapshot", record.snapshot.clone()),
        ("Cite as", record.citation.clone()),
    ]);

    sheet.heading("##", "Motivation");
    sheet.text(&format!("The task imagines its user as: {}.", framing.imagined_user));
    let names: Vec<String> = record.creators.iter().map(|creator| creator.name.clone()).collect();
    sheet.facts(&[("Created by", names.join(", "))]);

    sheet.heading("##", "Composition");
    let labels =
        framing.label_count.map_or_else(|| "an open list".to_owned(), |count| format!("{count} labels"));
    sheet.facts(&[
        ("What is one instance", framing.instance_rule.clone()),
        ("Unit", framing.unit.clone()),
        ("Labels", format!("{labels}, {}", framing.label_source)),
        ("Whose reading a label is", framing.perspective.clone()),
        ("Intentions recorded", yes_or_no(framing.intent_recorded)),
        ("Feelings recorded", yes_or_no(framing.affect_recorded)),
        ("What has no label counts as absent", yes_or_no(framing.closed_world)),
        ("Cannot be scored", framing.unscoreable.join(", ")),
        ("Missing", collection.missing.clone()),
    ]);
    sheet.list("About people", &statements.sensitive);
    sheet.heading("###", "What was left out");
    let exclusions = record.exclusions.iter().map(|exclusion| {
        let decided = exclusion.decided_by.as_deref().unwrap_or("nobody on record");
        format!("{}: {} ({}; decided by {decided})", exclusion.what, exclusion.reason, exclusion.basis)
    });
    sheet.list("Exclusions", &exclusions.collect::<Vec<String>>());

    sheet.heading("##", "Collection");
    sheet.text(&collection.summary);
    let timeframe = collection.timeframe.map(|(start, end)| format!("{start} to {end}")).unwrap_or_default();
    sheet.facts(&[("Recorded with", collection.raw.clone()), ("When", timeframe)]);
    let agents =
        record.agents.iter().map(|agent| format!("{} ({}, {})", agent.label, agent.role, agent.sector));
    sheet.list("Who took part", &agents.collect::<Vec<String>>());

    sheet.heading("##", "Preprocessing and labelling");
    sheet.list("Before annotation", &collection.preprocessing);
    sheet.text(&annotation.protocol);
    sheet.facts(&[("Annotations per item", annotation.per_item.clone())]);
    sheet.list("Annotators", &annotation.demographics);
    sheet.list("Tools", &annotation.platforms);
    sheet.list("Machines", &annotation.machine_tools);
    sheet.list("How annotations were combined", &annotation.analysis);

    sheet.heading("##", "Uses");
    sheet.list("Meant for", &statements.use_cases);
    sheet.list("Limits", &statements.limitations);
    sheet.list("Skewed towards", &statements.biases);
    sheet.text(&statements.social_impact);
    sheet.heading("###", "Measures");
    let measures = record.measures.iter().map(|measure| {
        let value = measure.value.map_or_else(|| "no value".to_owned(), |value| value.to_string());
        let bounds =
            measure.bounds.map(|(lower, upper)| format!(", between {lower} and {upper}")).unwrap_or_default();
        let reference =
            measure.reference.as_ref().map(|reference| format!(", against {reference}")).unwrap_or_default();
        format!("{} (version {}): {value} {}{bounds}{reference}", measure.id, measure.version, measure.unit)
    });
    sheet.list("As of the snapshot", &measures.collect::<Vec<String>>());

    sheet.heading("##", "Distribution");
    sheet.facts(&[("Licence", record.license.clone()), ("Where", record.url.clone())]);
    let files = record
        .tables
        .iter()
        .map(|table| format!("{}: {} ({} bytes)", table.path, table.description, table.bytes));
    sheet.list("Public files", &files.collect::<Vec<String>>());

    sheet.heading("##", "Maintenance");
    sheet.text(&statements.maintenance);
    sheet.facts(&[("Kept by", record.publisher.name.clone())]);
    sheet.written()
}

fn yes_or_no(value: Option<bool>) -> String {
    match value {
        Some(true) => "yes",
        Some(false) => "no",
        None => "not disclosed",
    }
    .to_owned()
}
