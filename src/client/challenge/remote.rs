//! A challenge as its server tells it, and as it is sent there.

use domain::challenge::ChallengeDraft;
use domain::phase::PhaseDraft;
use domain::{Digest, Slug};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::Request;
use crate::{Api, ClientError, status};

/// A challenge as its server exports it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RemoteChallenge {
    /// What is said about the challenge.
    pub(super) challenge: Map<String, Value>,
    /// What is said about its phases.
    pub(super) phases: Vec<RemotePhase>,
}

/// A phase as its server exports it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RemotePhase {
    /// Its codename.
    pub(super) codename: String,
    /// The annotations in force.
    #[serde(default)]
    pub(super) annotations: Vec<RemoteTable>,
    /// Everything else.
    #[serde(flatten)]
    pub(super) fields: Map<String, Value>,
}

/// A table of annotations that a server has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct RemoteTable {
    /// Its name for the evaluator.
    pub(super) table: String,
    /// What its file was called.
    #[serde(default)]
    pub(super) file: String,
    /// What it holds.
    pub(super) digest: Option<Digest>,
}

/// Where a challenge stands.
#[derive(Debug, Deserialize)]
struct Seen {
    state: String,
}

/// Reads a challenge with its state; `None` when there is none that the person may see.
pub(super) fn read(api: &Api, slug: &Slug) -> Result<Option<(RemoteChallenge, String)>, ClientError> {
    let seen: Seen = match api.get(&format!("/challenges/{slug}")) {
        Ok(seen) => seen,
        Err(error) if error.is_not_found() => return Ok(None),
        Err(error) => return Err(error),
    };
    let exported: Value = api.get(&format!("/challenges/{slug}/export"))?;
    Ok(Some((status::understood(&exported)?, seen.state)))
}

/// What is sent about a challenge.
pub(super) fn challenge_fields(draft: &ChallengeDraft) -> Map<String, Value> {
    object(json!({
        "slug": draft.slug,
        "title": draft.title,
        "summary": draft.summary,
        "description": draft.description,
        "series": draft.series,
        "edition": draft.edition,
        "team_max_size": draft.team_max_size,
        "terms": draft.terms,
        "tags": draft.tags,
    }))
}

/// What is sent about a phase.
pub(super) fn phase_fields(draft: &PhaseDraft) -> Map<String, Value> {
    let mut fields = object(json!({
        "codename": draft.codename,
        "title": draft.title,
        "description": draft.description,
        "evaluator": draft.evaluator,
        "params": draft.params,
        "mode": draft.mode,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "quota": draft.quota,
        "limits": draft.limits,
        "ranking": draft.ranking,
        "final_choice": draft.final_choice,
        "attributes": draft.attributes,
        "splits": draft.splits,
        "leaderboard_public": draft.leaderboard_public,
    }));
    // A framing stays until another is said: a file that says none takes none away.
    if let Some(framing) = &draft.framing {
        fields.insert("framing".to_owned(), json!(framing));
    }
    fields
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}

/// A POST without content.
pub(super) fn post_empty(api: &Api, path: &str) -> Result<(), ClientError> {
    api.send(Request::new(ureq::http::Method::POST, path)).map(drop)
}
