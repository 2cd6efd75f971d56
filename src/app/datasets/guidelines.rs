//! What annotators are told is put on record version by version, and versions are told apart clause by clause.

use std::collections::BTreeSet;

use domain::event::{EventKind, canonical_json};
use domain::{Actor, Digest, GuidelineId};
use serde_json::json;
use storage::datasets::guidelines::{self, Clause, Guideline};

use super::production::{NewRecord, days, record, refuse, texts};
use crate::App;
use crate::failure::{Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey};

/// The most clauses that a guideline has.
const MOST_CLAUSES: usize = 500;

/// What is said of a version of a guideline.
#[derive(Debug, Clone)]
pub struct GuidelineDraft {
    /// What it is called; what has been recorded under this name is what it changes.
    pub name: String,
    /// The first day on which it held.
    pub effective_from: Option<String>,
    /// Where it can be read.
    pub source: String,
    /// Its clauses, in its order.
    pub clauses: Vec<Clause>,
}

/// A version of a guideline with its clauses.
#[derive(Debug, Clone)]
pub struct GuidelineDetail {
    /// The version.
    pub guideline: Guideline,
    /// Its clauses, in its order.
    pub clauses: Vec<Clause>,
}

/// What became of a clause from one version to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClauseDifference {
    /// The clause.
    pub code: String,
    /// What it was; absent where it was added.
    pub before: Option<Clause>,
    /// What it is; absent where it was removed.
    pub after: Option<Clause>,
}

/// Puts the next version of a guideline on record; for who recorded the dataset.
pub async fn record_guideline(
    app: &App,
    actor: &Actor,
    dataset: &str,
    draft: GuidelineDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<GuidelineId>> {
    refuse(wrong_in(app, &draft))?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_guideline",
        kind: EventKind::GuidelinePublished,
        subject: "guideline",
    };
    let written = draft.clauses.iter().map(|clause| {
        json!({"code": clause.code, "kind": clause.kind, "body": clause.body, "perspective": clause.perspective})
    });
    let digest = Digest::of(canonical_json(&written.collect()).as_bytes());
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        let known = guidelines::of_dataset(conn, dataset.id)?;
        let versions = known.iter().filter(|known| known.name == draft.name).map(|known| known.version);
        let guideline = Guideline {
            id,
            dataset_id: dataset.id,
            name: draft.name.clone(),
            version: versions.max().unwrap_or(0) + 1,
            effective_from: draft.effective_from.clone(),
            source: draft.source.clone(),
            digest,
        };
        guidelines::insert(conn, &guideline, &draft.clauses, recording)?;
        Ok(vec![
            ("version", json!(guideline.version)),
            ("clauses", json!(draft.clauses.len())),
            ("digest", json!(digest)),
        ])
    })
    .await
}

fn wrong_in(app: &App, draft: &GuidelineDraft) -> Vec<FieldError> {
    let mut errors = days(app, &[("effective_from", draft.effective_from.as_ref())]);
    errors.extend(texts(&[("name", &draft.name, 1), ("source", &draft.source, 1)]));
    if draft.clauses.is_empty() || draft.clauses.len() > MOST_CLAUSES {
        errors.push(FieldError::new("clauses", format!("must be 1 to {MOST_CLAUSES}")));
        return errors;
    }
    let mut codes = BTreeSet::new();
    for (position, clause) in draft.clauses.iter().enumerate() {
        let mut wrong = texts(&[("code", &clause.code, 1), ("body", &clause.body, 1)]);
        wrong.extend(wrong_codes(&[
            ("kind", "guideline_clause.kind", &clause.kind),
            ("perspective", "perspective", &clause.perspective),
        ]));
        if !codes.insert(&clause.code) {
            wrong.push(FieldError::new("code", "must be another than those of the clauses before"));
        }
        errors.extend(
            wrong
                .into_iter()
                .map(|error| FieldError { field: format!("clauses[{position}].{}", error.field), ..error }),
        );
    }
    errors
}

/// A version of a guideline with its clauses.
pub async fn read_guideline(app: &App, id: GuidelineId) -> Outcome<GuidelineDetail> {
    app.db
        .read(move |conn| {
            let guideline = guidelines::find(conn, id)?.ok_or_else(Failure::not_found)?;
            Ok(GuidelineDetail { clauses: guidelines::clauses(conn, id)?, guideline })
        })
        .await
}

/// The clauses in which two versions differ: those of the first in its order, then those that were added.
pub fn difference(from: &GuidelineDetail, to: &GuidelineDetail) -> Vec<ClauseDifference> {
    let find = |detail: &GuidelineDetail, code: &str| {
        detail.clauses.iter().find(|clause| clause.code == code).cloned()
    };
    let added = to.clauses.iter().filter(|clause| find(from, &clause.code).is_none());
    let codes = from.clauses.iter().chain(added).map(|clause| clause.code.clone());
    let compared =
        codes.map(|code| ClauseDifference { before: find(from, &code), after: find(to, &code), code });
    compared.filter(|clause| clause.before != clause.after).collect()
}

#[cfg(test)]
mod tests {
    use domain::DatasetId;
    use uuid::Uuid;

    use super::*;

    fn version(clauses: &[(&str, &str)]) -> GuidelineDetail {
        let clause = |(code, body): &(&str, &str)| Clause {
            code: (*code).to_owned(),
            kind: "definition".to_owned(),
            body: (*body).to_owned(),
            perspective: "organizer".to_owned(),
        };
        GuidelineDetail {
            guideline: Guideline {
                id: GuidelineId(Uuid::nil()),
                dataset_id: DatasetId(Uuid::nil()),
                name: "g".to_owned(),
                version: 1,
                effective_from: None,
                source: "s".to_owned(),
                digest: Digest::of(b""),
            },
            clauses: clauses.iter().map(clause).collect(),
        }
    }

    #[test]
    fn clauses_are_told_apart_by_their_codes() {
        let before =
            version(&[("start", "At the first touch."), ("end", "At the last."), ("tea", "Is cooking.")]);
        let after =
            version(&[("tea", "Is cooking."), ("start", "Before the first touch."), ("coffee", "Is too.")]);
        let found = difference(&before, &after);
        let told: Vec<(&str, bool, bool)> = found
            .iter()
            .map(|clause| (clause.code.as_str(), clause.before.is_some(), clause.after.is_some()))
            .collect();
        assert_eq!(told, [("start", true, true), ("end", true, false), ("coffee", false, true)]);
        assert!(difference(&before, &before).is_empty());
    }
}
