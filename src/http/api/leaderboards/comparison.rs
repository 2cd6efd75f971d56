//! Two entries of a leaderboard beside each other.

use actix_web::{HttpResponse, get, web};
use app::App;
use app::leaderboards::{BoardRow, CompareEntries, Comparison, compare_entries};
use domain::SubmissionId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::views::IntervalView;
use crate::api::submissions::views::TeamName;
use crate::extract::Anyone;
use crate::problem::Problem;

/// Which entries are compared.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct ComparisonQuery {
    /// The submission that stands for one team.
    first: Uuid,
    /// The submission that stands for another.
    second: Uuid,
    /// The split's codename; the deciding one when left out.
    split: Option<String>,
}

/// Two entries by the metric that ranks.
#[derive(Serialize, ToSchema)]
struct ComparisonView<'a> {
    /// The metric.
    metric: Option<&'a str>,
    /// The split's codename.
    split: &'a str,
    /// One entry.
    first: ComparedView,
    /// The other.
    second: ComparedView,
    /// The value of the first less that of the second; null where one of them is undefined.
    difference: Option<f64>,
    /// The interval of the difference; null where it is not estimated.
    interval: Option<IntervalView>,
    /// The confidence of the interval; null where it is not estimated.
    confidence: Option<f64>,
    /// How probable a difference as large is by chance, by the paired bootstrap, two-sided; null where it is not estimated.
    p_value: Option<f64>,
    /// How many replicates that comes of; null where it is not estimated.
    replicates: Option<usize>,
}

/// An entry that is compared.
#[derive(Serialize, ToSchema)]
struct ComparedView {
    /// The submission.
    submission_id: Uuid,
    /// The team.
    team: TeamName,
    /// The value; null where undefined.
    value: Option<f64>,
}

/// Compare two entries of a leaderboard.
#[utoipa::path(tag = "leaderboards", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        ComparisonQuery,
    ),
    responses(
        (status = 200, description = "The difference and what it is uncertain by.", body = ComparisonView<'_>),
        (status = 404, description = "There is no such leaderboard, or it is not public."),
        (status = 422, description = "A submission does not stand on this leaderboard."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard/comparison")]
pub(super) async fn show_comparison(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<ComparisonQuery>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let ComparisonQuery { first, second, split } = query.into_inner();
    let asked = CompareEntries { split, first: SubmissionId(first), second: SubmissionId(second) };
    let found = compare_entries(&app, &actor, &challenge, &phase, asked).await?;
    Ok(HttpResponse::Ok().json(ComparisonView::of(&found)))
}

impl<'a> ComparisonView<'a> {
    fn of(found: &'a Comparison) -> Self {
        let estimate = found.estimate.as_ref();
        Self {
            metric: found.board.metrics.first().map(|metric| metric.name.as_str()),
            split: found.board.split.codename.as_str(),
            first: ComparedView::of(&found.first),
            second: ComparedView::of(&found.second),
            difference: found.difference,
            interval: estimate.and_then(|estimate| estimate.difference.interval).map(IntervalView::from),
            confidence: estimate.map(|estimate| 1.0 - estimate.level),
            p_value: estimate.map(|estimate| estimate.difference.p),
            replicates: estimate.map(|estimate| estimate.replicates),
        }
    }
}

impl ComparedView {
    fn of(row: &BoardRow) -> Self {
        Self {
            submission_id: row.entry.submission.0,
            team: TeamName { id: row.entry.team.0, name: row.entry.team_name.to_string() },
            value: row.scores.first().copied().flatten(),
        }
    }
}
