//! The versions of a phase's held-out annotations: what they are made of, never their content.

use diesel::prelude::*;
use domain::metric::MetricSpec;
use domain::{AnnotationsId, Digest, PhaseId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::annotations;
use crate::types::{Column, Json};

/// One version of a phase's held-out annotations.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = annotations)]
pub struct Annotations {
    /// Its id.
    pub id: AnnotationsId,
    /// The phase it belongs to.
    pub phase_id: PhaseId,
    /// 1, 2, 3 and so on; the highest is in force.
    pub version: i32,
    /// Its tables.
    pub tables: Json<Vec<AnnotationsTable>>,
    /// One name for the content of all tables.
    pub digest: Digest,
    /// How many items are scored.
    pub item_count: i32,
    /// How many groups they form.
    pub group_count: i32,
    /// What is measured on it, the evaluator's first metric first.
    pub metrics: Json<Vec<MetricSpec>>,
    /// What the organizer says about this version.
    pub note: String,
    /// Who uploaded it.
    pub uploaded_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// One file of a version of annotations.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnotationsTable {
    /// Its name for the evaluator: `main` first; `items` holds groups and attributes.
    pub name: String,
    /// The name of the file that was uploaded.
    pub file_name: String,
    /// The artifact that holds it.
    pub digest: Digest,
    /// Its size.
    pub size_bytes: u64,
}

/// The version of the annotations in force.
pub fn annotations_in_force(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Option<Annotations>, StoreError> {
    Ok(on!(conn, c => annotations::table
        .filter(annotations::phase_id.eq(phase.sql()))
        .order(annotations::version.desc())
        .select(Annotations::as_select())
        .get_result(c)
        .optional())?)
}

/// A version of the annotations by its id.
pub fn annotations(conn: &mut Conn<'_>, id: AnnotationsId) -> Result<Option<Annotations>, StoreError> {
    Ok(on!(conn, c => annotations::table
        .find(id.sql())
        .select(Annotations::as_select())
        .get_result(c)
        .optional())?)
}

/// Every version of a phase's annotations, oldest first.
pub fn annotations_versions(conn: &mut Conn<'_>, phase: PhaseId) -> Result<Vec<Annotations>, StoreError> {
    Ok(on!(conn, c => annotations::table
        .filter(annotations::phase_id.eq(phase.sql()))
        .order(annotations::version.asc())
        .select(Annotations::as_select())
        .load(c))?)
}

/// Writes a version, which is in force from then on; of two equal numbers the second hits the unique key.
pub fn insert_annotations(conn: &mut Conn<'_>, new: &Annotations) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(annotations::table)
        .values((
            annotations::id.eq(new.id.sql()),
            annotations::phase_id.eq(new.phase_id.sql()),
            annotations::version.eq(new.version),
            annotations::tables.eq(&new.tables),
            annotations::digest.eq(new.digest.sql()),
            annotations::item_count.eq(new.item_count),
            annotations::group_count.eq(new.group_count),
            annotations::metrics.eq(&new.metrics),
            annotations::note.eq(&new.note),
            annotations::uploaded_by.eq(new.uploaded_by.sql()),
            annotations::created_at.eq(new.created_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}
