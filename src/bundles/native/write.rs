//! A bundle as the document that reads back.

use serde_json::{Map, Value, json};

use super::{AnnotationsFile, ChallengeBundle, PhaseEntry};

impl ChallengeBundle {
    /// The document, every key spelled out.
    pub fn to_json(&self) -> Value {
        let challenge = &self.challenge;
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
            },
            "phases": self.phases.iter().map(phase).collect::<Vec<_>>(),
        })
    }
}

fn phase(entry: &PhaseEntry) -> Value {
    let draft = &entry.draft;
    let annotations: Map<String, Value> = entry.annotations.iter().map(annotations_file).collect();
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
        "annotations": annotations,
    })
}

fn annotations_file(file: &AnnotationsFile) -> (String, Value) {
    let written = json!({ "file": file.file, "digest": file.digest, "size_bytes": file.size_bytes });
    (file.table.clone(), written)
}
