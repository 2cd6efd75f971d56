//! Figures: as SVG, with the table behind each as CSV and JSON.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use actix_web::{HttpResponse, get, web};
use app::App;
use app::framing::figures::{StandingFigure, draw_figures};
use app::framing::guideline_figure::draw_guideline_figure;
use app::framing::measures::read_framing_measures;
use app::participation::figures::{Drawn, figure_of_key, read_figures};
use domain::{Invalid, SnapshotId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::framings::measures::FramingMeasuresQuery;
use crate::extract::Anyone;
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    // The one figure with a question of its own comes before those that share one.
    config.service(show_figure).service(show_guideline_figure).service(show_standing_figure);
}

/// What form a figure is wanted in.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FigureQuery {
    /// `svg`, `csv` or `json`; `svg` when left out.
    format: Option<String>,
}

/// A figure as data.
#[derive(Serialize, ToSchema)]
struct FigureView<'a> {
    /// Its short name.
    key: &'a str,
    /// Its number in the list of figures.
    number: u8,
    /// Its title.
    title: &'a str,
    /// What is to be seen.
    description: &'a str,
    /// Of which records it is, of how many, and what is withheld.
    notes: &'a [String],
    /// The columns of the table behind it.
    columns: &'a [String],
    /// Its rows, with one text per column.
    rows: &'a [Vec<String>],
}

/// Show a figure of a snapshot, of what everybody may see of it.
#[utoipa::path(tag = "participation",
    params(
        ("id" = Uuid, Path, description = "The snapshot."),
        ("figure" = String, Path, description = "`life-line`, `four-labours`, `decision-chain`, `constellations`, `concentration`, `sectors-and-countries`, `entry-and-retention`, `pressure`, `records`, `funnel`, `exclusions`, `latitude`, `uptake` or `claims`."),
        FigureQuery,
    ),
    responses(
        (status = 200, description = "The picture, which names the snapshot; the table behind it as CSV or JSON.",
            content((String = "image/svg+xml"), (String = "text/csv"), (FigureView<'_> = "application/json"))),
        (status = 404, description = "There is no such snapshot or figure, or nothing of it may be shown as a picture."),
        (status = 422, description = "There is no such format."),
))]
#[get("/snapshots/{id}/figures/{figure}")]
pub(super) async fn show_figure(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(Uuid, String)>,
    query: web::Query<FigureQuery>,
) -> Result<HttpResponse, Problem> {
    let figure = figure_of_key(&path.1)?;
    let (_, drawn) = read_figures(&app, &actor, SnapshotId(path.0), &[figure]).await?;
    answer(&drawn, query.format.as_deref())
}

/// Show a figure of what stands on a leaderboard: scores by activity, the order under other weights, and time use.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ("figure" = String, Path, description = "`activities`, `divergence`, `score-by-activity` or `other-weights`; the first two with `terms` alone."),
        ("split" = Option<String>, Query, description = "The split's codename; the deciding one when left out."),
        ("attribute" = Option<String>, Query, description = "The attribute of the items that says what they show; `activity` when left out."),
        ("terms" = Option<String>, Query, description = "What its values are terms of: `icatus_2016` or `ego4d_scenarios`."),
        ("country" = Option<String>, Query, description = "With `terms`, the country whose time use weighs classes."),
        ("format" = Option<String>, Query, description = "`svg`, `csv` or `json`; `svg` when left out."),
    ),
    responses(
        (status = 200, description = "The picture, which names the standing; the table behind it as CSV or JSON.",
            content((String = "image/svg+xml"), (String = "text/csv"), (FigureView<'_> = "application/json"))),
        (status = 403, description = "The reader is no organizer, and the phase is not over or does not open slices."),
        (status = 404, description = "There is no such leaderboard or figure, or nothing of it may be shown as a picture."),
        (status = 422, description = "As for the measures."),
        (status = 503, description = "Other such questions are being computed."),
))]
#[get("/challenges/{challenge}/phases/{phase}/figures/{figure}")]
pub(super) async fn show_standing_figure(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String, String)>,
    query: web::Query<FramingMeasuresQuery>,
) -> Result<HttpResponse, Problem> {
    let figure = StandingFigure::of_key(&path.2).ok_or_else(app::Failure::not_found)?;
    let query = query.into_inner();
    let format = query.format.clone();
    let found = read_framing_measures(&app, &actor, &path.0, &path.1, query.parse()?).await?;
    answer(&draw_figures(&found, &[figure]), format.as_deref())
}

/// Which two versions of the annotations.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct GuidelineFigureQuery {
    /// The split's codename; the deciding one when left out.
    split: Option<String>,
    /// The earlier version of the annotations; the one before the later when left out.
    from_annotations: Option<i32>,
    /// The later version of the annotations; the last when left out.
    to_annotations: Option<i32>,
    /// `svg`, `csv` or `json`; `svg` when left out.
    format: Option<String>,
}

/// Show what became of the scores of unchanged submissions between two versions of the annotations, beside the clauses of the
/// guideline that changed.
#[utoipa::path(tag = "framing", security(("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        GuidelineFigureQuery,
    ),
    responses(
        (status = 200, description = "The picture, which names the standing; the table behind it as CSV or JSON.",
            content((String = "image/svg+xml"), (String = "text/csv"), (FigureView<'_> = "application/json"))),
        (status = 403, description = "The reader does not see the leaderboard."),
        (status = 404, description = "There is no such leaderboard, or no submission was scored on both versions."),
        (status = 422, description = "There is no such version, or only one."),
))]
#[get("/challenges/{challenge}/phases/{phase}/figures/guideline-and-score")]
pub(super) async fn show_guideline_figure(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<GuidelineFigureQuery>,
) -> Result<HttpResponse, Problem> {
    let GuidelineFigureQuery { split, from_annotations, to_annotations, format } = query.into_inner();
    let between = (from_annotations, to_annotations);
    let drawn = draw_guideline_figure(&app, &actor, &path.0, &path.1, split, between).await?;
    answer(&[drawn], format.as_deref())
}

fn answer(drawn: &[Drawn], format: Option<&str>) -> Result<HttpResponse, Problem> {
    let drawn = drawn.first().ok_or_else(app::Failure::not_found)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "private, no-store"));
    match format {
        None | Some("svg") => {
            let picture = drawn.picture.as_ref().ok_or_else(app::Failure::not_found)?;
            // A picture of its own brings its style with it, and nothing else.
            let policy = "default-src 'none'; style-src 'unsafe-inline'";
            answer.insert_header((CONTENT_SECURITY_POLICY, policy));
            Ok(answer.content_type("image/svg+xml").body(picture.standalone()))
        }
        Some("csv") => Ok(answer.content_type("text/csv; charset=utf-8").body(drawn.table.csv())),
        Some("json") => Ok(answer.json(FigureView {
            key: drawn.key,
            number: drawn.number,
            title: &drawn.title,
            description: &drawn.description,
            notes: &drawn.notes,
            columns: &drawn.table.columns,
            rows: &drawn.table.rows,
        })),
        Some(_) => Err(Invalid::new("format", "must be svg, csv or json").into()),
    }
}
