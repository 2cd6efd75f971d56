//! Two boards beside each other: what moved, and why.

use actix_web::{HttpResponse, get, web};
use app::leaderboards::movement::{Moved, Movement, ReadMovement, Reason, Side, read_movement};
use app::leaderboards::{Board, BoardRow};
use app::{App, Failure, FieldError};
use domain::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::given::named;
use crate::api::submissions::views::TeamName;
use crate::extract::Anyone;
use crate::problem::Problem;

/// Which two boards: of two versions of the annotations, or of two moments.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct MovementQuery {
    /// The split's codename; the deciding one when left out.
    split: Option<String>,
    /// The version of the annotations before.
    from_annotations: Option<i32>,
    /// The version of the annotations after; what stands now when left out.
    to_annotations: Option<i32>,
    /// The moment before.
    #[param(format = DateTime)]
    since: Option<String>,
    /// The moment after; now when left out.
    #[param(format = DateTime)]
    until: Option<String>,
}

/// What moved between two boards.
#[derive(Serialize, ToSchema)]
struct MovementView {
    /// The split.
    split: String,
    /// The metric that ranks.
    primary: Option<String>,
    /// The board before.
    before: SideView,
    /// The board after.
    after: SideView,
    /// Every team of either, in the order of the board after; those that left it at the end.
    items: Vec<MovedView>,
}

/// One of the two boards.
#[derive(Serialize, ToSchema)]
struct SideView {
    /// The version of the annotations in force then, or the one asked for.
    annotations_version: Option<i32>,
    /// The moment as of which it stands; null for now.
    #[schema(value_type = Option<String>, format = DateTime)]
    as_of: Option<Timestamp>,
}

/// One team on both boards.
#[derive(Serialize, ToSchema)]
struct MovedView {
    /// The team.
    team: TeamName,
    /// What stood for it before; null where nothing did.
    before: Option<StandingView>,
    /// What stands for it after; null where nothing does.
    after: Option<StandingView>,
    /// How many ranks it rose; below 0 where it fell.
    rose: Option<i64>,
    /// By how much the score that ranks changed.
    change: Option<f64>,
    /// Why: `entered`, `left`, `another_submission`, `other_annotations`, `other_evaluator`, `other_mode`,
    /// `evaluated_again` or `others_moved`; empty where nothing did.
    because: Vec<&'static str>,
}

/// What stands for a team on one board.
#[derive(Serialize, ToSchema)]
struct StandingView {
    /// The rank.
    rank: Option<usize>,
    /// The score that ranks.
    score: Option<f64>,
    /// The submission.
    submission_id: Uuid,
    /// The evaluation.
    evaluation_id: Uuid,
    /// The version of the evaluator.
    evaluator_version: String,
    /// The version of the annotations.
    annotations_version: i32,
}

impl From<&Board> for SideView {
    fn from(board: &Board) -> Self {
        Self { annotations_version: board.annotations_version, as_of: board.as_of }
    }
}

impl From<BoardRow> for StandingView {
    fn from(row: BoardRow) -> Self {
        Self {
            rank: row.rank,
            score: row.scores.first().copied().flatten(),
            submission_id: row.entry.submission.0,
            evaluation_id: row.entry.evaluation.0,
            evaluator_version: row.entry.evaluator_version,
            annotations_version: row.annotations_version,
        }
    }
}

impl From<Moved> for MovedView {
    fn from(moved: Moved) -> Self {
        Self {
            team: TeamName { id: moved.team.0, name: moved.name.to_string() },
            before: moved.before.map(StandingView::from),
            after: moved.after.map(StandingView::from),
            rose: moved.rose,
            change: moved.change,
            because: moved.because.into_iter().map(Reason::as_str).collect(),
        }
    }
}

impl From<Movement> for MovementView {
    fn from(found: Movement) -> Self {
        Self {
            split: found.after.split.codename.to_string(),
            primary: found.after.metrics.first().map(|metric| metric.name.clone()),
            before: SideView::from(&found.before),
            after: SideView::from(&found.after),
            items: found.teams.into_iter().map(MovedView::from).collect(),
        }
    }
}

/// Show what moved between two versions of the annotations, or since a moment, and why.
#[utoipa::path(tag = "leaderboards", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        MovementQuery,
    ),
    responses(
        (status = 200, description = "Both boards, team by team.", body = MovementView),
        (status = 404, description = "There is none, or it is not public."),
        (status = 422, description = "No two boards are named, or one does not exist."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard/movement")]
pub(super) async fn show_movement(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<MovementQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let is_mixed = (query.from_annotations.is_some() || query.to_annotations.is_some())
        && (query.since.is_some() || query.until.is_some());
    if is_mixed {
        let rule = "cannot be asked together with versions of the annotations";
        return Err(Failure::invalid_fields(vec![FieldError::new("since", rule)]).into());
    }
    let moment = |text: Option<&str>, field| text.map(Timestamp::parse).transpose().map_err(named(field));
    let asked = ReadMovement {
        split: query.split,
        before: Side { annotations: query.from_annotations, as_of: moment(query.since.as_deref(), "since")? },
        after: Side { annotations: query.to_annotations, as_of: moment(query.until.as_deref(), "until")? },
    };
    let found = read_movement(&app, &actor, &path.0, &path.1, asked).await?;
    Ok(HttpResponse::Ok().json(MovementView::from(found)))
}
