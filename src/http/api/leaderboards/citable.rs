//! A leaderboard to cite: a signed file, and a badge for one entry.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION};
use actix_web::{HttpResponse, get, web};
use app::App;
use app::leaderboards::snapshot::sign_snapshot;
use app::leaderboards::{BoardRow, ReadBoard, read_leaderboard};
use domain::{Actor, Timestamp};
use serde::Deserialize;
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::api::given::named;
use crate::problem::Problem;

/// Which leaderboard.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct SnapshotQuery {
    /// The split's codename; the deciding public one when left out.
    split: Option<String>,
    /// A version of the annotations.
    annotations: Option<i32>,
    /// A moment in the past: what stood then.
    #[param(format = DateTime)]
    as_of: Option<String>,
}

/// A record with its signature, which `heldout verify` verifies without a server.
#[derive(ToSchema)]
#[schema(as = SignedFile)]
#[expect(dead_code, reason = "a shape in the OpenAPI document; the value itself is of the application")]
struct SignedFileShape {
    /// `heldout-signed/1`.
    format: String,
    /// The public key, as a JWK; also in `/.well-known/jwks.json`.
    #[schema(value_type = Object)]
    key: Value,
    /// What is said: challenge, phase, split, metrics, entries as everybody was shown them, and when.
    #[schema(value_type = Object)]
    record: Value,
    /// A JWS (EdDSA) over the SHA-256 of the record's canonical JSON.
    signature: String,
}

/// Sign a leaderboard as everybody is shown it, to be cited and kept.
#[utoipa::path(tag = "leaderboards", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        SnapshotQuery,
    ),
    responses(
        (status = 200, description = "The signed file.", body = SignedFileShape),
        (status = 404, description = "There is none that everybody sees."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard/snapshot")]
pub(super) async fn sign_leaderboard(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<SnapshotQuery>,
) -> Result<HttpResponse, Problem> {
    let query = query.into_inner();
    let as_of = query.as_of.as_deref().map(Timestamp::parse).transpose().map_err(named("as_of"))?;
    let asked = ReadBoard { split: query.split, annotations: query.annotations, as_of, class: None };
    let file = sign_snapshot(&app, &path.0, &path.1, asked).await?;
    let name = format!("attachment; filename=\"leaderboard-{}.json\"", &file.digest().to_string()[..12]);
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, name)).json(file))
}

/// Of which entry.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct BadgeQuery {
    /// The submission that stands.
    submission: Option<Uuid>,
    /// Or the team.
    team: Option<Uuid>,
    /// The split's codename; the deciding public one when left out.
    split: Option<String>,
}

/// Draw the rank of one entry, with the ranks that it may really have, as a small picture for a page.
#[utoipa::path(tag = "leaderboards", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        BadgeQuery,
    ),
    responses(
        (status = 200, description = "The picture.", content_type = "image/svg+xml", body = String),
        (status = 404, description = "There is no such entry on a board that everybody sees."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard/badge.svg")]
pub(super) async fn draw_badge(
    app: web::Data<App>,
    path: web::Path<(String, String)>,
    query: web::Query<BadgeQuery>,
) -> Result<HttpResponse, Problem> {
    let asked = ReadBoard { split: query.split.clone(), ..ReadBoard::default() };
    let board = read_leaderboard(&app, &Actor::Anonymous, &path.0, &path.1, asked).await?;
    let is_it = |row: &&BoardRow| match (query.submission, query.team) {
        (Some(submission), _) => row.entry.submission.0 == submission,
        (None, Some(team)) => row.entry.team.0 == team,
        (None, None) => false,
    };
    let row = board.rows.iter().find(is_it).ok_or_else(app::Failure::not_found)?;
    let label = format!("{} {}", board.challenge.slug, board.phase.codename);
    let picture = badge(&label, &rank_text(row, board.rows.len()));
    let caching = (CACHE_CONTROL, "public, max-age=300");
    Ok(HttpResponse::Ok().content_type("image/svg+xml").insert_header(caching).body(picture))
}

/// The rank with its rank set, as in `rank 2 of 7 (1 to 3)`.
fn rank_text(row: &BoardRow, of: usize) -> String {
    let Some(rank) = row.rank else { return "not ranked".to_owned() };
    let set = row.statistics.as_ref().and_then(|known| known.ranks).map(|ranks| ranks.set);
    match set {
        Some(set) if set.best != set.worst => format!("rank {rank} of {of} ({} to {})", set.best, set.worst),
        _ => format!("rank {rank} of {of}"),
    }
}

/// A label and a value beside each other. Widths are estimated: a letter is about 6.6 wide at this size.
fn badge(label: &str, value: &str) -> String {
    let width = |text: &str| text.chars().count() as f64 * 6.6 + 12.0;
    let (left, right) = (width(label), width(value));
    let (label, value, whole) = (escaped(label), escaped(value), left + right);
    let (label_at, value_at) = (left / 2.0, left + right / 2.0);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{whole:.0}\" height=\"20\" role=\"img\" \
         aria-label=\"{label}: {value}\"><title>{label}: {value}</title>\
         <rect width=\"{left:.1}\" height=\"20\" fill=\"#444\"/>\
         <rect x=\"{left:.1}\" width=\"{right:.1}\" height=\"20\" fill=\"#0b5c99\"/>\
         <g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" font-size=\"11\">\
         <text x=\"{label_at:.1}\" y=\"14\">{label}</text><text x=\"{value_at:.1}\" y=\"14\">{value}</text></g></svg>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_badge_holds_no_markup_of_others() {
        let picture = badge("a<b> & \"c\"", "rank 1");
        assert!(picture.contains("a&lt;b&gt; &amp; &quot;c&quot;"), "{picture}");
        assert!(!picture.contains("<b>"));
    }
}
