//! Annotations in numbered parts: begun by an organizer, sent to links, and judged when they are complete.

use domain::{Actor, Scope, UploadId};
use sdk::Inputs;
use storage::annotation_uploads::{self, AnnotationUpload};
use storage::phases::{self, Annotations};

use super::upload::begin_upload;
use crate::App;
use crate::authority::{person, see_phase};
use crate::challenges::not_archived;
use crate::failure::{Code, Failure, Outcome};
use crate::submissions::submit::parse_file_name;
use crate::submissions::upload::{PartCount, complete_length};

/// An organizer can leave so many unfinished.
const UNFINISHED_PER_PERSON: i64 = 16;

/// Begins an upload of the main table in so many parts; until when they are awaited.
pub async fn begin_annotation_parts(
    app: &App,
    actor: &Actor,
    (challenge, phase): (&str, &str),
    file_name: &str,
    parts: PartCount,
) -> Outcome<AnnotationUpload> {
    let id: UploadId = app.sources.new_id();
    let now = app.now();
    let expires_at = now.plus_seconds(i64::from(app.settings.limits.upload_expiry_seconds));
    let longest = parts.longest(app.settings.limits.upload_bytes)?;
    let file_name = parse_file_name(file_name)?;
    let (asker, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    // The place for the bytes comes first: an upload without one could never be finished.
    app.annotations.parts().create(id).await?;
    let begun = app
        .db
        .write(move |conn| {
            let managed = see_phase(conn, &asker, &challenge, &phase)?.manage(&asker)?;
            not_archived(&managed.challenge)?;
            let user = person(&asker, Scope::Organize)?.user;
            if annotation_uploads::unfinished_of(conn, user)? >= UNFINISHED_PER_PERSON {
                let detail = format!("{UNFINISHED_PER_PERSON} of your uploads are unfinished; finish one");
                return Err(Failure::new(Code::TooManyPending, detail));
            }
            let ids = (id, managed.phase.id, user);
            let new = AnnotationUpload::new(ids, file_name.clone(), longest, (now, expires_at));
            annotation_uploads::insert(conn, &new)?;
            Ok(new)
        })
        .await;
    if begun.is_err()
        && let Err(error) = app.annotations.parts().remove(id).await
    {
        tracing::warn!(upload.id = %id, error = %error, "the empty parts of a refused upload are still there");
    }
    begun
}

/// The sender says that all parts are here: they are the main table of the next version, beside the other tables in force.
pub async fn finish_annotation_parts(
    app: &App,
    actor: &Actor,
    (challenge, phase): (&str, &str),
    id: UploadId,
    parts: u64,
) -> Outcome<Annotations> {
    let mut arriving = begin_upload(app, actor, challenge, phase).await?;
    let owner = person(actor, Scope::Organize)?.user;
    let (of, now) = (arriving.phase_id(), app.now());
    let (upload, in_force) = app
        .db
        .read(move |conn| {
            let found = annotation_uploads::find(conn, id)?
                .filter(|upload| upload.phase_id == of && upload.user_id == owner && upload.expires_at > now);
            Ok::<_, Failure>((found.ok_or_else(Failure::not_found)?, phases::annotations_in_force(conn, of)?))
        })
        .await?;
    complete_length(&app.annotations, id, parts, upload.length_bytes()).await?;
    let blob = app.annotations.parts().finish(id).await?;
    arriving.take_stored(Inputs::MAIN, upload.file_name.clone(), blob);
    let others = in_force.map_or_else(Vec::new, |found| found.tables.0);
    arriving.keep(others.into_iter().filter(|table| table.name != Inputs::MAIN));
    let finished = arriving.finish(String::new(), None).await;
    // Taken or refused, these bytes are not asked for again.
    app.annotations.parts().remove(id).await?;
    app.db.write(move |conn| annotation_uploads::remove(conn, id).map_err(Failure::from)).await?;
    finished.map(crate::idempotency::Created::into_inner)
}
