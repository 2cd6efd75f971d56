//! The splits of a phase.

use diesel::prelude::*;
use domain::split::{SplitRule, SplitSpec, Visibility};
use domain::{Codename, PhaseId, SplitId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{board_statistics, splits};
use crate::types::{Column, Json};

/// A split as it is stored.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = splits)]
pub struct Split {
    /// Its id.
    pub id: SplitId,
    /// The phase it belongs to.
    pub phase_id: PhaseId,
    /// Its short name.
    pub codename: Codename,
    /// Who sees its scores.
    pub visibility: Visibility,
    /// Which items it holds.
    pub rule: Json<SplitRule>,
    /// Its place among the splits of the phase.
    pub position: i32,
}

/// The splits of a phase, in their order.
pub fn splits_of(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Split>, StoreError> {
    Ok(on!(conn, c => splits::table
        .filter(splits::phase_id.eq(phase.sql()))
        .order(splits::position.asc())
        .select(Split::as_select())
        .load(c))?)
}

/// The split of this id.
pub fn split(conn: &mut Conn<'_>, id: SplitId) -> Result<Option<Split>, StoreError> {
    Ok(on!(conn, c => splits::table.find(id.sql()).select(Split::as_select()).get_result(c).optional())?)
}

/// Writes a split.
pub fn insert_split(
    conn: &mut Conn<'_>,
    id: SplitId,
    phase: PhaseId,
    spec: &SplitSpec,
    position: i32,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(splits::table)
        .values((
            splits::id.eq(id.sql()),
            splits::phase_id.eq(phase.sql()),
            splits::codename.eq((&spec.codename).sql()),
            splits::visibility.eq(spec.visibility.sql()),
            splits::rule.eq(Json(spec.rule.clone())),
            splits::position.eq(position),
        ))
        .execute(c))?;
    Ok(())
}

/// Replaces everything but the codename of a split.
pub fn replace_split(
    conn: &mut Conn<'_>,
    id: SplitId,
    spec: &SplitSpec,
    position: i32,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(splits::table.find(id.sql()))
        .set((
            splits::visibility.eq(spec.visibility.sql()),
            splits::rule.eq(Json(spec.rule.clone())),
            splits::position.eq(position),
        ))
        .execute(c))?;
    Ok(())
}

/// Removes a split; the database refuses when it has scores. What is known of its empty board goes with it.
pub fn remove_split(conn: &mut Conn<'_>, id: SplitId) -> Result<(), StoreError> {
    on!(conn, c => diesel::delete(board_statistics::table.find(id.sql())).execute(c))?;
    on!(conn, c => diesel::delete(splits::table.find(id.sql())).execute(c))?;
    Ok(())
}
