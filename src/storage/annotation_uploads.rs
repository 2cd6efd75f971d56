//! Annotations whose bytes arrive in several requests: for which phase, by whom, and until when they are awaited.
//!
//! How many bytes are there is not kept here: the store of annotations knows, also after a crash.

use diesel::prelude::*;
use domain::{PhaseId, Timestamp, UploadId, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::annotation_uploads;
use crate::types::Column;

/// An upload of annotations.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = annotation_uploads)]
pub struct AnnotationUpload {
    /// Its id.
    pub id: UploadId,
    /// The phase that they are for.
    pub phase_id: PhaseId,
    /// Who began it.
    pub user_id: UserId,
    /// What the file is called.
    pub file_name: String,
    length_bytes: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Until when its bytes are awaited.
    pub expires_at: Timestamp,
}

impl AnnotationUpload {
    /// An upload before it is stored.
    pub fn new(
        (id, phase, user): (UploadId, PhaseId, UserId),
        file_name: String,
        length_bytes: u64,
        (created_at, expires_at): (Timestamp, Timestamp),
    ) -> Self {
        let length_bytes = i64::try_from(length_bytes).unwrap_or(i64::MAX);
        Self { id, phase_id: phase, user_id: user, file_name, length_bytes, created_at, expires_at }
    }

    /// How many bytes it will have at most.
    pub fn length_bytes(&self) -> u64 {
        u64::try_from(self.length_bytes).unwrap_or(0)
    }
}

/// Writes an upload.
pub fn insert(conn: &mut Conn<'_>, new: &AnnotationUpload) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(annotation_uploads::table)
        .values((
            annotation_uploads::id.eq(new.id.sql()),
            annotation_uploads::phase_id.eq(new.phase_id.sql()),
            annotation_uploads::user_id.eq(new.user_id.sql()),
            annotation_uploads::file_name.eq(&new.file_name),
            annotation_uploads::length_bytes.eq(new.length_bytes),
            annotation_uploads::created_at.eq(new.created_at.sql()),
            annotation_uploads::expires_at.eq(new.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The upload of this id.
pub fn find(conn: &mut Conn<'_>, id: UploadId) -> Result<Option<AnnotationUpload>, StoreError> {
    Ok(on!(conn, c => annotation_uploads::table
        .find(id.sql())
        .select(AnnotationUpload::as_select())
        .get_result(c)
        .optional())?)
}

/// How many uploads of a person are unfinished.
pub fn unfinished_of(conn: &mut Conn<'_>, user: UserId) -> Result<i64, StoreError> {
    Ok(on!(conn, c => annotation_uploads::table
        .filter(annotation_uploads::user_id.eq(user.sql()))
        .count()
        .get_result(c))?)
}

/// Uploads that are not awaited any more, the oldest first.
pub fn expired(conn: &mut Conn<'_>, now: Timestamp, limit: i64) -> Result<Vec<AnnotationUpload>, StoreError> {
    Ok(on!(conn, c => annotation_uploads::table
        .filter(annotation_uploads::expires_at.le(now.sql()))
        .order((annotation_uploads::expires_at.asc(), annotation_uploads::id.asc()))
        .limit(limit)
        .select(AnnotationUpload::as_select())
        .load(c))?)
}

/// Forgets an upload; whether there was one.
pub fn remove(conn: &mut Conn<'_>, id: UploadId) -> Result<bool, StoreError> {
    Ok(on!(conn, c => diesel::delete(annotation_uploads::table.find(id.sql())).execute(c))? == 1)
}
