//! A challenge as a bundle of EvalAI, as far as EvalAI can hold it.
//!
//! A challenge that came as a bundle leaves as that bundle, with what was changed here since. Any other becomes one whose
//! script says what scored it, because no program of this server leaves with it.

mod brought;
mod made;

use bundles::evalai::export;
use bundles::imported::{ImportedChallenge, NamedFile, Page, TextFormat};
use bundles::{FileTree, evalai};
use domain::challenge::{ChallengeDraft, ChallengeState};
use domain::event::EventKind;
use domain::phase::PhaseDraft;
use domain::{Actor, ChallengeId};
use registry::programs::{PROGRAM, TRUTH_TABLE};
use sdk::Inputs;
use serde_json::json;
use storage::imports::{self, ChallengeImport};
use storage::phases::{self, Annotations, AnnotationsTable};
use storage::{Conn, events, framings};

use crate::App;
use crate::authority::see_challenge;
use crate::challenges::draft_of;
use crate::challenges::import::{BundleDoor, MOST_BYTES, read_bundle, runtime};
use crate::context::event;
use crate::failure::{Failure, Outcome};
use crate::phases::draft_of as phase_draft_of;

/// The page of a bundle that says what it does not hold.
const README: &str = "README.md";

/// A bundle, packed.
#[derive(Debug, Clone)]
pub struct EvalaiExport {
    /// The archive.
    pub archive: Vec<u8>,
    /// What of the challenge it does not hold, in sentences; the archive says it too.
    pub lost: Vec<String>,
}

/// A challenge as it is now.
struct Present {
    id: ChallengeId,
    draft: ChallengeDraft,
    is_published: bool,
    import: Option<ChallengeImport>,
    phases: Vec<PresentPhase>,
}

/// A phase as it is now.
struct PresentPhase {
    draft: PhaseDraft,
    annotations: Option<Annotations>,
}

impl PresentPhase {
    fn table(&self, name: &str) -> Option<&AnnotationsTable> {
        self.annotations.as_ref()?.tables.0.iter().find(|table| table.name == name)
    }

    /// The table that holds the truth.
    fn truth(&self) -> Option<&AnnotationsTable> {
        self.table(if self.draft.evaluator == PROGRAM { TRUTH_TABLE } else { Inputs::MAIN })
    }
}

/// Writes a challenge as a bundle of EvalAI; for those who may change it.
///
/// Held-out annotations are in it only if that is asked for, and then it is on record who asked.
pub async fn export_as_evalai(
    app: &App,
    actor: &Actor,
    challenge: &str,
    with_annotations: bool,
) -> Outcome<EvalaiExport> {
    let (asking, key) = (actor.clone(), challenge.to_owned());
    let present = app.db.read(move |conn| read_present(conn, &asking, &key)).await?;
    let mut lost = Vec::new();
    let mut imported = match &present.import {
        Some(import) => {
            let archive = app.annotations.read(import.bundle, MOST_BYTES).await?;
            let came =
                read_bundle(runtime(app), "the bundle as it came last", archive, BundleDoor::WebPage).await?;
            brought::changed(&came.came_as(), &present, &mut lost)
        }
        None => made::written(&present, &mut lost)?,
    };
    hold_annotations(app, &present, &mut imported, with_annotations, &mut lost).await?;
    if with_annotations {
        record(app, actor, present.id).await?;
    }
    tokio::task::spawn_blocking(move || packed(&imported, lost)).await.map_err(Failure::internal)?
}

fn read_present(conn: &mut Conn<'_>, actor: &Actor, challenge: &str) -> Outcome<Present> {
    let managed = see_challenge(conn, actor, challenge)?.manage(actor)?.0;
    let mut entries = Vec::new();
    for phase in phases::list(conn, managed.id)? {
        let splits = phases::splits_of(conn, phase.id)?;
        let framing = framings::in_force(conn, phase.id)?;
        let framing = framing.map(|framing| framings::complete(conn, framing)).transpose()?;
        let draft = phase_draft_of(&phase, &splits, framing.map(|full| Box::new(full.draft)));
        entries.push(PresentPhase { draft, annotations: phases::annotations_in_force(conn, phase.id)? });
    }
    Ok(Present {
        id: managed.id,
        draft: draft_of(conn, &managed)?,
        is_published: managed.state != ChallengeState::Draft,
        import: imports::of_challenge(conn, managed.id)?,
        phases: entries,
    })
}

/// Puts the truth of every phase into the bundle, or takes it out.
async fn hold_annotations(
    app: &App,
    present: &Present,
    imported: &mut ImportedChallenge,
    with_annotations: bool,
    lost: &mut Vec<String>,
) -> Outcome<()> {
    let mut has_truth = false;
    for phase in &mut imported.phases {
        phase.annotations = None;
        let own = present.phases.iter().find(|own| own.draft.codename == phase.codename);
        let Some(table) = own.and_then(PresentPhase::truth) else { continue };
        has_truth = true;
        if with_annotations {
            let bytes = app.annotations.read(table.digest, table.size_bytes).await?;
            phase.annotations = Some(NamedFile { name: table.file_name.clone(), bytes });
        }
    }
    if has_truth && !with_annotations {
        lost.push("the held-out annotations: they were not asked for".to_owned());
    }
    Ok(())
}

async fn record(app: &App, actor: &Actor, challenge: ChallengeId) -> Outcome<()> {
    let (now, actor) = (app.now(), actor.clone());
    app.db
        .write(move |conn| {
            let subject = format!("challenge:{challenge}");
            let payload = [("format", json!("evalai"))];
            let kind = EventKind::AnnotationsExported;
            Ok(events::append(conn, event(&actor, now, kind, subject, Some(challenge), payload))?)
        })
        .await
}

fn packed(imported: &ImportedChallenge, mut lost: Vec<String>) -> Outcome<EvalaiExport> {
    let written: evalai::Export = export(imported).map_err(Failure::internal)?;
    lost.extend(written.lost);
    let readme = (README.to_owned(), readme(&lost).into());
    let files = written.files.iter().map(|(path, bytes)| (path.to_owned(), bytes.clone())).chain([readme]);
    let archive = FileTree::of(files).to_zip().map_err(Failure::internal)?;
    Ok(EvalaiExport { archive, lost })
}

fn readme(lost: &[String]) -> String {
    let mut text = "# A challenge for EvalAI\n\nWritten by Heldout.\n".to_owned();
    if !lost.is_empty() {
        text.push_str("\nThis bundle does not hold:\n\n");
        lost.iter().for_each(|what| text.push_str(&format!("- {what}\n")));
    }
    text
}

/// A text of this server as a page.
fn page(name: &str, text: &str) -> Page {
    Page { name: name.to_owned(), title: String::new(), format: TextFormat::Markdown, text: text.to_owned() }
}
