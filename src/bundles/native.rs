//! Our own form of a challenge: one document for the challenge, its phases, splits and terms.
//!
//! ```toml
//! [challenge]
//! slug = "kitchen-moments-2026"
//! title = "Kitchen moments 2026"
//! description_file = "page.md"          # or description = "..."
//! terms_file = "terms.md"               # or terms = "..."
//!
//! [[phases]]
//! codename = "test"
//! title = "Test phase"
//! evaluator = "ego4d_nlq"
//! opens_at = 2026-03-01T00:00:00Z
//! closes_at = 2026-05-31                # a bare day ends when it is over anywhere on earth
//! quota = { per_day = 5 }
//! splits = [
//!     { codename = "public", visibility = "public", rule = { by = "hash", percent = 30, side = "inside" } },
//!     { codename = "private", visibility = "private", rule = { by = "hash", percent = 30, side = "outside" } },
//! ]
//! annotations = { main = "annotations/test.json" }
//! ```
//!
//! The export writes the same keys as JSON, with `{"file", "digest", "size_bytes"}` for each table of the annotations:
//! which bytes they are, never the bytes themselves.

mod phase;
mod write;

use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::{Digest, Invalid, Slug, Title};
use serde_json::Value;

use crate::fields::{BundleFaults, Faults, Fields};

/// A whole challenge.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeBundle {
    /// What the organizers say about the challenge, terms included.
    pub challenge: ChallengeDraft,
    /// Its phases, in their order.
    pub phases: Vec<PhaseEntry>,
}

/// A phase with the annotations that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct PhaseEntry {
    /// What the organizers say about it, splits included.
    pub draft: PhaseDraft,
    /// The tables of its annotations; empty where there are none yet.
    pub annotations: Vec<AnnotationsFile>,
}

/// One table of held-out annotations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnotationsFile {
    /// Its name for the evaluator.
    pub table: String,
    /// The file: a path beside the document, or in an export the name under which it was uploaded.
    pub file: String,
    /// The digest of its bytes, in an export.
    pub digest: Option<Digest>,
    /// Its size, in an export.
    pub size_bytes: Option<u64>,
}

impl ChallengeBundle {
    /// Reads `challenge.toml`; `read_file` gives the text of a file that it names.
    pub fn parse_toml(
        text: &str,
        read_file: &mut dyn FnMut(&str) -> std::io::Result<String>,
    ) -> Result<Self, BundleFaults> {
        let document: toml::Table = toml::from_str(text).map_err(|error| {
            let mut faults = Faults::default();
            faults.push("document", format!("is not TOML: {}", error.to_string().trim_end()));
            faults.into_result::<()>(None).err().unwrap_or(BundleFaults(Vec::new()))
        })?;
        Self::parse(json_of(toml::Value::Table(document)), read_file)
    }

    /// Reads the document that an export writes; it names no files of texts.
    pub fn parse_json(document: Value) -> Result<Self, BundleFaults> {
        Self::parse(document, &mut |_| Err(std::io::ErrorKind::Unsupported.into()))
    }

    fn parse(
        document: Value,
        read_file: &mut dyn FnMut(&str) -> std::io::Result<String>,
    ) -> Result<Self, BundleFaults> {
        let mut faults = Faults::default();
        let mut fields = Fields::open(String::new(), document, &mut faults);
        let challenge = match fields.value("challenge") {
            Some(value) => read_challenge(value, read_file, &mut faults),
            None => {
                faults.push("challenge", "is missing");
                None
            }
        };
        let mut phases: Vec<Option<PhaseEntry>> = Vec::new();
        for (path, value) in fields.tables("phases", &mut faults) {
            let phase = phase::read(path.clone(), value, read_file, &mut faults);
            let codename = phase.as_ref().map(|phase| &phase.draft.codename);
            let is_twin = |earlier: &Option<PhaseEntry>| {
                codename.is_some() && earlier.as_ref().map(|earlier| &earlier.draft.codename) == codename
            };
            if phases.iter().any(is_twin) {
                faults.push(format!("{path}.codename"), "must be unique in the challenge");
            }
            phases.push(phase);
        }
        fields.close(&mut faults);
        let phases: Option<Vec<PhaseEntry>> = phases.into_iter().collect();
        faults.into_result(challenge.zip(phases).map(|(challenge, phases)| Self { challenge, phases }))
    }
}

fn read_challenge(
    value: Value,
    read_file: &mut dyn FnMut(&str) -> std::io::Result<String>,
    faults: &mut Faults,
) -> Option<ChallengeDraft> {
    let mut fields = Fields::open("challenge".to_owned(), value, faults);
    let slug = fields.required("slug", Slug::parse, faults);
    let title = fields.required("title", Title::parse, faults);
    let summary = fields.read("summary", "text", faults);
    let description = text(&mut fields, "description", "description_file", read_file, faults);
    let series = fields.parsed("series", Slug::parse, faults);
    let edition = fields.read("edition", "text", faults);
    let team_max_size = fields.optional("team_max_size", "a whole number", faults);
    let terms = text(&mut fields, "terms", "terms_file", read_file, faults);
    fields.close(faults);
    let draft = ChallengeDraft {
        slug: slug?,
        title: title?,
        summary,
        description,
        series,
        edition,
        team_max_size,
        terms,
    };
    faults.take("challenge", draft.check())
}

/// A text that stands in the document or in a file beside it.
fn text(
    fields: &mut Fields,
    key: &'static str,
    file_key: &'static str,
    read_file: &mut dyn FnMut(&str) -> std::io::Result<String>,
    faults: &mut Faults,
) -> String {
    let inline: Option<String> = fields.optional(key, "text", faults);
    let file: Option<String> = fields.optional(file_key, "the path of a file", faults);
    match (inline, file) {
        (Some(_), Some(_)) => {
            faults.push(fields.at(file_key), format!("must be absent where {key} is given"));
            String::new()
        }
        (None, Some(path)) => match read_file(&path) {
            Ok(text) => text,
            Err(error) => {
                faults.push(fields.at(file_key), format!("names {path:?}, which cannot be read: {error}"));
                String::new()
            }
        },
        (inline, None) => inline.unwrap_or_default(),
    }
}

/// The same document as JSON; dates and times become text.
fn json_of(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::from(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(flag) => Value::from(flag),
        toml::Value::Datetime(moment) => Value::from(moment.to_string()),
        toml::Value::Array(values) => values.into_iter().map(json_of).collect(),
        toml::Value::Table(table) => {
            Value::Object(table.into_iter().map(|(key, value)| (key, json_of(value))).collect())
        }
    }
}

/// A path that stays in the folder of the document.
fn inner_path(text: &str) -> Result<String, Invalid> {
    let is_inner = !text.is_empty()
        && !text.starts_with('/')
        && !text.contains('\\')
        && text.split('/').all(|part| !part.is_empty() && part != "..");
    if is_inner {
        Ok(text.to_owned())
    } else {
        Err(Invalid::new("file", "must be a path inside the folder of the challenge"))
    }
}

#[cfg(test)]
mod tests;
