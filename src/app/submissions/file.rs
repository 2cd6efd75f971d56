//! The file of a submission, as it was sent.

use domain::{Actor, Digest, SubmissionId};
use storage::BlobReader;

use crate::App;
use crate::authority::{person, see_submission};
use crate::failure::{Failure, Outcome};

/// A file that a reader may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubmittedFile {
    /// Its content.
    pub digest: Digest,
    /// What it was called.
    pub file_name: String,
}

/// Says which file a submission holds, for its team and the organizers.
pub async fn find_file(app: &App, actor: &Actor, id: SubmissionId) -> Outcome<SubmittedFile> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            person(&actor, domain::Scope::Read)?;
            let submission = see_submission(conn, &actor, id)?.submission;
            let digest = submission.artifact.ok_or_else(Failure::not_found)?;
            Ok(SubmittedFile { digest, file_name: submission.file_name })
        })
        .await
}

/// Opens it.
pub async fn open_file(app: &App, file: &SubmittedFile) -> Outcome<BlobReader> {
    Ok(app.artifacts.open_blob(file.digest).await?)
}
