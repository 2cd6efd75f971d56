//! Datasets and their versions are put on record.

use domain::event::EventKind;
use domain::framing::NOT_DISCLOSED;
use domain::integrity::Statement;
use domain::{Actor, DatasetId, DatasetVersionId, Digest, Invalid, Slug, Title, VersionName};
use jiff::civil::Date;
use serde_json::json;
use storage::datasets::{self, Dataset, DatasetVersion};
use storage::events;

use super::read::look_up;
use crate::App;
use crate::activities::{owned, recorder};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What is said of a dataset.
#[derive(Debug, Clone)]
pub struct DatasetDraft {
    /// Its short name.
    pub name: Slug,
    /// What people read.
    pub title: Title,
    /// What it says that it shows, in its own words; none where it does not.
    pub conceptualization: Option<Statement>,
    /// Under which terms it may be used; none where nobody says.
    pub licence: Option<Title>,
    /// Where that is said.
    pub source: Title,
}

/// What is said of a version of a dataset; what is absent nobody says.
#[derive(Debug, Clone)]
pub struct VersionDraft {
    /// The version.
    pub version: VersionName,
    /// The day on which it was released.
    pub released_on: Option<Date>,
    /// How much it differs from the one before (`change_class`).
    pub change_class: Option<String>,
    /// The version that it was made from.
    pub parent: Option<VersionName>,
    /// One name for its content.
    pub content_digest: Option<Digest>,
    /// Hours of recordings.
    pub hours: Option<f64>,
    /// Labelled instances.
    pub instances: Option<u32>,
    /// People who recorded.
    pub participants: Option<u32>,
    /// Countries in which they did.
    pub countries: Option<u16>,
    /// Where that is said.
    pub source: Title,
}

/// Puts a dataset on record; its versions are then its recorder's to add.
pub async fn record_dataset(
    app: &App,
    actor: &Actor,
    draft: DatasetDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<DatasetId>> {
    let by = recorder(actor)?;
    let (now, id) = (app.now(), app.sources.new_id::<DatasetId>());
    let new = Dataset {
        id,
        name: draft.name,
        title: draft.title.into(),
        conceptualization: draft.conceptualization.map(|text| text.as_str().to_owned()).unwrap_or_default(),
        licence: draft.licence.map_or_else(|| NOT_DISCLOSED.to_owned(), String::from),
        source: draft.source.into(),
        recorded_by: by,
        recorded_at: now,
    };
    let request = idempotency.map(|key| key.request(actor, "record_dataset"));
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        if datasets::find_by_name(conn, &new.name)?.is_some() {
            return Err(Failure::new(Code::StateConflict, "a dataset of this name is on record already"));
        }
        datasets::insert(conn, &new)?;
        let subject = format!("dataset:{id}");
        let payload = [("name", json!(new.name))];
        Ok(events::append(conn, event(&actor, now, EventKind::DatasetAnnounced, subject, None, payload))?)
    })
    .await
}

/// Puts a version of a dataset on record; for who recorded the dataset, and administrators.
pub async fn record_version(
    app: &App,
    actor: &Actor,
    dataset: &str,
    draft: VersionDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<DatasetVersionId>> {
    let by = recorder(actor)?;
    let change_class = draft.change_class.unwrap_or_else(|| NOT_DISCLOSED.to_owned());
    let mut errors: Vec<FieldError> = wrong_codes(&[("change_class", "change_class", &change_class)]);
    if draft.hours.is_some_and(|hours| !(0.0..=1e9).contains(&hours)) {
        errors.push(FieldError::new("hours", "must be a number of hours"));
    }
    if draft.released_on.is_some_and(|day| day > app.now().utc_date()) {
        errors.push(FieldError::new("released_on", "must not be later than today"));
    }
    if !errors.is_empty() {
        return Err(Failure::invalid_fields(errors));
    }
    let (now, id) = (app.now(), app.sources.new_id::<DatasetVersionId>());
    let request = idempotency.map(|key| key.request(actor, "record_dataset_version"));
    let (actor, key) = (actor.clone(), dataset.to_owned());
    create_once(app, request, id, now, move |conn| {
        let dataset = look_up(conn, &key)?.ok_or_else(Failure::not_found)?;
        owned(true, dataset.recorded_by, &actor)?;
        let known = datasets::versions(conn, dataset.id)?;
        let of = |version: &VersionName| known.iter().find(|known| known.version == *version);
        if of(&draft.version).is_some() {
            return Err(Failure::new(Code::StateConflict, "this version is on record already"));
        }
        let parent = match &draft.parent {
            Some(parent) => {
                Some(of(parent).ok_or_else(|| Invalid::new("parent", "must be a version on record"))?.id)
            }
            None => None,
        };
        let new = DatasetVersion {
            id,
            dataset_id: dataset.id,
            version: draft.version.clone(),
            released_on: draft.released_on.map(|day| day.to_string()),
            change_class: change_class.clone(),
            parent_id: parent,
            content_digest: draft.content_digest,
            hours: draft.hours,
            instances: draft.instances.map(i64::from),
            participants: draft.participants.map(i64::from),
            countries: draft.countries.map(i32::from),
            source: draft.source.as_str().to_owned(),
            recorded_by: by,
            recorded_at: now,
        };
        datasets::insert_version(conn, &new)?;
        let payload = [
            ("dataset", json!(dataset.id)),
            ("version", json!(new.version)),
            ("released_on", json!(new.released_on)),
        ];
        let subject = format!("dataset_version:{id}");
        Ok(events::append(conn, event(&actor, now, EventKind::DatasetReleased, subject, None, payload))?)
    })
    .await
}
