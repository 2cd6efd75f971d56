//! Datasets and their versions: what was collected, whoever competes on it; written once.

pub mod citations;
pub mod exclusions;
pub mod guidelines;
pub mod production;

use diesel::prelude::*;
use domain::{DatasetId, DatasetVersionId, Digest, Slug, Timestamp, UserId, VersionName};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{dataset_versions, datasets};
use crate::types::Column;

/// Something that was collected.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = datasets)]
pub struct Dataset {
    /// Its id; later ones are larger.
    pub id: DatasetId,
    /// Its short name.
    pub name: Slug,
    /// What people read.
    pub title: String,
    /// What it says that it shows.
    pub conceptualization: String,
    /// Under which terms it may be used.
    pub licence: String,
    /// Where that is said.
    pub source: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// A version of a dataset; what is absent nobody says.
#[derive(Debug, Clone, PartialEq, Queryable, Selectable)]
#[diesel(table_name = dataset_versions)]
pub struct DatasetVersion {
    /// Its id; later ones are larger.
    pub id: DatasetVersionId,
    /// The dataset.
    pub dataset_id: DatasetId,
    /// The version.
    pub version: VersionName,
    /// The day on which it was released.
    pub released_on: Option<String>,
    /// How much it differs from the one before (`change_class`).
    pub change_class: String,
    /// The version that it was made from.
    pub parent_id: Option<DatasetVersionId>,
    /// One name for its content.
    pub content_digest: Option<Digest>,
    /// Hours of recordings.
    pub hours: Option<f64>,
    /// Labelled instances.
    pub instances: Option<i64>,
    /// People who recorded.
    pub participants: Option<i64>,
    /// Countries in which they did.
    pub countries: Option<i32>,
    /// Where that is said.
    pub source: String,
    /// Who recorded it.
    pub recorded_by: Option<UserId>,
    /// When.
    pub recorded_at: Timestamp,
}

/// Writes a dataset.
pub fn insert(conn: &mut Conn<'_>, new: &Dataset) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(datasets::table)
        .values((
            datasets::id.eq(new.id.sql()),
            datasets::name.eq((&new.name).sql()),
            datasets::title.eq(&new.title),
            datasets::conceptualization.eq(&new.conceptualization),
            datasets::licence.eq(&new.licence),
            datasets::source.eq(&new.source),
            datasets::recorded_by.eq(new.recorded_by.map(Column::sql)),
            datasets::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// Writes a version of a dataset.
pub fn insert_version(conn: &mut Conn<'_>, new: &DatasetVersion) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(dataset_versions::table)
        .values((
            dataset_versions::id.eq(new.id.sql()),
            dataset_versions::dataset_id.eq(new.dataset_id.sql()),
            dataset_versions::version.eq((&new.version).sql()),
            dataset_versions::released_on.eq(new.released_on.as_deref()),
            dataset_versions::change_class.eq(&new.change_class),
            dataset_versions::parent_id.eq(new.parent_id.map(Column::sql)),
            dataset_versions::content_digest.eq(new.content_digest.map(Column::sql)),
            dataset_versions::hours.eq(new.hours),
            dataset_versions::instances.eq(new.instances),
            dataset_versions::participants.eq(new.participants),
            dataset_versions::countries.eq(new.countries),
            dataset_versions::source.eq(&new.source),
            dataset_versions::recorded_by.eq(new.recorded_by.map(Column::sql)),
            dataset_versions::recorded_at.eq(new.recorded_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The dataset of this short name.
pub fn find_by_name(conn: &mut Conn<'_>, name: &Slug) -> Result<Option<Dataset>, StoreError> {
    Ok(on!(conn, c => datasets::table
        .filter(datasets::name.eq(name.sql()))
        .select(Dataset::as_select())
        .get_result(c)
        .optional())?)
}

/// The dataset of this id.
pub fn find(conn: &mut Conn<'_>, id: DatasetId) -> Result<Option<Dataset>, StoreError> {
    Ok(on!(conn, c => datasets::table.find(id.sql()).select(Dataset::as_select()).get_result(c).optional())?)
}

/// The version of this id.
pub fn find_version(conn: &mut Conn<'_>, id: DatasetVersionId) -> Result<Option<DatasetVersion>, StoreError> {
    Ok(on!(conn, c => dataset_versions::table
        .find(id.sql())
        .select(DatasetVersion::as_select())
        .get_result(c)
        .optional())?)
}

/// A page of all datasets, newest record first; those before one of them.
pub fn page(conn: &mut Conn<'_>, before: Option<DatasetId>, limit: i64) -> Result<Vec<Dataset>, StoreError> {
    Ok(on!(conn, c => {
        let mut query = datasets::table.select(Dataset::as_select()).into_boxed();
        if let Some(before) = before {
            query = query.filter(datasets::id.lt(before.sql()));
        }
        query.order(datasets::id.desc()).limit(limit).load(c)
    })?)
}

/// Every version of a dataset, oldest record first.
pub fn versions(conn: &mut Conn<'_>, dataset: DatasetId) -> Result<Vec<DatasetVersion>, StoreError> {
    Ok(on!(conn, c => dataset_versions::table
        .filter(dataset_versions::dataset_id.eq(dataset.sql()))
        .order(dataset_versions::id.asc())
        .select(DatasetVersion::as_select())
        .load(c))?)
}
