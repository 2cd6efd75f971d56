//! How a dataset was made is put on record by who recorded the dataset, and read by everybody.

use std::collections::BTreeMap;

use domain::event::EventKind;
use domain::{
    Actor, AnnotationProgrammeId, CollectionSiteId, DatasetAnnouncementId, EthicsReviewId, GuidelineId,
    Invalid,
};
use serde_json::{Value, json};
use storage::datasets::citations::{self, Citation, Publication};
use storage::datasets::exclusions::{self, Exclusion};
use storage::datasets::guidelines::{self, Guideline};
use storage::datasets::production::{
    self, Announcement, AnnouncementDraft, Latitude, Programme, ProgrammeDraft, Recording, Review,
    ReviewDraft, Site, SiteDraft,
};
use storage::datasets::{Dataset, DatasetVersion};
use storage::{Conn, events};
use uuid::Uuid;

use super::read::{look_up, look_up_version};
use crate::App;
use crate::accounts::Country;
use crate::activities::{owned, recorder};
use crate::context::event;
use crate::failure::{Failure, FieldError, Outcome};
use crate::framing::record::wrong_codes;
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// Everything that is told of how a dataset was made.
#[derive(Debug, Clone)]
pub struct Production {
    /// Its announcements, oldest record first.
    pub announcements: Vec<Announcement>,
    /// Reviews of ethics.
    pub reviews: Vec<Review>,
    /// The places where it was recorded.
    pub sites: Vec<Site>,
    /// Every version of what annotators were told.
    pub guidelines: Vec<Guideline>,
    /// Programmes of annotation, each with what is said of the freedom of its annotators.
    pub programmes: Vec<(Programme, Vec<Latitude>)>,
    /// What was left out.
    pub exclusions: Vec<Exclusion>,
    /// Who cites it, and what for.
    pub citations: Vec<(Publication, Citation)>,
}

/// Reads all of it, for everybody.
pub async fn read_production(app: &App, dataset: &str) -> Outcome<Production> {
    let key = dataset.to_owned();
    app.db
        .read(move |conn| {
            let dataset = look_up(conn, &key)?.ok_or_else(Failure::not_found)?.id;
            let mut programmes = Vec::new();
            for programme in production::programmes(conn, dataset)? {
                let latitude = production::latitude(conn, programme.id)?;
                programmes.push((programme, latitude));
            }
            Ok(Production {
                announcements: production::announcements(conn, dataset)?,
                reviews: production::reviews(conn, dataset)?,
                sites: production::sites(conn, dataset)?,
                guidelines: guidelines::of_dataset(conn, dataset)?,
                programmes,
                exclusions: exclusions::of_dataset(conn, dataset)?,
                citations: citations::of_dataset(conn, dataset)?,
            })
        })
        .await
}

/// A record of a dataset that is about to be written.
#[derive(Debug, Clone)]
pub(super) struct NewRecord {
    /// The dataset, by id or short name.
    pub(super) dataset: String,
    /// What a repeated request is known by.
    pub(super) action: &'static str,
    /// The event.
    pub(super) kind: EventKind,
    /// What the event is about: `site`.
    pub(super) subject: &'static str,
}

/// Writes a record of a dataset with its event, once per request; for who recorded the dataset, and administrators.
///
/// `write` gives what the event tells besides the dataset: codes, counts and ids, no words.
pub(super) async fn record<T>(
    app: &App,
    actor: &Actor,
    new: NewRecord,
    idempotency: Option<IdempotencyKey>,
    write: impl Fn(&mut Conn<'_>, &Dataset, T, Recording) -> Outcome<Vec<(&'static str, Value)>>
    + Clone
    + Send
    + Sync
    + 'static,
) -> Outcome<Created<T>>
where
    T: From<Uuid> + Into<Uuid> + Copy + std::fmt::Display + Send + Sync + 'static,
{
    let recording = Recording { by: recorder(actor)?, at: app.now() };
    let id = app.sources.new_id::<T>();
    let request = idempotency.map(|key| key.request(actor, new.action));
    let actor = actor.clone();
    create_once(app, request, id, recording.at, move |conn| {
        let dataset = look_up(conn, &new.dataset)?.ok_or_else(Failure::not_found)?;
        owned(true, dataset.recorded_by, &actor)?;
        let mut payload = vec![("dataset", json!(dataset.id))];
        payload.extend(write(conn, &dataset, id, recording)?);
        let subject = format!("{}:{id}", new.subject);
        Ok(events::append(conn, event(&actor, recording.at, new.kind, subject, None, payload))?)
    })
    .await
}

/// The version of a dataset that a path names.
pub(super) fn version_of(conn: &mut Conn<'_>, dataset: &Dataset, version: &str) -> Outcome<DatasetVersion> {
    let found = look_up_version(conn, &format!("{}@{version}", dataset.name))?;
    Ok(found.ok_or_else(Failure::not_found)?.1)
}

/// Puts an announcement with what it claims on record.
pub async fn record_announcement(
    app: &App,
    actor: &Actor,
    dataset: &str,
    draft: AnnouncementDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<DatasetAnnouncementId>> {
    let mut errors = days(app, &[("announced_on", Some(&draft.announced_on))]);
    errors.extend(texts(&[("source", &draft.source, 1)]));
    if draft.claims.0.len() > 50 {
        errors.push(FieldError::new("claims", "must be at most 50"));
    }
    errors.extend(draft.claims.0.iter().flat_map(|claim| texts(&[("claims", claim, 1)])));
    refuse(errors)?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_dataset_announcement",
        kind: EventKind::DatasetAnnounced,
        subject: "dataset_announcement",
    };
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        production::insert_announcement(conn, (id, dataset.id), &draft, recording)?;
        Ok(vec![("announced_on", json!(draft.announced_on)), ("claims", json!(draft.claims.0.len()))])
    })
    .await
}

/// Puts a review of ethics on record.
pub async fn record_review(
    app: &App,
    actor: &Actor,
    dataset: &str,
    draft: ReviewDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<EthicsReviewId>> {
    let mut errors = days(app, &[("decided_on", draft.decided_on.as_ref())]);
    errors.extend(texts(&[
        ("board", &draft.board, 1),
        ("reference", &draft.reference, 0),
        ("source", &draft.source, 1),
    ]));
    let independences = ["independent", "institutional", "internal", "not_disclosed"];
    errors.extend(one_of("independence", &draft.independence, &independences));
    let decisions = ["approved", "approved_with_conditions", "waived", "refused", "not_disclosed"];
    errors.extend(one_of("decision", &draft.decision, &decisions));
    refuse(errors)?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_ethics_review",
        kind: EventKind::EthicsReviewRecorded,
        subject: "ethics_review",
    };
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        production::insert_review(conn, (id, dataset.id), &draft, recording)?;
        Ok(vec![("decision", json!(draft.decision)), ("independence", json!(draft.independence))])
    })
    .await
}

/// Puts a place where a version of a dataset was recorded on record.
pub async fn record_site(
    app: &App,
    actor: &Actor,
    (dataset, version): (&str, &str),
    review: Option<EthicsReviewId>,
    draft: SiteDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<CollectionSiteId>> {
    let mut errors =
        days(app, &[("started_on", draft.started_on.as_ref()), ("ended_on", draft.ended_on.as_ref())]);
    errors.extend(ordered(draft.started_on.as_ref(), draft.ended_on.as_ref()));
    errors.extend(texts(&[("name", &draft.name, 1), ("source", &draft.source, 1)]));
    errors.extend(country(draft.country.as_ref()));
    errors.extend(amounts(&[("hours", draft.hours, 1e9)]));
    errors.extend(counts(&[("participants", draft.participants)]));
    errors.extend(wrong_codes(&[
        ("compensation", "compensation", &draft.compensation),
        ("activity_selection", "activity_selection", &draft.activity_selection),
        ("bystander_regime", "bystander_regime", &draft.bystander_regime),
        ("participant_review", "participant_review", &draft.participant_review),
        ("disclosure", "disclosure", &draft.disclosure),
    ]));
    refuse(errors)?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_collection_site",
        kind: EventKind::SiteRecorded,
        subject: "site",
    };
    let version = version.to_owned();
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        let version = version_of(conn, dataset, &version)?;
        if let Some(review) = review {
            let known = production::reviews(conn, dataset.id)?;
            if !known.iter().any(|known| known.id == review) {
                return Err(Invalid::new("ethics_review", "must be a review of this dataset").into());
            }
        }
        let known = production::sites(conn, dataset.id)?;
        if known.iter().any(|site| site.dataset_version_id == version.id && site.said.name == draft.name) {
            return Err(Invalid::new("name", "must not be on record for this version").into());
        }
        production::insert_site(conn, (id, dataset.id, version.id), review, &draft, recording)?;
        Ok(vec![("version", json!(version.version)), ("country", json!(draft.country))])
    })
    .await
}

/// Puts a programme of annotation on record, with what informants say of the freedom of the annotators.
pub async fn record_programme(
    app: &App,
    actor: &Actor,
    (dataset, version): (&str, &str),
    guideline: Option<GuidelineId>,
    draft: ProgrammeDraft,
    latitude: Vec<Latitude>,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<AnnotationProgrammeId>> {
    refuse(wrong_in_programme(app, &draft, &latitude))?;
    let new = NewRecord {
        dataset: dataset.to_owned(),
        action: "record_annotation_programme",
        kind: EventKind::AnnotationRecorded,
        subject: "annotation_programme",
    };
    let version = version.to_owned();
    record(app, actor, new, idempotency, move |conn, dataset, id, recording| {
        let version = version_of(conn, dataset, &version)?;
        if let Some(guideline) = guideline {
            let known =
                guidelines::find(conn, guideline)?.is_some_and(|known| known.dataset_id == dataset.id);
            if !known {
                return Err(Invalid::new("guideline", "must be a guideline of this dataset").into());
            }
        }
        let ids = (id, dataset.id, version.id);
        production::insert_programme(conn, ids, guideline, &draft, &latitude, recording)?;
        Ok(vec![("version", json!(version.version)), ("stage", json!(draft.stage))])
    })
    .await
}

fn wrong_in_programme(app: &App, draft: &ProgrammeDraft, latitude: &[Latitude]) -> Vec<FieldError> {
    let mut errors =
        days(app, &[("started_on", draft.started_on.as_ref()), ("ended_on", draft.ended_on.as_ref())]);
    errors.extend(ordered(draft.started_on.as_ref(), draft.ended_on.as_ref()));
    errors.extend(texts(&[("source", &draft.source, 1)]));
    errors.extend(country(draft.country.as_ref()));
    errors.extend(amounts(&[
        ("passes_per_item", draft.passes_per_item, 1e6),
        ("footage_hours", draft.footage_hours, 1e9),
        ("agreement", draft.agreement, 1.0),
        ("unsure_share", draft.unsure_share, 1.0),
        ("other_share", draft.other_share, 1.0),
        ("hours_min", draft.hours_min, 1e9),
        ("hours_max", draft.hours_max, 1e9),
        ("living_wage_ratio", draft.living_wage_ratio, 1e6),
    ]));
    errors.extend(counts(&[
        ("instances", draft.instances),
        ("workers_min", draft.workers_min),
        ("workers_max", draft.workers_max),
    ]));
    if draft.passes_per_item == Some(0.0) {
        errors.push(FieldError::new("passes_per_item", "must be more than 0"));
    }
    if draft.workers_max.is_some_and(|most| draft.workers_min.is_none_or(|least| least > most)) {
        errors.push(FieldError::new("workers_max", "must be at least workers_min, which goes with it"));
    }
    if draft.hours_max.is_some_and(|most| draft.hours_min.is_none_or(|least| least > most)) {
        errors.push(FieldError::new("hours_max", "must be at least hours_min, which goes with it"));
    }
    errors.extend(wrong_codes(&[
        ("stage", "annotation.stage", &draft.stage),
        ("unit", "framing.unit", &draft.unit),
        ("aggregation", "annotation.aggregation", &draft.aggregation),
        ("pay_basis", "pay_basis", &draft.pay_basis),
        ("contract_form", "contract_form", &draft.contract_form),
        ("credited", "credited", &draft.credited),
        ("disclosure", "disclosure", &draft.disclosure),
    ]));
    let mut said: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for one in latitude {
        errors.extend(wrong_codes(&[
            ("latitude.dimension", "latitude.dimension", &one.dimension),
            ("latitude.value", "latitude.value", &one.value),
            ("latitude.informant_role", "chain_role", &one.informant_role),
        ]));
        if one.informants < 5 {
            let rule = "must be at least 5, so that nobody can be told from what is said";
            errors.push(FieldError::new("latitude.informants", rule));
        }
        *said.entry((&one.dimension, &one.informant_role)).or_default() += 1;
    }
    if said.values().any(|times| *times > 1) {
        errors
            .push(FieldError::new("latitude", "must say one thing of a dimension by one kind of informants"));
    }
    errors
}

/// Refuses when anything is wrong.
pub(super) fn refuse(errors: Vec<FieldError>) -> Outcome<()> {
    if errors.is_empty() { Ok(()) } else { Err(Failure::invalid_fields(errors)) }
}

/// The days that are none, or are to come.
pub(super) fn days(app: &App, given: &[(&str, Option<&String>)]) -> Vec<FieldError> {
    let today = app.now().utc_date();
    let wrong = given.iter().filter_map(|(field, day)| {
        let day = (*day)?;
        // One way to write a day: the database compares them as texts.
        match day.parse::<jiff::civil::Date>() {
            Ok(read) if read.to_string() == *day && read <= today => None,
            Ok(read) if read > today => Some(FieldError::new(*field, "must not be later than today")),
            _ => Some(FieldError::new(*field, "must be a day such as 2026-05-31")),
        }
    });
    wrong.collect()
}

fn ordered(from: Option<&String>, to: Option<&String>) -> Option<FieldError> {
    let reversed = from.zip(to).is_some_and(|(from, to)| to < from);
    reversed.then(|| FieldError::new("ended_on", "must not be before started_on"))
}

/// The texts that are too short, too long, or hold what cannot be kept.
pub(crate) fn texts(given: &[(&str, &String, usize)]) -> Vec<FieldError> {
    const LONGEST: usize = 4_000;
    let wrong = given.iter().filter_map(|(field, text, least)| {
        let length = text.trim().len();
        if length < *least || text.len() > LONGEST {
            return Some(FieldError::new(*field, format!("must have {least} to {LONGEST} bytes")));
        }
        text.contains('\0').then(|| FieldError::new(*field, "must not hold the character U+0000"))
    });
    wrong.collect()
}

/// The amounts that are none or too large.
pub(super) fn amounts(given: &[(&str, Option<f64>, f64)]) -> Vec<FieldError> {
    let wrong = given
        .iter()
        .filter(|(_, amount, most)| amount.is_some_and(|amount| !(0.0..=*most).contains(&amount)));
    wrong.map(|(field, _, most)| FieldError::new(*field, format!("must be between 0 and {most}"))).collect()
}

/// The numbers of something that are below none.
pub(super) fn counts(given: &[(&str, Option<i64>)]) -> Vec<FieldError> {
    let wrong = given.iter().filter(|(_, count)| count.is_some_and(|count| count < 0));
    wrong.map(|(field, _)| FieldError::new(*field, "must be at least 0")).collect()
}

fn country(given: Option<&String>) -> Option<FieldError> {
    let known = |given: &String| Country::parse(given).is_ok_and(|country| country.as_str() == given);
    let wrong = given.is_some_and(|given| !known(given));
    wrong.then(|| {
        FieldError::new("country", "must be a two-letter code of ISO 3166-1 in capitals, such as PT")
    })
}

fn one_of(field: &str, given: &str, known: &[&str]) -> Option<FieldError> {
    let wrong = !known.contains(&given);
    wrong.then(|| FieldError::new(field, format!("must be one of {}", known.join(", "))))
}
