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
use super::whisker::{BoardScale, Whisker};
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
    sort: Option<String>,
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
    /// How each column is sorted by, beside the headings.
    sorting: Vec<Sorting>,
    /// What it is sorted by, where that is not the rank.
    sorted_by: Option<String>,
    board_address: String,
    comparison_address: String,
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

struct Sorting {
    address: String,
    is_current: bool,
}

struct Row {
    submission: String,
    /// The score that ranks with its interval, drawn.
    whisker: Option<Whisker>,
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
    let Asked { split, annotations, as_of, sort } = asked.into_inner();
    let as_of = as_of.as_deref().map(Timestamp::parse).transpose().map_err(named("as_of"))?;
    let asked = ReadBoard { split, annotations, as_of, class: None };
    let board = read_leaderboard(&app, &viewer.actor, &challenge, &phase, asked).await?;
    page(&lay_out(&app, viewer.chrome, &board, sort.as_deref()))
}

fn lay_out<'a>(app: &App, chrome: Chrome, board: &'a Board, sort: Option<&str>) -> LeaderboardPage<'a> {
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
    let headings = Heading::of_board(board);
    let board_address = format!("{phase_address}/leaderboard?split={}{}", board.split.codename, version("&"));
    let comparison_address = format!("{phase_address}/leaderboard/comparison");
    let scale = BoardScale::of(&board.rows);
    let sorted_by = sort.and_then(|name| board.metrics.iter().position(|metric| metric.name == name));
    let sorting: Vec<Sorting> = board
        .metrics
        .iter()
        .enumerate()
        .map(|(place, metric)| Sorting {
            address: format!("{board_address}&sort={}", metric.name),
            is_current: sorted_by == Some(place),
        })
        .collect();
    let contenders: Vec<String> = board.contenders().map(|row| row.entry.team_name.to_string()).collect();
    let rows =
        in_order(board, sorted_by).into_iter().map(|row| lay_out_row(app, &headings, scale, row)).collect();
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
        sorted_by: sorted_by.and_then(|place| Some(headings.get(place)?.label.clone())),
        sorting,
        board_address,
        comparison_address,
        headings,
        contenders: if contenders.len() > 1 { contenders } else { Vec::new() },
        confidence: board
            .statistics
            .as_ref()
            .map(|known| format!("{} %", (100.0 * (1.0 - known.statistics.level)).round())),
        rows,
    }
}

/// The rows by rank, or by another metric, best first; what is undefined comes last. Ranks stay what they are.
fn in_order(board: &Board, sorted_by: Option<usize>) -> Vec<&BoardRow> {
    let mut rows: Vec<&BoardRow> = board.rows.iter().collect();
    if let Some((place, metric)) = sorted_by.and_then(|place| Some((place, board.metrics.get(place)?))) {
        let value = |row: &BoardRow| row.scores.get(place).copied().flatten();
        let better = |a: f64, b: f64| if metric.higher_is_better { b.total_cmp(&a) } else { a.total_cmp(&b) };
        rows.sort_by(|a, b| match (value(a), value(b)) {
            (Some(a), Some(b)) => better(a, b),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
    }
    rows
}

fn lay_out_row(app: &App, headings: &[Heading], scale: Option<BoardScale>, row: &BoardRow) -> Row {
    let entry = &row.entry;
    let known = row.statistics.as_ref();
    let decimals = headings.first().map_or(2, |heading| heading.decimals);
    let end = |value| score(Some(value), decimals);
    Row {
        submission: entry.submission.to_string(),
        whisker: scale.and_then(|scale| scale.whisker(row)),
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
