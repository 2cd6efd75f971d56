//! Leaderboards, as the use case shows them to this reader.

use std::cmp::Ordering;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, get, web};
use app::evalai::numbers::locate_split;
use app::leaderboards::{Board, BoardRow, ReadBoard, read_leaderboard};
use app::phases::read_phase;
use app::{App, Code};
use domain::metric::MetricSpec;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::answers::{Page, Refusal, moment};
use crate::extract::Anyone;

pub(super) fn configure(config: &mut ServiceConfig<'_>) {
    config.service(show_leaderboard);
}

/// An entry.
#[derive(Serialize, ToSchema)]
struct EntryView {
    #[serde(rename = "submission__participant_team__team_name")]
    team: String,
    #[serde(rename = "submission__submitted_at")]
    submitted_at: String,
    #[serde(rename = "submission__is_baseline")]
    is_baseline: bool,
    #[serde(rename = "submission__method_name")]
    method_name: String,
    /// The values in the order of the labels; `#` for one that is not there or not shown.
    #[schema(value_type = Vec<Object>)]
    result: Vec<Value>,
    #[serde(rename = "leaderboard__schema")]
    schema: Schema,
}

/// What the values are.
#[derive(Clone, Serialize, ToSchema)]
struct Schema {
    labels: Vec<String>,
    default_order_by: String,
}

/// By what entries are ordered.
#[derive(Deserialize, IntoParams)]
struct OrderQuery {
    /// One of the labels; the board's own order when it is left out.
    order_by: Option<String>,
    /// Whether every metric is wanted, and not only those, from the one that ranks on, that the client's table holds.
    all: Option<bool>,
}

/// How wide the client's table is, in characters.
const TABLE: usize = 150;

/// How many metrics the client's table holds before it breaks names into pieces; the one that ranks always.
fn columns_that_fit(board: &Board) -> usize {
    let names = board.rows.iter().map(|row| row.entry.team_name.as_str().chars().count());
    let team = names.max().unwrap_or(0).max("Participant Team".len());
    // A column has its widest content, a blank on both sides and a line.
    let column = |widest: usize| widest + 3;
    let mut width = 1 + column("Rank".len()) + column(team) + column("12/31/26 11:59:59 PM".len());
    let mut fits = |metric: &MetricSpec| {
        width += column(metric.name.len().max("1234.567".len()));
        width <= TABLE
    };
    board.metrics.iter().take_while(|metric| fits(metric)).count().max(1)
}

/// Show a leaderboard.
#[utoipa::path(tag = "leaderboards",
    params(("split" = i64, Path, description = "The split of a phase."), OrderQuery),
    responses(
        (status = 200, description = "The entries, best first.", body = Page<EntryView>),
        (status = 400, description = "The leaderboard is not public, or has no such label."),
        (status = 404, description = "There is no such split, or it is not to be seen."),
    ),
)]
#[get("/jobs/challenge_phase_split/{split}/leaderboard")]
async fn show_leaderboard(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    split: web::Path<String>,
    query: web::Query<OrderQuery>,
) -> Result<HttpResponse, Refusal> {
    let (challenge, phase, split) = locate_split(&app, &split).await?;
    let (challenge, phase) = (challenge.to_string(), phase.to_string());
    // Whether the phase itself is to be seen comes first: one that is not does not exist.
    read_phase(&app, &actor, &challenge, &phase).await?;
    let asked = ReadBoard { split: Some(split.to_string()), ..ReadBoard::default() };
    let board = read_leaderboard(&app, &actor, &challenge, &phase, asked).await.map_err(|failure| {
        if failure.code == Code::NotFound {
            let sentence = "Sorry, the leaderboard is not public!";
            return Refusal::Said(StatusCode::BAD_REQUEST, sentence.to_owned());
        }
        failure.into()
    })?;
    let columns = if query.all == Some(true) { board.metrics.len() } else { columns_that_fit(&board) };
    let schema = Schema {
        labels: board.metrics.iter().take(columns).map(|metric| metric.name.clone()).collect(),
        default_order_by: board.metrics.first().map_or_else(String::new, |metric| metric.name.clone()),
    };
    let rows = ordered(&board, query.order_by.as_deref())?;
    let entries = rows
        .into_iter()
        .map(|row| EntryView {
            team: row.entry.team_name.to_string(),
            submitted_at: moment(row.entry.received_at),
            is_baseline: row.entry.is_baseline,
            method_name: row.entry.method.0.name.clone(),
            result: row
                .scores
                .iter()
                .take(columns)
                .map(|score| score.map_or(json!("#"), Value::from))
                .collect(),
            schema: schema.clone(),
        })
        .collect();
    Ok(HttpResponse::Ok().json(Page::whole(entries)))
}

/// The rows by a label, the better value first and those without one last; equals stay in the board's order.
fn ordered<'a>(board: &'a Board, label: Option<&str>) -> Result<Vec<&'a BoardRow>, Refusal> {
    let mut rows: Vec<&BoardRow> = board.rows.iter().collect();
    let Some(label) = label else { return Ok(rows) };
    let Some(place) = board.metrics.iter().position(|metric| metric.name == label) else {
        let sentence = format!("Sorry, the leaderboard has no column {label:?}");
        return Err(Refusal::Said(StatusCode::BAD_REQUEST, sentence));
    };
    let higher_is_better = board.metrics[place].higher_is_better;
    rows.sort_by(|one, other| match (one.scores[place], other.scores[place]) {
        (Some(one), Some(other)) if higher_is_better => other.total_cmp(&one),
        (Some(one), Some(other)) => one.total_cmp(&other),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
    Ok(rows)
}
