//! Challenges themselves: made, changed, published, archived, exported.

use actix_web::{HttpResponse, get, patch, post, web};
use app::challenges::update::ChallengeChange;
use app::challenges::{archive, create, detail, export, publish, update};
use app::failure::FieldErrors;
use app::idempotency::Created;
use app::{App, Failure};
use domain::challenge::{ChallengeDraft, tags};
use domain::{Actor, Slug, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::document::document;
use super::views::ChallengeView;
use crate::api::given::{given, named, unread};
use crate::extract::{Anyone, IdempotencyHeader, Json, SignedIn, Verified};
use crate::problem::Problem;

/// A new challenge.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateChallenge {
    /// Its part of the address, unique on the site and kept for good.
    #[schema(example = "kitchen-moments-2026")]
    slug: String,
    /// Its heading.
    title: String,
    /// One or two sentences for lists.
    #[serde(default)]
    summary: String,
    /// The page text, in Markdown.
    #[serde(default)]
    description: String,
    /// The slug of the series it is an edition of.
    series: Option<String>,
    /// Which edition, in the organizers' words.
    #[serde(default)]
    edition: String,
    /// The most people a team may have; null is no limit.
    team_max_size: Option<u32>,
    /// The terms that participants accept, in Markdown; empty when there are none.
    #[serde(default)]
    terms: String,
    /// The words by which it is found, at most 12: letters and digits, in lower case with hyphens once stored.
    #[serde(default)]
    #[schema(example = json!(["action-recognition"]))]
    tags: Vec<String>,
}

/// What changes; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateChallenge {
    /// Its heading.
    title: Option<String>,
    /// One or two sentences for lists.
    summary: Option<String>,
    /// The page text, in Markdown.
    description: Option<String>,
    /// The slug of the series it is an edition of, or null.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    series: Option<Option<String>>,
    /// Which edition, in the organizers' words.
    edition: Option<String>,
    /// The most people a team may have; null is no limit.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>)]
    team_max_size: Option<Option<u32>>,
    /// The terms; another text is a new version, which everybody has to accept anew.
    terms: Option<String>,
    /// The words by which it is found, all of them.
    tags: Option<Vec<String>>,
}

impl CreateChallenge {
    fn parse(self) -> Result<ChallengeDraft, Failure> {
        let mut errors = FieldErrors::default();
        let slug = errors.take(Slug::parse(&self.slug));
        let title = errors.take(Title::parse(&self.title).map_err(named("title")));
        let series = self.series.as_deref().map(Slug::parse).transpose().map_err(named("series"));
        let series = errors.take(series);
        let tags = errors.take(tags(&self.tags));
        errors.finish()?;
        let (Some(slug), Some(title), Some(series)) = (slug, title, series) else { return Err(unread()) };
        let Some(tags) = tags else { return Err(unread()) };
        Ok(ChallengeDraft {
            slug,
            title,
            summary: self.summary,
            description: self.description,
            series,
            edition: self.edition,
            team_max_size: self.team_max_size,
            terms: self.terms,
            tags,
        })
    }
}

impl UpdateChallenge {
    fn parse(self) -> Result<ChallengeChange, Failure> {
        let mut errors = FieldErrors::default();
        let title = self.title.as_deref().map(Title::parse).transpose().map_err(named("title"));
        let title = errors.take(title);
        let series = match self.series {
            Some(Some(slug)) => Slug::parse(&slug).map(|slug| Some(Some(slug))).map_err(named("series")),
            Some(None) => Ok(Some(None)),
            None => Ok(None),
        };
        let series = errors.take(series);
        let tags = errors.take(self.tags.as_deref().map(tags).transpose());
        errors.finish()?;
        let (Some(title), Some(series), Some(tags)) = (title, series, tags) else { return Err(unread()) };
        Ok(ChallengeChange {
            title,
            summary: self.summary,
            description: self.description,
            series,
            edition: self.edition,
            team_max_size: self.team_max_size,
            terms: self.terms,
            tags,
        })
    }
}

/// Make a challenge: a draft that its organizers see, with the sender as its owner.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])), responses(
    (status = 201, description = "The draft is made.", body = ChallengeView),
    (status = 200, description = "The same request was sent before; this is its answer.", body = ChallengeView),
    (status = 409, description = "The slug is taken."),
    (status = 422, description = "A field breaks a rule."),
))]
#[post("/challenges")]
pub(crate) async fn create_challenge(
    Verified(actor): Verified,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<CreateChallenge>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let created = create::create_challenge(&app, &actor, body.0.parse()?, key).await?;
    let view = view(&app, &actor, &created.into_inner().to_string()).await?;
    Ok(match created {
        Created::New(_) => HttpResponse::Created().json(view),
        Created::Replayed(_) => HttpResponse::Ok().json(view),
    })
}

/// Show a challenge.
#[utoipa::path(tag = "challenges",
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The challenge.", body = ChallengeView),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}")]
pub(crate) async fn show_challenge(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge).await?))
}

/// Change what a challenge says.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The challenge as it is now.", body = ChallengeView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 422, description = "A field breaks a rule."),
))]
#[patch("/challenges/{challenge}")]
pub(crate) async fn update_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    body: Json<UpdateChallenge>,
) -> Result<HttpResponse, Problem> {
    update::update_challenge(&app, &actor, &challenge, body.0.parse()?).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge).await?))
}

/// Show a challenge to everyone.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The challenge is published.", body = ChallengeView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The challenge is archived."),
))]
#[post("/challenges/{challenge}/publish")]
pub(crate) async fn publish_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    publish::publish_challenge(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge).await?))
}

/// Close a challenge for good.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge.")),
    responses(
        (status = 200, description = "The challenge is archived.", body = ChallengeView),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
        (status = 409, description = "The challenge is a draft."),
))]
#[post("/challenges/{challenge}/archive")]
pub(crate) async fn archive_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    archive::archive_challenge(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(view(&app, &actor, &challenge).await?))
}

/// As what a challenge is exported.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ExportQuery {
    /// `challenge` for the document that `heldout challenge apply` reads, `evalai` for a bundle of EvalAI.
    #[serde(default)]
    #[param(inline)]
    format: ExportFormat,
    /// Whether held-out annotations are in the bundle of EvalAI; that they were asked for is on record.
    #[serde(default)]
    annotations: bool,
}

/// A form of exports.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ExportFormat {
    /// One document.
    #[default]
    Challenge,
    /// A zip archive.
    Evalai,
}

/// Export a challenge as one document, as `heldout challenge apply` reads it, or as a bundle of EvalAI.
#[utoipa::path(tag = "challenges", security(("bearer" = []), ("session" = [])),
    params(("challenge" = String, Path, description = "The slug or id of the challenge."), ExportQuery),
    responses(
        (status = 200, description = "The challenge with its phases, splits and terms; of annotations the digests. \
            Or the bundle, whose README.md says what it does not hold.",
            content((serde_json::Value = "application/json"), (Vec<u8> = "application/zip"))),
        (status = 409, description = "EvalAI needs a phase with metrics, and none has annotations yet."),
        (status = 403, description = "This is for its organizers."),
        (status = 404, description = "There is no such challenge, or one does not see it."),
))]
#[get("/challenges/{challenge}/export")]
pub(crate) async fn export_challenge(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    challenge: web::Path<String>,
    query: web::Query<ExportQuery>,
) -> Result<HttpResponse, Problem> {
    if matches!(query.format, ExportFormat::Evalai) {
        let bundle = export::export_as_evalai(&app, &actor, &challenge, query.annotations).await?;
        return Ok(HttpResponse::Ok().content_type("application/zip").body(bundle.archive));
    }
    let bundle = export::export_challenge(&app, &actor, &challenge).await?;
    Ok(HttpResponse::Ok().json(document(&bundle)))
}

pub(super) async fn view(app: &App, actor: &Actor, challenge: &str) -> Result<ChallengeView, Problem> {
    Ok(detail::read_challenge(app, actor, challenge).await?.into())
}
