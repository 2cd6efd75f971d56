//! Which organizations people belong to, and since when.

use diesel::prelude::*;
use domain::{AffiliationId, Timestamp, UserId};
use jiff::civil::Date;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::affiliations;
use crate::types::Column;

/// An affiliation as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Affiliation {
    /// Its id.
    pub id: AffiliationId,
    /// Who says so.
    pub user_id: UserId,
    /// The organization in their words.
    pub organization: String,
    /// Its id in the Research Organization Registry, if the person gave it.
    pub ror: Option<String>,
    /// Its country, as ISO 3166-1 names it with two letters; absent when not disclosed.
    pub country: Option<String>,
    /// What the person is there: a code of the vocabulary `affiliation.role`, or `undisclosed`.
    pub role: String,
    /// A code of the vocabulary `career_stage`.
    pub career_stage: String,
    /// The share of the person that it stands for: above 0, at most 1.
    pub weight: f64,
    /// The first day.
    pub starts_on: Date,
    /// The last day, once it is over.
    pub ends_on: Option<Date>,
    /// When it was stated.
    pub created_at: Timestamp,
}

/// Days are text of fixed width on both databases.
#[derive(Queryable, Selectable)]
#[diesel(table_name = affiliations)]
struct Row {
    id: AffiliationId,
    user_id: UserId,
    organization: String,
    ror: Option<String>,
    country: Option<String>,
    role: String,
    career_stage: String,
    weight: f64,
    starts_on: String,
    ends_on: Option<String>,
    created_at: Timestamp,
}

/// Keeps an affiliation.
pub fn insert(conn: &mut Conn<'_>, new: &Affiliation) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(affiliations::table)
        .values((
            affiliations::id.eq(new.id.sql()),
            affiliations::user_id.eq(new.user_id.sql()),
            affiliations::organization.eq(&new.organization),
            affiliations::ror.eq(new.ror.as_deref()),
            affiliations::country.eq(new.country.as_deref()),
            affiliations::role.eq(&new.role),
            affiliations::career_stage.eq(&new.career_stage),
            affiliations::weight.eq(new.weight),
            affiliations::starts_on.eq(new.starts_on.to_string()),
            affiliations::ends_on.eq(new.ends_on.map(|day| day.to_string())),
            affiliations::created_at.eq(new.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// A person's affiliation of this id.
pub fn find(conn: &mut Conn<'_>, user: UserId, id: AffiliationId) -> Result<Option<Affiliation>, StoreError> {
    let row: Option<Row> = on!(conn, c => affiliations::table
        .filter(affiliations::id.eq(id.sql()))
        .filter(affiliations::user_id.eq(user.sql()))
        .select(Row::as_select())
        .get_result(c)
        .optional())?;
    row.map(Row::into_affiliation).transpose()
}

/// A person's affiliations, in the order in which they began.
pub fn of_person(conn: &mut Conn<'_>, user: UserId) -> Result<Vec<Affiliation>, StoreError> {
    let rows: Vec<Row> = on!(conn, c => affiliations::table
        .filter(affiliations::user_id.eq(user.sql()))
        .order((affiliations::starts_on.asc(), affiliations::id.asc()))
        .select(Row::as_select())
        .load(c))?;
    rows.into_iter().map(Row::into_affiliation).collect()
}

/// The affiliations of many people, by person, each in the order in which they began.
pub fn of_people(conn: &mut Conn<'_>, users: &[UserId]) -> Result<Vec<Affiliation>, StoreError> {
    let mut found = Vec::new();
    // SQLite binds at most 32 766 values.
    for some in users.chunks(10_000) {
        let rows: Vec<Row> = on!(conn, c => affiliations::table
            .filter(affiliations::user_id.eq_any(some.iter().map(Column::sql)))
            .order((affiliations::user_id.asc(), affiliations::starts_on.asc(), affiliations::id.asc()))
            .select(Row::as_select())
            .load(c))?;
        for row in rows {
            found.push(row.into_affiliation()?);
        }
    }
    Ok(found)
}

/// States the last day of an affiliation.
pub fn end(conn: &mut Conn<'_>, id: AffiliationId, ends_on: Date) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(affiliations::table.find(id.sql()))
        .set(affiliations::ends_on.eq(Some(ends_on.to_string())))
        .execute(c))?;
    Ok(())
}

impl Row {
    fn into_affiliation(self) -> Result<Affiliation, StoreError> {
        let day = |text: &str| text.parse::<Date>().map_err(StoreError::other);
        Ok(Affiliation {
            id: self.id,
            user_id: self.user_id,
            organization: self.organization,
            ror: self.ror,
            country: self.country,
            role: self.role,
            career_stage: self.career_stage,
            weight: self.weight,
            starts_on: day(&self.starts_on)?,
            ends_on: self.ends_on.as_deref().map(day).transpose()?,
            created_at: self.created_at,
        })
    }
}
