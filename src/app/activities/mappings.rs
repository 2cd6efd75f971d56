//! What the terms of one list mean in another is put on record, and read.

use domain::event::EventKind;
use domain::{Actor, Digest, MappingId, TaxonomyId, Title, VersionName};
use research::mappings as meanings;
use research::mappings::circles::refuse_circles;
use serde_json::json;
use storage::activities::mappings::{self, Candidate, MappedTerm, Mapping};
use storage::activities::taxonomies;
use storage::{Conn, events};

use super::imports::{read, recorder};
use super::taxonomies::{as_list, find_taxonomy};
use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What is said of a mapping besides its terms.
#[derive(Debug, Clone)]
pub struct MappingDraft {
    /// What is mapped, by id or as `name@version`.
    pub from: String,
    /// What it is mapped to, by id or as `name@version`.
    pub to: String,
    /// The version of the mapping.
    pub version: VersionName,
    /// Where it was published, or who made it.
    pub source: Title,
}

/// A mapping with its terms.
#[derive(Debug, Clone)]
pub struct MappingDetail {
    /// The mapping.
    pub mapping: Mapping,
    /// What is mapped.
    pub from: taxonomies::Taxonomy,
    /// What it is mapped to.
    pub to: taxonomies::Taxonomy,
    /// Its terms, in its order.
    pub terms: Vec<MappedTerm>,
}

/// Puts a mapping on record, from a coder's sheet or a weighted table (`research::mappings::Mapping::read`).
///
/// Refused, all faults at once: terms that a list does not have, a term without determinacy, shares beyond the whole; and a
/// mapping that leads, with those on record, from a term back to itself.
pub async fn record_mapping(
    app: &App,
    actor: &Actor,
    draft: MappingDraft,
    bytes: &[u8],
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<MappingId>> {
    let by = recorder(actor)?;
    let (from_key, to_key) = (draft.from.clone(), draft.to.clone());
    let ((from, source), (to, target)) = app
        .db
        .read(move |conn| {
            let (from, to) = (find_taxonomy(conn, "from", &from_key)?, find_taxonomy(conn, "to", &to_key)?);
            let (source, target) = (as_list(conn, &from)?, as_list(conn, &to)?);
            Ok::<_, Failure>(((from, source), (to, target)))
        })
        .await?;
    if from.id == to.id {
        return Err(Failure::invalid_fields(vec![FieldError::new("to", "must be another list")]));
    }
    let version = draft.version.clone();
    let meaning = read(app, bytes, move |bytes, limits| {
        meanings::Mapping::read_between(&source, version.as_str(), &target, bytes, limits)
    })
    .await?;
    let (now, id) = (app.now(), app.sources.new_id::<MappingId>());
    let new = Mapping {
        id,
        from_taxonomy_id: from.id,
        to_taxonomy_id: to.id,
        version: draft.version,
        source: draft.source.into(),
        digest: Digest::of(bytes),
        recorded_by: by,
        recorded_at: now,
    };
    let request = idempotency.map(|key| key.request(actor, "record_mapping"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| write(conn, &actor, &new, &meaning)).await
}

/// Writes a mapping, with its event.
pub(super) fn write(
    conn: &mut Conn<'_>,
    actor: &Actor,
    new: &Mapping,
    meaning: &meanings::Mapping,
) -> Outcome<()> {
    mappings::lock(conn)?;
    let known = mappings::from(conn, new.from_taxonomy_id)?;
    if known.iter().any(|one| one.to_taxonomy_id == new.to_taxonomy_id && one.version == new.version) {
        return Err(Failure::new(Code::StateConflict, "this version of the mapping is on record already"));
    }
    let mut all = leading_on(conn, new)?;
    all.push(meaning.clone());
    refuse_circles(&all).map_err(|circle| {
        Failure::invalid_fields(vec![FieldError::new(
            "table",
            format!("must not lead in a circle: {circle}"),
        )])
    })?;
    let target = meaning.target();
    let terms: Vec<MappedTerm> = meaning
        .terms()
        .iter()
        .map(|term| MappedTerm {
            code: term.code.clone(),
            relation: term.relation.clone(),
            determinacy: term.determinacy.code().to_owned(),
            candidates: term
                .candidates
                .iter()
                .map(|candidate| Candidate {
                    code: target.terms()[candidate.term].code.clone(),
                    weight: candidate.weight,
                    least: candidate.least,
                    most: candidate.most,
                })
                .collect(),
        })
        .collect();
    mappings::insert(conn, new, &terms)?;
    let payload = [
        ("from", json!(new.from_taxonomy_id)),
        ("to", json!(new.to_taxonomy_id)),
        ("terms", json!(terms.len())),
        ("digest", json!(new.digest)),
    ];
    let subject = format!("mapping:{}", new.id);
    let told = event(actor, new.recorded_at, EventKind::MappingRecorded, subject, None, payload);
    Ok(events::append(conn, told)?)
}

/// The mappings on record that lead on from where a new one leads; none where nothing leads back to where it begins.
fn leading_on(conn: &mut Conn<'_>, new: &Mapping) -> Outcome<Vec<meanings::Mapping>> {
    let mut reached = vec![new.to_taxonomy_id];
    let mut leading = Vec::new();
    let mut next = 0;
    while let Some(at) = reached.get(next).copied() {
        next += 1;
        for mapping in mappings::from(conn, at)? {
            if !reached.contains(&mapping.to_taxonomy_id) {
                reached.push(mapping.to_taxonomy_id);
            }
            leading.push(mapping);
        }
    }
    if !reached.contains(&new.from_taxonomy_id) {
        return Ok(Vec::new());
    }
    leading.iter().map(|mapping| as_meaning(conn, mapping)).collect()
}

/// A mapping on record as `research` computes with it.
fn as_meaning(conn: &mut Conn<'_>, mapping: &Mapping) -> Outcome<meanings::Mapping> {
    let (from, to) = (taxonomy(conn, mapping.from_taxonomy_id)?, taxonomy(conn, mapping.to_taxonomy_id)?);
    let (source, target) = (as_list(conn, &from)?, as_list(conn, &to)?);
    let terms = mappings::terms(conn, mapping.id)?.into_iter().filter_map(|term| {
        let title = source.terms()[source.find(&term.code)?].title.clone();
        let candidates = term.candidates.iter().filter_map(|candidate| {
            let Candidate { weight, least, most, .. } = *candidate;
            Some(meanings::Candidate { term: target.find(&candidate.code)?, weight, least, most })
        });
        Some(meanings::MappedTerm {
            candidates: candidates.collect(),
            title,
            determinacy: meanings::Determinacy::of_code(&term.determinacy)?,
            relation: term.relation,
            code: term.code,
        })
    });
    let terms = terms.collect();
    Ok(meanings::Mapping::of_terms(source.name(), mapping.version.as_str(), &target, terms))
}

fn taxonomy(conn: &mut Conn<'_>, id: TaxonomyId) -> Outcome<taxonomies::Taxonomy> {
    taxonomies::find(conn, id)?.ok_or_else(Failure::not_found)
}

/// A page of all mappings, newest record first.
pub async fn list_mappings(app: &App, before: Option<MappingId>, limit: u32) -> Outcome<Vec<Mapping>> {
    app.db.read(move |conn| Ok(mappings::page(conn, before, i64::from(limit))?)).await
}

/// A mapping with its terms.
pub async fn read_mapping(app: &App, id: MappingId) -> Outcome<MappingDetail> {
    app.db
        .read(move |conn| {
            let mapping = mappings::find(conn, id)?.ok_or_else(Failure::not_found)?;
            Ok(MappingDetail {
                from: taxonomy(conn, mapping.from_taxonomy_id)?,
                to: taxonomy(conn, mapping.to_taxonomy_id)?,
                terms: mappings::terms(conn, id)?,
                mapping,
            })
        })
        .await
}
