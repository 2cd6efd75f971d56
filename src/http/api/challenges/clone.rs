//! A challenge becomes the draft of the next one.

use actix_web::{HttpResponse, post, web};
use app::App;
use app::challenges::clone::{self, CloneChallenge};
use app::failure::FieldErrors;
use app::idempotency::Created;
use domain::{Invalid, Slug, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::lifecycle::view;
use super::views::ChallengeView;
use crate::api::given::{named, unread};
use crate::extract::{IdempotencyHeader, Json, Verified};
use crate::problem::Problem;

/// Dates move by ten years at most.
const MOST_DAYS: i32 = 3_660;

/// What is otherwise in the new challenge.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CloneChallengeBody {
    /// Its part of the address, unique on the site and kept for good.
    #[schema(example = "kitchen-moments-2027")]
    slug: String,
    /// Its heading; the same when left out.
    title: Option<String>,
    /// Which edition; the same when left out.
    edition: Option<String>,
    /// How many days later all dates are, -3660 to 3660.
    #[serde(default)]
    #[schema(example = 365)]
    shift_days: i32,
    /// Whether phases keep the held-out annotations that are in force, and with them the secret of their hash splits.
    #[serde(default)]
    annotations: bool,
}

impl CloneChallengeBody {
    fn parse(self) -> Result<CloneChallenge, app::Failure> {
        let mut errors = FieldErrors::default();
        let slug = errors.take(Slug::parse(&self.slug));
        let title = errors.take(self.title.as_deref().map(Title::parse).transpose().map_err(named("title")));
        let is_near = (-MOST_DAYS..=MOST_DAYS).contains(&self.shift_days);
        let rule = format!("must be between -{MOST_DAYS} and {MOST_DAYS}");
        errors.take(if is_near { Ok(()) } else { Err(Invalid::new("shift_days", rule)) });
        errors.finish()?;
        let (Some(slug), Some(title)) = (slug, title) else { return Err(unread()) };
        let Self { edition, shift_days, annotations, .. } = self;
        Ok(CloneChallenge { slug, title, edition, shift_days, annotations })
    }
}

/// Make a draft like a challenge that one may change: texts, terms, tags, rules of entry, phases, splits and parameters,
/// with oneself as its only organizer; no guests, nobody who takes part, no submissions. Framings are proposals there.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge that is cloned.")),
    responses(
        (status = 201, description = "The draft is made.", body = ChallengeView),
        (status = 200, description = "The same request was sent before; this is its answer.", body = ChallengeView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The slug is taken."),
        (status = 422, description = "A field breaks a rule, or an evaluator does not take a phase or its annotations any more."),
))]
#[post("/challenges/{challenge}/clone")]
pub(crate) async fn clone_challenge(
    Verified(actor): Verified,
    app: web::Data<App>,
    challenge: web::Path<String>,
    key: IdempotencyHeader,
    body: Json<CloneChallengeBody>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let created = clone::clone_challenge(&app, &actor, &challenge, body.0.parse()?, key).await?;
    let view = view(&app, &actor, &created.into_inner().to_string()).await?;
    Ok(match created {
        Created::New(_) => HttpResponse::Created().json(view),
        Created::Replayed(_) => HttpResponse::Ok().json(view),
    })
}
