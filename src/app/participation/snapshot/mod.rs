//! Snapshots: who takes part, as it stood at one moment, under pseudonyms that are good for one snapshot.
//!
//! A snapshot names its place in the event log and the digest of its records, and never changes.
//! A person who withdraws or is erased stays in the snapshots that were made, as a pseudonym that leads nowhere, and is in no later
//! export of them.

mod compose;
mod make;
mod production;
mod read;
mod tables;

pub use make::{MakeSnapshot, make_snapshot};
pub(super) use production::bound_datasets;
pub use read::{SnapshotOfChallenge, latest_of, latest_snapshot, list_snapshots, read_snapshot, read_tables};
pub(super) use tables::POLICY;

use domain::{ChallengeId, SnapshotId, UserId};
use research::disclosure::pseudonym::ExportKey;
use research::snapshot::{Records, Snapshot};
use storage::participation::people::Person;
use storage::participation::snapshots;
use storage::{Conn, challenges};

use crate::authority::{SeenChallenge, see_challenge};
use crate::failure::{Failure, Outcome};
use domain::Actor;

pub(super) use self::compose::{PersonKeys, who};

/// A snapshot that the actor may see, because they may see its challenge.
pub(super) fn see_snapshot(
    conn: &mut Conn<'_>,
    actor: &Actor,
    id: SnapshotId,
) -> Outcome<(SeenChallenge, snapshots::Snapshot)> {
    let snapshot = snapshots::find(conn, id)?.ok_or_else(Failure::not_found)?;
    let challenge = see_challenge(conn, actor, &snapshot.challenge.to_string())?;
    Ok((challenge, snapshot))
}

/// The records of a snapshot, checked against its digest.
pub(super) fn load(conn: &mut Conn<'_>, snapshot: &snapshots::Snapshot) -> Outcome<Snapshot> {
    let text = snapshots::records(conn, snapshot.id)?.ok_or_else(Failure::not_found)?;
    if domain::Digest::of(text.as_bytes()) != snapshot.digest {
        return Err(Failure::internal("a snapshot is not what its digest says"));
    }
    let records: Records = serde_json::from_str(&text).map_err(Failure::internal)?;
    checked(records)
}

/// Records that hold together; ours always do, or this is a fault of the server.
fn checked(records: Records) -> Outcome<Snapshot> {
    Snapshot::new(records).map_err(|faults| {
        let first = faults.first().map(ToString::to_string).unwrap_or_default();
        Failure::internal(format!("the records of a snapshot do not hold together: {first}"))
    })
}

/// The challenges that count people together with this one: those of its series.
fn neighbours(conn: &mut Conn<'_>, challenge: ChallengeId) -> Outcome<Vec<ChallengeId>> {
    let found = challenges::find(conn, challenge)?.ok_or_else(Failure::not_found)?;
    let Some(series) = found.series_id else { return Ok(vec![challenge]) };
    let mut all: Vec<ChallengeId> = storage::participation::records::challenges_of_series(conn, series)?
        .into_iter()
        .map(|one| one.id)
        .collect();
    if !all.contains(&challenge) {
        all.push(challenge);
    }
    Ok(all)
}

/// The challenges that a snapshot is of.
pub(super) fn scope_of(conn: &mut Conn<'_>, snapshot: &snapshots::Snapshot) -> Outcome<Vec<ChallengeId>> {
    if snapshot.whole_series { neighbours(conn, snapshot.challenge) } else { Ok(vec![snapshot.challenge]) }
}

/// What stands for people in a snapshot.
pub(super) fn person_keys(secret: &[u8], people: &[Person]) -> PersonKeys {
    PersonKeys::new(&key_of(secret), people)
}

fn key_of(secret: &[u8]) -> ExportKey {
    let mut bytes = [0; 32];
    let length = secret.len().min(32);
    bytes[..length].copy_from_slice(&secret[..length]);
    ExportKey::from_bytes(bytes)
}

/// Everybody of these people, each once, in the order of the ids.
fn each_once(mut users: Vec<UserId>) -> Vec<UserId> {
    users.sort_unstable();
    users.dedup();
    users
}
