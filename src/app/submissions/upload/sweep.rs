//! Uploads that were not finished in time make room.

use domain::event::EventKind;
use domain::submission::SubmissionState;
use domain::{Actor, Timestamp};
use serde_json::json;
use storage::uploads::{self, Upload};
use storage::{annotation_uploads, events, phases, submissions};

use crate::App;
use crate::context::event;
use crate::failure::{Failure, Outcome};

/// How many uploads one sweep takes.
const AT_ONCE: i64 = 100;

/// Ends every upload whose time is over: unfinished ones are cancelled, all are forgotten; how many there were.
pub async fn sweep_uploads(app: &App) -> Outcome<usize> {
    let now = app.now();
    let expired =
        app.db.read(move |conn| uploads::expired(conn, now, AT_ONCE).map_err(Failure::from)).await?;
    let count = expired.len();
    for upload in expired {
        sweep(app, upload, now).await?;
    }
    let annotations = app
        .db
        .read(move |conn| annotation_uploads::expired(conn, now, AT_ONCE).map_err(Failure::from))
        .await?;
    let count = count + annotations.len();
    for upload in annotations {
        app.annotations.parts().remove(upload.id).await?;
        app.db.write(move |conn| annotation_uploads::remove(conn, upload.id).map_err(Failure::from)).await?;
    }
    Ok(count)
}

/// Cancels first, so that no piece is accepted any more, and forgets last, so that a crash in between is repeated.
async fn sweep(app: &App, upload: Upload, now: Timestamp) -> Outcome<()> {
    let id = upload.submission_id;
    app.db
        .write(move |conn| {
            if !submissions::advance(
                conn,
                id,
                &[SubmissionState::Uploading],
                SubmissionState::Cancelled,
                now,
            )? {
                return Ok(());
            }
            let submission = submissions::find(conn, id)?.ok_or_else(Failure::not_found)?;
            let phase = phases::find(conn, submission.phase_id)?.ok_or_else(Failure::not_found)?;
            let (subject, payload) = (format!("submission:{id}"), [("reason", json!("upload_expired"))]);
            let (kind, challenge) = (EventKind::SubmissionCancelled, Some(phase.challenge_id));
            events::append(conn, event(&Actor::System, now, kind, subject, challenge, payload))?;
            Ok::<_, Failure>(())
        })
        .await?;
    app.artifacts.parts().remove(upload.id).await?;
    app.db.write(move |conn| Ok(uploads::remove(conn, upload.id).map(drop)?)).await
}
