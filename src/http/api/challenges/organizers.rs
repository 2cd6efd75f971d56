//! What organizers see and do around a challenge.

use actix_web::{HttpResponse, delete, get, put, web};
use app::App;
use app::challenges::entry::RegistrationState;
use app::challenges::organizers::PersonKey;
use app::challenges::{changes, events, organizers, participants};
use domain::{ChallengeRole, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::{ChangeView, EventView, OrganizerView, ParticipantView};
use crate::api::lines::{lines, stream_lines};
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, Json, Page, Paging, SignedIn};
use crate::problem::Problem;

/// What a person becomes.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SetOrganizer {
    /// `viewer`, `reviewer`, `admin` or `owner`.
    #[schema(example = "reviewer")]
    role: String,
}

/// Which people of a challenge are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ParticipantQuery {
    /// Whose registration stands so: `waiting`, `admitted`, `refused`, `banned` or `withdrawn`; admitted when left out.
    state: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// List who runs a challenge.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The organizers.", body = Page<OrganizerView>),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/organizers")]
pub(crate) async fn list_organizers(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let all = organizers::list_organizers(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(Page::whole(all.into_iter().map(OrganizerView::from).collect())))
}

/// Give a person a role in a challenge.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("person" = String, Path, description = "The id or the proven e-mail address of an account."),
    ),
    responses(
        (status = 200, description = "The organizer as they are now.", body = OrganizerView),
        (status = 403, description = "This is for its owners."),
        (status = 404, description = "There is no such challenge or person."),
        (status = 409, description = "The challenge would have no owner left."),
        (status = 422, description = "The role is none."),
))]
#[put("/challenges/{challenge}/organizers/{person}")]
pub(crate) async fn set_organizer(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    body: Json<SetOrganizer>,
) -> Result<HttpResponse, Problem> {
    let (challenge, person) = path.into_inner();
    let role = ChallengeRole::parse(&body.0.role)?;
    let person = PersonKey::parse(&person)?;
    let organizer = organizers::set_organizer(&app, &actor, &challenge, person, role).await?;
    Ok(HttpResponse::Ok().json(OrganizerView::from(organizer)))
}

/// Take a person's role away.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("person" = String, Path, description = "The id or the proven e-mail address of an account."),
    ),
    responses(
        (status = 204, description = "They are no organizer any more."),
        (status = 403, description = "This is for its owners."),
        (status = 404, description = "There is no such challenge or organizer."),
        (status = 409, description = "The challenge would have no owner left."),
))]
#[delete("/challenges/{challenge}/organizers/{person}")]
pub(crate) async fn delete_organizer(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, person) = path.into_inner();
    organizers::remove_organizer(&app, &actor, &challenge, PersonKey::parse(&person)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// List who takes part.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), ParticipantQuery),
    responses(
        (status = 200, description = "A page of people with their teams.", body = Page<ParticipantView>),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/participants")]
pub(crate) async fn list_participants(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<ParticipantQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let state = match &query.state {
        Some(state) => RegistrationState::parse(state)?,
        None => RegistrationState::Admitted,
    };
    let (after, limit) = (paging.after.map(UserId), paging.rows_to_read());
    let rows = participants::list_participants(&app, &actor, &challenge, state, after, limit).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.user.0, ParticipantView::from)))
}

/// Which part of the log is wanted, and how.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct EventQuery {
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
    /// Only events behind this place of the log, the `seq` of an event.
    after: Option<i64>,
    /// `json`, or `ndjson` for all of them, one a line.
    #[serde(default)]
    #[param(inline)]
    format: LogFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum LogFormat {
    #[default]
    Json,
    Ndjson,
}

/// How many events one page of lines has.
const LINES_OF_A_PAGE: u32 = 1_000;

/// Read the event log of a challenge, oldest first.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), EventQuery),
    responses(
        (status = 200, description = "A page of events; as NDJSON all of them.", content(
            (Page<EventView> = "application/json"), (String = "application/x-ndjson"))),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/events")]
pub(crate) async fn list_challenge_events(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<EventQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    // The place in the log, as the number that a cursor holds.
    let after = paging.after.and_then(|place| i64::try_from(place.as_u128()).ok());
    let after = after.or(query.after).unwrap_or(0);
    if query.format == LogFormat::Ndjson {
        let challenge = challenge.into_inner();
        return stream_lines(app.into_inner(), actor, after, move |app, actor, after| {
            let challenge = challenge.clone();
            async move {
                let rows = events::list_events(&app, &actor, &challenge, after, LINES_OF_A_PAGE).await?;
                let next = rows.last().map(|event| event.seq);
                Ok((lines(rows.into_iter().map(EventView::from))?, next))
            }
        })
        .await;
    }
    let rows = events::list_events(&app, &actor, &challenge, after, paging.rows_to_read()).await?;
    let place = |event: &domain::event::Event| Uuid::from_u128(event.seq.unsigned_abs().into());
    Ok(HttpResponse::Ok().json(paging.page(rows, place, EventView::from)))
}

/// List what organizers did since the challenge was published, in summary, newest first.
///
/// Rules, dates, annotations, rescores, pauses and decisions; of decisions about people and teams only that they were made.
#[utoipa::path(tag = "challenges", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "A page of acts.", body = Page<ChangeView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/changes")]
pub(crate) async fn list_challenge_changes(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let before = paging.after.and_then(|place| i64::try_from(place.as_u128()).ok());
    let rows = changes::list_changes(&app, &actor, &challenge, before, paging.rows_to_read()).await?;
    let place = |change: &changes::Change| Uuid::from_u128(change.seq.unsigned_abs().into());
    Ok(HttpResponse::Ok().json(paging.page(rows, place, ChangeView::from)))
}
