//! The files of a bundle.
//!
//! The description is written with JSON's texts and lists behind plain keys, which every reader of YAML takes alike.

use std::fmt::Write as _;

use bytes::Bytes;
use domain::Timestamp;
use sdk::archive::PackError;
use serde_json::{Value, json};

use crate::archive::FileTree;
use crate::evalai::{Challenge, EvalAiBundle, Leaderboard, Phase, PhaseSplit};
use crate::imported::NamedFile;

/// The archive of the package.
const SCRIPT: &str = "evaluation_script.zip";

pub(super) fn files(bundle: &EvalAiBundle) -> Result<FileTree, PackError> {
    let mut files: Vec<(String, Bytes)> = Vec::new();
    let mut text = String::new();
    write_challenge(&mut text, &bundle.challenge, &mut files);
    write_list(&mut text, "leaderboard", bundle.leaderboards.iter().map(leaderboard));
    write_list(&mut text, "challenge_phases", bundle.phases.iter().map(|one| phase(one, &mut files)));
    let sets = bundle.dataset_splits.iter();
    let sets = sets
        .map(|set| vec![("id", json!(set.id)), ("name", json!(set.name)), ("codename", json!(set.codename))]);
    write_list(&mut text, "dataset_splits", sets);
    write_list(&mut text, "challenge_phase_splits", bundle.phase_splits.iter().map(phase_split));
    files.push((crate::evalai::FILE_NAMES[0].to_owned(), text.into()));
    files.push((SCRIPT.to_owned(), bundle.challenge.evaluation_script.to_zip()?.into()));
    Ok(FileTree::of(files))
}

type Keys = Vec<(&'static str, Value)>;

fn write_keys(text: &mut String, first: &str, indent: &str, keys: Keys) {
    let mut lead = first;
    for (key, value) in keys {
        let written = match value {
            // As bundles have them.
            Value::Bool(true) => "True".to_owned(),
            Value::Bool(false) => "False".to_owned(),
            other => other.to_string(),
        };
        // Writing to a text never fails.
        let _ = writeln!(text, "{lead}{key}: {written}");
        lead = indent;
    }
}

fn write_list(text: &mut String, key: &str, items: impl Iterator<Item = Keys>) {
    let _ = writeln!(text, "\n{key}:");
    for keys in items {
        write_keys(text, "  - ", "    ", keys);
    }
}

/// A time with the zone that it is in.
fn moment(moment: Timestamp) -> Value {
    let text = moment.to_string();
    json!(text.trim_end_matches('Z').trim_end_matches(".000000").replacen('T', " ", 1) + "+00:00")
}

fn page(files: &mut Vec<(String, Bytes)>, name: &str, text: &str) -> Value {
    let path = format!("templates/{name}.html");
    files.push((path.clone(), text.to_owned().into()));
    json!(path)
}

/// A file of the bundle under its own name, in a folder where no other file of the bundle is.
fn named(files: &mut Vec<(String, Bytes)>, folder: &str, file: &NamedFile) -> Value {
    let name = file.name.rsplit('/').next().unwrap_or(&file.name);
    let path = format!("{folder}/{name}");
    files.push((path.clone(), file.bytes.clone()));
    json!(path)
}

fn write_challenge(text: &mut String, challenge: &Challenge, files: &mut Vec<(String, Bytes)>) {
    let prizes = challenge.prizes.iter();
    let prizes: Vec<_> = prizes
        .map(|prize| json!({"rank": prize.rank, "amount": prize.amount, "description": prize.description}))
        .collect();
    let sponsors = challenge.sponsors.iter();
    let sponsors: Vec<_> =
        sponsors.map(|sponsor| json!({"name": sponsor.name, "website": sponsor.website})).collect();
    let mut keys: Keys = vec![
        ("title", json!(challenge.title)),
        ("short_description", json!(challenge.short_description)),
        ("description", page(files, "description", &challenge.description)),
        ("evaluation_details", page(files, "evaluation_details", &challenge.evaluation_details)),
        ("terms_and_conditions", page(files, "terms_and_conditions", &challenge.terms_and_conditions)),
        ("submission_guidelines", page(files, "submission_guidelines", &challenge.submission_guidelines)),
        ("leaderboard_description", json!(challenge.leaderboard_description)),
        ("evaluation_script", json!(SCRIPT)),
        ("remote_evaluation", json!(challenge.remote_evaluation)),
        ("start_date", moment(challenge.start_date)),
        ("end_date", moment(challenge.end_date)),
        ("published", json!(challenge.published)),
        ("submission_time_limit", json!(challenge.submission_time_limit)),
        ("enable_forum", json!(challenge.enable_forum)),
        ("anonymous_leaderboard", json!(challenge.anonymous_leaderboard)),
        ("is_registration_open", json!(challenge.is_registration_open)),
        ("manual_participant_approval", json!(challenge.manual_participant_approval)),
        ("require_complete_profile", json!(challenge.require_complete_profile)),
        ("tags", json!(challenge.tags)),
        ("prizes", json!(prizes)),
        ("sponsors", json!(sponsors)),
        ("allowed_email_domains", json!(challenge.allowed_email_domains)),
        ("blocked_email_domains", json!(challenge.blocked_email_domains)),
        ("banned_email_ids", json!(challenge.banned_email_ids)),
    ];
    if let Some(image) = &challenge.image {
        keys.push(("image", named(files, "logo", image)));
    }
    // A key with nothing behind it is not the same as no key for every reader.
    keys.extend(challenge.domain.as_ref().map(|domain| ("domain", json!(domain))));
    keys.extend(challenge.forum_url.as_ref().map(|url| ("forum_url", json!(url))));
    keys.extend(challenge.max_team_members.map(|most| ("max_team_members", json!(most))));
    write_keys(text, "", "", keys);
}

fn leaderboard(leaderboard: &Leaderboard) -> Keys {
    let metadata: serde_json::Map<_, _> = leaderboard
        .metadata
        .iter()
        .map(|(label, metadata)| {
            let mut said = serde_json::Map::new();
            if let Some(sort_ascending) = metadata.sort_ascending {
                said.insert("sort_ascending".to_owned(), json!(sort_ascending));
            }
            said.insert("description".to_owned(), json!(metadata.description));
            (label.clone(), Value::Object(said))
        })
        .collect();
    let (labels, order) = (&leaderboard.labels, &leaderboard.default_order_by);
    let schema = json!({"labels": labels, "default_order_by": order, "metadata": metadata});
    vec![("id", json!(leaderboard.id)), ("schema", schema)]
}

fn phase(phase: &Phase, files: &mut Vec<(String, Bytes)>) -> Keys {
    let attributes = phase.submission_meta_attributes.iter();
    let attributes: Vec<_> = attributes
        .map(|attribute| {
            json!({
                "name": attribute.name,
                "description": attribute.description,
                "type": attribute.kind.as_str(),
                "options": attribute.options,
                "required": attribute.required,
            })
        })
        .collect();
    let own = phase.default_submission_meta_attributes.iter();
    let own: Vec<_> = own.map(|(name, is_visible)| json!({"name": name, "is_visible": is_visible})).collect();
    let mut keys: Keys = vec![
        ("id", json!(phase.id)),
        ("name", json!(phase.name)),
        ("codename", json!(phase.codename)),
        ("description", page(files, &format!("phase_{}", phase.id), &phase.description)),
        ("start_date", moment(phase.start_date)),
        ("end_date", moment(phase.end_date)),
        ("leaderboard_public", json!(phase.leaderboard_public)),
        ("is_public", json!(phase.is_public)),
        ("is_submission_public", json!(phase.is_submission_public)),
        ("max_submissions_per_day", json!(phase.max_submissions_per_day)),
        ("max_submissions_per_month", json!(phase.max_submissions_per_month)),
        ("max_submissions", json!(phase.max_submissions)),
        ("max_concurrent_submissions_allowed", json!(phase.max_concurrent_submissions_allowed)),
        ("allowed_submission_file_types", json!(phase.allowed_submission_file_types)),
        ("allowed_email_ids", json!(phase.allowed_email_ids)),
        ("disable_logs", json!(phase.disable_logs)),
        ("is_restricted_to_select_one_submission", json!(phase.is_restricted_to_select_one_submission)),
        ("is_partial_submission_evaluation_enabled", json!(phase.is_partial_submission_evaluation_enabled)),
        ("submission_meta_attributes", json!(attributes)),
        ("default_submission_meta_attributes", json!(own)),
    ];
    if let Some(annotations) = &phase.test_annotation_file {
        let folder = format!("annotations/phase_{}", phase.id);
        keys.push(("test_annotation_file", named(files, &folder, annotations)));
    }
    keys
}

fn phase_split(split: &PhaseSplit) -> Keys {
    vec![
        ("challenge_phase_id", json!(split.challenge_phase_id)),
        ("leaderboard_id", json!(split.leaderboard_id)),
        ("dataset_split_id", json!(split.dataset_split_id)),
        ("visibility", json!(split.visibility)),
        ("leaderboard_decimal_precision", json!(split.leaderboard_decimal_precision)),
        ("is_leaderboard_order_descending", json!(split.is_leaderboard_order_descending)),
        ("show_leaderboard_by_latest_submission", json!(split.show_leaderboard_by_latest_submission)),
    ]
}
