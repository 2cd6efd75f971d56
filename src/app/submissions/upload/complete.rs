//! The last byte of a resumable upload is here: the submission is accepted, or refused as any other would be.

use domain::submission::SubmissionState;
use domain::{Actor, JobId, SubmissionId, UploadId};
use storage::submissions::{self, Received};

use super::{find_own, gone, own};
use crate::App;
use crate::authority::{require_registration, verified_person};
use crate::failure::{Failure, Outcome};
use crate::submissions::accept::{Acceptance, accept};
use crate::submissions::submit::require_open;

/// Makes an artifact of an upload's bytes and accepts the submission.
///
/// Repeating it, after a crash or because an answer was lost, changes nothing.
/// A refusal (the quota is used up, the phase has closed) leaves the bytes where they are until the upload expires.
pub async fn complete_upload(app: &App, actor: &Actor, id: UploadId) -> Outcome<SubmissionId> {
    let now = app.now();
    let (upload, submission) = find_own(app, actor, id).await?;
    if submission.state != SubmissionState::Uploading {
        return Ok(submission.id);
    }
    let blob = app.artifacts.parts().finish(id).await.map_err(gone)?;
    if blob.size != upload.length_bytes() {
        return Err(Failure::internal(format!(
            "upload {id} has {} bytes and was said to be complete",
            blob.size
        )));
    }
    let received = Received { artifact: blob.digest, size_bytes: blob.size, at: now };
    let job: JobId = app.sources.new_id();
    let max_attempts = app.settings.worker.attempts;
    let asker = actor.clone();
    app.db
        .write(move |conn| {
            let (_, submission) = own(conn, &asker, id, now)?;
            let person = verified_person(&asker, domain::Scope::Submit)?;
            let phase = storage::phases::find(conn, submission.phase_id)?.ok_or_else(Failure::not_found)?;
            let challenge =
                storage::challenges::find(conn, phase.challenge_id)?.ok_or_else(Failure::not_found)?;
            require_registration(conn, challenge.id, person.user)?;
            if !submissions::queue_uploaded(conn, submission.id, received)? {
                return Ok(());
            }
            require_open(&challenge, &phase, now)?;
            let acceptance = Acceptance {
                actor: &asker,
                phase: &phase,
                team: submission.team_id,
                submission: submission.id,
                received,
                job,
                max_attempts,
            };
            accept(conn, &acceptance)
        })
        .await?;
    app.job_queued.notify_one();
    // The artifact holds the bytes now. A crash before this leaves them to the sweep.
    if let Err(error) = app.artifacts.parts().remove(id).await {
        tracing::warn!(upload.id = %id, error = %error, "the parts of a finished upload are still there");
    }
    Ok(submission.id)
}
