//! What annotators are told: versions of guidelines and their clauses; written once.

use diesel::prelude::*;
use domain::{DatasetId, Digest, GuidelineId};

use super::production::Recording;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{guideline_clauses, guidelines};
use crate::types::Column;

/// A version of a guideline.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = guidelines)]
pub struct Guideline {
    /// Its id.
    pub id: GuidelineId,
    /// The dataset.
    pub dataset_id: DatasetId,
    /// What it is called; its versions share it.
    pub name: String,
    /// 1, 2, 3 and so on.
    pub version: i32,
    /// The first day on which it held.
    pub effective_from: Option<String>,
    /// Where it can be read.
    pub source: String,
    /// One name for its clauses.
    pub digest: Digest,
}

/// A clause of a guideline.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = guideline_clauses)]
pub struct Clause {
    /// The same in every version that has the clause.
    pub code: String,
    /// What it does (`guideline_clause.kind`).
    pub kind: String,
    /// Its words.
    pub body: String,
    /// Whose reading it asks for (`perspective`).
    pub perspective: String,
}

/// Writes a version of a guideline with its clauses in their order.
pub fn insert(
    conn: &mut Conn<'_>,
    guideline: &Guideline,
    clauses: &[Clause],
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(guidelines::table)
        .values((
            guidelines::id.eq(guideline.id.sql()),
            guidelines::dataset_id.eq(guideline.dataset_id.sql()),
            guidelines::name.eq(&guideline.name),
            guidelines::version.eq(guideline.version),
            guidelines::effective_from.eq(guideline.effective_from.as_deref()),
            guidelines::source.eq(&guideline.source),
            guidelines::digest.eq(guideline.digest.sql()),
            guidelines::recorded_by.eq(new.by.map(Column::sql)),
            guidelines::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    for (position, clause) in (0_i32..).zip(clauses) {
        on!(conn, c => diesel::insert_into(guideline_clauses::table)
            .values((
                guideline_clauses::guideline_id.eq(guideline.id.sql()),
                guideline_clauses::position.eq(position),
                clause,
            ))
            .execute(c))?;
    }
    Ok(())
}

/// The version of this id.
pub fn find(conn: &mut Conn<'_>, id: GuidelineId) -> Result<Option<Guideline>, StoreError> {
    Ok(on!(conn, c => guidelines::table
        .find(id.sql())
        .select(Guideline::as_select())
        .get_result(c)
        .optional())?)
}

/// Every version of every guideline of a dataset, by name and version.
pub fn of_dataset(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Guideline>, StoreError> {
    Ok(on!(conn, c => guidelines::table
        .filter(guidelines::dataset_id.eq(dataset.sql()))
        .order((guidelines::name.asc(), guidelines::version.asc()))
        .select(Guideline::as_select())
        .load(c))?)
}

/// The clauses of a version, in its order.
pub fn clauses(conn: &mut Conn<'_>, id: GuidelineId) -> Result<Vec<Clause>, StoreError> {
    Ok(on!(conn, c => guideline_clauses::table
        .filter(guideline_clauses::guideline_id.eq(id.sql()))
        .order(guideline_clauses::position.asc())
        .select(Clause::as_select())
        .load(c))?)
}
