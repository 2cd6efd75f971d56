//! Writing a challenge as `challenge.toml`, so that reading it again gives the same challenge.

use std::collections::BTreeSet;

use domain::phase::{AttributeSpec, EvaluationLimits};
use domain::quota::Quota;
use domain::ranking_rule::RankingRule;
use domain::split::SplitSpec;
use domain::{Tag, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use toml::Table;

use crate::challenge::DIGEST_PREFIX;
use crate::{AnnotationsFile, BundleError, BundleFolder, PhaseEntry};

/// The file names of the longer texts.
const DESCRIPTION_FILE: &str = "description.md";
const TERMS_FILE: &str = "terms.md";

#[derive(Serialize)]
struct Document<'a> {
    slug: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    summary: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description_file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    series: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    edition: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_max_size: Option<u32>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    tags: &'a BTreeSet<Tag>,
    #[serde(skip_serializing_if = "Option::is_none")]
    terms_file: Option<&'a str>,
    publish: bool,
    phase: Vec<PhaseDocument<'a>>,
}

#[derive(Serialize)]
struct PhaseDocument<'a> {
    codename: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    evaluator: &'a str,
    mode: &'a str,
    opens_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    closes_at: Option<Timestamp>,
    final_choice: &'a str,
    leaderboard_public: bool,
    #[serde(skip_serializing_if = "Map::is_empty")]
    params: Map<String, Value>,
    #[serde(skip_serializing_if = "is_unlimited")]
    quota: Quota,
    limits: EvaluationLimits,
    #[serde(skip_serializing_if = "is_default")]
    ranking: &'a RankingRule,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attribute: Vec<AttributeSpec>,
    split: &'a [SplitSpec],
    #[serde(skip_serializing_if = "Option::is_none")]
    framing: Option<Value>,
    #[serde(skip_serializing_if = "Table::is_empty")]
    annotations: Table,
}

fn is_unlimited(quota: &Quota) -> bool {
    *quota == Quota::default()
}

fn is_default(rule: &&RankingRule) -> bool {
    **rule == RankingRule::default()
}

impl BundleFolder {
    /// The files of the bundle, by name: `challenge.toml` first, then the longer texts.
    ///
    /// Tables of annotations are named, never written.
    pub fn to_files(&self) -> Result<Vec<(&'static str, String)>, BundleError> {
        let challenge = &self.bundle.challenge;
        let text_in = |file, text: &String| if text.is_empty() { None } else { Some(file) };
        let document = Document {
            slug: challenge.slug.as_str(),
            title: challenge.title.as_str(),
            summary: &challenge.summary,
            description_file: text_in(DESCRIPTION_FILE, &challenge.description),
            series: challenge.series.as_ref().map(domain::Slug::as_str),
            edition: &challenge.edition,
            team_max_size: challenge.team_max_size,
            tags: &challenge.tags,
            terms_file: text_in(TERMS_FILE, &challenge.terms),
            publish: self.publish,
            phase: self.bundle.phases.iter().map(phase_document).collect(),
        };
        let texts = [(DESCRIPTION_FILE, &challenge.description), (TERMS_FILE, &challenge.terms)];
        let mut files = vec![(crate::FILE_NAME, toml::to_string(&document)?)];
        files.extend(
            texts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(file, text)| (file, text.clone())),
        );
        Ok(files)
    }
}

fn phase_document(phase: &PhaseEntry) -> PhaseDocument<'_> {
    let draft = &phase.draft;
    let source = |table: &AnnotationsFile| match table.digest {
        Some(digest) => format!("{DIGEST_PREFIX}{digest}"),
        None => table.file.clone(),
    };
    PhaseDocument {
        codename: draft.codename.as_str(),
        title: draft.title.as_str(),
        description: &draft.description,
        evaluator: &draft.evaluator,
        mode: draft.mode.as_str(),
        opens_at: draft.opens_at,
        closes_at: draft.closes_at,
        final_choice: draft.final_choice.as_str(),
        leaderboard_public: draft.leaderboard_public,
        // TOML has no null; an absent parameter means the same.
        params: draft.params.iter().filter(|(_, value)| !value.is_null()).map(owned).collect(),
        quota: draft.quota,
        limits: draft.limits,
        ranking: &draft.ranking,
        attribute: draft.attributes.clone(),
        split: &draft.splits,
        framing: draft
            .framing
            .as_ref()
            .and_then(|framing| serde_json::to_value(framing).ok())
            .map(without_nulls),
        annotations: phase
            .annotations
            .iter()
            .map(|table| (table.table.clone(), source(table).into()))
            .collect(),
    }
}

/// The same value as TOML can say it: what is null is left out.
fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let told = fields.into_iter().filter(|(_, value)| !value.is_null());
            Value::Object(told.map(|(name, value)| (name, without_nulls(value))).collect())
        }
        other => other,
    }
}

fn owned((name, value): (&String, &Value)) -> (String, Value) {
    (name.clone(), value.clone())
}
