//! The phases of a bundle.

use super::boards::required_id;
use super::{MetaAttribute, MetaAttributeKind, Phase, UNLIMITED};
use crate::imported::NamedFile;
use crate::source::{Source, TextFile};
use crate::yaml::{Item, Table};

/// EvalAI's own questions, which a bundle can show or hide.
const OWN_QUESTIONS: [&str; 4] = ["method_name", "method_description", "project_url", "publication_url"];

pub(super) fn read(root: &Table<'_>, source: &Source<'_>) -> Vec<Phase> {
    let items = root.list("challenge_phases");
    if items.is_empty() {
        root.fault("ERROR: No challenge phase key found. Please add challenge phases in the YAML file and try again!");
    }
    let mut phases: Vec<Phase> = Vec::new();
    let mut codenames: Vec<&str> = Vec::new();
    for item in items {
        let Some(table) = item.table("") else { continue };
        let name = table.text("name").unwrap_or("None");
        match table.text("codename") {
            None => item.fault(
                "ERROR: No codename found for the challenge phase. Please add a codename and try again!",
            ),
            Some(codename) if codenames.contains(&codename) => item.fault(format!(
                "ERROR: Duplicate codename {codename} for phase {name}. Please ensure codenames are unique"
            )),
            Some(codename) => codenames.push(codename),
        }
        let Some(phase) = read_phase(&item, &table, source) else { continue };
        if phases.iter().any(|other| other.id == phase.id) {
            item.fault(format!("ERROR: Two challenge phases have the ID: {}.", phase.id));
            continue;
        }
        phases.push(phase);
    }
    phases
}

fn read_phase(item: &Item<'_>, table: &Table<'_>, source: &Source<'_>) -> Option<Phase> {
    let shown = table.get("id").and_then(|id| id.text()).unwrap_or("None").to_owned();
    let complaint = format!("ERROR: Challenge phase {shown} has the following schema errors:\n ");
    let table = &table.clone().complaining(complaint);
    let id = required_id(item, table);
    let name = table.short_text("name", 100).filter(|name| !name.trim().is_empty());
    if name.is_none() {
        table.complain(item, "name", "This field is required.");
    }
    let description = description(item, table, source, name.unwrap_or("None"));
    let window = window(item, table, &shown);
    let (annotations_are_right, test_annotation_file) = annotations(table, source, name.unwrap_or("None"));
    let is_submission_public = table.flag("is_submission_public").unwrap_or(false);
    let is_restricted = table.flag("is_restricted_to_select_one_submission").unwrap_or(false);
    if is_submission_public && is_restricted {
        item.fault(format!(
            "ERROR: is_submission_public can't be 'True' for challenge phase '{}' with \
             is_restricted_to_select_one_submission 'True'. Please change is_submission_public to 'False' and try again!",
            name.unwrap_or("None")
        ));
    }
    let limit = |key: &str| {
        let limit = table.count(key)?;
        if limit == 0
            && let Some(item) = table.get(key)
        {
            table.complain(&item, key, "Ensure this value is greater than or equal to 1.");
        }
        Some(limit)
    };
    let max_submissions = limit("max_submissions").unwrap_or(UNLIMITED);
    let max_submissions_per_day = limit("max_submissions_per_day").unwrap_or(UNLIMITED);
    let attributes = attributes(table, &shown);
    for (key, what) in [
        ("environment_image", "the image is not used for this phase; scores may differ"),
        ("submission_artifact_retention_policy", "submissions are kept as this server's rules say"),
        ("config_id", "the id of the phase is used"),
    ] {
        if let Some(unused) = table.get(key) {
            unused.warn(format!("{key} is not used: {what}"));
        }
    }
    if !annotations_are_right {
        return None;
    }
    Some(Phase {
        id: id?,
        name: name?.to_owned(),
        codename: table.short_text("codename", 100)?.to_owned(),
        description: description?,
        start_date: window?.0,
        end_date: window?.1,
        test_annotation_file,
        leaderboard_public: table.flag("leaderboard_public").unwrap_or(false),
        is_public: table.flag("is_public").unwrap_or(false),
        is_submission_public,
        max_submissions_per_day,
        max_submissions_per_month: limit("max_submissions_per_month").unwrap_or(max_submissions),
        max_submissions,
        max_concurrent_submissions_allowed: limit("max_concurrent_submissions_allowed")
            .unwrap_or(3)
            .min(max_submissions_per_day),
        allowed_submission_file_types: table
            .short_text("allowed_submission_file_types", 200)
            .unwrap_or(".json, .zip, .txt, .tsv, .gz, .csv, .h5, .npy")
            .to_owned(),
        allowed_email_ids: table.texts("allowed_email_ids"),
        disable_logs: table.flag("disable_logs").unwrap_or(false),
        is_restricted_to_select_one_submission: is_restricted,
        is_partial_submission_evaluation_enabled: table
            .flag("is_partial_submission_evaluation_enabled")
            .unwrap_or(false),
        submission_meta_attributes: attributes?,
        default_submission_meta_attributes: own_questions(table),
    })
}

/// The page that the description names; where it names none, EvalAI shows nothing, and here the text itself is shown.
fn description(item: &Item<'_>, table: &Table<'_>, source: &Source<'_>, name: &str) -> Option<String> {
    let Some(named) = table.text("description").filter(|named| !named.is_empty()) else {
        item.fault(format!(" ERROR: There is no key for description in phase {name}."));
        return None;
    };
    let described = table.get("description")?;
    if !named.trim().ends_with(".html") {
        described.warn("the description is taken as a text, because it names no .html file");
        return Some(named.to_owned());
    }
    match source.text_file(&described, named) {
        TextFile::Read(text) => Some(text),
        TextFile::Refused => None,
        TextFile::Absent => {
            described.fault(format!("File at path {named} not found. Please specify a valid file path"));
            None
        }
    }
}

fn window(item: &Item<'_>, table: &Table<'_>, id: &str) -> Option<(domain::Timestamp, domain::Timestamp)> {
    if table.get("start_date").is_none() || table.get("end_date").is_none() {
        item.fault(format!("ERROR: Please add the start_date and end_date in challenge phase {id}."));
    }
    let (start, end) = (table.moment("start_date")?, table.moment("end_date")?);
    let dated = table.get("start_date")?;
    if start > end {
        dated.fault(format!("ERROR: Start date cannot be greater than end date in challenge phase {id}."));
    } else if start == end {
        dated.fault(format!("challenge phase {id} ends when it starts: nobody could submit"));
    }
    Some((start, end))
}

fn annotations(table: &Table<'_>, source: &Source<'_>, name: &str) -> (bool, Option<NamedFile>) {
    let Some(item) = table.get("test_annotation_file") else { return (true, None) };
    let Some(named) = table.text("test_annotation_file") else { return (false, None) };
    if named.is_empty() {
        return (true, None);
    }
    let file = source.file(named);
    if file.is_none() {
        item.fault(format!(
            "ERROR: No test annotation file found in the zip file for challenge phase {name}"
        ));
    }
    (file.is_some(), file)
}

fn attributes(table: &Table<'_>, id: &str) -> Option<Vec<MetaAttribute>> {
    table.list("submission_meta_attributes").into_iter().map(|item| read_attribute(&item, id)).collect()
}

fn read_attribute(item: &Item<'_>, id: &str) -> Option<MetaAttribute> {
    let table = item.table(format!("ERROR: Challenge phase {id} has the following schema errors:\n "))?;
    // A key with nothing behind it is there: real bundles leave descriptions empty.
    let missing: Vec<_> = ["name", "description", "type"].into_iter().filter(|key| !table.has(key)).collect();
    if !missing.is_empty() {
        item.fault(format!(
            "ERROR: Please enter the following fields for the submission meta attribute in challenge phase {id}: {}",
            missing.join(", ")
        ));
        return None;
    }
    let name = table.text("name").filter(|name| !name.is_empty());
    if name.is_none() {
        table.complain(item, "name", "This field may not be null.");
    }
    let written = table.text("type").unwrap_or("None");
    let kind = MetaAttributeKind::parse(written);
    if kind.is_none() {
        item.fault(format!(
            "ERROR: Please ensure that the submission meta attribute types for the attribute '{written}' in challenge \
             phase {id} are among the following: boolean, text, radio, or checkbox."
        ));
    }
    let options = table.texts("options");
    if kind?.has_options() && options.is_empty() {
        item.fault(format!(
            "ERROR: Please include at least one option in the attribute for challenge phase {id}"
        ));
    }
    if options.len() > 200 {
        item.fault("there are more than 200 options");
    }
    Some(MetaAttribute {
        name: name?.to_owned(),
        description: table.text("description").unwrap_or_default().to_owned(),
        kind: kind?,
        options,
        required: table.flag("required").unwrap_or(false),
    })
}

fn own_questions(table: &Table<'_>) -> Vec<(String, bool)> {
    let read = table.list("default_submission_meta_attributes").into_iter().filter_map(|item| {
        let question = item.table("")?;
        let name = question.text("name")?;
        if !OWN_QUESTIONS.contains(&name) {
            item.warn(format!("{name} is none of EvalAI's own questions ({})", OWN_QUESTIONS.join(", ")));
        }
        Some((name.to_owned(), question.flag("is_visible").unwrap_or(true)))
    });
    read.collect()
}
