//! A bundle of another system becomes a draft, or changes the challenge that it became before.
//!
//! A bundle is read whole and refused with everything that is wrong with it before anything is written.
//! What is written then is brought step by step to what the bundle says, by the use cases that organizers have too: a
//! step that fails because a store is out of reach is made up for when the bundle is sent again.

mod keep;
mod pack;
mod plan;
mod solutions;
mod text;

use bundles::evalai::{Door, KnownIds};
use bundles::imported::ImportedChallenge;
use bundles::{Bounds, FileTree, Findings, Import, ImportOptions, Preview};
use bytes::Bytes;
use domain::challenge::{ChallengeDraft, ChallengeState};
use domain::event::EventKind;
use domain::imported::ImportedParts;
use domain::phase::PhaseDraft;
use domain::{Actor, ChallengeId, ChallengeRole, Codename, Digest, Scope, Slug, UserId};
use serde_json::json;
use storage::challenges::{self, Challenge};
use storage::imports::{self, ChallengeImport};
use storage::phases::{self, AnnotationsTable};
use storage::types::Json;
use storage::{Conn, events};

pub use bundles::Preview as BundlePreview;
pub use bundles::codabench::Runtime as BundleRuntime;
pub use bundles::evalai::Door as BundleDoor;
pub use keep::{KeptBundle, import_kept, keep_bundle};
pub use pack::{PROGRAM_FILE, PackedTask, ProgramPackage};
pub use storage::imports::ChallengeImport as ImportRecord;

use super::update::{ChallengeChange, update_challenge};
use super::{taken, terms};
use crate::App;
use crate::authority::{see_challenge, verified_person};
use crate::context::event;
use crate::failure::{Code, Failure, FieldError, Outcome};
use crate::framing::propose;
use crate::phases::create::create_phase;
use crate::phases::prepare::{Plan as Preparation, prepare_tables};
use crate::phases::rules;
use crate::phases::update::{PhaseChange, update_phase_on};
use crate::trials::{PlannedSolution, ask_for_solutions};
use plan::{ImportPlan, PlannedPhase};

/// The largest bundle that is taken, in bytes, as it is sent and as it is unpacked.
pub const MOST_BYTES: u64 = 512 << 20;

/// The most files in a bundle.
const MOST_FILES: usize = 20_000;

/// How many addresses are tried for a title that is taken.
const MOST_SLUGS: u32 = 50;

/// A bundle that was read and can be imported.
#[derive(Debug)]
pub struct ReadBundle {
    import: Import,
    plan: ImportPlan,
    archive: Bytes,
}

impl ReadBundle {
    /// What would become of it, for a person.
    pub fn preview(&self) -> Preview {
        Preview::of(&self.import.challenge, &self.findings())
    }

    /// What the bundle says and what became of it, for an export.
    pub(crate) fn came_as(&self) -> CameAs<'_> {
        CameAs {
            imported: &self.import.challenge,
            challenge: &self.plan.challenge,
            phases: self.plan.phases.iter().map(|phase| &phase.draft).collect(),
        }
    }

    /// What is not as its author may expect.
    pub fn findings(&self) -> Findings {
        let mut findings = self.import.findings.clone();
        self.plan.warnings.iter().for_each(|warning| findings.warn(warning.clone()));
        findings
    }
}

/// What a bundle says, and the drafts that were made of it.
pub(crate) struct CameAs<'b> {
    pub(crate) imported: &'b ImportedChallenge,
    pub(crate) challenge: &'b ChallengeDraft,
    pub(crate) phases: Vec<&'b PhaseDraft>,
}

/// A challenge that was imported.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The challenge.
    pub id: ChallengeId,
    /// Its address.
    pub slug: Slug,
    /// Whether it was made just now; otherwise it was there and says now what the bundle says.
    pub is_new: bool,
}

/// What programs of bundles run in here, as the configuration says.
pub fn runtime(app: &App) -> BundleRuntime {
    let takes_images = !app.settings.programs.container_engine.as_os_str().is_empty();
    BundleRuntime { takes_images, ..BundleRuntime::default() }
}

/// Reads a zip archive; `name` is what faults call it. Everything that is wrong is told at once, as `bundle_invalid`.
pub async fn read_bundle(
    runtime: BundleRuntime,
    name: &str,
    archive: Bytes,
    door: Door,
) -> Outcome<ReadBundle> {
    let name = name.to_owned();
    let read = tokio::task::spawn_blocking(move || read_now(&name, archive, door, runtime));
    read.await.map_err(Failure::internal)?
}

fn read_now(name: &str, archive: Bytes, door: Door, runtime: BundleRuntime) -> Outcome<ReadBundle> {
    let bounds = Bounds { bytes: MOST_BYTES, files: MOST_FILES };
    let files = FileTree::from_zip(name, &archive, bounds).map_err(refused)?;
    let options = ImportOptions { door, runtime, bounds };
    let import = bundles::import(&files, &options).map_err(refused)?;
    let plan = ImportPlan::of(&import.challenge).map_err(refused)?;
    Ok(ReadBundle { import, plan, archive })
}

/// Everything that is wrong with a bundle: `file:line: key` with its sentence.
fn refused(findings: Findings) -> Failure {
    let count = findings.faults.len() + findings.unsaid;
    let detail = match count {
        1 => "the bundle has a fault; nothing was changed".to_owned(),
        _ => format!("the bundle has {count} faults; nothing was changed"),
    };
    let errors = findings.faults.into_iter().map(|fault| {
        let line = fault.position.map(|position| format!(":{}", position.line)).unwrap_or_default();
        let key = if fault.key.is_empty() { String::new() } else { format!(": {}", fault.key) };
        FieldError::new(format!("{}{line}{key}", fault.file), fault.message)
    });
    Failure::new(Code::BundleInvalid, detail).with_errors(errors.collect())
}

/// Refuses what [`import_challenge`] would refuse of a bundle from there, as far as that is known without storing it.
pub async fn check_import(
    app: &App,
    actor: &Actor,
    bundle: &ReadBundle,
    source: Option<String>,
) -> Outcome<()> {
    let source = source_of(actor, bundle, source)?;
    let asking = actor.clone();
    let known = app.db.read(move |conn| find_known(conn, &asking, &source)).await?;
    match known {
        Some(known) => refuse_what_may_not_change(app, &known, bundle).await,
        None => Ok(()),
    }
}

/// The name of where a bundle comes from.
fn source_of(actor: &Actor, bundle: &ReadBundle, source: Option<String>) -> Outcome<String> {
    let person = verified_person(actor, Scope::Organize)?.user;
    Ok(source.unwrap_or_else(|| format!("person:{person}:{}", bundle.import.challenge.slug)))
}

/// Makes a draft of a bundle, or changes the challenge that came from the same source.
///
/// `source` is where it comes from, such as `github:OWNER/REPOSITORY`; without one, a person's bundles are told apart by
/// their titles.
pub async fn import_challenge(
    app: &App,
    actor: &Actor,
    bundle: &ReadBundle,
    source: Option<String>,
) -> Outcome<Imported> {
    let person = verified_person(actor, Scope::Organize)?.user;
    let source = source_of(actor, bundle, source)?;
    let (asking, wanted) = (actor.clone(), source.clone());
    let known = app.db.read(move |conn| find_known(conn, &asking, &wanted)).await?;
    if let Some(known) = &known {
        refuse_what_may_not_change(app, known, bundle).await?;
    }
    let prepared = store_phases(app, bundle).await?;
    let stored = app.annotations.put(bundle.archive.clone()).await?;

    let is_new = known.is_none();
    let (id, slug) = match known {
        Some(Known { challenge, .. }) => (challenge.id, challenge.slug),
        None => begin(app, actor, person, bundle, source, stored.digest).await?,
    };
    let key = id.to_string();
    let draft = bundle.plan.challenge.clone();
    let change = ChallengeChange {
        title: Some(draft.title),
        summary: Some(draft.summary),
        description: Some(draft.description),
        team_max_size: Some(draft.team_max_size),
        terms: Some(draft.terms),
        ..ChallengeChange::default()
    };
    update_challenge(app, actor, &key, change).await?;
    for (phase, tables) in bundle.plan.phases.iter().zip(prepared) {
        Box::pin(bring_phase(app, actor, &key, phase, tables)).await?;
    }
    let solutions = solutions::store(app, &bundle.import.challenge).await?;
    finish(app, actor, id, stored.digest, bundle.plan.parts.clone(), solutions).await?;
    Ok(Imported { id, slug, is_new })
}

/// How a challenge came here, for those who run it; absent where it was made here.
pub async fn read_import(app: &App, actor: &Actor, challenge: &str) -> Outcome<Option<ChallengeImport>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let found = see_challenge(conn, &actor, &challenge)?.inspect(&actor)?;
            Ok(imports::of_challenge(conn, found.id)?)
        })
        .await
}

/// A challenge that came from the same source before.
struct Known {
    challenge: Challenge,
    bundle: Digest,
    phases: Vec<domain::Codename>,
}

fn find_known(conn: &mut Conn<'_>, actor: &Actor, source: &str) -> Outcome<Option<Known>> {
    let Some(import) = imports::find_by_source(conn, source)? else { return Ok(None) };
    let challenge = see_challenge(conn, actor, &import.challenge_id.to_string())?.manage(actor)?.0;
    let phases = phases::list(conn, challenge.id)?.into_iter().map(|phase| phase.codename).collect();
    Ok(Some(Known { challenge, bundle: import.bundle, phases }))
}

/// What upstream refuses, with its sentences: parts that disappear, and boards that change once they are relied on.
async fn refuse_what_may_not_change(app: &App, known: &Known, bundle: &ReadBundle) -> Outcome<()> {
    if known.challenge.state == ChallengeState::Archived {
        return Err(Failure::new(Code::StateConflict, "the challenge is archived"));
    }
    let earlier = app.annotations.read(known.bundle, MOST_BYTES).await?;
    let earlier = read_bundle(runtime(app), "the bundle as it came last", earlier, Door::WebPage).await?;
    let earlier = earlier.import.evalai.as_ref();
    let mut findings = Findings::default();
    if let (Some(evalai), Some(earlier)) = (&bundle.import.evalai, earlier) {
        let is_approved = known.challenge.state == ChallengeState::Published;
        findings.extend(KnownIds { is_approved, ..KnownIds::of(earlier) }.refuse(evalai));
    }
    for gone in &known.phases {
        if !bundle.plan.phases.iter().any(|phase| phase.draft.codename == *gone) {
            let message =
                format!("the phase {gone} is not in the bundle any more; a phase cannot be taken back");
            findings.fault(bundles::Fault::of_file("", message));
        }
    }
    if findings.is_usable() { Ok(()) } else { Err(refused(findings)) }
}

/// Puts the tables of every phase into the store and lets its evaluator judge them; nothing refers to them yet.
async fn store_phases(app: &App, bundle: &ReadBundle) -> Outcome<Vec<Vec<AnnotationsTable>>> {
    let mut stored = Vec::with_capacity(bundle.plan.phases.len());
    for phase in &bundle.plan.phases {
        rules::check(&app.evaluators, &phase.draft)?;
        let mut tables = Vec::with_capacity(phase.tables.len());
        for table in &phase.tables {
            let blob = app.annotations.put(table.bytes.clone()).await?;
            tables.push(AnnotationsTable {
                name: table.name.to_owned(),
                file_name: table.file_name.clone(),
                digest: blob.digest,
                size_bytes: blob.size,
            });
        }
        // The salt decides nothing here: no split of a bundle is drawn.
        let prepared = prepare_tables(app, Preparation::of_draft(&phase.draft, ""), &tables).await?;
        let metrics = rules::metric_specs(prepared.prepared.metrics());
        let unknown = rules::unknown_metrics(&phase.draft.ranking, &metrics);
        if !unknown.is_empty() {
            return Err(Failure::new(Code::BundleInvalid, "the bundle ranks by what it does not have")
                .with_errors(unknown));
        }
        stored.push(tables);
    }
    Ok(stored)
}

/// Makes the draft, under the first address that is free.
async fn begin(
    app: &App,
    actor: &Actor,
    person: UserId,
    bundle: &ReadBundle,
    source: String,
    digest: Digest,
) -> Outcome<(ChallengeId, Slug)> {
    let (now, id) = (app.now(), app.sources.new_id::<ChallengeId>());
    let draft = bundle.plan.challenge.clone();
    for number in 1..=MOST_SLUGS {
        let slug = numbered(&draft.slug, number)?;
        let draft = ChallengeDraft { slug: slug.clone(), ..draft.clone() };
        let import = ChallengeImport {
            challenge_id: id,
            source: source.clone(),
            origin: bundle.plan.origin.to_owned(),
            bundle: digest,
            // Known only to the end of an import that went through.
            parts: Json(ImportedParts::default()),
            imported_by: person,
            imported_at: now,
            updated_at: now,
        };
        let (actor, terms_id) = (actor.clone(), app.sources.new_id());
        let made = app.db.write(move |conn| {
            challenges::insert(conn, id, &draft, None, now)
                .map_err(|error| taken(error, "challenges_slug_key", "slug"))?;
            challenges::organizers::set(conn, id, person, ChallengeRole::Owner, now)?;
            let terms = terms::publish_if_changed(conn, terms_id, id, &draft.terms, now)?;
            imports::insert(conn, &import)?;
            let payload = [("slug", json!(draft.slug)), ("series", json!(null)), ("owner", json!(person))];
            let subject = format!("challenge:{id}");
            events::append(
                conn,
                event(&actor, now, EventKind::ChallengeCreated, subject, Some(id), payload),
            )?;
            terms::tell(conn, &actor, terms.as_ref())
        });
        match made.await {
            Ok(()) => return Ok((id, slug)),
            Err(failure) if failure.code == Code::SlugTaken && number < MOST_SLUGS => {}
            Err(failure) => return Err(failure),
        }
    }
    Err(Failure::new(Code::SlugTaken, "every address made of this title is taken"))
}

fn numbered(slug: &Slug, number: u32) -> Outcome<Slug> {
    if number == 1 {
        return Ok(slug.clone());
    }
    let stem: String = slug.as_str().chars().take(56).collect();
    Ok(Slug::parse(&format!("{}-{number}", stem.trim_end_matches(['-', '_'])))?)
}

/// Makes or changes a phase, and puts its program and its annotations in force.
async fn bring_phase(
    app: &App,
    actor: &Actor,
    challenge: &str,
    phase: &PlannedPhase,
    tables: Vec<AnnotationsTable>,
) -> Outcome<()> {
    let draft = phase.draft.clone();
    let codename = draft.codename.clone();
    let (asking, key, wanted) = (actor.clone(), challenge.to_owned(), codename.clone());
    let is_there = app
        .db
        .read(move |conn| {
            let challenge = see_challenge(conn, &asking, &key)?.manage(&asking)?.0;
            Ok::<_, Failure>(phases::find_by_codename(conn, challenge.id, &wanted)?.is_some())
        })
        .await?;
    if !is_there {
        // No bundle of another system says how its tasks frame what they count. Its organizers are not kept waiting for that:
        // the phase begins with what the software proposes, and the record says that nobody decided it.
        let evaluator = app.evaluators.get(&draft.evaluator);
        let framing = evaluator.map(|evaluator| Box::new(propose(evaluator.manifest())));
        create_phase(app, actor, challenge, PhaseDraft { framing, ..draft.clone() }, None).await?;
    }
    let change = PhaseChange {
        title: Some(draft.title),
        description: Some(draft.description),
        evaluator: Some(draft.evaluator),
        params: Some(draft.params),
        opens_at: Some(draft.opens_at),
        closes_at: Some(draft.closes_at),
        reason: Some("The bundle that the challenge was made from has changed.".to_owned()),
        quota: Some(draft.quota),
        limits: Some(draft.limits),
        ranking: Some(draft.ranking),
        final_choice: Some(draft.final_choice),
        attributes: Some(draft.attributes),
        splits: Some(draft.splits),
        leaderboard_public: Some(draft.leaderboard_public),
        ..PhaseChange::default()
    };
    update_phase_on(app, actor, challenge, codename.as_str(), change, Some(tables)).await
}

async fn finish(
    app: &App,
    actor: &Actor,
    id: ChallengeId,
    digest: Digest,
    parts: ImportedParts,
    solutions: Vec<(Codename, Vec<PlannedSolution>)>,
) -> Outcome<()> {
    let (now, actor, parts) = (app.now(), actor.clone(), Json(parts));
    app.db
        .write(move |conn| {
            imports::update(conn, id, digest, &parts, now)?;
            for (phase, solutions) in &solutions {
                let phase = phases::find_by_codename(conn, id, phase)?.ok_or_else(Failure::not_found)?;
                ask_for_solutions(conn, phase.id, solutions, now)?;
            }
            let payload = [("bundle", json!(digest)), ("phases", json!(parts.0.phases.len()))];
            let subject = format!("challenge:{id}");
            let told = event(&actor, now, EventKind::ChallengeImported, subject, Some(id), payload);
            Ok(events::append(conn, told)?)
        })
        .await
}
