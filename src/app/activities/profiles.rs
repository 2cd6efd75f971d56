//! How much of a split, or of a dataset, is which activity is put on record, and read.

use domain::event::EventKind;
use domain::{ActivityProfileId, Actor, Codename, DatasetVersionId, Digest, Invalid, SplitId, Title};
use research::framing::shares::read_shares;
use serde_json::json;
use storage::activities::profiles::{self, Profile};
use storage::activities::taxonomies::{self, Taxonomy};
use storage::{Conn, events, phases};

use super::imports::{read, recorder};
use super::taxonomies::{as_list, find_taxonomy, owned};
use crate::App;
use crate::authority::{SeenPhase, see_phase};
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What a profile describes.
#[derive(Debug, Clone)]
pub enum Subject {
    /// A split of a phase: challenge, phase, codename.
    Split(String, String, String),
    /// A version of a dataset, by id or as `name@version`.
    Dataset(String),
}

/// What is said of a profile besides its shares.
#[derive(Debug, Clone)]
pub struct ProfileDraft {
    /// What it describes.
    pub subject: Subject,
    /// The list that its activities are of, by id or as `name@version`.
    pub taxonomy: String,
    /// What was counted: `hours`, `instances` or `score_weight`.
    pub unit: String,
    /// How: `counted`, `estimated`, `published` or `not_disclosed`.
    pub method: String,
    /// Where it was published, or who counted.
    pub source: Title,
    /// Whether everybody may see it who sees what it describes.
    pub is_public: bool,
}

/// A profile with its shares.
#[derive(Debug, Clone)]
pub struct ProfileDetail {
    /// The profile.
    pub profile: Profile,
    /// The list that its activities are of.
    pub taxonomy: Taxonomy,
    /// The shares, 0..=1, by code.
    pub shares: Vec<(String, f64)>,
}

/// Puts a profile on record, from CSV with the columns `code` and `share`; for organizers, and for who recorded the dataset.
pub async fn record_profile(
    app: &App,
    actor: &Actor,
    draft: ProfileDraft,
    bytes: &[u8],
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<ActivityProfileId>> {
    let by = recorder(actor)?;
    one_of("unit", &draft.unit, &["hours", "instances", "score_weight"])?;
    one_of("method", &draft.method, &["counted", "estimated", "published", "not_disclosed"])?;
    let (asking, subject, key) = (actor.clone(), draft.subject.clone(), draft.taxonomy.clone());
    let (taxonomy, list) = app
        .db
        .read(move |conn| {
            placed(conn, &asking, &subject)?;
            let taxonomy = find_taxonomy(conn, "taxonomy", &key)?;
            let list = as_list(conn, &taxonomy)?;
            Ok::<_, Failure>((taxonomy, list))
        })
        .await?;
    let shares = read(app, bytes, move |bytes, limits| read_shares(&list, bytes, limits)).await?;
    let (now, id, digest) = (app.now(), app.sources.new_id::<ActivityProfileId>(), Digest::of(bytes));
    let request = idempotency.map(|key| key.request(actor, "record_activity_shares"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        let place = placed(conn, &actor, &draft.subject)?;
        let new = Profile {
            id,
            split_id: place.split,
            dataset_version_id: place.dataset,
            taxonomy_id: taxonomy.id,
            unit: draft.unit.clone(),
            method: draft.method.clone(),
            source: draft.source.as_str().to_owned(),
            is_public: draft.is_public,
            digest,
            recorded_by: by,
            recorded_at: now,
        };
        profiles::insert(conn, &new, &shares)?;
        let payload = [
            ("split", json!(new.split_id)),
            ("dataset_version", json!(new.dataset_version_id)),
            ("taxonomy", json!(new.taxonomy_id)),
            ("unit", json!(new.unit)),
            ("public", json!(new.is_public)),
        ];
        let subject = format!("activity_profile:{id}");
        let told = event(&actor, now, EventKind::ActivitySharesRecorded, subject, place.challenge, payload);
        Ok(events::append(conn, told)?)
    })
    .await
}

fn one_of(field: &str, given: &str, known: &[&str]) -> Result<(), Invalid> {
    if known.contains(&given) {
        return Ok(());
    }
    Err(Invalid::new(field, format!("must be one of {}", known.join(", "))))
}

/// Where a profile belongs.
struct Place {
    split: Option<SplitId>,
    dataset: Option<DatasetVersionId>,
    challenge: Option<domain::ChallengeId>,
}

/// Lets those describe something who may.
fn placed(conn: &mut Conn<'_>, actor: &Actor, subject: &Subject) -> Outcome<Place> {
    match subject {
        Subject::Split(challenge, phase, codename) => {
            let managed = see_phase(conn, actor, challenge, phase)?.manage(actor)?;
            let split = Some(split_of(conn, managed.phase.id, codename)?);
            Ok(Place { split, dataset: None, challenge: Some(managed.challenge.id) })
        }
        Subject::Dataset(key) => {
            let (dataset, version) = crate::datasets::find_version(conn, "dataset", key)?;
            owned(true, dataset.recorded_by, actor)?;
            Ok(Place { split: None, dataset: Some(version.id), challenge: None })
        }
    }
}

fn split_of(conn: &mut Conn<'_>, phase: domain::PhaseId, codename: &str) -> Outcome<SplitId> {
    let codename = Codename::parse(codename).map_err(|_| Failure::not_found())?;
    let found = phases::splits_of(conn, phase)?.into_iter().find(|split| split.codename == codename);
    Ok(found.ok_or_else(Failure::not_found)?.id)
}

/// The profiles of a split, newest first: all of them for organizers, those that are public for everybody else.
pub async fn list_profiles_of_split(
    app: &App,
    actor: &Actor,
    (challenge, phase, split): (&str, &str, &str),
) -> Outcome<Vec<ProfileDetail>> {
    let actor = actor.clone();
    let (challenge, phase, split) = (challenge.to_owned(), phase.to_owned(), split.to_owned());
    app.db
        .read(move |conn| {
            let SeenPhase { challenge, phase } = see_phase(conn, &actor, &challenge, &phase)?;
            let split = split_of(conn, phase.id, &split)?;
            let mut found = profiles::of_split(conn, split)?;
            found.retain(|profile| profile.is_public || challenge.is_organizer());
            details(conn, found)
        })
        .await
}

/// The profiles of a version of a dataset, newest first; those that are not public are for who recorded the dataset.
pub async fn list_profiles_of_dataset(app: &App, actor: &Actor, key: &str) -> Outcome<Vec<ProfileDetail>> {
    let (actor, key) = (actor.clone(), key.to_owned());
    app.db
        .read(move |conn| {
            let (dataset, version) =
                crate::datasets::look_up_version(conn, &key)?.ok_or_else(Failure::not_found)?;
            let own = owned(true, dataset.recorded_by, &actor).is_ok();
            let mut found = profiles::of_dataset(conn, version.id)?;
            found.retain(|profile| profile.is_public || own);
            details(conn, found)
        })
        .await
}

fn details(conn: &mut Conn<'_>, found: Vec<Profile>) -> Outcome<Vec<ProfileDetail>> {
    let each = found.into_iter().map(|profile| {
        let taxonomy = taxonomies::find(conn, profile.taxonomy_id)?.ok_or_else(Failure::not_found)?;
        Ok(ProfileDetail { shares: profiles::shares(conn, profile.id)?, taxonomy, profile })
    });
    each.collect()
}
