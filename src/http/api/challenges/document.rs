//! A whole challenge as one document.

use app::challenges::export::{AnnotationsFile, ChallengeBundle, PhaseEntry};
use serde_json::{Value, json};

/// The document of a bundle, every key spelled out under the names that creating requests use.
pub(super) fn document(bundle: &ChallengeBundle) -> Value {
    let challenge = &bundle.challenge;
    json!({
        "challenge": {
            "slug": challenge.slug,
            "title": challenge.title,
            "summary": challenge.summary,
            "description": challenge.description,
            "series": challenge.series,
            "edition": challenge.edition,
            "team_max_size": challenge.team_max_size,
            "terms": challenge.terms,
            "tags": challenge.tags,
        },
        "phases": bundle.phases.iter().map(phase).collect::<Vec<_>>(),
    })
}

fn phase(entry: &PhaseEntry) -> Value {
    let draft = &entry.draft;
    json!({
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
        "framing": draft.framing,
        "annotations": entry.annotations.iter().map(table).collect::<Vec<_>>(),
    })
}

fn table(file: &AnnotationsFile) -> Value {
    json!({ "table": file.table, "file": file.file, "digest": file.digest, "size_bytes": file.size_bytes })
}
