//! A bundle between its preview and the word of the organizer who sent it.

use bytes::Bytes;
use domain::{Actor, Digest, Scope, UserId};

use super::{BundleDoor, Imported, MOST_BYTES, ReadBundle, import_challenge, read_bundle, runtime};
use crate::App;
use crate::authority::verified_person;
use crate::failure::Outcome;
use crate::identity::LinkProof;

/// How long a preview can be agreed to, in seconds.
const KEPT_SECONDS: i64 = 3600;

/// A bundle that was read and waits.
#[derive(Debug, Clone)]
pub struct KeptBundle {
    /// Its digest; it is in the store of annotations.
    pub digest: Digest,
    /// What faults call it.
    pub file_name: String,
    /// That this person sent it, until when.
    pub proof: LinkProof,
}

/// Reads a bundle and keeps it for an hour, for whoever sent it; a bundle with faults is refused and not kept.
pub async fn keep_bundle(
    app: &App,
    actor: &Actor,
    file_name: String,
    archive: Bytes,
) -> Outcome<(ReadBundle, KeptBundle)> {
    let person = verified_person(actor, Scope::Organize)?.user;
    let read = read_bundle(runtime(app), &file_name, archive.clone(), BundleDoor::WebPage).await?;
    let digest = app.annotations.put(archive).await?.digest;
    let proof = app.links.sign(&what(person, digest), app.now().plus_seconds(KEPT_SECONDS));
    Ok((read, KeptBundle { digest, file_name, proof }))
}

/// Imports a bundle that was kept.
pub async fn import_kept(app: &App, actor: &Actor, kept: &KeptBundle) -> Outcome<Imported> {
    let person = verified_person(actor, Scope::Organize)?.user;
    // Without the proof, whoever knew a digest could have the file of others read.
    app.links.check(&what(person, kept.digest), &kept.proof, app.now())?;
    let archive = app.annotations.read(kept.digest, MOST_BYTES).await?;
    let read = read_bundle(runtime(app), &kept.file_name, archive, BundleDoor::WebPage).await?;
    import_challenge(app, actor, &read, None).await
}

fn what(person: UserId, digest: Digest) -> String {
    format!("bundle/{person}/{digest}")
}
