//! Somebody keeps the records of who takes part as they stood at a moment.

use domain::event::{EventKind, GENESIS, canonical_json};
use domain::{Actor, ChallengeId, Digest, Invalid, Scope, SiteRole, SnapshotId, Timestamp};
use research::disclosure::PublicTable;
use research::snapshot::Records;
use serde_json::json;
use storage::challenges::Challenge;
use storage::participation::{records, snapshots};
use storage::{Conn, events};

use super::{checked, compose, key_of, neighbours, tables};
use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};
use crate::participation::ensure_people;

/// What the snapshot is to be of.
#[derive(Debug, Clone)]
pub struct MakeSnapshot {
    /// The challenge, by id or short name.
    pub challenge: String,
    /// Whether all editions of its series are in it.
    pub whole_series: bool,
    /// The moment; the present one where none is named.
    pub as_of: Option<Timestamp>,
}

/// Makes a snapshot and publishes its tables; for organizers of the challenge and researchers. A request that was sent before
/// has made one already.
///
/// Of a challenge in a series tables are published of the whole series alone: one edition could be subtracted from all.
pub async fn make_snapshot(
    app: &App,
    actor: &Actor,
    input: MakeSnapshot,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<snapshots::Snapshot>> {
    let action = format!("make_snapshot:{}", input.challenge);
    let request = idempotency.map(|key| key.request(actor, &action));
    let (now, seed, secret) = (app.now(), app.sources.random(), app.sources.random::<32>());
    let as_of = input.as_of.unwrap_or(now);
    if as_of > now {
        return Err(Invalid::new("as_of", "must not be in the future").into());
    }
    let asker = actor.clone();
    let wanted = input.clone();
    let (challenge, scope) = app
        .db
        .write(move |conn| {
            let found = scope(conn, &asker, &wanted)?;
            let ids: Vec<ChallengeId> = found.1.iter().map(|one| one.id).collect();
            let users = compose::who(conn, &ids, as_of)?;
            ensure_people(conn, &users, &seed)?;
            Ok::<_, Failure>(found)
        })
        .await?;
    let in_series = challenge.series_id.is_some();
    let (composed, last, before) = app
        .db
        .read(move |conn| {
            let composed = compose::compose(conn, &scope, as_of, &key_of(&secret))?;
            let near = neighbours(conn, challenge.id)?;
            let mut before = Vec::new();
            for table in PublicTable::ALL {
                before.push((table, snapshots::shown_before(conn, &near, &tables::code(table)?)?));
            }
            Ok::<_, Failure>((composed, records::last_event(conn, as_of)?, before))
        })
        .await?;
    let (event_seq, event_hash) = last.unwrap_or((0, GENESIS));
    let id: SnapshotId = app.sources.new_id();
    let publishes = input.whole_series || !in_series;
    let (text, published) = tokio::task::spawn_blocking(move || {
        let text = write(&composed)?;
        let snapshot = checked(composed)?;
        let mut published = Vec::new();
        for (table, before) in before.into_iter().filter(|_| publishes) {
            published.push(tables::tabulate(table, &snapshot, before.as_deref(), (id, now))?);
        }
        Ok::<_, Failure>((text, published))
    })
    .await
    .map_err(Failure::internal)??;
    let user = person(actor, Scope::Read)?.user;
    let made = snapshots::Snapshot {
        id,
        challenge: challenge.id,
        whole_series: input.whole_series,
        as_of,
        event_seq,
        event_hash,
        digest: Digest::of(text.as_bytes()),
        secret: secret.to_vec(),
        made_by: user,
        made_at: now,
    };
    let actor = actor.clone();
    let made = create_once(app, request, id, now, move |conn| {
        snapshots::insert(conn, &made, &text)?;
        for table in &published {
            snapshots::publish_table(conn, table)?;
        }
        let shown = published.iter().filter(|table| table.contents.is_some()).count();
        let payload = [
            ("digest", json!(made.digest)),
            ("as_of", json!(as_of)),
            ("event_seq", json!(event_seq)),
            ("event_hash", json!(event_hash)),
            ("whole_series", json!(made.whole_series)),
            ("tables_published", json!(shown)),
            ("tables_withheld", json!(published.len() - shown)),
        ];
        let subject = format!("snapshot:{id}");
        let told = event(&actor, now, EventKind::SnapshotMade, subject, Some(made.challenge), payload);
        Ok(events::append(conn, told)?)
    })
    .await?;
    let kept = made.into_inner();
    let snapshot = app.db.read(move |conn| Ok::<_, Failure>(snapshots::find(conn, kept)?)).await?;
    let snapshot = snapshot.ok_or_else(Failure::not_found)?;
    Ok(made.map(|_| snapshot))
}

/// The challenge that was asked for, if the actor may study it, and all that the snapshot is to be of.
fn scope(conn: &mut Conn<'_>, actor: &Actor, input: &MakeSnapshot) -> Outcome<(Challenge, Vec<Challenge>)> {
    let seen = see_challenge(conn, actor, &input.challenge)?;
    let asker = person(actor, Scope::Read)?;
    let challenge = seen.challenge.clone();
    if asker.site_role == SiteRole::Member {
        seen.manage(actor)?;
    }
    if !input.whole_series {
        return Ok((challenge.clone(), vec![challenge]));
    }
    let series = challenge.series_id.ok_or_else(|| {
        Failure::from(Invalid::new("whole_series", "must be false: the challenge is in no series"))
    })?;
    let all = records::challenges_of_series(conn, series)?;
    if all.is_empty() {
        return Err(Failure::new(Code::StateConflict, "no challenge of the series is published yet"));
    }
    Ok((challenge, all))
}

fn write(records: &Records) -> Outcome<String> {
    Ok(canonical_json(&serde_json::to_value(records).map_err(Failure::internal)?))
}
