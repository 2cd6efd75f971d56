//! A person's own record as they read it.

use app::accounts::records::Affiliation;
use app::participation::consents::Asked;
use app::participation::erase::ErasureReceipt;
use app::participation::my_data::MyData;
use app::participation::records::{Consent, OwnExport};
use domain::{ConsentPurpose, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A purpose that somebody is asked to consent to.
#[derive(Serialize, ToSchema)]
pub(super) struct AskedView {
    /// The purpose.
    #[schema(value_type = String, example = "aggregate_stats")]
    purpose: ConsentPurpose,
    /// The version of the text in force.
    version: i32,
    /// Its language.
    locale: &'static str,
    /// Its words.
    text: &'static str,
    /// Whether a consent to this version stands.
    given: bool,
    /// When the consent that stands was given, to this version or an older one.
    #[schema(value_type = Option<String>, format = DateTime)]
    given_at: Option<Timestamp>,
    /// The version that it was given to.
    given_version: Option<i32>,
}

/// A withdrawal.
#[derive(Serialize, ToSchema)]
pub(super) struct WithdrawnView {
    /// The purpose.
    #[schema(value_type = String)]
    pub(super) purpose: ConsentPurpose,
    /// How many exports there are whose holders must delete your rows.
    pub(super) exports_withdrawn: usize,
}

/// An export that has rows about somebody.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnExportView {
    /// The export.
    id: Uuid,
    /// What it holds.
    kind: String,
    /// The person's pseudonym in it, which is in no other.
    pseudonym: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: Timestamp,
    /// The study.
    study: String,
    /// Where it is done.
    institution: String,
    /// The challenge.
    challenge: String,
    /// Since when its holder must delete the rows.
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

/// A receipt of an erasure.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasureReceiptView {
    /// The id that the account had; it leads to nobody now.
    account: Uuid,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    erased_at: Timestamp,
    /// Consents that ended.
    consents_ended: usize,
    /// Affiliations that were deleted.
    affiliations_deleted: usize,
    /// Teams that were left.
    teams_left: usize,
    /// Exports whose holders are told to delete a pseudonym.
    exports_withdrawn: usize,
}

/// Everything that is kept about a person.
#[derive(Serialize, ToSchema)]
pub(super) struct MyDataView {
    /// The account.
    id: Uuid,
    email: String,
    name: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    orcid: Option<String>,
    affiliations: Vec<StatedView>,
    /// Every consent, those withdrawn too.
    consents: Vec<ConsentView>,
    registrations: Vec<OwnRegistrationView>,
    /// Every stay in a team.
    teams: Vec<StayView>,
    submissions: Vec<SentView>,
    /// Requests for the data of challenges.
    access_requests: Vec<Uuid>,
    /// Requests as a researcher.
    research_requests: Vec<Uuid>,
    /// Exports with rows about the person.
    exports: Vec<OwnExportView>,
}

/// An affiliation as it was stated.
#[derive(Serialize, ToSchema)]
pub(super) struct StatedView {
    organization: String,
    ror: Option<String>,
    country: Option<String>,
    role: String,
    career_stage: String,
    weight: f64,
    #[schema(format = Date)]
    starts_on: String,
    #[schema(format = Date)]
    ends_on: Option<String>,
    /// When it was stated.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// A consent.
#[derive(Serialize, ToSchema)]
pub(super) struct ConsentView {
    #[schema(value_type = String)]
    purpose: ConsentPurpose,
    version: i32,
    locale: String,
    /// How it was given.
    method: String,
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    withdrawn_at: Option<Timestamp>,
}

/// A registration for a challenge.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnRegistrationView {
    challenge: String,
    #[schema(value_type = String, format = DateTime)]
    registered_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    accepted_at: Option<Timestamp>,
}

/// A stay in a team.
#[derive(Serialize, ToSchema)]
pub(super) struct StayView {
    team: Uuid,
    name: String,
    challenge: String,
    #[schema(value_type = String, format = DateTime)]
    joined_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<Timestamp>,
}

/// Something that was sent.
#[derive(Serialize, ToSchema)]
pub(super) struct SentView {
    id: Uuid,
    file_name: String,
    state: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<Asked> for AskedView {
    fn from(asked: Asked) -> Self {
        let text = asked.purpose.text();
        Self {
            purpose: asked.purpose,
            version: text.version,
            locale: text.locale,
            text: text.body,
            given: asked.standing.as_ref().is_some_and(|consent| consent.version == text.version),
            given_at: asked.standing.as_ref().map(|consent| consent.given_at),
            given_version: asked.standing.as_ref().map(|consent| consent.version),
        }
    }
}

impl From<OwnExport> for OwnExportView {
    fn from(own: OwnExport) -> Self {
        Self {
            id: own.export.0,
            kind: own.kind,
            pseudonym: own.pseudonym,
            made_at: own.made_at,
            study: own.study,
            institution: own.institution,
            challenge: own.challenge.into(),
            withdrawn_at: own.withdrawn_at,
        }
    }
}

impl From<ErasureReceipt> for ErasureReceiptView {
    fn from(receipt: ErasureReceipt) -> Self {
        Self {
            account: receipt.account.0,
            erased_at: receipt.erased_at,
            consents_ended: receipt.consents_ended,
            affiliations_deleted: receipt.affiliations_deleted,
            teams_left: receipt.teams_left,
            exports_withdrawn: receipt.exports_withdrawn,
        }
    }
}

impl From<Affiliation> for StatedView {
    fn from(stated: Affiliation) -> Self {
        Self {
            organization: stated.organization,
            ror: stated.ror,
            country: stated.country,
            role: stated.role,
            career_stage: stated.career_stage,
            weight: stated.weight,
            starts_on: stated.starts_on.to_string(),
            ends_on: stated.ends_on.map(|day| day.to_string()),
            recorded_at: stated.created_at,
        }
    }
}

impl From<Consent> for ConsentView {
    fn from(consent: Consent) -> Self {
        Self {
            purpose: consent.purpose,
            version: consent.version,
            locale: consent.locale,
            method: consent.method,
            given_at: consent.given_at,
            withdrawn_at: consent.withdrawn_at,
        }
    }
}

impl From<MyData> for MyDataView {
    fn from(data: MyData) -> Self {
        let registration = |one: &app::participation::my_data::OwnRegistration| OwnRegistrationView {
            challenge: one.challenge.to_string(),
            registered_at: one.registered_at,
            accepted_at: one.accepted_at,
        };
        let stay = |one: &app::participation::my_data::Stay| StayView {
            team: one.team.0,
            name: one.name.to_string(),
            challenge: one.challenge.to_string(),
            joined_at: one.joined_at,
            left_at: one.left_at,
        };
        let sent = |one: &app::participation::my_data::OwnSubmission| SentView {
            id: one.id.0,
            file_name: one.file_name.clone(),
            state: one.state.as_str(),
            created_at: one.created_at,
        };
        Self {
            id: data.user.id.0,
            email: data.user.email.into(),
            name: data.user.name.into(),
            created_at: data.user.created_at,
            orcid: data.orcid,
            affiliations: data.affiliations.into_iter().map(StatedView::from).collect(),
            consents: data.consents.into_iter().map(ConsentView::from).collect(),
            registrations: data.registrations.iter().map(registration).collect(),
            teams: data.teams.iter().map(stay).collect(),
            submissions: data.submissions.iter().map(sent).collect(),
            access_requests: data.access_requests.iter().map(|one| one.id.0).collect(),
            research_requests: data.research_requests.iter().map(|one| one.id.0).collect(),
            exports: data.exports.into_iter().map(OwnExportView::from).collect(),
        }
    }
}
