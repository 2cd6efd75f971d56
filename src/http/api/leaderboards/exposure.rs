//! The exposure meter of a phase.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::leaderboards::exposure::{Exposure, ExposureLevel, ExposureMeter, Reading, read_exposure};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::api::submissions::views::TeamName;
use crate::extract::SignedIn;
use crate::problem::Problem;

/// Of which split.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ExposureQuery {
    /// The split's codename; when left out, the public one that decides.
    split: Option<String>,
}

/// How much of a split the answers given so far can have revealed.
#[derive(Serialize, ToSchema)]
struct ExposureMeterView {
    /// The split.
    split: String,
    /// How many items it has.
    items: usize,
    /// How many metrics an answer tells.
    metrics: usize,
    /// All teams together, as if they had told each other everything.
    total: ReadingView,
    /// Each team by itself, the most exposing first.
    teams: Vec<TeamExposureView>,
    /// What may be done about it.
    advice: Vec<&'static str>,
}

/// The reading of one team.
#[derive(Serialize, ToSchema)]
struct TeamExposureView {
    /// The team.
    team: TeamName,
    /// What it was told.
    #[serde(flatten)]
    reading: ReadingView,
}

/// What some answers can have revealed.
#[derive(Serialize, ToSchema)]
struct ReadingView {
    /// How many answers.
    answers: u64,
    /// At most, whatever is measured.
    at_most: ExposureView,
    /// If every metric is a share of items that are right.
    as_shares: ExposureView,
}

/// What so many bits can have done.
#[derive(Serialize, ToSchema)]
struct ExposureView {
    /// Bits about the labels.
    bits: f64,
    /// Bits for each item.
    bits_per_item: f64,
    /// How far a score of 0 to 1 that was picked by these answers may lie from one on fresh items, with 95 % confidence.
    deviation: f64,
    /// `low`, `moderate` from 0.01 bits an item, `high` from 0.1, `exhausted` from 1.
    #[schema(example = "low")]
    level: &'static str,
}

impl From<Exposure> for ExposureView {
    fn from(found: Exposure) -> Self {
        let level = match found.level {
            ExposureLevel::Low => "low",
            ExposureLevel::Moderate => "moderate",
            ExposureLevel::High => "high",
            ExposureLevel::Exhausted => "exhausted",
        };
        Self { bits: found.bits, bits_per_item: found.per_item, deviation: found.deviation, level }
    }
}

impl From<Reading> for ReadingView {
    fn from(found: Reading) -> Self {
        Self { answers: found.answers, at_most: found.at_most.into(), as_shares: found.as_shares.into() }
    }
}

impl From<ExposureMeter> for ExposureMeterView {
    fn from(found: ExposureMeter) -> Self {
        Self {
            split: found.split.to_string(),
            items: found.items,
            metrics: found.metrics,
            total: found.total.into(),
            teams: found
                .teams
                .into_iter()
                .map(|one| TeamExposureView {
                    team: TeamName { id: one.team.0, name: one.name.to_string() },
                    reading: one.reading.into(),
                })
                .collect(),
            advice: found.advice,
        }
    }
}

/// Show how much of a split the answers given so far can have revealed; for organizers.
#[utoipa::path(tag = "leaderboards", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ExposureQuery,
    ),
    responses(
        (status = 200, description = "The meter.", body = ExposureMeterView),
        (status = 403, description = "This is for organizers."),
        (status = 404, description = "There is no such phase or split."),
        (status = 409, description = "The phase has no annotations."),
))]
#[get("/challenges/{challenge}/phases/{phase}/exposure")]
pub(super) async fn show_exposure(
    SignedIn(actor): SignedIn,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<ExposureQuery>,
) -> Result<HttpResponse, Problem> {
    let meter = read_exposure(&app, &actor, &path.0, &path.1, query.into_inner().split).await?;
    Ok(HttpResponse::Ok().json(ExposureMeterView::from(meter)))
}
