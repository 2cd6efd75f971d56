//! How populations spend their days; and what the program brings.

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use actix_web::{HttpResponse, get, post, web};
use app::App;
use app::accounts::Country;
use app::activities::{
    PopulationDetail, Survey, list_populations as list, record_populations as record, record_shipped,
};
use domain::{PopulationId, Timestamp, Title};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::given::named;
use crate::extract::{Anyone, Page, Paging, SignedIn};
use crate::problem::Problem;

/// What the tables come with.
#[derive(Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SurveyQuery {
    /// What the survey is, and where its numbers were taken from.
    citation: String,
    /// What is known of the terms of its reuse; not disclosed when left out.
    licence: Option<String>,
}

/// Which populations are wanted.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PopulationQuery {
    /// Only of this country, as ISO 3166-1 names it with two letters.
    country: Option<String>,
    /// How many, 1 to 200; 50 when left out.
    limit: Option<u32>,
    /// The `next` of an earlier page.
    cursor: Option<String>,
}

/// How a population spends an average day.
#[derive(Serialize, ToSchema)]
pub(super) struct PopulationView {
    id: Uuid,
    /// The short name of the survey.
    source: String,
    /// The country, as ISO 3166-1 names it with two letters.
    country: String,
    /// The years, as the survey writes them.
    years: String,
    /// The ages, as the survey writes them.
    age: String,
    /// Who is counted; `T` for everybody.
    sex: String,
    /// Minutes per day by major division of ICATUS 2016; 2 and 3 are one class.
    minutes: BTreeMap<String, f64>,
    /// The minutes of class 9 that are sleep, where the survey says it.
    sleep: Option<f64>,
    /// Minutes that nobody could class.
    unclear: f64,
    /// What the survey is, and where its numbers were taken from.
    citation: String,
    licence: String,
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Timestamp,
}

/// How many records are new.
#[derive(Serialize, ToSchema)]
pub(super) struct NewPopulations {
    /// How many populations were not on record before.
    new: usize,
}

/// What was not on record before of what the program brings.
#[derive(Serialize, ToSchema)]
pub(super) struct ShippedView {
    taxonomies: usize,
    mappings: usize,
    reference_populations: usize,
}

impl From<PopulationDetail> for PopulationView {
    fn from(found: PopulationDetail) -> Self {
        let PopulationDetail { population, minutes } = found;
        Self {
            id: population.id.0,
            source: population.source,
            country: population.country,
            years: population.years,
            age: population.age,
            sex: population.sex,
            minutes: minutes.into_iter().collect(),
            sleep: population.sleep,
            unclear: population.unclear,
            citation: population.citation,
            licence: population.licence,
            recorded_at: population.recorded_at,
        }
    }
}

/// List how populations spend their days, newest record first.
#[utoipa::path(tag = "activities",
    params(PopulationQuery),
    responses(
        (status = 200, description = "A page of populations.", body = Page<PopulationView>),
        (status = 422, description = "There is no such country."),
))]
#[get("/reference-populations")]
pub(super) async fn list_reference_populations(
    _: Anyone,
    app: web::Data<App>,
    query: web::Query<PopulationQuery>,
) -> Result<HttpResponse, Problem> {
    let paging = Paging::parse(query.limit, query.cursor.as_deref())?;
    let country = query.country.as_deref().map(Country::parse).transpose()?;
    let rows = list(&app, country, paging.after.map(PopulationId), paging.rows_to_read()).await?;
    Ok(HttpResponse::Ok().json(paging.page(rows, |row| row.population.id.0, PopulationView::from)))
}

/// Put tables of time use on record, as CSV; for administrators. What is on record already stays as it is.
///
/// The columns are `source`, `country_iso2`, `survey_year`, `age`, `sex`, `icatus_major` and `minutes_per_day`.
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    params(SurveyQuery),
    request_body(content = String, content_type = "text/csv"),
    responses(
        (status = 200, description = "They are on record.", body = NewPopulations),
        (status = 403, description = "This is for administrators."),
        (status = 422, description = "Rows are wrong; each is named by its line and column."),
))]
#[post("/reference-populations")]
pub(super) async fn record_reference_populations(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    query: web::Query<SurveyQuery>,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    let survey = Survey {
        citation: Title::parse(&query.citation).map_err(named("citation"))?,
        licence: query.licence.as_deref().map(Title::parse).transpose().map_err(named("licence"))?,
    };
    let new = record(&app, &actor, survey, &body).await?;
    Ok(HttpResponse::Ok().json(NewPopulations { new }))
}

/// Put on record what the program brings: ICATUS 2016, the scenarios of Ego4D, what they mean in it, and time use of 36
/// countries; for administrators. What is on record already stays as it is.
#[utoipa::path(tag = "activities", security(("bearer" = []), ("session" = [])),
    responses(
        (status = 200, description = "They are on record.", body = ShippedView),
        (status = 403, description = "This is for administrators."),
))]
#[post("/admin/shipped-records")]
pub(super) async fn record_shipped_records(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
) -> Result<HttpResponse, Problem> {
    let done = record_shipped(&app, &actor).await?;
    Ok(HttpResponse::Ok().json(ShippedView {
        taxonomies: done.taxonomies,
        mappings: done.mappings,
        reference_populations: done.populations,
    }))
}
