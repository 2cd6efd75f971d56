//! What the challenge routes answer with.

use std::collections::BTreeSet;

use app::challenges::changes::Change;
use app::challenges::detail::ChallengeDetail;
use app::challenges::records::{Challenge, Organizer, Participant, Terms};
use app::challenges::register::Registered;
use app::challenges::search::standing_name;
use domain::event::Event;
use domain::{Digest, Tag, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use uuid::Uuid;

/// A challenge in a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChallengeSummary {
    /// Its id.
    pub(in crate::api) id: Uuid,
    /// Its part of the address.
    slug: String,
    /// Its heading.
    title: String,
    /// One or two sentences.
    summary: String,
    /// Which edition of its series it is.
    edition: String,
    /// `draft`, `published` or `archived`.
    #[schema(example = "published")]
    state: &'static str,
    /// When everyone first saw it.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
}

/// A challenge.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChallengeView {
    /// Its id.
    id: Uuid,
    /// Its part of the address.
    slug: String,
    /// Its heading.
    title: String,
    /// One or two sentences.
    summary: String,
    /// The page text, in Markdown.
    description: String,
    /// The series it is an edition of.
    series: Option<SeriesReference>,
    /// Which edition of its series it is.
    edition: String,
    /// `draft`, `published` or `archived`.
    #[schema(example = "published")]
    state: &'static str,
    /// Where it stands in time: `upcoming`, `open` or `closed`.
    #[schema(example = "open")]
    standing: &'static str,
    /// The most people a team may have; null is no limit.
    team_max_size: Option<u32>,
    /// The words by which it is found.
    #[schema(value_type = Vec<String>)]
    tags: BTreeSet<Tag>,
    /// The version of the terms in force; null where there are none.
    terms_version: Option<i32>,
    /// Who sees it: `public`, `unlisted` or `private`.
    #[schema(example = "public")]
    openness: &'static str,
    /// Who may enter: `open`, `listed` or `approval`.
    #[schema(example = "open")]
    admission: &'static str,
    /// From when on nobody registers any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    entries_close_at: Option<Timestamp>,
    /// From when on nobody joins a team any more.
    #[schema(value_type = Option<String>, format = DateTime)]
    teams_freeze_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When everyone first saw it.
    #[schema(value_type = Option<String>, format = DateTime)]
    published_at: Option<Timestamp>,
    /// What the reader is in it: `viewer`, `organizer`, `owner`, or null.
    #[schema(example = json!(null))]
    role: Option<&'static str>,
    /// Whether the reader is registered, admitted, and has accepted the terms in force.
    registered: bool,
    /// The reader's team.
    team: Option<TeamReference>,
}

/// The series of a challenge.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeriesReference {
    /// Its id.
    id: Uuid,
    /// Its part of the address.
    slug: String,
    /// Its heading.
    title: String,
}

/// A team by its name.
#[derive(Serialize, ToSchema)]
pub(crate) struct TeamReference {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
}

/// Somebody who runs a challenge.
#[derive(Serialize, ToSchema)]
pub(crate) struct OrganizerView {
    /// Their account.
    user: Uuid,
    /// Their name.
    name: String,
    /// Their address.
    email: String,
    /// `viewer`, `organizer` or `owner`.
    #[schema(example = "reviewer")]
    role: &'static str,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    added_at: Timestamp,
}

/// Somebody who takes part.
#[derive(Serialize, ToSchema)]
pub(crate) struct ParticipantView {
    /// Their account.
    user: Uuid,
    /// Their name.
    name: String,
    /// When they registered first.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// The version of the terms that they accepted last.
    accepted_terms: Option<i32>,
    /// Where the registration stands.
    #[schema(example = "admitted")]
    state: &'static str,
    /// What they say to a decision about it.
    appeal: Option<String>,
    /// Their team.
    team: Option<TeamReference>,
    /// Their role in it: `captain` or `member`.
    #[schema(example = "captain")]
    team_role: Option<&'static str>,
}

/// A version of the terms.
#[derive(Serialize, ToSchema)]
pub(crate) struct TermsView {
    /// 1, 2, 3 and so on; the highest is in force.
    version: i32,
    /// The text, in Markdown; empty where the organizers took the terms back.
    text: String,
    /// The digest of the text.
    #[schema(value_type = String)]
    digest: Digest,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// One's own registration.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegistrationView {
    /// The version of the terms that was accepted; null where there are none.
    accepted_terms: Option<i32>,
    /// When the person registered first.
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    /// `admitted`, or `waiting` where an organizer is to approve.
    #[schema(example = "admitted")]
    state: &'static str,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct EventView {
    /// Its place in the log of the whole server.
    seq: i64,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// Who did it: `user:<id>`, `system`.
    actor: String,
    /// What happened.
    #[schema(example = "phase.created")]
    kind: &'static str,
    /// What it happened to: `phase:<id>`.
    subject: String,
    /// More about it: ids, counts, digests.
    #[schema(value_type = Object)]
    payload: Map<String, Value>,
    /// `live` where the server saw it itself, `backfill` where somebody put on record what happened earlier or elsewhere.
    #[schema(example = "live")]
    origin: &'static str,
    /// Its hash, which covers the hash of the event before it.
    #[schema(value_type = String)]
    hash: Digest,
}

/// Something that organizers did.
#[derive(Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// What.
    #[schema(example = "phase.updated")]
    kind: &'static str,
    /// What it was done to; null for people, teams and their submissions.
    subject: Option<String>,
    /// More about it: fields, dates, versions, reasons.
    #[schema(value_type = Object)]
    details: Map<String, Value>,
}

impl From<Change> for ChangeView {
    fn from(change: Change) -> Self {
        Self { at: change.at, kind: change.kind.as_str(), subject: change.subject, details: change.details }
    }
}

impl From<Challenge> for ChallengeSummary {
    fn from(challenge: Challenge) -> Self {
        Self {
            id: challenge.id.0,
            slug: challenge.slug.into(),
            title: challenge.title.into(),
            summary: challenge.summary,
            edition: challenge.edition,
            state: challenge.state.as_str(),
            published_at: challenge.published_at,
        }
    }
}

impl From<ChallengeDetail> for ChallengeView {
    fn from(detail: ChallengeDetail) -> Self {
        let registered = detail.is_registered();
        let challenge = detail.challenge;
        Self {
            id: challenge.id.0,
            team_max_size: challenge.team_limit(),
            tags: detail.tags,
            slug: challenge.slug.into(),
            title: challenge.title.into(),
            summary: challenge.summary,
            description: challenge.description,
            series: detail.series.map(|series| SeriesReference {
                id: series.id.0,
                slug: series.slug.into(),
                title: series.title.into(),
            }),
            edition: challenge.edition,
            state: challenge.state.as_str(),
            standing: standing_name(detail.standing),
            terms_version: detail.terms.map(|terms| terms.version),
            openness: challenge.openness.as_str(),
            admission: challenge.admission.as_str(),
            entries_close_at: challenge.entries_close_at,
            teams_freeze_at: challenge.teams_freeze_at,
            created_at: challenge.created_at,
            updated_at: challenge.updated_at,
            published_at: challenge.published_at,
            role: detail.role.map(domain::ChallengeRole::as_str),
            registered,
            team: detail.team.map(|team| TeamReference { id: team.id.0, name: team.name.into() }),
        }
    }
}

impl From<Organizer> for OrganizerView {
    fn from(organizer: Organizer) -> Self {
        Self {
            user: organizer.user.0,
            name: organizer.name.into(),
            email: organizer.email.into(),
            role: organizer.role.as_str(),
            added_at: organizer.added_at,
        }
    }
}

impl From<Participant> for ParticipantView {
    fn from(participant: Participant) -> Self {
        let team_role = participant.team.as_ref().map(|(_, _, role)| role.as_str());
        Self {
            user: participant.user.0,
            name: participant.name.into(),
            registered_at: participant.registered_at,
            accepted_terms: participant.accepted_version,
            state: participant.state.as_str(),
            appeal: participant.appeal,
            team: participant.team.map(|(id, name, _)| TeamReference { id: id.0, name: name.into() }),
            team_role,
        }
    }
}

impl From<Terms> for TermsView {
    fn from(terms: Terms) -> Self {
        Self { version: terms.version, text: terms.text, digest: terms.digest, created_at: terms.created_at }
    }
}

impl From<Registered> for RegistrationView {
    fn from(registered: Registered) -> Self {
        Self {
            accepted_terms: registered.accepted_version,
            registered_at: registered.registered_at,
            state: registered.state.as_str(),
        }
    }
}

impl From<Event> for EventView {
    fn from(event: Event) -> Self {
        let origin = if event.is_backfilled() { "backfill" } else { "live" };
        Self {
            seq: event.seq,
            at: event.event.at,
            actor: event.event.actor,
            kind: event.event.kind.as_str(),
            subject: event.event.subject,
            origin,
            payload: event.event.payload,
            hash: event.hash,
        }
    }
}
