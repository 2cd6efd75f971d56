//! The leaderboard.

use actix_web::{HttpResponse, web};
use app::App;
use app::leaderboards::{Board, BoardRow, ReadBoard, read_leaderboard};
use askama::Template;
use domain::Timestamp;
use domain::split::Visibility;
use serde::Deserialize;

use super::addresses::{self, WebLink};
use super::chrome::{Chrome, Identity, page};
use super::format::{Heading, Moment, Window, release_notice, score};
use super::viewer::Viewer;
use crate::api::given::named;
use crate::problem::Problem;

/// Adds the routes.
pub(super) fn configure(config: &mut web::ServiceConfig) {
    config.route("/challenges/{challenge}/phases/{phase}/leaderboard", web::get().to(show_leaderboard));
}

#[derive(Debug, Deserialize)]
struct Asked {
    split: Option<String>,
    annotations: Option<i32>,
    as_of: Option<String>,
}

#[derive(Template)]
#[template(path = "leaderboard.html")]
struct LeaderboardPage<'a> {
    chrome: Chrome,
    board: &'a Board,
    challenge_address: String,
    phase_address: String,
    data_address: String,
    window: Window,
    tabs: Vec<Tab>,
    headings: Vec<Heading>,
    /// What is not shown, where anything is withheld.
    notice: Option<String>,
    /// The moment as of which it stands.
    as_of: Option<Moment>,
    /// Who may be first, where more than one may.
    contenders: Vec<String>,
    /// The confidence of intervals and rank sets in percent, where they are known.
    confidence: Option<String>,
    rows: Vec<Row>,
}

struct Tab {
    codename: String,
    address: String,
    is_current: bool,
    is_private: bool,
}

struct Row {
    /// Its rank, or a dash.
    rank: String,
    /// The ranks that it may have, where they are more than its own: `1–3`.
    ranks: Option<String>,
    /// The interval of the score that ranks: `0.412 to 0.467`.
    interval: Option<String>,
    team: String,
    method: String,
    links: Vec<WebLink>,
    is_baseline: bool,
    scores: Vec<String>,
    submissions: i32,
    received: Moment,
    evaluation: String,
}

async fn show_leaderboard(
    app: web::Data<App>,
    viewer: Viewer,
    path: web::Path<(String, String)>,
    asked: web::Query<Asked>,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let Asked { split, annotations, as_of } = asked.into_inner();
    let as_of = as_of.as_deref().map(Timestamp::parse).transpose().map_err(named("as_of"))?;
    let asked = ReadBoard { split, annotations, as_of, class: None };
    let board = read_leaderboard(&app, &viewer.actor, &challenge, &phase, asked).await?;
    page(&lay_out(&app, viewer.chrome, &board))
}

fn lay_out<'a>(app: &App, chrome: Chrome, board: &'a Board) -> LeaderboardPage<'a> {
    let phase_address = addresses::phase(&board.challenge.slug, &board.phase.codename);
    let version = |prefix| match (board.is_recomputed, board.as_of, board.annotations_version) {
        (true, Some(moment), _) => format!("{prefix}as_of={moment}"),
        (true, None, Some(version)) => format!("{prefix}annotations={version}"),
        _ => String::new(),
    };
    let tabs = board
        .splits
        .iter()
        .map(|split| Tab {
            codename: split.codename.to_string(),
            address: format!("{phase_address}/leaderboard?split={}{}", split.codename, version("&")),
            is_current: split.id == board.split.id,
            is_private: split.visibility == Visibility::Private,
        })
        .collect();
    let mut headings: Vec<Heading> = board.metrics.iter().map(Heading::from).collect();
    if let (Some(primary), Some(decimals)) = (headings.first_mut(), board.phase.ranking.0.decimals) {
        primary.decimals = decimals;
    }
    let contenders: Vec<String> = board.contenders().map(|row| row.entry.team_name.to_string()).collect();
    let rows = board.rows.iter().map(|row| lay_out_row(app, &headings, row)).collect();
    LeaderboardPage {
        chrome,
        board,
        challenge_address: addresses::challenge(&board.challenge.slug),
        data_address: format!(
            "/api/v1{phase_address}/leaderboard?split={}{}",
            board.split.codename,
            version("&")
        ),
        window: Window::seen(board.phase.opens_at, board.phase.closes_at, app.now()),
        phase_address,
        notice: release_notice(app, board.shown),
        as_of: board.as_of.map(|moment| Moment::new(app, moment)),
        tabs,
        headings,
        contenders: if contenders.len() > 1 { contenders } else { Vec::new() },
        confidence: board
            .statistics
            .as_ref()
            .map(|known| format!("{} %", (100.0 * (1.0 - known.statistics.level)).round())),
        rows,
    }
}

fn lay_out_row(app: &App, headings: &[Heading], row: &BoardRow) -> Row {
    let entry = &row.entry;
    let known = row.statistics.as_ref();
    let decimals = headings.first().map_or(2, |heading| heading.decimals);
    let end = |value| score(Some(value), decimals);
    Row {
        rank: row.rank.map_or_else(|| "–".to_owned(), |rank| rank.to_string()),
        ranks: known
            .and_then(|known| known.ranks)
            .map(|ranks| ranks.set)
            .filter(|set| set.best != set.worst)
            .map(|set| format!("{}–{}", set.best, set.worst)),
        interval: known
            .and_then(|known| known.interval)
            .map(|interval| format!("{} to {}", end(interval.lower), end(interval.upper))),
        team: entry.team_name.to_string(),
        method: entry.method.0.name.clone(),
        links: addresses::links_of(&entry.method.0),
        is_baseline: entry.is_baseline,
        scores: headings
            .iter()
            .zip(&row.scores)
            .map(|(heading, value)| score(*value, heading.decimals))
            .collect(),
        submissions: entry.scored_count,
        received: Moment::new(app, entry.received_at),
        evaluation: format!(
            "v{} {}, annotations {}",
            entry.evaluator_version,
            entry.mode.as_str(),
            row.annotations_version
        ),
    }
}
