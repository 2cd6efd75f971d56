//! What the account routes answer with.

use app::Failure;
use app::accounts::api_tokens::NewToken;
use app::accounts::me::OwnAccount;
use app::accounts::records::{Affiliation, ApiToken, OwnTeam, User};
use domain::{Scopes, SiteRole, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// An account as its owner sees it.
#[derive(Serialize, ToSchema)]
pub(super) struct AccountView {
    /// Its id.
    id: Uuid,
    /// Where mails go.
    #[schema(example = "ada@example.org")]
    email: String,
    /// How its owner is called.
    name: String,
    /// What its owner is on the whole site: `member`, `researcher` or `admin`.
    #[schema(value_type = String, example = "member")]
    site_role: SiteRole,
    /// Whether it may take part.
    verified: bool,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Where its owner belongs and belonged.
    affiliations: Vec<AffiliationView>,
    /// The teams that its owner is in.
    teams: Vec<OwnTeamView>,
}

/// Where somebody belongs, and since when.
#[derive(Serialize, ToSchema)]
pub(super) struct AffiliationView {
    /// Its id.
    id: Uuid,
    /// The organization.
    organization: String,
    /// Its id in the Research Organization Registry, where it was told.
    ror: Option<String>,
    /// Its country, as ISO 3166-1 names it with two letters; null when not disclosed.
    country: Option<String>,
    /// What the person is there.
    role: String,
    /// How far they are in their career.
    career_stage: String,
    /// The share of the person that it stands for.
    weight: f64,
    /// The first day.
    #[schema(format = Date)]
    starts_on: String,
    /// The last day, once it is known.
    #[schema(format = Date)]
    ends_on: Option<String>,
}

/// A team that somebody is in.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnTeamView {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// The person's role in it: `captain` or `member`.
    #[schema(example = "captain")]
    role: &'static str,
    /// The challenge it takes part in.
    challenge: OwnTeamChallenge,
}

/// The challenge of a team.
#[derive(Serialize, ToSchema)]
pub(super) struct OwnTeamChallenge {
    /// Its id.
    id: Uuid,
    /// Its part of the address.
    slug: String,
    /// Its heading.
    title: String,
}

/// An API token, without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiTokenView {
    /// Its id.
    id: Uuid,
    /// What its owner calls it.
    name: String,
    /// What it allows.
    #[schema(value_type = Vec<String>, example = json!(["read", "submit"]))]
    scopes: Vec<&'static str>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it was last used, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
    /// When it ends.
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

/// A new API token.
#[derive(Serialize, ToSchema)]
pub(super) struct NewApiTokenView {
    #[serde(flatten)]
    kept: ApiTokenView,
    /// The token itself, shown this one time; null when the request is a repetition.
    #[schema(example = "hoa_…")]
    token: Option<String>,
}

/// An account as administrators see it.
#[derive(Serialize, ToSchema)]
pub(super) struct UserView {
    /// Its id.
    id: Uuid,
    /// Where mails go.
    email: String,
    /// How its owner is called.
    name: String,
    /// What its owner is on the whole site: `member`, `researcher` or `admin`.
    #[schema(value_type = String, example = "member")]
    site_role: SiteRole,
    /// When the address was proven.
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// Since when it cannot be used.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
}

impl From<OwnAccount> for AccountView {
    fn from(account: OwnAccount) -> Self {
        Self {
            id: account.user.id.0,
            email: account.user.email.into(),
            name: account.user.name.into(),
            site_role: account.user.site_role,
            verified: account.verified,
            created_at: account.user.created_at,
            affiliations: account.affiliations.into_iter().map(AffiliationView::from).collect(),
            teams: account.teams.into_iter().map(OwnTeamView::from).collect(),
        }
    }
}

impl From<Affiliation> for AffiliationView {
    fn from(affiliation: Affiliation) -> Self {
        Self {
            id: affiliation.id.0,
            organization: affiliation.organization,
            ror: affiliation.ror,
            country: affiliation.country,
            role: affiliation.role,
            career_stage: affiliation.career_stage,
            weight: affiliation.weight,
            starts_on: affiliation.starts_on.to_string(),
            ends_on: affiliation.ends_on.map(|day| day.to_string()),
        }
    }
}

impl From<OwnTeam> for OwnTeamView {
    fn from(own: OwnTeam) -> Self {
        Self {
            id: own.team.0,
            name: own.name.into(),
            role: own.role.as_str(),
            challenge: OwnTeamChallenge {
                id: own.challenge.0,
                slug: own.challenge_slug.into(),
                title: own.challenge_title.into(),
            },
        }
    }
}

impl TryFrom<ApiToken> for ApiTokenView {
    type Error = Failure;

    fn try_from(token: ApiToken) -> Result<Self, Failure> {
        Ok(Self {
            id: token.id.0,
            scopes: Scopes::parse(&token.scopes).map_err(Failure::internal)?.names(),
            name: token.name,
            created_at: token.created_at,
            last_used_at: token.last_used_at,
            expires_at: token.expires_at,
        })
    }
}

impl TryFrom<NewToken> for NewApiTokenView {
    type Error = Failure;

    fn try_from(new: NewToken) -> Result<Self, Failure> {
        let token = new.secret.map(|secret| secret.reveal().to_owned());
        Ok(Self { kept: new.token.try_into()?, token })
    }
}

impl From<User> for UserView {
    fn from(user: User) -> Self {
        Self {
            id: user.id.0,
            email: user.email.into(),
            name: user.name.into(),
            site_role: user.site_role,
            email_verified_at: user.email_verified_at,
            created_at: user.created_at,
            disabled_at: user.disabled_at,
        }
    }
}
