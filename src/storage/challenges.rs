//! Challenges: their texts and states; with series, organizers, terms, tags, entry and registrations in files of their own.

pub mod entry;
pub mod facets;
mod listing;
pub mod organizers;
pub mod registrations;
pub mod series;
pub mod tags;
pub mod terms;

use diesel::prelude::*;
use domain::challenge::{ChallengeDraft, ChallengeState};
use domain::entry::{Admission, Openness};
use domain::{ChallengeId, SeriesId, Slug, Timestamp, Title};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::challenges;
use crate::types::Column;

pub use listing::{Filter, Standing, list, standing_of};
pub use organizers::role_of;

/// A challenge as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = challenges)]
pub struct Challenge {
    /// Its id.
    pub id: ChallengeId,
    /// Its part of the address.
    pub slug: Slug,
    /// The series it is an edition of.
    pub series_id: Option<SeriesId>,
    /// Which edition.
    pub edition: String,
    /// Its heading.
    pub title: Title,
    /// One or two sentences for lists.
    pub summary: String,
    /// The page text, in Markdown.
    pub description: String,
    /// Where it stands.
    pub state: ChallengeState,
    /// The most people a team may have.
    pub team_max_size: Option<i32>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When everyone first saw it.
    pub published_at: Option<Timestamp>,
    /// Who sees it once it is published.
    pub openness: Openness,
    /// Who may enter.
    pub admission: Admission,
    /// From when on nobody registers any more.
    pub entries_close_at: Option<Timestamp>,
    /// From when on nobody joins a team any more.
    pub teams_freeze_at: Option<Timestamp>,
}

impl Challenge {
    /// The most people a team may have.
    pub fn team_limit(&self) -> Option<u32> {
        self.team_max_size.and_then(|size| u32::try_from(size).ok())
    }
}

/// The challenge of this id.
pub fn find(conn: &mut Conn<'_>, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
    Ok(
        on!(conn, c => challenges::table.find(id.sql()).select(Challenge::as_select()).get_result(c).optional())?,
    )
}

/// The challenge of this slug.
pub fn find_by_slug(conn: &mut Conn<'_>, slug: &Slug) -> Result<Option<Challenge>, StoreError> {
    Ok(on!(conn, c => challenges::table
        .filter(challenges::slug.eq(slug.sql()))
        .select(Challenge::as_select())
        .get_result(c)
        .optional())?)
}

/// Holds the challenge's row until the transaction ends, so that what is counted for it stays true.
pub fn lock(conn: &mut Conn<'_>, id: ChallengeId) -> Result<(), StoreError> {
    if let Conn::Pg(c) = conn {
        challenges::table
            .find(id.sql())
            .select(challenges::id)
            .for_update()
            .first::<ChallengeId>(&mut **c)?;
    }
    Ok(())
}

/// Writes a draft.
pub fn insert(
    conn: &mut Conn<'_>,
    id: ChallengeId,
    draft: &ChallengeDraft,
    series: Option<SeriesId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(challenges::table)
        .values((
            challenges::id.eq(id.sql()),
            challenges::slug.eq((&draft.slug).sql()),
            challenges::series_id.eq(series.map(Column::sql)),
            challenges::edition.eq(&draft.edition),
            challenges::title.eq((&draft.title).sql()),
            challenges::summary.eq(&draft.summary),
            challenges::description.eq(&draft.description),
            challenges::state.eq(ChallengeState::Draft.sql()),
            challenges::team_max_size.eq(as_stored(draft.team_max_size)),
            challenges::created_at.eq(now.sql()),
            challenges::updated_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Replaces everything that a draft says, but not its slug: addresses stay.
pub fn update(
    conn: &mut Conn<'_>,
    id: ChallengeId,
    draft: &ChallengeDraft,
    series: Option<SeriesId>,
    now: Timestamp,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(challenges::table.find(id.sql()))
        .set((
            challenges::series_id.eq(series.map(Column::sql)),
            challenges::edition.eq(&draft.edition),
            challenges::title.eq((&draft.title).sql()),
            challenges::summary.eq(&draft.summary),
            challenges::description.eq(&draft.description),
            challenges::team_max_size.eq(as_stored(draft.team_max_size)),
            challenges::updated_at.eq(now.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Moves a challenge from one state to the next; whether it was in the first.
pub fn advance(
    conn: &mut Conn<'_>,
    id: ChallengeId,
    from: ChallengeState,
    to: ChallengeState,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let changed = on!(conn, c => diesel::update(
            challenges::table.find(id.sql()).filter(challenges::state.eq(from.sql())))
        .set((challenges::state.eq(to.sql()), challenges::updated_at.eq(now.sql())))
        .execute(c))?;
    if changed == 1 && to == ChallengeState::Published {
        on!(conn, c => diesel::update(challenges::table.find(id.sql()))
            .set(challenges::published_at.eq(Some(now.sql())))
            .execute(c))?;
    }
    Ok(changed == 1)
}

fn as_stored(limit: Option<u32>) -> Option<i32> {
    limit.map(|limit| i32::try_from(limit).unwrap_or(i32::MAX))
}
