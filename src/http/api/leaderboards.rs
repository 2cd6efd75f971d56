//! Leaderboards, as JSON and as CSV, and two of their entries beside each other.
//!
//! A board is written out once per version and then only sent. What a request costs is one read of its version,
//! which requests that wait at the same time share, or not even that while this process writes nothing.

mod cache;
mod citable;
mod comparison;
mod csv_table;
mod exposure;
mod movement;
mod reweighted;
mod text_table;
mod views;

use std::io::Write as _;

use actix_web::http::header::{
    self, AcceptEncoding, ContentEncoding, ETag, Encoding, EntityTag, Header as _, TryIntoHeaderValue as _,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use app::leaderboards::{BoardViewer, ReadBoard, board_version, read_leaderboard};
use app::{App, Failure, FieldError};
use domain::declaration::DisclosureClass;
use domain::{Actor, Timestamp};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

pub use self::cache::BoardCache;
use self::cache::{PageKey, Rendered};
use self::views::LeaderboardView;
use crate::api::given::named;
use crate::caching::is_known_to;
use crate::extract::Anyone;
use crate::problem::Problem;

/// The routes below `/api/v1`.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(show_leaderboard)
        .service(comparison::show_comparison)
        .service(citable::sign_leaderboard)
        .service(citable::draw_badge)
        .service(movement::show_movement)
        .service(exposure::show_exposure)
        .service(reweighted::show_reweighted_leaderboard);
}

/// How many entries one page can have.
const MOST: usize = 1_000;
const USUAL: usize = 200;

/// Which part of which leaderboard is wanted, and how.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
struct LeaderboardQuery {
    /// The split's codename; the deciding one when left out.
    split: Option<String>,
    /// A version of the annotations: what would stand if only evaluations on it counted.
    annotations: Option<i32>,
    /// A moment in the past: what stood then.
    #[param(format = DateTime, example = "2026-05-31T12:00:00Z")]
    as_of: Option<String>,
    /// A class of entries, such as `supervision:zero_shot,extra_data:none`: what would stand if only those counted that
    /// their teams declare to be in it.
    class: Option<String>,
    /// `json`, `csv`, `markdown` or `latex`.
    #[serde(default)]
    #[param(inline)]
    format: Format,
    /// How many entries: 1 to 1000. When left out, 200 as JSON and all as CSV.
    limit: Option<usize>,
    /// The `next` of the page before.
    cursor: Option<String>,
}

/// How a leaderboard is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
    Markdown,
    Latex,
}

/// Show a leaderboard.
#[utoipa::path(tag = "leaderboards", security((), ("bearer" = []), ("session" = [])),
    params(
        ("challenge" = String, Path, description = "The challenge, by id or slug."),
        ("phase" = String, Path, description = "The phase, by id or codename."),
        LeaderboardQuery,
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of what the reader has."),
    ),
    responses(
        (status = 200, description = "The entries, best first.", headers(("ETag" = String, description = "Changes when the board does.")),
            content((LeaderboardView<'_> = "application/json"), (String = "text/csv"))),
        (status = 304, description = "The reader has it."),
        (status = 404, description = "There is none, or it is not public."),
))]
#[get("/challenges/{challenge}/phases/{phase}/leaderboard")]
async fn show_leaderboard(
    Anyone(actor): Anyone,
    app: web::Data<App>,
    cache: web::Data<BoardCache>,
    path: web::Path<(String, String)>,
    query: web::Query<LeaderboardQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (challenge, phase) = path.into_inner();
    let version = match actor {
        // Everybody without an account sees the same, so they can share the look at the version.
        Actor::Anonymous => cache.public_version(&app, &challenge, &phase).await?,
        _ => board_version(&app, &actor, &challenge, &phase).await?,
    };
    let query = query.into_inner();
    let key = PageKey { version, query: query.clone() };
    let rendered = match cache.find(&key) {
        Some(rendered) => rendered,
        None => {
            let rendered = render(&app, &actor, &challenge, &phase, &query).await?;
            cache.keep(key, rendered.clone());
            rendered
        }
    };
    let is_known = is_known_to(&request, &rendered.tag);
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    let caching = match version.viewer {
        BoardViewer::Public => "public, max-age=0, must-revalidate",
        BoardViewer::Organizer => "private, max-age=0, must-revalidate",
    };
    response
        .insert_header((header::ETAG, rendered.tag_header))
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::VARY, "Accept-Encoding, Authorization, Cookie"));
    if is_known {
        return Ok(response.finish());
    }
    if query.format == Format::Csv {
        response.insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"leaderboard.csv\""));
    }
    response.content_type(rendered.content_type);
    if takes_gzip(&request) {
        return Ok(response.insert_header(ContentEncoding::Gzip).body(rendered.gzip));
    }
    Ok(response.body(rendered.body))
}

fn takes_gzip(request: &HttpRequest) -> bool {
    let supported = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(request).ok();
    accepted.and_then(|accepted| accepted.negotiate(supported.iter())) == Some(Encoding::gzip())
}

fn compressed(body: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body)?;
    Ok(encoder.finish()?.into())
}

/// Reads the board and writes one page of it out.
async fn render(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
    query: &LeaderboardQuery,
) -> Result<Rendered, Failure> {
    let refuse = |field: &str, rule: &str| Failure::invalid_fields(vec![FieldError::new(field, rule)]);
    if query.limit.is_some_and(|limit| !(1..=MOST).contains(&limit)) {
        return Err(refuse("limit", "must be between 1 and 1000"));
    }
    let begin: usize = match &query.cursor {
        Some(cursor) => {
            cursor.parse().map_err(|_| refuse("cursor", "must be the `next` of an earlier page"))?
        }
        None => 0,
    };
    let as_of = query.as_of.as_deref().map(Timestamp::parse).transpose().map_err(named("as_of"))?;
    let class = query.class.as_deref().map(DisclosureClass::parse).transpose()?;
    let asked = ReadBoard { split: query.split.clone(), annotations: query.annotations, as_of, class };
    let board = read_leaderboard(app, actor, challenge, phase, asked).await?;
    let limit = query.limit.unwrap_or(match query.format {
        Format::Json => USUAL,
        Format::Csv | Format::Markdown | Format::Latex => usize::MAX,
    });
    let end = board.rows.len().min(begin.saturating_add(limit));
    let page = begin.min(end)..end;
    let (content_type, body) = match query.format {
        Format::Json => {
            let view = LeaderboardView::new(&board, page);
            ("application/json", serde_json::to_vec(&view).map_err(Failure::internal)?)
        }
        Format::Markdown => ("text/markdown; charset=utf-8", text_table::markdown(&board, page).into_bytes()),
        Format::Latex => ("application/x-latex; charset=utf-8", text_table::latex(&board, page).into_bytes()),
        Format::Csv => {
            ("text/csv; charset=utf-8", csv_table::write(&board, page).map_err(Failure::internal)?)
        }
    };
    // Weak: a body that is compressed on the way has the same meaning, not the same bytes.
    let tag = EntityTag::new_weak(domain::Digest::of(&body).to_string()[..32].to_owned());
    let tag_header = ETag(tag.clone()).try_into_value().map_err(Failure::internal)?;
    let gzip = compressed(&body).map_err(Failure::internal)?;
    Ok(Rendered { tag, tag_header, content_type, gzip, body: body.into() })
}
