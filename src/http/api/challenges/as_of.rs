//! `/challenges/{challenge}/as-of`: a challenge as it was at a moment.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::challenges::as_of::{ChallengeAsOf, PhaseAsOf, read_challenge_as_of};
use domain::phase::WindowState;
use domain::{Digest, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::given::named;
use crate::extract::Anyone;
use crate::problem::Problem;

/// Which moment.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Moment {
    /// RFC 3339, such as `2026-05-31T12:00:00Z`; not later than now.
    at: String,
}

/// A challenge at a moment.
#[derive(Serialize, ToSchema)]
struct ChallengeAsOfView {
    /// The moment.
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    /// `draft`, `published` or `archived`.
    #[schema(example = "published")]
    state: &'static str,
    /// The terms that were in force; null where there were none.
    terms: Option<VersionAsOf>,
    /// The phases that were there.
    phases: Vec<PhaseAsOfView>,
}

/// A version that was in force.
#[derive(Serialize, ToSchema)]
struct VersionAsOf {
    version: i32,
    /// One name for its content.
    #[schema(value_type = String)]
    digest: Digest,
}

/// A framing that was in force.
#[derive(Serialize, ToSchema)]
struct FramingAsOf {
    id: Uuid,
    version: i32,
}

/// A phase at a moment.
#[derive(Serialize, ToSchema)]
struct PhaseAsOfView {
    codename: String,
    /// When it was to open.
    #[schema(value_type = String, format = DateTime)]
    opens_at: Timestamp,
    /// When it was to close; null for never.
    #[schema(value_type = Option<String>, format = DateTime)]
    closes_at: Option<Timestamp>,
    /// `upcoming`, `open` or `closed`.
    #[schema(value_type = String, example = "open")]
    window: WindowState,
    /// How it framed what it counts; null where nobody was on record for that.
    framing: Option<FramingAsOf>,
    /// The held-out annotations; null where there were none yet.
    annotations: Option<VersionAsOf>,
}

impl From<ChallengeAsOf> for ChallengeAsOfView {
    fn from(found: ChallengeAsOf) -> Self {
        Self {
            at: found.at,
            state: found.state.as_str(),
            terms: found.terms.map(|(version, digest)| VersionAsOf { version, digest }),
            phases: found.phases.into_iter().map(PhaseAsOfView::from).collect(),
        }
    }
}

impl From<PhaseAsOf> for PhaseAsOfView {
    fn from(found: PhaseAsOf) -> Self {
        Self {
            codename: found.codename.into(),
            opens_at: found.opens_at,
            closes_at: found.closes_at,
            window: found.window,
            framing: found.framing.map(|(id, version)| FramingAsOf { id: id.0, version }),
            annotations: found.annotations.map(|(version, digest)| VersionAsOf { version, digest }),
        }
    }
}

/// Show a challenge as it was at a moment: its state, the terms, the dates of its phases, and which framings and annotations
/// were in force. Boards, teams and measures have an `as_of` of their own.
#[utoipa::path(tag = "challenges", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), Moment),
    responses(
        (status = 200, description = "The challenge then.", body = ChallengeAsOfView),
        (status = 404, description = "There is no such challenge, one does not see it, or did not then."),
        (status = 422, description = "The moment is none, or lies ahead."),
))]
#[get("/challenges/{challenge}/as-of")]
pub(crate) async fn show_challenge_as_of(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<Moment>,
) -> Result<HttpResponse, Problem> {
    let at = Timestamp::parse(&query.at).map_err(named("at"))?;
    let found = read_challenge_as_of(&app, &actor, &challenge, at).await?;
    Ok(HttpResponse::Ok().json(ChallengeAsOfView::from(found)))
}
