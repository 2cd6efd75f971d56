//! `/challenges/{challenge}/decisions`: who decided what, on what authority and why.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::decisions::{self, Decided, DecisionDetail};
use app::idempotency::Created;
use domain::DecisionId;
use domain::framing::DecisionDraft;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::views::DecisionView;
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn};
use crate::problem::Problem;

/// A decision.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordDecision {
    /// What kind it is: a code of `decision.kind`.
    #[schema(example = "vendor_choice")]
    kind: String,
    /// The codename or id of the phase that it is about; otherwise it is about the challenge.
    #[serde(default)]
    phase: Option<String>,
    /// Who decided: `{"decider_role", "authority_basis", "rationale_code", "rationale", "alternatives",
    /// "parties": [{"role", "involvement"}], "decided_at"}`; the organizer, now, without a reason, when left out.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    decision: DecisionDraft,
}

/// What was put on record.
#[derive(Serialize, ToSchema)]
struct RecordedDecision {
    /// Its id.
    id: Uuid,
}

impl From<DecisionDetail> for DecisionView {
    fn from(detail: DecisionDetail) -> Self {
        Self::new(detail.decision, detail.parties)
    }
}

/// List the decisions that are on record about a challenge and its phases, oldest record first.
#[utoipa::path(tag = "framing", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "A page of them.", body = Page<DecisionView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/decisions")]
pub(crate) async fn list_decisions(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let after = paging.after.map(DecisionId);
    let rows = decisions::list_decisions(&app, &actor, &challenge, after, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.decision.id.0, DecisionView::from)))
}

/// Put a decision on record; for organizers. It is written once.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "It is on record.", body = RecordedDecision),
        (status = 200, description = "The same request was sent before; this is its answer.", body = RecordedDecision),
        (status = 403, description = "This is for those who may change the challenge."),
        (status = 404, description = "There is no such challenge or phase, or one does not see it."),
        (status = 422, description = "A code is unknown, or the moment is later than now."),
))]
#[post("/challenges/{challenge}/decisions")]
pub(crate) async fn record_decision(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<RecordDecision>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let RecordDecision { kind, phase, decision: draft } = body.0;
    let decided = Decided { kind, phase, draft };
    Ok(match decisions::record_decision(&app, &actor, &challenge, decided, key).await? {
        Created::New(id) => HttpResponse::Created().json(RecordedDecision { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(RecordedDecision { id: id.0 }),
    })
}
