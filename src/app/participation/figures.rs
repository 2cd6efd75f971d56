//! Figures of a snapshot, drawn of what everybody may see of it.

use domain::{Actor, SnapshotId};
use research::disclosure::table::PublishedTable;
use research::figures::participation::Released;
pub use research::figures::{Drawn, Figure, Table};
use research::figures::{Provenance, RecordTables};
use storage::participation::snapshots::{self, Snapshot};

use super::measures::read_measures;
use super::snapshot::{POLICY, load, see_snapshot};
use crate::App;
use crate::failure::{Failure, Outcome};

/// The fewest active teams of an edition whose curve is shown: as P1, which says the same in one number.
const LEAST_TEAMS: usize = 10;

/// The figures of a snapshot.
pub const FIGURES: [Figure; 14] = Figure::ALL;

/// The published tables that a figure shows, and what people call them.
const TABLES: [(&str, &str); 2] =
    [("people_by_sector", "People by sector"), ("people_by_country", "People by country")];

/// The figure of a short name, if there is one.
pub fn figure_of_key(key: &str) -> Outcome<Figure> {
    Figure::of_key(key).ok_or_else(Failure::not_found)
}

/// Draws figures of a snapshot; they show what is released to everybody and nothing else.
pub async fn read_figures(
    app: &App,
    actor: &Actor,
    id: SnapshotId,
    wanted: &[Figure],
) -> Outcome<(Snapshot, Vec<Drawn>)> {
    let mut measures: Vec<String> = Vec::new();
    for id in wanted.iter().flat_map(|figure| figure.measures()) {
        if !measures.iter().any(|known| known == id) {
            measures.push((*id).to_owned());
        }
    }
    let (snapshot, released) = match measures.is_empty() {
        false => read_measures(app, actor, id, &measures).await?,
        true => {
            let asker = actor.clone();
            let found = app.db.read(move |conn| Ok::<_, Failure>(see_snapshot(conn, &asker, id)?.1)).await?;
            (found, Vec::new())
        }
    };
    let of = snapshot.clone();
    let (loaded, tables) = app
        .db
        .read(move |conn| Ok::<_, Failure>((load(conn, &of)?, snapshots::tables_of(conn, of.id)?)))
        .await?;
    let mut published: Vec<(&str, PublishedTable)> = Vec::new();
    for (code, name) in TABLES {
        let shown =
            tables.iter().find(|table| table.code == code).and_then(|table| table.contents.as_deref());
        if let Some(text) = shown {
            published.push((name, serde_json::from_str(text).map_err(Failure::internal)?));
        }
    }
    let provenance =
        Provenance { snapshot: snapshot.id.to_string(), as_of: snapshot.as_of.utc_date().to_string() };
    let wanted = wanted.to_vec();
    let drawn = tokio::task::spawn_blocking(move || {
        let records = RecordTables::of(&loaded, POLICY, LEAST_TEAMS);
        let values: Vec<_> = released.into_iter().filter_map(|one| one.value).collect();
        let released = Released { values: &values, records: &records, tables: &published };
        wanted.iter().map(|figure| figure.draw(&released, &provenance)).collect()
    })
    .await
    .map_err(Failure::internal)?;
    Ok((snapshot, drawn))
}
