//! Objections: whoever has a link may object without an account, and organizers answer.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::contestations::records::{Contestation, Link};
use app::contestations::{
    Objection, answer_contestation as answer, list_contestations as list, list_links, make_link,
    raise_contestation as raise, read_answers, revoke_link,
};
use app::idempotency::Created;
use domain::integrity::Statement;
use domain::{ContestationId, ContestationLinkId, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::activities::Recorded;
use crate::api::given::named;
use crate::api::page_query::PageQuery;
use crate::extract::{IdempotencyHeader, Json, Page, SignInLimit, SignedIn, Verified};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_contestation_links)
        .service(make_contestation_link)
        .service(revoke_contestation_link)
        .service(raise_contestation)
        .service(read_contestation_answers)
        .service(list_contestations)
        .service(answer_contestation);
}

/// A new link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LinkBody {
    /// For whom it is, in your words; organizers see it, nobody else.
    label: String,
    /// How many objections it lets in, 1 to 100.
    #[serde(default = "few")]
    #[schema(default = 5)]
    objections: u16,
    /// For how many days, 1 to 730.
    #[serde(default = "a_season")]
    #[schema(default = 90)]
    days: u16,
}

fn few() -> u16 {
    5
}

fn a_season() -> u16 {
    90
}

/// A link.
#[derive(Serialize, ToSchema)]
struct LinkView {
    id: Uuid,
    /// For whom it was made.
    label: String,
    /// How many more objections it lets in.
    remaining: i32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<Timestamp>,
}

/// A link that was just made.
#[derive(Serialize, ToSchema)]
struct MadeLinkView {
    #[serde(flatten)]
    link: LinkView,
    /// The token, which is told once: whoever has it may object.
    token: String,
}

/// An objection.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionBody {
    /// The token of the link.
    token: String,
    /// What you are in the making of the data: a code of `chain_role`; not disclosed when left out.
    role: Option<String>,
    /// What is wrong: a code of `contestation.ground`.
    ground: String,
    /// In your words, at most 4000 bytes.
    text: String,
}

/// The token of a link.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TokenBody {
    token: String,
}

/// An answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// `upheld`, `partly` or `rejected`.
    #[schema(example = "upheld")]
    outcome: String,
    /// Why.
    text: String,
}

/// An objection with its answer.
#[derive(Serialize, ToSchema)]
struct ContestationView {
    id: Uuid,
    /// The id of the link that it came through.
    link: Uuid,
    /// What they say that they are: a code of `chain_role`, or `not_disclosed`.
    role: String,
    /// What is wrong: a code of `contestation.ground`.
    ground: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    raised_at: Timestamp,
    /// `upheld`, `partly` or `rejected`; null while it waits.
    outcome: Option<String>,
    answer: Option<String>,
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
}

/// What came through a link.
#[derive(Serialize, ToSchema)]
struct AnswersView {
    /// Oldest first.
    contestations: Vec<ContestationView>,
}

impl From<Link> for LinkView {
    fn from(link: Link) -> Self {
        Self {
            id: link.id.0,
            label: link.label,
            remaining: link.remaining,
            created_at: link.created_at,
            expires_at: link.expires_at,
            revoked_at: link.revoked_at,
        }
    }
}

impl From<Contestation> for ContestationView {
    fn from(found: Contestation) -> Self {
        Self {
            id: found.id.0,
            link: found.link_id.0,
            role: found.raised_by_role,
            ground: found.ground,
            text: found.body,
            raised_at: found.raised_at,
            outcome: found.outcome,
            answer: found.answer,
            answered_at: found.answered_at,
        }
    }
}

/// List the links through which people without an account may object, newest first; for organizers.
#[utoipa::path(tag = "contestations", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The links, without their tokens.", body = Page<LinkView>),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/contestation-links")]
async fn list_contestation_links(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let found = list_links(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(found.into_iter().map(LinkView::from).collect())))
}

/// Make a link through which somebody may object without an account; for organizers. Its token is told once; to send this
/// again makes another.
#[utoipa::path(tag = "contestations", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "The link with its token.", body = MadeLinkView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/challenges/{challenge}/contestation-links")]
async fn make_contestation_link(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<LinkBody>,
) -> Result<HttpResponse, Problem> {
    let label = Title::parse(&body.0.label).map_err(named("label"))?;
    let made = make_link(&app, &actor, &challenge, label, body.0.objections, body.0.days).await?;
    let token = made.token.reveal().to_owned();
    Ok(HttpResponse::Created()
        .insert_header(("Cache-Control", "no-store"))
        .json(MadeLinkView { link: made.link.into(), token }))
}

/// Take a link back, once; for organizers. What came through it stays.
#[utoipa::path(tag = "contestations", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The link.")),
    responses(
        (status = 204, description = "It lets nothing in any more."),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such link, or it was taken back before."),
))]
#[post("/contestation-links/{id}/revoke")]
async fn revoke_contestation_link(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
) -> Result<HttpResponse, Problem> {
    revoke_link(&app, &actor, ContestationLinkId(*id)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Object, with the token of a link and without an account. Nobody is asked who they are.
#[utoipa::path(tag = "contestations",
    responses(
        (status = 201, description = "It is on record.", body = Recorded),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Recorded),
        (status = 404, description = "The token is of no link that works."),
        (status = 409, description = "The link lets no further objection in."),
        (status = 422, description = "A field breaks a rule, or a code is unknown; the nearest are named."),
        (status = 429, description = "Too many at a time from this address."),
))]
#[post("/contestations")]
async fn raise_contestation(
    _: SignInLimit,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<ObjectionBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let text = Statement::parse(&body.0.text)?;
    let ObjectionBody { token, role, ground, .. } = body.0;
    let role = role.unwrap_or_else(|| domain::framing::NOT_DISCLOSED.to_owned());
    Ok(match raise(&app, Objection { token, role, ground, text }, key).await? {
        Created::New(id) => HttpResponse::Created().json(Recorded { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Recorded { id: id.0 }),
    })
}

/// Read what came through a link with the answers, with its token and without an account.
#[utoipa::path(tag = "contestations",
    responses(
        (status = 200, description = "What came through the link.", body = AnswersView),
        (status = 404, description = "The token is of no link."),
        (status = 429, description = "Too many at a time from this address."),
))]
#[post("/contestations/answers")]
async fn read_contestation_answers(
    _: SignInLimit,
    app: web::Data<App>,
    body: Json<TokenBody>,
) -> Result<HttpResponse, Problem> {
    let found = read_answers(&app, &body.0.token).await?;
    let contestations = found.into_iter().map(ContestationView::from).collect();
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(AnswersView { contestations }))
}

/// List the objections to a challenge, newest first; for organizers.
#[utoipa::path(tag = "contestations", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "A page of objections.", body = Page<ContestationView>),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/contestations")]
async fn list_contestations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let before = paging.after.map(ContestationId);
    let rows = list(&app, &actor, &challenge, before, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, ContestationView::from)))
}

/// Answer an objection, once; for organizers.
#[utoipa::path(tag = "contestations", security(("bearer" = []), ("session" = [])),
    params(("id" = Uuid, Path, description = "The objection.")),
    responses(
        (status = 200, description = "The objection with its answer.", body = ContestationView),
        (status = 403, description = "This is for organizers who may change the challenge."),
        (status = 404, description = "There is no such objection, or it is another challenge's."),
        (status = 409, description = "It was answered before."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/contestations/{id}/answer")]
async fn answer_contestation(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    id: web::Path<Uuid>,
    body: Json<AnswerBody>,
) -> Result<HttpResponse, Problem> {
    let text = Statement::parse(&body.0.text)?;
    let answered = answer(&app, &actor, ContestationId(*id), &body.0.outcome, text).await?;
    Ok(HttpResponse::Ok().json(ContestationView::from(answered)))
}
