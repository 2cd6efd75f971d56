//! A team begins a resumable upload.

use domain::event::EventKind;
use domain::split::Visibility;
use domain::submission::{Method, check_attributes};
use domain::{Actor, SubmissionId, Timestamp, UploadId};
use serde_json::{Map, Value, json};
use storage::events;
use storage::submission_rules;
use storage::submissions::{self, NewSubmission};
use storage::uploads::{self, NewUpload};

use crate::App;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::submissions::submit::{admit, may_submit, parse_file_name, too_large};

/// A person can fill the disk with this many files that they never finish, and no more.
const UNFINISHED_PER_PERSON: i64 = 16;

/// What is known of a file before its bytes.
#[derive(Debug, Clone)]
pub struct BeginUpload {
    /// The challenge, by id or slug.
    pub challenge: String,
    /// The phase, by id or codename.
    pub phase: String,
    /// What the file is called.
    pub file_name: String,
    /// How many bytes it has.
    pub length_bytes: u64,
    /// What the team says about the method.
    pub method: Method,
    /// The team's answers to the organizers' questions.
    pub attributes: Map<String, Value>,
    /// Whether it may stand on the leaderboard.
    pub visibility: Visibility,
    /// The sender's name for the request.
    pub idempotency: Option<IdempotencyKey>,
}

/// An upload that waits for its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BegunUpload {
    /// The upload.
    pub id: UploadId,
    /// The submission that it will be.
    pub submission: SubmissionId,
    /// Until when its bytes are awaited.
    pub expires_at: Timestamp,
}

/// Begins an upload; its submission exists from then on and waits for its bytes.
///
/// Slots are looked at, not taken: the last byte decides.
pub async fn begin_upload(app: &App, actor: &Actor, input: BeginUpload) -> Outcome<Created<BegunUpload>> {
    let id: UploadId = app.sources.new_id();
    let submission: SubmissionId = app.sources.new_id();
    let now = app.now();
    let expires_at = now.plus_seconds(i64::from(app.settings.limits.upload_expiry_seconds));
    let most = app.settings.limits.upload_bytes;
    let key = input.idempotency.as_ref().map(|sent| sent.key.as_str());
    admit(app, actor, &input.challenge, &input.phase, key).await?;
    let method = input.method.clone().check()?;
    let file_name = parse_file_name(&input.file_name)?;
    let asker = actor.clone();
    let request = input.idempotency.as_ref().map(|key| key.request(actor, "upload"));
    // The place for the bytes comes first: an upload without one could never be finished.
    // If the transaction then fails, what is left is an empty file that no row names.
    app.artifacts.parts().create(id).await?;
    let created = create_once(app, request, id, now, move |conn| {
        let admission = may_submit(conn, &asker, &input.challenge, &input.phase, now, most)?;
        if input.length_bytes > admission.upload_bytes {
            return Err(too_large(admission.upload_bytes));
        }
        if uploads::unfinished_of(conn, admission.user)? >= UNFINISHED_PER_PERSON {
            let detail = format!("{UNFINISHED_PER_PERSON} of your uploads are unfinished; finish or end one");
            return Err(Failure::new(Code::TooManyPending, detail));
        }
        submission_rules::of_phase(conn, admission.phase.id)?.accept_file(&file_name)?;
        check_attributes(&admission.phase.attributes.0, &input.attributes)?;
        let new = NewSubmission {
            id: submission,
            phase: admission.phase.id,
            team: admission.team,
            submitted_by: admission.user,
            file_name: file_name.clone(),
            method: method.clone(),
            attributes: input.attributes.clone(),
            visibility: input.visibility,
            created_at: now,
        };
        submissions::insert(conn, &new, None)?;
        let length_bytes = input.length_bytes;
        let user = admission.user;
        uploads::insert(
            conn,
            &NewUpload { id, submission, user, length_bytes, created_at: now, expires_at },
        )?;
        let subject = format!("submission:{submission}");
        let payload = [("upload", json!(id)), ("length_bytes", json!(length_bytes))];
        let challenge = Some(admission.phase.challenge_id);
        Ok(events::append(conn, event(&asker, now, EventKind::UploadBegun, subject, challenge, payload))?)
    })
    .await;
    if !matches!(created, Ok(Created::New(_)))
        && let Err(error) = app.artifacts.parts().remove(id).await
    {
        tracing::warn!(upload.id = %id, error = %error, "the empty parts of a refused upload are still there");
    }
    match created? {
        Created::New(id) => Ok(Created::New(BegunUpload { id, submission, expires_at })),
        Created::Replayed(earlier) => replayed(app, earlier).await.map(Created::Replayed),
    }
}

/// What the same request began before.
async fn replayed(app: &App, id: UploadId) -> Outcome<BegunUpload> {
    app.db
        .read(move |conn| {
            let upload = uploads::find(conn, id)?.ok_or_else(super::expired)?;
            Ok(BegunUpload { id, submission: upload.submission_id, expires_at: upload.expires_at })
        })
        .await
}
