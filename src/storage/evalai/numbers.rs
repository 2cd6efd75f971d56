//! Numbers: given once to a thing of a kind, never changed and never given again.

use diesel::prelude::*;
use domain::evalai::NumberedKind;
use uuid::Uuid;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::evalai_numbers;
use crate::types::{Column, SqlUuid};

/// The thing of that kind with that number.
pub fn entity_of(conn: &mut Conn<'_>, kind: NumberedKind, number: i64) -> Result<Option<Uuid>, StoreError> {
    let found: Option<SqlUuid> = on!(conn, c => evalai_numbers::table
        .find(number)
        .filter(evalai_numbers::kind.eq(kind.sql()))
        .select(evalai_numbers::entity_id)
        .get_result(c)
        .optional())?;
    Ok(found.map(Uuid::from))
}

/// The numbers of those of these things that have one.
pub fn numbers_of(
    conn: &mut Conn<'_>,
    kind: NumberedKind,
    entities: &[Uuid],
) -> Result<Vec<(Uuid, i64)>, StoreError> {
    let rows: Vec<(SqlUuid, i64)> = on!(conn, c => evalai_numbers::table
        .filter(evalai_numbers::kind.eq(kind.sql()))
        .filter(evalai_numbers::entity_id.eq_any(entities.iter().map(|entity| SqlUuid(*entity).sql())))
        .select((evalai_numbers::entity_id, evalai_numbers::number))
        .load(c))?;
    Ok(rows.into_iter().map(|(entity, number)| (entity.0, number)).collect())
}

/// Gives a number to each of these things that has none yet.
pub fn mint(conn: &mut Conn<'_>, kind: NumberedKind, entities: &[Uuid]) -> Result<(), StoreError> {
    for entity in entities {
        on!(conn, c => diesel::insert_into(evalai_numbers::table)
            .values((evalai_numbers::kind.eq(kind.sql()), evalai_numbers::entity_id.eq(SqlUuid(*entity).sql())))
            .on_conflict((evalai_numbers::kind, evalai_numbers::entity_id))
            .do_nothing()
            .execute(c))?;
    }
    Ok(())
}
