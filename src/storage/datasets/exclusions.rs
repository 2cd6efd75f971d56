//! What was left out of a dataset or a phase, why, and on which basis; and what framings bind; written once.

use diesel::prelude::*;
use domain::{
    DatasetId, DatasetVersionId, DecisionId, ExclusionId, FramingId, GuidelineId, PhaseId, TaxonomyId,
    Timestamp,
};

use super::production::Recording;
use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{dataset_versions, exclusions, framing_bindings};
use crate::types::Column;

/// What is said of an exclusion.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = exclusions, treat_none_as_default_value = false)]
pub struct ExclusionDraft {
    /// When it happened in the making (`exclusion.stage`).
    pub stage: String,
    /// Why (`exclusion.reason`).
    pub reason: String,
    /// How it is known (`exclusion.basis`).
    pub basis: String,
    /// What was left out, in words.
    pub scope: String,
    /// How many instances.
    pub instances: Option<i64>,
    /// How many hours.
    pub hours: Option<f64>,
    /// Where that is said.
    pub source: String,
}

/// An exclusion.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = exclusions)]
pub struct Exclusion {
    /// Its id.
    pub id: ExclusionId,
    /// The version of a dataset that it is of, if it is of one.
    pub dataset_version_id: Option<DatasetVersionId>,
    /// The phase, if it is of one.
    pub phase_id: Option<PhaseId>,
    /// The decision behind it; absent where nobody is on record for it.
    pub decision_id: Option<DecisionId>,
    /// What is said of it.
    #[diesel(embed)]
    pub said: ExclusionDraft,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// What something was left out of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOutOf {
    /// A version of a dataset.
    Dataset(DatasetVersionId),
    /// A phase, by a decision if there was one.
    Phase(PhaseId, Option<DecisionId>),
}

/// Writes an exclusion.
pub fn insert(
    conn: &mut Conn<'_>,
    id: ExclusionId,
    of: LeftOutOf,
    said: &ExclusionDraft,
    new: Recording,
) -> Result<(), StoreError> {
    let (dataset, phase, decision) = match of {
        LeftOutOf::Dataset(dataset) => (Some(dataset), None, None),
        LeftOutOf::Phase(phase, decision) => (None, Some(phase), decision),
    };
    on!(conn, c => diesel::insert_into(exclusions::table)
        .values((
            exclusions::id.eq(id.sql()),
            exclusions::dataset_version_id.eq(dataset.map(Column::sql)),
            exclusions::phase_id.eq(phase.map(Column::sql)),
            exclusions::decision_id.eq(decision.map(Column::sql)),
            said,
            exclusions::recorded_by.eq(new.by.map(Column::sql)),
            exclusions::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The exclusions of a phase, oldest record first.
pub fn of_phase(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Exclusion>, StoreError> {
    Ok(on!(conn, c => exclusions::table
        .filter(exclusions::phase_id.eq(phase.sql()))
        .order(exclusions::id.asc())
        .select(Exclusion::as_select())
        .load(c))?)
}

/// The exclusions of all versions of a dataset, oldest record first.
pub fn of_dataset(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<Exclusion>, StoreError> {
    let versions = dataset_versions::table
        .filter(dataset_versions::dataset_id.eq(dataset.sql()))
        .select(dataset_versions::id.nullable());
    Ok(on!(conn, c => exclusions::table
        .filter(exclusions::dataset_version_id.eq_any(versions))
        .order(exclusions::id.asc())
        .select(Exclusion::as_select())
        .load(c))?)
}

/// What a framing binds besides its evaluator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = framing_bindings)]
pub struct Binding {
    /// The version of the dataset.
    pub dataset_version_id: Option<DatasetVersionId>,
    /// What annotators were told.
    pub guideline_id: Option<GuidelineId>,
    /// The list of activities.
    pub taxonomy_id: Option<TaxonomyId>,
}

/// Writes what a framing binds.
pub fn bind(
    conn: &mut Conn<'_>,
    framing: FramingId,
    binding: &Binding,
    new: Recording,
) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(framing_bindings::table)
        .values((
            framing_bindings::framing_id.eq(framing.sql()),
            framing_bindings::dataset_version_id.eq(binding.dataset_version_id.map(Column::sql)),
            framing_bindings::guideline_id.eq(binding.guideline_id.map(Column::sql)),
            framing_bindings::taxonomy_id.eq(binding.taxonomy_id.map(Column::sql)),
            framing_bindings::recorded_by.eq(new.by.map(Column::sql)),
            framing_bindings::recorded_at.eq(new.at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// What a framing binds.
pub fn binding(conn: &mut Conn<'_>, framing: FramingId) -> Result<Option<Binding>, StoreError> {
    Ok(on!(conn, c => framing_bindings::table
        .find(framing.sql())
        .select(Binding::as_select())
        .get_result(c)
        .optional())?)
}
