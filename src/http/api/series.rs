//! `/series`: the editions of a challenge over the years.

use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::challenges::records::Series;
use app::challenges::series::{self, SeriesDraft};
use app::failure::FieldErrors;
use app::idempotency::Created;
use domain::{SeriesId, Slug, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::challenges::ChallengeSummary;
use super::given::{named, unread};
use super::page_query::PageQuery;
use crate::extract::{Anyone, IdempotencyHeader, Json, Page, Verified};
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config.service(list_series).service(create_series).service(show_series);
}

/// A new series.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateSeries {
    /// Its part of the address, unique on the site.
    #[schema(example = "kitchen-moments")]
    slug: String,
    /// Its heading.
    title: String,
    /// What joins the editions, in Markdown.
    #[serde(default)]
    description: String,
}

/// A series.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeriesView {
    /// Its id.
    id: Uuid,
    /// Its part of the address.
    slug: String,
    /// Its heading.
    title: String,
    /// What joins the editions, in Markdown.
    description: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A series with its editions.
#[derive(Serialize, ToSchema)]
pub(crate) struct SeriesWithEditions {
    #[serde(flatten)]
    series: SeriesView,
    /// The editions that the reader may see, newest first.
    editions: Vec<ChallengeSummary>,
}

impl From<Series> for SeriesView {
    fn from(series: Series) -> Self {
        Self {
            id: series.id.0,
            slug: series.slug.into(),
            title: series.title.into(),
            description: series.description,
            created_at: series.created_at,
        }
    }
}

impl CreateSeries {
    fn parse(self) -> Result<SeriesDraft, app::Failure> {
        let mut errors = FieldErrors::default();
        let slug = errors.take(Slug::parse(&self.slug));
        let title = errors.take(Title::parse(&self.title).map_err(named("title")));
        errors.finish()?;
        let (Some(slug), Some(title)) = (slug, title) else { return Err(unread()) };
        Ok(SeriesDraft { slug, title, description: self.description })
    }
}

/// List series, newest first.
#[utoipa::path(tag = "series", params(PageQuery), responses(
    (status = 200, description = "A page of series.", body = Page<SeriesView>),
))]
#[get("/series")]
pub(crate) async fn list_series(
    _anyone: Anyone,
    app: web::Data<App>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = query.paging()?;
    let rows = series::list_series(&app, paging.after.map(SeriesId), paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.id.0, SeriesView::from)))
}

/// Make a series.
#[utoipa::path(tag = "series", security(("bearer" = []), ("session" = [])), responses(
    (status = 201, description = "The series is made.", body = SeriesWithEditions),
    (status = 200, description = "The same request was sent before; this is its answer.", body = SeriesWithEditions),
    (status = 409, description = "The slug is taken."),
    (status = 422, description = "A field breaks a rule."),
))]
#[post("/series")]
pub(crate) async fn create_series(
    Verified(actor): Verified,
    app: web::Data<App>,
    key: IdempotencyHeader,
    body: Json<CreateSeries>,
) -> Result<HttpResponse, Problem> {
    let key = key.of(&body.0)?;
    let created = series::create_series(&app, &actor, body.0.parse()?, key).await?;
    let found = series::read_series(&app, &actor, &created.into_inner().to_string()).await?;
    let view = with_editions(found);
    Ok(match created {
        Created::New(_) => HttpResponse::Created().json(view),
        Created::Replayed(_) => HttpResponse::Ok().json(view),
    })
}

/// Show a series with its editions.
#[utoipa::path(tag = "series",
    params(("series" = String, Path, description = "The slug or id of the series.")),
    responses(
        (status = 200, description = "The series.", body = SeriesWithEditions),
        (status = 404, description = "There is no such series."),
))]
#[get("/series/{series}")]
pub(crate) async fn show_series(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    key: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    Ok(HttpResponse::Ok().json(with_editions(series::read_series(&app, &actor, &key).await?)))
}

fn with_editions(
    (series, editions): (Series, Vec<app::challenges::records::Challenge>),
) -> SeriesWithEditions {
    let editions = editions.into_iter().map(ChallengeSummary::from).collect();
    SeriesWithEditions { series: series.into(), editions }
}
