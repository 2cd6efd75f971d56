//! Figures of a snapshot, as the tables behind them.

use domain::{Actor, SnapshotId};
pub use research::figures::Table;
use research::figures::lorenz_curves;

use super::snapshot::{load, see_snapshot};
use crate::App;
use crate::failure::{Failure, Outcome};

/// The fewest active teams of an edition whose curve is shown: as P1, which says the same in one number.
const LEAST_TEAMS: usize = 10;

/// The Lorenz curves of scored submissions over active teams: columns `edition`, `share_of_teams` and `share_of_submissions`.
pub async fn read_lorenz_curves(app: &App, actor: &Actor, id: SnapshotId) -> Outcome<Table> {
    let actor = actor.clone();
    let loaded = app
        .db
        .read(move |conn| {
            let (_, snapshot) = see_snapshot(conn, &actor, id)?;
            load(conn, &snapshot)
        })
        .await?;
    tokio::task::spawn_blocking(move || lorenz_curves(&loaded, LEAST_TEAMS)).await.map_err(Failure::internal)
}
