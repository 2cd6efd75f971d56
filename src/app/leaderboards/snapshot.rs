//! A leaderboard to cite: what everybody was shown, signed, so that it can be verified without the server.

use domain::Actor;
use serde_json::{Map, Value, json};

use super::read::{Board, BoardRow, ReadBoard, read_leaderboard};
use crate::App;
use crate::failure::Outcome;
use crate::identity::SignedFile;

/// What a snapshot calls itself.
pub const SNAPSHOT_KIND: &str = "heldout-leaderboard";

/// Signs a leaderboard as everybody is shown it, now or as of a moment.
///
/// It holds nothing that is not public, whoever asks: neither what only organizers see nor names before their date.
pub async fn sign_snapshot(app: &App, challenge: &str, phase: &str, asked: ReadBoard) -> Outcome<SignedFile> {
    let taken_at = app.now();
    let board = read_leaderboard(app, &Actor::Anonymous, challenge, phase, asked).await?;
    let mut record = record_of(&board);
    record.insert("taken_at".into(), json!(taken_at));
    record.insert("server".into(), json!(app.settings.server.public_url.as_str()));
    SignedFile::sign(&app.records, record)
}

/// A board as a record.
pub(crate) fn record_of(board: &Board) -> Map<String, Value> {
    let metric = |metric: &domain::metric::MetricSpec| {
        json!({
            "name": metric.name, "label": metric.label, "unit": metric.unit,
            "higher_is_better": metric.higher_is_better,
        })
    };
    Map::from_iter([
        ("kind".into(), json!(SNAPSHOT_KIND)),
        ("version".into(), json!(1)),
        (
            "challenge".into(),
            json!({"id": board.challenge.id, "slug": board.challenge.slug, "title": board.challenge.title}),
        ),
        ("phase".into(), json!({"id": board.phase.id, "codename": board.phase.codename})),
        ("split".into(), json!(board.split.codename)),
        ("as_of".into(), json!(board.as_of)),
        ("annotations_version".into(), json!(board.annotations_version)),
        ("board_version".into(), json!(board.phase.board_version)),
        ("release".into(), json!(board.phase.ranking.0.release)),
        ("ranking_method".into(), json!(board.phase.ranking.0.method)),
        ("is_anonymous".into(), json!(board.is_anonymous)),
        ("metrics".into(), board.metrics.iter().map(metric).collect()),
        ("entries".into(), board.rows.iter().map(|row| entry_of(board, row)).collect()),
    ])
}

fn entry_of(board: &Board, row: &BoardRow) -> Value {
    let entry = &row.entry;
    let scores: Map<String, Value> = board
        .metrics
        .iter()
        .map(|metric| metric.name.clone())
        .zip(row.scores.iter().map(|score| json!(score)))
        .collect();
    let known = row.statistics.as_ref();
    let interval = known.and_then(|known| known.interval);
    let ranks = known.and_then(|known| known.ranks);
    json!({
        "rank": row.rank,
        "rank_set": ranks.map(|ranks| json!({"best": ranks.set.best, "worst": ranks.set.worst})),
        "team": {"id": entry.team, "name": entry.team_name},
        "submission": entry.submission,
        "evaluation": entry.evaluation,
        "is_baseline": entry.is_baseline,
        "method": {
            "name": entry.method.0.name, "paper_url": entry.method.0.paper_url, "code_url": entry.method.0.code_url,
        },
        "declarations": entry.attributes.0,
        "declaration": row.declaration,
        "is_verified": row.remarked.is_verified,
        "notes": row.remarked.notes,
        "received_at": entry.received_at,
        "scores": scores,
        "interval": interval.map(|interval| json!({"lower": interval.lower, "upper": interval.upper})),
        "evaluator_version": entry.evaluator_version,
        "mode": entry.mode,
        "annotations_version": row.annotations_version,
    })
}
