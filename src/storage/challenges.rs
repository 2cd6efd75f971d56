//! Series, challenges, their organizers, terms and registrations.

use diesel::prelude::*;
use domain::challenge::ChallengeState;
use domain::{ChallengeId, ChallengeRole, SeriesId, Slug, Timestamp, Title, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, organizers};
use crate::types::Column;

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
}

/// The challenge of this id.
pub fn find(conn: &mut Conn<'_>, id: ChallengeId) -> Result<Option<Challenge>, StoreError> {
    Ok(on!(conn, c => challenges::table.find(id.sql()).select(Challenge::as_select()).first(c).optional())?)
}

/// The challenge of this slug.
pub fn find_by_slug(conn: &mut Conn<'_>, slug: &Slug) -> Result<Option<Challenge>, StoreError> {
    Ok(on!(conn, c => challenges::table
        .filter(challenges::slug.eq(slug.sql()))
        .select(Challenge::as_select())
        .first(c)
        .optional())?)
}

/// A person's role in a challenge.
pub fn role_of(
    conn: &mut Conn<'_>,
    challenge: ChallengeId,
    user: UserId,
) -> Result<Option<ChallengeRole>, StoreError> {
    Ok(on!(conn, c => organizers::table
        .find((challenge.sql(), user.sql()))
        .select(organizers::role)
        .first(c)
        .optional())?)
}
