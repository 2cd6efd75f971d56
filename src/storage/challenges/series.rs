//! Series: families of challenges, one per edition.

use diesel::dsl::{exists, select};
use diesel::prelude::*;
use domain::{ChallengeRole, SeriesId, Slug, Timestamp, Title, UserId};

use super::Challenge;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{challenges, organizers, series};
use crate::types::Column;

/// A series as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = series)]
pub struct Series {
    /// Its id.
    pub id: SeriesId,
    /// Its part of the address.
    pub slug: Slug,
    /// Its heading.
    pub title: Title,
    /// What joins the editions, in Markdown.
    pub description: String,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// Writes a series.
pub fn insert(conn: &mut Conn<'_>, new: &Series) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(series::table)
        .values((
            series::id.eq(new.id.sql()),
            series::slug.eq((&new.slug).sql()),
            series::title.eq((&new.title).sql()),
            series::description.eq(&new.description),
            series::created_by.eq(new.created_by.sql()),
            series::created_at.eq(new.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The series of this id.
pub fn find(conn: &mut Conn<'_>, id: SeriesId) -> Result<Option<Series>, StoreError> {
    Ok(on!(conn, c => series::table.find(id.sql()).select(Series::as_select()).get_result(c).optional())?)
}

/// The series of this slug.
pub fn find_by_slug(conn: &mut Conn<'_>, slug: &Slug) -> Result<Option<Series>, StoreError> {
    Ok(on!(conn, c => series::table
        .filter(series::slug.eq(slug.sql()))
        .select(Series::as_select())
        .get_result(c)
        .optional())?)
}

/// A page of all series, newest first.
pub fn list(conn: &mut Conn<'_>, before: Option<SeriesId>, limit: i64) -> Result<Vec<Series>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = series::table.select(Series::as_select()).into_boxed();
        if let Some(before) = before {
            query = query.filter(series::id.lt(before.sql()));
        }
        query.order(series::id.desc()).limit(limit).load(c)
    })?)
}

/// The editions of a series, newest first, drafts included.
pub fn editions(conn: &mut Conn<'_>, id: SeriesId) -> Result<Vec<Challenge>, StoreError> {
    Ok(on!(conn, c => challenges::table
        .filter(challenges::series_id.eq(Some(id.sql())))
        .order(challenges::id.desc())
        .select(Challenge::as_select())
        .load(c))?)
}

/// Whether a person may change some edition of a series.
pub fn is_organized_by(conn: &mut Conn<'_>, id: SeriesId, user: UserId) -> Result<bool, StoreError> {
    let changing = [ChallengeRole::Admin, ChallengeRole::Owner];
    let organized = organizers::table
        .inner_join(challenges::table)
        .filter(challenges::series_id.eq(Some(id.sql())))
        .filter(organizers::user_id.eq(user.sql()))
        .filter(organizers::role.eq_any(changing.iter().map(Column::sql)));
    Ok(on!(conn, c => select(exists(organized)).get_result(c))?)
}
