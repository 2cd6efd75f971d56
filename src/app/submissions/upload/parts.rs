//! An upload in numbered parts of one size, each sent to a link that carries its own proof.
//!
//! The sender says how many parts there will be and not how many bytes: an upload is announced as long as it can be,
//! and its length is set when the sender says that it is complete.

use domain::submission::SubmissionState;
use domain::{Actor, SubmissionId, Timestamp, UploadId};
use storage::{Blobs, annotation_uploads, submissions, uploads};

use super::append::{Keep, Piece};
use super::{BeginUpload, BegunUpload, begin_upload, complete_upload, end_upload, expired, find_own, gone};
use crate::App;
use crate::authority::see_submission;
use crate::failure::{Code, Failure, Outcome};
use crate::identity::LinkProof;
use crate::submissions::submit::{admit, too_large};

/// How many bytes every part but the last has.
pub const PART_BYTES: u64 = 20 * 1024 * 1024;
/// As many as S3 takes.
pub(crate) const MOST_PARTS: u64 = 10_000;

/// How many parts a sender announces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartCount(u64);

impl PartCount {
    /// Reads the number; senders announce one part too many for a whole multiple of [`PART_BYTES`].
    pub fn parse(text: &str) -> Outcome<Self> {
        match text.trim().parse() {
            Ok(count @ 1..=MOST_PARTS) => Ok(Self(count)),
            _ => {
                let rule = format!("must be between 1 and {MOST_PARTS}");
                Err(domain::Invalid::new("num_file_chunks", rule).into())
            }
        }
    }

    /// The parts.
    pub fn numbers(self) -> impl Iterator<Item = u64> {
        1..=self.0
    }

    /// How many bytes they can have where `most` are taken; too many are refused at once.
    pub(crate) fn longest(self, most: u64) -> Outcome<u64> {
        if (self.0 - 1) * PART_BYTES > most {
            return Err(too_large(most));
        }
        Ok((self.0 * PART_BYTES).min(most))
    }
}

/// Begins an upload of so many parts.
pub async fn begin_parts(
    app: &App,
    actor: &Actor,
    input: BeginUpload,
    parts: PartCount,
) -> Outcome<BegunUpload> {
    let admission = admit(app, actor, &input.challenge, &input.phase, None).await?;
    let length_bytes = parts.longest(admission.upload_bytes)?;
    Ok(begin_upload(app, actor, BeginUpload { length_bytes, ..input }).await?.into_inner())
}

/// The link to which a part is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartLink {
    /// The upload.
    pub upload: UploadId,
    /// Which part, from 1.
    pub number: u64,
    /// What lets its holder send it.
    pub proof: LinkProof,
}

/// Makes the link of a part.
pub fn link_part(app: &App, upload: UploadId, number: u64, until: Timestamp) -> PartLink {
    PartLink { upload, number, proof: app.links.sign(&name_of(upload, number), until) }
}

fn name_of(upload: UploadId, number: u64) -> String {
    format!("part:{upload}:{number}")
}

/// What is to be done with the bytes of a part.
#[derive(Debug)]
pub enum PartStart {
    /// They are taken.
    Wanted(Piece),
    /// They are here: an earlier answer was lost.
    Here,
}

/// Begins to receive a part; the link is the proof, and there is no other.
pub async fn begin_part(app: &App, link: &PartLink) -> Outcome<PartStart> {
    let now = app.now();
    app.links.check(&name_of(link.upload, link.number), &link.proof, now)?;
    let id = link.upload;
    let (store, length) = app
        .db
        .read(move |conn| {
            if let Some(upload) = uploads::find(conn, id)? {
                let submission =
                    submissions::find(conn, upload.submission_id)?.ok_or_else(Failure::not_found)?;
                let is_awaited = submission.state == SubmissionState::Uploading && upload.expires_at > now;
                return if is_awaited {
                    Ok((Store::Artifacts, upload.length_bytes()))
                } else {
                    Err(expired())
                };
            }
            let upload = annotation_uploads::find(conn, id)?.filter(|upload| upload.expires_at > now);
            let upload = upload.ok_or_else(expired)?;
            Ok((Store::Annotations, upload.length_bytes()))
        })
        .await?;
    let store = match store {
        Store::Artifacts => &app.artifacts,
        Store::Annotations => &app.annotations,
    };
    let begin = (link.number - 1) * PART_BYTES;
    let here = store.parts().offset(id).await.map_err(gone)?;
    if here > begin {
        return Ok(PartStart::Here);
    }
    if here < begin {
        let detail = format!("part {} comes before this one", here / PART_BYTES + 1);
        return Err(Failure::new(Code::UploadOffsetMismatch, detail));
    }
    let end = (begin + PART_BYTES).min(length);
    Piece::begin(store, id, begin, end, Keep::Whole).await.map(PartStart::Wanted)
}

/// Where the bytes of an upload are kept.
enum Store {
    Artifacts,
    Annotations,
}

/// How many bytes an upload has that its sender calls complete with so many parts, announced to be `longest` bytes.
pub(crate) async fn complete_length(store: &Blobs, id: UploadId, parts: u64, longest: u64) -> Outcome<u64> {
    let here = store.parts().offset(id).await.map_err(gone)?;
    let announced = longest.div_ceil(PART_BYTES);
    if here.div_ceil(PART_BYTES) != parts || parts + 1 < announced {
        return Err(incomplete());
    }
    Ok(here)
}

fn incomplete() -> Failure {
    Failure::new(Code::MalformedRequest, "the upload is not complete")
}

/// The sender says that all parts are here: the submission is accepted, or refused as any other would be.
pub async fn finish_parts(
    app: &App,
    actor: &Actor,
    id: UploadId,
    submission: SubmissionId,
    parts: u64,
) -> Outcome<()> {
    let (upload, found) = find_own(app, actor, id).await?;
    if found.id != submission {
        return Err(Failure::not_found());
    }
    if found.state != SubmissionState::Uploading {
        return Ok(());
    }
    let length = complete_length(&app.artifacts, id, parts, upload.length_bytes()).await?;
    app.db.write(move |conn| uploads::set_length(conn, id, length).map_err(Failure::from)).await?;
    complete_upload(app, actor, id).await.map(drop)
}

/// The sender will send no more: what is not complete by now never will be, and is cancelled with the reason.
pub async fn settle_parts(app: &App, actor: &Actor, submission: SubmissionId) -> Outcome<()> {
    let asker = actor.clone();
    let (found, upload) = app
        .db
        .read(move |conn| {
            let seen = see_submission(conn, &asker, submission)?;
            let found = seen.submission.clone();
            seen.team.as_member(&asker)?;
            let upload = uploads::of_submission(conn, submission)?;
            Ok::<_, Failure>(((found.state, found.phase_id, seen.phase.challenge_id), upload))
        })
        .await?;
    let (state, phase, challenge) = found;
    match (state, upload) {
        (SubmissionState::Uploading, Some(upload)) => {
            let refused = admit(app, actor, &challenge.to_string(), &phase.to_string(), None).await.err();
            end_upload(app, actor, upload.id).await?;
            Err(refused.unwrap_or_else(incomplete))
        }
        (SubmissionState::Uploading | SubmissionState::Cancelled, _) => Err(incomplete()),
        _ => Ok(()),
    }
}
