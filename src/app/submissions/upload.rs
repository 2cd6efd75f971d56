//! Resumable uploads: a submission whose bytes arrive in several requests.
//!
//! The submission exists from the beginning, in the state `uploading`, and is accepted when its last byte is here:
//! that moment decides about deadline and quota.
//! How far an upload has come is asked from the artifact store itself, so no crash can make the two disagree.

mod append;
mod begin;
mod complete;
mod end;
mod parts;
mod sweep;

use domain::submission::SubmissionState;
use domain::{Actor, Timestamp, UploadId};
use storage::submissions::Submission;
use storage::uploads::{self, Upload};
use storage::{BlobError, Conn};

use crate::App;
use crate::authority::see_submission;
use crate::failure::{Code, Failure, Outcome};

pub use append::{Checksum, ChecksumAlgorithm, Piece, begin_piece};
pub use begin::{BeginUpload, BegunUpload, begin_upload};
pub use complete::complete_upload;
pub use end::end_upload;
pub(crate) use parts::complete_length;
pub use parts::{
    PART_BYTES, PartCount, PartLink, PartStart, begin_part, begin_parts, finish_parts, link_part,
    settle_parts,
};
pub use sweep::sweep_uploads;

/// How far an upload has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many bytes are here.
    pub offset: u64,
    /// How many there will be.
    pub length: u64,
    /// Until when the rest is awaited.
    pub expires_at: Timestamp,
}

/// Says how far an upload has come, and finishes what a crash interrupted after the last byte.
pub async fn read_progress(app: &App, actor: &Actor, id: UploadId) -> Outcome<Progress> {
    let (upload, submission) = find_own(app, actor, id).await?;
    let (length, expires_at) = (upload.length_bytes(), upload.expires_at);
    let offset = match submission.state {
        SubmissionState::Uploading => {
            let offset = app.artifacts.parts().offset(id).await.map_err(gone)?;
            if offset == length {
                complete_upload(app, actor, id).await?;
            }
            offset
        }
        _ => length,
    };
    Ok(Progress { offset, length, expires_at })
}

/// Finds an upload for a member of its team; one that was given up answers "gone".
async fn find_own(app: &App, actor: &Actor, id: UploadId) -> Outcome<(Upload, Submission)> {
    let now = app.now();
    let actor = actor.clone();
    app.db.read(move |conn| own(conn, &actor, id, now)).await
}

fn own(conn: &mut Conn<'_>, actor: &Actor, id: UploadId, now: Timestamp) -> Outcome<(Upload, Submission)> {
    let upload = uploads::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let seen = see_submission(conn, actor, upload.submission_id)?;
    seen.team.as_member(actor)?;
    let is_awaited = seen.submission.state == SubmissionState::Uploading;
    let was_given_up = seen.submission.state == SubmissionState::Cancelled;
    if was_given_up || (is_awaited && upload.expires_at <= now) {
        return Err(expired());
    }
    Ok((upload, seen.submission))
}

fn expired() -> Failure {
    Failure::new(Code::UploadExpired, "the upload was ended, or not finished in time")
}

/// Bytes that are not there although the upload is: it is being ended at this moment.
fn gone(error: BlobError) -> Failure {
    match error {
        BlobError::NoSuchUpload => expired(),
        other => other.into(),
    }
}
