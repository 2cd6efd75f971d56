//! A whole challenge as the document that `challenge apply` reads.

mod evalai;

pub use bundles::{AnnotationsFile, ChallengeBundle, PhaseEntry};

pub use evalai::{EvalaiExport, export_as_evalai};

use domain::Actor;
use storage::challenges::Challenge;
use storage::{Conn, framings, phases};

use super::draft_of;
use crate::App;
use crate::authority::see_challenge;
use crate::failure::Outcome;
use crate::phases::draft_of as phase_draft_of;

/// The challenge with its phases, splits and terms, and the digests of its annotations; for those who may change it.
///
/// The salts of hash splits stay here: with one, anybody could tell which items are held back.
pub async fn export_challenge(app: &App, actor: &Actor, challenge: &str) -> Outcome<ChallengeBundle> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let managed = see_challenge(conn, &actor, &challenge)?.manage(&actor)?.0;
            bundle_of(conn, &managed)
        })
        .await
}

pub(super) fn bundle_of(conn: &mut Conn<'_>, challenge: &Challenge) -> Outcome<ChallengeBundle> {
    let mut entries = Vec::new();
    for phase in phases::list(conn, challenge.id)? {
        let splits = phases::splits_of(conn, phase.id)?;
        let tables = phases::annotations_in_force(conn, phase.id)?.map(|found| found.tables.0);
        let annotations = tables
            .unwrap_or_default()
            .into_iter()
            .map(|table| AnnotationsFile {
                table: table.name,
                file: table.file_name,
                digest: Some(table.digest),
                size_bytes: Some(table.size_bytes),
            })
            .collect();
        let framing = framings::in_force(conn, phase.id)?;
        let framing = framing.map(|framing| framings::complete(conn, framing)).transpose()?;
        let draft = phase_draft_of(&phase, &splits, framing.map(|full| Box::new(full.draft)));
        entries.push(PhaseEntry { draft, annotations });
    }
    Ok(ChallengeBundle { challenge: draft_of(conn, challenge)?, phases: entries })
}
