//! Reference populations: minutes per day by class of activity; written once.

use diesel::prelude::*;
use domain::{Digest, PopulationId, Timestamp, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{reference_minutes, reference_populations};
use crate::types::Column;

/// How a population spends an average day.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = reference_populations)]
pub struct Population {
    /// Its id; later ones are larger.
    pub id: PopulationId,
    /// The short name of the survey.
    pub source: String,
    /// The country (ISO 3166-1 alpha-2).
    pub country: String,
    /// The years, as the survey writes them.
    pub years: String,
    /// The ages, as the survey writes them.
    pub age: String,
    /// Who is counted.
    pub sex: String,
    /// The minutes of class 9 that are sleep, where the survey says it.
    pub sleep: Option<f64>,
    /// Minutes that nobody could class.
    pub unclear: f64,
    /// What the survey is, and where its numbers were taken from.
    pub citation: String,
    /// What is known of the terms of its reuse.
    pub licence: String,
    /// What the file held that it was read from.
    pub digest: Digest,
    /// Who recorded it; absent for what the program brings.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// Writes a population with its minutes by class, unless the same population is on record; whether it is new.
pub fn insert(
    conn: &mut Conn<'_>,
    new: &Population,
    minutes: &[(&'static str, f64)],
) -> Result<bool, StoreError> {
    let written = on!(conn, c => diesel::insert_into(reference_populations::table)
        .values((
            reference_populations::id.eq(new.id.sql()),
            reference_populations::source.eq(&new.source),
            reference_populations::country.eq(&new.country),
            reference_populations::years.eq(&new.years),
            reference_populations::age.eq(&new.age),
            reference_populations::sex.eq(&new.sex),
            reference_populations::sleep.eq(new.sleep),
            reference_populations::unclear.eq(new.unclear),
            reference_populations::citation.eq(&new.citation),
            reference_populations::licence.eq(&new.licence),
            reference_populations::digest.eq(new.digest.sql()),
            reference_populations::recorded_by.eq(new.recorded_by.map(Column::sql)),
            reference_populations::recorded_at.eq(new.recorded_at.sql()),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    if written == 0 {
        return Ok(false);
    }
    let rows = || {
        let each = minutes.iter().map(|(class, minutes)| {
            (
                reference_minutes::population_id.eq(new.id.sql()),
                reference_minutes::class.eq(*class),
                reference_minutes::minutes.eq(*minutes),
            )
        });
        each.collect::<Vec<_>>()
    };
    on!(conn, c => diesel::insert_into(reference_minutes::table).values(rows()).execute(c))?;
    Ok(true)
}

/// A page of all populations, newest record first, those before one of them; of one country where it is named.
pub fn page(
    conn: &mut Conn<'_>,
    country: Option<&str>,
    before: Option<PopulationId>,
    limit: i64,
) -> Result<Vec<Population>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = reference_populations::table.select(Population::as_select()).into_boxed();
        if let Some(country) = country {
            query = query.filter(reference_populations::country.eq(country));
        }
        if let Some(before) = before {
            query = query.filter(reference_populations::id.lt(before.sql()));
        }
        query.order(reference_populations::id.desc()).limit(limit).load(c)
    })?)
}

/// The minutes of some populations by class: population, class, minutes.
pub fn minutes(
    conn: &mut Conn<'_>,
    of: &[PopulationId],
) -> Result<Vec<(PopulationId, String, f64)>, StoreError> {
    Ok(on!(conn, c => reference_minutes::table
        .filter(reference_minutes::population_id.eq_any(of.iter().map(Column::sql)))
        .order((reference_minutes::population_id.asc(), reference_minutes::class.asc()))
        .select((reference_minutes::population_id, reference_minutes::class, reference_minutes::minutes))
        .load(c))?)
}
