//! `/challenges/{challenge}/announcements`: what organizers tell the people of a challenge.

use actix_web::{HttpResponse, delete, get, post, web};
use app::announcements::{
    Announcement, count_recipients, list_announcements as list, post_announcement as post,
    withdraw_announcement as withdraw,
};
use app::failure::FieldErrors;
use app::idempotency::Created;
use app::{App, Failure};
use domain::announcement::{AnnouncementDraft, Audience};
use domain::{AnnouncementId, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::api::given::{named, unread};
use crate::api::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, SignedIn, Verified};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(list_announcements)
        .service(post_announcement)
        .service(show_recipients)
        .service(withdraw_announcement);
}

/// A new announcement.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PostAnnouncement {
    /// Its heading.
    title: String,
    /// Its text, in Markdown, of at most 20000 bytes.
    body: String,
    /// Who is sent it as a mail: `nobody`, `participants`, `captains`, or `without_submission` for those whose team has sent
    /// nothing yet. Everybody who sees the challenge can read it there.
    #[serde(default = "nobody")]
    #[schema(default = "nobody", example = "participants")]
    audience: String,
}

fn nobody() -> String {
    Audience::Nobody.as_str().to_owned()
}

impl PostAnnouncement {
    fn parse(&self) -> Result<AnnouncementDraft, Failure> {
        let mut errors = FieldErrors::default();
        let title = errors.take(Title::parse(&self.title).map_err(named("title")));
        let audience = errors.take(Audience::parse(&self.audience));
        errors.finish()?;
        let (Some(title), Some(audience)) = (title, audience) else { return Err(unread()) };
        Ok(AnnouncementDraft::new(title, &self.body, audience)?)
    }
}

/// An announcement.
#[derive(Serialize, ToSchema)]
struct AnnouncementView {
    /// Its id.
    id: Uuid,
    /// Its heading.
    title: String,
    /// Its text, in Markdown.
    body: String,
    /// Who was sent it.
    audience: &'static str,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Timestamp,
}

impl From<Announcement> for AnnouncementView {
    fn from(found: Announcement) -> Self {
        Self {
            id: found.id.0,
            title: found.title.to_string(),
            body: found.body,
            audience: found.audience.as_str(),
            posted_at: found.posted_at,
        }
    }
}

/// What was posted.
#[derive(Serialize, ToSchema)]
struct Posted {
    /// Its id.
    id: Uuid,
}

/// Of which audience.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AudienceQuery {
    /// `nobody`, `participants`, `captains` or `without_submission`.
    audience: String,
}

/// How many people an audience is.
#[derive(Serialize, ToSchema)]
struct Recipients {
    /// The proven addresses that a mail would go to now.
    recipients: usize,
}

/// List the announcements of a challenge, newest first.
#[utoipa::path(tag = "announcements", security((), ("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), PageQuery),
    responses(
        (status = 200, description = "The announcements that stand.", body = Page<AnnouncementView>),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/announcements")]
async fn list_announcements(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let before = paging.after.map(AnnouncementId);
    let rows = list(&app, &actor, &challenge, before, paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, AnnouncementView::from)))
}

/// Post an announcement, and send it to an audience; for organizers. It is never changed afterwards.
#[utoipa::path(tag = "announcements", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 201, description = "It is posted.", body = Posted),
        (status = 200, description = "The same request was sent before; this is its answer.", body = Posted),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 422, description = "A field breaks a rule."),
))]
#[post("/challenges/{challenge}/announcements")]
async fn post_announcement(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<PostAnnouncement>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    Ok(match post(&app, &actor, &challenge, body.0.parse()?, key).await? {
        Created::New(id) => HttpResponse::Created().json(Posted { id: id.0 }),
        Created::Replayed(id) => HttpResponse::Ok().json(Posted { id: id.0 }),
    })
}

/// Count whom an announcement would be sent to; for organizers.
#[utoipa::path(tag = "announcements", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), AudienceQuery),
    responses(
        (status = 200, description = "How many they are now.", body = Recipients),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 422, description = "There is no such audience."),
))]
#[get("/challenges/{challenge}/announcements/recipients")]
async fn show_recipients(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<AudienceQuery>,
) -> Result<HttpResponse, Problem> {
    let audience = Audience::parse(&query.audience).map_err(Failure::from)?;
    let recipients = count_recipients(&app, &actor, &challenge, audience).await?;
    Ok(HttpResponse::Ok().json(Recipients { recipients }))
}

/// Take an announcement back; for organizers. Mails that have left stay where they are.
#[utoipa::path(tag = "announcements", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The slug or id of the challenge."),
        ("id" = Uuid, Path, description = "The announcement."),
    ),
    responses(
        (status = 204, description = "It is not shown any more."),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such announcement, or it was taken back before."),
))]
#[delete("/challenges/{challenge}/announcements/{id}")]
async fn withdraw_announcement(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, Uuid)>,
) -> Result<HttpResponse, Problem> {
    let (challenge, id) = path.into_inner();
    withdraw(&app, &actor, &challenge, AnnouncementId(id)).await?;
    Ok(HttpResponse::NoContent().finish())
}
