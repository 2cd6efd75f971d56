//! Bootstrap replicates, and what follows from them for whole boards.

use diesel::prelude::*;
use domain::{EvaluationId, PhaseId, SplitId, Timestamp};
use serde_json::Value;

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{board_statistics, phases, replicates, splits};
use crate::types::{Column, Json};

/// SQLite takes a limited number of values in one query.
const AT_ONCE: usize = 500;

/// The replicates of one metric of one evaluation on one split.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = replicates)]
pub struct Vector {
    /// Whose.
    pub evaluation_id: EvaluationId,
    /// On which split.
    pub split_id: SplitId,
    /// Of which metric.
    pub metric: String,
    /// Eight bytes each, as `ranking` writes them; empty where the uncertainty is not estimated.
    pub vector: Vec<u8>,
    /// The lower end of the interval of a share of few items, where the metric is one.
    pub few_items_lower: Option<f64>,
    /// The upper end.
    pub few_items_upper: Option<f64>,
}

/// What follows from the replicates of all entries of a board.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = board_statistics)]
pub struct Statistics {
    /// The split of the board.
    pub split_id: SplitId,
    /// The version of the phase's boards that it was computed of.
    pub board_version: i64,
    /// When.
    pub computed_at: Timestamp,
    /// What it is.
    pub statistics: Json<Value>,
}

/// Writes replicates; those that are there stay, since the same draws give the same.
pub fn insert(conn: &mut Conn<'_>, found: &Vector) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(replicates::table)
        .values((
            replicates::evaluation_id.eq(found.evaluation_id.sql()),
            replicates::split_id.eq(found.split_id.sql()),
            replicates::metric.eq(&found.metric),
            replicates::vector.eq(&found.vector),
            replicates::few_items_lower.eq(found.few_items_lower),
            replicates::few_items_upper.eq(found.few_items_upper),
        ))
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// The replicates of a metric on a split, of those evaluations that have any.
pub fn on_split(
    conn: &mut Conn<'_>,
    split: SplitId,
    metric: &str,
    evaluations: &[EvaluationId],
) -> Result<Vec<Vector>, StoreError> {
    let mut found = Vec::with_capacity(evaluations.len());
    for some in evaluations.chunks(AT_ONCE) {
        let more: Vec<Vector> = on!(conn, c => replicates::table
            .filter(replicates::split_id.eq(split.sql()))
            .filter(replicates::metric.eq(metric))
            .filter(replicates::evaluation_id.eq_any(some.iter().map(Column::sql)))
            .select(Vector::as_select())
            .load(c))?;
        found.extend(more);
    }
    Ok(found)
}

/// Those of the evaluations of which it is known on a split what a metric is uncertain by, or that this is not estimated.
pub fn known_on_split(
    conn: &mut Conn<'_>,
    split: SplitId,
    metric: &str,
    evaluations: &[EvaluationId],
) -> Result<Vec<EvaluationId>, StoreError> {
    let mut found = Vec::with_capacity(evaluations.len());
    for some in evaluations.chunks(AT_ONCE) {
        let more: Vec<EvaluationId> = on!(conn, c => replicates::table
            .filter(replicates::split_id.eq(split.sql()))
            .filter(replicates::metric.eq(metric))
            .filter(replicates::evaluation_id.eq_any(some.iter().map(Column::sql)))
            .select(replicates::evaluation_id)
            .load(c))?;
        found.extend(more);
    }
    Ok(found)
}

/// Forgets the replicates of a phase, because other units are drawn from now on.
pub fn forget(conn: &mut Conn<'_>, phase: PhaseId) -> Result<(), StoreError> {
    let own = splits::table.filter(splits::phase_id.eq(phase.sql())).select(splits::id);
    on!(conn, c => diesel::delete(replicates::table.filter(replicates::split_id.eq_any(own))).execute(c))?;
    Ok(())
}

/// A phase whose boards have changed since their statistics were computed: the one that has waited longest.
pub fn next_phase(conn: &mut Conn<'_>) -> Result<Option<PhaseId>, StoreError> {
    Ok(on!(conn, c => phases::table
        .filter(phases::ranked_version.lt(phases::board_version))
        .order(phases::updated_at.asc())
        .select(phases::id)
        .first(c)
        .optional())?)
}

/// Writes the statistics of a phase's boards at a version; `false` when newer ones are there already.
pub fn store(
    conn: &mut Conn<'_>,
    phase: PhaseId,
    board_version: i64,
    found: &[Statistics],
) -> Result<bool, StoreError> {
    let newest = on!(conn, c => diesel::update(phases::table.find(phase.sql()))
        .filter(phases::ranked_version.lt(board_version))
        .set(phases::ranked_version.eq(board_version))
        .execute(c))?;
    if newest == 0 {
        return Ok(false);
    }
    for one in found {
        let changing = (
            board_statistics::board_version.eq(one.board_version),
            board_statistics::computed_at.eq(one.computed_at.sql()),
            board_statistics::statistics.eq(&one.statistics),
        );
        on!(conn, c => diesel::insert_into(board_statistics::table)
            .values((board_statistics::split_id.eq(one.split_id.sql()), changing))
            .on_conflict(board_statistics::split_id)
            .do_update()
            .set(changing)
            .execute(c))?;
    }
    Ok(true)
}

/// The statistics of a split's board, if they were ever computed.
pub fn of_split(conn: &mut Conn<'_>, split: SplitId) -> Result<Option<Statistics>, StoreError> {
    Ok(on!(conn, c => board_statistics::table
        .find(split.sql())
        .select(Statistics::as_select())
        .get_result(c)
        .optional())?)
}
