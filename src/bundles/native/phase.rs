//! The phases of a bundle.

use domain::phase::{EvaluationMode, FinalChoice, PhaseDraft};
use domain::split::SplitSpec;
use domain::time::parse_deadline;
use domain::{Codename, Digest, Timestamp, Title};
use serde_json::Value;

use super::{AnnotationsFile, PhaseEntry, inner_path, text};
use crate::fields::{Faults, Fields};

pub(super) fn read(
    path: String,
    value: Value,
    read_file: &mut dyn FnMut(&str) -> std::io::Result<String>,
    faults: &mut Faults,
) -> Option<PhaseEntry> {
    let mut fields = Fields::open(path.clone(), value, faults);
    let codename = fields.required("codename", Codename::parse, faults);
    let title = fields.required("title", Title::parse, faults);
    let description = text(&mut fields, "description", "description_file", read_file, faults);
    let evaluator = fields.required("evaluator", |id| Ok(id.to_owned()), faults);
    let params = fields.read("params", "a table", faults);
    let mode = fields.parsed("mode", EvaluationMode::parse, faults).unwrap_or_default();
    let opens_at = fields.required("opens_at", Timestamp::parse, faults);
    let closes_at = fields.parsed("closes_at", parse_deadline, faults);
    let quota = fields.read("quota", "a table of numbers: per_day, per_month, total, concurrent", faults);
    let limits = fields.read("limits", "a table of numbers: upload_bytes, seconds, memory_mib", faults);
    let ranking = fields.read("ranking", "a table: primary, tie_breakers, decimals, rank_on_rounded", faults);
    let final_choice = fields.parsed("final_choice", FinalChoice::parse, faults).unwrap_or_default();
    let leaderboard_public = fields.optional("leaderboard_public", "true or false", faults).unwrap_or(true);
    let attributes = each(&mut fields, "attributes", faults);
    let splits: Option<Vec<SplitSpec>> = each(&mut fields, "splits", faults);
    let annotations = read_annotations(&mut fields, faults);
    fields.close(faults);
    let draft = PhaseDraft {
        codename: codename?,
        title: title?,
        description,
        evaluator: evaluator?,
        params,
        mode,
        opens_at: opens_at?,
        closes_at,
        quota,
        limits,
        ranking,
        final_choice,
        attributes: attributes?,
        splits: splits?,
        leaderboard_public,
    };
    let draft = faults.take(&path, draft.check())?;
    Some(PhaseEntry { draft, annotations: annotations? })
}

/// A list of tables that serde reads; what it refuses is said of the table as a whole.
fn each<T: serde::de::DeserializeOwned>(
    fields: &mut Fields,
    key: &'static str,
    faults: &mut Faults,
) -> Option<Vec<T>> {
    let tables = fields.tables(key, faults);
    let read = |(path, value): (String, Value)| {
        serde_json::from_value(value).map_err(|error| faults.push(path, format!("is wrong: {error}"))).ok()
    };
    let all: Vec<Option<T>> = tables.into_iter().map(read).collect();
    all.into_iter().collect()
}

/// `{ main = "path" }`, or in an export `{"main": {"file", "digest", "size_bytes"}}`.
fn read_annotations(fields: &mut Fields, faults: &mut Faults) -> Option<Vec<AnnotationsFile>> {
    let path = fields.at("annotations");
    let tables = match fields.value("annotations") {
        None => return Some(Vec::new()),
        Some(Value::Object(tables)) => tables,
        Some(_) => {
            faults.push(path, "must be a table: a file for every table of the annotations");
            return None;
        }
    };
    let mut files = Vec::new();
    for (table, value) in tables {
        let at = format!("{path}.{table}");
        let file = match value {
            Value::String(file) => inner_path(&file)
                .map_err(|invalid| faults.push(at, invalid.rule))
                .map(|file| AnnotationsFile { table, file, digest: None, size_bytes: None })
                .ok(),
            other => {
                let mut fields = Fields::open(at, other, faults);
                let file = fields.required("file", inner_path, faults);
                let digest = fields.parsed("digest", Digest::parse, faults);
                let size_bytes = fields.optional("size_bytes", "a whole number", faults);
                fields.close(faults);
                file.map(|file| AnnotationsFile { table, file, digest, size_bytes })
            }
        };
        files.push(file);
    }
    // The main table first, as an upload wants it; the others by name.
    let mut files: Vec<AnnotationsFile> = files.into_iter().collect::<Option<_>>()?;
    files.sort_by(|one, other| (one.table != "main", &one.table).cmp(&(other.table != "main", &other.table)));
    Some(files)
}
