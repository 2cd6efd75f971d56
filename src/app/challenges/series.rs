//! Series: the editions of a challenge over the years.

use domain::event::EventKind;
use domain::{Actor, Invalid, Scope, SeriesId, Slug, Title};
use serde_json::json;
use storage::challenges::Challenge;
use storage::challenges::series::{self, Series};
use storage::{Conn, events};

use super::taken;
use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// What is said about a new series.
#[derive(Debug, Clone)]
pub struct SeriesDraft {
    /// Its part of the address, unique on the site.
    pub slug: Slug,
    /// Its heading.
    pub title: Title,
    /// What joins the editions, in Markdown.
    pub description: String,
}

/// Makes a series. Its maker, and the organizers of its editions, may add editions.
pub async fn create_series(
    app: &App,
    actor: &Actor,
    draft: SeriesDraft,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<SeriesId>> {
    let created_by = verified_person(actor, Scope::Organize)?.user;
    if draft.description.len() > domain::challenge::LONGEST_TEXT {
        return Err(Invalid::new("description", "is too long").into());
    }
    let (now, id) = (app.now(), app.sources.new_id::<SeriesId>());
    let request = idempotency.map(|key| key.request(actor, "create_series"));
    let SeriesDraft { slug, title, description } = draft;
    let new = Series { id, slug, title, description, created_by, created_at: now };
    let actor = actor.clone();
    create_once(app, request, id, now, move |conn| {
        series::insert(conn, &new).map_err(|error| taken(error, "series_slug_key", "slug"))?;
        let told = event(
            &actor,
            now,
            EventKind::SeriesCreated,
            format!("series:{id}"),
            None,
            [("slug", json!(new.slug))],
        );
        Ok(events::append(conn, told)?)
    })
    .await
}

/// A page of all series, newest first.
pub async fn list_series(app: &App, before: Option<SeriesId>, limit: u32) -> Outcome<Vec<Series>> {
    app.db.read(move |conn| Ok(series::list(conn, before, i64::from(limit))?)).await
}

/// A series by its id or slug, with the editions that the actor may see.
pub async fn read_series(app: &App, actor: &Actor, key: &str) -> Outcome<(Series, Vec<Challenge>)> {
    let (actor, key) = (actor.clone(), key.to_owned());
    app.db
        .read(move |conn| {
            let found = match (key.parse::<SeriesId>(), Slug::parse(&key)) {
                (Ok(id), _) => series::find(conn, id)?,
                (_, Ok(slug)) => series::find_by_slug(conn, &slug)?,
                _ => None,
            };
            let found = found.ok_or_else(Failure::not_found)?;
            let mut visible = Vec::new();
            for edition in series::editions(conn, found.id)? {
                match see_challenge(conn, &actor, &edition.id.to_string()) {
                    Ok(seen) => visible.push(seen.challenge),
                    Err(failure) if failure.code == Code::NotFound => {}
                    Err(failure) => return Err(failure),
                }
            }
            Ok((found, visible))
        })
        .await
}

/// The series that a challenge is to be an edition of, if the actor may add editions to it.
///
/// Otherwise anybody could stand their challenge beside a well-known one's editions.
pub(super) fn find_for_edition(
    conn: &mut Conn<'_>,
    actor: &Actor,
    slug: Option<&Slug>,
) -> Outcome<Option<SeriesId>> {
    let Some(slug) = slug else { return Ok(None) };
    let found = series::find_by_slug(conn, slug)?.ok_or_else(|| {
        Failure::invalid_fields(vec![FieldError::new("series", "must be the slug of a series")])
    })?;
    let is_theirs = match actor.user() {
        Some(user) => found.created_by == user || series::is_organized_by(conn, found.id, user)?,
        None => false,
    };
    if !is_theirs && !actor.runs_the_site() {
        let detail = "only the maker of a series and the organizers of its editions add editions to it";
        return Err(Failure::new(Code::Forbidden, detail));
    }
    Ok(Some(found.id))
}
