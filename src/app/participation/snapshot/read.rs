//! Snapshots as everybody sees them: of when they are and what they are called, and the tables that may be shown.

use domain::{Actor, SnapshotId};
use storage::participation::snapshots::{self, PublishedTable, Snapshot};

use super::see_snapshot;
use crate::App;
use crate::authority::see_challenge;
use crate::failure::{Failure, Outcome};

/// A snapshot with the short name of its challenge.
#[derive(Debug, Clone)]
pub struct SnapshotOfChallenge {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// The challenge.
    pub challenge: domain::Slug,
}

/// The snapshots of a challenge, newest first.
pub async fn list_snapshots(app: &App, actor: &Actor, challenge: &str) -> Outcome<Vec<Snapshot>> {
    let (actor, challenge) = (actor.clone(), challenge.to_owned());
    app.db
        .read(move |conn| {
            let seen = see_challenge(conn, &actor, &challenge)?.challenge;
            Ok(snapshots::of_challenge(conn, seen.id)?)
        })
        .await
}

/// The snapshot that the page of a challenge shows: the newest, of the whole series where there is one.
pub async fn latest_snapshot(app: &App, actor: &Actor, challenge: &str) -> Outcome<Option<Snapshot>> {
    Ok(latest_of(&list_snapshots(app, actor, challenge).await?).cloned())
}

/// The same of a list, newest first.
pub fn latest_of(all: &[Snapshot]) -> Option<&Snapshot> {
    all.iter().find(|snapshot| snapshot.whole_series).or(all.first())
}

/// One snapshot.
pub async fn read_snapshot(app: &App, actor: &Actor, id: SnapshotId) -> Outcome<SnapshotOfChallenge> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let (seen, snapshot) = see_snapshot(conn, &actor, id)?;
            Ok::<_, Failure>(SnapshotOfChallenge { snapshot, challenge: seen.challenge.slug })
        })
        .await
}

/// The tables of a snapshot: each as it was published, or why it is withheld.
pub async fn read_tables(app: &App, actor: &Actor, id: SnapshotId) -> Outcome<Vec<PublishedTable>> {
    let actor = actor.clone();
    app.db
        .read(move |conn| {
            let (_, snapshot) = see_snapshot(conn, &actor, id)?;
            Ok::<_, Failure>(snapshots::tables_of(conn, snapshot.id)?)
        })
        .await
}
