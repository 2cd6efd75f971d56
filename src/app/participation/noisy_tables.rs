//! Counts of people with noise: more often than a table can be suppressed, within a budget. Off unless the server's settings say so.

use domain::event::EventKind;
use domain::{Actor, Invalid, NoisyTableId, Scope, SnapshotId};
use research::disclosure::noise;
use serde_json::json;
use storage::events;
use storage::participation::noisy::{self, NUMBERED, NoisyTable};
use storage::types::Json;

use super::snapshot::{load, see_snapshot};
use crate::App;
use crate::authority::{person, see_challenge};
use crate::context::event;
use crate::failure::{Code, Failure, Outcome};
use crate::idempotency::{Created, IdempotencyKey, create_once};

/// A table with what has to stand beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct NoisyCounts {
    /// The table.
    pub table: NoisyTable,
    /// The standard deviation of the noise in every count.
    pub deviation: f64,
}

impl NoisyCounts {
    fn of(table: NoisyTable) -> Self {
        Self { deviation: noise::deviation(u32::try_from(table.epsilon_milli).unwrap_or(1)), table }
    }
}

/// Publishes the people of a snapshot's last edition, counted with noise; for who may change the challenge.
///
/// `epsilon` is what this takes of the year's budget of the table, which is 1.
pub async fn publish_noisy_table(
    app: &App,
    actor: &Actor,
    id: SnapshotId,
    code: &str,
    epsilon: f64,
    idempotency: Option<IdempotencyKey>,
) -> Outcome<Created<NoisyCounts>> {
    // Who may not publish learns nothing of what the server allows.
    let asking = actor.clone();
    app.db.read(move |conn| see_snapshot(conn, &asking, id)?.0.manage(&asking).map(|_| ())).await?;
    if !app.settings.research.noisy_tables {
        let detail =
            "this server publishes no tables with noise; its operator can let it: [research] noisy_tables";
        return Err(Failure::new(Code::StateConflict, detail));
    }
    let by = person(actor, Scope::Organize)?.user;
    let table = noise::NoisyTable::of_code(code).ok_or_else(|| {
        let all: Vec<&str> = noise::NoisyTable::ALL.map(noise::NoisyTable::code).to_vec();
        Invalid::new("table", format!("must be {}", all.join(" or ")))
    })?;
    let milli = (epsilon * 1000.0).round();
    if !(1.0..=f64::from(noise::BUDGET_MILLI)).contains(&milli) || (milli / 1000.0 - epsilon).abs() > 1e-9 {
        return Err(Invalid::new("epsilon", "must be 0.001 to 1, in thousandths").into());
    }
    let milli = milli as u32;
    let (now, made) = (app.now(), app.sources.new_id::<NoisyTableId>());
    let request = idempotency.map(|key| key.request(actor, &format!("publish_noisy_table:{id}")));
    let (actor, sources) = (actor.clone(), app.sources.clone());
    let created = create_once(app, request, made, now, move |conn| {
        let (seen, snapshot) = see_snapshot(conn, &actor, id)?;
        let challenge = seen.manage(&actor)?.0;
        let records = load(conn, &snapshot)?;
        let edition = records.editions.last();
        let edition =
            edition.ok_or_else(|| Failure::new(Code::StateConflict, "nobody is in the snapshot"))?;
        let year = i32::from(now.utc_date().year());
        let (count, spent) = noisy::spent(conn, challenge.id, table.code(), year)?;
        let left = i64::from(noise::BUDGET_MILLI) - spent;
        if i64::from(milli) > left {
            let left = left as f64 / 1000.0;
            let detail =
                format!("of this year's budget of the table {left} are left; the next year has a new one");
            return Err(Failure::new(Code::StateConflict, detail));
        }
        let mut draw = || u64::from_le_bytes(sources.random());
        let counts = table.blurred(&records, edition, milli, &mut draw);
        let new = NoisyTable {
            id: made,
            snapshot_id: id,
            challenge_id: challenge.id,
            code: table.code().to_owned(),
            year,
            release_number: i32::try_from(count + 1).unwrap_or(i32::MAX),
            epsilon_milli: i32::try_from(milli).unwrap_or(i32::MAX),
            contents: Json(json!({"edition": edition.id, "counts": counts})),
            made_by: by,
            made_at: now,
        };
        noisy::insert(conn, &new).map_err(|error| match error.conflicts_on(NUMBERED) {
            true => Failure::new(Code::StateConflict, "another one was published at this moment; try again"),
            false => error.into(),
        })?;
        let payload = [("table", json!(new.code)), ("epsilon", json!(epsilon))];
        let subject = format!("snapshot:{id}");
        let kind = EventKind::NoisyTablePublished;
        Ok(events::append(conn, event(&actor, now, kind, subject, Some(challenge.id), payload))?)
    })
    .await?;
    let kept = created.into_inner();
    let found = app.db.read(move |conn| Ok::<_, Failure>(noisy::find(conn, kept)?)).await?;
    let found = found.ok_or_else(Failure::not_found)?;
    Ok(created.map(|_| NoisyCounts::of(found)))
}

/// The tables of a challenge that were published with noise, newest first.
pub async fn list_noisy_tables(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<NoisyCounts>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            let found = noisy::of_challenge(conn, seen.id)?;
            Ok(found.into_iter().map(NoisyCounts::of).collect())
        })
        .await
}
