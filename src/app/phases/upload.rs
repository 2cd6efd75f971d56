//! Organizers upload annotations: streamed into their store, judged by the evaluator, in force at once or not at all.

use bytes::Bytes;
use domain::event::{EventKind, NewEvent};
use domain::{Actor, AnnotationsId, ChallengeId, Digest, Invalid, Scope, UserId};
use sdk::fault::{Code as FaultCode, Fault, Faults};
use serde_json::json;
use storage::blobs::BlobWriter;
use storage::phases::{self, Annotations, AnnotationsTable};
use storage::types::Json;
use storage::{Blob, Conn, events};

use super::prepare::{self, ITEMS_TABLE, Plan, PreparedPhase, prepare_tables};
use super::rules;
use crate::App;
use crate::authority::{ManagedPhase, person, see_phase};
use crate::challenges::not_archived;
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::submissions::submit::parse_file_name;
use crate::trials::ask_for_environment;

/// An upload whose tables are arriving.
pub struct AnnotationsUpload<'a> {
    app: &'a App,
    actor: Actor,
    uploader: UserId,
    phase: ManagedPhase,
    plan: Plan,
    tables: Vec<AnnotationsTable>,
}

/// Opens an upload, if the actor may change the phase.
pub async fn begin_upload<'a>(
    app: &'a App,
    actor: &Actor,
    challenge: &str,
    phase: &str,
) -> Outcome<AnnotationsUpload<'a>> {
    let uploader = person(actor, Scope::Organize)?.user;
    let (asking, challenge, phase) = (actor.clone(), challenge.to_owned(), phase.to_owned());
    let (phase, plan) = app
        .db
        .read(move |conn| {
            let managed = see_phase(conn, &asking, &challenge, &phase)?.manage(&asking)?;
            not_archived(&managed.challenge)?;
            let splits = phases::splits_of(conn, managed.phase.id)?;
            let plan = Plan::of(&managed.phase, &splits);
            Ok::<_, Failure>((managed, plan))
        })
        .await?;
    Ok(AnnotationsUpload { app, actor: actor.clone(), uploader, phase, plan, tables: Vec::new() })
}

/// One table whose bytes are arriving.
pub struct TableUpload {
    name: String,
    file_name: String,
    writer: BlobWriter,
}

impl TableUpload {
    /// Takes the next bytes.
    pub async fn write(&mut self, piece: Bytes) -> Outcome<()> {
        Ok(self.writer.write(piece).await?)
    }
}

impl AnnotationsUpload<'_> {
    /// Begins a table, if the evaluator knows one of that name.
    pub async fn begin_table(&self, name: &str, file_name: &str) -> Outcome<TableUpload> {
        let manifest = rules::evaluator(&self.app.evaluators, &self.phase.phase.evaluator)?.manifest();
        let mut known: Vec<&str> = manifest.annotations.iter().map(|format| format.name.as_str()).collect();
        known.push(ITEMS_TABLE);
        if !known.contains(&name) {
            let expected = format!("one of {}", known.join(", "));
            let message = format!("{} has no table {name:?}", manifest.id);
            return Err(prepare::refused(&Faults::one(Fault::whole(
                FaultCode::UnknownField,
                message,
                expected,
                format!("{name:?}"),
            ))));
        }
        if self.tables.iter().any(|table| table.name == name) {
            return Err(Invalid::new(name, "must be sent once").into());
        }
        let writer = self.app.annotations.begin(self.app.settings.limits.upload_bytes);
        Ok(TableUpload { name: name.to_owned(), file_name: parse_file_name(file_name)?, writer })
    }

    /// The phase that it is for.
    pub(super) fn phase_id(&self) -> domain::PhaseId {
        self.phase.phase.id
    }

    /// Takes a table whose bytes are in the store already.
    pub(super) fn take_stored(&mut self, name: &str, file_name: String, blob: Blob) {
        let Blob { digest, size: size_bytes } = blob;
        self.tables.push(AnnotationsTable { name: name.to_owned(), file_name, digest, size_bytes });
    }

    /// Goes on with tables of an earlier version.
    pub(super) fn keep(&mut self, tables: impl IntoIterator<Item = AnnotationsTable>) {
        self.tables.extend(tables);
    }

    /// Takes a table whose last byte is here.
    pub async fn end_table(&mut self, table: TableUpload) -> Outcome<()> {
        let blob = table.writer.finish().await?;
        self.tables.push(AnnotationsTable {
            name: table.name,
            file_name: table.file_name,
            digest: blob.digest,
            size_bytes: blob.size,
        });
        Ok(())
    }

    /// Lets the evaluator judge the tables; if they are good they are the next version, in force from now on.
    pub async fn finish(
        mut self,
        note: String,
        key: Option<IdempotencyKey>,
    ) -> Outcome<Created<Annotations>> {
        if note.len() > 2_000 {
            return Err(Invalid::new("note", "must have at most 2000 bytes").into());
        }
        // One order for one set of tables, whatever the order of their arrival.
        self.tables.sort_by(|one, other| rank(one).cmp(&rank(other)));
        let app = self.app;
        let prepared = prepare_tables(app, self.plan.clone(), &self.tables).await?;
        let metrics = rules::metric_specs(prepared.prepared.metrics());
        let unknown = rules::unknown_metrics(&self.phase.phase.ranking.0, &metrics);
        if !unknown.is_empty() {
            return Err(prepare::refused_because(unknown, 0));
        }
        let id = app.sources.new_id::<AnnotationsId>();
        let mut new = describe(&prepared, id, self.phase.phase.id, self.tables, self.uploader, app.now());
        new.note = note;
        let key = key.map(|key| IdempotencyKey { body_digest: new.digest, ..key });
        let created = put_in_force(app, self.actor, self.phase, self.plan, new, key).await?;
        let found = created.into_inner();
        let found = app.db.read(move |conn| Ok::<_, Failure>(phases::annotations(conn, found)?)).await?;
        let found = found.ok_or_else(Failure::not_found)?;
        Ok(created.map(|_| found))
    }
}

fn rank(table: &AnnotationsTable) -> (bool, &str) {
    (table.name != sdk::Inputs::MAIN, &table.name)
}

/// A version as its row, still without its number.
pub(crate) fn describe(
    prepared: &PreparedPhase,
    id: AnnotationsId,
    phase: domain::PhaseId,
    tables: Vec<AnnotationsTable>,
    uploaded_by: UserId,
    now: domain::Timestamp,
) -> Annotations {
    let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    let named: Vec<String> =
        tables.iter().map(|table| format!("{} {}\n", table.name, table.digest)).collect();
    Annotations {
        id,
        phase_id: phase,
        version: 0,
        digest: Digest::of(named.concat().as_bytes()),
        tables: Json(tables),
        item_count: count(prepared.items.len()),
        group_count: count(prepared.items.group_names().len()),
        metrics: Json(rules::metric_specs(prepared.prepared.metrics())),
        note: String::new(),
        uploaded_by,
        created_at: now,
    }
}

async fn put_in_force(
    app: &App,
    actor: Actor,
    managed: ManagedPhase,
    plan: Plan,
    new: Annotations,
    key: Option<IdempotencyKey>,
) -> Outcome<Created<AnnotationsId>> {
    let (challenge, phase) = (managed.challenge.id, managed.phase.id);
    let request = key.map(|key| key.request(&actor, &format!("upload_annotations:{phase}")));
    let (id, now) = (new.id, new.created_at);
    create_once(app, request, id, now, move |conn| {
        phases::lock(conn, phase)?;
        let present = see_phase(conn, &actor, &challenge.to_string(), &phase.to_string())?.manage(&actor)?;
        let splits = phases::splits_of(conn, phase)?;
        if Plan::of(&present.phase, &splits) != plan {
            let detail = "the phase was changed while these annotations were judged; upload them again";
            return Err(Failure::new(Code::StateConflict, detail));
        }
        let version = add_version(conn, &new)?;
        Ok(events::append(conn, version_told(&actor, challenge, &new, version))?)
    })
    .await
}

/// The event of a version that was put in force.
pub(crate) fn version_told(
    actor: &Actor,
    challenge: ChallengeId,
    new: &Annotations,
    version: i32,
) -> NewEvent {
    let payload = [
        ("version", json!(version)),
        ("annotations", json!(new.id)),
        ("digest", json!(new.digest)),
        ("items", json!(new.item_count)),
        ("groups", json!(new.group_count)),
    ];
    let subject = format!("phase:{}", new.phase_id);
    event(actor, new.created_at, EventKind::AnnotationsUploaded, subject, Some(challenge), payload)
}

/// Writes the next version, inside a transaction that holds the phase's row; gives its number.
pub(crate) fn add_version(conn: &mut Conn<'_>, new: &Annotations) -> Outcome<i32> {
    let last = phases::annotations_in_force(conn, new.phase_id)?.map_or(0, |last| last.version);
    let numbered = Annotations { version: last + 1, ..new.clone() };
    phases::insert_annotations(conn, &numbered)?;
    phases::touch_boards(conn, new.phase_id)?;
    ask_for_environment(conn, &numbered)?;
    Ok(numbered.version)
}
