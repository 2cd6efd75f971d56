//! Resumable uploads: which submission's bytes are on their way, by whom, and until when they are awaited.
//!
//! How many bytes are there is not kept here: the artifact store knows, also after a crash.

use diesel::prelude::*;
use domain::submission::SubmissionState;
use domain::{SubmissionId, Timestamp, UploadId, UserId};

use crate::StoreError;
use crate::db::{Conn, on};
use crate::schema::{submissions, uploads};
use crate::types::Column;

/// A resumable upload.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = uploads)]
pub struct Upload {
    /// Its id.
    pub id: UploadId,
    /// The submission whose bytes it brings.
    pub submission_id: SubmissionId,
    /// Who began it.
    pub user_id: UserId,
    length_bytes: i64,
    /// When it was begun.
    pub created_at: Timestamp,
    /// Until when its bytes are awaited, and it is remembered.
    pub expires_at: Timestamp,
}

/// An upload before it exists.
#[derive(Debug, Clone, Copy)]
pub struct NewUpload {
    /// Its id.
    pub id: UploadId,
    /// The submission whose bytes it brings.
    pub submission: SubmissionId,
    /// Who begins it.
    pub user: UserId,
    /// How many bytes it will have.
    pub length_bytes: u64,
    /// When it is begun.
    pub created_at: Timestamp,
    /// Until when its bytes are awaited.
    pub expires_at: Timestamp,
}

impl Upload {
    /// How many bytes it will have.
    pub fn length_bytes(&self) -> u64 {
        u64::try_from(self.length_bytes).unwrap_or(0)
    }
}

/// Writes an upload.
pub fn insert(conn: &mut Conn<'_>, new: &NewUpload) -> Result<(), StoreError> {
    on!(conn, c => diesel::insert_into(uploads::table)
        .values((
            uploads::id.eq(new.id.sql()),
            uploads::submission_id.eq(new.submission.sql()),
            uploads::user_id.eq(new.user.sql()),
            uploads::length_bytes.eq(i64::try_from(new.length_bytes).unwrap_or(i64::MAX)),
            uploads::created_at.eq(new.created_at.sql()),
            uploads::expires_at.eq(new.expires_at.sql()),
        ))
        .execute(c))?;
    Ok(())
}

/// The upload of this id.
pub fn find(conn: &mut Conn<'_>, id: UploadId) -> Result<Option<Upload>, StoreError> {
    Ok(on!(conn, c => uploads::table.find(id.sql()).select(Upload::as_select()).get_result(c).optional())?)
}

/// How many of a person's uploads are unfinished.
pub fn unfinished_of(conn: &mut Conn<'_>, user: UserId) -> Result<i64, StoreError> {
    Ok(on!(conn, c => uploads::table
        .inner_join(submissions::table)
        .filter(uploads::user_id.eq(user.sql()))
        .filter(submissions::state.eq(SubmissionState::Uploading.sql()))
        .count()
        .get_result(c))?)
}

/// Uploads that are not awaited any more, the oldest first.
pub fn expired(conn: &mut Conn<'_>, now: Timestamp, limit: i64) -> Result<Vec<Upload>, StoreError> {
    Ok(on!(conn, c => uploads::table
        .filter(uploads::expires_at.le(now.sql()))
        .order((uploads::expires_at.asc(), uploads::id.asc()))
        .limit(limit)
        .select(Upload::as_select())
        .load(c))?)
}

/// Notes that an upload has ended with fewer bytes than it could have had.
pub fn set_length(conn: &mut Conn<'_>, id: UploadId, length_bytes: u64) -> Result<(), StoreError> {
    on!(conn, c => diesel::update(uploads::table.find(id.sql()))
        .set(uploads::length_bytes.eq(i64::try_from(length_bytes).unwrap_or(i64::MAX)))
        .execute(c))?;
    Ok(())
}

/// The upload that brings the bytes of a submission.
pub fn of_submission(conn: &mut Conn<'_>, id: SubmissionId) -> Result<Option<Upload>, StoreError> {
    Ok(on!(conn, c => uploads::table
        .filter(uploads::submission_id.eq(id.sql()))
        .select(Upload::as_select())
        .get_result(c)
        .optional())?)
}

/// Forgets an upload; whether there was one.
pub fn remove(conn: &mut Conn<'_>, id: UploadId) -> Result<bool, StoreError> {
    Ok(on!(conn, c => diesel::delete(uploads::table.find(id.sql())).execute(c))? == 1)
}
