//! A team gives up a resumable upload.

use domain::submission::SubmissionState;
use domain::{Actor, UploadId};
use storage::uploads;

use super::find_own;
use crate::App;
use crate::failure::{Code, Failure, Outcome};
use crate::submissions::cancel::cancel_submission;

/// Ends an unfinished upload: its submission is cancelled and its bytes are gone.
pub async fn end_upload(app: &App, actor: &Actor, id: UploadId) -> Outcome<()> {
    let (upload, submission) = find_own(app, actor, id).await?;
    if submission.state != SubmissionState::Uploading {
        return Err(Failure::new(
            Code::StateConflict,
            "the upload is complete; cancel the submission instead",
        ));
    }
    cancel_submission(app, actor, upload.submission_id).await?;
    app.artifacts.parts().remove(id).await?;
    app.db.write(move |conn| Ok(uploads::remove(conn, id).map(drop)?)).await
}
